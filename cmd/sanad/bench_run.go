package main

import (
	"context"
	"time"

	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// What a nation's run may take (issue 3, figure 4): seconds for so many
// households, and memory.
const (
	runGoal         = 25.0
	runGoalFor      = 1_300_000
	runMemory       = 100 << 20
	runMemoryPerson = 64
)

// benchProgramme is decided, for benchMonth.
const benchProgramme = "wife-and-children-grant"

const benchMonth = calendar.Month(202610)

// nationalRun decides a month for everybody who was imported: from the database
// to recorded decisions. Apart from it are measured what reading all sheets takes
// by itself, a run without news, and the month after.
func (b *bench) nationalRun(ctx context.Context, j *journal.Journal) error {
	pack, err := b.place.line.pack()
	if err != nil {
		return err
	}
	p, err := policy.Named(pack, benchProgramme)
	if err != nil {
		return err
	}
	store.Quiet(ctx, b.place.server)
	if err := b.measured("load", func() error { return b.load(ctx, j) }); err != nil {
		return err
	}
	first, err := b.decide(ctx, j, "run", p, benchMonth)
	if err != nil {
		return err
	}
	again, err := b.decide(ctx, j, "again", p, benchMonth)
	if err != nil {
		return err
	}
	next, err := b.decide(ctx, j, "next", p, benchMonth.Next())
	if err != nil {
		return err
	}
	b.result.Checks["every_household_decided"] = first.Households == int64(b.result.Households)
	b.result.Checks["nothing_new_writes_nothing"] = !again.Recorded && again.Changed == 0
	b.result.Checks["next_month_writes_changes_only"] = next.Changed < first.Changed/10
	b.result.Checks["run_in_time"] = b.result.Seconds["run"]*runGoalFor <= runGoal*float64(b.result.Households)
	b.result.Checks["run_in_memory"] = b.result.Peak <= runMemory+runMemoryPerson*int64(b.result.Persons)+b.cache()
	return nil
}

// load opens and decodes every sheet, as a run does before it decides.
func (b *bench) load(ctx context.Context, j *journal.Journal) error {
	return j.Read(ctx, access.System("benchmark"), func(tx *store.Tx) error {
		var sheets registry.Decoder
		households := 0
		err := journal.EachSheet(tx, time.Time{}, func(s journal.Sheet) error {
			households++
			_, err := sheets.Decode(s.Household, s.Version, s.Plain)
			return err
		})
		b.result.Checks["every_sheet_opened"] = households == b.result.Households
		return err
	})
}

func (b *bench) decide(ctx context.Context, j *journal.Journal, phase string, p *policy.Programme, month calendar.Month) (done policy.Summary, err error) {
	err = b.measured(phase, func() error {
		done, err = policy.Run(ctx, j, access.System("benchmark"), p, month, nil)
		return err
	})
	return done, err
}
