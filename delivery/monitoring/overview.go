// Package monitoring shows how the country is served: how many families each
// branch keeps, whose papers are complete, what is due to them and what of it
// can be paid, and which questions wait for an answer. The counts name nobody;
// they tell where people must look next.
//
// Nothing is stored here: everything is counted from what the other steps keep.
package monitoring

import (
	"sanad/delivery/matching"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/money"
	"sanad/platform/store"
)

// Served is how a branch serves its families today.
type Served struct {
	Branch     string
	Households int64
	Persons    int64
	Numbered   int64 // households whose living members all have a national number
	Tasks      int64 // open questions
}

// Overview counts, for each branch that the actor may look at, its households,
// persons (each human once, where she counts) and open tasks, in the order of codes. It needs access.SeeDashboard.
func Overview(tx *store.Tx) ([]Served, error) {
	if !access.Holds(tx, access.SeeDashboard) {
		return nil, access.Require(tx, access.SeeDashboard, "")
	}
	all, err := store.All(tx, func(r *store.Row) Served { return Served{Branch: r.Text(), Households: r.Int(), Persons: r.Int()} },
		"SELECT branch, count(*), CAST(sum(members) AS BIGINT) FROM households GROUP BY branch ORDER BY branch")
	if err != nil {
		return nil, err
	}
	incomplete, err := counts(tx, `SELECT h.branch, count(*) FROM households h
		WHERE EXISTS (SELECT 1 FROM persons p WHERE p.household = h.household AND p.dead = 0 AND p.number = '') GROUP BY h.branch`)
	if err != nil {
		return nil, err
	}
	tasks, err := counts(tx, "SELECT branch, count(*) FROM tasks WHERE closed = 0 GROUP BY branch")
	if err != nil {
		return nil, err
	}
	repeated, err := matching.Repeated(tx)
	if err != nil {
		return nil, err
	}
	var seen []Served
	for _, s := range all {
		s.Persons -= repeated[s.Branch]
		if access.Require(tx, access.SeeDashboard, s.Branch) == nil {
			s.Numbered, s.Tasks = s.Households-incomplete[s.Branch], tasks[s.Branch]
			seen = append(seen, s)
		}
	}
	return seen, nil
}

type branchCount struct {
	branch string
	count  int64
}

func counts(tx *store.Tx, query string) (map[string]int64, error) {
	rows, err := store.All(tx, func(r *store.Row) branchCount { return branchCount{r.Text(), r.Int()} }, query)
	found := map[string]int64{}
	for _, r := range rows {
		found[r.branch] = r.count
	}
	return found, err
}

// Decided is what stands for the families of a branch in a month.
type Decided struct {
	Branch     string
	Households int64        // to whom something is due
	PaidInFull int64        // of these, all of it can be paid
	Due        money.Amount // all that is due
	Held       money.Amount // of it, what cannot be paid yet
	DueLines   int64        // persons, component by component
	HeldLines  int64        // of these
	Pending    int64        // persons for whom a fact or a ruling is missing
}

// Decisions sums up what stands for a month, by branch. It reads every decision
// of the country: its caller keeps the answer until another run. It needs
// access.SeeDashboard over the country.
func Decisions(tx *store.Tx, programme string, month calendar.Month) (map[string]Decided, error) {
	if err := access.Require(tx, access.SeeDashboard, ""); err != nil {
		return nil, err
	}
	all := map[string]Decided{}
	err := policy.EachDecision(tx, programme, month, func(d policy.Decision) error {
		b := all[d.Branch]
		b.Branch = d.Branch
		b.add(d)
		all[d.Branch] = b
		return nil
	})
	return all, err
}

// add counts one household's decision.
func (b *Decided) add(d policy.Decision) {
	due, held := false, false
	for _, l := range d.Lines {
		switch {
		case l.Status == policy.Pending:
			b.Pending++
		case l.Status == policy.Due:
			due = true
			b.DueLines++
			b.Due += l.Amount
			if !l.Payable {
				held = true
				b.HeldLines++
				b.Held += l.Amount
			}
		}
	}
	if due {
		b.Households++
	}
	if due && !held {
		b.PaidInFull++
	}
}
