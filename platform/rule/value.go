package rule

import (
	"strconv"

	"sanad/platform/calendar"
	"sanad/platform/money"
)

// Kind is the sort of thing that a value is.
type Kind uint8

// The kinds of value.
const (
	KindNone        Kind = iota
	KindTruth            // yes or no
	KindInteger          // a whole number
	KindFixed            // a number with six decimals, in millionths
	KindMoney            // dirhams
	KindDate             // a calendar date with its precision
	KindEnumeration      // one label of a declared enumeration, by its place
	KindText             // words, which can only be equal or not
	KindMember           // a member of the household, by its place
	KindSpan             // full years or months between two dates, see Years and Months
)

// state says how much of a value is known. The zero state is unknown, so that
// a fact nobody filled in is unknown and not nought.
type state uint8

const (
	unknown state = iota
	known
	absent // known that there is none: no date of death, no husband
	failed // the computation has no answer; number holds the failure
)

// Value is one fact or result: 16 bytes, no pointer. The zero Value is unknown.
//
// A date or a reference may also be absent: it is known that there is none. An
// absent date lies after every day (what never happened did not happen before
// today); whatever is asked about an absent member is unknown.
type Value struct {
	number int64
	kind   Kind
	state  state
}

// never is the absent date: after every day of the calendar.
const never = 99991232

// Unknown is the value of which nothing is known but its kind.
func Unknown(kind Kind) Value { return Value{kind: kind} }

// Absent says that it is known that there is none; for dates and references.
func Absent(kind Kind) Value { return Value{kind: kind, state: absent, number: never} }

// Integer is a whole number.
func Integer(n int64) Value { return Value{n, KindInteger, known} }

// Fixed is a number of millionths: Fixed(2_500_000) is two and a half.
func Fixed(millionths int64) Value { return Value{millionths, KindFixed, known} }

// Money is a sum in dirhams.
func Money(a money.Amount) Value { return Value{int64(a), KindMoney, known} }

// Label is the label of an enumeration by its place in the schema's list.
func Label(index int) Value { return Value{int64(index), KindEnumeration, known} }

// Text is a text by its place in the frame's Texts.
func Text(index int) Value { return Value{int64(index), KindText, known} }

// Member is a reference to a member by its place in the frame.
func Member(index int) Value { return Value{int64(index), KindMember, known} }

// Date is a date of any precision; calendar.Unknown gives the unknown date.
func Date(d calendar.Date) Value {
	if d == calendar.Unknown {
		return Unknown(KindDate)
	}
	return Value{int64(d), KindDate, known}
}

// Truth is yes, no, or unknown for calendar.Maybe.
func Truth(t calendar.Truth) Value {
	switch t {
	case calendar.Yes:
		return yes
	case calendar.No:
		return no
	}
	return Value{kind: KindTruth}
}

// Bool is yes for true and no for false.
func Bool(b bool) Value {
	if b {
		return yes
	}
	return no
}

var (
	yes   = Value{1, KindTruth, known}
	no    = Value{0, KindTruth, known}
	maybe = Value{0, KindTruth, unknown}
)

// Kind is the sort of thing that v is; KindNone for the zero Value.
func (v Value) Kind() Kind { return v.kind }

// Known reports whether v has a value. A date of month or year precision and an
// age between two bounds are known, though not exactly.
func (v Value) Known() bool { return v.state == known }

// Absent reports whether it is known that there is none.
func (v Value) Absent() bool { return v.state == absent }

// Truth is the answer of a condition; Maybe for what is not a known truth.
func (v Value) Truth() calendar.Truth {
	switch {
	case v.kind != KindTruth || v.state != known:
		return calendar.Maybe
	case v.number != 0:
		return calendar.Yes
	}
	return calendar.No
}

// Number is the whole number, the millionths, or the place of a label, text or
// member; nought where v is not known.
func (v Value) Number() int64 {
	if v.state != known {
		return 0
	}
	return v.number
}

// Money is the sum, zero where v is not a known sum: ask Known first.
func (v Value) Money() money.Amount {
	if v.kind != KindMoney {
		return 0
	}
	return money.Amount(v.Number())
}

// Date is the date, calendar.Unknown where v is not a known date.
func (v Value) Date() calendar.Date {
	if v.kind != KindDate || v.state != known {
		return calendar.Unknown
	}
	return calendar.Date(v.number)
}

// String is for tests and logs of rules; people are shown the words of the
// text package. Unknown is "?", absent is "none".
func (v Value) String() string {
	switch v.state {
	case unknown:
		return "?"
	case absent:
		return "none"
	case failed:
		return "failure"
	}
	switch v.kind {
	case KindTruth:
		return strconv.FormatBool(v.number != 0)
	case KindMoney:
		return money.Amount(v.number).String()
	case KindFixed:
		return decimal(v.number)
	case KindDate:
		return calendar.Date(v.number).String()
	case KindSpan:
		return spanText(v)
	}
	return strconv.FormatInt(v.number, 10)
}

// decimal writes millionths without trailing zeros: 2.5.
func decimal(millionths int64) string {
	sign, m := "", uint64(millionths)
	if millionths < 0 {
		sign, m = "-", -m
	}
	whole, part := strconv.FormatUint(m/1_000_000, 10), m%1_000_000
	if part == 0 {
		return sign + whole
	}
	digits := strconv.FormatUint(1_000_000+part, 10)[1:]
	for digits[len(digits)-1] == '0' {
		digits = digits[:len(digits)-1]
	}
	return sign + whole + "." + digits
}
