package web

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"sanad/platform/access"
	"sanad/platform/geography"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// visitor is somebody with a browser.
type visitor struct {
	t      *testing.T
	client *http.Client
	home   string
	page   string // the last page seen
}

func newVisitor(t *testing.T, home string) *visitor {
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, client: &http.Client{Jar: jar}, home: home}
}

// open goes to an address and returns where she ended up and the status.
func (v *visitor) open(path string) (string, int) {
	v.t.Helper()
	return v.take(v.client.Get(v.home + path))
}

var tokenField = regexp.MustCompile(`name="token" value="([0-9a-f]+)"`)
var commandField = regexp.MustCompile(`name="command" value="([0-9a-f-]+)"`)

// send fills a form of the last page and sends it.
func (v *visitor) send(path string, fields map[string]string) (string, int) {
	v.t.Helper()
	values := url.Values{}
	for name, value := range fields {
		values.Set(name, value)
	}
	for name, hidden := range map[string]*regexp.Regexp{"token": tokenField, "command": commandField} {
		if found := hidden.FindStringSubmatch(v.page); found != nil {
			values.Set(name, found[1])
		}
	}
	return v.take(v.client.PostForm(v.home+path, values))
}

func (v *visitor) take(r *http.Response, err error) (string, int) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer r.Body.Close()
	var b strings.Builder
	if _, err := io.Copy(&b, r.Body); err != nil {
		v.t.Fatal(err)
	}
	v.page = b.String()
	if strings.Contains(v.page, "⟦") {
		v.t.Errorf("%s: a word is missing: %.80s", r.Request.URL.Path, v.page[strings.Index(v.page, "⟦"):])
	}
	return r.Request.URL.RequestURI(), r.StatusCode
}

// sees fails unless the last page says all the words.
func (v *visitor) sees(words ...string) {
	v.t.Helper()
	for _, w := range words {
		if !strings.Contains(v.page, w) {
			v.t.Errorf("the page does not say %q", w)
		}
	}
}

// openSite opens a site over an empty registry of Libya, on its first day.
func openSite(t *testing.T, j *journal.Journal) (home, code string) {
	t.Helper()
	if _, err := j.Write(context.Background(), access.System("test"), func(tx *store.Tx) error {
		return geography.Load(tx, os.DirFS("../country/libya"))
	}); err != nil {
		t.Fatal(err)
	}
	code, err := access.Gate{Journal: j}.FirstRunCode(context.Background())
	if err != nil || code == "" {
		t.Fatalf("first-run code %q: %v", code, err)
	}
	handler, err := Handler(Config{Journal: j, Ministry: ministry})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL, code
}

const goodPassword = "نخلة وبئر وقافلة وقمر"

func TestAFamilyIsRegisteredFromTheFirstDayOn(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	home, code := openSite(t, j)

	admin := newVisitor(t, home)
	if at, _ := admin.open("/people"); at != "/login?back=%2Fpeople" {
		t.Fatalf("who is not signed in ended at %s", at)
	}
	admin.open("/first-run")
	if at, status := admin.send("/first-run", map[string]string{"code": code, "name": "سعاد البشير الفيتوري", "login": "suad", "password": goodPassword, "again": goodPassword}); at != "/" || status != 200 {
		t.Fatalf("first run ended at %s with %d: %s", at, status, errorsOf(admin.page))
	}
	admin.open("/people")
	if _, status := admin.send("/people", map[string]string{"name": "آمنة سالم الترهوني", "login": "amna", "role": "branch_clerk", "area": "LY0210"}); status != 200 {
		t.Fatalf("adding a person: %d: %s", status, errorsOf(admin.page))
	}
	given := regexp.MustCompile(`<b><bdi class="ltr">([^<]+)</bdi></b>`).FindStringSubmatch(admin.page)
	if given == nil {
		t.Fatal("no one-time code was shown")
	}

	clerk := newVisitor(t, home)
	clerk.open("/login")
	if at, _ := clerk.send("/login", map[string]string{"login": "amna", "password": given[1], "back": "/register"}); at != "/account" {
		t.Fatalf("a one-time code must lead to a new password, not to %s: %s", at, errorsOf(clerk.page))
	}
	if at, status := clerk.send("/account/password", map[string]string{"password": goodPassword + "!", "again": goodPassword + "!"}); at != "/" || status != 200 {
		t.Fatalf("choosing a password ended at %s with %d: %s", at, status, errorsOf(clerk.page))
	}
	household := registerFamily(t, clerk)
	sameFamilyAgain(t, clerk, household)

	if _, status := clerk.open(household); status != 200 {
		t.Fatalf("household: %d", status)
	}
	clerk.sees("خديجة رمضان سالم المسلاتي", "ربة الأسرة", "آية", "سُجّلت الأسرة")
	clerk.open(household + "/people")
	clerk.sees("آية عبد السلام مفتاح الورفلي", "ابنة")
	clerk.open(household + "/readers")
	clerk.sees("آمنة سالم الترهوني")
	for question, shown := range map[string]string{"خديجه المسلاتى": `<mark class="hit">خديجة</mark> رمضان سالم <mark class="hit">المسلاتي</mark>`, "0910000123": "خديجة رمضان سالم المسلاتي"} {
		if _, status := clerk.open("/search?q=" + url.QueryEscape(question)); status != 200 {
			t.Errorf("search for %s: %d", question, status)
		}
		clerk.sees(household, shown)
	}
	clerk.open(household + "/events/birth")
	birth := map[string]string{"name": "سالم عبد السلام مفتاح الورفلي", "sex": "male", "date-day": "2", "date-month": "11", "date-year": "2026", "source": "documented", "version": "1"}
	if _, status := clerk.send(household+"/events/birth", birth); status != http.StatusUnprocessableEntity {
		t.Errorf("a birth with no paper named was taken as documented: %d", status)
	}
	clerk.sees(`id="f-document-error"`)
	birth["document"], birth["role"] = "شهادة ميلاد 4417", "grandson"
	if at, status := clerk.send(household+"/events/birth", birth); at != household || status != 200 {
		t.Errorf("a birth ended at %s with %d: %s", at, status, errorsOf(clerk.page))
	}
	clerk.sees("سالم", "ولادة")
	if _, status := clerk.open("/tasks"); status != 200 {
		t.Errorf("tasks: %d", status)
	}
	if _, status := admin.open(household); status != http.StatusForbidden {
		t.Errorf("the administrator read a family's file: %d", status)
	}
}

// registerFamily goes through every step, once with a mistake, and returns the
// address of the household.
func registerFamily(t *testing.T, clerk *visitor) string {
	t.Helper()
	clerk.open("/register")
	action := regexp.MustCompile(`action="(/register/[0-9a-f-]+)/place"`).FindStringSubmatch(clerk.page)
	if action == nil {
		t.Fatalf("no registration form: %s", errorsOf(clerk.page))
	}
	draft := action[1]
	if at, _ := clerk.send(draft+"/place", map[string]string{"area": "LY021003", "address": "سوق الخميس", "go": "next"}); at != draft+"/head" {
		t.Fatalf("after the place: %s: %s", at, errorsOf(clerk.page))
	}
	head := map[string]string{"first": "خديجة", "father": "رمضان", "grandfather": "سالم", "family": "المسلاتي", "sex": "female", "birth-day": "31", "birth-month": "11", "birth-year": "1984",
		"marital": "widowed", "citizenship": "libyan", "salary": "none", "source": "stated", "go": "next"}
	if _, status := clerk.send(draft+"/head", head); status != http.StatusUnprocessableEntity {
		t.Fatalf("31 November was accepted: %d", status)
	}
	clerk.sees("<title>خطأ:", "هذا اليوم غير موجود", `value="خديجة"`, `autofocus`)
	head["birth-day"] = "30"
	if at, _ := clerk.send(draft+"/head", head); at != draft+"/members" {
		t.Fatalf("after the head: %s: %s", at, errorsOf(clerk.page))
	}
	child := map[string]string{"bond": "daughter", "first": "آية", "father": "عبد السلام", "grandfather": "مفتاح", "family": "الورفلي", "sex": "female", "birth-year": "2012",
		"marital": "single", "citizenship": "libyan", "salary": "none", "go": "next"}
	if at, _ := clerk.send(draft+"/members", child); at != draft+"/account" {
		t.Fatalf("after the members: %s: %s", at, errorsOf(clerk.page))
	}
	clerk.open("/")
	clerk.sees("خديجة رمضان سالم المسلاتي") // the draft waits on the first page
	clerk.open(draft + "/account")
	if at, _ := clerk.send(draft+"/account", map[string]string{"phone": "091 000 0123", "go": "next"}); at != draft+"/review" {
		t.Fatalf("after the account: %s: %s", at, errorsOf(clerk.page))
	}
	at, status := clerk.send(draft+"/review", map[string]string{"read": "yes"})
	if status != 200 || !strings.HasSuffix(at, "/receipt") {
		t.Fatalf("registration ended at %s with %d: %s", at, status, errorsOf(clerk.page))
	}
	clerk.sees("إيصال تسجيل أسرة", "آمنة سالم الترهوني")
	return strings.TrimSuffix(at, "/receipt")
}

// sameFamilyAgain begins to register somebody who is there: both records are
// shown before she is saved, and she may be saved all the same.
func sameFamilyAgain(t *testing.T, clerk *visitor, household string) {
	t.Helper()
	clerk.open("/register")
	draft := regexp.MustCompile(`action="(/register/[0-9a-f-]+)/place"`).FindStringSubmatch(clerk.page)[1]
	clerk.send(draft+"/place", map[string]string{"area": "LY021003", "go": "next"})
	again := map[string]string{"first": "خديجه", "father": "رمضن", "family": "المسلاتى", "sex": "female", "birth-year": "1984", "source": "stated", "go": "next"}
	if at, status := clerk.send(draft+"/head", again); at != draft+"/members" || status != 200 {
		t.Fatalf("somebody who is there already ended at %s with %d: %s", at, status, errorsOf(clerk.page))
	}
	for _, step := range []string{"/head", "/review"} {
		clerk.open(draft + step)
		clerk.sees("قد تكون مسجلة", `href="`+household+`"`, `<bdi class="spell">خديجة رمضان سالم المسلاتي</bdi>`, "30 نوفمبر 1984", "متقارب")
	}
}

var errorText = regexp.MustCompile(`(?s)<div class="error-summary".*?</div>|<div class="prose">.*?</div>`)

// errorsOf is what a page says went wrong.
func errorsOf(page string) string { return strings.Join(errorText.FindAllString(page, -1), " ") }
