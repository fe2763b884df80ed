package payment

import (
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
)

// Stakes returns what standing lists pay for each of some persons since a month,
// all programmes together; who is in none is left out. It is a building block of
// verbs that ask for a capability of their own.
func Stakes(tx *store.Tx, persons []id.ID, since calendar.Month) (map[id.ID]money.Amount, error) {
	programmes, err := store.All(tx, (*store.Row).Text, "SELECT DISTINCT programme FROM payment_lists ORDER BY programme")
	if err != nil {
		return nil, err
	}
	var asked [][]any
	for _, programme := range programmes {
		for _, person := range persons {
			asked = append(asked, []any{programme, person, int64(since)})
		}
	}
	stakes := map[id.ID]money.Amount{}
	err = tx.Batch(func(_ int, r *store.Row) error {
		stakes[r.ID()] += r.Amount()
		return r.Err()
	}, "SELECT person, amount FROM payment_lines WHERE programme = $1 AND person = $2 AND live = 1 AND month >= $3", asked)
	return stakes, err
}
