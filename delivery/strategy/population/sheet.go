package population

import (
	"encoding/binary"

	"sanad/delivery/registry"
	"sanad/platform/id"
)

// Sheets turns invented households into sheets, one after the other in the same
// memory. It is used by one goroutine.
type Sheets struct {
	settings *Settings
	sheet    registry.Sheet
	facts    []registry.Fact
	source   []int
	buffer   []byte
	said     []said
}

// NewSheets makes sheets of a population's households.
func NewSheets(s *Settings) *Sheets { return &Sheets{settings: s, source: []int{0}} }

// Sheet is what a branch would know of the household, stated on the population's
// day; it is good until the next call. Its ids begin with zeros, as no real one's
// do.
func (s *Sheets) Sheet(h *Household) *registry.Sheet {
	sheet := &s.sheet
	*sheet = registry.Sheet{Household: householdID(h.Index), Version: 1, Branch: h.Branch, Sources: sheet.Sources[:0], Members: sheet.Members[:0]}
	sheet.Sources = append(sheet.Sources, registry.Source{Kind: registry.Stated, Body: h.Branch, Date: s.settings.Day})
	s.facts = s.facts[:0]
	sheet.Facts = s.since(0, func() {
		s.text(registry.Area, h.Area)
		s.text(registry.Mahalla, h.Mahalla)
		s.text(registry.Housing, h.Housing)
		s.text(registry.Displacement, h.Displacement)
		s.declared(s.settings.declaredOfHousehold(h, s.said[:0]))
	})
	for i := range h.Members {
		m := registry.Member{Person: sheet.Household.Next(uint64(i + 1))}
		m.Facts = s.since(len(s.facts), func() {
			s.person(&h.Members[i])
			s.declared(s.settings.declared(h, &h.Members[i], s.said[:0]))
		})
		sheet.Members = append(sheet.Members, m)
	}
	return sheet
}

// householdID is the id of an invented household; its members' are counted from
// it.
func householdID(index int) (n id.ID) {
	n[6], n[8] = 0x70, 0x80
	binary.BigEndian.PutUint32(n[9:], uint32(index)+1)
	return n
}

// since returns the facts that add adds. What grew out of its place lies in the
// new one.
func (s *Sheets) since(from int, add func()) []registry.Fact {
	add()
	return s.facts[from:len(s.facts):len(s.facts)]
}

func (s *Sheets) add(name registry.Name, value registry.Value) {
	s.facts = append(s.facts, registry.Fact{Name: name, Value: value, Sources: s.source})
}

func (s *Sheets) text(name registry.Name, text string) {
	if text != "" {
		s.add(name, registry.TextValue(text))
	}
}

// declared adds the facts that the country declares.
func (s *Sheets) declared(all []said) {
	for _, f := range all {
		if d := registry.Define(f.name); d != nil {
			s.add(f.name, f.value)
		}
	}
	s.said = all
}

// person adds what is known of one member. Names are left out: nothing that is
// decided or costed reads them.
func (s *Sheets) person(m *Person) {
	s.add(registry.Birth, registry.DateValue(m.Born))
	sex := registry.Male
	if m.Female {
		sex = registry.Female
	}
	s.text(registry.SexFact, string(sex))
	s.text(registry.Role, m.Role)
	s.text(registry.MaritalStatus, m.Marital)
	s.text(registry.Citizenship, m.citizenship())
	s.add(registry.Death, registry.NoDate)
	if m.Died != 0 {
		s.facts[len(s.facts)-1].Value = registry.DateValue(m.Died)
	}
	if m.Abroad != 0 {
		s.add(registry.AbroadSince, registry.DateValue(m.Abroad))
	}
	s.add(registry.Wage, registry.TruthValue(m.Salaried && m.Job != "pensioner"))
	s.add(registry.ContributoryPay, registry.TruthValue(m.Job == "pensioner"))
	for _, name := range []registry.Name{registry.SurvivorsPay, registry.BasicPension, registry.Allowance, registry.Stipend} {
		s.add(name, registry.TruthValue(false))
	}
	s.text(registry.Job, m.Job)
	if m.Income > 0 {
		s.add(registry.Income, registry.NumberValue(int64(m.Income)))
	}
	s.text(registry.Disability, m.Disability)
	if m.Number != 0 {
		s.buffer = appendDigits(s.buffer[:0], m.Number, 12)
		s.text(registry.NationalNumberFact, string(s.buffer))
	}
	if m.Account != 0 {
		s.buffer = AppendIBAN(s.buffer[:0], m.Account)
		s.text(registry.Account, string(s.buffer))
	}
}
