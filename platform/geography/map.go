package geography

import (
	"io/fs"
	"slices"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/names"
	"sanad/platform/store"
)

// Map is the country as it stood on one day. It is a value of its own: safe for
// concurrent reading, and for use after its transaction.
type Map struct {
	On     calendar.Date
	areas  []Area // by code
	bodies []Body // by code
	byArea map[string]int
	byBody map[string]int
	named  map[string][]int // folded name: areas
	titled map[string][]int // folded name: bodies
}

// mapsKey holds the maps that a transaction has read so far.
type mapsKey struct{}

// At returns the country as it stood on a day; it is read once a transaction.
func At(tx *store.Tx, on calendar.Date) (*Map, error) {
	read, _ := tx.Value(mapsKey{}).(map[calendar.Date]*Map)
	if m := read[on]; m != nil {
		return m, nil
	}
	areas, err := storedAreas(tx)
	if err != nil {
		return nil, err
	}
	bodies, err := storedBodies(tx)
	if err != nil {
		return nil, err
	}
	if read == nil {
		read = map[calendar.Date]*Map{}
		tx.SetValue(mapsKey{}, read)
	}
	read[on] = newMap(on, areas, bodies)
	return read[on], nil
}

// Read returns the country as its files say that it stood on a day, before any
// of it is in a database.
func Read(country fs.FS, on calendar.Date) (*Map, error) {
	areas, err := readAreas(country)
	if err != nil {
		return nil, err
	}
	bodies, err := readBodies(country, areas)
	if err != nil {
		return nil, err
	}
	return newMap(on, areas, bodies), nil
}

// Find returns the area of a kind that is called by a name, in either language
// or by another spelling, within an area (empty: anywhere). Vowel signs, hamza
// seats, the article, blanks and the word بلدية make no difference. Where two
// areas answer to the name, none is found: nothing is guessed.
func (m *Map) Find(kind Kind, name, within string) (Area, bool) {
	found := -1
	for _, i := range m.named[foldName(name)] {
		if m.areas[i].Kind != kind || !Contains(within, m.areas[i].Code) {
			continue
		}
		if found >= 0 {
			return Area{}, false
		}
		found = i
	}
	if found < 0 {
		return Area{}, false
	}
	return m.areas[found], true
}

// FindBody returns the body of a kind that is called by a name, as Find does;
// the word فرع makes no difference.
func (m *Map) FindBody(kind Kind, name string) (Body, bool) {
	found := -1
	for _, i := range m.titled[foldName(name)] {
		if m.bodies[i].Kind != kind {
			continue
		}
		if found >= 0 {
			return Body{}, false
		}
		found = i
	}
	if found < 0 {
		return Body{}, false
	}
	return m.bodies[found], true
}

// Area returns the area with a code.
func (m *Map) Area(code string) (Area, bool) {
	i, ok := m.byArea[code]
	if !ok {
		return Area{}, false
	}
	return m.areas[i], true
}

// Areas returns every area of a kind within an area (empty: the whole country),
// in the order of codes.
func (m *Map) Areas(kind Kind, within string) []Area {
	var all []Area
	for _, a := range m.areas {
		if a.Kind == kind && Contains(within, a.Code) {
			all = append(all, a)
		}
	}
	return all
}

// Path returns an area with everything it lies in, the country first.
func (m *Map) Path(code string) []Area {
	var path []Area
	for ; code != ""; code = parentOf(code) {
		if a, ok := m.Area(code); ok {
			path = append(path, a)
		}
	}
	slices.Reverse(path)
	return path
}

// Body returns the body with a code.
func (m *Map) Body(code string) (Body, bool) {
	i, ok := m.byBody[code]
	if !ok {
		return Body{}, false
	}
	return m.bodies[i], true
}

// Bodies returns every body of a kind, in the order of codes.
func (m *Map) Bodies(kind Kind) []Body {
	var all []Body
	for _, b := range m.bodies {
		if b.Kind == kind {
			all = append(all, b)
		}
	}
	return all
}

// BranchOf returns the branch that serves an area: of several the one whose
// own area is smallest, then the one with the lower code.
func (m *Map) BranchOf(code string) (Body, bool) {
	var best Body
	closest := -1
	for _, b := range m.bodies {
		if b.Kind != Branch {
			continue
		}
		for _, area := range b.Serves {
			if len(area) > closest && code != "" && Contains(area, code) {
				best, closest = b, len(area)
			}
		}
	}
	return best, closest >= 0
}

// newMap keeps what stands on a day and files it under its names.
func newMap(on calendar.Date, areas []Area, bodies []Body) *Map {
	m := &Map{On: on, byArea: map[string]int{}, byBody: map[string]int{}, named: map[string][]int{}, titled: map[string][]int{}}
	for _, a := range areas {
		if standsOn(a.From, a.To, on) {
			m.byArea[a.Code] = len(m.areas)
			file(m.named, len(m.areas), append([]string{a.NameAr, a.NameEn}, a.Also...))
			m.areas = append(m.areas, a)
		}
	}
	for _, b := range bodies {
		if standsOn(b.From, b.To, on) {
			m.byBody[b.Code] = len(m.bodies)
			file(m.titled, len(m.bodies), append([]string{b.NameAr, b.NameEn}, b.Also...))
			m.bodies = append(m.bodies, b)
		}
	}
	return m
}

func file(index map[string][]int, at int, spellings []string) {
	for _, name := range spellings {
		key := foldName(name)
		if key != "" && !slices.Contains(index[key], at) {
			index[key] = append(index[key], at)
		}
	}
}

// foldName returns what two spellings of a place share: the light form without
// the words for "branch" and "municipality", articles and blanks.
func foldName(name string) string {
	words := strings.Fields(names.Light(name))
	kept := words[:0]
	for _, w := range words {
		if !isTitle(w) {
			kept = append(kept, strings.TrimPrefix(w, "ال"))
		}
	}
	return strings.Join(kept, "")
}

// isTitle reports a word that says what a place is and not which.
func isTitle(word string) bool {
	switch word {
	case "فرع", "بلديه", "البلديه", "منطقه", "المنطقه", "branch", "municipality", "district", "of":
		return true
	}
	return false
}
