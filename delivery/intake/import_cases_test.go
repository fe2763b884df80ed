package intake_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sanad/delivery/intake"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/journal/journaltest"
)

const smallHeading = "رقم ملف الأسرة,الفرع,البلدية,صفة الفرد,الاسم الرباعي,الرقم الوطني,تاريخ الميلاد,الجنس\n"

// list writes a list under a name that is no branch's code.
func list(t testing.TB, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestBranchesOfOneFileAndRowsInAnyOrder(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	loadCountry(t, j)
	var keys []string
	s := take(t, j, list(t, "all.csv", smallHeading+
		"1,فرع درنة,درنة,رب الأسرة,علي سالم عمر,119800000001,1980-01-02,M\n"+
		"1,فرع البيضاء,البيضاء,رب الأسرة,خالد حسن علي,119810000002,1981-01-02,M\n"+
		"2,فرع المريخ,درنة,رب الأسرة,عمر حسن علي,119820000003,1982-01-02,M\n"+
		"1,فرع درنة,عطارد,زوجة,مريم عمر حسن,219850000004,1985-01-02,F\n"+
		",,,,,,,\n"+
		"١,فرع درنة,درنة,ابن,سالم علي سالم,120100000005,2010-01-02,M\n"+
		"1,فرع درنة,درنة,ابن,سالم على سالم,120100000005,2010-01-02,M\n"),
		intake.Options{Mapping: mapping(t), Notes: func(notes ...intake.Note) error {
			for _, n := range notes {
				keys = append(keys, n.Key)
			}
			return nil
		}})
	if s.Branch != "" || s.Households != 2 || s.Rows != 6 || s.Rejected != 1 {
		t.Errorf("%+v", s)
	}
	for _, key := range []string{"intake.no_branch", "intake.place_unknown", "intake.listed_twice"} {
		if !slices.Contains(keys, key) {
			t.Errorf("%s is not among %v", key, keys)
		}
	}
	if n := count(t, j, "SELECT members FROM households WHERE branch = 'LY010102' AND file = '1'"); n != 3 {
		t.Errorf("the household in pieces has %d members", n)
	}
}

func TestTheFileNamesItsBranchAndTheTitleItsDay(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	loadCountry(t, j)
	path := list(t, "LY010102.csv", "كشف الأسر المسجلة في ٥/٣/٢٠٢٦,,,,,,,\n"+smallHeading+"7,,درنة,رب الأسرة,علي سالم عمر,119800000001,1980-01-02,M\n")
	s, err := intake.Import(t.Context(), j, access.System("test"), path, intake.Options{Mapping: mapping(t)})
	if err != nil || s.Branch != "LY010102" || s.AsOf != calendar.Of(2026, 3, 5) {
		t.Errorf("%+v %v", s, err)
	}
	plain := list(t, "LY010102.csv", smallHeading+"8,,درنة,رب الأسرة,علي سالم عمر,119800000001,1980-01-02,M\n")
	s, err = intake.Import(t.Context(), j, access.System("test"), plain, intake.Options{Mapping: mapping(t), Branch: "LY010602"})
	if err != nil || s.Branch != "LY010602" || s.AsOf.Year() < 2026 {
		t.Errorf("%+v %v", s, err)
	}
}

func TestImportNeedsTheCapabilityOverTheBranch(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	loadCountry(t, j)
	path := list(t, "LY010102.csv", smallHeading+"7,,درنة,رب الأسرة,علي سالم عمر,119800000001,1980-01-02,M\n")
	who := journaltest.Session(string(access.HeadOfBranch))
	who.Grants[0].Area = "LY0106"
	_, err := intake.Import(t.Context(), j, who, path, intake.Options{Mapping: mapping(t), AsOf: extractDay})
	if f := fault.Of(err); f == nil || f.Kind != fault.KindForbidden {
		t.Errorf("%v", err)
	}
	if _, err := intake.Revert(t.Context(), j, journaltest.Session(string(access.BranchClerk)), take(t, j, path, intake.Options{Mapping: mapping(t)}).Import); fault.Of(err) == nil {
		t.Error("a clerk takes an import back")
	}
}

func TestProgressReachesTheEnd(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	loadCountry(t, j)
	var last intake.Progress
	take(t, j, manyHouseholds(t, 1200), intake.Options{Mapping: mapping(t), Progress: func(p intake.Progress) {
		if p.Rows < last.Rows || p.Left < 0 {
			t.Errorf("%+v after %+v", p, last)
		}
		last = p
	}})
	if last.Rows != 2400 || last.Records != last.Total || last.Left != 0 {
		t.Errorf("%+v", last)
	}
}
