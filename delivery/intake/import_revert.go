package intake

import (
	"context"
	"encoding/binary"

	"sanad/delivery/matching"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// Revert takes an import back: every household becomes what it would be had the
// file never come, persons whom nobody else knows are gone, links of theirs are
// closed. It needs access.RevertImport over the branches. It returns how many
// households changed. Interrupted, it goes on where it stopped. The faults are
// "intake.no_import", "intake.not_taken_in" and, for an import that was never
// finished, "intake.still_running".
func Revert(ctx context.Context, j *journal.Journal, who store.Session, imported id.ID) (int, error) {
	im := importing{journal: j, who: who, summary: Summary{Import: imported}}
	var households []id.ID
	err := j.Read(ctx, who, func(tx *store.Tx) (err error) {
		households, err = im.toRevert(tx)
		return err
	})
	if err != nil {
		return 0, err
	}
	total := 0
	for n := 0; len(households) > 0; n++ {
		part := households[:min(ChunkSize, len(households))]
		households = households[len(part):]
		changed, err := im.revert(ctx, n, part)
		if err != nil {
			return total, err
		}
		total += changed
	}
	_, err = j.Write(ctx, im.command("reverted", nil), func(tx *store.Tx) error {
		return journal.Record(tx, TookBack{Stream: journal.Home(tx), Import: imported, At: tx.Now.UnixMicro()})
	})
	return total, err
}

// toRevert returns the households that an import spoke of.
func (im *importing) toRevert(tx *store.Tx) ([]id.ID, error) {
	if !access.Holds(tx, access.RevertImport) {
		return nil, access.Require(tx, access.RevertImport, "")
	}
	state, found, err := store.One(tx, scanState, "SELECT state, round, began FROM imports WHERE import = $1", im.summary.Import)
	switch {
	case err != nil:
		return nil, err
	case !found:
		return nil, fault.NotFound("intake.no_import")
	case state.state == Reverted:
		return nil, fault.Conflict("intake.not_taken_in")
	case state.state == Running:
		return nil, fault.Conflict("intake.still_running")
	}
	im.round = state.round
	return store.All(tx, (*store.Row).ID, "SELECT DISTINCT household FROM imported_rows WHERE import = $1 AND round = $2 ORDER BY household",
		im.summary.Import, im.round)
}

func (im *importing) revert(ctx context.Context, n int, households []id.ID) (int, error) {
	changed := 0
	_, err := im.journal.Write(ctx, im.command("revert", binary.BigEndian.AppendUint64(nil, uint64(n))), func(tx *store.Tx) error {
		taken, err := registry.RevertStatement(tx, im.summary.Import, households)
		if err != nil {
			return err
		}
		changed = len(taken)
		var gone []id.ID
		for i := range taken {
			for _, p := range taken[i].Before.Persons() {
				if taken[i].Sheet.Member(p) == nil {
					gone = append(gone, p)
				}
			}
		}
		return matching.Forget(tx, gone)
	})
	return changed, err
}

// Taken is one import, as a list shows it.
type Taken struct {
	Import                                       id.ID
	File, Branch, State                          string
	AsOf                                         calendar.Date
	Rows, Accepted, Warned, Rejected, Households int
	Began, Ended                                 int64 // microseconds; Ended is 0 while running
}

// Imports returns the latest imports that the actor may see, newest first. It
// needs access.ImportFiles over a branch to see that branch's.
func Imports(tx *store.Tx, limit int) ([]Taken, error) {
	if !access.Holds(tx, access.ImportFiles) {
		return nil, access.Require(tx, access.ImportFiles, "")
	}
	list, err := store.All(tx, scanTaken, `SELECT import, file, branch, state, as_of, rows, accepted, warned, rejected, households, began, ended
		FROM imports ORDER BY began DESC, import LIMIT $1`, limit)
	var seen []Taken
	for _, t := range list {
		if access.Require(tx, access.ImportFiles, t.Branch) == nil {
			seen = append(seen, t)
		}
	}
	return seen, err
}

func scanTaken(r *store.Row) Taken {
	n := func() int { return int(r.Int()) }
	return Taken{Import: r.ID(), File: r.Text(), Branch: r.Text(), State: r.Text(), AsOf: r.Date(), Rows: n(), Accepted: n(), Warned: n(),
		Rejected: n(), Households: n(), Began: r.Int(), Ended: r.Int()}
}
