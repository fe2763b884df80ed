package calendar

import "strings"

// FromSerial reads a cell's number that a spreadsheet may mean as a day: days
// since the end of 1899, the time of day as a fraction, which is left out. It
// works on the decimal text, without floating point. A whole number from 1800
// to 2100 is a year that somebody typed; as a serial it would be a day of 1904
// or 1905. Serial 60 is 29 February 1900, which never was: refused, as is every
// text that is not a number of this kind ("calendar.not_read").
func FromSerial(text string) (Date, Reading) {
	whole, fraction, _ := strings.Cut(strings.TrimSpace(text), ".")
	n, ok := digits(whole)
	if _, fractionOK := digits(trimTo(fraction, 9)); !ok || (fraction != "" && !fractionOK) {
		return refused("calendar.not_read", "text", text)
	}
	if n >= 1800 && n <= 2100 && fraction == "" {
		return Of(n, 0, 0), Reading{}
	}
	const lastSerial = 2958465 // 31 December 9999
	switch {
	case n < 1 || n == 60 || n > lastSerial:
		return refused("calendar.not_read", "text", text)
	case n < 60: // before the day that never was, the count is one behind
		n++
	}
	return Of(1899, 12, 30).AddDays(n), Reading{}
}

// trimTo shortens a fraction, whose digits do not matter beyond being digits.
func trimTo(text string, length int) string { return text[:min(len(text), length)] }
