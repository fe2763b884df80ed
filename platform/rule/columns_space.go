package rule

// space says which rows a node is computed for: the households of a range, the
// members of these, or members beside members where loops are nested.
type space struct {
	rows      int
	base      int32   // first household
	household []int32 // of each row; nil where the rows are the households
	// member is the row among all members that each variable stands for. Where
	// first is not below nought, it is first, first+1, …, and the list is not read.
	member [maximumVariables][]int32
	first  [maximumVariables]int32
	// single: no household stands in two rows, so that nothing is gained by
	// computing a household's part apart.
	single bool
}

// households are the rows of a rule about households.
func householdSpace(from, to int) *space {
	s := &space{rows: to - from, base: int32(from), single: true}
	for i := range s.first {
		s.first[i] = -1
	}
	return s
}

// within binds one more variable to each member of each row's household.
// segments are the ends of each row's members in the new space.
func (c *Columns) within(s *space, slot int) (inner *space, segments []int32) {
	inner = &space{base: s.base, first: s.first}
	segments = make([]int32, s.rows)
	for i := range s.rows {
		h := s.householdOf(i)
		inner.rows += int(c.starts[h+1] - c.starts[h])
		segments[i] = int32(inner.rows)
	}
	inner.household = make([]int32, 0, inner.rows)
	bound := make([]int32, 0, inner.rows)
	for i := range s.rows {
		h := s.householdOf(i)
		for row := c.starts[h]; row < c.starts[h+1]; row++ {
			inner.household, bound = append(inner.household, h), append(bound, row)
		}
	}
	inner.member[slot], inner.first[slot] = bound, -1
	if s.household == nil && inner.rows > 0 {
		inner.first[slot] = bound[0]
	}
	for k := range s.member {
		if k != slot && s.member[k] != nil {
			inner.member[k], inner.first[k] = repeat(s.member[k], segments), -1
		}
	}
	return inner, segments
}

func repeat(rows, segments []int32) []int32 {
	out := make([]int32, 0, segments[len(segments)-1])
	for i, row := range rows {
		for int32(len(out)) < segments[i] {
			out = append(out, row)
		}
	}
	return out
}

// narrowed is the space of some of a space's rows, for what needs to be computed
// only there: the conditions after one that most do not meet, a branch that few
// take.
func (a *arena) narrowed(s *space, rows []int32) *space {
	out := &space{rows: len(rows), base: s.base, first: s.first, single: s.single}
	out.household = a.places(len(rows))
	if s.household == nil {
		shifted(out.household, rows, s.base)
	} else {
		picked(out.household, rows, s.household)
	}
	for k := range s.member {
		switch {
		case s.first[k] >= 0:
			out.member[k], out.first[k] = a.places(len(rows)), -1
			shifted(out.member[k], rows, s.first[k])
		case s.member[k] != nil:
			out.member[k] = a.places(len(rows))
			picked(out.member[k], rows, s.member[k])
		}
	}
	return out
}

func shifted(to, rows []int32, by int32) {
	for i, row := range rows {
		to[i] = row + by
	}
}

func picked(to, rows, from []int32) {
	for i, row := range rows {
		to[i] = from[row]
	}
}

func (s *space) householdOf(row int) int32 {
	if s.household == nil {
		return s.base + int32(row)
	}
	return s.household[row]
}

// dependencies say for each node which member variables it rests on, a bit each.
// What rests on none is computed once a household.
func (r *Rule) dependencies() []uint8 {
	depends := make([]uint8, len(r.nodes))
	for i := range r.nodes {
		n := &r.nodes[i]
		for _, kid := range r.kidsOf(n) {
			depends[i] |= depends[kid]
		}
		switch {
		case n.operation == opBound:
			depends[i] |= 1 << n.slot
		case n.operation >= opExists:
			depends[i] &^= 1 << n.slot
		}
	}
	return depends
}
