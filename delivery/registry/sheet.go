// Package registry says who exists: persons, the households in which they live,
// and what is known of them, by whom and since when. Everything that a family is
// owed starts from what stands here, so nothing is overwritten and nothing is
// known without a source.
//
// The unit of knowledge is the household's sheet (ورقة الأسرة): its members and,
// for each, facts over time with their sources. Every change makes a new version
// of the sheet, sealed in the journal; narrow rows of persons and households
// hold what lists, search and constraints need now. A verb decides and records
// an event; the event's Apply changes the rows.
package registry

import (
	"slices"

	"sanad/platform/calendar"
	"sanad/platform/id"
)

// Sheet is all that is known of one household at one version.
type Sheet struct {
	Household id.ID
	Version   int64  // from 1
	Branch    string // code of the home branch, which alone changes the facts
	File      string // the household's file number at its branch, as written there
	Sources   []Source
	Facts     []Fact // of the household as a whole
	Members   []Member
}

// Member is one person within a sheet. A person may be on several sheets, when
// two branches list her; identity links say so, and nothing is moved.
type Member struct {
	Person id.ID
	Facts  []Fact
}

// SourceKind says how well something is known, least first.
type SourceKind uint8

// The kinds of source.
const (
	Stated     SourceKind = iota + 1 // مصرّح به: the family, or a branch's list, says so
	Documented                       // موثّق: a paper was seen
	Confirmed                        // مؤكد: another body's register says so
)

// Source is where facts come from. Facts of one statement share one source.
type Source struct {
	Kind     SourceKind
	Body     string        // who says so: a branch's code or a body's
	Document string        // the paper and its number, or the imported file and row
	Date     calendar.Date // the day of the statement or paper
	Import   id.ID         // the import that brought it; zero for what was entered
}

// Fact is one value that holds over a time. Several facts of one name follow
// each other in time, or contradict each other; nothing is dropped.
type Fact struct {
	Name    Name
	Value   Value
	From    calendar.Date // since when in the world; Unknown where nobody said
	To      calendar.Date // the day from which it no longer holds; Unknown while it does
	Sources []int         // places in Sheet.Sources, ascending by date
}

// Value is a fact's value; its fact's definition says which field counts. Make
// values with the functions below.
type Value struct {
	Text   string        // text, or the code of an enumeration
	Number int64         // an integer, dirhams, 1 and 0 for yes and no; 1 for a date that exists
	Date   calendar.Date // of a date fact that exists; Unknown where the day is not known
	Person id.ID         // a reference to a member or another person; zero: known to be nobody
}

// NoDate says that it is known that there is no such date: alive, in the country.
var NoDate = Value{}

// TextValue is a text or an enumeration's code.
func TextValue(text string) Value { return Value{Text: text} }

// TruthValue is yes or no.
func TruthValue(yes bool) Value {
	if yes {
		return Value{Number: 1}
	}
	return Value{}
}

// NumberValue is an integer or an amount in dirhams.
func NumberValue(n int64) Value { return Value{Number: n} }

// DateValue is the date of something that did happen; Unknown where it is not
// known when.
func DateValue(d calendar.Date) Value { return Value{Number: 1, Date: d} }

// PersonValue refers to a person; the zero ID says that there is none.
func PersonValue(p id.ID) Value { return Value{Person: p} }

// Member returns the member with this person, or nil.
func (s *Sheet) Member(person id.ID) *Member {
	for i := range s.Members {
		if s.Members[i].Person == person {
			return &s.Members[i]
		}
	}
	return nil
}

// Statement is the latest day of any source: how fresh the sheet is.
func (s *Sheet) Statement() calendar.Date {
	var latest calendar.Date
	for _, source := range s.Sources {
		latest = max(latest, source.Date)
	}
	return latest
}

// AddSource returns the place of source in the sheet, adding it where it is new.
func (s *Sheet) AddSource(source Source) int {
	if i := slices.Index(s.Sources, source); i >= 0 {
		return i
	}
	s.Sources = append(s.Sources, source)
	return len(s.Sources) - 1
}

// Clone returns a sheet that shares nothing with s.
func (s *Sheet) Clone() *Sheet {
	c := *s
	c.Sources = slices.Clone(s.Sources)
	c.Facts = cloneFacts(s.Facts)
	c.Members = slices.Clone(s.Members)
	for i := range c.Members {
		c.Members[i].Facts = cloneFacts(c.Members[i].Facts)
	}
	return &c
}

func cloneFacts(facts []Fact) []Fact {
	c := slices.Clone(facts)
	for i := range c {
		c[i].Sources = slices.Clone(c[i].Sources)
	}
	return c
}

// start is the day from which a fact is taken to hold: the day that was said,
// else the day of its first source.
func (s *Sheet) start(f *Fact) calendar.Date {
	if f.From != calendar.Unknown {
		return f.From.First()
	}
	if len(f.Sources) == 0 {
		return calendar.Unknown
	}
	return s.Sources[f.Sources[0]].Date
}

// strength orders facts that start on the same day: the better source wins.
func (s *Sheet) strength(f *Fact) SourceKind {
	var best SourceKind
	for _, i := range f.Sources {
		best = max(best, s.Sources[i].Kind)
	}
	return best
}

// At returns the fact of a name that holds on a day, and whether one is known.
// The last to start by that day counts; at equal days the better source. What
// was stated later without saying since when reaches back to before its
// statement, as long as nothing else was known then.
func (s *Sheet) At(facts []Fact, name Name, on calendar.Date) (Fact, bool) {
	var best, earliest *Fact
	for i := range facts {
		f := &facts[i]
		if f.Name != name {
			continue
		}
		if f.To != calendar.Unknown && f.To.First() <= on {
			continue
		}
		switch start := s.start(f); {
		case start <= on:
			if best == nil || s.later(f, best) {
				best = f
			}
		case f.From == calendar.Unknown:
			if earliest == nil || s.later(earliest, f) {
				earliest = f
			}
		}
	}
	if best == nil {
		best = earliest
	}
	if best == nil {
		return Fact{}, false
	}
	return *best, true
}

// later reports whether a counts before b when both hold.
func (s *Sheet) later(a, b *Fact) bool {
	if x, y := s.start(a), s.start(b); x != y {
		return x > y
	}
	if x, y := s.strength(a), s.strength(b); x != y {
		return x > y
	}
	return a.Value.compare(b.Value) < 0 // two equal claims: any, but always the same
}

// Now returns the fact of a name that holds by all that is known, with no
// regard to a day.
func (s *Sheet) Now(facts []Fact, name Name) (Fact, bool) { return s.At(facts, name, 99991231) }

// compare orders values, for canonical order only.
func (v Value) compare(o Value) int {
	switch {
	case v.Text != o.Text:
		if v.Text < o.Text {
			return -1
		}
		return 1
	case v.Number != o.Number:
		if v.Number < o.Number {
			return -1
		}
		return 1
	case v.Date != o.Date:
		return int(v.Date - o.Date)
	}
	return v.Person.Compare(o.Person)
}
