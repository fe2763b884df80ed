package intake_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"sanad/delivery/intake"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// member is one row of a household: role, name, mother, sex, status.
type member [5]string

// bondsOf takes one household in and returns its bonds as "son father head",
// members called by the name of their row.
func bondsOf(t testing.TB, members ...member) []string {
	t.Helper()
	var b strings.Builder
	b.WriteString("رقم ملف الأسرة,صفة الفرد,الاسم الرباعي,اسم الأم,الجنس,الحالة الاجتماعية,الرقم الوطني,تاريخ الميلاد,الجنسية\n")
	for i, m := range members {
		fmt.Fprintf(&b, "1,%s,,%d/1/1990,ليبي\n", strings.Join(m[:], ","), i+1)
	}
	path := filepath.Join(t.TempDir(), "LY010602.csv")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	j := journaltest.Open(t, "sqlite")
	loadCountry(t, j)
	take(t, j, path, intake.Options{Mapping: mapping(t)})
	var bonds []string
	err := j.Read(t.Context(), access.System("test"), func(tx *store.Tx) error {
		return journal.EachSheet(tx, time.Time{}, func(sealed journal.Sheet) error {
			s, err := registry.Decode(sealed.Household, sealed.Version, sealed.Plain)
			if err == nil {
				bonds = sheetBonds(s)
			}
			return err
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return bonds
}

func sheetBonds(s *registry.Sheet) []string {
	own := func(m *registry.Member) string {
		f, _ := s.Now(m.Facts, registry.FullName)
		return strings.Fields(f.Value.Text)[0]
	}
	var bonds []string
	for i := range s.Members {
		m := &s.Members[i]
		for _, f := range m.Facts {
			if other := s.Member(f.Value.Person); other != nil {
				bonds = append(bonds, own(m)+" "+string(f.Name)+" "+own(other))
			} else if f.Name == registry.ParentsApart {
				bonds = append(bonds, own(m)+" "+string(f.Name))
			}
		}
	}
	slices.Sort(bonds)
	return bonds
}

func TestBondsFollowFromRolesAndNames(t *testing.T) {
	head := member{"رب الأسرة", "سالم عمر حسن الورفلي", "", "M", "متزوج"}
	woman := member{"ربة الأسرة", "هدى علي محمد الزوي", "", "F", "مطلقة"}
	for _, c := range []struct {
		name    string
		members []member
		want    []string
	}{
		{"two wives, the mother's name decides", []member{head, {"زوجة", "مريم علي محمد الزوي", "", "F", "متزوجة"}, {"زوجة", "سعاد خليل عمر الفزاني", "", "F", "متزوجة"},
			{"ابن", "علي سالم عمر الورفلي", "سعاد خليل عمر الفزانى", "M", "أعزب"}, {"ابنة", "ليلى سالم عمر الورفلي", "مريم", "F", "عزباء"}, {"ابن", "خالد سالم عمر الورفلي", "", "M", "أعزب"}},
			[]string{"خالد father سالم", "سالم spouse سعاد", "سالم spouse مريم", "سعاد spouse سالم", "علي father سالم", "علي mother سعاد", "ليلى father سالم", "ليلى mother مريم", "مريم spouse سالم"}},
		{"two wives of one name stay open", []member{head, {"زوجة", "مريم علي محمد الزوي", "", "F", "متزوجة"}, {"زوجة", "مريم خليل عمر الفزاني", "", "F", "متزوجة"},
			{"ابن", "علي سالم عمر الورفلي", "مريم", "M", "أعزب"}},
			[]string{"سالم spouse مريم", "سالم spouse مريم", "علي father سالم", "مريم spouse سالم", "مريم spouse سالم"}},
		{"a wife's son of another man", []member{head, {"زوجة", "مريم علي محمد الزوي", "", "F", "متزوجة"}, {"ابن", "علي خليفة جمعة الككلي", "مريم علي محمد الزوي", "M", "أعزب"}},
			[]string{"سالم spouse مريم", "علي mother مريم", "مريم spouse سالم"}},
		{"a divorced mother has the custody of those listed with her", []member{woman, {"ابن", "علي سالم عمر الورفلي", "هدى علي محمد الزوي", "M", "أعزب"}},
			[]string{"علي custodian هدى", "علي mother هدى", "علي parents_apart"}},
		{"a divorced father's list does not say who has the custody", []member{{head[0], head[1], "", "M", "مطلق"}, {"ابن", "علي سالم عمر الورفلي", "هدى علي محمد الزوي", "M", "أعزب"}},
			[]string{"علي father سالم", "علي parents_apart"}},
		{"a foreign husband", []member{{woman[0], woman[1], "", "F", "متزوجة"}, {"زوج", "حسني عبد المحسن رامي الحموي", "", "M", "متزوج"}, {"ابن", "كريم حسني عبدالمحسن الحموي", "هدى", "M", "أعزب"}},
			[]string{"حسني spouse هدى", "كريم father حسني", "كريم mother هدى", "هدى spouse حسني"}},
		{"grandchildren through their father", []member{head, {"ابن", "علي سالم عمر الورفلي", "", "M", "متزوج"}, {"ابن", "خالد سالم عمر الورفلي", "", "M", "أعزب"},
			{"زوجة ابن", "نورية حسن مفتاح الككلي", "", "F", "متزوجة"}, {"حفيد", "عمر علي سالم الورفلي", "نورية", "M", "أعزب"}},
			[]string{"خالد father سالم", "علي father سالم", "علي spouse نورية", "عمر father علي", "عمر mother نورية", "نورية spouse علي"}},
		{"the head's parents", []member{{head[0], head[1], "دنيا عبد الله حمدي معتوق", "M", "أعزب"}, {"أم", "دنيا عبد الله حمدي معتوق", "", "F", "متزوجة"}, {"أب", "عمر حسن ميلاد الورفلي", "", "M", "متزوج"}},
			[]string{"دنيا spouse عمر", "سالم father عمر", "سالم mother دنيا", "عمر spouse دنيا"}},
		{"orphans and their guardian", []member{{"وصي", "عائشة سفيان سالم القماطي", "", "F", "أرملة"}, {"يتيم", "كريم إبراهيم رمضان الحاج", "سالمة عمران", "M", "أعزب"}},
			[]string{"كريم guardian عائشة"}},
	} {
		if got := bondsOf(t, c.members...); !slices.Equal(got, c.want) {
			t.Errorf("%s:\n%v, not\n%v", c.name, got, c.want)
		}
	}
}
