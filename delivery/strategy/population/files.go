package population

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"sanad/platform/fault"
)

// Written tells what a population's folder holds.
type Written struct {
	Files      []string // the branches' lists, the most populous branch first
	Persons    int      // records
	Households int
	Repeated   int // records that repeat another
	Rings      int
}

// Write fills a folder with at least so many persons: lists/ as branches send
// them, members.csv and households.csv for sanad evaluate, and truth/ with who is
// who. Everything is written as it is drawn; what is kept in memory meanwhile is
// where each household stands, some eight bytes.
func (s *Settings) Write(ctx context.Context, persons int, folder string) (done Written, err error) {
	w := &writer{Settings: s, folder: folder}
	defer func() { err = errors.Join(err, w.close()) }()
	if err := w.open(); err != nil {
		return done, err
	}
	if err := Each(ctx, s, persons, w.household); err != nil {
		return done, err
	}
	w.pairs()
	for i := range w.lists {
		if l := &w.lists[i]; l.households > 0 {
			done.Files = append(done.Files, l.path)
		}
	}
	done.Persons, done.Households, done.Repeated, done.Rings = w.persons, w.households, len(w.repeats), s.Rings
	return done, w.readme(done)
}

// list is one branch's list under way.
type list struct {
	out
	code       string
	rows       int // written, the heading included
	households int
}

// out is a file under way.
type out struct {
	path string
	file *os.File
	*bufio.Writer
}

func (o *out) open(path string) (err error) {
	o.path = path
	if o.file, err = os.Create(path); err != nil {
		return fault.Invalid("population.cannot_write", "path", path).Because(err)
	}
	o.Writer = bufio.NewWriterSize(o.file, 1<<17)
	return nil
}

func (o *out) close() error {
	if o.file == nil {
		return nil
	}
	err := errors.Join(o.Flush(), o.file.Close())
	o.file = nil
	return err
}

// stood is where a record stands.
type stood struct {
	human int64
	row   uint32
	list  uint8
	kind  Kind
}

type writer struct {
	*Settings
	folder              string
	lists               []list
	byCode              map[string]int
	truth, pairsOut     out
	negatives, ringsOut out
	members, house      out
	starts              []stood // by household: where its first record stands
	repeats             []stood
	persons, households int
	buffer              []byte
	said                []said
}

func (w *writer) open() error {
	for _, folder := range []string{"lists", "truth"} {
		if err := os.MkdirAll(filepath.Join(w.folder, folder), 0o755); err != nil {
			return fault.Invalid("population.cannot_write", "path", w.folder).Because(err)
		}
	}
	w.byCode = map[string]int{}
	for i := range w.places {
		w.byCode[w.places[i].code] = i
		w.lists = append(w.lists, list{code: w.places[i].code})
	}
	for _, o := range []struct {
		out           *out
		name, heading string
	}{
		{&w.truth, "truth/truth.csv", "file,row,kind,file_no,person_id,household_id,cluster_type,cluster_id,tags,noise"},
		{&w.pairsOut, "truth/truth_pairs.csv", "file_a,row_a,file_b,row_b,person_id,type"},
		{&w.negatives, "truth/hard_negatives.csv", "file_a,row_a,file_b,row_b,type"},
		{&w.ringsOut, "truth/rings.csv", "ring,kind,file,file_no,clerk,entered"},
		{&w.members, "members.csv", strings.Join(append(memberColumns, memberDeclared...), ",")},
		{&w.house, "households.csv", strings.Join(append(householdColumns, householdDeclared...), ",")},
	} {
		if err := o.out.open(filepath.Join(w.folder, o.name)); err != nil {
			return err
		}
		o.out.WriteString(o.heading + "\n")
	}
	return nil
}

func (w *writer) close() (err error) {
	for _, o := range []*out{&w.truth, &w.pairsOut, &w.negatives, &w.ringsOut, &w.members, &w.house} {
		err = errors.Join(err, o.close())
	}
	for i := range w.lists {
		err = errors.Join(err, w.lists[i].close())
	}
	return err
}

// household writes one household into its branch's list and the other files.
func (w *writer) household(h *Household) error {
	n := w.byCode[h.Branch]
	l := &w.lists[n]
	if l.file == nil {
		if err := l.open(filepath.Join(w.folder, "lists", l.code+".csv")); err != nil {
			return err
		}
		l.WriteString(strings.Join(Heading, ",") + "\n")
		l.rows = 1
	}
	l.households++
	if h.Kind != Ghosts {
		w.starts = append(w.starts, stood{row: uint32(l.rows), list: uint8(n)})
	}
	w.buffer = w.AppendRows(w.buffer[:0], h, l.households)
	l.Write(w.buffer)
	w.facts(h)
	if h.Ring > 0 {
		fmt.Fprintf(w.ringsOut, "%d,%s,%s.csv,%d,%s,%s\n", h.Ring, h.RingKind, l.code, l.households, h.Clerk, h.Entered)
	}
	w.who(h, n, l)
	l.rows += len(h.Members)
	w.persons += len(h.Members)
	w.households++
	return nil
}

// who writes the truth about a household's records.
func (w *writer) who(h *Household, n int, l *list) {
	b := w.buffer[:0]
	for i := range h.Members {
		m := &h.Members[i]
		row := l.rows + i + 1
		b = fmt.Appendf(b, "%s.csv,%d,person,%d,P%d,H%d,", l.code, row, l.households, m.Human, m.Human/blockSize)
		repeats := h.Kind != Ghosts && int(m.Human/blockSize) != h.Index
		tags := ""
		switch {
		case h.Ring > 0:
			b = fmt.Appendf(b, "ghost_ring,R%d", h.Ring)
			tags = "ring|" + h.RingKind
		case repeats:
			b = fmt.Appendf(b, "%s,P%d", h.Kind, m.Human)
			w.repeats = append(w.repeats, stood{m.Human, uint32(row), uint8(n), h.Kind})
		default:
			b = append(b, "single,"...)
		}
		if twin := i > 0 && !repeats && h.Members[i-1].Born == m.Born && h.Members[i-1].Role != "head"; twin {
			tags = "twin"
			fmt.Fprintf(w.negatives, "%s.csv,%d,%s.csv,%d,twin\n", l.code, row-1, l.code, row)
		}
		if other := int(m.Like / blockSize); m.Like > 0 && !repeats && other < len(w.starts) {
			tags = "namesake"
			at := w.starts[other]
			fmt.Fprintf(w.negatives, "%s.csv,%d,%s.csv,%d,namesake\n", w.lists[at.list].code, at.row+uint32(m.Like%blockSize)+1, l.code, row)
		}
		b = append(append(append(append(append(b, ','), tags...), ','), m.Errors.String()...), '\n')
	}
	w.truth.Write(b)
	w.buffer = b
}

// pairs writes every two records of one human.
func (w *writer) pairs() {
	slices.SortStableFunc(w.repeats, func(a, b stood) int { return cmp.Compare(a.human, b.human) })
	for i := range w.repeats {
		r := w.repeats[i]
		if first := int(r.human / blockSize); first < len(w.starts) {
			at := w.starts[first]
			at.row += uint32(r.human%blockSize) + 1
			w.pair(at, r)
		}
		for k := i - 1; k >= 0 && w.repeats[k].human == r.human; k-- {
			w.pair(w.repeats[k], r)
		}
	}
}

func (w *writer) pair(a, b stood) {
	fmt.Fprintf(w.pairsOut, "%s.csv,%d,%s.csv,%d,P%d,%s\n", w.lists[a.list].code, a.row, w.lists[b.list].code, b.row, b.human, b.kind)
}

func (w *writer) readme(done Written) error {
	text := fmt.Sprintf("# %s: invented\n\nNobody in these files is real. Drawn by `sanad synth` with seed %d for %s: %d records in %d households, of which %d repeat\n"+
		"another record; %d planted rings. Serials of national numbers lie at the top of their range (9xxxxx), banks have codes 9xx.\n\n"+
		"- `lists/`: a branch's list each, as `sanad import` takes them\n- `members.csv`, `households.csv`: facts by name, as `sanad evaluate` takes them\n"+
		"- `truth/truth.csv`: who each record is; rows count from 1, the heading included\n- `truth/truth_pairs.csv`: every two records of one human\n"+
		"- `truth/hard_negatives.csv`: twins and namesakes, who are two\n- `truth/rings.csv`: planted rings\n",
		w.Name.English, w.Seed, w.Day, done.Persons, done.Households, done.Repeated, done.Rings)
	if err := os.WriteFile(filepath.Join(w.folder, "README.md"), []byte(text), 0o644); err != nil {
		return fault.Invalid("population.cannot_write", "path", w.folder).Because(err)
	}
	return nil
}

// The columns of the files for evaluation; facts carry the names under which
// rules read them.
var (
	householdColumns = []string{"household", "housing", "displacement"}
	memberColumns    = []string{"household", "member", "role", "sex", "birth_date", "death_date", "abroad_since", "marital_status", "citizenship",
		"wage", "contributory_pension", "survivors_pension", "basic_pension", "allowance", "stipend", "has_national_number", "has_account", "disability"}

	householdDeclared = []string{"tenure", "monthly_rent", "rooms", "displaced_since", "zone", "flood_damage", "owns_car"}
	memberDeclared    = []string{"wage_income", "pension_income", "business_income", "rent_income", "other_income", "disability_degree",
		"disability_certificate", "disability_certificate_until", "needs_constant_care", "in_institution", "unable_to_work", "breadwinner",
		"chronic_illness", "contribution_years"}
)

// facts writes a household's facts by name. What nobody said stays empty.
func (w *writer) facts(h *Household) {
	number := func(b []byte, n int) []byte { return append(strconv.AppendInt(b, int64(n), 10), ',') }
	word := func(b []byte, text string) []byte { return append(append(b, text...), ',') }
	truth := func(b []byte, yes bool) []byte {
		if yes {
			return append(b, "yes,"...)
		}
		return append(b, "no,"...)
	}
	b := w.buffer[:0]
	b = word(number(b, h.Index), h.Housing)
	b = append(append(b, h.Displacement...), ',')
	b = w.further(b, householdDeclared, w.declaredOfHousehold(h, w.said[:0]))
	w.house.Write(b)
	b = b[:0]
	for i := range h.Members {
		m := &h.Members[i]
		sex := "male"
		if m.Female {
			sex = "female"
		}
		b = word(word(number(number(b, h.Index), i+1), m.Role), sex)
		b = append(appendDate(b, m.Born), ',')
		b = append(appendDate(b, m.Died), ',')
		b = append(appendDate(b, m.Abroad), ',')
		b = word(word(b, m.Marital), m.citizenship())
		b = truth(truth(b, m.Salaried && m.Job != "pensioner"), m.Job == "pensioner")
		b = truth(truth(truth(truth(b, false), false), false), false) // no other pension or regular payment
		b = truth(truth(b, m.Number != 0), m.Account != 0)
		b = word(b, m.Disability)
		b = w.further(b, memberDeclared, w.declared(h, m, w.said[:0]))
	}
	w.members.Write(b)
	w.buffer = b
}

// further writes the facts that the country declares, a cell a column.
func (w *writer) further(b []byte, columns []string, all []said) []byte {
	for i, name := range columns {
		for _, f := range all {
			if string(f.name) == name {
				b = appendFact(b, f)
			}
		}
		if i+1 < len(columns) {
			b = append(b, ',')
		}
	}
	w.said = all
	return append(b, '\n')
}

// citizenship is the registry's code.
func (m *Person) citizenship() string {
	switch m.Country {
	case "":
		return "libyan"
	case "undetermined":
		return m.Country
	}
	return "foreign"
}
