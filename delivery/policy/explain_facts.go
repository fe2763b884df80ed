package policy

import (
	"slices"
	"strings"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/rule"
	"sanad/platform/text"
)

// near leaves out facts of members who are nobody to the person: a formula that
// looks for her husband among all members reads a little of each.
func (e *explainer) near(readings []rule.Reading, about int) (kept []rule.Reading) {
	f := e.decider.framer
	related := []rule.Value{rule.Member(about), f.frame.Household[0]}
	for place, fact := range f.language.Facts(f.frame, about) {
		if f.facts.members[place].reading == reference {
			related = append(related, fact)
		}
	}
	for _, read := range readings {
		if read.Member < 0 || slices.Contains(related, rule.Member(read.Member)) {
			kept = append(kept, read)
		}
	}
	return kept
}

// facts turns what a formula read into what a person can check on paper.
func (e *explainer) facts(readings []rule.Reading, about int) (facts []FactExplained) {
	for _, read := range readings {
		name := e.decider.programme.facts.registryName(read.Name)
		if name == "" {
			continue
		}
		if strings.HasPrefix(read.Name, "household.") {
			facts = append(facts, e.known(name, read.Value, e.sheet, e.sheet.Facts))
			continue
		}
		whose := read.Member
		if whose < 0 {
			whose = about
		}
		f := e.fact(name, whose, read.Value)
		if whose != about {
			f.Whose = e.name(whose)
		}
		facts = append(facts, f)
	}
	return facts
}

func (e *explainer) fact(name registry.Name, place int, read rule.Value) FactExplained {
	sheet, member := e.member(place)
	if member == nil {
		return FactExplained{Fact: name, Label: name.Heading(), Value: e.supposed(name, read)}
	}
	return e.known(name, read, sheet, member.Facts)
}

// known is a fact as it is recorded among a member's or a household's, with its
// best source; else as it was supposed.
func (e *explainer) known(name registry.Name, read rule.Value, sheet *registry.Sheet, facts []registry.Fact) FactExplained {
	f := FactExplained{Fact: name, Label: name.Heading(), Value: e.supposed(name, read)}
	fact, known := sheet.At(facts, name, e.decider.framer.on)
	if !known {
		return f
	}
	f.Known, f.Value = true, e.words(e.decider.programme.facts.defined[name], fact.Value)
	for _, i := range fact.Sources {
		if s := sheet.Sources[i]; s.Kind >= f.Source.Kind {
			f.Source = s
		}
	}
	return f
}

// member is the sheet and the member at a place of the frame.
func (e *explainer) member(place int) (*registry.Sheet, *registry.Member) {
	if place < len(e.sheet.Members) {
		return e.sheet, &e.sheet.Members[place]
	}
	s := &e.strangers[place-len(e.sheet.Members)]
	return s.sheet, s.member
}

func (e *explainer) name(place int) string {
	sheet, member := e.member(place)
	if member == nil {
		return ""
	}
	return nameOn(sheet, member.Person)
}

// nameOn is a person's name by all that a sheet says, empty where it says none.
func nameOn(sheet *registry.Sheet, person id.ID) string {
	member := sheet.Member(person)
	if member == nil {
		return ""
	}
	fact, _ := sheet.Now(member.Facts, registry.FullName)
	return fact.Value.Text
}

// words is a recorded value for a reader.
func (e *explainer) words(d *registry.Definition, v registry.Value) any {
	switch d.Type {
	case registry.TypeCode:
		return d.Word(v.Text)
	case registry.TypeText:
		if slices.Contains(d.Codes, v.Text) {
			return d.Word(v.Text)
		}
		return v.Text
	case registry.TypeFixed:
		return registry.Decimal(v.Number)
	case registry.TypeTruth:
		return yesNo(v.Number == 1)
	case registry.TypeDate:
		if v.Number == 0 {
			return text.Key("policy.value_none")
		}
		return v.Date
	case registry.TypePerson:
		if v.Person.IsZero() {
			return text.Key("policy.value_none")
		}
		if place := e.decider.framer.placeOf(v.Person); place >= 0 {
			return e.name(place)
		}
		return text.Key("policy.value_recorded")
	case registry.TypeMoney:
		return money.Amount(v.Number)
	case registry.TypeNumber:
		return v.Number
	}
	return v.Text
}

func yesNo(yes bool) text.Key {
	if yes {
		return "policy.value_yes"
	}
	return "policy.value_no"
}

// supposed is what was read where nothing is recorded: from silence, or from a
// person's role.
func (e *explainer) supposed(name registry.Name, read rule.Value) any {
	switch {
	case read.Absent():
		return text.Key("policy.value_none")
	case !read.Known():
		return text.Key("policy.value_unknown")
	case read.Kind() == rule.KindTruth:
		return yesNo(read.Truth() == calendar.Yes)
	case read.Kind() == rule.KindMember:
		return e.name(int(read.Number()))
	case read.Kind() == rule.KindEnumeration:
		d := e.decider.programme.facts.defined[name]
		return d.Word(d.Codes[read.Number()])
	case read.Kind() == rule.KindDate:
		return read.Date()
	case read.Kind() == rule.KindMoney:
		return read.Money()
	case read.Kind() == rule.KindInteger:
		return read.Number()
	}
	return text.Key("policy.value_unknown")
}
