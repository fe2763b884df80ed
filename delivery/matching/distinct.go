package matching

import (
	"strings"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

var distinctTable = &store.Table{Name: "distinct_pairs", Class: store.Projected, Key: []string{"a", "b"},
	Columns: []string{"a", "b", "reason", "since", "until"}}

// reasonMin is the least that says why.
const reasonMin = 5

// Distinguished says that two records are two humans, however alike: they are
// never asked about again, and no import links them.
type Distinguished struct {
	A      id.ID  `cbor:"1,keyasint"` // the lower
	B      id.ID  `cbor:"2,keyasint"`
	Reason string `cbor:"3,keyasint"` // in the actor's words
	At     int64  `cbor:"4,keyasint"` // microseconds
}

// Kind is "matching.distinguished".
func (Distinguished) Kind() journal.Kind {
	return journal.Kind{Name: "matching.distinguished", Version: 1}
}

// About puts it into the diwan's stream.
func (d Distinguished) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: d.A}
}

// Apply remembers the pair.
func (d Distinguished) Apply(w *store.Writer) error {
	return w.Put(distinctTable, d.A, d.B, d.Reason, d.At, 0)
}

// Distinguish remembers for ever that two records are two humans. It needs
// access.LinkIdentity over the country. Its faults are "matching.same_record",
// "matching.reason_needed" and, while a link holds them together,
// "matching.linked_already".
func Distinguish(tx *store.Tx, a, b id.ID, reason string) error {
	if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
		return err
	}
	pair, err := decidable(a, b, reason)
	if err != nil {
		return err
	}
	records, err := cluster(tx, a, nil)
	if err != nil {
		return err
	}
	if contains(records, b) {
		return fault.Conflict("matching.linked_already")
	}
	return journal.Record(tx, Distinguished{A: pair.A, B: pair.B, Reason: strings.TrimSpace(reason), At: tx.Now.UnixMicro()})
}

// decidable is a pair of which a person can decide, with her words.
func decidable(a, b id.ID, reason string) (Pair, error) {
	if a == b {
		return Pair{}, fault.Invalid("matching.same_record")
	}
	if len([]rune(strings.TrimSpace(reason))) < reasonMin {
		return Pair{}, fault.Invalid("matching.reason_needed").At("reason")
	}
	return pairOf(a, b, Decided, strings.TrimSpace(reason)), nil
}

// ToldApart reports whether a person said that two records, in either order, are
// two humans. It reveals nothing else.
func ToldApart(tx *store.Tx, a, b id.ID) (bool, error) {
	p := pairOf(a, b, "", "")
	_, told, err := store.One(tx, (*store.Row).Int, "SELECT since FROM distinct_pairs WHERE a = $1 AND b = $2 AND until = 0", p.A, p.B)
	return told, err
}

// EachToldApart calls f for every pair of records of which a person said that
// they are two humans, in order. It reveals identifiers only; a search for
// duplicates leaves these pairs out.
func EachToldApart(tx *store.Tx, f func(a, b id.ID) error) error {
	return tx.Each(func(r *store.Row) error {
		a, b := r.ID(), r.ID()
		if r.Err() != nil {
			return r.Err()
		}
		return f(a, b)
	}, "SELECT a, b FROM distinct_pairs WHERE until = 0 ORDER BY a, b")
}

// anybodyToldApart spares the questions while there is nobody to ask about.
func anybodyToldApart(tx *store.Tx) (bool, error) {
	_, some, err := store.One(tx, (*store.Row).Int, "SELECT 1 FROM distinct_pairs WHERE until = 0 LIMIT 1")
	return some, err
}

// apartAcross reports whether a link between two groups of records would hold
// together two of whom a person said that they are two humans.
func apartAcross(tx *store.Tx, one, other []id.ID) (bool, error) {
	for _, a := range one {
		for _, b := range other {
			if told, err := ToldApart(tx, a, b); told || err != nil {
				return told, err
			}
		}
	}
	return false, nil
}
