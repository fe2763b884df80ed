package matching

import (
	"cmp"
	"slices"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/store"
)

// EachLink calls f for every link that stands, in order. It reveals identifiers
// only, and is a building block of verbs that ask for a capability.
func EachLink(tx *store.Tx, f func(Pair) error) error {
	return tx.Each(func(r *store.Row) error {
		p := Pair{A: r.ID(), B: r.ID(), Reason: Reason(r.Text()), Evidence: r.Text()}
		if r.Err() != nil {
			return r.Err()
		}
		return f(p)
	}, "SELECT a, b, reason, evidence FROM links WHERE until = 0 ORDER BY a, b")
}

// SameAs returns the other records of a person, also those linked through
// others, in order of their identifiers. It reveals identifiers only.
func SameAs(tx *store.Tx, person id.ID) ([]id.ID, error) {
	records, err := cluster(tx, person, nil)
	if err != nil || len(records) == 1 {
		return nil, err
	}
	return slices.DeleteFunc(records, func(r id.ID) bool { return r == person }), nil
}

// cluster returns all records of a person, her own included, in order of their
// identifiers, as if some links did not stand.
func cluster(tx *store.Tx, person id.ID, without map[Pair]bool) ([]id.ID, error) {
	found := []id.ID{person}
	for i := 0; i < len(found); i++ {
		here := found[i]
		others, err := store.All(tx, (*store.Row).ID, `SELECT b FROM links WHERE a = $1 AND until = 0
			UNION ALL SELECT a FROM links WHERE b = $1 AND until = 0`, here)
		if err != nil {
			return nil, err
		}
		for _, o := range others {
			if !contains(found, o) && !without[pairOf(here, o, "", "")] {
				found = append(found, o)
			}
		}
	}
	slices.SortFunc(found, id.ID.Compare)
	return found, nil
}

// Uncounted returns the persons whose record does not count, because the same
// human counts by another: the one with the later statement, at equal
// days the lower branch code, then the lower file number, then the older record.
// It reveals identifiers only.
func Uncounted(tx *store.Tx) (map[id.ID]bool, error) {
	humans, err := Humans(tx)
	if err != nil {
		return nil, err
	}
	uncounted := map[id.ID]bool{}
	for _, h := range humans {
		for _, p := range h.Others {
			uncounted[p] = true
		}
	}
	return uncounted, nil
}

// Clusters returns the records of every human who has several, the one that
// counts first. It reveals identifiers only.
func Clusters(tx *store.Tx) ([][]id.ID, error) {
	byRoot, err := seatsByRoot(tx)
	return ranked(byRoot), err
}

// seatsByRoot gathers the places of each human who has several records.
func seatsByRoot(tx *store.Tx) (map[id.ID][]seat, error) {
	root := map[id.ID]id.ID{}
	var find func(id.ID) id.ID
	find = func(p id.ID) id.ID {
		r, known := root[p]
		if !known || r == p {
			return p
		}
		r = find(r)
		root[p] = r
		return r
	}
	err := EachLink(tx, func(p Pair) error {
		a, b := find(p.A), find(p.B)
		if a.Compare(b) > 0 {
			a, b = b, a
		}
		root[a], root[b] = a, a
		return nil
	})
	if err != nil {
		return nil, err
	}
	places, err := seats(tx)
	byRoot := map[id.ID][]seat{}
	for _, s := range places {
		byRoot[find(s.person)] = append(byRoot[find(s.person)], s)
	}
	return byRoot, err
}

// seat is a person's place on a household.
type seat struct {
	person    id.ID
	statement calendar.Date
	branch    string
	file      string
	household id.ID
	name      string
}

const seatColumns = "SELECT p.person, h.statement, h.branch, h.file, p.household, p.name FROM persons p JOIN households h ON h.household = p.household WHERE "

func scanSeat(r *store.Row) seat {
	return seat{person: r.ID(), statement: r.Date(), branch: r.Text(), file: r.Text(), household: r.ID(), name: r.Text()}
}

// seats are those of everybody who is linked.
func seats(tx *store.Tx) ([]seat, error) {
	return store.All(tx, scanSeat, seatColumns+"p.person IN (SELECT a FROM links WHERE until = 0 UNION SELECT b FROM links WHERE until = 0) ORDER BY p.person")
}

// seatsOf are those of some persons, in no order; who is gone has none.
func seatsOf(tx *store.Tx, persons []id.ID) (found []seat, err error) {
	err = tx.EachIn(func(r *store.Row) error {
		found = append(found, scanSeat(r))
		return r.Err()
	}, seatColumns+"p.person", anyOf(persons))
	return found, err
}

// Repeated counts, by branch, the records that repeat a human who stands on
// another sheet and is counted there: what is to be taken off a count of
// persons. It names nobody.
func Repeated(tx *store.Tx) (map[string]int64, error) {
	byRoot, err := seatsByRoot(tx)
	counts := map[string]int64{}
	for _, seats := range byRoot {
		slices.SortFunc(seats, seat.compare)
		for _, s := range seats[1:] {
			counts[s.branch]++
		}
	}
	return counts, err
}

func ranked(byRoot map[id.ID][]seat) [][]id.ID {
	var clusters [][]id.ID
	for _, seats := range byRoot {
		slices.SortFunc(seats, seat.compare)
		persons := make([]id.ID, len(seats))
		for i, s := range seats {
			persons[i] = s.person
		}
		clusters = append(clusters, persons)
	}
	slices.SortFunc(clusters, func(a, b []id.ID) int { return a[0].Compare(b[0]) })
	return clusters
}

// compare puts the seat that counts first.
func (s seat) compare(o seat) int {
	return cmp.Or(cmp.Compare(o.statement, s.statement), strings.Compare(s.branch, o.branch), CompareFiles(s.file, o.file), s.person.Compare(o.person))
}

// CompareFiles orders file numbers as people do: 9/2026 before 10/2026.
func CompareFiles(a, b string) int {
	x, y := a, b
	for x != "" && y != "" {
		if digit(x[0]) && digit(y[0]) {
			m, n := digits(x), digits(y)
			p, q := strings.TrimLeft(x[:m], "0"), strings.TrimLeft(y[:n], "0")
			if c := cmp.Or(cmp.Compare(len(p), len(q)), strings.Compare(p, q)); c != 0 {
				return c
			}
			x, y = x[m:], y[n:]
			continue
		}
		if x[0] != y[0] {
			return cmp.Compare(x[0], y[0])
		}
		x, y = x[1:], y[1:]
	}
	return cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(a, b))
}

func digit(c byte) bool { return c >= '0' && c <= '9' }

func digits(s string) int {
	n := 0
	for n < len(s) && digit(s[n]) {
		n++
	}
	return n
}
