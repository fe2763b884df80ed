package linkage

import "math/bits"

// dictionary gives each distinct folded value of the columns of one kind a code
// from 1 on; 0 is no value. Its values are compared once and remembered.
type dictionary struct {
	kind   *kind
	codes  map[string]uint32
	values []string
	traits []trait  // by code
	sieve  []uint64 // by code: letters in 58 bits, length above; all bits where it tells nothing
}

// trait is what comparing needs of a value, prepared.
type trait struct {
	letters uint64 // a set of its letters, to see quickly that two values differ
	length  uint16 // in letters
	core    uint16 // in letters, without a beginning that many names share
	known   bool   // of a name: it is in use
	latin   bool
	sounds  [2]uint32 // of a name: hashed skeletons
	loose   uint32    // of a name: hashed, without what is written at will
}

func newDictionary(k *kind) *dictionary {
	return &dictionary{kind: k, codes: map[string]uint32{}, values: []string{""}, traits: []trait{{}}, sieve: []uint64{0}}
}

// code returns the code of a folded value.
func (d *dictionary) code(folded string) uint32 {
	if folded == "" {
		return 0
	}
	code, known := d.codes[folded]
	if !known {
		code = uint32(len(d.values))
		d.codes[folded] = code
		d.values = append(d.values, folded)
		d.traits = append(d.traits, d.kind.trait(folded))
		d.sieve = append(d.sieve, d.kind.sieve(folded))
	}
	return code
}

// unlike sees quickly that two values differ in more letters than any level but
// the last tolerates. It never says so of values that a closer look would find
// like each other.
func (d *dictionary) unlike(a, b uint32) bool {
	x, y := d.sieve[a], d.sieve[b]
	if x == everything || y == everything {
		return false
	}
	apart := int(x>>sieveBits) - int(y>>sieveBits)
	slack := d.kind.slack
	return apart > slack || -apart > slack ||
		bits.OnesCount64(x&^y&sieveMask) > slack || bits.OnesCount64(y&^x&sieveMask) > slack
}

const (
	sieveBits  = 58
	sieveMask  = 1<<sieveBits - 1
	everything = ^uint64(0)
)

// sieved is what unlike looks at of a value.
func sieved(value string) uint64 {
	var set uint64
	length := uint64(0)
	for _, r := range value {
		set |= 1 << (uint32(r) % sieveBits)
		length++
	}
	return min(length, 63)<<sieveBits | set
}

func letterSet(value string) (set uint64, length uint16) {
	for _, r := range value {
		set |= 1 << (uint32(r) % 64)
		length++
	}
	return set, length
}

func hash32(text string) uint32 {
	h := uint32(2166136261)
	for i := range len(text) {
		h = (h ^ uint32(text[i])) * 16777619
	}
	return max(h, 1)
}

// memo remembers the levels of pairs of codes in a table of fixed size: a
// national register has more spellings than pairs fit into memory.
type memo struct {
	entries []uint64 // a<<34 | b<<4 | level; codes stay below 2^30
}

const memoBits = 17

func newMemo() *memo { return &memo{entries: make([]uint64, 1<<memoBits)} }

// level compares two different codes of a dictionary.
func (m *memo) level(d *dictionary, a, b uint32) uint8 {
	if a > b {
		a, b = b, a
	}
	key := uint64(a)<<34 | uint64(b)<<4
	at := (key * 0x9e3779b97f4a7c15) >> (64 - memoBits)
	if entry := m.entries[at]; entry&^15 == key {
		return uint8(entry & 15)
	}
	level := d.kind.compare(d, a, b)
	m.entries[at] = key | uint64(level)
	return level
}
