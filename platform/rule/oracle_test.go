package rule

import (
	"errors"
	"math/big"
	"reflect"
	"testing"
	"time"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"pgregory.net/rapid"

	"sanad/platform/calendar"
)

// CEL's own interpreter is the oracle: the same text, the same declarations,
// with our types and functions bound to other code than the evaluator's (big
// integers, time.Time). Where everything is known the two must agree, failures
// included.

type opaque struct {
	kind *cel.Type
	n    int64
}

func (o opaque) ConvertToNative(reflect.Type) (any, error) { return nil, errors.New("no") }
func (o opaque) ConvertToType(ref.Type) ref.Val            { return types.NewErr("no") }
func (o opaque) Type() ref.Type                            { return o.kind }
func (o opaque) Value() any                                { return o.n }
func (o opaque) Equal(other ref.Val) ref.Val {
	switch other := other.(type) {
	case opaque:
		return types.Bool(o.n == other.n)
	case types.Int: // spans count in halves
		return types.Bool(big.NewInt(o.n).Cmp(new(big.Int).Mul(big.NewInt(2), big.NewInt(int64(other)))) == 0)
	}
	return types.NewErr("not comparable")
}

// entity is the household (member < 0) or a member, with its facts by name.
type entity struct {
	opaque
	l *Language
	f *Frame
}

func (e entity) Get(index ref.Val) ref.Val {
	name := string(index.(types.String))
	if e.n >= 0 {
		slot := place(e.l.schema.Members, name)
		return e.value(e.l.Facts(e.f, int(e.n))[slot], e.l.schema.Members[slot].Type)
	}
	if name == "members" {
		var all []ref.Val
		for i := range e.f.Count {
			all = append(all, entity{opaque{celMember, int64(i)}, e.l, e.f})
		}
		return types.NewRefValList(types.DefaultTypeAdapter, all)
	}
	slot := place(e.l.schema.Household, name)
	return e.value(e.f.Household[slot], e.l.schema.Household[slot].Type)
}

func (e entity) Equal(other ref.Val) ref.Val { return types.Bool(e.n == other.(entity).n) }

func (e entity) value(v Value, t Type) ref.Val {
	switch t.Kind {
	case KindTruth:
		return types.Bool(v.number == 1)
	case KindInteger:
		return types.Int(v.number)
	case KindText:
		return types.String(e.f.Texts[v.number])
	case KindMember:
		return entity{opaque{celMember, v.number}, e.l, e.f}
	}
	return opaque{celType(t), v.number}
}

func numberOf(v ref.Val) *big.Int {
	switch v := v.(type) {
	case types.Int:
		return big.NewInt(int64(v))
	case opaque:
		return big.NewInt(v.n)
	}
	panic("not a number")
}

func boxed(n *big.Int, t *cel.Type) ref.Val {
	if !n.IsInt64() {
		return types.NewErr("overflow")
	}
	if t.Kind() == types.IntKind {
		return types.Int(n.Int64())
	}
	return opaque{t, n.Int64()}
}

// bindOracle gives a signature its meaning in CEL's interpreter.
func bindOracle(l *Language) func(signature) []cel.OverloadOpt {
	return func(s signature) []cel.OverloadOpt {
		switch s.operation {
		case opAnd, opOr, opChoose:
			return nil
		}
		return []cel.OverloadOpt{cel.FunctionBinding(func(args ...ref.Val) ref.Val { return l.oracle(s, args) })}
	}
}

func (l *Language) oracle(s signature, args []ref.Val) ref.Val {
	switch {
	case s.name == hiddenJoin:
		return args[0].(traits.Adder).Add(args[1])
	case s.name == hiddenCount || s.name == hiddenSum:
		return total(s, args[0].(traits.Lister))
	case s.literal != notLiteral:
		return writtenOut(s, args[0])
	case s.receiver:
		return l.measured(l.schema.Measures[s.measure], args[0].(entity), args[1].(opaque).n)
	case s.id == "not_strictly_false":
		return types.Bool(args[0] != types.False)
	}
	switch s.operation {
	case opNot:
		return !args[0].(types.Bool)
	case opIn:
		return args[1].(traits.Lister).Contains(args[0])
	case opPresent:
		member, isMember := args[0].(entity)
		return types.Bool(isMember && member.n >= 0 || !isMember && args[0].(opaque).n != never)
	case opCompare:
		return compared(s, args[0], args[1])
	case opNegate:
		return boxed(new(big.Int).Neg(numberOf(args[0])), s.result)
	}
	return computed(s, numberOf(args[0]), numberOf(args[1]))
}

func total(s signature, list traits.Lister) ref.Val {
	var sum ref.Val = boxed(new(big.Int), s.result)
	for i := range int64(list.Size().(types.Int)) {
		switch v := list.Get(types.Int(i)).(type) {
		case types.Bool:
			if v {
				sum = boxed(new(big.Int).Add(numberOf(sum), big.NewInt(1)), s.result)
			}
		default:
			sum = boxed(new(big.Int).Add(numberOf(sum), numberOf(v)), s.result)
			if types.IsError(sum) {
				return sum
			}
		}
	}
	return sum
}

func writtenOut(s signature, v ref.Val) ref.Val {
	if s.literal == literalDate {
		d, _ := calendar.Parse(string(v.(types.String)))
		return opaque{celDate, int64(d)}
	}
	rat := new(big.Rat)
	switch v := v.(type) {
	case types.Int:
		rat.SetInt64(int64(v))
	case types.String:
		rat.SetString(string(v))
	}
	scale := map[literal]int64{literalDinars: 1000, literalDirhams: 1, literalFixed: 1_000_000, literalPercent: 10_000}[s.literal]
	return boxed(rat.Mul(rat, big.NewRat(scale, 1)).Num(), s.result)
}

func moment(d int64) time.Time {
	return time.Date(int(d/10000), time.Month(d/100%100), int(d%100), 0, 0, 0, 0, time.UTC)
}

// measured counts birthdays and months one by one.
func (l *Language) measured(m Measure, of entity, day int64) ref.Val {
	dates := make([]int64, len(m.Facts))
	for i, name := range m.Facts {
		dates[i] = of.Get(types.String(name)).(opaque).n
	}
	switch m.Measuring {
	case NotEnded:
		return types.Bool(dates[0] >= day)
	case Ongoing:
		return types.Bool(dates[0] <= day && dates[1] >= day)
	case FullYears:
		return fullYearsCounted(dates[0], day)
	}
	halves := int64(0)
	for n := 1; dates[0] != never && day != never; n++ {
		anniversary := int64(calendar.Date(dates[0]).AddMonths(n))
		if anniversary > day {
			if dates[0] < day && halves == int64(2*(n-1)) && int64(calendar.Date(dates[0]).AddMonths(n-1)) != day {
				halves++
			}
			break
		}
		halves = int64(2 * n)
	}
	return opaque{celSpan, halves}
}

func fullYearsCounted(birth, day int64) ref.Val {
	born, on := moment(birth), moment(day)
	birthday := func(n int) time.Time {
		return time.Date(born.Year()+n, born.Month(), born.Day(), 0, 0, 0, 0, time.UTC)
	}
	n := -60
	for !birthday(n + 1).After(on) {
		n++
	}
	return opaque{celSpan, int64(2 * n)}
}

func compared(s signature, a, b ref.Val) ref.Val {
	var order int
	switch a.(type) {
	case types.Bool, types.String, entity:
		if a.Equal(b) != types.True {
			order = 1
		}
	default:
		x, y := numberOf(a), numberOf(b)
		if s.parameters[0] == celSpan && s.parameters[1] == cel.IntType {
			y.Mul(y, big.NewInt(2))
		}
		if s.parameters[1] == celSpan && s.parameters[0] == cel.IntType {
			x.Mul(x, big.NewInt(2))
		}
		order = x.Cmp(y)
	}
	return types.Bool(map[string]bool{
		"_<_": order < 0, "_<=_": order <= 0, "_>_": order > 0, "_>=_": order >= 0, "_==_": order == 0, "_!=_": order != 0,
	}[s.name])
}

func computed(s signature, a, b *big.Int) ref.Val {
	million := big.NewInt(1_000_000)
	switch s.operation {
	case opAdd:
		return boxed(a.Add(a, b), s.result)
	case opSubtract:
		return boxed(a.Sub(a, b), s.result)
	case opMultiply:
		return boxed(a.Mul(a, b), s.result)
	case opLeast:
		if b.Cmp(a) < 0 {
			a = b
		}
		return boxed(a, s.result)
	case opGreatest:
		if b.Cmp(a) > 0 {
			a = b
		}
		return boxed(a, s.result)
	case opPortion:
		return boxed(rounded(new(big.Rat).SetFrac(a.Mul(a, b), million), s.how), s.result)
	}
	if b.Sign() == 0 {
		return types.NewErr("division by zero")
	}
	if s.parameters[0] == s.parameters[1] && s.parameters[0] != cel.IntType {
		a.Mul(a, million)
	}
	return boxed(rounded(new(big.Rat).SetFrac(a, b), s.how), s.result)
}

func rounded(r *big.Rat, how rounding) *big.Int {
	floor := new(big.Int).Div(r.Num(), r.Denom()) // Euclidean: the denominator is positive
	rest := new(big.Rat).Sub(r, new(big.Rat).SetInt(floor))
	half := rest.Cmp(big.NewRat(1, 2))
	up := false
	switch how {
	case roundUp:
		up = rest.Sign() > 0
	case roundNearest:
		up = half > 0 || half == 0 && r.Sign() > 0
	case roundEven:
		up = half > 0 || half == 0 && floor.Bit(0) == 1
	}
	if up {
		floor.Add(floor, big.NewInt(1))
	}
	return floor
}

func TestEvaluatorEqualsTheInterpreterOfCEL(t *testing.T) {
	l := testLanguage(t)
	env, err := cel.NewCustomEnv(l.options(ForMember, bindOracle(l))...)
	if err != nil {
		t.Fatal(err)
	}
	agreed, failures := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		text, f := formula(t), frame(t, l)
		r, err := l.Compile(Source{Text: text, Scope: ForMember})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		got, err := evaluateBoth(t, r, f)
		want, wantErr := interpret(t, env, l, text, f)
		if (err != nil) != (wantErr != nil) {
			t.Fatalf("%s: %v (%v), the interpreter %v (%v)", text, got, err, want, wantErr)
		}
		if err != nil {
			failures++
			return
		}
		agreed++
		if !sameAsCEL(got, want) {
			t.Fatalf("%s: %v, the interpreter %v", text, got, want)
		}
	})
	if agreed == 0 || failures == 0 && !testing.Short() {
		t.Errorf("%d agreed and %d failed: the formulas are too tame to show anything", agreed, failures)
	}
}

func interpret(t *rapid.T, env *cel.Env, l *Language, text string, f *Frame) (ref.Val, error) {
	ast, issues := env.Compile(text)
	if issues.Err() != nil {
		t.Fatalf("%s: %v", text, issues.Err())
	}
	program, err := env.Program(ast)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	household := entity{opaque{celHousehold, -1}, l, f}
	variables := map[string]any{"household": household, "member": entity{opaque{celMember, int64(f.Member)}, l, f}}
	for name, n := range l.named {
		switch n.operation {
		case opConstant:
			variables[name] = opaque{celType(n.kind), int64(n.slot)}
		case opInput:
			variables[name] = household.value(f.Inputs[n.slot], n.kind)
		case opParameter:
			variables[name] = household.value(f.Parameters[n.slot], n.kind)
		}
	}
	value, _, err := program.Eval(variables)
	return value, err
}

func sameAsCEL(v Value, want ref.Val) bool {
	switch want := want.(type) {
	case types.Bool:
		return v == Bool(bool(want))
	case types.Int:
		return v == Integer(int64(want))
	case opaque:
		return v.number == want.n && v.state != unknown
	}
	return false
}
