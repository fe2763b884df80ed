package policy

import (
	"context"
	"slices"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
)

// brought is what a run brings to the decisions of its households beside sheets.
// Programmes that neither are one-off nor meet others nor lack money have none
// of it, and pay nothing for it.
type brought struct {
	received map[id.ID][]receipt
	others   map[id.ID][]otherHelp
	places   map[id.ID][]Place
	used     money.Amount // what earlier months gave of a one-off programme
	served   int64        // and to how many
}

// of are the circumstances of one household.
func (g *brought) of(household id.ID) circumstances {
	return circumstances{received: g.received[household], others: g.others[household], places: g.places[household]}
}

// bring gathers what the run's decisions rest on. Where there is not enough for
// all, everybody is decided once before, without recording, to know who comes
// first.
func (r *run) bring(ctx context.Context, tx *store.Tx) (err error) {
	if r.programme.Assessed == Once {
		if err := r.receivedBefore(tx); err != nil {
			return err
		}
	}
	if r.given.others, err = otherHelpIn(tx, r.programme, r.month); err != nil || r.programme.Ranking == nil {
		return err
	}
	r.gathering = true
	if err := r.stream(ctx, tx); err != nil {
		return err
	}
	if err := r.withStrangers(ctx, tx); err != nil {
		return err
	}
	r.gathering, r.deferred, r.summary.Households = false, nil, 0
	r.given.places, err = r.serve()
	r.candidates = nil
	return err
}

// receivedBefore finds who had the help in an earlier month: whoever was due it
// by what stood for that month last.
func (r *run) receivedBefore(tx *store.Tx) error {
	r.given.received = map[id.ID][]receipt{}
	var last Decision
	flush := func() {
		units := map[id.ID]bool{}
		for i := range last.Lines {
			l := &last.Lines[i]
			had := receipt{l.Person, l.Component}
			if l.Status != Due || slices.Contains(r.given.received[last.Household], had) {
				continue
			}
			r.given.received[last.Household] = append(r.given.received[last.Household], had)
			r.given.used += l.Amount
			units[l.Person] = true
		}
		if n := len(units); n > 0 && r.programme.Unit == ForHousehold {
			r.given.served++
		} else {
			r.given.served += int64(n)
		}
	}
	err := tx.Each(func(row *store.Row) error {
		d, err := scanDecision(row)
		if err == nil && (d.Household != last.Household || d.From != last.From) {
			flush()
		}
		last = d
		return err
	}, standing+" ORDER BY d.household, d.month_from, d.version", r.programme.ID, int64(r.month.Previous()))
	flush()
	return err
}

// otherHelpIn finds what the programmes that overlap with one give in a month:
// what their own body decided, where another body decides, else what stands.
func otherHelpIn(tx *store.Tx, p *Programme, month calendar.Month) (map[id.ID][]otherHelp, error) {
	if len(p.Overlaps) == 0 {
		return nil, nil
	}
	found := map[id.ID][]otherHelp{}
	var asked []string
	for _, o := range p.Overlaps {
		if slices.Contains(asked, o.Programme) {
			continue
		}
		asked = append(asked, o.Programme)
		err := EachDecision(tx, o.Programme, month, func(d Decision) error {
			for _, l := range d.Lines {
				if l.Status == Due && l.Amount > 0 && l.Reason != DecidedElsewhere {
					found[d.Household] = append(found[d.Household], otherHelp{o.Programme, l.Person, l.Amount})
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
		if err := receivedHelp(tx, o.Programme, month, found); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// candidate is a unit that is entitled, in the order of those who wait.
type candidate struct {
	household, unit id.ID
	value           int64
	keys            []int64 // value and ties, so that the lowest comes first
	cost            money.Amount
	reserves        uint64 // bit by bit: which reserves it belongs to
}

// candidates are the units of the household that was just decided which are
// entitled.
func (d *decider) candidates(sheet *registry.Sheet) (all []candidate, err error) {
	for i := range d.lines {
		l := &d.lines[i]
		if l.Status != Due {
			continue
		}
		unit := d.unitOf(l.Person)
		at := slices.IndexFunc(all, func(c candidate) bool { return c.unit == unit })
		if at < 0 {
			c := candidate{household: sheet.Household, unit: unit}
			if err := d.ranks(&c); err != nil {
				return nil, err
			}
			at, all = len(all), append(all, c)
		}
		if all[at].cost, err = all[at].cost.Plus(l.Amount); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// last is behind every value.
const last = int64(1) << 62

// ranks evaluates what orders a unit. A tie that is not known stands behind
// those that are.
func (d *decider) ranks(c *candidate) error {
	r := d.programme.Ranking
	d.framer.frame.Member = d.framer.placeOf(c.unit)
	v, err := r.by.Evaluate(d.framer.frame, nil)
	if err != nil {
		return err
	}
	c.value = v.Number()
	c.keys = append(c.keys, inOrder(c.value, r.First))
	for i := range r.Ties {
		t := &r.Ties[i]
		v, err := t.by.Evaluate(d.framer.frame, nil)
		switch {
		case err != nil:
			return err
		case !v.Known():
			c.keys = append(c.keys, last)
		default:
			c.keys = append(c.keys, inOrder(v.Number(), t.First))
		}
	}
	for i := range r.Reserved {
		if v, err := r.Reserved[i].who.Evaluate(d.framer.frame, nil); err != nil {
			return err
		} else if v.Truth() == calendar.Yes {
			c.reserves |= 1 << i
		}
	}
	return nil
}

func inOrder(n int64, first string) int64 {
	if first == "highest" || first == "latest" {
		return -n
	}
	return n
}
