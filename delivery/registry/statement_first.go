package registry

import (
	"cmp"
	"slices"
	"strings"

	"sanad/platform/id"
)

// alone is the sheet that State gives for one statement about a household of
// which nothing else is known, made directly: in a bulk import nearly all are
// such.
func (st *Statement) alone(household id.ID) (*Sheet, []id.ID) {
	s := &Sheet{Household: household, Version: 1, Branch: st.Branch, File: st.File, Sources: []Source{st.Source}}
	persons := make([]id.ID, len(st.Members))
	facts := len(st.Facts)
	for i := range st.Members {
		persons[i] = household.Next(uint64(i + 1))
		facts += len(st.Members[i].Facts)
	}
	a := aloneMaker{all: make([]Fact, 0, facts), persons: persons, first: []int{0}}
	s.Facts = a.facts(st.Facts)
	s.Members = make([]Member, len(st.Members))
	for i := range st.Members {
		s.Members[i] = Member{Person: persons[i], Facts: a.facts(st.Members[i].Facts)}
	}
	if facts == 0 {
		s.Sources = nil
	}
	s.sortMembers()
	return s, persons
}

// aloneMaker keeps all facts of a sheet in one piece of memory.
type aloneMaker struct {
	all     []Fact
	persons []id.ID
	first   []int
	numbers []int
}

func (a *aloneMaker) facts(claims []Claim) []Fact {
	start := len(a.all)
	a.numbers = a.numbers[:0]
	for i := range claims {
		c := &claims[i]
		f := Fact{Name: c.Name, Value: c.Value, From: c.From, To: c.To, Sources: a.first[:1:1]}
		if c.Member > 0 {
			f.Value.Person = a.persons[c.Member-1]
		}
		a.insert(start, f)
	}
	return a.all[start:len(a.all):len(a.all)]
}

// insert puts a fact into its place; lists state facts nearly in order.
func (a *aloneMaker) insert(start int, f Fact) {
	number := order(f.Name)
	at := len(a.all)
	for at > start && a.before(number, &f, a.numbers[at-1-start], &a.all[at-1]) {
		at--
	}
	for i := at - 1; i >= start && a.all[i].Name == f.Name; i-- {
		if a.all[i].Value == f.Value && a.all[i].From == f.From && a.all[i].To == f.To {
			return // said twice
		}
	}
	a.all = slices.Insert(a.all, at, f)
	a.numbers = slices.Insert(a.numbers, at-start, number)
}

// before orders as unfolded.before does for claims of one source.
func (a *aloneMaker) before(number int, f *Fact, other int, o *Fact) bool {
	if number != other {
		return number < other
	}
	return cmp.Or(strings.Compare(string(f.Name), string(o.Name)), cmp.Compare(f.From, o.From), f.Value.compare(o.Value), cmp.Compare(f.To, o.To)) < 0
}

// nameCodes are the search codes of the members' names as they stand.
func (s *Sheet) nameCodes() [][2]int64 {
	codes := make([][2]int64, len(s.Members))
	for i := range codes {
		codes[i][0], codes[i][1] = NameCodes(s.text(&s.Members[i], FullName))
	}
	return codes
}

// nameCodes are those of the members of the first sheet, in its order.
func (st *Statement) nameCodes() [][2]int64 {
	codes := make([][2]int64, len(st.first.Members))
	for i := range st.first.Members {
		place := slices.Index(st.persons, st.first.Members[i].Person)
		if codes[i] = st.Members[place].Codes; codes[i] == [2]int64{} {
			codes[i][0], codes[i][1] = NameCodes(st.first.text(&st.first.Members[i], FullName))
		}
	}
	return codes
}
