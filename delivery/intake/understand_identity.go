package intake

import (
	"strconv"
	"strings"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/text"
)

// nationalNumber reads the number that decides who a person is. A number that
// the file itself has destroyed (2.20209E+11) is dropped with a warning: the
// person stays, without number yet. A number that is written in full and
// cannot be one is refused: keeping it would make a stranger of a neighbour.
func (u *understanding) nationalNumber() {
	raw, tidied := u.raw(NationalNumber)
	field := registryNumber{Raw: raw}
	defer func() { u.row.NationalNumber = field }()
	if tidied == "" {
		return
	}
	digits, ok := numberDigits(tidied)
	switch {
	case !ok && destroyed(tidied):
		u.note(Warning, NationalNumber, raw, "intake.national_number_unrecoverable")
		return
	case !ok && countDigits(tidied) < 8:
		u.note(Warning, NationalNumber, raw, "intake.national_number_other")
		return
	case len(digits) == 12 && strings.HasSuffix(digits, "000000"):
		u.note(Warning, NationalNumber, raw, "intake.national_number_unrecoverable")
		return
	}
	number, err := registry.ParseNationalNumber(digits, u.asOf)
	if err != nil {
		f := fault.Of(err)
		u.note(Rejected, NationalNumber, raw, f.Key, f.Args...)
		return
	}
	field.Value, field.Known = number, true
}

type registryNumber = Field[registry.NationalNumber]

// numberDigits takes away what people and programs put around and into a number:
// spaces, dashes, points, a leading apostrophe, a fraction of zeros, and the
// scientific notation where it still has every digit. False where anything else
// remains, with the text as it came.
func numberDigits(written string) (string, bool) {
	if strings.ContainsAny(written, "eE") {
		return wholeScientific(written)
	}
	bare := decimalPoint.Replace(written)
	if at := strings.LastIndexByte(bare, '.'); at >= 0 && strings.Trim(bare[at+1:], "0") == "" && countDigits(bare) != 12 {
		bare = bare[:at]
	}
	var b strings.Builder
	for _, r := range bare {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case strings.ContainsRune(" -'/’._–", r):
		default:
			return written, false
		}
	}
	return b.String(), b.Len() > 0
}

// decimalPoint is the sign of any keyboard.
var decimalPoint = strings.NewReplacer(",", ".", "٫", ".")

// wholeScientific resolves 1.19729818469E+11, whose digits are all there.
func wholeScientific(written string) (string, bool) {
	mantissa, exponent, ok := scientific(decimalPoint.Replace(written))
	if !ok {
		return written, false
	}
	digits, point := pointed(mantissa)
	if point += exponent; point != len(digits) {
		return written, false
	}
	return digits, true
}

// destroyed reports scientific notation that lost digits.
func destroyed(written string) bool {
	_, exponent, ok := scientific(decimalPoint.Replace(written))
	return ok && exponent > 0
}

func countDigits(written string) int {
	count := 0
	for _, c := range []byte(written) {
		if c >= '0' && c <= '9' {
			count++
		}
	}
	return count
}

// birth reads the date of birth. A birth after the day of the list is refused;
// one that is missing or unreadable is unknown, but for the year that the
// national number carries, which is a guess and shown as one.
func (u *understanding) birth() {
	field := u.date(Birth)
	if field.Known && field.Value.First() > u.asOf.Last() {
		u.note(Rejected, Birth, field.Raw, "intake.birth_in_future", "date", field.Value)
		field.Known, field.Value = false, calendar.Unknown
		u.row.Birth = field
		return
	}
	number := u.row.NationalNumber.Value.BirthYear()
	switch {
	case field.Known && number != 0 && field.Value.Year() != number:
		u.note(Warning, NationalNumber, u.row.NationalNumber.Raw, "intake.birth_disagrees", "year", strconv.Itoa(field.Value.Year()), "number", strconv.Itoa(number))
	case !field.Known && number != 0:
		field.Value, field.Known = calendar.Of(number, 0, 0), true
		u.note(Warning, Birth, field.Raw, "intake.birth_from_number", "year", strconv.Itoa(number))
	case field.Raw == "":
		u.note(Warning, Birth, "", "intake.no_birth")
	}
	u.row.Birth = field
}

// date reads a cell that a spreadsheet may hold as a day count.
func (u *understanding) date(meaning Meaning) Field[calendar.Date] {
	raw, tidied := u.raw(meaning)
	field := Field[calendar.Date]{Raw: raw}
	if tidied == "" {
		return field
	}
	kind := u.columns.cell(u.record, meaning).Kind
	var date calendar.Date
	var reading calendar.Reading
	switch {
	case kind == CellNumber || kind == CellDate:
		date, reading = calendar.FromSerial(tidied)
	case len(tidied) == 5 && countDigits(tidied) == 5:
		if date, reading = calendar.FromSerial(tidied); reading.Exact() {
			reading = calendar.Reading{Key: "intake.date_from_serial", Args: []any{"text", raw, "date", date}}
		}
	default:
		date, reading = calendar.Read(tidied)
	}
	if !reading.Exact() {
		u.note(Warning, meaning, raw, reading.Key, reading.Args...)
	}
	if reading.Refused || date == calendar.Unknown || !date.Valid() {
		return field
	}
	if kind == CellNumber || kind == CellDate {
		field.Raw = date.String() // the clerk sees a date, not its day count
	}
	field.Value, field.Known = date, true
	return field
}

// sex reads the sex, or deduces it from the number or the role: a guess that is
// shown. A disagreement is for the branch to clear; what is written stays.
func (u *understanding) sex() {
	field, term := u.term(Sex)
	r := u.row
	r.Sex = Field[registry.Sex]{Raw: field.Raw, Value: registry.Sex(term.Code), Known: field.Known}
	byNumber := r.NationalNumber.Value.Sex()
	switch {
	case !r.Sex.Known && byNumber != "":
		u.deduced(byNumber, NationalNumber)
	case !r.Sex.Known && r.RoleSex != "":
		u.deduced(r.RoleSex, Role)
	case !r.Sex.Known:
		u.note(Warning, Sex, field.Raw, "intake.no_sex")
	case byNumber != "" && byNumber != r.Sex.Value:
		u.note(Warning, Sex, field.Raw, "intake.sex_disagrees", "other", u.column(NationalNumber))
	case r.RoleSex != "" && r.RoleSex != r.Sex.Value:
		u.note(Warning, Sex, field.Raw, "intake.sex_disagrees", "other", u.column(Role))
	}
}

func (u *understanding) deduced(sex registry.Sex, from Meaning) {
	u.row.Sex.Value, u.row.Sex.Known = sex, true
	u.note(Warning, Sex, u.row.Sex.Raw, "intake.sex_deduced", "sex", text.Key("intake.sex_"+string(sex)), "from", u.column(from))
}
