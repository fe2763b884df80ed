package search

import (
	"slices"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/names"
)

// people are all persons in codes, column by column: a person is her place in
// every column. Who changed is put at the end anew and her old place is empty.
type people struct {
	words *dictionary

	ids     []id.ID
	names   []uint32 // where the person's parts begin in parts
	parts   []uint32 // numbers of spellings; the last of each name has lastPart set
	births  []calendar.Date
	mothers []uint32 // where the mother's parts begin in parts, counted from 1; 0: not known
	houses  []uint32
	flags   []uint8

	homes    map[id.ID]uint32   // household: its number
	branches []uint16           // by number: the branch
	areas    []uint16           // by number: the municipality
	members  []stand            // by number: where its members stand
	apart    map[uint32][]stand // by number: where more of them stand
	codes    map[string]uint16
	codeText []string
	short    []uint64          // by place, a bit: the name has at most shortName parts
	gone     int               // places that are empty
	met      map[string]uint32 // by word as it is written: its spelling, or notAlone; while all are read
	mother   string
	motherAt uint32
}

// stand is a run of places.
type stand struct{ first, count uint32 }

// notAlone marks a word that may join with its neighbours.
const notAlone = 1<<31 - 1

// lastPart marks the last part of a name; spellings stay far below it.
const lastPart = 1 << 31

const (
	flagGone uint8 = 1 << iota
	flagDead
)

func newPeople() *people {
	return &people{words: newDictionary(), homes: map[id.ID]uint32{}, codes: map[string]uint16{}, apart: map[uint32][]stand{}}
}

// expect makes room for so many persons.
func (p *people) expect(persons int) {
	room := persons + persons/64 + 256
	p.ids, p.births, p.houses, p.flags = make([]id.ID, 0, room), make([]calendar.Date, 0, room), make([]uint32, 0, room), make([]uint8, 0, room)
	p.names, p.mothers = make([]uint32, 0, room), make([]uint32, 0, room)
}

// grown makes room for one more value: by a sixteenth, since a nation's column
// that doubled would be mostly air.
func grown[T any](column []T) []T {
	if len(column) < cap(column) {
		return column
	}
	wider := make([]T, len(column), len(column)+len(column)/16+256)
	copy(wider, column)
	return wider
}

func added[T any](column []T, value T) []T { return append(grown(column), value) }

// row is a person as the index takes her in.
type row struct {
	person, household id.ID
	name, mother      string
	birth             calendar.Date
	dead              bool
}

// home takes in a household, or its new branch and area.
func (p *people) home(household id.ID, branch, area string) {
	n, known := p.homes[household]
	if !known {
		n = uint32(len(p.members))
		p.homes[household] = n
		p.branches, p.areas, p.members = added(p.branches, 0), added(p.areas, 0), added(p.members, stand{})
	}
	p.branches[n], p.areas[n] = p.code(branch), p.code(area)
}

// leave takes a household's members away.
func (p *people) leave(household id.ID) {
	n, known := p.homes[household]
	if !known {
		return
	}
	for _, s := range append(p.apart[n], p.members[n]) {
		for place := s.first; place < s.first+s.count; place++ {
			p.flags[place] |= flagGone
			p.eachPart(p.names[place], func(part uint32) { p.words.holders[part].count-- })
		}
		p.gone += int(s.count)
	}
	p.members[n] = stand{}
	delete(p.apart, n)
}

// seat notes that a household's member stands at a place.
func (p *people) seat(household, place uint32) {
	s := &p.members[household]
	switch {
	case s.count == 0:
		*s = stand{place, 1}
	case s.first+s.count == place:
		s.count++
	default:
		p.apart[household] = append(p.apart[household], *s)
		*s = stand{place, 1}
	}
}

func (p *people) code(written string) uint16 {
	c, known := p.codes[written]
	if !known {
		c = uint16(len(p.codeText))
		p.codes[written] = c
		p.codeText = append(p.codeText, written)
	}
	return c
}

// add takes in a person of a household that is here; no other can be. A name without letters is
// found by nothing.
func (p *people) add(r *row) {
	n, known := p.homes[r.household]
	if !known {
		return
	}
	place := uint32(len(p.ids))
	p.seat(n, place)
	flags := uint8(0)
	if r.dead {
		flags = flagDead
	}
	p.ids, p.births, p.houses, p.flags = added(p.ids, r.person), added(p.births, r.birth), added(p.houses, n), added(p.flags, flags)
	p.names, p.mothers = added(p.names, p.write(r.name)), added(p.mothers, p.motherOf(r.mother))
	p.eachPart(p.names[place], func(part uint32) { p.words.holders[part].add(place) })
	if place%64 == 0 {
		p.short = added(p.short, 0)
	}
	if len(p.written(p.names[place])) <= shortName {
		p.short[place/64] |= 1 << (place % 64)
	}
}

// write puts a name's parts down and returns where.
func (p *people) write(name string) uint32 {
	at := uint32(len(p.parts))
	if !p.writeKnown(name) {
		p.parts = p.parts[:at]
		for spelling := range strings.FieldsSeq(names.Light(name)) {
			p.parts = added(p.parts, p.words.number(spelling))
		}
	}
	if int(at) == len(p.parts) {
		p.parts = added(p.parts, p.words.number(""))
	}
	p.parts[len(p.parts)-1] |= lastPart
	return at
}

// writeKnown puts a name down word by word, where each was met before and stands
// alone: most names of a nation, while it is read. What it wrote else is to be
// taken back.
func (p *people) writeKnown(name string) bool {
	if p.met == nil {
		return false
	}
	for name != "" {
		word, rest, _ := strings.Cut(name, " ")
		number, known := p.met[word]
		if !known {
			number = notAlone
			if names.StandsAlone(word) {
				number = p.words.number(names.Light(word))
			}
			p.met[strings.Clone(word)] = number
		}
		if number == notAlone {
			return false
		}
		p.parts = added(p.parts, number)
		name = rest
	}
	return true
}

// motherOf writes a mother's name; sisters and brothers share it.
func (p *people) motherOf(name string) uint32 {
	if name == "" {
		return 0
	}
	if name != p.mother || p.motherAt == 0 {
		p.mother, p.motherAt = name, p.write(name)+1
	}
	return p.motherAt
}

// written returns the parts of a name, the last with its mark.
func (p *people) written(at uint32) []uint32 {
	end := at
	for p.parts[end]&lastPart == 0 {
		end++
	}
	return p.parts[at : end+1]
}

// eachPart calls f for every part of a name, once for one that stands twice.
func (p *people) eachPart(at uint32, f func(part uint32)) {
	parts := p.written(at)
	for i, part := range parts {
		part &^= lastPart
		if !slices.ContainsFunc(parts[:i], func(o uint32) bool { return o == part }) {
			f(part)
		}
	}
}

// count is how many persons are here.
func (p *people) count() int { return len(p.ids) - p.gone }

// trim gives back what the lists of holders took in reserve.
func (p *people) trim() {
	size := 0
	for i := range p.words.holders {
		size += len(p.words.holders[i].distances)
	}
	all := make([]byte, 0, size)
	for i := range p.words.holders {
		h := &p.words.holders[i]
		at := len(all)
		all = append(all, h.distances...)
		h.distances = all[at:len(all):len(all)]
	}
}
