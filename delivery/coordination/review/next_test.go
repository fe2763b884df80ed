package review_test

import (
	"slices"
	"testing"
	"time"

	"sanad/delivery/coordination/review"
	"sanad/delivery/matching"
	"sanad/delivery/payment/paymenttest"
	"sanad/platform/id"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// TestTheNextPairIsReadyAtOnce holds the tenth of a second that the issue allows,
// with a long queue of which the head was worked off.
func TestTheNextPairIsReadyAtOnce(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	town := paidTown(t, j, 60)
	var people []id.ID
	for _, h := range town.Households {
		people = append(people, append([]id.ID{h.Father, h.Mother}, h.Children...)...)
	}
	as(t, j, paymenttest.Officer, func(tx *store.Tx) error {
		var all []matching.Match
		for a := range people {
			for b := range people[:a] {
				all = append(all, matching.Match{A: people[a], B: people[b], Probability: int64(500_000 + (a*len(people)+b)%400_000), Verdict: matching.Possible})
			}
		}
		t.Logf("%d pairs wait", len(all))
		return matching.KeepMatches(tx, all)
	})
	var took []time.Duration
	for range 40 {
		start := time.Now()
		p := next(t, j, amal)
		took = append(took, time.Since(start))
		as(t, j, amal, judge(review.Judgement{A: p.A, B: p.B, Verdict: review.Different, Reason: why}))
	}
	slices.Sort(took)
	t.Logf("next pair: median %v, 95 of 100 within %v", took[20], took[37])
	if took[20] > 100*time.Millisecond {
		t.Errorf("half of the pairs took longer than %v", took[20])
	}
}
