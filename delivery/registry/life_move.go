package registry

import (
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// Move says that a household lives elsewhere.
type Move struct {
	Change
	Area    string `json:"area"`              // municipality's code
	Mahalla string `json:"mahalla,omitempty"` //
	Housing string `json:"housing,omitempty"` //
	Branch  string `json:"branch,omitempty"`  // empty: the one that serves the area
}

// MoveHousehold records where a household lives since the day of the Change.
// Where another branch serves the place, its file is transferred as one act:
// the old branch's stream says that it left, the new branch's that it came, and
// open tasks go along. A transfer needs access.MoveHousehold over both.
func MoveHousehold(tx *store.Tx, m Move) (Changed, error) {
	e, err := begin(tx, access.MoveHousehold, m.Change)
	if err != nil {
		return Changed{}, err
	}
	if err := m.placed(tx, e); err != nil {
		return Changed{}, err
	}
	for name, text := range map[Name]string{Area: m.Area, Mahalla: m.Mahalla, Housing: m.Housing} {
		if text = oneLine(text); text != "" {
			e.sheet.Facts = e.sheet.put(e.sheet.Facts, name, TextValue(text), m.On, e.source)
		}
	}
	if m.Mahalla == "" {
		e.left(Mahalla)
	}
	if m.Branch == e.old.Branch {
		return e.finish(Moved, id.ID{})
	}
	return e.transfer(m.Branch)
}

// placed finds the branch that serves the new place.
func (m *Move) placed(tx *store.Tx, e *edit) error {
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return err
	}
	if _, ok := country.Area(m.Area); !ok {
		e.wrong.Add("area", fault.Invalid("registry.no_area"))
		return e.wrong.Err()
	}
	if m.Branch == "" {
		serving, ok := country.BranchOf(m.Area)
		if !ok {
			e.wrong.Add("branch", fault.Invalid("registry.no_serving_branch"))
			return e.wrong.Err()
		}
		m.Branch = serving.Code
	}
	if body, ok := country.Body(m.Branch); !ok || body.Kind != geography.Branch {
		e.wrong.Add("branch", fault.Invalid("registry.no_branch", "branch", m.Branch))
	}
	return e.wrong.Err()
}

func knownArea(tx *store.Tx, area string) error {
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return err
	}
	if _, ok := country.Area(area); !ok {
		return fault.Invalid("registry.no_area")
	}
	return nil
}

// left ends a household's fact of the old place.
func (e *edit) left(name Name) {
	since := e.change.On
	if since == calendar.Unknown {
		since = e.sheet.Sources[e.source].Date
	}
	for i := range e.sheet.Facts {
		if f := &e.sheet.Facts[i]; f.Name == name && f.To == calendar.Unknown {
			f.To = since
		}
	}
}

// transfer hands the file to another branch. A number that a branch of ours gave
// stays; one of a branch's own list would mean another family there.
func (e *edit) transfer(branch string) (Changed, error) {
	if err := access.Require(e.tx, access.MoveHousehold, branch); err != nil {
		return Changed{}, err
	}
	if err := writable(e.tx, branch); err != nil {
		return Changed{}, err
	}
	e.sheet.Branch = branch
	if !FileNumber(e.sheet.File).Valid() {
		file, err := nextFileNumber(e.tx, branch)
		if err != nil {
			return Changed{}, err
		}
		e.sheet.File = string(file)
	}
	if err := e.wrong.Err(); err != nil {
		return Changed{}, err
	}
	out := e.event(Moved, id.ID{})
	out.Branch = e.old.Branch
	if err := record(e.tx, e.old, e.sheet, out); err != nil {
		return Changed{}, err
	}
	return e.received()
}

// received records the file at its new branch, with its open tasks.
func (e *edit) received() (Changed, error) {
	here := e.sheet.Clone()
	here.Version++
	open, err := store.All(e.tx, scanTask, taskColumns+"t.closed = 0 AND t.household = $1 ORDER BY t.task", here.Household)
	if err != nil {
		return Changed{}, err
	}
	event := e.event(Arrived, id.ID{})
	event.Household, event.Branch, event.Sheet, event.Known = here.Household, here.Branch, here, e.tx.Now.UnixMicro()
	for _, t := range open {
		t.Branch = here.Branch
		event.Opened = append(event.Opened, t.Task)
	}
	return Changed{Sheet: here, Warnings: e.warnings}, journal.Record(e.tx, event)
}
