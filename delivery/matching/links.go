// Package matching says when two records are one person, so that a child who
// stands in two lists is paid for once and a family that moved is not taken for
// two.
//
// What was found is an identity link between two persons: nothing is merged and
// no row moves, and undoing a mistake closes the link. Persons that are linked,
// also through others, are one human, who counts on one household only
// (Humans). Records that were being paid when a person linked them go on counting
// until a person settles it: no link ends a payment by itself. Who was told apart
// by a person is never asked about again (ToldApart). Links are decided at the
// diwan, which alone sees the country.
package matching

import (
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

var linkTable = &store.Table{Name: "links", Class: store.Projected, Key: []string{"a", "b"},
	Columns: []string{"a", "b", "reason", "evidence", "since", "until"}}

// Tables are the tables of this package.
var Tables = []*store.Table{linkTable, matchTable, runTable, distinctTable, apartTable}

// Kinds are the events of this package.
var Kinds = []journal.Event{Linked{}, Unlinked{}, Distinguished{}, Settled{}}

// Reason says why two records are taken for one person; the message
// "matching.reason_<reason>" explains it.
type Reason string

// The reasons.
const (
	SameNumber Reason = "number"  // one national number, with agreeing name and birth
	SameFamily Reason = "family"  // others of both households are the same, name and birth agree
	SameMother Reason = "mother"  // name, day of birth and the mother's whole name agree, and one has no number
	Decided    Reason = "decided" // a person decided it
)

// Pair is one link: two persons, the lower first.
type Pair struct {
	_        struct{} `cbor:",toarray"`
	A, B     id.ID
	Reason   Reason
	Evidence string
}

func pairOf(a, b id.ID, reason Reason, evidence string) Pair {
	if a.Compare(b) > 0 {
		a, b = b, a
	}
	return Pair{A: a, B: b, Reason: reason, Evidence: evidence}
}

// Linked says that pairs of records are one person each, and asks the branches
// which of them keeps the file. Records for which payments stand, where a person
// linked them, go on counting apart.
type Linked struct {
	Pairs []Pair          `cbor:"1,keyasint,omitempty"`
	Asked []registry.Task `cbor:"2,keyasint,omitempty"`
	At    int64           `cbor:"3,keyasint"` // microseconds
	Apart []id.ID         `cbor:"4,keyasint,omitempty"`
}

// Kind is "matching.linked".
func (Linked) Kind() journal.Kind { return journal.Kind{Name: "matching.linked", Version: 1} }

// About puts it into the diwan's stream.
func (l Linked) About() journal.About {
	about := journal.About{Stream: journal.Diwan}
	if len(l.Pairs) > 0 {
		about.Subject = l.Pairs[0].A
	}
	return about
}

// Apply opens the links and puts the questions.
func (l Linked) Apply(w *store.Writer) error {
	for _, p := range l.Pairs {
		if err := w.Put(linkTable, p.A, p.B, string(p.Reason), p.Evidence, l.At, 0); err != nil {
			return err
		}
	}
	for _, person := range l.Apart {
		if err := w.Put(apartTable, person, l.At, 0, "", 0, 0); err != nil {
			return err
		}
	}
	for _, t := range l.Asked {
		if err := t.Open(w, l.At); err != nil {
			return err
		}
	}
	return nil
}

// Unlinked says that links were mistaken, or that what they rested on was taken
// back.
type Unlinked struct {
	Pairs  []Pair  `cbor:"1,keyasint"`
	Reason string  `cbor:"2,keyasint"` // in the actor's words
	At     int64   `cbor:"3,keyasint"`
	Alone  []id.ID `cbor:"4,keyasint,omitempty"` // records that counted apart and are nobody else's now
	Closed []id.ID `cbor:"5,keyasint,omitempty"` // questions that the links had put
}

// Kind is "matching.unlinked".
func (Unlinked) Kind() journal.Kind { return journal.Kind{Name: "matching.unlinked", Version: 1} }

// About puts it into the diwan's stream.
func (u Unlinked) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: u.Pairs[0].A}
}

// Apply closes the links and what followed from them.
func (u Unlinked) Apply(w *store.Writer) error {
	for _, p := range u.Pairs {
		if err := w.Update(linkTable, []any{p.A, p.B}, "until", u.At); err != nil {
			return err
		}
	}
	for _, person := range u.Alone {
		if err := w.Update(apartTable, []any{person}, "until", u.At); err != nil {
			return err
		}
	}
	return closeTasks(w, u.Closed, u.At, nil)
}

// Link records that two persons are one human; evidence names the paper or the
// answer that says so. It needs access.LinkIdentity over the country. A link
// that stands already changes nothing. Where a person said that two of the
// records that it would join are two humans it is the fault
// "matching.told_apart". Where payments stand for them, use LinkKeeping.
func Link(tx *store.Tx, a, b id.ID, reason Reason, evidence string) error {
	if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
		return err
	}
	if a == b {
		return fault.Invalid("matching.same_record")
	}
	pair := pairOf(a, b, reason, evidence)
	open, err := standing(tx, pair)
	if err != nil || open {
		return err
	}
	if _, err := joined(tx, pair); err != nil {
		return err
	}
	return journal.Record(tx, Linked{Pairs: []Pair{pair}, At: tx.Now.UnixMicro()})
}

// joined are the records that would be one human's by a new link.
func joined(tx *store.Tx, p Pair) ([]id.ID, error) {
	one, err := cluster(tx, p.A, nil)
	if err != nil || contains(one, p.B) {
		return one, err
	}
	other, err := cluster(tx, p.B, nil)
	if err != nil {
		return nil, err
	}
	told, err := apartAcross(tx, one, other)
	if err == nil && told {
		err = fault.Conflict("matching.told_apart")
	}
	return append(one, other...), err
}

// Unlink closes the link between two persons; reason is the actor's. It needs
// access.LinkIdentity over the country. Where no link stands it is the fault
// "matching.no_link".
func Unlink(tx *store.Tx, a, b id.ID, reason string) error {
	if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
		return err
	}
	pair := pairOf(a, b, "", "")
	open, err := standing(tx, pair)
	if err != nil {
		return err
	}
	if !open {
		return fault.NotFound("matching.no_link")
	}
	return unlink(tx, []Pair{pair}, reason)
}

func standing(tx *store.Tx, p Pair) (bool, error) {
	_, open, err := store.One(tx, (*store.Row).Int, "SELECT since FROM links WHERE a = $1 AND b = $2 AND until = 0", p.A, p.B)
	return open, err
}

// Forget closes every link of persons whose records are gone, because what they
// were read from was taken back. It is a building block of that verb, which
// asks for its own capability.
func Forget(tx *store.Tx, persons []id.ID) error {
	if journal.Self(tx).Role == journal.RoleBranch {
		return nil // the diwan's to do
	}
	var gone []Pair
	seen := map[Pair]bool{}
	for _, column := range []string{"a", "b"} {
		err := tx.EachIn(func(r *store.Row) error {
			p := Pair{A: r.ID(), B: r.ID()}
			if !seen[p] {
				seen[p] = true
				gone = append(gone, p)
			}
			return r.Err()
		}, "SELECT a, b FROM links WHERE until = 0 AND "+column, anyOf(persons))
		if err != nil {
			return err
		}
	}
	if len(gone) == 0 {
		return nil
	}
	return unlink(tx, gone, "reverted")
}

func anyOf(persons []id.ID) []any {
	list := make([]any, len(persons))
	for i, p := range persons {
		list[i] = p
	}
	return list
}
