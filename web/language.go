package web

import (
	"net/http"
	"strings"
	"time"

	"sanad/platform/text"
)

// languageOf is the reader's choice, else Arabic: a browser that was installed
// in English says nothing about its reader.
func (s *site) languageOf(r *http.Request) text.Language {
	if s.cookie(r, "language") == string(text.English) {
		return text.English
	}
	return text.Arabic
}

// setLanguage keeps the choice for a year and goes back to the page it came from.
func setLanguage(x *exchange) error {
	language := text.Arabic
	if x.r.PostFormValue("language") == string(text.English) {
		language = text.English
	}
	x.site.setCookie(x.w, x.r, "language", string(language), 365*24*time.Hour)
	return x.seeOther(localPath(x.r.PostFormValue("back")))
}

// localPath refuses an address that would lead to another site.
func localPath(path string) string {
	if !strings.HasPrefix(path, "/") || strings.HasPrefix(path, "//") || strings.ContainsAny(path, "\\\r\n\t") {
		return "/"
	}
	return path
}
