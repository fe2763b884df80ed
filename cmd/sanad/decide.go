package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

type runCommand struct {
	Programme string `arg:"" help:"The programme, such as wife-and-children-grant."`
	Month     string `help:"The month to decide." required:"" placeholder:"YYYY-MM"`
}

// Run decides a month and prints what stands, a line a component.
func (c runCommand) Run(ctx context.Context, l *commandLine, s streams) (err error) {
	month, err := calendar.ParseMonth(c.Month)
	if err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = n.close(err) }()
	done, err := n.decide(ctx, c.Programme, month, s)
	if err != nil {
		return err
	}
	for _, component := range slices.Sorted(maps.Keys(done.Lines)) {
		t := done.Lines[component]
		fmt.Fprintf(s.out, "%s\t%d\t%d\t%d\t%d\t%d\n", component, t.Due, t.Held, t.Pending, t.Refused, int64(t.Amount))
	}
	key := "sanad.run_recorded"
	if !done.Recorded {
		key = "sanad.run_nothing_new"
	}
	fmt.Fprintln(s.err, text.Say(text.Language(l.Language), key, "count", done.Households, "changed", done.Changed))
	return nil
}

// decide runs a programme of the country pack for a month.
func (n *node) decide(ctx context.Context, programme string, month calendar.Month, s streams) (policy.Summary, error) {
	p, err := policy.Named(n.pack, programme)
	if err != nil {
		return policy.Summary{}, err
	}
	return policy.Run(ctx, n.Journal, access.System("run"), p, month, progress(s.err, "households"))
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
