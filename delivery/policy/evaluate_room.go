package policy

import (
	"slices"

	"sanad/platform/calendar"
	"sanad/platform/rule"
)

// Room is an evaluation of households of so many members each, whose facts the
// caller gives: of people who stand in no table. What is not given is unknown.
func (p *Pack) Room(sizes []int32, day calendar.Date) (*Evaluation, error) {
	sets, err := p.prepare(sizes, day)
	return &Evaluation{pack: p, sets: sets}, err
}

// HouseholdFact returns what gives households a fact, by its name; nil where the
// pack has no such fact.
func (e *Evaluation) HouseholdFact(name string) func(household int, v rule.Value) error {
	return e.giver(e.pack.facts.households, name, false)
}

// MemberFact returns what gives members a fact, by the member's row.
func (e *Evaluation) MemberFact(name string) func(row int, v rule.Value) error {
	return e.giver(e.pack.facts.members, name, true)
}

func (e *Evaluation) giver(facts []factOf, name string, member bool) func(int, rule.Value) error {
	place := slices.IndexFunc(facts, func(f factOf) bool { return f.rule.Name == name })
	if place < 0 {
		return nil
	}
	return func(row int, v rule.Value) error { return e.set(member, place, row, v) }
}

// Alone computes single households of an evaluation by themselves, as a decision
// is explained: the reference that columns are compared with. It keeps its memory
// and is used by one goroutine.
type Alone struct {
	evaluation *Evaluation
	frames     []*rule.Frame // of each set
	trace      rule.Trace
}

// Alone begins.
func (e *Evaluation) Alone() *Alone {
	a := &Alone{evaluation: e}
	for _, s := range e.sets {
		a.frames = append(a.frames, s.set.language.NewFrame(0))
	}
	return a
}

// Household computes a household's values, explained gets each with the trace of
// every step; nil is for the values alone. It reports whether all values are the
// ones that Run computed.
func (a *Alone) Household(household int, explained func(rule.Explanation)) (same bool, err error) {
	same = true
	for i, s := range a.evaluation.sets {
		frame := a.frames[i]
		s.columns.Fill(frame, household)
		trace := &a.trace
		if explained == nil {
			trace = nil
		}
		if err := s.set.plan.Explain(frame, trace, explained); err != nil {
			return false, err
		}
		same = same && s.sameAs(frame, household)
	}
	return same, nil
}

// sameAs compares a household's computed values with those of the columns.
func (s *evaluated) sameAs(frame *rule.Frame, household int) bool {
	from, to := s.columns.Members(household)
	for i := range s.set.Values {
		v := &s.set.Values[i]
		if v.For == "household" {
			if frame.Household[v.fact] != s.columns.HouseholdValue(v.fact, household) {
				return false
			}
			continue
		}
		for row := from; row < to; row++ {
			if s.set.language.Facts(frame, row-from)[v.fact] != s.columns.MemberValue(v.fact, row) {
				return false
			}
		}
	}
	return true
}
