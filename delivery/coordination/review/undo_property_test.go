package review_test

import (
	"os"
	"strconv"
	"testing"
	"time"

	"sanad/platform/store"
)

// TestLinksAndTheirUndoLeaveNothingBehind holds figure 4 of the issue on a small
// scale; make soak runs ten thousand.
func TestLinksAndTheirUndoLeaveNothingBehind(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	if fixed, err := strconv.ParseUint(os.Getenv("SANAD_SEED"), 10, 64); err == nil {
		seed = fixed
	}
	for engine, links := range map[string]int{"sqlite": 60, "postgres": 12} {
		t.Run(engine, func(t *testing.T) { linksAndUndos(t, engine, seed, links, links/3, store.Options{}) })
	}
}
