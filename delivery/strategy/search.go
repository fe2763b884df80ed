package strategy

import (
	"context"
	"slices"
	"strconv"

	"sanad/delivery/policy"
	"sanad/platform/fault"
	"sanad/platform/money"
)

// Found is what the search for a budget-neutral figure came to.
type Found struct {
	Parameter string       `json:"parameter"`
	Value     string       `json:"value"`         // as a programme file writes it
	Budget    money.Amount `json:"budget_dirham"` // a month, that was to be met
	Cost      money.Amount `json:"cost_dirham"`   // a month, with that figure
	Tried     int          `json:"figures_tried"`
}

// Residual is what the reform costs beyond the budget, a month: nothing can come
// nearer by one step of the figure.
func (f Found) Residual() money.Amount { return f.Cost - f.Budget }

// search finds the figure of a parameter by which the reform costs what the
// budget is: bisection, several figures in each pass over the households.
// Amounts are searched to the dirham, years and counts to one.
func (s *Scenario) search(ctx context.Context, from Source, standing, reform *policy.Programme) (*Found, *policy.Programme, error) {
	q := &quest{Scenario: s, from: from, reform: reform, costs: map[int64]money.Amount{}}
	i := slices.IndexFunc(reform.Parameters, func(p policy.Parameter) bool { return p.ID == s.Search.Parameter })
	if i < 0 {
		return nil, nil, fault.NotFound("strategy.no_such_figure", "name", s.Search.Parameter)
	}
	q.money = reform.Parameters[i].Unit == "LYD"
	written := Figure(reform.Text(), s.Search.Parameter, s.Month)
	now, reading := money.Parse(written)
	if !reading.Exact() {
		return nil, nil, fault.Invalid("strategy.not_one_figure", "name", s.Search.Parameter)
	}
	if !q.money {
		now /= money.Dinar
	}
	budget, err := q.prepare(ctx, standing)
	if err != nil {
		return nil, nil, err
	}
	value, err := q.bisect(ctx, budget, int64(now))
	if err != nil {
		return nil, nil, err
	}
	best, err := q.with(value)
	return &Found{s.Search.Parameter, q.written(value), budget, q.costs[value], len(q.costs)}, best, err
}

// quest is a search under way.
type quest struct {
	*Scenario
	from   Source
	reform *policy.Programme
	money  bool
	costs  map[int64]money.Amount // by figure
}

// prepare costs the programme as it stands, for the budget where none is said.
func (q *quest) prepare(ctx context.Context, standing *policy.Programme) (money.Amount, error) {
	if q.Search.Budget > 0 {
		return q.Search.Budget, nil
	}
	sums, drawn, err := q.sums(ctx, []*policy.Programme{standing})
	if err != nil {
		return 0, err
	}
	return q.scale(sums[0], drawn), nil
}

// bisect narrows the figure down between nothing and so much that the budget is
// overspent, or as far as figures go.
func (q *quest) bisect(ctx context.Context, budget money.Amount, now int64) (int64, error) {
	low, high := int64(0), max(now*2, 100)
	if err := q.try(ctx, []int64{low, now, high}); err != nil {
		return 0, err
	}
	rising := q.costs[high] >= q.costs[low]
	over := func(v int64) bool { return q.costs[v] > budget == rising && q.costs[v] != budget }
	for range 6 { // a budget far above what is spent now
		if over(high) || !rising {
			break
		}
		low, high = high, high*4
		if err := q.try(ctx, []int64{high}); err != nil {
			return 0, err
		}
	}
	for high-low > 1 {
		if err := q.try(ctx, q.between(low, high, budget)); err != nil {
			return 0, err
		}
		for v := range q.costs {
			if v > low && v < high && !over(v) {
				low = v
			}
		}
		for v := range q.costs {
			if v > low && v < high && over(v) {
				high = v
			}
		}
	}
	return q.nearest(budget), nil
}

// between are figures to try next: where a straight line would meet the budget,
// its neighbours, and the middle.
func (q *quest) between(low, high int64, budget money.Amount) []int64 {
	middle := low + (high-low)/2
	tried := []int64{middle}
	if rise := int64(q.costs[high] - q.costs[low]); rise != 0 {
		guess := low + scaledBy(int64(budget-q.costs[low]), rise, high-low)
		tried = append(tried, guess, guess-1, guess+1)
	}
	return slices.DeleteFunc(tried, func(v int64) bool { return v <= low || v >= high })
}

// nearest is the figure tried whose cost is nearest to the budget, the lower of
// two.
func (q *quest) nearest(budget money.Amount) int64 {
	best, first := int64(0), true
	for v, cost := range q.costs {
		off, bestOff := max(cost-budget, budget-cost), max(q.costs[best]-budget, budget-q.costs[best])
		if first || off < bestOff || off == bestOff && v < best {
			best, first = v, false
		}
	}
	return best
}

// try costs some figures in one pass.
func (q *quest) try(ctx context.Context, figures []int64) error {
	var programmes []*policy.Programme
	var values []int64
	for _, v := range figures {
		if _, known := q.costs[v]; known || slices.Contains(values, v) {
			continue
		}
		p, err := q.with(v)
		if err != nil {
			return err
		}
		programmes, values = append(programmes, p), append(values, v)
	}
	if len(values) == 0 {
		return nil
	}
	sums, drawn, err := q.sums(ctx, programmes)
	if err != nil {
		return err
	}
	for i, v := range values {
		q.costs[v] = q.scale(sums[i], drawn)
	}
	return nil
}

// sums is what each programme costs in the scenario's month.
func (q *quest) sums(ctx context.Context, programmes []*policy.Programme) ([]money.Amount, int64, error) {
	cases := make([]policy.Case, len(programmes))
	for i, p := range programmes {
		cases[i] = policy.Case{Programme: p, Month: q.Month}
	}
	all, err := q.from.gather(ctx, cases, q.Month)
	if err != nil {
		return nil, 0, err
	}
	sums, drawn := make([]money.Amount, len(cases)), int64(0)
	for _, c := range all {
		drawn += int64(len(c.list))
		for i := range sums {
			sums[i] += c.sums[i]
		}
	}
	return sums, drawn, nil
}

func (q *quest) scale(sum money.Amount, drawn int64) money.Amount {
	if q.from.Of == nil || drawn == 0 {
		return sum
	}
	return money.Amount(scaledBy(int64(sum), drawn, max(q.from.Of(), drawn)))
}

// with is the reform with another figure.
func (q *quest) with(value int64) (*policy.Programme, error) {
	body, err := Edit(q.reform.Text(), Setting{q.Search.Parameter, q.written(value)}, q.Month)
	if err != nil {
		return nil, err
	}
	return policy.Read(q.reform.ID, body)
}

// written is a figure as a programme file writes it.
func (q *quest) written(value int64) string {
	if q.money {
		return money.Amount(value).String()
	}
	return strconv.FormatInt(value, 10)
}
