package main

import (
	"context"
	"fmt"
	"strings"

	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

type replayCommand struct {
	Decision  string `arg:"" optional:"" help:"PROGRAMME/YYYY-MM/HOUSEHOLD; or a household's id or file number (17, LY010102:17), with --programme and --month."`
	All       bool   `help:"Every household, not one."`
	Household string `help:"The household's id or file number." placeholder:"HOUSEHOLD"`
	Programme string `help:"The programme; every one that ever decided where not named." placeholder:"PROGRAMME"`
	Month     string `help:"What stands in this month; everything ever decided where not named." placeholder:"YYYY-MM"`
	Sample    int    `help:"Only so many decisions of a programme, picked at random." placeholder:"N"`
	Seed      uint64 `help:"Of the sample: the same seed picks the same decisions." default:"1"`
}

// Run computes decisions again from what they cite and prints a line for each
// programme: its id, decisions, equal, unequal, releases cited. The exit code
// is 1 where one does not come out byte by byte, and the first such is named.
func (c replayCommand) Run(ctx context.Context, l *commandLine, s streams) (err error) {
	if err := c.named(); err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	if err := policy.Declare(n.pack); err != nil {
		return n.close(err)
	}
	return n.close(n.Read(ctx, access.System("replay"), func(tx *store.Tx) error { return c.replay(ctx, tx, l, s) }))
}

// named takes apart PROGRAMME/YYYY-MM/HOUSEHOLD.
func (c *replayCommand) named() error {
	programme, rest, _ := strings.Cut(c.Decision, "/")
	month, household, three := strings.Cut(rest, "/")
	if _, err := calendar.ParseMonth(month); three && err == nil {
		c.Programme, c.Month, c.Household = programme, month, household
	} else if c.Decision != "" {
		c.Household = c.Decision
	}
	if c.All == (c.Household != "") {
		return fault.Invalid("sanad.replay_what")
	}
	return nil
}

func (c *replayCommand) replay(ctx context.Context, tx *store.Tx, l *commandLine, s streams) (err error) {
	which := policy.Which{Sample: c.Sample, Seed: c.Seed}
	if c.Month != "" {
		if which.Month, err = calendar.ParseMonth(c.Month); err != nil {
			return err
		}
	}
	if c.Household != "" {
		if which.Household, err = householdOf(tx, c.Household); err != nil {
			return err
		}
	}
	programmes := []string{c.Programme}
	if c.Programme == "" {
		if programmes, err = policy.EverDecided(tx); err != nil {
			return err
		}
	}
	var total int64
	var first *policy.Unequal
	began := store.Clock()
	for _, which.Programme = range programmes {
		done, err := policy.Replay(ctx, tx, which)
		if f := fault.Of(err); f != nil && f.Key == "policy.nothing_to_replay" && len(programmes) > 1 {
			continue
		}
		if err != nil {
			return err
		}
		fmt.Fprintf(s.out, "%s\t%d\t%d\t%d\t%d\n", which.Programme, done.Decisions, done.Decisions-done.Unequal, done.Unequal, done.Releases)
		total += done.Decisions
		if first == nil && done.First != nil {
			first = done.First
			fmt.Fprintf(s.err, "%s/%s/%s\n", which.Programme, first.Month, first.Household)
		}
	}
	fmt.Fprintln(s.err, text.Say(text.Language(l.Language), "sanad.replayed", "count", total, "seconds", fmt.Sprintf("%.1f", store.Clock().Sub(began).Seconds())))
	if first != nil {
		return fault.Conflict("policy.replay_differs", "file", first.File, "branch", first.Branch).Because(first.Reason)
	}
	return nil
}

// householdOf is a household by its id or by its file number, with its branch
// before it where several have the number: LY010102:17.
func householdOf(tx *store.Tx, written string) (id.ID, error) {
	if household, err := id.Parse(written); err == nil {
		return household, nil
	}
	sql, args := "SELECT household FROM households WHERE file = $1 ORDER BY household LIMIT 2", []any{written}
	if branch, file, both := strings.Cut(written, ":"); both {
		sql, args = "SELECT household FROM households WHERE file = $1 AND branch = $2 ORDER BY household LIMIT 2", []any{file, branch}
	}
	found, err := store.All(tx, (*store.Row).ID, sql, args...)
	if err == nil && len(found) != 1 {
		err = fault.NotFound("sanad.replay_file", "file", written, "count", len(found))
	}
	if err != nil {
		return id.ID{}, err
	}
	return found[0], nil
}
