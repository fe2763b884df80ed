package text

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
)

// minus is the real minus sign: a hyphen would break a line inside a number.
const minus = "\u2212"

// Value writes an argument of a message for its reader: whole numbers by
// Number, amounts by Amount, dates by Date, lists with the language's comma,
// faults, Key and Bilingual in the reader's language. A number that is a name
// (a file number, a year) must be given as a string, or it gets commas.
func Value(language Language, value any) string {
	switch value := value.(type) {
	case string:
		return value
	case money.Amount:
		return Amount(value)
	case calendar.Date:
		return Date(language, value)
	case calendar.Month:
		return Date(language, value.Date())
	case calendar.Quarter:
		return Say(language, "calendar.quarter", "number", value.Number(), "year", strconv.Itoa(value.Year()))
	case Key:
		return Say(language, string(value))
	case Bilingual:
		return value.In(language)
	case *fault.Fault:
		return Fault(language, value)
	case []string:
		return List(language, value)
	case fmt.Stringer: // id.ID and the like
		return value.String()
	}
	return plainValue(value)
}

// plainValue writes what has no form of its own: numbers and named strings.
func plainValue(value any) string {
	v := reflect.ValueOf(value)
	switch {
	case v.CanInt():
		return Number(v.Int())
	case v.CanUint():
		return grouped(v.Uint())
	}
	return fmt.Sprint(value)
}

// Number writes a whole number with Western digits and commas: 1,339.
func Number(n int64) string {
	if n < 0 {
		return minus + grouped(-uint64(n))
	}
	return grouped(uint64(n))
}

func grouped(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	var b strings.Builder
	for i := range len(digits) {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteByte(digits[i])
	}
	return b.String()
}

// Amount writes a sum in dinars: 1,250 or, where there are dirhams, 1,250.500.
// The currency's name belongs to the sentence around it.
func Amount(a money.Amount) string {
	sign, m := "", uint64(a)
	if a < 0 {
		sign, m = minus, -uint64(a)
	}
	text := sign + grouped(m/1000)
	if dirhams := m % 1000; dirhams != 0 {
		text += fmt.Sprintf(".%03d", dirhams)
	}
	return text
}

// List joins names with the language's comma.
func List(language Language, items []string) string {
	if language == English {
		return strings.Join(items, ", ")
	}
	return strings.Join(items, "، ")
}

var monthNames = map[Language][12]string{
	Arabic: {"يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو",
		"يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"},
	English: {"January", "February", "March", "April", "May", "June",
		"July", "August", "September", "October", "November", "December"},
}

// MonthName names a month, 1 to 12, by the names used in Libya (يناير, not
// كانون الثاني); empty for any other number.
func MonthName(language Language, month int) string {
	if month < 1 || month > 12 {
		return ""
	}
	if language != English {
		language = Arabic
	}
	return monthNames[language][month-1]
}

// Date writes a date in words, and no more of it than is known: 23 نوفمبر 2026,
// نوفمبر 2026, 2026; an unknown date says so.
func Date(language Language, d calendar.Date) string {
	year := strconv.Itoa(d.Year())
	switch d.Precision() {
	case calendar.PrecisionNone:
		return Say(language, "calendar.unknown")
	case calendar.PrecisionYear:
		return year
	case calendar.PrecisionMonth:
		return MonthName(language, d.Month()) + " " + year
	}
	return strconv.Itoa(d.DayOfMonth()) + " " + MonthName(language, d.Month()) + " " + year
}
