//go:build look

package web

import (
	"context"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"sanad/platform/text"
)

// runAxe asks axe-core for what a screen reader or a keyboard would stumble
// over; only serious and critical findings count.
const runAxe = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations
	.filter(v => v.impact === "serious" || v.impact === "critical")
	.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 120)).join(" | ")).join("\n"))`

func TestNothingSeriousForAxe(t *testing.T) {
	axe, err := os.ReadFile("../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("%v: run npm ci", err)
	}
	s := testSite(t)
	server := httptest.NewServer(s.protect(sampleServer(t, s)))
	defer server.Close()
	browser, stop := openBrowser(t)
	defer stop()
	for _, sm := range samples() {
		for _, language := range text.Languages {
			address := server.URL + "/sample/" + string(language) + "/" + sm.name
			if found := findings(t, browser, address, string(axe)); found != "" {
				t.Errorf("%s in %s:\n%s", sm.name, language, found)
			}
		}
	}
}

func findings(t *testing.T, browser context.Context, address, axe string) string {
	ctx, cancel := context.WithTimeout(browser, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(1366, 800), chromedp.Navigate(address), chromedp.Evaluate[chromedp.Void](axe)); err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](runAxe, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", address, err)
	}
	return strings.TrimSpace(found)
}
