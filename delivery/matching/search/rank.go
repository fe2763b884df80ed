package search

import (
	"cmp"
	"container/heap"
	"math/bits"
	"slices"

	"sanad/platform/calendar"
	"sanad/platform/id"
)

// What else moves a person up or down, in 64ths of 16ths of a bit, beside the
// worth of what matched.
const (
	firstPlace   = 6 * whole  // the first part asked is her own name
	wholeName    = 3 * whole  // nothing of her name was left out
	turned       = 10 * whole // each part that stands before one asked earlier
	deadCost     = 4 * whole
	birthUnknown = 12 * whole  // somebody asked for a birth and hers is not known
	birthNear    = 160 * whole // softly: the birth may be the same; one in a thousand shares it
)

// most is the most that can be added to the worth of what matched.
const most = firstPlace + wholeName

// ranked is a person who matched.
type ranked struct {
	place uint32
	score int
	id    id.ID
}

// better orders by score, then by identifier: the older record first, the same on
// every node.
func (r ranked) better(o ranked) int {
	return cmp.Or(cmp.Compare(o.score, r.score), r.id.Compare(o.id))
}

// best keeps the best of all that were seen, the worst of them on top.
type best struct {
	list  []ranked
	limit int
}

func (b *best) Len() int           { return len(b.list) }
func (b *best) Less(i, j int) bool { return b.list[i].better(b.list[j]) > 0 }
func (b *best) Swap(i, j int)      { b.list[i], b.list[j] = b.list[j], b.list[i] }
func (b *best) Push(x any)         { b.list = append(b.list, x.(ranked)) }
func (b *best) Pop() any           { panic("search: nobody is taken out") }

func (b *best) full() bool { return len(b.list) == b.limit }

// beats reports whether a score surely has no place among the best.
func (b *best) beats(score int) bool { return b.full() && b.list[0].score > score }

func (b *best) take(r ranked) {
	switch {
	case !b.full():
		heap.Push(b, r)
	case r.better(b.list[0]) < 0:
		b.list[0] = r
		heap.Fix(b, 0)
	}
}

// slot says what a spelling is for each part of a question.
type slot struct {
	how  [mostParts]How
	mask uint8
}

// sieve is one question over all spellings.
type sieve struct {
	question *question
	slots    []slot
	of       []uint16 // by spelling: its slot, counted from 1
	touched  []uint32
	value    [mostParts][len(costs)]int
}

func (s *sieve) prepare(q *question, spellings int) {
	if len(s.of) < spellings {
		s.of = make([]uint16, spellings+spellings/8)
	}
	s.question, s.slots = q, s.slots[:0]
	for i := range q.parts {
		for how := range costs {
			s.value[i][how] = q.worth[i] * (whole - costs[how])
		}
		for _, m := range q.meanings[i] {
			s.note(m, i)
		}
	}
}

func (s *sieve) note(m meaning, part int) {
	if s.of[m.spelling] == 0 {
		if len(s.slots) == 1<<16-1 {
			return
		}
		s.slots = append(s.slots, slot{})
		s.of[m.spelling] = uint16(len(s.slots))
		s.touched = append(s.touched, m.spelling)
	}
	at := &s.slots[s.of[m.spelling]-1]
	at.how[part] = m.how
	at.mask |= 1 << part
}

func (s *sieve) clear() {
	for _, n := range s.touched {
		s.of[n] = 0
	}
	s.touched = s.touched[:0]
}

// fit is how a name answers a question: the best way to give each part asked a
// part of its own.
type fit struct {
	score, matched int
	at             [mostParts]uint8 // by part asked: its place in the name, counted from 1; 0: missing
}

// fit returns the best fit of a name, or false where too much is missing or no
// fit can reach the score that is needed.
func (s *sieve) fit(parts []uint32, misses, needed int) (fit, bool) {
	var at [mostParts]uint16 // by part of the name: its slot
	var mask uint8
	count := min(len(parts), mostParts)
	for i, part := range parts[:count] {
		at[i] = s.of[part&^lastPart]
		if at[i] > 0 {
			mask |= s.slots[at[i]-1].mask
		}
	}
	asked := len(s.question.parts)
	least := max(min(asked-misses, len(parts)), min(asked-misses, 2))
	if bits.OnesCount8(mask) < least {
		return fit{}, false
	}
	if s.atMost(at[:count]) < needed {
		return fit{}, false
	}
	a := assignment{sieve: s, at: at[:count], least: least}
	a.try(0, 0, 0, -1, 0)
	if a.best.matched == len(parts) {
		a.best.score += wholeName
	}
	return a.best, a.best.matched > 0
}

// atMost is what no fit can exceed.
func (s *sieve) atMost(at []uint16) int {
	sum := most
	for q := range s.question.parts {
		value := 0
		for _, n := range at {
			if n > 0 {
				if how := s.slots[n-1].how[q]; how != Missing {
					value = max(value, s.value[q][how])
				}
			}
		}
		sum += value
	}
	return sum
}

// assignment looks for the best fit.
type assignment struct {
	sieve *sieve
	at    []uint16
	least int
	given [mostParts]uint8
	best  fit
}

// try gives the parts asked from q on each a place that is not taken yet, or
// none.
func (a *assignment) try(q int, used uint8, matched, before, score int) {
	s := a.sieve
	asked := len(s.question.parts)
	if matched+asked-q < a.least {
		return
	}
	if q == asked {
		if matched >= a.least && matched > 0 && (a.best.matched == 0 || score > a.best.score) {
			a.best = fit{score, matched, a.given}
		}
		return
	}
	for i, n := range a.at {
		if n == 0 || used&(1<<i) != 0 {
			continue
		}
		how := s.slots[n-1].how[q]
		if how == Missing {
			continue
		}
		value := s.value[q][how]
		if i < before {
			value -= turned
		}
		if q == 0 && i == 0 {
			value += firstPlace
		}
		a.given[q] = uint8(i + 1)
		a.try(q+1, used|1<<i, matched+1, i, score+value)
	}
	a.given[q] = 0
	a.try(q+1, used, matched, before, score)
}

// desk is what one question needs to be worked on.
type desk struct {
	name, mother sieve
	seen         []uint64            // by place: it was looked at
	has          [mostParts][]uint64 // by part asked, by place: she has it, when many are sifted
	within       func(household uint32) bool
	found        best
}

// rank returns the best places for a question, the best first.
func (p *people) rank(d *desk, q *question, limit int) []ranked {
	d.found = best{limit: limit}
	d.name.prepare(q, len(p.words.spellings))
	defer d.name.clear()
	if q.mother != nil {
		d.mother.prepare(q.mother, len(p.words.spellings))
		defer d.mother.clear()
	}
	d.seen = p.blank(d.seen)
	p.gather(d, q)
	slices.SortFunc(d.found.list, ranked.better)
	return d.found.list
}

// gather goes through the persons who have the rarest parts. Who has none of the
// first misses+1 of them misses too many; and once the best can no longer be
// beaten by who misses those, nobody else is looked at. Where the rarest are many,
// they are sifted first.
func (p *people) gather(d *desk, q *question) {
	bound := most
	for i := range q.parts {
		bound += q.worth[i] * whole
	}
	if q.mother != nil {
		bound += q.mother.most() / 2
	}
	if q.soft {
		bound += birthNear
	}
	rarest := q.rarest[:min(q.misses+1, len(q.rarest))]
	if p.many(q, rarest) {
		p.sift(d, q, rarest)
		return
	}
	for _, part := range rarest {
		for _, m := range q.meanings[part] {
			if d.found.beats(bound - q.worth[part]*costs[m.how]) {
				break
			}
			p.among(d, q, &p.words.holders[m.spelling])
		}
		if bound -= q.worth[part] * whole; d.found.beats(bound) {
			return
		}
	}
}

// most is the most that a question's matches can be worth.
func (q *question) most() int {
	sum := most
	for i := range q.parts {
		sum += q.worth[i] * whole
	}
	return sum
}

// among looks at everybody who has a spelling.
func (p *people) among(d *desk, q *question, h *holders) {
	walk := h.walk()
	for {
		place, more := walk.next()
		if !more {
			return
		}
		if bit := uint64(1) << (place % 64); d.seen[place/64]&bit == 0 {
			d.seen[place/64] |= bit
			p.weigh(d, q, place)
		}
	}
}

// weigh takes a person among the best where she belongs there.
func (p *people) weigh(d *desk, q *question, place uint32) {
	if p.flags[place]&flagGone != 0 || d.within != nil && !d.within(p.houses[place]) {
		return
	}
	extra := q.bornThen(p.births[place])
	if extra == isAnother {
		return
	}
	if p.flags[place]&flagDead != 0 {
		extra -= deadCost
	}
	needed := -1 << 62
	if d.found.full() {
		needed = d.found.list[0].score - extra
	}
	if q.mother != nil {
		needed -= q.mother.most() / 2
	}
	f, fits := d.name.fit(p.written(p.names[place]), q.misses, needed)
	if !fits {
		return
	}
	if q.mother != nil && p.mothers[place] > 0 {
		m, fits := d.mother.fit(p.written(p.mothers[place]-1), len(q.mother.parts)-1, -1<<62)
		if !fits && !q.soft {
			return
		}
		extra += m.score / 2
	}
	d.found.take(ranked{place, f.score + extra, p.ids[place]})
}

// isAnother says that a birth makes somebody another person.
const isAnother = -1 << 40

// bornThen is what a person's birth adds to how well she answers.
func (q *question) bornThen(birth calendar.Date) int {
	switch {
	case q.birth == calendar.Unknown:
		return 0
	case q.soft && birth != calendar.Unknown && near(q.birth, birth):
		return birthNear
	case q.soft:
		return 0
	case birth == calendar.Unknown:
		return -birthUnknown
	case birth.Last() < q.birth.First() || q.birth.Last() < birth.First():
		return isAnother
	}
	return 0
}

// near reports two births that may be one: what is known of both agrees, or day
// and month stand the other way round, or one is the first of January, which
// stands for an unknown day.
func near(a, b calendar.Date) bool {
	if a.Year() != b.Year() {
		return false
	}
	if a.Precision() != calendar.PrecisionDay || b.Precision() != calendar.PrecisionDay {
		return a.Month() == 0 || b.Month() == 0 || a.Month() == b.Month()
	}
	return a == b || a.Month() == b.DayOfMonth() && a.DayOfMonth() == b.Month() || isNewYear(a) || isNewYear(b)
}

func isNewYear(d calendar.Date) bool { return d.Month() == 1 && d.DayOfMonth() == 1 }
