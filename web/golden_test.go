package web

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sanad/platform/text"
)

var update = flag.Bool("update", false, "write the golden files anew")

// assetName is a hashed file name: goldens must not change with every build.
var assetName = regexp.MustCompile(`/assets/([a-z0-9-]+?)(-[0-9a-f]{12})?\.(css|js|svg)`)

func render(t *testing.T, s *site, language text.Language, sm sample) string {
	t.Helper()
	var out bytes.Buffer
	if err := s.templates.render(&out, language, sm.page, envelope{sampleFrame(sm), sm.view}); err != nil {
		t.Fatalf("%s in %s: %v", sm.name, language, err)
	}
	return out.String()
}

// builtOnly is what a page carries only where the assets have been built.
var builtOnly = []string{`<script defer src="/assets/sanad.js"></script>`, `<kbd aria-hidden="true">/</kbd>`}

// stable drops what differs between a machine with built assets and one without.
func stable(page string) string {
	page = assetName.ReplaceAllString(page, "/assets/$1.$3")
	for _, built := range builtOnly {
		page = strings.ReplaceAll(page, built, "")
	}
	return page
}

func TestEveryPageLooksAsAgreed(t *testing.T) {
	s := testSite(t)
	for _, sm := range samples() {
		for _, language := range text.Languages {
			path := filepath.Join("testdata", "golden", sm.name+"."+string(language)+".html")
			got := stable(render(t, s, language, sm))
			if *update {
				writeGolden(t, path, got)
				continue
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v (make it with: go test ./web -run Agreed -update)", err)
			}
			if got != string(want) {
				t.Errorf("%s differs from its golden file; look at it, then run with -update", path)
			}
		}
	}
}

func writeGolden(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestEveryPageHasASample(t *testing.T) {
	names, err := pageNames()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if !slices.ContainsFunc(samples(), func(s sample) bool { return s.page == name }) {
			t.Errorf("pages/%s.html has no sample view in samples_test.go", name)
		}
	}
}

func TestNoPageShowsAMissingWord(t *testing.T) {
	s := testSite(t)
	for _, sm := range samples() {
		for _, language := range text.Languages {
			page := render(t, s, language, sm)
			if i := strings.Index(page, "⟦"); i >= 0 {
				t.Errorf("%s in %s: a key or argument is missing: %.60s", sm.name, language, page[i:])
			}
			if i := strings.Index(page, "ZgotmplZ"); i >= 0 {
				t.Errorf("%s in %s: an unsafe value was refused by the template", sm.name, language)
			}
		}
	}
}

// Latin letters that may stand on an Arabic page: names of formats and what the
// other language calls itself.
var latinWord = regexp.MustCompile(`[A-Za-z]{3,}`)
var tags = regexp.MustCompile(`(?s)<(svg|script|style|title).*?</(svg|script|style|title)>|<bdi[^>]*>.*?</bdi>|<[^>]*>`)

func TestArabicPagesSpeakArabic(t *testing.T) {
	allowed := []string{"English", "CSV", "XLSX", "pain", "Tab", "OpenStreetMap", "geoBoundaries", "ODbL"}
	s := testSite(t)
	for _, sm := range samples() {
		for _, word := range latinWord.FindAllString(tags.ReplaceAllString(render(t, s, text.Arabic, sm), " "), -1) {
			if !slices.Contains(allowed, word) {
				t.Errorf("%s: the Arabic page says %q", sm.name, word)
			}
		}
	}
}

func testSite(t *testing.T) *site {
	t.Helper()
	s, err := newSite(Config{Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	return s
}
