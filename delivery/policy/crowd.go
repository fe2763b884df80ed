package policy

import (
	"slices"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/rule"
)

// Crowd holds the facts of some households as columns, so that what one programme
// after the other would owe them is summed as fast as memory is read. It is filled
// household by household, then asked; many crowds make a nation, each used by one
// goroutine.
//
// It answers what a household is due, and nothing of payees or reasons, for
// programmes whose decision rests on the household alone: see Plain.
type Crowd struct {
	framer  *framer
	sizes   []int32
	house   []rule.Value // of each household, in the order of the frame
	members []rule.Value
	width   int // facts of a member
	columns *rule.Columns
}

// Plain reports whether what a programme owes a household rests on its sheet and
// conditions alone: no limits, overlaps, order of those who wait, waiting period
// or help given once.
func (p *Programme) Plain() bool {
	return len(p.Limits) == 0 && len(p.Overlaps) == 0 && p.Ranking == nil && p.Waiting == nil && p.Assessed != Once
}

// NewCrowd begins a crowd of households as they were on a month's first day, with
// the facts that any of the programmes reads.
func NewCrowd(month calendar.Month, programmes ...*Programme) (*Crowd, error) {
	var c *Crowd
	for _, p := range programmes {
		d, err := newDecider(p, month)
		if err != nil {
			return nil, err
		}
		if c == nil {
			c = &Crowd{framer: d.framer}
			continue
		}
		c.framer.wanted = union(c.framer.wanted, d.framer.wanted)
		c.framer.house = union(c.framer.house, d.framer.house)
	}
	return c, nil
}

// union are the places of both lists, ascending.
func union(a, b []int) []int {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.Compact(all)
}

// Add takes in one household; nothing is kept of the sheet.
func (c *Crowd) Add(sheet *registry.Sheet) {
	c.framer.fill(sheet, []stranger{}, func(id.ID) bool { return false })
	c.sizes = append(c.sizes, int32(len(sheet.Members)))
	c.house = append(c.house, c.framer.frame.Household...)
	for i := range sheet.Members {
		facts := c.framer.language.Facts(c.framer.frame, i)
		c.width = len(facts)
		c.members = append(c.members, facts...)
	}
}

// Close puts what was taken in into columns; again, it does nothing.
func (c *Crowd) Close() error {
	if c.columns != nil {
		return nil
	}
	c.columns = c.framer.language.NewColumns(c.sizes)
	width := len(c.framer.frame.Household)
	for h := range c.sizes {
		for fact := range width {
			if err := c.columns.SetHousehold(fact, h, c.house[h*width+fact]); err != nil {
				return err
			}
		}
	}
	for row := range len(c.members) / max(c.width, 1) {
		for fact := range c.width {
			if err := c.columns.SetMember(fact, row, c.members[row*c.width+fact]); err != nil {
				return err
			}
		}
	}
	c.house, c.members = nil, nil
	return nil
}

// Due is what a programme owes each household in a month, in their order. Where a
// computation has no answer, the fault "policy.crowd_fails" says to decide one by
// one, which names the household.
func (c *Crowd) Due(p *Programme, month calendar.Month) ([]money.Amount, error) {
	d, err := newDecider(p, month)
	if err != nil {
		return nil, err
	}
	d.framer.language.Reset(d.framer.frame, 1)
	if len(d.framer.language.Facts(d.framer.frame, 0)) != c.width || len(d.framer.frame.Household) != len(c.framer.frame.Household) {
		return nil, fault.Conflict("policy.crowd_fails") // computed values of its own
	}
	c.columns.Frame = d.framer.frame
	sums := make([]money.Amount, len(c.sizes))
	if len(sums) == 0 {
		return sums, nil
	}
	evaluator := c.columns.Evaluator()
	c.columns.Reserve(p.plan)
	if _, err := evaluator.Compute(p.plan, 0, len(c.sizes)); err != nil {
		return nil, fault.Conflict("policy.crowd_fails").Because(err)
	}
	for i := range p.Components {
		if err := c.component(evaluator, &p.Components[i], sums); err != nil {
			return nil, err
		}
	}
	return sums, nil
}

// component adds what one component owes: its amount where everything that is
// asked is met.
func (c *Crowd) component(e *rule.Evaluator, component *Component, sums []money.Amount) error {
	if component.For == ForHousehold || component.For == ForCouple {
		return fault.Conflict("policy.crowd_fails")
	}
	tests := []*rule.Rule{component.who}
	for _, condition := range component.conditions {
		tests = append(tests, condition.Tests[condition.chosen].rule)
	}
	_, rows := c.columns.Members(len(c.sizes) - 1)
	met := make([]bool, rows)
	for n, test := range tests {
		answers := e.Evaluate(test, 0, len(c.sizes))
		if row, _ := answers.Failure(); row >= 0 || answers.Rows() != rows {
			return fault.Conflict("policy.crowd_fails")
		}
		for row := range met {
			met[row] = (n == 0 || met[row]) && answers.At(row).Truth() == calendar.Yes
		}
	}
	amounts := e.Evaluate(component.amount, 0, len(c.sizes))
	if row, _ := amounts.Failure(); row >= 0 || amounts.Rows() != rows {
		return fault.Conflict("policy.crowd_fails")
	}
	for h := range sums {
		from, to := c.columns.Members(h)
		for row := from; row < to; row++ {
			if amount := amounts.At(row); met[row] && amount.Known() {
				sums[h] += amount.Money()
			}
		}
	}
	return nil
}
