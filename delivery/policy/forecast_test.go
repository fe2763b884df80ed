package policy

import (
	"testing"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/money"
	"sanad/platform/store"
)

func forecast(t *testing.T, j *journal.Journal, from, through calendar.Month) (found []Ending) {
	t.Helper()
	err := j.Read(t.Context(), access.System("ends"), func(tx *store.Tx) error {
		return Forecast(tx, grant(t), from, through, func(e Ending) error { found = append(found, e); return nil })
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestForecastFindsWhatTheCalendarEndsAndNothingElse(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		h, other := id.ID{0: 1, 15: 16}, id.ID{0: 2, 15: 16}
		keep(t, j, family(h, "role=head sex=male birth=1975-01-01 marital_status=married", "role=wife sex=female birth=1980-01-01 marital_status=married",
			"role=son sex=male birth=2008-11-15", "role=son sex=male birth=2008-12-01", "role=son sex=male birth=2009-06-01",
			"role=son sex=male birth=2008-10-20 wage=yes", "role=son sex=male birth=2008-11-20 death=2026-11-05"),
			family(other, "role=head sex=male birth=1975-01-01 marital_status=divorced", "role=son sex=male birth=2008-12-31 custodian="+h.Next(2).String()))
		found := forecast(t, j, october, october.Add(3))
		want := map[id.ID]calendar.Month{h.Next(3): october.Add(2), h.Next(4): october.Add(2), h.Next(6): october.Next(), other.Next(2): october.Add(3)}
		for _, e := range found {
			if want[e.Person] != e.Month || e.Component != "child" || e.Reason != "under-age" || e.Amount != 100*money.Dinar || e.Branch != "LY010102" {
				t.Errorf("%+v", e)
			}
			delete(want, e.Person)
		}
		if len(want) > 0 {
			t.Errorf("not forecast: %v", want)
		}
	})
}

func TestForecastRefusesMonthsInTheWrongOrder(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	err := j.Read(t.Context(), access.System("ends"), func(tx *store.Tx) error {
		return Forecast(tx, grant(t), october, october.Previous(), nil)
	})
	if f := fault.Of(err); f == nil || f.Key != "policy.month_not_valid" {
		t.Errorf("got %v", err)
	}
}

func TestProcessOfAProgrammeHasBounds(t *testing.T) {
	p := grant(t)
	if p.Process != (Process{Announced: 90, Notice: 30, Recovery: 10, Oldest: 24}) || !p.EndsByCalendar("child", "under-age") || p.EndsByCalendar("child", "alive") {
		t.Errorf("%+v", p.Process)
	}
}
