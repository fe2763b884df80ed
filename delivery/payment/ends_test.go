package payment_test

import (
	"sync/atomic"
	"testing"
	"time"

	"sanad/delivery/enrolment"
	"sanad/delivery/payment"
	"sanad/delivery/payment/paymenttest"
	"sanad/delivery/policy"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/money"
	"sanad/platform/store"
)

// dated is a town whose clock stands where a test puts it.
type dated struct {
	*paymenttest.Town
	today  calendar.Date
	moment atomic.Int64
}

func datedTown(t *testing.T, engine string, households int) *dated {
	d := &dated{today: calendar.Of(2026, 10, 6)}
	d.Town = paymenttest.New(t, journaltest.OpenAs(t, engine, journaltest.Node(journal.RoleDiwan, ""), store.Options{Now: func() time.Time {
		return time.Date(d.today.Year(), time.Month(d.today.Month()), d.today.DayOfMonth(), 9, 0, 0, int(d.moment.Add(1))*1000, time.UTC)
	}}), households)
	return d
}

// proposal runs a verb of enrolment or a proposing one of payment.
func (d *dated) proposal(who store.Session, verb func(*store.Tx) (enrolment.Proposal, error)) (p enrolment.Proposal, err error) {
	err = d.As(who, func(tx *store.Tx) (err error) { p, err = verb(tx); return err })
	return p, err
}

func (d *dated) must(who store.Session, verb func(*store.Tx) (enrolment.Proposal, error)) enrolment.Proposal {
	d.T.Helper()
	p, err := d.proposal(who, verb)
	if err != nil {
		d.T.Fatal(err)
	}
	return p
}

func (d *dated) serve(p enrolment.Proposal) {
	d.must(paymenttest.Officer, func(tx *store.Tx) (enrolment.Proposal, error) {
		return enrolment.Serve(tx, p.ID, d.today, "سُلم للأب في الفرع", policy.DefaultProcess)
	})
}

// upheld serves a notice, lets its period pass, and decides.
func (d *dated) upheld(p enrolment.Proposal) enrolment.Proposal {
	d.serve(p)
	d.today = d.today.AddDays(int(policy.DefaultProcess.Notice) + 1)
	return d.must(paymenttest.Director, func(tx *store.Tx) (enrolment.Proposal, error) {
		decided, err := enrolment.Decide(tx, p.ID, true, "ثبت بالكشف")
		if err == nil {
			_, err = payment.PostHousehold(tx, p.Programme, p.Household)
		}
		return decided, err
	})
}

// refusedFrom decides two quarters, the second without one child, and leaves the
// second's list prepared.
func (d *dated) refusedFrom(h *paymenttest.Household, reason string) payment.List {
	d.Decide(october.Add(-3), nil)
	d.Export(d.Approve(d.Prepare(quarter.Previous(), "children")))
	lines := h.Lines()
	lines[1] = paymenttest.Refused(lines[1], reason)
	d.Decide(october, map[*paymenttest.Household][]policy.Line{h: lines})
	return d.Prepare(quarter, "children")
}

func (d *dated) heldReasons(l payment.List) map[id.ID]string {
	reasons := map[id.ID]string{}
	if err := d.As(paymenttest.Officer, func(tx *store.Tx) error {
		return payment.EachHeld(tx, l.ID, func(h payment.Held) error { reasons[h.Person] = h.Reason; return nil })
	}); err != nil {
		d.T.Fatal(err)
	}
	return reasons
}

func both(t *testing.T, households int, test func(t *testing.T, d *dated)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) { test(t, datedTown(t, engine, households)) })
	}
}

func TestNobodyIsDroppedBeforeSomebodyHasDecidedTheEnd(t *testing.T) {
	both(t, 4, func(t *testing.T, d *dated) {
		h := d.Households[0]
		l := d.refusedFrom(h, "no-salary")
		if l.Lines != 11 || l.Held != 1 || d.heldReasons(l)[h.Children[0]] != payment.EndNotDecided || !l.TwoSignatures {
			t.Fatalf("%+v", l)
		}
		d.Approve(l)
		if entries, sum := account(d.Town, h.Children[0], october); sum != 100*money.Dinar || entries[0].Cause != payment.Cause(payment.EndNotDecided) {
			t.Errorf("what is kept for the family: %+v", entries)
		}
		p := d.must(paymenttest.Officer, func(tx *store.Tx) (enrolment.Proposal, error) {
			return payment.ProposeEnd(tx, paymenttest.Programme, h.Children[0], "child", october, "له مرتب من الشركة", "كشف المرتبات، 1 أكتوبر")
		})
		if p.Reason != "no-salary" || p.Amount != 100*money.Dinar || p.Household != h.ID {
			t.Errorf("%+v", p)
		}
		// While the notice runs, the family is paid on.
		d.serve(p)
		supplement := d.Approve(d.Supplement(quarter, "children"))
		if _, sum := account(d.Town, h.Children[0], october); supplement.Lines != 1 || sum != 0 {
			t.Errorf("%+v, account %d", supplement, sum)
		}
		// The next quarter's list pays until the end takes effect.
		d.today = calendar.Of(2027, 1, 10)
		decided := d.must(paymenttest.Director, func(tx *store.Tx) (enrolment.Proposal, error) {
			return enrolment.Decide(tx, p.ID, true, "ثبت بالكشف")
		})
		if decided.Effective != october.Add(2) {
			t.Errorf("effective from %s", decided.Effective)
		}
		lines := h.Lines()
		lines[1] = paymenttest.Refused(lines[1], "no-salary")
		for n := 1; n < 4; n++ {
			d.Decide(october.Add(n), map[*paymenttest.Household][]policy.Line{h: lines})
		}
		next := d.Prepare(quarter.Next(), "children")
		if next.Lines != 11 || next.Held != 0 || next.TwoSignatures || next.Gone != 1 {
			t.Errorf("an end that was decided asks for no second signature: %+v", next)
		}
	})
}

func TestEndsThatWereAnnouncedAndApprovedAskForNoSecondSignature(t *testing.T) {
	both(t, 4, func(t *testing.T, d *dated) {
		h := d.Households[0]
		l := d.refusedFrom(h, "under-age")
		if !l.TwoSignatures || d.heldReasons(l)[h.Children[0]] != payment.EndNotDecided {
			t.Errorf("before the approval: %+v", l)
		}
		d.Must(paymenttest.Officer, func(tx *store.Tx) (payment.List, error) {
			return payment.Withdraw(tx, l.ID, "يُعتمد الانتهاء أولاً")
		})
		d.ApproveEnd(h, h.Children[0], "child", october, "under-age")
		l = d.Prepare(quarter, "children")
		if l.TwoSignatures || l.Held != 0 || l.Gone != 1 || l.Unreasoned != 0 {
			t.Errorf("after the approval: %+v", l)
		}
	})
}

func TestConfirmedEndClosesWhatWasKept(t *testing.T) {
	d := datedTown(t, "sqlite", 3)
	h := d.Households[0]
	d.Approve(d.refusedFrom(h, "under-age"))
	act := d.ApproveEnd(h, h.Children[0], "child", october, "under-age")
	if err := d.As(paymenttest.Director, func(tx *store.Tx) error {
		_, ends, err := enrolment.FindAct(tx, act)
		if err == nil {
			_, err = payment.PostEnds(tx, paymenttest.Programme, ends)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if entries, sum := account(d.Town, h.Children[0], october); sum != 0 || entries[1].Cause != payment.EndConfirmed {
		t.Errorf("%+v", entries)
	}
}

func TestNobodyIsPaidForTheDeadAlsoWhileANoticeRuns(t *testing.T) {
	d := datedTown(t, "sqlite", 3)
	h := d.Households[0]
	d.Dies(h, h.Children[0], calendar.Of(2026, 9, 20))
	l := d.refusedFrom(h, "alive")
	d.Approve(l)
	p := d.must(paymenttest.Officer, func(tx *store.Tx) (enrolment.Proposal, error) {
		return payment.ProposeEnd(tx, paymenttest.Programme, h.Children[0], "child", october, "بلغتنا وفاته رحمه الله", "شهادة وفاة، 20 سبتمبر")
	})
	d.serve(p)
	_, err := d.proposal(paymenttest.Officer, func(tx *store.Tx) (enrolment.Proposal, error) {
		_, err := payment.PrepareSupplement(tx, paymenttest.Terms, quarter, "children")
		return enrolment.Proposal{}, err
	})
	refused(t, err, "payment.nothing_to_pay")
	d.today = d.today.AddDays(31)
	decided := d.must(paymenttest.Director, func(tx *store.Tx) (enrolment.Proposal, error) {
		decided, err := enrolment.Decide(tx, p.ID, true, "ثبتت الوفاة بالشهادة")
		if err == nil {
			_, err = payment.PostHousehold(tx, p.Programme, p.Household)
		}
		return decided, err
	})
	if _, sum := account(d.Town, h.Children[0], october); decided.Effective != october || sum != 0 {
		t.Errorf("effective from %s, account %d", decided.Effective, sum)
	}
}

// recovering is a programme that lets a tenth of each payment be kept back.
func recovering(share int64) *policy.Programme {
	p := &policy.Programme{ID: paymenttest.Programme, Process: policy.DefaultProcess}
	p.Process.Recovery = share
	return p
}

func (d *dated) propose(h *paymenttest.Household, share int64) (enrolment.Proposal, error) {
	return d.proposal(paymenttest.Officer, func(tx *store.Tx) (enrolment.Proposal, error) {
		return payment.ProposeRecovery(tx, recovering(share), h.ID, "صُرف شهران بعد الوفاة", "شهادة وفاة، 12 سبتمبر")
	})
}

func TestOverpaymentIsRecoveredOnlyAsDecidedAndCapped(t *testing.T) {
	both(t, 3, func(t *testing.T, d *dated) {
		h := d.Households[0]
		for n := -3; n < 0; n++ {
			d.Decide(october.Add(n), nil)
		}
		d.Export(d.Approve(d.Prepare(quarter.Previous(), "children")))
		_, err := d.propose(h, 10)
		refused(t, err, "payment.nothing_over")
		lines := h.Lines()
		lines[1] = paymenttest.Refused(lines[1], "alive")
		d.Decide(october.Add(-2), map[*paymenttest.Household][]policy.Line{h: lines})
		d.Decide(october.Add(-1), map[*paymenttest.Household][]policy.Line{h: lines})
		if done := d.Post(); done.Over != 200*money.Dinar {
			t.Fatalf("%+v", done)
		}
		_, err = d.propose(h, 0)
		refused(t, err, "payment.no_recovery")
		p, err := d.propose(h, 10)
		if err != nil || p.Amount != 200*money.Dinar || p.Person != h.Father || p.Kind != enrolment.Recovery {
			t.Fatalf("%+v, %v", p, err)
		}
		two := map[*paymenttest.Household][]policy.Line{h: {lines[1], h.Due(h.Children[1]), h.Due(h.Children[2])}}
		d.Decide(october, two)
		d.Decide(october.Next(), two)
		if l := d.Prepare(quarter, "children"); withheld(d, l) != 0 {
			t.Error("something was kept back before the decision")
		} else {
			d.Must(paymenttest.Officer, func(tx *store.Tx) (payment.List, error) {
				return payment.Withdraw(tx, l.ID, "تُعاد بعد القرار")
			})
		}
		d.upheld(p)
		l := d.Prepare(quarter, "children")
		if withheld(d, l) != 40*money.Dinar || l.Total != 1560*money.Dinar { // a tenth of four lines of a hundred
			t.Errorf("kept back %d of %d", withheld(d, l), l.Total)
		}
		d.Approve(l)
		if _, sum := account(d.Town, h.Children[0], october.Add(-2)); sum != -60*money.Dinar {
			t.Errorf("the oldest month is made good first: %d", sum)
		}
		if _, sum := account(d.Town, h.Children[1], october); sum != 0 {
			t.Errorf("what was kept back is not owed again: %d", sum)
		}
	})
}

func withheld(d *dated, l payment.List) (sum money.Amount) {
	if err := d.As(paymenttest.Officer, func(tx *store.Tx) error {
		return tx.Each(func(r *store.Row) error { sum += r.Amount(); return r.Err() }, "SELECT withheld FROM payment_lines WHERE list = $1", l.ID)
	}); err != nil {
		d.T.Fatal(err)
	}
	return sum
}

func TestRecoveryEndsWithTheDebtAndIsUndoneWithItsPayment(t *testing.T) {
	d := datedTown(t, "sqlite", 2)
	h := d.Households[0]
	for n := -3; n < 0; n++ {
		d.Decide(october.Add(n), nil)
	}
	d.Approve(d.Prepare(quarter.Previous(), "children"))
	less := h.Lines()
	less[1].Amount = 85 * money.Dinar
	d.Decide(october.Add(-1), map[*paymenttest.Household][]policy.Line{h: less})
	d.Post()
	p, err := d.propose(h, 10)
	if err != nil || p.Amount != 15*money.Dinar {
		t.Fatalf("%+v, %v", p, err)
	}
	d.upheld(p)
	d.Decide(october, nil)
	l := d.Approve(d.Prepare(quarter, "children"))
	now := d.must(paymenttest.Officer, func(tx *store.Tx) (enrolment.Proposal, error) { return enrolment.FindProposal(tx, p.ID) })
	if withheld(d, l) != 15*money.Dinar || now.State != enrolment.Finished {
		t.Errorf("kept back %d, %s", withheld(d, l), now.State)
	}
	back := transferOf(d.Town, l, h.Account)
	d.Export(l)
	if err := d.As(paymenttest.Officer, func(tx *store.Tx) error {
		_, err := payment.TakeReturns(tx, l.ID, []payment.Answer{{EndToEnd: back, Outcome: payment.CameBack, Reason: "AC04", Day: calendar.Of(2026, 12, 5)}})
		return err
	}); err != nil {
		t.Fatal(err)
	}
	_, debt := account(d.Town, h.Children[0], october.Add(-1))
	if _, owed := account(d.Town, h.Children[0], october); debt != -15*money.Dinar || owed != 100*money.Dinar {
		t.Errorf("after the return: debt %d, owed %d", debt, owed)
	}
	if done := d.Post(); done.Entries != 0 {
		t.Errorf("%+v", done)
	}
}

func TestListWaitsForNoRecoveryThatWasWithdrawn(t *testing.T) {
	d := datedTown(t, "sqlite", 2)
	h := d.Households[0]
	d.Decide(october.Add(-1), nil)
	d.Approve(d.Prepare(quarter.Previous(), "children"))
	lines := h.Lines()
	lines[1] = paymenttest.Refused(lines[1], "alive")
	d.Decide(october.Add(-1), map[*paymenttest.Household][]policy.Line{h: lines})
	d.Post()
	p, err := d.propose(h, 10)
	if err != nil {
		t.Fatal(err)
	}
	p = d.upheld(p)
	d.Decide(october, nil)
	l := d.Prepare(quarter, "children")
	d.must(paymenttest.Director, func(tx *store.Tx) (enrolment.Proposal, error) {
		return enrolment.Withdraw(tx, p.ID, "تنازلت الوزارة عنه")
	})
	err = d.As(paymenttest.Director, func(tx *store.Tx) error { _, err := payment.Approve(tx, l.ID, l.Digest()); return err })
	refused(t, err, "payment.recovery_changed")
}
