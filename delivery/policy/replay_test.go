package policy

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// history is a registry whose facts and whose law change, month after month.
type history struct {
	random *rand.Rand
	sheets []*registry.Sheet
}

func (h *history) birth() string {
	return fmt.Sprintf("%04d-%02d-%02d", 1950+h.random.IntN(76), 1+h.random.IntN(12), 1+h.random.IntN(28))
}

func (h *history) family(household id.ID) *registry.Sheet {
	members := []string{"role=head sex=male birth=" + h.birth()}
	for range h.random.IntN(6) {
		role := []string{"wife sex=female", "son sex=male", "daughter sex=female"}[h.random.IntN(3)]
		state := []string{"married", "single", "divorced", "-"}[h.random.IntN(4)]
		pay := []string{"yes", "no", "-"}[h.random.IntN(3)]
		members = append(members, fmt.Sprintf("role=%s birth=%s marital_status=%s wage=%s", role, h.birth(), state, pay))
	}
	return family(household, members...)
}

// change gives some families other facts, as new versions of their sheets.
func (h *history) change(t *testing.T, j *journal.Journal, some int) {
	var changed []*registry.Sheet
	for _, i := range h.random.Perm(len(h.sheets))[:some] {
		next := h.family(h.sheets[i].Household)
		next.Version = h.sheets[i].Version + 1
		h.sheets[i], changed = next, append(changed, next)
	}
	keep(t, j, changed...)
}

// law is a release of the grant with amounts and an age of its own.
func (h *history) law(t *testing.T) *Programme {
	t.Helper()
	body := strings.ReplaceAll(grant(t).Text(), "values: {2013-01-01: 100}", fmt.Sprintf("values: {2013-01-01: %d}", 100+h.random.IntN(50)))
	body = strings.ReplaceAll(body, "values: {2013-01-01: 18}", fmt.Sprintf("values: {2013-01-01: %d}", 16+h.random.IntN(6)))
	p, findings := read("grant.yaml", body, readableFacts(registry.All()))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	return p
}

// live makes a registry of some households and decides rounds of months, each
// after facts and often the law changed; now and then a past month anew.
func live(t *testing.T, j *journal.Journal, seed uint64, households, rounds int) {
	h := &history{random: rand.New(rand.NewPCG(seed, 1))}
	for i := range households {
		h.sheets = append(h.sheets, h.family(id.ID{0: 1, 2: byte(i >> 16), 3: byte(i >> 8), 4: byte(i)}))
	}
	keep(t, j, h.sheets...)
	law, month := h.law(t), october
	for range rounds {
		if _, err := Run(t.Context(), j, journaltest.Session("operator"), law, month, nil); err != nil {
			t.Fatal(err)
		}
		h.change(t, j, households/3)
		if h.random.IntN(2) == 0 {
			law = h.law(t)
		}
		month = october.Add(h.random.IntN(2 * rounds))
	}
}

func replayOf(t *testing.T, j *journal.Journal, which Which) (done Replayed) {
	t.Helper()
	which.Programme = "wife-and-children-grant"
	err := j.Read(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) (err error) {
		done, err = Replay(t.Context(), tx, which)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if done.First != nil {
		t.Fatalf("%d of %d differ, first %+v: %v", done.Unequal, done.Decisions, done.First, errors.Unwrap(done.First.Reason))
	}
	return done
}

func TestEveryPastDecisionReplaysEqualAfterFactsAndLawChanged(t *testing.T) {
	const seed = 20261128
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		live(t, j, seed, 120, 8)
		all := replayOf(t, j, Which{})
		t.Logf("seed %d: %d decisions by %d releases replayed, all equal", seed, all.Decisions, all.Releases)
		if all.Decisions < 400 || all.Releases < 3 {
			t.Errorf("too little to tell: %+v", all)
		}
		if standing := replayOf(t, j, Which{Month: october.Add(20)}); standing.Decisions == 0 || standing.Decisions > 120 {
			t.Errorf("standing: %+v", standing)
		}
		if some := replayOf(t, j, Which{Sample: 50, Seed: 7}); some.Decisions != 50 {
			t.Errorf("sample: %+v", some)
		}
	})
}

func TestADecisionThatWasTamperedWithDoesNotReplay(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		home := id.ID{0: 1}
		keep(t, j, family(home, "role=head sex=male birth=1980", "role=son sex=male birth=2015"))
		decide(t, j, october)
		var forged Decision
		for _, d := range standingIn(t, j, october) {
			forged = d
		}
		lines := forged.Lines
		lines[0].Amount *= 2
		journaltest.Write(t, j, func(tx *store.Tx) error {
			return journal.Record(tx, DecidedHouseholds{Programme: "wife-and-children-grant", Month: int64(october), Run: tx.NewID(), Release: forged.Release[:],
				Branch: forged.Branch, Decisions: []Record{{Household: home, SheetVersion: 1, Outcome: encodeOutcome(home, lines)}}, At: tx.Now.UnixMicro()})
		})
		err := j.Read(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) error {
			done, err := Replay(t.Context(), tx, Which{Programme: "wife-and-children-grant"})
			if done.Decisions != 2 || done.Unequal != 1 || done.First == nil || done.First.Household != home {
				t.Errorf("%+v", done)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// TestAMonthThatWasLeftOutKeepsWhatStoodInIt decides October and December, and
// then October anew: November was never decided, stands by October's first
// decision, and must replay for October.
func TestAMonthThatWasLeftOutKeepsWhatStoodInIt(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		ending := []string{"role=head sex=male birth=1980", "role=son sex=male birth=2008-10-15 marital_status=single"}
		keep(t, j, family(id.ID{0: 1}, ending...))
		decide(t, j, october)
		decide(t, j, october.Add(2))
		late := family(id.ID{0: 1}, append(ending, "role=son sex=male birth=2020")...)
		late.Version = 2
		keep(t, j, late, family(id.ID{0: 2}, "role=head sex=male birth=1980", "role=son sex=male birth=2015"))
		decide(t, j, october)
		replayOf(t, j, Which{})
		err := j.Read(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) error {
			if _, err := Explain(tx, "wife-and-children-grant", id.ID{0: 2}, october.Next()); !errors.Is(err, fault.NotFound("policy.no_decision")) {
				t.Errorf("november of a family that was registered after it: %v", err)
			}
			_, err := Explain(tx, "wife-and-children-grant", id.ID{0: 1}, october.Next())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestASampleIsTheSameForTheSameSeed(t *testing.T) {
	pick := func(seed uint64) map[decisionKey]bool {
		var s sample
		for i := range 1000 {
			s.add(decisionKey{id.ID{1, byte(i), byte(i >> 8)}, calendar.MonthOf(2026, 10), int64(i)}, Which{Sample: 100, Seed: seed})
		}
		picked := map[decisionKey]bool{}
		for _, one := range s {
			picked[one.decisionKey] = true
		}
		return picked
	}
	first, again, other := pick(1), pick(1), pick(2)
	common := 0
	for key := range first {
		if !again[key] {
			t.Error("the same seed picked another decision")
		}
		if other[key] {
			common++
		}
	}
	if len(first) != 100 || common > 40 {
		t.Errorf("%d picked, %d of them by another seed too", len(first), common)
	}
}
