package rule

import "math/bits"

// failure says why a computation has no answer. The node that failed stands
// beside it in the value, so that the message can name the place.
type failure int32

const (
	failedOverflow failure = iota + 1
	failedDivision         // by nought
	failedFact             // a frame that does not fit the schema
)

func fail(kind Kind, why failure) Value { return Value{int64(why) << 32, kind, failed} }

// rounding is how a division ends; the language has a function for each.
type rounding uint8

const (
	roundDown    rounding = iota // to the lower number: -2.5 becomes -3
	roundUp                      // to the higher number
	roundNearest                 // halves away from nought
	roundEven                    // halves to the even neighbour
)

var roundingNames = [...]string{"down", "up", "nearest", "even"}

func add(a, b Value) Value {
	sum := a.number + b.number
	if (sum > a.number) != (b.number > 0) && b.number != 0 {
		return fail(a.kind, failedOverflow)
	}
	return Value{sum, a.kind, known}
}

func subtract(a, b Value) Value {
	difference := a.number - b.number
	if (difference < a.number) != (b.number > 0) && b.number != 0 {
		return fail(a.kind, failedOverflow)
	}
	return Value{difference, a.kind, known}
}

func multiply(a, b Value, kind Kind) Value {
	product, ok := scaled(a.number, b.number, 1, roundDown)
	if !ok {
		return fail(kind, failedOverflow)
	}
	return Value{product, kind, known}
}

// scaleOf is what the numerator of a division is multiplied by, so that the
// quotient of two sums or two fixed numbers comes out in millionths.
func scaleOf(a, b Kind) int64 {
	if a == b && a != KindInteger {
		return 1_000_000
	}
	return 1
}

func divide(a, b Value, kind Kind, how rounding) Value {
	if b.number == 0 {
		return fail(kind, failedDivision)
	}
	quotient, ok := scaled(a.number, scaleOf(a.kind, b.kind), b.number, how)
	if !ok {
		return fail(kind, failedOverflow)
	}
	return Value{quotient, kind, known}
}

// portion is a times the fixed number b, rounded.
func portion(a, b Value, kind Kind, how rounding) Value {
	result, ok := scaled(a.number, b.number, 1_000_000, how)
	if !ok {
		return fail(kind, failedOverflow)
	}
	return Value{result, kind, known}
}

// scaled is a*b/c exactly, rounded once; false where it does not fit. c is not
// nought.
func scaled(a, b, c int64, how rounding) (int64, bool) {
	negative := (a < 0) != (b < 0) != (c < 0)
	high, low := bits.Mul64(size(a), size(b))
	divisor := size(c)
	if high >= divisor {
		return 0, false
	}
	quotient, rest := bits.Div64(high, low, divisor)
	if rest != 0 && roundsAway(quotient, rest, divisor, negative, how) {
		quotient++
		if quotient == 0 {
			return 0, false
		}
	}
	if negative {
		return -int64(quotient), quotient <= 1<<63
	}
	return int64(quotient), quotient < 1<<63
}

// roundsAway tells whether a quotient with a rest moves one further from nought.
func roundsAway(quotient, rest, divisor uint64, negative bool, how rounding) bool {
	switch how {
	case roundDown:
		return negative
	case roundUp:
		return !negative
	case roundNearest:
		return rest >= divisor-rest
	}
	return rest > divisor-rest || rest == divisor-rest && quotient&1 == 1
}

func size(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}
