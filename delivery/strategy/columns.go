package strategy

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"sanad/delivery/policy"
	"sanad/delivery/strategy/population"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
)

// columns are an invented population's facts in memory, for many questions about
// the same families: one reform after the other, figure after figure of a search.
type columns struct{ parts []*part }

// part is some of the households.
type part struct {
	crowd *policy.Crowd
	who   *collector
}

// crowdSize is how many households stand in one part.
const crowdSize = 4096

// inColumns draws a population into columns for two programmes.
func inColumns(ctx context.Context, settings *population.Settings, persons int, standing, reform *policy.Programme, month calendar.Month) (*columns, error) {
	all := &columns{}
	var mutex sync.Mutex
	begin := func() (*part, error) {
		crowd, err := policy.NewCrowd(month, standing, reform)
		p := &part{crowd, &collector{on: month.First()}}
		mutex.Lock()
		all.parts = append(all.parts, p)
		mutex.Unlock()
		return p, err
	}
	err := population.Blocks(ctx, settings, persons, func() (func(*population.Household) error, error) {
		current, err := begin()
		sheets := population.NewSheets(settings)
		return func(h *population.Household) error {
			if len(current.who.list) == crowdSize {
				if err := current.crowd.Close(); err != nil {
					return err
				}
				if current, err = begin(); err != nil {
					return err
				}
			}
			sheet := sheets.Sheet(h)
			current.crowd.Add(sheet)
			current.who.list = append(current.who.list, current.who.describe(sheet))
			return nil
		}, err
	})
	for _, p := range all.parts {
		if err == nil {
			err = p.crowd.Close()
		}
	}
	return all, err
}

// ask finds what every case owes every household.
func (c *columns) ask(cases []policy.Case) ([]*collector, error) {
	answers := make([]*collector, len(c.parts))
	errs := make([]error, runtime.GOMAXPROCS(0))
	var next atomic.Int64
	var asking sync.WaitGroup
	for w := range errs {
		asking.Go(func() {
			for errs[w] == nil {
				i := int(next.Add(1)) - 1
				if i >= len(c.parts) {
					return
				}
				answers[i], errs[w] = c.parts[i].ask(cases)
			}
		})
	}
	asking.Wait()
	return answers, errors.Join(errs...)
}

func (p *part) ask(cases []policy.Case) (*collector, error) {
	c := &collector{list: slices.Clone(p.who.list), areas: p.who.areas, sums: make([]money.Amount, len(cases))}
	for i, asked := range cases {
		due, err := p.crowd.Due(asked.Programme, asked.Month)
		if err != nil {
			return nil, err
		}
		for h, amount := range due {
			if c.sums[i] += amount; i < len(c.list[h].amounts) {
				c.list[h].amounts[i] = int64(amount)
			}
		}
	}
	return c, nil
}

// prepared is the source with its facts in columns, where it can have them.
func (s Source) prepared(ctx context.Context, standing, reform *policy.Programme, month calendar.Month) (Source, error) {
	if s.population == nil || !standing.Plain() || !reform.Plain() {
		return s, nil
	}
	var err error
	s.columns, err = inColumns(ctx, s.population, s.persons, standing, reform, month)
	return s, err
}

// gather asks the source: by columns where it has them and they have an answer,
// else household by household.
func (s Source) gather(ctx context.Context, cases []policy.Case, month calendar.Month) ([]*collector, error) {
	if s.columns != nil {
		all, err := s.columns.ask(cases)
		if !errors.Is(err, fault.Conflict("policy.crowd_fails")) {
			return all, err
		}
	}
	return gather(ctx, s.Households, cases, month)
}
