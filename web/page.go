package web

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"strconv"
	"strings"

	"sanad/platform/text"
)

//go:embed pages
var pageFiles embed.FS

// page is the name of a template under pages/ together with the type of what it
// shows, so that a handler cannot hand it anything else:
//
//	var showHousehold = page[householdView]("registry/household")
type page[V any] string

// envelope is what a template receives: the frame around the page and its view.
type envelope struct {
	Frame *frame
	View  any
}

// show writes the page with status 200.
func (p page[V]) show(x *exchange, view V) error { return p.answer(x, http.StatusOK, view) }

// refuse writes the page again with what is to be mended: status 422, and a
// title that begins with the word "error".
func (p page[V]) refuse(x *exchange, view V) error {
	x.frame.Wrong = true
	return p.answer(x, http.StatusUnprocessableEntity, view)
}

// answer renders into memory first: a template that fails half way must not
// leave half a page that looks whole.
func (p page[V]) answer(x *exchange, status int, view V) error {
	var out bytes.Buffer
	if err := x.site.templates.render(&out, x.language, string(p), envelope{x.frame, view}); err != nil {
		return err
	}
	return x.write(status, out.Bytes())
}

// write sends a finished page, gzipped where the browser takes it: a branch line
// of 64 kbit/s carries eight kilobytes a second.
func (x *exchange) write(status int, content []byte) error {
	h := x.w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(x.language))
	h.Add("Vary", "Cookie, Accept-Encoding")
	if strings.Contains(x.r.Header.Get("Accept-Encoding"), "gzip") {
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		if _, err := z.Write(content); err != nil {
			return err
		}
		if err := z.Close(); err != nil {
			return err
		}
		h.Set("Content-Encoding", "gzip")
		content = packed.Bytes()
	}
	h.Set("Content-Length", strconv.Itoa(len(content)))
	x.w.WriteHeader(status)
	_, err := x.w.Write(content)
	return err
}

// templates holds every page of every language, parsed once.
type templates map[text.Language]map[string]*template.Template

// parseTemplates reads pages/: the frames and parts, then each page by itself.
func parseTemplates(a assets) (templates, error) {
	all := templates{}
	names, err := pageNames()
	if err != nil {
		return nil, err
	}
	for _, language := range text.Languages {
		base, err := template.New("base").Funcs(words(language, a)).ParseFS(pageFiles, "pages/*.html", "pages/parts/*.html")
		if err != nil {
			return nil, err
		}
		all[language] = map[string]*template.Template{}
		for _, name := range names {
			if all[language][name], err = parsePage(base, name); err != nil {
				return nil, fmt.Errorf("pages/%s.html: %w", name, err)
			}
		}
	}
	return all, nil
}

func parsePage(base *template.Template, name string) (*template.Template, error) {
	source, err := pageFiles.ReadFile("pages/" + name + ".html")
	if err != nil {
		return nil, err
	}
	own, err := base.Clone()
	if err != nil {
		return nil, err
	}
	return own.New(name).Parse(string(source))
}

// pageNames lists the pages: every file in a folder of pages/ but parts/.
func pageNames() ([]string, error) {
	var names []string
	err := fs.WalkDir(pageFiles, "pages", func(path string, d fs.DirEntry, err error) error {
		name := strings.TrimSuffix(strings.TrimPrefix(path, "pages/"), ".html")
		if err == nil && !d.IsDir() && strings.Contains(name, "/") && !strings.HasPrefix(name, "parts/") {
			names = append(names, name)
		}
		return err
	})
	return names, err
}

func (t templates) render(out *bytes.Buffer, language text.Language, name string, data any) error {
	found := t[language][name]
	if found == nil {
		return fmt.Errorf("web: no page named %q", name)
	}
	return found.ExecuteTemplate(out, name, data)
}

// renderPart writes one named part, for answers that replace a piece of a page.
func (t templates) renderPart(out *bytes.Buffer, language text.Language, part string, data any) error {
	return t[language]["frame/map"].ExecuteTemplate(out, part, data)
}
