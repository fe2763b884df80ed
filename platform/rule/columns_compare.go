package rule

// compare answers in which of the wanted ways a stands to b.
func (t *table) compare(a, b *vector, wanted uint8, rows int) vector {
	if a.uniform && !b.uniform {
		return t.compare(b, a, turned(wanted), rows)
	}
	if !a.uniform && a.kind != KindText && a.settled && b.settled && a.exact && b.exact {
		switch {
		case a.kind == KindSpan && b.kind == KindInteger && b.uniform && a.sure() && b.sure():
			low, _ := ends(b.at(0))
			return t.stands(t.lengths(a.number, rows), nil, low, wanted, rows)
		case a.kind == KindSpan || b.kind == KindSpan || a.kind == KindMember && !(a.sure() && b.sure()):
		case b.uniform:
			return t.stands(a.number, nil, b.number[0], wanted, rows)
		default:
			return t.stands(a.number, b.number, 0, wanted, rows)
		}
	}
	e := evaluation{rule: t.rule, frame: t.columns.Frame}
	if a.kind == KindText && b.uniform && !a.uniform && a.sure() && b.sure() {
		return t.sameText(a, e.text(b.at(0)), wanted, rows)
	}
	return t.each(KindTruth, rows, a, b, func(a, b Value) Value { return e.compare(a, b, wanted) })
}

// lengths are exact spans in halves.
func (t *table) lengths(spans []int64, rows int) []int64 {
	out := t.arena.sure(KindInteger, rows).number
	for row := range out {
		out[row] = spans[row] >> 32
	}
	return out
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

// stands compares numbers with others or, where these are nil, with one.
func (t *table) stands(a, others []int64, one int64, wanted uint8, rows int) vector {
	out := t.arena.sure(KindTruth, rows)
	if others != nil {
		beside(out.number[:rows], a[:rows], others[:rows], wanted)
	} else {
		against(out.number[:rows], a[:rows], one, wanted)
	}
	return out
}

func beside(to, from, others []int64, wanted uint8) {
	switch wanted {
	case greater, greater | equal:
		beside(to, others, from, turned(wanted))
	case less:
		for row := range to {
			to[row] = truthOf(from[row] < others[row])
		}
	case less | equal:
		for row := range to {
			to[row] = truthOf(from[row] <= others[row])
		}
	case equal:
		for row := range to {
			to[row] = truthOf(from[row] == others[row])
		}
	default:
		for row := range to {
			to[row] = truthOf(from[row] != others[row])
		}
	}
}

func against(to, from []int64, one int64, wanted uint8) {
	switch wanted {
	case less:
		for row := range to {
			to[row] = truthOf(from[row] < one)
		}
	case less | equal:
		for row := range to {
			to[row] = truthOf(from[row] <= one)
		}
	case greater:
		for row := range to {
			to[row] = truthOf(from[row] > one)
		}
	case greater | equal:
		for row := range to {
			to[row] = truthOf(from[row] >= one)
		}
	case equal:
		for row := range to {
			to[row] = truthOf(from[row] == one)
		}
	default:
		for row := range to {
			to[row] = truthOf(from[row] != one)
		}
	}
}
