package payment

import (
	"slices"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/store"
	"sanad/platform/text"
)

// Cause is why a line stands in a supplement and not in its quarter's list.
type Cause string

// The causes.
const (
	CameBackOnce   Cause = "returned"        // the bank sent it back
	AccountArrived Cause = "account_arrived" // held then for want of an account
	NumberIssued   Cause = "number_issued"   // held then for want of a national number
	CustodySettled Cause = "custody_settled" // held then, custody being disputed
	HoldEnded      Cause = "hold_ended"      // held then for another reason
	MonthRunLate   Cause = "month_run_late"  // the month was not decided yet
	LateBirth      Cause = "late_birth"      // born within a year before, registered since
	RegisteredLate Cause = "registered_late" // the family is in the registry since
	Omitted        Cause = "omitted"         // due then by what is known now, and left out
)

// Causes lists them all.
var Causes = []Cause{CameBackOnce, AccountArrived, NumberIssued, CustodySettled, HoldEnded, MonthRunLate, LateBirth, RegisteredLate, Omitted}

// Key is the message that names the cause.
func (c Cause) Key() text.Key { return text.Key("payment.cause_" + string(c)) }

// holds maps the reasons by which programmes hold a line to the cause of paying
// it when the hold has ended.
var holds = map[string]Cause{
	"no_account": AccountArrived, AccountUnreadable: AccountArrived,
	"no_national_number": NumberIssued, "payee_no_national_number": NumberIssued,
	"custody_disputed": CustodySettled,
}

// PrepareSupplement freezes a supplement (ملحق) to a quarter's list: what is
// payable now for the quarter's months and stands in no list, each line with its
// cause. Its faults are those of Prepare, and "payment.list_first" while the
// quarter's list is not approved: until then it can be withdrawn and prepared
// again.
func PrepareSupplement(tx *store.Tx, terms Terms, quarter calendar.Quarter, category string) (List, error) {
	if err := access.Require(tx, access.PrepareList, ""); err != nil {
		return List{}, err
	}
	earlier, err := store.All(tx, scanList, listQuery+` WHERE programme = $1 AND quarter = $2 AND category = $3 AND state <> 'withdrawn'
		ORDER BY number`, terms.Programme, int64(quarter), category)
	if err != nil {
		return List{}, err
	}
	if len(earlier) == 0 || slices.ContainsFunc(earlier, func(l List) bool { return l.State == Prepared || l.State == SignedOnce }) {
		return List{}, fault.Conflict("payment.list_first", "quarter", quarter)
	}
	p, err := begin(tx, terms, quarter, category)
	if err != nil {
		return List{}, err
	}
	p.list.Number = earlier[len(earlier)-1].Number + 1
	if err := p.collect(); err != nil {
		return List{}, err
	}
	if err := p.explainLate(earlier); err != nil {
		return List{}, err
	}
	return p.freeze()
}

// explainLate gives every line its cause, from the weakest to the strongest.
func (p *preparation) explainLate(earlier []List) error {
	byHousehold, byClaim := make([][]any, len(p.lines)), make([][]any, len(p.lines))
	for i := range p.lines {
		l := &p.lines[i]
		l.Cause = Omitted
		byHousehold[i] = []any{l.Household, l.Person}
		byClaim[i] = []any{p.terms.Programme, l.Person, l.Component, int64(l.Month)}
	}
	if err := p.newcomers(byHousehold, earlier[0].PreparedAt); err != nil {
		return err
	}
	for i := range p.lines {
		l := &p.lines[i]
		if !slices.ContainsFunc(earlier, func(e List) bool { return e.Includes(l.Month) }) {
			l.Cause = MonthRunLate
		}
	}
	err := p.tx.Batch(func(i int, r *store.Row) error {
		cause, named := holds[r.Text()]
		if !named {
			cause = HoldEnded
		}
		p.lines[i].Cause = cause
		return r.Err()
	}, "SELECT reason FROM payment_held WHERE programme = $1 AND person = $2 AND component = $3 AND month = $4 ORDER BY list", byClaim)
	if err != nil {
		return err
	}
	return p.tx.Batch(func(i int, _ *store.Row) error {
		p.lines[i].Cause = CameBackOnce
		return nil
	}, "SELECT 1 FROM payment_lines WHERE programme = $1 AND person = $2 AND component = $3 AND month = $4 AND live = 0", byClaim)
}

// newcomers finds the children born shortly before the quarter's end and the
// families that came into the registry after its list was prepared.
func (p *preparation) newcomers(args [][]any, prepared int64) error {
	first := p.list.Quarter.Months()[0].Add(-12).First()
	return p.tx.Batch(func(i int, r *store.Row) error {
		registered, birth := r.Int(), r.Date()
		switch {
		case registered > prepared:
			p.lines[i].Cause = RegisteredLate
		case birth >= first:
			p.lines[i].Cause = LateBirth
		}
		return r.Err()
	}, "SELECT h.registered, p.birth FROM households h JOIN persons p ON p.person = $2 WHERE h.household = $1", args)
}
