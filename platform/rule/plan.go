package rule

import (
	"slices"

	"sanad/platform/fault"
)

// Computed is a fact that nobody states: a rule says what it is. By the rule's
// scope it is a household's or a member's fact, at its place in the schema's list.
type Computed struct {
	Rule *Rule
	Fact int
}

// Plan computes facts from other facts, each after those that it rests on.
type Plan struct{ order []Computed }

// NewPlan orders computed facts of one language. Facts that rest on each other
// in a circle are the fault "rule.circle", which names them.
func NewPlan(computed []Computed) (Plan, error) {
	names := map[string]int{}
	for i, c := range computed {
		names[c.name()] = i
	}
	p := Plan{}
	state := make([]int, len(computed)) // 1 while being placed, 2 once it is
	var place func(i int, path []string) error
	place = func(i int, path []string) error {
		path = append(path, computed[i].name())
		if state[i] == 1 {
			return fault.Invalid("rule.circle", "names", path[slices.Index(path, path[len(path)-1]):])
		}
		if state[i] == 2 {
			return nil
		}
		state[i] = 1
		for _, read := range computed[i].Rule.Reads() {
			if other, found := names[read]; found {
				if err := place(other, path); err != nil {
					return err
				}
			}
		}
		state[i] = 2
		p.order = append(p.order, computed[i])
		return nil
	}
	for i := range computed {
		if err := place(i, nil); err != nil {
			return Plan{}, err
		}
	}
	return p, nil
}

// name is how formulas write the fact.
func (c Computed) name() string {
	schema := &c.Rule.language.schema
	if c.Rule.scope == ForMember {
		return "member." + schema.Members[c.Fact].Name
	}
	return "household." + schema.Household[c.Fact].Name
}

// Fill computes the facts of the household in a frame. Its faults are those of
// [Rule.Evaluate].
func (p Plan) Fill(f *Frame) error { return p.Explain(f, nil, nil) }

// Explain is Fill with a trace of every step, where there is one: explained gets
// each computed fact's whole explanation, members one after the other.
func (p Plan) Explain(f *Frame, trace *Trace, explained func(Explanation)) error {
	member := f.Member
	defer func() { f.Member = member }()
	for _, c := range p.order {
		rounds := 1
		if c.Rule.scope == ForMember {
			rounds = f.Count
		}
		for m := range rounds {
			f.Member = m
			v, err := c.Rule.Evaluate(f, trace)
			if err != nil {
				return err
			}
			if c.Rule.scope == ForMember {
				c.Rule.language.Facts(f, m)[c.Fact] = v
			} else {
				f.Household[c.Fact] = v
			}
			if trace != nil {
				explained(trace.Explanation())
			}
		}
	}
	return nil
}

// Reserve makes room for what a plan computes. It must be called once before
// Compute, by one goroutine.
func (c *Columns) Reserve(p Plan) {
	for _, computed := range p.order {
		column := c.of(computed)
		column.reserve()
		if column.small != nil && column.kind != KindDate && column.kind != KindMember {
			column.small, column.large = nil, slices.Repeat([]int64{unknownLarge}, column.rows)
		}
		column.loose = true // whatever will be computed
	}
}

func (c *Columns) of(computed Computed) *column {
	if computed.Rule.scope == ForMember {
		return &c.members[computed.Fact]
	}
	return &c.household[computed.Fact]
}

// computeBatch is how many households are computed together: their numbers stay
// close to the processor.
const computeBatch = 512

// Compute computes a plan for the households from and up to a place. Several
// goroutines may compute different ranges at once. A computation without answer
// is the fault that [Rule.Evaluate] gives, and the household's place says whose.
func (e *Evaluator) Compute(p Plan, from, to int) (household int, err error) {
	for ; from < to; from += computeBatch {
		end := min(from+computeBatch, to)
		for _, computed := range p.order {
			answers := e.Evaluate(computed.Rule, from, end)
			if row, err := answers.Failure(); err != nil {
				return e.whose(computed, from, row), err
			}
			first := from
			if computed.Rule.scope == ForMember {
				first, _ = e.columns.Members(from)
			}
			e.columns.of(computed).store(first, &answers)
		}
	}
	return 0, nil
}

// whose is the household of an answer's row.
func (e *Evaluator) whose(computed Computed, from, row int) int {
	if computed.Rule.scope != ForMember {
		return from + row
	}
	first, _ := e.columns.Members(from)
	at, found := slices.BinarySearch(e.columns.starts, int32(first+row))
	if !found {
		return at - 1
	}
	for at+1 < len(e.columns.starts) && e.columns.starts[at+1] == e.columns.starts[at] {
		at++ // households without members
	}
	return at
}

// store keeps answers in a column that has room, from a row on.
func (c *column) store(from int, a *Answers) {
	v := &a.vector
	if v.uniform || v.state != nil || c.large == nil {
		ifUnknown, ifAbsent := c.kept()
		for i := range a.rows {
			c.put(from+i, packed(v.at(i), ifUnknown, ifAbsent))
		}
		return
	}
	copy(c.large[from:from+a.rows], v.number)
}

func (c *column) put(row int, n int64) {
	switch {
	case c.bytes != nil:
		c.bytes[row] = uint8(n)
	case c.small != nil:
		c.small[row] = int32(n)
	default:
		c.large[row] = n
	}
}
