package web

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func post(path, body string, headers map[string]string, cookies ...*http.Cookie) *http.Request {
	r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	for _, c := range cookies {
		r.AddCookie(c)
	}
	return r
}

func TestFormFromAnotherSiteIsRefused(t *testing.T) {
	handler := testHandler(t)
	seed := freshSeed()
	cookie := &http.Cookie{Name: "sanad-form", Value: seed}
	body := url.Values{"token": {tokenOf(seed)}, "language": {"en"}, "back": {"/map"}}.Encode()
	for name, headers := range map[string]map[string]string{
		"fetch metadata": {"Sec-Fetch-Site": "cross-site"},
		"origin":         {"Origin": "https://elsewhere.example"},
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, post("/language", body, headers, cookie))
		if w.Code != http.StatusForbidden {
			t.Errorf("%s: status %d, want 403", name, w.Code)
		}
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, post("/language", body, map[string]string{"Sec-Fetch-Site": "same-origin"}, cookie))
	if w.Code != http.StatusSeeOther || w.Header().Get("Location") != "/map" {
		t.Errorf("our own form: status %d to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestFormNeedsTheTokenOfItsReader(t *testing.T) {
	handler := testHandler(t)
	cookie := &http.Cookie{Name: "sanad-form", Value: freshSeed()}
	for name, token := range map[string]string{"none": "", "another reader's": tokenOf(freshSeed())} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, post("/language", url.Values{"token": {token}}.Encode(), nil, cookie))
		if w.Code != http.StatusForbidden {
			t.Errorf("token %s: status %d, want 403", name, w.Code)
		}
	}
}

func TestFormThatIsTooLargeIsRefusedClearly(t *testing.T) {
	handler := testHandler(t)
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, post("/language", "x="+strings.Repeat("a", bodyLimit+1), nil))
	if w.Code != http.StatusUnprocessableEntity {
		t.Errorf("status %d, want 422", w.Code)
	}
}

func TestCookiesAreOutOfReach(t *testing.T) {
	for secure, prefix := range map[bool]string{true: "__Host-sanad-", false: "sanad-"} {
		s, err := newSite(Config{Secure: secure})
		if err != nil {
			t.Fatal(err)
		}
		w := httptest.NewRecorder()
		s.protect(s.mux()).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/map", nil))
		cookies := w.Result().Cookies()
		if len(cookies) == 0 {
			t.Fatal("no form cookie was set")
		}
		for _, c := range cookies {
			if !c.HttpOnly || c.Secure != secure || c.SameSite != http.SameSiteLaxMode || !strings.HasPrefix(c.Name, prefix) || c.Path != "/" || c.Domain != "" {
				t.Errorf("secure %v: cookie %+v", secure, c)
			}
		}
	}
}

func TestReturnAddressStaysHere(t *testing.T) {
	for path, want := range map[string]string{"/map": "/map", "//elsewhere": "/", "https://elsewhere": "/", `/\elsewhere`: "/", "": "/", "/a?b=c": "/a?b=c"} {
		if got := localPath(path); got != want {
			t.Errorf("localPath(%q) = %q, want %q", path, got, want)
		}
	}
}

// A form without any word about where it comes from still needs its token, and an
// origin that hides itself is a foreign one.
func TestFormOfUnknownOriginNeedsItsToken(t *testing.T) {
	handler := testHandler(t)
	seed := freshSeed()
	cookie := &http.Cookie{Name: "sanad-form", Value: seed}
	body := url.Values{"token": {tokenOf(seed)}, "back": {"/map"}}.Encode()
	for name, test := range map[string]struct {
		body    string
		headers map[string]string
		cookies []*http.Cookie
		status  int
	}{
		"no headers, token":              {body, nil, []*http.Cookie{cookie}, http.StatusSeeOther},
		"no headers, no token":           {"back=/map", nil, []*http.Cookie{cookie}, http.StatusForbidden},
		"no headers, no cookie":          {body, nil, nil, http.StatusForbidden},
		"null origin":                    {body, map[string]string{"Origin": "null"}, []*http.Cookie{cookie}, http.StatusForbidden},
		"same site, other host":          {body, map[string]string{"Sec-Fetch-Site": "same-site"}, []*http.Cookie{cookie}, http.StatusForbidden},
		"our host only at the end":       {body, map[string]string{"Origin": "http://elsewhere.example.com"}, []*http.Cookie{cookie}, http.StatusForbidden},
		"a token in the address is none": {"back=/map", map[string]string{"X-Token": tokenOf(seed)}, []*http.Cookie{cookie}, http.StatusForbidden},
	} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, post("/language?token="+tokenOf(seed), test.body, test.headers, test.cookies...))
		if w.Code != test.status {
			t.Errorf("%s: status %d, want %d", name, w.Code, test.status)
		}
	}
}

func TestReturnAddressesThatBrowsersMendStayHere(t *testing.T) {
	for _, path := range []string{"/\t/elsewhere", "/\n/elsewhere", "///elsewhere", "/\\/elsewhere", " //elsewhere", "javascript:alert(1)", "\x00//elsewhere", "http:elsewhere"} {
		if got := localPath(path); got != "/" {
			t.Errorf("localPath(%q) = %q", path, got)
		}
	}
}

// No route that only shows something takes a form, and none that changes
// something answers a plain link.
func TestEveryRouteNamesItsMethod(t *testing.T) {
	for _, r := range routes() {
		if !strings.HasPrefix(r.pattern, "GET /") && !strings.HasPrefix(r.pattern, "POST /") {
			t.Errorf("%s", r.pattern)
		}
	}
}
