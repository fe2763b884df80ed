// Package journal is the ministry's memory: every change to a family's file,
// every decision and every look at it is an event, sealed and chained to the
// one before, in the same transaction as the rows that it changes. Nobody can
// alter what a family was told without it being seen.
//
// A verb decides and calls Record with an event; the event's Apply changes
// rows, here and at every node that receives it. Entries lie in streams (one
// per branch, one of the diwan, one of reference data, one of reads), each with
// a gap-free sequence and a hash chain of its own; a second chain runs over all
// entries in the order of their arrival at this node, so that a rebuild replays
// what happened as it happened. Bodies are packed, then sealed under a key of
// the household, wrapped by a key that lies outside the database: erasing that
// key ends the knowledge and keeps the chain.
package journal

import (
	"bytes"
	"context"
	"crypto/cipher"
	"sync"
	"time"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Kind names a kind of event and the version of its fields.
type Kind struct {
	Name    string
	Version int
}

// About says where an event belongs: its stream, what it is about, and the
// household whose key seals it (zero: the stream's own key seals it).
type About struct {
	Stream    string
	Subject   id.ID
	Household id.ID
}

// Event is one thing that happened. Its exported fields are kept as CBOR
// (number them: `cbor:"1,keyasint"`); Apply must depend on nothing but them.
type Event interface {
	Kind() Kind
	About() About
	Apply(w *store.Writer) error
}

// Carrier is an event that brings a household's new sheet. The sheet is sealed
// once, into the table sheets; the entry keeps its hash.
type Carrier interface {
	Event
	CarriedVersion() int64 // of the sheet; 0 where none is carried after all
	Carried() (version int64, plain []byte)
	Carry(version int64, plain []byte) (Event, error) // the event with its sheet read back
}

// The streams that are not a branch's.
const (
	Reference = "reference" // areas, bodies, programmes: the same everywhere
	Diwan     = "diwan"     // decisions, lists, identity links
)

// Branch names the stream of a branch's own facts.
func Branch(code string) string { return "branch/" + code }

// Down names the stream in which the diwan answers a branch.
func Down(code string) string { return "down/" + code }

// arrivals is the head of the node's own chain, kept beside the streams'.
const arrivals = "@arrivals"

// Journal is a database with its node's keys. It is safe for concurrent use.
type Journal struct {
	DB   *store.DB
	Node Node
	keys keyring
}

// New returns the journal of db, sealed by node.
func New(db *store.DB, node Node) *Journal {
	return &Journal{DB: db, Node: node, keys: newKeyring()}
}

// Ref names one recorded entry; receipts print its hash.
type Ref struct {
	ID        id.ID
	Kind      string
	Stream    string
	Sequence  int64
	Subject   id.ID
	Household id.ID
	Hash      [32]byte
}

// Receipt tells what a command recorded. Repeated is true when the same command
// had been done before: nothing was done now, and Entries are those of then.
type Receipt struct {
	Entries  []Ref
	Repeated bool
}

// Write runs work and records its events; it returns after they reached the
// disk. A command key that was used before is answered with its first receipt,
// where the same person sends it; another's is the fault "journal.command_taken".
// A key that follows from the content of what is done (UUID version 8) is
// everybody's: a file that one officer began, another may finish.
func (j *Journal) Write(ctx context.Context, who store.Session, work func(*store.Tx) error) (Receipt, error) {
	var receipt Receipt
	var s *state
	err := j.DB.Write(ctx, who, func(tx *store.Tx) error {
		receipt = Receipt{}
		if !who.Command.IsZero() {
			done, err := recorded(tx, who)
			if err != nil || len(done) > 0 {
				receipt = Receipt{Entries: done, Repeated: true}
				return err
			}
		}
		s = j.attach(tx)
		s.opened = map[id.ID]cipher.AEAD{}
		if err := work(tx); err != nil {
			return err
		}
		if err := s.finish(tx); err != nil {
			return err
		}
		receipt.Entries = s.refs
		return nil
	})
	if err != nil {
		return Receipt{}, err
	}
	if s != nil { // nothing to remember where the command was done before
		j.keys.keepAll(s.opened)
	}
	return receipt, nil
}

// Read runs work on one snapshot. Households that work looked at (see Viewed)
// are written into the stream of reads, and Read returns after that reached the
// disk: a look that left no trace is not shown.
func (j *Journal) Read(ctx context.Context, who store.Session, work func(*store.Tx) error) error {
	var seen []look
	err := j.DB.Read(ctx, who, func(tx *store.Tx) error {
		s := j.attach(tx)
		err := work(tx)
		seen = s.seen
		return err
	})
	if err != nil || len(seen) == 0 {
		return err
	}
	who.Command = id.ID{}
	_, err = j.Write(ctx, who, func(tx *store.Tx) error {
		return Record(tx, Viewed{Stream: "reads/" + j.Node.Code, Actor: tx.Actor, Purpose: tx.Purpose, At: tx.Now.UnixMicro(), Looks: seen})
	})
	return err
}

// state is what a transaction carries for the journal.
type state struct {
	journal *Journal
	waiting []*waiting
	fresh   map[id.ID]cipher.AEAD // keys made in this transaction
	opened  map[id.ID]cipher.AEAD // keys read in it, remembered once it is kept; nil where it only reads
	seals   sync.WaitGroup        // goroutines that seal
	ready   int                   // events that have a key and are not sealed
	looked  int                   // events before this one are sealed
	refs    []Ref
	seen    []look
}

type stateKey struct{}

func (j *Journal) attach(tx *store.Tx) *state {
	s := &state{journal: j}
	tx.SetValue(stateKey{}, s)
	return s
}

func of(tx *store.Tx) *state {
	s, _ := tx.Value(stateKey{}).(*state)
	if s == nil {
		panic("journal: this transaction was not opened by a Journal")
	}
	return s
}

// Record applies an event and adds it to the journal, in this transaction.
func Record(tx *store.Tx, e Event) error {
	s := of(tx)
	if err := e.Apply(tx.Projected()); err != nil {
		return err
	}
	return s.begin(tx, &waiting{event: e, about: e.About()})
}

// Recorded returns how many events this transaction has recorded so far.
func Recorded(tx *store.Tx) int { return len(of(tx).waiting) }

// Home is this node's own stream: the diwan's, or its branch's.
func Home(tx *store.Tx) string { return of(tx).journal.Node.Home() }

// Self is this node.
func Self(tx *store.Tx) Node { return of(tx).journal.Node }

// Look notes, within Read, that the actor looked at a household's file.
func Look(tx *store.Tx, household id.ID, what string) {
	s := of(tx)
	s.seen = append(s.seen, look{Household: household, What: what})
}

// look is one household looked at, and what was shown of it.
type look struct {
	Household id.ID  `cbor:"1,keyasint"`
	What      string `cbor:"2,keyasint"`
}

// Viewed says that somebody looked at families' files, and why.
type Viewed struct {
	Stream  string `cbor:"1,keyasint"`
	Actor   id.ID  `cbor:"2,keyasint"`
	Purpose string `cbor:"3,keyasint"`
	At      int64  `cbor:"4,keyasint"`
	Looks   []look `cbor:"5,keyasint"`
}

// Kind is "journal.viewed".
func (Viewed) Kind() Kind { return Kind{"journal.viewed", 1} }

// About puts it in the node's stream of reads.
func (v Viewed) About() About { return About{Stream: v.Stream} }

// Apply keeps who looked, for the family's own file.
func (v Viewed) Apply(w *store.Writer) error {
	for n, l := range v.Looks {
		if err := w.Put(views, l.Household, v.At, v.Actor, n, v.Purpose, l.What); err != nil {
			return err
		}
	}
	return nil
}

// View is one look at a household's file.
type View struct {
	At      time.Time
	Actor   id.ID
	Purpose string
	What    string
}

// Views returns who looked at a household's file, latest first.
func Views(tx *store.Tx, household id.ID, limit int) ([]View, error) {
	return store.All(tx, func(r *store.Row) View {
		return View{At: r.Time(), Actor: r.ID(), Purpose: r.Text(), What: r.Text()}
	}, `SELECT at, actor, purpose, what FROM views WHERE household = $1 ORDER BY at DESC, part LIMIT $2`, household, limit)
}

// recorded returns the entries of a command that was done before.
func recorded(tx *store.Tx, who store.Session) ([]Ref, error) {
	done, err := store.All(tx, scanRef, "SELECT "+refColumns+" FROM journal WHERE command = $1 ORDER BY part", who.Command)
	if err != nil || len(done) == 0 || who.Command[6]>>4 == 8 {
		return done, err
	}
	actor, _, err := store.One(tx, (*store.Row).Bytes, "SELECT actor FROM journal WHERE command = $1 AND part = 0", who.Command)
	if err == nil && !bytes.Equal(actor, who.Actor[:]) && !(actor == nil && who.Actor.IsZero()) {
		err = fault.Conflict("journal.command_taken")
	}
	return done, err
}

const refColumns = "id, kind, stream, sequence, subject, household, hash"

func scanRef(r *store.Row) Ref {
	ref := Ref{ID: r.ID(), Kind: r.Text(), Stream: r.Text(), Sequence: r.Int(), Subject: r.ID(), Household: r.ID()}
	copy(ref.Hash[:], r.Raw())
	return ref
}

// Find returns the reference of an entry, or the fault "journal.no_entry".
func Find(tx *store.Tx, entry id.ID) (Ref, error) {
	ref, found, err := store.One(tx, scanRef, "SELECT "+refColumns+" FROM journal WHERE id = $1", entry)
	if err == nil && !found {
		err = fault.NotFound("journal.no_entry")
	}
	return ref, err
}

// Timeline returns what was recorded about a household, latest first.
func Timeline(tx *store.Tx, household id.ID, limit int) ([]Happening, error) {
	return store.All(tx, func(r *store.Row) Happening {
		return Happening{Kind: r.Text(), At: r.Time(), Actor: r.ID(), Version: r.Int(), Entry: r.ID()}
	}, `SELECT kind, recorded, actor, version, id FROM journal WHERE household = $1 ORDER BY arrival DESC LIMIT $2`, household, limit)
}

// Happening is one entry of a household's timeline.
type Happening struct {
	Kind    string
	At      time.Time
	Actor   id.ID
	Version int64
	Entry   id.ID
}
