package policy

import (
	"slices"
	"time"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
)

// Ending is a line that is due in one month and, by the same sheet and the same
// rules, not in the next: nothing but time has passed.
type Ending struct {
	Household id.ID
	Branch    string
	File      string
	Person    id.ID
	Component string
	Month     calendar.Month // the first for which nothing is due
	Amount    money.Amount   // a month, until then
	Reason    string         // the condition that is not met any more
}

// Forecast decides every household for a month and for those that follow, all
// from what is known of it now, and calls f with each end that the programme
// says the law's own calendar sets; households first whose sheet speaks of
// nobody elsewhere, each in order of its month. f must not use tx. It needs the
// capability SeeDecision over the country.
func Forecast(tx *store.Tx, p *Programme, from, through calendar.Month, f func(Ending) error) error {
	if err := access.Require(tx, access.SeeDecision, ""); err != nil {
		return err
	}
	c, err := newForecaster(tx, p, from, through)
	if err != nil {
		return err
	}
	c.found = f
	var deferred []journal.Sheet
	err = journal.EachSheet(tx, time.Time{}, func(raw journal.Sheet) error {
		sheet, err := registry.Decode(raw.Household, raw.Version, raw.Plain)
		if err != nil {
			return err
		}
		waits, err := c.household(sheet, nil)
		if waits {
			deferred = append(deferred, raw)
		}
		return err
	})
	for err == nil && len(deferred) > 0 {
		n := min(batchSize, len(deferred))
		err = c.withStrangers(tx, deferred[:n])
		deferred = deferred[n:]
	}
	return err
}

// forecaster holds a decider for each month.
type forecaster struct {
	programme *Programme
	months    []calendar.Month
	deciders  []*decider
	elsewhere elsewhere
	found     func(Ending) error
}

func newForecaster(tx *store.Tx, p *Programme, from, through calendar.Month) (*forecaster, error) {
	if err := endsFault(from, through); err != nil {
		return nil, err
	}
	c := &forecaster{programme: p}
	var err error
	if c.elsewhere, err = elsewhereOn(tx, from.First()); err != nil {
		return nil, err
	}
	for month := from; month <= through; month = month.Next() {
		d, err := newDecider(p, month)
		if err != nil {
			return nil, err
		}
		d.framer.custody = c.elsewhere.custody
		c.months, c.deciders = append(c.months, month), append(c.deciders, d)
	}
	return c, nil
}

// household follows one household through the months. It waits where the sheet
// speaks of persons of other sheets whom strangers does not have.
func (c *forecaster) household(sheet *registry.Sheet, strangers []stranger) (waits bool, err error) {
	var before []Line
	for i, d := range c.deciders {
		after, wanted, err := d.household(sheet, strangers, func(who id.ID) bool { return c.elsewhere.uncounted[who] })
		if err != nil {
			return false, fault.Invalid("policy.household_fails", "file", sheet.File, "branch", sheet.Branch).Because(err)
		}
		if len(wanted) > 0 {
			return true, nil
		}
		if err := c.compare(sheet, c.months[i], before, after); err != nil {
			return false, err
		}
		if !slices.ContainsFunc(after, func(l Line) bool { return l.Status == Due }) {
			return false, nil // nothing more can end
		}
		before = after
	}
	return false, nil
}

// compare finds what is due before and, by the calendar, not after.
func (c *forecaster) compare(sheet *registry.Sheet, month calendar.Month, before, after []Line) error {
	for i := range before {
		was := &before[i]
		if was.Status != Due {
			continue
		}
		at := slices.IndexFunc(after, func(l Line) bool { return l.Person == was.Person && l.Component == was.Component })
		if at < 0 || after[at].Status != Refused || !c.programme.EndsByCalendar(was.Component, after[at].Reason) {
			continue
		}
		if err := c.found(Ending{Household: sheet.Household, Branch: sheet.Branch, File: sheet.File, Person: was.Person, Component: was.Component,
			Month: month, Amount: was.Amount, Reason: after[at].Reason}); err != nil {
			return err
		}
	}
	return nil
}

// withStrangers follows the households that speak of persons of other sheets.
func (c *forecaster) withStrangers(tx *store.Tx, raw []journal.Sheet) error {
	sheets := make([]*registry.Sheet, len(raw))
	var wanted []id.ID
	for i := range raw {
		var err error
		if sheets[i], err = registry.Decode(raw[i].Household, raw[i].Version, raw[i].Plain); err != nil {
			return err
		}
		wanted = append(wanted, c.deciders[0].strangersOf(sheets[i])...)
	}
	found, err := findStrangers(tx, wanted)
	if err != nil {
		return err
	}
	for _, sheet := range sheets {
		strangers := []stranger{}
		for _, person := range c.deciders[0].strangersOf(sheet) {
			strangers = append(strangers, found[person])
		}
		if _, err := c.household(sheet, strangers); err != nil {
			return err
		}
	}
	return nil
}
