package strategy

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"sanad/country"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/delivery/strategy/population"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

var october = calendar.MonthOf(2026, 10)

const grantFile = "programmes/wife-and-children-grant.yaml"

func libya(t testing.TB) *population.Settings {
	t.Helper()
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	settings, err := population.Load(pack, october.First())
	if err != nil {
		t.Fatal(err)
	}
	settings.Seed = 11
	return settings
}

// grant is the country's grant with some words of its file replaced.
func grant(t testing.TB, replacements ...string) *policy.Programme {
	t.Helper()
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Open(pack, grantFile)
	if err != nil {
		t.Fatal(err)
	}
	if len(replacements) == 0 {
		return p
	}
	text := p.Text()
	for i := 0; i < len(replacements); i += 2 {
		if !strings.Contains(text, replacements[i]) {
			t.Fatalf("the file does not say %q", replacements[i])
		}
		text = strings.Replace(text, replacements[i], replacements[i+1], 1)
	}
	p, err = policy.Open(fstest.MapFS{grantFile: {Data: []byte(text)}}, grantFile)
	if err != nil {
		t.Fatal(err, errors.Unwrap(err))
	}
	return p
}

func compare(t testing.TB, h Households, before, after *policy.Programme) Report {
	t.Helper()
	report, err := Compare(t.Context(), h, before, after, october)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func TestGroupsAddUpToTheWhole(t *testing.T) {
	dearer := grant(t, "values: {2013-01-01: 150}", "values: {2013-01-01: 90}", "values: {2013-01-01: 18}", "values: {2013-01-01: 20}")
	report := compare(t, Synthetic(libya(t), 20_000), grant(t), dearer)
	if report.Households < 3500 || report.Gain == 0 || report.Lose == 0 || report.Enter == 0 || report.Before == 0 {
		t.Errorf("seed 11: %+v", report.Change)
	}
	for _, by := range Groupings {
		var sum Change
		for _, g := range report.Groups {
			if g.By != by {
				continue
			}
			sum.Households += g.Households
			sum.Gain += g.Gain
			sum.Lose += g.Lose
			sum.Enter += g.Enter
			sum.Leave += g.Leave
			sum.Before += g.Before
			sum.After += g.After
			sum.Gained += g.Gained
			sum.Lost += g.Lost
		}
		if sum != report.Change {
			t.Errorf("by %s: %+v, the whole is %+v", by, sum, report.Change)
		}
	}
}

func TestTheSameLawChangesNothing(t *testing.T) {
	report := compare(t, Synthetic(libya(t), 5_000), grant(t), grant(t))
	if report.Gain+report.Lose+report.Enter+report.Leave != 0 || report.Before != report.After || report.Before == 0 {
		t.Errorf("%+v", report.Change)
	}
}

// The report of the registry is that of the same households handed over by
// themselves, and nothing of it stays behind.
func TestTheRegistryIsComparedWithoutATrace(t *testing.T) {
	settings := libya(t)
	before, after := grant(t), grant(t, "values: {2013-01-01: 100}", "values: {2013-01-01: 140}")
	want := compare(t, Synthetic(settings, 3_000), before, after)
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		settle(t, j, settings, 3_000)
		entries := count(t, j, "SELECT count(*) FROM journal")
		err := j.Read(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) error {
			got := compare(t, Registry(tx), before, after)
			if got.Change != want.Change {
				t.Errorf("the registry: %+v, by themselves: %+v", got.Change, want.Change)
			}
			for i := range want.Groups {
				if got.Groups[i] != want.Groups[i] {
					t.Errorf("%+v, not %+v", got.Groups[i], want.Groups[i])
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if now := count(t, j, "SELECT count(*) FROM journal"); now != entries || count(t, j, "SELECT count(*) FROM decisions") != 0 {
			t.Errorf("a comparison left %d entries", now-entries)
		}
		err = j.Read(t.Context(), journaltest.Session("branch_clerk"), func(tx *store.Tx) error {
			_, err := Compare(t.Context(), Registry(tx), before, after, october)
			return err
		})
		if f := fault.Of(err); f == nil || f.Kind != fault.KindForbidden {
			t.Errorf("a clerk may compare: %v", err)
		}
	})
}

// settle registers an invented population's sheets.
func settle(t testing.TB, j *journal.Journal, settings *population.Settings, persons int) {
	t.Helper()
	var all []*registry.Sheet
	make := population.NewSheets(settings)
	households := blocksOf(t, settings, persons)
	err := population.Each(t.Context(), settings, 1<<40, func(h *population.Household) error {
		if h.Index >= households {
			return errEnough
		}
		all = append(all, make.Sheet(h).Clone())
		return nil
	})
	if !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	journaltest.Write(t, j, func(tx *store.Tx) error {
		for _, s := range all {
			if err := journal.Record(tx, registry.Happened{What: registry.Registered, Household: s.Household, Branch: s.Branch, Known: tx.Now.UnixMicro(), Sheet: s}); err != nil {
				return err
			}
		}
		return nil
	})
}

var errEnough = errors.New("enough")

func blocksOf(t testing.TB, settings *population.Settings, persons int) int {
	t.Helper()
	return int(compare(t, Synthetic(settings, persons), grant(t), grant(t)).Households)
}

func count(t testing.TB, j *journal.Journal, query string) (n int64) {
	t.Helper()
	err := j.Read(context.Background(), journaltest.Session("operator"), func(tx *store.Tx) (err error) {
		n, _, err = store.One(tx, func(r *store.Row) int64 { return r.Int() }, query)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func BenchmarkCompare(b *testing.B) {
	settings, before, after := libya(b), grant(b), grant(b, "values: {2013-01-01: 100}", "values: {2013-01-01: 140}")
	var report Report
	for b.Loop() {
		report = compare(b, Synthetic(settings, 100_000), before, after)
	}
	b.ReportMetric(float64(report.Households)*float64(b.N)/b.Elapsed().Seconds(), "households/s")
}
