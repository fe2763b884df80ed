//go:build soak

package policy

import (
	"testing"
	"time"

	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
)

// TestSoakAHundredThousandPastDecisionsReplayEqual lets facts and law change
// until more than 100,000 decisions are recorded, and replays every one.
func TestSoakAHundredThousandPastDecisionsReplayEqual(t *testing.T) {
	const seed = 3
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		live(t, j, seed, 8000, 12)
		began := time.Now()
		all := replayOf(t, j, Which{})
		t.Logf("seed %d: %d decisions by %d releases replayed in %s, all equal", seed, all.Decisions, all.Releases, time.Since(began))
		if all.Decisions < 100_000 {
			t.Errorf("only %d decisions", all.Decisions)
		}
	})
}
