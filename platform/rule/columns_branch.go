package rule

// Conditions and branches: what one has decided is not computed again.

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
	return t.chained(n, kids, s)
}

// chained joins conditions by and, or by or. What one of them has decided is not
// asked of the rest, where that spares enough rows.
func (t *table) chained(n *node, kids []int32, s *space) vector {
	decided := truthOf(n.operation == opOr)
	result := t.node(kids[0], s)
	for at, kid := range kids[1:] {
		if result.allAre(decided) {
			return result // whatever the others say
		}
		if rows := t.others(&result, decided, s.rows); rows != nil {
			rest := t.chained(n, kids[at+1:], t.arena.narrowed(s, rows))
			return t.scattered(same(decided, KindTruth, s.rows, &t.arena), rows, &rest)
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

// others are the rows of sure truths that are not one, where they are few enough
// to be worth a space of their own; else nil.
func (t *table) others(v *vector, one int64, rows int) []int32 {
	if !v.sure() || v.uniform {
		return nil
	}
	count := 0
	for _, n := range v.number[:rows] {
		count += int(n)
	}
	if one == 1 {
		count = rows - count
	}
	if count*4 > rows*3 {
		return nil
	}
	list := t.arena.places(count + 1) // one more, to be written without asking
	at := 0
	for row, n := range v.number[:rows] {
		list[at] = int32(row)
		at += int(n ^ one)
	}
	return list[:count]
}

// same is one sure number in every row of a vector of its own.
func same(number int64, kind Kind, rows int, a *arena) vector {
	v := a.sure(kind, rows)
	for i := range v.number {
		v.number[i] = number
	}
	return v
}

// scattered puts the values for some rows into a sure vector that nobody else has.
func (t *table) scattered(out vector, rows []int32, part *vector) vector {
	if !part.sure() {
		if out.state == nil {
			t.stated(&out)
		}
		for i, row := range rows {
			out.set(int(row), part.at(i))
		}
		out.judge()
		return out
	}
	if part.uniform {
		for _, row := range rows {
			out.number[row] = part.number[0]
		}
	} else {
		for i, row := range rows {
			out.number[row] = part.number[i]
		}
	}
	out.exact = out.exact && part.exact
	return out
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

func (t *table) choose(n *node, s *space) vector {
	kids := t.rule.kidsOf(n)
	condition := t.node(kids[0], s)
	if condition.sure() && !condition.uniform {
		return t.branches(n, &condition, kids, s)
	}
	first, second := t.node(kids[1], s), t.node(kids[2], s)
	fallible := t.rule.nodes[kids[0]].fallible
	out := t.arena.open(n.kind, s.rows)
	for row := range s.rows {
		out.set(row, chosen(condition.at(row), first.at(row), second.at(row), n.kind, fallible))
	}
	out.judge()
	return out
}

// branches computes each branch for the rows that take it.
func (t *table) branches(n *node, condition *vector, kids []int32, s *space) vector {
	out := t.arena.sure(n.kind, s.rows)
	for branch, kid := range kids[1:] {
		taken := truthOf(branch == 0)
		rows := t.others(condition, 1-taken, s.rows)
		if rows == nil {
			whole := t.node(kid, s)
			t.merge(&out, condition.number[:s.rows], taken, &whole)
			continue
		}
		if len(rows) > 0 {
			part := t.node(kid, t.arena.narrowed(s, rows))
			out = t.scattered(out, rows, &part)
		}
	}
	return out
}

// merge takes the rows of a whole vector whose condition is taken.
func (t *table) merge(out *vector, condition []int64, taken int64, whole *vector) {
	if !whole.sure() || out.state != nil {
		if out.state == nil {
			t.stated(out)
		}
		for row, c := range condition {
			if c == taken {
				out.set(row, whole.at(row))
			}
		}
		out.judge()
		return
	}
	for row, c := range condition {
		if c == taken {
			out.number[row] = whole.numberAt(row)
		}
	}
	out.exact = out.exact && whole.exact
}

// stated gives a sure vector room for states.
func (t *table) stated(v *vector) {
	v.state = slab(&t.arena.states, &t.arena.state, len(v.number))
	for i := range v.state {
		v.state[i] = known
	}
}
