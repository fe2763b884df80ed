package store_test

import (
	"testing"

	"sanad/platform/store"
	"sanad/platform/store/storetest"
)

func init() {
	store.PostgresForTests = func(t testing.TB) string { return storetest.Location(t, "postgres") }
}
