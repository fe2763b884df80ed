package registry

import (
	"slices"

	"sanad/platform/calendar"
	"sanad/platform/id"
)

// Statement is one household as somebody states it as of a day: a branch's list,
// a visit. It says what it says and nothing about the rest: who or what is not
// in it has not ended.
type Statement struct {
	Branch  string // the home branch, whose list this is
	File    string // file number as written there
	Source  Source // one for all that is stated; its Import names the statement
	Facts   []Claim
	Members []StatedMember
	New     bool // the caller is sure that no household has this branch and file number

	first   *Sheet // of a household that is new, see Prepare
	persons []id.ID
	asked   []Task
	codes   [][2]int64
}

// Prepare folds the statement into the first sheet of a household of this
// identifier, for the case that it is new. It needs no database: a bulk import
// prepares the next thousand households while the last ones are committed.
// Members' identifiers count up from the household's in the statement's order.
func (st *Statement) Prepare(household id.ID) {
	st.first, st.persons = st.alone(household)
	st.asked = Tasks(st.first)
	st.codes = st.nameCodes()
}

// StatedMember is one person of a statement.
type StatedMember struct {
	Facts []Claim
	Codes [2]int64 // search codes of the name stated, where the caller has them: see NameCodes
}

// Claim is one fact as it is stated. A fact about another person of the same
// statement names her by Member, her place in it counted from 1; a Value with a
// Person is for somebody who is known already.
type Claim struct {
	Name   Name
	Value  Value
	From   calendar.Date
	To     calendar.Date
	Member int
}

// State returns the sheet that follows when a statement is added, and the person
// of each stated member, in the statement's order. The sheet itself is not
// changed. A sheet without version is new: its household must be set.
//
// The result depends on which statements were made and not on the order in which
// they arrived, but for the identifiers: mint gives those of new members. What
// was entered otherwise (life events, corrections) stays as it is. A statement
// that the sheet holds already changes nothing.
func (s *Sheet) State(st Statement, mint func() id.ID) (*Sheet, []id.ID) {
	f := s.unfold(id.ID{})
	first := f.add(st)
	next := f.refold(s, mint)
	if s.Version == 0 {
		next.Branch, next.File = st.Branch, st.File
	}
	persons := make([]id.ID, len(st.Members))
	for i := range persons {
		persons[i] = f.records[first+i].person
	}
	return next, persons
}

// Revert returns the sheet as if a statement had never been made: its source is
// gone from all facts, and facts and members that nobody else knows are gone.
// The second result is false where the sheet does not hold the statement.
func (s *Sheet) Revert(statement id.ID) (*Sheet, bool) {
	if !s.Holds(statement) {
		return s, false
	}
	f := s.unfold(statement)
	// A revert can part records that only the reverted one joined; whoever is
	// parted gets an identifier that follows from what is parted.
	n := uint64(len(s.Members))
	mint := func() id.ID {
		n++
		for s.Member(s.Household.Next(n)) != nil {
			n++
		}
		return s.Household.Next(n)
	}
	return f.refold(s, mint), true
}

// Holds reports whether a statement is among the sheet's sources.
func (s *Sheet) Holds(statement id.ID) bool {
	return slices.ContainsFunc(s.Sources, func(source Source) bool { return source.Import == statement })
}

// Persons are the persons on the sheet.
func (s *Sheet) Persons() []id.ID {
	persons := make([]id.ID, len(s.Members))
	for i := range s.Members {
		persons[i] = s.Members[i].Person
	}
	return persons
}

// Same reports whether two sheets say the same, whatever their version.
func (s *Sheet) Same(o *Sheet) bool {
	return s.Household == o.Household && slices.Equal(s.Encode(), o.Encode())
}
