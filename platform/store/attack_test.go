package store

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"sanad/platform/fault"
)

var attacked = &Table{Name: "streams", Class: Sealed, Key: []string{"stream"},
	Columns: []string{"stream", "epoch", "sequence", "hash", "writer"}}

func openFolder(t *testing.T, folder string, o Options) *DB {
	t.Helper()
	db, err := Open(context.Background(), folder, o)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func put(db *DB, name string, hash []byte) error {
	return db.Write(context.Background(), Session{}, func(tx *Tx) error {
		return tx.Projected().Put(attacked, name, 0, 1, hash, nil)
	})
}

func countRows(t *testing.T, db *DB) (n int64) {
	t.Helper()
	err := db.Read(context.Background(), Session{}, func(tx *Tx) (err error) {
		n, _, err = One(tx, (*Row).Int, "SELECT count(*) FROM streams")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A full disk makes SQLite undo the whole transaction in the middle of a group:
// nobody of the group may be told that his work was kept.
func TestAFullDiskEndsTheProgramAndAcknowledgesNothingLost(t *testing.T) {
	folder := t.TempDir()
	var failed atomic.Int64
	db := openFolder(t, folder, Options{Fatal: func(error) { failed.Add(1) }})
	defer db.Close()
	if err := db.engine.(*sqlite).all[0].conn.Exec("PRAGMA max_page_count=220"); err != nil {
		t.Fatal(err)
	}
	var acknowledged sync.Map
	var wait sync.WaitGroup
	for n := range 400 {
		wait.Go(func() {
			name := fmt.Sprintf("s%03d", n)
			if put(db, name, make([]byte, 3000)) == nil {
				acknowledged.Store(name, true)
			}
		})
	}
	wait.Wait()
	if failed.Load() == 0 {
		t.Error("the disk was full and the program went on")
	}
	lost := 0
	acknowledged.Range(func(name, _ any) bool {
		err := db.Read(context.Background(), Session{}, func(tx *Tx) error {
			_, found, err := One(tx, (*Row).Int, "SELECT sequence FROM streams WHERE stream = $1", name)
			if !found {
				lost++
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return true
	})
	if lost > 0 {
		t.Errorf("%d acknowledged writes are not there", lost)
	}
}

func TestAPanicInAReadLeavesItsConnectionUsable(t *testing.T) {
	db := openFolder(t, t.TempDir(), Options{})
	defer db.Close()
	for n := range 3 * sqliteReaders {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = db.Read(context.Background(), Session{}, func(tx *Tx) error {
				return tx.Each(func(*Row) error { panic("in a row") }, "SELECT name FROM migrations")
			})
		}()
		if err := put(db, fmt.Sprintf("s%d", n), []byte{1}); err != nil {
			t.Fatal(err)
		}
		if got := countRows(t, db); got != int64(n+1) {
			t.Fatalf("after %d panics a read sees %d rows", n+1, got)
		}
	}
}

func TestAPanicWhileRowsAreReadUndoesOnlyItsOwnWrite(t *testing.T) {
	db := openFolder(t, t.TempDir(), Options{})
	defer db.Close()
	for n := range 10 {
		err := db.Write(context.Background(), Session{}, func(tx *Tx) error {
			if err := tx.Projected().Insert(attacked, "x", 0, 1, []byte{1}, nil); err != nil {
				return err
			}
			return tx.Each(func(*Row) error { panic("in a row") }, "SELECT name FROM migrations")
		})
		if err == nil {
			t.Fatal("a panic was acknowledged")
		}
		if err := put(db, fmt.Sprintf("s%d", n), []byte{1}); err != nil {
			t.Fatal(err)
		}
	}
	if got := countRows(t, db); got != 10 {
		t.Errorf("%d rows", got)
	}
}

func TestNobodyWaitsForADatabaseThatCloses(t *testing.T) {
	for range 12 {
		db := openFolder(t, t.TempDir(), Options{})
		var wait sync.WaitGroup
		for n := range 30 {
			wait.Go(func() {
				err := put(db, fmt.Sprint(n), []byte{1})
				if err != nil && !errors.Is(err, fault.Unavailable("store.closing")) {
					t.Errorf("write: %v", err)
				}
			})
			wait.Go(func() {
				err := db.Read(context.Background(), Session{}, func(tx *Tx) error {
					_, _, err := One(tx, (*Row).Int, "SELECT count(*) FROM streams")
					return err
				})
				if err != nil && !errors.Is(err, fault.Unavailable("store.closing")) {
					t.Errorf("read: %v", err)
				}
			})
		}
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
		done := make(chan struct{})
		go func() { wait.Wait(); close(done) }()
		select {
		case <-done:
		case <-time.After(20 * time.Second):
			t.Fatal("a write waits for a database that was closed")
		}
		if err := put(db, "late", []byte{1}); !errors.Is(err, fault.Unavailable("store.closing")) {
			t.Errorf("a write after closing: %v", err)
		}
		if err := db.Close(); err != nil {
			t.Errorf("closed twice: %v", err)
		}
	}
}

func TestADatabaseOpenedForReadingRefusesToWrite(t *testing.T) {
	folder := t.TempDir()
	openFolder(t, folder, Options{}).Close()
	db := openFolder(t, folder, Options{ReadOnly: true})
	defer db.Close()
	answer := make(chan error, 1)
	go func() { answer <- put(db, "x", []byte{1}) }()
	select {
	case err := <-answer:
		if !errors.Is(err, fault.Forbidden("store.read_only")) {
			t.Errorf("answer: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("a write waits for ever")
	}
}

// Two programs on one database write as if they were one: nothing is lost, and
// neither starves.
func TestTwoProcessesCountTogether(t *testing.T) {
	for engine, location := range bothEngines(t) {
		t.Run(engine, func(t *testing.T) {
			first, second := openFolder(t, location, Options{}), openFolder(t, location, Options{})
			defer first.Close()
			defer second.Close()
			if err := put(first, "count", []byte{1}); err != nil {
				t.Fatal(err)
			}
			const writers, each = 8, 25
			var wait sync.WaitGroup
			for n := range writers {
				wait.Go(func() {
					for range each {
						if err := addOne([]*DB{first, second}[n%2]); err != nil {
							t.Errorf("%s: %v", engine, err)
						}
					}
				})
			}
			wait.Wait()
			if got := sequenceOf(t, first, "count"); got != 1+writers*each {
				t.Errorf("counted to %d, want %d", got, 1+writers*each)
			}
		})
	}
}

func bothEngines(t *testing.T) map[string]string {
	return map[string]string{"sqlite": t.TempDir(), "postgres": postgresForTests(t)}
}

func addOne(db *DB) error {
	return db.Write(context.Background(), Session{}, func(tx *Tx) error {
		n, _, err := One(tx, (*Row).Int, "SELECT sequence FROM streams WHERE stream = 'count'")
		if err != nil {
			return err
		}
		return tx.Projected().Put(attacked, "count", 0, n+1, []byte{1}, nil)
	})
}

func sequenceOf(t *testing.T, db *DB, name string) (n int64) {
	t.Helper()
	err := db.Read(context.Background(), Session{}, func(tx *Tx) (err error) {
		n, _, err = One(tx, (*Row).Int, "SELECT sequence FROM streams WHERE stream = $1", name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// A connection that dies in the middle costs its own write and nobody else's.
func TestALostConnectionAcknowledgesNothingAndTheNextWriteWorks(t *testing.T) {
	db := openFolder(t, postgresForTests(t), Options{})
	defer db.Close()
	kill := func(tx *Tx) error {
		if err := tx.Projected().Insert(attacked, "lost", 0, 1, []byte{1}, nil); err != nil {
			return err
		}
		_, _, err := One(tx, (*Row).Bool, "SELECT CASE WHEN pg_terminate_backend(pg_backend_pid()) THEN 1 ELSE 0 END")
		return err
	}
	for n := range 5 {
		var wait sync.WaitGroup
		for m := range 10 {
			wait.Go(func() {
				if err := put(db, fmt.Sprintf("w%d-%d", n, m), []byte{1}); err != nil {
					t.Errorf("another's write: %v", err)
				}
			})
		}
		if err := db.Write(context.Background(), Session{}, kill); err == nil {
			t.Error("a write whose connection died was acknowledged")
		}
		wait.Wait()
		// Connections that died while nobody used them are passed over too.
		if err := addKilled(db); err != nil {
			t.Fatal(err)
		}
		if err := put(db, fmt.Sprintf("s%d", n), []byte{1}); err != nil {
			t.Errorf("the next write: %v", err)
		}
		if got := countRows(t, db); got != int64(11*(n+1)) {
			t.Errorf("%d rows after %d rounds", got, n+1)
		}
	}
}

// addKilled ends every connection of the database but its own.
func addKilled(db *DB) error {
	return db.Read(context.Background(), Session{}, func(tx *Tx) error {
		return tx.Each(func(*Row) error { return nil },
			"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	})
}
