package strategy

import (
	"context"

	"sanad/delivery/policy"
	"sanad/delivery/strategy/population"
	"sanad/platform/access"
	"sanad/platform/store"
)

// Households hands every household and its lines in each case to takers, each on
// a goroutine of its own.
type Households func(ctx context.Context, cases []policy.Case, newTaker func() policy.Taker) error

// Registry is all households of the registry as they are known now. It needs the
// capability Simulate over the country.
func Registry(tx *store.Tx) Households {
	return func(ctx context.Context, cases []policy.Case, newTaker func() policy.Taker) error {
		if err := access.Require(tx, access.Simulate, ""); err != nil {
			return err
		}
		return policy.Try(ctx, tx, cases, newTaker)
	}
}

// Synthetic is an invented population of some so many persons.
func Synthetic(settings *population.Settings, persons int) Households {
	return func(ctx context.Context, cases []policy.Case, newTaker func() policy.Taker) error {
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
