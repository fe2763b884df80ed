package intake

import (
	"slices"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/geography"
	"sanad/platform/names"
)

// sheetmaker turns the rows of a household into a statement.
type sheetmaker struct {
	columns *Columns
	country *geography.Map
	source  registry.Source
	areas   map[string]string // municipality as written, to code
	codes   map[string]int64  // of parts of names
}

// codesKept bounds the parts of names that are remembered: a country has fewer.
const codesKept = 50_000

// code is the search code of a part of a name.
func (m *sheetmaker) code(part string) int64 {
	code, known := m.codes[part]
	if !known {
		code = registry.NameCode(names.Skeleton(part))
		if len(m.codes) < codesKept {
			m.codes[part] = code
		}
	}
	return code
}

// statement says what the accepted rows of one household say. The second result
// tells for each row which member it is.
func (m *sheetmaker) statement(h *household) (registry.Statement, []int) {
	st := registry.Statement{Branch: h.branch, File: h.file, Source: m.source}
	st.Source.Body = h.branch
	k := kin{}
	members := make([]int, len(h.rows))
	for i := range h.rows {
		row := &h.rows[i]
		if first := h.sameAs(i); first >= 0 {
			members[i] = members[first]
			k.people[members[first]].fill(row)
			continue
		}
		members[i] = len(k.people)
		k.people = append(k.people, &relative{row: row, parts: names.Of(row.Name.Value), place: len(k.people) + 1})
	}
	k.derive()
	st.Facts = m.house(h.rows)
	for _, p := range k.people {
		st.Members = append(st.Members, registry.StatedMember{Facts: append(m.person(p.row), p.bonds...),
			Codes: [2]int64{m.code(p.parts.Own), m.code(p.parts.Family)}})
	}
	return st, members
}

// fill takes what only the second row of one person has.
func (p *relative) fill(second *Row) {
	first := *p.row
	if !first.NationalNumber.Known {
		first.NationalNumber = second.NationalNumber
	}
	if !first.IBAN.Known {
		first.IBAN = second.IBAN
	}
	if !first.Phone.Known {
		first.Phone = second.Phone
	}
	p.row = &first
}

// house states what is of the household: what its first row to say it says.
func (m *sheetmaker) house(rows []Row) []registry.Claim {
	var c claims
	for i := range rows {
		row := &rows[i]
		if area := m.area(row); area != "" {
			c.once(registry.Area, area)
		}
		c.once(registry.Mahalla, row.Mahalla.Value)
		c.once(registry.Housing, row.Housing.Value)
		c.once(registry.Displacement, row.Displacement.Value)
		c.facts(row, true)
	}
	return c
}

// area finds the municipality; within the branch's own area first.
func (m *sheetmaker) area(row *Row) string {
	if !row.Municipality.Known {
		return ""
	}
	code, known := m.areas[row.Municipality.Value]
	if !known {
		if area, found := m.country.Find(geography.Municipality, row.Municipality.Value, ""); found {
			code = area.Code
		}
		m.areas[row.Municipality.Value] = code
	}
	return code
}

type claims []registry.Claim

// facts states what a row says of the facts that the country pack declares; of
// the household only what no row before it said.
func (c *claims) facts(row *Row, household bool) {
	for _, f := range row.Facts {
		said := household && slices.ContainsFunc(*c, func(known registry.Claim) bool { return known.Name == f.Name })
		if f.Household == household && !said {
			c.add(f.Name, f.Value)
		}
	}
}

func (c *claims) add(name registry.Name, value registry.Value) {
	*c = append(*c, registry.Claim{Name: name, Value: value})
}

func (c *claims) text(name registry.Name, text string) {
	if text != "" {
		c.add(name, registry.TextValue(text))
	}
}

func (c *claims) once(name registry.Name, text string) {
	for _, known := range *c {
		if known.Name == name {
			return
		}
	}
	c.text(name, text)
}

// person states what a row says of its person, and nothing that it does not.
func (m *sheetmaker) person(row *Row) []registry.Claim {
	c := make(claims, 0, 24)
	c.text(registry.FullName, row.Name.Value)
	c.text(registry.MotherName, row.MotherName.Value)
	c.text(registry.NationalNumberFact, string(row.NationalNumber.Value))
	if !row.NationalNumber.Known && row.NationalNumber.Raw != "" && m.columns.noted(row, NationalNumber) {
		c.text(registry.UnreadNumber, row.NationalNumber.Raw)
	}
	c.text(registry.RegistrationNo, row.RegistrationNumber.Value)
	if row.Birth.Known {
		c.add(registry.Birth, registry.DateValue(row.Birth.Value))
	}
	c.text(registry.SexFact, string(row.Sex.Value))
	c.text(registry.Role, row.Role.Value)
	c.text(registry.MaritalStatus, row.MaritalStatus.Value)
	c.text(registry.Citizenship, citizenship(row.Nationality.Value))
	if row.Nationality.Value == "foreign" {
		c.text(registry.Country, row.Country)
	}
	m.event(&c, registry.Death, Death, row.Death)
	m.event(&c, registry.AbroadSince, AbroadSince, row.AbroadSince)
	salaries(&c, row)
	c.text(registry.Job, row.Job.Value)
	if row.Income.Known {
		c.add(registry.Income, registry.NumberValue(int64(row.Income.Value)))
	}
	c.text(registry.Disability, row.Disability.Value)
	c.text(registry.Phone, row.Phone.Value)
	c.text(registry.Account, string(row.IBAN.Value))
	c.text(registry.Notes, row.Remarks.Value)
	c.facts(row, false)
	return c
}

// citizenship is the registry's word. Who has no nationality at all has not been
// determined to be anything: a person looks into it.
func citizenship(nationality string) string {
	if nationality == "stateless" {
		return "undetermined"
	}
	return nationality
}

// event states a death or a departure. In a list that has the column, an empty
// cell says that it did not happen; a cell that cannot be read says that it did,
// and not when.
func (m *sheetmaker) event(c *claims, name registry.Name, column Meaning, field Field[calendar.Date]) {
	_, listed := m.columns.at[column]
	switch {
	case !listed:
	case field.Known:
		c.add(name, registry.DateValue(field.Value))
	case field.Raw == "" || m.columns.mapping.isNothing(tidy(field.Raw)):
		c.add(name, registry.NoDate)
	default:
		c.add(name, registry.DateValue(calendar.Unknown))
	}
}

// salaries states the codes of salary. "No" of a list is no for a wage and every
// pension; "yes" is a wage, or the pension of one who retired.
func salaries(c *claims, row *Row) {
	switch {
	case !row.HasSalary.Known:
	case !row.HasSalary.Value:
		for _, code := range []registry.Name{registry.Wage, registry.ContributoryPay, registry.SurvivorsPay, registry.BasicPension} {
			c.add(code, registry.TruthValue(false))
		}
	case row.Job.Value == "pensioner":
		c.add(registry.ContributoryPay, registry.TruthValue(true))
	case row.Job.Value == "survivor":
		c.add(registry.SurvivorsPay, registry.TruthValue(true))
	default:
		c.add(registry.Wage, registry.TruthValue(true))
	}
}

// noted reports whether something is wrong with a row's cell.
func (c *Columns) noted(row *Row, field Meaning) bool {
	for _, n := range row.Notes {
		if n.Field == field {
			return true
		}
	}
	return false
}
