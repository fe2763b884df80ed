package registry

import (
	"sanad/platform/id"
	"sanad/platform/store"
)

// Open puts a task before its branch from within a later step's event, at
// microseconds opened. A task with the same id that stands open is put again,
// one that was closed is open anew.
func (t Task) Open(w *store.Writer, opened int64) error { return t.put(w, opened) }

// CloseAnswered closes a task of which a later step's event found that the
// facts answer it.
func CloseAnswered(w *store.Writer, task id.ID, at int64) error {
	return CloseWith(w, task, at, "fact")
}

// CloseWith closes a task by a later step's event, with a word for why.
func CloseWith(w *store.Writer, task id.ID, at int64, answer string) error {
	return w.Update(tasks, []any{task}, "closed", at, "answer", answer)
}

// AskBranch opens a task that does not follow from one sheet alone. It is a
// building block of verbs that ask for a capability of their own.
func AskBranch(tx *store.Tx, t Task) error { return open(tx, t) }

// AsksAlready reports whether the sheet itself puts the question of a member's
// unknown fact before its branch.
func AsksAlready(s *Sheet, person id.ID, fact Name) bool {
	for _, t := range Tasks(s) {
		if t.Kind == TaskFactUnknown && t.Person == person && t.Fact == fact {
			return true
		}
	}
	return false
}
