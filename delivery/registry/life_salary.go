package registry

import (
	"slices"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// SalaryKinds are the payments that a programme may ask about, each by a code of
// its own: a wage is not a pension, and a pension of one's own contributions is
// not that of a survivor.
var SalaryKinds = []Name{Wage, ContributoryPay, SurvivorsPay, BasicPension, Allowance, Stipend}

// Salary is a payment that a member receives, from a day, to a day. The day of
// the Change is left out.
type Salary struct {
	Change
	Person id.ID         `json:"person"`
	Kind   Name          `json:"kind"`          // one of SalaryKinds
	From   calendar.Date `json:"from,omitzero"` // Unknown: nobody knows since when, or it is known already
	To     calendar.Date `json:"to,omitzero"`   // the first day without it; Unknown: it goes on
}

// RecordSalary says that a payment began, or ended, or both. A payment that
// never began cannot end ("registry.salary_not_known" is no refusal: a warning).
func RecordSalary(tx *store.Tx, s Salary) (Changed, error) {
	s.On = s.From
	what := SalaryBegan
	if s.To != calendar.Unknown {
		s.On, what = s.To, SalaryEnded
	}
	e, m, err := life(tx, s.Change, s.Person)
	if err != nil {
		return Changed{}, err
	}
	if !slices.Contains(SalaryKinds, s.Kind) {
		e.wrong.Add("kind", fault.Invalid("registry.choose_one"))
		return Changed{}, e.wrong.Err()
	}
	e.wrong.Add("from", checkDay(s.From, calendar.Unknown, tx.Today()))
	if s.From != calendar.Unknown && s.To != calendar.Unknown && s.To.Last() < s.From.First() {
		e.wrong.Add("to", fault.Invalid("registry.ends_before_beginning"))
	}
	if s.To == calendar.Unknown || s.From != calendar.Unknown {
		e.setOn(m, s.Kind, TruthValue(true), s.From)
	} else if !e.sheet.yes(m, s.Kind) {
		e.warn("to", fault.Invalid("registry.salary_not_known"))
	}
	if s.To != calendar.Unknown {
		e.setOn(m, s.Kind, TruthValue(false), s.To)
	}
	return e.finish(what, s.Person)
}

// RecordAbsence says that a member is missing or detained (name is Missing or
// Detained) since the day of the Change.
func RecordAbsence(tx *store.Tx, c Change, person id.ID, name Name) (Changed, error) {
	return absence(tx, c, person, name, true)
}

// EndAbsence says that a missing member was found, or a detained one released.
func EndAbsence(tx *store.Tx, c Change, person id.ID, name Name) (Changed, error) {
	return absence(tx, c, person, name, false)
}

func absence(tx *store.Tx, c Change, person id.ID, name Name, away bool) (Changed, error) {
	e, m, err := life(tx, c, person)
	if err != nil {
		return Changed{}, err
	}
	what := map[Name]map[bool]Happening{Missing: {true: WentMissing, false: WasFound}, Detained: {true: WasDetained, false: WasReleased}}[name][away]
	if what == "" {
		e.wrong.Add("state", fault.Invalid("registry.choose_one"))
	}
	if !away && !e.sheet.yes(m, name) {
		e.wrong.Add("state", fault.Conflict("registry.not_away", "name", e.sheet.text(m, FullName)))
	}
	e.set(m, name, TruthValue(away))
	return e.finish(what, person)
}

// RecordDeparture says that members live outside the country since the day of
// the Change. Nothing ends by it: after how long somebody counts no more is for
// the programme to say.
func RecordDeparture(tx *store.Tx, c Change, persons []id.ID) (Changed, error) {
	return crossing(tx, c, persons, LeftCountry)
}

// RecordReturn says that members live in the country again.
func RecordReturn(tx *store.Tx, c Change, persons []id.ID) (Changed, error) {
	return crossing(tx, c, persons, Returned)
}

func crossing(tx *store.Tx, c Change, persons []id.ID, what Happening) (Changed, error) {
	e, err := begin(tx, access.RecordLifeEvent, c)
	if err != nil {
		return Changed{}, err
	}
	if len(persons) == 0 {
		e.wrong.Add("person", fault.Invalid("registry.choose_one"))
	}
	for _, person := range persons {
		m := e.living(person, "person")
		if m == nil {
			continue
		}
		abroad := e.sheet.yes(m, AbroadSince)
		switch {
		case what == LeftCountry && abroad:
			e.wrong.Add("person", fault.Conflict("registry.abroad_already", "name", e.sheet.text(m, FullName)))
		case what == LeftCountry:
			e.set(m, AbroadSince, DateValue(c.On))
		case !abroad:
			e.wrong.Add("person", fault.Conflict("registry.not_abroad", "name", e.sheet.text(m, FullName)))
		default:
			e.set(m, AbroadSince, NoDate)
		}
	}
	if len(persons) == 1 {
		return e.finish(what, persons[0])
	}
	return e.finish(what, id.ID{})
}
