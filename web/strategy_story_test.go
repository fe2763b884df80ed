package web

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// tried opens a result as soon as its simulation has ended.
func (v *visitor) tried(at string) string {
	v.t.Helper()
	for range 600 {
		at, _ = v.open(at)
		if !strings.Contains(v.page, `id="progress" hx-get`) {
			return at
		}
		time.Sleep(50 * time.Millisecond)
	}
	v.t.Fatal("the simulation does not end")
	return ""
}

func TestAReformIsTriedKeptAndSentAsAFile(t *testing.T) {
	m := openMinistry(t)
	analyst := m.enter(t, "analyst")
	analyst.open("/lab")
	analyst.sees("مختبر السياسات", "منحة الزوجة والأولاد", "مائتا دينار للزوجة بالكلفة نفسها")
	form := "/lab/new?programme=wife-and-children-grant"
	analyst.open(form)
	analyst.sees("مبلغ الولد في الشهر", "هل تشمل المنحة البنت المطلقة", "983.820")

	if _, status := analyst.form(form, map[string]string{"name": "", "month": "2026-12", "months": "1", "line-of": "5", "source": "registry"}); status != http.StatusUnprocessableEntity {
		t.Fatalf("a trial without a name: %d", status)
	}
	analyst.sees("اكتب اسماً للتجربة", "لم تغيّر شيئاً")
	if _, status := analyst.form(form, map[string]string{"name": "س", "month": "2026-12", "months": "1", "line-of": "5", "source": "registry", "figure-child_amount": "كثير"}); status != http.StatusUnprocessableEntity {
		t.Fatalf("a figure that is none: %d", status)
	}

	answers := map[string]string{"name": "مائة وخمسون للولد", "month": "2026-12", "months": "1", "line": "983.82", "line-of": "5", "source": "registry", "figure-child_amount": "١٥٠"}
	at, status := analyst.form(form, answers)
	if status != 200 || !strings.HasPrefix(at, "/lab/") {
		t.Fatalf("ended at %s with %d: %s", at, status, errorsOf(analyst.page))
	}
	at = analyst.tried(at)
	analyst.sees("هذه محاكاة، ولا تغيّر صرف أحد", "على كل أسر السجل", "الأول (الأدنى)", "من هم تحت خط الفقر", ">150<")
	result := at
	for file, says := range map[string]string{"simulation.csv": "by,key,households", "simulation.json": `"scenario":"wife-and-children-grant"`, "reform.yaml": "2026-12-01: 150"} {
		analyst.open(result + "/" + file)
		analyst.sees(says)
	}
	analyst.open("/lab")
	analyst.sees("مائة وخمسون للولد")

	analyst.open(result)
	if strings.Contains(analyst.page, result+"/draft") {
		t.Error("who tries reforms is offered to prepare releases")
	}
	officer := m.enter(t, "officer")
	officer.open(result)
	if at, status := officer.form(result+"/draft", map[string]string{}); status != 200 || !strings.HasPrefix(at, "/releases/") {
		t.Fatalf("a reform made a draft ends at %s with %d: %s", at, status, errorsOf(officer.page))
	}
	officer.sees("مائة وخمسون للولد")

	analyst.open(form + "&from=" + strings.TrimPrefix(result, "/lab/"))
	analyst.sees(`value="150"`)

	clerk := m.enter(t, "clerk")
	for _, path := range []string{"/lab", result, result + "/reform.yaml"} {
		if _, status := clerk.open(path); status != http.StatusForbidden {
			t.Errorf("a clerk opened %s: %d", path, status)
		}
	}
}

func TestAScenarioFromAFileIsOpenedAsAForm(t *testing.T) {
	m := openMinistry(t)
	director := m.enter(t, "director")
	file, err := os.ReadFile("../country/libya/scenarios/budget-neutral.yaml")
	if err != nil {
		t.Fatal(err)
	}
	director.open("/lab")
	if _, status := director.upload("/lab", "file", "mine.yaml", file); status != 200 {
		t.Fatalf("%d: %s", status, errorsOf(director.page))
	}
	director.sees(`value="200"`, `value="child_amount" selected`)
	at, status := director.form("/lab/new?programme=wife-and-children-grant", map[string]string{"name": "متوازن", "month": "2026-12", "months": "1", "line": "", "line-of": "5", "source": "invented",
		"figure-wife_amount": "200", "search": "child_amount"})
	if status != 200 {
		t.Fatalf("ended at %s with %d: %s", at, status, errorsOf(director.page))
	}
	director.tried(at)
	director.sees("الأسر هنا مصطنعة", "تجعل الكلفة مساوية للميزانية", "بهامش")
	director.open("/lab")
	if _, status := director.upload("/lab", "file", "mine.yaml", []byte("programme: 3")); status != http.StatusUnprocessableEntity {
		t.Errorf("a file that is no scenario: %d", status)
	}
}
