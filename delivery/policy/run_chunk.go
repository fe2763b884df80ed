package policy

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"sanad/delivery/registry"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// flush records the pending decisions of one branch as one chunk, with the
// questions that they put before the branch.
func (r *run) flush(ctx context.Context, branch string) error {
	records := r.pending[branch]
	delete(r.pending, branch)
	if len(records) == 0 {
		return nil
	}
	_, err := r.journal.Write(ctx, r.session, func(tx *store.Tx) error {
		if err := r.begin(tx); err != nil {
			return err
		}
		if err := r.keepLater(tx, branch, records); err != nil {
			return err
		}
		opened, closed, err := r.tasks(tx, records)
		if err != nil {
			return err
		}
		return journal.Record(tx, DecidedHouseholds{Programme: r.programme.ID, Month: int64(r.month), Run: r.summary.Run,
			Release: r.summary.Release[:], Branch: branch, Decisions: records, Opened: opened, Closed: closed, At: tx.Now.UnixMicro()})
	})
	if err != nil {
		return err
	}
	for _, record := range records {
		digest := outcomeDigest(record.Outcome)
		r.root = append(r.root, digest[:]...)
		delete(r.asked, record.Household)
	}
	r.summary.Changed += int64(len(records))
	r.summary.Chunks++
	return nil
}

// keepLater holds what stands in the next month, where that month was decided
// before this one is decided anew: a late fact changes the month that was run,
// and the months after it only when they are run again.
func (r *run) keepLater(tx *store.Tx, branch string, records []Record) error {
	if !r.later {
		return nil
	}
	next := r.month.Next()
	kept := map[[32]byte][]Record{}
	for _, record := range records {
		before, err := decisionOf(tx, r.programme.ID, record.Household, next)
		switch {
		case err != nil && fault.Of(err) == nil:
			return err
		case err != nil: // nothing stood
			kept[r.summary.Release] = append(kept[r.summary.Release], Record{Household: record.Household, SheetVersion: record.SheetVersion,
				Basis: basis{decided: undecided}.encode(record.Household)})
		case before.From <= r.month:
			before.basis.decided = before.decidedFor()
			kept[before.Release] = append(kept[before.Release], Record{Household: record.Household, SheetVersion: before.SheetVersion,
				Outcome: before.outcome, Basis: before.basis.encode(record.Household)})
		}
	}
	order := slices.SortedFunc(maps.Keys(kept), func(a, b [32]byte) int { return bytes.Compare(a[:], b[:]) })
	for _, release := range order {
		if err := journal.Record(tx, DecidedHouseholds{Programme: r.programme.ID, Month: int64(next), Run: r.summary.Run,
			Release: release[:], Branch: branch, Decisions: kept[release], At: tx.Now.UnixMicro()}); err != nil {
			return err
		}
	}
	return nil
}

// tasks returns the questions that the decisions open, and those that they
// answer: the programme's open ones of the same households that are not asked
// any more.
func (r *run) tasks(tx *store.Tx, records []Record) (opened []registry.Task, closed []id.ID, err error) {
	households := make([][]any, len(records))
	for i, record := range records {
		households[i] = []any{record.Household, registry.TaskFactUnknown}
		opened = append(opened, r.asked[record.Household]...)
	}
	mine := fmt.Sprintf(`"programme":%q`, r.programme.ID)
	err = tx.Batch(func(_ int, row *store.Row) error {
		task, detail := row.ID(), row.Text()
		if !strings.Contains(detail, mine) {
			return row.Err()
		}
		again := slices.IndexFunc(opened, func(t registry.Task) bool { return t.ID == task })
		if again < 0 {
			closed = append(closed, task)
		} else {
			opened = slices.Delete(opened, again, again+1)
		}
		return row.Err()
	}, `SELECT task, detail FROM tasks WHERE household = $1 AND kind = $2 AND closed = 0 ORDER BY task`, households)
	return opened, closed, err
}

// withStrangers decides the households that speak of persons of other sheets,
// after fetching those sheets.
func (r *run) withStrangers(ctx context.Context, tx *store.Tx) error {
	d, err := newDecider(r.programme, r.month)
	if err != nil {
		return err
	}
	d.framer.custody = r.elsewhere.custody
	waiting := slices.Clone(r.deferred)
	for len(waiting) > 0 {
		n := min(batchSize, len(waiting))
		b := &batch{sheets: waiting[:n], done: make(chan struct{})}
		waiting = waiting[n:]
		b.result.tallies = make([]Tally, len(r.programme.Components))
		if err := r.decideDeferred(tx, d, b); err != nil {
			return err
		}
		if err := r.take(ctx, b); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) decideDeferred(tx *store.Tx, d *decider, b *batch) error {
	sheets := make([]*registry.Sheet, len(b.sheets))
	var wanted []id.ID
	for i, raw := range b.sheets {
		sheet, err := registry.Decode(raw.Household, raw.Version, raw.Plain)
		if err != nil {
			return err
		}
		sheets[i] = sheet
		wanted = append(wanted, d.strangersOf(sheet)...)
	}
	found, err := findStrangers(tx, wanted)
	if err != nil {
		return err
	}
	for _, sheet := range sheets {
		strangers := []stranger{}
		for _, person := range d.strangersOf(sheet) {
			strangers = append(strangers, found[person])
		}
		if _, err := r.decideOne(d, sheet, strangers, &b.result); err != nil {
			return err
		}
	}
	return nil
}

// strangersOf are the persons of whom a sheet speaks and who are not on it.
func (d *decider) strangersOf(sheet *registry.Sheet) []id.ID {
	wanted := d.framer.fill(sheet, nil, func(id.ID) bool { return false })
	return append([]id.ID(nil), wanted...)
}

// findStrangers fetches the sheets on which persons stand now. Somebody on no
// sheet is a stranger of whom nothing is known.
func findStrangers(tx *store.Tx, persons []id.ID) (map[id.ID]stranger, error) {
	found := map[id.ID]stranger{}
	args := make([][]any, len(persons))
	for i, p := range persons {
		args[i] = []any{p}
		found[p] = stranger{otherSheet: otherSheet{person: p}}
	}
	homes := map[id.ID]id.ID{}
	err := tx.Batch(func(i int, row *store.Row) error {
		homes[persons[i]] = row.ID()
		return row.Err()
	}, `SELECT household FROM persons WHERE person = $1`, args)
	if err != nil {
		return nil, err
	}
	var households []id.ID
	var whose []id.ID
	for _, p := range persons {
		if home, known := homes[p]; known && found[p].member == nil {
			households, whose = append(households, home), append(whose, p)
		}
	}
	sheets, err := journal.LatestSheets(tx, households)
	if err != nil {
		return nil, err
	}
	for i, raw := range sheets {
		if raw.Version == 0 {
			continue
		}
		if err := keepStranger(found, whose[i], raw); err != nil {
			return nil, err
		}
	}
	return found, nil
}

func keepStranger(found map[id.ID]stranger, person id.ID, raw journal.Sheet) error {
	sheet, err := registry.Decode(raw.Household, raw.Version, raw.Plain)
	if err != nil {
		return err
	}
	found[person] = stranger{otherSheet{person, raw.Household, raw.Version}, sheet, sheet.Member(person)}
	return nil
}
