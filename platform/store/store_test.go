package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/store/storetest"
)

var streams = &store.Table{Name: "streams", Class: store.Sealed, Key: []string{"stream"},
	Columns: []string{"stream", "epoch", "sequence", "hash", "writer"}, Version: "sequence"}

func write(db *store.DB, work func(tx *store.Tx) error) error {
	return db.Write(context.Background(), store.Session{}, work)
}

func sequence(t *testing.T, db *store.DB, stream string) int64 {
	t.Helper()
	var n int64 = -1
	err := db.Read(context.Background(), store.Session{}, func(tx *store.Tx) error {
		return tx.Each(func(r *store.Row) error { n = r.Int(); return r.Err() }, "SELECT sequence FROM streams WHERE stream = $1", stream)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAFailedMemberOfAGroupUndoesOnlyItself(t *testing.T) {
	storetest.Both(t, func(t *testing.T, db *store.DB) {
		var wait sync.WaitGroup
		for n := range 200 {
			wait.Add(1)
			go func() {
				defer wait.Done()
				err := write(db, func(tx *store.Tx) error {
					if err := tx.Projected().Insert(streams, fmt.Sprintf("s%03d", n), 0, n, []byte{1}, nil); err != nil {
						return err
					}
					if n%3 == 0 {
						return errors.New("refused")
					}
					return nil
				})
				if (err != nil) != (n%3 == 0) {
					t.Errorf("write %d: %v", n, err)
				}
			}()
		}
		wait.Wait()
		for n := range 200 {
			want := int64(n)
			if n%3 == 0 {
				want = -1
			}
			if got := sequence(t, db, fmt.Sprintf("s%03d", n)); got != want {
				t.Errorf("stream %d: %d, want %d", n, got, want)
			}
		}
	})
}

func TestAnOvertakenUpdateIsRefusedAndADuplicateNamed(t *testing.T) {
	storetest.Both(t, func(t *testing.T, db *store.DB) {
		insert := func(tx *store.Tx) error { return tx.Projected().Insert(streams, "a", 0, 5, []byte{1}, nil) }
		if err := write(db, insert); err != nil {
			t.Fatal(err)
		}
		if err := write(db, insert); !errors.Is(err, fault.Conflict("store.duplicate")) {
			t.Errorf("duplicate: %v", err)
		}
		stale := func(tx *store.Tx) error { return tx.Projected().Update(streams, []any{"a"}, "sequence", 9) }
		if err := write(db, stale); !errors.Is(err, fault.Conflict("store.changed")) {
			t.Errorf("stale update: %v", err)
		}
		next := func(tx *store.Tx) error { return tx.Projected().Update(streams, []any{"a"}, "sequence", 6) }
		if err := write(db, next); err != nil || sequence(t, db, "a") != 6 {
			t.Errorf("next update: %v", err)
		}
	})
}

func TestAQuerySeesTheTransactionsOwnBufferedRows(t *testing.T) {
	storetest.Both(t, func(t *testing.T, db *store.DB) {
		err := write(db, func(tx *store.Tx) error {
			for n := range 100 {
				if err := tx.Projected().Put(streams, "x", 0, n, []byte{byte(n)}, nil); err != nil {
					return err
				}
			}
			n, found, err := store.One(tx, func(r *store.Row) int64 { return r.Int() }, "SELECT sequence FROM streams WHERE stream = $1", "x")
			if n != 99 || !found {
				t.Errorf("got %d %v", n, found)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestDigestsOfBothEnginesAreEqual(t *testing.T) {
	table := *streams
	table.Class = store.Projected
	var digests []map[string][32]byte
	storetest.Both(t, func(t *testing.T, db *store.DB) {
		err := write(db, func(tx *store.Tx) error {
			for _, name := range []string{"محمد", "أحمد", "Zara", "a", "é", ""} {
				if err := tx.Projected().Insert(&table, name, 1, 1<<40, []byte(name+"x"), nil); err != nil {
					return err
				}
			}
			d, err := store.Digest(tx, []*store.Table{&table})
			digests = append(digests, d)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	if len(digests) != 2 || digests[0]["streams"] != digests[1]["streams"] {
		t.Errorf("digests differ: %x", digests)
	}
}

func TestALocalWriterCannotTouchJournalledTables(t *testing.T) {
	db := storetest.Open(t, "sqlite", store.Options{})
	err := write(db, func(tx *store.Tx) error {
		tx.Projected()
		return tx.Local().Insert(streams, "a", 0, 0, []byte{1}, nil)
	})
	if err == nil {
		t.Error("a local writer changed a sealed table")
	}
}

func TestAnEncryptedDatabaseShowsNothingWithoutItsKey(t *testing.T) {
	folder := t.TempDir()
	key := make([]byte, 32)
	key[5] = 7
	open := func(k []byte) (*store.DB, error) {
		return store.Open(context.Background(), folder, store.Options{PageKey: k})
	}
	db, err := open(key)
	if err != nil {
		t.Fatal(err)
	}
	if err := write(db, func(tx *store.Tx) error { return tx.Projected().Insert(streams, "a", 0, 5, []byte{1}, nil) }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	if other, err := open(nil); err == nil {
		other.Close()
		t.Error("opened without its key")
	}
	again, err := open(key)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if sequence(t, again, "a") != 5 {
		t.Error("lost what was written")
	}
}

func TestIdentifiersOfATransactionRiseAndDiffer(t *testing.T) {
	db := storetest.Open(t, "sqlite", store.Options{})
	err := write(db, func(tx *store.Tx) error {
		last := id.ID{}
		for range 10000 {
			next := tx.NewID()
			if next.Compare(last) <= 0 {
				t.Fatalf("%v after %v", next, last)
			}
			last = next
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAMistakeInAFullBufferUndoesTheWholeWrite(t *testing.T) {
	storetest.Both(t, func(t *testing.T, db *store.DB) {
		const rows = 40_000
		fill := func(twice int) error {
			return write(db, func(tx *store.Tx) error {
				for n := range rows {
					name := fmt.Sprintf("s%d", n)
					if n == twice {
						name = "s0"
					}
					if err := tx.Projected().Insert(streams, name, 0, n, []byte{1}, nil); err != nil {
						return err
					}
				}
				return nil
			})
		}
		for _, twice := range []int{10, 20_000, rows - 1} { // sent behind the work, and at its end
			if err := fill(twice); !errors.Is(err, fault.Conflict("store.duplicate")) {
				t.Errorf("row %d stands twice: %v", twice, err)
			}
			if n := sequence(t, db, "s5"); n != -1 {
				t.Errorf("row %d stands twice, and row 5 was kept", twice)
			}
		}
		if err := fill(rows); err != nil {
			t.Fatal(err)
		}
		if n := sequence(t, db, fmt.Sprintf("s%d", rows-1)); n != rows-1 {
			t.Errorf("the last row is %d", n)
		}
	})
}
