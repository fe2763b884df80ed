package payment_test

import (
	"testing"

	"sanad/delivery/matching"
	"sanad/delivery/payment"
	"sanad/delivery/payment/paymenttest"
	"sanad/delivery/policy"
	"sanad/platform/calendar"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

func TestTwoRecordsOfOneHumanArePaidOnce(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 2)
		town.Decide(october, nil)
		town.Decide(october.Next(), map[*paymenttest.Household][]policy.Line{town.Households[0]: nil, town.Households[1]: nil})
		town.Approve(town.Prepare(quarter, "children"))
		a, b := town.Households[0].Children[0], town.Households[1].Children[0]
		if err := town.As(paymenttest.Officer, func(tx *store.Tx) error {
			return matching.Link(tx, a, b, matching.Decided, "شهادة ميلاد واحدة")
		}); err != nil {
			t.Fatal(err)
		}
		town.Decide(october, nil)
		town.Decide(october.Next(), nil) // as decided before the link was known
		supplement := town.Supplement(quarter, "children")
		if supplement.Lines != 5 || supplement.Held != 1 {
			t.Errorf("six children of whom two are one: %d lines, %d held", supplement.Lines, supplement.Held)
		}
		err := town.As(paymenttest.Officer, func(tx *store.Tx) error {
			return payment.EachHeld(tx, supplement.ID, func(h payment.Held) error {
				if h.Reason != payment.CountsElsewhere || h.Person != a && h.Person != b {
					t.Errorf("%+v", h)
				}
				return nil
			})
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestWithdrawnListsLinesAreFree(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 3)
		town.Decide(october, nil)
		first := town.Approve(town.Prepare(quarter, "children"))
		withdraw := func(remark string) error {
			return town.As(paymenttest.Controller, func(tx *store.Tx) error { _, err := payment.Withdraw(tx, first.ID, remark); return err })
		}
		refused(t, withdraw(" "), "payment.no_words")
		if err := withdraw("تُعاد بعد قرارات نوفمبر"); err != nil {
			t.Fatal(err)
		}
		town.Decide(october.Next(), nil)
		second := town.Prepare(quarter, "children")
		if second.Lines != 18 || second.Number != 0 {
			t.Errorf("%+v", second)
		}
		if again := find(town, first); again.State != payment.Withdrawn || again.Remark == "" {
			t.Errorf("%+v", again)
		}
		refused(t, town.As(paymenttest.Officer, func(tx *store.Tx) error { return export(tx, first) }), "payment.wrong_state")
	})
}

func TestLineThatNoBankWouldTakeIsHeld(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	town := paymenttest.New(t, j, 3)
	wrong, nameless, twice := town.Households[0], town.Households[1], town.Households[2]
	lines := map[*paymenttest.Household][]policy.Line{wrong: wrong.Lines(), nameless: nameless.Lines(), twice: append(twice.Lines(), twice.Due(twice.Children[0]))}
	lines[wrong][1].Account = "LY00" + wrong.Account[4:]
	lines[nameless][1].Payee = nameless.ID.Next(999)
	town.Decide(october, lines)
	l := town.Prepare(quarter, "children")
	reasons := map[string]int{}
	if err := town.As(paymenttest.Officer, func(tx *store.Tx) error {
		return payment.EachHeld(tx, l.ID, func(h payment.Held) error { reasons[h.Reason]++; return nil })
	}); err != nil {
		t.Fatal(err)
	}
	if l.Lines != 7 || reasons[payment.AccountUnreadable] != 1 || reasons[payment.PayeeNameless] != 1 || reasons[payment.ListedTwice] != 1 {
		t.Errorf("%d lines, held %v", l.Lines, reasons)
	}
}

func TestEndsOfTheCalendarNeedNoSecondSignature(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	town := paymenttest.New(t, j, 4)
	town.Decide(october.Add(-3), nil)
	town.Approve(town.Prepare(quarter.Previous(), "children"))
	h := town.Households[0]
	lines := h.Lines()
	lines[1] = paymenttest.Refused(lines[1], "under-age")
	town.Decide(october, map[*paymenttest.Household][]policy.Line{h: lines})
	for _, c := range []struct {
		limits payment.Limits
		two    bool
	}{
		{payment.DefaultLimits, true},
		{payment.Limits{Branch: 17_000, Country: 9_000}, false}, // one of six at the branch, of twelve in all
		{payment.Limits{Branch: 16_000, Country: 9_000}, true},
		{payment.Limits{Branch: 17_000, Country: 8_000}, true},
	} {
		terms := paymenttest.Terms
		terms.Limits = c.limits
		l := town.Must(paymenttest.Officer, func(tx *store.Tx) (payment.List, error) { return payment.Prepare(tx, terms, quarter, "children") })
		if l.TwoSignatures != c.two {
			t.Errorf("%+v: two signatures %v", c.limits, l.TwoSignatures)
		}
		town.Must(paymenttest.Officer, func(tx *store.Tx) (payment.List, error) { return payment.Withdraw(tx, l.ID, "تجربة حدود") })
	}
}

func TestDatabaseRefusesASecondLineForTheSameMonth(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 1)
		town.Decide(october, nil)
		town.Prepare(quarter, "children")
		h := town.Households[0]
		err := town.As(paymenttest.Officer, func(tx *store.Tx) error { // as a verb with a mistake in it would
			return journal.Record(tx, payment.LinesFrozen{List: tx.NewID(), Programme: paymenttest.Programme, Lines: []payment.Line{
				{Serial: 1, Household: h.ID, Person: h.Children[0], Component: "child", Month: october, Payee: h.Father}}})
		})
		refused(t, err, "store.duplicate")
	})
}

func TestNewbornIsALateBirthInTheSupplement(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	town := paymenttest.New(t, j, 2)
	h := town.Households[0]
	town.Decide(october, map[*paymenttest.Household][]policy.Line{h: h.Lines()[:3]})
	town.Approve(town.Prepare(quarter, "children"))
	town.Born(h, h.Children[2], calendar.Of(2026, 9, 20))
	town.Decide(october, nil)
	supplement := town.Supplement(quarter, "children")
	var c payment.Comparison
	if err := town.As(paymenttest.Officer, func(tx *store.Tx) (err error) { c, err = payment.Compare(tx, supplement.ID); return err }); err != nil {
		t.Fatal(err)
	}
	if len(c.Causes) != 1 || c.Causes[0].Cause != payment.LateBirth || c.Causes[0].Lines != 1 {
		t.Errorf("%+v", c.Causes)
	}
}

func TestHouseholdsPaymentsAreForThoseWhoMayReadIt(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	town := paymenttest.New(t, j, 2)
	town.Decide(october, nil)
	town.Prepare(quarter, "children")
	h := town.Households[0]
	clerk := paymenttest.Person(9)
	clerk.Grants = []store.Grant{{Role: "branch_clerk", Area: town.Households[1].Branch}}
	read := func(who store.Session, branch string) (found []payment.Paid, err error) {
		err = town.As(who, func(tx *store.Tx) (err error) { found, err = payment.OfHousehold(tx, h.ID, branch); return err })
		return found, err
	}
	if found, err := read(paymenttest.Officer, h.Branch); err != nil || len(found) != 3 || found[0].State != payment.Prepared {
		t.Errorf("%v %v", found, err)
	}
	_, err := read(clerk, h.Branch)
	refused(t, err, "access.not_allowed")
	if found, err := read(clerk, town.Households[1].Branch); err != nil || len(found) != 0 {
		t.Errorf("another branch's clerk reads %d lines, %v", len(found), err)
	}
}
