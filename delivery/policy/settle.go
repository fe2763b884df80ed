package policy

import (
	"slices"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/rule"
)

// What follows once the conditions were looked at: help that was had before,
// the time that must pass, what other programmes give, ceilings and floors, and
// whose turn it is where there is not enough for all.

// LimitApplied is a ceiling or floor that changed what is due.
type LimitApplied struct {
	Limit  *Limit
	Person id.ID // zero for the household's
	Bound  money.Amount
	Before money.Amount
	After  money.Amount
}

// before looks at what happened before this month: one-off help that was had, a
// waiting period that has not passed, and a programme that excludes this one.
func (d *decider) before(v verdict, member int, c *Component) (verdict, error) {
	who := d.framer.sheet.Members[member].Person
	if slices.Contains(d.given.received, receipt{who, c.ID}) {
		return verdict{Refused, ReceivedBefore}, nil
	}
	for i := range d.programme.Overlaps {
		o := &d.programme.Overlaps[i]
		if o.Effect == "excludes" && d.given.from(o, who) > 0 {
			return verdict{Refused, o.ID}, nil
		}
	}
	if d.programme.Waiting == nil {
		return v, nil
	}
	return d.waits(v, member)
}

// from is what another programme gives: to the person, or to anybody of the
// household where that is what counts.
func (g *circumstances) from(o *Overlap, who id.ID) (sum money.Amount) {
	for _, other := range g.others {
		if other.programme == o.Programme && (o.Of == "household" || other.person == who) {
			sum += other.amount
		}
	}
	return sum
}

// waits looks at the waiting period. A date that is not known is asked for.
func (d *decider) waits(v verdict, member int) (verdict, error) {
	w := d.programme.Waiting
	d.framer.frame.Member = member
	since, err := w.since.Evaluate(d.framer.frame, nil)
	switch {
	case err != nil:
		return v, err
	case since.Absent():
		return verdict{Refused, WaitingPeriod}, nil
	case !since.Known():
		d.wanting(w.since, member)
		return verdict{Pending, MissingFact}, nil
	}
	months := d.parameter(w.Months).Number()
	over := since.Date().AddMonths(int(months))
	switch d.framer.on.Before(over) {
	case calendar.Yes:
		return verdict{Refused, WaitingPeriod}, nil
	case calendar.Maybe:
		d.wanting(w.since, member)
		return verdict{Pending, MissingFact}, nil
	}
	return v, nil
}

// parameter is the value of a parameter in the month.
func (d *decider) parameter(id string) rule.Value {
	for i := range d.programme.Parameters {
		if d.programme.Parameters[i].ID == id {
			return d.framer.frame.Parameters[i]
		}
	}
	return rule.Value{}
}

// settle applies to the lines of a household what can be known only once they
// all are.
func (d *decider) settle() error {
	p := d.programme
	for i := range p.Overlaps {
		if p.Overlaps[i].Effect == "reduces" {
			d.reduce(&p.Overlaps[i])
		}
	}
	for i := range p.Limits {
		if err := d.limit(&p.Limits[i]); err != nil {
			return err
		}
	}
	if p.Ranking != nil {
		return d.turn()
	}
	return nil
}

// reduce takes from the lines what the other programme gives, from the first
// line on; a line of which nothing is left is refused for that reason.
func (d *decider) reduce(o *Overlap) {
	taken := map[id.ID]money.Amount{}
	for i := range d.lines {
		l := &d.lines[i]
		if l.Status != Due {
			continue
		}
		whose := l.Person
		if o.Of == "household" {
			whose = id.ID{}
		}
		less := min(l.Amount, d.given.from(o, l.Person)-taken[whose])
		taken[whose] += less
		if l.Amount -= less; less > 0 && l.Amount == 0 {
			l.refuse(o.ID)
		}
	}
}

// refuse makes a line one that is not due.
func (l *Line) refuse(reason string) {
	*l = Line{Person: l.Person, Component: l.Component, Status: Refused, Reason: reason}
}

// limit applies a ceiling or floor to the household, or to each person.
func (d *decider) limit(l *Limit) error {
	if l.Of == "household" {
		return d.bound(l, id.ID{}, int(d.framer.frame.Household[headPlace].Number()))
	}
	for member := range d.framer.sheet.Members {
		if err := d.bound(l, d.framer.sheet.Members[member].Person, member); err != nil {
			return err
		}
	}
	return nil
}

// counts reports whether a due line falls under a limit.
func (l *Limit) counts(line *Line, person id.ID) bool {
	return line.Status == Due && (person.IsZero() || line.Person == person) && (len(l.Components) == 0 || slices.Contains(l.Components, line.Component))
}

func (d *decider) bound(l *Limit, person id.ID, member int) error {
	var sum money.Amount
	var err error
	for i := range d.lines {
		if l.counts(&d.lines[i], person) {
			if sum, err = sum.Plus(d.lines[i].Amount); err != nil {
				return err
			}
		}
	}
	if sum == 0 {
		return nil
	}
	most, least, err := d.bounds(l, member)
	if err != nil {
		return err
	}
	bound := min(max(sum, least), most)
	if bound == sum {
		return nil
	}
	d.applied = append(d.applied, LimitApplied{Limit: l, Person: person, Bound: bound, Before: sum, After: bound})
	d.spread(l, person, bound-sum)
	return nil
}

// unbounded is more than any help.
const unbounded = money.Amount(1) << 60

// bounds are a limit's sums; one that is not known does not bind: it is not a
// reason against anybody.
func (d *decider) bounds(l *Limit, member int) (most, least money.Amount, err error) {
	most = unbounded
	d.framer.frame.Member = member
	for _, side := range []struct {
		rule *rule.Rule
		into *money.Amount
	}{{l.most, &most}, {l.least, &least}} {
		if side.rule == nil {
			continue
		}
		v, err := side.rule.Evaluate(d.framer.frame, nil)
		if err != nil {
			return 0, 0, err
		}
		if v.Known() {
			*side.into = v.Money()
		}
	}
	if least > most {
		return 0, 0, fault.Conflict("policy.limits_cross", "limit", l.Name)
	}
	return most, least, nil
}

// spread adds a floor's difference to the first line, or takes a ceiling's from
// the last lines first; a line of which nothing is left is refused.
func (d *decider) spread(l *Limit, person id.ID, difference money.Amount) {
	for i := range d.lines {
		if difference > 0 && l.counts(&d.lines[i], person) {
			d.lines[i].Amount += difference
			return
		}
	}
	for i := len(d.lines) - 1; i >= 0 && difference < 0; i-- {
		if !l.counts(&d.lines[i], person) {
			continue
		}
		less := min(d.lines[i].Amount, -difference)
		difference += less
		if d.lines[i].Amount -= less; d.lines[i].Amount == 0 {
			d.lines[i].refuse(l.ID)
		}
	}
}

// turn makes wait who is entitled and was not served. Without places, which the
// run gives once it knows everybody, all are entitled. Who cannot be ordered for
// want of a fact is asked for it.
func (d *decider) turn() error {
	for i := range d.lines {
		l := &d.lines[i]
		if l.Status != Due {
			continue
		}
		unit := d.unitOf(l.Person)
		d.framer.frame.Member = d.framer.placeOf(unit)
		rank, err := d.programme.Ranking.by.Evaluate(d.framer.frame, nil)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(d.given.places, func(p Place) bool { return p.Person == unit })
		switch {
		case !rank.Known():
			d.wanting(d.programme.Ranking.by, d.framer.frame.Member)
			*l = Line{Person: l.Person, Component: l.Component, Status: Pending, Reason: MissingFact}
		case at >= 0 && !d.given.places[at].Served:
			*l = Line{Person: l.Person, Component: l.Component, Status: Pending, Reason: OnWaitingList}
		}
	}
	return nil
}

// unitOf is who stands for the unit of a line's person: herself, or the head of
// the household.
func (d *decider) unitOf(person id.ID) id.ID {
	if d.programme.Unit != ForHousehold {
		return person
	}
	if head := d.framer.frame.Household[headPlace]; head.Known() {
		return d.framer.sheet.Members[head.Number()].Person
	}
	return d.framer.sheet.Members[0].Person
}
