package strategy

import (
	"context"

	"sanad/delivery/policy"
	"sanad/platform/calendar"
	"sanad/platform/money"
)

// Result is what a scenario comes to. Its report speaks for all households that
// the source stands for; Sample says how far that may be off.
type Result struct {
	Scenario Scenario
	Standing string // the programme's text as it stands
	Reform   string // and as the scenario would have it
	Invented bool   // the households are
	Report   Report
	Poverty  [2]Poverty // before and after
	Months   []Month
	Sample   Sample
	Found    *Found
}

// Month is what one month costs before and after.
type Month struct {
	Month  calendar.Month `json:"month"`
	Before money.Amount   `json:"before_dirham"`
	After  money.Amount   `json:"after_dirham"`
}

// Year is what twelve months cost: those that were costed one by one, else twelve
// like the first.
func (r *Result) Year() (before, after money.Amount) {
	for _, m := range r.Months {
		before += m.Before
		after += m.After
	}
	if len(r.Months) == 1 {
		return before * 12, after * 12
	}
	return before, after
}

// Simulate tries a scenario and records nothing. Progress is called with the
// share done, in hundredths.
func Simulate(ctx context.Context, from Source, standing *policy.Programme, s Scenario, progress func(hundredths int)) (*Result, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	reform, err := s.Reform(standing)
	if err != nil {
		return nil, err
	}
	result := &Result{Scenario: s, Standing: standing.Text(), Invented: from.Invented}
	tell(progress, 5)
	if from, err = from.prepared(ctx, standing, reform, s.Month); err != nil {
		return nil, err
	}
	tell(progress, Prepared)
	if s.Search != nil {
		if result.Found, reform, err = s.search(ctx, from, standing, reform); err != nil {
			return nil, err
		}
		tell(progress, 60)
	}
	result.Reform = reform.Text()
	var cases []policy.Case
	for n := range s.Months {
		month := s.Month.Add(n)
		cases = append(cases, policy.Case{Programme: standing, Month: month}, policy.Case{Programme: reform, Month: month})
	}
	rows, err := from.collect(ctx, cases, s.Month)
	if err != nil {
		return nil, err
	}
	tell(progress, 90)
	result.count(rows, from)
	tell(progress, 100)
	return result, nil
}

// Prepared is the share at which the households lie in memory, as far as they can,
// and the calculation begins.
const Prepared = 40

func tell(progress func(int), hundredths int) {
	if progress != nil {
		progress(hundredths)
	}
}

// count fills in the tables.
func (r *Result) count(rows *rows, from Source) {
	drawn := int64(len(rows.list))
	of := drawn
	if from.Of != nil {
		of = max(from.Of(), drawn)
	}
	r.Sample = rows.sample(of, r.Scenario.Line)
	r.Report = rows.report().scaled(drawn, of)
	if r.Scenario.Line.Amount > 0 {
		r.Poverty = [2]Poverty{rows.poverty(r.Scenario.Line, 0), rows.poverty(r.Scenario.Line, 1)}
	}
	for n := range r.Scenario.Months {
		m := Month{Month: r.Scenario.Month.Add(n), Before: rows.sums[2*n], After: rows.sums[2*n+1]}
		if of > drawn {
			m.Before = money.Amount(scaledBy(int64(m.Before), drawn, of))
			m.After = money.Amount(scaledBy(int64(m.After), drawn, of))
		}
		r.Months = append(r.Months, m)
	}
	r.Months[0].Before, r.Months[0].After = r.Report.Before, r.Report.After
	if r.Found != nil {
		r.Found.Cost = r.Report.After // the same sum, rounded in the same way
	}
}
