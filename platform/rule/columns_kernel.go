package rule

// Each operation has a short way for values that are known everywhere, a loop
// over plain numbers, and a long way that asks the evaluator of one household
// row by row. Both mean the same; a property test holds them together.

// each computes row by row; two values for all rows give one for all rows.
func (t *table) each(kind Kind, rows int, a, b *vector, f func(a, b Value) Value) vector {
	if a.uniform && b.uniform {
		v := f(a.at(0), b.at(0))
		v.kind = kind
		return t.arena.same(v)
	}
	out := t.arena.open(kind, rows)
	for row := range rows {
		out.set(row, f(a.at(row), b.at(row)))
	}
	out.judge()
	return out
}

// operate is for operations of one or two kids.
func (t *table) operate(n *node, i int32, s *space) vector {
	if n.operation == opTable {
		return t.lookUp(n, i, s)
	}
	a := t.node(t.rule.kids[n.first], s)
	if n.count == 1 {
		return t.single(n, i, &a, s.rows)
	}
	b := t.node(t.rule.kids[n.first+1], s)
	switch n.operation {
	case opCompare:
		return t.compare(&a, &b, n.ways, s.rows)
	case opAge:
		return t.age(&a, &b, s.rows)
	case opMonths:
		return t.months(&a, &b, s.rows)
	}
	if v, done := t.plain(n, &a, &b, s.rows); done {
		return v
	}
	return t.each(n.kind, s.rows, &a, &b, func(a, b Value) Value {
		if a.state != known || b.state != known {
			return either(a, b, n.kind)
		}
		return placed(calculate(n, a, b), i)
	})
}

func (t *table) single(n *node, i int32, a *vector, rows int) vector {
	if n.operation == opNot && a.sure() && !a.uniform {
		out := t.arena.sure(KindTruth, rows)
		for row, x := range a.number[:rows] {
			out.number[row] = x ^ 1
		}
		return out
	}
	return t.each(n.kind, rows, a, a, func(a, _ Value) Value { return alone(n, a, i) })
}

// plain does the common arithmetic on numbers so small that nothing can be too
// large, and leaves the rest.
func (t *table) plain(n *node, a, b *vector, rows int) (vector, bool) {
	if !a.sure() || !b.sure() || a.uniform && b.uniform || !a.small(rows) || !b.small(rows) {
		return vector{}, false
	}
	out := t.arena.sure(n.kind, rows)
	to, x, y := out.number[:rows], t.flat(a, rows), t.flat(b, rows)
	switch n.operation {
	case opAdd:
		for row := range to {
			to[row] = x[row] + y[row]
		}
	case opSubtract:
		for row := range to {
			to[row] = x[row] - y[row]
		}
	case opMultiply:
		for row := range to {
			to[row] = x[row] * y[row]
		}
	case opLeast:
		for row := range to {
			to[row] = min(x[row], y[row])
		}
	case opGreatest:
		for row := range to {
			to[row] = max(x[row], y[row])
		}
	default:
		return out, quotients(n, to, x, y, scaleOf(a.kind, b.kind))
	}
	return out, true
}

// quotients are the portions and divisions of small numbers; false where one is
// divided by nought.
func quotients(n *node, to, x, y []int64, scale int64) bool {
	if n.operation == opPortion {
		for row := range to {
			to[row] = millionth(x[row]*y[row], n.how)
		}
		return true
	}
	for row := range to {
		if y[row] == 0 {
			return false
		}
		to[row] = shared(x[row]*scale, y[row], n.how)
	}
	return true
}

// flat are the numbers of a sure vector, one for each row.
func (t *table) flat(v *vector, rows int) []int64 {
	if !v.uniform {
		return v.number[:rows]
	}
	return same(v.number[0], v.kind, rows, &t.arena).number
}

// smallNumber: the product of two such numbers is a number.
const smallNumber = 1 << 31

// small reports that no number is larger than smallNumber.
func (v *vector) small(rows int) bool {
	const limit = smallNumber
	numbers := v.number
	if v.narrow {
		return true
	}
	if !v.uniform {
		numbers = numbers[:rows]
	}
	var beyond int64
	for _, n := range numbers {
		beyond |= (n + limit) &^ (2*limit - 1)
	}
	return beyond == 0
}

// shared is a/b rounded once, for numbers within the range of a product of small
// ones; b is not nought.
func shared(a, b int64, how rounding) int64 {
	quotient, rest := a/b, a%b
	if rest == 0 {
		return quotient
	}
	negative := (a < 0) != (b < 0)
	if roundsAway(size(quotient), size(rest), size(b), negative, how) {
		if negative {
			return quotient - 1
		}
		return quotient + 1
	}
	return quotient
}

func (t *table) age(birth, on *vector, rows int) vector {
	if !birth.sure() || !birth.exact || !on.sure() || !on.exact || !on.uniform || birth.uniform {
		return t.each(KindSpan, rows, birth, on, ageOn)
	}
	out := t.arena.sure(KindSpan, rows)
	year, rest := on.number[0]/10000, on.number[0]%10000
	for row, born := range birth.number[:rows] {
		years := year - born/10000
		if rest < born%10000 {
			years--
		}
		out.number[row] = 2*years<<32 | int64(uint32(int32(2*years)))
	}
	return out
}

// months is mostly asked about who never left.
func (t *table) months(since, on *vector, rows int) vector {
	if since.uniform || !since.settled || !since.exact || !on.sure() || !on.exact {
		return t.each(KindSpan, rows, since, on, monthsSince)
	}
	out := t.arena.sure(KindSpan, rows)
	for row := range out.number {
		if since.state != nil && since.state[row] == absent {
			out.number[row] = 0
			continue
		}
		out.number[row] = monthsSince(since.at(row), on.at(row)).number
	}
	return out
}
