package rule

// Each operation has a short way for values that are known everywhere, a loop
// over plain numbers, and a long way that asks the evaluator of one household
// row by row. Both mean the same; a property test holds them together.

// chain computes and, or, and in, which look at several kids in turn.
func (t *table) chain(n *node, s *space) vector {
	kids := t.rule.kidsOf(n)
	if n.operation == opIn {
		what := t.node(kids[0], s)
		result := t.arena.same(no)
		for _, kid := range kids[1:] {
			candidate := t.node(kid, s)
			result = t.join(result, t.compare(&what, &candidate, equal, s.rows), opOr, s.rows)
		}
		return result
	}
	result := t.node(kids[0], s)
	for at, kid := range kids[1:] {
		if n.operation == opAnd && result.allAre(0) || n.operation == opOr && result.allAre(1) {
			return result // whatever the others say
		}
		next := t.node(kid, s)
		if at > 0 && result.sure() && next.sure() && !result.uniform && !next.uniform {
			into(result.number[:s.rows], next.number[:s.rows], n.operation)
		} else {
			result = t.join(result, next, n.operation, s.rows)
		}
	}
	return result
}

// into joins truths into a vector that nobody else has.
func into(result, next []int64, how operation) {
	if how == opAnd {
		for row, y := range next {
			result[row] &= y
		}
		return
	}
	for row, y := range next {
		result[row] |= y
	}
}

// allAre reports that every row is known to be one truth.
func (v *vector) allAre(truth int64) bool {
	if !v.sure() {
		return false
	}
	for _, n := range v.number {
		if n != truth {
			return false
		}
	}
	return true
}

// join is the conjunction or disjunction of two vectors of truths.
func (t *table) join(a, b vector, how operation, rows int) vector {
	if a.uniform && !b.uniform {
		a, b = b, a
	}
	if a.sure() && b.sure() && !a.uniform {
		out := t.arena.sure(KindTruth, rows)
		x := a.number
		switch {
		case b.uniform && how == opAnd:
			for i := range out.number {
				out.number[i] = x[i] & b.number[0]
			}
		case b.uniform:
			for i := range out.number {
				out.number[i] = x[i] | b.number[0]
			}
		case how == opAnd:
			for i, y := range b.number[:rows] {
				out.number[i] = x[i] & y
			}
		default:
			for i, y := range b.number[:rows] {
				out.number[i] = x[i] | y
			}
		}
		return out
	}
	joined := conjunction
	if how == opOr {
		joined = disjunction
	}
	return t.each(KindTruth, rows, &a, &b, joined)
}

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

func (t *table) choose(n *node, s *space) vector {
	kids := t.rule.kidsOf(n)
	condition, first, second := t.node(kids[0], s), t.node(kids[1], s), t.node(kids[2], s)
	if condition.sure() && first.sure() && second.sure() && first.exact && second.exact && !condition.uniform {
		out := t.arena.sure(n.kind, s.rows)
		for row := range out.number {
			if condition.number[row] != 0 {
				out.number[row] = first.numberAt(row)
			} else {
				out.number[row] = second.numberAt(row)
			}
		}
		return out
	}
	fallible := t.rule.nodes[kids[0]].fallible
	out := t.arena.open(n.kind, s.rows)
	for row := range s.rows {
		out.set(row, chosen(condition.at(row), first.at(row), second.at(row), n.kind, fallible))
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
	if !a.sure() || !b.sure() || a.uniform && b.uniform || !a.within(smallNumber, rows) || !b.within(smallNumber, rows) {
		return vector{}, false
	}
	out := t.arena.sure(n.kind, rows)
	switch n.operation {
	case opAdd:
		for row := range out.number {
			out.number[row] = a.numberAt(row) + b.numberAt(row)
		}
	case opSubtract:
		for row := range out.number {
			out.number[row] = a.numberAt(row) - b.numberAt(row)
		}
	case opMultiply:
		for row := range out.number {
			out.number[row] = a.numberAt(row) * b.numberAt(row)
		}
	case opLeast:
		for row := range out.number {
			out.number[row] = min(a.numberAt(row), b.numberAt(row))
		}
	case opGreatest:
		for row := range out.number {
			out.number[row] = max(a.numberAt(row), b.numberAt(row))
		}
	case opPortion:
		for row := range out.number {
			out.number[row] = shared(a.numberAt(row)*b.numberAt(row), 1_000_000, n.how)
		}
	case opDivide:
		scale := scaleOf(a.kind, b.kind)
		for row := range out.number {
			by := b.numberAt(row)
			if by == 0 {
				return vector{}, false
			}
			out.number[row] = shared(a.numberAt(row)*scale, by, n.how)
		}
	default:
		return vector{}, false
	}
	return out, true
}

// smallNumber: the product of two such numbers is a number.
const smallNumber = 1 << 31

// within reports that no number is larger than a limit.
func (v *vector) within(limit int64, rows int) bool {
	numbers := v.number
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

// compare answers in which of the wanted ways a stands to b.
func (t *table) compare(a, b *vector, wanted uint8, rows int) vector {
	if a.uniform && !b.uniform {
		return t.compare(b, a, turned(wanted), rows)
	}
	if !a.uniform && a.kind != KindText && a.settled && b.settled && a.exact && b.exact {
		switch {
		case a.kind == KindSpan && b.kind == KindInteger && b.uniform && a.sure() && b.sure():
			low, _ := ends(b.at(0))
			return t.stands(a.number, nil, low, 32, wanted, rows)
		case a.kind == KindSpan || b.kind == KindSpan || a.kind == KindMember && !(a.sure() && b.sure()):
		case b.uniform:
			return t.stands(a.number, nil, b.number[0], 0, wanted, rows)
		default:
			return t.stands(a.number, b.number, 0, 0, wanted, rows)
		}
	}
	e := evaluation{rule: t.rule, frame: t.columns.Frame}
	if a.kind == KindText && b.uniform && !a.uniform && a.sure() && b.sure() {
		return t.sameText(a, e.text(b.at(0)), wanted, rows)
	}
	return t.each(KindTruth, rows, a, b, func(a, b Value) Value { return e.compare(a, b, wanted) })
}

// sameText compares texts with one text, each different text once.
func (t *table) sameText(a *vector, with string, wanted uint8, rows int) vector {
	if len(t.equal) != len(t.columns.Frame.Texts) || t.equalTo != with {
		t.equal, t.equalTo = t.equal[:0], with
		for _, text := range t.columns.Frame.Texts {
			t.equal = append(t.equal, truthOf(text == with))
		}
	}
	flip := truthOf(wanted&equal == 0)
	e := evaluation{rule: t.rule, frame: t.columns.Frame}
	out := t.arena.sure(KindTruth, rows)
	for row, n := range a.number[:rows] {
		if uint64(n) < uint64(len(t.equal)) {
			out.number[row] = t.equal[n] ^ flip
		} else {
			out.number[row] = truthOf(e.text(a.at(row)) == with) ^ flip
		}
	}
	return out
}

// turned are the ways in which b stands to a.
func turned(ways uint8) uint8 {
	turned := ways & equal
	if ways&less != 0 {
		turned |= greater
	}
	if ways&greater != 0 {
		turned |= less
	}
	return turned
}

// stands compares numbers, shifted by so many bits, with others or with one.
func (t *table) stands(a, others []int64, one int64, shift uint, wanted uint8, rows int) vector {
	out := t.arena.sure(KindTruth, rows)
	to, from := out.number[:rows], a[:rows]
	below, same, above := int64(wanted&less), int64(wanted&equal)>>1, int64(wanted&greater)>>2
	if others != nil {
		for row, y := range others[:rows] {
			to[row] = way(from[row], y, below, same, above)
		}
		return out
	}
	switch wanted {
	case less:
		for row, x := range from {
			to[row] = truthOf(x>>shift < one)
		}
	case less | equal:
		for row, x := range from {
			to[row] = truthOf(x>>shift <= one)
		}
	case greater:
		for row, x := range from {
			to[row] = truthOf(x>>shift > one)
		}
	case greater | equal:
		for row, x := range from {
			to[row] = truthOf(x>>shift >= one)
		}
	case equal:
		for row, x := range from {
			to[row] = truthOf(x>>shift == one)
		}
	default:
		for row, x := range from {
			to[row] = truthOf(x>>shift != one)
		}
	}
	return out
}

func way(x, y, below, same, above int64) int64 {
	switch {
	case x < y:
		return below
	case x > y:
		return above
	}
	return same
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
