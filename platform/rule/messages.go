package rule

import (
	"fmt"
	"strconv"
	"unicode/utf8"

	"cel.dev/cel-go/common/ast"

	"sanad/platform/fault"
)

// faultAt is a refusal of the text from start to end, in bytes. Its sentence
// begins with the place; line, column and text are arguments too, for [At].
func (c *compilation) faultAt(key string, start, end int, args ...any) *fault.Fault {
	start = min(max(start, 0), len(c.text))
	end = min(max(end, start), len(c.text))
	p := c.source.Position.moved(c.text[:start])
	place := fmt.Sprintf("%d:%d", p.Line, p.Column)
	if p.File != "" {
		place = p.File + ":" + place
	}
	text := words(c.text[start:end])
	all := []any{"place", place, "text", shortened(text)}
	all = append(all, args...)
	return fault.Invalid(key, append(all, "file", p.File, "line", strconv.Itoa(p.Line), "column", strconv.Itoa(p.Column))...)
}

// faultOf is a refusal of one expression.
func (c *compilation) faultOf(key string, e ast.Expr, args ...any) error {
	start, end := c.extent(e)
	return c.faultAt(key, start, end, args...)
}

// moved is the position after the given text.
func (p Position) moved(over string) Position {
	for _, r := range over {
		if r == '\n' {
			p.Line++
			p.Column = 1 + p.Indent
			continue
		}
		p.Column++
	}
	return p
}

const longestQuote = 80

func shortened(text string) string {
	if utf8.RuneCountInString(text) <= longestQuote {
		return text
	}
	return string([]rune(text)[:longestQuote-1]) + "…"
}

// At returns where a refusal of this package points to, and the offending text;
// false where err says no place.
func At(err error) (Position, string, bool) {
	f := fault.Of(err)
	if f == nil {
		return Position{}, "", false
	}
	var p Position
	var text string
	for i := 0; i+1 < len(f.Args); i += 2 {
		value, _ := f.Args[i+1].(string)
		switch f.Args[i] {
		case "file":
			p.File = value
		case "line":
			p.Line, _ = strconv.Atoi(value)
		case "column":
			p.Column, _ = strconv.Atoi(value)
		case "text":
			text = value
		}
	}
	return p, text, p.Line > 0 && p.Column > 0
}
