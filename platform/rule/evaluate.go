package rule

import (
	"slices"

	"sanad/platform/fault"
)

// Frame holds the facts of one household for one evaluation: values in the
// order of the schema's lists. A frame is filled again and again; nothing in it
// is kept by an evaluation. Facts that nobody filled in are unknown.
type Frame struct {
	Household  []Value
	Members    []Value // member by member, each in the order of Schema.Members
	Count      int     // how many members
	Inputs     []Value
	Parameters []Value
	Tables     []Figures // in the order of Schema.Tables
	Texts      []string  // what the values of Text name
	Member     int       // whom a member's rule is about
}

// NewFrame returns a frame for so many members in which everything is unknown.
func (l *Language) NewFrame(members int) *Frame {
	f := &Frame{
		Household:  make([]Value, len(l.schema.Household)),
		Inputs:     make([]Value, len(l.schema.Inputs)),
		Parameters: make([]Value, len(l.schema.Parameters)),
		Tables:     make([]Figures, len(l.schema.Tables)),
	}
	l.Reset(f, members)
	return f
}

// Reset makes everything known of household and members unknown again, for the
// next household; inputs and parameters stay.
func (l *Language) Reset(f *Frame, members int) {
	clear(f.Household)
	needed := members * len(l.schema.Members)
	if cap(f.Members) < needed {
		f.Members = make([]Value, needed)
	}
	f.Members = f.Members[:needed]
	clear(f.Members)
	f.Count, f.Member, f.Texts = members, 0, f.Texts[:0]
}

// Facts returns the facts of one member, to fill in the order of Schema.Members.
func (l *Language) Facts(f *Frame, member int) []Value {
	width := len(l.schema.Members)
	return f.Members[member*width : (member+1)*width]
}

// evaluation is one rule over one frame. It lives on the stack.
type evaluation struct {
	rule   *Rule
	frame  *Frame
	steps  []step // of the trace
	noting bool   // with a trace
	width  int
	bound  [maximumVariables]int64
	read   int32 // the member whose fact was read last, -1 for none
	turn   int32 // the member that the innermost loop is at, -1 outside
}

// Evaluate answers a rule for one household; with a trace it also notes every
// step, for which a rule's every condition is looked at, and the answer is the
// same. The faults are "rule.overflow", "rule.division_by_zero" and, where the
// frame does not fit the schema, "rule.frame".
func (r *Rule) Evaluate(frame *Frame, trace *Trace) (Value, error) {
	e := evaluation{rule: r, frame: frame, noting: trace != nil, width: len(r.language.schema.Members), turn: -1}
	e.bound[0] = int64(frame.Member)
	if trace != nil {
		e.steps = trace.begin(r)
	}
	v := e.value(int32(len(r.nodes) - 1))
	if trace != nil {
		trace.steps = e.steps
	}
	if v.state == failed {
		return Value{kind: v.kind}, r.failureOf(v)
	}
	return v, nil
}

func (r *Rule) failureOf(v Value) error {
	n := &r.notes[int32(v.number)-1]
	key := "rule.frame"
	switch failure(v.number >> 32) {
	case failedOverflow:
		key = "rule.overflow"
	case failedDivision:
		key = "rule.division_by_zero"
	}
	c := compilation{source: Source{Position: r.position}, text: r.source}
	f := c.faultAt(key, int(n.start), int(n.end))
	f.Kind = fault.KindConflict
	return f
}

// value is the value of a node, noted where there is a trace.
func (e *evaluation) value(i int32) Value {
	if e.noting {
		return e.noted(i)
	}
	return e.compute(i)
}

// noted computes and writes a step. Constants and the members that variables
// stand for are not worth one.
func (e *evaluation) noted(i int32) Value {
	if e.rule.nodes[i].operation <= opBound {
		return e.compute(i)
	}
	start := int32(len(e.steps))
	v := e.compute(i)
	at := len(e.steps)
	if at == cap(e.steps) {
		e.steps = slices.Grow(e.steps, 64)
	}
	e.steps = e.steps[:at+1]
	noted := &e.steps[at]
	noted.value, noted.node, noted.start, noted.member, noted.turn = v, i, start, e.read, e.turn
	return v
}
