package payment

import (
	"slices"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
)

// Outcome is what a bank says of a transfer.
type Outcome string

// The outcomes.
const (
	WasPaid  Outcome = "paid"
	CameBack Outcome = "returned"
)

// Answer is one line of a bank's returns.
type Answer struct {
	EndToEnd string
	Outcome  Outcome
	Reason   string // the bank's code or words; a return must have one
	Day      calendar.Date
}

// Taken is what reading returns in has changed.
type Taken struct {
	Paid     int64        // transfers said to be paid
	Returned int64        // transfers that came back
	Amount   money.Amount // of these
	Repeated int64        // answers that were known already
}

// TakeReturns reads a bank's answers into an exported list. Lines that came back
// are free for a supplement. All of it is taken or nothing: a transfer that is
// none of the list's is "payment.unknown_transfers", which names them; two
// answers that contradict each other, or one that takes a return back, is
// "payment.contradicting_answers".
func TakeReturns(tx *store.Tx, list id.ID, answers []Answer) (Taken, error) {
	if err := access.Require(tx, access.ReadReturns, ""); err != nil {
		return Taken{}, err
	}
	l, err := find(tx, list)
	if err != nil {
		return Taken{}, err
	}
	if err := l.allows(StepAnswer); err != nil {
		return Taken{}, err
	}
	if err := prove(tx, l); err != nil {
		return Taken{}, err
	}
	asked, err := l.read(answers)
	if err != nil {
		return Taken{}, err
	}
	taken, news, err := l.news(tx, asked)
	if err != nil {
		return Taken{}, err
	}
	for i := range news {
		switch news[i].Outcome {
		case WasPaid:
			taken.Paid++
		case CameBack:
			taken.Returned++
			taken.Amount += news[i].Amount
		}
	}
	return taken, l.answer(tx, taken, news)
}

// few are identifiers that a fault names, no more than twenty.
func few(ids []string) []string { return ids[:min(len(ids), 20)] }

// read finds the transfer of each answer.
func (l List) read(answers []Answer) (map[int64]Answer, error) {
	asked, strange, twice := map[int64]Answer{}, []string{}, []string{}
	for _, a := range answers {
		n := l.transferOf(a.EndToEnd)
		other, again := asked[n]
		switch {
		case n == 0:
			strange = append(strange, a.EndToEnd)
		case again && (other.Outcome != a.Outcome || other.Reason != a.Reason):
			twice = append(twice, a.EndToEnd)
		default:
			asked[n] = a
		}
	}
	if len(strange) > 0 {
		return nil, fault.Invalid("payment.unknown_transfers", "count", len(strange), "transfers", few(strange))
	}
	if len(twice) > 0 {
		return nil, fault.Invalid("payment.contradicting_answers", "count", len(twice), "transfers", few(twice))
	}
	return asked, nil
}

// news returns the answers that say something new, in the order of their
// transfers, each with its lines.
func (l List) news(tx *store.Tx, asked map[int64]Answer) (Taken, []Returned, error) {
	known := map[int64]Returned{}
	err := tx.Each(func(r *store.Row) error {
		answer := scanReturned(r)
		known[answer.Transfer] = answer
		return r.Err()
	}, returnsQuery+" WHERE list = $1", l.ID)
	var taken Taken
	var news []Returned
	var takenBack []string
	for n, a := range asked {
		before, again := known[n]
		switch {
		case again && before.Outcome == a.Outcome:
			taken.Repeated++
		case again && before.Outcome == CameBack:
			takenBack = append(takenBack, a.EndToEnd)
		default:
			news = append(news, Returned{Transfer: n, Outcome: a.Outcome, Reason: a.Reason, Day: int64(a.Day), Taken: tx.Now.UnixMicro()})
		}
	}
	if err == nil && len(takenBack) > 0 {
		slices.Sort(takenBack)
		err = fault.Conflict("payment.contradicting_answers", "count", len(takenBack), "transfers", few(takenBack))
	}
	if err != nil {
		return Taken{}, nil, err
	}
	slices.SortFunc(news, func(a, b Returned) int { return int(a.Transfer - b.Transfer) })
	return taken, news, l.linesOf(tx, news)
}

// linesOf fills in which lines each transfer has, and their sum.
func (l List) linesOf(tx *store.Tx, news []Returned) error {
	args := make([][]any, len(news))
	for i := range news {
		args[i] = []any{l.ID, news[i].Transfer}
	}
	return tx.Batch(func(i int, r *store.Row) error {
		news[i].First, news[i].Last, news[i].Amount = r.Int(), r.Int(), r.Amount()
		return r.Err()
	}, "SELECT min(serial), max(serial), CAST(sum(amount) AS BIGINT) FROM payment_lines WHERE list = $1 AND transfer = $2", args)
}

// answer records the news and the list's new row.
func (l List) answer(tx *store.Tx, taken Taken, news []Returned) error {
	if len(news) == 0 && l.State == Answered {
		return nil // the same file again
	}
	for group := range slices.Chunk(news, chunk) {
		if err := journal.Record(tx, ReturnsTaken{l.ID, group}); err != nil {
			return err
		}
	}
	if err := l.reopen(tx, news); err != nil {
		return err
	}
	l.Returned += taken.Returned
	l.ReturnedTotal += taken.Amount
	var err error
	if l.ReturnsDigest, err = returnsDigest(tx, l); err != nil {
		return err
	}
	l.State = Answered
	_, err = l.step(tx, StepAnswer)
	return err
}
