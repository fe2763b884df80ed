package rule

import (
	"cel.dev/cel-go/common/ast"
)

// extent is where an expression stands in the text, in bytes. CEL remembers a
// place for each node, of an operator or a bracket; the rest is the union with
// its operands, whole names and whole brackets.
func (c *compilation) extent(e ast.Expr) (start, end int) {
	if kept, found := c.extents[e.ID()]; found {
		return kept[0], kept[1]
	}
	start, end = c.mark(e)
	for _, operand := range operands(e) {
		if operand.ID() == 0 {
			continue
		}
		from, to := c.extent(operand)
		if to > from {
			start, end = min(start, from), max(end, to)
		}
	}
	start, end = c.balanced(start, end)
	c.extents[e.ID()] = [2]int{start, end}
	return start, end
}

// mark is the place that CEL kept, widened to a whole name.
func (c *compilation) mark(e ast.Expr) (start, end int) {
	kept, found := c.ast.NativeRep().SourceInfo().GetOffsetRange(e.ID())
	if !found {
		return len(c.text), 0
	}
	start, end = c.byteAt(int(kept.Start)), c.byteAt(int(kept.Stop))
	switch e.Kind() {
	case ast.IdentKind, ast.SelectKind, ast.CallKind, ast.ComprehensionKind:
		return c.wholeName(start, end)
	}
	return start, end
}

// wholeName widens a place to the name that it lies in, begins with its dot, or
// that stands before its opening bracket; what is before the name by dots
// belongs to it, what comes after it by a dot does not.
func (c *compilation) wholeName(start, end int) (int, int) {
	inName := func(i int) bool {
		return i >= 0 && i < len(c.text) && (isLetter(c.text[i]) || isDigit(c.text[i]))
	}
	before := func(i int) bool { return inName(i) || i >= 0 && i < len(c.text) && c.text[i] == '.' }
	if before(start) || start < len(c.text) && c.text[start] == '(' {
		for before(start - 1) {
			start--
		}
	}
	if before(end - 1) {
		for inName(end) {
			end++
		}
	}
	return start, max(start, end)
}

// balanced widens a place until every bracket in it has its partner.
func (c *compilation) balanced(start, end int) (int, int) {
	for again := true; again; {
		again = false
		for i := start; i < end; i++ {
			partner, found := c.partner[i]
			if found && (partner < start || partner >= end) {
				start, end, again = min(start, partner), max(end, partner+1), true
			}
		}
	}
	return start, end
}

func (c *compilation) byteAt(character int) int {
	return c.offsets[min(max(character, 0), len(c.offsets)-1)]
}

// operands are the expressions that an author wrote below e; of a loop, what
// stands in its brackets and not what the macro added.
func operands(e ast.Expr) []ast.Expr {
	switch e.Kind() {
	case ast.SelectKind:
		return []ast.Expr{e.AsSelect().Operand()}
	case ast.CallKind:
		called := e.AsCall()
		if called.IsMemberFunction() {
			return append([]ast.Expr{called.Target()}, called.Args()...)
		}
		return called.Args()
	case ast.ListKind:
		return e.AsList().Elements()
	case ast.ComprehensionKind:
		loop := e.AsComprehension()
		if step := loop.LoopStep(); step.Kind() == ast.CallKind {
			return append([]ast.Expr{loop.IterRange()}, operandsOf(loop)...)
		}
	}
	return nil
}
