package policy

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"sanad/country"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/money"
	"sanad/platform/store"
)

// desk is somebody at the diwan.
func desk(who byte, role string) store.Session {
	return store.Session{Actor: id.ID{15: who}, Purpose: "release", Grants: []store.Grant{{Role: role}}}
}

// step does one step as somebody; want is the key of its fault, empty for none.
func step(t *testing.T, j *journal.Journal, who store.Session, want string, do func(*store.Tx) (Draft, error)) (d Draft) {
	t.Helper()
	_, err := j.Write(t.Context(), who, func(tx *store.Tx) (err error) {
		d, err = do(tx)
		return err
	})
	switch f := fault.Of(err); {
	case want == "" && err != nil:
		t.Fatal(err, errors.Unwrap(err))
	case want != "" && (f == nil || f.Key != want):
		t.Errorf("%v instead of %s", err, want)
	}
	return d
}

func raised(t *testing.T) string {
	t.Helper()
	body := strings.Replace(grant(t).Text(), "values: {2013-01-01: 150}", "values: {2013-01-01: 150, 2030-01-01: 200}", 1)
	if body == grant(t).Text() {
		t.Fatal("nothing was changed")
	}
	return body
}

func TestAReleaseNeedsTwoWhoReadItsReportAndDidNotDraftIt(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		month := calendar.MonthOf(2030, 1)
		drafter, one, two := desk(1, "diwan_officer"), desk(2, "grant_director"), desk(3, "diwan_officer")
		propose := func(tx *store.Tx) (Draft, error) { return DraftRelease(tx, raised(t), "more for wives", month) }
		step(t, j, desk(9, "branch_clerk"), "access.not_allowed", propose)
		step(t, j, drafter, "policy.release_late", func(tx *store.Tx) (Draft, error) {
			return DraftRelease(tx, raised(t), "more for wives", calendar.MonthOf(2020, 1))
		})
		d := step(t, j, drafter, "", propose)
		approve := func(tx *store.Tx) (Draft, error) { return ApproveDraft(tx, d.ID, d.Release) }
		open := func(tx *store.Tx) (Draft, error) { return OpenReport(tx, d.ID) }
		report := func(tx *store.Tx) (Draft, error) { return RecordReport(tx, d.ID, `{"households":1}`) }
		step(t, j, one, "policy.no_report", approve)
		step(t, j, one, "policy.no_report", open)
		step(t, j, drafter, "", report)
		step(t, j, one, "policy.report_unread", approve)
		step(t, j, drafter, "", open)
		step(t, j, drafter, "access.same_person", approve)
		step(t, j, one, "", open)
		step(t, j, one, "policy.release_differs", func(tx *store.Tx) (Draft, error) { return ApproveDraft(tx, d.ID, []byte("other")) })
		step(t, j, one, "", approve)
		step(t, j, one, "access.same_person", approve)
		step(t, j, drafter, "", report) // anew: the approval is void, and everybody reads again
		step(t, j, one, "policy.report_unread", approve)
		step(t, j, one, "", open)
		step(t, j, one, "", approve)
		step(t, j, two, "policy.report_unread", approve)
		step(t, j, two, "", open)
		if done := step(t, j, two, "", approve); done.State != InForce || done.First != one.Actor || done.Second != two.Actor {
			t.Errorf("%+v", done)
		}
		step(t, j, two, "policy.release_state", func(tx *store.Tx) (Draft, error) { return WithdrawDraft(tx, d.ID, "a mistake") })
		inForceFromItsMonth(t, j, d, month)
		rebuilt(t, j)
	})
}

// inForceFromItsMonth decides before and after the release, and afterwards a
// month by the other law without replacing what stands.
func inForceFromItsMonth(t *testing.T, j *journal.Journal, d Draft, month calendar.Month) {
	t.Helper()
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	keep(t, j, family(id.ID{0: 1}, "role=head sex=male birth=1980 marital_status=married", "role=wife sex=female birth=1985 marital_status=married"))
	for m, due := range map[calendar.Month]money.Amount{month.Previous(): 150 * money.Dinar, month: 200 * money.Dinar} {
		err := j.Read(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) error {
			p, err := ForMonth(tx, pack, d.Programme, m)
			if err != nil {
				return err
			}
			tallies, err := Tallies(t.Context(), tx, p, m)
			if got := tallies["wife"]; got.Due != 1 || got.Amount != due {
				t.Errorf("%s: %+v, want %s", m, got, due)
			}
			if (p.Digest() == [32]byte(d.Release)) != (m == month) {
				t.Errorf("%s is decided by the other release", m)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if got := standingIn(t, j, month); len(got) != 0 {
		t.Errorf("a dry computation left %+v", got)
	}
}

func rebuilt(t *testing.T, j *journal.Journal) {
	t.Helper()
	into := journaltest.Open(t, "sqlite")
	result, err := j.Rebuild(t.Context(), into, journal.NewCatalogue(journal.Kinds, registry.Kinds, Kinds), slices.Concat(registry.Tables, Tables), nil)
	if err != nil || len(result.Differ) > 0 {
		t.Errorf("rebuild: %v, tables that differ: %v", err, result.Differ)
	}
}

func TestAReleaseWhoseExamplesFailIsNoDraft(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	wrong := strings.Replace(grant(t).Text(), "values: {2013-01-01: 150}", "values: {2013-01-01: 151}", 1)
	step(t, j, desk(1, "diwan_officer"), "policy.release_example", func(tx *store.Tx) (Draft, error) {
		return DraftRelease(tx, wrong, "more for wives", calendar.MonthOf(2030, 1))
	})
	d := step(t, j, desk(1, "diwan_officer"), "", func(tx *store.Tx) (Draft, error) {
		return DraftRelease(tx, raised(t), "more for wives", calendar.MonthOf(2030, 1))
	})
	step(t, j, desk(2, "grant_director"), "policy.release_words", func(tx *store.Tx) (Draft, error) { return WithdrawDraft(tx, d.ID, " no ") })
	if d = step(t, j, desk(2, "grant_director"), "", func(tx *store.Tx) (Draft, error) { return WithdrawDraft(tx, d.ID, "not now") }); d.State != Withdrawn {
		t.Errorf("%+v", d)
	}
}
