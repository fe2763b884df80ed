package intake

import (
	"bytes"
	"strconv"
	"strings"
)

// shownDigits is how many digits a spreadsheet keeps of a number: beyond them
// its file holds only the noise of binary fractions (2040.4000000000001).
const shownDigits = 15

// plainNumber writes a number of a workbook's XML, which may be in scientific
// notation, as plain decimal digits. It works on the digits themselves: no
// float comes near a national number or an amount.
func plainNumber(raw []byte) (string, bool) {
	text := string(bytes.TrimSpace(raw))
	sign := ""
	if rest, negative := strings.CutPrefix(text, "-"); negative {
		sign, text = "-", rest
	}
	mantissa, exponent, ok := scientific(text)
	if !ok {
		return "", false
	}
	digits, point := pointed(mantissa)
	point += exponent
	digits, point = rounded(digits, point)
	if digits == "" {
		return "0", true
	}
	if point > 40 || point < -40 {
		return "", false
	}
	switch {
	case point <= 0:
		return sign + "0." + strings.Repeat("0", -point) + digits, true
	case point >= len(digits):
		return sign + digits + strings.Repeat("0", point-len(digits)), true
	}
	return sign + digits[:point] + "." + digits[point:], true
}

// scientific cuts 1.2E+11 into its mantissa, digits with at most one point, and
// its exponent, which is 0 where none is written.
func scientific(text string) (mantissa string, exponent int, ok bool) {
	mantissa = text
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		n, err := strconv.Atoi(text[i+1:])
		if err != nil || n > 400 || n < -400 {
			return "", 0, false
		}
		mantissa, exponent = text[:i], n
	}
	points, digits := 0, 0
	for _, c := range []byte(mantissa) {
		switch {
		case c == '.':
			points++
		case c >= '0' && c <= '9':
			digits++
		default:
			return "", 0, false
		}
	}
	return mantissa, exponent, digits > 0 && points <= 1 && digits <= 400
}

// pointed returns the digits without leading zeros and the place of the point.
func pointed(mantissa string) (string, int) {
	whole, part, _ := strings.Cut(mantissa, ".")
	all := whole + part
	digits := strings.TrimLeft(all, "0")
	return digits, len(whole) - (len(all) - len(digits))
}

// rounded keeps shownDigits digits, rounding half up, without trailing zeros.
func rounded(digits string, point int) (string, int) {
	if len(digits) > shownDigits {
		up := digits[shownDigits] >= '5'
		kept := []byte(digits[:shownDigits])
		for i := len(kept) - 1; up && i >= 0; i-- {
			up = kept[i] == '9'
			if up {
				kept[i] = '0'
			} else {
				kept[i]++
			}
		}
		digits = string(kept)
		if up {
			digits, point = "1"+digits, point+1
		}
	}
	return strings.TrimRight(digits, "0"), point
}
