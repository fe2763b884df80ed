package payment

import (
	"slices"

	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

// Cause is why a line stands in a supplement and not in its quarter's list, or
// why the account of a month was corrected.
type Cause string

// The causes for which more is owed.
const (
	CameBackOnce     Cause = "returned"          // the bank sent it back
	AccountArrived   Cause = "account_arrived"   // held then for want of an account
	NumberIssued     Cause = "number_issued"     // held then for want of a national number
	CustodySettled   Cause = "custody_settled"   // held then, custody being disputed
	HoldEnded        Cause = "hold_ended"        // held then for another reason
	MonthRunLate     Cause = "month_run_late"    // the month was not decided yet
	LateBirth        Cause = "late_birth"        // born within a year before, registered since
	RegisteredLate   Cause = "registered_late"   // the family is in the registry since
	MatchingReversed Cause = "matching_reversed" // taken for another person then
	AmountCorrected  Cause = "amount_corrected"  // another amount was paid
	NoticePeriod     Cause = "notice_period"     // paid on until the end takes effect
	Omitted          Cause = "omitted"           // due then by what is known now, and left out
)

// The causes for which less is owed, or which stand in accounts only.
const (
	LateDeath     Cause = "late_death"     // the death was learnt after the payment
	CountedTwice  Cause = "counted_twice"  // counts by another record of the same person
	NotDue        Cause = "not_due"        // a condition was not met, by what is known now
	EndConfirmed  Cause = "end_confirmed"  // held while nobody had decided the end
	WaitsHeld     Cause = "held"           // due and held; the reason says why
	ListTakenBack Cause = "list_withdrawn" // the approved list was withdrawn
	PaidLater     Cause = "paid_later"     // a supplement paid it
	KeptBack      Cause = "kept_back"      // a recovery kept it back from a payment
)

// Causes lists them all.
var Causes = []Cause{CameBackOnce, AccountArrived, NumberIssued, CustodySettled, HoldEnded, MonthRunLate, LateBirth, RegisteredLate, MatchingReversed,
	AmountCorrected, NoticePeriod, Omitted, LateDeath, CountedTwice, NotDue, EndConfirmed, WaitsHeld, ListTakenBack, PaidLater, KeptBack}

// Key is the message that names the cause.
func (c Cause) Key() text.Key { return text.Key("payment.cause_" + string(c)) }

// holds maps the reasons by which programmes hold a line to the cause of paying
// it when the hold has ended.
var holds = map[string]Cause{
	"no_account": AccountArrived, AccountUnreadable: AccountArrived,
	"no_national_number": NumberIssued, "payee_no_national_number": NumberIssued,
	"custody_disputed": CustodySettled, CountsElsewhere: MatchingReversed,
}

// late is one month of a claim for which more is due than was paid.
type late struct {
	claim
	household id.ID
	month     calendar.Month
	completes bool // something was paid
	cause     Cause
}

// explainLate finds each one's cause, from the weakest to the strongest; earlier
// are the programme's lists in which it should have stood.
func explainLate(tx *store.Tx, programme string, earlier []List, all []late) error {
	byClaim := make([][]any, len(all))
	for i := range all {
		l := &all[i]
		l.cause = Omitted
		if l.completes {
			l.cause = AmountCorrected
		}
		byClaim[i] = []any{programme, l.person, l.component, int64(l.month)}
	}
	for _, step := range []func(*store.Tx, []List, []late) error{newcomers, unlinked} {
		if err := step(tx, earlier, all); err != nil {
			return err
		}
	}
	for i := range all {
		if !slices.ContainsFunc(earlier, func(l List) bool { return l.Includes(all[i].month) }) {
			all[i].cause = MonthRunLate
		}
	}
	err := tx.Batch(func(i int, r *store.Row) error {
		cause, named := holds[r.Text()]
		if !named {
			cause = HoldEnded
		}
		all[i].cause = cause
		return r.Err()
	}, "SELECT reason FROM payment_held WHERE programme = $1 AND person = $2 AND component = $3 AND month = $4 ORDER BY list", byClaim)
	if err != nil {
		return err
	}
	return tx.Batch(func(i int, _ *store.Row) error {
		all[i].cause = CameBackOnce
		return nil
	}, "SELECT 1 FROM ledger WHERE programme = $1 AND person = $2 AND component = $3 AND month = $4 AND kind = 'returned'", byClaim)
}

// preparedFor is when the list was prepared in which a month should have stood;
// zero where there was none.
func preparedFor(earlier []List, month calendar.Month) int64 {
	for _, l := range earlier {
		if l.Quarter == month.Quarter() {
			return l.PreparedAt
		}
	}
	return 0
}

// newcomers finds the children born within a year before the quarter and the
// families that came into the registry after its list was prepared.
func newcomers(tx *store.Tx, earlier []List, all []late) error {
	args := make([][]any, len(all))
	for i := range all {
		args[i] = []any{all[i].household, all[i].person}
	}
	return tx.Batch(func(i int, r *store.Row) error {
		registered, birth := r.Int(), r.Date()
		l := &all[i]
		switch prepared := preparedFor(earlier, l.month); {
		case prepared == 0 || l.completes:
		case registered > prepared:
			l.cause = RegisteredLate
		case birth >= l.month.Quarter().Months()[0].Add(-12).First():
			l.cause = LateBirth
		}
		return r.Err()
	}, "SELECT h.registered, p.birth FROM households h JOIN persons p ON p.person = $2 WHERE h.household = $1", args)
}

// unlinked finds the persons whose record was taken for another person's when
// the list was prepared, and is not any more.
func unlinked(tx *store.Tx, earlier []List, all []late) error {
	args := make([][]any, len(all))
	for i := range all {
		args[i] = []any{all[i].person, preparedFor(earlier, all[i].month)}
	}
	return tx.Batch(func(i int, r *store.Row) error {
		all[i].cause = MatchingReversed
		return r.Err()
	}, "SELECT 1 FROM links WHERE (a = $1 OR b = $1) AND until > $2 AND since < $2", args)
}
