package main

import (
	"context"
	"encoding/json"
	"fmt"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/store"
)

type searchCommand struct {
	Text   string `arg:"" help:"National number, telephone, file number, or a name."`
	Limit  int    `help:"At most so many." default:"20"`
	Format string `help:"table or json." enum:"table,json" default:"table"`
}

// found is one person as the command prints it.
type found struct {
	Person    string        `json:"person"`
	Household string        `json:"household"`
	Name      string        `json:"name"`
	Branch    string        `json:"branch"`
	File      string        `json:"file"`
	Role      string        `json:"role"`
	Number    string        `json:"national_number"`
	Birth     calendar.Date `json:"birth"`
}

// Run searches with the operator's rights; the search is journalled.
func (c searchCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	people := []found{}
	err = n.Read(ctx, access.System("search"), func(tx *store.Tx) error {
		hits, _, err := registry.Find(tx, registry.Query{Text: c.Text})
		for _, h := range hits[:min(len(hits), max(c.Limit, 0))] {
			people = append(people, found{h.Person.String(), h.Household.String(), h.Name, h.Branch, h.File, h.Role, h.Number, h.Birth})
		}
		return err
	})
	if err != nil {
		return n.close(err)
	}
	if c.Format == "json" {
		return n.close(json.NewEncoder(s.out).Encode(people))
	}
	for _, p := range people {
		fmt.Fprintf(s.out, "%s\t%s\t%s\t%s\t%s\n", p.Name, p.Number, p.Birth, p.Branch, p.File)
	}
	return n.close(nil)
}
