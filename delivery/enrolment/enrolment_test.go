package enrolment_test

import (
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"sanad/country"
	"sanad/delivery/enrolment"
	"sanad/delivery/matching"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
	"sanad/platform/text"
)

var (
	october = calendar.MonthOf(2026, 10)
	h       = id.ID{0: 1, 15: 16}
)

func refused(t testing.TB, err error, key string) {
	t.Helper()
	f := fault.Of(err)
	if f != nil && len(f.Fields) == 1 {
		f = f.Fields[0]
	}
	if f == nil || f.Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

// today is the day on which everything is done.
var (
	today  = calendar.Of(2026, 10, 6)
	moment atomic.Int64
)

// now is the tests' clock: nine o'clock of today, and a little later each time.
func now() time.Time {
	return time.Date(today.Year(), time.Month(today.Month()), today.DayOfMonth(), 9, 0, 0, int(moment.Add(1))*1000, time.UTC)
}

// open opens a diwan whose clock is the tests'.
func open(t testing.TB, engine string) *journal.Journal {
	today = calendar.Of(2026, 10, 6)
	return journaltest.OpenAs(t, engine, journaltest.Node(journal.RoleDiwan, journal.RoleDiwan), store.Options{Now: now})
}

// each runs a test on both engines.
func each(t *testing.T, test func(t *testing.T, j *journal.Journal)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) { test(t, open(t, engine)) })
	}
}

func person(n byte, role string) store.Session {
	s := journaltest.Session(role)
	s.Actor = id.ID{6: 0x70, 8: 0x80, 14: 9, 15: n}
	return s
}

var (
	officer    = person(1, "diwan_officer")
	director   = person(2, "grant_director")
	controller = person(3, "financial_controller")
	clerk      = person(4, "branch_clerk")
)

func do[T any](t testing.TB, j *journal.Journal, who store.Session, verb func(*store.Tx) (T, error)) (out T, err error) {
	_, err = j.Write(t.Context(), who, func(tx *store.Tx) (err error) {
		out, err = verb(tx)
		return err
	})
	return out, err
}

func must[T any](t testing.TB, j *journal.Journal, who store.Session, verb func(*store.Tx) (T, error)) T {
	t.Helper()
	out, err := do(t, j, who, verb)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func grant(t testing.TB) *policy.Programme {
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Named(pack, "wife-and-children-grant")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// family registers a father with sons born on these days.
func family(t testing.TB, j *journal.Journal, births ...string) {
	t.Helper()
	s := &registry.Sheet{Household: h, Version: 1, Branch: "LY010102", File: "7/2026", Sources: []registry.Source{{Kind: registry.Stated, Body: "LY010102", Date: october.First()}}}
	for i, birth := range append([]string{"1975-01-01"}, births...) {
		day, err := calendar.Parse(birth)
		if err != nil {
			t.Fatal(err)
		}
		values := map[registry.Name]registry.Value{registry.FullName: registry.TextValue("محمد علي"), registry.Birth: registry.DateValue(day), registry.SexFact: registry.TextValue("male"),
			registry.Citizenship: registry.TextValue("libyan"), registry.Role: registry.TextValue("son"), registry.NationalNumberFact: registry.TextValue("1")}
		if i == 0 {
			values[registry.Role] = registry.TextValue("head")
		}
		m := registry.Member{Person: h.Next(uint64(i + 1))}
		for _, d := range registry.Definitions {
			if v, given := values[d.Name]; given {
				m.Facts = append(m.Facts, registry.Fact{Name: d.Name, Value: v, Sources: []int{0}})
			}
		}
		s.Members = append(s.Members, m)
	}
	journaltest.Write(t, j, func(tx *store.Tx) error {
		return journal.Record(tx, registry.Happened{What: registry.Registered, Household: h, Branch: s.Branch, Known: tx.Now.UnixMicro(), Sheet: s})
	})
}

func announce(t testing.TB, j *journal.Journal) (enrolment.Act, error) {
	return do(t, j, officer, func(tx *store.Tx) (enrolment.Act, error) { return enrolment.Announce(tx, grant(t)) })
}

func TestEndsOfTheCalendarAreAnnouncedAheadAndApprovedAsOneNamedAct(t *testing.T) {
	each(t, func(t *testing.T, j *journal.Journal) {
		family(t, j, "2008-09-20", "2008-11-15", "2008-12-31", "2009-02-01")
		act, err := announce(t, j)
		if err != nil || act.Ends != 3 || act.Through != calendar.MonthOf(2027, 1) || act.Announcer != officer.Actor {
			t.Fatalf("%+v, %v", act, err)
		}
		_, err = announce(t, j)
		refused(t, err, "enrolment.no_ends")
		approve := func(who store.Session, seen []byte) error {
			_, err := do(t, j, who, func(tx *store.Tx) (enrolment.Act, error) { return enrolment.Approve(tx, act.ID, seen) })
			return err
		}
		standing := func() map[enrolment.Claim]calendar.Month {
			return must(t, j, officer, func(tx *store.Tx) (enrolment.Standing, error) { return enrolment.StandingOf(tx, act.Programme) }).Ended
		}
		refused(t, approve(officer, act.Digest), "access.not_allowed")
		both := officer
		both.Grants = append(both.Grants, director.Grants...)
		refused(t, approve(both, act.Digest), "access.same_person")
		refused(t, approve(director, []byte("other")), "enrolment.digest_differs")
		if n := len(standing()); n != 0 {
			t.Errorf("%d ends stand before anybody approved", n)
		}
		if err := approve(director, act.Digest); err != nil {
			t.Fatal(err)
		}
		refused(t, approve(controller, act.Digest), "enrolment.wrong_state")
		ended := standing()
		for n, month := range map[uint64]calendar.Month{2: october, 3: october.Add(2), 4: october.Add(3)} {
			if ended[enrolment.Claim{Person: h.Next(n), Component: "child"}] != month || len(ended) != 3 {
				t.Errorf("%v", ended)
			}
		}
		_, err = do(t, j, officer, func(tx *store.Tx) (enrolment.Act, error) {
			return enrolment.WithdrawEnds(tx, act.ID, "أُعلن خطأً")
		})
		refused(t, err, "access.not_allowed")
		must(t, j, controller, func(tx *store.Tx) (enrolment.Act, error) {
			return enrolment.WithdrawEnds(tx, act.ID, "أُعلن خطأً")
		})
		if again, err := announce(t, j); err != nil || again.Ends != 3 || len(standing()) != 0 {
			t.Errorf("after the withdrawal: %+v, %v", again, err)
		}
	})
}

func TestAlteredEndsAreNotApproved(t *testing.T) {
	j := open(t, "sqlite")
	family(t, j, "2008-11-15")
	act, err := announce(t, j)
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []string{"month = 202610", "person = x'00112233445566778899aabbccddeeff'", "component = 'wife'", "amount = 1"} {
		_, err := do(t, j, director, func(tx *store.Tx) (enrolment.Act, error) {
			if err := tx.Each(func(*store.Row) error { return nil }, "UPDATE ends SET "+change); err != nil {
				return enrolment.Act{}, err
			}
			return enrolment.Approve(tx, act.ID, act.Digest)
		})
		refused(t, err, "enrolment.altered")
	}
}

var serial uint64

// proposal opens a proposal of its own.
func proposal(t testing.TB, j *journal.Journal) enrolment.Proposal {
	serial++
	return must(t, j, officer, func(tx *store.Tx) (enrolment.Proposal, error) {
		return enrolment.Propose(tx, enrolment.NewProposal{Kind: enrolment.EndOnEvidence, Programme: "test", Household: h, Person: h.Next(1000 + serial), Component: "child", Month: october,
			Reason: "no-salary", Words: "له مرتب من الشركة", Evidence: "كشف المرتبات بتاريخ 1 أكتوبر"})
	})
}

func TestEvidenceNeedsAReasonAndASource(t *testing.T) {
	j := open(t, "sqlite")
	family(t, j)
	propose := func(who store.Session, words, evidence string) error {
		_, err := do(t, j, who, func(tx *store.Tx) (enrolment.Proposal, error) {
			return enrolment.Propose(tx, enrolment.NewProposal{Kind: enrolment.EndOnEvidence, Programme: "test", Household: h, Person: h.Next(2), Component: "child", Month: october, Words: words, Evidence: evidence})
		})
		return err
	}
	refused(t, propose(officer, " ", "كشف المرتبات"), "enrolment.no_words")
	refused(t, propose(officer, "له مرتب", ""), "enrolment.no_evidence")
	refused(t, propose(clerk, "له مرتب", "كشف المرتبات"), "access.not_allowed")
	if err := propose(officer, "له مرتب", "كشف المرتبات"); err != nil {
		t.Fatal(err)
	}
	refused(t, propose(officer, "له مرتب", "كشف المرتبات"), "store.duplicate")
}

// TestNoPathLeadsFromAFlagToALossWithoutAPerson walks at random over all steps
// of proposals: whatever is tried, a benefit has ended only where another person
// than the proposer decided so, in words, after a notice that was handed over
// and whose period of at least fifteen days has passed.
func TestNoPathLeadsFromAFlagToALossWithoutAPerson(t *testing.T) {
	j := open(t, "sqlite")
	family(t, j)
	reached := map[enrolment.State]int{}
	rapid.Check(t, func(rt *rapid.T) {
		day := calendar.Of(2026, 10, 6)
		today = day
		p := proposal(t, j)
		people := []store.Session{officer, director, controller, clerk}
		for range rapid.IntRange(4, 20).Draw(rt, "steps") {
			who := rapid.SampledFrom(people).Draw(rt, "who")
			who.Grants = append(who.Grants, rapid.SampledFrom([]store.Grant{{Role: "grant_director"}, {Role: "diwan_officer"}, {}}).Draw(rt, "also"))
			words := rapid.SampledFrom([]string{"", "سبب كافٍ للأسرة", "سبب كافٍ للأسرة"}).Draw(rt, "words")
			switch rapid.SampledFrom([]string{"serve", "serve", "answer", "decide", "decide", "decide", "refuse", "withdraw", "wait", "wait", "wait"}).Draw(rt, "step") {
			case "serve":
				notice := policy.Process{Notice: rapid.Int64Range(0, 40).Draw(rt, "notice")}
				_, _ = do(t, j, who, func(tx *store.Tx) (enrolment.Proposal, error) { return enrolment.Serve(tx, p.ID, day, words, notice) })
			case "answer":
				_, _ = do(t, j, who, func(tx *store.Tx) (enrolment.Proposal, error) { return enrolment.TakeAnswer(tx, p.ID, words) })
			case "decide":
				_, _ = do(t, j, who, func(tx *store.Tx) (enrolment.Proposal, error) { return enrolment.Decide(tx, p.ID, true, words) })
			case "refuse":
				_, _ = do(t, j, who, func(tx *store.Tx) (enrolment.Proposal, error) { return enrolment.Decide(tx, p.ID, false, words) })
			case "withdraw":
				_, _ = do(t, j, who, func(tx *store.Tx) (enrolment.Proposal, error) { return enrolment.Withdraw(tx, p.ID, words) })
			case "wait":
				day = day.AddDays(rapid.IntRange(1, 30).Draw(rt, "days"))
				today = day
			}
		}
		now := must(t, j, officer, func(tx *store.Tx) (enrolment.Proposal, error) { return enrolment.FindProposal(tx, p.ID) })
		reached[now.State]++
		standing := must(t, j, officer, func(tx *store.Tx) (enrolment.Standing, error) { return enrolment.StandingOf(tx, "test") })
		from, ended := standing.Ended[enrolment.Claim{Person: p.Person, Component: p.Component}]
		if ended != (now.State == enrolment.Decided) {
			rt.Fatalf("ended %v in state %s", ended, now.State)
		}
		if ended {
			notice, _ := now.ServedOn.DaysUntil(now.Until)
			decided := calendar.Day(time.UnixMicro(now.DecidedAt).UTC())
			if now.Decider == now.Proposer || now.Decider.IsZero() || now.Decision == "" || now.ServedOn == 0 || notice < policy.LeastNotice || decided <= now.Until ||
				from.First() <= now.Until {
				rt.Fatalf("%+v", now)
			}
		}
	})
	t.Logf("reached: %v", reached)
	for _, s := range []enrolment.State{enrolment.Proposed, enrolment.Served, enrolment.Decided, enrolment.Withdrawn} {
		if reached[s] == 0 {
			t.Errorf("no run came to %s", s)
		}
	}
}

func TestNoticeRunsFromTheDayOfHandOver(t *testing.T) {
	j := open(t, "sqlite")
	family(t, j)
	p := proposal(t, j)
	serve := func(day calendar.Date) error {
		_, err := do(t, j, officer, func(tx *store.Tx) (enrolment.Proposal, error) {
			return enrolment.Serve(tx, p.ID, day, "سُلم للأب في البيت", grant(t).Process)
		})
		return err
	}
	decide := func() (enrolment.Proposal, error) {
		return do(t, j, director, func(tx *store.Tx) (enrolment.Proposal, error) {
			return enrolment.Decide(tx, p.ID, true, "ثبت المرتب بالكشف")
		})
	}
	_, err := decide()
	refused(t, err, "enrolment.wrong_state") // a printed notice starts nothing
	refused(t, serve(calendar.Of(2026, 10, 7)), "enrolment.served_day")
	refused(t, serve(calendar.Of(2026, 10, 5)), "enrolment.served_day")
	if err := serve(calendar.Of(2026, 10, 6)); err != nil {
		t.Fatal(err)
	}
	today = calendar.Of(2026, 11, 5) // thirty days later
	_, err = decide()
	refused(t, err, "enrolment.notice_runs")
	must(t, j, clerk, func(tx *store.Tx) (enrolment.Proposal, error) {
		return enrolment.TakeAnswer(tx, p.ID, "قالت الأم: ترك العمل")
	})
	must(t, j, clerk, func(tx *store.Tx) (enrolment.Proposal, error) {
		return enrolment.TakeAnswer(tx, p.ID, "أحضرت إفادة")
	})
	today = calendar.Of(2026, 11, 6)
	decided, err := decide()
	if err != nil || decided.Effective != calendar.MonthOf(2026, 12) || strings.Count(decided.Answer, "\n") != 1 {
		t.Errorf("%+v, %v", decided, err)
	}
	today = calendar.Of(2027, 11, 6)
	must(t, j, controller, func(tx *store.Tx) (enrolment.Proposal, error) {
		return enrolment.Withdraw(tx, p.ID, "عاد بلا مرتب")
	})
}

func TestDecidedEndIsReversibleForTwelveMonths(t *testing.T) {
	j := open(t, "sqlite")
	family(t, j)
	p := proposal(t, j)
	must(t, j, officer, func(tx *store.Tx) (enrolment.Proposal, error) {
		return enrolment.Serve(tx, p.ID, tx.Today(), "سُلم للأب", policy.DefaultProcess)
	})
	today = calendar.Of(2026, 12, 1)
	must(t, j, director, func(tx *store.Tx) (enrolment.Proposal, error) {
		return enrolment.Decide(tx, p.ID, true, "ثبت المرتب")
	})
	withdraw := func(who store.Session) error {
		_, err := do(t, j, who, func(tx *store.Tx) (enrolment.Proposal, error) {
			return enrolment.Withdraw(tx, p.ID, "تبين العكس")
		})
		return err
	}
	refused(t, withdraw(officer), "access.not_allowed")
	today = calendar.Of(2027, 12, 2)
	refused(t, withdraw(director), "enrolment.wrong_state")
	today = calendar.Of(2027, 12, 1)
	if err := withdraw(director); err != nil {
		t.Error(err)
	}
}

func TestEnrolmentIsRebuiltFromTheJournal(t *testing.T) {
	catalogue := journal.NewCatalogue(journal.Kinds, registry.Kinds, matching.Kinds, policy.Kinds, enrolment.Kinds)
	for from, to := range map[string]string{"sqlite": "postgres", "postgres": "sqlite"} {
		t.Run(from+" to "+to, func(t *testing.T) {
			j := open(t, from)
			family(t, j, "2008-11-15", "2008-12-15")
			act, err := announce(t, j)
			if err != nil {
				t.Fatal(err)
			}
			must(t, j, director, func(tx *store.Tx) (enrolment.Act, error) {
				return enrolment.WithdrawEnds(tx, act.ID, "أُعلن خطأً")
			})
			p := proposal(t, j)
			must(t, j, officer, func(tx *store.Tx) (enrolment.Proposal, error) {
				return enrolment.Serve(tx, p.ID, tx.Today(), "سُلم للأب", policy.DefaultProcess)
			})
			done, err := j.Rebuild(t.Context(), open(t, to), catalogue, enrolment.Tables, func(int64) {})
			if err != nil || len(done.Differ) > 0 {
				t.Errorf("%+v, %v", done, err)
			}
		})
	}
}

func TestEveryStateAndKindHasItsName(t *testing.T) {
	for _, s := range enrolment.States {
		if !text.Has(string(s.Key())) {
			t.Errorf("%s has no name", s)
		}
	}
	for _, k := range []enrolment.Kind{enrolment.EndOnEvidence, enrolment.Recovery} {
		if !text.Has(string(k.Key())) {
			t.Errorf("%s has no name", k)
		}
	}
}
