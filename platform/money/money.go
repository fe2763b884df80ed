// Package money counts what families are owed, exactly: whole dirhams in an
// integer, never a fraction that two machines could round differently.
package money

import (
	"math/bits"
	"strconv"
	"strings"

	"sanad/platform/fault"
)

// Amount is a sum in dirhams, a thousandth of the Libyan dinar (ISO 4217 LYD,
// three decimals). It may be negative: a debt, a correction.
type Amount int64

// Dinar is one Libyan dinar.
const Dinar Amount = 1000

// Plus adds, or returns the fault "money.overflow".
func (a Amount) Plus(b Amount) (Amount, error) {
	sum := a + b
	if (sum > a) != (b > 0) && b != 0 {
		return 0, fault.Invalid("money.overflow")
	}
	return sum, nil
}

// Times multiplies by a count, or returns the fault "money.overflow".
func (a Amount) Times(count int64) (Amount, error) {
	if a == 0 || count == 0 {
		return 0, nil
	}
	high, low := bits.Mul64(magnitude(int64(a)), magnitude(count))
	if high != 0 || low > 1<<63-1 {
		return 0, fault.Invalid("money.overflow")
	}
	if (a < 0) != (count < 0) {
		return -Amount(low), nil
	}
	return Amount(low), nil
}

// String is the amount in dinars with three decimals: 1250.500. It is what bank
// files carry; people are shown text.Amount.
func (a Amount) String() string {
	sign := ""
	if a < 0 {
		sign = "-"
	}
	m := magnitude(int64(a))
	whole, part := strconv.FormatUint(m/1000, 10), strconv.FormatUint(m%1000, 10)
	return sign + whole + "." + strings.Repeat("0", 3-len(part)) + part
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}
