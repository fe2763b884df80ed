package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

type runCommand struct {
	Programme string `arg:"" help:"The programme, such as wife-and-children-grant."`
	Month     string `help:"The month to decide." placeholder:"YYYY-MM" xor:"months" required:""`
	Since     string `help:"Instead: decide anew every month that was decided, from this one on, each by its own law." placeholder:"YYYY-MM" xor:"months" required:""`
	Release   string `help:"Compute MONTH by this release instead, whatever is in force; prints and records nothing." placeholder:"DIGEST"`
}

// Run decides a month, or past months anew, and prints what stands, a line a
// component; of several months the last one's.
func (c runCommand) Run(ctx context.Context, l *commandLine, s streams) (err error) {
	first, err := calendar.ParseMonth(c.Month + c.Since)
	if err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = n.close(err) }()
	if c.Release != "" {
		return n.dry(ctx, c, first, s)
	}
	months := []calendar.Month{first}
	if c.Since != "" {
		if months, err = n.decidedSince(ctx, c.Programme, first); err != nil {
			return err
		}
	}
	var done policy.Summary
	for _, month := range months {
		if done, err = n.decide(ctx, c.Programme, month, s); err != nil {
			return err
		}
	}
	writeTallies(s, done.Lines)
	return nil
}

func writeTallies(s streams, lines map[string]policy.Tally) {
	for _, component := range slices.Sorted(maps.Keys(lines)) {
		t := lines[component]
		fmt.Fprintf(s.out, "%s\t%d\t%d\t%d\t%d\t%d\n", component, t.Due, t.Held, t.Pending, t.Refused, int64(t.Amount))
	}
}

// dry computes a month by a release that was in force once or may be, and
// records nothing.
func (n *node) dry(ctx context.Context, c runCommand, month calendar.Month, s streams) error {
	return n.Read(ctx, access.System("run"), func(tx *store.Tx) error {
		p, err := policy.ReleaseNamed(tx, c.Release)
		if err == nil && p.ID != c.Programme {
			err = fault.NotFound("policy.no_such_release", "release", c.Release)
		}
		if err != nil {
			return err
		}
		lines, err := policy.Tallies(ctx, tx, p, month)
		writeTallies(s, lines)
		return err
	})
}

// inForce is a programme as it decides a month.
func (n *node) inForce(ctx context.Context, programme string, month calendar.Month) (p *policy.Programme, err error) {
	err = n.Read(ctx, access.System("run"), func(tx *store.Tx) error {
		p, err = policy.ForMonth(tx, n.pack, programme, month)
		return err
	})
	return p, err
}

// decidedSince are the months from since on that a programme decided; the fault
// "policy.not_decided" where there are none.
func (n *node) decidedSince(ctx context.Context, programme string, since calendar.Month) (months []calendar.Month, err error) {
	err = n.Read(ctx, access.System("run"), func(tx *store.Tx) error {
		months, err = policy.DecidedMonths(tx, programme, since)
		if err == nil && len(months) == 0 {
			err = fault.NotFound("policy.not_decided", "month", since.Date())
		}
		return err
	})
	return months, err
}

// decide runs a programme of the country pack for a month, and enters into the
// families' accounts what it changes of months that were paid.
func (n *node) decide(ctx context.Context, programme string, month calendar.Month, s streams) (done policy.Summary, err error) {
	p, err := n.inForce(ctx, programme, month)
	if err != nil {
		return done, err
	}
	if done, err = policy.Run(ctx, n.Journal, access.System("run"), p, month, progress(s.err, "households")); err != nil {
		return done, err
	}
	key := "sanad.run_recorded"
	if !done.Recorded {
		key = "sanad.run_nothing_new"
	}
	language := text.Language(n.line.Language)
	fmt.Fprintln(s.err, text.Say(language, key, "count", done.Households, "changed", done.Changed))
	var posted payment.Posting
	_, err = n.Write(ctx, access.System("run"), func(tx *store.Tx) error {
		posted, err = payment.Post(tx, programme, month)
		return err
	})
	if posted.Entries > 0 {
		fmt.Fprintln(s.err, text.Say(language, "payment.posted", "count", posted.Entries, "month", month.Date(), "arrears", posted.Arrears, "over", posted.Over))
	}
	return done, err
}

type decisionsCommand struct {
	Programme string `arg:"" help:"The programme."`
	Month     string `help:"The month." required:"" placeholder:"YYYY-MM"`
	Format    string `help:"csv or json." enum:"csv,json" default:"csv"`
	Explain   string `help:"Explain one household instead: its id." placeholder:"HOUSEHOLD"`
}

// Run prints the decisions that stand in a month, or explains one.
func (c decisionsCommand) Run(ctx context.Context, l *commandLine, s streams) (err error) {
	month, err := calendar.ParseMonth(c.Month)
	if err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = n.close(err) }()
	return n.Read(ctx, access.System("decisions"), func(tx *store.Tx) error {
		if _, err := policy.Decided(tx, c.Programme, month); err != nil {
			return err
		}
		switch {
		case c.Explain != "":
			household, err := id.Parse(c.Explain)
			if err != nil {
				return err
			}
			explanation, err := policy.Explain(tx, c.Programme, household, month)
			if err != nil {
				return err
			}
			return explanation.Write(s.out, text.Language(l.Language))
		case c.Format == "json":
			return jsonRows(tx, c.Programme, month, s)
		}
		return policy.WriteRows(tx, c.Programme, month, s.out)
	})
}

// decisionRow is one row as JSON; the fields are the columns of the CSV.
type decisionRow struct {
	Household string `json:"household"`
	Source    string `json:"source"`
	File      string `json:"household_file"`
	Branch    string `json:"branch"`
	Component string `json:"component"`
	Persons   int    `json:"persons"`
	Amount    int64  `json:"amount_dirham"`
	Payee     string `json:"payee"`
	Status    string `json:"status"`
	Payable   bool   `json:"payable"`
	Reason    string `json:"reason"`
}

func jsonRows(tx *store.Tx, programme string, month calendar.Month, s streams) error {
	rows := []decisionRow{}
	err := policy.DecisionRows(tx, programme, month, func(r policy.Row) error {
		rows = append(rows, decisionRow{r.Household.String(), r.Source, r.File, r.Branch, r.Component, r.Persons, int64(r.Amount),
			r.PayeeName, r.Status.String(), r.Payable, r.Reason})
		return nil
	})
	if err != nil {
		return err
	}
	return json.NewEncoder(s.out).Encode(rows)
}
