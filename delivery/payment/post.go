package payment

import (
	"maps"
	"slices"

	"sanad/delivery/enrolment"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
)

// Posting is what a look at the accounts has added.
type Posting struct {
	Entries int64
	Arrears money.Amount // more owed to families
	Over    money.Amount // paid too much, as a positive amount
}

// Post brings the accounts of a programme up to date with what is decided now,
// for the months given, or for all whose list was approved. What was paid stays;
// each difference becomes an entry with its cause and the decision it rests on.
// Months whose list is still to come get none: the list itself will pay them.
// Doing it again adds nothing. It needs the capability RunProgramme.
func Post(tx *store.Tx, programme string, months ...calendar.Month) (Posting, error) {
	if err := access.Require(tx, access.RunProgramme, ""); err != nil {
		return Posting{}, err
	}
	b, err := openBooks(tx, programme)
	if err != nil {
		return Posting{}, err
	}
	if len(months) == 0 {
		months = slices.Sorted(maps.Keys(b.settled))
	}
	for _, month := range months {
		for _, s := range b.settled[month] {
			households, err := policy.Redecided(tx, programme, month, s.prepared)
			if err != nil {
				return Posting{}, err
			}
			if err := b.balance(month, s, households); err != nil {
				return Posting{}, err
			}
		}
	}
	return b.post()
}

// PostHousehold is Post for one household, after a decision about its benefits;
// PostEnds for the households of an act. They need a capability of those who
// propose, decide or approve.
func PostHousehold(tx *store.Tx, programme string, household id.ID) (Posting, error) {
	if !access.Holds(tx, access.DecideMeasure) && !access.Holds(tx, access.ProposeMeasure) {
		return Posting{}, access.Require(tx, access.DecideMeasure, "")
	}
	return postHouseholds(tx, programme, []id.ID{household})
}

// PostEnds is Post for the households of an act whose ends were approved or
// taken back.
func PostEnds(tx *store.Tx, programme string, ends []enrolment.End) (Posting, error) {
	if !access.Holds(tx, access.AnnounceEnds) && !access.Holds(tx, access.ApproveEnds) {
		return Posting{}, access.Require(tx, access.ApproveEnds, "")
	}
	households := make([]id.ID, len(ends))
	for i, e := range ends {
		households[i] = e.Household
	}
	return postHouseholds(tx, programme, distinct(households))
}

func postHouseholds(tx *store.Tx, programme string, households []id.ID) (Posting, error) {
	b, err := openBooks(tx, programme)
	if err != nil {
		return Posting{}, err
	}
	for _, month := range slices.Sorted(maps.Keys(b.settled)) {
		for _, s := range b.settled[month] {
			if err := b.balance(month, s, households); err != nil {
				return Posting{}, err
			}
		}
	}
	return b.post()
}

// settled is a month whose list of a category was approved: what it did not pay
// stands in the accounts.
type settled struct {
	components []string
	prepared   int64 // when its first list was
	lists      []List
}

// books are a programme's accounts while entries are gathered.
type books struct {
	tx        *store.Tx
	programme string
	settled   map[calendar.Month][]settled
	standing  enrolment.Standing
	first     map[id.ID]id.ID // of each record that does not count, the one that does
	entries   []Entry
}

func openBooks(tx *store.Tx, programme string) (*books, error) {
	b := &books{tx: tx, programme: programme, settled: map[calendar.Month][]settled{}}
	lists, err := store.All(tx, scanList, listQuery+` WHERE programme = $1 AND state IN ('approved', 'exported', 'answered', 'closed')
		ORDER BY category, quarter, number`, programme)
	if err != nil {
		return nil, err
	}
	for _, l := range lists {
		for _, month := range l.Quarter.Months() {
			if !l.Includes(month) {
				continue
			}
			at := slices.IndexFunc(b.settled[month], func(s settled) bool { return slices.Equal(s.components, l.Components) })
			if at < 0 {
				at = len(b.settled[month])
				b.settled[month] = append(b.settled[month], settled{components: l.Components, prepared: l.PreparedAt})
			}
			b.settled[month][at].lists = append(b.settled[month][at].lists, l)
		}
	}
	if b.standing, err = enrolment.StandingOf(tx, programme); err != nil {
		return nil, err
	}
	b.first, err = firstRecords(tx)
	return b, err
}

// post records what was gathered.
func (b *books) post() (done Posting, err error) {
	for _, e := range b.entries {
		done.Entries++
		if e.Amount > 0 {
			done.Arrears += e.Amount
		} else {
			done.Over -= e.Amount
		}
	}
	return done, numbered(b.tx, b.programme, b.entries)
}

// account is one month of one claim.
type account struct {
	claim
	household    id.ID
	branch, file string
	due          money.Amount
	line         policy.Line // of the decision that says so, or that refuses
	decision     int64
	release      [32]byte
	kept         money.Amount // held while nobody had decided the end
	paid         money.Amount // by approved lists, with what was kept back
	noticed      money.Amount // of these, paid on while a notice ran
	recovered    money.Amount // of what was paid too much
	posted       money.Amount // the sum of the entries so far
}

// owed is what the account must come to.
func (a *account) owed() money.Amount {
	due := a.due
	if due == 0 {
		due = max(a.kept, a.noticed)
	}
	return due - a.paid + a.recovered
}

// balance compares one month's decisions with its payments for everybody whose
// claim stands or stood in one of the households, and gathers the differences.
func (b *books) balance(month calendar.Month, s settled, households []id.ID) error {
	if len(households) == 0 {
		return nil
	}
	accounts, err := b.accounts(month, s, households)
	if err != nil {
		return err
	}
	var differing []*account
	for _, c := range claimsOf(accounts) {
		if a := accounts[c]; a.owed() != a.posted {
			differing = append(differing, a)
		}
	}
	return b.enter(month, s, differing)
}

// enter gathers an entry for each account that differs, with its cause.
func (b *books) enter(month calendar.Month, s settled, differing []*account) error {
	lates := make([]late, len(differing))
	for i, a := range differing {
		lates[i] = late{claim: a.claim, household: a.household, month: month, completes: a.paid > 0}
	}
	if err := explainLate(b.tx, b.programme, s.lists, lates); err != nil {
		return err
	}
	for i, a := range differing {
		cause, err := b.cause(month, a, lates[i].cause)
		if err != nil {
			return err
		}
		e := Entry{Person: a.person, Component: a.component, Month: month, Household: a.household, Branch: a.branch, File: a.file,
			Kind: FromDecision, Amount: a.owed() - a.posted, Cause: cause, Reason: a.line.Reason, Decision: a.decision}
		if a.decision != 0 {
			e.Release = a.release[:]
		}
		b.entries = append(b.entries, e)
	}
	return nil
}

// cause names why an account differs. late is the cause where more is due.
func (b *books) cause(month calendar.Month, a *account, late Cause) (Cause, error) {
	switch more := a.owed() > a.posted; {
	case more && a.due == 0 && a.kept > 0:
		return Cause(EndNotDecided), nil
	case more && a.line.Status == policy.Due && !a.line.Payable && a.posted == 0 && a.paid == 0:
		return WaitsHeld, nil
	case more:
		return late, nil
	case b.counts(a.person) != a.person:
		return CountedTwice, nil
	case a.due > 0:
		return AmountCorrected, nil
	case a.paid == 0 && b.standing.Ends(enrolment.Claim{Person: a.person, Component: a.component}, month):
		return EndConfirmed, nil
	}
	dead, _, err := store.One(b.tx, (*store.Row).Bool, "SELECT dead FROM persons WHERE person = $1", a.person)
	if dead {
		return LateDeath, err
	}
	return NotDue, err
}

// counts is the record that counts for a person.
func (b *books) counts(person id.ID) id.ID {
	if first, linked := b.first[person]; linked {
		return first
	}
	return person
}
