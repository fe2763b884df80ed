package rule

import (
	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/operators"
	"cel.dev/cel-go/common/types"
)

// Language compiles formulas over one schema. It may be used by many goroutines.
type Language struct {
	schema     Schema
	env        [2]*cel.Env // by Scope
	signatures map[string]signature
	named      map[string]named
}

// named is what a plain or dotted name outside household and member stands for.
type named struct {
	operation operation
	slot      int32
	kind      Type
}

// NewLanguage checks a schema and prepares its language. The faults are
// "rule.schema_name", "rule.schema_twice", "rule.schema_type" and
// "rule.schema_measure".
func NewLanguage(schema Schema) (*Language, error) {
	if err := schema.check(); err != nil {
		return nil, err
	}
	l := &Language{schema: schema, signatures: map[string]signature{}, named: schema.names()}
	for _, s := range l.functions() {
		l.signatures[s.id] = s
	}
	for _, scope := range []Scope{ForHousehold, ForMember} {
		env, err := cel.NewCustomEnv(l.options(scope, nil)...)
		if err != nil {
			return nil, err
		}
		l.env[scope] = env
	}
	return l, nil
}

// Schema is what the language was made from; it must not be changed.
func (l *Language) Schema() *Schema { return &l.schema }

func (s *Schema) names() map[string]named {
	names := map[string]named{}
	for i, f := range s.Inputs {
		names[f.Name] = named{opInput, int32(i), f.Type}
	}
	for i, f := range s.Parameters {
		names[f.Name] = named{opParameter, int32(i), f.Type}
	}
	for _, e := range s.Enumerations {
		for i, label := range e.Labels {
			names[e.Name+"."+label] = named{opConstant, int32(i), Of(e.Name)}
		}
	}
	return names
}

// CEL's names for our types. Only these have operators, so that CEL's own
// doubles, bytes, maps and the like lead nowhere.
var (
	celMoney     = cel.OpaqueType("money")
	celFixed     = cel.OpaqueType("fixed")
	celDate      = cel.OpaqueType("date")
	celSpan      = cel.OpaqueType("span")
	celMember    = cel.ObjectType(memberName)
	celHousehold = cel.ObjectType(householdName)
)

// The names of CEL's types that an author cannot write: no formula may speak of
// a type, and "member" in a household's rule must be an unknown name.
const (
	memberName        = "@member"
	householdName     = "@household"
	enumerationPrefix = "enumeration:"
)

func celType(t Type) *cel.Type {
	switch t.Kind {
	case KindTruth:
		return cel.BoolType
	case KindInteger:
		return cel.IntType
	case KindFixed:
		return celFixed
	case KindMoney:
		return celMoney
	case KindDate:
		return celDate
	case KindEnumeration:
		return cel.OpaqueType(enumerationPrefix + t.Enumeration)
	case KindText:
		return cel.StringType
	case KindMember:
		return celMember
	}
	return celSpan
}

// options is the whole CEL environment; bind gives the functions their meaning
// where CEL itself shall evaluate (our tests compare with it).
func (l *Language) options(scope Scope, bind func(signature) []cel.OverloadOpt) []cel.EnvOption {
	registry, err := types.NewRegistry()
	if err != nil {
		panic(err) // an empty registry has nothing that could fail
	}
	options := []cel.EnvOption{
		cel.CustomTypeProvider(&provider{Registry: registry, schema: &l.schema}),
		cel.Macros(cel.ExistsMacro, cel.AllMacro, countMacro, sumMacro, sumWhereMacro, earliestMacro, earliestWhereMacro, latestMacro, latestWhereMacro),
		cel.ParserRecursionLimit(60),
		cel.ParserExpressionSizeLimit(maximumLength),
		cel.Variable("household", celHousehold),
	}
	if scope == ForMember {
		options = append(options, cel.Variable("member", celMember))
	}
	for name, n := range l.named {
		options = append(options, cel.Variable(name, celType(n.kind)))
	}
	for _, s := range l.functions() {
		var binding []cel.OverloadOpt
		if bind != nil {
			binding = bind(s)
		}
		overload := cel.Overload(s.id, s.parameters, s.result, binding...)
		if s.receiver {
			overload = cel.MemberOverload(s.id, s.parameters, s.result, binding...)
		}
		options = append(options, cel.Function(s.name, overload))
	}
	return options
}

// provider tells CEL which facts household and member have.
type provider struct {
	*types.Registry
	schema *Schema
}

func (p *provider) FindStructType(name string) (*types.Type, bool) {
	switch name {
	case memberName:
		return types.NewTypeTypeWithParam(celMember), true
	case householdName:
		return types.NewTypeTypeWithParam(celHousehold), true
	}
	return nil, false
}

func (p *provider) FindStructFieldType(entity, name string) (*types.FieldType, bool) {
	facts := p.schema.Members
	if entity == householdName {
		if name == "members" {
			return &types.FieldType{Type: cel.ListType(celMember)}, true
		}
		facts = p.schema.Household
	}
	if i := place(facts, name); i >= 0 {
		return &types.FieldType{Type: celType(facts[i].Type)}, true
	}
	return nil, false
}

// The macros beside CEL's exists and all. Their loops gather a list and hand it
// to a function that has no name an author could write; the names say to the
// tree what was meant.
var (
	countMacro    = cel.ReceiverMacro("count", 2, gather(hiddenCount))
	sumMacro      = cel.ReceiverMacro("sum", 2, gather(hiddenSum))
	sumWhereMacro = cel.ReceiverMacro("sum", 3, gather(hiddenSum))

	earliestMacro      = cel.ReceiverMacro("earliest", 2, gather(hiddenEarliest))
	earliestWhereMacro = cel.ReceiverMacro("earliest", 3, gather(hiddenEarliest))
	latestMacro        = cel.ReceiverMacro("latest", 2, gather(hiddenLatest))
	latestWhereMacro   = cel.ReceiverMacro("latest", 3, gather(hiddenLatest))
)

const (
	hiddenCount    = "@count"
	hiddenSum      = "@sum"
	hiddenEarliest = "@earliest"
	hiddenLatest   = "@latest"
	hiddenJoin     = "@join"
)

func gather(result string) cel.MacroFactory {
	return func(f cel.MacroExprFactory, target ast.Expr, arguments []ast.Expr) (ast.Expr, *cel.Error) {
		if arguments[0].Kind() != ast.IdentKind {
			return nil, f.NewError(arguments[0].ID(), messageVariable)
		}
		last := arguments[len(arguments)-1]
		step := f.NewCall(hiddenJoin, f.NewAccuIdent(), f.NewList(last))
		if len(arguments) == 3 {
			step = f.NewCall(operators.Conditional, arguments[1], step, f.NewAccuIdent())
		}
		return f.NewComprehension(target, arguments[0].AsIdent(), f.AccuIdentName(),
			f.NewList(), f.NewLiteral(types.True), step, f.NewCall(result, f.NewAccuIdent())), nil
	}
}
