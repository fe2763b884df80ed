package policy

import (
	"sanad/delivery/matching"
	"sanad/platform/id"
	"sanad/platform/store"
)

// countedElsewhere returns the persons whose record counts in another household,
// by the identity links: a person counts once in the country.
func countedElsewhere(tx *store.Tx) (map[id.ID]bool, error) { return matching.Uncounted(tx) }
