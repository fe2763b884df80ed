package search

import "encoding/binary"

// holders are the persons who have a spelling in their names, in the order of
// their places: the distances from one to the next, in as few bytes as they need.
type holders struct {
	distances []byte
	last      uint32 // place of the last, counted from 1
	count     uint32 // who still stands at her place
}

// add takes in a person whose place lies behind the last one's.
func (h *holders) add(place uint32) {
	h.distances = binary.AppendUvarint(h.distances, uint64(place+1-h.last))
	h.last = place + 1
	h.count++
}

// holding walks through holders.
type holding struct {
	rest []byte
	last uint32
}

func (h *holders) walk() holding { return holding{rest: h.distances} }

// next returns the next place, and false after the last.
func (h *holding) next() (uint32, bool) {
	if len(h.rest) == 0 {
		return 0, false
	}
	distance, n := uint64(h.rest[0]), 1
	if distance >= 0x80 {
		distance, n = binary.Uvarint(h.rest)
	}
	h.rest = h.rest[n:]
	h.last += uint32(distance)
	return h.last - 1, true
}
