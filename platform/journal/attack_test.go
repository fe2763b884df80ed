package journal_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
	"sanad/platform/store/storetest"
)

// local changes rows as somebody with rights on the database would: without the
// node's keys.
func local(t *testing.T, j *journal.Journal, work func(w *store.Writer) error) {
	t.Helper()
	if err := j.DB.Write(context.Background(), store.Session{}, func(tx *store.Tx) error { return work(tx.Projected()) }); err != nil {
		t.Fatal(err)
	}
}

func table(name string) *store.Table {
	for _, t := range journal.Tables {
		if t.Name == name {
			return t
		}
	}
	panic(name)
}

// withFiles is a journal whose node has files of its own.
func withFiles(t *testing.T, engine string) (j *journal.Journal, folder string) {
	t.Helper()
	folder = t.TempDir()
	node, err := journal.NewNode(folder, id.ID{1}, journal.RoleDiwan, journal.RoleDiwan)
	if err != nil {
		t.Fatal(err)
	}
	return journal.New(storetest.Open(t, engine, store.Options{}), node), folder
}

func verdict(t *testing.T, j *journal.Journal) journal.Verdict {
	t.Helper()
	v, err := journal.New(j.DB, j.Node).Verify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestVerifyFindsKeysThatWereAlteredRemovedOrSwapped(t *testing.T) {
	keys := table("sealing_keys")
	for name, tamper := range map[string]func(w *store.Writer, ids []id.ID, wrapped [][]byte) error{
		"journal.key_altered": func(w *store.Writer, ids []id.ID, wrapped [][]byte) error {
			wrapped[0][20] ^= 1
			return w.Put(keys, ids[0], wrapped[0])
		},
		"journal.key_missing": func(w *store.Writer, ids []id.ID, _ [][]byte) error { return w.Delete(keys, ids[0]) },
		"journal.key_altered ": func(w *store.Writer, ids []id.ID, wrapped [][]byte) error {
			return errors.Join(w.Put(keys, ids[0], wrapped[1]), w.Put(keys, ids[1], wrapped[0]))
		},
	} {
		journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
			ids := fill(t, j, 2)
			if v := verdict(t, j); !v.Holds() {
				t.Fatalf("before: %+v", v)
			}
			wrapped := make([][]byte, 2)
			err := j.DB.Read(context.Background(), store.Session{}, func(tx *store.Tx) error {
				return tx.Batch(func(i int, r *store.Row) error { wrapped[i] = r.Bytes(); return r.Err() },
					"SELECT wrapped FROM sealing_keys WHERE owner = $1", [][]any{{ids[0]}, {ids[1]}})
			})
			if err != nil {
				t.Fatal(err)
			}
			local(t, j, func(w *store.Writer) error { return tamper(w, ids, wrapped) })
			if v := verdict(t, j); v.Reason != name && v.Reason+" " != name {
				t.Errorf("%s: %+v", name, v)
			}
		})
	}
}

// Who may change every row of the database takes the last entries back, with the
// heads as they were and without the checkpoints: nothing inside tells.
func TestTheAnchorFindsAPastThatWasRewrittenWithItsHeadsAndCheckpoints(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			j, folder := withFiles(t, engine)
			fill(t, j, 4)
			var heads [][]any
			entries := int64(0)
			err := j.DB.Read(context.Background(), store.Session{}, func(tx *store.Tx) (err error) {
				entries, _, err = store.One(tx, (*store.Row).Int, "SELECT max(arrival) FROM journal")
				if err != nil {
					return err
				}
				heads, err = store.All(tx, func(r *store.Row) []any {
					return []any{r.Text(), r.Int(), r.Int(), r.Bytes(), nil}
				}, "SELECT stream, epoch, sequence, hash FROM streams")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			fill(t, j, 1)
			if _, err := j.Checkpoint(context.Background()); err != nil {
				t.Fatal(err)
			}
			if err := j.CheckAnchor(context.Background()); err != nil {
				t.Errorf("a sound database: %v", err)
			}
			takeBack(t, j, entries, heads)
			if v := verdict(t, j); v.Reason != "journal.behind_anchor" {
				t.Errorf("taken back: %+v", v)
			}
			if err := j.CheckAnchor(context.Background()); !errors.Is(err, fault.Conflict("journal.older_copy")) {
				t.Errorf("opened all the same: %v", err)
			}
			// The other person's entry in the place of the one that was signed.
			fill(t, j, 2)
			if v := verdict(t, j); v.Reason != "journal.behind_anchor" {
				t.Errorf("written anew: %+v", v)
			}
			if err := os.WriteFile(filepath.Join(folder, "anchor.json"), []byte(`{"arrival":1}`), 0o600); err != nil {
				t.Fatal(err)
			}
			if v := verdict(t, j); v.Reason != "journal.signature_wrong" {
				t.Errorf("a forged anchor: %+v", v)
			}
		})
	}
}

func takeBack(t *testing.T, j *journal.Journal, last int64, heads [][]any) {
	t.Helper()
	local(t, j, func(w *store.Writer) error {
		for n := last + 1; n < last+5; n++ {
			if err := errors.Join(w.Delete(table("journal"), n), w.Delete(table("checkpoints"), n)); err != nil {
				return err
			}
		}
		for _, h := range heads {
			if err := w.Put(table("streams"), h...); err != nil {
				return err
			}
		}
		return nil
	})
	err := j.DB.Write(context.Background(), store.Session{}, func(tx *store.Tx) error {
		gone, err := store.All(tx, (*store.Row).ID, "SELECT household FROM sheets s WHERE NOT EXISTS (SELECT 1 FROM journal j WHERE j.household = s.household)")
		for _, h := range gone {
			err = errors.Join(err, tx.Projected().Delete(table("sheets"), h, 1))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// A key that another member of the same group made is not remembered when the
// group is undone: what is sealed under it later could never be opened.
func TestAKeyOfAGroupThatWasUndoneSealsNothing(t *testing.T) {
	j := journaltest.Open(t, "postgres")
	var wait sync.WaitGroup
	overtaken := 0
	write := func(work func(tx *store.Tx) error) {
		wait.Go(func() {
			if _, err := j.Write(context.Background(), journaltest.Session(), work); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(20 * time.Millisecond) // they queue in this order
	}
	note := func(tx *store.Tx) error { return journal.Record(tx, journal.Viewed{Stream: "reads/x", Purpose: "p"}) }
	write(func(*store.Tx) error { time.Sleep(300 * time.Millisecond); return nil }) // the others queue behind it
	write(note)
	write(note)
	write(func(tx *store.Tx) error {
		if overtaken++; overtaken > 1 {
			return nil
		}
		return tx.Each(func(*store.Row) error { return nil }, "DO $$ BEGIN RAISE EXCEPTION 'overtaken' USING ERRCODE = '40001'; END $$")
	})
	wait.Wait()
	if overtaken != 2 {
		t.Fatalf("the last of the group ran %d times", overtaken)
	}
	if v := verdict(t, j); !v.Holds() || v.Entries != 2 {
		t.Errorf("verify: %+v", v)
	}
}

// Two processes write the first entries of many streams at once; whatever
// was undone and done again, every entry opens after a restart.
func TestEveryEntryOpensAfterTwoProcessesRaced(t *testing.T) {
	location := storetest.Location(t, "postgres")
	var both []*journal.Journal
	for range 2 {
		db, err := store.Open(context.Background(), location, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		both = append(both, journal.New(db, journaltest.Node(journal.RoleDiwan, "")))
	}
	errs := make(chan error, 80)
	for n := range cap(errs) {
		go func() {
			_, err := both[n%2].Write(context.Background(), journaltest.Session(), func(tx *store.Tx) error {
				return journal.Record(tx, journal.Viewed{Stream: fmt.Sprintf("branch/%d", n%4), Purpose: "x"})
			})
			errs <- err
		}()
	}
	for range cap(errs) {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if v := verdict(t, both[0]); !v.Holds() || v.Entries != 80 {
		t.Errorf("verify: %+v", v)
	}
	fresh, into := journal.New(both[0].DB, both[0].Node), journaltest.Open(t, "sqlite")
	if done, err := fresh.Rebuild(context.Background(), into, kinds, journal.Tables, nil); err != nil || done.Entries != 80 || len(done.Differ) > 0 {
		t.Errorf("rebuild: %+v %v", done, err)
	}
}

func TestACommandBelongsToWhoSentItFirst(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		record := func(actor byte, version byte) (journal.Receipt, error) {
			who := journaltest.Session()
			who.Actor, who.Command = id.ID{15: actor}, id.ID{1, 6: version << 4}
			return j.Write(context.Background(), who, func(tx *store.Tx) error {
				return journal.Record(tx, noted{Stream: journal.Diwan, Household: tx.NewID(), version: 1})
			})
		}
		for _, version := range []byte{7, 8} {
			if _, err := record(1, version); err != nil {
				t.Fatal(err)
			}
			r, err := record(2, version)
			if taken := errors.Is(err, fault.Conflict("journal.command_taken")); taken != (version == 7) {
				t.Errorf("version %d: %+v %v", version, r, err)
			}
			if r, err := record(1, version); err != nil || !r.Repeated {
				t.Errorf("version %d again: %+v %v", version, r, err)
			}
		}
	})
}

// A clock that ran ahead and was put right: no household disappears from a run.
func TestAClockThatJumpsBackHidesNobody(t *testing.T) {
	now := time.Date(2036, 1, 1, 0, 0, 0, 0, time.UTC)
	j := journaltest.OpenAs(t, "sqlite", journaltest.Node(journal.RoleDiwan, ""), store.Options{Now: func() time.Time { return now }})
	fill(t, j, 3)
	now = now.AddDate(-10, 0, 0)
	fill(t, j, 3)
	seen := 0
	err := j.Read(context.Background(), journaltest.Session(), func(tx *store.Tx) error {
		return journal.EachSheet(tx, time.Time{}, func(journal.Sheet) error { seen++; return nil })
	})
	if err != nil || seen != 6 {
		t.Errorf("%d households of 6: %v", seen, err)
	}
	if v := verdict(t, j); !v.Holds() {
		t.Errorf("verify: %+v", v)
	}
}
