package payment

import (
	"slices"

	"sanad/delivery/enrolment"
	"sanad/delivery/policy"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/store"
)

// accounts opens one month's accounts of everybody whose claim stands or stood
// in one of the households. Somebody may be due elsewhere in the same month:
// those households are looked at too.
func (b *books) accounts(month calendar.Month, s settled, households []id.ID) (map[claim]*account, error) {
	decided, err := policy.DecisionsOf(b.tx, b.programme, month, households)
	if err != nil {
		return nil, err
	}
	accounts := map[claim]*account{}
	for _, household := range households {
		if d, found := decided[household]; found {
			openDecided(accounts, &d, s.components)
		}
	}
	if err := b.openPaid(accounts, month, s, households); err != nil {
		return nil, err
	}
	elsewhere, err := b.elsewhere(accounts, month, decided)
	if err != nil {
		return nil, err
	}
	more, err := policy.DecisionsOf(b.tx, b.programme, month, elsewhere)
	if err != nil {
		return nil, err
	}
	for _, household := range append(slices.Clone(households), elsewhere...) {
		d, found := decided[household]
		if !found {
			d, found = more[household]
		}
		if found {
			b.due(accounts, &d)
		}
	}
	return accounts, b.fill(accounts, month)
}

// openDecided opens an account for each person of whom a decision speaks.
func openDecided(accounts map[claim]*account, d *policy.Decision, components []string) {
	for i := range d.Lines {
		c := claim{d.Lines[i].Person, d.Lines[i].Component}
		if slices.Contains(components, c.component) && accounts[c] == nil {
			accounts[c] = &account{claim: c, household: d.Household, branch: d.Branch, file: d.File}
		}
	}
}

// openPaid opens an account for each person who was paid or entered for a
// household and month; who was held by an approved list was entered.
func (b *books) openPaid(accounts map[claim]*account, month calendar.Month, s settled, households []id.ID) error {
	args := make([][]any, len(households))
	for i, household := range households {
		args[i] = []any{b.programme, int64(month), household}
	}
	// The programme is asked behind an expression, so that the engine looks by
	// household: by programme and month it would read the whole list each time.
	for _, table := range []string{"payment_lines", "ledger"} {
		err := b.tx.Batch(func(i int, r *store.Row) error {
			c := claim{r.ID(), r.Text()}
			a := &account{claim: c, household: households[i], branch: r.Text(), file: r.Text()}
			if slices.Contains(s.components, c.component) && accounts[c] == nil {
				accounts[c] = a
			}
			return r.Err()
		}, "SELECT person, component, branch, file FROM "+table+" WHERE household = $3 AND month = $2 AND programme || '' = $1 ORDER BY person, component", args)
		if err != nil {
			return err
		}
	}
	return nil
}

// elsewhere finds the other households in which the same claims were paid, held
// or entered, or on whose sheet the persons stand now.
func (b *books) elsewhere(accounts map[claim]*account, month calendar.Month, known map[id.ID]policy.Decision) (others []id.ID, err error) {
	seen := map[id.ID]bool{}
	add := func(r *store.Row) error {
		household := r.ID()
		if _, looked := known[household]; !looked && !seen[household] {
			seen[household] = true
			others = append(others, household)
		}
		return r.Err()
	}
	var byClaim, byPerson [][]any
	for _, c := range claimsOf(accounts) {
		byClaim = append(byClaim, []any{b.programme, int64(month), c.person, c.component})
		byPerson = append(byPerson, []any{c.person})
	}
	for _, from := range []string{"payment_lines WHERE live = 1 AND", "payment_held WHERE", "ledger WHERE"} {
		err = b.tx.Batch(func(_ int, r *store.Row) error { return add(r) },
			"SELECT household FROM "+from+" programme = $1 AND month = $2 AND person = $3 AND component = $4", byClaim)
		if err != nil {
			return nil, err
		}
	}
	err = b.tx.Batch(func(_ int, r *store.Row) error { return add(r) }, "SELECT household FROM persons WHERE person = $1", byPerson)
	slices.SortFunc(others, id.ID.Compare)
	return others, err
}

// claimsOf are the accounts' claims in a fixed order.
func claimsOf(accounts map[claim]*account) []claim {
	all := make([]claim, 0, len(accounts))
	for c := range accounts {
		all = append(all, c)
	}
	slices.SortFunc(all, claim.compare)
	return all
}

// due notes what one household's decision says of the accounts. A human is due
// once, whatever records and households there are.
func (b *books) due(accounts map[claim]*account, d *policy.Decision) {
	for i := range d.Lines {
		l := &d.Lines[i]
		a := accounts[claim{l.Person, l.Component}]
		if a == nil || a.line.Status == policy.Due && l.Amount <= a.due {
			continue
		}
		if l.Status == policy.Due && b.counts(l.Person) == l.Person {
			a.due = l.Amount
			a.household, a.branch, a.file = d.Household, d.Branch, d.File
		}
		a.line, a.decision, a.release = *l, d.Version(), d.Release
	}
}

// fill adds what was paid, kept, recovered and entered.
func (b *books) fill(accounts map[claim]*account, month calendar.Month) error {
	order := claimsOf(accounts)
	args := make([][]any, len(order))
	for i, c := range order {
		args[i] = []any{b.programme, int64(month), c.person, c.component}
	}
	err := b.tx.Batch(func(i int, r *store.Row) error {
		accounts[order[i]].paid += r.Amount()
		return r.Err()
	}, `SELECT l.amount + l.withheld FROM payment_lines l JOIN payment_lists p ON p.list = l.list
		WHERE l.programme = $1 AND l.month = $2 AND l.person = $3 AND l.component = $4 AND l.live = 1
		AND p.state IN ('approved', 'exported', 'answered', 'closed')`, args)
	if err != nil {
		return err
	}
	if err := b.noticed(accounts, month); err != nil {
		return err
	}
	err = b.tx.Batch(func(i int, r *store.Row) error {
		c := order[i]
		if amount := r.Amount(); !b.standing.Ends(enrolment.Claim{Person: c.person, Component: c.component}, month) {
			accounts[c].kept = amount
		}
		return r.Err()
	}, `SELECT h.amount FROM payment_held h JOIN payment_lists p ON p.list = h.list WHERE h.programme = $1 AND h.month = $2 AND h.person = $3
		AND h.component = $4 AND h.reason = 'end_not_decided' AND p.state IN ('approved', 'exported', 'answered', 'closed') ORDER BY h.list`, args)
	if err != nil {
		return err
	}
	return b.tx.Batch(func(i int, r *store.Row) error {
		kind, amount := EntryKind(r.Text()), r.Amount()
		accounts[order[i]].posted += amount
		if kind == FromRecovery {
			accounts[order[i]].recovered += amount
		}
		return r.Err()
	}, "SELECT kind, amount FROM ledger WHERE programme = $1 AND month = $2 AND person = $3 AND component = $4", args)
}

// noticed adds what was paid on while a notice ran, also where the bank sent it
// back: it stays owed.
func (b *books) noticed(accounts map[claim]*account, month calendar.Month) error {
	return b.tx.Each(func(r *store.Row) error {
		if a := accounts[claim{r.ID(), r.Text()}]; a != nil {
			a.noticed = max(a.noticed, r.Amount())
		}
		return r.Err()
	}, `SELECT l.person, l.component, l.amount + l.withheld FROM payment_lines l JOIN payment_lists p ON p.list = l.list
		WHERE l.programme = $1 AND l.month = $2 AND l.cause = $3 AND p.state IN ('approved', 'exported', 'answered', 'closed')`,
		b.programme, int64(month), string(NoticePeriod))
}
