package matching_test

import (
	"strings"
	"testing"

	"sanad/delivery/matching"
	"sanad/delivery/matching/linkage"
	"sanad/platform/access"
	"sanad/platform/calendar"
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

const smallModel = `
model: small
fields:
  - {field: name, compare: full_name}
  - {field: birth, compare: date}
  - {field: mother_name, compare: full_name}
apart: [household]
blocking: all
`

func find(t *testing.T, j *journal.Journal, model *linkage.Model) matching.Searched {
	t.Helper()
	done, err := matching.Search(t.Context(), j, access.System("test"), model, true)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func TestWhoWasToldApartIsNotFoundAgain(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		model, err := linkage.ReadModel(strings.NewReader(smallModel), "small")
		if err != nil {
			t.Fatal(err)
		}
		family := []string{"خالد", "سالم", "هدى", "مريم", "يوسف"}
		var persons [][]id.ID
		for n, family := range []string{"الورفلي", "القماطي", "الزنتاني", "الورفلي"} {
			var people []person
			for i, own := range []string{"خالد", "سالم", "هدى", "مريم", "يوسف"} {
				people = append(people, person{name: own + " عمر إبراهيم " + family, mother: "زينب منصور مفتاح " + family, birth: calendar.Of(1990+i+n%3*5, 1+i, 3+i)})
			}
			persons = append(persons, state(t, j, "LY01010"+string(rune('2'+n)), "1", calendar.Of(2026, 10, 1), people...))
		}
		find(t, j, model)
		one, other := persons[0][1], persons[3][1]
		var before matching.Match
		read(t, j, func(tx *store.Tx) (err error) {
			before, _, err = matching.MatchOf(tx, one, other)
			return err
		})
		if before.Verdict == "" {
			t.Fatalf("%s was not found in two lists", family[1])
		}
		_, err = j.Write(t.Context(), access.System("test"), func(tx *store.Tx) error {
			if linked, err := matching.SameAs(tx, one); err != nil || len(linked) > 0 {
				if err == nil {
					err = matching.Unlink(tx, one, other, "the family was asked")
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		_, err = j.Write(t.Context(), access.System("test"), func(tx *store.Tx) error {
			return matching.Distinguish(tx, one, other, "the family was asked: cousins")
		})
		if err != nil {
			t.Fatal(err)
		}
		find(t, j, model)
		read(t, j, func(tx *store.Tx) error {
			if m, found, err := matching.MatchOf(tx, one, other); err != nil || found {
				t.Errorf("told apart and found again: %v %v", m, err)
			}
			return nil
		})
	})
}
