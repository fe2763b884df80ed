package registry

import (
	"fmt"
	"strconv"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/store"
)

// FileNumber is the number of a household's file, as the branch that opened it
// gave it: branch, year, serial within both, check digit
// (LY010102-2026-000017-3). No other branch can give it, so no central counter
// is asked, and it stays with the family when it moves. Files that come from a
// branch's list keep the number that is written there, whatever its form.
type FileNumber string

// nextFileNumber counts on from the last file that the branch opened this year.
func nextFileNumber(tx *store.Tx, branch string) (FileNumber, error) {
	prefix := fmt.Sprintf("%s-%04d-", branch, tx.Today().Year())
	last, _, err := store.One(tx, (*store.Row).Text,
		"SELECT file FROM households WHERE file >= $1 AND file < $2 ORDER BY file DESC LIMIT 1", prefix, prefix+":")
	if err != nil {
		return "", err
	}
	serial := 0
	if FileNumber(last).Valid() {
		serial, _ = strconv.Atoi(strings.Split(last, "-")[2])
	}
	return newFileNumber(branch, tx.Today(), serial+1), nil
}

func newFileNumber(branch string, on calendar.Date, serial int) FileNumber {
	plain := fmt.Sprintf("%s-%04d-%06d", branch, on.Year(), serial)
	return FileNumber(plain + "-" + string(rune('0'+damm(plain))))
}

// Valid reports whether the number has the form of those that we give and its
// check digit agrees: one wrong digit, or two neighbours exchanged, never do.
func (n FileNumber) Valid() bool {
	parts := strings.Split(string(n), "-")
	if len(parts) != 4 || len(parts[1]) != 4 || len(parts[2]) != 6 || len(parts[3]) != 1 {
		return false
	}
	for _, part := range parts[1:] {
		if strings.Trim(part, "0123456789") != "" {
			return false
		}
	}
	return damm(string(n)) == 0
}

// dammTable is the totally anti-symmetric quasigroup of order ten in H. Michael
// Damm's dissertation (Marburg 2004), page 98.
var dammTable = [10]string{"0317598642", "7092154863", "4206871359", "1750983426", "6123045978", "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"}

// damm is the check digit of a text's digits; letters count as two digits, A as
// 10, as in an IBAN; other marks do not count. With its check digit behind it a
// text gives 0.
func damm(text string) int {
	interim := 0
	step := func(digit int) { interim = int(dammTable[interim][digit] - '0') }
	for _, c := range strings.ToUpper(text) {
		switch {
		case c >= '0' && c <= '9':
			step(int(c - '0'))
		case c >= 'A' && c <= 'Z':
			step(int(c-'A'+10) / 10)
			step(int(c-'A'+10) % 10)
		}
	}
	return interim
}
