// Package strategy asks what a reform would do before anybody lives under it:
// what it costs, which families gain or lose, who comes under the programme and
// who falls out of it, and how many are poor before and after. Nothing of it is a
// decision, and nothing is written that could become one.
//
// Compare decides every household twice, by the programme as it stands and by the
// one that is thought of, over the registry or over an invented population, and
// keeps a few figures of each household; all tables are counted from these.
// Simulate does the same for a Scenario, month by month, with poverty and the
// search for a budget-neutral figure. Sums are exact integers; a sample shows how
// far its figures may be off.
package strategy

import (
	"context"

	"sanad/delivery/policy"
	"sanad/platform/calendar"
	"sanad/platform/money"
)

// Report says what changes between two programmes in a month.
type Report struct {
	Change
	Groups []Group
}

// Group is the same for a part of the households: By is one of Groupings, Key the
// part's name within it.
type Group struct {
	By  string `json:"by"`
	Key string `json:"key"`
	Change
}

// Change counts households and amounts before and after. Households gain or lose
// where both programmes pay them something, and unlike; they enter where only the
// second does, leave where only the first did.
type Change struct {
	Households int64        `json:"households"`
	Gain       int64        `json:"gain"`
	Lose       int64        `json:"lose"`
	Enter      int64        `json:"enter"`
	Leave      int64        `json:"leave"`
	Before     money.Amount `json:"before_dirham"` // a month
	After      money.Amount `json:"after_dirham"`
	Gained     money.Amount `json:"gained_dirham"` // by those who get more, who enter included
	Lost       money.Amount `json:"lost_dirham"`   // by those who get less, who leave included
}

// The ways in which households are grouped.
const (
	ByArea       = "area"           // district's code; empty where it is not known
	BySexOfHead  = "sex_of_head"    // male, female, unknown
	ByDisability = "disability"     // yes: somebody in it has one; no
	BySize       = "household_size" // 1 to 9, 10+
	ByDecile     = "decile"         // of persons by income a head, 1 the poorest; unknown where nobody's income is known
)

// Groupings are all groupings in the order of a report.
var Groupings = []string{ByArea, BySexOfHead, ByDisability, BySize, ByDecile}

// Compare decides every household by two programmes for a month, and records
// nothing.
func Compare(ctx context.Context, households Households, before, after *policy.Programme, month calendar.Month) (Report, error) {
	rows, err := collect(ctx, households, []policy.Case{{Programme: before, Month: month}, {Programme: after, Month: month}}, month)
	if err != nil {
		return Report{}, err
	}
	return rows.report(), nil
}

// add counts one household.
func (c *Change) add(before, after money.Amount) {
	c.Households++
	c.Before += before
	c.After += after
	c.Gained += max(after-before, 0)
	c.Lost += max(before-after, 0)
	switch {
	case before == after:
	case before == 0:
		c.Enter++
	case after == 0:
		c.Leave++
	case after > before:
		c.Gain++
	default:
		c.Lose++
	}
}

// Cost is what the second programme costs more than the first, a month.
func (c Change) Cost() money.Amount { return c.After - c.Before }
