package policy

import (
	"strings"
	"testing"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/money"
	"sanad/platform/store"
)

// lottery has money for three persons of the country.
func lottery(t testing.TB, rhythm, extra string) *Programme {
	t.Helper()
	body := strings.NewReplacer("UNIT", "person", "UNVERIFIED", "no", "assessed: monthly", "assessed: "+rhythm, "who: member.role != role.head", "who: member.role == role.son", "true) > 3", "true) > 30",
		"TERMS", extra, "EXAMPLES", pair3("", "      omar: {person: due 100 to father}\n")).Replace(relief)
	p, findings := read("relief.yaml", body, readableFacts(registry.All()))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	return p
}

const youngestFirst = `ranking:
  name: {ar: الأصغر, en: the youngest}
  article: act#one
  by: household.members.count(m, true)
  first: highest
  ties: [{name: {ar: الأصغر, en: the youngest}, by: member.birth_date, first: latest}]
  budget: budget`

func runOf(t testing.TB, j *journal.Journal, p *Programme, month calendar.Month) Summary {
	t.Helper()
	s, err := Run(t.Context(), j, journaltest.Session("operator"), p, month, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAScarceProgrammeServesInItsPublicOrderAndExplainsIt(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		large := id.ID{0: 2}
		small := id.ID{0: 1}
		keep(t, j, family(small, "role=head sex=male birth=1980", "role=son sex=male birth=2015-01-01"),
			family(large, "role=head sex=male birth=1980", "role=son sex=male birth=2016-01-01", "role=son sex=male birth=2017-01-01", "role=son sex=male birth=2018-01-01"))
		p := lottery(t, Once, youngestFirst)
		done := runOf(t, j, p, october)
		if tally := done.Lines["person"]; tally.Due != 3 || tally.Pending != 1 || tally.Amount != 300*money.Dinar {
			t.Fatalf("three of four have a turn: %+v", tally)
		}
		if again := runOf(t, j, p, october); again.Changed != 0 {
			t.Errorf("the same order decided otherwise: %+v", again)
		}
		var waits, served Explanation
		err := j.Read(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) (err error) {
			if waits, err = Explain(tx, p.ID, small, october); err == nil {
				served, err = Explain(tx, p.ID, large, october)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if c := waits.Persons[0].Components[0]; c.Line.Reason != OnWaitingList || c.Place == nil || c.Place.Position != 4 || c.Place.Of != 4 || len(c.Said(p)) != 1 {
			t.Errorf("who waits is told her place: %+v", c)
		}
		if c := served.Persons[2].Components[0]; !c.Place.Served || c.Place.Position != 1 {
			t.Errorf("of the brothers the youngest come first: %+v", c.Place)
		}
		// In the next month the budget is used up, and who had it has it no more.
		next := runOf(t, j, p, october.Next())
		if tally := next.Lines["person"]; tally.Due != 0 || tally.Refused != 3 || tally.Pending != 1 {
			t.Errorf("one-off help was given again: %+v", tally)
		}
		if waits = explainedOf(t, j, p, large, october.Next()); waits.Persons[0].Components[0].Line.Reason != ReceivedBefore {
			t.Errorf("%+v", waits.Persons[0].Components[0].Line)
		}
	})
}

func explainedOf(t testing.TB, j *journal.Journal, p *Programme, household id.ID, month calendar.Month) (e Explanation) {
	t.Helper()
	err := j.Read(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) (err error) {
		e, err = Explain(tx, p.ID, household, month)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestWhatAnotherBodyDecidedIsKeptShownAndCounted(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		home := id.ID{0: 1}
		sheet := family(home, "role=head sex=male birth=1980 national_number=119800000017", "role=son sex=male birth=2015-01-01")
		keep(t, j, sheet)
		pension := lottery(t, "monthly", "indication: yes")
		file := "number,month,decision,amount,date\n119800000017,2026-10,granted,650,2026-10-12\n7/2026,2026-10,refused,,2026-10-12\n999,2026-10,granted,1,2026-10-12\n119800000017,2026-13,granted,1,2026-10-12\n119800000017,2026-11,perhaps,1,2026-10-12\n119800000017,2026-11,granted,none,2026-10-12\n119800000017,2026-11,granted,650,12\n"
		var done Reception
		_, err := j.Write(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) (err error) {
			if _, err = Receive(tx, grant(t), "fund.csv", strings.NewReader(file)); err == nil {
				t.Error("decisions on a programme of our own were taken")
			}
			done, err = Receive(tx, pension, "fund.csv", strings.NewReader(file))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if done.Taken != 1 || len(done.Refused) != 6 {
			t.Fatalf("taken %d, refused %v", done.Taken, done.Refused)
		}
		runOf(t, j, pension, october)
		e := explainedOf(t, j, pension, home, october)
		if len(e.Received) != 1 || e.Received[0].Amount != 650*money.Dinar || len(e.Said()) != 2 || e.Payable != 0 {
			t.Errorf("%+v", e.Received)
		}
		// A programme of ours that excludes who has the pension finds it there.
		ours := lottery(t, "monthly", "overlaps: [{id: other, programme: relief, of: household, effect: excludes, name: {ar: آخر, en: other}, article: act#one, otherwise: {ar: آخر, en: other}}]")
		ours.ID = "ours"
		if got := runOf(t, j, ours, october); got.Lines["person"].Refused != 1 || got.Lines["person"].Due != 0 {
			t.Errorf("%+v", got.Lines)
		}
		if got := runOf(t, j, ours, october.Next()); got.Lines["person"].Due != 1 {
			t.Errorf("a month without the pension: %+v", got.Lines)
		}
	})
}
