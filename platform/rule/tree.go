package rule

// operation is what a node of the tree does. Each has one meaning, for one
// household and over columns.
type operation uint8

const (
	opConstant      operation = iota // slot: place in Rule.constants
	opBound                          // slot: which member variable (0 is the rule's own member)
	opInput                          // slot: place in Schema.Inputs
	opParameter                      // slot: place in Schema.Parameters
	opHouseholdFact                  // slot: place in Schema.Household
	opMemberFact                     // slot: place in Schema.Members; kid: the member
	opAnd                            // kids: two or more
	opOr
	opNot
	opChoose  // kids: condition, then, else
	opCompare // ways: which orders of the two kids mean yes
	opIn      // kids: what, then each candidate
	opAdd
	opSubtract
	opMultiply
	opNegate
	opDivide  // how: rounding
	opPortion // how: rounding
	opLeast   // kids: two
	opGreatest
	opAge     // kids: birth, day
	opMonths  // kids: since, day
	opPresent // kid: a date or a reference
	opConvert // how: rounding; kid: a number of another kind
	opTable   // slot: place in Schema.Tables; kids: what is looked up
	opExists  // slot: member variable; kid: condition
	opAll
	opCount
	opSum      // slot: member variable; kids: amount, or condition and amount
	opEarliest // slot: member variable; kids: date, or condition and date
	opLatest
)

// node is one step of a rule, 16 bytes, so that a whole rule lies in a few
// cache lines. Kids stand before it in Rule.nodes; their places are
// Rule.kids[first:first+count].
type node struct {
	operation operation
	kind      Kind
	ways      uint8
	how       rounding
	count     uint8
	fallible  bool // some arithmetic in or below it could overflow or divide by nought
	slot      int32
	first     int32
}

// note is what is said about a node and not needed to compute it.
type note struct {
	start, end int32 // of its text in the source, in bytes
	words      string
	kind       Type
	reads      string // declared name of the fact, input or parameter, or empty
}

// mayFail reports whether an operation can fail by itself.
func (o operation) mayFail() bool {
	switch o {
	case opAdd, opSubtract, opMultiply, opNegate, opDivide, opPortion, opConvert, opTable, opSum:
		return true
	}
	return false
}

// maximumKids bounds the operands of one operation, maximumVariables the
// nesting of exists, all, count and sum.
const (
	maximumKids      = 255
	maximumVariables = 5
)

func (r *Rule) kidsOf(n *node) []int32 { return r.kids[n.first : n.first+int32(n.count)] }

// nameOf is the declared name of the fact, input or parameter that a node
// reads, empty for other nodes.
func (l *Language) nameOf(n *node) string {
	switch n.operation {
	case opInput:
		return l.schema.Inputs[n.slot].Name
	case opParameter:
		return l.schema.Parameters[n.slot].Name
	case opTable:
		return l.schema.Tables[n.slot].Name
	case opHouseholdFact:
		return "household." + l.schema.Household[n.slot].Name
	case opMemberFact:
		return "member." + l.schema.Members[n.slot].Name
	}
	return ""
}
