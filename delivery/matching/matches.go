package matching

import (
	"sanad/platform/id"
	"sanad/platform/store"
)

// matchTable holds what the national search for duplicates found. It is this
// node's own: no event writes it, the next search makes it again, and nothing is
// linked, merged or stopped by it.
var matchTable = &store.Table{Name: "matches", Class: store.Local, Key: []string{"a", "b"},
	Columns: []string{"a", "b", "weight", "probability", "decision", "levels", "model", "found"}}

// Verdict is what the model says of a pair; a person decides.
type Verdict string

// The verdicts that are kept; pairs that are neither are not.
const (
	Same     Verdict = "same"     // beyond the threshold of the stated false-merge rate
	Possible Verdict = "possible" // a person should look
)

// Match is a pair of records that the search found alike, with its evidence.
type Match struct {
	A, B        id.ID   // persons, the lower first
	Weight      int64   // of the evidence, in millionths of a bit
	Probability int64   // that they are one person, in millionths
	Verdict     Verdict // same or possible
	Levels      string  // a letter a comparison of the model: a the best level, - unknown
	Model       string  // digest of the model and the weights it went by
	Found       int64   // microseconds
}

const matchColumns = "SELECT a, b, weight, probability, decision, levels, model, found FROM matches "

func scanMatch(r *store.Row) Match {
	return Match{A: r.ID(), B: r.ID(), Weight: r.Int(), Probability: r.Int(), Verdict: Verdict(r.Text()), Levels: r.Text(), Model: r.Text(), Found: r.Int()}
}

// KeepMatches writes matches, each in the place of an earlier one of the same two
// persons. It is a building block of the search for duplicates.
func KeepMatches(tx *store.Tx, found []Match) error {
	w := tx.Local()
	for _, m := range found {
		if m.A.Compare(m.B) > 0 {
			m.A, m.B = m.B, m.A
		}
		err := w.Put(matchTable, m.A, m.B, m.Weight, m.Probability, string(m.Verdict), m.Levels, m.Model, m.Found)
		if err != nil {
			return err
		}
	}
	return nil
}

// DropMatches takes matches away that no longer hold. It is a building block of
// the search for duplicates.
func DropMatches(tx *store.Tx, gone []Match) error {
	w := tx.Local()
	for _, m := range gone {
		if err := w.Delete(matchTable, m.A, m.B); err != nil {
			return err
		}
	}
	return nil
}

// EachMatch calls f for every match, in the order of persons. It reveals
// identifiers only, and is a building block of verbs that ask for a capability.
func EachMatch(tx *store.Tx, f func(Match) error) error {
	return tx.Each(func(r *store.Row) error {
		m := scanMatch(r)
		if r.Err() != nil {
			return r.Err()
		}
		return f(m)
	}, matchColumns+"ORDER BY a, b")
}

// MatchOf returns the match of two persons, in either order, if there is one. It
// reveals identifiers only.
func MatchOf(tx *store.Tx, a, b id.ID) (Match, bool, error) {
	if a.Compare(b) > 0 {
		a, b = b, a
	}
	return store.One(tx, scanMatch, matchColumns+"WHERE a = $1 AND b = $2", a, b)
}

// MatchesOf returns the matches in which a person takes part, in the order of
// the other person's identifier within each side. It reveals identifiers only.
func MatchesOf(tx *store.Tx, person id.ID) ([]Match, error) {
	return store.All(tx, scanMatch, matchColumns+"WHERE a = $1 UNION ALL "+matchColumns+"WHERE b = $1 ORDER BY 1, 2", person)
}

// MatchesBelow returns at most limit matches of one verdict that come after
// another in the order of a reviewer's work: the most probable first, then by
// persons. The zero Match is before the first. It reveals identifiers only.
func MatchesBelow(tx *store.Tx, verdict Verdict, after Match, limit int) ([]Match, error) {
	probability := after.Probability
	if after == (Match{}) {
		probability = 1_000_001
	}
	return store.All(tx, scanMatch, matchColumns+`WHERE decision = $1 AND (probability < $2 OR probability = $2 AND (a > $3 OR a = $3 AND b > $4))
		ORDER BY probability DESC, a, b LIMIT $5`, string(verdict), probability, after.A, after.B, limit)
}
