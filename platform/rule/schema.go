package rule

import (
	"regexp"
	"slices"

	"sanad/platform/fault"
	"sanad/platform/text"
)

// Type is the type of a fact, a parameter or a result: its kind and, for an
// enumeration, which one.
type Type struct {
	Kind        Kind
	Enumeration string
}

// The types that need nothing more said. An enumeration's is Of(name).
var (
	TypeTruth   = Type{Kind: KindTruth}
	TypeInteger = Type{Kind: KindInteger}
	TypeFixed   = Type{Kind: KindFixed}
	TypeMoney   = Type{Kind: KindMoney}
	TypeDate    = Type{Kind: KindDate}
	TypeText    = Type{Kind: KindText}
	TypeMember  = Type{Kind: KindMember} // a reference to a member of the household
	TypeSpan    = Type{Kind: KindSpan}   // an age or a time away, in full years or months
)

// Of is the type of a declared enumeration's labels.
func Of(enumeration string) Type { return Type{KindEnumeration, enumeration} }

// Fact declares a fact, an input or a parameter by the name that formulas use.
type Fact struct {
	Name string // letters, digits and _; an input may have one dot: month.first
	Type Type
}

// Enumeration declares a closed list of labels, written in formulas as
// citizenship.libyan. A Value names a label by its place in Labels.
type Enumeration struct {
	Name   string
	Labels []string
}

// Measuring is how a [Measure] looks at the dates behind it.
type Measuring uint8

// The ways of measuring, each asked of a member on a day.
const (
	FullYears   Measuring = iota + 1 // age: full years since the fact, a span
	MonthsSince                      // months since the fact, a span; nought where it has not begun
	NotEnded                         // truth: the fact, an end, has not come before that day
	Ongoing                          // truth: the first fact has come by that day, and the second not before it
)

// Measure declares a question that may be asked of a member with a day:
// age_on(month.first), from one date fact of members, for Ongoing from two.
type Measure struct {
	Name      string
	Measuring Measuring
	Facts     []string
}

// Schema declares everything that a formula may ask about. Values stand in a
// [Frame] in the order of these lists.
type Schema struct {
	Enumerations []Enumeration
	Household    []Fact // of the household, written household.name
	Members      []Fact // of each member, written member.name
	Measures     []Measure
	Inputs       []Fact // what the question itself brings, such as month.first
	Parameters   []Fact // what the law fixes, such as adult_age, by plain name
	Tables       []Table
}

var (
	plainName  = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)
	dottedName = regexp.MustCompile(`^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)?$`)
)

// reserved are the words that CEL or this language keep for themselves.
var reserved = []string{
	"as", "break", "const", "continue", "else", "false", "for", "function", "if",
	"import", "in", "let", "loop", "namespace", "null", "package", "return", "true",
	"var", "void", "while", "and", "or", "not", "household", "member",
	"exists", "all", "count", "sum", "earliest", "latest", "present", "date", "dinars", "dirhams", "fixed", "percent",
	"bool", "int", "string", "double", "uint", "bytes", "list", "map", "type", "dyn",
}

// refusedWords cannot begin an expression, because people write them by mistake
// and are told what to write instead; after a dot they are names like others.
var refusedWords = []string{
	"is", "between", "then", "nil", "none", "unknown", "now", "today", "timestamp",
}

// check returns what is wrong with the declarations themselves.
func (s *Schema) check() error {
	seen := map[string]bool{}
	for _, e := range s.Enumerations {
		if err := fresh(seen, "enumeration", e.Name, plainName); err != nil {
			return err
		}
		labels := map[string]bool{}
		for _, label := range e.Labels {
			if err := fresh(labels, "label", label, plainName); err != nil {
				return err
			}
		}
	}
	for _, list := range []struct {
		entity string
		facts  []Fact
		name   *regexp.Regexp
	}{
		{"household", s.Household, plainName}, {"member", s.Members, plainName},
		{"", s.Inputs, dottedName}, {"", s.Parameters, plainName},
	} {
		for _, f := range list.facts {
			if err := fresh(seen, list.entity, f.Name, list.name); err != nil {
				return err
			}
			if !s.knows(f.Type) {
				return fault.Invalid("rule.schema_type", "name", f.Name)
			}
		}
	}
	for i := range s.Tables {
		if err := fresh(seen, "", s.Tables[i].Name, plainName); err != nil {
			return err
		}
		if err := s.Tables[i].check(s); err != nil {
			return err
		}
	}
	return s.checkMeasures(seen)
}

func (s *Schema) checkMeasures(seen map[string]bool) error {
	for _, m := range s.Measures {
		if err := fresh(seen, "measure", m.Name, plainName); err != nil {
			return err
		}
		wanted := 1
		if m.Measuring == Ongoing {
			wanted = 2
		}
		for _, name := range m.Facts {
			if i := place(s.Members, name); i < 0 || s.Members[i].Type != TypeDate {
				return fault.Invalid("rule.schema_measure", "name", m.Name)
			}
		}
		if len(m.Facts) != wanted || m.Measuring < FullYears || m.Measuring > Ongoing {
			return fault.Invalid("rule.schema_measure", "name", m.Name)
		}
	}
	return nil
}

func fresh(seen map[string]bool, entity, name string, form *regexp.Regexp) error {
	begins := entity == "" || entity == "enumeration"
	if !form.MatchString(name) || slices.Contains(reserved, name) || entity == "household" && name == "members" ||
		begins && slices.Contains(refusedWords, name) {
		return fault.Invalid("rule.schema_name", "name", name)
	}
	if seen[entity+" "+name] {
		return fault.Invalid("rule.schema_twice", "name", name)
	}
	seen[entity+" "+name] = true
	return nil
}

// knows reports whether a type may be declared: every kind, and enumerations
// that exist.
func (s *Schema) knows(t Type) bool {
	if t.Kind == KindEnumeration {
		return s.enumeration(t.Enumeration) >= 0
	}
	return t.Kind > KindNone && t.Kind <= KindSpan && t.Enumeration == ""
}

func (s *Schema) enumeration(name string) int {
	return slices.IndexFunc(s.Enumerations, func(e Enumeration) bool { return e.Name == name })
}

var typeKeys = [...]string{
	KindNone: "none", KindTruth: "truth", KindInteger: "integer", KindFixed: "fixed",
	KindMoney: "money", KindDate: "date", KindEnumeration: "label", KindText: "text",
	KindMember: "member", KindSpan: "span",
}

// String is the type's name in the language itself, for tests and lists.
func (t Type) String() string {
	if t.Kind == KindEnumeration {
		return t.Enumeration
	}
	return typeKeys[t.Kind]
}

// Name is the message key of the type's name for a reader: "a sum of money".
func (t Type) Name() text.Key { return text.Key("rule.type_" + typeKeys[t.Kind]) }
