package sync_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"testing"

	"filippo.io/age"
	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
	"sanad/platform/sync"
)

// forged is a frame as a branch that has gone over to the enemy would write it:
// with its own true keys, and whatever it likes inside.
type forged struct {
	Version  int               `cbor:"1,keyasint"`
	From     id.ID             `cbor:"2,keyasint"`
	FromCode string            `cbor:"3,keyasint"`
	To       id.ID             `cbor:"4,keyasint"`
	Made     int64             `cbor:"5,keyasint"`
	Kept     []journal.Head    `cbor:"6,keyasint"`
	Segments []journal.Segment `cbor:"7,keyasint"`
}

func (c country) seal(f any, from, to *journal.Journal) []byte {
	c.t.Helper()
	plain, err := cbor.Marshal(f)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.sealPlain(plain, from, to)
}

func (c country) sealPlain(plain []byte, from, to *journal.Journal) []byte {
	c.t.Helper()
	card, err := sync.CardOf(to.Node)
	if err != nil {
		c.t.Fatal(err)
	}
	recipient, err := age.ParseX25519Recipient(card.Recipient)
	if err != nil {
		c.t.Fatal(err)
	}
	packer, _ := zstd.NewWriter(nil)
	packed := packer.EncodeAll(plain, nil)
	digest := sha256.Sum256(packed)
	var file bytes.Buffer
	w, err := age.Encrypt(&file, recipient)
	if err != nil {
		c.t.Fatal(err)
	}
	w.Write(from.Node.Sign(digest[:]))
	w.Write(packed)
	if err := w.Close(); err != nil {
		c.t.Fatal(err)
	}
	return file.Bytes()
}

// forge cuts what a journal has recorded in a stream and lets alter change it.
func (c country) forge(from, to *journal.Journal, stream string, alter func(*journal.Segment)) []byte {
	c.t.Helper()
	var s journal.Segment
	c.write(from, func(tx *store.Tx) (err error) { s, err = journal.Cut(tx, stream, 0, 1000); return err })
	if alter != nil {
		alter(&s)
	}
	return c.seal(forged{Version: 1, From: from.Node.ID, FromCode: from.Node.Code, To: to.Node.ID, Segments: []journal.Segment{s}}, from, to)
}

func (c country) refuses(name string, into *journal.Journal, file []byte, key string) {
	c.t.Helper()
	before := c.digest(into)
	_, err := c.accept(into, file)
	if f := fault.Of(err); f == nil || f.Key != key {
		c.t.Errorf("%s: %v, want %s", name, err, key)
	}
	for table, d := range c.digest(into) {
		if before[table] != d {
			c.t.Errorf("%s: %s changed", name, table)
		}
	}
	c.sound(into)
}

// decided is a toy decision: a kind that the diwan alone may write.
type decided struct{ noted }

func (decided) Kind() journal.Kind { return journal.Kind{Name: "test.decided", Version: 1} }
func (d decided) Carry(version int64, plain []byte) (journal.Event, error) {
	d.version, d.sheet = version, plain
	return d, nil
}

// disguised says in its seal that it belongs to another stream.
type disguised struct {
	noted
	outside string
}

func (d disguised) About() journal.About {
	return journal.About{Stream: d.outside, Subject: d.Household, Household: d.Household}
}

func TestAHostileBranchIsRefusedWhateverItWrites(t *testing.T) {
	const home = "branch/LY010102"
	record := func(c country, j *journal.Journal, events ...journal.Event) {
		c.write(j, func(tx *store.Tx) error {
			for _, e := range events {
				if err := journal.Record(tx, e); err != nil {
					return err
				}
			}
			return nil
		})
	}
	victim := id.ID{9, 9, 9}
	attacks := map[string]struct {
		key   string
		write func(c country) []byte
	}{
		"a decision of its own": {"journal.kind_not_theirs", func(c country) []byte {
			record(c, c.derna, decided{noted{Stream: home, Household: id.ID{1}, version: 1}})
			return c.forge(c.derna, c.diwan, home, nil)
		}},
		"a trusted node": {"journal.kind_not_theirs", func(c country) []byte {
			record(c, c.derna, sync.NodeTrusted{Stream: home, Card: sync.Card{Node: id.ID{5}, Code: "LY099999", Signer: make([]byte, 32)}})
			return c.forge(c.derna, c.diwan, home, nil)
		}},
		"facts among the reads": {"journal.kind_not_theirs", func(c country) []byte {
			record(c, c.derna, noted{Stream: "reads/LY010102", Household: id.ID{1}, version: 1})
			return c.forge(c.derna, c.diwan, "reads/LY010102", nil)
		}},
		"another branch's household": {"journal.household_not_theirs", func(c country) []byte {
			record(c, c.misrata, noted{Stream: "branch/LY021401", Household: victim, version: 1})
			if _, err := c.accept(c.diwan, c.export(c.misrata, "diwan")); err != nil {
				t.Fatal(err)
			}
			record(c, c.derna, noted{Stream: home, Household: victim, version: 2, sheet: []byte("taken over")})
			return c.forge(c.derna, c.diwan, home, nil)
		}},
		"another branch's stream": {"sync.stream_not_theirs", func(c country) []byte {
			record(c, c.misrata, noted{Stream: "branch/LY021401", Household: victim, version: 1})
			var s journal.Segment
			c.write(c.misrata, func(tx *store.Tx) (err error) { s, err = journal.Cut(tx, "branch/LY021401", 0, 10); return err })
			return c.seal(forged{Version: 1, From: c.derna.Node.ID, FromCode: "LY010102", To: c.diwan.Node.ID, Segments: []journal.Segment{s}}, c.derna, c.diwan)
		}},
		"a key in place of one that is here": {"journal.key_differs", func(c country) []byte {
			c.note(c.derna, home, 3)
			if _, err := c.accept(c.diwan, c.export(c.derna, "diwan")); err != nil {
				t.Fatal(err)
			}
			c.write(c.derna, func(tx *store.Tx) error {
				return journal.Record(tx, noted{Stream: home, Household: latest(t, tx), At: 77, version: 0})
			})
			return c.forge(c.derna, c.diwan, home, func(s *journal.Segment) {
				for i := range s.Keys {
					s.Keys[i].Key = bytes.Repeat([]byte{3}, 32)
				}
			})
		}},
		"something else than is written on it": {"journal.not_what_it_says", func(c country) []byte {
			record(c, c.derna, disguised{noted{Stream: "branch/LY021401", Household: id.ID{1}, version: 1}, home})
			return c.forge(c.derna, c.diwan, home, nil)
		}},
		"a role for an officer of the diwan": {"access.not_their_person", func(c country) []byte {
			record(c, c.derna, granted(home, victim))
			return c.forge(c.derna, c.diwan, home, nil)
		}},
		"a bomb": {"sync.frame_altered", func(c country) []byte {
			return c.sealPlain(make([]byte, 200<<20), c.derna, c.diwan)
		}},
	}
	for name, attack := range attacks {
		t.Run(name, func(t *testing.T) {
			c := newCountry(t, "sqlite")
			c.refuses(name, c.diwan, attack.write(c), attack.key)
		})
	}
}

// latest is a household that the journal knows.
func latest(t *testing.T, tx *store.Tx) id.ID {
	h, found, err := store.One(tx, (*store.Row).ID, "SELECT household FROM sheets ORDER BY household DESC LIMIT 1")
	if err != nil || !found {
		t.Fatal(err)
	}
	return h
}

func granted(stream string, person id.ID) journal.Event {
	for _, e := range access.Kinds {
		if g, ok := e.(access.RoleGranted); ok {
			g.Stream, g.Person, g.Role = stream, person, string(access.Administrator)
			return g
		}
	}
	panic("no such kind")
}

// Keys that come along for households of others are not kept: they would be in
// the way of the true ones.
func TestKeysOfOthersAreNotPlanted(t *testing.T) {
	c := newCountry(t, "sqlite")
	c.note(c.derna, "branch/LY010102", 2)
	planted := id.ID{7, 7}
	file := c.forge(c.derna, c.diwan, "branch/LY010102", func(s *journal.Segment) {
		s.Keys = append(s.Keys, journal.Opening{Owner: planted, Key: bytes.Repeat([]byte{1}, 32)})
	})
	if _, err := c.accept(c.diwan, file); err != nil {
		t.Fatal(err)
	}
	c.write(c.diwan, func(tx *store.Tx) error {
		n, _, err := store.One(tx, (*store.Row).Int, "SELECT count(*) FROM sealing_keys WHERE owner = $1", planted)
		if n != 0 {
			t.Error("the key was planted")
		}
		return err
	})
}

// An entry whose key the sender has erased keeps its place, and the receiver's
// journal verifies and rebuilds to the same.
func TestWhatWasErasedAtTheSenderKeepsItsPlace(t *testing.T) {
	c := newCountry(t, "sqlite")
	c.note(c.derna, "branch/LY010102", 3)
	file := c.forge(c.derna, c.diwan, "branch/LY010102", func(s *journal.Segment) { s.Keys = s.Keys[:1] })
	if _, err := c.accept(c.diwan, file); err != nil {
		t.Fatal(err)
	}
	c.sound(c.diwan)
	into := journaltest.OpenAs(t, "sqlite", c.diwan.Node, store.Options{})
	done, err := c.diwan.Rebuild(context.Background(), into, kinds, append(journal.Tables, sync.Tables...), nil)
	if err != nil || len(done.Differ) > 0 {
		t.Errorf("rebuild: %+v %v", done, err)
	}
	c.sound(into)
}

func TestOtherKeysOfATrustedNodeAreNotTaken(t *testing.T) {
	c := newCountry(t, "sqlite")
	evil := c.derna.Node
	evil.Secret = bytes.Repeat([]byte{8}, 32)
	card := func(change func(*sync.Card)) sync.Card {
		card, err := sync.CardOf(evil)
		if err != nil {
			t.Fatal(err)
		}
		change(&card)
		return card
	}
	for key, attack := range map[string]sync.Card{
		"sync.other_keys":      card(func(*sync.Card) {}),
		"sync.other_keys ":     card(func(c *sync.Card) { c.Code = "LY055555" }),
		"sync.code_taken":      card(func(c *sync.Card) { c.Node = id.ID{4} }),
		"sync.card_not_for_us": card(func(c *sync.Card) { c.Node, c.Role, c.Code = id.ID{4}, "diwan", "diwan" }),
	} {
		_, err := c.diwan.Write(context.Background(), access.System("test"), func(tx *store.Tx) error { return sync.Trust(tx, attack) })
		if f := fault.Of(err); f == nil || f.Key != string(bytes.TrimSpace([]byte(key))) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

// A branch that was restored from an older copy is told so, and gets its later
// entries back; one that wrote before it asked is found as a fork.
func TestARestoredBranchFetchesItsLaterEntriesBack(t *testing.T) {
	const home = "branch/LY010102"
	all := append(journal.Tables, sync.Tables...)
	c := newCountry(t, "sqlite")
	c.note(c.derna, home, 5)
	copies := [2]*journal.Journal{}
	for i := range copies {
		copies[i] = journaltest.OpenAs(t, "sqlite", c.derna.Node, store.Options{})
		if _, err := c.derna.Rebuild(context.Background(), copies[i], kinds, all, nil); err != nil {
			t.Fatal(err)
		}
	}
	c.note(c.derna, home, 7)
	if _, err := c.accept(c.diwan, c.export(c.derna, "diwan")); err != nil {
		t.Fatal(err)
	}
	if _, err := c.accept(c.derna, c.export(c.diwan, "LY010102")); err != nil {
		t.Fatal(err)
	}
	restored, eager := copies[0], copies[1]
	c.refuses("an answer to what is not here", restored, c.export(c.diwan, "LY010102"), "sync.we_are_behind")
	c.note(eager, home, 1)
	c.refuses("a branch that wrote on", c.diwan, c.export(eager, "diwan"), "journal.fork")
	if _, err := c.accept(c.diwan, c.export(restored, "diwan")); err != nil {
		t.Fatal(err)
	}
	if o, err := c.accept(restored, c.export(c.diwan, "LY010102")); err != nil || o.New() != 7 {
		t.Fatalf("fetched back: %+v %v", o, err)
	}
	c.note(restored, home, 1)
	if o, err := c.accept(c.diwan, c.export(restored, "diwan")); err != nil || o.New() != 1 {
		t.Errorf("going on: %+v %v", o, err)
	}
	c.sound(restored)
}
