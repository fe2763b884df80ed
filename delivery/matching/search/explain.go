package search

import "sanad/platform/names"

// explain says by what a person was found, and false where her name as it stands
// now answers no more.
func (q *question) explain(h *Hit) bool {
	written := names.Of(h.Name).All
	var s sieve
	s.prepare(&question{parts: q.parts, worth: q.worth, meanings: make([][]meaning, len(q.parts))}, len(written))
	codes := make([]uint32, len(written))
	for i, part := range written {
		codes[i] = uint32(i)
		light := names.Light(part)
		sounds := soundsOf(light)
		for n := range q.parts {
			if how := q.parts[n].likens(light, sounds); how != Missing {
				s.note(meaning{codes[i], how}, n)
			}
		}
	}
	f, fits := s.fit(codes, q.misses, -1<<62)
	if !fits {
		return false
	}
	h.Parts = make([]Part, len(written))
	for i, part := range written {
		h.Parts[i].Written = part
	}
	for n, part := range q.parts {
		m := Match{Asked: part.light}
		if at := f.at[n]; at > 0 {
			m.Found, m.How = written[at-1], s.slots[s.of[at-1]-1].how[n]
			h.Parts[at-1].How = m.How
		}
		h.Why = append(h.Why, m)
	}
	return true
}
