package search

import "math/bits"

// manyHolders is from how many on (a test tries both) it is quicker to note who has each part, in
// memory that lies together, than to look at each name, which lies anywhere.
var manyHolders = 30_000

// many reports whether the parts that must be gone through have so many.
func (p *people) many(q *question, rarest []int) bool {
	sum := 0
	for _, part := range rarest {
		for _, m := range q.meanings[part] {
			sum += int(p.words.holders[m.spelling].count)
		}
	}
	return len(q.parts) > 1 && sum > manyHolders
}

// blank returns a bit for every place, none set, in the memory of old where it
// suffices.
func (p *people) blank(old []uint64) []uint64 {
	words := len(p.ids)/64 + 1
	if cap(old) < words {
		return make([]uint64, words, words+words/16)
	}
	old = old[:words]
	clear(old)
	return old
}

// shortName is how many parts a name has at most that may answer a question
// whole though it misses most of it.
const shortName = 3

// sift looks only at persons of whom enough parts are known to be there. It
// leaves out nobody who fits: a name of at most shortName parts needs two.
func (p *people) sift(d *desk, q *question, rarest []int) {
	for part := range q.parts {
		d.has[part] = p.blank(d.has[part])
		for _, m := range q.meanings[part] {
			mark(d.has[part], &p.words.holders[m.spelling])
		}
	}
	enough := min(len(q.parts)-q.misses, shortName+1)
	for w := range p.short {
		var rare uint64
		for _, part := range rarest {
			rare |= d.has[part][w]
		}
		if rare == 0 {
			continue
		}
		left := rare & (d.atLeast(enough, len(q.parts), w) | d.atLeast(min(enough, 2), len(q.parts), w)&p.short[w])
		for ; left != 0; left &= left - 1 {
			p.weigh(d, q, uint32(w*64+bits.TrailingZeros64(left)))
		}
	}
}

func mark(has []uint64, h *holders) {
	walk := h.walk()
	for {
		place, more := walk.next()
		if !more {
			return
		}
		has[place/64] |= 1 << (place % 64)
	}
}

// atLeast returns, of 64 places, those who have at least so many of the parts: by
// adding up 64 sums at once, a bit of each in every word.
func (d *desk) atLeast(enough, parts, w int) uint64 {
	var ones, twos, fours, eights uint64
	for part := range parts {
		carry := d.has[part][w]
		ones, carry = ones^carry, ones&carry
		twos, carry = twos^carry, twos&carry
		fours, carry = fours^carry, fours&carry
		eights |= carry
	}
	switch enough {
	case 1:
		return ones | twos | fours | eights
	case 2:
		return twos | fours | eights
	case 3:
		return twos&ones | fours | eights
	}
	return fours | eights
}
