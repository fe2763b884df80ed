package matching_test

import (
	"testing"

	"sanad/delivery/matching"
	"sanad/platform/access"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

func keep(t *testing.T, j *journal.Journal, found ...matching.Match) {
	t.Helper()
	_, err := j.Write(t.Context(), access.System("test"), func(tx *store.Tx) error { return matching.KeepMatches(tx, found) })
	if err != nil {
		t.Fatal(err)
	}
}

func TestMatchesComeMostProbableFirstAndEachOnce(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		p := func(n byte) id.ID { return id.ID{15: n} }
		keep(t, j, matching.Match{A: p(2), B: p(1), Probability: 900_000, Verdict: matching.Possible},
			matching.Match{A: p(1), B: p(3), Probability: 950_000, Verdict: matching.Possible},
			matching.Match{A: p(2), B: p(3), Probability: 900_000, Verdict: matching.Possible},
			matching.Match{A: p(4), B: p(5), Probability: 999_999, Verdict: matching.Same})
		keep(t, j, matching.Match{A: p(1), B: p(3), Probability: 960_000, Verdict: matching.Possible, Levels: "ab-"})
		read(t, j, func(tx *store.Tx) error {
			var order []byte
			var last matching.Match
			for {
				page, err := matching.MatchesBelow(tx, matching.Possible, last, 1)
				if err != nil || len(page) == 0 {
					break
				}
				last = page[0]
				order = append(order, last.A[15], last.B[15])
			}
			if string(order) != "\x01\x03\x01\x02\x02\x03" {
				t.Errorf("order %v", order)
			}
			one, found, err := matching.MatchOf(tx, p(3), p(1))
			if err != nil || !found || one.Probability != 960_000 || one.Levels != "ab-" {
				t.Errorf("%v %v %v", one, found, err)
			}
			if of, err := matching.MatchesOf(tx, p(2)); err != nil || len(of) != 2 {
				t.Errorf("matches of 2: %v %v", of, err)
			}
			return nil
		})
	})
}

func TestAMatchThatNoLongerHoldsIsGone(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		m := matching.Match{A: id.ID{15: 1}, B: id.ID{15: 2}, Verdict: matching.Same}
		keep(t, j, m)
		_, err := j.Write(t.Context(), access.System("test"), func(tx *store.Tx) error { return matching.DropMatches(tx, []matching.Match{m}) })
		if err != nil {
			t.Fatal(err)
		}
		read(t, j, func(tx *store.Tx) error {
			return matching.EachMatch(tx, func(m matching.Match) error { t.Errorf("still there: %v", m); return nil })
		})
	})
}
