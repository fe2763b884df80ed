package journal

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Verdict is what Verify found. First is empty when everything holds.
type Verdict struct {
	Entries int64
	Sheets  int64
	Signed  int64  // checkpoints whose signature and heads agree
	Erased  int64  // keys that were erased: what they sealed keeps its place only
	First   string // the first thing that is wrong, by arrival
	Reason  string // a message key
}

// Holds reports whether nothing wrong was found.
func (v Verdict) Holds() bool { return v.First == "" }

// Verify walks over the whole journal and recomputes both chains, the hash of
// every sealed sheet, the heads, the keys, the signed checkpoints and the anchor
// beside the node's keys. It names the first entry that was altered, removed,
// moved or added by another hand.
//
// Who holds the database and not the node's keys could rewrite the entries since
// the last signature and all that follows from them; the anchor keeps that to a
// minute, and the other nodes' copies and the printed receipts to nothing. Who
// holds the node's keys too can rewrite what no other node has received.
func (j *Journal) Verify(ctx context.Context) (Verdict, error) {
	var v Verdict
	err := j.DB.Read(ctx, store.Session{Purpose: "verify"}, func(tx *store.Tx) error {
		j.attach(tx)
		w := newWalk(j)
		if err := w.loadCheckpoints(tx); err != nil {
			return err
		}
		var err error
		if w.anchor, _, err = j.anchor(); err != nil {
			w.wrong(anchorFile, "journal.signature_wrong")
		}
		err = tx.Each(func(r *store.Row) error {
			e := scanEntry(r)
			body := r.Raw()
			if r.Err() != nil {
				// A cell of another type than ours was written by another hand.
				w.wrong(fmt.Sprintf("arrival %d", w.last.Sequence+1), "journal.entry_unreadable")
				return nil
			}
			w.step(&e, body)
			return nil
		}, "SELECT "+entryColumns+`, s.body FROM journal j
			LEFT JOIN sheets s ON s.household = j.household AND s.version = j.version ORDER BY j.arrival`)
		if err != nil {
			return err
		}
		v, err = w.finish(tx)
		return err
	})
	return v, err
}

// walk follows the chains.
type walk struct {
	journal *Journal
	last    head
	heads   map[string]*head
	signed  map[int64]checkpoint
	anchor  anchor
	sealed  map[string]bool // streams whose own key seals entries
	verdict Verdict
}

func newWalk(j *Journal) *walk {
	start := sha256.Sum256([]byte("sanad stream " + arrivals))
	return &walk{journal: j, last: head{Stream: arrivals, Hash: start[:]}, heads: map[string]*head{}, signed: map[int64]checkpoint{}, sealed: map[string]bool{}}
}

func (w *walk) wrong(what, reason string) {
	if w.verdict.First == "" {
		w.verdict.First, w.verdict.Reason = what, reason
	}
}

func (w *walk) head(stream string) *head {
	h := w.heads[stream]
	if h == nil {
		start := sha256.Sum256([]byte("sanad stream " + stream))
		h = &head{Stream: stream, Hash: start[:]}
		w.heads[stream] = h
	}
	return h
}

// step checks one entry and its sheet and moves both chains on.
func (w *walk) step(e *Entry, sheet []byte) {
	name := fmt.Sprintf("arrival %d, %s entry %d", e.Arrival, e.Stream, e.Sequence)
	h := w.head(e.Stream)
	switch {
	case e.Arrival != w.last.Sequence+1:
		w.wrong(fmt.Sprintf("arrival %d", w.last.Sequence+1), "journal.entry_missing")
	case e.Sequence != h.Sequence+1:
		w.wrong(name, "journal.sequence_broken")
	case !bytes.Equal(e.chain(h.Hash), e.Hash):
		w.wrong(name, "journal.entry_altered")
	case !bytes.Equal(e.arrive(w.last.Hash), e.Seal):
		w.wrong(name, "journal.order_altered")
	}
	if e.Version > 0 {
		w.verdict.Sheets++
		if sum := sha256.Sum256(sheet); !bytes.Equal(sum[:], e.Sheet) {
			w.wrong(name, "journal.sheet_altered")
		}
	}
	if e.Arrival == w.anchor.Arrival && !bytes.Equal(e.Seal, w.anchor.Seal) {
		w.wrong(name, "journal.behind_anchor")
	}
	if e.Household.IsZero() && len(e.Body) > 0 {
		w.sealed[e.Stream] = true
	}
	h.Epoch, h.Sequence, h.Hash = e.Epoch, e.Sequence, e.Hash
	w.last.Sequence, w.last.Hash = e.Arrival, e.Seal
	w.verdict.Entries++
	if c, ok := w.signed[e.Arrival]; ok {
		w.checkpoint(c)
	}
}

// finish compares the heads and counts with what the walk saw.
func (w *walk) finish(tx *store.Tx) (Verdict, error) {
	kept, err := store.All(tx, scanHead, "SELECT stream, epoch, sequence, hash, writer FROM streams ORDER BY stream")
	if err != nil {
		return w.verdict, err
	}
	w.heads[arrivals] = &w.last
	seen := map[string]bool{}
	for _, k := range kept {
		seen[k.Stream] = true
		h := w.head(k.Stream)
		if h.Sequence != k.Sequence || !bytes.Equal(h.Hash, k.Hash) {
			w.wrong(fmt.Sprintf("the end of %s, entry %d", k.Stream, h.Sequence), "journal.head_differs")
		}
	}
	for name, h := range w.heads {
		if !seen[name] && h.Sequence > 0 {
			w.wrong("the end of "+name, "journal.head_differs")
		}
	}
	stored, _, err := store.One(tx, (*store.Row).Int, "SELECT count(*) FROM sheets")
	if err == nil && stored != w.verdict.Sheets {
		w.wrong("sheets", "journal.sheet_unrecorded")
	}
	for arrival := range w.signed {
		if arrival > w.last.Sequence {
			w.wrong(fmt.Sprintf("arrival %d", w.last.Sequence+1), "journal.entry_missing")
		}
	}
	if w.anchor.Arrival > w.last.Sequence {
		w.wrong(fmt.Sprintf("arrival %d", w.last.Sequence+1), "journal.behind_anchor")
	}
	return w.verdict, errors.Join(err, w.keys(tx))
}

// keys opens every sealing key and asks for those that are needed and not there.
func (w *walk) keys(tx *store.Tx) error {
	streamOf := map[id.ID]string{}
	for stream := range w.sealed {
		streamOf[keyOwner(id.ID{}, stream)] = stream
	}
	err := tx.Each(func(r *store.Row) error {
		owner, wrapped := r.ID(), r.Raw()
		delete(streamOf, owner)
		switch {
		case r.Err() != nil:
			return r.Err()
		case len(wrapped) == 0:
			w.verdict.Erased++
			return nil
		}
		if _, err := unseal(w.journal.wrapper(), wrapped, owner[:]); err != nil {
			w.wrong("the key of "+owner.String(), "journal.key_altered")
		}
		return nil
	}, "SELECT owner, wrapped FROM sealing_keys ORDER BY owner")
	if err != nil {
		return err
	}
	for _, stream := range streamOf {
		w.wrong("the key of "+stream, "journal.key_missing")
	}
	return tx.Each(func(r *store.Row) error {
		w.wrong("the key of "+r.ID().String(), "journal.key_missing")
		return r.Err()
	}, `SELECT j.household FROM journal j WHERE j.household IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM sealing_keys k WHERE k.owner = j.household) LIMIT 1`)
}

// checkpoint is a signed statement of every stream's head at an arrival.
type checkpoint struct {
	arrival, recorded int64
	heads, signature  []byte
}

// signedHead is one head within a checkpoint.
type signedHead struct {
	_        struct{} `cbor:",toarray"`
	Stream   string
	Sequence int64
	Hash     []byte
}

// Checkpoint signs the present heads and keeps the signature. Where nothing was
// recorded since the last one it does nothing. It returns the arrival signed.
func (j *Journal) Checkpoint(ctx context.Context) (int64, error) {
	var arrival int64
	err := j.DB.Write(ctx, store.Session{Purpose: "checkpoint"}, func(tx *store.Tx) error {
		heads, err := store.All(tx, scanHead, "SELECT stream, epoch, sequence, hash, writer FROM streams ORDER BY stream")
		if err != nil || len(heads) == 0 {
			return err
		}
		signed := make([]signedHead, len(heads))
		for i, h := range heads {
			signed[i] = signedHead{Stream: h.Stream, Sequence: h.Sequence, Hash: h.Hash}
			if h.Stream == arrivals {
				arrival = h.Sequence
			}
		}
		text, err := encoder.Marshal(signed)
		if err != nil {
			return err
		}
		known, _, err := store.One(tx, (*store.Row).Int, "SELECT count(*) FROM checkpoints WHERE arrival = $1", arrival)
		if err != nil || known > 0 {
			return err
		}
		if err := j.signedBefore(tx); err != nil {
			return err
		}
		signature := ed25519.Sign(j.Node.Signer(), text)
		return tx.Projected().Insert(checkpoints, arrival, tx.Now, text, signature)
	})
	if err == nil {
		err = j.Anchor(ctx)
	}
	return arrival, err
}

// signedBefore refuses to sign a database that another node has signed: keys
// named by mistake must leave no mark in it.
func (j *Journal) signedBefore(tx *store.Tx) error {
	last, found, err := store.One(tx, func(r *store.Row) checkpoint {
		return checkpoint{heads: r.Bytes(), signature: r.Bytes()}
	}, "SELECT heads, signature FROM checkpoints ORDER BY arrival DESC LIMIT 1")
	public := j.Node.Signer().Public().(ed25519.PublicKey)
	if err == nil && found && !ed25519.Verify(public, last.heads, last.signature) {
		err = fault.Conflict("journal.other_node")
	}
	return err
}

func (w *walk) loadCheckpoints(tx *store.Tx) error {
	return tx.Each(func(r *store.Row) error {
		c := checkpoint{arrival: r.Int(), recorded: r.Int(), heads: r.Bytes(), signature: r.Bytes()}
		w.signed[c.arrival] = c
		return r.Err()
	}, "SELECT arrival, recorded, heads, signature FROM checkpoints")
}

// checkpoint compares a signed statement with the chains at its arrival.
func (w *walk) checkpoint(c checkpoint) {
	name := fmt.Sprintf("checkpoint at arrival %d", c.arrival)
	var heads []signedHead
	public := w.journal.Node.Signer().Public().(ed25519.PublicKey)
	if !ed25519.Verify(public, c.heads, c.signature) || decoder.Unmarshal(c.heads, &heads) != nil {
		w.wrong(name, "journal.signature_wrong")
		return
	}
	for _, signed := range heads {
		h := w.head(signed.Stream)
		if signed.Stream == arrivals {
			h = &w.last
		}
		if h.Sequence != signed.Sequence || !bytes.Equal(h.Hash, signed.Hash) {
			w.wrong(name, "journal.head_differs")
			return
		}
	}
	w.verdict.Signed++
}
