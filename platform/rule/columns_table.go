package rule

// lookUp over columns: keys that are known everywhere are looked up in a plain
// loop where the table's figures are known too, all else row by row.
func (t *table) lookUp(n *node, i int32, s *space) vector {
	kids := t.rule.kidsOf(n)
	first := t.node(kids[0], s)
	if len(kids) == 1 && first.sure() && !first.uniform && int(n.slot) < len(t.columns.Frame.Tables) {
		if v, done := t.lookUpSure(n, &first, s.rows); done {
			return v
		}
	}
	second := first
	if len(kids) > 1 {
		second = t.node(kids[1], s)
	}
	return t.each(n.kind, s.rows, &first, &second, func(a, b Value) Value {
		return t.rule.lookUp(t.columns.Frame, n, i, a, b)
	})
}

// lookUpSure looks known keys up; false where something about the table is not
// plain.
func (t *table) lookUpSure(n *node, key *vector, rows int) (vector, bool) {
	figures := &t.columns.Frame.Tables[n.slot]
	numbers, plain := figures.numbers()
	if !plain || n.kind == KindDate || n.kind == KindSpan || key.kind == KindSpan {
		return vector{}, false
	}
	keys := key.number[:rows]
	switch t.rule.language.schema.Tables[n.slot].Shape {
	case ByScale:
		return t.scaled(n, figures.From, numbers, key, rows)
	case BySteps:
		out := t.arena.sure(n.kind, rows)
		for row, k := range keys {
			out.number[row] = 0
			for at := len(figures.From) - 1; at >= 0; at-- {
				if figures.From[at] <= k {
					out.number[row] = numbers[at]
					break
				}
			}
		}
		return out, true
	}
	out := t.arena.sure(n.kind, rows)
	for row, k := range keys {
		if uint64(k) >= uint64(len(numbers)) {
			return vector{}, false
		}
		out.number[row] = numbers[k]
	}
	return out, true
}

// numbers are a table's values as plain numbers; false where one is not known.
func (f *Figures) numbers() ([]int64, bool) {
	numbers := make([]int64, len(f.Values))
	for i, v := range f.Values {
		if v.state != known {
			return nil, false
		}
		numbers[i] = v.number
	}
	return numbers, true
}

// scaled adds up the brackets of small amounts, whose sums of products are
// numbers: the parts of an amount are together no larger than the amount.
func (t *table) scaled(n *node, from, rates []int64, amounts *vector, rows int) (vector, bool) {
	if !amounts.small(rows) || len(from) != len(rates) {
		return vector{}, false
	}
	for b := range rates {
		if size(rates[b]) >= smallNumber/2 || size(from[b]) >= smallNumber/2 {
			return vector{}, false
		}
	}
	out := t.arena.sure(n.kind, rows)
	for row, amount := range amounts.number[:rows] {
		var sum int64
		for b, rate := range rates {
			if amount <= from[b] {
				break
			}
			end := amount
			if b+1 < len(from) {
				end = min(end, from[b+1])
			}
			sum += (end - from[b]) * rate
		}
		out.number[row] = millionth(sum, n.how)
	}
	return out, true
}

// millionth is a/1,000,000 rounded.
func millionth(a int64, how rounding) int64 {
	quotient, rest := a/1_000_000, a%1_000_000
	if rest == 0 || !roundsAway(size(quotient), size(rest), 1_000_000, a < 0, how) {
		return quotient
	}
	if a < 0 {
		return quotient - 1
	}
	return quotient + 1
}
