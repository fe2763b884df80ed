package policy

import (
	"slices"
	"strings"

	"sanad/platform/money"
	"sanad/platform/rule"
)

// others are a truth's or a label's other values.
func (s *search) others(c cell) (all []rule.Value) {
	now, d := *s.at(c), s.definition(c)
	if d.rule.Type.Kind == rule.KindTruth {
		all = []rule.Value{rule.Bool(true), rule.Bool(false)}
	}
	for i := range d.codes {
		all = append(all, rule.Label(i))
	}
	if d.rule.Type.Kind == rule.KindEnumeration && len(d.codes) == 0 {
		for i := range s.decider.programme.facts.defined[d.from].Codes {
			all = append(all, rule.Label(i))
		}
	}
	return slices.DeleteFunc(all, func(v rule.Value) bool { return v == now })
}

// scale is the values that a date or a number can take, by a whole number.
type scale struct {
	value       func(int64) rule.Value
	start       int64 // the present value
	high        int64 // the lowest is nought
	unit        int64 // the first step; the next are twice as long
	steady      bool  // steps stay as they are
	startsKnown bool
}

// lifetime bounds how far dates are moved, in days.
const lifetime = 110 * 366

func (s *search) days(now rule.Value) scale {
	month := s.decider.framer.on
	first := month
	if now.Known() && !now.Absent() {
		first = now.Date().First()
	}
	from := month.AddDays(-lifetime)
	start, _ := from.DaysUntil(first)
	end, _ := from.DaysUntil(month)
	return scale{value: func(n int64) rule.Value { return rule.Date(from.AddDays(int(n))) }, start: int64(start),
		high: int64(end), unit: 366, steady: true, startsKnown: now.Known()}
}

// highest bounds how far numbers are moved: ten million dinars.
const highest = int64(10_000_000 * money.Dinar)

func (s *search) numbers(c cell, now rule.Value) scale {
	of := map[rule.Kind]func(int64) rule.Value{rule.KindInteger: rule.Integer, rule.KindFixed: rule.Fixed,
		rule.KindMoney: func(n int64) rule.Value { return rule.Money(money.Amount(n)) }}[s.definition(c).rule.Type.Kind]
	n := scale{value: of, high: highest, unit: 1}
	if now.Known() {
		n.start, n.startsKnown = now.Number(), true
	}
	return n
}

// both looks in both directions from the present value.
func (s *search) both(c cell, n scale, less, more Bound) (ways []Way, err error) {
	if n.value == nil {
		return nil, nil
	}
	for direction, bound := range map[int64]Bound{-1: less, 1: more} {
		way, found, err := s.nearest(c, n, direction, bound)
		if err != nil {
			return nil, err
		}
		if found {
			ways = append(ways, way)
		}
	}
	slices.SortFunc(ways, func(a, b Way) int { return strings.Compare(string(a.Changes[0].Bound), string(b.Changes[0].Bound)) })
	return ways, nil
}

// nearest walks away from the present value in growing steps until the line
// turns, then halves the last step down to the threshold.
func (s *search) nearest(c cell, n scale, direction int64, bound Bound) (way Way, found bool, err error) {
	turned := func(at int64) bool {
		if err != nil {
			return false
		}
		var ok bool
		_, ok, err = s.with(c, n.value(at))
		return ok
	}
	before, step, at := n.start, n.unit, n.start
	if !n.startsKnown {
		before, at = n.start-direction, n.start-direction
	}
	for !found && err == nil && (n.end(direction)-at)*direction > 0 {
		before, at = at, min(max(at+direction*step, 0), n.high)
		if !n.steady {
			step *= 2
		}
		found = turned(at)
	}
	if !found || err != nil {
		return way, false, err
	}
	for (at-before)*direction > 1 {
		if middle := before + (at-before)/2; turned(middle) {
			at = middle
		} else {
			before = middle
		}
	}
	for far := at; far != n.end(direction); { // does it hold for all that lies beyond?
		if far = min(max(far+direction*step, 0), n.high); !turned(far) {
			bound = Exactly
			break
		}
	}
	then, ok, failed := s.with(c, n.value(at))
	if err == nil {
		err = failed
	}
	return Way{[]ChangedFact{s.change(c, n.value(at), bound)}, then}, ok, err
}

// end is the last value in a direction.
func (n *scale) end(direction int64) int64 {
	if direction < 0 {
		return 0
	}
	return n.high
}

// pairs finds two facts that turn the line together, where no single one does:
// one is put to each of its other values, or moved to either end, while the
// second is searched; then the first is brought as near as it can be.
func (s *search) pairs() error {
	some := s.cells[:min(len(s.cells), widest)]
	for i, a := range some {
		for _, v := range s.probes(a) {
			for _, b := range some[i+1:] {
				if err := s.pair(a, v, b); err != nil || len(s.ways) >= enough {
					return err
				}
			}
		}
	}
	return nil
}

// widest is how many facts are tried two by two.
const widest = 8

func (s *search) pair(a cell, v rule.Value, b cell) error {
	before := *s.at(a)
	s.set(a, v)
	seconds, err := s.single(b)
	s.set(a, before)
	if err != nil || len(seconds) == 0 {
		return err
	}
	second := seconds[0].Changes[0]
	second.Bound = Exactly
	held := *s.at(b)
	s.set(b, second.value)
	firsts, err := s.single(a)
	s.set(b, held)
	for _, first := range firsts[:min(len(firsts), 1)] {
		s.ways = append(s.ways, Way{[]ChangedFact{first.Changes[0], second}, first.Then})
	}
	return err
}

// probes are values far from the present one.
func (s *search) probes(c cell) []rule.Value {
	switch kind := s.definition(c).rule.Type.Kind; kind {
	case rule.KindTruth, rule.KindEnumeration:
		return s.others(c)
	case rule.KindDate:
		n := s.days(*s.at(c))
		return []rule.Value{n.value(0), n.value(n.high), rule.Absent(kind)}
	default:
		if n := s.numbers(c, *s.at(c)); n.value != nil {
			return []rule.Value{n.value(0), n.value(n.high)}
		}
	}
	return nil
}
