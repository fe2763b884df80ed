package intake_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"sanad/delivery/intake"
	"sanad/delivery/matching"
	"sanad/platform/access"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// place is one record of one file of the sample.
type place struct {
	file string
	row  int
}

func table(t testing.TB, name string) []map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join(sample, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var lines []map[string]string
	for _, record := range records[1:] {
		line := map[string]string{}
		for i, heading := range records[0] {
			line[heading] = record[i]
		}
		lines = append(lines, line)
	}
	return lines
}

func placeOf(line map[string]string, suffix string) place {
	row, _ := strconv.Atoi(line["row"+suffix])
	return place{line["file"+suffix], row}
}

// importSample takes the whole sample in and returns the notes by place.
func importSample(t testing.TB, j *journal.Journal) map[place][]intake.Note {
	t.Helper()
	loadCountry(t, j)
	m := mapping(t)
	notes := map[place][]intake.Note{}
	for _, path := range sampleFiles(t) {
		name := filepath.Base(path)
		take(t, j, path, intake.Options{Mapping: m, Notes: func(list ...intake.Note) error {
			for _, n := range list {
				notes[place{name, n.Row}] = append(notes[place{name, n.Row}], n)
			}
			return nil
		}})
	}
	return notes
}

// personsByRow is which person each row of each file became.
func personsByRow(t testing.TB, j *journal.Journal) map[place]id.ID {
	t.Helper()
	persons := map[place]id.ID{}
	err := j.Read(t.Context(), access.System("test"), func(tx *store.Tx) error {
		return tx.Each(func(r *store.Row) error {
			file, row := r.Text(), int(r.Int())
			persons[place{file, row}] = r.ID()
			return r.Err()
		}, "SELECT i.file, r.number, r.person FROM imported_rows r JOIN imports i ON i.import = r.import AND i.round = r.round")
	})
	if err != nil {
		t.Fatal(err)
	}
	return persons
}

func clusters(t testing.TB, j *journal.Journal) [][]id.ID {
	t.Helper()
	var all [][]id.ID
	err := j.Read(t.Context(), access.System("test"), func(tx *store.Tx) (err error) {
		all, err = matching.Clusters(tx)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestSampleAgainstItsTruth(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	notes := importSample(t, j)
	persons := personsByRow(t, j)
	rejected := map[place]bool{}
	for _, line := range table(t, "invalid.csv") {
		where := placeOf(line, "")
		level := map[string]intake.Level{"error": intake.Rejected, "warning": intake.Warning}[line["severity"]]
		if line["severity"] == "error" {
			rejected[where] = true
		}
		found := false
		for _, n := range notes[where] {
			found = found || n.Level == level
		}
		if !found {
			t.Errorf("%v: %s is not reported as %s: %v", where, line["reason"], level, notes[where])
		}
	}
	for _, line := range table(t, "truth.csv") {
		where := placeOf(line, "")
		_, taken := persons[where]
		if want := line["kind"] == "person" && !rejected[where]; taken != want {
			t.Errorf("%v: taken in %t, not %t: %v", where, taken, want, notes[where])
		}
	}
}

func TestLinksOfTheSampleAgainstItsTruth(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	importSample(t, j)
	persons := personsByRow(t, j)
	truth := map[id.ID]string{}
	for _, line := range table(t, "truth.csv") {
		if p, found := persons[placeOf(line, "")]; found {
			if known := truth[p]; known != "" && known != line["person_id"] {
				t.Errorf("%v: %s and %s are one member", placeOf(line, ""), known, line["person_id"])
			}
			truth[p] = line["person_id"]
		}
	}
	root := map[id.ID]id.ID{}
	right, wrong := 0, 0
	for _, cluster := range clusters(t, j) {
		for i, p := range cluster {
			root[p] = cluster[0]
			for _, o := range cluster[:i] {
				if truth[p] == truth[o] {
					right++
				} else {
					wrong++
					t.Errorf("%s and %s are linked", truth[p], truth[o])
				}
			}
		}
	}
	pairs, found := 0, 0
	missed := map[string]int{}
	for _, line := range table(t, "truth_pairs.csv") {
		a, known := persons[placeOf(line, "_a")]
		b, both := persons[placeOf(line, "_b")]
		if !known || !both {
			continue
		}
		pairs++
		if a == b || root[a] == root[b] && root[a] != (id.ID{}) {
			found++
		} else {
			missed[line["type"]]++
			t.Logf("missed %v %v %s", placeOf(line, "_a"), placeOf(line, "_b"), line["type"])
		}
	}
	t.Logf("%d of %d pairs found, %d right and %d wrong links, missed %v", found, pairs, right, wrong, missed)
	for _, line := range table(t, "hard_negatives.csv") {
		a, b := persons[placeOf(line, "_a")], persons[placeOf(line, "_b")]
		if a == b || root[a] == root[b] && root[a] != (id.ID{}) {
			t.Errorf("%v and %v, %s, are taken for one", placeOf(line, "_a"), placeOf(line, "_b"), line["type"])
		}
	}
	if found < pairs*95/100 {
		t.Errorf("only %d of %d pairs were found", found, pairs)
	}
}
