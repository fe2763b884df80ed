package policy

import (
	"slices"
	"sync"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
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
	Limits    []LimitApplied
	Others    []HelpExplained // of programmes that this one meets
	Received  []Received      // what the body that decides wrote to us
	Decider   text.Bilingual  // of a programme that another body decides: its name

	by *explainer
}

// HelpExplained is what another programme gave in the month.
type HelpExplained struct {
	Programme string // its id
	Name      string // of the person
	Amount    money.Amount
	Overlap   *Overlap
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
	Label  any    // what the fact is called, for text.Value
	Whose  string // of whom, where it is not the person herself
	Value  any    // for text.Value
	Known  bool   // recorded, and not only supposed from silence or the role
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
	Place      *Place     // in the order of a programme that cannot serve all; nil where there is none
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
	papers, err := citedBy(tx, []Decision{decision})
	if err != nil {
		return Explanation{}, err
	}
	sheet, strangers, err := papers[0].open(registry.Decode)
	if err != nil {
		return Explanation{}, err
	}
	d, err := newDecider(p, decision.decidedFor())
	if err != nil {
		return Explanation{}, err
	}
	e := explainer{decider: d, explanation: Explanation{Programme: p, Month: month, Decision: decision}}
	if p.Indication {
		if err := e.fromElsewhere(tx, household, month); err != nil {
			return Explanation{}, err
		}
	}
	return e.explain(sheet, strangers)
}

// fromElsewhere brings what the body that decides wrote to us, and its name.
func (e *explainer) fromElsewhere(tx *store.Tx, household id.ID, month calendar.Month) (err error) {
	x := &e.explanation
	if x.Received, err = ReceivedOf(tx, x.Programme.ID, household, month); err != nil {
		return err
	}
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return err
	}
	x.Decider = text.Bilingual{Arabic: x.Programme.Decider, English: x.Programme.Decider}
	if body, found := country.Body(x.Programme.Decider); found {
		x.Decider = body.Name()
	}
	return nil
}

// parsed keeps releases that were read before, by digest: a release never
// changes, and reading one takes longer than replaying a decision by it.
var parsed sync.Map // [32]byte to *Programme

// ReleaseOf returns the programme as a release has it, from its kept text; the
// fault "policy.no_release" where this node does not have it. It holds no
// personal data and needs no capability.
func ReleaseOf(tx *store.Tx, release [32]byte) (*Programme, error) {
	name, found, err := store.One(tx, func(r *store.Row) string { return r.Text() }, `SELECT programme FROM releases WHERE release = $1`, release[:])
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fault.NotFound("policy.no_release")
	}
	if p, known := parsed.Load(release); known {
		return p.(*Programme), nil
	}
	body, _, err := store.One(tx, func(r *store.Row) string { return r.Text() }, `SELECT body FROM releases WHERE release = $1`, release[:])
	if err != nil {
		return nil, err
	}
	p, err := parse(name+".yaml", body)
	if err == nil {
		parsed.Store(release, p)
	}
	return p, err
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
	for i := range e.explanation.Received {
		e.explanation.Received[i].Name = nameOn(sheet, e.explanation.Received[i].Person)
	}
	lines, err := e.decider.again(&e.explanation.Decision, sheet, strangers)
	if err != nil {
		return Explanation{}, err
	}
	lines = slices.Clone(lines)
	e.explanation.by = e
	e.explanation.Limits = slices.Clone(e.decider.applied)
	e.others()
	for i := range lines {
		if err := e.line(&lines[i]); err != nil {
			return Explanation{}, err
		}
	}
	return e.explanation, nil
}

// others shows what other programmes gave.
func (e *explainer) others() {
	for _, o := range e.decider.given.others {
		overlaps := e.explanation.Programme.Overlaps
		at := slices.IndexFunc(overlaps, func(p Overlap) bool { return p.Programme == o.programme })
		if at >= 0 {
			e.explanation.Others = append(e.explanation.Others, HelpExplained{o.programme, nameOn(e.sheet, o.person), o.amount, &overlaps[at]})
		}
	}
}

// place is where the unit of a line stands.
func (e *explainer) place(l *Line) *Place {
	if e.explanation.Programme.Ranking == nil {
		return nil
	}
	unit := e.decider.unitOf(l.Person)
	for i := range e.decider.given.places {
		if p := &e.decider.given.places[i]; p.Person == unit {
			return p
		}
	}
	return nil
}

func (e *explainer) line(l *Line) error {
	x := &e.explanation
	place := e.decider.framer.placeOf(l.Person)
	if n := len(x.Persons); n == 0 || x.Persons[n-1].Person != l.Person {
		x.Persons = append(x.Persons, PersonExplained{Person: l.Person, Name: e.name(place)})
	}
	person := &x.Persons[len(x.Persons)-1]
	c := x.Programme.Component(l.Component)
	shown := ComponentExplained{Component: c, Line: *l, Reason: x.Programme.Reason(l.Component, l.Reason), Place: e.place(l)}
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
