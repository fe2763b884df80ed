package main

import (
	"fmt"
	"io"
	"slices"

	"sanad/delivery/coordination/review"
	"sanad/delivery/enrolment"
	"sanad/delivery/intake"
	"sanad/delivery/matching"
	"sanad/delivery/monitoring/rings"
	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/delivery/strategy"
	"sanad/platform/access"
	"sanad/platform/geography"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/sync"
)

// kinds is the explicit list of every kind of event that this program records
// and replays, and which of them the diwan takes from a branch; tables that of
// every table. A new step is added here.
var (
	kinds = journal.NewCatalogue(journal.Kinds, geography.Kinds, access.Kinds, sync.Kinds,
		registry.Kinds, matching.Kinds, intake.Kinds, policy.Kinds, enrolment.Kinds, payment.Kinds, review.Kinds, rings.Kinds).
		FromBranches(access.Kinds, registry.Kinds, intake.Kinds)
	tables = slices.Concat(journal.Tables, geography.Tables, access.Tables, sync.Tables,
		registry.Tables, matching.Tables, intake.Tables, policy.Tables, enrolment.Tables, payment.Tables, review.Tables, rings.Tables, strategy.Tables)
)

// projected counts the tables that take part in the digest.
func projected() int {
	n := 0
	for _, t := range tables {
		if t.Class == store.Projected {
			n++
		}
	}
	return n
}

// progress returns a function that shows how far a long piece of work has come,
// a line each hundred thousand.
func progress(w io.Writer, what string) func(int64) {
	last := int64(0)
	return func(done int64) {
		if done/100_000 > last/100_000 {
			fmt.Fprintf(w, "%d %s\n", done, what)
		}
		last = done
	}
}
