package payment

import (
	"slices"

	"sanad/delivery/enrolment"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
)

// ProposeRecovery proposes to ask back what a household was paid too much by a
// programme, within the months that its process still allows. It takes nothing:
// the family is handed a notice and may answer, another person decides, and then
// each payment to the same payee is reduced by no more than the programme's
// share. Its faults are "payment.no_recovery" where the programme allows none,
// "payment.nothing_over", and those of enrolment.Propose.
func ProposeRecovery(tx *store.Tx, p *policy.Programme, household id.ID, words, evidence string) (enrolment.Proposal, error) {
	if !access.Holds(tx, access.ProposeMeasure) {
		return enrolment.Proposal{}, access.Require(tx, access.ProposeMeasure, "")
	}
	if p.Process.Recovery < 1 {
		return enrolment.Proposal{}, fault.Conflict("payment.no_recovery")
	}
	this, _ := tx.Today().InMonth()
	over, err := overpaid(tx, p.ID, household, this.Add(-int(p.Process.Oldest)))
	if err != nil {
		return enrolment.Proposal{}, err
	}
	if len(over) == 0 {
		return enrolment.Proposal{}, fault.Conflict("payment.nothing_over", "count", p.Process.Oldest)
	}
	n := enrolment.NewProposal{Kind: enrolment.Recovery, Programme: p.ID, Household: household, Month: over[0].Month, Share: p.Process.Recovery,
		Reason: string(over[0].Cause), Words: words, Evidence: evidence}
	if n.Person, err = payeeOf(tx, p.ID, over[0]); err != nil {
		return enrolment.Proposal{}, err
	}
	for _, e := range over {
		n.Amount -= e.Amount
	}
	return enrolment.Propose(tx, n)
}

// ProposeEnd proposes to end a person's benefit on evidence, from a month on. It
// ends nothing: see enrolment.Propose and Decide. Its faults are
// "payment.never_paid" where the person was paid nothing of the component, and
// those of enrolment.Propose.
func ProposeEnd(tx *store.Tx, programme string, person id.ID, component string, month calendar.Month, words, evidence string) (enrolment.Proposal, error) {
	if !access.Holds(tx, access.ProposeMeasure) {
		return enrolment.Proposal{}, access.Require(tx, access.ProposeMeasure, "")
	}
	n := enrolment.NewProposal{Kind: enrolment.EndOnEvidence, Programme: programme, Person: person, Component: component, Month: month, Words: words, Evidence: evidence}
	last, found, err := store.One(tx, scanLine, "SELECT "+lineColumns+` FROM payment_lines WHERE programme = $1 AND person = $2 AND component = $3 AND part = 0
		AND live = 1 ORDER BY month DESC LIMIT 1`, programme, person, component)
	if err == nil && !found {
		err = fault.Conflict("payment.never_paid")
	}
	if err != nil {
		return enrolment.Proposal{}, err
	}
	n.Household, n.Amount = last.Household, last.Amount+last.Withheld
	decided, err := policy.DecisionsOf(tx, programme, month, []id.ID{n.Household})
	for _, l := range decided[n.Household].Lines {
		if l.Person == person && l.Component == component && l.Status != policy.Due {
			n.Reason = l.Reason
		}
	}
	if err != nil {
		return enrolment.Proposal{}, err
	}
	return enrolment.Propose(tx, n)
}

// payeeOf is who received what was paid for an entry's month.
func payeeOf(tx *store.Tx, programme string, e Entry) (id.ID, error) {
	payee, found, err := store.One(tx, (*store.Row).ID, `SELECT payee FROM payment_lines WHERE programme = $1 AND person = $2 AND component = $3 AND month = $4
		AND live = 1 ORDER BY part`, programme, e.Person, e.Component, int64(e.Month))
	if err == nil && !found {
		err = fault.Conflict("payment.nothing_over", "count", 0)
	}
	return payee, err
}

// overpaid are the months of a household for which too much was paid, the oldest
// first; each Entry carries the sum as a negative amount, and the latest cause.
func overpaid(tx *store.Tx, programme string, household id.ID, since calendar.Month) ([]Entry, error) {
	all, err := store.All(tx, scanEntry, "SELECT "+entryColumns+` FROM ledger WHERE programme = $1 AND household = $2 AND month >= $3
		ORDER BY month, person, component, line`, programme, household, int64(since))
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(summed(all), func(e Entry) bool { return e.Amount >= 0 }), nil
}

// summed joins the entries of each month of a claim, which lie together, into
// one with their sum and the latest cause.
func summed(all []Entry) (months []Entry) {
	for _, e := range all {
		n := len(months)
		if n == 0 || months[n-1].Month != e.Month || months[n-1].Person != e.Person || months[n-1].Component != e.Component {
			months = append(months, e)
			continue
		}
		months[n-1].Amount += e.Amount
		if e.Kind == FromDecision {
			months[n-1].Cause = e.Cause
		}
	}
	return months
}

// withhold keeps back from the list's lines what decided recoveries allow: of
// each line to the same payee no more than the share, all together no more than
// is still paid too much.
func (p *preparation) withhold() error {
	left, byHousehold := map[id.ID]money.Amount{}, map[id.ID][]enrolment.Proposal{}
	for _, r := range p.standing.Recoveries {
		var err error
		if left[r.ID], err = outstanding(p.tx, r); err != nil {
			return err
		}
		byHousehold[r.Household] = append(byHousehold[r.Household], r)
	}
	for i := range p.lines {
		l := &p.lines[i]
		for _, r := range byHousehold[l.Household] {
			most := min(l.Amount*money.Amount(r.Share)/100, left[r.ID])
			if l.Payee != r.Person || !l.Proposal.IsZero() || most < 1 {
				continue
			}
			l.Amount, l.Withheld, l.Proposal = l.Amount-most, most, r.ID
			left[r.ID] -= most
		}
	}
	return nil
}

// outstanding is what a recovery may still keep back: no more than was decided,
// than is still paid too much, and than lists that wait for a signature do.
func outstanding(tx *store.Tx, r enrolment.Proposal) (money.Amount, error) {
	recovered, _, err := store.One(tx, (*store.Row).Amount, "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM ledger WHERE proposal = $1", r.ID)
	if err != nil {
		return 0, err
	}
	waiting, _, err := store.One(tx, (*store.Row).Amount, `SELECT CAST(coalesce(sum(l.withheld), 0) AS BIGINT) FROM payment_lines l
		JOIN payment_lists p ON p.list = l.list WHERE l.household = $1 AND l.proposal = $2 AND p.state IN ('prepared', 'signed_once')`, r.Household, r.ID)
	if err != nil {
		return 0, err
	}
	over, err := overpaid(tx, r.Programme, r.Household, r.Month)
	still := money.Amount(0)
	for _, e := range over {
		still -= e.Amount
	}
	return max(0, min(r.Amount-recovered, still)-waiting), err
}

// recover enters what a list kept back: the oldest months that were paid too
// much are made good first. "payment.recovery_changed" refuses a list of which
// a recovery was withdrawn, or less is left of it than the list keeps back.
func (b *books) recover(l List, paid []Line) error {
	byHousehold := map[id.ID][]Entry{}
	for i := range paid {
		line := &paid[i]
		if line.Withheld == 0 {
			continue
		}
		at := slices.IndexFunc(b.standing.Recoveries, func(r enrolment.Proposal) bool { return r.ID == line.Proposal })
		if at < 0 {
			return fault.Conflict("payment.recovery_changed", "file", line.File)
		}
		over, known := byHousehold[line.Household]
		if !known {
			var err error
			if over, err = overpaid(b.tx, b.programme, line.Household, b.standing.Recoveries[at].Month); err != nil {
				return err
			}
		}
		left := line.Withheld
		for m := range over {
			part := min(left, -over[m].Amount)
			if part == 0 {
				continue
			}
			e := over[m]
			e.Kind, e.Amount, e.Cause, e.Reason, e.Decision, e.Release = FromRecovery, part, KeptBack, "", 0, nil
			e.List, e.Serial, e.Proposal = l.ID, line.Serial, line.Proposal
			b.entries = append(b.entries, e)
			over[m].Amount += part
			left -= part
		}
		if left > 0 {
			return fault.Conflict("payment.recovery_changed", "file", line.File)
		}
		byHousehold[line.Household] = over
	}
	return nil
}

// finishRecoveries ends the recoveries of which nothing is left.
func finishRecoveries(tx *store.Tx, programme string, paid []Line) error {
	var done []id.ID
	for i := range paid {
		if r := paid[i].Proposal; !r.IsZero() && !slices.Contains(done, r) {
			done = append(done, r)
		}
	}
	standing, err := enrolment.StandingOf(tx, programme)
	if err != nil {
		return err
	}
	for _, r := range standing.Recoveries {
		if !slices.Contains(done, r.ID) {
			continue
		}
		left, err := outstanding(tx, r)
		if err == nil && left == 0 {
			err = enrolment.Finish(tx, r.ID)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
