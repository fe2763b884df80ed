package journal

import (
	"crypto/cipher"
	"crypto/sha256"
	"fmt"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// waiting is an event of this transaction on its way into the journal.
type waiting struct {
	event  Event
	about  About
	aead   cipher.AEAD
	nonces [2 * nonceSize]byte
	sealed bool // or being sealed
	entry  Entry
	sheet  []byte // sealed
	err    error
}

// sealing is how many events are sealed together, by a goroutine of their own.
const sealing = 64

// head is a stream's last entry.
type head struct {
	Stream   string
	Epoch    int64
	Sequence int64
	Hash     []byte
	Writer   id.ID
}

// finish seals what waits and writes it, with the heads last, so that the rows
// that every writer wants are held for the shortest time.
func (s *state) finish(tx *store.Tx) error {
	if len(s.waiting) == 0 {
		return nil
	}
	if err := s.openKeys(tx); err != nil {
		return err
	}
	s.sealReady()
	s.seals.Wait()
	heads, err := s.link(tx)
	if err != nil {
		return err
	}
	w := tx.Projected()
	for i := range s.waiting {
		p := s.waiting[i]
		if err := p.entry.insert(w); err != nil {
			return err
		}
		if p.sheet != nil {
			if err := w.Insert(sheets, p.entry.Household, p.entry.Version, p.entry.Recorded, p.sheet); err != nil {
				return err
			}
		}
		s.refs = append(s.refs, p.entry.ref())
	}
	for _, h := range heads {
		if err := w.Put(streams, h.Stream, h.Epoch, h.Sequence, h.Hash, h.Writer); err != nil {
			return err
		}
	}
	s.waiting = nil
	return nil
}

func (e *Entry) ref() Ref {
	return Ref{ID: e.ID, Kind: e.Kind, Stream: e.Stream, Sequence: e.Sequence, Subject: e.Subject, Household: e.Household, Hash: [32]byte(e.Hash)}
}

// openKeys finds the key of each entry that has none yet.
func (s *state) openKeys(tx *store.Tx) error {
	own := map[id.ID]cipher.AEAD{}
	for _, p := range s.waiting {
		owner := keyOwner(p.about.Household, p.about.Stream)
		if p.aead == nil {
			p.aead = own[owner]
		}
		if p.aead == nil {
			p.aead = s.fresh[owner]
		}
		var err error
		if p.aead == nil {
			p.aead, err = s.key(tx, owner)
		}
		if p.aead == nil && err == nil {
			p.aead, err = s.journal.newKey(tx, owner)
		}
		if err != nil {
			return err
		}
		own[owner] = p.aead
	}
	return nil
}

// begin readies an event that was just recorded. A household's first sheet
// brings a new key, so it can be sealed while the transaction goes on: in a bulk
// import sealing is most of the work.
func (s *state) begin(tx *store.Tx, p *waiting) error {
	tx.Random(p.nonces[:])
	s.waiting = append(s.waiting, p)
	c, ok := p.event.(Carrier)
	if !ok || c.CarriedVersion() != 1 {
		return nil
	}
	owner := keyOwner(p.about.Household, p.about.Stream)
	var err error
	if p.aead, err = s.journal.newKey(tx, owner); err != nil {
		return err
	}
	if s.fresh == nil {
		s.fresh = map[id.ID]cipher.AEAD{}
	}
	s.fresh[owner] = p.aead
	if s.ready++; s.ready >= sealing {
		s.sealReady()
	}
	return nil
}

// sealReady has everything sealed whose key is known.
func (s *state) sealReady() {
	batch := make([]*waiting, 0, sealing)
	for _, p := range s.waiting[s.looked:] {
		if p.aead == nil || p.sealed {
			continue
		}
		p.sealed = true
		if batch = append(batch, p); len(batch) == sealing {
			s.sealBehind(batch)
			batch = make([]*waiting, 0, sealing)
		}
	}
	for s.looked < len(s.waiting) && s.waiting[s.looked].sealed {
		s.looked++
	}
	s.ready = 0
	s.sealBehind(batch)
}

// sealBehind seals some in a goroutine of their own; a few at once where they
// come alone.
func (s *state) sealBehind(batch []*waiting) {
	if len(s.waiting) < sealing {
		for _, p := range batch {
			p.seal()
		}
		return
	}
	s.seals.Go(func() {
		for _, p := range batch {
			p.seal()
		}
	})
}

func (p *waiting) seal() {
	var body []byte
	if body, p.err = encoder.Marshal(p.event); p.err != nil {
		return
	}
	kind := p.event.Kind()
	p.entry.Kind, p.entry.KindVersion = kind.Name, int64(kind.Version)
	p.entry.Stream, p.entry.Subject, p.entry.Household = p.about.Stream, p.about.Subject, p.about.Household
	if len(body) != 1 || body[0] != emptyBody {
		p.entry.Body = seal(p.aead, p.nonces[:nonceSize], pack(body), []byte("body "+kind.Name))
	}
	if carrier, ok := p.event.(Carrier); ok {
		version, plain := carrier.Carried()
		if version > 0 {
			p.entry.Version = version
			p.sheet = seal(p.aead, p.nonces[nonceSize:], pack(plain), sheetContext(p.about.Household, version))
			sum := sha256.Sum256(p.sheet)
			p.entry.Sheet = sum[:]
		}
	}
}

// sheetContext binds a sealed sheet to its household and version.
func sheetContext(household id.ID, version int64) []byte {
	return fmt.Appendf(nil, "sheet %s %d", household, version)
}

// link gives each entry its place in its stream and in the node's own chain.
func (s *state) link(tx *store.Tx) (map[string]*head, error) {
	heads := map[string]*head{}
	last, err := s.head(tx, heads, arrivals)
	if err != nil {
		return nil, err
	}
	for i := range s.waiting {
		p := s.waiting[i]
		if p.err != nil {
			return nil, p.err
		}
		h, err := s.head(tx, heads, p.entry.Stream)
		if err != nil {
			return nil, err
		}
		if !h.Writer.IsZero() && h.Writer != s.journal.Node.ID {
			return nil, fault.Conflict("journal.stream_elsewhere", "stream", h.Stream)
		}
		e := &p.entry
		h.Sequence++
		last.Sequence++
		e.Epoch, e.Sequence, e.Arrival = h.Epoch, h.Sequence, last.Sequence
		e.ID, e.Actor, e.Purpose, e.Command, e.Part = tx.NewID(), tx.Actor, tx.Purpose, tx.Command, int64(i)
		e.Recorded = tx.Now.UnixMicro()
		e.Hash = e.chain(h.Hash)
		h.Hash = e.Hash
		e.Seal = e.arrive(last.Hash)
		last.Hash = e.Seal
	}
	return heads, nil
}

// head reads a stream's head once a transaction; it is never remembered beyond.
func (s *state) head(tx *store.Tx, heads map[string]*head, stream string) (*head, error) {
	if h := heads[stream]; h != nil {
		return h, nil
	}
	h, found, err := store.One(tx, scanHead, "SELECT stream, epoch, sequence, hash, writer FROM streams WHERE stream = $1", stream)
	if err != nil {
		return nil, err
	}
	if !found {
		start := sha256.Sum256([]byte("sanad stream " + stream))
		h = head{Stream: stream, Epoch: s.journal.Node.Epoch, Hash: start[:]}
	}
	heads[stream] = &h
	return &h, nil
}

func scanHead(r *store.Row) head {
	return head{Stream: r.Text(), Epoch: r.Int(), Sequence: r.Int(), Hash: r.Bytes(), Writer: r.ID()}
}
