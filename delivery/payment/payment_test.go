package payment_test

import (
	"errors"
	"testing"

	"sanad/delivery/payment"
	"sanad/delivery/payment/paymenttest"
	"sanad/delivery/policy"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/money"
	"sanad/platform/store"
)

var (
	quarter = calendar.QuarterOf(2026, 4)
	october = calendar.MonthOf(2026, 10)
)

func refused(t *testing.T, err error, key string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

func TestListHoldsWhatIsPayableAndKeepsTheRestBeside(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 6)
		h := town.Households[0]
		held := h.Lines()
		held[1] = paymenttest.Held(held[1], "no_account")
		held[2] = paymenttest.Refused(held[2], "under-age")
		town.Decide(october, map[*paymenttest.Household][]policy.Line{h: held})
		town.Decide(october.Next(), nil)
		l := town.Prepare(quarter, "children")
		if l.Lines != 34 || l.Total != 3400*money.Dinar || l.Transfers != 6 || l.Held != 1 || l.HeldTotal != 100*money.Dinar || l.Months != 3 || l.State != payment.Prepared {
			t.Errorf("%+v", l)
		}
		if wives := town.Prepare(quarter, "wives"); wives.Lines != 12 || wives.Total != 1800*money.Dinar {
			t.Errorf("wives: %+v", wives)
		}
		err := town.As(paymenttest.Officer, func(tx *store.Tx) error {
			return payment.EachHeld(tx, l.ID, func(held payment.Held) error {
				if held.Person != h.Children[0] || held.Reason != "no_account" || held.Month != october {
					t.Errorf("held: %+v", held)
				}
				return nil
			})
		})
		if err != nil {
			t.Error(err)
		}
	})
}

func TestPreparingRefusesWhatCannotBe(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 2)
		prepare := func(who store.Session, category string) error {
			return town.As(who, func(tx *store.Tx) error {
				_, err := payment.Prepare(tx, paymenttest.Terms, quarter, category)
				return err
			})
		}
		refused(t, prepare(paymenttest.Officer, "children"), "payment.month_not_run")
		town.Decide(october, nil)
		refused(t, prepare(paymenttest.Controller, "children"), "access.not_allowed")
		refused(t, prepare(paymenttest.Officer, "uncles"), "payment.no_category")
		town.Prepare(quarter, "children")
		refused(t, prepare(paymenttest.Officer, "children"), "payment.already_prepared")
		refused(t, town.As(paymenttest.Officer, func(tx *store.Tx) error {
			_, err := payment.PrepareSupplement(tx, paymenttest.Terms, quarter, "children")
			return err
		}), "payment.list_first")
	})
}

func TestApproverMustNotBePreparer(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 2)
		town.Decide(october, nil)
		l := town.Must(paymenttest.Director, func(tx *store.Tx) (payment.List, error) {
			return payment.Prepare(tx, paymenttest.Terms, quarter, "children")
		})
		approve := func(who store.Session, digest [32]byte) error {
			return town.As(who, func(tx *store.Tx) error { _, err := payment.Approve(tx, l.ID, digest); return err })
		}
		refused(t, approve(paymenttest.Director, l.Digest()), "access.same_person")
		refused(t, approve(paymenttest.Officer, l.Digest()), "access.not_allowed")
		refused(t, approve(paymenttest.Controller, [32]byte{1}), "payment.digest_differs")
		if err := approve(paymenttest.Controller, l.Digest()); err != nil {
			t.Error(err)
		}
		refused(t, approve(paymenttest.Controller, l.Digest()), "payment.wrong_state")
	})
}

func TestWhoVanishesHasAReasonOrNobodySigns(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 4)
		town.Decide(october.Add(-3), nil)
		town.Export(town.Approve(town.Prepare(quarter.Previous(), "children")))
		h, silent := town.Households[0], town.Households[1]
		lines := h.Lines()
		lines[1] = paymenttest.Refused(lines[1], "under-age")
		lines[2] = paymenttest.Held(lines[2], "custody_disputed")
		town.Decide(october, map[*paymenttest.Household][]policy.Line{h: lines, silent: silent.Lines()[:3]})
		l := town.Prepare(quarter, "children")
		if l.Gone != 3 || l.Unreasoned != 1 || l.Before != 12 || !l.TwoSignatures {
			t.Fatalf("%+v", l)
		}
		approve := func(who store.Session, l payment.List) error {
			return town.As(who, func(tx *store.Tx) error { _, err := payment.Approve(tx, l.ID, l.Digest()); return err })
		}
		refused(t, approve(paymenttest.Director, l), "payment.unreasoned")
		reasoned := town.Must(paymenttest.Officer, func(tx *store.Tx) (payment.List, error) {
			return payment.GiveReason(tx, l.ID, silent.Children[2], "child", "سافر مع أمه منذ يونيو")
		})
		refused(t, approve(paymenttest.Director, l), "payment.digest_differs") // the comparison is signed for too
		if err := approve(paymenttest.Director, reasoned); err != nil {
			t.Fatal(err)
		}
		refused(t, approve(paymenttest.Director, reasoned), "access.same_person")
		if err := approve(paymenttest.Controller, reasoned); err != nil {
			t.Fatal(err)
		}
		var c payment.Comparison
		if err := town.As(paymenttest.Officer, func(tx *store.Tx) (err error) { c, err = payment.Compare(tx, l.ID); return err }); err != nil {
			t.Fatal(err)
		}
		reasons := map[string]int64{}
		for _, r := range c.Reasons {
			reasons[r.Reason] = r.Persons
		}
		if c.List.State != payment.Approved || reasons["under-age"] != 1 || reasons["custody_disputed"] != 1 || reasons[""] != 1 || c.Before == nil || c.Persons != 9 {
			t.Errorf("%+v", c)
		}
	})
}

func TestSupplementNamesTheCauseOfEachLine(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 5)
		first := func(h *paymenttest.Household, with policy.Line) []policy.Line {
			lines := h.Lines()
			lines[1] = with
			return lines
		}
		hs := town.Households
		account, number, custody := hs[0], hs[1], hs[2]
		town.Decide(october, map[*paymenttest.Household][]policy.Line{
			account: first(account, paymenttest.Held(account.Due(account.Children[0]), "no_account")),
			number:  first(number, paymenttest.Held(number.Due(number.Children[0]), "no_national_number")),
			custody: first(custody, paymenttest.Held(custody.Due(custody.Children[0]), "custody_disputed")),
			hs[3]:   hs[3].Lines()[:3],
		})
		list := town.Export(town.Approve(town.Prepare(quarter, "children")))
		back := transferOf(town, list, hs[4].Account)
		err := town.As(paymenttest.Officer, func(tx *store.Tx) error {
			taken, err := payment.TakeReturns(tx, list.ID, []payment.Answer{{EndToEnd: back, Outcome: payment.CameBack, Reason: "AC04", Day: calendar.Of(2026, 11, 5)}})
			if taken.Returned != 1 || taken.Amount != 300*money.Dinar {
				t.Errorf("taken: %+v", taken)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		town.Register(1)
		town.Decide(october, nil)
		town.Decide(october.Next(), map[*paymenttest.Household][]policy.Line{hs[0]: hs[0].Lines()[:2], hs[1]: nil, hs[2]: nil, hs[3]: nil, hs[4]: nil, town.Households[5]: nil})
		supplement := town.Supplement(quarter, "children")
		want := map[payment.Cause]int64{payment.AccountArrived: 1, payment.NumberIssued: 1, payment.CustodySettled: 1, payment.Omitted: 1,
			payment.CameBackOnce: 3, payment.RegisteredLate: 1, payment.MonthRunLate: 1}
		got := map[payment.Cause]int64{}
		var c payment.Comparison
		if err := town.As(paymenttest.Officer, func(tx *store.Tx) (err error) { c, err = payment.Compare(tx, supplement.ID); return err }); err != nil {
			t.Fatal(err)
		}
		for _, cause := range c.Causes {
			got[cause.Cause] = cause.Lines
		}
		for cause, n := range want {
			if got[cause] != n {
				t.Errorf("%s: %d lines, want %d (of %v)", cause, got[cause], n, got)
			}
		}
		if supplement.Number != 1 || supplement.Quarter != quarter || supplement.Lines != 9 {
			t.Errorf("%+v", supplement)
		}
		town.Export(town.Approve(supplement))
		refused(t, town.As(paymenttest.Officer, func(tx *store.Tx) error {
			_, err := payment.PrepareSupplement(tx, paymenttest.Terms, quarter, "children")
			return err
		}), "payment.nothing_to_pay")
	})
}

func TestReturnsAreTakenWhollyOrNotAtAll(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 4)
		town.Decide(october, nil)
		l := town.Export(town.Approve(town.Prepare(quarter, "children")))
		take := func(answers ...payment.Answer) (taken payment.Taken, err error) {
			err = town.As(paymenttest.Officer, func(tx *store.Tx) (err error) { taken, err = payment.TakeReturns(tx, l.ID, answers); return err })
			return taken, err
		}
		good := payment.Answer{EndToEnd: l.EndToEnd(2), Outcome: payment.CameBack, Reason: "AC01", Day: calendar.Of(2026, 11, 1)}
		_, err := take(good, payment.Answer{EndToEnd: l.EndToEnd(5), Outcome: payment.WasPaid})
		refused(t, err, "payment.unknown_transfers")
		_, err = take(good, payment.Answer{EndToEnd: l.EndToEnd(2), Outcome: payment.WasPaid})
		refused(t, err, "payment.contradicting_answers")
		if again := find(town, l); again.State != payment.Exported || again.Returned != 0 {
			t.Errorf("a refused file left %+v", again)
		}
		if taken, err := take(good, good, payment.Answer{EndToEnd: l.EndToEnd(1), Outcome: payment.WasPaid}); err != nil || taken.Returned != 1 || taken.Paid != 1 {
			t.Errorf("%+v, %v", taken, err)
		}
		if taken, err := take(good); err != nil || taken.Repeated != 1 || taken.Returned != 0 {
			t.Errorf("again: %+v, %v", taken, err)
		}
		_, err = take(payment.Answer{EndToEnd: l.EndToEnd(2), Outcome: payment.WasPaid})
		refused(t, err, "payment.contradicting_answers")
		if again := find(town, l); again.State != payment.Answered || again.Returned != 1 || again.ReturnedTotal != 300*money.Dinar {
			t.Errorf("%+v", again)
		}
		closed := town.Must(paymenttest.Controller, func(tx *store.Tx) (payment.List, error) { return payment.Close(tx, l.ID) })
		if closed.State != payment.Closed {
			t.Errorf("%+v", closed)
		}
	})
}

// approvals lets everybody sign at once; the preparer among them never does.
func approvals(t *testing.T, town *paymenttest.Town, l payment.List) {
	const hands = 12
	results := make(chan error, hands)
	for n := range hands {
		who := paymenttest.Person(byte(20+n), "grant_director")
		if n%2 == 0 {
			who.Actor = l.Preparer
		}
		go func() {
			results <- town.As(who, func(tx *store.Tx) error { _, err := payment.Approve(tx, l.ID, l.Digest()); return err })
		}()
	}
	done := 0
	for range hands {
		if err := <-results; err == nil {
			done++
		}
	}
	after := find(town, l)
	if done != 1 || after.Approver == l.Preparer || after.State != payment.Approved {
		t.Errorf("%d signed, %+v", done, after)
	}
}

func find(town *paymenttest.Town, l payment.List) payment.List {
	town.T.Helper()
	return town.Must(paymenttest.Officer, func(tx *store.Tx) (payment.List, error) { return payment.FindList(tx, l.ID) })
}

// transferOf returns the reference under which an account is paid by a list.
func transferOf(town *paymenttest.Town, l payment.List, account string) (reference string) {
	town.T.Helper()
	err := town.As(paymenttest.Officer, func(tx *store.Tx) error {
		s, err := payment.OpenApproved(tx, l.ID)
		if err != nil {
			return err
		}
		for _, b := range s.Banks {
			for transfer, err := range s.Transfers(b.Code) {
				if err != nil {
					return err
				}
				if transfer.Account == account {
					reference = transfer.EndToEnd
				}
			}
		}
		return s.Proved()
	})
	if err != nil {
		town.T.Fatal(err)
	}
	return reference
}

func TestNobodyIsPaidTwiceByTwoHands(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 3)
		town.Decide(october, nil)
		const hands = 12
		results := make(chan error, hands)
		for n := range hands {
			go func() {
				results <- town.As(paymenttest.Person(byte(20+n), "diwan_officer"), func(tx *store.Tx) error {
					_, err := payment.Prepare(tx, paymenttest.Terms, quarter, "children")
					return err
				})
			}()
		}
		done := 0
		for range hands {
			err := <-results
			if err == nil {
				done++
			} else if !errors.Is(err, fault.Conflict("payment.already_prepared")) && !errors.Is(err, fault.Conflict("store.duplicate")) {
				t.Errorf("refused by %v", err)
			}
		}
		if done != 1 {
			t.Errorf("%d of %d prepared the list", done, hands)
		}
		var lists []payment.List
		if err := town.As(paymenttest.Officer, func(tx *store.Tx) (err error) { lists, err = payment.Lists(tx); return err }); err != nil {
			t.Fatal(err)
		}
		if len(lists) != 1 || lists[0].Lines != 9 {
			t.Errorf("%+v", lists)
		}
		approvals(t, town, lists[0])
	})
}
