package registry

import (
	"sanad/platform/calendar"
	"sanad/platform/fault"
)

// NationalNumber is the number that Law 8 of 2014, article 2, gives every
// Libyan at birth: twelve digits; the first is the sex (1 male, 2 female), the
// next four the year of birth, then a serial of six within that year and sex,
// and a check digit whose arithmetic is not published. The zero value is none:
// many have no number yet, and that is no fault of theirs.
type NationalNumber string

// Sex is male or female as the civil registry records it; empty is unknown.
type Sex string

// The sexes that the civil registry records.
const (
	Male   Sex = "male"
	Female Sex = "female"
)

// FirstNumberedYear is the earliest year of birth that a number can carry.
const FirstNumberedYear = 1880

// NumberRule is what can be demanded of a national number on a day.
type NumberRule struct {
	// Today bounds the year of birth.
	Today calendar.Date
	// CheckDigit reports whether the last digit agrees with the others. Nil
	// while its arithmetic is not published: then any digit is good.
	CheckDigit func(NationalNumber) bool
}

// ParseNationalNumber reads a number by the rule of the law alone, without
// check digit. See NumberRule.Parse.
func ParseNationalNumber(text string, today calendar.Date) (NationalNumber, error) {
	return NumberRule{Today: today}.Parse(text)
}

// Parse accepts exactly twelve Western digits that can be a number today. Its
// faults are "registry.national_number_digits" (something else than digits),
// "registry.national_number_length", "registry.national_number_first" (not 1
// or 2), "registry.national_number_year" and "registry.national_number_check".
// That the number disagrees with a stated sex or birth is not a fault: clerks
// err on either side.
func (r NumberRule) Parse(text string) (NationalNumber, error) {
	for i := 0; i < len(text); i++ {
		if text[i] < '0' || text[i] > '9' {
			return "", fault.Invalid("registry.national_number_digits")
		}
	}
	if len(text) != 12 {
		return "", fault.Invalid("registry.national_number_length", "count", len(text))
	}
	number := NationalNumber(text)
	switch year := number.BirthYear(); {
	case text[0] != '1' && text[0] != '2':
		return "", fault.Invalid("registry.national_number_first", "digit", text[:1])
	case year < FirstNumberedYear || year > r.Today.Year():
		return "", fault.Invalid("registry.national_number_year", "year", text[1:5])
	case r.CheckDigit != nil && !r.CheckDigit(number):
		return "", fault.Invalid("registry.national_number_check")
	}
	return number, nil
}

// Sex is the sex that the number carries; empty for none.
func (n NationalNumber) Sex() Sex {
	switch {
	case n == "":
		return ""
	case n[0] == '1':
		return Male
	}
	return Female
}

// BirthYear is the year of birth that the number carries; 0 for none.
func (n NationalNumber) BirthYear() int {
	if len(n) < 5 {
		return 0
	}
	year := 0
	for _, digit := range []byte(n[1:5]) {
		year = year*10 + int(digit-'0')
	}
	return year
}
