package web

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// upload sends a file with the form of the last page.
func (v *visitor) upload(path, fieldName, name string, content []byte) (string, int) {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, hidden := range map[string]*regexp.Regexp{"token": tokenField, "command": commandField} {
		if found := hidden.FindStringSubmatch(v.page); found != nil {
			_ = w.WriteField(name, found[1])
		}
	}
	part, err := w.CreateFormFile(fieldName, name)
	if err != nil {
		v.t.Fatal(err)
	}
	_, _ = part.Write(content)
	_ = w.Close()
	return v.take(v.client.Post(v.home+path, w.FormDataContentType(), &body))
}

// form sends one form of the last page, found by its action, with its own
// hidden fields.
func (v *visitor) form(action string, fields map[string]string) (string, int) {
	v.t.Helper()
	at := strings.Index(v.page, `action="`+action+`"`)
	if at < 0 {
		v.t.Fatalf("the page has no form for %s", action)
	}
	whole := v.page
	v.page = whole[at:]
	if end := strings.Index(v.page, "</form>"); end > 0 {
		v.page = v.page[:end]
	}
	for _, hidden := range regexp.MustCompile(`type="hidden" name="([a-z-]+)" value="([^"]*)"`).FindAllStringSubmatch(v.page, -1) {
		if _, given := fields[hidden[1]]; !given {
			fields[hidden[1]] = hidden[2]
		}
	}
	return v.send(action, fields)
}

func TestAListGoesFromItsPreparerToTheBankAndBack(t *testing.T) {
	m := openMinistry(t)
	officer, director := m.enter(t, "officer"), m.enter(t, "director")

	officer.open(m.list)
	officer.sees("أعددت هذا الكشف", "الأولاد")
	if strings.Contains(officer.page, m.list+"/approve") {
		t.Error("who prepared the list is offered to sign it")
	}
	director.open(m.list)
	if _, status := director.form(m.list+"/approve", map[string]string{}); status != http.StatusUnprocessableEntity {
		t.Errorf("signed without having read: %d", status)
	}
	director.sees(`id="f-read-error"`)
	director.open(m.list)
	if at, status := director.form(m.list+"/approve", map[string]string{"read": "yes"}); at != m.list || status != 200 {
		t.Fatalf("approval ended at %s with %d: %s", at, status, errorsOf(director.page))
	}
	if at, _ := director.form(m.list+"/export", map[string]string{}); at != m.list {
		t.Fatalf("export ended at %s: %s", at, errorsOf(director.page))
	}
	file := regexp.MustCompile(m.list + `/files/pain001-[0-9a-f-]+\.xml`).FindString(director.page)
	if _, status := director.open(file); file == "" || status != 200 || !strings.Contains(director.page, "pain.001.001.09") {
		t.Fatalf("the bank file %q: %d", file, status)
	}
	transfer := regexp.MustCompile(`<EndToEndId>([0-9a-f]{32})<`).FindStringSubmatch(director.page)
	if transfer == nil {
		t.Fatal("no transfer in the bank file")
	}
	director.open(m.list)
	schedule := regexp.MustCompile(m.list + `/banks/[0-9]+`).FindString(director.page)
	director.open(schedule)
	director.sees("حافظة الصرف", "لا غير")

	officer.open(m.list)
	officer.upload(m.list+"/returns", "returns", "returns.csv", []byte("a,b\n1,2\n"))
	officer.sees("error-summary")
	officer.open(m.list)
	answers := "end_to_end_id,status,reason,date\n" + transfer[1] + ",RJCT,AC04,2026-11-20\n"
	if at, status := officer.upload(m.list+"/returns", "returns", "returns.csv", []byte(answers)); at != m.list || status != 200 {
		t.Fatalf("returns ended at %s with %d: %s", at, status, errorsOf(officer.page))
	}
	director.open(m.list)
	if at, status := director.form(m.list+"/close", map[string]string{}); at != m.list || status != 200 {
		t.Fatalf("closing ended at %s with %d: %s", at, status, errorsOf(director.page))
	}
	director.open(m.household + "/payments")
	director.sees("الربع 4 من سنة 2026")
}

func TestADecisionIsExplainedAndPrinted(t *testing.T) {
	m := openMinistry(t)
	clerk := m.enter(t, "clerk")
	decision := m.household + "/decisions/wife-and-children-grant/2026-10"
	clerk.open(m.household)
	clerk.sees(decision)
	clerk.open(m.household + "/decisions")
	clerk.sees(decision)
	clerk.open(decision)
	clerk.sees("كيف حُسب", "القانون رقم 27 لسنة 2013", `class="conditions"`, decision+"/letter")
	clerk.open(decision + "/letter")
	clerk.sees("لا غير", "letterhead")
	if _, status := clerk.open("/decisions/wife-and-children-grant/2026-10"); status != http.StatusForbidden {
		t.Errorf("a clerk read the country's decisions: %d", status)
	}
	officer := m.enter(t, "officer")
	officer.open("/dashboard")
	officer.sees("طرابلس", "class=\"map\"", "/decisions/wife-and-children-grant/2026-10?state=held")
	officer.open("/decisions/wife-and-children-grant/2026-10?state=due")
	officer.sees("/households/")
	officer.open("/decisions/wife-and-children-grant/2026-10/rows.csv")
	officer.sees("household_file,branch,component")
}

func TestAFileIsTakenInReportedAndTakenBack(t *testing.T) {
	m := openMinistry(t)
	officer := m.enter(t, "officer")
	officer.open("/imports")
	officer.sees("LY010102.csv")
	content, err := os.ReadFile(filepath.Join("../country/libya/sample/extracts", "LY032101.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	at, status := officer.upload("/imports", "file", "LY032101.xlsx", content)
	if status != 200 {
		t.Fatalf("the upload ended at %s with %d: %s", at, status, errorsOf(officer.page))
	}
	for range 100 {
		if at, _ = officer.open(at); strings.Contains(officer.page, "/revert") {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	officer.sees("اكتمل", at+"/report.csv", at+"/revert")
	if _, status := officer.open(at + "/report.csv"); status != 200 || !strings.Contains(officer.page, "file,row,level,field,value,message_ar,message_en") {
		t.Errorf("the report: %d", status)
	}
	officer.open(at + "/revert")
	if _, status := officer.form(at+"/revert", map[string]string{"reason": "خطأ"}); status != http.StatusUnprocessableEntity {
		t.Errorf("taken back without a reason: %d", status)
	}
	officer.open(at + "/revert")
	if _, status := officer.form(at+"/revert", map[string]string{"reason": "أُرسل كشف السنة الماضية"}); status != 200 {
		t.Fatalf("taking back: %d: %s", status, errorsOf(officer.page))
	}
	officer.sees("رُجع عنه")
	officer.open("/imports")
	at, _ = officer.upload("/imports", "file", "picture.csv", []byte("\x89PNG\r\n\x1a\n0000"))
	for range 100 {
		if officer.open(at); strings.Contains(officer.page, "alert--bad") {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Error("a file that is no table was not refused")
}

func TestEveryLifeEventHasAForm(t *testing.T) {
	m := openMinistry(t)
	head := m.enter(t, "head")
	for _, kind := range eventKinds {
		if _, status := head.open(m.household + "/events/" + kind.name); status != 200 {
			t.Errorf("%s: %d", kind.name, status)
		}
	}
	head.open(m.household + "/people")
	person := regexp.MustCompile(m.household + `/people/([0-9a-f-]+)`).FindStringSubmatch(head.page)
	if person == nil {
		t.Fatal("nobody lives here")
	}
	head.open(m.household + "/events/account")
	account := map[string]string{"person": person[1], "account": "LY84002048000020100120361", "source": "documented", "document": "دفتر المصرف 12"}
	if at, status := head.form(m.household+"/events/account", account); status == 200 && at == m.household {
		t.Error("an account with a wrong check digit was taken")
	}
	head.sees(`id="f-account-error"`)
	head.open(m.household + "/correction?fact=mother_name&person=" + person[1])
	if at, status := head.form(m.household+"/correction", map[string]string{"right": "زهرة علي الفيتوري", "reason": "كما في شهادة الميلاد", "source": "documented", "document": "شهادة 77"}); at != m.household || status != 200 {
		t.Fatalf("the correction ended at %s with %d: %s", at, status, errorsOf(head.page))
	}
	head.open(m.household + "/people/" + person[1])
	head.sees("زهرة علي الفيتوري")
	clerk := m.enter(t, "clerk")
	clerk.open(m.household + "/correction?fact=birth&person=" + person[1])
	if at, status := clerk.form(m.household+"/correction", map[string]string{"right-day": "1", "right-month": "2", "right-year": "1980", "reason": "قال إن اليوم خطأ"}); at != m.household || status != 200 {
		t.Fatalf("the wish ended at %s with %d: %s", at, status, errorsOf(clerk.page))
	}
	clerk.open("/tasks?kind=correction_asked")
	clerk.sees("قال إن اليوم خطأ")
	head.open(regexp.MustCompile(`/tasks/[0-9a-f-]{36}`).FindString(clerk.page))
	head.sees("1 فبراير 1980", m.household+"/correction?fact=birth")
}

func TestARoleIsTakenAndAPersonShutOut(t *testing.T) {
	m := openMinistry(t)
	admin := m.enter(t, "admin")
	admin.open("/people")
	clerk := regexp.MustCompile(`href="(/people/[0-9a-f-]+)">[^<]*(?:<bdi>)?آمنة`).FindStringSubmatch(admin.page)
	if clerk == nil {
		t.Fatal("the clerk is not listed")
	}
	admin.open(clerk[1])
	if at, status := admin.form(clerk[1]+"/roles/revoke", map[string]string{}); at != clerk[1] || status != 200 {
		t.Fatalf("taking the role ended at %s with %d: %s", at, status, errorsOf(admin.page))
	}
	admin.sees("لا صفة له")
	if at, status := admin.form(clerk[1]+"/disable", map[string]string{"reason": "انتقلت إلى عمل آخر"}); at != clerk[1] || status != 200 {
		t.Fatalf("shutting out ended at %s with %d: %s", at, status, errorsOf(admin.page))
	}
	out := newVisitor(t, m.home)
	out.open("/login")
	if at, _ := out.send("/login", map[string]string{"login": "clerk", "password": goodPassword}); at == "/" {
		t.Error("who is shut out came in")
	}
}
