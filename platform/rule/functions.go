package rule

import (
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/operators"
)

// signature is one overload of an operator or function: what CEL is told of it,
// and the operation that it becomes in our tree.
type signature struct {
	name       string
	id         string
	receiver   bool
	parameters []*cel.Type
	result     *cel.Type

	operation operation
	ways      uint8    // of a comparison
	how       rounding // of a division or portion
	literal   literal  // of a constant
	measure   int      // place in Schema.Measures, of opAge, opMonths and the truths of measures
	table     int      // place in Schema.Tables, of opTable
}

// literal is how the argument of a constant is read.
type literal uint8

const (
	notLiteral literal = iota
	literalDinars
	literalDirhams
	literalFixed
	literalPercent
	literalDate
)

// functions lists every operator and function of the language. What is not here
// cannot be written: no text joined, no division without its rounding, no clock.
func (l *Language) functions() []signature {
	all := logic()
	all = append(all, l.comparisons()...)
	all = append(all, arithmetic()...)
	all = append(all, divisions()...)
	all = append(all, constants()...)
	all = append(all, conversions()...)
	all = append(all, l.tables()...)
	for i, m := range l.schema.Measures {
		s := signature{
			name: m.Name, id: "member_" + m.Name, receiver: true,
			parameters: []*cel.Type{celMember, celDate}, result: cel.BoolType, operation: opNot, measure: i,
		}
		if m.Measuring == FullYears || m.Measuring == MonthsSince {
			s.result = celSpan
		}
		all = append(all, s)
	}
	return all
}

func logic() []signature {
	a := cel.TypeParamType("A")
	truth, list := cel.BoolType, cel.ListType(a)
	of := func(types ...*cel.Type) []*cel.Type { return types }
	all := []signature{
		{name: operators.LogicalAnd, id: "and", parameters: of(truth, truth), result: truth, operation: opAnd},
		{name: operators.LogicalOr, id: "or", parameters: of(truth, truth), result: truth, operation: opOr},
		{name: operators.LogicalNot, id: "not", parameters: of(truth), result: truth, operation: opNot},
		{name: operators.NotStrictlyFalse, id: "not_strictly_false", parameters: of(truth), result: truth},
		{name: operators.Conditional, id: "choose", parameters: of(truth, a, a), result: a, operation: opChoose},
		{name: operators.In, id: "in", parameters: of(a, list), result: truth, operation: opIn},
		{name: "present", id: "present_member", parameters: of(celMember), result: truth, operation: opPresent},
		{name: "present", id: "present_date", parameters: of(celDate), result: truth, operation: opPresent},
		{name: hiddenJoin, id: "join", parameters: of(list, list), result: list},
		{name: hiddenEarliest, id: "earliest", parameters: of(cel.ListType(celDate)), result: celDate},
		{name: hiddenLatest, id: "latest", parameters: of(cel.ListType(celDate)), result: celDate},
		{name: "years_between", id: "years_between", parameters: of(celDate, celDate), result: celSpan, operation: opAge},
		{name: "months_between", id: "months_between", parameters: of(celDate, celDate), result: celSpan, operation: opMonths},
		{name: hiddenCount, id: "count", parameters: of(cel.ListType(truth)), result: cel.IntType},
	}
	for _, t := range numbers {
		all = append(all, signature{name: hiddenSum, id: "sum_" + t.TypeName(), parameters: of(cel.ListType(t)), result: t})
	}
	return all
}

// numbers are the types that can be added.
var numbers = []*cel.Type{cel.IntType, celMoney, celFixed}

func (l *Language) comparisons() []signature {
	pairs := [][2]*cel.Type{
		{cel.IntType, cel.IntType}, {celMoney, celMoney}, {celFixed, celFixed}, {celDate, celDate},
		{celSpan, celSpan}, {celSpan, cel.IntType}, {cel.IntType, celSpan},
	}
	ordered := []signature{
		{name: operators.Less, ways: less}, {name: operators.LessEquals, ways: less | equal},
		{name: operators.Greater, ways: greater}, {name: operators.GreaterEquals, ways: greater | equal},
	}
	sameness := []signature{{name: operators.Equals, ways: equal}, {name: operators.NotEquals, ways: less | greater}}
	all := compareAll(append(ordered, sameness...), pairs)
	same := [][2]*cel.Type{{cel.BoolType, cel.BoolType}, {cel.StringType, cel.StringType}, {celMember, celMember}}
	for _, e := range l.schema.Enumerations {
		t := celType(Of(e.Name))
		same = append(same, [2]*cel.Type{t, t})
	}
	return append(all, compareAll(sameness, same)...)
}

func compareAll(forms []signature, pairs [][2]*cel.Type) []signature {
	var all []signature
	for _, s := range forms {
		for _, pair := range pairs {
			s.id = fmt.Sprint(s.name, "_", pair[0].TypeName(), "_", pair[1].TypeName())
			s.parameters, s.result, s.operation = pair[:], cel.BoolType, opCompare
			all = append(all, s)
		}
	}
	return all
}

func arithmetic() []signature {
	var all []signature
	one := func(name string, op operation, result *cel.Type, parameters ...*cel.Type) {
		id := name
		for _, p := range parameters {
			id += "_" + p.TypeName()
		}
		all = append(all, signature{name: name, id: id, parameters: parameters, result: result, operation: op})
	}
	for _, t := range numbers {
		one(operators.Add, opAdd, t, t, t)
		one(operators.Subtract, opSubtract, t, t, t)
		one(operators.Negate, opNegate, t, t)
		one("least", opLeast, t, t, t)
		one("greatest", opGreatest, t, t, t)
		one(operators.Multiply, opMultiply, t, t, cel.IntType)
		if t != cel.IntType {
			one(operators.Multiply, opMultiply, t, cel.IntType, t)
		}
	}
	return all
}

// divisions are divide_down, divide_up, divide_nearest, divide_even and the four
// of multiply: whoever divides says how the rest is rounded.
func divisions() []signature {
	var all []signature
	for how, name := range roundingNames {
		one := func(word string, op operation, a, b, result *cel.Type) {
			all = append(all, signature{
				name: word + "_" + name, id: word + "_" + name + "_" + a.TypeName() + "_" + b.TypeName(),
				parameters: []*cel.Type{a, b}, result: result, operation: op, how: rounding(how),
			})
		}
		for _, t := range numbers {
			one("divide", opDivide, t, cel.IntType, t)
		}
		for _, t := range numbers[1:] {
			one("divide", opDivide, t, t, celFixed)
			one("multiply", opPortion, t, celFixed, t)
		}
	}
	return all
}

func constants() []signature {
	one := func(name string, how literal, parameter, result *cel.Type) signature {
		return signature{
			name: name, id: name + "_" + parameter.TypeName(), parameters: []*cel.Type{parameter},
			result: result, operation: opConstant, literal: how,
		}
	}
	return []signature{
		one("dinars", literalDinars, cel.IntType, celMoney), one("dinars", literalDinars, cel.StringType, celMoney),
		one("dirhams", literalDirhams, cel.IntType, celMoney),
		one("fixed", literalFixed, cel.IntType, celFixed), one("fixed", literalFixed, cel.StringType, celFixed),
		one("percent", literalPercent, cel.IntType, celFixed), one("percent", literalPercent, cel.StringType, celFixed),
		one("date", literalDate, cel.StringType, celDate),
	}
}

// conversions turn one kind of number into another; where something may be lost,
// the name says how it is rounded.
func conversions() []signature {
	one := func(name string, from, to *cel.Type, how rounding) signature {
		return signature{name: name, id: name + "_" + from.TypeName(), parameters: []*cel.Type{from}, result: to, operation: opConvert, how: how}
	}
	all := []signature{
		one("decimal", cel.IntType, celFixed, roundDown), one("decimal", celMoney, celFixed, roundDown),
		one("full_years", celSpan, cel.IntType, roundDown), one("full_months", celSpan, cel.IntType, roundDown),
	}
	for how, name := range roundingNames {
		all = append(all, one("whole_"+name, celFixed, cel.IntType, rounding(how)), one("money_"+name, celFixed, celMoney, rounding(how)))
	}
	return all
}

// tables are written like functions of what they are asked for.
func (l *Language) tables() []signature {
	all := make([]signature, len(l.schema.Tables))
	for i, t := range l.schema.Tables {
		all[i] = signature{name: t.Name, id: "table_" + t.Name, result: celType(t.Type), operation: opTable, table: i}
		for _, key := range t.Keys {
			all[i].parameters = append(all[i].parameters, celType(key))
		}
		for how, name := range roundingNames {
			if name == t.How {
				all[i].how = rounding(how)
			}
		}
	}
	return all
}
