package rule

import (
	"math/bits"
	"slices"

	"sanad/platform/fault"
)

// Shape is how a [Table] answers.
type Shape uint8

// The shapes of tables.
const (
	// ByLabels has a value for each label, or for each pair of labels.
	ByLabels Shape = iota + 1
	// BySteps has a value from each threshold on; below the first it is nought.
	BySteps
	// ByScale has a rate from each threshold on, which applies to the part of an
	// amount that lies above it and below the next: a marginal scale. The sum is
	// exact and rounded once.
	ByScale
)

// Table declares a figure of the law that depends on what it is asked for. In
// formulas it is written like a function: rent_limit(household.zone),
// gift(household.size), income_tax(member.salary).
type Table struct {
	Name  string
	Shape Shape
	Keys  []Type // one or two labels or truths; of steps and scales one number, of steps also an age
	Type  Type   // of the answer; a scale's is its key's
	How   string // a scale's rounding: down, up, nearest or even
}

// Figures are what a table says on a day: what a [Frame] brings. Those of a
// table of labels stand in the order of the labels, for pairs the second running
// fastest; a truth's no stands before its yes. Unknown where the law says nothing.
type Figures struct {
	From   []int64 // thresholds of steps and scales, ascending: of money in dirhams, of fixed numbers in millionths
	Values []Value // of labels and steps; of a scale the rates, fixed numbers
}

// check returns what is wrong with a declaration.
func (t *Table) check(s *Schema) error {
	wrong := fault.Invalid("rule.schema_table", "name", t.Name)
	for _, key := range append(slices.Clone(t.Keys), t.Type) {
		if !s.knows(key) {
			return fault.Invalid("rule.schema_type", "name", t.Name)
		}
	}
	switch {
	case len(t.Keys) == 0 || len(t.Keys) > 2 || len(t.Keys) == 2 && t.Shape != ByLabels:
		return wrong
	case t.Shape == ByLabels:
		for _, key := range t.Keys {
			if key.Kind != KindEnumeration && key.Kind != KindTruth {
				return wrong
			}
		}
	case t.Shape == BySteps:
		if !slices.Contains([]Kind{KindInteger, KindMoney, KindFixed, KindSpan}, t.Keys[0].Kind) {
			return wrong
		}
	case t.Shape != ByScale || t.Type != t.Keys[0] || t.Type != TypeMoney && t.Type != TypeFixed || !slices.Contains(roundingNames[:], t.How):
		return wrong
	}
	return nil
}

// width is how many answers a key of labels has.
func (s *Schema) width(key Type) int64 {
	if key.Kind == KindTruth {
		return 2
	}
	return int64(len(s.Enumerations[s.enumeration(key.Enumeration)].Labels))
}

func (e *evaluation) lookUp(n *node, i int32) Value {
	kids := e.rule.kidsOf(n)
	first := e.value(kids[0])
	if len(kids) == 1 {
		return e.rule.lookUp(e.frame, n, i, first, first)
	}
	return e.rule.lookUp(e.frame, n, i, first, e.value(kids[1]))
}

// lookUp answers a table for one or two keys.
func (r *Rule) lookUp(frame *Frame, n *node, i int32, first, second Value) Value {
	if int(n.slot) >= len(frame.Tables) {
		return Value{failedAt(failedFact, i), n.kind, failed}
	}
	if first.state != known || second.state != known {
		return either(first, second, n.kind)
	}
	declared := &r.language.schema.Tables[n.slot]
	figures := &frame.Tables[n.slot]
	switch declared.Shape {
	case BySteps:
		return figures.step(first, n.kind)
	case ByScale:
		return placed(figures.scale(first, n.how), i)
	}
	at := first.number
	if len(declared.Keys) == 2 {
		at = at*r.language.schema.width(declared.Keys[1]) + second.number
	}
	if at >= int64(len(figures.Values)) || figures.Values[at].state != known {
		return Value{kind: n.kind}
	}
	return figures.Values[at]
}

// step is the value of the highest threshold that is not above the key. An age
// between two bounds has one where both have the same.
func (f *Figures) step(key Value, kind Kind) Value {
	low, high := key.number, key.number
	if key.kind == KindSpan {
		low, high = key.bounds()
		low, high = low>>1, high>>1
	}
	a, b := f.stepOf(low), f.stepOf(high)
	switch {
	case a != b && (a < 0 || b < 0 || f.Values[a] != f.Values[b]):
		return Value{kind: kind}
	case a < 0:
		return Value{0, kind, known}
	}
	return f.Values[a]
}

// stepOf is the place of the highest threshold not above a number, -1 below all.
func (f *Figures) stepOf(number int64) int {
	at, found := slices.BinarySearch(f.From, number)
	if !found {
		at--
	}
	return at
}

// scale adds up each part of an amount times the rate of its bracket.
func (f *Figures) scale(amount Value, how rounding) Value {
	var high, low uint64 // of the sum, two's complement
	for b := range f.From {
		end := amount.number
		if b+1 < len(f.From) {
			end = min(end, f.From[b+1])
		}
		if end <= f.From[b] {
			break
		}
		rate := f.Values[b].number
		h, l := bits.Mul64(uint64(end)-uint64(f.From[b]), size(rate))
		var carry uint64
		if rate < 0 {
			low, carry = bits.Sub64(low, l, 0)
			high, _ = bits.Sub64(high, h, carry)
		} else {
			low, carry = bits.Add64(low, l, 0)
			high, _ = bits.Add64(high, h, carry)
		}
	}
	return dividedByMillion(high, low, amount.kind, how)
}

// dividedByMillion rounds a sum of products of amounts and millionths.
func dividedByMillion(high, low uint64, kind Kind, how rounding) Value {
	negative := int64(high) < 0
	if negative {
		var borrow uint64
		low, borrow = bits.Sub64(0, low, 0)
		high, _ = bits.Sub64(0, high, borrow)
	}
	const divisor = 1_000_000
	if high >= divisor {
		return fail(kind, failedOverflow)
	}
	quotient, rest := bits.Div64(high, low, divisor)
	if rest != 0 && roundsAway(quotient, rest, divisor, negative, how) {
		quotient++
	}
	if quotient >= 1<<63 {
		return fail(kind, failedOverflow)
	}
	if negative {
		return Value{-int64(quotient), kind, known}
	}
	return Value{int64(quotient), kind, known}
}

// convert turns a number into one of another kind, rounded where it must be.
func convert(a Value, kind Kind, how rounding) Value {
	up, down := int64(1), int64(1)
	switch {
	case a.kind == KindSpan:
		low, high := a.bounds()
		if low>>1 != high>>1 {
			return Value{kind: kind}
		}
		return Value{low >> 1, kind, known}
	case a.kind == KindInteger: // to a fixed number
		up = 1_000_000
	case a.kind == KindMoney: // dirhams to dinars as a fixed number
		up = 1_000
	case kind == KindInteger:
		down = 1_000_000
	default: // dinars as a fixed number to dirhams
		down = 1_000
	}
	result, ok := scaled(a.number, up, down, how)
	if !ok {
		return fail(kind, failedOverflow)
	}
	return Value{result, kind, known}
}
