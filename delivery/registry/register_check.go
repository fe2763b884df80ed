package registry

import (
	"slices"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/names"
)

// Check refuses what cannot be recorded, with one fault per field: "area",
// "members", "members[0].birth". Warnings, with fields of the same form, are
// what may be right and should be looked at again: nobody is turned away for
// them. What people type is tidied first: blanks, Eastern digits, spaces in
// numbers.
func (h *NewHousehold) Check(today calendar.Date) (warnings []*fault.Fault, err error) {
	var wrong fault.List
	h.tidy()
	if h.Area == "" {
		wrong.Add("area", fault.Invalid("registry.area_needed"))
	}
	wrong.Add("evidence", h.Evidence.check(today))
	wrong.Add("members", h.checkHead())
	h.Facts.check(&wrong, true, today)
	for i := range h.Members {
		more, refused := h.Members[i].Check(today)
		for _, w := range more {
			warnings = append(warnings, w.At(memberField(i, w.Field)))
		}
		if f := fault.Of(refused); f != nil {
			for _, field := range f.Fields {
				wrong.Add(memberField(i, field.Field), field)
			}
		}
		warnings = append(warnings, h.checkBonds(i, &wrong)...)
	}
	h.checkNumbers(&wrong)
	return warnings, wrong.Err()
}

func (h *NewHousehold) tidy() {
	h.Branch, h.Area = strings.TrimSpace(h.Branch), strings.TrimSpace(h.Area)
	h.Mahalla, h.Housing = oneLine(h.Mahalla), oneLine(h.Housing)
	for i := range h.Members {
		h.Members[i].tidy()
	}
}

func (n *NewMember) tidy() {
	for _, text := range []*string{&n.Name, &n.MotherName, &n.Job, &n.AdministrativeNo, &n.RegistrationNo, &n.Passport} {
		*text = oneLine(*text)
	}
	n.NationalNumber = TidyNumber(n.NationalNumber)
	n.Account = TidyNumber(n.Account)
	n.Phone = TidyNumber(n.Phone)
	if phone, err := ParsePhone(n.Phone); err == nil {
		n.Phone = string(phone)
	}
	if account, err := ParseIBAN(n.Account); err == nil {
		n.Account = string(account)
	}
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// TidyNumber takes blanks out of a number and reads Eastern digits.
func TidyNumber(text string) string {
	return strings.Map(func(c rune) rune {
		switch {
		case c >= '٠' && c <= '٩':
			return '0' + c - '٠'
		case c >= '۰' && c <= '۹':
			return '0' + c - '۰'
		case c == ' ' || c == '\u00a0' || c == '\u200f' || c == '\u200e':
			return -1
		}
		return c
	}, strings.TrimSpace(text))
}

// checkHead wants one head, or a guardian where children have nobody else.
func (h *NewHousehold) checkHead() error {
	heads, guardians := 0, 0
	for i := range h.Members {
		switch h.Members[i].Role {
		case "head":
			heads++
		case "guardian":
			guardians++
		}
	}
	switch {
	case len(h.Members) == 0:
		return fault.Invalid("registry.members_needed")
	case heads > 1:
		return fault.Invalid("registry.one_head")
	case heads+guardians == 0:
		return fault.Invalid("registry.head_needed")
	}
	return nil
}

// checkNumbers refuses one national number for two members of one family: that
// is a slip of the pen, not a queue.
func (h *NewHousehold) checkNumbers(wrong *fault.List) {
	for i := range h.Members {
		for j := range h.Members[:i] {
			if n := h.Members[i].NationalNumber; n != "" && n == h.Members[j].NationalNumber {
				wrong.Add(memberField(i, "national_number"), fault.Invalid("registry.number_twice_here", "name", h.Members[j].Name))
			}
		}
	}
}

// checkBonds refuses ties to nobody or to oneself, and a father who is a woman;
// ages that hardly can be are warnings.
func (h *NewHousehold) checkBonds(place int, wrong *fault.List) (warnings []*fault.Fault) {
	n := &h.Members[place]
	tie := func(field string, to int, sex Sex, parent bool) {
		name := memberField(place, field)
		switch {
		case to == 0:
		case to < 0 || to > len(h.Members):
			wrong.Add(name, fault.Invalid("registry.no_such_member"))
		case to == place+1:
			wrong.Add(name, fault.Invalid("registry.tie_to_self"))
		case sex != "" && h.Members[to-1].Sex != "" && h.Members[to-1].Sex != sex:
			wrong.Add(name, fault.Invalid("registry.parent_sex", "name", h.Members[to-1].Name))
		case parent:
			if w := checkParentAge(h.Members[to-1].Birth, n.Birth, h.Members[to-1].Name); w != nil {
				warnings = append(warnings, w.At(name))
			}
		}
	}
	tie("father", n.Father, Male, true)
	tie("mother", n.Mother, Female, true)
	tie("custodian", n.Custodian, "", false)
	tie("guardian", n.Guardian, "", false)
	for _, spouse := range n.Spouses {
		tie("spouses", spouse, "", false)
	}
	return warnings
}

// youngestParent is the age below which a parent's birth is looked at again.
const youngestParent = 13

func checkParentAge(parent, child calendar.Date, name string) *fault.Fault {
	years, known := calendar.AgeOn(parent, child)
	if known && years < youngestParent || parent != calendar.Unknown && child != calendar.Unknown && !known && parent.First() > child.Last() {
		return fault.Invalid("registry.warning_parent_age", "name", name, "years", years)
	}
	return nil
}

// Check refuses what cannot be recorded of one person, by the fields' names in
// JSON; see NewHousehold.Check.
func (n *NewMember) Check(today calendar.Date) (warnings []*fault.Fault, err error) {
	n.tidy()
	var wrong fault.List
	if names.Light(n.Name) == "" {
		wrong.Add("name", fault.Invalid("registry.name_needed"))
	} else if len(names.Of(n.Name).All) < 3 {
		warnings = append(warnings, fault.Invalid("registry.warning_short_name").At("name"))
	}
	wrong.Add("role", checkCode(Role, n.Role, true))
	wrong.Add("sex", checkCode(SexFact, string(n.Sex), false))
	wrong.Add("marital_status", checkCode(MaritalStatus, n.MaritalStatus, false))
	wrong.Add("citizenship", checkCode(Citizenship, n.Citizenship, false))
	for _, said := range n.answers() {
		if said.answer != NotSaid && said.answer != Yes && said.answer != No {
			wrong.Add(string(said.name), fault.Invalid("registry.answer_unread"))
		}
	}
	n.Facts.check(&wrong, false, today)
	wrong.Add("evidence", n.Evidence.check(today))
	n.checkDates(today, &wrong)
	n.checkNumbers(today, &wrong)
	return append(warnings, n.doubts(today)...), wrong.Err()
}

func (n *NewMember) checkDates(today calendar.Date, wrong *fault.List) {
	wrong.Add("birth", checkDay(n.Birth, calendar.Unknown, today))
	if n.Dead {
		wrong.Add("death", checkDay(n.Death, n.Birth, today))
	}
	if n.Abroad {
		wrong.Add("abroad_since", checkDay(n.AbroadSince, n.Birth, today))
	}
}

// checkDay refuses a day of the future, one before the person's birth, and one
// that the calendar does not have.
func checkDay(on, birth, today calendar.Date) error {
	switch {
	case on == calendar.Unknown:
		return nil
	case !on.Valid():
		return fault.Invalid("registry.day_impossible")
	case on.First() > today:
		return fault.Invalid("registry.day_in_future")
	case birth != calendar.Unknown && birth.Valid() && on.Last() < birth.First():
		return fault.Invalid("registry.day_before_birth", "birth", birth)
	}
	return nil
}

func (n *NewMember) checkNumbers(today calendar.Date, wrong *fault.List) {
	if n.NationalNumber != "" {
		_, err := ParseNationalNumber(n.NationalNumber, today)
		wrong.Add("national_number", err)
	}
	if n.Account != "" {
		_, err := ParseIBAN(n.Account)
		wrong.Add("account", err)
	}
	if n.Phone != "" {
		_, err := ParsePhone(n.Phone)
		wrong.Add("phone", err)
	}
}

// oldest is the age above which a birth is looked at again.
const oldest = 110

// doubts are what may be right and hardly is.
func (n *NewMember) doubts(today calendar.Date) (warnings []*fault.Fault) {
	if n.Birth.Valid() {
		if years, known := calendar.AgeOn(n.Birth, today); known && years > oldest && !n.Dead {
			warnings = append(warnings, fault.Invalid("registry.warning_age", "years", years).At("birth"))
		}
	}
	number, err := ParseNationalNumber(n.NationalNumber, today)
	if err != nil {
		return warnings
	}
	if n.Sex != "" && n.Sex != number.Sex() {
		warnings = append(warnings, fault.Invalid("registry.warning_number_sex").At("national_number"))
	}
	if n.Birth != calendar.Unknown && n.Birth.Year() != number.BirthYear() {
		warnings = append(warnings, fault.Invalid("registry.warning_number_year", "year", string(number[1:5])).At("national_number"))
	}
	return warnings
}

func checkCode(name Name, code string, needed bool) error {
	switch {
	case code == "" && needed:
		return fault.Invalid("registry.choose_one")
	case code != "" && !slices.Contains(Define(name).Codes, code):
		return fault.Invalid("registry.code_unknown", "code", code)
	}
	return nil
}

func (e Evidence) check(today calendar.Date) error {
	switch {
	case e.Kind > Confirmed:
		return fault.Invalid("registry.source_unknown")
	case e.Kind == Documented && oneLine(e.Document) == "":
		return fault.Invalid("registry.document_needed")
	}
	return checkDay(e.Date, calendar.Unknown, today)
}
