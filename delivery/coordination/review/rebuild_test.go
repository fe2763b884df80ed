package review_test

import (
	"slices"
	"testing"

	"sanad/delivery/coordination/review"
	"sanad/delivery/matching"
	"sanad/delivery/payment"
	"sanad/delivery/payment/paymenttest"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

func TestARebuildGivesTheSameReviewsAndLinks(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paidTown(t, j, 4)
		h := town.Households
		a, b := h[0].Children[0], h[1].Children[0]
		merge(t, j, a, b)
		as(t, j, amal, func(tx *store.Tx) error {
			return matching.Settle(tx, b, why, calendar.Of(2026, 9, 1), calendar.Of(2026, 10, 1))
		})
		as(t, j, amal, judge(review.Judgement{A: h[2].Father, B: h[3].Father, Verdict: review.Different, Reason: why}))
		as(t, j, amal, judge(review.Judgement{A: h[2].Mother, B: h[3].Mother, Verdict: review.Unsure, Reason: why, Document: "شهادة الميلاد"}))
		merge(t, j, h[2].Children[0], h[3].Children[0])
		as(t, j, paymenttest.Officer, func(tx *store.Tx) error {
			return review.Undo(tx, h[2].Children[0], h[3].Children[0], "سجلان لشخصين", true)
		})
		into := journaltest.Open(t, "sqlite")
		tables := slices.Concat(registry.Tables, matching.Tables, policy.Tables, payment.Tables, review.Tables)
		kinds := journal.NewCatalogue(journal.Kinds, registry.Kinds, matching.Kinds, policy.Kinds, payment.Kinds, review.Kinds)
		result, err := j.Rebuild(t.Context(), into, kinds, tables, nil)
		if err != nil || len(result.Differ) > 0 {
			t.Fatalf("rebuild: %v, tables that differ: %v", err, result.Differ)
		}
		if !same(t, into, a, b) || same(t, into, h[2].Children[0], h[3].Children[0]) {
			t.Error("links differ after the rebuild")
		}
	})
}
