package journal

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Segment is a run of one stream's entries with what another node needs to open
// them. It holds keys: it must leave the node only encrypted for its receiver.
type Segment struct {
	Stream string    `cbor:"1,keyasint"`
	Epoch  int64     `cbor:"2,keyasint"`
	Before []byte    `cbor:"3,keyasint"` // hash of the entry before the first
	Parts  []Part    `cbor:"4,keyasint"`
	Keys   []Opening `cbor:"5,keyasint"`
}

// Part is one entry as it is sealed, with its sheet.
type Part struct {
	_           struct{} `cbor:",toarray"`
	Sequence    int64
	ID          id.ID
	Kind        string
	KindVersion int64
	Subject     id.ID
	Household   id.ID
	Version     int64
	Actor       id.ID
	Purpose     string
	Command     id.ID
	Position    int64
	Cause       id.ID
	Recorded    int64
	Body        []byte
	SheetHash   []byte
	Hash        []byte
	Sheet       []byte
}

// Opening is the key of a household or stream, in clear.
type Opening struct {
	_     struct{} `cbor:",toarray"`
	Owner id.ID
	Key   []byte
}

// Head is how far a stream has come.
type Head struct {
	_        struct{} `cbor:",toarray"`
	Stream   string
	Epoch    int64
	Sequence int64
	Hash     []byte
}

// HeadOf returns a stream's head; sequence 0 where it has no entry.
func HeadOf(tx *store.Tx, stream string) (Head, error) {
	h, err := (&state{journal: of(tx).journal}).head(tx, map[string]*head{}, stream)
	if err != nil {
		return Head{}, err
	}
	return Head{Stream: h.Stream, Epoch: h.Epoch, Sequence: h.Sequence, Hash: h.Hash}, nil
}

// HashAt returns the hash of a stream's entry, nil where there is none.
func HashAt(tx *store.Tx, stream string, sequence int64) ([]byte, error) {
	hash, _, err := store.One(tx, (*store.Row).Bytes, "SELECT hash FROM journal WHERE stream = $1 AND sequence = $2", stream, sequence)
	return hash, err
}

// Cut returns at most limit entries of a stream after a sequence.
func Cut(tx *store.Tx, stream string, after int64, limit int) (Segment, error) {
	j := of(tx).journal
	segment := Segment{Stream: stream}
	owners := map[id.ID]bool{}
	err := tx.Each(func(r *store.Row) error {
		e := scanEntry(r)
		segment.Epoch = e.Epoch
		segment.Parts = append(segment.Parts, e.part(r.Bytes()))
		owners[keyOwner(e.Household, e.Stream)] = true
		return r.Err()
	}, "SELECT "+entryColumns+`, s.body FROM journal j
		LEFT JOIN sheets s ON s.household = j.household AND s.version = j.version
		WHERE j.stream = $1 AND j.sequence > $2 ORDER BY j.sequence LIMIT $3`, stream, after, limit)
	if err != nil {
		return segment, err
	}
	if segment.Before, err = HashAt(tx, stream, after); err != nil {
		return segment, err
	}
	if after == 0 {
		segment.Before = startOf(stream)
	}
	for owner := range owners {
		key, err := j.plainKey(tx, owner)
		if err != nil {
			return segment, err
		}
		if key != nil {
			segment.Keys = append(segment.Keys, Opening{Owner: owner, Key: key})
		}
	}
	return segment, nil
}

func startOf(stream string) []byte {
	start := sha256.Sum256([]byte("sanad stream " + stream))
	return start[:]
}

func (e *Entry) part(sheet []byte) Part {
	return Part{Sequence: e.Sequence, ID: e.ID, Kind: e.Kind, KindVersion: e.KindVersion, Subject: e.Subject, Household: e.Household,
		Version: e.Version, Actor: e.Actor, Purpose: e.Purpose, Command: e.Command, Position: e.Part, Cause: e.Cause,
		Recorded: e.Recorded, Body: e.Body, SheetHash: e.Sheet, Hash: e.Hash, Sheet: sheet}
}

func (p *Part) entry(s *Segment) Entry {
	return Entry{Stream: s.Stream, Epoch: s.Epoch, Sequence: p.Sequence, ID: p.ID, Kind: p.Kind, KindVersion: p.KindVersion,
		Subject: p.Subject, Household: p.Household, Version: p.Version, Actor: p.Actor, Purpose: p.Purpose, Command: p.Command,
		Part: p.Position, Cause: p.Cause, Recorded: p.Recorded, Body: p.Body, Sheet: p.SheetHash, Hash: p.Hash}
}

// plainKey unwraps a key for the receiver of a segment; nil where it was erased.
func (j *Journal) plainKey(tx *store.Tx, owner id.ID) ([]byte, error) {
	wrapped, found, err := store.One(tx, (*store.Row).Bytes, "SELECT wrapped FROM sealing_keys WHERE owner = $1", owner)
	if err != nil || !found || len(wrapped) == 0 {
		return nil, err
	}
	return unseal(j.wrapper(), wrapped, owner[:])
}

// Received is what came of a segment.
type Received struct {
	New   int // entries applied now
	Known int // entries that were here already
}

// Receive applies a segment written by another node. Entries that are here
// already must be the same ones (else "journal.fork"), the first new one must
// follow the last known ("journal.gap"), and every hash must be right
// ("journal.segment_altered"). All of it is applied, or nothing.
func Receive(tx *store.Tx, s Segment, writer id.ID, kinds Catalogue) (Received, error) {
	state := of(tx)
	h, err := state.head(tx, map[string]*head{}, s.Stream)
	if err != nil {
		return Received{}, err
	}
	var done Received
	previous := s.Before
	for i := range s.Parts {
		p := &s.Parts[i]
		if err := p.check(&s, previous); err != nil {
			return done, err
		}
		previous = p.Hash
		if p.Sequence <= h.Sequence {
			known, err := HashAt(tx, s.Stream, p.Sequence)
			if err != nil {
				return done, err
			}
			if !bytes.Equal(known, p.Hash) {
				return done, fault.Conflict("journal.fork", "stream", s.Stream, "sequence", p.Sequence)
			}
			done.Known++
		}
	}
	fresh := s.Parts[done.Known:]
	if len(fresh) == 0 {
		return done, nil
	}
	if fresh[0].Sequence != h.Sequence+1 {
		return done, fault.Conflict("journal.gap", "stream", s.Stream, "expected", h.Sequence+1, "got", fresh[0].Sequence)
	}
	if done.Known == 0 && !bytes.Equal(s.Before, h.Hash) {
		return done, fault.Conflict("journal.fork", "stream", s.Stream, "sequence", h.Sequence)
	}
	done.New = len(fresh)
	return done, state.receive(tx, &s, fresh, h, writer, kinds)
}

// check recomputes a part's hash and its sheet's.
func (p *Part) check(s *Segment, previous []byte) error {
	e := p.entry(s)
	sum := sha256.Sum256(p.Sheet)
	if !bytes.Equal(e.chain(previous), p.Hash) || (p.Version > 0 && !bytes.Equal(sum[:], p.SheetHash)) {
		return fault.Conflict("journal.segment_altered", "stream", s.Stream, "sequence", p.Sequence)
	}
	return nil
}

// receive stores and applies parts that follow the head.
func (s *state) receive(tx *store.Tx, segment *Segment, parts []Part, h *head, writer id.ID, kinds Catalogue) error {
	w := tx.Projected()
	if err := s.mayWrite(tx, segment, parts, kinds); err != nil {
		return err
	}
	keys, err := s.adopt(tx, segment, parts)
	if err != nil {
		return err
	}
	last, err := s.head(tx, map[string]*head{}, arrivals)
	if err != nil {
		return err
	}
	for i := range parts {
		p := &parts[i]
		e := p.entry(segment)
		last.Sequence++
		e.Arrival, e.Seal = last.Sequence, nil
		e.Seal = e.arrive(last.Hash)
		last.Hash = e.Seal
		if err := e.insert(w); err != nil {
			return err
		}
		if p.Version > 0 {
			if err := w.Insert(sheets, p.Household, p.Version, p.Recorded, p.Sheet); err != nil {
				return err
			}
		}
		if err := s.applyOpened(tx, &e, p.Sheet, keys[keyOwner(e.Household, e.Stream)], kinds); err != nil {
			return err
		}
	}
	end := parts[len(parts)-1]
	if err := w.Put(streams, h.Stream, segment.Epoch, end.Sequence, end.Hash, writer); err != nil {
		return err
	}
	return w.Put(streams, arrivals, last.Epoch, last.Sequence, last.Hash, nil)
}

// HandOver gives the writing of a stream to another node: this one refuses to
// record into it from now on. The zero node takes it back.
func HandOver(tx *store.Tx, stream string, writer id.ID) error {
	h, err := (&state{journal: of(tx).journal}).head(tx, map[string]*head{}, stream)
	if err != nil {
		return err
	}
	return tx.Projected().Put(streams, h.Stream, h.Epoch, h.Sequence, h.Hash, writer)
}

// Written lists the streams that this node writes, with their heads.
func Written(tx *store.Tx) ([]Head, error) {
	return store.All(tx, func(r *store.Row) Head {
		return Head{Stream: r.Text(), Epoch: r.Int(), Sequence: r.Int(), Hash: r.Bytes()}
	}, "SELECT stream, epoch, sequence, hash FROM streams WHERE writer IS NULL AND stream <> $1 ORDER BY stream", arrivals)
}

// Sign signs a message with the node's key, for frames and receipts.
func (n Node) Sign(message []byte) []byte { return ed25519.Sign(n.Signer(), message) }
