package policy

import (
	"slices"
	"strings"

	"sanad/delivery/registry"
	"sanad/platform/rule"
)

// What rules can read is declared here once: which fact of the registry becomes
// which name of the language, and what it means that nobody said anything.

// factReading is how a fact of the registry becomes a fact of rules.
type factReading uint8

const (
	asItIs    factReading = iota // its value
	ifAny                        // a truth: whether one is recorded
	given                        // brought by the run, see the places below
	reference                    // a member of the household, or of another one
)

// factOf joins a fact that rules read to the registry's.
type factOf struct {
	rule    rule.Fact
	from    registry.Name
	reading factReading
	// silent: such a thing is known only because somebody reports it, so that
	// nothing said means no (alive, in the country, not detained). Elsewhere
	// nothing said is unknown.
	silent bool
	codes  []string // of an enumeration: the labels in their order
}

// memberFacts are the facts of members, in the order of a frame.
var memberFacts = []factOf{
	{rule: rule.Fact{Name: "birth_date", Type: rule.TypeDate}, from: registry.Birth},
	{rule: rule.Fact{Name: "death_date", Type: rule.TypeDate}, from: registry.Death, silent: true},
	{rule: rule.Fact{Name: "abroad_since", Type: rule.TypeDate}, from: registry.AbroadSince, silent: true},
	{rule: rule.Fact{Name: "sex", Type: rule.Of("sex")}, from: registry.SexFact},
	{rule: rule.Fact{Name: "role", Type: rule.Of("role")}, from: registry.Role},
	{rule: rule.Fact{Name: "marital_status", Type: rule.Of("marital_status")}, from: registry.MaritalStatus},
	{rule: rule.Fact{Name: "citizenship", Type: rule.Of("citizenship")}, from: registry.Citizenship},
	{rule: rule.Fact{Name: "missing", Type: rule.TypeTruth}, from: registry.Missing, silent: true},
	{rule: rule.Fact{Name: "detained", Type: rule.TypeTruth}, from: registry.Detained, silent: true},
	{rule: rule.Fact{Name: "wage", Type: rule.TypeTruth}, from: registry.Wage},
	{rule: rule.Fact{Name: "contributory_pension", Type: rule.TypeTruth}, from: registry.ContributoryPay},
	{rule: rule.Fact{Name: "survivors_pension", Type: rule.TypeTruth}, from: registry.SurvivorsPay},
	{rule: rule.Fact{Name: "basic_pension", Type: rule.TypeTruth}, from: registry.BasicPension},
	{rule: rule.Fact{Name: "allowance", Type: rule.TypeTruth}, from: registry.Allowance},
	{rule: rule.Fact{Name: "stipend", Type: rule.TypeTruth}, from: registry.Stipend},
	{rule: rule.Fact{Name: "parents_apart", Type: rule.TypeTruth}, from: registry.ParentsApart, silent: true},
	{rule: rule.Fact{Name: "custody_disputed", Type: rule.TypeTruth}, from: registry.CustodyDisputed, silent: true},
	{rule: rule.Fact{Name: "own_account", Type: rule.TypeTruth}, from: registry.OwnAccount, silent: true},
	{rule: rule.Fact{Name: "has_account", Type: rule.TypeTruth}, from: registry.Account, reading: ifAny},
	{rule: rule.Fact{Name: "has_national_number", Type: rule.TypeTruth}, from: registry.NationalNumberFact, reading: ifAny},
	{rule: rule.Fact{Name: "father", Type: rule.TypeMember}, from: registry.Father, reading: reference},
	{rule: rule.Fact{Name: "mother", Type: rule.TypeMember}, from: registry.Mother, reading: reference},
	{rule: rule.Fact{Name: "husband", Type: rule.TypeMember}, from: registry.Spouse, reading: reference},
	{rule: rule.Fact{Name: "custodian", Type: rule.TypeMember}, from: registry.Custodian, reading: reference, silent: true},
	{rule: rule.Fact{Name: "guardian", Type: rule.TypeMember}, from: registry.Guardian, reading: reference, silent: true},
	{rule: rule.Fact{Name: "father_known", Type: rule.TypeTruth}, reading: given},
	{rule: rule.Fact{Name: "mother_known", Type: rule.TypeTruth}, reading: given},
	{rule: rule.Fact{Name: "marital_status_known", Type: rule.TypeTruth}, reading: given},
	{rule: rule.Fact{Name: "listed", Type: rule.TypeTruth}, reading: given},
	{rule: rule.Fact{Name: "counts_here", Type: rule.TypeTruth}, reading: given},
	{rule: rule.Fact{Name: "income", Type: rule.TypeMoney}, from: registry.Income},
}

// The places of facts that the frame itself looks at or fills in.
var (
	placeDeath        = placeOf("death_date")
	placeSex          = placeOf("sex")
	placeRole         = placeOf("role")
	placeMarital      = placeOf("marital_status")
	placeCustodian    = placeOf("custodian")
	placeFather       = placeOf("father")
	placeMother       = placeOf("mother")
	placeHusband      = placeOf("husband")
	placeFatherKnown  = placeOf("father_known")
	placeMotherKnown  = placeOf("mother_known")
	placeMaritalKnown = placeOf("marital_status_known")
	placeListed       = placeOf("listed")
	placeCounts       = placeOf("counts_here")
)

func placeOf(name string) int {
	for i := range memberFacts {
		if memberFacts[i].rule.Name == name {
			return i
		}
	}
	panic("policy: no fact " + name)
}

// readable is everything that the formulas of a country can ask about: the
// facts of every country, then those that its pack declares. It never changes.
type readable struct {
	members    []factOf // memberFacts first, so that their places hold
	households []factOf // behind the head
	places     map[registry.Name]int
	defined    map[registry.Name]*registry.Definition
}

// headPlace is the place of the household's head among its facts.
const headPlace = 0

// readableFacts gathers what rules can read from the definitions of facts.
func readableFacts(definitions []registry.Definition) *readable {
	r := &readable{households: []factOf{{rule: rule.Fact{Name: "head", Type: rule.TypeMember}, reading: given},
		{rule: rule.Fact{Name: "area", Type: rule.TypeText}, from: registry.Area}},
		places: map[registry.Name]int{}, defined: map[registry.Name]*registry.Definition{}}
	for i := range definitions {
		r.defined[definitions[i].Name] = &definitions[i]
	}
	for _, f := range memberFacts {
		if f.rule.Type.Kind == rule.KindEnumeration {
			f.codes = r.defined[f.from].Codes
		}
		r.members = append(r.members, f)
	}
	for i := range definitions {
		d := &definitions[i]
		if d.Number < registry.FirstDeclared && (d.Type != registry.TypeText || len(d.Codes) == 0) {
			continue // of the core: listed above, or not for rules
		}
		f := factOf{rule: rule.Fact{Name: string(d.Name), Type: ruleType(d)}, from: d.Name, silent: d.Silent, codes: d.Codes}
		if d.Household {
			r.households = append(r.households, f)
		} else {
			r.members = append(r.members, f)
		}
	}
	for i, f := range r.members {
		if f.reading != given {
			r.places[f.from] = i
		}
	}
	return r
}

// ruleType is the type in which rules read a fact.
func ruleType(d *registry.Definition) rule.Type {
	switch {
	case len(d.Codes) > 0:
		return rule.Of(string(d.Name))
	case d.Type == registry.TypeTruth:
		return rule.TypeTruth
	case d.Type == registry.TypeNumber:
		return rule.TypeInteger
	case d.Type == registry.TypeFixed:
		return rule.TypeFixed
	case d.Type == registry.TypeMoney:
		return rule.TypeMoney
	case d.Type == registry.TypeDate:
		return rule.TypeDate
	}
	return rule.TypeText
}

// registryName is the registry's name of a fact that rules read, empty for one
// that only the run knows.
func (r *readable) registryName(read string) registry.Name {
	list, name := r.members, strings.TrimPrefix(read, "member.")
	if name == read {
		list, name = r.households, strings.TrimPrefix(read, "household.")
	}
	for i := range list {
		if name != read && list[i].rule.Name == name {
			return list[i].from
		}
	}
	return ""
}

// schema is the schema of a programme's formulas: the facts of its country, and
// its own parameters.
func (r *readable) schema(parameters []Parameter) rule.Schema {
	s := rule.Schema{
		Measures: []rule.Measure{
			{Name: "age_on", Measuring: rule.FullYears, Facts: []string{"birth_date"}},
			{Name: "months_away", Measuring: rule.MonthsSince, Facts: []string{"abroad_since"}},
			{Name: "alive_on", Measuring: rule.NotEnded, Facts: []string{"death_date"}},
		},
		Inputs: []rule.Fact{{Name: "month.first", Type: rule.TypeDate}, {Name: "month.last", Type: rule.TypeDate}},
	}
	for _, f := range r.households {
		s.Household = append(s.Household, f.rule)
	}
	for _, f := range r.members {
		s.Members = append(s.Members, f.rule)
	}
	for _, f := range slices.Concat(r.members, r.households) {
		if f.rule.Type.Kind == rule.KindEnumeration {
			s.Enumerations = append(s.Enumerations, rule.Enumeration{Name: f.rule.Name, Labels: f.codes})
		}
	}
	for _, p := range parameters {
		s.Parameters = append(s.Parameters, rule.Fact{Name: p.ID, Type: p.kind()})
	}
	return s
}
