package api

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/text/language"

	"sanad/platform/fault"
	"sanad/platform/text"
)

// Problem is a refusal as RFC 9457 has it. Detail says what to do, in the
// reader's language; both languages stand beside it, for whoever shows it on.
type Problem struct {
	Type    string         `json:"type" doc:"Names the problem; answers what it means (GET /problems/{key})"`
	Title   string         `json:"title"`
	Status  int            `json:"status"`
	Detail  string         `json:"detail" doc:"What is wrong and what to do, in the language of Accept-Language"`
	Arabic  string         `json:"detail_ar"`
	English string         `json:"detail_en"`
	Errors  []FieldProblem `json:"errors,omitempty" doc:"One for each field that is wrong"`
}

// FieldProblem is what is wrong with one field or parameter.
type FieldProblem struct {
	Field   string `json:"field" doc:"As in the request: members[0].birth"`
	Type    string `json:"type"`
	Arabic  string `json:"detail_ar"`
	English string `json:"detail_en"`
}

// Error is for logs: the problem's name, no values.
func (p *Problem) Error() string { return p.Type }

// GetStatus is the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

var statusOf = map[fault.Kind]int{
	fault.KindInvalid:     http.StatusUnprocessableEntity,
	fault.KindNotFound:    http.StatusNotFound,
	fault.KindForbidden:   http.StatusForbidden,
	fault.KindConflict:    http.StatusConflict,
	fault.KindUnavailable: http.StatusServiceUnavailable,
}

// statusOfKey says what HTTP has a closer word for.
var statusOfKey = map[string]int{
	"api.sign_in":              http.StatusUnauthorized,
	"access.session_over":      http.StatusUnauthorized,
	"access.wrong_login":       http.StatusUnauthorized,
	"access.too_many_attempts": http.StatusTooManyRequests,
	"api.too_large":            http.StatusRequestEntityTooLarge,
	"api.not_json":             http.StatusBadRequest,
	"api.no_body":              http.StatusBadRequest,
	"api.no_method":            http.StatusMethodNotAllowed,
	"api.media_type":           http.StatusUnsupportedMediaType,
	"api.not_acceptable":       http.StatusNotAcceptable,
	"api.too_slow":             http.StatusRequestTimeout,
}

// titles name the statuses in a few words. The message's own sentence says more.
var titles = map[int]text.Key{
	http.StatusBadRequest:            "api.title_400",
	http.StatusUnauthorized:          "api.title_401",
	http.StatusForbidden:             "api.title_403",
	http.StatusNotFound:              "api.title_404",
	http.StatusMethodNotAllowed:      "api.title_405",
	http.StatusNotAcceptable:         "api.title_406",
	http.StatusRequestTimeout:        "api.title_408",
	http.StatusConflict:              "api.title_409",
	http.StatusRequestEntityTooLarge: "api.title_413",
	http.StatusUnsupportedMediaType:  "api.title_415",
	http.StatusUnprocessableEntity:   "api.title_422",
	http.StatusTooManyRequests:       "api.title_429",
	http.StatusInternalServerError:   "api.title_500",
	http.StatusServiceUnavailable:    "api.title_503",
}

// problemOf writes a refusal. An error that is not a fault is ours: its text
// goes to the log and never to a person.
func problemOf(reader text.Language, status int, err error) *Problem {
	f := fault.Of(err)
	key := "fault.internal"
	if f != nil {
		key, status = f.Key, statusOf[f.Kind]
		if closer, ok := statusOfKey[f.Key]; ok {
			status = closer
		}
	}
	if f == nil {
		status = http.StatusInternalServerError
	}
	p := &Problem{Type: typeOf(key), Status: status, Title: text.Say(reader, string(titles[status])),
		Arabic: text.Fault(text.Arabic, orInternal(err)), English: text.Fault(text.English, orInternal(err))}
	p.Detail = map[text.Language]string{text.Arabic: p.Arabic, text.English: p.English}[reader]
	if f != nil {
		p.Errors = fieldsOf(f)
	}
	return p
}

// internal stands in for a cause that is only in the log.
type internal struct{}

func (internal) Error() string { return "internal" }

func orInternal(err error) error {
	if err == nil {
		return internal{}
	}
	return err
}

func fieldsOf(f *fault.Fault) []FieldProblem {
	wrong := f.Fields
	if len(wrong) == 0 && f.Field != "" {
		wrong = []*fault.Fault{f}
	}
	var all []FieldProblem
	for _, w := range wrong {
		all = append(all, FieldProblem{Field: w.Field, Type: typeOf(w.Key), Arabic: text.Fault(text.Arabic, w), English: text.Fault(text.English, w)})
	}
	return all
}

func typeOf(key string) string { return Prefix + "/problems/" + key }

var languages = language.NewMatcher([]language.Tag{language.Arabic, language.English})

// languageOf is the reader's language: Arabic unless English is asked for.
func languageOf(accepted string) text.Language {
	_, n := language.MatchStrings(languages, accepted)
	return text.Languages[n]
}

// huma makes every refusal, its own and ours, by these two variables.
var _ = replaceErrors()

func replaceErrors() bool {
	huma.NewError = func(status int, said string, errs ...error) huma.StatusError {
		return problemOf(text.Arabic, status, refusalOf(status, said, errs))
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, said string, errs ...error) huma.StatusError {
		err := refusalOf(status, said, errs)
		p := problemOf(languageOf(ctx.Header("Accept-Language")), status, err)
		if p.Status == http.StatusInternalServerError {
			slog.Error("endpoint failed", "operation", ctx.Operation().OperationID, "error", err)
		}
		for name, value := range headersOf(p) {
			ctx.SetHeader(name, value)
		}
		return p
	}
	return true
}

// headersOf are the headers that a problem brings.
func headersOf(p *Problem) map[string]string {
	said := map[string]string{"Vary": "Accept-Language", "Content-Language": "ar"}
	if p.Detail == p.English {
		said["Content-Language"] = "en"
	}
	switch p.Status {
	case http.StatusUnauthorized:
		said["WWW-Authenticate"] = `Bearer realm="sanad"`
	case http.StatusTooManyRequests:
		said["Retry-After"] = "60"
	case http.StatusServiceUnavailable:
		said["Retry-After"] = "10"
	}
	return said
}

// writeProblem answers where huma does not come to speak.
func writeProblem(w http.ResponseWriter, p *Problem) {
	for name, value := range headersOf(p) {
		w.Header().Set(name, value)
	}
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the reader may be gone
}

func unknownAddress(status int) error {
	if status == http.StatusMethodNotAllowed {
		return fault.Invalid("api.no_method")
	}
	return fault.NotFound("api.no_such_address")
}

// Meaning is what a problem's name stands for; placeholders are in braces.
type Meaning struct {
	Key     string `json:"key"`
	Arabic  string `json:"message_ar"`
	English string `json:"message_en"`
}

func problemEndpoints(d *door) {
	plain(d, endpoint{name: "problem", at: "GET /problems/{key}", says: "What a problem's name means", open: true}, meaningOf)
}

func meaningOf(_ context.Context, in *struct {
	Key string `path:"key" maxLength:"100" example:"registry.no_household"`
}) (Meaning, error) {
	if !text.Has(in.Key) {
		return Meaning{}, fault.NotFound("api.no_such_problem")
	}
	return Meaning{Key: in.Key, Arabic: blank(text.Arabic, in.Key), English: blank(text.English, in.Key)}, nil
}

// blank is a message's sentence with its placeholders left open.
func blank(l text.Language, key string) string {
	return strings.NewReplacer("⟦", "{", "⟧", "}").Replace(text.Say(l, key))
}
