package store_test

import (
	"slices"
	"testing"

	"sanad/platform/store"
	"sanad/platform/store/storetest"
)

func TestEachInFindsExactlyTheRowsNamed(t *testing.T) {
	storetest.Both(t, func(t *testing.T, db *store.DB) {
		err := db.Read(t.Context(), store.Session{}, func(tx *store.Tx) error {
			numbers := "WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) SELECT i FROM n WHERE i >= $1 AND i"
			for _, count := range []int{0, 1, 64, 65, 500, 501, 1200} {
				var values []any
				var want, got []int64
				for i := range count {
					values = append(values, int64(i))
					if i >= 3 {
						want = append(want, int64(i))
					}
				}
				err := tx.EachIn(func(r *store.Row) error {
					got = append(got, r.Int())
					return r.Err()
				}, numbers, values, int64(3))
				slices.Sort(got)
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("%d values: %d rows, %v", count, len(got), err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
