package policy

import (
	"sanad/delivery/matching"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// elsewhere is what the identity links say of persons who stand on several
// sheets.
type elsewhere struct {
	uncounted map[id.ID]bool  // their record counts in another household
	custody   map[id.ID]id.ID // of children who count here: who has them, by another sheet that lists them
}

// elsewhereOn finds it for a day. A person counts once in the country; but where
// both parents list a child and only the other list says who has it, that parent
// is paid although the child counts here.
func elsewhereOn(tx *store.Tx, on calendar.Date) (elsewhere, error) {
	e := elsewhere{uncounted: map[id.ID]bool{}, custody: map[id.ID]id.ID{}}
	humans, err := matching.Humans(tx)
	if err != nil {
		return e, err
	}
	counted := map[id.ID]id.ID{}
	var others []id.ID
	for _, human := range humans {
		for _, p := range human.Others {
			e.uncounted[p], counted[p] = true, human.Counts[0]
			others = append(others, p)
		}
	}
	args := make([][]any, len(others))
	for i, p := range others {
		args[i] = []any{p}
	}
	var homes []id.ID
	listed := map[id.ID][]id.ID{} // uncounted sons and daughters, by household
	err = tx.Batch(func(i int, r *store.Row) error {
		home := r.ID()
		if listed[home] == nil {
			homes = append(homes, home)
		}
		listed[home] = append(listed[home], others[i])
		return r.Err()
	}, `SELECT household FROM persons WHERE person = $1 AND role IN ('son', 'daughter')`, args)
	if err != nil {
		return e, err
	}
	for len(homes) > 0 {
		n := min(batchSize, len(homes))
		if err := e.custodians(tx, homes[:n], listed, counted, on); err != nil {
			return e, err
		}
		homes = homes[n:]
	}
	return e, nil
}

// custodians reads from some sheets who has the children listed on them.
func (e *elsewhere) custodians(tx *store.Tx, homes []id.ID, listed map[id.ID][]id.ID, counted map[id.ID]id.ID, on calendar.Date) error {
	sheets, err := journal.LatestSheets(tx, homes)
	if err != nil {
		return err
	}
	for i, raw := range sheets {
		sheet, err := registry.Decode(homes[i], raw.Version, raw.Plain)
		if err != nil {
			return err
		}
		for _, child := range listed[homes[i]] {
			m := sheet.Member(child)
			if m == nil {
				continue
			}
			fact, known := sheet.At(m.Facts, registry.Custodian, on)
			if _, said := e.custody[counted[child]]; known && !said && !fact.Value.Person.IsZero() {
				e.custody[counted[child]] = fact.Value.Person
			}
		}
	}
	return nil
}
