package registry

import (
	"strings"

	"sanad/platform/fault"
)

// PhoneNumber is a telephone's number in the form of ITU-T E.164: + and 8 to 15
// digits, without blanks.
type PhoneNumber string

// homeCode is put before numbers that begin with a single zero.
const homeCode = "+218"

// ParsePhone reads a number as people in Libya write it: 091-2345678,
// 00218912345678 or +218 91 234 5678. Another form is the fault
// "registry.phone_unread".
func ParsePhone(text string) (PhoneNumber, error) {
	compact := ibanSpaces.Replace(TidyNumber(text))
	compact = strings.NewReplacer("(", "", ")", "", "/", "").Replace(compact)
	switch {
	case strings.HasPrefix(compact, "00"):
		compact = "+" + compact[2:]
	case strings.HasPrefix(compact, "0"):
		compact = homeCode + compact[1:]
	case strings.HasPrefix(compact, "218"):
		compact = "+" + compact
	}
	digits, plus := strings.CutPrefix(compact, "+")
	if !plus || len(digits) < 8 || len(digits) > 15 || digits[0] == '0' || strings.Trim(digits, "0123456789") != "" {
		return "", fault.Invalid("registry.phone_unread")
	}
	if strings.HasPrefix(compact, homeCode) && len(digits) < 11 {
		return "", fault.Invalid("registry.phone_unread")
	}
	return PhoneNumber(compact), nil
}
