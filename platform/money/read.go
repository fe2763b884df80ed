package money

import (
	"strings"
	"unicode"

	"sanad/platform/fault"
)

// Reading says how a written amount was understood: exactly, by a guess that a
// person should see, or not at all. The zero Reading is exact.
type Reading struct {
	Key     string // message that says what was guessed or why it was refused
	Args    []any
	Refused bool
}

// Exact reports whether nothing was guessed.
func (r Reading) Exact() bool { return r.Key == "" }

// Guessed reports whether the value rests on a guess, to be shown as a warning.
func (r Reading) Guessed() bool { return r.Key != "" && !r.Refused }

// Err returns the refusal as a fault, nil where a value was read.
func (r Reading) Err() error {
	if !r.Refused {
		return nil
	}
	return fault.Invalid(r.Key, r.Args...)
}

func guessed(key string, args ...any) Reading { return Reading{Key: key, Args: args} }

func refused(key string, args ...any) (Amount, Reading) {
	return 0, Reading{Key: key, Args: args, Refused: true}
}

// Parse reads an amount in dinars as people and spreadsheets write it: 5,080 ·
// 2210.500 · 1,250.500 · 1.250,500 · ٢٬٢١٠٫٥٠٠ · 900 د.ل · (150) and -150 for a
// debt. An empty text is not zero: whether nothing written means nothing is the
// caller's to say, so it is refused like every text that is not an amount
// ("money.not_read").
//
// One separator before exactly three digits can mean thousands or dirhams. A
// comma is thousands, a point is dirhams, as Libyan papers and spreadsheets
// have it, and both are exact; 1.250.000 and 0,500 can mean one thing only. The
// guesses are a lone comma before other than three digits (12,5), and parts
// smaller than a dirham, which are dropped.
func Parse(text string) (Amount, Reading) {
	bare, negative, ok := strip(text)
	if !ok || bare == "" {
		return refused("money.not_read", "text", shorten(text))
	}
	whole, part, reading, ok := split(bare)
	if !ok {
		return refused("money.not_read", "text", shorten(text))
	}
	amount, ok := sum(whole, part)
	if !ok {
		return refused("money.overflow")
	}
	if negative {
		amount = -amount
	}
	if strings.Trim(part[min(len(part), 3):], "0") != "" {
		reading = "money.read_rounded"
	}
	switch reading {
	case "":
		return amount, Reading{}
	case "money.read_rounded":
		return amount, guessed("money.read_rounded", "text", shorten(text), "amount", amount)
	}
	return amount, guessed("money.read_decimal_comma", "text", shorten(text), "amount", amount)
}

// currencies are what may stand around the figure.
var currencies = []string{"دينار ليبي", "دينارا ليبيا", "دنانير ليبية", "دينار", "دينارا", "دنانير", "د.ل.", "د.ل", "د ل", "دل", "lyd", "l.d.", "l.d", "ld"}

// strip leaves digits, points and commas, all ASCII; ok is false where anything
// else was written.
func strip(text string) (bare string, negative, ok bool) {
	if len(text) > 100 {
		return "", false, false
	}
	text = strings.ToLower(strings.Map(plain, text))
	text = strings.TrimSpace(text)
	for _, currency := range currencies {
		if without := strings.TrimPrefix(strings.TrimSuffix(text, currency), currency); without != text {
			text = strings.TrimSpace(without)
			break
		}
	}
	if inside, bracketed := strings.CutPrefix(text, "("); bracketed && strings.HasSuffix(inside, ")") {
		text, negative = strings.TrimSuffix(inside, ")"), true
	}
	for _, sign := range []string{"-", "+"} {
		if inside, signed := strings.CutPrefix(text, sign); signed && !negative {
			text, negative = inside, sign == "-"
		} else if inside, signed := strings.CutSuffix(text, sign); signed && !negative {
			text, negative = inside, sign == "-"
		}
	}
	text = strings.TrimSpace(text)
	return joinGroups(text), negative, strings.Trim(text, "0123456789., ") == ""
}

// joinGroups drops the blanks of 1 250 500, and keeps those of "12 5", which
// then is refused.
func joinGroups(text string) string {
	groups := strings.Split(text, " ")
	for i, group := range groups {
		digits, _, _ := strings.Cut(group, ".")
		if i > 0 && len(digits) != 3 || i > 0 && groups[i-1] == "" {
			return text
		}
	}
	return strings.Join(groups, "")
}

// plain turns one character into what it stands for, or drops it.
func plain(r rune) rune {
	switch {
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	case r == '٫':
		return '.'
	case r == '٬' || r == '،' || r == '\'' || r == '’':
		return ','
	case r == '\u2212' || r == '–':
		return '-'
	case unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Mn, r) || r == 'ـ':
		return -1
	case unicode.IsSpace(r):
		return ' '
	}
	return r
}

// split finds the whole dinars and the part behind the decimal sign. reading is
// the key of a guess.
func split(text string) (whole, part, reading string, ok bool) {
	points, commas := strings.Count(text, "."), strings.Count(text, ",")
	decimal := "."
	switch {
	case points > 0 && commas > 0 && strings.LastIndexByte(text, ',') > strings.LastIndexByte(text, '.'):
		decimal = "," // 1.250,500
	case points > 1 && commas == 0:
		decimal = "" // 1.250.000
	case points == 0 && commas == 1 && !thousands(text, ","):
		decimal = "," // 12,5
		if !strings.HasPrefix(text, "0,") {
			reading = "money.read_decimal_comma"
		}
	}
	separator := map[string]string{".": ",", ",": ".", "": "."}[decimal]
	whole = text
	if decimal != "" {
		var found bool
		whole, part, found = strings.Cut(text, decimal)
		if found && (part == "" || strings.Trim(part, "0123456789") != "") {
			return "", "", "", false
		}
	}
	if strings.Contains(whole, separator) && !thousands(whole, separator) {
		return "", "", "", false
	}
	whole = strings.ReplaceAll(whole, separator, "")
	return whole, part, reading, whole+part != "" && strings.Trim(whole, "0123456789") == ""
}

// thousands reports whether a whole number is cut into proper groups of three.
func thousands(text, separator string) bool {
	groups := strings.Split(text, separator)
	first := groups[0]
	if first == "" || len(first) > 3 || first[0] == '0' {
		return false
	}
	for _, group := range groups[1:] {
		if len(group) != 3 {
			return false
		}
	}
	return true
}

// sum computes whole dinars and three decimals; false when it does not fit.
func sum(whole, part string) (Amount, bool) {
	part = (part + "000")[:3]
	digits := strings.TrimLeft(whole+part, "0")
	if len(digits) > 18 {
		return 0, false
	}
	var n int64
	for i := range len(digits) {
		n = n*10 + int64(digits[i]-'0')
	}
	return Amount(n), true
}

// shorten keeps a message readable when a cell holds a page.
func shorten(text string) string {
	runes := []rune(text)
	return string(runes[:min(len(runes), 40)])
}
