package journal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"sync"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

const nonceSize = 12

func newAEAD(key []byte) cipher.AEAD { return must(cipher.NewGCM(must(aes.NewCipher(key)))) }

// seal encrypts with AES-256-GCM under a random nonce, which stands before the
// result; context binds the bytes to their place.
func seal(aead cipher.AEAD, nonce, plain, context []byte) []byte {
	out := make([]byte, nonceSize, nonceSize+len(plain)+aead.Overhead())
	copy(out, nonce)
	return aead.Seal(out, nonce, plain, context)
}

func unseal(aead cipher.AEAD, sealed, context []byte) ([]byte, error) {
	if len(sealed) < nonceSize {
		return nil, fault.Invalid("journal.damaged")
	}
	plain, err := aead.Open(nil, sealed[:nonceSize], sealed[nonceSize:], context)
	if err != nil {
		return nil, fault.Invalid("journal.damaged").Because(err)
	}
	return plain, nil
}

// keyring remembers opened keys: they never change, they are only erased.
type keyring struct {
	mutex *sync.Mutex
	known map[id.ID]cipher.AEAD
}

// remembered bounds the keys held in memory.
const remembered = 1 << 16

func newKeyring() keyring { return keyring{mutex: &sync.Mutex{}, known: map[id.ID]cipher.AEAD{}} }

func (k keyring) find(owner id.ID) cipher.AEAD {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	return k.known[owner]
}

func (k keyring) keep(owner id.ID, aead cipher.AEAD) {
	k.mutex.Lock()
	defer k.mutex.Unlock()
	if len(k.known) >= remembered {
		clear(k.known)
	}
	k.known[owner] = aead
}

// keepAll remembers keys whose transaction has been kept.
func (k keyring) keepAll(opened map[id.ID]cipher.AEAD) {
	for owner, aead := range opened {
		k.keep(owner, aead)
	}
}

// keyOwner is the household, or the stream's name hashed where there is none.
func keyOwner(household id.ID, stream string) id.ID {
	if !household.IsZero() {
		return household
	}
	sum := sha256.Sum256([]byte("stream " + stream))
	return id.ID(sum[:16])
}

// wrapper is the key under which the node wraps all others.
func (j *Journal) wrapper() cipher.AEAD {
	if aead := j.keys.find(id.ID{}); aead != nil {
		return aead
	}
	aead := newAEAD(j.Node.Key("wrap"))
	j.keys.keep(id.ID{}, aead)
	return aead
}

// newKey makes, wraps and stores the key of an owner that has none.
func (j *Journal) newKey(tx *store.Tx, owner id.ID) (cipher.AEAD, error) {
	var fresh [32 + nonceSize]byte
	tx.Random(fresh[:])
	wrapped := seal(j.wrapper(), fresh[32:], fresh[:32], owner[:])
	if err := tx.Projected().Insert(sealingKeys, owner, wrapped); err != nil {
		return nil, err
	}
	return newAEAD(fresh[:32]), nil
}

// openKey unwraps a stored key. An erased one is the fault "journal.erased".
func (j *Journal) openKey(owner id.ID, wrapped []byte) (cipher.AEAD, error) {
	if len(wrapped) == 0 {
		return nil, fault.NotFound("journal.erased")
	}
	plain, err := unseal(j.wrapper(), wrapped, owner[:])
	if err != nil {
		return nil, err
	}
	return newAEAD(plain), nil
}

// open unwraps a stored key and remembers it. What a writing transaction reads
// may be another's of its group, and go with it: a key remembered too early
// would seal what nobody can open again.
func (s *state) open(owner id.ID, wrapped []byte) (cipher.AEAD, error) {
	aead, err := s.journal.openKey(owner, wrapped)
	switch {
	case err != nil:
	case s.opened != nil:
		s.opened[owner] = aead
	default:
		s.journal.keys.keep(owner, aead)
	}
	return aead, err
}

// known returns a key that was opened before, or nil.
func (s *state) known(owner id.ID) cipher.AEAD {
	if aead := s.opened[owner]; aead != nil {
		return aead
	}
	return s.journal.keys.find(owner)
}

// key returns an owner's key, or nil where it has none yet.
func (s *state) key(tx *store.Tx, owner id.ID) (cipher.AEAD, error) {
	if aead := s.known(owner); aead != nil {
		return aead, nil
	}
	wrapped, found, err := store.One(tx, (*store.Row).Bytes, "SELECT wrapped FROM sealing_keys WHERE owner = $1", owner)
	if err != nil || !found {
		return nil, err
	}
	return s.open(owner, wrapped)
}
