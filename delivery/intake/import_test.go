package intake_test

import (
	"os"
	"path/filepath"
	"testing"

	"sanad/delivery/intake"
	"sanad/delivery/matching"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/geography"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
	"sanad/platform/text"
)

const (
	pack   = "../../country/libya"
	sample = pack + "/sample/extracts"
)

var extractDay = calendar.Of(2026, 10, 5)

func mapping(t testing.TB) *intake.Mapping {
	t.Helper()
	m, err := intake.LoadMapping(os.DirFS(pack), "intake/household-list.yaml")
	if err != nil {
		t.Fatal(text.Fault(text.English, err))
	}
	return m
}

func loadCountry(t testing.TB, j *journal.Journal) {
	t.Helper()
	journaltest.Write(t, j, func(tx *store.Tx) error { return geography.Load(tx, os.DirFS(pack)) }, string(access.Operator))
}

func sampleFiles(t testing.TB) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(sample, "LY*"))
	if err != nil || len(files) != 22 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	return files
}

func take(t testing.TB, j *journal.Journal, path string, o intake.Options) intake.Summary {
	t.Helper()
	if o.AsOf == calendar.Unknown {
		o.AsOf = extractDay
	}
	s, err := intake.Import(t.Context(), j, access.System("test"), path, o)
	if err != nil {
		t.Fatalf("%s: %v %s", filepath.Base(path), err, text.Fault(text.English, err))
	}
	return s
}

func count(t testing.TB, j *journal.Journal, sql string, args ...any) int {
	t.Helper()
	n := int64(0)
	err := j.Read(t.Context(), access.System("test"), func(tx *store.Tx) (err error) {
		n, _, err = store.One(tx, (*store.Row).Int, sql, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return int(n)
}

func TestImportOfTheSample(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		loadCountry(t, j)
		m := mapping(t)
		total := intake.Summary{}
		for _, path := range sampleFiles(t) {
			s := take(t, j, path, intake.Options{Mapping: m})
			total.Rows, total.Accepted, total.Warned = total.Rows+s.Rows, total.Accepted+s.Accepted, total.Warned+s.Warned
			total.Rejected, total.Households = total.Rejected+s.Rejected, total.Households+s.Households
		}
		t.Logf("%+v", total)
		t.Log(count(t, j, "SELECT count(*) FROM households"), count(t, j, "SELECT count(*) FROM persons"), count(t, j, "SELECT count(*) FROM links"), count(t, j, "SELECT count(*) FROM tasks"))
		err := j.Read(t.Context(), access.System("test"), func(tx *store.Tx) error {
			pairs, err := matching.Pairs(tx)
			t.Log(pairs)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
