// Package policy answers the question for which a family comes to the counter:
// what is due to us this month, to whom will it be paid, and by which article
// of the law. It answers the same way on every day and on every machine, and it
// can show each step.
//
// A programme is one file (DESIGN section 6): acts, readings of what the law
// leaves open, dated amounts and ages, conditions with their articles, the order
// of payees, and examples that run as tests. Open reads and checks it; Run
// decides a month for every household and records what has changed; Explain
// replays one decision from the sheet and the release that it cites. No amount,
// age or reading stands in this code.
package policy

import (
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
)

// Status is what was decided of one person and component.
type Status uint8

// The statuses. A pending line is neither paid nor refused: a fact is missing,
// or the law is not yet read.
const (
	Due     Status = iota + 1 // مستحق
	Pending                   // معلق
	Refused                   // غير مستحق
)

// String is the status as files and pages write it: due, pending, refused.
func (s Status) String() string {
	if s < Due || s > Refused {
		return ""
	}
	return [...]string{"due", "pending", "refused"}[s-1]
}

// The reasons that are not a condition's id. Reasons of refusal are the ids of
// conditions (under-age), those of holds the ids of holds (no_account).
const (
	AwaitingRuling = "awaiting_ruling" // بانتظار التفسير: fails on an unconfirmed reading only
	MissingFact    = "missing_fact"    // a fact that the law asks for is not known
	PayeeUnknown   = "payee_unknown"   // due, and nobody is known to receive it

	AmountUnverified = "amount_unverified" // the amount was not seen in the law's own text yet
	DecidedElsewhere = "decided_elsewhere" // another body decides and pays
	ReceivedBefore   = "received_before"   // one-off help, had in an earlier month
	OnWaitingList    = "waiting_list"      // entitled, and there is not enough for all
	WaitingPeriod    = "waiting_period"    // the time that the law asks for has not passed
)

// Line is the decision on one person for one component of a programme. What is
// due and what can be paid now are two answers: a due line that is not payable
// accrues, and Reason says what holds it.
type Line struct {
	Person         id.ID
	Component      string
	Status         Status
	Amount         money.Amount // a month, in dirhams; what is due, else zero
	Payee          id.ID        // zero where it is not known, or nothing is due
	PayeeHousehold id.ID        // on whose sheet the payee stands
	Account        string       // the payee's IBAN, empty where there is none
	Payable        bool
	Reason         string // why pending, refused or held; empty when payable
}

// Decision is what stands for a household in a month.
type Decision struct {
	Household    id.ID
	Branch       string
	File         string // the household's file number, as its branch writes it
	Source       string // name of the imported file last read from, empty where entered by hand
	SheetVersion int64
	Release      [32]byte
	From         calendar.Month // the month from which it stands
	Lines        []Line

	version int64
	outcome []byte // the lines as they are recorded
	basis   basis
}

// Due is the sum of what is due, payable or held.
func (d Decision) Due() money.Amount {
	var sum money.Amount
	for _, l := range d.Lines {
		sum += l.Amount
	}
	return sum
}

const standing = `SELECT d.household, d.branch, coalesce(h.file, ''), coalesce(h.source, ''), d.sheet_version, d.release,
	d.month_from, d.version, d.outcome, d.basis
	FROM decisions d LEFT JOIN households h ON h.household = d.household
	WHERE d.programme = $1 AND d.month_from <= $2`

// EachDecision calls f with the decision that stands for every household in a
// month, in household order. Households of which nothing was ever decided, or
// nobody is of the programme's kind, are left out. f must not use tx. Whoever
// shows the result asks for the capability.
func EachDecision(tx *store.Tx, programme string, month calendar.Month, f func(Decision) error) error {
	var last Decision
	var broken error
	flush := func() error {
		if last.Household.IsZero() || len(last.Lines) == 0 {
			return nil
		}
		return f(last)
	}
	err := tx.Each(func(r *store.Row) error {
		d, err := scanDecision(r)
		if err != nil {
			return err
		}
		if d.Household != last.Household {
			if broken = flush(); broken != nil {
				return broken
			}
		}
		last = d
		return nil
	}, standing+" ORDER BY d.household, d.month_from, d.version", programme, int64(month))
	if err != nil {
		return err
	}
	return flush()
}

// DecisionOf returns the decision that stands for one household in a month, or
// the fault "policy.no_decision"; "policy.nobody_of_kind" where the month was
// decided and nobody in the household is of the programme's kind. It needs the
// capability SeeDecision over the household's branch.
func DecisionOf(tx *store.Tx, programme string, household id.ID, month calendar.Month) (Decision, error) {
	d, err := decisionOf(tx, programme, household, month)
	if err != nil {
		return Decision{}, err
	}
	if d.basis.decided == undecided {
		return Decision{}, fault.NotFound("policy.no_decision", "month", month.Date())
	}
	return d, access.Require(tx, access.SeeDecision, d.Branch)
}

func decisionOf(tx *store.Tx, programme string, household id.ID, month calendar.Month) (Decision, error) {
	var last Decision
	err := tx.Each(func(r *store.Row) (err error) {
		last, err = scanDecision(r)
		return err
	}, standing+" AND d.household = $3 ORDER BY d.month_from, d.version", programme, int64(month), household)
	if err != nil || !last.Household.IsZero() {
		return last, err
	}
	if _, err := Decided(tx, programme, month); err != nil {
		return last, fault.NotFound("policy.no_decision", "month", month.Date())
	}
	return last, fault.NotFound("policy.nobody_of_kind", "month", month.Date())
}

func scanDecision(r *store.Row) (Decision, error) {
	d := Decision{Household: r.ID(), Branch: r.Text(), File: r.Text(), Source: fileOf(r.Text()), SheetVersion: r.Int()}
	copy(d.Release[:], r.Raw())
	d.From, d.version = calendar.Month(r.Int()), r.Int()
	d.outcome = r.Bytes()
	rest := r.Bytes()
	if err := r.Err(); err != nil {
		return Decision{}, err
	}
	var err error
	if d.Lines, err = decodeOutcome(d.Household, d.outcome); err == nil {
		d.basis, err = decodeBasis(d.Household, rest)
	}
	return d, err
}

// Decided tells when the last complete run of a programme for a month ended,
// and by which release; the fault "policy.not_decided" where there was none. A
// branch that is not told of runs knows only when and by which release.
func Decided(tx *store.Tx, programme string, month calendar.Month) (RunRecord, error) {
	run, found, err := store.One(tx, scanRun, `SELECT run, release, households, changed, chunks, root, finished FROM runs
		WHERE programme = $1 AND month = $2 ORDER BY finished DESC, run DESC LIMIT 1`, programme, int64(month))
	if err == nil && !found && journal.Self(tx).Role == journal.RoleBranch {
		run, found, err = toldOf(tx, programme, month)
	}
	if err == nil && !found {
		err = fault.NotFound("policy.not_decided", "month", month.Date())
	}
	return run, err
}

// toldOf is the run of a month as a branch knows it: the diwan sends what it
// decided about the branch's own households, not the header of its run.
func toldOf(tx *store.Tx, programme string, month calendar.Month) (RunRecord, bool, error) {
	return store.One(tx, scanRun, `SELECT run, release, 0, 0, 0, digest, version FROM decisions
		WHERE programme = $1 AND month_from = $2 ORDER BY version DESC, household LIMIT 1`, programme, int64(month))
}

// Kinds are the kinds of event that this package records.
var Kinds = kinds()

// Tables are the tables that this package owns.
var Tables = []*store.Table{releases, runs, decisions, receivedDecisions, drafts, reads}
