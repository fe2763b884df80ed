package main

import (
	"context"
	"encoding/json"
	"fmt"

	"sanad/delivery/matching/search"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/store"
)

type searchCommand struct {
	Text   string `arg:"" help:"National number, telephone, file number, or parts of a name in any order, misspelt, in Arabic or Latin letters; a year of birth may stand among them."`
	Birth  string `help:"Year, month or day of birth: 1980, 1980-05, 1980-05-02."`
	Mother string `help:"The mother's name, or parts of it."`
	Place  string `help:"Code or name of an area or branch."`
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
	Mother    string        `json:"mother"`
	Area      string        `json:"area"`
	Dead      bool          `json:"dead"`
	Why       []foundBy     `json:"why"`    // empty where a number was asked for
	Others    []otherRecord `json:"others"` // linked records: the same human
}

// foundBy is one part of the question and where it was found.
type foundBy struct {
	Asked string `json:"asked"`
	Found string `json:"found"`
	How   string `json:"how"` // exact, beginning, sound, slip, sound_slip, missing
}

// otherRecord is another record of the same human.
type otherRecord struct {
	Person    string `json:"person"`
	Household string `json:"household"`
	Branch    string `json:"branch"`
	File      string `json:"file"`
}

func foundOf(h search.Hit) found {
	f := found{Person: h.Person.String(), Household: h.Household.String(), Name: h.Name, Branch: h.Branch, File: h.File, Role: h.Role, Number: h.Number,
		Birth: h.Birth, Mother: h.Mother, Area: h.Area, Dead: h.Dead, Why: []foundBy{}, Others: []otherRecord{}}
	for _, m := range h.Why {
		f.Why = append(f.Why, foundBy{m.Asked, m.Found, m.How.String()})
	}
	for _, o := range h.Others {
		f.Others = append(f.Others, otherRecord{o.Person.String(), o.Household.String(), o.Branch, o.File})
	}
	return f
}

// Run searches with the operator's rights; the search is journalled.
func (c searchCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	birth, err := calendar.Parse(c.Birth)
	if err != nil {
		return fault.Invalid("sanad.birth_unreadable").At("--birth").Because(err)
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	people := []found{}
	err = n.Read(ctx, access.System("search"), func(tx *store.Tx) error {
		answer, err := search.New().Find(tx, search.Query{Text: c.Text, Birth: birth, Mother: c.Mother, Place: c.Place, Limit: c.Limit})
		for _, h := range answer.Hits[:min(len(answer.Hits), max(c.Limit, 0))] {
			people = append(people, foundOf(h))
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
