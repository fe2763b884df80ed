package intake_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sanad/delivery/intake"
	"sanad/delivery/matching"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// extract is a part of one file of the sample, or all of it, as of a day.
type extract struct {
	path string
	asOf calendar.Date
}

// cut writes some records of a file of the sample, changed, under the name of
// its branch into a folder of its own.
func cut(t testing.TB, name string, from, to int, asOf calendar.Date, change func(string) string) extract {
	t.Helper()
	whole, err := os.ReadFile(filepath.Join(sample, name))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(whole), "\n")
	part := lines[0] + strings.Join(lines[from:min(to, len(lines))], "")
	if change != nil {
		part = change(part)
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(part), 0o600); err != nil {
		t.Fatal(err)
	}
	return extract{path, asOf}
}

// extracts are lists that share families with each other, and two lists of one
// branch of which the second lost some people and learned about others.
func extracts(t testing.TB) []extract {
	day := func(month int) calendar.Date { return calendar.Of(2026, month, 1) }
	return []extract{
		cut(t, "LY010102.csv", 1, 120, day(8), nil),
		cut(t, "LY010102.csv", 20, 250, day(9), func(s string) string {
			return strings.NewReplacer("أعزب", "متزوج", "1990-10-07", "1990-10-08", "منزل", "شقة").Replace(s)
		}),
		cut(t, "LY010602.csv", 1, 300, day(9), nil),
		cut(t, "LY031701.csv", 1, 100, day(9), nil),
		cut(t, "LY021606.csv", 200, 330, day(7), nil),
	}
}

// world is everything that must not depend on the order of files, with people
// named by what is known of them.
func world(t testing.TB, j *journal.Journal) []string {
	t.Helper()
	var lines []string
	err := j.Read(t.Context(), access.System("test"), func(tx *store.Tx) error {
		sheets := map[id.ID]*registry.Sheet{}
		err := journal.EachSheet(tx, time.Time{}, func(s journal.Sheet) error {
			sheet, err := registry.Decode(s.Household, s.Version, s.Plain)
			sheets[s.Household] = sheet
			return err
		})
		if err != nil {
			return err
		}
		called := callings(sheets)
		for _, s := range sheets {
			lines = append(lines, sheetLines(s, called)...)
		}
		uncounted, err := matching.Uncounted(tx)
		for p := range maps.Keys(uncounted) {
			lines = append(lines, "uncounted "+called[p])
		}
		if err != nil {
			return err
		}
		return tx.Each(func(r *store.Row) error {
			s := sheets[r.ID()]
			lines = append(lines, fmt.Sprint("task ", s.Branch, " ", s.File, " ", r.Text(), " ", r.Text(), " ", r.Text(), " ", called[r.ID()]))
			return r.Err()
		}, "SELECT household, kind, fact, detail, person FROM tasks WHERE closed = 0")
	})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(lines)
	return lines
}

func callings(sheets map[id.ID]*registry.Sheet) map[id.ID]string {
	called := map[id.ID]string{}
	for _, s := range sheets {
		for i := range s.Members {
			m := &s.Members[i]
			var b strings.Builder
			fmt.Fprint(&b, s.Branch, "/", s.File)
			for _, name := range []registry.Name{registry.FullName, registry.Birth, registry.NationalNumberFact, registry.Role} {
				f, _ := s.Now(m.Facts, name)
				fmt.Fprint(&b, " ", f.Value.Text, f.Value.Date)
			}
			called[m.Person] = b.String()
		}
	}
	return called
}

func sheetLines(s *registry.Sheet, called map[id.ID]string) []string {
	at := fmt.Sprint(s.Branch, "/", s.File, " ")
	lines := []string{at + fmt.Sprint(s.Sources, len(s.Members))}
	write := func(who string, facts []registry.Fact) {
		for _, f := range facts {
			lines = append(lines, fmt.Sprint(at, who, " ", f.Name, " ", f.Value.Text, f.Value.Number, f.Value.Date, called[f.Value.Person], f.From, f.To, f.Sources))
		}
	}
	write("", s.Facts)
	for i := range s.Members {
		write(called[s.Members[i].Person], s.Members[i].Facts)
	}
	return lines
}

func differ(t testing.TB, one, other []string) {
	t.Helper()
	shown := 0
	for _, side := range []struct {
		sign    string
		of, not []string
	}{{"-", one, other}, {"+", other, one}} {
		for _, line := range side.of {
			if _, found := slices.BinarySearch(side.not, line); !found && shown < 20 {
				shown++
				t.Errorf("%s %s", side.sign, line)
			}
		}
	}
	if shown == 0 && len(one) != len(other) {
		t.Errorf("%d and %d lines", len(one), len(other))
	}
}

func TestResultDoesNotDependOnTheOrderOfFiles(t *testing.T) {
	files := extracts(t)
	m := mapping(t)
	var first []string
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 6 {
		j := journaltest.Open(t, "sqlite")
		loadCountry(t, j)
		for _, n := range random.Perm(len(files)) {
			take(t, j, files[n].path, intake.Options{Mapping: m, AsOf: files[n].asOf})
		}
		got := world(t, j)
		if round == 0 {
			first = got
			if uncounted := slices.IndexFunc(got, func(l string) bool { return strings.HasPrefix(l, "uncounted") }); uncounted < 0 {
				t.Fatal("these files share nobody, so they show nothing")
			}
			continue
		}
		differ(t, first, got)
	}
}

func TestRevertedFileLeavesNothing(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		loadCountry(t, j)
		m := mapping(t)
		files := extracts(t)
		for _, n := range []int{0, 2, 3} {
			take(t, j, files[n].path, intake.Options{Mapping: m, AsOf: files[n].asOf})
		}
		before := world(t, j)
		s := take(t, j, files[1].path, intake.Options{Mapping: m, AsOf: files[1].asOf})
		changed, err := intake.Revert(t.Context(), j, access.System("test"), s.Import)
		if err != nil || changed == 0 {
			t.Fatal(changed, err)
		}
		after := world(t, j)
		kept := func(lines []string) []string { // households of the reverted file stay as empty numbers; questions about them may stay
			return slices.DeleteFunc(slices.Clone(lines), func(l string) bool { return strings.HasSuffix(l, " [] 0") || strings.HasPrefix(l, "task ") })
		}
		differ(t, kept(before), kept(after))
		again := take(t, j, files[1].path, intake.Options{Mapping: m, AsOf: files[1].asOf})
		if again.Repeated || count(t, j, "SELECT count(*) FROM imported_rows WHERE import = $1 AND round = 1", s.Import) == 0 {
			t.Error("a file that was taken back cannot be taken in anew")
		}
		if _, err := intake.Revert(t.Context(), j, access.System("test"), id.ID{1}); err == nil {
			t.Error("an import that never was is taken back")
		}
	})
}

// steady opens a journal whose clock and chance are always the same.
func steady(t testing.TB, engine string) *journal.Journal {
	clock := func() time.Time { return time.Date(2026, 10, 6, 8, 0, 0, 0, time.UTC) }
	seed := rand.NewChaCha8([32]byte{1})
	return journaltest.OpenAs(t, engine, journaltest.Node(journal.RoleDiwan, ""), store.Options{Now: clock, Random: seed})
}

func digests(t testing.TB, j *journal.Journal) map[string][32]byte {
	t.Helper()
	var sums map[string][32]byte
	tables := slices.Concat(registry.Tables, matching.Tables, intake.Tables, geography.Tables)
	err := j.Read(t.Context(), access.System("test"), func(tx *store.Tx) (err error) {
		sums, err = store.Digest(tx, tables)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

func TestSameFileTwiceChangesNothing(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	loadCountry(t, j)
	o := intake.Options{Mapping: mapping(t)}
	path := filepath.Join(sample, "LY010602.csv")
	first := take(t, j, path, o)
	before, entries := digests(t, j), count(t, j, "SELECT count(*) FROM journal")
	second := take(t, j, path, o)
	if !second.Repeated || second.Rows != first.Rows || second.Rejected != first.Rejected {
		t.Errorf("%+v, then %+v", first, second)
	}
	if !maps.Equal(before, digests(t, j)) || count(t, j, "SELECT count(*) FROM journal") != entries {
		t.Error("the second time changed something")
	}
}

var errKilled = errors.New("killed")

// TestInterruptedImportIsDoneOnce stops an import after each of its chunks and
// begins again, as after a crash.
func TestInterruptedImportIsDoneOnce(t *testing.T) {
	m := mapping(t)
	path := manyHouseholds(t, 3500)
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			clean, broken := steady(t, engine), steady(t, engine)
			loadCountry(t, clean)
			loadCountry(t, broken)
			o := intake.Options{Mapping: m, AsOf: extractDay}
			take(t, clean, path, o)
			for kill := 1; kill <= 3; kill++ {
				ctx, stop := context.WithCancelCause(t.Context())
				seen := 0
				o.Progress = func(intake.Progress) {
					if seen++; seen == kill {
						stop(errKilled)
					}
				}
				if _, err := intake.Import(ctx, broken, access.System("test"), path, o); err == nil {
					t.Fatal("a killed import ends well")
				}
			}
			o.Progress = nil
			s := take(t, broken, path, o)
			if s.Households != 3500 || count(t, broken, "SELECT count(*) FROM households") != 3500 {
				t.Fatalf("%+v", s)
			}
			differ(t, world(t, clean), world(t, broken))
			if !maps.Equal(digests(t, clean), digests(t, broken)) {
				t.Error("the rows are not those of a clean import")
			}
			if n := count(t, broken, "SELECT count(*) FROM imported_rows"); n != 7000 {
				t.Errorf("%d rows are kept", n)
			}
		})
	}
}

// manyHouseholds writes a list of couples.
func manyHouseholds(t testing.TB, households int) string {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("رقم ملف الأسرة,صفة الفرد,الاسم الرباعي,اسم الأم,الرقم الوطني,تاريخ الميلاد,الجنس,الحالة الاجتماعية,الجنسية\n")
	for n := range households {
		fmt.Fprintf(&b, "%d,رب الأسرة,علي سالم عمر الورفلي,هدى حسن علي,1198%08d,1980-01-02,M,متزوج,ليبي\n", n+1, n)
		fmt.Fprintf(&b, "%d,زوجة,مريم حسن علي الزوي,سعاد عمر,2198%08d,1985-03-04,F,متزوجة,ليبية\n", n+1, n)
	}
	path := filepath.Join(t.TempDir(), "LY010602.csv")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTrialRunChangesNothing(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	loadCountry(t, j)
	s := take(t, j, filepath.Join(sample, "LY010602.csv"), intake.Options{Mapping: mapping(t), DryRun: true})
	if s.Rows == 0 || count(t, j, "SELECT count(*) FROM households") != 0 || count(t, j, "SELECT count(*) FROM imports") != 0 {
		t.Errorf("%+v", s)
	}
}
