package review

import (
	"slices"

	"sanad/delivery/matching"
	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
)

// Side is one record of a pair, with its household.
type Side struct {
	Person    id.ID
	Household id.ID
	Branch    string
	File      string
	Name      string
	Number    string
	Sheet     *registry.Sheet // nil where only the place was asked
	Due       money.Amount    // a month, by the last decision
	Paid      money.Amount    // since the quarter before
	Payments  []payment.Paid  // of the household, for this person
	Apart     bool            // goes on counting beside another record
}

// Member is the record on its sheet; nil where the sheet does not have it.
func (s *Side) Member() *registry.Member {
	if s.Sheet == nil {
		return nil
	}
	return s.Sheet.Member(s.Person)
}

func scanSide(r *store.Row) Side {
	return Side{Person: r.ID(), Household: r.ID(), Branch: r.Text(), File: r.Text(), Name: r.Text(), Number: r.Text()}
}

// sideOf is where a record stands, or the fault "registry.no_person".
func sideOf(tx *store.Tx, person id.ID) (Side, error) {
	s, found, err := store.One(tx, scanSide, `SELECT p.person, p.household, h.branch, h.file, p.name, p.number
		FROM persons p JOIN households h ON h.household = p.household WHERE p.person = $1`, person)
	if err == nil && !found {
		err = fault.NotFound("registry.no_person")
	}
	return s, err
}

// Case is everything by which two records are judged.
type Case struct {
	A, B   Side
	Match  matching.Match // zero where the search found nothing
	Linked bool           // they are one human already, maybe through others
	Direct bool           // by a link of these two
	Told   bool           // a person said that they are two
	Paid   []id.ID        // records for which a payment stands
	Last   Review         // zero where nobody read the pair
	Answer string         // of the branch that was asked for a document
}

// Touches reports whether a merge touches a payment, so that two people must
// read the pair.
func (c Case) Touches() bool { return len(c.Paid) > 0 }

// Open gathers the evidence about two records and notes the look at both
// families' sheets. It needs access.LinkIdentity over the country.
func Open(tx *store.Tx, a, b id.ID) (c Case, err error) {
	if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
		return Case{}, err
	}
	a, b = inOrder(a, b)
	if c.A, err = full(tx, a); err != nil {
		return c, err
	}
	if c.B, err = full(tx, b); err != nil {
		return c, err
	}
	if c.Match, _, err = matching.MatchOf(tx, a, b); err != nil {
		return c, err
	}
	same, err := matching.SameAs(tx, a)
	if err != nil {
		return c, err
	}
	c.Linked = slices.Contains(same, b)
	if _, c.Direct, err = store.One(tx, (*store.Row).Int, "SELECT since FROM links WHERE a = $1 AND b = $2 AND until = 0", a, b); err != nil {
		return c, err
	}
	if c.Told, err = matching.ToldApart(tx, a, b); err != nil {
		return c, err
	}
	if c.Paid, err = Paid(tx, a, b); err != nil {
		return c, err
	}
	var found bool
	if c.Last, found, err = lastOf(tx, a, b); err != nil || !found || c.Last.Task.IsZero() {
		return c, err
	}
	c.Answer, _, err = store.One(tx, (*store.Row).Text, "SELECT answer FROM tasks WHERE task = $1 AND closed > 0", c.Last.Task)
	return c, err
}

// full reads a record's sheet and payments.
func full(tx *store.Tx, person id.ID) (Side, error) {
	s, err := sideOf(tx, person)
	if err != nil {
		return s, err
	}
	if s.Sheet, err = registry.Household(tx, s.Household); err != nil {
		return s, err
	}
	due, err := policy.DueLast(tx, []id.ID{person})
	if err != nil {
		return s, err
	}
	stakes, err := payment.Stakes(tx, []id.ID{person}, recent(tx))
	if err != nil {
		return s, err
	}
	s.Due, s.Paid = due[person], stakes[person]
	if s.Apart, err = matching.CountedApart(tx, person); err != nil {
		return s, err
	}
	all, err := payment.OfHousehold(tx, s.Household, s.Branch)
	s.Payments = slices.DeleteFunc(all, func(p payment.Paid) bool { return p.Person != person })
	return s, err
}
