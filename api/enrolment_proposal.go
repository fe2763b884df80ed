package api

import (
	"sanad/delivery/enrolment"
	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
)

// Proposal is one measure against one family; until it is decided nothing
// follows from it.
type Proposal struct {
	ID        id.ID          `json:"id"`
	Kind      string         `json:"kind" enum:"end,recovery"`
	Programme string         `json:"programme"`
	Household id.ID          `json:"household"`
	Branch    string         `json:"branch"`
	File      string         `json:"file"`
	Person    id.ID          `json:"person" doc:"whose benefit; of a recovery the payee"`
	Component string         `json:"component,omitempty"`
	Month     calendar.Month `json:"month"`
	Amount    money.Amount   `json:"amount_dirham" doc:"a month; of a recovery all together"`
	Share     int64          `json:"share_percent,omitempty" doc:"of a recovery: most of each payment"`
	Reason    string         `json:"reason,omitempty" doc:"condition or cause, as the system has it"`
	Words     string         `json:"words" doc:"the proposer's reason"`
	Evidence  string         `json:"evidence"`
	State     string         `json:"state" enum:"proposed,served,decided,finished,withdrawn"`
	Proposer  id.ID          `json:"proposer"`
	Proposed  string         `json:"proposed" format:"date-time"`
	ServedOn  calendar.Date  `json:"served_on,omitzero"`
	ServedHow string         `json:"served_how,omitempty"`
	Until     calendar.Date  `json:"until,omitzero" doc:"last day of the notice period"`
	Answer    string         `json:"answer,omitempty"`
	Decider   id.ID          `json:"decider,omitzero"`
	Decided   string         `json:"decided,omitempty" format:"date-time"`
	Decision  string         `json:"decision,omitempty"`
	Effective calendar.Month `json:"effective,omitzero" doc:"the first month that it touches"`
}

func proposalOf(p enrolment.Proposal, err error) (Proposal, error) {
	return Proposal{ID: p.ID, Kind: string(p.Kind), Programme: p.Programme, Household: p.Household, Branch: p.Branch, File: p.File, Person: p.Person,
		Component: p.Component, Month: p.Month, Amount: p.Amount, Share: p.Share, Reason: p.Reason, Words: p.Words, Evidence: p.Evidence, State: string(p.State),
		Proposer: p.Proposer, Proposed: micro(p.ProposedAt), ServedOn: p.ServedOn, ServedHow: p.ServedHow, Until: p.Until, Answer: p.Answer, Decider: p.Decider,
		Decided: micro(p.DecidedAt), Decision: p.Decision, Effective: p.Effective}, err
}

// Proposals are proposals.
type Proposals struct {
	Proposals []Proposal `json:"proposals" nullable:"false"`
}

func openProposals(tx *store.Tx, _ *struct{}) (Proposals, error) {
	out := Proposals{Proposals: []Proposal{}}
	found, err := enrolment.Open(tx)
	for _, p := range found {
		shown, _ := proposalOf(p, nil)
		out.Proposals = append(out.Proposals, shown)
	}
	return out, err
}

// ProposalPath is an address that names a proposal.
type ProposalPath struct {
	Proposal identifier `path:"proposal"`
}

func proposal(tx *store.Tx, in *ProposalPath) (Proposal, error) {
	return proposalOf(enrolment.FindProposal(tx, in.Proposal.ID))
}

type proposeEndInput struct {
	Body struct {
		Programme string `json:"programme" maxLength:"100"`
		Person    id.ID  `json:"person"`
		Component string `json:"component" maxLength:"100"`
		Month     month  `json:"month" doc:"the first for which nothing is due"`
		Words     string `json:"words" maxLength:"1000" doc:"why, in words that the family will understand"`
		Evidence  string `json:"evidence" maxLength:"1000" doc:"from where it is known: paper or register, and date"`
	}
}

func proposeEnd(tx *store.Tx, in *proposeEndInput) (Proposal, error) {
	b := &in.Body
	return proposalOf(payment.ProposeEnd(tx, b.Programme, b.Person, b.Component, b.Month.Month, b.Words, b.Evidence))
}

type proposeRecoveryInput struct {
	Body struct {
		Programme string `json:"programme" maxLength:"100"`
		Household id.ID  `json:"household"`
		Words     string `json:"words" maxLength:"1000" doc:"why, in words that the family will understand"`
		Evidence  string `json:"evidence" maxLength:"1000" doc:"from where it is known: paper or register, and date"`
	}
}

func (d *door) proposeRecovery(tx *store.Tx, in *proposeRecoveryInput) (Proposal, error) {
	p, err := policy.Named(d.Pack, in.Body.Programme)
	if err != nil {
		return Proposal{}, err
	}
	return proposalOf(payment.ProposeRecovery(tx, p, in.Body.Household, in.Body.Words, in.Body.Evidence))
}

type serveInput struct {
	ProposalPath
	Body struct {
		On  day    `json:"on" doc:"the day of hand-over"`
		How string `json:"how" maxLength:"1000" doc:"how, and to whom"`
	}
}

func (d *door) serveNotice(tx *store.Tx, in *serveInput) (Proposal, error) {
	found, err := enrolment.FindProposal(tx, in.Proposal.ID)
	if err != nil {
		return Proposal{}, err
	}
	p, err := policy.Named(d.Pack, found.Programme)
	if err != nil {
		return Proposal{}, err
	}
	return proposalOf(enrolment.Serve(tx, in.Proposal.ID, in.Body.On.Date, in.Body.How, p.Process))
}

type wordsInput struct {
	ProposalPath
	Body struct {
		Words string `json:"words" maxLength:"4000"`
	}
}

func answerProposal(tx *store.Tx, in *wordsInput) (Proposal, error) {
	return proposalOf(enrolment.TakeAnswer(tx, in.Proposal.ID, in.Body.Words))
}

type decideInput struct {
	ProposalPath
	Body struct {
		Uphold bool   `json:"uphold"`
		Words  string `json:"words" maxLength:"4000" doc:"the reason of the decision"`
	}
}

func decideProposal(tx *store.Tx, in *decideInput) (Proposal, error) {
	return settled(tx)(enrolment.Decide(tx, in.Proposal.ID, in.Body.Uphold, in.Body.Words))
}

func withdrawProposal(tx *store.Tx, in *wordsInput) (Proposal, error) {
	return settled(tx)(enrolment.Withdraw(tx, in.Proposal.ID, in.Body.Words))
}

// settled brings the family's account up to date after a decision.
func settled(tx *store.Tx) func(enrolment.Proposal, error) (Proposal, error) {
	return func(p enrolment.Proposal, err error) (Proposal, error) {
		if err == nil {
			_, err = payment.PostHousehold(tx, p.Programme, p.Household)
		}
		return proposalOf(p, err)
	}
}
