package intake

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sanad/platform/calendar"
	"sanad/platform/text"
)

const sampleFolder = "../../country/libya/sample/extracts"

// extractDay is the day for which the sample speaks (its README).
var extractDay = calendar.Of(2026, 10, 5)

func libyanMapping(t testing.TB) *Mapping {
	t.Helper()
	mapping, err := LoadMapping(os.DirFS("../../country/libya"), "intake/household-list.yaml")
	if err != nil {
		t.Fatalf("%v %s", err, text.Fault(text.English, err))
	}
	return mapping
}

// place is one record of one file of the sample.
type place struct {
	file string
	row  int
}

// sampleTable reads a truth file of the sample by its heading.
func sampleTable(t testing.TB, name string) []map[string]string {
	t.Helper()
	file, err := os.Open(filepath.Join(sampleFolder, name))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var table []map[string]string
	for _, record := range records[1:] {
		line := map[string]string{}
		for i, heading := range records[0] {
			line[heading] = record[i]
		}
		table = append(table, line)
	}
	return table
}

func at(line map[string]string) place {
	row, _ := strconv.Atoi(line["row"])
	return place{line["file"], row}
}

// readSample understands every row of the sample, once for all tests.
func readSample(t testing.TB) map[place]Row {
	t.Helper()
	mapping := libyanMapping(t)
	files, err := filepath.Glob(filepath.Join(sampleFolder, "LY*"))
	if err != nil || len(files) != 22 {
		t.Fatalf("sample has %d files: %v", len(files), err)
	}
	rows := map[place]Row{}
	for _, path := range files {
		readSampleFile(t, mapping, path, rows)
	}
	return rows
}

func readSampleFile(t testing.TB, mapping *Mapping, path string, rows map[place]Row) {
	t.Helper()
	file, err := Open(path, StandardLimits())
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	households := map[string][]Row{}
	_, err = mapping.Rows(file, extractDay, func(row Row) error {
		rows[place{file.Name, row.Number}] = row
		if row.Kind == KindPerson {
			households[row.FileNumber.Raw] = append(households[row.FileNumber.Raw], row)
		}
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %s", path, text.Fault(text.English, err))
	}
	for _, members := range households {
		for _, note := range Household(members) {
			row := rows[place{file.Name, note.Row}]
			row.Notes = append(row.Notes, note)
			rows[place{file.Name, note.Row}] = row
		}
	}
}

func TestEveryRecordOfTheSampleIsWhatItIs(t *testing.T) {
	rows := readSample(t)
	truth := sampleTable(t, "truth.csv")
	for _, line := range truth {
		row, found := rows[at(line)]
		if !found {
			t.Errorf("%v was not handed over", at(line))
			continue
		}
		if row.Kind.String() != line["kind"] || row.FileNumber.Raw != line["file_no"] {
			t.Errorf("%v is %v of file %q, not %s of %q", at(line), row.Kind, row.FileNumber.Raw, line["kind"], line["file_no"])
		}
	}
	if len(rows) != len(truth) {
		t.Errorf("%d records were read, the files have %d", len(rows), len(truth))
	}
}

// reasons are the keys under which each reason of invalid.csv is reported.
var reasons = map[string]string{
	"household_two_heads":           "intake.household_two_heads",
	"household_without_head":        "intake.household_without_head",
	"national_number_unrecoverable": "intake.national_number_unrecoverable",
	"national_number_13_digits":     "registry.national_number_length",
	"no_name":                       "intake.no_name",
	"birth_in_future":               "intake.birth_in_future",
}

func TestInvalidRowsAreReportedAndNoOtherIsRejected(t *testing.T) {
	rows := readSample(t)
	levels := map[string]Level{"error": Rejected, "warning": Warning}
	rejected := map[place]bool{}
	for _, line := range sampleTable(t, "invalid.csv") {
		where := at(line)
		if line["severity"] == "error" {
			rejected[where] = true
		}
		reported := slices.ContainsFunc(rows[where].Notes, func(n Note) bool {
			return n.Key == reasons[line["reason"]] && n.Level == levels[line["severity"]] && n.Row == where.row
		})
		if !reported {
			t.Errorf("%v: %s %s is not among %v", where, line["severity"], line["reason"], rows[where].Notes)
		}
	}
	for where, row := range rows {
		if row.Level() == Rejected && !rejected[where] {
			t.Errorf("%v is rejected though it is good: %v", where, row.Notes)
		}
	}
}

func TestNumbersAgreeWithTheOtherCopiesOfAPerson(t *testing.T) {
	rows := readSample(t)
	number, first := map[string]string{}, map[string]place{}
	known, people := 0, 0
	for _, line := range sampleTable(t, "truth.csv") {
		row := rows[at(line)]
		if line["kind"] != "person" {
			continue
		}
		people++
		if !row.NationalNumber.Known {
			continue
		}
		known++
		id, value := line["person_id"], string(row.NationalNumber.Value)
		if other, seen := number[id]; seen && other != value {
			t.Errorf("%v has number %s, %v has %s", at(line), value, first[id], other)
		}
		number[id], first[id] = value, at(line)
	}
	if people-known > 600 {
		t.Errorf("only %d of %d numbers were recovered", known, people)
	}
}

// TestWarningsOfTheSampleAreFew fails when a word or form of the sample stops
// being understood: the counts were read and found right.
func TestWarningsOfTheSampleAreFew(t *testing.T) {
	counts := map[string]int{}
	for _, row := range readSample(t) {
		for _, note := range row.Notes {
			counts[note.Key]++
		}
	}
	for _, key := range []string{"intake.unknown_word", "intake.phone_unreadable", "registry.iban_check", "money.not_read", "calendar.not_read", "intake.broken_letters", "intake.unknown_column", "intake.no_nationality"} {
		if counts[key] != 0 {
			t.Errorf("%s: %d", key, counts[key])
		}
	}
	t.Log(strings.ReplaceAll(fmt.Sprint(counts), " ", "\n"))
}
