package web

import (
	"encoding/json"
	"time"

	"sanad/platform/id"
	"sanad/platform/store"
)

// drafts keeps registrations that were begun: on this node only, until they are
// registered or thrown away. A power cut costs what was typed since the last
// change of a field, no more.
var drafts = &store.Table{Name: "drafts", Class: store.Local, Key: []string{"draft"}, Columns: []string{"draft", "person", "kept", "body"}}

// draft is a registration under way: what was answered in each step. A step
// that is asked several times, once per member, has several sets of answers.
type draft struct {
	ID    id.ID                `json:"-"`
	Kept  time.Time            `json:"-"`
	Steps map[string][]answers `json:"steps"`
}

// answers are the values of one form by field; a date has three.
type answers map[string]string

// newDraft is an empty draft with an identifier of its own.
func newDraft(tx *store.Tx) draft { return draft{ID: tx.NewID(), Steps: map[string][]answers{}} }

// findDraft returns a draft of the reader, and whether there is one: nobody
// reads another person's draft.
func findDraft(tx *store.Tx, draftID id.ID) (draft, bool, error) {
	found, exists, err := store.One(tx, scanDraft, "SELECT draft, kept, body FROM drafts WHERE draft = $1 AND person = $2", draftID, tx.Actor)
	return found, exists, err
}

// draftsOf lists the reader's drafts, the last touched first.
func draftsOf(tx *store.Tx) ([]draft, error) {
	return store.All(tx, scanDraft, "SELECT draft, kept, body FROM drafts WHERE person = $1 ORDER BY kept DESC", tx.Actor)
}

func scanDraft(r *store.Row) draft {
	d := draft{ID: r.ID(), Kept: r.Time()}
	if err := json.Unmarshal(r.Bytes(), &d); err != nil || d.Steps == nil {
		d.Steps = map[string][]answers{}
	}
	return d
}

// keep writes the draft; when it returns and the transaction commits, a power
// cut cannot take it.
func (d *draft) keep(tx *store.Tx) error {
	body, err := json.Marshal(d)
	if err != nil {
		return err
	}
	d.Kept = tx.Now
	return tx.Local().Put(drafts, d.ID, tx.Actor, tx.Now, body)
}

// drop throws the draft away.
func (d draft) drop(tx *store.Tx) error { return tx.Local().Delete(drafts, d.ID) }

// set keeps the answers of a step; of a step asked several times, those of one
// turn.
func (d *draft) set(step string, turn int, a answers) {
	for len(d.Steps[step]) <= turn {
		d.Steps[step] = append(d.Steps[step], answers{})
	}
	d.Steps[step][turn] = a
}

// get returns the answers of a step, empty where it was not asked yet.
func (d draft) get(step string, turn int) answers {
	if turn < len(d.Steps[step]) {
		return d.Steps[step][turn]
	}
	return answers{}
}

// fill puts the answers into a form.
func (a answers) fill(f *form) {
	for i := range f.Fields {
		q := &f.Fields[i]
		q.Value = a[q.Name]
		q.Day, q.Month, q.Year = a[q.Name+"-day"], a[q.Name+"-month"], a[q.Name+"-year"]
	}
}

// answersOf takes the answers out of a form.
func answersOf(f form) answers {
	a := answers{}
	for _, q := range f.Fields {
		for name, value := range map[string]string{q.Name: q.Value, q.Name + "-day": q.Day, q.Name + "-month": q.Month, q.Name + "-year": q.Year} {
			if name != "" && value != "" {
				a[name] = value
			}
		}
	}
	return a
}

// empty tells that nothing was answered.
func (a answers) empty() bool { return len(a) == 0 }
