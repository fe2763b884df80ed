package web

import (
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// The whole folder is embedded, dist with it once it has been built: one binary
// serves everything, and the code compiles also before Node has been run.
//
//go:embed assets
var embedded embed.FS

// ErrAssetsNotBuilt tells that the binary was made without fonts and script.
// Pages then work with the plain style sheet and the machine's own fonts.
var ErrAssetsNotBuilt = errors.New("web: fonts and script were not built into this binary; run `make assets` and build again")

// assets knows under which name, with its content's hash, each file is served.
type assets struct{ names map[string]string }

// loadAssets reads the manifest that web/assets/build.mjs wrote.
func loadAssets() (assets, error) {
	a := assets{names: map[string]string{"sanad.css": "sanad.css", "icons.svg": "icons.svg", "mark.svg": "mark.svg"}}
	manifest, err := embedded.ReadFile("assets/dist/manifest.json")
	if err != nil {
		return a, ErrAssetsNotBuilt
	}
	a.names = map[string]string{}
	if err := json.Unmarshal(manifest, &a.names); err != nil {
		return a, err
	}
	for name, file := range a.names {
		a.names[name] = "dist/" + file
	}
	return a, nil
}

// has reports whether a file exists in this binary.
func (a assets) has(name string) bool { return a.names[name] != "" }

// address is where a file is served; a name that nobody has comes out as it is,
// so that a mistake is seen at once in the browser and in tests.
func (a assets) address(name string) string {
	if file, ok := a.names[name]; ok {
		return "/assets/" + strings.TrimPrefix(file, "dist/")
	}
	return "/assets/" + name
}

// ServeHTTP serves one asset. Hashed names never change and may be kept for ever.
func (a assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.PathValue("file"))
	file, hashed := a.find(name)
	if file == "" {
		http.NotFound(w, r)
		return
	}
	if hashed {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	w.Header().Set("Content-Type", contentType(name))
	w.Header().Set("Vary", "Accept-Encoding")
	content := a.content(w, r, file)
	w.Header().Set("Content-Length", strconv.Itoa(len(content)))
	if _, err := w.Write(content); err != nil {
		slog.Debug("asset not sent to its end", "file", name)
	}
}

// find returns the embedded path of a served name. Only files that the manifest
// names are served, never the folder.
func (a assets) find(name string) (file string, hashed bool) {
	for _, file := range a.names {
		if path.Base(file) == name {
			return "assets/" + file, strings.HasPrefix(file, "dist/")
		}
	}
	return "", false
}

// content prefers the form gzipped at build time where the browser takes it.
func (a assets) content(w http.ResponseWriter, r *http.Request, file string) []byte {
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		if packed, err := fs.ReadFile(embedded, file+".gz"); err == nil {
			w.Header().Set("Content-Encoding", "gzip")
			return packed
		}
	}
	content, err := fs.ReadFile(embedded, file)
	if err != nil {
		slog.Error("embedded asset cannot be read", "file", file, "error", err)
	}
	return content
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".woff2":
		return "font/woff2"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	}
	return mime.TypeByExtension(path.Ext(name))
}
