package payment

import (
	"sanad/delivery/enrolment"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
)

// undecided is a month of a claim that was paid before and is not due by the
// decision. A decision alone drops nobody: somebody must have approved the end
// (the calendar's) or decided it (on evidence).
type undecided struct {
	claim
	month             calendar.Month
	household         id.ID
	branch, file      string
	amount            money.Amount // as last paid
	payee, payeeHouse id.ID
	account, bank     string
}

// keepUndecided sees to the claims of one month that are not due any more. While
// a notice runs they are paid on, and so are months before a decided end; with
// nothing decided they are held. A death is held from the start: nobody is paid
// for somebody who is recorded as dead.
func (p *preparation) keepUndecided(month calendar.Month, taken map[claim]share) error {
	var paid []undecided
	for _, u := range p.undecided {
		c := enrolment.Claim{Person: u.person, Component: u.component}
		if u.month != month || taken[u.claim].parts > 0 || p.standing.Ends(c, month) {
			continue
		}
		taken[u.claim] = share{amount: u.amount, parts: 1, fresh: true}
		if _, ended := p.standing.Ended[c]; ended || p.standing.Noticed[c] {
			paid = append(paid, u)
		} else {
			p.holdUndecided(u)
		}
	}
	if err := p.lastPaid(paid); err != nil {
		return err
	}
	for _, u := range paid {
		if u.account == "" {
			p.holdUndecided(u)
			continue
		}
		delete(p.before, u.claim)
		p.lines = append(p.lines, Line{Household: u.household, Branch: u.branch, File: u.file, Person: u.person, Component: u.component, Month: month,
			Amount: u.amount, Payee: u.payee, PayeeHousehold: u.payeeHouse, Account: u.account, Bank: u.bank, Cause: NoticePeriod, Live: true})
	}
	return nil
}

func (p *preparation) holdUndecided(u undecided) {
	if !p.list.Supplement() {
		p.held = append(p.held, Held{Household: u.household, Branch: u.branch, File: u.file, Person: u.person, Component: u.component, Month: u.month,
			Amount: u.amount, Reason: EndNotDecided})
	}
}

// lastPaid fills in to whom each was last paid; the dead are left without an
// account.
func (p *preparation) lastPaid(some []undecided) error {
	args := make([][]any, len(some))
	for i, u := range some {
		args[i] = []any{p.terms.Programme, u.person, u.component, int64(u.month)}
	}
	return p.tx.Batch(func(i int, r *store.Row) error {
		u := &some[i]
		u.payee, u.payeeHouse, u.account, u.bank = r.ID(), r.ID(), r.Text(), r.Text()
		return r.Err()
	}, `SELECT l.payee, l.payee_household, l.account, l.bank FROM payment_lines l JOIN persons p ON p.person = l.person AND p.dead = 0
		WHERE l.programme = $1 AND l.person = $2 AND l.component = $3 AND l.month <= $4 AND l.live = 1 ORDER BY l.month, l.part`, args)
}

// loadUndecided finds what earlier lists hold for the months of a supplement
// because no end was decided, and what they paid while a notice ran and the bank
// sent back.
func (p *preparation) loadUndecided() error {
	for _, month := range p.months {
		err := p.tx.Each(func(r *store.Row) error {
			u := undecided{claim: claim{p.human(r.ID()), r.Text()}, month: month, household: r.ID(), branch: r.Text(), file: r.Text(), amount: r.Amount()}
			if p.pays(u.component) {
				p.undecided = append(p.undecided, u)
			}
			return r.Err()
		}, `SELECT person, component, household, branch, file, amount FROM payment_held WHERE programme = $1 AND month = $2 AND reason = $3
			UNION SELECT person, component, household, branch, file, amount FROM payment_lines WHERE programme = $1 AND month = $2 AND cause = $4 AND live = 0
			ORDER BY 1, 2`, p.terms.Programme, int64(month), EndNotDecided, string(NoticePeriod))
		if err != nil {
			return err
		}
	}
	return nil
}
