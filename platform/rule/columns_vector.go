package rule

// vector is the value of one node for many rows.
type vector struct {
	number []int64
	state  []state // nil where every row is known
	kind   Kind
	// uniform: one value stands for every row, in number[0].
	uniform bool
	// settled: no row is unknown or failed; dates and references may be absent.
	settled bool
	// exact: every known date is known to the day, every span has one length.
	exact bool
	// narrow: no number is larger than smallNumber.
	narrow bool
}

func (v *vector) at(row int) Value {
	if v.uniform {
		row = 0
	}
	if v.state == nil {
		return Value{v.number[row], v.kind, known}
	}
	return Value{v.number[row], v.kind, v.state[row]}
}

// sure: every row is known.
func (v *vector) sure() bool { return v.state == nil }

// set gives a row of a vector that has states.
func (v *vector) set(row int, value Value) { v.number[row], v.state[row] = value.number, value.state }

// arena gives out the memory of vectors, and takes all of it back at once.
type arena struct {
	numbers [][]int64
	states  [][]state
	rows    [][]int32
	number  int
	state   int
	row     int
}

func (a *arena) reset() { a.number, a.state, a.row = 0, 0, 0 }

// places is room for rows of a space, unset.
func (a *arena) places(n int) []int32 { return slab(&a.rows, &a.row, n) }

func slab[T any](list *[][]T, next *int, n int) []T {
	if *next == len(*list) {
		*list = append(*list, nil)
	}
	if cap((*list)[*next]) < n {
		(*list)[*next] = make([]T, n, n+n/4)
	}
	taken := (*list)[*next][:n]
	*next++
	return taken
}

// sure is a vector for known values, unset.
func (a *arena) sure(kind Kind, n int) vector {
	return vector{number: slab(&a.numbers, &a.number, n), kind: kind, settled: true, exact: true}
}

// open is a vector for values that may be unknown, unset.
func (a *arena) open(kind Kind, n int) vector {
	return vector{number: slab(&a.numbers, &a.number, n), state: slab(&a.states, &a.state, n), kind: kind}
}

// same is one value for every row.
func (a *arena) same(v Value) vector {
	one := a.sure(v.kind, 1)
	one.number[0] = v.number
	one.uniform, one.exact = true, v.exact()
	if v.state != known {
		one.state = slab(&a.states, &a.state, 1)
		one.state[0] = v.state
		one.settled = v.state == absent
	}
	return one
}

// judge notes what the states of a finished vector allow.
func (v *vector) judge() {
	all := known
	v.settled, v.exact = true, false
	for _, s := range v.state {
		if s != known {
			all = s
			if s != absent {
				v.settled = false
				return
			}
		}
	}
	if all == known {
		v.state = nil
	}
	v.exact = v.kind != KindDate && v.kind != KindSpan
}

// load reads a fact for rows one after the other.
func (a *arena) load(c *column, from, n int) vector {
	if c.empty() {
		return a.same(Value{kind: c.kind})
	}
	v := a.sure(c.kind, n)
	v.exact, v.narrow = !c.loose, c.large == nil
	gaps := false
	switch {
	case c.bytes != nil:
		for i, x := range c.bytes[from : from+n] {
			v.number[i] = int64(x)
			gaps = gaps || x >= absentByte
		}
	case c.small != nil:
		for i, x := range c.small[from : from+n] {
			v.number[i] = int64(x)
			gaps = gaps || x <= absentSmall
		}
	default:
		for i, x := range c.large[from : from+n] {
			v.number[i] = x
			gaps = gaps || x <= absentLarge
		}
	}
	if gaps {
		a.gaps(c, &v)
	}
	return v
}

// pick reads a fact of rows here and there.
func (a *arena) pick(c *column, rows []int32) vector {
	if c.empty() {
		return a.same(Value{kind: c.kind})
	}
	v := a.sure(c.kind, len(rows))
	v.exact, v.narrow = !c.loose, c.large == nil
	to, gaps := v.number[:len(rows)], false
	switch {
	case c.bytes != nil:
		for i, row := range rows {
			x := c.bytes[row]
			to[i] = int64(x)
			gaps = gaps || x >= absentByte
		}
	case c.small != nil:
		for i, row := range rows {
			x := c.small[row]
			to[i] = int64(x)
			gaps = gaps || x <= absentSmall
		}
	default:
		for i, row := range rows {
			x := c.large[row]
			to[i] = x
			gaps = gaps || x <= absentLarge
		}
	}
	if gaps {
		a.gaps(c, &v)
	}
	return v
}

// pickKnown is pick where a row below nought is unknown.
func (a *arena) pickKnown(c *column, rows []int32) vector {
	if c.empty() {
		return a.same(Value{kind: c.kind})
	}
	v := a.sure(c.kind, len(rows))
	v.exact = !c.loose
	ifUnknown, ifAbsent := c.kept()
	gaps := false
	for i, row := range rows {
		n := ifUnknown
		if row >= 0 {
			n = c.raw(int(row))
		}
		v.number[i] = n
		gaps = gaps || n == ifUnknown || n == ifAbsent
	}
	if gaps {
		a.gaps(c, &v)
	}
	return v
}

// kept are the numbers that stand for unknown and absent in a column's list.
func (c *column) kept() (ifUnknown, ifAbsent int64) {
	switch {
	case c.bytes != nil:
		return unknownByte, absentByte
	case c.small != nil:
		return unknownSmall, absentSmall
	}
	return unknownLarge, absentLarge
}

func (c *column) raw(row int) int64 {
	switch {
	case c.bytes != nil:
		return int64(c.bytes[row])
	case c.small != nil:
		return int64(c.small[row])
	}
	return c.large[row]
}

// gaps turns the numbers kept for unknown and absent into states.
func (a *arena) gaps(c *column, v *vector) {
	ifUnknown, ifAbsent := c.kept()
	v.state = slab(&a.states, &a.state, len(v.number))
	for i, n := range v.number {
		switch n {
		case ifUnknown:
			v.number[i], v.state[i], v.settled = 0, unknown, false
		case ifAbsent:
			v.number[i], v.state[i] = never, absent
		default:
			v.state[i] = known
		}
	}
}

// spread repeats a household's value for each row of a space.
func (a *arena) spread(v vector, s *space) vector {
	if v.uniform {
		return v
	}
	out := a.sure(v.kind, s.rows)
	out.settled, out.exact = v.settled, v.exact
	for i, h := range s.household {
		out.number[i] = v.number[h-s.base]
	}
	if v.state != nil {
		out.state = slab(&a.states, &a.state, s.rows)
		for i, h := range s.household {
			out.state[i] = v.state[h-s.base]
		}
	}
	return out
}
