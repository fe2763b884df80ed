package payment

import (
	"slices"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/store"
)

// PrepareSupplement freezes a supplement (ملحق) to a quarter's list: what is
// payable now for the quarter's months and stands in no list, each line with its
// cause. Its faults are those of Prepare, and "payment.list_first" while the
// quarter's list is not approved: until then it can be withdrawn and prepared
// again.
func PrepareSupplement(tx *store.Tx, terms Terms, quarter calendar.Quarter, category string) (List, error) {
	return RepairSince(tx, terms, quarter, quarter, category)
}

// RepairSince is PrepareSupplement for several quarters at once: the supplement
// belongs to the last one and repairs all from since on, each month by its own
// law and amount. Quarters whose list was not approved are left to their list.
func RepairSince(tx *store.Tx, terms Terms, since, quarter calendar.Quarter, category string) (List, error) {
	if err := access.Require(tx, access.PrepareList, ""); err != nil {
		return List{}, err
	}
	earlier, err := store.All(tx, scanList, listQuery+` WHERE programme = $1 AND quarter BETWEEN $2 AND $3 AND category = $4 AND state <> 'withdrawn'
		ORDER BY quarter, number`, terms.Programme, int64(since), int64(quarter), category)
	if err != nil {
		return List{}, err
	}
	own := slices.DeleteFunc(slices.Clone(earlier), func(l List) bool { return l.Quarter != quarter })
	if len(own) == 0 || slices.ContainsFunc(own, func(l List) bool { return !l.signedFor() }) {
		return List{}, fault.Conflict("payment.list_first", "quarter", quarter)
	}
	p, err := begin(tx, terms, quarter, category)
	if err != nil {
		return List{}, err
	}
	p.list.Number = own[len(own)-1].Number + 1
	p.reachBack(earlier)
	if err := p.loadUndecided(); err != nil {
		return List{}, err
	}
	if err := p.collect(); err != nil {
		return List{}, err
	}
	if err := p.nameCauses(earlier); err != nil {
		return List{}, err
	}
	return p.freeze()
}

// signedFor reports whether a list has all its signatures and stands.
func (l List) signedFor() bool {
	return l.State != Prepared && l.State != SignedOnce && l.State != Withdrawn
}

// reachBack adds the months of earlier quarters whose list was approved.
func (p *preparation) reachBack(earlier []List) {
	for _, l := range slices.Backward(earlier) {
		if l.Quarter == p.list.Quarter || l.Supplement() || !l.signedFor() {
			continue
		}
		p.list.Since = l.Quarter
		months := l.Quarter.Months()
		p.months = append(slices.DeleteFunc(months[:], func(m calendar.Month) bool { return !l.Includes(m) }), p.months...)
	}
}

// nameCauses gives each line its cause.
func (p *preparation) nameCauses(earlier []List) error {
	lates := make([]late, len(p.lines))
	for i := range p.lines {
		l := &p.lines[i]
		lates[i] = late{household: l.Household, claim: claim{l.Person, l.Component}, month: l.Month, completes: l.Part > 0}
	}
	if err := explainLate(p.tx, p.terms.Programme, earlier, lates); err != nil {
		return err
	}
	for i := range p.lines {
		if p.lines[i].Cause == "" { // paid on while a notice runs
			p.lines[i].Cause = lates[i].cause
		}
	}
	return nil
}
