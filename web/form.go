package web

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/text"
)

// form is a set of questions, declared in Go and drawn by pages/parts/form.html,
// so that every form of the program has labels above, hints, errors beside the
// field and in the summary, and works without a script.
type form struct {
	Action  string
	Token   string
	Submit  text.Key
	Fields  []field
	Refused *fault.Fault // what is wrong, once it was sent
	Upload  bool         // carries a file
	Back    string       // where "cancel" leads
	Danger  bool         // nobody should press its button by habit
}

// field is one question.
type field struct {
	Name    string
	Kind    string // text, number, nid, date, month, amount, choice, select, textarea, file, checkbox, password, heading, hidden
	Label   any    // the program's key, or the country's words
	Hint    any
	Value   string
	Values  []string // of a question with several answers
	Day     string   // parts of a date
	Month   string
	Year    string
	Options []option
	Width   string // quarter or half of the line; the whole of it if empty
	Accept  string
	Many    bool   // several files at once
	Auto    string // autocomplete
	Whose   string // name of the person whom the question is about
	Fault   *fault.Fault
}

// option is one answer of a choice: its words from the catalogue, or literally
// where they are somebody's name.
type option struct {
	Value string
	Key   text.Key
	Name  string
	Both  text.Bilingual // a name that the country wrote in both languages
	Hint  text.Key
	Icon  string
}

// Chosen tells whether an option is the answer given.
func (f field) Chosen(o option) bool {
	if f.Kind == "checks" {
		return slices.Contains(f.Values, o.Value)
	}
	return f.Value == o.Value
}

// ID is the anchor of a field, for its label and for the error summary.
func (f field) ID() string { return "f-" + f.Name }

// First is the anchor of the control that the error summary leads to.
func (f field) First() string {
	switch f.Kind {
	case "date":
		return f.ID() + "-day"
	case "choice", "checks":
		return f.ID() + "-0"
	}
	return f.ID()
}

// Months are the options of a month, 1 to 12.
func (f field) Months() []int { return []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12} }

// IsMonth tells whether a month is the one given.
func (f field) IsMonth(m int) bool { return f.Month == strconv.Itoa(m) }

// read fills the fields from what was sent.
func (f *form) read(r *http.Request) {
	for i := range f.Fields {
		f.Fields[i].read(r)
	}
}

func (f *field) read(r *http.Request) {
	switch f.Kind {
	case "date":
		f.Day, f.Month, f.Year = value(r, f.Name+"-day"), value(r, f.Name+"-month"), value(r, f.Name+"-year")
	case "checks":
		f.Values = r.Form[f.Name]
	case "file":
	default:
		f.Value = value(r, f.Name)
	}
}

// value is one sent value without the spaces around it.
func value(r *http.Request, name string) string { return strings.TrimSpace(r.FormValue(name)) }

// get returns the answer to a question.
func (f *form) get(name string) string {
	for _, field := range f.Fields {
		if field.Name == name {
			return field.Value
		}
	}
	return ""
}

// date returns the answer to a date question: as precise as what was written.
func (f *form) date(name string) (calendar.Date, error) {
	for _, field := range f.Fields {
		if field.Name == name {
			return field.date()
		}
	}
	return calendar.Unknown, nil
}

func (f field) date() (calendar.Date, error) {
	var parts [3]int
	for i, s := range []string{f.Year, f.Month, f.Day} {
		if s == "" {
			continue
		}
		n, err := strconv.Atoi(westernDigits(s))
		if err != nil || n < 1 {
			return calendar.Unknown, fault.Invalid("web.date_unreadable", "text", s).At(f.Name)
		}
		parts[i] = n
	}
	if parts[0] == 0 && (parts[1] != 0 || parts[2] != 0) {
		return calendar.Unknown, fault.Invalid("web.date_without_year").At(f.Name)
	}
	d := calendar.Of(parts[0], parts[1], parts[2])
	if !d.Valid() {
		return calendar.Unknown, f.noSuchDay(parts)
	}
	return d, nil
}

func (f field) noSuchDay(parts [3]int) error {
	year, month, day := parts[0], parts[1], parts[2]
	if most := calendar.DaysIn(year, month); most > 0 && day > most {
		return fault.Invalid("web.date_no_such_day", "month", text.Key(fmt.Sprintf("web.month_%d", month)), "days", most).At(f.Name)
	}
	return fault.Invalid("web.date_unreadable", "text", fmt.Sprintf("%d-%d-%d", day, month, year)).At(f.Name)
}

// westernDigits turns Eastern Arabic and Persian digits into 0 to 9.
func westernDigits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		}
		return r
	}, s)
}

// refuse notes on each field what is wrong with it. It reports false where err
// is no refusal of what was sent, and must be handled as an error.
func (f *form) refuse(err error) bool {
	refused := fault.Of(err)
	if refused == nil || refused.Kind != fault.KindInvalid && !f.hasField(refused.Field) {
		return false
	}
	f.note(refused)
	return true
}

// note puts a refusal into the form, whatever its kind.
func (f *form) note(refused *fault.Fault) {
	f.Refused = refused
	wrong := refused.Fields
	if len(wrong) == 0 {
		wrong = []*fault.Fault{refused}
	}
	for i := range f.Fields {
		for _, w := range wrong {
			if w.Field == f.Fields[i].Name {
				f.Fields[i].Fault = w
			}
		}
	}
}

// General is what is wrong but belongs to none of the fields.
func (f form) General() []*fault.Fault {
	if f.Refused == nil {
		return nil
	}
	wrong := f.Refused.Fields
	if len(wrong) == 0 {
		wrong = []*fault.Fault{f.Refused}
	}
	var general []*fault.Fault
	for _, w := range wrong {
		if !f.hasField(w.Field) {
			general = append(general, w)
		}
	}
	return general
}

func (f form) hasField(name string) bool {
	if name == "" {
		return false
	}
	for _, field := range f.Fields {
		if field.Name == name {
			return true
		}
	}
	return false
}

// Wrong lists the refused fields in the order of the page.
func (f form) Wrong() []field {
	var wrong []field
	for _, field := range f.Fields {
		if field.Fault != nil {
			wrong = append(wrong, field)
		}
	}
	return wrong
}

// Count is how many things the summary lists.
func (f form) Count() int { return len(f.Wrong()) + len(f.General()) }

// readForm reads a sent form within its limit.
func (x *exchange) readForm() error {
	err := x.r.ParseForm()
	if err == nil && strings.HasPrefix(x.r.Header.Get("Content-Type"), "multipart/form-data") {
		err = x.r.ParseMultipartForm(4 << 20)
	}
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return fault.Invalid("web.too_large", "megabytes", int(tooLarge.Limit>>20))
	}
	if err != nil {
		return fault.Invalid("web.unreadable_form").Because(err)
	}
	return nil
}
