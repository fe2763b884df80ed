package journal

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// anchor is how far the node's own chain had come when the node last signed it.
// It lies beside the node's keys, outside the database: who may change every row
// there, heads and checkpoints too, still cannot take back or rewrite what was
// recorded before it. What remains open to such a hand is the time since the
// last anchor: a running server sets one each minute, every command at its end.
type anchor struct {
	Node      id.ID  `json:"node"`
	Arrival   int64  `json:"arrival"`
	Seal      []byte `json:"seal"`
	Signature []byte `json:"signature"`
}

const anchorFile = "anchor.json"

func (a anchor) message() []byte {
	text, err := encoder.Marshal([]any{"sanad anchor", a.Node, a.Arrival, a.Seal})
	if err != nil {
		panic(err) // constant types
	}
	return text
}

// Anchor signs the present end of the node's own chain into the file beside its
// keys. A node without files has nothing to write to.
func (j *Journal) Anchor(ctx context.Context) error {
	if j.Node.folder == "" {
		return nil
	}
	a := anchor{Node: j.Node.ID}
	err := j.DB.Read(ctx, store.Session{Purpose: "anchor"}, func(tx *store.Tx) error {
		last, found, err := store.One(tx, scanHead, "SELECT stream, epoch, sequence, hash, writer FROM streams WHERE stream = $1", arrivals)
		if found {
			a.Arrival, a.Seal = last.Sequence, last.Hash
		}
		return err
	})
	before, known, readErr := j.anchor()
	switch {
	case err != nil || a.Arrival == 0:
		return err
	case readErr != nil:
		return readErr
	case known && before.Arrival >= a.Arrival:
		return nil // never back
	}
	a.Signature = j.Node.Sign(a.message())
	text, err := json.Marshal(a)
	if err != nil {
		return err
	}
	return writeDurably(filepath.Join(j.Node.folder, anchorFile), append(text, '\n'))
}

// writeDurably replaces a file as a whole: after a power cut it is the old one or
// the new one.
func writeDurably(path string, content []byte) error {
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	_, err = file.Write(content)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return os.Rename(file.Name(), path)
}

// anchor reads the file; a signature that is not the node's is the fault
// "journal.signature_wrong".
func (j *Journal) anchor() (a anchor, known bool, err error) {
	if j.Node.folder == "" {
		return a, false, nil
	}
	text, err := os.ReadFile(filepath.Join(j.Node.folder, anchorFile))
	if errors.Is(err, fs.ErrNotExist) {
		return a, false, nil
	}
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	public := j.Node.Signer().Public().(ed25519.PublicKey)
	if err != nil || a.Node != j.Node.ID || !ed25519.Verify(public, a.message(), a.Signature) {
		return a, false, fault.Conflict("journal.signature_wrong").Because(err)
	}
	return a, true, nil
}

// CheckAnchor asks, before a node begins its work, whether the database still
// holds what the node last signed. An older copy, or one whose past was
// rewritten, is the fault "journal.older_copy": going on would give the same
// numbers to other entries, and every node that has the first would refuse them.
func (j *Journal) CheckAnchor(ctx context.Context) error {
	a, known, err := j.anchor()
	if err != nil || !known {
		return err
	}
	return j.DB.Read(ctx, store.Session{Purpose: "anchor"}, func(tx *store.Tx) error {
		seal, _, err := store.One(tx, (*store.Row).Bytes, "SELECT seal FROM journal WHERE arrival = $1", a.Arrival)
		if err == nil && !bytes.Equal(seal, a.Seal) {
			err = fault.Conflict("journal.older_copy", "entry", a.Arrival, "path", filepath.Join(j.Node.folder, anchorFile))
		}
		return err
	})
}
