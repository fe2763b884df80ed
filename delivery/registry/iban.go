package registry

import (
	"strings"

	"sanad/platform/fault"
)

// IBAN is a Libyan account number of ISO 13616: LY, two check digits, bank (3),
// branch (3), account (15), without spaces. The zero value is none.
type IBAN string

// ibanLength is the length that SWIFT's registry gives for Libya.
const ibanLength = 25

// ibanSpaces are what people put between the digits.
var ibanSpaces = strings.NewReplacer(" ", "", "-", "", ".", "", "\u00a0", "")

// ParseIBAN reads an account number as people write it, small letters, spaces
// and dashes included. Its faults are "registry.iban_country" (another country
// or none), "registry.iban_length" (with what was counted), "registry.iban_digits"
// and "registry.iban_check" (two digits exchanged, or one mistyped).
func ParseIBAN(text string) (IBAN, error) {
	compact := strings.ToUpper(ibanSpaces.Replace(text))
	if !strings.HasPrefix(compact, "LY") {
		return "", fault.Invalid("registry.iban_country")
	}
	for _, c := range []byte(compact[2:]) {
		if c < '0' || c > '9' {
			return "", fault.Invalid("registry.iban_digits")
		}
	}
	if len(compact) != ibanLength {
		return "", fault.Invalid("registry.iban_length", "count", len(compact)-2)
	}
	if remainder97(compact[4:]+"2134"+compact[2:4]) != 1 { // L is 21, Y is 34
		return "", fault.Invalid("registry.iban_check")
	}
	return IBAN(compact), nil
}

// Bank is the Central Bank's code of the bank; empty for none.
func (i IBAN) Bank() string { return i.part(4, 7) }

// Branch is the Central Bank's code of the bank's branch; empty for none.
func (i IBAN) Branch() string { return i.part(7, 10) }

func (i IBAN) part(from, to int) string {
	if len(i) != ibanLength {
		return ""
	}
	return string(i[from:to])
}

// remainder97 divides a number of any length, digit by digit.
func remainder97(digits string) int {
	remainder := 0
	for _, digit := range []byte(digits) {
		remainder = (remainder*10 + int(digit-'0')) % 97
	}
	return remainder
}
