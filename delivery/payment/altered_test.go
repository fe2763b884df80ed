package payment_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"sanad/delivery/enrolment"
	"sanad/delivery/matching"
	"sanad/delivery/payment"
	"sanad/delivery/payment/paymenttest"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// history is a town with lists in every table: an exported list with held
// lines, vanished persons with and without words, and a return.
func history(t *testing.T, j *journal.Journal) (*paymenttest.Town, payment.List) {
	town := paymenttest.New(t, j, 6)
	town.Decide(october.Add(-3), nil)
	town.Export(town.Approve(town.Prepare(quarter.Previous(), "children")))
	h, silent := town.Households[0], town.Households[1]
	lines := h.Lines()
	lines[1] = paymenttest.Refused(lines[1], "under-age")
	lines[2] = paymenttest.Held(lines[2], "no_account")
	town.Decide(october, map[*paymenttest.Household][]policy.Line{h: lines, silent: silent.Lines()[:3]})
	l := town.Prepare(quarter, "children")
	l = town.Must(paymenttest.Officer, func(tx *store.Tx) (payment.List, error) {
		return payment.GiveReason(tx, l.ID, silent.Children[2], "child", "سافر مع أمه منذ يونيو")
	})
	l = town.Export(town.Approve(l))
	err := town.As(paymenttest.Officer, func(tx *store.Tx) error {
		_, err := payment.TakeReturns(tx, l.ID, []payment.Answer{{EndToEnd: l.EndToEnd(3), Outcome: payment.CameBack, Reason: "AC04", Day: calendar.Of(2026, 11, 5)},
			{EndToEnd: l.EndToEnd(1), Outcome: payment.WasPaid, Day: calendar.Of(2026, 11, 5)}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return town, find(town, l)
}

// export reads a list as an export does.
func export(tx *store.Tx, l payment.List) error {
	s, err := payment.OpenApproved(tx, l.ID)
	if err != nil {
		return err
	}
	for _, b := range s.Banks {
		for _, err := range s.Transfers(b.Code) {
			if err != nil {
				return err
			}
		}
	}
	return s.Proved()
}

// errUndo ends a transaction whose changes must not stay.
var errUndo = errors.New("undo")

func TestEveryAlterationOfAStoredListIsRefused(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town, l := history(t, j)
		if err := town.As(paymenttest.Officer, func(tx *store.Tx) error { return export(tx, l) }); err != nil {
			t.Fatalf("the list as it is: %v", err)
		}
		random := rand.New(rand.NewPCG(7, 11))
		kinds := map[string]int{}
		for n := range 2000 {
			what, sql := "", ""
			err := town.As(paymenttest.Officer, func(tx *store.Tx) error {
				var err error
				if what, sql, err = alter(tx, random, l, j.DB.Engine()); err != nil {
					return err
				}
				if err := export(tx, l); err != nil {
					return err
				}
				return errUndo
			})
			f := fault.Of(err)
			if f == nil {
				t.Fatalf("alteration %d was not found: %s: %s: %v", n, what, sql, err)
			}
			kinds[f.Key]++
		}
		t.Logf("refused: %v", kinds)
		if kinds["payment.altered_line"] < 200 || kinds["payment.altered_list"] < 200 {
			t.Errorf("the alterations are one-sided: %v", kinds)
		}
		if err := town.As(paymenttest.Officer, func(tx *store.Tx) error { return export(tx, l) }); err != nil {
			t.Errorf("the list after all was undone: %v", err)
		}
	})
}

// keys are the columns that name a row of each of a list's tables.
var keys = map[string]string{"payment_lists": "state", "payment_lines": "serial", "payment_held": "serial", "payment_gone": "person", "payment_returns": "transfer"}

// alter changes one thing of a list behind the program's back: a cell, a row
// gone, a row that comes from another list, or two rows exchanged.
func alter(tx *store.Tx, random *rand.Rand, l payment.List, engine string) (what, sql string, err error) {
	table := payment.Tables[random.IntN(len(keys))]
	if random.IntN(2) == 0 {
		table = payment.Tables[1] // half of all in the lines
	}
	do := func(what, sql string, args ...any) (string, string, error) {
		return table.Name + " " + what, sql, tx.Each(func(*store.Row) error { return nil }, sql, args...)
	}
	key := keys[table.Name]
	row := fmt.Sprintf("list = $1 AND %s = (SELECT %s FROM %s WHERE list = $1 ORDER BY %s LIMIT 1 OFFSET %d)", key, key, table.Name, key,
		random.IntN(map[string]int{"payment_lists": 1, "payment_lines": 15, "payment_held": 1, "payment_gone": 3, "payment_returns": 2}[table.Name]))
	switch random.IntN(12) {
	case 0:
		return do("row gone", fmt.Sprintf("DELETE FROM %s WHERE %s", table.Name, row), l.ID)
	case 1:
		if table.Name == "payment_lines" {
			a, b := 1+random.IntN(8), 9+random.IntN(7)
			return do("rows exchanged", fmt.Sprintf("UPDATE payment_lines SET serial = CASE serial WHEN %d THEN -%d ELSE -%d END WHERE list = $1 AND serial IN (%d, %d)", a, b, a, a, b), l.ID)
		}
	}
	column := table.Columns[random.IntN(len(table.Columns))]
	return do(column, fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s", table.Name, column, other(tx, random, table.Name, column, l, engine), row), l.ID)
}

// other is an expression for another value of a column, of the same type.
func other(tx *store.Tx, random *rand.Rand, table, column string, l payment.List, engine string) string {
	kind, _, err := store.One(tx, func(r *store.Row) string {
		r.Int() // anything but an integer is an error
		return "integer"
	}, fmt.Sprintf("SELECT %s FROM %s WHERE list = $1 AND %s IS NOT NULL LIMIT 1", column, table, column), l.ID)
	switch {
	case err == nil && kind == "integer" && (column == "live" || column == "two_signatures"):
		return "1 - " + column
	case err == nil && kind == "integer":
		return fmt.Sprintf("%s + %d", column, 1+random.IntN(1000))
	case texts[column]:
		return fmt.Sprintf("%s || 'x%d'", column, random.IntN(1000))
	}
	return blobOf(random, engine)
}

// texts are the columns of text in any of the tables.
var texts = map[string]bool{"programme": true, "category": true, "state": true, "remark": true, "title_ar": true, "title_en": true, "branch": true, "file": true,
	"component": true, "payee_name": true, "account": true, "bank": true, "cause": true, "reason": true, "words": true, "name": true, "outcome": true, "components": true}

// blobOf writes random bytes as a literal of the engine.
func blobOf(random *rand.Rand, engine string) string {
	hex := fmt.Sprintf("%016x%016x", random.Uint64(), random.Uint64())
	if engine == "postgres" {
		return `'\x` + hex + `'::bytea`
	}
	return "x'" + hex + "'"
}

func TestFirstLineThatDiffersIsNamed(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town, l := history(t, j)
		for _, serial := range []int{1, 7, int(l.Lines)} {
			err := town.As(paymenttest.Officer, func(tx *store.Tx) error {
				if err := tx.Each(func(*store.Row) error { return nil },
					fmt.Sprintf("UPDATE payment_lines SET amount = amount + 1000 WHERE list = $1 AND serial = %d", serial), l.ID); err != nil {
					return err
				}
				return export(tx, l)
			})
			f := fault.Of(err)
			if f == nil || f.Key != "payment.altered_line" || f.Args[1] != int64(serial) {
				t.Errorf("line %d altered: %v", serial, f)
			}
		}
	})
}

func TestListsAreRebuiltFromTheJournal(t *testing.T) {
	catalogue := journal.NewCatalogue(journal.Kinds, registry.Kinds, matching.Kinds, policy.Kinds, enrolment.Kinds, payment.Kinds)
	for from, to := range map[string]string{"sqlite": "postgres", "postgres": "sqlite"} {
		t.Run(from+" to "+to, func(t *testing.T) {
			j := journaltest.Open(t, from)
			town, _ := history(t, j)
			withdrawn := town.Prepare(quarter, "wives")
			town.Must(paymenttest.Officer, func(tx *store.Tx) (payment.List, error) {
				return payment.Withdraw(tx, withdrawn.ID, "أُعدّت قبل أوانها")
			})
			town.Approve(town.Prepare(quarter, "wives"))
			done, err := j.Rebuild(t.Context(), journaltest.Open(t, to), catalogue, payment.Tables, func(int64) {})
			if err != nil || len(done.Differ) > 0 {
				t.Errorf("%+v, %v", done, err)
			}
		})
	}
}
