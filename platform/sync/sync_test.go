package sync_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
	"sanad/platform/sync"
)

// noted is a toy fact of a household.
type noted struct {
	Stream    string `cbor:"1,keyasint"`
	Household id.ID  `cbor:"2,keyasint"`
	At        int64  `cbor:"3,keyasint"`
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
	return w.Put(viewsTable, n.Household, n.At, n.Household, n.version, "x", string(n.sheet))
}

var kinds = journal.NewCatalogue(journal.Kinds, sync.Kinds, access.Kinds, []journal.Event{noted{}, decided{}}).FromBranches(access.Kinds, []journal.Event{noted{}})

// country is a diwan and two branches that trust each other.
type country struct {
	t                     *testing.T
	diwan, derna, misrata *journal.Journal
}

func newCountry(t *testing.T, engine string) country {
	c := country{t, journaltest.OpenAs(t, engine, journaltest.Node("diwan", ""), store.Options{}),
		journaltest.OpenAs(t, "sqlite", journaltest.Node("branch", "LY010102"), store.Options{}),
		journaltest.OpenAs(t, "sqlite", journaltest.Node("branch", "LY021401"), store.Options{})}
	for _, branch := range []*journal.Journal{c.derna, c.misrata} {
		c.trust(c.diwan, branch)
		c.trust(branch, c.diwan)
	}
	return c
}

func (c country) trust(j, other *journal.Journal) {
	c.t.Helper()
	card, err := sync.CardOf(other.Node)
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(j, func(tx *store.Tx) error { return sync.Trust(tx, card) })
}

func (c country) write(j *journal.Journal, work func(*store.Tx) error) {
	c.t.Helper()
	if _, err := j.Write(context.Background(), access.System("test"), work); err != nil {
		c.t.Fatal(err)
	}
}

func (c country) note(j *journal.Journal, stream string, count int) {
	c.t.Helper()
	c.write(j, func(tx *store.Tx) error {
		for n := range count {
			if err := journal.Record(tx, noted{Stream: stream, Household: tx.NewID(), At: int64(n), version: 1, sheet: fmt.Appendf(nil, "%s %d", stream, n)}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c country) export(from *journal.Journal, to string) []byte {
	c.t.Helper()
	var file bytes.Buffer
	c.write(from, func(tx *store.Tx) error { _, err := sync.Export(tx, to, &file); return err })
	return file.Bytes()
}

func (c country) accept(into *journal.Journal, file []byte) (sync.Outcome, error) {
	var o sync.Outcome
	_, err := into.Write(context.Background(), access.System("test"), func(tx *store.Tx) error {
		var err error
		o, err = sync.Import(tx, file, kinds)
		return err
	})
	return o, err
}

func (c country) digest(j *journal.Journal) map[string][32]byte {
	c.t.Helper()
	d, err := j.Digest(context.Background(), append(journal.Tables, sync.Tables...))
	if err != nil {
		c.t.Fatal(err)
	}
	return d
}

func (c country) sound(j *journal.Journal) {
	c.t.Helper()
	if _, err := j.Checkpoint(context.Background()); err != nil {
		c.t.Fatal(err)
	}
	v, err := j.Verify(context.Background())
	if err != nil || !v.Holds() || v.Signed == 0 {
		c.t.Errorf("%s: %+v %v", j.Node.Code, v, err)
	}
}

func TestABranchAloneReachesTheDiwanAndIsAnswered(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			c := newCountry(t, engine)
			c.note(c.diwan, journal.Reference, 3)
			if o, err := c.accept(c.derna, c.export(c.diwan, "LY010102")); err != nil || o.New() != 3 {
				t.Fatalf("first file: %+v %v", o, err)
			}
			c.note(c.derna, journal.Branch("LY010102"), 40)
			if o, err := c.accept(c.diwan, c.export(c.derna, "diwan")); err != nil || o.New() != 40 || o.Confirmed["reference"] != 3 {
				t.Fatalf("branch's file: %+v %v", o, err)
			}
			c.note(c.diwan, journal.Down("LY010102"), 5)
			o, err := c.accept(c.derna, c.export(c.diwan, "LY010102"))
			if err != nil || o.New() != 5 || o.Confirmed[journal.Branch("LY010102")] != 40 {
				t.Fatalf("answer: %+v %v", o, err)
			}
			if file := c.export(c.derna, "diwan"); len(file) == 0 {
				t.Fatal("no file")
			} else if o, err := c.accept(c.diwan, file); err != nil || o.New() != 0 {
				t.Errorf("what was confirmed is sent again: %+v %v", o, err)
			}
			for _, j := range []*journal.Journal{c.diwan, c.derna} {
				c.sound(j)
				into := journaltest.OpenAs(t, "sqlite", j.Node, store.Options{})
				done, err := j.Rebuild(context.Background(), into, kinds, append(journal.Tables, sync.Tables...), nil)
				if err != nil || len(done.Differ) > 0 {
					t.Errorf("rebuild of %s: %+v %v", j.Node.Code, done, err)
				}
			}
		})
	}
}

func TestAFileTwiceTooEarlyAlteredOrAstrayChangesNothing(t *testing.T) {
	c := newCountry(t, "sqlite")
	c.note(c.derna, journal.Branch("LY010102"), 10)
	first := c.export(c.derna, "diwan")
	if _, err := c.accept(c.diwan, first); err != nil {
		t.Fatal(err)
	}
	if _, err := c.accept(c.derna, c.export(c.diwan, "LY010102")); err != nil {
		t.Fatal(err)
	}
	c.note(c.derna, journal.Branch("LY010102"), 10)
	second := c.export(c.derna, "diwan")
	if _, err := c.accept(c.derna, c.export(c.diwan, "LY010102")); err != nil {
		t.Fatal(err)
	}
	before := c.digest(c.diwan)
	mustRefuse := func(name string, into *journal.Journal, file []byte, keys ...string) {
		t.Helper()
		_, err := c.accept(into, file)
		for _, key := range keys {
			if f := fault.Of(err); f != nil && f.Key == key {
				return
			}
		}
		t.Errorf("%s: %v, want %v", name, err, keys)
	}
	if o, err := c.accept(c.diwan, first); err != nil || o.New() != 0 {
		t.Errorf("twice: %+v %v", o, err)
	}
	// A third file is made as if the second had been confirmed.
	c.write(c.derna, func(tx *store.Tx) error {
		head, err := journal.HeadOf(tx, journal.Branch("LY010102"))
		if err != nil {
			return err
		}
		receipts := sync.Tables[1]
		return tx.Local().Put(receipts, c.diwan.Node.ID, head.Stream, head.Sequence, head.Hash, tx.Now)
	})
	c.note(c.derna, journal.Branch("LY010102"), 1)
	mustRefuse("too early", c.diwan, c.export(c.derna, "diwan"), "journal.gap")
	mustRefuse("to the wrong node", c.misrata, second, "sync.wrong_node")
	const seed = 5
	random := rand.New(rand.NewPCG(seed, seed))
	for n := range 300 {
		altered := bytes.Clone(second)
		switch n % 3 {
		case 0:
			altered[random.IntN(len(altered))] ^= 1 << random.IntN(8)
		case 1:
			altered = altered[:random.IntN(len(altered))]
		case 2:
			at := random.IntN(len(altered))
			altered = append(altered[:at], altered[min(at+1+random.IntN(9), len(altered)):]...)
		}
		if o, err := c.accept(c.diwan, altered); err == nil {
			t.Errorf("alteration %d (seed %d) accepted: %+v", n, seed, o)
		}
	}
	for name, d := range c.digest(c.diwan) {
		if before[name] != d {
			t.Errorf("%s changed", name)
		}
	}
	c.sound(c.diwan)
	if o, err := c.accept(c.diwan, second); err != nil || o.New() != 10 {
		t.Errorf("the true file afterwards: %+v %v", o, err)
	}
}

func TestABranchCannotWriteForAnother(t *testing.T) {
	c := newCountry(t, "sqlite")
	_, err := c.diwan.Write(context.Background(), access.System("test"), func(tx *store.Tx) error {
		return journal.Record(tx, noted{Stream: journal.Branch("LY010102"), Household: tx.NewID(), version: 1})
	})
	if !errors.Is(err, fault.Conflict("journal.stream_elsewhere")) {
		t.Errorf("the diwan wrote in the branch's stream: %v", err)
	}
}

func TestABranchServedAtTheDiwanGetsItsPastAndGoesOn(t *testing.T) {
	c := country{t: t, diwan: journaltest.OpenAs(t, "sqlite", journaltest.Node("diwan", ""), store.Options{}),
		derna: journaltest.OpenAs(t, "sqlite", journaltest.Node("branch", "LY010102"), store.Options{})}
	stream := journal.Branch("LY010102")
	c.note(c.diwan, stream, 7)
	c.trust(c.diwan, c.derna)
	c.trust(c.derna, c.diwan)
	if o, err := c.accept(c.derna, c.export(c.diwan, "LY010102")); err != nil || o.New() != 7 {
		t.Fatalf("the past: %+v %v", o, err)
	}
	c.note(c.derna, stream, 2)
	if o, err := c.accept(c.diwan, c.export(c.derna, "diwan")); err != nil || o.New() != 2 {
		t.Fatalf("going on: %+v %v", o, err)
	}
	c.sound(c.diwan)
	c.sound(c.derna)
}
