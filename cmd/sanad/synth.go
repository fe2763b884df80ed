package main

import (
	"context"
	"fmt"

	"sanad/delivery/policy"
	"sanad/delivery/strategy"
	"sanad/delivery/strategy/population"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/store"
	"sanad/platform/text"
)

type synthCommand struct {
	Persons    int    `help:"At least so many records." default:"100000"`
	Seed       uint64 `help:"Another population; the same seed gives the same bytes, and a smaller population is the beginning of a larger one." default:"2026"`
	Out        string `help:"Folder for the files." required:"" type:"path" placeholder:"DIR"`
	Duplicates string `help:"Share of records that repeat another as branches do, such as 0.1; also plants namesakes who are two." default:"0"`
	Rings      int    `help:"Planted rings: families that nobody knows, with one account, one telephone or one clerk." default:"0"`
	Branches   int    `help:"Only the so many most populous branches; 0: all." default:"0"`
	Day        string `help:"The day for which the lists speak." default:"2026-10-01" placeholder:"YYYY-MM-DD"`
}

// Run invents a population and writes it as branches write their lists, with the
// truth beside it.
func (c synthCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	settings, err := c.settings(l)
	if err != nil {
		return err
	}
	start := store.Clock()
	done, err := settings.Write(ctx, c.Persons, c.Out)
	if err != nil {
		return err
	}
	for _, file := range done.Files {
		fmt.Fprintln(s.out, file)
	}
	fmt.Fprintln(s.err, text.Say(text.Language(l.Language), "population.written", "count", done.Persons, "households", done.Households,
		"repeated", done.Repeated, "seconds", fmt.Sprintf("%.1f", store.Clock().Sub(start).Seconds()), "memory", peak()>>20))
	return nil
}

func (c synthCommand) settings(l *commandLine) (*population.Settings, error) {
	pack, err := l.pack()
	if err != nil {
		return nil, err
	}
	if err := policy.Declare(pack); err != nil {
		return nil, err
	}
	day, err := calendar.Parse(c.Day)
	if err != nil {
		return nil, err
	}
	settings, err := population.Load(pack, day)
	if err != nil {
		return nil, err
	}
	settings.Seed, settings.Rings, settings.Branches = c.Seed, c.Rings, c.Branches
	if settings.Duplicates, err = strategy.Share(c.Duplicates); err == nil && settings.Duplicates > 500_000 {
		err = fault.Invalid("population.too_many_duplicates").At("--duplicates")
	}
	return settings, err
}
