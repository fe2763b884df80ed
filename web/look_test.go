//go:build look

package web

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sanad/platform/text"
)

// TestLook takes a picture of every sample page in both languages at the width
// of a branch PC and of a phone:
//
//	LOOK=/tmp/look PAGES=today,list go test -tags look -run TestLook ./web
func TestLook(t *testing.T) {
	folder := os.Getenv("LOOK")
	if folder == "" {
		t.Skip("set LOOK to the folder for the pictures")
	}
	s := testSite(t)
	server := httptest.NewServer(s.protect(sampleServer(t, s)))
	defer server.Close()
	browser, stop := openBrowser(t)
	defer stop()
	wanted := strings.FieldsFunc(os.Getenv("PAGES"), func(r rune) bool { return r == ',' })
	for _, sm := range samples() {
		if len(wanted) > 0 && !slices.Contains(wanted, sm.name) {
			continue
		}
		for _, language := range text.Languages {
			for _, width := range []int64{1366, 390} {
				name := sm.name + "." + string(language) + map[int64]string{1366: ".wide", 390: ".phone"}[width] + ".png"
				look(t, browser, server.URL+"/sample/"+string(language)+"/"+sm.name, width, filepath.Join(folder, name))
			}
		}
	}
}

func look(t *testing.T, browser context.Context, address string, width int64, file string) {
	ctx, cancel := context.WithTimeout(browser, 20*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(width, 800), chromedp.Navigate(address)); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	overflow, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.fonts.ready.then(() => document.documentElement.scrollWidth > innerWidth)`, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	picture, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	if overflow {
		t.Errorf("%s: wider than the screen at %d px", address, width)
	}
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestLookAtTheMinistry takes a picture of the real pages over real families:
//
//	LOOK=/tmp/look go test -tags look -run TestLookAtTheMinistry ./web
func TestLookAtTheMinistry(t *testing.T) {
	folder := os.Getenv("LOOK")
	if folder == "" {
		t.Skip("set LOOK to the folder for the pictures")
	}
	m := openMinistry(t)
	wanted := strings.FieldsFunc(os.Getenv("PAGES"), func(r rune) bool { return r == ',' })
	for login, pages := range m.mainPages(t) {
		browser, stop := openBrowser(t)
		signIn(t, browser, m.home, login)
		for _, p := range pages {
			if len(wanted) > 0 && !slices.Contains(wanted, p.name) {
				continue
			}
			for _, language := range text.Languages {
				speak(t, browser, m.home, language)
				for _, width := range []int64{1366, 390} {
					name := "real-" + p.name + "." + string(language) + map[int64]string{1366: ".wide", 390: ".phone"}[width] + ".png"
					look(t, browser, m.home+p.address, width, filepath.Join(folder, name))
				}
			}
		}
		stop()
	}
}

func sampleServer(t *testing.T, s *site) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /assets/{file}", s.assets)
	mux.HandleFunc("GET /sample/{language}/{name}", func(w http.ResponseWriter, r *http.Request) {
		for _, sm := range samples() {
			if sm.name == r.PathValue("name") {
				w.Header().Set("Content-Type", "text/html; charset=utf-8")
				_, _ = w.Write([]byte(render(t, s, text.Language(r.PathValue("language")), sm)))
			}
		}
	})
	return mux
}
