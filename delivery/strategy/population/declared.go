package population

import (
	"strconv"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/money"
)

// What a country declares beside the facts of the core is drawn here, from each
// person's own draws, so that a new fact leaves every other as it was. A pack that
// does not declare a fact does not get it. The shares are assumed.

// said is a fact with its value; names of facts are the country's.
type said struct {
	name  registry.Name
	value registry.Value
}

// money of a person, a month.
func dirhams(a money.Amount) registry.Value { return registry.NumberValue(int64(a)) }

// declared are the further facts of a member, in the order of memberDeclared.
func (s *Settings) declared(h *Household, m *Person, into []said) []said {
	var c chance
	c.at(s.Seed, forFacts, uint64(m.Human))
	add := func(name registry.Name, v registry.Value) { into = append(into, said{name, v}) }
	income := [5]money.Amount{} // wage, pension, business, rent, other
	switch {
	case m.Job == "pensioner":
		income[1] = m.Income
	case m.Job == "self_employed":
		income[2] = m.Income
	case m.Salaried:
		income[0] = m.Income
	default:
		income[3+c.below(2)] = m.Income
	}
	for i, name := range []registry.Name{"wage_income", "pension_income", "business_income", "rent_income", "other_income"} {
		add(name, dirhams(income[i]))
	}
	degree, certificate := "none", registry.NoDate
	until, care := registry.NoDate, false
	if m.Disability != "none" {
		degree = []string{"mild", "moderate"}[c.below(2)]
		if m.Severe {
			degree = []string{"severe", "severe", "profound"}[c.below(3)]
			care = c.below(5) < 4
		}
		if day := s.Day.AddDays(-c.between(30, 2500)); m.Certified && day > m.Born {
			certificate, until = registry.DateValue(day), registry.DateValue(day.AddMonths(60))
		}
	}
	add("disability_degree", registry.TextValue(degree))
	add("disability_certificate", certificate)
	add("disability_certificate_until", until)
	add("needs_constant_care", registry.TruthValue(care))
	add("in_institution", registry.TruthValue(m.Disability != "none" && c.below(40) == 0))
	add("unable_to_work", registry.TruthValue(m.Severe && m.Age < 65 && c.below(3) > 0))
	add("breadwinner", registry.TruthValue(m.Role == "head"))
	add("chronic_illness", registry.TruthValue(c.below(100) < 2+m.Age/4))
	years := int64(0)
	if m.Salaried {
		years = int64(c.below(max(1, m.Age-20)))
	}
	add("contribution_years", registry.NumberValue(years*million))
	return into
}

// declaredOfHousehold are the further facts of the household.
func (s *Settings) declaredOfHousehold(h *Household, into []said) []said {
	var c chance
	c.at(s.Seed, forFacts, uint64(h.Index)<<8|0xFF)
	add := func(name registry.Name, v registry.Value) { into = append(into, said{name, v}) }
	tenure, rent := "owned", money.Amount(0)
	switch {
	case h.Housing == "rented" || h.Housing == "flat" && c.below(3) == 0:
		tenure, rent = "rented", money.Amount(c.between(40, 220))*10*money.Dinar
	case h.Displacement == "displaced":
		tenure = []string{"hosted", "collective"}[c.below(2)]
	case c.below(20) == 0:
		tenure = "public"
	}
	add("tenure", registry.TextValue(tenure))
	add("monthly_rent", dirhams(rent))
	add("rooms", registry.NumberValue(int64(c.between(1, 3)+min(len(h.Members)/3, 3))))
	since := calendar.Date(0)
	if h.Displacement == "displaced" {
		since = s.Day.AddDays(-c.between(100, 4000))
		add("displaced_since", registry.DateValue(since))
	}
	zone := "urban"
	if c.below(100) < 17 {
		zone = "rural"
	}
	add("zone", registry.TextValue(zone))
	damage := "none"
	if h.District == "LY0101" && c.below(5) == 0 { // Derna, September 2023
		damage = []string{"partial", "severe", "destroyed"}[c.below(3)]
	}
	add("flood_damage", registry.TextValue(damage))
	add("owns_car", registry.TruthValue(c.below(100) < 55))
	return into
}

// appendFact writes a fact's value as files have it: dinars, days, yes and no,
// codes; nothing where the country does not declare the fact.
func appendFact(b []byte, f said) []byte {
	d := registry.Define(f.name)
	if d == nil {
		return b
	}
	switch d.Type {
	case registry.TypeMoney:
		return append(b, money.Amount(f.value.Number).String()...)
	case registry.TypeDate:
		return appendDate(b, f.value.Date)
	case registry.TypeTruth:
		if f.value.Number == 1 {
			return append(b, "yes"...)
		}
		return append(b, "no"...)
	case registry.TypeNumber:
		return strconv.AppendInt(b, f.value.Number, 10)
	case registry.TypeFixed:
		return append(b, registry.Decimal(f.value.Number)...)
	}
	return append(b, f.value.Text...)
}
