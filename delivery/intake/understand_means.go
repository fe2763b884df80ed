package intake

import (
	"regexp"
	"strings"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
)

// salary reads whether a person has a salary. Lists mark it with x and leave the
// others empty, so an empty cell is "no", unless the work that stands beside it
// is paid: then nobody knows.
func (u *understanding) salary() {
	job, work := u.term(Job)
	mark, answer := u.term(HasSalary)
	u.row.Job = job
	field := Field[bool]{Raw: mark.Raw, Value: answer.Code == "yes", Known: mark.Known}
	_, column := u.columns.at[HasSalary]
	switch {
	case mark.Known && work.Salaried != "" && work.Salaried != answer.Code:
		u.note(Warning, HasSalary, mark.Raw, "intake.salary_disagrees", "work", job.Raw)
	case mark.Known || !column:
	case mark.Raw != "" && !u.columns.mapping.isNothing(tidy(mark.Raw)):
		// an unknown word, already noted: neither yes nor no
	case work.Salaried == "yes":
		u.note(Warning, HasSalary, mark.Raw, "intake.salary_missing", "work", job.Raw)
	case work.Salaried == "no":
		field.Known = true
	default:
		field.Known = true
		u.note(Warning, HasSalary, mark.Raw, "intake.salary_empty")
	}
	u.row.HasSalary = field
}

func (u *understanding) income() {
	raw, tidied := u.raw(Income)
	field := Field[money.Amount]{Raw: raw}
	if tidied != "" {
		amount, reading := money.Parse(tidied)
		if !reading.Exact() {
			u.note(Warning, Income, raw, reading.Key, reading.Args...)
		}
		field.Value, field.Known = amount, !reading.Refused
	}
	u.row.Income = field
}

// phone reads a number of Libya's plan into E.164. Where several are written,
// the first that is one counts.
func (u *understanding) phone() {
	raw, tidied := u.raw(Phone)
	field := Field[string]{Raw: raw}
	if tidied != "" {
		field.Value, field.Known = libyanPhone(tidied)
		if !field.Known {
			u.firstPhone(&field, raw)
		}
	}
	u.row.Phone = field
}

// firstPhone looks for a number among several.
func (u *understanding) firstPhone(field *Field[string], raw string) {
	parts := strings.FieldsFunc(raw, func(r rune) bool { return strings.ContainsRune("/\\,،;؛|\n", r) })
	for _, part := range parts {
		if number, ok := libyanPhone(tidy(part)); ok && len(parts) > 1 {
			field.Value, field.Known = number, true
			u.note(Warning, Phone, raw, "intake.phone_first", "phone", number)
			return
		}
	}
	u.note(Warning, Phone, raw, "intake.phone_unreadable")
}

// libyanPhone reads 0912345678, 912345678, 00218…, 218…, +218… with spaces and
// dashes anywhere: mobile numbers are 91 to 96 and seven digits, lines of towns
// 2 to 8 and seven or eight digits.
func libyanPhone(written string) (string, bool) {
	var b strings.Builder
	for i, r := range written {
		switch {
		case r >= '0' && r <= '9':
			b.WriteRune(r)
		case r == '+' && i == 0, strings.ContainsRune(" -.()'", r):
		default:
			return "", false
		}
	}
	digits := strings.TrimPrefix(b.String(), "00")
	if len(digits) > 10 {
		digits = strings.TrimPrefix(digits, "218")
	}
	digits = strings.TrimPrefix(digits, "0")
	mobile := len(digits) == 9 && digits[0] == '9' && digits[1] >= '1' && digits[1] <= '6'
	town := (len(digits) == 8 || len(digits) == 9) && digits[0] >= '2' && digits[0] <= '8'
	if !mobile && !town {
		return "", false
	}
	return "+218" + digits, true
}

// ibanLabel is what is written in front of an account: "IBAN: LY…".
var ibanLabel = regexp.MustCompile(`(?i)^iban[ :.#-]*|^[اآ]يبان[ :.#-]*`)

// iban reads the account; one that cannot be right is left out with a warning,
// so that what is due waits for an account and nobody else is paid.
func (u *understanding) iban() {
	raw, tidied := u.raw(IBAN)
	field := Field[registry.IBAN]{Raw: raw}
	if tidied != "" {
		account, err := registry.ParseIBAN(ibanLabel.ReplaceAllString(tidied, ""))
		if f := fault.Of(err); f != nil {
			u.note(Warning, IBAN, raw, f.Key, f.Args...)
		}
		field.Value, field.Known = account, err == nil
	}
	u.row.IBAN = field
}

func (u *understanding) death() { u.row.Death = u.pastDate(Death) }

func (u *understanding) abroad() { u.row.AbroadSince = u.pastDate(AbroadSince) }

// pastDate reads the date of something that has happened: not after the day of
// the list, and not before the person's birth.
func (u *understanding) pastDate(meaning Meaning) Field[calendar.Date] {
	field := u.date(meaning)
	if !field.Known {
		return field
	}
	switch birth := u.row.Birth; {
	case field.Value.First() > u.asOf.Last():
		u.note(Warning, meaning, field.Raw, "intake.date_in_future", "date", field.Value)
	case birth.Known && field.Value.Before(birth.Value) == calendar.Yes:
		u.note(Warning, meaning, field.Raw, "intake.date_before_birth", "date", field.Value, "birth", birth.Value)
	default:
		return field
	}
	return Field[calendar.Date]{Raw: field.Raw}
}
