// Package api lets other programs do for a family what a clerk does on a page:
// find her file, register it, tell what happened, decide the month, prepare and
// approve the list, and prove afterwards that all of it stands in the journal.
// A ministry's own portal, a tablet in the field or a school's program goes
// through the same verbs, the same roles and the same records as the counter.
//
// Endpoints are Go functions with typed input and output, registered by step
// (registry.go, payment.go, ...); huma serves them on net/http and makes the
// OpenAPI 3.1 document from the same types (docs/openapi.yaml). An endpoint opens
// one transaction and calls verbs. Refusals are problem documents of RFC 9457 in
// Arabic and English (problem.go). Who acts is a session of the same gate as the
// pages' (session.go).
package api

import (
	"io/fs"
	"log/slog"
	"net/http"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"sanad/delivery/matching/search"
	"sanad/platform/access"
	"sanad/platform/journal"
)

// Prefix is where the API lives on a server; Version is that of its document.
// Members may be added within a version; nothing is renamed or taken away.
const (
	Prefix  = "/api/v1"
	Version = "1.0.0"
)

// Config is what the API needs to know.
type Config struct {
	Journal *journal.Journal  // where everything is kept
	Gate    access.Gate       // who may enter; the zero Gate is that of Journal
	Kinds   journal.Catalogue // every kind of event, to read other nodes' files
	Pack    fs.FS             // the country's content: programmes, mappings
	Search  *search.Index     // of the journal's people; nil makes one
	Secure  bool              // a proxy before us speaks TLS: the session's cookie is a Secure one
}

// door serves one node's endpoints.
type door struct {
	Config
	api huma.API
}

// Handler serves everything below Prefix. It stands beside the pages: the
// session of either is good for both.
func Handler(c Config) http.Handler {
	if c.Gate.Journal == nil {
		c.Gate.Journal = c.Journal
	}
	mux := http.NewServeMux()
	if c.Search == nil {
		c.Search = search.New()
	}
	newDoor(c, mux)
	return protect(answerUnknown(mux))
}

// Document returns the OpenAPI 3.1 document as YAML.
func Document() ([]byte, error) {
	return newDoor(Config{}, http.NewServeMux()).openAPI()
}

func newDoor(c Config, mux *http.ServeMux) *door {
	d := &door{Config: c}
	d.api = humago.NewWithPrefix(mux, Prefix, configuration())
	d.api.UseMiddleware(d.admit)
	mux.HandleFunc("GET "+Prefix+"/openapi.yaml", d.document())
	for _, step := range []func(*door){sessionEndpoints, peopleEndpoints, registryEndpoints, intakeEndpoints, policyEndpoints, enrolmentEndpoints, paymentEndpoints, reviewEndpoints, journalEndpoints, syncEndpoints, problemEndpoints} {
		step(d)
	}
	return d
}

// document serves the OpenAPI document. It is written once, when it is first
// asked for.
func (d *door) document() http.HandlerFunc {
	written := sync.OnceValues(d.openAPI)
	return func(w http.ResponseWriter, r *http.Request) {
		text, err := written()
		if err != nil {
			panic(err)
		}
		w.Header().Set("Content-Type", "application/openapi+yaml")
		_, _ = w.Write(text) // the reader may be gone
	}
}

func (d *door) openAPI() ([]byte, error) { return d.api.OpenAPI().YAML() }

// configuration is huma's, with our own schemas and without what would be
// loaded from elsewhere (a page of documentation) or added to answers.
func configuration() huma.Config {
	c := huma.DefaultConfig("Sanad سند", Version)
	c.CreateHooks = nil
	c.OpenAPIPath, c.DocsPath, c.SchemasPath = "", "", ""
	c.RejectUnknownQueryParameters = true
	c.Servers = []*huma.Server{{URL: Prefix}}
	c.Info.Description = documentIntroduction
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"bearer": {Type: "http", Scheme: "bearer", Description: "The token that POST /sessions answered with."},
		"cookie": {Type: "apiKey", In: "cookie", Name: "sanad-session", Description: "The session of the pages (over TLS: __Host-sanad-session). Requests that change something must come from the same site."},
	}
	nameTypes(c.Components.Schemas)
	return c
}

const documentIntroduction = `The national unified social registry and what is decided and paid on it.

Amounts are whole dirhams, a thousandth of the Libyan dinar (1250500 is 1,250.500 LYD). Dates are ISO 8601 and carry their
precision: 1977-08-21, 1977-08, 1977; an empty or absent date is unknown, which is not the same as none. Moments are RFC 3339 in
UTC. Identifiers are UUIDs.

What changes something needs the header Idempotency-Key, a UUID of the sender's making. Sending the same request with the same
key again does nothing and answers with the first receipt and the header "Repeated: true"; the answer's result is then absent.
A receipt names the entries of the journal that were recorded, with their hashes.

Reading outside one's own area needs a purpose: POST /readings opens an area for two hours. The header Purpose says why a file
is read; it stands beside the reader's name where the family can see it.

Refusals are problem documents (RFC 9457) in the language of Accept-Language, with the sentence in both languages beside it.`

// protect sets the headers of every answer and turns a panic into a problem;
// the transaction has rolled back.
func protect(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store") // nothing of a family stays on the way
		h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		defer func() {
			if cause := recover(); cause != nil {
				if cause == http.ErrAbortHandler {
					panic(cause)
				}
				slog.Error("endpoint panicked", "method", r.Method, "route", r.Pattern, "cause", cause)
				writeProblem(w, problemOf(languageOf(r.Header.Get("Accept-Language")), http.StatusInternalServerError, nil))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// answerUnknown answers addresses and methods that are not there by a problem
// document too.
func answerUnknown(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		handler, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		refusal := &statusOnly{header: http.Header{}, status: http.StatusOK}
		handler.ServeHTTP(refusal, r)
		if allow := refusal.header.Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
		}
		if refusal.status == http.StatusOK {
			refusal.status = http.StatusNotFound
		}
		writeProblem(w, problemOf(languageOf(r.Header.Get("Accept-Language")), refusal.status, unknownAddress(refusal.status)))
	})
}

// statusOnly learns how the standard library refuses an address.
type statusOnly struct {
	header http.Header
	status int
}

func (s *statusOnly) Header() http.Header         { return s.header }
func (s *statusOnly) Write(b []byte) (int, error) { return len(b), nil }
func (s *statusOnly) WriteHeader(status int)      { s.status = status }
