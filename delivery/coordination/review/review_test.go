package review_test

import (
	"testing"
	"time"

	"sanad/delivery/coordination/review"
	"sanad/delivery/matching"
	"sanad/delivery/payment"
	"sanad/delivery/payment/paymenttest"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

var (
	september = calendar.MonthOf(2026, 9)
	october   = calendar.MonthOf(2026, 10)
	quarter   = calendar.QuarterOf(2026, 4)

	amal  = paymenttest.Person(21, "diwan_officer")
	basma = paymenttest.Person(22, "diwan_officer")
	dalia = paymenttest.Person(23, "diwan_officer")
)

const why = "الاسم واسم الأم والقيد واحد"

func as(t testing.TB, j *journal.Journal, who store.Session, work func(*store.Tx) error) {
	t.Helper()
	if _, err := j.Write(t.Context(), who, work); err != nil {
		t.Fatal(err)
	}
}

// refused runs work that must be refused for one reason.
func refused(t testing.TB, j *journal.Journal, who store.Session, key string, work func(*store.Tx) error) {
	t.Helper()
	_, err := j.Write(t.Context(), who, work)
	if f := fault.Of(err); f == nil || f.Key != key {
		t.Errorf("want %s, got %v", key, err)
	}
}

func judge(j review.Judgement) func(*store.Tx) error {
	return func(tx *store.Tx) error { _, err := review.Judge(tx, j); return err }
}

func found(t testing.TB, j *journal.Journal, a, b id.ID, probability int64) {
	t.Helper()
	as(t, j, paymenttest.Officer, func(tx *store.Tx) error {
		return matching.KeepMatches(tx, []matching.Match{{A: a, B: b, Probability: probability, Verdict: matching.Possible}})
	})
}

// next is what a reviewer is handed, the zero pair where nothing waits.
func next(t testing.TB, j *journal.Journal, who store.Session) (p review.Pair) {
	t.Helper()
	as(t, j, who, func(tx *store.Tx) (err error) {
		p, _, err = review.Take(tx)
		return err
	})
	return p
}

func of(p review.Pair, people ...id.ID) bool {
	return p.A == people[0] && p.B == people[1] || p.A == people[1] && p.B == people[0]
}

func same(t testing.TB, j *journal.Journal, a, b id.ID) (linked bool) {
	t.Helper()
	if err := j.Read(t.Context(), amal, func(tx *store.Tx) error {
		others, err := matching.SameAs(tx, a)
		linked = len(others) == 1 && others[0] == b
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return linked
}

func TestTwoReviewersNeverHaveTheSamePair(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 4)
		h := town.Households
		found(t, j, h[0].Father, h[1].Father, 900_000)
		found(t, j, h[2].Father, h[3].Father, 800_000)
		one, other := next(t, j, amal), next(t, j, basma)
		if !of(one, h[0].Father, h[1].Father) || !of(other, h[2].Father, h[3].Father) {
			t.Errorf("%v and %v", one, other)
		}
		if third := next(t, j, dalia); third != (review.Pair{}) {
			t.Errorf("nothing is left, and a third is handed %v", third)
		}
		if again := next(t, j, amal); again != one {
			t.Errorf("what lies before her first, not %v", again)
		}
		refused(t, j, basma, "review.with_another", judge(review.Judgement{A: one.A, B: one.B, Verdict: review.Different, Reason: why}))
		as(t, j, amal, func(tx *store.Tx) error { return review.Later(tx, one.A, one.B) })
		if after := next(t, j, amal); after != (review.Pair{}) {
			t.Errorf("put aside, and handed out again: %v", after)
		}
	})
}

func TestDifferentIsRememberedForEver(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 2)
		a, b := town.Households[0].Father, town.Households[1].Father
		found(t, j, a, b, 900_000)
		refused(t, j, amal, "matching.reason_needed", judge(review.Judgement{A: a, B: b, Verdict: review.Different, Reason: "لا"}))
		refused(t, j, amal, "review.verdict_needed", judge(review.Judgement{A: a, B: b, Reason: why}))
		refused(t, j, journaltest.Session("branch_clerk"), "access.not_allowed", judge(review.Judgement{A: a, B: b, Verdict: review.Different, Reason: why}))
		as(t, j, amal, judge(review.Judgement{A: b, B: a, Verdict: review.Different, Reason: "أب وعم، والرقمان مختلفان"}))
		found(t, j, a, b, 999_000) // the next search finds them again
		if p := next(t, j, basma); p != (review.Pair{}) {
			t.Errorf("asked again: %v", p)
		}
		refused(t, j, amal, "matching.told_apart", func(tx *store.Tx) error { return matching.Link(tx, a, b, matching.Decided, "") })
	})
}

func TestNobodyIsLinkedThroughAnotherToWhomSheWasToldApart(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	town := paymenttest.New(t, j, 3)
	a, b, c := town.Households[0].Father, town.Households[1].Father, town.Households[2].Father
	as(t, j, amal, judge(review.Judgement{A: a, B: c, Verdict: review.Different, Reason: why}))
	as(t, j, amal, judge(review.Judgement{A: a, B: b, Verdict: review.Same, Reason: why}))
	refused(t, j, amal, "matching.told_apart", judge(review.Judgement{A: b, B: c, Verdict: review.Same, Reason: why}))
	found(t, j, b, c, 950_000)
	if err := j.Read(t.Context(), amal, func(tx *store.Tx) error {
		all, err := review.ClusterOf(tx, c)
		if len(all.Members) != 3 || len(all.Groups) != 2 || len(all.Groups[0]) != 2 {
			t.Errorf("three alike of whom two were told apart: %v", all.Groups)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestWhoCannotTellAsksTheBranchForAPaper(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paymenttest.New(t, j, 2)
		a, b := town.Households[0].Father, town.Households[1].Father
		found(t, j, a, b, 700_000)
		unsure := review.Judgement{A: a, B: b, Verdict: review.Unsure, Reason: "اسم الأم ناقص", Ask: b}
		refused(t, j, amal, "review.document_needed", judge(unsure))
		unsure.Document = "شهادة الميلاد"
		as(t, j, amal, judge(unsure))
		if p := next(t, j, basma); p != (review.Pair{}) {
			t.Errorf("handed out before the branch answered: %v", p)
		}
		as(t, j, journaltest.Session("supervisor"), func(tx *store.Tx) error {
			list, err := registry.OpenTasks(tx, town.Households[1].Branch, registry.TaskPage{Kind: review.TaskDocument})
			if err != nil || list.Total != 1 || list.Tasks[0].Detail["document"] != unsure.Document {
				t.Fatalf("the branch was asked %+v %v", list, err)
			}
			return registry.CloseTask(tx, list.Tasks[0].ID, "الشهادة تقول إنهما أخوان")
		})
		if p := next(t, j, basma); !of(p, a, b) {
			t.Errorf("the answer came, and the next pair is %v", p)
		}
		if err := j.Read(t.Context(), basma, func(tx *store.Tx) error {
			c, err := review.Open(tx, b, a)
			if c.Answer != "الشهادة تقول إنهما أخوان" || c.A.Member() == nil || c.B.Member() == nil || !c.Last.ReadBy(amal.Actor) {
				t.Errorf("%+v", c)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}

// paidTown is a town in which everybody was paid for October.
func paidTown(t *testing.T, j *journal.Journal, households int) *paymenttest.Town {
	town := paymenttest.New(t, j, households)
	town.Decide(september, nil)
	town.Approve(town.Prepare(quarter.Previous(), "children"))
	town.Decide(october, nil)
	town.Approve(town.Prepare(quarter, "children"))
	return town
}

func TestAMergeThatTouchesAPaymentNeedsASecondReader(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paidTown(t, j, 3)
		a, b := town.Households[0].Children[0], town.Households[1].Children[0]
		found(t, j, a, b, 990_000)
		merge := review.Judgement{A: a, B: b, Verdict: review.Same, Reason: why}
		as(t, j, amal, judge(merge))
		if same(t, j, a, b) {
			t.Fatal("one reader merged records that are paid")
		}
		refused(t, j, amal, "access.same_person", judge(merge))
		if p := next(t, j, amal); p != (review.Pair{}) {
			t.Error("the first reader is handed her own pair to read again")
		}
		if p := next(t, j, basma); !of(p, a, b) {
			t.Fatalf("a second reader is handed %v", p)
		}
		as(t, j, basma, judge(merge))
		if !same(t, j, a, b) {
			t.Error("two readers agree, and nothing is linked")
		}
	})
}

func TestWhereTwoReadersDifferAThirdDecides(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	town := paidTown(t, j, 3)
	a, b := town.Households[0].Children[0], town.Households[1].Children[0]
	as(t, j, amal, judge(review.Judgement{A: a, B: b, Verdict: review.Same, Reason: why}))
	as(t, j, basma, judge(review.Judgement{A: a, B: b, Verdict: review.Different, Reason: "رقمان مختلفان"}))
	if same(t, j, a, b) {
		t.Fatal("disputed, and linked")
	}
	refused(t, j, basma, "access.same_person", judge(review.Judgement{A: a, B: b, Verdict: review.Same, Reason: why}))
	if p := next(t, j, dalia); !of(p, a, b) {
		t.Errorf("a third is handed %v", p)
	}
	as(t, j, dalia, judge(review.Judgement{A: a, B: b, Verdict: review.Different, Reason: "رقمان مختلفان"}))
	refused(t, j, amal, "matching.told_apart", func(tx *store.Tx) error { return matching.Link(tx, a, b, matching.Decided, "") })
	if err := j.Read(t.Context(), amal, func(tx *store.Tx) error {
		readers, err := review.Reviewers(tx, time.Time{})
		if len(readers) != 3 || readers[0].Agreed != 0 || readers[0].Compared != 1 {
			t.Errorf("%+v", readers)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// merge links two records by two readers.
func merge(t testing.TB, j *journal.Journal, a, b id.ID) {
	t.Helper()
	for _, reader := range []store.Session{amal, basma} {
		as(t, j, reader, judge(review.Judgement{A: a, B: b, Verdict: review.Same, Reason: why}))
	}
}

func TestNoMergeStopsAPaymentByItself(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paidTown(t, j, 2)
		a, b := town.Households[0].Children[0], town.Households[1].Children[0]
		merge(t, j, a, b)
		november := october.Next()
		town.Decide(november, nil)
		supplement := town.Supplement(quarter, "children")
		if supplement.Lines != 6 || supplement.Held != 0 {
			t.Errorf("six children were paid; after the merge %d are, and %d are held", supplement.Lines, supplement.Held)
		}
		var asked int
		if err := j.Read(t.Context(), journaltest.Session("supervisor"), func(tx *store.Tx) error {
			list, err := registry.OpenTasks(tx, "", registry.TaskPage{Kind: matching.TaskTwoPaid})
			asked = list.Total
			return err
		}); err != nil || asked != 1 {
			t.Errorf("a person is asked once which household keeps the child, not %d times (%v)", asked, err)
		}
	})
}

func TestACountEndsByAPersonAfterNotice(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		town := paidTown(t, j, 2)
		a, b := town.Households[0].Children[0], town.Households[1].Children[0]
		merge(t, j, a, b)
		settle := func(person id.ID, reason string, noticed, until calendar.Date) func(*store.Tx) error {
			return func(tx *store.Tx) error { return matching.Settle(tx, person, reason, noticed, until) }
		}
		told, over, tomorrow := calendar.Of(2026, 9, 1), calendar.Of(2026, 10, 1), calendar.Of(2099, 1, 1)
		refused(t, j, amal, "matching.notice_running", settle(b, why, told, tomorrow))
		refused(t, j, amal, "matching.notice_running", settle(b, why, over, over))
		refused(t, j, amal, "matching.reason_needed", settle(b, "  ", told, over))
		refused(t, j, amal, "matching.not_apart", settle(town.Households[0].Mother, why, told, over))
		as(t, j, amal, settle(b, why, told, over))
		town.Decide(october.Next(), nil)
		supplement := town.Supplement(quarter, "children")
		if supplement.Lines != 5 {
			t.Errorf("settled by a person: %d lines", supplement.Lines)
		}
		as(t, j, amal, func(tx *store.Tx) error { return review.Undo(tx, a, b, "الشهادتان لطفلين", true) })
		town.Approve(supplement)
		if back := town.Supplement(quarter, "children"); back.Lines != 1 {
			t.Errorf("undone, and %d lines come back", back.Lines)
		}
		refused(t, j, amal, "matching.no_link", func(tx *store.Tx) error { return review.Undo(tx, a, b, why, false) })
	})
}

// TestALoneRecordThatIsPaidGoesOnCounting is the quiet harm: the other record has
// the later statement and is not payable, so that by rank alone nobody would be
// paid.
func TestALoneRecordThatIsPaidGoesOnCounting(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	town := paymenttest.New(t, j, 2)
	one, other := town.Households[0], town.Households[1]
	pay := map[*paymenttest.Household][]policy.Line{one: {}, other: other.Lines()}
	town.Decide(october, pay)
	town.Approve(town.Prepare(quarter, "children"))
	merge(t, j, one.Children[0], other.Children[0])
	town.Decide(october.Next(), pay)
	if s := town.Supplement(quarter, "children"); s.Lines != 3 || s.Held != 0 {
		t.Errorf("%d lines, %d held: the child's only payment fell", s.Lines, s.Held)
	}
	if err := j.Read(t.Context(), amal, func(tx *store.Tx) error {
		not, err := matching.Uncounted(tx)
		if len(not) != 1 || !not[one.Children[0]] {
			t.Errorf("%v do not count", not)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestTheDearestPairGoesFirst(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	town := paidTown(t, j, 4)
	h := town.Households
	found(t, j, h[0].Father, h[1].Father, 999_000)
	found(t, j, h[2].Children[0], h[3].Children[0], 600_000)
	if p := next(t, j, amal); !of(p, h[2].Children[0], h[3].Children[0]) {
		t.Error("two children who are paid twice wait behind two fathers who are paid for nothing")
	}
	if err := j.Read(t.Context(), amal, func(tx *store.Tx) error {
		stakes, err := payment.Stakes(tx, []id.ID{h[2].Children[0], h[0].Father}, october)
		if len(stakes) != 1 {
			t.Errorf("%v", stakes)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
