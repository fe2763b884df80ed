package registry

import (
	"slices"

	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// record puts a new sheet into the journal as what happened, with the tasks that
// it opens and closes. Old is nil for a first sheet.
func record(tx *store.Tx, old, sheet *Sheet, event Happened) error {
	event.Household, event.Sheet, event.Known = sheet.Household, sheet, tx.Now.UnixMicro()
	if event.Branch == "" {
		event.Branch = sheet.Branch
	}
	answered := event.Closed // by the verb itself
	event.Opened, event.Closed = tasksOf(old, sheet)
	var err error
	if event.Closed, err = stillOpen(tx, sheet.Household, append(event.Closed, answered...)); err != nil {
		return err
	}
	twice, err := numberTwice(tx, old, sheet)
	if err != nil {
		return err
	}
	elsewhere := map[id.ID]Task{}
	for _, t := range twice {
		if t.Household == sheet.Household {
			event.Opened = append(event.Opened, t)
		} else {
			elsewhere[t.ID] = t
		}
	}
	if err := journal.Record(tx, event); err != nil {
		return err
	}
	for _, t := range twice {
		if t, ok := elsewhere[t.ID]; ok {
			if err := open(tx, t); err != nil {
				return err
			}
		}
	}
	return nil
}

// stillOpen keeps the tasks that stand open: what a person has answered in words
// keeps those words.
func stillOpen(tx *store.Tx, household id.ID, tasks []id.ID) ([]id.ID, error) {
	if len(tasks) == 0 {
		return nil, nil
	}
	open, err := store.All(tx, (*store.Row).ID, "SELECT task FROM tasks WHERE household = $1 AND closed = 0", household)
	return slices.DeleteFunc(tasks, func(t id.ID) bool { return !slices.Contains(open, t) }), err
}

// numberTwice asks both branches where a national number that is new on this
// sheet belongs to another person too. Neither is refused anything for it.
func numberTwice(tx *store.Tx, old, sheet *Sheet) ([]Task, error) {
	var asked []Task
	for i := range sheet.Members {
		m := &sheet.Members[i]
		number := sheet.text(m, NationalNumberFact)
		if number == "" || old != nil && old.Member(m.Person) != nil && old.text(old.Member(m.Person), NationalNumberFact) == number {
			continue
		}
		others, err := store.All(tx, scanHolder, `SELECT p.person, p.household, p.name, h.branch, h.file FROM persons p
			JOIN households h ON h.household = p.household WHERE p.number = $1 AND p.number <> '' AND p.person <> $2 AND p.household <> $3 ORDER BY p.person LIMIT 5`,
			number, m.Person, sheet.Household)
		if err != nil {
			return nil, err
		}
		for _, o := range others {
			here := newTask(sheet, TaskNumberTwice, m, NationalNumberFact, "number", number, "branch", o.branch, "file", o.file)
			asked = append(asked, here, o.task(number, sheet))
		}
	}
	return asked, nil
}

// holder is another person who has the same national number.
type holder struct {
	person, household  id.ID
	name, branch, file string
}

func scanHolder(r *store.Row) holder {
	return holder{person: r.ID(), household: r.ID(), name: r.Text(), branch: r.Text(), file: r.Text()}
}

func (o holder) task(number string, here *Sheet) Task {
	there := &Sheet{Household: o.household, Branch: o.branch}
	t := newTask(there, TaskNumberTwice, &Member{Person: o.person}, NationalNumberFact, "number", number, "branch", here.Branch, "file", here.File)
	t.Detail["name"] = o.name
	return t
}

// open records a task by itself. At the diwan it goes to the branch's own
// stream, or down to the branch where that has a node of its own; a branch
// records what is its own and leaves the rest to the diwan, which sees both.
func open(tx *store.Tx, t Task) error {
	stream := journal.Branch(t.Branch)
	yes, err := journal.Writes(tx, stream)
	if err != nil {
		return err
	}
	if !yes {
		if journal.Self(tx).Role == journal.RoleBranch {
			return nil
		}
		stream = journal.Down(t.Branch)
	}
	return journal.Record(tx, TaskOpened{Stream: stream, Task: t, At: tx.Now.UnixMicro()})
}

// TaskOpened says that a branch is asked something that does not follow from
// one sheet alone.
type TaskOpened struct {
	Stream string `cbor:"1,keyasint"`
	Task   Task   `cbor:"2,keyasint"`
	At     int64  `cbor:"3,keyasint"` // microseconds
}

// Kind is "registry.task_opened".
func (TaskOpened) Kind() journal.Kind { return journal.Kind{Name: "registry.task_opened", Version: 1} }

// About puts it into its stream, sealed under the household's key.
func (t TaskOpened) About() journal.About {
	return journal.About{Stream: t.Stream, Subject: t.Task.ID, Household: t.Task.Household}
}

// Apply opens the task.
func (t TaskOpened) Apply(w *store.Writer) error { return t.Task.put(w, t.At) }
