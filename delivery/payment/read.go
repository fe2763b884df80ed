package payment

import (
	"errors"
	"iter"
	"strings"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
	"sanad/platform/text"
)

const (
	listQuery = `SELECT list, version, programme, quarter, category, number, months, state, prepared, preparer,
		lines, transfers, total, held, held_total, before, gone, unreasoned, two_signatures, lines_digest, gone_digest,
		signer, approver, approved, exporter, exported, file_digest, returned, returned_total, returns_digest,
		closer, closed, remark, title_ar, title_en, since, components, seal FROM payment_lists`
	lineColumns = `serial, household, branch, file, person, component, month, amount, payee, payee_household, payee_name,
		account, bank, transfer, cause, seal, live, part, withheld, proposal`
	heldColumns  = `serial, household, branch, file, person, component, month, amount, payee, reason`
	goneQuery    = `SELECT person, component, household, branch, file, name, amount, reason, words, author FROM payment_gone`
	returnsQuery = `SELECT transfer, outcome, reason, day, amount, first, last, taken FROM payment_returns`
)

func scanList(r *store.Row) List {
	return List{ID: r.ID(), Version: r.Int(), Programme: r.Text(), Quarter: calendar.Quarter(r.Int()), Category: r.Text(), Number: r.Int(),
		Months: r.Int(), State: State(r.Text()), PreparedAt: r.Int(), Preparer: r.ID(), Lines: r.Int(), Transfers: r.Int(), Total: r.Amount(),
		Held: r.Int(), HeldTotal: r.Amount(), Before: r.Int(), Gone: r.Int(), Unreasoned: r.Int(), TwoSignatures: r.Bool(),
		LinesDigest: r.Bytes(), GoneDigest: r.Bytes(), Signer: r.ID(), Approver: r.ID(), ApprovedAt: r.Int(), Exporter: r.ID(), ExportedAt: r.Int(),
		FileDigest: r.Bytes(), Returned: r.Int(), ReturnedTotal: r.Amount(), ReturnsDigest: r.Bytes(), Closer: r.ID(), ClosedAt: r.Int(),
		Remark: r.Text(), Title: text.Bilingual{Arabic: r.Text(), English: r.Text()}, Since: calendar.Quarter(r.Int()), Components: listed(r.Text()), Seal: r.Bytes()}
}

func scanLine(r *store.Row) Line {
	return Line{Serial: r.Int(), Household: r.ID(), Branch: r.Text(), File: r.Text(), Person: r.ID(), Component: r.Text(),
		Month: calendar.Month(r.Int()), Amount: r.Amount(), Payee: r.ID(), PayeeHousehold: r.ID(), PayeeName: r.Text(), Account: r.Text(),
		Bank: r.Text(), Transfer: r.Int(), Cause: Cause(r.Text()), Seal: r.Int(), Live: r.Bool(), Part: r.Int(), Withheld: r.Amount(), Proposal: r.ID()}
}

// listed reads words with commas between them.
func listed(words string) []string {
	if words == "" {
		return nil
	}
	return strings.Split(words, ",")
}

func scanHeld(r *store.Row) Held {
	return Held{Serial: r.Int(), Household: r.ID(), Branch: r.Text(), File: r.Text(), Person: r.ID(), Component: r.Text(),
		Month: calendar.Month(r.Int()), Amount: r.Amount(), Payee: r.ID(), Reason: r.Text()}
}

func scanGone(r *store.Row) Gone {
	return Gone{Person: r.ID(), Component: r.Text(), Household: r.ID(), Branch: r.Text(), File: r.Text(), Name: r.Text(), Amount: r.Amount(),
		Reason: r.Text(), Words: r.Text(), Author: r.ID()}
}

func scanReturned(r *store.Row) Returned {
	return Returned{Transfer: r.Int(), Outcome: Outcome(r.Text()), Reason: r.Text(), Day: r.Int(), Amount: r.Amount(), First: r.Int(), Last: r.Int(), Taken: r.Int()}
}

// Lists returns all lists, the latest quarter first; totals only, nobody's name.
func Lists(tx *store.Tx) ([]List, error) {
	if err := access.Require(tx, access.SeeList, ""); err != nil {
		return nil, err
	}
	return store.All(tx, scanList, listQuery+" ORDER BY quarter DESC, programme, category, number DESC, prepared DESC")
}

// FindList returns one list, or the fault "payment.no_list".
func FindList(tx *store.Tx, list id.ID) (List, error) {
	if err := access.Require(tx, access.SeeList, ""); err != nil {
		return List{}, err
	}
	return find(tx, list)
}

func find(tx *store.Tx, list id.ID) (List, error) {
	l, found, err := store.One(tx, scanList, listQuery+" WHERE list = $1", list)
	if err == nil && !found {
		err = fault.NotFound("payment.no_list")
	}
	return l, err
}

// Standing returns the quarter's list of a category, or the fault
// "payment.no_list"; withdrawn ones do not stand.
func Standing(tx *store.Tx, programme string, quarter calendar.Quarter, category string) (List, error) {
	if err := access.Require(tx, access.SeeList, ""); err != nil {
		return List{}, err
	}
	return standing(tx, programme, quarter, category)
}

func standing(tx *store.Tx, programme string, quarter calendar.Quarter, category string) (List, error) {
	l, found, err := store.One(tx, scanList, listQuery+" WHERE programme = $1 AND quarter = $2 AND category = $3 AND number = 0 AND state <> 'withdrawn'",
		programme, int64(quarter), category)
	if err == nil && !found {
		err = fault.NotFound("payment.no_list")
	}
	return l, err
}

// EachHeld calls f for every line of a list that is due and held, in its order.
// f must not use tx.
func EachHeld(tx *store.Tx, list id.ID, f func(Held) error) error {
	if err := access.Require(tx, access.SeeList, ""); err != nil {
		return err
	}
	return tx.Each(func(r *store.Row) error {
		h := scanHeld(r)
		return errors.Join(r.Err(), f(h))
	}, "SELECT "+heldColumns+" FROM payment_held WHERE list = $1 ORDER BY serial", list)
}

// Paid is a line of a household with the state of its list.
type Paid struct {
	Line
	List  id.ID
	State State
}

// OfHousehold returns a household's payment lines, the latest month first, for
// those who may read the household. branch is the household's own; by another
// one nothing is found.
func OfHousehold(tx *store.Tx, household id.ID, branch string) ([]Paid, error) {
	if err := access.RequireReading(tx, branch); err != nil {
		return nil, err
	}
	return store.All(tx, func(r *store.Row) Paid {
		return Paid{Line: scanLine(r), List: r.ID(), State: State(r.Text())}
	}, `SELECT l.serial, l.household, l.branch, l.file, l.person, l.component, l.month, l.amount, l.payee, l.payee_household, l.payee_name,
		l.account, l.bank, l.transfer, l.cause, l.seal, l.live, l.part, l.withheld, l.proposal, p.list, p.state
		FROM payment_lines l JOIN payment_lists p ON p.list = l.list JOIN households h ON h.household = l.household
		WHERE l.household = $1 AND h.branch = $2 ORDER BY l.month DESC, l.component, l.person, p.prepared DESC`, household, branch)
}

// Banks returns what each bank is to pay by a list, in order of their codes.
func Banks(tx *store.Tx, list id.ID) ([]Bank, error) {
	if err := access.Require(tx, access.SeeList, ""); err != nil {
		return nil, err
	}
	return banksOf(tx, list)
}

func banksOf(tx *store.Tx, list id.ID) ([]Bank, error) {
	return store.All(tx, func(r *store.Row) Bank { return Bank{Code: r.Text(), Transfers: r.Int(), Total: r.Amount()} },
		`SELECT bank, count(DISTINCT transfer), CAST(sum(amount) AS BIGINT) FROM payment_lines WHERE list = $1 GROUP BY bank ORDER BY bank`, list)
}

// Sealed is a list whose lines are read and proved in one pass. Nothing made
// from them may leave the house before Proved has returned nil.
type Sealed struct {
	List  List
	Banks []Bank // in the order in which Transfers must be asked for

	tx       *store.Tx
	head     []byte
	serial   int64
	transfer int64
	total    money.Amount
	stopped  bool
}

// open proves the list's row and counts what each bank is to pay.
func open(tx *store.Tx, l List) (*Sealed, error) {
	if err := l.proveHeader(tx); err != nil {
		return nil, err
	}
	banks, err := banksOf(tx, l.ID)
	return &Sealed{List: l, Banks: banks, tx: tx, head: l.start()}, err
}

// errEnough ends a query when the reader wants no more.
var errEnough = errors.New("payment: no more wanted")

// Transfers reads the transfers to one bank, in the order of the bank file. A
// line that is not the one approved ends it with the fault
// "payment.altered_line".
func (s *Sealed) Transfers(bank string) iter.Seq2[Transfer, error] {
	return func(yield func(Transfer, error) bool) {
		var current Transfer
		give := func() error {
			if current.Number != 0 && !yield(current, nil) {
				s.stopped = true
				return errEnough
			}
			return nil
		}
		err := s.tx.Each(func(r *store.Row) error {
			programme, l := r.Text(), scanLine(r)
			if err := errors.Join(r.Err(), s.next(&l, programme)); err != nil {
				return err
			}
			if l.Transfer != current.Number {
				if err := give(); err != nil {
					return err
				}
				current = Transfer{Number: l.Transfer, EndToEnd: s.List.EndToEnd(l.Transfer), Payee: l.Payee, Household: l.Household, Branch: l.Branch,
					File: l.File, Name: l.PayeeName, Account: l.Account, Bank: l.Bank, First: l.Serial}
			}
			current.Amount += l.Amount
			current.Last = l.Serial
			return nil
		}, "SELECT programme, "+lineColumns+" FROM payment_lines WHERE list = $1 AND bank = $2 ORDER BY serial", s.List.ID, bank)
		if err == nil {
			err = give()
		}
		if err != nil && !errors.Is(err, errEnough) {
			s.stopped = true
			yield(Transfer{}, err)
		}
	}
}

// next holds one line against the chain.
func (s *Sealed) next(l *Line, programme string) error {
	s.serial++
	s.head = l.link(s.head, programme)
	s.total += l.Amount
	s.transfer = l.Transfer
	if l.Serial != s.serial || l.Seal != sealOf(s.head) {
		return fault.Conflict("payment.altered_line", "line", min(s.serial, l.Serial), "branch", l.Branch, "file", l.File)
	}
	return nil
}

// Proved returns nil when every line was read and all of it, with what stands
// beside the lines, is what was sealed; else the fault "payment.altered_list".
func (s *Sealed) Proved() error {
	l := s.List
	if s.stopped || s.serial != l.Lines || s.total != l.Total || s.transfer != l.Transfers {
		return l.altered()
	}
	return proveRest(s.tx, l, s.head)
}

// OpenApproved opens an approved list to be handed to the banks. Its faults are
// "payment.wrong_state" before the approval and after a withdrawal, and those of
// a list that was altered.
func OpenApproved(tx *store.Tx, list id.ID) (*Sealed, error) {
	if err := access.Require(tx, access.ExportList, ""); err != nil {
		return nil, err
	}
	l, err := find(tx, list)
	if err != nil {
		return nil, err
	}
	if err := l.allows(StepExport); err != nil {
		return nil, err
	}
	return open(tx, l)
}
