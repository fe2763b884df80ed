package calendar

import (
	"fmt"

	"sanad/platform/fault"
)

// Month is a calendar month, for which a grant is decided: the decimal digits
// YYYYMM. The zero Month is none. Months compare with < and ==.
type Month int32

// Quarter is three months that are paid together: year and number, YYYYQ. The
// zero Quarter is none. Quarters compare with < and ==.
type Quarter int32

// MonthOf returns a month from its parts. It does not check: see Valid.
func MonthOf(year, month int) Month { return Month(year*100 + month) }

// ParseMonth reads "2026-10". Anything else is the fault "calendar.not_a_month".
func ParseMonth(text string) (Month, error) {
	d, err := Parse(text)
	if err != nil || d.Precision() != PrecisionMonth {
		return 0, fault.Invalid("calendar.not_a_month", "text", text)
	}
	return MonthOf(d.Year(), d.Month()), nil
}

// InMonth returns the month that d lies in; false where it is not known.
func (d Date) InMonth() (Month, bool) {
	if d.Precision() < PrecisionMonth {
		return 0, false
	}
	return MonthOf(d.Year(), d.Month()), true
}

// Year is the Gregorian year of the month.
func (m Month) Year() int { return int(m) / 100 }

// Number is the month within its year, 1 to 12.
func (m Month) Number() int { return int(m) % 100 }

// Valid reports whether m is a month of the years 1800 to 9999.
func (m Month) Valid() bool { return m.Number() >= 1 && Of(m.Year(), m.Number(), 0).Valid() }

// First returns the first day of the month.
func (m Month) First() Date { return Of(m.Year(), m.Number(), 1) }

// Last returns the last day of the month, 28 to 31.
func (m Month) Last() Date { return Of(m.Year(), m.Number(), DaysIn(m.Year(), m.Number())) }

// Date returns the month as a date of month precision.
func (m Month) Date() Date { return Of(m.Year(), m.Number(), 0) }

// Add returns the month so many months later, earlier for a negative count.
func (m Month) Add(months int) Month {
	d := shiftMonths(m.Date(), months)
	return MonthOf(d.Year(), d.Month())
}

// Next returns the month after m.
func (m Month) Next() Month { return m.Add(1) }

// Previous returns the month before m.
func (m Month) Previous() Month { return m.Add(-1) }

// Quarter returns the quarter that the month is paid in.
func (m Month) Quarter() Quarter { return QuarterOf(m.Year(), (m.Number()+2)/3) }

// String is the ISO 8601 form, 2026-10; empty for none.
func (m Month) String() string { return m.Date().String() }

// MarshalText writes the form of String.
func (m Month) MarshalText() ([]byte, error) { return []byte(m.String()), nil }

// UnmarshalText reads the form of String; empty is none.
func (m *Month) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*m = 0
		return nil
	}
	*m, err = ParseMonth(string(text))
	return err
}

// QuarterOf returns a quarter from its parts. It does not check: see Valid.
func QuarterOf(year, number int) Quarter { return Quarter(year*10 + number) }

// ParseQuarter reads "2026-Q4". Anything else is the fault
// "calendar.not_a_quarter".
func ParseQuarter(text string) (Quarter, error) {
	if len(text) == 7 && text[4:6] == "-Q" && text[6] >= '1' && text[6] <= '4' {
		year, ok := digits(text[:4])
		if q := QuarterOf(year, int(text[6]-'0')); ok && q.Valid() {
			return q, nil
		}
	}
	return 0, fault.Invalid("calendar.not_a_quarter", "text", text)
}

// Year is the Gregorian year of the quarter.
func (q Quarter) Year() int { return int(q) / 10 }

// Number is the quarter within its year, 1 to 4.
func (q Quarter) Number() int { return int(q) % 10 }

// Valid reports whether q is a quarter of the years 1800 to 9999.
func (q Quarter) Valid() bool {
	return q.Number() >= 1 && q.Number() <= 4 && Of(q.Year(), 0, 0).Valid() && q.Year() > 0
}

// Months returns the three months, in order.
func (q Quarter) Months() [3]Month {
	first := MonthOf(q.Year(), q.Number()*3-2)
	return [3]Month{first, first + 1, first + 2}
}

// First returns the first day of the quarter.
func (q Quarter) First() Date { return q.Months()[0].First() }

// Last returns the last day of the quarter.
func (q Quarter) Last() Date { return q.Months()[2].Last() }

// Next returns the quarter after q.
func (q Quarter) Next() Quarter { return q.Months()[2].Next().Quarter() }

// Previous returns the quarter before q.
func (q Quarter) Previous() Quarter { return q.Months()[0].Previous().Quarter() }

// String is 2026-Q4; empty for none.
func (q Quarter) String() string {
	if q == 0 {
		return ""
	}
	return fmt.Sprintf("%04d-Q%d", q.Year(), q.Number())
}

// MarshalText writes the form of String.
func (q Quarter) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText reads the form of String; empty is none.
func (q *Quarter) UnmarshalText(text []byte) (err error) {
	if len(text) == 0 {
		*q = 0
		return nil
	}
	*q, err = ParseQuarter(string(text))
	return err
}
