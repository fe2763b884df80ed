//go:build look

package web

import (
	"net/http/httptest"
	"os"
	"testing"

	"sanad/platform/text"
)

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
