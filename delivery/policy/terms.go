package policy

import (
	"sanad/platform/rule"
	"sanad/platform/text"
)

// What a programme says beside its conditions and amounts: what it does with
// other programmes, with too little money, with time, and what it tells people.
// All of it is data of the file; this is its form.

// Once is the rhythm of help that is given one time; a person who had it is not
// given it again.
const Once = "once"

// The things that a component may be for.
const (
	ForMember    = "member"    // the ordinary case
	ForCouple    = "couple"    // asked of a wife; her husband is member.husband
	ForHousehold = "household" // asked once, of the head
)

// Limit is a ceiling or a floor over the lines of a person or a household, once
// all are known.
type Limit struct {
	ID         string
	Name       text.Bilingual
	Article    string
	Of         string   // person, household
	Components []string // which lines count; none named: all
	Most       string   // formula of money; empty: no ceiling
	Least      string   // formula of money, for who has anything at all; empty: no floor

	most, least *rule.Rule
}

// Overlap is what another programme's help does to this one's.
type Overlap struct {
	ID        string
	Programme string
	Of        string // person, household: whose help counts
	Effect    string // excludes, reduces
	Name      text.Bilingual
	Article   string
	Otherwise text.Bilingual // what a family is told who is excluded by it
}

// Waiting is a time that must pass since a date before anything is due.
type Waiting struct {
	Name      text.Bilingual
	Article   string
	Since     string // formula of a date
	Months    string // a parameter
	Otherwise text.Bilingual

	since *rule.Rule
}

// Ranking orders who comes first where there is not enough for all, and says how
// many can be served. The order is public: value, ties, then the household that
// was registered first.
type Ranking struct {
	Name     text.Bilingual
	Article  string
	By       string // formula of a number or a sum
	First    string // highest, lowest
	Ties     []Tie
	Budget   string // a parameter in LYD; empty: no bound in money
	Places   string // a parameter in count; empty: no bound in number
	Reserved []Reserve

	by *rule.Rule
}

// Tie decides between equals.
type Tie struct {
	Name  text.Bilingual
	By    string // formula of a date, a number or a sum
	First string // earliest, latest, highest, lowest

	by *rule.Rule
}

// Reserve is a share of the budget or the places that some have before all.
type Reserve struct {
	ID      string
	Name    text.Bilingual
	Article string
	Share   int64  // millionths
	Who     string // formula of a truth

	who *rule.Rule
}

// Notices are the words of the letter, by the outcome. Nothing of a decision
// depends on them.
type Notices struct {
	Due, Held, Pending, Refused, Waiting text.Bilingual
}

// Of is the notice for a line, empty where the programme has none for it.
func (n *Notices) Of(l *Line) text.Bilingual {
	switch {
	case n == nil:
		return text.Bilingual{}
	case l.Status == Due && l.Payable:
		return n.Due
	case l.Status == Due:
		return n.Held
	case l.Reason == OnWaitingList:
		return n.Waiting
	case l.Status == Pending:
		return n.Pending
	}
	return n.Refused
}

// Parameter returns the parameter with an id, or nil.
func (p *Programme) Parameter(id string) *Parameter {
	for i := range p.Parameters {
		if p.Parameters[i].ID == id {
			return &p.Parameters[i]
		}
	}
	return nil
}

// Unverified are the parameters of a component's amount that nobody has
// confirmed against the law's text. What rests on them is due and not paid.
func (p *Programme) Unverified(c *Component) []*Parameter { return c.unverified }
