package registry

import (
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// NewChild is a child born into a household on the day of its Change.
type NewChild struct {
	Change
	Name           string `json:"name"`
	Sex            Sex    `json:"sex"`
	Mother         id.ID  `json:"mother,omitzero"` // zero: not in this family
	Father         id.ID  `json:"father,omitzero"`
	Role           string `json:"role,omitempty"` // empty: as it follows from the parents
	NationalNumber string `json:"national_number,omitempty"`
	Citizenship    string `json:"citizenship,omitempty"`
}

// RecordBirth adds a child to the household in which it lives.
func RecordBirth(tx *store.Tx, b NewChild) (Changed, error) {
	e, err := begin(tx, access.RecordLifeEvent, b.Change)
	if err != nil {
		return Changed{}, err
	}
	father, mother := e.parent(b.Father, "father", Male, b), e.parent(b.Mother, "mother", Female, b)
	if b.Role == "" {
		b.Role = e.childRole(b.Sex, father, mother)
	}
	if !b.On.Valid() || b.On == 0 {
		e.wrong.Add("date", fault.Invalid("registry.day_needed"))
	}
	child := NewMember{Name: b.Name, Role: b.Role, Sex: b.Sex, Birth: b.On, NationalNumber: b.NationalNumber, Citizenship: b.Citizenship}
	m := e.add(child)
	for name, parent := range map[Name]*Member{Father: father, Mother: mother} {
		if parent != nil {
			m.Facts = append(m.Facts, Fact{Name: name, Value: PersonValue(parent.Person), Sources: []int{e.source}})
		}
	}
	sortFacts(m.Facts)
	person := m.Person
	e.sheet.Members = append(e.sheet.Members, *m)
	return e.finish(Born, person)
}

// add checks a new person and returns her as a member, not yet on the sheet.
func (e *edit) add(n NewMember) *Member {
	warnings, refused := n.Check(e.tx.Today())
	e.warnings = append(e.warnings, warnings...)
	if f := fault.Of(refused); f != nil {
		for _, field := range f.Fields {
			e.wrong.Add(field.Field, field)
		}
	}
	m := &Member{Person: e.tx.NewID()}
	b := builder{member: m, source: e.source}
	b.person(&n)
	sortFacts(m.Facts)
	return m
}

func (e *edit) parent(person id.ID, field string, sex Sex, b NewChild) *Member {
	if person.IsZero() {
		return nil
	}
	m := e.member(person, field)
	if m == nil {
		return nil
	}
	if known := e.sheet.text(m, SexFact); known != "" && Sex(known) != sex {
		e.wrong.Add(field, fault.Invalid("registry.parent_sex", "name", e.sheet.text(m, FullName)))
	}
	birth, _ := e.sheet.Now(m.Facts, Birth)
	if w := checkParentAge(birth.Value.Date, b.On, e.sheet.text(m, FullName)); w != nil {
		e.warn(field, w)
	}
	return m
}

// childRole is what a newborn is to the head: a child of the head or the head's
// spouse, else a grandchild by a child of the head; empty where nobody said.
func (e *edit) childRole(sex Sex, parents ...*Member) string {
	role := ""
	for _, p := range parents {
		if p == nil {
			continue
		}
		switch e.sheet.text(p, Role) {
		case "head", "wife", "husband":
			return map[Sex]string{Male: "son", Female: "daughter"}[sex]
		case "son", "daughter", "sons_wife", "daughters_husband":
			role = map[Sex]string{Male: "grandson", Female: "granddaughter"}[sex]
		case "brother", "sister":
			role = map[Sex]string{Male: "nephew", Female: "niece"}[sex]
		}
	}
	return role
}

// RecordDeath says that a member died, on a day that need not be known exactly.
// The spouse is stated a widow or widower where no other marriage stands; who
// heads the household now is asked, not guessed.
func RecordDeath(tx *store.Tx, c Change, person id.ID) (Changed, error) {
	e, m, err := life(tx, c, person)
	if err != nil {
		return Changed{}, err
	}
	e.set(m, Death, DateValue(c.On))
	for _, f := range m.Facts {
		if f.Name != Spouse || f.To != 0 {
			continue
		}
		if s := e.sheet.Member(f.Value.Person); s != nil && !e.sheet.dead(s) && !e.married(s) && e.sheet.text(s, MaritalStatus) == "married" {
			e.set(s, MaritalStatus, TextValue("widowed"))
		}
	}
	return e.finish(Died, person)
}

// married reports whether a member has a spouse who is not known to have died,
// by the ties on this sheet.
func (e *edit) married(m *Member) bool {
	for _, f := range m.Facts {
		if f.Name != Spouse || f.To != 0 || f.Value.Person.IsZero() {
			continue
		}
		if s := e.sheet.Member(f.Value.Person); s == nil || !e.sheet.dead(s) {
			return true
		}
	}
	return false
}
