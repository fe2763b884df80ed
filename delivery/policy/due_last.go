package policy

import (
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
)

// DueLast returns what is due, a month, for each of some persons by the last
// month that each programme decided; to whom nothing is due is left out. It is a
// building block of verbs that ask for a capability of their own.
func DueLast(tx *store.Tx, persons []id.ID) (map[id.ID]money.Amount, error) {
	type last struct {
		programme string
		month     calendar.Month
	}
	decided, err := store.All(tx, func(r *store.Row) last { return last{r.Text(), calendar.Month(r.Int())} },
		"SELECT programme, max(month) FROM runs GROUP BY programme ORDER BY programme")
	if err != nil {
		return nil, err
	}
	due := map[id.ID]money.Amount{}
	for _, person := range persons {
		home, found, err := store.One(tx, (*store.Row).ID, "SELECT household FROM persons WHERE person = $1", person)
		if err != nil {
			return nil, err
		}
		for _, l := range decided {
			if !found {
				break
			}
			d, err := decisionOf(tx, l.programme, home, l.month)
			if err != nil && fault.Of(err) == nil {
				return nil, err
			}
			for _, line := range d.Lines {
				if line.Person == person && line.Status == Due {
					due[person] += line.Amount
				}
			}
		}
	}
	return due, nil
}
