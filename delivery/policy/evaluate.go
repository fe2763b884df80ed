package policy

import (
	"fmt"
	"runtime"
	"strconv"
	"sync"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/rule"
)

// Evaluation is a pack's computation over people who stand in two tables and in
// no database: facts by column, outputs by column.
type Evaluation struct {
	pack       *Pack
	households []string // their names, in the order of their table
	members    []string // of each member row: her name, or her place in the household
	numbers    []int    // of each household: its record in the table, for messages
	sets       []*evaluated
}

// evaluated is one calculation or programme with everybody's facts as it reads
// them and what it computes.
type evaluated struct {
	set     *Programme
	columns *rule.Columns
	plan    rule.Plan
	amounts map[*Component][]rule.Value // of each member
}

// Households is how many there are.
func (e *Evaluation) Households() int { return e.sets[0].columns.Households() }

// Members is how many persons there are.
func (e *Evaluation) Members() int {
	if e.Households() == 0 {
		return 0
	}
	_, last := e.sets[0].columns.Members(e.Households() - 1)
	return last
}

// fails names the household that cannot be computed.
func (e *Evaluation) fails(household int, why error) error {
	name, record := strconv.Itoa(household+1), household+1
	if len(e.households) > 0 {
		name, record = e.households[household], e.numbers[household]
	}
	return fault.Invalid("policy.computation_fails", "household", name, "record", record, "why", why).Because(why)
}

// Run computes every output, on all processors. A computation without an answer
// is the fault "policy.computation_fails", which names the household and the
// formula: nothing is given where something went wrong.
func (e *Evaluation) Run() error {
	for _, set := range e.sets {
		if err := e.run(set); err != nil {
			return err
		}
	}
	return nil
}

func (e *Evaluation) run(set *evaluated) error {
	workers := runtime.GOMAXPROCS(0)
	errs := make([]error, workers)
	var running sync.WaitGroup
	for w := range workers {
		from, to := e.Households()*w/workers, e.Households()*(w+1)/workers
		running.Go(func() {
			evaluator := set.columns.Evaluator()
			household, err := evaluator.Compute(set.plan, from, to)
			for i := range set.set.Components {
				if err == nil {
					household, err = set.component(evaluator, &set.set.Components[i], from, to)
				}
			}
			if err != nil {
				errs[w] = e.fails(household, err)
			}
		})
	}
	running.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// prepare makes the columns of every set, with room for what it computes.
func (p *Pack) prepare(sizes []int32, day calendar.Date) ([]*evaluated, error) {
	var sets []*evaluated
	for _, set := range p.Sets {
		s := &evaluated{set: set, columns: set.language.NewColumns(sizes)}
		if err := set.on(day, s.columns.Frame); err != nil {
			return nil, err
		}
		s.plan = set.plan
		s.columns.Reserve(s.plan)
		s.amounts = map[*Component][]rule.Value{}
		for i := range set.Components {
			s.amounts[&set.Components[i]] = make([]rule.Value, sum(sizes))
		}
		sets = append(sets, s)
	}
	return sets, nil
}

// cell is an output's value for a household or member row, as it is written:
// sums in dinars, unknown for what could not be known.
func (o *output) cell(set *evaluated, row int) string {
	if o.value == nil {
		return written(set.amounts[o.component][row])
	}
	if o.member {
		return written(set.columns.MemberValue(o.value.fact, row))
	}
	return written(set.columns.HouseholdValue(o.value.fact, row))
}

func written(v rule.Value) string {
	switch {
	case v.Absent():
		return "none"
	case !v.Known():
		return "unknown"
	case v.Kind() == rule.KindTruth && v.Number() == 1:
		return "yes"
	case v.Kind() == rule.KindTruth:
		return "no"
	}
	return fmt.Sprint(v)
}

func sum(sizes []int32) (n int) {
	for _, size := range sizes {
		n += int(size)
	}
	return n
}

// componentBatch is how many households' conditions are looked at together.
const componentBatch = 512

// component computes what a component of a programme comes to for each member by
// the readings chosen: its amount where every condition is met, nought where one
// is not or the member is not of its kind, unknown else.
func (s *evaluated) component(e *rule.Evaluator, c *Component, from, to int) (household int, err error) {
	tests := []*rule.Rule{c.who}
	for _, condition := range c.conditions {
		tests = append(tests, condition.Tests[condition.chosen].rule)
	}
	for ; from < to; from += componentBatch {
		end := min(from+componentBatch, to)
		first, _ := s.columns.Members(from)
		_, last := s.columns.Members(end - 1)
		list := s.amounts[c][first:last]
		amounts := e.Evaluate(c.amount, from, end)
		for row := range list {
			list[row] = amounts.At(row)
		}
		if row, err := amounts.Failure(); err != nil {
			return s.householdOf(from, first+row), err
		}
		for _, test := range tests {
			answers := e.Evaluate(test, from, end)
			if row, err := answers.Failure(); err != nil {
				return s.householdOf(from, first+row), err
			}
			for row := range list {
				list[row] = narrowed(list[row], answers.At(row).Truth())
			}
		}
	}
	return 0, nil
}

// narrowed is an amount under one more condition.
func narrowed(amount rule.Value, met calendar.Truth) rule.Value {
	nought := rule.Money(0)
	switch {
	case met == calendar.No || amount == nought:
		return nought
	case met == calendar.Maybe:
		return rule.Unknown(rule.KindMoney)
	}
	return amount
}

// householdOf is the household of a member row, from a household on.
func (s *evaluated) householdOf(household, row int) int {
	for {
		if _, to := s.columns.Members(household); row < to {
			return household
		}
		household++
	}
}
