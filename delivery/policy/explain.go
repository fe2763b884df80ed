package policy

import (
	"bytes"
	"slices"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/rule"
	"sanad/platform/store"
	"sanad/platform/text"
)

// Explanation is one decision shown in full: computed again from the version of
// the sheet and the release of the law that it cites.
type Explanation struct {
	Programme *Programme
	Month     calendar.Month
	Decision  Decision
	Persons   []PersonExplained // who has a line
	Sums      []Sum
	Total     money.Amount // due
	Payable   money.Amount // of this, what can be paid now
}

// PersonExplained is everything decided about one person.
type PersonExplained struct {
	Person     id.ID
	Name       string
	Facts      []FactExplained // those that any of the conditions read
	Components []ComponentExplained
}

// FactExplained is a fact as it was known, with its best source.
type FactExplained struct {
	Fact   registry.Name
	Label  text.Key // what the fact is called
	Whose  string   // of whom, where it is not the person herself
	Value  any      // for text.Value
	Known  bool     // recorded, and not only supposed from silence or the role
	Source registry.Source
}

// ComponentExplained is one line with all that led to it.
type ComponentExplained struct {
	Component  *Component
	Line       Line
	Conditions []ConditionExplained
	PayeeName  string
	Payee      *PayeeStep // the step that named the payee; nil where none did
	Reason     any        // for text.Value; empty where the line is payable
}

// ConditionExplained is one condition and what it came to.
type ConditionExplained struct {
	Condition *Condition
	State     calendar.Truth
	Act       Act
	Article   Article
	Reading   *Reading // the open question that it rests on, nil where none is
	Option    Option   // by which it was read
	Facts     []FactExplained
	Missing   []FactExplained // for want of which it is not known
}

// Sum is the arithmetic of one component: persons times amount.
type Sum struct {
	Component *Component
	Count     int
	Amount    money.Amount
	Total     money.Amount
}

// Explain replays the decision that stands for a household in a month. It needs
// the capability SeeDecision over the household's branch, and leaves a trace
// that the file was looked at. Where the replay does not give what was recorded
// it is the fault "policy.replay_differs".
func Explain(tx *store.Tx, programme string, household id.ID, month calendar.Month) (Explanation, error) {
	decision, err := DecisionOf(tx, programme, household, month)
	if err != nil {
		return Explanation{}, err
	}
	if err := access.Require(tx, access.SeeDecision, decision.Branch); err != nil {
		return Explanation{}, err
	}
	journal.Look(tx, household, "decision")
	p, err := ReleaseOf(tx, decision.Release)
	if err != nil {
		return Explanation{}, err
	}
	sheet, err := sheetAt(tx, household, decision.SheetVersion)
	if err != nil {
		return Explanation{}, err
	}
	var strangers []stranger
	for _, other := range decision.basis.others {
		s := stranger{otherSheet: other}
		if other.version > 0 {
			if s.sheet, err = sheetAt(tx, other.household, other.version); err != nil {
				return Explanation{}, err
			}
			s.member = s.sheet.Member(other.person)
		}
		strangers = append(strangers, s)
	}
	d, err := newDecider(p, decision.From)
	if err != nil {
		return Explanation{}, err
	}
	e := explainer{decider: d, explanation: Explanation{Programme: p, Month: month, Decision: decision}}
	return e.explain(sheet, strangers)
}

func sheetAt(tx *store.Tx, household id.ID, version int64) (*registry.Sheet, error) {
	raw, err := journal.SheetVersion(tx, household, version)
	if err != nil {
		return nil, err
	}
	return registry.Decode(household, version, raw.Plain)
}

// ReleaseOf returns the programme as a release has it, from its kept text; the
// fault "policy.no_release" where this node does not have it. It holds no
// personal data and needs no capability.
func ReleaseOf(tx *store.Tx, release [32]byte) (*Programme, error) {
	body, found, err := store.One(tx, func(r *store.Row) [2]string { return [2]string{r.Text(), r.Text()} },
		`SELECT programme, body FROM releases WHERE release = $1`, release[:])
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fault.NotFound("policy.no_release")
	}
	return parse(body[0]+".yaml", body[1])
}

// explainer replays with every step noted.
type explainer struct {
	decider     *decider
	explanation Explanation
	sheet       *registry.Sheet
	strangers   []stranger
}

func (e *explainer) explain(sheet *registry.Sheet, strangers []stranger) (Explanation, error) {
	e.sheet, e.strangers = sheet, strangers
	if strangers == nil {
		strangers = []stranger{}
	}
	away := e.explanation.Decision.basis.elsewhere
	lines, _, err := e.decider.household(sheet, strangers, func(who id.ID) bool { return slices.Contains(away, who) })
	if err != nil {
		return Explanation{}, err
	}
	if recorded := e.explanation.Decision.Lines; !bytes.Equal(encodeOutcome(sheet.Household, lines), encodeOutcome(sheet.Household, recorded)) {
		return Explanation{}, fault.Conflict("policy.replay_differs", "file", sheet.File, "branch", sheet.Branch)
	}
	lines = slices.Clone(lines)
	for i := range lines {
		if err := e.line(&lines[i]); err != nil {
			return Explanation{}, err
		}
	}
	return e.explanation, nil
}

func (e *explainer) line(l *Line) error {
	x := &e.explanation
	place := e.decider.framer.placeOf(l.Person)
	if n := len(x.Persons); n == 0 || x.Persons[n-1].Person != l.Person {
		x.Persons = append(x.Persons, PersonExplained{Person: l.Person, Name: e.name(place)})
	}
	person := &x.Persons[len(x.Persons)-1]
	c := x.Programme.Component(l.Component)
	shown := ComponentExplained{Component: c, Line: *l, Reason: x.Programme.Reason(l.Component, l.Reason)}
	for _, condition := range c.conditions {
		one, err := e.condition(condition, place)
		if err != nil {
			return err
		}
		shown.Conditions = append(shown.Conditions, one)
		for _, fact := range one.Facts {
			if !slices.ContainsFunc(person.Facts, func(f FactExplained) bool { return f.Fact == fact.Fact && f.Whose == fact.Whose }) {
				person.Facts = append(person.Facts, fact)
			}
		}
	}
	if l.Status == Due {
		to, step, err := e.decider.payee(place, c)
		if err != nil {
			return err
		}
		if to >= 0 {
			shown.PayeeName, shown.Payee = e.name(to), &c.Payees[step]
		}
		if err := e.add(c, l); err != nil {
			return err
		}
	}
	person.Components = append(person.Components, shown)
	return nil
}

// add adds a due line to the arithmetic.
func (e *explainer) add(c *Component, l *Line) (err error) {
	x := &e.explanation
	if x.Total, err = x.Total.Plus(l.Amount); err != nil {
		return err
	}
	if l.Payable {
		x.Payable += l.Amount
	}
	for i := range x.Sums {
		if s := &x.Sums[i]; s.Component == c && s.Amount == l.Amount {
			s.Count++
			s.Total += l.Amount
			return nil
		}
	}
	x.Sums = append(x.Sums, Sum{Component: c, Count: 1, Amount: l.Amount, Total: l.Amount})
	return nil
}

func (e *explainer) condition(c *Condition, place int) (ConditionExplained, error) {
	act, article := e.explanation.Programme.Cited(c.Article)
	shown := ConditionExplained{Condition: c, Act: act, Article: article, Reading: e.explanation.Programme.Reading(c.Reading)}
	if shown.Reading != nil {
		shown.Option = shown.Reading.Options[c.chosen]
	}
	var trace rule.Trace
	e.decider.framer.frame.Member = place
	answer, err := c.Tests[c.chosen].rule.Evaluate(e.decider.framer.frame, &trace)
	if err != nil {
		return shown, err
	}
	if shown.State, _, err = e.decider.condition(c, place); err != nil {
		return shown, err
	}
	shown.Facts = e.facts(e.near(trace.Readings(), place), place)
	if answer.Truth() == calendar.Maybe {
		shown.Missing = e.facts(trace.Explanation().Missing(), place)
	}
	return shown, nil
}

// near leaves out facts of members who are nobody to the person: a formula that
// looks for her husband among all members reads a little of each.
func (e *explainer) near(readings []rule.Reading, about int) (kept []rule.Reading) {
	f := e.decider.framer
	related := []rule.Value{rule.Member(about), f.frame.Household[0]}
	for place, fact := range f.language.Facts(f.frame, about) {
		if memberFacts[place].reading == reference {
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
		name := registryName(read.Name)
		if name == "" {
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
	f := FactExplained{Fact: name, Label: text.Key("registry.fact_" + string(name)), Value: e.supposed(name, read)}
	sheet, member := e.member(place)
	if member == nil {
		return f
	}
	fact, known := sheet.At(member.Facts, name, e.decider.framer.on)
	if !known {
		return f
	}
	f.Known, f.Value = true, e.words(registry.Define(name), fact.Value)
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
		return text.Key("registry.code_" + v.Text)
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
		return text.Key("registry.code_" + registry.Define(name).Codes[read.Number()])
	case read.Kind() == rule.KindDate:
		return read.Date()
	}
	return text.Key("policy.value_unknown")
}
