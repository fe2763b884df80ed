// Package journaltest gives tests an empty journal of each engine, with a node
// that exists only for the test.
package journaltest

import (
	"bytes"
	"testing"

	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/store/storetest"
)

// Node is a node for tests; its keys are always the same.
func Node(role, code string) journal.Node {
	n := journal.Node{Role: role, Code: code, Secret: bytes.Repeat([]byte{7}, 32)}
	copy(n.ID[:], role+"/"+code)
	if code == "" {
		n.Code = role
	}
	return n
}

// Open opens an empty journal of the diwan on an engine.
func Open(t testing.TB, engine string) *journal.Journal {
	t.Helper()
	return OpenAs(t, engine, Node(journal.RoleDiwan, ""), store.Options{})
}

// OpenAs opens an empty journal of some node.
func OpenAs(t testing.TB, engine string, node journal.Node, o store.Options) *journal.Journal {
	t.Helper()
	return journal.New(storetest.Open(t, engine, o), node)
}

// Both runs a test on SQLite and on PostgreSQL.
func Both(t *testing.T, test func(t *testing.T, j *journal.Journal)) {
	t.Helper()
	storetest.Both(t, func(t *testing.T, db *store.DB) { test(t, journal.New(db, Node(journal.RoleDiwan, ""))) })
}

// Write runs work as somebody who holds every role named, over the country.
func Write(t testing.TB, j *journal.Journal, work func(*store.Tx) error, roles ...string) journal.Receipt {
	t.Helper()
	receipt, err := j.Write(t.Context(), Session(roles...), work)
	if err != nil {
		t.Fatalf("write: %v", err)
	}
	return receipt
}

// Session is a person of the diwan with roles over the whole country.
func Session(roles ...string) store.Session {
	s := store.Session{Actor: id.ID{15: 1}, Purpose: "test"}
	for _, r := range roles {
		s.Grants = append(s.Grants, store.Grant{Role: r})
	}
	return s
}
