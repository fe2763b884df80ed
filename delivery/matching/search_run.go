package matching

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"time"

	"sanad/delivery/matching/linkage"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// ModelFile is the country's model for finding persons who stand in the registry
// twice.
const ModelFile = "matching/person.yaml"

var runTable = &store.Table{Name: "match_runs", Class: store.Local, Key: []string{"run"},
	Columns: []string{"run", "model", "arrival", "persons", "compared", "weights", "began", "ended"}}

// PersonModel reads the country's model. Its columns are facts of persons, and
// "household".
func PersonModel(pack fs.FS) (*linkage.Model, error) {
	file, err := pack.Open(ModelFile)
	if err != nil {
		return nil, fault.NotFound("matching.no_model", "file", ModelFile).Because(err)
	}
	defer file.Close() //nolint:errcheck // only read
	model, err := linkage.ReadModel(file, ModelFile)
	if err != nil {
		return nil, err
	}
	var problems []error
	for _, f := range model.Fields {
		d := registry.Define(registry.Name(f.Column))
		if f.Column != fatherNumber && (d == nil || d.Household) {
			problems = append(problems, fault.Invalid("matching.model_fact", "file", ModelFile, "column", f.Column))
		}
	}
	return model, errors.Join(problems...)
}

// fatherNumber is the national number of the father, where he is a member of the
// same household; it is the one column that is no fact of the person.
const fatherNumber = "father_number"

// Searched is what a search for duplicates did.
type Searched struct {
	Persons  int
	Changed  int // persons of households that changed since the last search; all, where it was none
	Matches  int // that stand now
	Report   linkage.Report
	Began    time.Time
	Estimate []byte
}

// population is everybody who is compared.
type population struct {
	engine  *linkage.Engine
	model   *linkage.Model
	persons []id.ID
	fresh   []bool
	last    lastRun
	arrival int64
	apart   map[[2]id.ID]bool // whom a person told apart
	began   time.Time
}

// lastRun is the search before this one, with the same model.
type lastRun struct {
	model   string
	began   int64
	weights string
}

// Search looks for persons who stand in the registry twice, anew or, where the
// model is the same as last time, among those whose households changed since,
// against all. What it finds it keeps as matches; it links nobody. It needs
// access.LinkIdentity over the country.
func Search(ctx context.Context, j *journal.Journal, who store.Session, model *linkage.Model, anew bool) (Searched, error) {
	p := &population{model: model}
	err := j.Read(ctx, who, func(tx *store.Tx) error {
		if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
			return err
		}
		return p.read(tx, anew)
	})
	if err != nil {
		return Searched{}, err
	}
	done := Searched{Persons: len(p.persons), Changed: p.changed(), Began: p.began}
	result := p.engine.Link()
	done.Report = result.Report
	if done.Estimate, err = p.engine.Estimate(); err != nil {
		return done, err
	}
	return done, p.keep(ctx, j, who, &done, p.open(result.Pairs))
}

// read takes everybody in.
func (p *population) read(tx *store.Tx, anew bool) (err error) {
	p.began, p.apart = tx.Now, map[[2]id.ID]bool{}
	if err := EachToldApart(tx, func(a, b id.ID) error { p.apart[[2]id.ID{a, b}] = true; return nil }); err != nil {
		return err
	}
	if p.arrival, _, err = store.One(tx, (*store.Row).Int, "SELECT max(arrival) FROM journal"); err != nil {
		return err
	}
	last, found, err := store.One(tx, func(r *store.Row) lastRun { return lastRun{r.Text(), r.Int(), r.Text()} },
		"SELECT model, began, weights FROM match_runs ORDER BY ended DESC, run DESC LIMIT 1")
	if err != nil {
		return err
	}
	changed := map[id.ID]bool{}
	incremental := found && !anew && last.model == p.model.Digest()
	if incremental {
		err = tx.Each(func(r *store.Row) error { changed[r.ID()] = true; return r.Err() }, "SELECT household FROM sheets WHERE known >= $1", last.began)
		if err != nil {
			return err
		}
	}
	if p.engine, err = linkage.New(p.model); err != nil {
		return err
	}
	if err := p.readSheets(tx, changed); err != nil {
		return err
	}
	p.last = last
	if !incremental || !p.engine.Reuse([]byte(last.weights), func(row int) bool { return p.fresh[row] }) {
		p.fresh = nil
	}
	return nil
}

// open leaves out the pairs that a person told apart: they are not asked again.
func (p *population) open(pairs []linkage.Pair) []linkage.Pair {
	return slices.DeleteFunc(pairs, func(pair linkage.Pair) bool {
		m := p.match(&pair)
		return p.apart[[2]id.ID{m.A, m.B}]
	})
}

func (p *population) readSheets(tx *store.Tx, changed map[id.ID]bool) error {
	var decoder registry.Decoder
	values := make([]string, len(p.model.Fields))
	return journal.EachSheet(tx, time.Time{}, func(s journal.Sheet) error {
		sheet, err := decoder.Decode(s.Household, s.Version, s.Plain)
		if err != nil {
			return err
		}
		home := string(sheet.Household[:])
		for i := range sheet.Members {
			for f := range p.model.Fields {
				values[f] = factText(sheet, &sheet.Members[i], p.model.Fields[f].Column)
			}
			p.engine.Add(values, home)
			p.persons, p.fresh = append(p.persons, sheet.Members[i].Person), append(p.fresh, changed[sheet.Household])
		}
		return nil
	})
}

// factText is a fact as text that a comparison reads.
func factText(s *registry.Sheet, m *registry.Member, column string) string {
	if column == fatherNumber {
		father, _ := s.Now(m.Facts, registry.Father)
		if m = s.Member(father.Value.Person); m == nil {
			return ""
		}
		column = string(registry.NationalNumberFact)
	}
	fact, found := s.Now(m.Facts, registry.Name(column))
	switch {
	case !found:
		return ""
	case fact.Value.Text != "":
		return fact.Value.Text
	}
	return fact.Value.Date.String()
}

func (p *population) changed() int {
	if p.fresh == nil {
		return len(p.persons)
	}
	n := 0
	for _, fresh := range p.fresh {
		if fresh {
			n++
		}
	}
	return n
}

// Weights learns from the registry as it is, keeps nothing, and returns the
// report, with the bits of the last search's estimate by comparison and level
// (divided by a tab). It needs access.LinkIdentity over the country.
func Weights(ctx context.Context, j *journal.Journal, who store.Session, model *linkage.Model) (linkage.Report, map[string]int64, error) {
	p := &population{model: model}
	err := j.Read(ctx, who, func(tx *store.Tx) error {
		if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
			return err
		}
		return p.read(tx, true)
	})
	if err != nil {
		return linkage.Report{}, nil, err
	}
	report := p.engine.Link().Report
	before := map[string]int64{}
	if p.last.model == model.Digest() {
		before = linkage.Bits(report, []byte(p.last.weights))
	}
	return report, before, nil
}
