package geography

import (
	"cmp"
	"encoding/csv"
	"io/fs"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

// The files of a country that Load reads.
const (
	AreasFile  = "areas.csv"
	BodiesFile = "bodies.yaml"
)

// Load brings areas and bodies to what a country's files say and records what
// changed, as one event of the reference stream; files that were loaded before
// record nothing. The caller holds the right to change reference data.
//
// A line that does not hold together refuses the whole file
// ("geography.bad_line" names it): a half-loaded country serves nobody.
func Load(tx *store.Tx, country fs.FS) error {
	areas, err := readAreas(country)
	if err != nil {
		return err
	}
	bodies, err := readBodies(country, areas)
	if err != nil {
		return err
	}
	event, err := difference(tx, areas, bodies)
	if err != nil || event.empty() {
		return err
	}
	tx.SetValue(mapsKey{}, nil) // maps read before are old now
	return journal.Record(tx, event)
}

// difference returns the event that leads from what is stored to what was read.
func difference(tx *store.Tx, areas []Area, bodies []Body) (Loaded, error) {
	oldAreas, err := storedAreas(tx)
	if err != nil {
		return Loaded{}, err
	}
	oldBodies, err := storedBodies(tx)
	if err != nil {
		return Loaded{}, err
	}
	var e Loaded
	e.Areas, e.GoneAreas = compare(oldAreas, areas, func(a Area) Period { return Period{a.Code, a.From} })
	e.Bodies, e.GoneBodies = compare(oldBodies, bodies, func(b Body) Period { return Period{b.Code, b.From} })
	return e, nil
}

// compare returns the rows of now that are new or differ, and the keys of those
// that are no longer there.
func compare[T any](before, now []T, key func(T) Period) (changed []T, gone []Period) {
	was := map[Period]T{}
	for _, row := range before {
		was[key(row)] = row
	}
	for _, row := range now {
		if old, ok := was[key(row)]; !ok || !reflect.DeepEqual(old, row) {
			changed = append(changed, row)
		}
		delete(was, key(row))
	}
	for k := range was {
		gone = append(gone, k)
	}
	slices.SortFunc(gone, func(a, b Period) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.From, b.From))
	})
	return changed, gone
}

var areaColumns = []string{"code", "kind", "parent", "name_ar", "name_en", "also", "from", "to"}

func readAreas(country fs.FS) ([]Area, error) {
	file, err := country.Open(AreasFile)
	if err != nil {
		return nil, fault.NotFound("geography.no_file", "file", AreasFile).Because(err)
	}
	defer file.Close()
	reader := csv.NewReader(file)
	rows, err := reader.ReadAll()
	if err != nil || len(rows) == 0 || !slices.Equal(rows[0], areaColumns) {
		return nil, fault.Invalid("geography.bad_header", "file", AreasFile, "columns", strings.Join(areaColumns, ",")).Because(err)
	}
	var areas []Area
	for n, row := range rows[1:] {
		a := Area{Code: row[0], Kind: Kind(row[1]), Parent: row[2], NameAr: row[3], NameEn: row[4], Also: spellings(row[5])}
		if a.From, a.To, err = period(row[6], row[7]); err == nil {
			err = a.check()
		}
		if err != nil {
			return nil, badLine(AreasFile, n+2, err)
		}
		areas = append(areas, a)
	}
	return areas, checkAreas(areas)
}

func spellings(cell string) []string {
	if cell == "" {
		return nil
	}
	return strings.Split(cell, "|")
}

// period reads the two ends of a time; both are days or open.
func period(from, to string) (f, t calendar.Date, err error) {
	if f, err = calendar.Parse(from); err != nil {
		return f, t, err
	}
	if t, err = calendar.Parse(to); err != nil {
		return f, t, err
	}
	for _, d := range []calendar.Date{f, t} {
		if d != calendar.Unknown && d.Precision() != calendar.PrecisionDay {
			return f, t, fault.Invalid("geography.bad_period")
		}
	}
	if t != calendar.Unknown && t <= f {
		return f, t, fault.Invalid("geography.bad_period")
	}
	return f, t, nil
}

func (a Area) check() error {
	level := slices.Index(areaKinds, a.Kind)
	switch {
	case !wellFormed(a.Code) || level < 0 || len(a.Code) != 2*(level+1):
		return fault.Invalid("geography.bad_code", "code", a.Code)
	case a.Parent != parentOf(a.Code):
		return fault.Invalid("geography.bad_parent", "code", a.Code, "parent", parentOf(a.Code))
	case strings.TrimSpace(a.NameAr) == "" || strings.TrimSpace(a.NameEn) == "":
		return fault.Invalid("geography.no_name", "code", a.Code)
	}
	return nil
}

// checkAreas refuses what no single line shows: a parent that is not there, and
// one code standing for two areas at a time.
func checkAreas(areas []Area) error {
	slices.SortFunc(areas, func(a, b Area) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.From, b.From))
	})
	known := map[string]bool{"": true}
	for i, a := range areas {
		known[a.Code] = true
		if !known[a.Parent] {
			return fault.Invalid("geography.bad_parent", "code", a.Code, "parent", a.Parent)
		}
		if i > 0 && areas[i-1].Code == a.Code && (areas[i-1].To == calendar.Unknown || a.From < areas[i-1].To) {
			return fault.Invalid("geography.twice", "code", a.Code)
		}
	}
	return nil
}

// bodyLine is a body as the file writes it.
type bodyLine struct {
	Code   string         `yaml:"code"`
	Kind   Kind           `yaml:"kind"`
	Parent string         `yaml:"parent"`
	Name   text.Bilingual `yaml:"name"`
	Also   []string       `yaml:"also"`
	Serves []string       `yaml:"serves"`
	From   string         `yaml:"from"`
	To     string         `yaml:"to"`
	line   int
}

// UnmarshalYAML reads one body and remembers its line for messages.
func (b *bodyLine) UnmarshalYAML(node *yaml.Node) error {
	type plain bodyLine
	err := node.Decode((*plain)(b))
	b.line = node.Line
	return err
}

func readBodies(country fs.FS, areas []Area) ([]Body, error) {
	source, err := fs.ReadFile(country, BodiesFile)
	if err != nil {
		return nil, fault.NotFound("geography.no_file", "file", BodiesFile).Because(err)
	}
	var lines struct {
		Bodies []bodyLine `yaml:"bodies"`
	}
	if err := yaml.Unmarshal(source, &lines); err != nil {
		return nil, fault.Invalid("geography.bad_yaml", "file", BodiesFile, "problem", err.Error()).Because(err)
	}
	var bodies []Body
	for _, l := range lines.Bodies {
		b := Body{Code: l.Code, Kind: l.Kind, Parent: l.Parent, NameAr: l.Name.Arabic, NameEn: l.Name.English, Also: l.Also, Serves: l.Serves}
		if b.From, b.To, err = period(l.From, l.To); err == nil {
			err = b.check(areas)
		}
		if err != nil {
			return nil, badLine(BodiesFile, l.line, err)
		}
		bodies = append(bodies, b)
	}
	return bodies, checkBodies(bodies)
}

func (b Body) check(areas []Area) error {
	switch {
	case b.Code == "" || strings.ContainsAny(b.Code, " |,/") || !slices.Contains(bodyKinds, b.Kind):
		return fault.Invalid("geography.bad_code", "code", b.Code)
	case strings.TrimSpace(b.NameAr) == "" || strings.TrimSpace(b.NameEn) == "":
		return fault.Invalid("geography.no_name", "code", b.Code)
	case b.Kind == Branch && len(b.Serves) == 0:
		return fault.Invalid("geography.serves_nothing", "code", b.Code)
	}
	for _, area := range b.Serves {
		if !slices.ContainsFunc(areas, func(a Area) bool { return a.Code == area }) {
			return fault.Invalid("geography.no_area", "code", area)
		}
	}
	// Rights over a branch's files are rights over its code, so its code must
	// lie in what its people are given.
	if b.Kind == Branch && !slices.ContainsFunc(b.Serves, func(area string) bool { return Contains(area, b.Code) }) {
		return fault.Invalid("geography.serves_elsewhere", "code", b.Code)
	}
	return nil
}

func checkBodies(bodies []Body) error {
	slices.SortFunc(bodies, func(a, b Body) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), cmp.Compare(a.From, b.From))
	})
	for i, b := range bodies {
		if i > 0 && bodies[i-1].Code == b.Code && (bodies[i-1].To == calendar.Unknown || b.From < bodies[i-1].To) {
			return fault.Invalid("geography.twice", "code", b.Code)
		}
		if b.Parent != "" && !slices.ContainsFunc(bodies, func(p Body) bool { return p.Code == b.Parent }) {
			return fault.Invalid("geography.bad_parent", "code", b.Code, "parent", b.Parent)
		}
	}
	return nil
}

// badLine says where in a file something is wrong, and what.
func badLine(file string, line int, problem error) error {
	return fault.Invalid("geography.bad_line", "file", file, "line", strconv.Itoa(line), "problem", fault.Of(problem)).Because(problem)
}
