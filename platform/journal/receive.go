package journal

import (
	"bytes"
	"crypto/cipher"
	"strings"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Vetted is an event that the diwan looks at before it takes it from a branch's
// own node: whether that branch may say this of that subject.
type Vetted interface {
	Event
	Vet(tx *store.Tx, stream string) error
}

// mayWrite holds a branch's segment to what a branch may write: the kinds of
// fact that the catalogue names, its own reads, and no household whose file is
// another branch's. What the diwan sends is the diwan's to answer for.
func (s *state) mayWrite(tx *store.Tx, segment *Segment, parts []Part, kinds Catalogue) error {
	if s.journal.Node.Role != RoleDiwan {
		return nil
	}
	reads := strings.HasPrefix(segment.Stream, "reads/")
	for i := range parts {
		kind := parts[i].Kind
		if reads != (kind == Viewed{}.Kind().Name) || (!reads && !kinds.branches[kind]) {
			return fault.Forbidden("journal.kind_not_theirs", "stream", segment.Stream, "kind", kind)
		}
	}
	return ownHouseholds(tx, segment.Stream, parts)
}

// ownHouseholds refuses a household whose last sheet came in another stream.
func ownHouseholds(tx *store.Tx, stream string, parts []Part) error {
	var asked [][]any
	seen := map[id.ID]bool{}
	for i := range parts {
		if h := parts[i].Household; !h.IsZero() && !seen[h] {
			seen[h] = true
			asked = append(asked, []any{h})
		}
	}
	return tx.Batch(func(_ int, r *store.Row) error {
		if home := r.Text(); r.Err() == nil && home != stream {
			return fault.Forbidden("journal.household_not_theirs", "stream", stream, "home", home)
		}
		return r.Err()
	}, "SELECT stream FROM journal WHERE household = $1 AND version > 0 ORDER BY version DESC LIMIT 1", asked)
}

// adopt keeps the keys that the parts need, wrapped for this node, and returns
// them. One that is here already must be the same ("journal.key_differs"); one
// that was erased, here or there, stays erased; others that came along are not
// looked at.
func (s *state) adopt(tx *store.Tx, segment *Segment, parts []Part) (map[id.ID]cipher.AEAD, error) {
	sent := map[id.ID][]byte{}
	for _, k := range segment.Keys {
		if len(k.Key) != 32 {
			return nil, fault.Invalid("journal.damaged")
		}
		sent[k.Owner] = k.Key
	}
	var owners []id.ID
	var asked [][]any
	keys := map[id.ID]cipher.AEAD{}
	for i := range parts {
		owner := keyOwner(parts[i].Household, segment.Stream)
		if _, seen := keys[owner]; !seen {
			keys[owner] = nil
			owners, asked = append(owners, owner), append(asked, []any{owner})
		}
	}
	kept := map[id.ID]bool{}
	err := tx.Batch(func(n int, r *store.Row) error {
		owner, wrapped := owners[n], r.Bytes()
		if kept[owner] = true; len(wrapped) == 0 || r.Err() != nil {
			return r.Err()
		}
		plain, err := unseal(s.journal.wrapper(), wrapped, owner[:])
		if err == nil && sent[owner] != nil && !bytes.Equal(plain, sent[owner]) {
			err = fault.Conflict("journal.key_differs", "stream", segment.Stream)
		}
		if err == nil {
			keys[owner] = newAEAD(plain)
		}
		return err
	}, "SELECT wrapped FROM sealing_keys WHERE owner = $1", asked)
	if err != nil {
		return nil, err
	}
	for _, owner := range owners {
		if kept[owner] {
			continue
		}
		if err := s.keepSent(tx, owner, sent[owner]); err != nil {
			return nil, err
		}
		if sent[owner] != nil {
			keys[owner] = newAEAD(sent[owner])
		}
	}
	return keys, nil
}

// keepSent wraps a key for this node; none means that it was erased.
func (s *state) keepSent(tx *store.Tx, owner id.ID, key []byte) error {
	if key == nil {
		return tx.Projected().Insert(sealingKeys, owner, []byte{})
	}
	var nonce [nonceSize]byte
	tx.Random(nonce[:])
	return tx.Projected().Insert(sealingKeys, owner, seal(s.journal.wrapper(), nonce[:], key, owner[:]))
}

// applyOpened opens a received entry and applies its event; one whose key was
// erased keeps its place only. What is in the seal must be what stands on it.
func (s *state) applyOpened(tx *store.Tx, e *Entry, sealed []byte, aead cipher.AEAD, kinds Catalogue) error {
	if aead == nil {
		return nil
	}
	var body, sheet []byte
	var err error
	if len(e.Body) > 0 {
		if body, err = opened(aead, e.Body, []byte("body "+e.Kind)); err != nil {
			return err
		}
	}
	if e.Version > 0 {
		if sheet, err = opened(aead, sealed, sheetContext(e.Household, e.Version)); err != nil {
			return err
		}
	}
	event, err := kinds.read(e, body, sheet)
	if err != nil {
		return err
	}
	if event.About() != (About{Stream: e.Stream, Subject: e.Subject, Household: e.Household}) || event.Kind().Name != e.Kind {
		return fault.Forbidden("journal.not_what_it_says", "stream", e.Stream, "sequence", e.Sequence)
	}
	if vetted, ok := event.(Vetted); ok && s.journal.Node.Role == RoleDiwan {
		if err := vetted.Vet(tx, e.Stream); err != nil {
			return err
		}
	}
	return event.Apply(tx.Projected())
}

// AddedBy returns the stream in which a subject was first named by an event of a
// kind, "" where it never was.
func AddedBy(tx *store.Tx, kind Kind, subject id.ID) (string, error) {
	stream, _, err := store.One(tx, (*store.Row).Text, "SELECT stream FROM journal WHERE kind = $1 AND subject = $2 ORDER BY arrival LIMIT 1", kind.Name, subject)
	return stream, err
}
