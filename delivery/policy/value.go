package policy

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
	"sanad/platform/rule"
	"sanad/platform/text"
)

// Value is a named step of a computation: what a member earns in all, what a
// household's rent is above its limit. Formulas read it like a fact
// (member.total_income), and so does who looks at a decision.
type Value struct {
	ID      string
	Name    text.Bilingual
	For     string // member, household
	Type    string // money, fixed, integer, truth, date
	Formula string

	rule *rule.Rule
	fact int // place among the schema's facts of members or households
}

// valueTypes are the types of values, by the words of the file.
var valueTypes = map[string]rule.Type{"money": rule.TypeMoney, "fixed": rule.TypeFixed, "integer": rule.TypeInteger,
	"truth": rule.TypeTruth, "date": rule.TypeDate}

func (s *scanner) value(n *yaml.Node) Value {
	keys := []string{"id!", "for!", "type!", "formula!"}
	f := s.mapping(n, append(keys, s.nameKey())...)
	return Value{ID: f.identifier("id"), Name: f.both("name"), For: f.oneOf("for", "member", "household"),
		Type: f.oneOf("type", "money", "fixed", "integer", "truth", "date"), Formula: s.formula(f, "formula")}
}

// nameKey is the key of a name, which a plain calculation may leave out.
func (s *scanner) nameKey() string {
	if s.plain {
		return "name"
	}
	return "name!"
}

// values compiles a programme's values and orders them.
func (c *compiler) values() {
	var computed []rule.Computed
	for i := range c.programme.Values {
		v := &c.programme.Values[i]
		scope := rule.ForMember
		if v.For == "household" {
			scope = rule.ForHousehold
		}
		if v.rule = c.compileAs(scope, valueTypes[v.Type]); v.rule != nil {
			computed = append(computed, rule.Computed{Rule: v.rule, Fact: v.fact})
		}
	}
	plan, err := rule.NewPlan(computed)
	if err != nil {
		c.scanner.findings = append(c.scanner.findings, Finding{File: c.scanner.file, Line: 1, Column: 1, Err: err})
	}
	c.programme.plan = plan
}

// schema is what a programme's formulas can ask about: the facts of its country,
// its own figures, and what it computes itself.
func (p *Programme) schema() rule.Schema {
	s := p.facts.schema(p.Parameters)
	for i := range p.Values {
		v := &p.Values[i]
		fact := rule.Fact{Name: v.ID, Type: valueTypes[v.Type]}
		if v.For == "household" {
			v.fact, s.Household = len(s.Household), append(s.Household, fact)
		} else {
			v.fact, s.Members = len(s.Members), append(s.Members, fact)
		}
	}
	for i := range p.Tables {
		s.Tables = append(s.Tables, p.Tables[i].declared)
	}
	if p.plain {
		s.Inputs = append(s.Inputs, rule.Fact{Name: "day", Type: rule.TypeDate})
	}
	return s
}

// tablesOn are the tables' figures for a month; "policy.no_parameter" names one
// that the law had not yet set.
func (p *Programme) tablesOn(day calendar.Date) ([]rule.Figures, error) {
	list := make([]rule.Figures, len(p.Tables))
	for i := range p.Tables {
		figures, set := p.Tables[i].figuresOn(day, p.facts)
		if !set {
			return nil, fault.Conflict("policy.no_parameter", "parameter", p.Tables[i].title(), "month", day)
		}
		list[i] = figures
	}
	return list, nil
}

// title is a table's name, or its id where it has none.
func (t *Table) title() any {
	if t.Name.English == "" {
		return t.ID
	}
	return t.Name
}

// numberOf is a number as it stands in a file's unit.
func numberOf(kind rule.Type, n int64) rule.Value {
	switch kind {
	case rule.TypeMoney:
		return rule.Money(money.Amount(n))
	case rule.TypeFixed:
		return rule.Fixed(n)
	}
	return rule.Integer(n)
}

// Value returns the value with an id, or nil.
func (p *Programme) Value(id string) *Value {
	if i := slices.IndexFunc(p.Values, func(v Value) bool { return v.ID == id }); i >= 0 {
		return &p.Values[i]
	}
	return nil
}
