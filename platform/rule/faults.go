package rule

import (
	"regexp"
	"slices"
	"strings"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"

	"sanad/platform/text"
)

// CEL reports in English and for programmers. Here its reports become sentences
// of the catalogue; what is not recognised still names its place and text.

const messageVariable = "loop variable"

// syntaxFault is for what the grammar refused.
func (c *compilation) syntaxFault(e *cel.Error) error {
	at := c.locate(e.Location.Line(), e.Location.Column())
	end := at
	for end < len(c.text) && (isLetter(c.text[end]) || isDigit(c.text[end])) {
		end++
	}
	if end == at {
		end = min(at+1, len(c.text))
	}
	switch {
	case strings.Contains(e.Message, messageVariable) || strings.Contains(e.Message, "simple name"):
		return c.faultAt("rule.variable", at, end)
	case strings.Contains(e.Message, "reserved identifier"):
		return c.faultAt("rule.reserved", at, end)
	case strings.Contains(e.Message, "recursion limit"):
		return c.faultAt("rule.too_nested", 0, len(c.text))
	case strings.TrimSpace(c.text[at:]) == "":
		return c.faultAt("rule.unfinished", 0, len(c.text))
	}
	return c.faultAt("rule.syntax", at, end)
}

// locate turns CEL's line (from 1) and column (from 0, in characters) into bytes.
func (c *compilation) locate(line, column int) int {
	start := 0
	for ; line > 1; line-- {
		next := strings.IndexByte(c.text[start:], '\n')
		if next < 0 {
			return len(c.text)
		}
		start += next + 1
	}
	for range max(column, 0) {
		for start++; start < len(c.text) && c.text[start]&0xC0 == 0x80; start++ {
		}
	}
	return min(start, len(c.text))
}

var (
	undeclared = regexp.MustCompile(`undeclared reference to '([^']*)'`)
	undefined  = regexp.MustCompile(`undefined field '([^']*)'`)
	noOverload = regexp.MustCompile(`found no matching overload for '([^']*)' applied to '(.*)'`)
	noFields   = regexp.MustCompile(`type '(.*)' does not support field selection`)
	notWanted  = regexp.MustCompile(`expected type '.*' but found '(.*)'`)
	notRange   = regexp.MustCompile(`expression of type '(.*)' cannot be range`)
)

// typeFault is for what the type-checker refused.
func (c *compilation) typeFault(e *cel.Error) error {
	start, end := c.locate(e.Location.Line(), e.Location.Column()), 0
	var expression ast.Expr
	ast.PreOrderVisit(c.ast.NativeRep().Expr(), ast.NewExprVisitor(func(x ast.Expr) {
		switch {
		case expression != nil: // a loop stands before what its macro added
		case x.ID() == e.ExprID:
			expression = x
		case x.Kind() == ast.ComprehensionKind && x.AsComprehension().Result().ID() == e.ExprID:
			written := operandsOf(x.AsComprehension())
			expression = written[len(written)-1]
		}
	}))
	if expression != nil {
		start, end = c.extent(expression)
	}
	return c.reported(e.Message, start, end)
}

// reported recognises CEL's message about the text from start to end.
func (c *compilation) reported(message string, start, end int) error {
	if end <= start {
		start, end = c.wholeName(start, min(start+1, len(c.text)))
	}
	if m := undeclared.FindStringSubmatch(message); m != nil {
		return c.unknownName(m[1], start, end)
	}
	if m := undefined.FindStringSubmatch(message); m != nil {
		return c.unknownFact(m[1], start, end)
	}
	if m := noOverload.FindStringSubmatch(message); m != nil {
		return c.wrongTypes(m[1], typesIn(m[2]), start, end)
	}
	if m := notWanted.FindStringSubmatch(message); m != nil {
		return c.faultAt("rule.truth_needed", start, end, "found", typeNamed(m[1]).Name())
	}
	if m := noFields.FindStringSubmatch(message); m != nil {
		return c.faultAt("rule.no_facts", start, end, "type", typeNamed(m[1]).Name())
	}
	if notRange.MatchString(message) {
		return c.faultAt("rule.range", start, end)
	}
	return c.faultAt("rule.unreadable", start, end)
}

func (c *compilation) unknownName(name string, start, end int) error {
	if at := strings.Index(c.text[start:end], name); at >= 0 {
		start, end = start+at, start+at+len(name)
	}
	if name == "member" {
		return c.faultAt("rule.member_here", start, end)
	}
	if forms := c.language.forms(name); len(forms) > 0 {
		return c.faultAt("rule.table_alone", start, end, "name", name, "forms", forms)
	}
	known := []string{"household", "household.members"}
	for n := range c.language.named {
		known = append(known, n)
	}
	for _, f := range c.language.schema.Household {
		known = append(known, "household."+f.Name)
	}
	for _, f := range c.language.schema.Members {
		known = append(known, "member."+f.Name)
	}
	if strings.HasPrefix(strings.TrimSpace(c.text[end:]), "(") {
		known = c.language.functionNames()
	}
	return c.faultAt("rule.unknown_name", start, end, "name", name, "nearest", nearest(name, known))
}

func (c *compilation) unknownFact(name string, start, end int) error {
	facts, entity := c.language.schema.Members, text.Key("rule.entity_member")
	if strings.HasPrefix(c.text[start:end], "household.") && !strings.HasPrefix(c.text[start:end], "household.members") &&
		strings.Count(c.text[start:end], ".") == 1 {
		facts, entity = c.language.schema.Household, text.Key("rule.entity_household")
	}
	if at := strings.LastIndex(c.text[start:end], "."+name); at >= 0 {
		start, end = start+at+1, start+at+1+len(name)
	}
	var known []string
	for _, f := range facts {
		known = append(known, f.Name)
	}
	return c.faultAt("rule.unknown_fact", start, end, "name", name, "entity", entity, "nearest", nearest(name, known))
}

func (l *Language) functionNames() []string {
	names := []string{"exists", "all", "count", "sum", "earliest", "latest"}
	for _, s := range l.signatures {
		if isLetter(s.name[0]) && s.name[0] != '_' {
			names = append(names, s.name)
		}
	}
	return names
}

// wrongTypes is for operators and functions that were given what they do not take.
func (c *compilation) wrongTypes(function string, given []Type, start, end int) error {
	at := func(key string, args ...any) error { return c.faultAt(key, start, end, args...) }
	var left, right Type
	if len(given) > 0 {
		left, right = given[0], given[len(given)-1]
	}
	sides := []any{"left", left.Name(), "right", right.Name()}
	switch function {
	case operators.LogicalAnd, operators.LogicalOr, operators.LogicalNot, hiddenCount:
		return at("rule.truth_needed", "found", firstOther(given, TypeTruth).Name())
	case operators.Conditional:
		if left != TypeTruth {
			return at("rule.truth_needed", "found", left.Name())
		}
		return at("rule.branches", "left", given[1].Name(), "right", right.Name())
	case operators.In:
		return at("rule.in", sides...)
	case hiddenSum:
		return at("rule.sum", "found", left.Name())
	case hiddenEarliest, hiddenLatest:
		return at("rule.date_needed", "found", left.Name())
	case operators.Add, operators.Subtract, operators.Negate:
		return at("rule.add", sides...)
	case operators.Multiply:
		if left.Kind == KindFixed || right.Kind == KindFixed {
			return at("rule.multiply_fixed")
		}
		return at("rule.multiply", sides...)
	case operators.Less, operators.LessEquals, operators.Greater, operators.GreaterEquals,
		operators.Equals, operators.NotEquals:
		return at(comparisonKey(left, right), sides...)
	}
	return at("rule.arguments", "name", function, "forms", c.language.forms(function))
}

// comparisonKey finds the sentence that helps most with two sides that cannot
// be compared.
func comparisonKey(left, right Type) string {
	has := func(k Kind) bool { return left.Kind == k || right.Kind == k }
	switch {
	case has(KindNone):
		return "rule.household_alone"
	case left == right:
		return "rule.no_order"
	case has(KindMoney) && has(KindInteger):
		return "rule.compare_money"
	case has(KindFixed) && has(KindInteger):
		return "rule.compare_fixed"
	case has(KindDate) && (has(KindText) || has(KindInteger)):
		return "rule.compare_date"
	case has(KindEnumeration) && has(KindText):
		return "rule.compare_label"
	}
	return "rule.compare"
}

func firstOther(given []Type, wanted Type) Type {
	for _, t := range given {
		if t != wanted {
			return t
		}
	}
	return wanted
}

// forms writes how a function is called: age_on(date).
func (l *Language) forms(function string) []string {
	var forms []string
	for _, s := range l.signatures {
		if s.name != function {
			continue
		}
		var parameters []string
		for i, p := range s.parameters {
			if i > 0 || !s.receiver {
				parameters = append(parameters, fromCEL(p).String())
			}
		}
		forms = append(forms, s.name+"("+strings.Join(parameters, ", ")+")")
	}
	slices.Sort(forms)
	return forms
}

// typesIn reads the types out of CEL's "(money, int)" or "member.(date)".
func typesIn(signature string) []Type {
	var all []Type
	target, arguments, called := strings.Cut(signature, ".(")
	if called {
		all = append(all, typeNamed(target))
	} else {
		arguments = strings.TrimPrefix(signature, "(")
	}
	for _, name := range strings.Split(strings.TrimSuffix(arguments, ")"), ", ") {
		all = append(all, typeNamed(name))
	}
	return all
}

var typeNames = map[string]Type{
	"bool": TypeTruth, "int": TypeInteger, "string": TypeText, "money": TypeMoney, "fixed": TypeFixed,
	"date": TypeDate, "span": TypeSpan, memberName: TypeMember,
}

// typeNamed is the type of ours by CEL's name; KindNone for another.
func typeNamed(name string) Type {
	name = strings.TrimSuffix(strings.TrimPrefix(name, "list("), ")")
	if label, found := strings.CutPrefix(name, enumerationPrefix); found {
		return Of(label)
	}
	return typeNames[name]
}

// nearest is the known name that takes the fewest changes of a letter to reach,
// the first by alphabet among equals.
func nearest(name string, known []string) string {
	slices.Sort(known)
	best, least := "", 1<<30
	for _, candidate := range known {
		if d := distance(name, candidate); d < least {
			best, least = candidate, d
		}
	}
	return best
}

// distance counts the letters to insert, delete or change (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
