package web

import (
	"errors"
	"fmt"
	"html"
	"html/template"
	"strconv"
	"strings"
	"time"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
	"sanad/platform/text"
)

// words are the functions that templates speak with, bound to one language when
// the templates are parsed, so that no view carries a language.
func words(language text.Language, a assets) template.FuncMap {
	w := speech{language, a}
	return template.FuncMap{
		"t": w.say, "plain": w.plain, "in": w.in, "fault": w.fault,
		"lang": func() string { return string(language) }, "dir": language.Direction,
		"otherLang": func() string { return string(language.Other()) },
		"n":         number, "signed": signed, "money": w.money, "amount": w.amount, "permille": permille,
		"signedAmount": signedAmount, "plusMinus": plusMinus, "signedPermille": signedPermille,
		"date": w.date, "day": w.day, "month": w.month, "monthName": w.monthName, "clock": clock,
		"nid": nationalNumber, "ltr": ltr, "iban": iban,
		"icon": w.icon, "icons": w.icons, "asset": a.address, "hasAsset": a.has,
		"pill": w.pill, "args": args, "value": w.value,
	}
}

// speech is one language together with the assets that its pages link to.
type speech struct {
	language text.Language
	assets   assets
}

// The marks around what people typed, turned into <bdi> after escaping: a Latin
// file number inside an Arabic sentence must not turn the sentence round.
const openIsolate, openLatin, closeIsolate = "\u2068", "\u2066", "\u2069"

// say returns a sentence of the catalogue, each argument that is text isolated.
func (s speech) say(key any, arguments ...any) template.HTML {
	if words, ok := key.(text.Bilingual); ok { // the country's own words
		return template.HTML(html.EscapeString(words.In(s.language)))
	}
	arguments = flat(arguments)
	isolated := make([]any, len(arguments))
	for i, a := range arguments {
		isolated[i] = a
		if value, ok := a.(string); ok && i%2 == 1 {
			isolated[i] = openIsolate + value + closeIsolate
		}
	}
	return isolates(text.Say(s.language, fmt.Sprint(key), isolated...))
}

// isolates escapes words and turns the marks in them into elements.
func isolates(words string) template.HTML {
	escaped := html.EscapeString(words)
	return template.HTML(strings.NewReplacer(openIsolate, "<bdi>", openLatin, `<bdi dir="ltr">`, closeIsolate, "</bdi>").Replace(escaped))
}

// flat lets a view hand over its pairs as one list.
func flat(arguments []any) []any {
	if len(arguments) == 1 {
		if pairs, ok := arguments[0].([]any); ok {
			return pairs
		}
	}
	return arguments
}

// plain is say without markup, for titles and other places that hold only text.
func (s speech) plain(key any, arguments ...any) string {
	return text.Say(s.language, fmt.Sprint(key), flat(arguments)...)
}

// in picks this language's wording of what a country wrote in both.
func (s speech) in(b text.Bilingual) string { return b.In(s.language) }

// fault renders a refusal in this language.
func (s speech) fault(f *fault.Fault) template.HTML {
	if f == nil {
		return ""
	}
	return isolates(text.Fault(s.language, f))
}

// value writes any argument of a message alone, such as a quarter.
func (s speech) value(v any) string { return text.Value(s.language, v) }

// number writes a count, isolated and left to right.
func number(n any) (template.HTML, error) {
	switch n := n.(type) {
	case int:
		return bdi(text.Number(int64(n))), nil
	case int64:
		return bdi(text.Number(n)), nil
	}
	return "", fmt.Errorf("n: %T is not a count", n)
}

// signed writes a difference with its sign: +31,204, −8,375, 0.
func signed(n int) template.HTML {
	if n > 0 {
		return bdi("+" + text.Number(int64(n)))
	}
	return bdi(text.Number(int64(n)))
}

func bdi(s string) template.HTML {
	return template.HTML(`<bdi dir="ltr">` + html.EscapeString(s) + `</bdi>`)
}

// permille writes a share kept in thousandths as a percentage: 764 is 76.4%.
func permille(share int) template.HTML {
	return bdi(shareWritten(share))
}

func shareWritten(share int) string {
	s := strconv.Itoa(share / 10)
	if share%10 != 0 {
		s += "." + strconv.Itoa(share%10)
	}
	return s + "%"
}

// signedAmount writes a difference of amounts with its sign, green where there is
// more of it and red where there is less.
func signedAmount(a money.Amount) template.HTML {
	switch {
	case a > 0:
		return template.HTML(`<span class="pos">`) + plusMinus(a) + `</span>`
	case a < 0:
		return template.HTML(`<span class="neg">`) + plusMinus(a) + `</span>`
	}
	return plusMinus(a)
}

// plusMinus writes a difference of amounts that is neither good nor bad by itself.
func plusMinus(a money.Amount) template.HTML {
	if a > 0 {
		return bdi("+" + text.Amount(a))
	}
	return bdi(text.Amount(a))
}

// signedPermille writes a change in thousandths as a percentage with its sign.
func signedPermille(share int) template.HTML {
	if share < 0 {
		return bdi("\u2212" + shareWritten(-share))
	}
	return bdi("+" + shareWritten(share))
}

// money writes an amount with its currency.
func (s speech) money(a money.Amount) template.HTML {
	return template.HTML(`<span class="money">`) + bdi(text.Amount(a)) +
		template.HTML(`<small>`+html.EscapeString(text.Say(s.language, "web.currency"))+`</small></span>`)
}

// amount writes an amount alone, for columns whose head names the currency.
func (s speech) amount(a money.Amount) template.HTML { return bdi(text.Amount(a)) }

// date writes a date in words, in a time element where the day is known.
func (s speech) date(d calendar.Date) template.HTML {
	words := html.EscapeString(text.Date(s.language, d))
	if d == calendar.Unknown {
		return template.HTML(`<span class="unknown">` + words + `</span>`)
	}
	return template.HTML(`<time datetime="` + d.String() + `">` + words + `</time>`)
}

// day writes day and month without the year.
func (s speech) day(d calendar.Date) template.HTML {
	if d.Precision() != calendar.PrecisionDay {
		return s.date(d)
	}
	words := strconv.Itoa(d.DayOfMonth()) + " " + text.MonthName(s.language, d.Month())
	return template.HTML(`<time datetime="` + d.String() + `">` + words + `</time>`)
}

// month writes month and year of a date.
func (s speech) month(d calendar.Date) string {
	return text.Date(s.language, calendar.Of(d.Year(), d.Month(), 0))
}

// monthName names a month, 1 to 12.
func (s speech) monthName(month int) string { return text.MonthName(s.language, month) }

// clock writes hours and minutes as they are in Libya.
func clock(t time.Time) template.HTML { return bdi(t.UTC().Add(2 * time.Hour).Format("15:04")) }

// nationalNumber spaces the groups of a national number by CSS, so that a copy
// gives twelve plain digits.
func nationalNumber(digits string) template.HTML {
	if len(digits) != 12 {
		return ltr(digits)
	}
	var b strings.Builder
	b.WriteString(`<bdi class="nid">`)
	for _, group := range []string{digits[:1], digits[1:5], digits[5:11], digits[11:]} {
		b.WriteString("<span>" + html.EscapeString(group) + "</span>")
	}
	return template.HTML(b.String() + "</bdi>")
}

// ltr isolates a number that is a name: a file, a phone, a hash.
func ltr(s string) template.HTML {
	return template.HTML(`<bdi class="ltr">` + html.EscapeString(s) + `</bdi>`)
}

// iban groups an account number by fours.
func iban(s string) template.HTML { return ltr(grouped(s)) }

// icon draws one sign of the sprite; with the word "flip" it is mirrored in
// right-to-left pages.
func (s speech) icon(name string, flip ...string) (template.HTML, error) {
	class := "icon"
	if len(flip) > 0 {
		class += " icon--flip"
	}
	if !strings.Contains(sprite(), `id="i-`+name+`"`) {
		return "", fmt.Errorf("icon: no sign named %q in web/assets/icons.svg", name)
	}
	return template.HTML(`<svg class="` + class + `" viewBox="0 0 24 24" aria-hidden="true"><use href="` + s.icons() + `#i-` + name + `"/></svg>`), nil
}

func (s speech) icons() string { return s.assets.address("icons.svg") }

func sprite() string {
	content, err := embedded.ReadFile("assets/icons.svg")
	if err != nil {
		panic(err) // committed and embedded: the binary itself is broken
	}
	return string(content)
}

// pill writes a state: its word and its sign, never its colour alone.
func (s speech) pill(state pill) (template.HTML, error) {
	sign, err := s.icon(pillIcons[state.Tone])
	if err != nil {
		return "", err
	}
	return template.HTML(`<span class="pill pill--`+state.Tone+`">`) + sign + s.say(state.Key, state.Args...) + "</span>", nil
}

// pill is the state of one thing in a word or two. Tone: ok, warn, bad, info,
// unknown or plain.
type pill struct {
	Tone string
	Key  text.Key
	Args []any
}

var pillIcons = map[string]string{
	"ok": "check", "warn": "warn", "bad": "x", "info": "info", "unknown": "help", "plain": "clock",
}

// args makes a list of name-value pairs into a map for a part with several
// parameters.
func args(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, errors.New("args: a name without its value")
	}
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m, nil
}
