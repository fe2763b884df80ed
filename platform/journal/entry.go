package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"reflect"

	"github.com/fxamacker/cbor/v2"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Entry is one row of the journal, its body sealed.
type Entry struct {
	Arrival     int64
	Stream      string
	Epoch       int64
	Sequence    int64
	ID          id.ID
	Kind        string
	KindVersion int64
	Subject     id.ID
	Household   id.ID
	Version     int64 // of the sheet, 0 where none is carried
	Actor       id.ID
	Purpose     string
	Command     id.ID
	Part        int64
	Cause       id.ID
	Recorded    int64 // microseconds since 1970
	Body        []byte
	Sheet       []byte // SHA-256 of the sealed sheet
	Hash        []byte
	Seal        []byte
}

const entryColumns = `j.arrival, j.stream, j.epoch, j.sequence, j.id, j.kind, j.kind_version, j.subject, j.household,
	j.version, j.actor, j.purpose, j.command, j.part, j.cause, j.recorded, j.body, j.sheet, j.hash, j.seal`

func scanEntry(r *store.Row) Entry {
	return Entry{Arrival: r.Int(), Stream: r.Text(), Epoch: r.Int(), Sequence: r.Int(), ID: r.ID(), Kind: r.Text(),
		KindVersion: r.Int(), Subject: r.ID(), Household: r.ID(), Version: r.Int(), Actor: r.ID(), Purpose: r.Text(),
		Command: r.ID(), Part: r.Int(), Cause: r.ID(), Recorded: r.Int(), Body: r.Bytes(), Sheet: r.Bytes(), Hash: r.Bytes(), Seal: r.Bytes()}
}

func (e *Entry) insert(w *store.Writer) error {
	return w.Insert(entries, e.Arrival, e.Stream, e.Epoch, e.Sequence, e.ID, e.Kind, e.KindVersion, e.Subject, e.Household,
		e.Version, e.Actor, e.Purpose, e.Command, e.Part, e.Cause, e.Recorded, e.Body, e.Sheet, e.Hash, e.Seal)
}

// header is the canonical form of everything but body, sheet and chains: each
// field with its length, in the order of the columns.
func (e *Entry) header() []byte {
	b := make([]byte, 0, 256)
	text := func(s string) { b = binary.BigEndian.AppendUint32(b, uint32(len(s))); b = append(b, s...) }
	number := func(n int64) { b = binary.BigEndian.AppendUint64(b, uint64(n)) }
	name := func(n id.ID) { b = append(b, n[:]...) }
	text(e.Stream)
	number(e.Epoch)
	number(e.Sequence)
	name(e.ID)
	text(e.Kind)
	number(e.KindVersion)
	name(e.Subject)
	name(e.Household)
	number(e.Version)
	name(e.Actor)
	text(e.Purpose)
	name(e.Command)
	number(e.Part)
	name(e.Cause)
	number(e.Recorded)
	return b
}

// chain returns the entry's hash after previous in its stream. A body that is
// absent and one that is empty hash alike: neither is ever stored empty.
func (e *Entry) chain(previous []byte) []byte {
	body := sha256.Sum256(e.Body)
	h := sha256.New()
	h.Write(previous)
	h.Write(e.header())
	h.Write(body[:])
	h.Write(e.Sheet)
	return h.Sum(nil)
}

// arrive returns the entry's seal after previous in the node's own chain.
func (e *Entry) arrive(previous []byte) []byte {
	h := sha256.New()
	h.Write(previous)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(e.Arrival)))
	h.Write(e.Hash)
	return h.Sum(nil)
}

var (
	encoder = must(cbor.CoreDetEncOptions().EncMode())
	decoder = must(cbor.DecOptions{MaxArrayElements: 1 << 20, MaxMapPairs: 1 << 16, MaxNestedLevels: 16}.DecMode())
)

// emptyBody is the CBOR of an event that has no fields of its own.
const emptyBody = 0xa0

// Catalogue knows every kind of event by name, so that entries can be read, and
// which of them a branch's own node may write.
type Catalogue struct {
	events   map[string]Event
	branches map[string]bool
}

// NewCatalogue lists kinds; each is the zero value of its event.
func NewCatalogue(lists ...[]Event) Catalogue {
	c := Catalogue{events: map[string]Event{}, branches: map[string]bool{}}
	for _, list := range lists {
		for _, e := range list {
			c.events[e.Kind().Name] = e
		}
	}
	return c
}

// FromBranches returns the catalogue with the kinds that the diwan takes from a
// branch's own node. All others are refused there: a branch states facts, and
// decides nothing.
func (c Catalogue) FromBranches(lists ...[]Event) Catalogue {
	branches := maps.Clone(c.branches)
	for _, list := range lists {
		for _, e := range list {
			branches[e.Kind().Name] = true
		}
	}
	return Catalogue{events: c.events, branches: branches}
}

// read gives back the event of an opened entry. A kind that this program does
// not know is the fault "journal.unknown_kind": a newer node wrote it.
func (c Catalogue) read(e *Entry, body, sheet []byte) (Event, error) {
	zero, known := c.events[e.Kind]
	if !known || int64(zero.Kind().Version) < e.KindVersion {
		return nil, fault.Conflict("journal.unknown_kind", "kind", e.Kind, "version", e.KindVersion)
	}
	event := reflect.New(reflect.TypeOf(zero))
	if len(body) > 0 {
		if err := decoder.Unmarshal(body, event.Interface()); err != nil {
			return nil, fault.Invalid("journal.damaged").Because(err)
		}
	}
	read := event.Elem().Interface().(Event)
	if carrier, ok := read.(Carrier); ok && e.Version > 0 {
		return carrier.Carry(e.Version, sheet)
	}
	return read, nil
}
