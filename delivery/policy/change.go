package policy

import (
	"slices"
	"strings"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/rule"
	"sanad/platform/text"
)

// Bound says how far a changed fact may go and the outcome still turns.
type Bound string

// The bounds: exactly the value, that or more (later), that or less (earlier).
const (
	Exactly  Bound = "exactly"
	OrMore   Bound = "or_more"
	OrLater  Bound = "or_later"
	OrLess   Bound = "or_less"
	OrBefore Bound = "or_earlier"
)

// ChangedFact is one fact that is otherwise.
type ChangedFact struct {
	Fact  registry.Name
	Label any    // what the fact is called, for text.Value
	Whose string // of whom, where it is not the person herself
	Value any    // what it would be, for text.Value
	Bound Bound

	cell  cell
	value rule.Value
}

// Way is what would turn a line: one changed fact, or two where one is not
// enough.
type Way struct {
	Changes []ChangedFact
	Then    Line
}

// Turning is what would turn the outcome of one line.
type Turning struct {
	Person    id.ID
	Name      string
	Component *Component
	Line      Line
	Ways      []Way          // nearest facts first; the line would be due, and payable where it is held
	By        calendar.Month // the month in which time alone turns it; zero where it does not within two years
	Then      Line           // what it is then; Reason says why it ends
}

// monthsAhead is how far time is followed.
const monthsAhead = 24

// Turnings computes what would change the outcome of every line: of those that
// are not due, or due and held, the nearest facts that would make them so, out
// of those that its conditions read, each found by deciding again; of every
// line the month in which time alone turns it. Nothing of it is written by hand.
func (x *Explanation) Turnings() ([]Turning, error) {
	e := x.by
	var all []Turning
	for _, p := range x.Persons {
		for _, c := range p.Components {
			t := Turning{Person: p.Person, Name: p.Name, Component: c.Component, Line: c.Line}
			if !c.Line.Payable && e.turnable(&c) {
				s := search{explainer: e, component: c.Component, line: c.Line}
				if err := s.run(); err != nil {
					return nil, err
				}
				t.Ways = s.ways
			}
			all = append(all, t)
		}
	}
	return all, e.ahead(all)
}

// turnable reports whether facts can turn a line: not where the household's
// terms decide, an amount is not verified, or another body decides.
func (e *explainer) turnable(c *ComponentExplained) bool {
	switch c.Line.Reason {
	case AmountUnverified, DecidedElsewhere, ReceivedBefore, OnWaitingList, AwaitingRuling:
		return false
	}
	_, terms := e.decider.programme.reasonOfTerms(c.Line.Reason)
	return !terms
}

// ahead decides the months to come by the same facts.
func (e *explainer) ahead(all []Turning) error {
	month := e.explanation.Month
	for range monthsAhead {
		month = month.Next()
		d, err := newDecider(e.decider.programme, month)
		if err != nil {
			return nil // the law says nothing of that month yet
		}
		d.given, d.framer.custody = e.decider.given, e.decider.framer.custody
		away := e.explanation.Decision.basis.elsewhere
		lines, _, err := d.household(e.sheet, e.strangers, func(who id.ID) bool { return slices.Contains(away, who) })
		if err != nil {
			return err
		}
		for i := range all {
			t := &all[i]
			then := lineOf(lines, t.Person, t.Component.ID)
			if t.By == 0 && (then.Status == Due) != (t.Line.Status == Due) {
				t.By, t.Then = month, then
			}
		}
	}
	return nil
}

func lineOf(lines []Line, person id.ID, component string) Line {
	at := slices.IndexFunc(lines, func(l Line) bool { return l.Person == person && l.Component == component })
	if at < 0 {
		return Line{Person: person, Component: component}
	}
	return lines[at]
}

// cell is the place of a fact in the frame; household's where member is -1.
type cell struct{ member, place int }

func (e *explainer) at(c cell) *rule.Value {
	f := e.decider.framer
	if c.member < 0 {
		return &f.frame.Household[c.place]
	}
	return &f.language.Facts(f.frame, c.member)[c.place]
}

func (e *explainer) definition(c cell) *factOf {
	if c.member < 0 {
		return &e.decider.programme.facts.households[c.place]
	}
	return &e.decider.programme.facts.members[c.place]
}

// search looks for the ways in which one line turns.
type search struct {
	*explainer
	component *Component
	line      Line
	cells     []cell
	ways      []Way
}

// enough is how many ways are shown of one line.
const enough = 3

func (s *search) run() error {
	if _, err := s.decider.filled(); err != nil { // the values that follow from facts, as they are
		return err
	}
	if err := s.read(); err != nil {
		return err
	}
	for _, c := range s.cells {
		found, err := s.single(c)
		if err != nil {
			return err
		}
		s.ways = append(s.ways, found...)
	}
	if len(s.ways) == 0 {
		if err := s.pairs(); err != nil {
			return err
		}
	}
	s.ways = s.ways[:min(len(s.ways), enough)]
	return nil
}

// read lists the facts that the line's formulas read, those first that its open
// conditions read.
func (s *search) read() error {
	place := s.decider.framer.placeOf(s.line.Person)
	var later []cell
	for _, c := range s.component.conditions {
		state, _, err := s.decider.condition(c, place)
		if err != nil {
			return err
		}
		into := &later
		if state != calendar.Yes {
			into = &s.cells
		}
		rules := []*rule.Rule{c.Tests[c.chosen].rule}
		if c.Waits != nil {
			rules = append(rules, c.Waits.rule)
		}
		if err := s.note(into, place, rules...); err != nil {
			return err
		}
	}
	if err := s.note(&later, place, s.component.amount); err != nil {
		return err
	}
	if err := s.receiving(&later, place); err != nil {
		return err
	}
	for _, c := range later {
		if !slices.Contains(s.cells, c) {
			s.cells = append(s.cells, c)
		}
	}
	return nil
}

// receiving notes what stands between what is due and its payment.
func (s *search) receiving(into *[]cell, place int) error {
	if s.line.Status != Due {
		return nil
	}
	to, _, err := s.decider.payee(place, s.component)
	for i := range s.decider.programme.Holds {
		h := &s.decider.programme.Holds[i]
		about := place
		if h.Of == "payee" {
			about = to
		}
		if about >= 0 && err == nil {
			err = s.note(into, about, h.rule)
		}
	}
	return err
}

func (s *search) note(into *[]cell, about int, rules ...*rule.Rule) error {
	f := s.decider.framer
	for _, r := range rules {
		var trace rule.Trace
		f.frame.Member = about
		if _, err := r.Evaluate(f.frame, &trace); err != nil {
			return err
		}
		for _, read := range s.near(trace.Readings(), about) {
			if c, can := s.changeable(read, about); can && !slices.Contains(*into, c) {
				*into = append(*into, c)
			}
		}
	}
	return nil
}

// changeable is the place of a fact of which another value can be thought: not
// who somebody is to the others, nor her sex.
func (s *search) changeable(read rule.Reading, about int) (cell, bool) {
	name, own := strings.CutPrefix(read.Name, "member.")
	c := cell{member: -1}
	if own {
		c.member = read.Member
		if c.member < 0 {
			c.member = about
		}
		c.place = s.decider.framer.language.Schema().MemberFact(name)
	} else if name, own = strings.CutPrefix(read.Name, "household."); own {
		c.place = s.decider.framer.language.Schema().HouseholdFact(name)
	}
	if !own || c.place < 0 {
		return c, false
	}
	d := s.definition(c)
	kind := d.rule.Type.Kind
	return c, d.from != "" && d.reading != given && d.reading != reference && d.from != registry.SexFact && d.from != registry.Role &&
		kind != rule.KindMember && kind != rule.KindText
}

// turns decides the household as the frame is now, and reports whether the line
// is better off: due, and payable where it was due and held.
func (s *search) turns() (Line, bool, error) {
	lines, err := s.decider.filled()
	if err != nil {
		return Line{}, false, err
	}
	then := lineOf(lines, s.line.Person, s.component.ID)
	return then, then.Status == Due && (s.line.Status != Due || then.Payable), nil
}

// with decides with one fact otherwise, and puts it back.
func (s *search) with(c cell, v rule.Value) (Line, bool, error) {
	at := s.at(c)
	before := *at
	s.set(c, v)
	then, turned, err := s.turns()
	s.set(c, before)
	return then, turned, err
}

func (s *search) set(c cell, v rule.Value) {
	*s.at(c) = v
	if c.member >= 0 {
		known(s.decider.framer.language.Facts(s.decider.framer.frame, c.member))
	}
}

// change is a fact's other value in words.
func (s *search) change(c cell, v rule.Value, bound Bound) ChangedFact {
	d := s.definition(c)
	change := ChangedFact{Fact: d.from, Label: d.from.Heading(), Bound: bound, cell: c, value: v}
	if c.member >= 0 && c.member != s.decider.framer.placeOf(s.line.Person) {
		change.Whose = s.name(c.member)
	}
	switch {
	case d.reading == ifAny && v.Truth() == calendar.Yes:
		change.Value = text.Key("policy.value_recorded")
	case d.reading == ifAny:
		change.Value = text.Key("policy.value_not_recorded")
	case d.rule.Type.Kind == rule.KindFixed:
		change.Value = registry.Decimal(v.Number())
	default:
		change.Value = s.supposed(d.from, v)
	}
	return change
}

// single finds the ways in which one fact turns the line.
func (s *search) single(c cell) (ways []Way, err error) {
	try := func(v rule.Value) (bool, error) {
		then, turned, err := s.with(c, v)
		if turned {
			ways = append(ways, Way{[]ChangedFact{s.change(c, v, Exactly)}, then})
		}
		return turned, err
	}
	now := *s.at(c)
	kind := s.definition(c).rule.Type.Kind
	switch kind {
	case rule.KindTruth, rule.KindEnumeration:
		for _, v := range s.others(c) {
			if _, err = try(v); err != nil {
				break
			}
		}
	case rule.KindDate:
		if !now.Absent() && s.definition(c).from != registry.Birth {
			if turned, err := try(rule.Absent(kind)); turned || err != nil {
				return ways, err
			}
		}
		ways, err = s.both(c, s.days(now), OrBefore, OrLater)
	default:
		ways, err = s.both(c, s.numbers(c, now), OrLess, OrMore)
	}
	return ways, err
}
