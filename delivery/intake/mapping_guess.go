package intake

import (
	"strings"
	"unicode"
)

// shortestGuess is how many letters a heading must have for one slip in it to be
// forgiven: in shorter ones a letter makes another word (اسم الأم, اسم الأب).
const shortestGuess = 9

// guess finds the meaning of a heading that is not known as it is written:
// without what stands in brackets (الدخل (د.ل)), in two languages that agree
// (تاريخ الميلاد / Birth date), without its blanks, or with one wrong letter. It
// is a guess, which the caller shows.
func (m *Mapping) guess(written string) (Meaning, bool) {
	folded := fold(written)
	for _, form := range []string{fold(outsideBrackets(written)), script(folded, false), script(folded, true)} {
		if meaning, known := m.headings[form]; known && m.unopposed(folded, form, meaning) {
			return meaning, true
		}
	}
	return m.slipped(folded)
}

// unopposed reports that the rest of a heading does not mean another column.
func (m *Mapping) unopposed(folded, form string, meaning Meaning) bool {
	rest := strings.TrimSpace(strings.Replace(folded, form, "", 1))
	other, known := m.headings[rest]
	return !known || other == meaning
}

// slipped finds the only meaning with a heading that is one slip away.
func (m *Mapping) slipped(folded string) (Meaning, bool) {
	letters := []rune(strings.ReplaceAll(folded, " ", ""))
	if len(letters)+1 < shortestGuess || len(letters) > 60 {
		return "", false
	}
	var found Meaning
	for heading, meaning := range m.headings {
		if other := strings.ReplaceAll(heading, " ", ""); !oneSlip(letters, []rune(other)) {
			continue
		}
		if found != "" && found != meaning {
			return "", false
		}
		found = meaning
	}
	return found, found != ""
}

// oneSlip reports that two words differ by at most one letter that is wrong,
// missing or too many, or by two neighbours that changed places.
func oneSlip(a, b []rune) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	start := 0
	for start < len(a) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	x, y := a[start:len(a)-end], b[start:len(b)-end]
	return len(y) <= 1 || len(x) == 2 && len(y) == 2 && x[0] == y[1] && x[1] == y[0]
}

// outsideBrackets is a text without what stands in brackets.
func outsideBrackets(text string) string {
	var b strings.Builder
	depth := 0
	for _, r := range text {
		switch {
		case strings.ContainsRune("([{", r):
			depth++
		case strings.ContainsRune(")]}", r):
			depth = max(depth-1, 0)
		case depth == 0:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// script is the words of a folded text that are in Latin letters, or the others.
func script(folded string, latin bool) string {
	var words []string
	for _, word := range strings.Fields(folded) {
		if isLatin := strings.IndexFunc(word, func(r rune) bool { return unicode.Is(unicode.Latin, r) }) >= 0; isLatin == latin {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}
