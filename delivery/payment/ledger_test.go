package payment_test

import (
	"flag"
	"testing"

	"pgregory.net/rapid"

	"sanad/delivery/matching"
	"sanad/delivery/payment"
	"sanad/delivery/payment/paymenttest"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/money"
	"sanad/platform/store"
)

// books is a town whose months are decided anew at random, beside what must come
// of it by the simplest reckoning.
type books struct {
	town    *paymenttest.Town
	decided map[calendar.Month]map[id.ID]policy.Line // by child, as decided last
	run     calendar.Quarter
	main    payment.List // the quarter's
	last    payment.List // its latest supplement
	settled bool
}

// decide draws each child's line for a month and posts the differences.
func (b *books) decide(rt *rapid.T, month calendar.Month) {
	change := map[*paymenttest.Household][]policy.Line{}
	b.decided[month] = map[id.ID]policy.Line{}
	for _, h := range b.town.Households {
		var lines []policy.Line
		for _, c := range h.Children {
			l := h.Due(c)
			switch rapid.SampledFrom([]string{"due", "due", "more", "less", "held", "number", "refused", "silent"}).Draw(rt, "line") {
			case "more":
				l.Amount += 20 * money.Dinar
			case "less":
				l.Amount -= 30 * money.Dinar
			case "held":
				l = paymenttest.Held(l, "no_account")
			case "number":
				l = paymenttest.Held(l, "no_national_number")
			case "refused":
				l = paymenttest.Refused(l, "no-salary")
			case "silent":
				continue
			}
			lines = append(lines, l)
			b.decided[month][c] = l
		}
		change[h] = lines
	}
	b.town.Decide(month, change)
	b.town.Post(month)
}

// paid is what live lines of approved lists paid for each child of a month.
func (b *books) paid(tx *store.Tx, month calendar.Month) (paid map[id.ID]money.Amount, err error) {
	paid = map[id.ID]money.Amount{}
	err = tx.Each(func(r *store.Row) error {
		paid[r.ID()] += r.Amount()
		return r.Err()
	}, `SELECT l.person, l.amount FROM payment_lines l JOIN payment_lists p ON p.list = l.list
		WHERE l.month = $1 AND l.live = 1 AND p.state NOT IN ('prepared', 'signed_once', 'withdrawn')`, int64(month))
	return paid, err
}

// check holds every account of every settled month against decisions and lists.
func (b *books) check(rt *rapid.T) (entries int) {
	rt.Helper()
	err := b.town.As(paymenttest.Officer, func(tx *store.Tx) error {
		for month, lines := range b.decided {
			paid, err := b.paid(tx, month)
			if err != nil {
				return err
			}
			sum := map[id.ID]money.Amount{}
			if err := tx.Each(func(r *store.Row) error {
				entries++
				sum[r.ID()] += r.Amount()
				return r.Err()
			}, "SELECT person, amount FROM ledger WHERE month = $1", int64(month)); err != nil {
				return err
			}
			for _, h := range b.town.Households {
				for _, c := range h.Children {
					want := lines[c].Amount - paid[c]
					if !b.settled {
						want = 0
					}
					if sum[c] != want {
						rt.Fatalf("%s: due %d, paid %d, account %d", month, lines[c].Amount, paid[c], sum[c])
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		rt.Fatal(err)
	}
	return entries
}

func (b *books) can(verb func(tx *store.Tx) (payment.List, error), who store.Session) (l payment.List, done bool) {
	err := b.town.As(who, func(tx *store.Tx) (err error) { l, err = verb(tx); return err })
	return l, err == nil
}

// do takes one step; what is refused leaves everything as it was.
func (b *books) do(rt *rapid.T, step string) (done bool) {
	var l payment.List
	switch step {
	case "decide":
		b.decide(rt, b.run.Months()[rapid.IntRange(0, 1).Draw(rt, "month")])
		done = true
	case "again":
		before := b.check(rt)
		posted := b.town.Post()
		if done = posted.Entries == 0 && b.check(rt) == before; !done {
			rt.Fatalf("posting again added %d entries", posted.Entries)
		}
	case "list":
		if l, done = b.can(func(tx *store.Tx) (payment.List, error) {
			return payment.Prepare(tx, paymenttest.Terms, b.run, "children")
		}, paymenttest.Officer); done {
			b.main, b.settled = b.town.Approve(l), true
		}
	case "supplement":
		if l, done = b.can(func(tx *store.Tx) (payment.List, error) {
			return payment.PrepareSupplement(tx, paymenttest.Terms, b.run, "children")
		}, paymenttest.Officer); done {
			b.last = b.town.Approve(l)
		}
	case "withdraw supplement":
		_, done = b.can(func(tx *store.Tx) (payment.List, error) {
			return payment.Withdraw(tx, b.last.ID, "تُعاد من جديد")
		}, paymenttest.Controller)
	case "withdraw":
		_, done = b.can(func(tx *store.Tx) (payment.List, error) {
			return payment.Withdraw(tx, b.main.ID, "تُعاد من جديد")
		}, paymenttest.Controller)
		b.settled = b.settled && !done
	case "return":
		if b.settled && b.main.State == payment.Approved {
			b.main = b.town.Export(b.main)
		}
		answer := payment.Answer{EndToEnd: b.main.EndToEnd(1), Outcome: payment.CameBack, Reason: "AC04", Day: calendar.Of(2026, 11, 5)}
		_, done = b.can(func(tx *store.Tx) (payment.List, error) {
			_, err := payment.TakeReturns(tx, b.main.ID, []payment.Answer{answer})
			return payment.List{}, err
		}, paymenttest.Officer)
	}
	return done
}

// checks makes rapid try so many cases in this test: each writes to a real
// database.
func checks(t *testing.T, n string) {
	before := flag.Lookup("rapid.checks").Value.String()
	t.Cleanup(func() { _ = flag.Set("rapid.checks", before) })
	if err := flag.Set("rapid.checks", n); err != nil {
		t.Fatal(err)
	}
}

func TestAccountsAreWhatIsDueLessWhatWasPaid(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		checks(t, map[string]string{"sqlite": "40", "postgres": "12"}[j.DB.Engine()])
		run, seen, cases := calendar.QuarterOf(2020, 1), map[string]int{}, 0
		rapid.Check(t, func(rt *rapid.T) {
			run = run.Next().Next() // each case has a quarter of its own, and none before it
			b := &books{town: paymenttest.New(t, j, 2), run: run, decided: map[calendar.Month]map[id.ID]policy.Line{}}
			b.decide(rt, run.Months()[0])
			b.decide(rt, run.Months()[1])
			b.do(rt, "list")
			// Chance alone leaves a step out now and then: each is tried in its turn.
			if step := []string{"return", "supplement", "again"}[cases%3]; b.do(rt, step) {
				seen[step]++
			}
			cases++
			b.check(rt)
			for range rapid.IntRange(3, 8).Draw(rt, "steps") {
				step := rapid.SampledFrom([]string{"decide", "decide", "list", "supplement", "supplement", "return", "withdraw", "withdraw supplement", "again"}).Draw(rt, "step")
				if b.do(rt, step) {
					seen[step]++
				}
				b.check(rt)
			}
			b.town.Households = nil
		})
		t.Logf("steps: %v", seen)
		for _, step := range []string{"supplement", "return", "again"} {
			if seen[step] == 0 {
				t.Errorf("no run came to %s: %v", step, seen)
			}
		}
	})
}

// account returns the entries of a person's month.
func account(town *paymenttest.Town, person id.ID, month calendar.Month) (entries []payment.Entry, sum money.Amount) {
	town.T.Helper()
	err := town.As(paymenttest.Officer, func(tx *store.Tx) error {
		for _, h := range town.Households {
			s, err := payment.StatementOf(tx, paymenttest.Programme, h.ID, h.Branch)
			if err != nil {
				return err
			}
			for _, e := range s.Entries {
				if e.Person == person && e.Month == month {
					entries = append(entries, e)
					sum += e.Amount
				}
			}
		}
		return nil
	})
	if err != nil {
		town.T.Fatal(err)
	}
	return entries, sum
}

func TestWhatIsLearntLateIsEnteredWithItsCauseAndThePastStays(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 4)
		dead, raised, linked, same := town.Households[0], town.Households[1], town.Households[2], town.Households[3]
		town.Decide(october, nil)
		town.Decide(october.Next(), nil)
		list := town.Export(town.Approve(town.Prepare(quarter, "children")))
		town.Dies(dead, dead.Children[0], calendar.Of(2026, 9, 12))
		if err := town.As(paymenttest.Officer, func(tx *store.Tx) error {
			return matching.Link(tx, same.Children[0], linked.Children[0], matching.Decided, "شهادة ميلاد واحدة")
		}); err != nil {
			t.Fatal(err)
		}
		late := map[*paymenttest.Household][]policy.Line{dead: dead.Lines(), raised: raised.Lines(), linked: linked.Lines(), same: same.Lines()}
		late[dead][1] = paymenttest.Refused(late[dead][1], "alive")
		late[raised][1].Amount += 25 * money.Dinar
		town.Decide(october, late)
		done := town.Post(october)
		if done.Entries != 3 || done.Arrears != 25*money.Dinar || done.Over != 200*money.Dinar {
			t.Errorf("posted %+v", done)
		}
		var clusters [][]id.ID
		if err := town.As(paymenttest.Officer, func(tx *store.Tx) (err error) { clusters, err = matching.Clusters(tx); return err }); err != nil {
			t.Fatal(err)
		}
		second := clusters[0][1] // the record that does not count
		for person, want := range map[id.ID]struct {
			cause  payment.Cause
			amount money.Amount
		}{dead.Children[0]: {payment.LateDeath, -100 * money.Dinar}, raised.Children[0]: {payment.AmountCorrected, 25 * money.Dinar},
			second: {payment.CountedTwice, -100 * money.Dinar}} {
			entries, sum := account(town, person, october)
			if len(entries) != 1 || sum != want.amount || entries[0].Cause != want.cause || entries[0].Decision == 0 {
				t.Errorf("%+v, want %+v", entries, want)
			}
		}
		if entries, _ := account(town, dead.Children[0], october.Next()); len(entries) > 0 {
			t.Errorf("a month that was not decided anew has %+v", entries)
		}
		if now := find(town, list); now.Total != list.Total || now.Lines != list.Lines {
			t.Errorf("the past changed: %+v", now)
		}
	})
}

func TestSupplementNamesTheQuartersItRepairsEachMonthByItsOwnAmount(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 3)
		h := town.Households[0]
		july := october.Add(-3)
		without := map[*paymenttest.Household][]policy.Line{h: h.Lines()[:3]}
		for _, month := range []calendar.Month{july, october} {
			town.Decide(month, without)
			town.Approve(town.Prepare(month.Quarter(), "children"))
		}
		with := h.Lines()
		with[3].Amount = 80 * money.Dinar // the law of July
		town.Decide(july, map[*paymenttest.Household][]policy.Line{h: with})
		town.Decide(october, nil)
		town.Post()
		supplement := town.Must(paymenttest.Officer, func(tx *store.Tx) (payment.List, error) {
			return payment.RepairSince(tx, paymenttest.Terms, july.Quarter(), quarter, "children")
		})
		if supplement.Lines != 2 || supplement.Total != 180*money.Dinar || supplement.Since != july.Quarter() {
			t.Errorf("%+v", supplement)
		}
		town.Approve(supplement)
		for _, month := range []calendar.Month{july, october} {
			entries, sum := account(town, h.Children[2], month)
			if sum != 0 || len(entries) != 2 || entries[1].Kind != payment.FromPayment || entries[0].Cause != payment.Omitted {
				t.Errorf("%s: %+v", month, entries)
			}
		}
	})
}

func TestUndoneMatchIsPaidWithThatCause(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	town := paymenttest.New(t, j, 2)
	a, b := town.Households[0].Children[0], town.Households[1].Children[0]
	link := func(verb func(tx *store.Tx) error) {
		t.Helper()
		if err := town.As(paymenttest.Officer, verb); err != nil {
			t.Fatal(err)
		}
	}
	link(func(tx *store.Tx) error {
		return matching.Link(tx, a, b, matching.Decided, "شهادة ميلاد واحدة")
	})
	town.Decide(october, nil)
	town.Approve(town.Prepare(quarter, "children"))
	link(func(tx *store.Tx) error { return matching.Unlink(tx, a, b, "شهادتان مختلفتان") })
	town.Decide(october, nil)
	if done := town.Post(); done.Arrears != 100*money.Dinar || done.Over != 0 {
		t.Errorf("%+v", done)
	}
	var c payment.Comparison
	supplement := town.Supplement(quarter, "children")
	if err := town.As(paymenttest.Officer, func(tx *store.Tx) (err error) { c, err = payment.Compare(tx, supplement.ID); return err }); err != nil {
		t.Fatal(err)
	}
	if supplement.Lines != 1 || len(c.Causes) != 1 || c.Causes[0].Cause != payment.MatchingReversed {
		t.Errorf("%+v: %+v", supplement, c.Causes)
	}
}

func TestAccountsAreForThoseWhoMaySeeTheFamily(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	town := paymenttest.New(t, j, 1)
	town.Decide(october, nil)
	h := town.Households[0]
	stranger := paymenttest.Person(9, string(access.PolicyAnalyst))
	refused(t, town.As(stranger, func(tx *store.Tx) error {
		_, err := payment.StatementOf(tx, paymenttest.Programme, h.ID, h.Branch)
		return err
	}), "access.not_allowed")
	refused(t, town.As(paymenttest.Controller, func(tx *store.Tx) error { _, err := payment.Post(tx, paymenttest.Programme); return err }), "access.not_allowed")
}
