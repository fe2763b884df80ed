package intake_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"sanad/delivery/intake"
	"sanad/platform/access"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

const shapeHeading = "رقم ملف الأسرة,صفة الفرد,الاسم,اسم الأب,اسم الجد,اللقب,الرقم الوطني,تاريخ الميلاد,الجنس,الحالة الاجتماعية,الجنسية\n"

// shape takes one file in and returns its notes as "row level field key" and its
// persons as "file name number".
func shape(t testing.TB, name, content string) (notes, persons []string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	j := journaltest.Open(t, "sqlite")
	loadCountry(t, j)
	take(t, j, path, intake.Options{Mapping: mapping(t), Notes: func(list ...intake.Note) error {
		for _, n := range list {
			notes = append(notes, strings.Join([]string{string(n.Level), string(n.Field), n.Key}, " "))
		}
		return nil
	}})
	err := j.Read(t.Context(), access.System("test"), func(tx *store.Tx) (err error) {
		persons, err = store.All(tx, func(r *store.Row) string { return r.Text() + " " + r.Text() + " " + r.Text() },
			"SELECT h.file, p.name, p.number FROM persons p JOIN households h ON h.household = p.household ORDER BY h.file, p.position")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return notes, persons
}

func expectShape(t *testing.T, name, content string, notes, persons []string) {
	t.Helper()
	gotNotes, gotPersons := shape(t, name, content)
	if got, want := strings.Join(gotNotes, "\n"), strings.Join(notes, "\n"); got != want {
		t.Errorf("notes:\n%s\nnot\n%s", got, want)
	}
	if got, want := strings.Join(gotPersons, "\n"), strings.Join(persons, "\n"); got != want {
		t.Errorf("persons:\n%s\nnot\n%s", got, want)
	}
}

func TestANameInSeveralColumnsIsOneName(t *testing.T) {
	expectShape(t, "LY010102.csv", shapeHeading+"1,رب الأسرة,علي,سالم,عمر,الورفلي,119750000001,1/1/1975,ذكر,متزوج,ليبي\n1,ابن,عمر علي سالم الورفلي,,,,120150000002,1/5/2015,ذكر,أعزب,ليبي\n",
		nil, []string{"1 علي سالم عمر الورفلي 119750000001", "1 عمر علي سالم الورفلي 120150000002"})
}

func TestAFileNumberWrittenOncePerHouseholdIsInheritedAndShown(t *testing.T) {
	expectShape(t, "LY010102.csv", shapeHeading+
		"1,رب الأسرة,علي,سالم,عمر,الورفلي,119750000001,1/1/1975,ذكر,أرمل,ليبي\n"+
		",ابن,عمر,علي,سالم,الورفلي,120150000002,1/5/2015,ذكر,أعزب,ليبي\n"+
		"2,ربة الأسرة,هدى,حسن,عمر,القماطي,219750000003,1/1/1975,أنثى,أرملة,ليبية\n"+
		",ربة الأسرة,سعاد,حسن,عمر,القماطي,219760000004,1/1/1976,أنثى,أرملة,ليبية\n"+ // a household of its own, without number
		",ابن,خالد,علي,سالم,الورفلي,120160000005,1/5/2016,ذكر,أعزب,ليبي\n", // hers, so nobody's
		[]string{"warning file_number intake.file_number_above", "rejected file_number intake.no_file_number", "rejected file_number intake.no_file_number"},
		[]string{"1 علي سالم عمر الورفلي 119750000001", "1 عمر علي سالم الورفلي 120150000002", "2 هدى حسن عمر القماطي 219750000003"})
}

func TestNumbersKeptFromSpreadsheetsAreNumbers(t *testing.T) {
	expectShape(t, "LY010102 (1).csv", shapeHeading+`1,رب الأسرة,علي,سالم,عمر,الورفلي,"=""119750000001""",1/1/1975,ذكر,أعزب,ليبي`+"\n",
		nil, []string{"1 علي سالم عمر الورفلي 119750000001"})
}
