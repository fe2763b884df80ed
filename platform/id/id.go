// Package id names every person, household, decision and journal entry of the
// country with a number that any branch can mint alone, without asking anybody.
//
// An ID is a UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, then random bits,
// in 16 bytes. Identifiers of one household count up from the household's own
// (the monotonic form of RFC 9562 section 6.2), so that a sheet stores them in
// a byte or two.
package id

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"time"

	"sanad/platform/fault"
)

// ID is a UUIDv7 in 16 bytes. The zero ID means "none".
type ID [16]byte

// New returns a version 7 identifier for the moment now, its 74 free bits taken
// from random. Equal arguments give an equal identifier.
func New(now time.Time, random [10]byte) ID {
	var n ID
	ms := uint64(now.UnixMilli())
	binary.BigEndian.PutUint64(n[:8], ms<<16)
	copy(n[6:], random[:])
	n[6] = n[6]&0x0f | 0x70
	n[8] = n[8]&0x3f | 0x80
	return n
}

// Next returns the identifier that stands steps after n, counting in its last
// six bytes; New leaves them random, so a household's members never meet
// another household's.
func (n ID) Next(steps uint64) ID {
	low := binary.BigEndian.Uint64(n[8:])
	const mask = 1<<48 - 1
	binary.BigEndian.PutUint64(n[8:], low&^mask|(low+steps)&mask)
	return n
}

// IsZero reports whether n names nothing.
func (n ID) IsZero() bool { return n == ID{} }

// Compare orders identifiers by their bytes, which is by time of minting.
func (n ID) Compare(other ID) int { return bytes.Compare(n[:], other[:]) }

// String returns the canonical form, 8-4-4-4-12 lower-case hexadecimal digits.
func (n ID) String() string {
	var b [36]byte
	hex.Encode(b[0:8], n[0:4])
	hex.Encode(b[9:13], n[4:6])
	hex.Encode(b[14:18], n[6:8])
	hex.Encode(b[19:23], n[8:10])
	hex.Encode(b[24:36], n[10:16])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// MarshalText returns the canonical form; the zero ID is empty.
func (n ID) MarshalText() ([]byte, error) {
	if n.IsZero() {
		return []byte{}, nil
	}
	return []byte(n.String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (n *ID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*n = ID{}
		return nil
	}
	parsed, err := Parse(string(text))
	if err != nil {
		return err
	}
	*n = parsed
	return nil
}

// Parse reads the canonical form. Anything else is the fault "id.malformed".
func Parse(text string) (ID, error) {
	var n ID
	if len(text) != 36 || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return ID{}, fault.Invalid("id.malformed", "text", text)
	}
	digits := text[0:8] + text[9:13] + text[14:18] + text[19:23] + text[24:]
	if _, err := hex.Decode(n[:], []byte(digits)); err != nil {
		return ID{}, fault.Invalid("id.malformed", "text", text)
	}
	return n, nil
}

// FromBytes reads 16 stored bytes; nil or empty is the zero ID. Another length
// is the fault "id.malformed".
func FromBytes(b []byte) (ID, error) {
	var n ID
	if len(b) == 0 {
		return n, nil
	}
	if len(b) != len(n) {
		return n, fault.Invalid("id.malformed", "text", hex.EncodeToString(b))
	}
	copy(n[:], b)
	return n, nil
}
