package web

import (
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
)

var (
	cssComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	physical   = regexp.MustCompile(`(?:margin|padding|border)-(?:left|right|top|bottom)\b|(?:^|[\s;{])(?:left|right|top|bottom|width|height|(?:min|max)-(?:width|height))\s*:|text-align:\s*(?:left|right)|float:\s*(?:left|right)`)
)

// Media queries may ask for the width of the screen; rules may not set sides.
func TestStyleSheetKnowsNoLeftAndRight(t *testing.T) {
	sheet, err := embedded.ReadFile("assets/sanad.css")
	if err != nil {
		t.Fatal(err)
	}
	text := cssComment.ReplaceAllString(string(sheet), "")
	text = regexp.MustCompile(`@media[^{]*\{`).ReplaceAllString(text, "{")
	for _, found := range physical.FindAllString(text, -1) {
		t.Errorf("a physical side in sanad.css: %q; use the logical property", strings.TrimSpace(found))
	}
}

var inline = regexp.MustCompile(`(?i)<style|<script(?:\s+defer)?>|\sstyle\s*=|\son[a-z]+\s*=|javascript:|hx-on|tabindex="[1-9]`)

func TestTemplatesCarryNoInlineScriptOrStyle(t *testing.T) {
	count := 0
	err := fs.WalkDir(pageFiles, "pages", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		count++
		source, err := pageFiles.ReadFile(path)
		if err != nil {
			return err
		}
		if found := inline.FindString(string(source)); found != "" {
			t.Errorf("%s: %q is refused by the content security policy", path, found)
		}
		return nil
	})
	if err != nil || count < 20 {
		t.Fatalf("%d templates read: %v", count, err)
	}
}

func TestEveryAnswerIsProtected(t *testing.T) {
	handler := testHandler(t)
	for _, path := range []string{"/no-such-page", "/assets/sanad.css", "/assets/none.css", "/map"} {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		policy := w.Header().Get("Content-Security-Policy")
		for _, must := range []string{"default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, must) {
				t.Errorf("%s: the policy %q lacks %q", path, policy, must)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy allows something unsafe: %q", path, policy)
		}
		for _, header := range []string{"X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy"} {
			if w.Header().Get(header) == "" {
				t.Errorf("%s: header %s is missing", path, header)
			}
		}
	}
}

func TestMissingPageSaysWhatToDoInBothLanguages(t *testing.T) {
	handler := testHandler(t)
	for language, words := range map[string]string{"ar": "ابحث عنه بالاسم أو الرقم", "en": "Search for it by name or number"} {
		r := httptest.NewRequest(http.MethodGet, "/no-such-page", nil)
		r.AddCookie(&http.Cookie{Name: "sanad-language", Value: language})
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusNotFound || !strings.Contains(w.Body.String(), words) {
			t.Errorf("%s: status %d, page without %q", language, w.Code, words)
		}
	}
}

func testHandler(t *testing.T) http.Handler {
	t.Helper()
	s := testSite(t)
	return s.protect(s.mux())
}
