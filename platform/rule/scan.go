package rule

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// scan walks the text once before the grammar does. Here are found the slips of
// people who write formulas in a spreadsheet or a letter, each with what to
// write instead; a grammar could only say that it expected something else.
func (c *compilation) scan() error {
	c.partner = map[int]int{}
	var open []int
	for i := 0; i < len(c.text); {
		next, err := c.token(i, &open)
		if err != nil {
			return err
		}
		i = next
	}
	if len(open) > 0 {
		last := open[len(open)-1]
		return c.faultAt("rule.bracket_missing", last, last+1, "bracket", closing[c.text[last]])
	}
	return nil
}

var closing = map[byte]string{'(': ")", '[': "]"}

// token checks the token at i and returns where the next one begins.
func (c *compilation) token(i int, open *[]int) (int, error) {
	switch b := c.text[i]; {
	case b == ' ' || b == '\t' || b == '\n' || b == '\r':
		return i + 1, nil
	case b == '"' || b == '\'':
		return c.quoted(i)
	case isDigit(b):
		return c.number(i)
	case isLetter(b):
		return c.word(i)
	case b == '(' || b == '[':
		*open = append(*open, i)
		return i + 1, nil
	case b == ')' || b == ']':
		return i + 1, c.close(i, open)
	case b >= utf8.RuneSelf:
		return i, c.foreign(i)
	}
	return c.sign(i)
}

func (c *compilation) close(i int, open *[]int) error {
	if len(*open) == 0 {
		return c.faultAt("rule.bracket_extra", i, i+1)
	}
	last := (*open)[len(*open)-1]
	if closing[c.text[last]] != c.text[i:i+1] {
		return c.faultAt("rule.bracket_missing", last, last+1, "bracket", closing[c.text[last]])
	}
	*open = (*open)[:len(*open)-1]
	c.partner[last], c.partner[i] = i, last
	return nil
}

func (c *compilation) quoted(i int) (int, error) {
	for end := i + 1; end < len(c.text); end++ {
		switch c.text[end] {
		case c.text[i]:
			return end + 1, nil
		case '\\':
			return 0, c.faultAt("rule.character", end, end+1)
		case '\n':
			return 0, c.faultAt("rule.quote_missing", i, end)
		}
	}
	return 0, c.faultAt("rule.quote_missing", i, len(c.text))
}

func (c *compilation) number(i int) (int, error) {
	end := i
	for end < len(c.text) && isDigit(c.text[end]) {
		end++
	}
	if end+1 < len(c.text) && c.text[end] == '.' && isDigit(c.text[end+1]) {
		for end++; end < len(c.text) && isDigit(c.text[end]); end++ {
		}
		return 0, c.faultAt("rule.decimal", i, end)
	}
	if end < len(c.text) && c.text[end] == '%' {
		return 0, c.faultAt("rule.percent", i, end+1, "number", c.text[i:end])
	}
	if end < len(c.text) && isLetter(c.text[end]) {
		for ; end < len(c.text) && (isLetter(c.text[end]) || isDigit(c.text[end])); end++ {
		}
		return 0, c.faultAt("rule.number_ending", i, end)
	}
	if _, err := strconv.ParseInt(c.text[i:end], 10, 64); err != nil {
		return 0, c.faultAt("rule.number_large", i, end)
	}
	return end, nil
}

// insteadOf are words and signs of other languages, and what they are here.
var insteadOf = map[string]string{
	"and": "&&", "or": "||", "not": "!", "is": "==", "between": "a <= x && x <= b",
	"&": "&&", "|": "||", "<>": "!=", "=>": ">=", "=<": "<=", "===": "==", "!==": "!=",
}

func (c *compilation) word(i int) (int, error) {
	end := i
	for end < len(c.text) && (isLetter(c.text[end]) || isDigit(c.text[end])) {
		end++
	}
	if end < len(c.text) && (c.text[end] == '"' || c.text[end] == '\'') && strings.Contains("rRbB", c.text[i:end]) {
		return 0, c.faultAt("rule.character", i, end)
	}
	if i > 0 && c.text[i-1] == '.' { // the name of a fact, which may be any word
		return end, nil
	}
	word := strings.ToLower(c.text[i:end])
	if instead, found := insteadOf[word]; found {
		return 0, c.faultAt("rule.write_instead", i, end, "instead", instead)
	}
	switch word {
	case "true", "false":
		if c.text[i:end] != word {
			return 0, c.faultAt("rule.write_instead", i, end, "instead", word)
		}
	case "if", "then", "else":
		return 0, c.faultAt("rule.if", i, end)
	case "null", "nil", "none", "unknown":
		return 0, c.faultAt("rule.null", i, end)
	case "now", "today", "timestamp":
		return 0, c.faultAt("rule.clock", i, end)
	}
	return end, nil
}

// sign checks operators and punctuation.
func (c *compilation) sign(i int) (int, error) {
	for _, good := range []string{"&&", "||"} {
		if strings.HasPrefix(c.text[i:], good) {
			return i + 2, nil
		}
	}
	for _, bad := range []string{"===", "!==", "<>", "=>", "=<", "&", "|"} {
		if strings.HasPrefix(c.text[i:], bad) {
			return 0, c.faultAt("rule.write_instead", i, i+len(bad), "instead", insteadOf[bad])
		}
	}
	for _, good := range []string{"==", "!=", "<=", ">="} {
		if strings.HasPrefix(c.text[i:], good) {
			return i + 2, nil
		}
	}
	switch c.text[i] {
	case '=':
		return 0, c.faultAt("rule.single_equals", i, i+1)
	case '/', '%':
		return 0, c.faultAt("rule.division", i, i+1)
	case '<', '>', '!', '+', '-', '*', '?', ':', '.', ',':
		return i + 1, nil
	}
	return 0, c.faultAt("rule.character", i, i+1)
}

// foreign refuses a character beyond ASCII outside quotes.
func (c *compilation) foreign(i int) error {
	r, size := utf8.DecodeRuneInString(c.text[i:])
	switch {
	case r >= '٠' && r <= '٩':
		return c.faultAt("rule.eastern_digit", i, i+size, "instead", string(r-'٠'+'0'))
	case r == '،':
		return c.faultAt("rule.write_instead", i, i+size, "instead", ",")
	case strings.ContainsRune("“”„«»‘’", r):
		return c.faultAt("rule.write_instead", i, i+size, "instead", `"`)
	case strings.ContainsRune("×", r):
		return c.faultAt("rule.write_instead", i, i+size, "instead", "*")
	case r == '≤' || r == '≥' || r == '≠':
		return c.faultAt("rule.write_instead", i, i+size, "instead", map[rune]string{'≤': "<=", '≥': ">=", '≠': "!="}[r])
	}
	return c.faultAt("rule.character", i, i+size)
}

func isDigit(b byte) bool  { return b >= '0' && b <= '9' }
func isLetter(b byte) bool { return b == '_' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }
