package enrolment

import (
	"time"

	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
)

// NewProposal is what a proposer states. Words are the proposer's own reason and
// Evidence says from where it is known; both are shown to the family.
type NewProposal struct {
	Kind      Kind
	Programme string
	Household id.ID
	Person    id.ID
	Component string
	Month     calendar.Month
	Amount    money.Amount
	Share     int64
	Reason    string
	Words     string
	Evidence  string
}

// Propose puts a measure against a family before the persons who may decide it.
// It changes nothing that the family receives. It needs the capability
// ProposeMeasure over the household's branch. Its faults are
// "enrolment.no_words", "enrolment.no_evidence" and "store.duplicate" where the
// same is open already.
func Propose(tx *store.Tx, n NewProposal) (Proposal, error) {
	home, err := registry.SummaryOf(tx, n.Household)
	if err != nil {
		return Proposal{}, err
	}
	if err := access.Require(tx, access.ProposeMeasure, home.Branch); err != nil {
		return Proposal{}, err
	}
	p := Proposal{ID: tx.NewID(), Version: 1, Kind: n.Kind, Programme: n.Programme, Household: n.Household, Branch: home.Branch, File: home.File,
		Person: n.Person, Component: n.Component, Month: n.Month, Amount: n.Amount, Share: n.Share, Reason: n.Reason, State: Proposed,
		Proposer: tx.Actor, ProposedAt: tx.Now.UnixMicro()}
	var wrong fault.List
	p.Words, err = said(n.Words, "words")
	wrong.Add("words", err)
	if p.Evidence, err = said(n.Evidence, "evidence"); err != nil {
		wrong.Add("evidence", fault.Invalid("enrolment.no_evidence"))
	}
	if !n.Month.Valid() {
		wrong.Add("month", fault.Invalid("policy.month_not_valid", "month", n.Month.String()))
	}
	if err := wrong.Err(); err != nil {
		return Proposal{}, err
	}
	return p, journal.Record(tx, ProposalStepped{StepPropose, p})
}

// Serve records that the notice reached the family: handed over at the counter
// or at home, on which day and how it is proved. The notice period of the
// programme runs from that day; printing or sending a notice starts nothing.
// Faults: "enrolment.wrong_state", "enrolment.served_day" and
// "enrolment.no_words".
func Serve(tx *store.Tx, which id.ID, on calendar.Date, how string, process policy.Process) (Proposal, error) {
	p, err := openProposal(tx, which, access.ServeNotice, Proposed)
	if err != nil {
		return Proposal{}, err
	}
	if proposed := dayOf(p.ProposedAt); on.Precision() != calendar.PrecisionDay || on < proposed || on > tx.Today() {
		return Proposal{}, fault.Invalid("enrolment.served_day", "from", proposed, "to", tx.Today()).At("day")
	}
	if p.ServedHow, err = said(how, "how"); err != nil {
		return Proposal{}, err
	}
	p.State, p.Server, p.ServedOn, p.Until = Served, tx.Actor, on, on.AddDays(int(max(process.Notice, policy.LeastNotice)))
	return p.step(tx, StepServe)
}

// TakeAnswer records what the family says to the notice, in its own words; it
// may say it at the counter, and nobody asks it to prove that something is not
// so. A later answer stands beside the earlier ones.
func TakeAnswer(tx *store.Tx, which id.ID, words string) (Proposal, error) {
	p, err := openProposal(tx, which, access.ServeNotice, Served)
	if err != nil {
		return Proposal{}, err
	}
	words, err = said(words, "words")
	if err != nil {
		return Proposal{}, err
	}
	if p.Answer != "" {
		words = p.Answer + "\n" + words
	}
	p.Answer, p.AnsweredAt, p.AnswerTaker = words, tx.Now.UnixMicro(), tx.Actor
	return p.step(tx, StepAnswer)
}

// Decide decides a proposal, one at a time, by another person than the proposer,
// with a reason, and not before the notice period has passed: the fault
// "enrolment.notice_runs" names its last day. An end that is upheld touches no
// month that began before that day; what was left open until then is owed, but
// for months after a death. A proposal that is not upheld is withdrawn.
func Decide(tx *store.Tx, which id.ID, uphold bool, words string) (Proposal, error) {
	p, err := openProposal(tx, which, access.DecideMeasure, Served)
	if err != nil {
		return Proposal{}, err
	}
	if err := access.RequireAnother(tx, p.Proposer); err != nil {
		return Proposal{}, err
	}
	if tx.Today() <= p.Until {
		return Proposal{}, fault.Conflict("enrolment.notice_runs", "until", p.Until)
	}
	if p.Decision, err = said(words, "words"); err != nil {
		return Proposal{}, err
	}
	p.Decider, p.DecidedAt = tx.Actor, tx.Now.UnixMicro()
	if !uphold {
		p.State = Withdrawn
		return p.step(tx, StepWithdraw)
	}
	dead, _, err := store.One(tx, (*store.Row).Bool, "SELECT dead FROM persons WHERE person = $1", p.Person)
	if err != nil {
		return Proposal{}, err
	}
	noticed, _ := p.Until.InMonth()
	p.State, p.Effective = Decided, max(p.Month, noticed.Next())
	if p.Kind == EndOnEvidence && dead {
		p.Effective = p.Month // nothing is owed for the months after a death
	}
	return p.step(tx, StepDecide)
}

// restorable is how long a decided end may be taken back, in months.
const restorable = 12

// Withdraw takes a proposal back, with a reason: before the decision whoever may
// propose, afterwards, within twelve months, whoever may decide. What an end
// kept from the family is then owed.
func Withdraw(tx *store.Tx, which id.ID, words string) (Proposal, error) {
	p, err := findProposal(tx, which)
	if err != nil {
		return Proposal{}, err
	}
	capability := access.ProposeMeasure
	if p.State == Decided {
		capability = access.DecideMeasure
	}
	if err := access.Require(tx, capability, p.Branch); err != nil {
		return Proposal{}, err
	}
	late := p.State == Decided && tx.Today() > dayOf(p.DecidedAt).AddMonths(restorable)
	if late || p.State != Proposed && p.State != Served && p.State != Decided {
		return Proposal{}, wrongState(p.State)
	}
	if p.Decision, err = said(words, "words"); err != nil {
		return Proposal{}, err
	}
	p.State, p.Decider, p.DecidedAt = Withdrawn, tx.Actor, tx.Now.UnixMicro()
	return p.step(tx, StepWithdraw)
}

// Finish notes that a decided recovery has kept back all that it may. Approving
// the list that keeps back the last of it does so.
func Finish(tx *store.Tx, which id.ID) error {
	p, err := openProposal(tx, which, access.ApproveList, Decided)
	if err != nil {
		return err
	}
	p.State = Finished
	_, err = p.step(tx, StepFinish)
	return err
}

// openProposal is the proposal to be changed, where the actor may and its state allows it.
func openProposal(tx *store.Tx, which id.ID, capability access.Capability, state State) (Proposal, error) {
	found, err := findProposal(tx, which)
	if err != nil {
		return Proposal{}, err
	}
	if err := access.Require(tx, capability, found.Branch); err != nil {
		return Proposal{}, err
	}
	if found.State != state {
		return Proposal{}, wrongState(found.State)
	}
	return found, nil
}

func (p Proposal) step(tx *store.Tx, s Step) (Proposal, error) {
	p.Version++
	return p, journal.Record(tx, ProposalStepped{s, p})
}

// dayOf is the day of a moment in microseconds.
func dayOf(moment int64) calendar.Date { return calendar.Day(time.UnixMicro(moment).UTC()) }
