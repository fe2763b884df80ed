package linkage

import (
	"strings"

	"sanad/platform/names"
)

// Engine holds records and finds pairs among them by one model. Add the records,
// then Link once. It is not safe for concurrent use; Link uses the processors.
type Engine struct {
	// Watch is called when a phase of Link is over: prepare, learn, score, decide.
	Watch func(phase string)

	model         *Model
	fields        []placed
	comparisons   []comparison
	groups        []group
	contradicting []int // comparisons
	dictionaries  map[*kind]*dictionary

	stride     int
	cells      []uint32 // stride a record: codes, or two halves of a wide value
	rows       int
	second     int // first row of the second file; 0 where records of one set are compared
	apart      []uint32
	households map[string]uint32
	members    []uint16 // by household: how many records

	fresh   []bool // where an earlier estimate is used again: the records that changed
	weights weights
	report  Report
}

// placed is where a field's values lie in a record.
type placed struct {
	kind       *kind
	dictionary *dictionary
	cell       int
	cells      int
	comparison int // the first of its comparisons
}

// comparison is one thing compared between two records.
type comparison struct {
	name       string
	kind       *kind
	dictionary *dictionary // nil for wide values and for orders
	cell       int
	levels     []string
	frequency  bool
	rarity     []float32 // by code: log2 of how much rarer than usual an agreement in it is
	grouped    bool      // its levels are found by its group
}

// group is columns whose values are written in each other's place.
type group struct {
	members   []int    // comparisons
	crossings [][2]int // places in members that may be crossed
	order     int      // the comparison that says whether they were
}

// nameParts are the parts of a full name, as comparisons and blocking call them.
var nameParts = []string{"own", "father", "grandfather", "family"}

// New prepares an engine for the records of a model.
func New(m *Model) (*Engine, error) {
	e := &Engine{model: m, dictionaries: map[*kind]*dictionary{}, households: map[string]uint32{}, members: []uint16{0}}
	for i := range m.Fields {
		e.place(&m.Fields[i])
	}
	for _, pair := range m.Swapped {
		e.cross(pair[0]+" and "+pair[1], [][2]int{{0, 1}}, e.comparisonOf(pair[0]), e.comparisonOf(pair[1]))
	}
	for i := range m.Fields {
		if m.Fields[i].Compare == fullName {
			first := e.fields[i].comparison
			e.cross(m.Fields[i].Field+".order", [][2]int{{1, 2}, {2, 3}}, first, first+1, first+2, first+3)
		}
	}
	if len(m.Apart) > 0 {
		e.comparisons = append(e.comparisons, comparison{name: householdName, levels: householdLevels, cell: -1, grouped: true})
	}
	for _, name := range m.Contradict {
		e.contradicting = append(e.contradicting, e.comparisonOf(name))
	}
	if len(e.comparisons) > maxComparisons {
		return nil, tooMany(m.Name, len(e.comparisons))
	}
	return e, nil
}

func (e *Engine) place(f *Field) {
	word, parts := f.Compare, []string{""}
	if word == fullName {
		word, parts = "name", nameParts
	}
	k := kinds[word]
	p := placed{kind: k, cell: e.stride, cells: len(parts), comparison: len(e.comparisons)}
	if k.wide {
		p.cells = 2
	} else if p.dictionary = e.dictionaries[k]; p.dictionary == nil {
		p.dictionary = newDictionary(k)
		e.dictionaries[k] = p.dictionary
	}
	for i, part := range parts {
		name := f.Field
		if part != "" {
			name += "." + part
		}
		frequency := k.frequency
		if f.Frequency != nil {
			frequency = *f.Frequency
		}
		e.comparisons = append(e.comparisons, comparison{name: name, kind: k, dictionary: p.dictionary, cell: e.stride + i, levels: k.levels, frequency: frequency && !k.wide})
	}
	e.fields, e.stride = append(e.fields, p), e.stride+p.cells
}

// cross makes a group of comparisons, and the comparison of their order.
func (e *Engine) cross(name string, crossings [][2]int, members ...int) {
	for _, c := range members {
		e.comparisons[c].grouped = true
	}
	e.groups = append(e.groups, group{members: members, crossings: crossings, order: len(e.comparisons)})
	e.comparisons = append(e.comparisons, comparison{name: name, levels: []string{"straight", "crossed"}, cell: -1, grouped: true})
}

func (e *Engine) comparisonOf(name string) int {
	for i := range e.comparisons {
		if e.comparisons[i].name == name {
			return i
		}
	}
	return -1
}

// Add takes in a record: a value for each field of the model, in its order, and
// what its household is called, "" where it is not known.
func (e *Engine) Add(values []string, household string) {
	at := len(e.cells)
	e.cells = append(e.cells, make([]uint32, e.stride)...)
	row := e.cells[at:]
	for i := range e.fields {
		e.fields[i].put(row, values[i])
	}
	e.rows++
	e.apart = append(e.apart, e.household(household))
}

func (e *Engine) household(name string) uint32 {
	if name == "" {
		return 0
	}
	code, known := e.households[name]
	if !known {
		code = uint32(len(e.members))
		e.households[name], e.members = code, append(e.members, 0)
	}
	e.members[code]++
	return code
}

// SecondFile says that the records added from now on are those of another file:
// only pairs between the two files are looked for.
func (e *Engine) SecondFile() { e.second = e.rows }

// Rows is how many records there are.
func (e *Engine) Rows() int { return e.rows }

func (p *placed) put(row []uint32, value string) {
	switch {
	case p.kind.wide:
		w := wide(p.kind.fold(value))
		row[p.cell], row[p.cell+1] = uint32(w), uint32(w>>32)
	case p.cells == 4:
		parts := names.Of(value)
		for i, part := range [...]string{parts.Own, parts.Father, parts.Grandfather, parts.Family} {
			row[p.cell+i] = p.dictionary.code(names.Light(part))
		}
	default:
		row[p.cell] = p.dictionary.code(p.kind.fold(value))
	}
}

func (e *Engine) row(n int32) []uint32 {
	at := int(n) * e.stride
	return e.cells[at : at+e.stride : at+e.stride]
}

// term is one part of a blocking key: cells of a record, and what is taken of them.
type term struct {
	field     int
	part      int
	transform string
}

// transforms are what a term may take of a value, and for which kinds.
var transforms = map[string]string{
	"sound": "name", "first": "name text", "year": "date", "day": "date", "last": "identifier phone",
}

// term understands a term of a blocking key.
func (m *Model) term(written string) (term, string, error) {
	words := strings.Split(written, ".")
	t := term{part: -1}
	for i := range m.Fields {
		if m.Fields[i].Field == words[0] {
			t.field = i
			return m.finish(t, words[1:])
		}
	}
	return t, "", errNoTerm
}

func (m *Model) finish(t term, words []string) (term, string, error) {
	compare := m.Fields[t.field].Compare
	if compare == fullName {
		compare = "name"
		for i, part := range nameParts {
			if len(words) > 0 && words[0] == part {
				t.part, words = i, words[1:]
				break
			}
		}
		if t.part < 0 {
			return t, "", errNoTerm
		}
	}
	switch {
	case len(words) == 0:
		return t, compare, nil
	case len(words) == 1 && strings.Contains(transforms[words[0]], compare):
		t.transform = words[0]
		return t, compare, nil
	}
	return t, "", errNoTerm
}
