package policy

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/text"
)

// Example is a family, a month and what must come out: the law's own test.
type Example struct {
	Name   text.Bilingual
	Month  calendar.Month
	expect []expectation
	family example
}

// expectation is one person's outcome for one component, in the words of line.
type expectation struct {
	person, component, outcome string
	node                       *yaml.Node
}

// example is a family as a sheet, with the persons who stand elsewhere.
type example struct {
	sheet     *registry.Sheet
	strangers []stranger
	names     map[id.ID]string
	elsewhere []id.ID
	given     circumstances
	node      *yaml.Node
}

// The household of every example; its members are counted from it, and
// strangers from another.
var (
	exampleHousehold = id.ID{0: 1}
	otherHousehold   = id.ID{0: 2}
)

// countsElsewhere is the one key of an example's person that is not a fact.
const countsElsewhere = "counts_elsewhere"

func (s *scanner) example(p *Programme, n *yaml.Node) Example {
	f := s.mapping(n, "name!", "month!", "household", "family!", "others", "received", "other_help", "places", "expect!")
	e := Example{Name: f.both("name"), family: example{names: map[id.ID]string{}, node: n}}
	if m := f.byName["month"]; m != nil {
		var err error
		if e.Month, err = calendar.ParseMonth(m.Value); err != nil {
			s.refuse(m, "policy.not_a_month")
		}
	}
	e.family.sheet = &registry.Sheet{Household: exampleHousehold, Version: 1, Sources: []registry.Source{{Kind: registry.Stated}}}
	e.family.sheet.Facts = s.factsOf(f.pairs("household"), true, nil, nil)
	family, others := f.pairs("family"), f.pairs("others")
	ids := map[string]id.ID{}
	for i, entry := range family {
		ids[entry.key.Value] = exampleHousehold.Next(uint64(i + 1))
	}
	for i, entry := range others {
		ids[entry.key.Value] = otherHousehold.Next(uint64(i + 1))
	}
	for name, person := range ids {
		e.family.names[person] = name
	}
	for _, entry := range family {
		person := ids[entry.key.Value]
		facts := s.exampleFacts(p, entry.value, ids, func() { e.family.elsewhere = append(e.family.elsewhere, person) })
		e.family.sheet.Members = append(e.family.sheet.Members, registry.Member{Person: person, Facts: facts})
	}
	e.family.strangers = []stranger{}
	for i, entry := range others {
		person := ids[entry.key.Value]
		other := &registry.Sheet{Household: otherHousehold.Next(uint64(1000 + i)), Version: 1, Sources: e.family.sheet.Sources,
			Members: []registry.Member{{Person: person, Facts: s.exampleFacts(p, entry.value, ids, func() {})}}}
		e.family.strangers = append(e.family.strangers, stranger{otherSheet{person, other.Household, 1}, other, &other.Members[0]})
	}
	s.circumstances(p, f, ids, &e)
	s.expectations(p, f, ids, &e)
	return e
}

// circumstances reads what an example's family had before (received), has from
// other programmes (other_help), and who of it is served or waits (places).
func (s *scanner) circumstances(p *Programme, f fields, ids map[string]id.ID, e *Example) {
	person := func(n *yaml.Node) id.ID {
		if _, known := ids[n.Value]; !known {
			s.refuse(n, "policy.no_such_person")
		}
		return ids[n.Value]
	}
	given := &e.family.given
	for _, had := range f.pairs("received") {
		if p.Component(had.value.Value) == nil {
			known := idsOf(p.Components, func(c Component) string { return c.ID })
			s.refuse(had.value, "policy.not_one_of", "key", "received", "allowed", known, "nearest", nearest(had.value.Value, known))
		}
		given.received = append(given.received, receipt{person(had.key), had.value.Value})
	}
	for _, has := range f.pairs("other_help") {
		for _, from := range s.pairs(has.value) {
			given.others = append(given.others, otherHelp{from.key.Value, person(has.key), s.amount(from.value)})
		}
	}
	for _, stands := range f.pairs("places") {
		if stands.value.Value != "served" && stands.value.Value != "waits" {
			s.refuse(stands.value, "policy.example_unit")
		}
		given.places = append(given.places, Place{Person: person(stands.key), Position: 1, Of: 1, Served: stands.value.Value == "served"})
	}
}

func (s *scanner) expectations(p *Programme, f fields, ids map[string]id.ID, e *Example) {
	for _, entry := range f.pairs("expect") {
		if _, known := ids[entry.key.Value]; !known {
			s.refuse(entry.key, "policy.no_such_person")
		}
		for _, outcome := range s.pairs(entry.value) {
			if p.Component(outcome.key.Value) == nil {
				known := idsOf(p.Components, func(c Component) string { return c.ID })
				s.refuse(outcome.key, "policy.not_one_of", "key", "expect", "allowed", known, "nearest", nearest(outcome.key.Value, known))
			}
			e.expect = append(e.expect, expectation{entry.key.Value, outcome.key.Value, outcome.value.Value, outcome.value})
		}
	}
}

// exampleFacts reads a person's facts, after the programme's ordinary ones.
func (s *scanner) exampleFacts(p *Programme, n *yaml.Node, ids map[string]id.ID, elsewhere func()) []registry.Fact {
	return s.factsOf(slices.Concat(p.ordinary, s.pairs(n)), false, ids, elsewhere)
}

// factsOf reads facts of a person or of the household; of two of one name the
// last counts.
func (s *scanner) factsOf(entries []pair, household bool, ids map[string]id.ID, elsewhere func()) (facts []registry.Fact) {
	for _, entry := range entries {
		name := registry.Name(entry.key.Value)
		if entry.key.Value == countsElsewhere && !household {
			elsewhere()
			continue
		}
		definition := s.facts.defined[name]
		if definition == nil || definition.Household != household {
			s.refuse(entry.key, "policy.no_such_fact", "nearest", nearest(entry.key.Value, s.facts.names(household)))
			continue
		}
		facts = slices.DeleteFunc(facts, func(f registry.Fact) bool { return f.Name == name })
		if entry.value.Value != "unknown" {
			facts = append(facts, registry.Fact{Name: name, Value: s.exampleValue(definition, entry.value, ids), Sources: []int{0}})
		}
	}
	return facts
}

// names are the facts of persons or of households that the registry knows.
func (r *readable) names(household bool) (names []string) {
	for name, d := range r.defined {
		if d.Household == household {
			names = append(names, string(name))
		}
	}
	slices.Sort(names)
	return names
}

func (s *scanner) exampleValue(d *registry.Definition, n *yaml.Node, ids map[string]id.ID) registry.Value {
	switch d.Type {
	case registry.TypeText:
		if len(d.Codes) > 0 && !slices.Contains(d.Codes, n.Value) {
			s.refuse(n, "policy.not_one_of", "key", string(d.Name), "allowed", d.Codes, "nearest", nearest(n.Value, d.Codes))
		}
	case registry.TypeCode:
		if !slices.Contains(d.Codes, n.Value) {
			s.refuse(n, "policy.not_one_of", "key", string(d.Name), "allowed", d.Codes, "nearest", nearest(n.Value, d.Codes))
		}
		return registry.TextValue(n.Value)
	case registry.TypeTruth:
		if n.Value != "yes" && n.Value != "no" {
			s.refuse(n, "policy.not_one_of", "key", string(d.Name), "allowed", []string{"yes", "no", "unknown"}, "nearest", "yes")
		}
		return registry.TruthValue(n.Value == "yes")
	case registry.TypeDate:
		if n.Value == "none" {
			return registry.NoDate
		}
		day, err := calendar.Parse(n.Value)
		if err != nil || day == calendar.Unknown {
			s.refuse(n, "policy.not_a_date")
		}
		return registry.DateValue(day)
	case registry.TypePerson:
		person, known := ids[n.Value]
		if !known && n.Value != "none" {
			s.refuse(n, "policy.no_such_person")
		}
		return registry.PersonValue(person)
	case registry.TypeMoney:
		return registry.NumberValue(int64(s.amount(n)))
	case registry.TypeNumber:
		return registry.NumberValue(s.figure(n))
	case registry.TypeFixed:
		return s.fixed(d, n)
	}
	return registry.TextValue(n.Value)
}

func (s *scanner) fixed(d *registry.Definition, n *yaml.Node) registry.Value {
	value, err := registry.Read(d, n.Value)
	if err != nil {
		s.refuse(n, "policy.not_a_figure")
	}
	return value
}

// run decides the family and returns what did not come out as expected.
func (e *Example) run(p *Programme) ([]mismatch, error) {
	d, err := newDecider(p, e.Month)
	if err != nil {
		return nil, err
	}
	d.given = e.family.given
	lines, _, err := d.household(e.family.sheet, e.family.strangers, func(who id.ID) bool { return slices.Contains(e.family.elsewhere, who) })
	if err != nil {
		return nil, err
	}
	var wrong []mismatch
	for _, want := range e.expect {
		if got := e.family.outcome(lines, want.person, want.component); got != normal(want.outcome) {
			wrong = append(wrong, mismatch{want.node, want.person, want.component, want.outcome, got})
		}
	}
	for i := range lines {
		person := e.family.names[lines[i].Person]
		named := func(want expectation) bool { return want.person == person && want.component == lines[i].Component }
		if lines[i].Status == Due && !slices.ContainsFunc(e.expect, named) {
			wrong = append(wrong, mismatch{e.family.node, person, lines[i].Component, "none", e.family.words(&lines[i])})
		}
	}
	return wrong, nil
}

// mismatch is an outcome that an example did not expect.
type mismatch struct {
	node                         *yaml.Node
	person, component, want, got string
}

func (m mismatch) finding(file string, name text.Bilingual) Finding {
	return Finding{File: file, Line: m.node.Line, Column: m.node.Column, Err: fault.Invalid("policy.example_fails",
		"place", fmt.Sprintf("%s:%d:%d", file, m.node.Line, m.node.Column),
		"example", name, "person", m.person, "component", m.component, "want", m.want, "got", m.got)}
}

func normal(words string) string { return strings.Join(strings.Fields(words), " ") }

// outcome is what came out for a person and component, in the words that
// examples use: due 100 to mother, held no_account, pending missing_fact,
// refused under-age, none.
func (f *example) outcome(lines []Line, person, component string) string {
	for i := range lines {
		if f.names[lines[i].Person] == person && lines[i].Component == component {
			return f.words(&lines[i])
		}
	}
	return "none"
}

func (f *example) words(l *Line) string {
	if l.Status != Due {
		return l.Status.String() + " " + l.Reason
	}
	amount := strings.TrimSuffix(l.Amount.String(), ".000")
	words := "due " + amount
	if !l.Payee.IsZero() {
		words += " to " + f.names[l.Payee]
	}
	if !l.Payable {
		words += " held " + l.Reason
	}
	return words
}
