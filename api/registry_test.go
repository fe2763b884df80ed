package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"sanad/platform/access"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
)

// family is a widow with her daughter, as a portal would send her.
func family() map[string]any {
	return map[string]any{"branch": branch, "area": area, "members": []map[string]any{
		{"name": "خديجة رمضان سالم المسلاتي", "role": "head", "sex": "female", "birth": "1984-11-30", "marital_status": "widowed", "citizenship": "libyan"},
		{"name": "آية عبد السلام مفتاح الورفلي", "role": "daughter", "sex": "female", "birth": "2012", "citizenship": "libyan", "wage": "no"},
	}}
}

func TestAFamilyIsRegisteredFoundAndRead(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		o := openOffice(t, j)
		clerk := o.hire("amna", access.BranchClerk, branch)
		made := o.ask(clerk, "POST /households", family()).is(http.StatusOK)
		household := made.text("result.household")
		if made.text("result.file") == "" || len(made.text("receipt.entries.0.hash")) != 64 || made.text("receipt.entries.0.stream") != journal.Branch(branch) {
			t.Errorf("a receipt without file number, hash or stream: %s", made.raw)
		}
		found := o.ask(clerk, "GET /search?text="+url.QueryEscape("خديجه المسلاتى"), nil).is(http.StatusOK)
		if found.text("hits.0.household") != household {
			t.Errorf("not found: %s", found.raw)
		}
		sheet := o.ask(clerk, "GET /households/"+household, nil, "Purpose", url.PathEscape("الأسرة أمامي")).is(http.StatusOK)
		if sheet.text("members.0.facts.0.value") != "خديجة رمضان سالم المسلاتي" || !strings.Contains(sheet.raw, `{"name":"birth","type":"date","value":"2012","sources":[0]}`) {
			t.Errorf("sheet: %s", sheet.raw)
		}
		looks := o.ask(clerk, "GET /households/"+household+"/readers", nil).is(http.StatusOK)
		if looks.text("looks.0.purpose") != "الأسرة أمامي" || looks.text("looks.0.name.ar") != "موظف amna" {
			t.Errorf("who looked: %s", looks.raw)
		}
		lines := o.ask(clerk, "GET /households/"+household+"/timeline", nil).is(http.StatusOK)
		if lines.text("happenings.0.kind") != "registry.registered" {
			t.Errorf("timeline: %s", lines.raw)
		}
		if e := o.ask(clerk, "GET /journal/entries/"+made.text("receipt.entries.0.id"), nil).is(http.StatusOK); e.text("hash") != made.text("receipt.entries.0.hash") {
			t.Errorf("the entry has another hash than its receipt: %s", e.raw)
		}
	})
}

func TestTheSameCommandIsDoneOnce(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		o := openOffice(t, j)
		clerk, head := o.hire("amna", access.BranchClerk, branch), o.hire("ali", access.HeadOfBranch, branch)
		key := newKey()
		first := o.ask(clerk, "POST /households", family(), "Idempotency-Key", key).is(http.StatusOK)
		if first.header.Get("Repeated") != "" {
			t.Error("the first is called repeated")
		}
		again := o.ask(clerk, "POST /households", family(), "Idempotency-Key", key).is(http.StatusOK)
		if again.header.Get("Repeated") != "true" || again.at("receipt.repeated") != true || again.at("result") != nil ||
			again.text("receipt.entries.0.id") != first.text("receipt.entries.0.id") {
			t.Errorf("not the first receipt: %s", again.raw)
		}
		if other := o.ask(head, "POST /households", family(), "Idempotency-Key", key).is(http.StatusOK); other.header.Get("Repeated") != "" {
			t.Error("one person's key answers for another's command")
		}
	})
}

func TestLifeEventsChangeTheSheet(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	clerk := o.hire("amna", access.BranchClerk, branch)
	made := o.ask(clerk, "POST /households", family()).is(http.StatusOK)
	household, girl := made.text("result.household"), made.text("result.sheet.members.1.person")
	salary := map[string]any{"household": household, "version": 1, "person": girl, "kind": "stipend", "from": "2026-09-01"}
	changed := o.ask(clerk, "POST /events/salary", salary).is(http.StatusOK)
	if changed.at("result.sheet.version") != 2.0 {
		t.Errorf("version: %s", changed.raw)
	}
	o.ask(clerk, "POST /events/salary", salary).refuses(http.StatusConflict, "registry.changed_meanwhile")
	stipend := func(query string) bool {
		return strings.Contains(o.ask(clerk, "GET /households/"+household+query, nil).is(http.StatusOK).raw, `"name":"stipend"`)
	}
	for query, want := range map[string]bool{"": true, "?version=1": false, "?as_of=2026-09-01": true, "?known_by=2026-01-01T00:00:00Z": false} {
		if query == "?known_by=2026-01-01T00:00:00Z" {
			o.ask(clerk, "GET /households/"+household+query, nil).is(http.StatusNotFound)
			continue
		}
		if stipend(query) != want {
			t.Errorf("stipend at %q: %t", query, !want)
		}
	}
	o.ask(clerk, "GET /households/"+household+"?as_of=2026", nil).refuses(http.StatusUnprocessableEntity, "api.whole_day").names("as_of")
}

func TestAFileOutsideTheAreaNeedsAPurpose(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	clerk, worker := o.hire("amna", access.BranchClerk, branch), o.hire("huda", access.SocialWorker, "LY0101")
	household := o.ask(clerk, "POST /households", family()).is(http.StatusOK).text("result.household")
	o.ask(worker, "GET /households/"+household, nil).refuses(http.StatusForbidden, "access.purpose_needed")
	o.ask(worker, "POST /readings", map[string]string{"area": branch, "reason": "انتقلت الأسرة إلى منطقتي"}).is(http.StatusOK)
	o.ask(worker, "GET /households/"+household, nil).is(http.StatusOK)
	o.ask(worker, "POST /households", family()).refuses(http.StatusForbidden, "access.not_allowed")
}

func TestWhatIsWrongIsNamedFieldByField(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	clerk := o.hire("amna", access.BranchClerk, branch)
	wrong := family()
	head := wrong["members"].([]map[string]any)[0]
	head["birth"], head["nickname"], head["mother"] = "30/11/1984", "x", "first"
	o.ask(clerk, "POST /households", wrong).is(http.StatusUnprocessableEntity).names("members[0].birth", "members[0].nickname", "members[0].mother")

	wrong = family() // well-formed, and not acceptable: the verb says so
	head = wrong["members"].([]map[string]any)[0]
	head["national_number"], head["sex"], wrong["area"] = "123", "unclear", "LY"
	o.ask(clerk, "POST /households", wrong).is(http.StatusUnprocessableEntity).names("members[0].national_number", "members[0].sex")

	r := o.ask(clerk, "POST /households", map[string]any{"branch": branch}).is(http.StatusUnprocessableEntity).names("area", "members")
	if strings.Contains(r.raw, "expected") {
		t.Errorf("English of a library reaches the reader: %s", r.raw)
	}
	head["birth"] = "2026-02-31"
	o.ask(clerk, "POST /households", wrong).is(http.StatusUnprocessableEntity).names("members[0].birth")
	o.ask(clerk, "GET /search?text=x&order=name", nil).is(http.StatusUnprocessableEntity).names("order")
	o.ask(clerk, "GET /search", nil).is(http.StatusUnprocessableEntity).names("text")
	o.ask(clerk, "GET /households/17", nil).is(http.StatusUnprocessableEntity).names("household")
	o.ask(clerk, "GET /tasks?limit=9999", nil).is(http.StatusUnprocessableEntity).names("limit")
}

func TestTheReaderIsAnsweredInHerLanguage(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	for asked, want := range map[string]string{"": "ar", "ar-LY": "ar", "en-GB,en;q=0.9": "en", "fr": "ar", "ar;q=0.2, en": "en"} {
		r := o.ask("", "GET /session", nil, "Accept-Language", asked).is(http.StatusUnauthorized)
		if r.header.Get("Content-Language") != want || r.text("detail") != r.text("detail_"+want) {
			t.Errorf("%q was answered in %s: %s", asked, r.header.Get("Content-Language"), r.raw)
		}
	}
}

func TestBodiesHaveALimit(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	clerk := o.hire("amna", access.BranchClerk, branch)
	o.ask(clerk, "POST /households", `{"branch":"`+strings.Repeat("x", bodyLimit+1000)+`"}`).refuses(http.StatusRequestEntityTooLarge, "api.too_large")
	o.ask(clerk, "POST /households", `{"branch":`).refuses(http.StatusBadRequest, "api.not_json")
	o.ask(clerk, "POST /households", "branch: x", "Content-Type", "text/plain").refuses(http.StatusUnsupportedMediaType, "api.media_type")
	officer := o.hire("salem", access.DiwanOfficer, "")
	o.upload(officer, "/imports", "zeros.csv", make([]byte, uploadLimit+1)).refuses(http.StatusRequestEntityTooLarge, "api.too_large")
	o.ask(clerk, "GET /session", nil, "Purpose", strings.Repeat("x", purposeLimit+1)).refuses(http.StatusUnprocessableEntity, "api.bad_purpose")
}

func TestAnAddressThatIsNotThereIsAProblemToo(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	o.ask("", "GET /nothing", nil).refuses(http.StatusNotFound, "api.no_such_address")
	r := o.ask("", "DELETE /households", nil).refuses(http.StatusMethodNotAllowed, "api.no_method")
	if !strings.Contains(r.header.Get("Allow"), "POST") {
		t.Errorf("Allow: %q", r.header.Get("Allow"))
	}
	if m := o.ask("", "GET /problems/web.pager_sum", nil).is(http.StatusOK); !strings.Contains(m.text("message_en"), "{from}") {
		t.Errorf("meaning: %s", m.raw)
	}
	o.ask("", "GET /problems/no.such", nil).refuses(http.StatusNotFound, "api.no_such_problem")
	if doc := o.ask("", "GET /openapi.yaml", nil).is(http.StatusOK); !strings.HasPrefix(doc.raw, "components:") {
		t.Errorf("document: %.100s", doc.raw)
	}
}

func TestTheTextOfAnInternalErrorStaysInside(t *testing.T) {
	p := problemOf("en", http.StatusInternalServerError, fmt.Errorf("pq: column secret does not exist"))
	if p.Status != http.StatusInternalServerError || p.Type != typeOf("fault.internal") || strings.Contains(fmt.Sprint(*p), "secret") {
		t.Errorf("%+v", p)
	}
}

// The pages' cookie is good here too, but another site cannot use it.
func TestTheCookieServesOurOwnPagesOnly(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	token := o.hire("amna", access.BranchClerk, branch)
	for from, want := range map[string]int{"same-origin": http.StatusOK, "cross-site": http.StatusForbidden, "same-site": http.StatusForbidden, "none": http.StatusOK} {
		made := o.ask("", "POST /households", family(), "Cookie", "sanad-session="+token, "Sec-Fetch-Site", from)
		if made.status != want {
			t.Errorf("a request from %s: %d %s", from, made.status, made.raw)
		}
	}
	o.ask("", "POST /households", family(), "Cookie", "sanad-session="+token, "Origin", "https://elsewhere.example").refuses(http.StatusForbidden, "api.foreign_request")
	o.ask("", "GET /session", nil, "Cookie", "sanad-session="+token).is(http.StatusOK)
}
