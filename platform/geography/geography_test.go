package geography_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

const today = calendar.Date(20261005)

func load(t *testing.T, j *journal.Journal, country map[string]string) (journal.Receipt, error) {
	t.Helper()
	files := fstest.MapFS{}
	for name, body := range country {
		files[name] = &fstest.MapFile{Data: []byte(body)}
	}
	return j.Write(context.Background(), store.Session{}, func(tx *store.Tx) error { return geography.Load(tx, files) })
}

func at(t *testing.T, j *journal.Journal, on calendar.Date) *geography.Map {
	t.Helper()
	var m *geography.Map
	err := j.Read(context.Background(), store.Session{}, func(tx *store.Tx) (err error) {
		m, err = geography.At(tx, on)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func libya(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, name := range []string{geography.AreasFile, geography.BodiesFile} {
		body, err := os.ReadFile("../../country/libya/" + name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(body)
	}
	return files
}

func TestLibyaLoadsOnceAndIsFoundByTheNamesInBranchFiles(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		first, err := load(t, j, libya(t))
		if err != nil || len(first.Entries) != 1 {
			t.Fatalf("first: %d entries, %v", len(first.Entries), err)
		}
		again, err := load(t, j, libya(t))
		if err != nil || len(again.Entries) != 0 {
			t.Errorf("the same files again: %d entries, %v", len(again.Entries), err)
		}
		m := at(t, j, today)
		if d, n := len(m.Areas(geography.District, "")), len(m.Areas(geography.Municipality, "")); d != 22 || n != 100 {
			t.Errorf("%d districts, %d municipalities", d, n)
		}
		for name, want := range map[string]string{"القيقب": "LY010104", "الابرق": "LY010105", "بلدية أبوسليم": "LY021105", "القرة بوللي": "LY021004",
			"قصر  بن غشير": "LY021203", "الزاويه الغرب": "LY021303", "SIRT": "LY020803", "أُوبَارِي": "LY032003", "الشرقية": "LY032201", "بئر الاشهب": "LY010402"} {
			if a, ok := m.Find(geography.Municipality, name, ""); !ok || a.Code != want {
				t.Errorf("%q: %v %q, want %q", name, ok, a.Code, want)
			}
		}
		for name, want := range map[string]string{"فرع درنة": "LY010102", "درنه": "LY010102", "فرع بو سليم": "LY021105", "فرع الشرقية": "LY032201", "Sirt branch": "LY020803"} {
			if b, ok := m.FindBody(geography.Branch, name); !ok || b.Code != want {
				t.Errorf("%q: %v %q, want %q", name, ok, b.Code, want)
			}
		}
		if b, ok := m.BranchOf("LY010105"); !ok || b.Code != "LY010102" {
			t.Errorf("branch of Labriq: %v %q", ok, b.Code)
		}
		if a, ok := m.Find(geography.Municipality, "طرابلس", ""); ok {
			t.Errorf("Tripoli is six municipalities; %s was guessed", a.Code)
		}
		if path := m.Path("LY010105"); len(path) != 4 || path[0].Code != "LY" || path[3].Code != "LY010105" {
			t.Errorf("path: %v", path)
		}
	})
}

func TestEveryMunicipalityAndBranchOfLibyaIsFoundByItsOwnNames(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	if _, err := load(t, j, libya(t)); err != nil {
		t.Fatal(err)
	}
	m := at(t, j, today)
	for _, kind := range []geography.Kind{geography.Region, geography.District, geography.Municipality} {
		for _, a := range m.Areas(kind, "") {
			for _, name := range append([]string{a.NameAr, a.NameEn}, a.Also...) {
				if got, ok := m.Find(kind, name, ""); !ok || got.Code != a.Code {
					t.Errorf("%s %q: %v %q", a.Code, name, ok, got.Code)
				}
			}
			if _, ok := m.BranchOf(a.Code); !ok && kind == geography.Municipality {
				t.Errorf("no branch serves %s", a.Code)
			}
		}
	}
	for _, b := range m.Bodies(geography.Branch) {
		if got, ok := m.FindBody(geography.Branch, b.NameAr); !ok || got.Code != b.Code {
			t.Errorf("%s %q: %v %q", b.Code, b.NameAr, ok, got.Code)
		}
	}
}

const (
	header = "code,kind,parent,name_ar,name_en,also,from,to\n"
	bodies = "bodies:\n  - {code: LY0101, kind: branch, serves: [LY0101], name: {ar: فرع, en: branch}}\n"
	small  = header + "LY,country,,ليبيا,Libya,,,\nLY01,region,LY,الشرق,East,,,\nLY0101,district,LY01,درنة,Derna,,,\n"
)

func TestAnAreaKeepsItsOldNameOnOldDays(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		old := map[string]string{"areas.csv": small + "LY010101,municipality,LY0101,قديم,Old,,,\n", "bodies.yaml": bodies}
		renamed := map[string]string{"areas.csv": small + "LY010101,municipality,LY0101,قديم,Old,,,2026-01-01\nLY010101,municipality,LY0101,جديد,New,,2026-01-01,\n", "bodies.yaml": bodies}
		for _, files := range []map[string]string{old, renamed} {
			if _, err := load(t, j, files); err != nil {
				t.Fatal(err)
			}
		}
		for on, want := range map[calendar.Date]string{20251231: "Old", 20260101: "New"} {
			if a, _ := at(t, j, on).Area("LY010101"); a.NameEn != want {
				t.Errorf("on %s: %q", on, a.NameEn)
			}
		}
		if _, ok := at(t, j, 20260101).Find(geography.Municipality, "قديم", ""); ok {
			t.Error("the old name was found on a new day")
		}
		if _, err := load(t, j, old); err != nil {
			t.Fatal(err)
		}
		if a, _ := at(t, j, 20260101).Area("LY010101"); a.NameEn != "Old" {
			t.Error("a line that was a mistake and taken out still stands")
		}
	})
}

func TestBadLinesAreRefusedByName(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	line := func(text string) map[string]string {
		return map[string]string{"areas.csv": small + text + "\n", "bodies.yaml": bodies}
	}
	body := func(text string) map[string]string {
		return map[string]string{"areas.csv": small, "bodies.yaml": "bodies:\n  - " + text + "\n"}
	}
	for problem, files := range map[string]map[string]string{
		"geography.bad_code":         line("LY01011,municipality,LY0101,أ,A,,,"),
		"geography.bad_parent":       line("LY010201,municipality,LY0102,أ,A,,,"),
		"geography.no_name":          line("LY010101,municipality,LY0101,,A,,,"),
		"geography.bad_period":       line("LY010101,municipality,LY0101,أ,A,,2026-02,"),
		"geography.twice":            line("LY010101,municipality,LY0101,أ,A,,,\nLY010101,municipality,LY0101,ب,B,,2026-01-01,"),
		"geography.bad_header":       {"areas.csv": "code,kind\n", "bodies.yaml": bodies},
		"geography.no_file":          {"areas.csv": small},
		"geography.bad_yaml":         {"areas.csv": small, "bodies.yaml": "bodies: [\n"},
		"geography.no_area":          body("{code: b, kind: branch, serves: [LY0999], name: {ar: أ, en: A}}"),
		"geography.serves_elsewhere": body("{code: LY0102, kind: branch, serves: [LY0101], name: {ar: أ, en: A}}"),
		"geography.serves_nothing":   body("{code: b, kind: branch, name: {ar: أ, en: A}}"),
	} {
		_, err := load(t, j, files)
		if err == nil || !errors.Is(err, fault.Invalid(problem)) && !errors.Is(err, fault.NotFound(problem)) {
			t.Errorf("%s: got %v", problem, err)
		}
	}
	if n := len(at(t, j, today).Areas(geography.Country, "")); n != 0 {
		t.Errorf("a refused file left %d countries behind", n)
	}
}

func TestContainmentIsAnOrder(t *testing.T) {
	code := rapid.Custom(func(t *rapid.T) string {
		c := "LY"
		for range rapid.IntRange(0, 4).Draw(t, "levels") {
			c += rapid.SampledFrom([]string{"01", "02", "10"}).Draw(t, "level")
		}
		return rapid.SampledFrom([]string{c, c, c, ""}).Draw(t, "code")
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := code.Draw(t, "a"), code.Draw(t, "b"), code.Draw(t, "c")
		if !geography.Contains(a, a) || !geography.Contains("", a) {
			t.Fatalf("%q lies neither in itself nor in the whole", a)
		}
		if geography.Contains(a, b) && geography.Contains(b, a) && a != b {
			t.Fatalf("%q and %q lie in each other", a, b)
		}
		if geography.Contains(a, b) && geography.Contains(b, c) && !geography.Contains(a, c) {
			t.Fatalf("%q ⊇ %q ⊇ %q but not through", a, b, c)
		}
		if geography.Contains(a, b) && !strings.HasPrefix(b, a) {
			t.Fatalf("%q does not begin %q", a, b)
		}
	})
	for _, pair := range [][2]string{{"LY010", "LY0101"}, {"L", "LY"}, {"LY0101", "LY0102"}, {"LY01", "LY"}, {"LY", ""}, {"%", "LY"}} {
		if geography.Contains(pair[0], pair[1]) {
			t.Errorf("%q contains %q", pair[0], pair[1])
		}
	}
}
