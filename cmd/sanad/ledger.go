package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/store"
)

type ledgerCommand struct {
	Household string `arg:"" help:"The household's id."`
	Programme string `help:"One programme only; else all." placeholder:"PROGRAMME"`
	Entries   bool   `help:"Print the entries instead of the months."`
	Format    string `help:"table or json." enum:"table,json" default:"table"`
}

// ledgerMonth is one month as the command prints it; amounts are dirhams.
type ledgerMonth struct {
	Programme string         `json:"programme"`
	Month     calendar.Month `json:"month"`
	Due       int64          `json:"due_dirham"`
	Held      int64          `json:"held_dirham"`
	Paid      int64          `json:"paid_dirham"`
	Withheld  int64          `json:"withheld_dirham"`
	Waiting   int64          `json:"waiting_dirham"`
	Settled   bool           `json:"settled"`
	Balance   int64          `json:"balance_dirham"`
	Running   int64          `json:"running_dirham"`
	Causes    string         `json:"causes"`
}

// ledgerEntry is one entry of an account as the command prints it.
type ledgerEntry struct {
	Programme string         `json:"programme"`
	Person    string         `json:"person"`
	Component string         `json:"component"`
	Month     calendar.Month `json:"month"`
	Line      int64          `json:"line"`
	Kind      string         `json:"kind"`
	Amount    int64          `json:"amount_dirham"`
	Cause     string         `json:"cause"`
	Reason    string         `json:"reason"`
	Decision  int64          `json:"decision"`
}

// Run prints the account with the operator's rights; the look is journalled.
func (c ledgerCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	household, err := id.Parse(c.Household)
	if err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	months, entries := []ledgerMonth{}, []ledgerEntry{}
	err = n.Read(ctx, access.System("ledger"), func(tx *store.Tx) error {
		home, err := registry.SummaryOf(tx, household)
		if err != nil {
			return err
		}
		programmes := []string{c.Programme}
		if c.Programme == "" {
			if programmes, err = policy.EverDecided(tx); err != nil {
				return err
			}
		}
		for _, programme := range programmes {
			statement, err := payment.StatementOf(tx, programme, household, home.Branch)
			if err != nil {
				return err
			}
			months, entries = append(months, monthsOf(statement)...), append(entries, entriesOf(statement)...)
		}
		return nil
	})
	if err != nil {
		return n.close(err)
	}
	return n.close(c.write(s, months, entries))
}

func (c ledgerCommand) write(s streams, months []ledgerMonth, entries []ledgerEntry) error {
	if c.Format == "json" {
		return json.NewEncoder(s.out).Encode(map[string]any{"months": months, "entries": entries})
	}
	if c.Entries {
		for _, e := range entries {
			fmt.Fprintf(s.out, "%s\t%s\t%s\t%s\t%d\t%s\t%d\t%s\t%s\n", e.Programme, e.Month, e.Person, e.Component, e.Line, e.Kind, e.Amount, e.Cause, e.Reason)
		}
		return nil
	}
	for _, m := range months {
		fmt.Fprintf(s.out, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%s\n", m.Programme, m.Month, m.Due, m.Held, m.Paid, m.Balance, m.Running, m.Causes)
	}
	return nil
}

func monthsOf(s payment.Statement) (months []ledgerMonth) {
	for _, m := range s.Months {
		causes := make([]string, len(m.Causes))
		for i, cause := range m.Causes {
			causes[i] = string(cause)
		}
		months = append(months, ledgerMonth{s.Programme, m.Month, int64(m.Due), int64(m.Held), int64(m.Paid), int64(m.Withheld), int64(m.Waiting),
			m.Settled, int64(m.Balance), int64(m.Running), strings.Join(causes, ",")})
	}
	return months
}

func entriesOf(s payment.Statement) (entries []ledgerEntry) {
	for _, e := range s.Entries {
		entries = append(entries, ledgerEntry{s.Programme, e.Person.String(), e.Component, e.Month, e.Line, string(e.Kind), int64(e.Amount), string(e.Cause), e.Reason, e.Decision})
	}
	return entries
}
