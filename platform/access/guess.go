package access

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sanad/platform/fault"
)

// Lengths of a password in characters (OWASP ASVS 5.0, 6.2).
const (
	passwordMin = 12
	passwordMax = 128
)

// checkPassword refuses what is too short, too long or easy to guess for whom
// it belongs to: known passwords, keyboard runs, repetitions, and words of the
// person and the place. There are no rules about kinds of characters.
func checkPassword(password string, p Person) error {
	switch n := utf8.RuneCountInString(password); {
	case n < passwordMin:
		return fault.Invalid("access.password_short", "least", passwordMin, "length", n).At("password")
	case n > passwordMax:
		return fault.Invalid("access.password_long", "most", passwordMax).At("password")
	}
	if guessable(password, p) {
		return fault.Invalid("access.password_guessable").At("password")
	}
	return nil
}

// guessable reports a password of which little is left once what everybody
// tries first is taken out of it.
func guessable(password string, p Person) bool {
	rest := foldPassword(password)
	for _, word := range append(strings.Fields(nameKey(p.Name)+" "+nameKey(p.Login)), expected...) {
		if utf8.RuneCountInString(word) >= 3 {
			rest = strings.ReplaceAll(rest, word, " ")
		}
	}
	for _, run := range runs {
		rest = withoutRuns(rest, []rune(foldPassword(run)))
	}
	left := map[rune]bool{}
	letters := 0
	for _, r := range rest {
		if r != ' ' && !unicode.IsPunct(r) && !unicode.IsSymbol(r) {
			left[r] = true
			letters++
		}
	}
	return letters < 6 || len(left) < 4
}

var clever = strings.NewReplacer("@", "a", "$", "s", "!", "i", "0", "o", "3", "e", "5", "s",
	"أ", "ا", "إ", "ا", "آ", "ا", "ؤ", "و", "ئ", "ي", "ة", "ه", "ى", "ي")

// foldPassword makes alike what people take for clever: capitals, 3 for e.
func foldPassword(password string) string {
	return clever.Replace(strings.ToLower(norm.NFKC.String(password)))
}

// expected are words that passwords of this place are made of, folded.
var expected = []string{
	"password", "passwort", "passwd", "welcome", "letmein", "administrator", "admin", "changeme", "secret", "iloveyou", "monkey", "dragon",
	"football", "master", "sunshine", "princess", "superman", "login", "hello", "qazwsx", "abc", "user", "test", "default",
	"sanad", "libya", "tripoli", "benghazi", "misrata", "ministry", "social", "affairs", "registry", "branch", "diwan", "minister",
	"سند", "ليبيا", "طرابلس", "بنغازي", "مصراته", "وزاره", "الوزاره", "شوون", "الشوون", "اجتماعيه", "الاجتماعيه", "السجل", "فرع", "ديوان",
	"كلمه", "المرور", "مرور", "السر", "الله", "محمد", "بسم", "الرحمن", "الرحيم", "مرحبا", "حبيبي", "احبك",
}

// runs are rows of keys and orders that fingers fall into; both ways count.
var runs = []string{"01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "azertyuiop", "abcdefghijklmnopqrstuvwxyz", "1qaz2wsx3edc4rfv", "qweasdzxc",
	"ضصثقفغعهخحجد", "شسيبلاتنمكط", "ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "ابجدهوزحطيكلمن", "٠١٢٣٤٥٦٧٨٩٠"}

// withoutRuns takes out four or more neighbours of a run, forwards or back, and
// all but one of a sign that is repeated.
func withoutRuns(s string, run []rune) string {
	in := []rune(s)
	var out []rune
	for i := 0; i < len(in); {
		n := max(runLength(in[i:], run, 1), runLength(in[i:], run, -1))
		if n < 4 {
			n = 1
			out = append(out, in[i])
			for i+n < len(in) && in[i+n] == in[i] {
				n++
			}
		} else {
			out = append(out, ' ')
		}
		i += n
	}
	return string(out)
}

func runLength(in, run []rune, step int) int {
	for at := range run {
		if run[at] != in[0] {
			continue
		}
		n := 0
		for n < len(in) && at+n*step >= 0 && at+n*step < len(run) && in[n] == run[at+n*step] {
			n++
		}
		return n
	}
	return 0
}
