// Package rule is the language in which laws are written as data: "she is under
// 18 on the first day of the month and lives in the country", so that an analyst
// can read it, a family can be told which part of it was not met, and a judge
// can see it computed again.
//
// A [Schema] says which facts there are to ask about; a [Language] made from it
// compiles one formula at a time. The text is parsed and type-checked by CEL
// (cel.dev/cel-go) with types of our own, then carried over into a small tree
// that holds nothing but what the law needs: no fractions in floating point, no
// clock, no text to take apart, no loops but those over a household's members.
// That tree is what is evaluated, by [Rule.Evaluate] for one household.
//
// What is not known stays not known. Every value may be unknown, logic has three
// values (Kleene), dates and ages carry their precision, and an answer is given
// only where no missing fact could turn it. Arithmetic that does not fit is a
// fault that names its place, never a wrong amount.
package rule

// Rule is one checked formula: a condition, an amount or a date. It never
// changes and may be evaluated by many goroutines at once.
type Rule struct {
	language  *Language
	position  Position
	source    string
	scope     Scope
	nodes     []node // children before their parents; the root is last
	notes     []note // of each node
	kids      []int32
	constants []Value
	texts     []string // text constants; a Value names them by -1-index
	depends   []uint8  // of each node: the member variables that it rests on, a bit each
}

// Type is the type of the rule's result.
func (r *Rule) Type() Type { return r.notes[len(r.notes)-1].kind }

// Text is the formula as its author wrote it.
func (r *Rule) Text() string { return r.source }

// Position is where the formula was written.
func (r *Rule) Position() Position { return r.position }

// Reads lists the facts, inputs and parameters that the rule may ask for, by
// their full names (member.birth_date, month.first, adult_age), each once, in
// order of appearance.
func (r *Rule) Reads() []string {
	var names []string
	seen := map[string]bool{}
	for _, n := range r.notes {
		if name := n.reads; name != "" && !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// Scope says whom a rule is about.
type Scope uint8

// The scopes: a household's rule reads the household and ranges over its
// members; a member's rule may also read the one member it is about.
const (
	ForHousehold Scope = iota
	ForMember
)
