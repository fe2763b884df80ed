package enrolment

import (
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

var (
	acts = &store.Table{Name: "end_acts", Class: store.Projected, Key: []string{"act"}, Version: "version",
		Columns: []string{"act", "version", "programme", "title_ar", "title_en", "state", "through", "release", "ends", "amount", "digest",
			"announcer", "announced", "approver", "approved", "remark"}}
	ends = &store.Table{Name: "ends", Class: store.Projected, Key: []string{"act", "person", "component"},
		Columns: []string{"act", "person", "component", "programme", "household", "branch", "file", "month", "amount", "reason", "live"}}
	proposals = &store.Table{Name: "proposals", Class: store.Projected, Key: []string{"proposal"}, Version: "version",
		Columns: []string{"proposal", "version", "kind", "programme", "household", "branch", "file", "person", "component", "month", "amount", "share",
			"reason", "words", "evidence", "state", "proposer", "proposed", "server", "served", "served_how", "until", "answer", "answered",
			"answer_taker", "decider", "decided", "decision", "effective"}}
)

// chunk is how many ends share an entry of the journal.
const chunk = 5000

// Step is one step of an act or a proposal; it becomes the kind of its journal
// entry, "enrolment." before it.
type Step string

// The steps.
const (
	StepAnnounce     Step = "ends_announced"
	StepApprove      Step = "ends_approved"
	StepWithdrawEnds Step = "ends_withdrawn"
	StepPropose      Step = "proposed"
	StepServe        Step = "notice_served"
	StepAnswer       Step = "answered"
	StepDecide       Step = "decided"
	StepFinish       Step = "finished"
	StepWithdraw     Step = "withdrawn"
)

var (
	actSteps      = []Step{StepAnnounce, StepApprove, StepWithdrawEnds}
	proposalSteps = []Step{StepPropose, StepServe, StepAnswer, StepDecide, StepFinish, StepWithdraw}
)

// ActStepped is the one event by which an act's row changes; it carries the row
// as it stands afterwards, and the ends that a withdrawal takes back.
type ActStepped struct {
	Step  Step    `cbor:"1,keyasint"`
	Act   Act     `cbor:"2,keyasint"`
	Freed []Claim `cbor:"3,keyasint,omitempty"`
}

// Kind is "enrolment." and the step.
func (s ActStepped) Kind() journal.Kind {
	return journal.Kind{Name: "enrolment." + string(s.Step), Version: 1}
}

// About puts it in the diwan's stream.
func (s ActStepped) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: s.Act.ID}
}

// Apply writes the act's row.
func (s ActStepped) Apply(w *store.Writer) error {
	if s.Step == StepAnnounce {
		return w.Insert(acts, s.Act.values()...)
	}
	for _, c := range s.Freed {
		if err := w.Update(ends, []any{s.Act.ID, c.Person, c.Component}, "live", false); err != nil {
			return err
		}
	}
	return w.Update(acts, []any{s.Act.ID}, pairs(acts, s.Act.values())...)
}

// pairs are a row's columns and values behind its key, as Update wants them.
func pairs(t *store.Table, values []any) (set []any) {
	for i, column := range t.Columns[1:] {
		set = append(set, column, values[i+1])
	}
	return set
}

// values are the act's columns, in the order of the table.
func (a Act) values() []any {
	return []any{a.ID, a.Version, a.Programme, a.Title.Arabic, a.Title.English, string(a.State), int64(a.Through), a.Release, a.Ends, a.Amount, a.Digest,
		a.Announcer, a.AnnouncedAt, a.Approver, a.ApprovedAt, a.Remark}
}

// EndsListed brings some of an act's ends.
type EndsListed struct {
	Act       id.ID  `cbor:"1,keyasint"`
	Programme string `cbor:"2,keyasint"`
	Ends      []End  `cbor:"3,keyasint"`
}

// Kind is "enrolment.ends".
func (EndsListed) Kind() journal.Kind { return journal.Kind{Name: "enrolment.ends", Version: 1} }

// About puts it in the diwan's stream.
func (e EndsListed) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: e.Act}
}

// Apply adds the ends.
func (e EndsListed) Apply(w *store.Writer) error {
	for i := range e.Ends {
		n := &e.Ends[i]
		if err := w.Insert(ends, e.Act, n.Person, n.Component, e.Programme, n.Household, n.Branch, n.File, int64(n.Month), n.Amount, n.Reason, true); err != nil {
			return err
		}
	}
	return nil
}

// ProposalStepped is the one event by which a proposal's row changes; it carries
// the row as it stands afterwards.
type ProposalStepped struct {
	Step     Step     `cbor:"1,keyasint"`
	Proposal Proposal `cbor:"2,keyasint"`
}

// Kind is "enrolment." and the step.
func (s ProposalStepped) Kind() journal.Kind {
	return journal.Kind{Name: "enrolment." + string(s.Step), Version: 1}
}

// About puts it in the diwan's stream.
func (s ProposalStepped) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: s.Proposal.ID}
}

// Apply writes the proposal's row.
func (s ProposalStepped) Apply(w *store.Writer) error {
	if s.Step == StepPropose {
		return w.Insert(proposals, s.Proposal.values()...)
	}
	return w.Update(proposals, []any{s.Proposal.ID}, pairs(proposals, s.Proposal.values())...)
}

// values are the proposal's columns, in the order of the table.
func (p Proposal) values() []any {
	return []any{p.ID, p.Version, string(p.Kind), p.Programme, p.Household, p.Branch, p.File, p.Person, p.Component, int64(p.Month), p.Amount, p.Share,
		p.Reason, p.Words, p.Evidence, string(p.State), p.Proposer, p.ProposedAt, p.Server, int64(p.ServedOn), p.ServedHow, int64(p.Until),
		p.Answer, p.AnsweredAt, p.AnswerTaker, p.Decider, p.DecidedAt, p.Decision, int64(p.Effective)}
}
