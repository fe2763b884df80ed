package payment

import (
	"slices"

	"sanad/delivery/policy"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
)

// settle enters into the accounts what an approved list means for them. A
// quarter's list opens the accounts of what it holds and of what was decided
// anew since it was prepared; a supplement pays what the accounts say is owed.
func (l List) settle(tx *store.Tx) error {
	b, err := openBooks(tx, l.Programme)
	if err != nil {
		return err
	}
	paid, err := l.enteredLines(tx)
	if err != nil {
		return err
	}
	for i := range paid {
		if b.settledBefore(l, paid[i].Month) {
			b.entries = append(b.entries, l.entry(&paid[i], FromPayment, -paid[i].Amount-paid[i].Withheld, PaidLater))
		}
	}
	if err := b.recover(l, paid); err != nil {
		return err
	}
	if _, err := b.post(); err != nil {
		return err
	}
	b.entries = nil
	if err := b.balanceList(l, paid); err != nil {
		return err
	}
	if _, err = b.post(); err != nil {
		return err
	}
	return finishRecoveries(tx, l.Programme, paid)
}

// enteredLines are the list's lines that the accounts must be told of: all of a
// supplement, of a quarter's list those from which something was kept back.
func (l List) enteredLines(tx *store.Tx) ([]Line, error) {
	sql := "SELECT " + lineColumns + " FROM payment_lines WHERE list = $1"
	if !l.Supplement() {
		sql += " AND withheld > 0"
	}
	return store.All(tx, scanLine, sql+" ORDER BY serial", l.ID)
}

// settledBefore reports whether another approved list of the category looked at
// a month.
func (b *books) settledBefore(l List, month calendar.Month) bool {
	return l.Supplement() && slices.ContainsFunc(b.settled[month], func(s settled) bool {
		return slices.Equal(s.components, l.Components) && slices.ContainsFunc(s.lists, func(o List) bool { return o.ID != l.ID })
	})
}

func (l List) entry(line *Line, kind EntryKind, amount money.Amount, cause Cause) Entry {
	return Entry{Person: line.Person, Component: line.Component, Month: line.Month, Household: line.Household, Branch: line.Branch, File: line.File,
		Kind: kind, Amount: amount, Cause: cause, List: l.ID, Serial: line.Serial}
}

// balanceList balances the months that a list pays, for the households that it
// holds, for those that a supplement pays, and for those decided anew since.
func (b *books) balanceList(l List, paid []Line) error {
	months := map[calendar.Month][]id.ID{}
	for i, month := range l.Quarter.Months() {
		if l.Months&(1<<i) != 0 {
			months[month] = nil
		}
	}
	for i := range paid {
		months[paid[i].Month] = append(months[paid[i].Month], paid[i].Household)
	}
	err := b.tx.Each(func(r *store.Row) error {
		month := calendar.Month(r.Int())
		months[month] = append(months[month], r.ID())
		return r.Err()
	}, "SELECT month, household FROM payment_held WHERE list = $1", l.ID)
	if err != nil {
		return err
	}
	for _, month := range sortedMonths(months) {
		for _, s := range b.settled[month] {
			if !slices.Equal(s.components, l.Components) {
				continue
			}
			anew, err := policy.Redecided(b.tx, b.programme, month, s.prepared)
			if err != nil {
				return err
			}
			if err := b.balance(month, s, distinct(append(months[month], anew...))); err != nil {
				return err
			}
		}
	}
	return nil
}

func sortedMonths[V any](m map[calendar.Month]V) []calendar.Month {
	months := make([]calendar.Month, 0, len(m))
	for month := range m {
		months = append(months, month)
	}
	slices.Sort(months)
	return months
}

func distinct(households []id.ID) []id.ID {
	slices.SortFunc(households, id.ID.Compare)
	return slices.Compact(households)
}

// reopen enters that lines came back from the bank: they are owed again, and
// what was kept back of them counts as not recovered.
func (l List) reopen(tx *store.Tx, news []Returned) error {
	var entries []Entry
	for _, answer := range news {
		if answer.Outcome != CameBack {
			continue
		}
		back, err := store.All(tx, scanLine, "SELECT "+lineColumns+" FROM payment_lines WHERE list = $1 AND serial BETWEEN $2 AND $3 ORDER BY serial",
			l.ID, answer.First, answer.Last)
		if err != nil {
			return err
		}
		for i := range back {
			e := l.entry(&back[i], FromReturn, back[i].Amount+back[i].Withheld, CameBackOnce)
			e.Reason = answer.Reason
			entries = append(entries, e)
		}
		undone, err := l.undone(tx, "kind = 'recovered' AND serial BETWEEN $2 AND $3", CameBackOnce, answer.First, answer.Last)
		if err != nil {
			return err
		}
		entries = append(entries, undone...)
	}
	return numbered(tx, l.Programme, entries)
}

// undone are the entries that take back those which a list has made.
func (l List) undone(tx *store.Tx, which string, cause Cause, args ...any) ([]Entry, error) {
	made, err := store.All(tx, scanEntry, "SELECT "+entryColumns+" FROM ledger WHERE list = $1 AND "+which+" ORDER BY person, component, month, line",
		append([]any{l.ID}, args...)...)
	for i := range made {
		made[i].Amount, made[i].Cause = -made[i].Amount, cause
	}
	return made, err
}

// takeBack enters that an approved list was withdrawn: what a supplement paid is
// owed again, and the accounts that a quarter's list opened are closed until it
// is prepared anew.
func (l List) takeBack(tx *store.Tx) error {
	entries, err := l.undone(tx, "kind IN ('paid', 'recovered')", ListTakenBack)
	if err != nil {
		return err
	}
	if l.Supplement() {
		return numbered(tx, l.Programme, entries)
	}
	for _, month := range l.Quarter.Months() {
		if !l.Includes(month) {
			continue
		}
		standing, err := store.All(tx, scanEntry, "SELECT "+entryColumns+` FROM ledger WHERE programme = $1 AND month = $2 AND (list IS NULL OR list <> $3)
			ORDER BY person, component, line`, l.Programme, int64(month), l.ID)
		if err != nil {
			return err
		}
		for _, e := range summed(standing) {
			if e.Amount != 0 && slices.Contains(l.Components, e.Component) {
				e.Kind, e.Amount, e.Cause, e.Decision, e.Release = FromDecision, -e.Amount, ListTakenBack, 0, nil
				entries = append(entries, e)
			}
		}
	}
	return numbered(tx, l.Programme, entries)
}

// freeOfSupplements refuses to withdraw a quarter's list on which a supplement
// stands.
func (l List) freeOfSupplements(tx *store.Tx) error {
	if l.Supplement() {
		return nil
	}
	n, _, err := store.One(tx, (*store.Row).Int, `SELECT count(*) FROM payment_lists WHERE programme = $1 AND category = $2 AND state <> 'withdrawn'
		AND number > 0 AND quarter >= $3 AND (since = $3 OR quarter = $3 OR since > 0 AND since < $3)`, l.Programme, l.Category, int64(l.Quarter))
	if err == nil && n > 0 {
		err = fault.Conflict("payment.supplement_first", "count", n)
	}
	return err
}
