package strategy

import (
	"context"
	"hash/fnv"

	"sanad/delivery/policy"
	"sanad/delivery/strategy/population"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Households hands households and their lines in each case to takers, each on a
// goroutine of its own.
type Households func(ctx context.Context, cases []policy.Case, newTaker func() policy.Taker) error

// Source is the households that a scenario is tried on.
type Source struct {
	Households Households
	Of         func() int64 // how many households they stand for, once they were handed over; nil: for themselves
	Invented   bool         // nobody in them is real

	population *population.Settings // of invented households
	persons    int
	columns    *columns
}

// Registry is all households of the registry as they are known now. It needs the
// capability Simulate over the country.
func Registry(tx *store.Tx) Households { return sampled(tx, nil) }

func sampled(tx *store.Tx, wanted func(id.ID) bool) Households {
	return func(ctx context.Context, cases []policy.Case, newTaker func() policy.Taker) error {
		if err := access.Require(tx, access.Simulate, ""); err != nil {
			return err
		}
		return policy.Try(ctx, tx, cases, wanted, newTaker)
	}
}

// FromRegistry is a share (in millionths) of the registry's households, picked by
// their identifiers alone, so that the same are asked each time; 0 is all. It
// needs the capability Simulate over the country.
func FromRegistry(tx *store.Tx, share int) Source {
	if share == 0 || share == millionth {
		return Source{Households: Registry(tx)}
	}
	seen := int64(0)
	pick := sampled(tx, func(household id.ID) bool {
		seen++
		h := fnv.New64a()
		h.Write(household[:])
		return int(h.Sum64()>>20%millionth) < share
	})
	return Source{Of: func() int64 { return seen },
		Households: func(ctx context.Context, cases []policy.Case, newTaker func() policy.Taker) error {
			seen = 0
			return pick(ctx, cases, newTaker)
		}}
}

// FromPopulation is an invented population of some so many persons, which stands
// for the country.
func FromPopulation(settings *population.Settings, persons int) Source {
	return Source{Households: Synthetic(settings, persons), Of: settings.Country, Invented: true, population: settings, persons: persons}
}

// Synthetic is an invented population of some so many persons. A programme that
// orders families within a budget is the fault "strategy.ranking_needs_registry":
// whose turn it is depends on everybody.
func Synthetic(settings *population.Settings, persons int) Households {
	return func(ctx context.Context, cases []policy.Case, newTaker func() policy.Taker) error {
		for _, c := range cases {
			if c.Programme.Ranking != nil {
				return fault.Conflict("strategy.ranking_needs_registry", "programme", c.Programme.Name)
			}
		}
		return population.Blocks(ctx, settings, persons, func() (func(*population.Household) error, error) {
			trial, err := policy.NewTrial(cases)
			if err != nil {
				return nil, err
			}
			take, sheets := newTaker(), population.NewSheets(settings)
			return func(h *population.Household) error {
				sheet := sheets.Sheet(h)
				lines, err := trial.Household(sheet)
				if err != nil {
					return err
				}
				return take(sheet, lines)
			}, nil
		})
	}
}
