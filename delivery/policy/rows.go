package policy

import (
	"cmp"
	"io"
	"slices"
	"strconv"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/csvout"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
)

// Row is one row of the list of decisions: a household, a payee, a component,
// and how many persons came to the same answer.
type Row struct {
	Household id.ID
	Source    string
	File      string
	Branch    string
	Component string
	Persons   int
	Amount    money.Amount // a month, all persons together
	Payee     id.ID
	PayeeName string
	Status    Status
	Payable   bool
	Reason    string // see Line.Reason and Programme.Reason
}

// page is how many decisions are read before their payees' names are fetched.
const page = 2000

// DecisionRows calls f with the rows of all decisions that stand in a month, by
// household, then component, status, payee and reason. Persons who are not of a
// component's kind have no row; a refused row stands where somebody of the kind
// was refused. It needs the capability SeeDecision over the country.
func DecisionRows(tx *store.Tx, programme string, month calendar.Month, f func(Row) error) error {
	if err := access.Require(tx, access.SeeDecision, ""); err != nil {
		return err
	}
	return pages(tx, programme, month, func(some []Decision) error {
		names, err := namesOf(tx, some)
		if err != nil {
			return err
		}
		for i := range some {
			for _, row := range rowsOf(&some[i]) {
				row.PayeeName = names[row.Payee]
				if err := f(row); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// pages calls f with some decisions at a time; f may use tx.
func pages(tx *store.Tx, programme string, month calendar.Month, f func([]Decision) error) error {
	after := []byte{}
	for {
		var some []Decision
		read := 0
		err := tx.Each(func(r *store.Row) error {
			d, err := scanDecision(r)
			if n := len(some); n > 0 && some[n-1].Household == d.Household {
				some = some[:n-1]
			}
			some = append(some, d)
			read++
			return err
		}, standing+" AND d.household > $3 ORDER BY d.household, d.month_from, d.version LIMIT $4", programme, int64(month), after, int64(page))
		if err != nil {
			return err
		}
		if read == page && len(some) > 1 { // the last may go on in the next page
			some = some[:len(some)-1]
		}
		if len(some) > 0 {
			last := some[len(some)-1].Household
			after = last[:]
			if err := f(some); err != nil {
				return err
			}
		}
		if read < page {
			return nil
		}
	}
}

func namesOf(tx *store.Tx, some []Decision) (map[id.ID]string, error) {
	names := map[id.ID]string{}
	var persons []id.ID
	var args [][]any
	for i := range some {
		for l := range some[i].Lines {
			who := some[i].Lines[l].Payee
			if _, asked := names[who]; !asked && !who.IsZero() {
				names[who] = ""
				persons, args = append(persons, who), append(args, []any{who})
			}
		}
	}
	err := tx.Batch(func(i int, r *store.Row) error {
		names[persons[i]] = r.Text()
		return r.Err()
	}, `SELECT name FROM persons WHERE person = $1`, args)
	return names, err
}

// rowsOf joins a decision's lines that differ in nothing but the person.
func rowsOf(d *Decision) []Row {
	var rows []Row
	for i := range d.Lines {
		l := &d.Lines[i]
		row := Row{Household: d.Household, Source: d.Source, File: d.File, Branch: d.Branch, Component: l.Component, Persons: 1,
			Amount: l.Amount, Payee: l.Payee, Status: l.Status, Payable: l.Payable, Reason: l.Reason}
		same := slices.IndexFunc(rows, func(o Row) bool {
			o.Persons, o.Amount = row.Persons, row.Amount
			return o == row
		})
		if same < 0 {
			rows = append(rows, row)
			continue
		}
		rows[same].Persons++
		rows[same].Amount += row.Amount
	}
	slices.SortStableFunc(rows, func(a, b Row) int {
		return cmp.Or(cmp.Compare(a.Component, b.Component), cmp.Compare(a.Status, b.Status), a.Payee.Compare(b.Payee), cmp.Compare(a.Reason, b.Reason))
	})
	return rows
}

// WriteRows writes the list of decisions of a month as CSV, with the heading
// source,household_file,branch,component,persons,amount_dirham,payee,status,payable,reason
// and one record for each row of DecisionRows.
func WriteRows(tx *store.Tx, programme string, month calendar.Month, to io.Writer) error {
	w := csvout.New(to)
	if err := w.Write("source", "household_file", "branch", "component", "persons", "amount_dirham", "payee", "status", "payable", "reason"); err != nil {
		return err
	}
	err := DecisionRows(tx, programme, month, func(r Row) error {
		payable := "no"
		if r.Payable {
			payable = "yes"
		}
		return w.Write(r.Source, r.File, r.Branch, r.Component, strconv.Itoa(r.Persons), strconv.FormatInt(int64(r.Amount), 10),
			r.PayeeName, r.Status.String(), payable, r.Reason)
	})
	if err != nil {
		return err
	}
	return w.Flush()
}
