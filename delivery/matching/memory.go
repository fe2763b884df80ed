package matching

import (
	"hash/fnv"
	"math/bits"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// Memory spares a long import most of its questions. It remembers, in a fixed
// 16 MB, which numbers and likenesses the registry holds; what it has not seen
// is not there, what it has seen is asked of the database. It is of use only as
// long as nobody else registers anybody: the journal tells, and then it is put
// aside. The zero Memory remembers nothing and asks everything. It is used by one
// goroutine.
type Memory struct {
	bits    []uint64 // nil where it is of no use
	largest int      // persons beyond which reading them all first is not worth it
	begun   bool
	arrival int64 // of the last entry that it knows of
	next    int64
	fresh   []uint64 // of the transaction under way
}

// memoryBits is a power of two: two million keys give one wrong "seen" in a
// thousand.
const memoryBits = 1 << 27

// smallRegistry is read whole in less than a second.
const smallRegistry = 200_000

// NewMemory serves the import of a file with so many records.
func NewMemory(records int) *Memory { return &Memory{largest: max(smallRegistry, records)} }

// Kept is called after a transaction with Identify reached the disk.
func (m *Memory) Kept() {
	for _, key := range m.fresh {
		m.set(key)
	}
	m.arrival, m.fresh = m.next, nil
}

// refresh makes sure that the memory holds what the registry holds.
func (m *Memory) refresh(tx *store.Tx) error {
	m.fresh = nil
	if m.begun && m.bits == nil || m.largest == 0 {
		return nil
	}
	arrival, _, err := store.One(tx, (*store.Row).Int, "SELECT max(arrival) FROM journal")
	if err != nil {
		return err
	}
	if !m.begun {
		m.begun, m.arrival = true, arrival
		return m.read(tx)
	}
	_, others, err := store.One(tx, (*store.Row).Int, "SELECT 1 FROM journal WHERE arrival > $1 AND kind >= 'registry.' AND kind < 'registry/' LIMIT 1", m.arrival)
	m.arrival = arrival
	if others {
		m.bits = nil
	}
	return err
}

// read takes in everybody who is there already, unless they are too many.
func (m *Memory) read(tx *store.Tx) error {
	many, _, err := store.One(tx, (*store.Row).Int, "SELECT count(*) FROM (SELECT 1 FROM persons LIMIT $1) AS few", m.largest+1)
	if err != nil || int(many) > m.largest {
		return err
	}
	m.bits = make([]uint64, memoryBits/64)
	err = tx.Each(func(r *store.Row) error {
		m.set(fileKey(r.Text(), r.Text()))
		return r.Err()
	}, "SELECT branch, file FROM households")
	if err != nil {
		return err
	}
	return tx.Each(func(r *store.Row) error {
		p := subject{number: r.Text(), own: r.Int(), family: r.Int(), birth: r.Date()}
		for _, key := range p.keys() {
			m.set(key)
		}
		return r.Err()
	}, "SELECT number, own_code, family_code, birth FROM persons")
}

// learn takes in sheets that are about to be committed.
func (m *Memory) learn(tx *store.Tx, people []subject) {
	if m.bits == nil {
		return
	}
	m.next = m.arrival + int64(journal.Recorded(tx))
	for i := range people {
		p := &people[i]
		m.fresh = append(m.fresh, p.keys()...)
		if i == 0 || p.house != people[i-1].house {
			m.fresh = append(m.fresh, fileKey(p.house.branch, p.house.file))
		}
	}
}

// New reports that the registry surely holds no household of this branch and
// file number. It speaks for the transaction in which Look was called.
func (m *Memory) New(branch, file string) bool { return m.bits != nil && !m.may(fileKey(branch, file)) }

// may reports whether the registry may hold a key.
func (m *Memory) may(key uint64) bool {
	if m.bits == nil {
		return true
	}
	a, b := spots(key)
	return m.bits[a/64]&(1<<(a%64)) != 0 && m.bits[b/64]&(1<<(b%64)) != 0
}

func (m *Memory) set(key uint64) {
	if m.bits == nil {
		return
	}
	a, b := spots(key)
	m.bits[a/64] |= 1 << (a % 64)
	m.bits[b/64] |= 1 << (b % 64)
}

func spots(key uint64) (uint64, uint64) {
	return key % memoryBits, bits.ReverseBytes64(key*0x9e3779b97f4a7c15) % memoryBits
}

func numberKey(number string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(number))
	return h.Sum64()
}

func fileKey(branch, file string) uint64 { return numberKey(branch + "\x00" + file) }

// likeKey is one name and one day of birth; those without number are kept apart.
func (p *subject) likeKey(numbered bool) uint64 {
	key := uint64(p.own)<<32 ^ uint64(p.family)*0xc2b2ae3d27d4eb4f ^ uint64(p.birth)*0x9e3779b97f4a7c15
	if !numbered {
		key = ^key
	}
	key ^= key >> 33
	key *= 0xff51afd7ed558ccd
	return key ^ key>>29
}

// keys are all under which somebody can be found.
func (p *subject) keys() []uint64 {
	keys := make([]uint64, 0, 2)
	if p.number != "" {
		keys = append(keys, numberKey(p.number))
	}
	if p.birth.Precision() != calendar.PrecisionDay {
		return keys
	}
	if keys = append(keys, p.likeKey(true)); p.number == "" {
		keys = append(keys, p.likeKey(false))
	}
	return keys
}

// subjects are a sheet's members as far as identity goes.
func subjects(taken *registry.Taken) []subject {
	s := taken.Sheet
	h := &house{id: s.Household, branch: s.Branch, file: s.File}
	list := make([]subject, len(s.Members))
	for i := range s.Members {
		m := &s.Members[i]
		name, _ := s.Now(m.Facts, registry.FullName)
		number, _ := s.Now(m.Facts, registry.NationalNumberFact)
		birth, _ := s.Now(m.Facts, registry.Birth)
		p := subject{person: m.Person, house: h, name: name.Value.Text, number: number.Value.Text, birth: birth.Value.Date}
		p.own, p.family = taken.Codes[i][0], taken.Codes[i][1]
		list[i] = p
	}
	return list
}
