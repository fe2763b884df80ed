package journal_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// noted is a toy event that carries a toy sheet and keeps a row.
type noted struct {
	Stream    string `cbor:"1,keyasint"`
	Household id.ID  `cbor:"2,keyasint"`
	Text      string `cbor:"3,keyasint"`
	At        int64  `cbor:"4,keyasint"`
	version   int64
	sheet     []byte
}

var viewsTable = journal.Tables[len(journal.Tables)-1]

func (noted) Kind() journal.Kind { return journal.Kind{Name: "test.noted", Version: 1} }
func (n noted) About() journal.About {
	return journal.About{Stream: n.Stream, Subject: n.Household, Household: n.Household}
}
func (n noted) CarriedVersion() int64    { return n.version }
func (n noted) Carried() (int64, []byte) { return n.version, n.sheet }
func (n noted) Carry(version int64, plain []byte) (journal.Event, error) {
	n.version, n.sheet = version, plain
	return n, nil
}
func (n noted) Apply(w *store.Writer) error {
	return w.Put(viewsTable, n.Household, n.At, n.Household, n.version, n.Text, string(n.sheet))
}

var kinds = journal.NewCatalogue(journal.Kinds, []journal.Event{noted{}})

// fill records households with several versions in two streams.
func fill(t testing.TB, j *journal.Journal, households int) []id.ID {
	t.Helper()
	var ids []id.ID
	for n := range households {
		stream := journal.Branch(fmt.Sprintf("LY0%d", n%2))
		journaltest.Write(t, j, func(tx *store.Tx) error {
			h := tx.NewID()
			ids = append(ids, h)
			for v := range int64(1 + n%3) {
				if err := journal.Record(tx, noted{Stream: stream, Household: h, Text: "ملاحظة", At: int64(n), version: v + 1, sheet: fmt.Appendf(nil, "sheet %d of %d %0100d", v, n, n)}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return ids
}

func TestACommandIsDoneOnce(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		who := journaltest.Session()
		who.Command = id.ID{1, 2, 3}
		var first journal.Receipt
		var wait sync.WaitGroup
		receipts := make([]journal.Receipt, 20)
		for n := range receipts {
			wait.Add(1)
			go func() {
				defer wait.Done()
				var err error
				receipts[n], err = j.Write(context.Background(), who, func(tx *store.Tx) error {
					return journal.Record(tx, noted{Stream: journal.Diwan, Household: tx.NewID(), version: 1, sheet: []byte("x")})
				})
				if err != nil {
					t.Error(err)
				}
			}()
		}
		wait.Wait()
		fresh := 0
		for _, r := range receipts {
			if !r.Repeated {
				fresh, first = fresh+1, r
			}
		}
		for _, r := range receipts {
			if len(r.Entries) != 1 || r.Entries[0] != first.Entries[0] {
				t.Errorf("receipt %+v, want %+v", r, first)
			}
		}
		if fresh != 1 {
			t.Errorf("done %d times", fresh)
		}
	})
}

func TestSheetsAreReadBackAsOfAVersion(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		ids := fill(t, j, 50)
		err := j.Read(context.Background(), journaltest.Session(), func(tx *store.Tx) error {
			latest, err := journal.LatestSheets(tx, ids)
			if err != nil {
				return err
			}
			for n, s := range latest {
				if want := fmt.Sprintf("sheet %d of %d %0100d", n%3, n, n); string(s.Plain) != want || s.Version != int64(1+n%3) {
					t.Errorf("household %d: version %d %q", n, s.Version, s.Plain)
				}
			}
			first, err := journal.SheetVersion(tx, ids[2], 1)
			if err != nil || string(first.Plain)[:10] != "sheet 0 of" {
				t.Errorf("version 1: %q %v", first.Plain, err)
			}
			count := 0
			last := id.ID{}
			return errors.Join(journal.EachSheet(tx, tx.Now, func(s journal.Sheet) error {
				if s.Household.Compare(last) <= 0 {
					t.Error("sheets out of order")
				}
				last = s.Household
				count++
				return nil
			}), func() error {
				if count != len(ids) {
					t.Errorf("%d sheets of %d", count, len(ids))
				}
				return nil
			}())
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestLookingLeavesATraceBeforeItIsShown(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		ids := fill(t, j, 1)
		look := func(tx *store.Tx) error { journal.Look(tx, ids[0], "file"); return nil }
		if err := j.Read(context.Background(), journaltest.Session(), look); err != nil {
			t.Fatal(err)
		}
		err := j.Read(context.Background(), journaltest.Session(), func(tx *store.Tx) error {
			views, err := journal.Views(tx, ids[0], 10)
			if len(views) != 2 || views[0].What != "file" || views[0].Purpose != "test" {
				t.Errorf("views %+v", views)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestRebuildGivesEqualDigestsBetweenEngines(t *testing.T) {
	for _, way := range [][2]string{{"sqlite", "postgres"}, {"postgres", "sqlite"}} {
		t.Run(way[0]+" to "+way[1], func(t *testing.T) {
			from, into := journaltest.Open(t, way[0]), journaltest.Open(t, way[1])
			fill(t, from, 300)
			if _, err := from.Checkpoint(context.Background()); err != nil {
				t.Fatal(err)
			}
			done, err := from.Rebuild(context.Background(), into, kinds, journal.Tables, nil)
			if err != nil || len(done.Differ) > 0 || done.Entries != 600-1+1 {
				t.Fatalf("rebuilt %+v, %v", done, err)
			}
			v, err := into.Verify(context.Background())
			if err != nil || !v.Holds() || v.Entries != done.Entries || v.Signed != 1 {
				t.Errorf("the rebuilt journal: %+v, %v", v, err)
			}
			fill(t, into, 3)
			if v, err := into.Verify(context.Background()); err != nil || !v.Holds() {
				t.Errorf("after going on: %+v, %v", v, err)
			}
			if _, err := from.Rebuild(context.Background(), into, kinds, journal.Tables, nil); !errors.Is(err, fault.Conflict("journal.not_empty")) {
				t.Errorf("rebuilt over something: %v", err)
			}
		})
	}
}

// TestVerifyFindsEveryTampering makes random edits, deletions, reorderings and
// truncations of the stored rows with SQL, each on a fresh copy.
func TestVerifyFindsEveryTampering(t *testing.T) {
	const trials, seed = 1000, 20261123
	t.Logf("%d trials, seed %d", trials, seed)
	master := t.TempDir()
	db, err := store.Open(context.Background(), master, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	j := journal.New(db, journaltest.Node(journal.RoleDiwan, ""))
	fill(t, j, 30)
	if _, err := j.Checkpoint(context.Background()); err != nil {
		t.Fatal(err)
	}
	fill(t, j, 10)
	if v, err := j.Verify(context.Background()); err != nil || !v.Holds() || v.Signed != 1 {
		t.Fatalf("before tampering: %+v %v", v, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(master, "sanad.db"))
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(seed, 1))
	folder := t.TempDir()
	for n := range trials {
		what := tamper(t, folder, content, random)
		if v := verifyCopy(t, folder); v.Holds() {
			t.Errorf("trial %d not found: %s", n, what)
		}
	}
}

func tamper(t *testing.T, folder string, content []byte, random *rand.Rand) string {
	t.Helper()
	path := filepath.Join(folder, "sanad.db")
	os.Remove(path + "-wal")
	os.Remove(path + "-shm")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	conn, err := sqlite3.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for {
		sql := tampering(random)
		if conn.Exec(sql) == nil && conn.Changes() > 0 {
			return sql
		}
	}
}

// tampering is one random way to falsify a journal of some eighty entries.
func tampering(random *rand.Rand) string {
	row, other := 1+random.IntN(79), 1+random.IntN(79)
	integers := []string{"arrival", "epoch", "sequence", "kind_version", "version", "part", "recorded"}
	texts := []string{"stream", "kind", "purpose"}
	blobs := []string{"id", "subject", "household", "actor", "command", "cause", "body", "sheet", "hash", "seal"}
	switch random.IntN(9) {
	case 0:
		return fmt.Sprintf("UPDATE journal SET %[1]s = %[1]s + 1000 WHERE arrival = %[2]d", integers[random.IntN(len(integers))], row)
	case 1:
		return fmt.Sprintf("UPDATE journal SET %[1]s = %[1]s || 'x' WHERE arrival = %[2]d", texts[random.IntN(len(texts))], row)
	case 2:
		return fmt.Sprintf("UPDATE journal SET %s = randomblob(16) WHERE arrival = %d", blobs[random.IntN(len(blobs))], row)
	case 3:
		return fmt.Sprintf("DELETE FROM journal WHERE arrival = %d", row)
	case 4:
		return fmt.Sprintf("DELETE FROM journal WHERE arrival >= %d", row)
	case 5:
		if row == other {
			other++
		}
		return fmt.Sprintf("UPDATE journal SET arrival = -arrival WHERE arrival IN (%[1]d, %[2]d); UPDATE journal SET arrival = CASE arrival WHEN -%[1]d THEN %[2]d ELSE %[1]d END WHERE arrival < 0", row, other)
	case 6:
		return fmt.Sprintf("UPDATE sheets SET body = randomblob(length(body)) WHERE rowid = %d", row)
	case 7:
		return "DELETE FROM streams WHERE stream = 'branch/LY00'"
	}
	return fmt.Sprintf("INSERT INTO journal SELECT 1 + (SELECT max(arrival) FROM journal), stream, epoch, 1000, randomblob(16), kind, kind_version, subject, household, 0, actor, purpose, NULL, part, cause, recorded, body, NULL, hash, seal FROM journal WHERE arrival = %d", row)
}

func verifyCopy(t *testing.T, folder string) journal.Verdict {
	t.Helper()
	db, err := store.Open(context.Background(), folder, store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	v, err := journal.New(db, journaltest.Node(journal.RoleDiwan, "")).Verify(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSealedRowsShowNothing(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	fill(t, j, 1)
	err := j.DB.Read(context.Background(), store.Session{}, func(tx *store.Tx) error {
		return tx.Each(func(r *store.Row) error {
			if body := r.Text(); len(body) == 0 || contains(body, "ملاحظة") || contains(body, "sheet") {
				t.Errorf("readable: %q", body)
			}
			return r.Err()
		}, "SELECT body FROM journal WHERE kind = 'test.noted' UNION ALL SELECT body FROM sheets")
	})
	if err != nil {
		t.Fatal(err)
	}
}

func contains(text, part string) bool {
	for i := 0; i+len(part) <= len(text); i++ {
		if text[i:i+len(part)] == part {
			return true
		}
	}
	return false
}

func BenchmarkLiveRegistrations(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			j := journaltest.OpenAs(b, engine, journaltest.Node(journal.RoleDiwan, ""), store.Options{})
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					_, err := j.Write(context.Background(), journaltest.Session(), func(tx *store.Tx) error {
						return journal.Record(tx, noted{Stream: "branch/x", Household: tx.NewID(), version: 1, sheet: make([]byte, 900)})
					})
					if err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
