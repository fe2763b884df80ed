package web

import (
	"net/http"
	"strings"
	"testing"

	"sanad/country"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/store"
)

// draft keeps the grant with a higher child's amount as a draft of the officer's.
func (m *seat) draft(t *testing.T) (address string) {
	t.Helper()
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	grant, err := policy.Named(pack, "wife-and-children-grant")
	if err != nil {
		t.Fatal(err)
	}
	body := raised(grant)
	if body == grant.Text() {
		t.Fatal("the child's amount was not found in the text")
	}
	var officer store.Session
	err = m.journal.Read(t.Context(), access.System("test"), func(tx *store.Tx) (err error) {
		officer, err = access.Actor(tx, "officer")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = m.journal.Write(t.Context(), officer, func(tx *store.Tx) error {
		d, err := policy.DraftRelease(tx, body, "رفع مبلغ الولد إلى 150", calendar.MonthOf(2027, 1))
		address = "/releases/" + d.ID.String()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return address
}

func TestAReleaseIsOpenedAndApprovedByTwoPeople(t *testing.T) {
	m := openMinistry(t)
	m.join(t, "officer2", "هدى علي القماطي", access.DiwanOfficer, "")
	at := m.draft(t)
	officer, director, second := m.enter(t, "officer"), m.enter(t, "director"), m.enter(t, "officer2")

	officer.open("/programmes/wife-and-children-grant")
	officer.sees("رفع مبلغ الولد إلى 150", "الإصدار النافذ هو الأول")
	officer.open(at)
	officer.sees("لم يُحتسب بعد ما الذي يغيّره")
	if _, status := officer.form(at+"/compute", map[string]string{}); status != http.StatusOK {
		t.Fatalf("computing the report: %d: %s", status, errorsOf(officer.page))
	}
	officer.form(at+"/open", map[string]string{})
	officer.sees("أنت من أعدّه", "أسر يزيد ما لها")

	director.open(at)
	if strings.Contains(director.page, "tiles") {
		t.Error("the report is shown to who has not opened it")
	}
	director.sees("ولم تفتحه بعد", "افتح تقرير الفروق أولاً")
	director.form(at+"/open", map[string]string{})
	director.sees("أعتمد هذا الإصدار")
	if _, status := director.form(at+"/withdraw", map[string]string{"remark": ""}); status != http.StatusUnprocessableEntity {
		t.Errorf("withdrawn without a reason: %d", status)
	}
	director.sees("اذكر بكلمات قليلة")
	if _, status := director.form(at+"/approve", map[string]string{"digest": "00"}); status != http.StatusUnprocessableEntity {
		t.Errorf("signed for another digest: %d", status)
	}
	director.sees("هذه ليست بصمة النص المحفوظ هنا")
	director.open(at)
	if _, status := director.form(at+"/approve", map[string]string{}); status != http.StatusOK {
		t.Fatalf("the first approval: %d: %s", status, errorsOf(director.page))
	}
	director.sees("فيعتمده الآن غيرك")

	second.open(at)
	second.form(at+"/open", map[string]string{})
	if _, status := second.form(at+"/approve", map[string]string{}); status != http.StatusOK {
		t.Fatalf("the second approval: %d: %s", status, errorsOf(second.page))
	}
	second.sees("معتمد، ويسري من شهره", "عبد السلام أحمد المصراتي")

	clerk := m.enter(t, "clerk")
	clerk.open("/programmes/wife-and-children-grant")
	clerk.sees("منحة الزوجة والأولاد", "تعطي ما كُتب فيها")
	if strings.Contains(clerk.page, at) {
		t.Error("a clerk sees the releases under way")
	}
	if _, status := clerk.open(at); status != http.StatusForbidden {
		t.Errorf("a clerk opened a release: %d", status)
	}
}
