package store

import "testing"

// PostgresForTests is set by the outer tests: storetest imports this package.
var PostgresForTests func(testing.TB) string

func postgresForTests(t testing.TB) string { return PostgresForTests(t) }
