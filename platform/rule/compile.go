package rule

import (
	"slices"
	"strings"
	"unicode/utf8"

	"cel.dev/cel-go/cel"
)

// Position is where something is written, lines and columns counted from 1, and
// columns in characters.
type Position struct {
	File   string
	Line   int
	Column int
	Indent int // how many columns the lines after the first are set in (a YAML block)
}

// Source is a formula to compile.
type Source struct {
	Text     string
	Position Position // of its first character
	Scope    Scope
	Want     []Type // the result must be one of these; empty for any
}

// maximumLength is the longest formula, in characters. A law that needs more is
// several conditions.
const maximumLength = 4000

// compilation carries one formula through its steps.
type compilation struct {
	language *Language
	source   Source
	text     string
	offsets  []int       // byte offset of each character, and of the end
	partner  map[int]int // byte offsets of brackets that belong together
	rule     *Rule
	ast      *cel.Ast
	extents  map[int64][2]int // of expressions already measured
	bound    []string         // names of the member variables in scope, by slot
}

// Compile reads and checks one formula. Every refusal is a fault whose sentence
// says where it is, which text is meant and what to write instead; [At] gives
// the place to an editor.
func (l *Language) Compile(source Source) (*Rule, error) {
	source.Position.Line, source.Position.Column = max(source.Position.Line, 1), max(source.Position.Column, 1)
	c := &compilation{language: l, source: source, text: source.Text, extents: map[int64][2]int{}}
	if err := c.prepare(); err != nil {
		return nil, err
	}
	parsed, issues := l.env[source.Scope].Parse(c.text)
	if issues.Err() != nil {
		return nil, c.syntaxFault(issues.Errors()[0])
	}
	c.ast = parsed
	checked, issues := l.env[source.Scope].Check(parsed)
	if issues.Err() != nil {
		return nil, c.typeFault(issues.Errors()[0])
	}
	c.ast = checked
	return c.build()
}

// prepare refuses what needs no grammar to be seen.
func (c *compilation) prepare() error {
	switch {
	case !utf8.ValidString(c.text):
		return c.faultAt("rule.not_text", 0, 0)
	case strings.TrimSpace(c.text) == "":
		return c.faultAt("rule.empty", 0, 0)
	}
	for i := range c.text {
		c.offsets = append(c.offsets, i)
	}
	c.offsets = append(c.offsets, len(c.text))
	if len(c.offsets) > maximumLength {
		return c.faultAt("rule.too_long", 0, 0, "limit", maximumLength)
	}
	return c.scan()
}

func (c *compilation) build() (*Rule, error) {
	c.rule = &Rule{language: c.language, position: c.source.Position, source: c.text, scope: c.source.Scope}
	c.bound = []string{"member"}
	root := c.ast.NativeRep().Expr()
	if _, err := c.walk(root); err != nil {
		return nil, err
	}
	c.rule.depends = c.rule.dependencies()
	if want := c.source.Want; len(want) > 0 && !slices.Contains(want, c.rule.Type()) {
		start, end := c.extent(root)
		return nil, c.faultAt("rule.wrong_result", start, end, "wanted", want[0].Name(), "found", c.rule.Type().Name())
	}
	return c.rule, nil
}
