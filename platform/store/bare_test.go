package store_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"sanad/platform/fault"
	"sanad/platform/store"
	"sanad/platform/store/storetest"
)

func TestBareRowsAreTheRowsThatWereTaken(t *testing.T) {
	storetest.Both(t, func(t *testing.T, db *store.DB) {
		table := streams
		err := write(db, func(tx *store.Tx) error {
			for n := range 100 {
				if err := tx.Projected().Insert(table, fmt.Sprintf("مجرى %d", n), -n, n, []byte{byte(n)}, nil); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := store.TakeRows(t.Context(), db, t.TempDir(), []*store.Table{table})
		if err != nil || rows.Count() != 100 {
			t.Fatalf("took %d rows: %v", rows.Count(), err)
		}
		bare := storetest.Open(t, db.Engine(), store.Options{})
		if err := bare.Bare(t.Context(), rows, 3); err != nil {
			t.Fatal(err)
		}
		if digestOf(t, db, table) != digestOf(t, bare, table) {
			t.Error("the bare rows differ from those that were taken")
		}
		if err := bare.Bare(t.Context(), rows, 3); !errors.Is(err, fault.Conflict("store.not_empty")) {
			t.Errorf("a table that holds rows was written bare: %v", err)
		}
	})
}

func digestOf(t *testing.T, db *store.DB, table *store.Table) [32]byte {
	t.Helper()
	var digest map[string][32]byte
	counted := *table
	counted.Class = store.Projected
	err := db.Read(context.Background(), store.Session{}, func(tx *store.Tx) (err error) {
		digest, err = store.Digest(tx, []*store.Table{&counted})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return digest[table.Name]
}
