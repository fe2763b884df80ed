package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/text"
)

// refusalOf turns what huma found wrong with a request into a fault; our own
// faults come through as they are, all else stays an internal error.
func refusalOf(status int, said string, errs []error) error {
	for _, err := range errs {
		if f := fault.Of(err); f != nil {
			return f
		}
	}
	if status >= http.StatusInternalServerError {
		return errors.Join(append(errs, errors.New(said))...)
	}
	if tooLarge(errs) {
		status, errs = http.StatusRequestEntityTooLarge, nil
	}
	if f, ok := wholes[status]; ok && !isAboutAField(errs) {
		return f()
	}
	var wrong fault.List
	for _, err := range errs {
		var detail *huma.ErrorDetail
		if errors.As(err, &detail) {
			field, f := fieldFault(detail)
			if field == "" && f.Key == "api.expected_date" {
				field = wrongDate(detail.Value)
			}
			wrong.Add(field, f)
		}
	}
	if err := wrong.Err(); err != nil {
		return err
	}
	return fault.Invalid("api.unreadable")
}

// wholes are the refusals of a request as a whole.
var wholes = map[int]func() *fault.Fault{
	http.StatusBadRequest:            func() *fault.Fault { return fault.Invalid("api.not_json") },
	http.StatusRequestTimeout:        func() *fault.Fault { return fault.Unavailable("api.too_slow") },
	http.StatusNotAcceptable:         func() *fault.Fault { return fault.Invalid("api.not_acceptable") },
	http.StatusRequestEntityTooLarge: func() *fault.Fault { return fault.Invalid("api.too_large") },
	http.StatusUnsupportedMediaType:  func() *fault.Fault { return fault.Invalid("api.media_type") },
}

// tooLarge tells whether a form was cut off by http.MaxBytesReader, of which huma
// keeps the words only.
func tooLarge(errs []error) bool {
	for _, err := range errs {
		var detail *huma.ErrorDetail
		if errors.As(err, &detail) && strings.HasSuffix(detail.Message, "http: request body too large") {
			return true
		}
	}
	return false
}

// isAboutAField tells whether somewhere below the body as such is wrong.
func isAboutAField(errs []error) bool {
	for _, err := range errs {
		var detail *huma.ErrorDetail
		if errors.As(err, &detail) && detail.Location != "body" && detail.Location != "" {
			return true
		}
	}
	return false
}

// meaning is one sentence of huma's and the message that says it to people. What
// the pattern catches fills the placeholder.
type meaning struct {
	said *regexp.Regexp
	key  text.Key
	name string // placeholder; "field" names the field instead
}

// meanings are huma's sentences, by its packages huma and validation. What none
// of them fits is "api.unreadable".
var meanings = []meaning{
	{regexp.MustCompile(`^unexpected property`), "api.unknown_field", ""},
	{regexp.MustCompile(`^unknown query parameter`), "api.unknown_parameter", ""},
	{regexp.MustCompile(`^expected required property (.+) to be present`), "api.required", "field"},
	{regexp.MustCompile(`^required \w+ parameter is missing`), "api.required", ""},
	{regexp.MustCompile(`^request body is required`), "api.no_body", ""},
	{regexp.MustCompile(`^expected value to be one of "(.*)"`), "api.one_of", "values"},
	{regexp.MustCompile(`^(?:expected integer|invalid integer)`), "api.expected_integer", ""},
	{regexp.MustCompile(`^(?:expected boolean|invalid boolean)`), "api.expected_boolean", ""},
	{regexp.MustCompile(`^expected number >=? (.+)`), "api.too_small", "least"},
	{regexp.MustCompile(`^expected number <=? (.+)`), "api.too_big", "most"},
	{regexp.MustCompile(`^expected number$`), "api.expected_integer", ""},
	{regexp.MustCompile(`^expected length >= (\d+)`), "api.too_short", "least"},
	{regexp.MustCompile(`^expected length <= (\d+)`), "api.too_long", "most"},
	{regexp.MustCompile(`^expected array length >= (\d+)`), "api.too_few", "least"},
	{regexp.MustCompile(`^expected array length <= (\d+)`), "api.too_many", "most"},
	{regexp.MustCompile(`^expected string to be (?:a UUID|RFC 4122)`), "api.expected_identifier", ""},
	{regexp.MustCompile(`^expected string to be a date`), "api.expected_date", ""},
	{regexp.MustCompile(`^expected string to be a month`), "api.expected_month", ""},
	{regexp.MustCompile(`^expected string to be a quarter`), "api.expected_quarter", ""},
	{regexp.MustCompile(`date-time|date/time`), "api.expected_moment", ""},
	{regexp.MustCompile(`^expected string$`), "api.expected_string", ""},
	{regexp.MustCompile(`^expected array$`), "api.expected_array", ""},
	{regexp.MustCompile(`^expected object$`), "api.expected_object", ""},
}

// unread is what the types of parameters say themselves, by their package.
var unread = regexp.MustCompile(`^(?:invalid value: )?(id|calendar)\.`)

// fieldFault is one of huma's findings about a field. The value itself, which
// huma would send back, stays where it came from.
func fieldFault(d *huma.ErrorDetail) (field string, f *fault.Fault) {
	field = fieldName(d.Location)
	for _, m := range meanings {
		found := m.said.FindStringSubmatch(d.Message)
		switch {
		case found == nil:
			continue
		case m.name == "field":
			return strings.TrimPrefix(field+"."+found[1], "."), fault.Invalid(string(m.key))
		case m.name != "":
			return field, fault.Invalid(string(m.key), m.name, found[1])
		}
		return field, fault.Invalid(string(m.key))
	}
	switch found := unread.FindStringSubmatch(d.Message); {
	case found != nil && found[1] == "id":
		return field, fault.Invalid("api.expected_identifier")
	case found != nil:
		return field, fault.Invalid("api.expected_date")
	}
	return field, fault.Invalid("api.unreadable")
}

// fieldName is where a field stands in the request: body.members[0].name is
// members[0].name, query.month is month.
func fieldName(location string) string {
	_, name, _ := strings.Cut(location, ".")
	return name
}

var dateForm = regexp.MustCompile(`^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$`)

// wrongDate finds the first field of a body that has the form of a date which
// the calendar does not have: the 31st of February passes every pattern, and the
// decoder does not say where it stood.
func wrongDate(body any) string {
	written, _ := body.(string)
	var parsed any
	if json.Unmarshal([]byte(written), &parsed) != nil {
		return ""
	}
	return dateIn(parsed, "")
}

func dateIn(value any, path string) string {
	switch v := value.(type) {
	case string:
		if _, err := calendar.Parse(v); err != nil && dateForm.MatchString(v) {
			return path
		}
	case []any:
		for n, item := range v {
			if found := dateIn(item, fmt.Sprintf("%s[%d]", path, n)); found != "" {
				return found
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if found := dateIn(v[name], strings.TrimPrefix(path+"."+name, ".")); found != "" {
				return found
			}
		}
	}
	return ""
}
