package registry

import (
	"slices"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Payee says where a member's money goes.
type Payee struct {
	Change
	Person     id.ID  `json:"person"`
	Account    string `json:"account,omitempty"`     // IBAN; empty: as it was
	OwnAccount Answer `json:"own_account,omitempty"` // whether she asks to be paid herself
}

// ChangePayee records a member's account, and whether she asks to be paid on it
// herself, which an adult may. The old account stays readable with its days.
func ChangePayee(tx *store.Tx, p Payee) (Changed, error) {
	e, m, err := life(tx, p.Change, p.Person)
	if err != nil {
		return Changed{}, err
	}
	if p.Account == "" && p.OwnAccount == NotSaid {
		e.wrong.Add("account", fault.Invalid("registry.account_needed"))
	}
	if p.Account != "" {
		account, err := ParseIBAN(TidyNumber(p.Account))
		e.wrong.Add("account", err)
		e.set(m, Account, TextValue(string(account)))
	}
	birth, _ := e.sheet.Now(m.Facts, Birth)
	if years, known := calendar.AgeOn(birth.Value.Date, tx.Today()); p.OwnAccount == Yes && known && years < adultAge {
		e.wrong.Add("own_account", fault.Invalid("registry.own_account_adult", "name", e.sheet.text(m, FullName)))
	}
	if p.OwnAccount != NotSaid {
		e.set(m, OwnAccount, TruthValue(p.OwnAccount == Yes))
	}
	return e.finish(PayeeChanged, p.Person)
}

// ChangeContact records the telephone by which an adult is reached safely;
// nothing about her goes to another number.
func ChangeContact(tx *store.Tx, c Change, person id.ID, phone string) (Changed, error) {
	e, m, err := life(tx, c, person)
	if err != nil {
		return Changed{}, err
	}
	number, err := ParsePhone(phone)
	e.wrong.Add("phone", err)
	e.set(m, Phone, TextValue(string(number)))
	return e.finish(ContactChanged, person)
}

// SafeContact is the telephone by which a member may be reached; empty where she
// gave none. It is never another member's.
func (s *Sheet) SafeContact(person id.ID) PhoneNumber {
	m := s.Member(person)
	if m == nil || s.dead(m) {
		return ""
	}
	return PhoneNumber(s.text(m, Phone))
}

// PaidTo is where money for a member can go.
type PaidTo struct {
	Person  id.ID
	Account IBAN // empty: none is known
	Own     bool // she asks to be paid herself
}

// Payees are the living members who have an account or ask to be paid
// themselves, in the order of the sheet.
func (s *Sheet) Payees() []PaidTo {
	var payees []PaidTo
	for i := range s.Members {
		m := &s.Members[i]
		p := PaidTo{Person: m.Person, Account: IBAN(s.text(m, Account)), Own: s.yes(m, OwnAccount)}
		if !s.dead(m) && (p.Account != "" || p.Own) {
			payees = append(payees, p)
		}
	}
	return payees
}

// DetermineCitizenship records what was settled of a member's nationality:
// libyan, foreign with its country, or undetermined.
func DetermineCitizenship(tx *store.Tx, c Change, person id.ID, citizenship, country string) (Changed, error) {
	e, m, err := life(tx, c, person)
	if err != nil {
		return Changed{}, err
	}
	e.wrong.Add("citizenship", checkCode(Citizenship, citizenship, true))
	e.set(m, Citizenship, TextValue(citizenship))
	if country = oneLine(country); country != "" {
		e.set(m, Country, TextValue(country))
	}
	return e.finish(CitizenshipSet, person)
}

// IssueNumber records a national number that a member did not have. One that she
// has is mended by Correct; one that another person has is accepted, and both
// branches are asked.
func IssueNumber(tx *store.Tx, c Change, person id.ID, number string) (Changed, error) {
	e, m, err := life(tx, c, person)
	if err != nil {
		return Changed{}, err
	}
	parsed, err := ParseNationalNumber(TidyNumber(number), tx.Today())
	e.wrong.Add("number", err)
	if had := e.sheet.text(m, NationalNumberFact); had != "" && had != string(parsed) {
		e.wrong.Add("number", fault.Conflict("registry.number_known"))
	}
	for i := range e.sheet.Members {
		if o := &e.sheet.Members[i]; o != m && parsed != "" && e.sheet.text(o, NationalNumberFact) == string(parsed) {
			e.wrong.Add("number", fault.Invalid("registry.number_twice_here", "name", e.sheet.text(o, FullName)))
		}
	}
	m.Facts = e.sheet.put(m.Facts, NationalNumberFact, TextValue(string(parsed)), calendar.Unknown, e.source)
	m.Facts = slices.DeleteFunc(m.Facts, func(f Fact) bool { return f.Name == UnreadNumber })
	said := NewMember{NationalNumber: string(parsed), Sex: Sex(e.sheet.text(m, SexFact))}
	birth, _ := e.sheet.Now(m.Facts, Birth)
	said.Birth = birth.Value.Date
	e.warnings = append(e.warnings, said.doubts(tx.Today())...)
	return e.finish(NumberIssued, person)
}
