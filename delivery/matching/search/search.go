// Package search finds a family from what a citizen says at the counter: a
// number, a telephone, a file, or any parts of a name in any order, misspelt, in
// Arabic or in Latin letters, narrowed by a year of birth, the mother's name or a
// place. It answers in a blink over a nation, the best first, and says of each
// why it was found.
//
// Whole numbers are asked of the database. Names are asked of an Index in memory:
// a dictionary of all spellings with those that lie one slip or one sound apart,
// for each spelling the persons who have it, and for each person her name in
// codes (some 80 bytes a person). The index is read from the rows of the
// registry when it is first needed and follows the journal: each question first
// takes in what was recorded since, by whichever process, so that an answer never
// lags behind the database. What is found is read again from the rows before it
// is shown.
package search

import (
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Query asks whether somebody is known.
type Query struct {
	Text       string        // a national number, telephone, file number, or parts of a name; a year of birth may stand among them
	Birth      calendar.Date // nobody surely born on another day; Unknown asks nothing
	Mother     string        // nobody whose mother surely is another
	Place      string        // code or name of an area or branch; "" is everywhere the actor may see
	Everywhere bool          // names outside the actor's area too; needs access.ReadElsewhere
	Limit      int           // at most so many; 0 is Shown
	soft       bool          // birth and mother put people first and leave nobody out
}

// Shown is how many are shown where nobody asks for another number: whoever is
// not among them asks more exactly.
const Shown = 20

// mostShown bounds what anybody may ask for.
const mostShown = 200

// Answer is what a question found, the best first.
type Answer struct {
	Hits   []Hit
	More   bool     // there were more than are shown
	Asked  []string // the parts that were looked for, in light form; none where a number was
	Number bool     // the text was taken for a number, telephone or file
}

// Hit is one person found. Outside the actor's area it says no more than name
// and branch: whoever needs more writes down why.
type Hit struct {
	Person    id.ID
	Household id.ID // zero outside
	Name      string
	Branch    string
	Area      string // municipality's code, "" where it is not known
	File      string
	Role      string
	Number    string
	Birth     calendar.Date
	Mother    string
	Sex       registry.Sex
	Dead      bool
	Outside   bool
	Why       []Match // by what a name was found, in the order of the question
	Parts     []Part  // the name as it is written, with what matched
	Others    []Other // records that are linked with this one: the same human
	score     int
}

// Match is one part of the question and where it was found.
type Match struct {
	Asked string // as it was asked, in light form
	Found string // the part of the name, as it is written; "" for Missing
	How   How
}

// Part is one part of a found name.
type Part struct {
	Written string
	How     How // Missing where nobody asked for it
}

// Other is another record of the same human.
type Other struct {
	Person    id.ID
	Household id.ID // zero outside the actor's area
	Branch    string
	File      string // "" outside
}

// Find answers a question within the actor's area. A whole number (national,
// telephone, file) also finds people outside, by name and branch only. Linked
// records of one human stand together as one hit. It needs access.SearchPeople;
// less than two letters are the fault "search.more_letters" at "text", a
// place that is none "search.no_place" at "place".
func (ix *Index) Find(tx *store.Tx, q Query) (Answer, error) {
	f, err := newFinder(tx, q)
	if err != nil {
		return Answer{}, err
	}
	if done, err := f.byNumber(); done || err != nil {
		return f.answer, err
	}
	f.index = ix
	if err := f.byName(); err != nil {
		return Answer{}, err
	}
	return f.answer, f.linked()
}

// ByNumber finds who has a whole national number, telephone or file number, as
// Find does, and nobody by name: no index is needed. It needs
// access.SearchPeople.
func ByNumber(tx *store.Tx, number string) ([]Hit, error) {
	f, err := newFinder(tx, Query{Text: number})
	if err != nil {
		return nil, err
	}
	_, err = f.byNumber()
	return f.answer.Hits, err
}

// newFinder asks for what a question needs, and settles what was not said.
func newFinder(tx *store.Tx, q Query) (*finder, error) {
	areas := access.Areas(tx, access.SearchPeople)
	if len(areas) == 0 {
		return nil, access.Require(tx, access.SearchPeople, "")
	}
	if q.Everywhere && !access.Holds(tx, access.ReadElsewhere) {
		return nil, access.Require(tx, access.ReadElsewhere, "")
	}
	f := &finder{tx: tx, query: q, areas: areas, limit: Shown}
	if q.Limit > 0 {
		f.limit = min(q.Limit, mostShown)
	}
	if f.text = oneLine(q.Text); len([]rune(f.text)) < 2 {
		return nil, fault.Invalid("search.more_letters").At("text")
	}
	return f, nil
}
