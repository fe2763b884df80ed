package review

import (
	"cmp"
	"slices"
	"time"

	"sanad/delivery/matching"
	"sanad/delivery/payment"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
)

var leases = &store.Table{Name: "review_leases", Class: store.Local, Key: []string{"a", "b"},
	Columns: []string{"a", "b", "reviewer", "taken", "until"}}

const (
	leaseTime = 15 * time.Minute // how long a pair lies before one reader alone
	laterTime = 30 * time.Minute // how long a pair that somebody passed over rests
	window    = 48               // candidates of which the dearest goes first
)

// Pair names two records.
type Pair struct{ A, B id.ID }

// openMatches are pairs that wait for a first reader: no link, no other's desk,
// no word of a person yet, and no answer of a branch outstanding.
const openMatches = `SELECT m.a, m.b, m.probability FROM matches m WHERE m.decision = $1
	AND NOT EXISTS (SELECT 1 FROM links l WHERE l.a = m.a AND l.b = m.b AND l.until = 0)
	AND NOT EXISTS (SELECT 1 FROM distinct_pairs d WHERE d.a = m.a AND d.b = m.b AND d.until = 0)
	AND NOT EXISTS (SELECT 1 FROM review_leases s WHERE s.a = m.a AND s.b = m.b AND s.until > $2)
	AND NOT EXISTS (SELECT 1 FROM reviews r WHERE r.a = m.a AND r.b = m.b AND (r.state IN ('waiting', 'disputed')
		OR EXISTS (SELECT 1 FROM tasks t WHERE t.task = r.task AND t.closed = 0)))
	AND EXISTS (SELECT 1 FROM persons p WHERE p.person = m.a) AND EXISTS (SELECT 1 FROM persons p WHERE p.person = m.b)
	ORDER BY m.probability DESC, m.a, m.b LIMIT $3`

// Take hands the actor the next pair, and to nobody else for a quarter of an
// hour: the pair that lies before her already, then pairs that wait for a second
// reader and that she has not read, then the dearest of the likeliest. found is
// false where nothing waits. It needs access.LinkIdentity over the country.
func Take(tx *store.Tx) (next Pair, found bool, err error) {
	if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
		return Pair{}, false, err
	}
	now := tx.Now.UnixMicro()
	for _, ask := range []func(*store.Tx, int64) (Pair, bool, error){mine, second, dearest} {
		if next, found, err = ask(tx, now); err != nil || found {
			break
		}
	}
	if err != nil || !found {
		return Pair{}, false, err
	}
	return next, true, lease(tx, next, tx.Actor, leaseTime)
}

func scanPair(r *store.Row) Pair { return Pair{r.ID(), r.ID()} }

func mine(tx *store.Tx, now int64) (Pair, bool, error) {
	return store.One(tx, scanPair, "SELECT a, b FROM review_leases WHERE reviewer = $1 AND until > $2 ORDER BY taken LIMIT 1", tx.Actor, now)
}

func second(tx *store.Tx, now int64) (Pair, bool, error) {
	return store.One(tx, scanPair, `SELECT r.a, r.b FROM reviews r WHERE r.state IN ('waiting', 'disputed') AND NOT EXISTS (SELECT 1 FROM review_readings o WHERE o.review = r.review AND o.reader = $1)
		AND NOT EXISTS (SELECT 1 FROM review_leases s WHERE s.a = r.a AND s.b = r.b AND s.until > $2) ORDER BY r.at, r.review LIMIT 1`, tx.Actor, now)
}

// candidate is a pair with what makes it dear.
type candidate struct {
	Pair
	probability int64
	twice       money.Amount // what is paid by both, the lesser
	once        money.Amount // what is paid by either, the greater
}

// dearest is the pair by which most money may go twice, among the likeliest.
func dearest(tx *store.Tx, now int64) (Pair, bool, error) {
	var all []candidate
	for _, verdict := range []matching.Verdict{matching.Same, matching.Possible} {
		some, err := store.All(tx, func(r *store.Row) candidate { return candidate{Pair: scanPair(r), probability: r.Int()} },
			openMatches, string(verdict), now, window-len(all))
		if err != nil {
			return Pair{}, false, err
		}
		if all = append(all, some...); len(all) >= window {
			break
		}
	}
	if len(all) == 0 {
		return Pair{}, false, nil
	}
	persons := make([]id.ID, 0, 2*len(all))
	for _, c := range all {
		persons = append(persons, c.A, c.B)
	}
	stakes, err := payment.Stakes(tx, persons, recent(tx))
	for i := range all {
		a, b := stakes[all[i].A], stakes[all[i].B]
		all[i].twice, all[i].once = min(a, b), max(a, b)
	}
	return slices.MinFunc(all, dearer).Pair, true, err
}

func dearer(x, y candidate) int {
	return cmp.Or(cmp.Compare(y.expected(y.twice), x.expected(x.twice)), cmp.Compare(y.expected(y.once), x.expected(x.once)),
		cmp.Compare(y.probability, x.probability), x.A.Compare(y.A), x.B.Compare(y.B))
}

// expected weighs an amount by the probability, in dirhams.
func (c candidate) expected(a money.Amount) int64 { return int64(a) / 1000 * c.probability / 1000 }

// recent is the first month whose payments count as current: the quarter before.
func recent(tx *store.Tx) calendar.Month {
	return calendar.MonthOf(tx.Today().Year(), tx.Today().Month()).Quarter().Previous().Months()[0]
}

// lease keeps a pair for somebody; for nobody it only rests.
func lease(tx *store.Tx, p Pair, reader id.ID, length time.Duration) error {
	w := tx.Local()
	if err := w.Delete(leases, p.A, p.B); err != nil {
		return err
	}
	return w.Insert(leases, p.A, p.B, reader, tx.Now.UnixMicro(), tx.Now.Add(length).UnixMicro())
}

// Later puts a pair aside without a word: nobody is handed it for half an hour.
// It needs access.LinkIdentity over the country.
func Later(tx *store.Tx, a, b id.ID) error {
	if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
		return err
	}
	a, b = inOrder(a, b)
	if _, err := heldSince(tx, a, b); err != nil {
		return err
	}
	return lease(tx, Pair{a, b}, id.ID{15: 1}, laterTime)
}

// heldSince is when the actor was handed a pair, 0 where she was not; a pair that
// lies before somebody else is the fault "review.with_another".
func heldSince(tx *store.Tx, a, b id.ID) (int64, error) {
	type held struct {
		reviewer id.ID
		taken    int64
	}
	h, found, err := store.One(tx, func(r *store.Row) held { return held{r.ID(), r.Int()} },
		"SELECT reviewer, taken FROM review_leases WHERE a = $1 AND b = $2 AND until > $3", a, b, tx.Now.UnixMicro())
	switch {
	case err != nil || !found || h.reviewer == (id.ID{15: 1}):
		return 0, err
	case h.reviewer != tx.Actor:
		return 0, fault.Conflict("review.with_another")
	}
	return h.taken, nil
}

// Waits is how much is left to do.
type Waits struct {
	Pairs  int64 // that the search found and nobody has read
	Second int64 // that wait for a second reader, or for a third
	Asked  int64 // of which a branch was asked for a document
}

// Queue counts what waits for readers. It needs access.LinkIdentity over the
// country.
func Queue(tx *store.Tx) (w Waits, err error) {
	if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
		return Waits{}, err
	}
	for query, into := range map[string]*int64{
		"SELECT count(*) FROM reviews WHERE state IN ('waiting', 'disputed')":               &w.Second,
		"SELECT count(*) FROM reviews r JOIN tasks t ON t.task = r.task WHERE t.closed = 0": &w.Asked,
		`SELECT count(*) FROM matches m WHERE NOT EXISTS (SELECT 1 FROM reviews r WHERE r.a = m.a AND r.b = m.b)
			AND NOT EXISTS (SELECT 1 FROM links l WHERE l.a = m.a AND l.b = m.b AND l.until = 0)`: &w.Pairs,
	} {
		if *into, _, err = store.One(tx, (*store.Row).Int, query); err != nil {
			return w, err
		}
	}
	return w, nil
}
