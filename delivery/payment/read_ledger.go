package payment

import (
	"cmp"
	"slices"

	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
)

// Statement is a household's account with one programme: what the law owed for
// each month, what was paid, and what stands between.
type Statement struct {
	Programme string
	Months    []StatementMonth // the earliest first
	Entries   []Entry          // in the order in which they were made
	Balance   money.Amount     // over all settled months: owed to the family, or paid too much where negative
	Arrears   money.Amount     // of these, what is owed
	Over      money.Amount     // of these, what was paid too much, as a positive amount
}

// StatementMonth is one month of an account.
type StatementMonth struct {
	Month    calendar.Month
	Due      money.Amount // by the decision that stands now, or paid on
	Held     money.Amount // of what is due: not payable now
	Paid     money.Amount // by approved lists
	Withheld money.Amount // kept back of it by a recovery
	Waiting  money.Amount // on lists that wait for a signature
	Settled  bool         // its list was approved; the difference stands in Balance
	Balance  money.Amount // of the month: more owed to the family, or paid too much
	Running  money.Amount // of this month and all before
	Causes   []Cause      // of the entries that changed what is owed, the latest last
}

// StatementOf returns a household's account with a programme, for those who may
// see its decisions. branch is the household's own.
func StatementOf(tx *store.Tx, programme string, household id.ID, branch string) (Statement, error) {
	if err := access.Require(tx, access.SeeDecision, branch); err != nil {
		return Statement{}, err
	}
	journal.Look(tx, household, "account")
	s := Statement{Programme: programme}
	months := map[calendar.Month]*StatementMonth{}
	at := func(m calendar.Month) *StatementMonth {
		if months[m] == nil {
			months[m] = &StatementMonth{Month: m}
		}
		return months[m]
	}
	if err := decidedMonths(tx, programme, household, at); err != nil {
		return s, err
	}
	if err := paidMonths(tx, programme, household, at); err != nil {
		return s, err
	}
	var err error
	s.Entries, err = store.All(tx, scanEntry, "SELECT "+entryColumns+` FROM ledger WHERE household = $2 AND programme || '' = $1
		ORDER BY posted, month, person, component, line`, programme, household)
	for _, e := range s.Entries {
		m := at(e.Month)
		m.Balance += e.Amount
		m.Settled = true
		if !slices.Contains(m.Causes, e.Cause) {
			m.Causes = append(m.Causes, e.Cause)
		}
	}
	s.close(months)
	return s, err
}

// close orders the months and sums them up.
func (s *Statement) close(months map[calendar.Month]*StatementMonth) {
	for _, m := range months {
		s.Months = append(s.Months, *m)
	}
	slices.SortFunc(s.Months, func(a, b StatementMonth) int { return cmp.Compare(a.Month, b.Month) })
	for i := range s.Months {
		m := &s.Months[i]
		s.Balance += m.Balance
		m.Running = s.Balance
	}
	for _, m := range summed(inMonths(s.Entries)) {
		if m.Amount > 0 {
			s.Arrears += m.Amount
		} else {
			s.Over -= m.Amount
		}
	}
}

// inMonths orders entries so that those of one month of a claim lie together.
func inMonths(entries []Entry) []Entry {
	entries = slices.Clone(entries)
	slices.SortStableFunc(entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), a.Person.Compare(b.Person), cmp.Compare(a.Component, b.Component))
	})
	return entries
}

func decidedMonths(tx *store.Tx, programme string, household id.ID, at func(calendar.Month) *StatementMonth) error {
	decided, err := policy.DecidedMonths(tx, programme, 0)
	if err != nil {
		return err
	}
	for _, month := range decided {
		found, err := policy.DecisionsOf(tx, programme, month, []id.ID{household})
		if err != nil {
			return err
		}
		for _, l := range found[household].Lines {
			if l.Status == policy.Due {
				at(month).Due += l.Amount
				if !l.Payable {
					at(month).Held += l.Amount
				}
			}
		}
	}
	return nil
}

func paidMonths(tx *store.Tx, programme string, household id.ID, at func(calendar.Month) *StatementMonth) error {
	return tx.Each(func(r *store.Row) error {
		l, state := scanLine(r), State(r.Text())
		m := at(l.Month)
		switch {
		case !l.Live:
			m.Settled = true
		case state == Prepared || state == SignedOnce:
			m.Waiting += l.Amount
		default:
			m.Settled = true
			m.Paid += l.Amount
			m.Withheld += l.Withheld
			if l.Cause == NoticePeriod {
				m.Due += l.Amount + l.Withheld
			}
		}
		return r.Err()
	}, `SELECT l.serial, l.household, l.branch, l.file, l.person, l.component, l.month, l.amount, l.payee, l.payee_household, l.payee_name,
		l.account, l.bank, l.transfer, l.cause, l.seal, l.live, l.part, l.withheld, l.proposal, p.state
		FROM payment_lines l JOIN payment_lists p ON p.list = l.list WHERE l.household = $2 AND l.programme || '' = $1`, programme, household)
}

// PaidClaim is something that a household was paid at any time.
type PaidClaim struct {
	Programme string
	Person    id.ID
	Component string
}

// ClaimsPaid returns what a household was ever paid, for those who may see its
// decisions. branch is the household's own.
func ClaimsPaid(tx *store.Tx, household id.ID, branch string) ([]PaidClaim, error) {
	if err := access.Require(tx, access.SeeDecision, branch); err != nil {
		return nil, err
	}
	return store.All(tx, func(r *store.Row) PaidClaim { return PaidClaim{r.Text(), r.ID(), r.Text()} },
		"SELECT DISTINCT programme, person, component FROM payment_lines WHERE household = $1 ORDER BY programme, component, person", household)
}
