package policy

import (
	"slices"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/rule"
)

// decider decides households by one release for one month. It is used by one
// goroutine.
type decider struct {
	programme *Programme
	framer    *framer
	sheets    registry.Decoder
	given     circumstances // of the household that is being decided
	lines     []Line
	missing   []missingFact
	applied   []LimitApplied
}

// missingFact is what somebody should be asked before a line can be decided.
type missingFact struct {
	person id.ID
	fact   registry.Name
}

func newDecider(p *Programme, month calendar.Month) (*decider, error) {
	parameters, err := p.parametersOn(month)
	if err != nil {
		return nil, err
	}
	d := &decider{programme: p, framer: newFramer(p, month, parameters)}
	d.framer.frame.Tables, err = p.tablesOn(month.First())
	return d, err
}

// household decides one household. Where the sheet speaks of persons of other
// sheets whom strangers does not have, it returns them and decides nothing.
func (d *decider) household(sheet *registry.Sheet, strangers []stranger, elsewhere func(id.ID) bool) ([]Line, []id.ID, error) {
	if wanted := d.framer.fill(sheet, strangers, elsewhere); len(wanted) > 0 && strangers == nil {
		return nil, wanted, nil
	}
	lines, err := d.filled()
	return lines, nil, err
}

// filled decides the household that is in the frame.
func (d *decider) filled() ([]Line, error) {
	if err := d.programme.plan.Fill(d.framer.frame); err != nil {
		return nil, err
	}
	d.lines, d.missing, d.applied = d.lines[:0], d.missing[:0], d.applied[:0]
	for member := range d.framer.sheet.Members {
		for c := range d.programme.Components {
			if component := &d.programme.Components[c]; d.asked(member, component) {
				if err := d.member(member, component); err != nil {
					return nil, err
				}
			}
		}
	}
	return d.lines, d.settle()
}

// asked reports whether a component asks about a member: a household's about its
// head, a couple's about the wife, the others about everybody.
func (d *decider) asked(member int, c *Component) bool {
	switch c.For {
	case ForHousehold:
		head := d.framer.frame.Household[headPlace]
		return head.Known() && int(head.Number()) == member || !head.Known() && member == 0
	case ForCouple:
		sex := d.framer.language.Facts(d.framer.frame, member)[placeSex]
		return sex.Known() && sex != male
	}
	return true
}

// ask evaluates a condition about one person of the frame.
func (d *decider) ask(r *rule.Rule, member int) (calendar.Truth, error) {
	d.framer.frame.Member = member
	answer, err := r.Evaluate(d.framer.frame, nil)
	return answer.Truth(), err
}

// member adds the line of one person and component, where there is one.
func (d *decider) member(member int, c *Component) error {
	kind, err := d.ask(c.who, member)
	if err != nil || kind == calendar.No {
		return err
	}
	v, err := d.judge(member, c)
	if err == nil && v.status != Refused {
		v, err = d.before(v, member, c)
	}
	if err != nil {
		return err
	}
	if kind == calendar.Maybe {
		if v.status == Refused {
			return nil // whatever she is, nothing is due
		}
		v = verdict{status: Pending, reason: MissingFact}
		d.wanting(c.who, member)
	}
	line := Line{Person: d.framer.sheet.Members[member].Person, Component: c.ID, Status: v.status, Reason: v.reason}
	if line.Status == Due {
		if err := d.due(&line, member, c); err != nil {
			return err
		}
	}
	d.lines = append(d.lines, line)
	return nil
}

// verdict is what the conditions of a component come to for one person.
type verdict struct {
	status Status
	reason string
}

// judge looks at every condition. One that is not met refuses, unless it rests
// on a reading that nobody confirmed and that by another of its options would
// not refuse: then the person waits for the ruling.
func (d *decider) judge(member int, c *Component) (verdict, error) {
	v := verdict{status: Due}
	open := false
	for _, condition := range c.conditions {
		state, reason, err := d.condition(condition, member)
		switch {
		case err != nil:
			return v, err
		case state == calendar.Yes:
		case state == calendar.Maybe:
			if v.status == Due {
				v = verdict{status: Pending, reason: reason}
			}
		case !d.unsettled(condition):
			return verdict{status: Refused, reason: condition.ID}, nil
		default:
			if open, err = d.otherwise(condition.Reading, member, c); err != nil {
				return v, err
			}
			if !open {
				return verdict{status: Refused, reason: condition.ID}, nil
			}
		}
	}
	if open && v.status == Due {
		v = verdict{status: Pending, reason: AwaitingRuling}
	}
	return v, nil
}

// condition is a condition's state under the chosen option, and the reason where
// it is not known.
func (d *decider) condition(c *Condition, member int) (calendar.Truth, string, error) {
	test := c.Tests[c.chosen].rule
	state, err := d.ask(test, member)
	if err != nil || state == calendar.Yes {
		return state, "", err
	}
	if c.Waits != nil {
		waits, err := d.ask(c.Waits.rule, member)
		if err != nil || waits == calendar.Yes {
			return calendar.Maybe, c.Waits.Reason, err
		}
	}
	if state == calendar.Maybe {
		d.wanting(test, member)
	}
	return state, MissingFact, nil
}

// unsettled reports whether a condition rests on a reading that nobody has
// confirmed.
func (d *decider) unsettled(c *Condition) bool {
	if c.Reading == "" {
		return false
	}
	return d.programme.Reading(c.Reading).Confirmed == nil
}

// otherwise reports whether by some other option of a reading none of the
// component's conditions that rest on it would refuse.
func (d *decider) otherwise(reading string, member int, c *Component) (bool, error) {
	for o := range d.programme.Reading(reading).Options {
		all := calendar.Yes
		for _, condition := range c.conditions {
			if condition.Reading != reading {
				continue
			}
			state, err := d.ask(condition.Tests[o].rule, member)
			if err != nil {
				return false, err
			}
			all = all.And(state)
		}
		if all != calendar.No {
			return true, nil
		}
	}
	return false, nil
}

// due adds amount, payee and what holds the payment.
func (d *decider) due(line *Line, member int, c *Component) error {
	d.framer.frame.Member = member
	amount, err := c.amount.Evaluate(d.framer.frame, nil)
	if err != nil {
		return err
	}
	if !amount.Known() {
		line.Status, line.Reason = Pending, MissingFact
		d.wanting(c.amount, member)
		return nil
	}
	line.Amount = amount.Money()
	to, _, err := d.payee(member, c)
	if err != nil {
		return err
	}
	if to < 0 {
		d.askPayee(member)
	} else {
		line.Payee, line.PayeeHousehold, line.Account = d.framer.receiver(to)
	}
	line.Reason, err = d.held(member, to, c)
	line.Payable = line.Reason == ""
	return err
}

// askPayee notes that nobody knows who receives for a person.
func (d *decider) askPayee(member int) {
	fact := missingFact{d.framer.who(member), registry.Guardian}
	if !slices.Contains(d.missing, fact) {
		d.missing = append(d.missing, fact)
	}
}

// payee walks down the order of payees and returns the place of who receives and
// the step that says so; -1 where nobody can be named. A step of which it is not
// known whether it applies ends the walk: nobody is paid on a guess.
func (d *decider) payee(member int, c *Component) (to, step int, err error) {
	for i := range c.Payees {
		applies, err := d.ask(c.Payees[i].when, member)
		if err != nil || applies == calendar.Maybe {
			return -1, i, err
		}
		if applies == calendar.No {
			continue
		}
		d.framer.frame.Member = member
		who, err := c.Payees[i].pay.Evaluate(d.framer.frame, nil)
		if err != nil || !who.Known() || who.Absent() {
			return -1, i, err
		}
		return int(who.Number()), i, nil
	}
	return -1, -1, nil
}

// held is the first reason for which what is due cannot be paid now, empty
// where there is none. What is not known does not hold: it is not against
// anybody.
func (d *decider) held(member, payee int, c *Component) (string, error) {
	switch {
	case d.programme.Indication:
		return DecidedElsewhere, nil
	case len(c.unverified) > 0:
		return AmountUnverified, nil
	}
	for i := range d.programme.Holds {
		h := &d.programme.Holds[i]
		about := member
		if h.Of == "payee" {
			if payee < 0 {
				return PayeeUnknown, nil
			}
			about = payee
		}
		holds, err := d.ask(h.rule, about)
		if err != nil || holds == calendar.Yes {
			return h.ID, err
		}
	}
	if payee < 0 {
		return PayeeUnknown, nil
	}
	return "", nil
}

// wanting notes which facts are missing for want of which a rule has no answer.
func (d *decider) wanting(r *rule.Rule, member int) {
	var trace rule.Trace
	d.framer.frame.Member = member
	if _, err := r.Evaluate(d.framer.frame, &trace); err != nil {
		return
	}
	for _, missing := range trace.Explanation().Missing() {
		whose := missing.Member
		if whose < 0 {
			whose = member
		}
		name := d.programme.facts.registryName(missing.Name)
		m := d.framer.who(whose)
		if name == "" || m.IsZero() {
			continue
		}
		if fact := (missingFact{m, name}); !slices.Contains(d.missing, fact) {
			d.missing = append(d.missing, fact)
		}
	}
}

// who is the person at a place of the frame; only members of the sheet.
func (f *framer) who(place int) id.ID {
	if place < 0 || place >= len(f.sheet.Members) {
		return id.ID{}
	}
	return f.sheet.Members[place].Person
}

// receiver is a payee's person, household and account.
func (f *framer) receiver(place int) (person, household id.ID, account string) {
	sheet, member := f.sheet, (*registry.Member)(nil)
	if place < len(f.sheet.Members) {
		member = &f.sheet.Members[place]
	} else {
		s := &f.strangers[place-len(f.sheet.Members)]
		if s.member == nil {
			return s.person, s.household, ""
		}
		sheet, member = s.sheet, s.member
	}
	if fact, known := sheet.At(member.Facts, registry.Account, f.on); known {
		account = fact.Value.Text
	}
	return member.Person, sheet.Household, account
}
