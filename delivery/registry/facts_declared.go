package registry

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"

	"sanad/platform/fault"
	"sanad/platform/text"
)

// A country pack declares further facts as data. Their numbers lie apart from
// the core's. A sheet keeps such a fact under its number and in a form that can
// be read without its declaration, so that a node whose pack is older loses
// nothing that a newer one wrote.

// The numbers that a country pack may give to its facts.
const (
	FirstDeclared = 1001
	LastDeclared  = 9999
)

// undeclared begins the name of a fact that another pack declared: fact_1042.
const undeclared = "fact_"

// known are all facts that this process knows. It is replaced as a whole, at the
// start of the program, and read without locks by everybody.
type known struct {
	all      []Definition // the core's first, each in the order of numbers
	declared []Definition
	byName   map[Name]*Definition
	byNumber []*Definition
}

var facts atomic.Pointer[known]

func init() { facts.Store(gather(nil)) }

func gather(declared []Definition) *known {
	k := &known{declared: declared, byName: map[Name]*Definition{}}
	k.all = slices.Clone(Definitions)
	for _, d := range declared {
		if d.Number >= FirstDeclared {
			k.all = append(k.all, d)
			continue
		}
		for i := range k.all { // labels of a core fact
			if core := &k.all[i]; core.Name == d.Name {
				core.Title, core.Labels, core.Words, core.Unit, core.Origin = d.Title, d.Labels, d.Words, d.Unit, d.Origin
				core.Codes = d.Codes
			}
		}
	}
	for i := range k.all {
		d := &k.all[i]
		k.byName[d.Name] = d
		k.byNumber = append(k.byNumber, make([]*Definition, max(0, d.Number+1-len(k.byNumber)))...)
		k.byNumber[d.Number] = d
	}
	return k
}

// Declare makes a country pack's facts known to this process: they can be
// stated, shown, asked and read by rules from now on. A number or a name that
// means something else already is refused ("registry.fact_declared_twice"): what
// sheets hold must keep its meaning.
func Declare(declared []Definition) error {
	declared = slices.Clone(declared)
	slices.SortFunc(declared, func(a, b Definition) int { return cmp.Compare(a.Number, b.Number) })
	before := facts.Load()
	for i, d := range declared {
		if d.Number >= FirstDeclared && Core(d.Name) != nil || i > 0 && declared[i-1].Number == d.Number {
			return fault.Invalid("registry.fact_declared_twice", "fact", string(d.Name))
		}
	}
	for _, old := range before.declared {
		at := slices.IndexFunc(declared, func(d Definition) bool { return d.Number == old.Number || d.Name == old.Name })
		if at < 0 {
			continue
		}
		if d := declared[at]; d.Number != old.Number || d.Name != old.Name || d.Type != old.Type || d.Household != old.Household {
			return fault.Invalid("registry.fact_declared_twice", "fact", string(d.Name))
		}
	}
	facts.Store(gather(declared))
	return nil
}

// Declared are the facts that the country pack declares, by number.
func Declared() []Definition { return facts.Load().declared }

// All are the facts of the core and of the country pack, in the order in which
// sheets and pages list them.
func All() []Definition { return facts.Load().all }

// Define returns the definition of a fact, or nil for one that neither the core
// nor this country pack knows.
func Define(name Name) *Definition { return facts.Load().byName[name] }

// Core returns the core's own definition of a fact, or nil.
func Core(name Name) *Definition {
	for i := range Definitions {
		if Definitions[i].Name == name {
			return &Definitions[i]
		}
	}
	return nil
}

// numbered is the fact with a number of the encoding, nil where there is none.
func numbered(number uint64) *Definition {
	k := facts.Load()
	if number >= uint64(len(k.byNumber)) {
		return nil
	}
	return k.byNumber[number]
}

// order is a fact's place among others: its number; names without one stand
// behind all numbers.
func order(name Name) int {
	if d := Define(name); d != nil {
		return d.Number
	}
	if number, ok := strings.CutPrefix(string(name), undeclared); ok {
		if n, err := strconv.Atoi(number); err == nil && n >= FirstDeclared && n <= LastDeclared {
			return n
		}
	}
	return LastDeclared + 1
}

// Heading is what a fact is called: the country's words for what it declares,
// else the program's own.
func (n Name) Heading() any {
	if d := Define(n); d != nil && d.Title.Arabic != "" && d.Number >= FirstDeclared {
		return d.Title
	}
	return n.Key()
}

// Word is a code as a reader is told it: the country's label where it declares
// one, else the program's word.
func (d *Definition) Word(code string) any {
	if at := slices.Index(d.Codes, code); at >= 0 && at < len(d.Labels) {
		return d.Labels[at]
	}
	return text.Key("registry.code_" + code)
}

// With are the core's facts and those that a pack declares, which this process
// need not know: for whoever checks a pack.
func With(declared []Definition) []Definition { return gather(declared).all }

// Decimal writes millionths without trailing zeros: 2.5.
func Decimal(millionths int64) string {
	whole, part := millionths/1_000_000, millionths%1_000_000
	if part == 0 {
		return strconv.FormatInt(whole, 10)
	}
	return strconv.FormatInt(whole, 10) + "." + strings.TrimRight(strconv.FormatInt(1_000_000+part, 10)[1:], "0")
}
