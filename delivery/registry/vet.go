package registry

import (
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// Vet refuses, at the diwan, what a branch's own node may not say: a sheet of
// another branch, a person who stands in another branch's household, a task that
// another branch was asked. Rows are written by person and task, so that a
// hostile branch could else take them over. The fault is "registry.not_theirs".
func (h Happened) Vet(tx *store.Tx, stream string) error {
	if stream != journal.Branch(h.Branch) || h.Sheet.Branch != h.Branch {
		return notTheirs(stream)
	}
	var persons, tasks []id.ID
	for i := range h.Sheet.Members {
		persons = append(persons, h.Sheet.Members[i].Person)
	}
	for _, t := range h.Opened {
		if t.Branch != h.Branch {
			return notTheirs(stream)
		}
		tasks = append(tasks, t.ID)
	}
	err := ofBranch(tx, stream, h.Branch, append(persons, h.Gone...),
		"SELECT h.branch FROM persons p JOIN households h ON h.household = p.household WHERE p.person = $1")
	if err != nil {
		return err
	}
	return ofBranch(tx, stream, h.Branch, append(tasks, h.Closed...), "SELECT branch FROM tasks WHERE task = $1")
}

// Vet refuses a task that is not this branch's to ask.
func (t TaskOpened) Vet(tx *store.Tx, stream string) error {
	if stream != journal.Branch(t.Task.Branch) {
		return notTheirs(stream)
	}
	return ofBranch(tx, stream, t.Task.Branch, []id.ID{t.Task.ID}, "SELECT branch FROM tasks WHERE task = $1")
}

// Vet refuses the answer to a task that another branch was asked.
func (t TaskClosed) Vet(tx *store.Tx, stream string) error {
	if stream != journal.Branch(t.Branch) {
		return notTheirs(stream)
	}
	return ofBranch(tx, stream, t.Branch, []id.ID{t.Task}, "SELECT branch FROM tasks WHERE task = $1")
}

func notTheirs(stream string) error {
	return fault.Forbidden("registry.not_theirs", "stream", stream)
}

// ofBranch refuses subjects that are known here as another branch's.
func ofBranch(tx *store.Tx, stream, branch string, subjects []id.ID, sql string) error {
	asked := make([][]any, len(subjects))
	for i, s := range subjects {
		asked[i] = []any{s}
	}
	return tx.Batch(func(_ int, r *store.Row) error {
		if known := r.Text(); r.Err() == nil && known != branch {
			return notTheirs(stream)
		}
		return r.Err()
	}, sql, asked)
}
