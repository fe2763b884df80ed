// Package calendar keeps what is really known of a date. Many people know the
// year of their birth and not the day; a system that invents the first of
// January for them would end a child's grant on a guess. So a date here carries
// its precision, and a comparison that the missing part could turn either way
// answers "unknown".
package calendar

import (
	"fmt"
	"time"
)

// Date is a Gregorian date of day, month or year precision, or unknown: the
// decimal digits YYYYMMDD with zeros for what is not known (19770821, 19770800,
// 19770000, 0). Dates of different precision must be compared with Before,
// never with <.
type Date int32

// Unknown is the date of which nothing is known.
const Unknown Date = 0

// Precision says how much of a date is known.
type Precision uint8

// The precisions, least first.
const (
	PrecisionNone Precision = iota
	PrecisionYear
	PrecisionMonth
	PrecisionDay
)

// Of returns a date from its parts; zero month or day for what is unknown.
// It does not check: see Valid.
func Of(year, month, day int) Date { return Date(year*10000 + month*100 + day) }

// Day returns the date of a moment in Africa/Tripoli (UTC+2, no summer time).
func Day(t time.Time) Date {
	t = t.UTC().Add(2 * time.Hour)
	return Of(t.Year(), int(t.Month()), t.Day())
}

// Year is the Gregorian year, zero where it is unknown.
func (d Date) Year() int { return int(d) / 10000 }

// Month is 1 to 12, zero where it is unknown.
func (d Date) Month() int { return int(d) / 100 % 100 }

// DayOfMonth is 1 to 31, zero where it is unknown.
func (d Date) DayOfMonth() int { return int(d) % 100 }

// Precision tells how much of d is known.
func (d Date) Precision() Precision {
	switch {
	case d == 0:
		return PrecisionNone
	case d.Month() == 0:
		return PrecisionYear
	case d.DayOfMonth() == 0:
		return PrecisionMonth
	}
	return PrecisionDay
}

// Valid reports whether d is Unknown or a real date of its precision between
// the years 1800 and 9999.
func (d Date) Valid() bool {
	if d == Unknown {
		return true
	}
	y, m, day := d.Year(), d.Month(), d.DayOfMonth()
	if y < 1800 || y > 9999 || m > 12 || (m == 0 && day != 0) {
		return false
	}
	return day == 0 || day <= DaysIn(y, m)
}

// DaysIn returns the number of days of a month, 0 for a month that is not one.
func DaysIn(year, month int) int {
	switch month {
	case 1, 3, 5, 7, 8, 10, 12:
		return 31
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 0
}

// First returns the earliest day that d may mean; d must not be Unknown.
func (d Date) First() Date { return Of(d.Year(), max(d.Month(), 1), max(d.DayOfMonth(), 1)) }

// Last returns the latest day that d may mean; d must not be Unknown.
func (d Date) Last() Date {
	month := d.Month()
	if month == 0 {
		month = 12
	}
	day := d.DayOfMonth()
	if day == 0 {
		day = DaysIn(d.Year(), month)
	}
	return Of(d.Year(), month, day)
}

// String is the ISO 8601 form of d's precision: 1977-08-21, 1977-08, 1977, or
// nothing for Unknown.
func (d Date) String() string {
	switch d.Precision() {
	case PrecisionYear:
		return fmt.Sprintf("%04d", d.Year())
	case PrecisionMonth:
		return fmt.Sprintf("%04d-%02d", d.Year(), d.Month())
	case PrecisionDay:
		return fmt.Sprintf("%04d-%02d-%02d", d.Year(), d.Month(), d.DayOfMonth())
	}
	return ""
}

// Before answers whether d lies before other: Maybe where either is unknown or
// their precision lets it go both ways.
func (d Date) Before(other Date) Truth {
	if d == Unknown || other == Unknown {
		return Maybe
	}
	switch {
	case d.Last() < other.First():
		return Yes
	case d.First() >= other.Last():
		return No
	}
	return Maybe
}

// After answers whether d lies after other, as Before does.
func (d Date) After(other Date) Truth { return other.Before(d) }
