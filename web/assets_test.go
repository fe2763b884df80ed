package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestFirstPageIsLight(t *testing.T) {
	a, err := loadAssets()
	if errors.Is(err, ErrAssetsNotBuilt) {
		t.Fatalf("%v: run make assets", err)
	}
	site := testHandler(t)
	bytes := 0
	fetch := func(path string) {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		site.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d", path, w.Code)
		}
		bytes += w.Body.Len()
	}
	fetch("/login")
	for name := range a.names {
		if name != "ibm-plex-licence.txt" {
			fetch(a.address(name))
		}
	}
	if bytes > 100_000 {
		t.Errorf("the first page with everything that any page uses weighs %d bytes compressed", bytes)
	}
	t.Logf("%d bytes compressed, the script (which the login does not load) included", bytes)
}

func TestHashedAssetsMayBeKeptForEver(t *testing.T) {
	a, err := loadAssets()
	if errors.Is(err, ErrAssetsNotBuilt) {
		t.Fatalf("%v: run make assets", err)
	}
	w := httptest.NewRecorder()
	testHandler(t).ServeHTTP(w, httptest.NewRequest(http.MethodGet, a.address("sanad.css"), nil))
	if cache := w.Header().Get("Cache-Control"); !strings.Contains(cache, "immutable") {
		t.Errorf("Cache-Control %q", cache)
	}
	if kind := w.Header().Get("Content-Type"); !strings.HasPrefix(kind, "text/css") {
		t.Errorf("Content-Type %q", kind)
	}
}

func TestOnlyNamedAssetsAreServed(t *testing.T) {
	for _, path := range []string{"/assets/build.mjs", "/assets/manifest.json", "/assets/..%2fpage.go", "/assets/dist"} {
		w := httptest.NewRecorder()
		testHandler(t).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		if w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
}
