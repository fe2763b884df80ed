//go:build soak

package review_test

import (
	"testing"
	"time"

	"sanad/platform/store"
)

// TestSoakTenThousandLinksAndUndos is figure 4 of the issue in full.
func TestSoakTenThousandLinksAndUndos(t *testing.T) {
	linksAndUndos(t, "sqlite", uint64(time.Now().UnixNano()), 10_000, 400, store.Options{})
}
