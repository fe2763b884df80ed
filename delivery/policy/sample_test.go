package policy_test

import (
	"encoding/csv"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"sanad/country"
	"sanad/delivery/intake"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

const (
	packFolder = "../../country/libya"
	extracts   = packFolder + "/sample/extracts"
	programme  = "wife-and-children-grant"
)

var (
	extractDay = calendar.Of(2026, 10, 5)
	october    = calendar.MonthOf(2026, 10)
)

// fileHousehold is a household as a branch file names it.
type fileHousehold struct{ file, number string }

// rowOf is one record of one file.
type rowOf struct {
	file string
	row  int
}

func table(t testing.TB, name string) (lines []map[string]string) {
	t.Helper()
	file, err := os.Open(filepath.Join(extracts, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, record := range records[1:] {
		line := map[string]string{}
		for i, heading := range records[0] {
			line[heading] = record[i]
		}
		lines = append(lines, line)
	}
	return lines
}

// sample is the imported and decided sample.
type sample struct {
	notes   map[rowOf][]intake.Note
	persons map[rowOf]id.ID
	due     map[fileHousehold]map[string]int // persons by component
	amount  map[fileHousehold]int64
	lines   map[id.ID][]policy.Line
	summary policy.Summary
	records int64
}

func decidedSample(t testing.TB, j *journal.Journal) sample {
	t.Helper()
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	s := sample{notes: map[rowOf][]intake.Note{}, persons: map[rowOf]id.ID{}, due: map[fileHousehold]map[string]int{}, amount: map[fileHousehold]int64{}, lines: map[id.ID][]policy.Line{}}
	s.take(t, j, pack)
	p, err := policy.Named(pack, programme)
	if err != nil {
		t.Fatal(err)
	}
	if s.summary, err = policy.Run(t.Context(), j, access.System("test"), p, october, nil); err != nil {
		t.Fatal(err)
	}
	s.read(t, j)
	return s
}

func (s *sample) take(t testing.TB, j *journal.Journal, pack fs.FS) {
	t.Helper()
	journaltest.Write(t, j, func(tx *store.Tx) error { return geography.Load(tx, pack) }, string(access.Operator))
	mapping, err := intake.LoadMapping(pack, "intake/household-list.yaml")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(extracts, "LY*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no extracts", err)
	}
	for _, path := range files {
		name := filepath.Base(path)
		_, err := intake.Import(t.Context(), j, access.System("test"), path, intake.Options{Mapping: mapping, AsOf: extractDay, Notes: func(list ...intake.Note) error {
			for _, n := range list {
				s.notes[rowOf{name, n.Row}] = append(s.notes[rowOf{name, n.Row}], n)
			}
			return nil
		}})
		if err != nil {
			t.Fatal(name, err)
		}
	}
}

func (s *sample) read(t testing.TB, j *journal.Journal) {
	t.Helper()
	err := j.Read(t.Context(), access.System("test"), func(tx *store.Tx) error {
		if err := tx.Each(func(r *store.Row) error {
			file, row := r.Text(), int(r.Int())
			s.persons[rowOf{file, row}] = r.ID()
			return r.Err()
		}, "SELECT i.file, r.number, r.person FROM imported_rows r JOIN imports i ON i.import = r.import AND i.round = r.round"); err != nil {
			return err
		}
		return policy.EachDecision(tx, programme, october, func(d policy.Decision) error {
			key := fileHousehold{d.Source, d.File}
			if s.due[key] == nil {
				s.due[key] = map[string]int{}
			}
			for _, l := range d.Lines {
				s.lines[l.Person] = append(s.lines[l.Person], l)
				if l.Status == policy.Due {
					s.due[key][l.Component]++
					s.amount[key] += int64(l.Amount)
				}
			}
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func number(text string) int {
	n, _ := strconv.Atoi(text)
	return n
}

func TestProbeSample(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	s := decidedSample(t, j)
	t.Logf("%+v", s.summary)
	rows := map[string][]map[string]string{}
	for _, line := range table(t, "truth.csv") {
		if line["kind"] == "person" {
			rows[line["household_id"]] = append(rows[line["household_id"]], line)
		}
	}
	equal, differ := 0, 0
	for _, e := range table(t, "ents.csv") {
		key := fileHousehold{e["file"], e["file_no"]}
		due := s.due[key]
		if due["child"] == number(e["children"]) && due["wife"] == number(e["wives"]) && due["daughter"] == number(e["daughters"]) && s.amount[key] == int64(number(e["amount_dirham"])) {
			equal++
			continue
		}
		differ++
		t.Logf("%s %s kind=%s broken=%s want %s/%s/%s got %d/%d/%d", e["household_id"], key, e["kind"], e["broken"], e["children"], e["wives"], e["daughters"], due["child"], due["wife"], due["daughter"])
		for _, line := range rows[e["household_id"]] {
			where := rowOf{line["file"], number(line["row"])}
			var notes []string
			for _, n := range s.notes[where] {
				notes = append(notes, string(n.Level)+":"+string(n.Field)+":"+n.Key)
			}
			var lines []string
			for _, l := range s.lines[s.persons[where]] {
				lines = append(lines, l.Component+" "+l.Status.String()+" "+l.Reason)
			}
			t.Logf("      %s %v tags=%s/%s noise=%s %v -> %v", line["person_id"], where, line["cluster_type"], line["tags"], line["noise"], notes, lines)
		}
	}
	t.Logf("equal %d differ %d", equal, differ)
}
