package policy

import (
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

var (
	drafts = &store.Table{Name: "release_drafts", Class: store.Projected, Key: []string{"draft"}, Version: "version",
		Columns: []string{"draft", "version", "programme", "title", "body", "release", "month", "state", "drafter", "drafted", "report", "reported",
			"first", "first_at", "second", "second_at", "remark"}}
	reads = &store.Table{Name: "release_reads", Class: store.Projected, Key: []string{"draft", "person"},
		Columns: []string{"draft", "person", "reported", "opened"}}
)

// ReleaseStep is one step of a release; it becomes the kind of its journal
// entry, "policy.release_" before it.
type ReleaseStep string

// The steps.
const (
	StepDraft        ReleaseStep = "drafted"
	StepReport       ReleaseStep = "reported"
	StepApproveFirst ReleaseStep = "approved_first"
	StepApprove      ReleaseStep = "approved"
	StepWithdraw     ReleaseStep = "withdrawn"
)

var releaseSteps = []ReleaseStep{StepDraft, StepReport, StepApproveFirst, StepApprove, StepWithdraw}

// ReleaseStepped is the one event by which a draft's row changes; it carries
// the row as it stands afterwards.
type ReleaseStepped struct {
	Step  ReleaseStep `cbor:"1,keyasint"`
	Draft Draft       `cbor:"2,keyasint"`
}

// Kind is "policy.release_" and the step.
func (s ReleaseStepped) Kind() journal.Kind {
	return journal.Kind{Name: "policy.release_" + string(s.Step), Version: 1}
}

// About puts it in the diwan's stream.
func (s ReleaseStepped) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: s.Draft.ID}
}

// Apply writes the draft's row.
func (s ReleaseStepped) Apply(w *store.Writer) error {
	values := s.Draft.values()
	if s.Step == StepDraft {
		return w.Insert(drafts, values...)
	}
	var set []any
	for i, column := range drafts.Columns[1:] {
		set = append(set, column, values[i+1])
	}
	return w.Update(drafts, []any{s.Draft.ID}, set...)
}

// values are the draft's columns, in the order of the table.
func (d Draft) values() []any {
	return []any{d.ID, d.Version, d.Programme, d.Title, d.Body, d.Release, int64(d.Month), string(d.State), d.Drafter, d.DraftedAt, d.Report, d.ReportedAt,
		d.First, d.FirstAt, d.Second, d.SecondAt, d.Remark}
}

// ReportOpened says that somebody has opened a draft's difference report.
type ReportOpened struct {
	Draft    id.ID `cbor:"1,keyasint"`
	Person   id.ID `cbor:"2,keyasint"`
	Reported int64 `cbor:"3,keyasint"` // when that report was recorded, microseconds
	At       int64 `cbor:"4,keyasint"`
}

// Kind is "policy.report_opened".
func (ReportOpened) Kind() journal.Kind {
	return journal.Kind{Name: "policy.report_opened", Version: 1}
}

// About puts it in the diwan's stream.
func (o ReportOpened) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: o.Draft}
}

// Apply notes the reader.
func (o ReportOpened) Apply(w *store.Writer) error {
	return w.Put(reads, o.Draft, o.Person, o.Reported, o.At)
}

func kinds() []journal.Event {
	list := []journal.Event{Released{}, DecidedHouseholds{}, RunFinished{}, ReceivedDecisions{}, ReportOpened{}}
	for _, s := range releaseSteps {
		list = append(list, ReleaseStepped{Step: s})
	}
	return list
}
