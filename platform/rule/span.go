package rule

import (
	"fmt"

	"sanad/platform/calendar"
)

// A span is how long something has lasted, in full years or months, as far as
// the dates tell: two bounds, since a birth known only by its year gives an age
// between two numbers. Bounds are counted in halves, 2n for n and 2n+1 for more
// than n and less than n+1, so that "more than three months" is true a day
// after the third month ends and not before.
func span(low, high int64) Value {
	return Value{low<<32 | int64(uint32(int32(high))), KindSpan, known}
}

func (v Value) bounds() (low, high int64) { return v.number >> 32, int64(int32(v.number)) }

// Years is an age between two numbers of full years, for facts that are
// recorded as an age and not as a date of birth. low must not exceed high.
func Years(low, high int) Value { return span(2*int64(low), 2*int64(high)) }

// Months is a time between low and high exact months. low must not exceed high.
func Months(low, high int) Value { return span(2*int64(low), 2*int64(high)) }

// Bounds returns the full years or months of a known span, least and most, both
// rounded down to the full unit; false where v is not a known span.
func (v Value) Bounds() (least, most int, ok bool) {
	if v.kind != KindSpan || v.state != known {
		return 0, 0, false
	}
	low, high := v.bounds()
	return int(low >> 1), int(high >> 1), true
}

func spanText(v Value) string {
	low, high := v.bounds()
	one := func(half int64) string {
		if half&1 == 1 {
			return fmt.Sprintf("%d+", half>>1)
		}
		return fmt.Sprint(half >> 1)
	}
	if low == high {
		return one(low)
	}
	return one(low) + ".." + one(high)
}

// ageOn is the age in full years on a day: the birthday itself begins the new
// year of life; who was born on 29 February has it on 1 March in common years.
// Unknown before birth is recorded; negative for who is born later.
func ageOn(birth, on Value) Value {
	if birth.state != known || on.state != known {
		return either(birth, on, KindSpan)
	}
	born, day := calendar.Date(birth.number), calendar.Date(on.number)
	return span(2*fullYears(born.Last(), day.First()), 2*fullYears(born.First(), day.Last()))
}

func fullYears(from, to calendar.Date) int64 {
	years := to.Year() - from.Year()
	if to.Month()*100+to.DayOfMonth() < from.Month()*100+from.DayOfMonth() {
		years--
	}
	return int64(years)
}

// monthsSince is how many months something that began on a day has lasted on
// another: nought where it began later or never did. A month from the 31st ends
// on the last day of a shorter month.
func monthsSince(since, on Value) Value {
	if since.state == absent && on.state == known {
		return span(0, 0)
	}
	if since.state != known || on.state != known {
		return either(since, on, KindSpan)
	}
	began, day := calendar.Date(since.number), calendar.Date(on.number)
	return span(halfMonths(began.Last(), day.First()), halfMonths(began.First(), day.Last()))
}

func halfMonths(from, to calendar.Date) int64 {
	if to <= from {
		return 0
	}
	months := int64(to.Year()-from.Year())*12 + int64(to.Month()-from.Month())
	anniversary := min(from.DayOfMonth(), calendar.DaysIn(to.Year(), to.Month()))
	switch {
	case to.DayOfMonth() < anniversary:
		return 2*months - 1
	case to.DayOfMonth() == anniversary:
		return 2 * months
	}
	return 2*months + 1
}

// exact reports whether nothing about v is left open.
func (v Value) exact() bool {
	if v.state != known || v.kind != KindDate && v.kind != KindSpan {
		return v.state != unknown
	}
	low, high := ends(v)
	return low == high
}

// either is what an operation of two values gives when one of them has no
// value: a failure before an unknown, so that no failure is passed over.
func either(a, b Value, kind Kind) Value {
	if a.state == failed {
		return Value{a.number, kind, failed}
	}
	if b.state == failed {
		return Value{b.number, kind, failed}
	}
	return Value{kind: kind}
}

// The ways in which two values may stand to each other. What is known only
// between bounds may stand in several.
const (
	less uint8 = 1 << iota
	equal
	greater
)

// order returns every way in which a and b may stand to each other; both must
// be known, or absent dates.
func order(a, b Value) uint8 {
	if a.kind != KindDate && a.kind != KindSpan && b.kind != KindSpan {
		return orderOf(a.number, a.number, b.number, b.number)
	}
	aLow, aHigh := ends(a)
	bLow, bHigh := ends(b)
	return orderOf(aLow, aHigh, bLow, bHigh)
}

// ends are the least and most that a date, span or number may be; a number
// beside a span counts in the halves of spans.
func ends(v Value) (low, high int64) {
	switch v.kind {
	case KindSpan:
		return v.bounds()
	case KindDate:
		if v.state == absent {
			return never, never
		}
		d := calendar.Date(v.number)
		if d.DayOfMonth() != 0 {
			return v.number, v.number
		}
		return int64(d.First()), int64(d.Last())
	}
	// Beyond 2^40 no span reaches; the limit keeps the doubling from overflowing.
	n := 2 * min(max(v.number, -1<<40), 1<<40)
	return n, n
}

func orderOf(aLow, aHigh, bLow, bHigh int64) uint8 {
	var ways uint8
	if aLow < bHigh {
		ways |= less
	}
	if aHigh > bLow {
		ways |= greater
	}
	if aLow <= bHigh && aHigh >= bLow {
		ways |= equal
	}
	return ways
}

// among answers whether the ways in which two values may stand lie all within
// wanted (yes), all outside it (no), or on both sides.
func among(ways, wanted uint8) Value {
	switch {
	case ways&^wanted == 0:
		return yes
	case ways&wanted == 0:
		return no
	}
	return maybe
}
