package review

import (
	"slices"
	"time"

	"sanad/platform/access"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Reviewer is how somebody reads: how much, how fast, and how often another
// reader came to the same answer.
type Reviewer struct {
	Person    id.ID
	Readings  int64
	Same      int64
	Different int64
	Unsure    int64
	Median    time.Duration // of what was handed out
	Compared  int64         // readings that somebody else read as well
	Agreed    int64         // of these, with the answer that came of it
	Undone    int64         // links that were undone later
}

// Reviewers tells how reviewers read since a moment, in the order of their
// identifiers. It needs access.LinkIdentity over the country, or access.SeeJournal.
func Reviewers(tx *store.Tx, since time.Time) ([]Reviewer, error) {
	if !access.Holds(tx, access.SeeJournal) {
		if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
			return nil, err
		}
	}
	all, err := find(tx, "r.review IN (SELECT review FROM review_readings WHERE at >= $1)", since.UnixMicro())
	if err != nil {
		return nil, err
	}
	by, took := map[id.ID]*Reviewer{}, map[id.ID][]int64{}
	for _, r := range all {
		for _, reading := range r.Readings {
			one := by[reading.Reader]
			if one == nil {
				one = &Reviewer{Person: reading.Reader}
				by[reading.Reader] = one
			}
			one.add(r, reading)
			if reading.Took > 0 {
				took[reading.Reader] = append(took[reading.Reader], reading.Took)
			}
		}
	}
	var list []Reviewer
	for person, one := range by {
		if times := took[person]; len(times) > 0 {
			slices.Sort(times)
			one.Median = time.Duration(times[len(times)/2]) * time.Millisecond
		}
		list = append(list, *one)
	}
	slices.SortFunc(list, func(x, y Reviewer) int { return x.Person.Compare(y.Person) })
	return list, nil
}

// add counts one reading.
func (o *Reviewer) add(r Review, reading Reading) {
	o.Readings++
	switch reading.Verdict {
	case Same:
		o.Same++
	case Different:
		o.Different++
	default:
		o.Unsure++
	}
	if len(r.Readings) > 1 {
		o.Compared++
		if reading.Verdict == r.Verdict() {
			o.Agreed++
		}
	}
	if r.State == Undone {
		o.Undone++
	}
}
