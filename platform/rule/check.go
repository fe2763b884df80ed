package rule

import (
	"slices"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// walk carries a checked CEL expression over into the rule's own tree and
// returns the place of its node. CEL has said that the types agree; what the
// language does not have although CEL does is refused here.
func (c *compilation) walk(e ast.Expr) (int32, error) {
	switch e.Kind() {
	case ast.LiteralKind:
		return c.plainLiteral(e)
	case ast.IdentKind:
		return c.name(e)
	case ast.SelectKind:
		return c.fact(e)
	case ast.CallKind:
		return c.call(e)
	case ast.ComprehensionKind:
		return c.range_(e)
	case ast.ListKind:
		return 0, c.faultOf("rule.list_alone", e)
	}
	return 0, c.faultOf("rule.unreadable", e)
}

// emit adds a node with its kids after them; t is its type, the zero Type for
// the one that CEL found.
func (c *compilation) emit(e ast.Expr, t Type, n node, kids ...int32) (int32, error) {
	if len(kids) > maximumKids {
		return 0, c.faultOf("rule.too_many", e, "limit", maximumKids)
	}
	if t.Kind == KindNone {
		t = fromCEL(c.ast.NativeRep().GetType(e.ID()))
	}
	n.kind = t.Kind
	n.first, n.count = int32(len(c.rule.kids)), uint8(len(kids))
	c.rule.kids = append(c.rule.kids, kids...)
	n.fallible = n.operation.mayFail()
	for _, kid := range kids {
		n.fallible = n.fallible || c.rule.nodes[kid].fallible
	}
	start, end := c.extent(e)
	c.rule.nodes = append(c.rule.nodes, n)
	c.rule.notes = append(c.rule.notes, note{
		start: int32(start), end: int32(end), words: words(c.text[start:end]), kind: t, reads: c.language.nameOf(&n),
	})
	return int32(len(c.rule.nodes) - 1), nil
}

func (c *compilation) constant(e ast.Expr, v Value, t Type) (int32, error) {
	c.rule.constants = append(c.rule.constants, v)
	return c.emit(e, t, node{operation: opConstant, slot: int32(len(c.rule.constants) - 1)})
}

func (c *compilation) plainLiteral(e ast.Expr) (int32, error) {
	switch v := e.AsLiteral().(type) {
	case types.Bool:
		return c.constant(e, Bool(bool(v)), TypeTruth)
	case types.Int:
		return c.constant(e, Integer(int64(v)), TypeInteger)
	case types.String:
		place := slices.Index(c.rule.texts, string(v))
		if place < 0 {
			place = len(c.rule.texts)
			c.rule.texts = append(c.rule.texts, string(v))
		}
		return c.constant(e, Text(-1-place), TypeText)
	}
	return 0, c.faultOf("rule.unreadable", e)
}

func (c *compilation) name(e ast.Expr) (int32, error) {
	name := e.AsIdent()
	if slot := slices.Index(c.bound, name); slot >= 0 {
		return c.emit(e, TypeMember, node{operation: opBound, slot: int32(slot)})
	}
	n, found := c.language.named[name]
	switch {
	case !found: // only household is left
		return 0, c.faultOf("rule.household_alone", e)
	case n.operation == opConstant:
		return c.constant(e, Label(int(n.slot)), n.kind)
	}
	return c.emit(e, n.kind, node{operation: n.operation, slot: n.slot})
}

func (c *compilation) fact(e ast.Expr) (int32, error) {
	selected := e.AsSelect()
	schema, name := &c.language.schema, selected.FieldName()
	if isName(selected.Operand(), "household") {
		if name == "members" {
			return 0, c.faultOf("rule.members_alone", e)
		}
		slot := place(schema.Household, name)
		return c.emit(e, schema.Household[slot].Type, node{operation: opHouseholdFact, slot: int32(slot)})
	}
	member, err := c.walk(selected.Operand())
	if err != nil {
		return 0, err
	}
	return c.memberFact(e, member, place(schema.Members, name))
}

func (c *compilation) memberFact(e ast.Expr, member int32, slot int) (int32, error) {
	return c.emit(e, c.language.schema.Members[slot].Type, node{operation: opMemberFact, slot: int32(slot)}, member)
}

func isName(e ast.Expr, name string) bool { return e.Kind() == ast.IdentKind && e.AsIdent() == name }

func (c *compilation) call(e ast.Expr) (int32, error) {
	overloads := c.ast.NativeRep().GetOverloadIDs(e.ID())
	if len(overloads) != 1 {
		return 0, c.faultOf("rule.unreadable", e)
	}
	s, found := c.language.signatures[overloads[0]]
	switch {
	case !found:
		return 0, c.faultOf("rule.unreadable", e)
	case s.literal != notLiteral:
		return c.literalCall(e, s)
	case s.receiver:
		return c.measure(e, s)
	case s.operation == opIn:
		return c.in(e)
	}
	operands := e.AsCall().Args()
	if s.operation == opAnd || s.operation == opOr {
		operands = flatten(e, e.AsCall().FunctionName())
	}
	kids, err := c.walkAll(operands)
	if err != nil {
		return 0, err
	}
	return c.emit(e, Type{}, node{operation: s.operation, ways: s.ways, how: s.how, slot: int32(s.table)}, kids...)
}

func (c *compilation) walkAll(expressions []ast.Expr) ([]int32, error) {
	kids := make([]int32, 0, len(expressions))
	for _, e := range expressions {
		kid, err := c.walk(e)
		if err != nil {
			return nil, err
		}
		kids = append(kids, kid)
	}
	return kids, nil
}

// flatten lists the operands of a chain a && b && c, which CEL nests.
func flatten(e ast.Expr, function string) []ast.Expr {
	if e.Kind() != ast.CallKind || e.AsCall().FunctionName() != function {
		return []ast.Expr{e}
	}
	var all []ast.Expr
	for _, operand := range e.AsCall().Args() {
		all = append(all, flatten(operand, function)...)
	}
	return all
}

func (c *compilation) in(e ast.Expr) (int32, error) {
	operands := e.AsCall().Args()
	if operands[1].Kind() != ast.ListKind {
		return 0, c.faultOf("rule.list_needed", operands[1])
	}
	candidates := operands[1].AsList().Elements()
	if len(candidates) == 0 {
		return 0, c.faultOf("rule.list_empty", operands[1])
	}
	kids, err := c.walkAll(append([]ast.Expr{operands[0]}, candidates...))
	if err != nil {
		return 0, err
	}
	wanted := c.rule.notes[kids[0]].kind
	for i, kid := range kids[1:] {
		if found := c.rule.notes[kid].kind; found != wanted {
			return 0, c.faultOf("rule.in", candidates[i], "left", wanted.Name(), "right", found.Name())
		}
	}
	return c.emit(e, Type{}, node{operation: opIn}, kids...)
}

// measure turns member.age_on(day) into the age between a fact and the day.
func (c *compilation) measure(e ast.Expr, s signature) (int32, error) {
	called := e.AsCall()
	member, err := c.walk(called.Target())
	if err != nil {
		return 0, err
	}
	day, err := c.walk(called.Args()[0])
	if err != nil {
		return 0, err
	}
	measure := c.language.schema.Measures[s.measure]
	facts := make([]int32, len(measure.Facts))
	for i, name := range measure.Facts {
		if facts[i], err = c.memberFact(e, member, place(c.language.schema.Members, name)); err != nil {
			return 0, err
		}
	}
	switch measure.Measuring {
	case FullYears:
		return c.emit(e, Type{}, node{operation: opAge}, facts[0], day)
	case MonthsSince:
		return c.emit(e, Type{}, node{operation: opMonths}, facts[0], day)
	case NotEnded:
		return c.emit(e, Type{}, node{operation: opCompare, ways: greater | equal}, facts[0], day)
	}
	begun, err := c.emit(e, Type{}, node{operation: opCompare, ways: less | equal}, facts[0], day)
	if err != nil {
		return 0, err
	}
	lasting, err := c.emit(e, Type{}, node{operation: opCompare, ways: greater | equal}, facts[1], day)
	if err != nil {
		return 0, err
	}
	return c.emit(e, Type{}, node{operation: opAnd}, begun, lasting)
}

// range_ turns the loops of exists, all, count and sum into their node.
func (c *compilation) range_(e ast.Expr) (int32, error) {
	loop := e.AsComprehension()
	from := loop.IterRange()
	if from.Kind() != ast.SelectKind || from.AsSelect().FieldName() != "members" || !isName(from.AsSelect().Operand(), "household") {
		return 0, c.faultOf("rule.range", from, "type", "")
	}
	variable := loop.IterVar()
	_, taken := c.language.named[variable]
	if taken || slices.Contains(c.bound[1:], variable) || variable == "household" || variable == "member" {
		return 0, c.faultOf("rule.variable_taken", e, "name", variable)
	}
	if len(c.bound) >= maximumVariables {
		return 0, c.faultOf("rule.too_deep", e)
	}
	c.bound = append(c.bound, variable)
	kids, err := c.walkAll(operandsOf(loop))
	c.bound = c.bound[:len(c.bound)-1]
	if err != nil {
		return 0, err
	}
	return c.emit(e, Type{}, node{operation: loopOperation(loop), slot: int32(len(c.bound))}, kids...)
}

// operandsOf digs what the author wrote out of a macro's expansion.
func operandsOf(loop ast.ComprehensionExpr) []ast.Expr {
	step := loop.LoopStep().AsCall()
	switch step.FunctionName() {
	case hiddenJoin:
		return step.Args()[1].AsList().Elements()
	case operators.Conditional:
		joined := step.Args()[1].AsCall().Args()[1].AsList().Elements()
		return []ast.Expr{step.Args()[0], joined[0]}
	}
	return step.Args()[1:]
}

func loopOperation(loop ast.ComprehensionExpr) operation {
	switch loop.LoopStep().AsCall().FunctionName() {
	case operators.LogicalOr:
		return opExists
	case operators.LogicalAnd:
		return opAll
	}
	switch loop.Result().AsCall().FunctionName() {
	case hiddenCount:
		return opCount
	case hiddenEarliest:
		return opEarliest
	case hiddenLatest:
		return opLatest
	}
	return opSum
}

// fromCEL is the type of ours that a CEL type stands for; KindNone for others.
func fromCEL(t *cel.Type) Type {
	name := t.TypeName()
	switch t.Kind() {
	case types.BoolKind:
		return TypeTruth
	case types.IntKind:
		return TypeInteger
	case types.StringKind:
		return TypeText
	}
	return typeNamed(name)
}
