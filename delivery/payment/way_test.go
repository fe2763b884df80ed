package payment_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sanad/delivery/payment"
	"sanad/delivery/payment/paymenttest"
	"sanad/delivery/policy"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
	"sanad/platform/text"
)

// way is what a list may do, written down a second time and in another manner
// than the program's: from each state, who may take which step and where it
// leads.
type way struct {
	state            payment.State
	two              bool // signatures
	preparer, signer id.ID
}

var (
	otherDirector = paymenttest.Person(4, "grant_director")
	auditor       = paymenttest.Person(5, "internal_auditor")
	staff         = []store.Session{paymenttest.Officer, paymenttest.Director, otherDirector, paymenttest.Controller, auditor}
	stepNames     = []string{"approve", "export", "answer", "close", "withdraw", "reason"}
)

func holds(who store.Session, roles ...string) bool {
	return slices.ContainsFunc(who.Grants, func(g store.Grant) bool { return slices.Contains(roles, g.Role) })
}

// takes tells whether a step is allowed, and makes it.
func (w *way) takes(step string, who store.Session) bool {
	signs := holds(who, "grant_director", "financial_controller")
	makes := holds(who, "diwan_officer", "grant_director")
	switch step {
	case "approve":
		if !signs || who.Actor == w.preparer {
			return false
		}
		switch {
		case w.state == payment.Prepared && w.two:
			w.state, w.signer = payment.SignedOnce, who.Actor
		case w.state == payment.Prepared, w.state == payment.SignedOnce && who.Actor != w.signer:
			w.state = payment.Approved
		default:
			return false
		}
	case "export":
		if !makes || w.state == payment.Prepared || w.state == payment.SignedOnce || w.state == payment.Withdrawn {
			return false
		}
		if w.state == payment.Approved {
			w.state = payment.Exported
		}
	case "answer":
		if !makes || w.state != payment.Exported && w.state != payment.Answered {
			return false
		}
		w.state = payment.Answered
	case "close":
		if !signs || w.state != payment.Answered {
			return false
		}
		w.state = payment.Closed
	case "withdraw":
		early := w.state == payment.Prepared || w.state == payment.SignedOnce || w.state == payment.Approved
		if !early || !signs && !(w.state == payment.Prepared && who.Actor == w.preparer) {
			return false
		}
		w.state = payment.Withdrawn
	case "reason":
		return makes && w.state == payment.Prepared && w.two
	}
	return true
}

// do takes the step in the program.
func do(town *paymenttest.Town, l payment.List, step string, who store.Session, vanished id.ID) error {
	return town.As(who, func(tx *store.Tx) error {
		var err error
		switch step {
		case "approve":
			var now payment.List
			if now, err = payment.FindList(tx, l.ID); err == nil {
				_, err = payment.Approve(tx, l.ID, now.Digest())
			}
		case "export":
			_, err = payment.MarkExported(tx, l.ID, [32]byte{9})
		case "answer":
			_, err = payment.TakeReturns(tx, l.ID, []payment.Answer{{EndToEnd: l.EndToEnd(1), Outcome: payment.WasPaid, Day: calendar.Of(2026, 11, 5)}})
		case "close":
			_, err = payment.Close(tx, l.ID)
		case "withdraw":
			_, err = payment.Withdraw(tx, l.ID, "أُعدّت قبل أوانها")
		case "reason":
			_, err = payment.GiveReason(tx, l.ID, vanished, "child", "سبب مكتوب")
		}
		return err
	})
}

func TestListGoesNoOtherWay(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 2)
		next := calendar.QuarterOf(1900, 2)
		reached := map[payment.State]int{}
		rapid.Check(t, func(rt *rapid.T) {
			quarter := next
			next = next.Next().Next()
			w := way{state: payment.Prepared, two: rapid.Bool().Draw(rt, "somebody vanishes")}
			change := map[*paymenttest.Household][]policy.Line{}
			vanished := town.Households[0].Children[0]
			if w.two {
				lines := town.Households[0].Lines()
				lines[1] = paymenttest.Refused(lines[1], "under-age")
				change[town.Households[0]] = lines
				town.Decide(quarter.Previous().Months()[0], nil)
				town.Approve(town.Prepare(quarter.Previous(), "children"))
			}
			town.Decide(quarter.Months()[0], change)
			preparer := rapid.SampledFrom([]store.Session{paymenttest.Officer, paymenttest.Director}).Draw(rt, "preparer")
			w.preparer = preparer.Actor
			l := town.Must(preparer, func(tx *store.Tx) (payment.List, error) {
				return payment.Prepare(tx, paymenttest.Terms, quarter, "children")
			})
			if l.TwoSignatures != w.two {
				rt.Fatalf("two signatures: %v, want %v", l.TwoSignatures, w.two)
			}
			for n := range rapid.IntRange(3, 14).Draw(rt, "steps") {
				step := rapid.SampledFrom(stepNames).Draw(rt, "step")
				if rapid.Bool().Draw(rt, "forward") {
					step = forward[w.state]
				}
				who := staff[rapid.IntRange(0, len(staff)-1).Draw(rt, "who")]
				allowed := w.takes(step, who)
				err := do(town, l, step, who, vanished)
				if allowed != (err == nil) {
					rt.Fatalf("step %d, %s by %s in %s: allowed %v, but %v", n, step, who.Grants[0].Role, w.state, allowed, err)
				}
				if err != nil && fault.Of(err) == nil {
					rt.Fatalf("refused without a word: %v", err)
				}
				if now := find(town, l); now.State != w.state {
					rt.Fatalf("%s after %s, want %s", now.State, step, w.state)
				}
				reached[w.state]++
			}
		})
		for _, s := range payment.States {
			if reached[s] == 0 {
				t.Errorf("no run came to %s: %v", s, reached)
			}
		}
	})
}

// forward is the step that leads on from each state.
var forward = map[payment.State]string{payment.Prepared: "approve", payment.SignedOnce: "approve", payment.Approved: "export", payment.Exported: "answer",
	payment.Answered: "close", payment.Closed: "export", payment.Withdrawn: "approve"}

func TestEveryStateStepAndCauseHasItsName(t *testing.T) {
	for _, s := range payment.States {
		has(t, string(s.Key()))
	}
	for _, c := range payment.Causes {
		has(t, string(c.Key()))
	}
	for _, k := range payment.Kinds {
		if s, ok := k.(payment.Stepped); ok && s.Step != payment.StepPrepare && s.Step != payment.StepSign {
			has(t, string(s.Step.Key()))
		}
	}
	for _, reason := range []string{payment.AccountUnreadable, payment.PayeeNameless, payment.ListedTwice, payment.CountsElsewhere, payment.Died} {
		has(t, "payment.reason_"+reason)
	}
}

func has(t *testing.T, key string) {
	t.Helper()
	if !text.Has(key) {
		t.Errorf("%s has no sentence", key)
	}
}
