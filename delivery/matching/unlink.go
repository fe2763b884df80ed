package matching

import (
	"sanad/delivery/registry"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// unlink closes links that stand, and with them what followed from them: nobody
// is left counting apart from herself, and no branch is asked about a link that
// is gone.
func unlink(tx *store.Tx, pairs []Pair, reason string) error {
	gone := map[Pair]bool{}
	for _, p := range pairs {
		gone[Pair{A: p.A, B: p.B}] = true
	}
	event := Unlinked{Pairs: pairs, Reason: reason, At: tx.Now.UnixMicro()}
	seen := map[id.ID]bool{}
	for _, p := range pairs {
		for _, end := range []id.ID{p.A, p.B} {
			if seen[end] {
				continue
			}
			seen[end] = true
			alone, closed, err := left(tx, end, gone)
			if err != nil {
				return err
			}
			event.Alone, event.Closed = append(event.Alone, alone...), append(event.Closed, closed...)
		}
		closed, err := placesOf(tx, p, gone)
		if err != nil {
			return err
		}
		event.Closed = append(event.Closed, closed...)
	}
	event.Closed = once(event.Closed)
	return journal.Record(tx, event)
}

func once(list []id.ID) (kept []id.ID) {
	for _, one := range list {
		if !contains(kept, one) {
			kept = append(kept, one)
		}
	}
	return kept
}

// left tells what ends for a record at one end of links that go: where it is
// nobody else's any more, it does not count apart, and nobody is asked about it.
func left(tx *store.Tx, person id.ID, gone map[Pair]bool) (alone, closed []id.ID, err error) {
	rest, err := cluster(tx, person, gone)
	if err != nil || len(rest) > 1 {
		return nil, nil, err
	}
	apart, err := CountedApart(tx, person)
	if err != nil {
		return nil, nil, err
	}
	if apart {
		alone = []id.ID{person}
	}
	closed, err = openTasksOf(tx, person, TaskTwoPaid)
	return alone, closed, err
}

// placesOf are the open questions which of two households keeps the family,
// where no other link says any more that they share somebody.
func placesOf(tx *store.Tx, p Pair, gone map[Pair]bool) ([]id.ID, error) {
	seats, err := seatsOf(tx, []id.ID{p.A, p.B})
	if err != nil || len(seats) != 2 {
		return nil, err
	}
	one, other := seats[0], seats[1]
	shared := false
	err = tx.Each(func(r *store.Row) error {
		if link := (Pair{A: r.ID(), B: r.ID()}); !gone[link] {
			shared = true
		}
		return r.Err()
	}, `SELECT l.a, l.b FROM persons p JOIN links l ON l.a = p.person AND l.until = 0 JOIN persons q ON q.person = l.b
		WHERE p.household = $1 AND q.household = $2 OR p.household = $2 AND q.household = $1`, one.household, other.household)
	if err != nil || shared {
		return nil, err
	}
	var closed []id.ID
	for _, side := range [][2]seat{{one, other}, {other, one}} {
		t := registry.Ask(side[0].household, side[0].branch, TaskTwoPlaces, id.ID{}, "", "branch", side[1].branch, "file", side[1].file)
		_, open, err := store.One(tx, (*store.Row).Int, "SELECT opened FROM tasks WHERE task = $1 AND closed = 0", t.ID)
		if err != nil {
			return nil, err
		}
		if open {
			closed = append(closed, t.ID)
		}
	}
	return closed, nil
}

// undone is the answer of a question that was put by a link which was undone: it
// may be asked again.
const undone = "undone"

// closeTasks closes questions that links had put, unless something failed before.
func closeTasks(w *store.Writer, closed []id.ID, at int64, before error) error {
	for _, task := range closed {
		if before != nil {
			return before
		}
		before = registry.CloseWith(w, task, at, undone)
	}
	return before
}
