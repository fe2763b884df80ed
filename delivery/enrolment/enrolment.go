// Package enrolment sees to it that no family loses a benefit behind its back.
// A benefit ends in one of two ways. Either the law's own calendar ends it (a
// child turns 18): such ends are forecast from the rules months ahead,
// announced, and approved by a second person as one named act. Or evidence
// speaks for an end (a death, a salary, an absence): then somebody proposes it
// with a reason, the family is handed a notice and may answer, and when the
// notice period has passed another person decides, with a reason. What was paid
// too much is asked back in the same way. Payment drops and reduces nothing
// without one of these.
//
// An Act holds the ends of one announcement, sealed by a digest for which the
// approver signs. A Proposal holds one measure against one family and how far it
// has come. Standing is what payment asks. No age and no period stands in this
// code: ends come from the programme's conditions, periods from its process.
package enrolment

import (
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
	"sanad/platform/text"
)

// State is how far an act or a proposal has come.
type State string

// The states of an act are announced, approved, withdrawn; those of a proposal
// the others, and withdrawn. A finished recovery has kept back all it may.
const (
	Announced State = "announced"
	Approved  State = "approved"
	Proposed  State = "proposed"
	Served    State = "served"
	Decided   State = "decided"
	Finished  State = "finished"
	Withdrawn State = "withdrawn"
)

// States lists them all.
var States = []State{Announced, Approved, Proposed, Served, Decided, Finished, Withdrawn}

// Key is the message that names the state.
func (s State) Key() text.Key { return text.Key("enrolment.state_" + string(s)) }

// Act is one announcement of ends that the law's own calendar sets.
type Act struct {
	ID          id.ID          `cbor:"1,keyasint"`
	Version     int64          `cbor:"2,keyasint"`
	Programme   string         `cbor:"3,keyasint"`
	Title       text.Bilingual `cbor:"4,keyasint"` // the programme's name, as it was then
	State       State          `cbor:"5,keyasint"`
	Through     calendar.Month `cbor:"6,keyasint"` // the last month looked at
	Release     []byte         `cbor:"7,keyasint"` // by whose rules
	Ends        int64          `cbor:"8,keyasint"`
	Amount      money.Amount   `cbor:"9,keyasint"` // a month, all together
	Digest      []byte         `cbor:"10,keyasint"`
	Announcer   id.ID          `cbor:"11,keyasint"`
	AnnouncedAt int64          `cbor:"12,keyasint"` // microseconds since 1970, as all moments here
	Approver    id.ID          `cbor:"13,keyasint"`
	ApprovedAt  int64          `cbor:"14,keyasint"`
	Remark      string         `cbor:"15,keyasint,omitempty"` // why it was withdrawn
}

// End is one person's benefit that ends by the calendar.
type End struct {
	Person    id.ID          `cbor:"1,keyasint"`
	Component string         `cbor:"2,keyasint"`
	Household id.ID          `cbor:"3,keyasint"`
	Branch    string         `cbor:"4,keyasint"`
	File      string         `cbor:"5,keyasint"`
	Month     calendar.Month `cbor:"6,keyasint"` // the first for which nothing is due
	Amount    money.Amount   `cbor:"7,keyasint"` // a month, until then
	Reason    string         `cbor:"8,keyasint"` // the condition that is not met any more
}

// Kind says what a proposal asks for.
type Kind string

// The kinds.
const (
	EndOnEvidence Kind = "end"
	Recovery      Kind = "recovery"
)

// Key is the message that names the kind.
func (k Kind) Key() text.Key { return text.Key("enrolment.kind_" + string(k)) }

// Proposal is one measure against one family. Until it is decided nothing
// follows from it.
type Proposal struct {
	ID          id.ID          `cbor:"1,keyasint"`
	Version     int64          `cbor:"2,keyasint"`
	Kind        Kind           `cbor:"3,keyasint"`
	Programme   string         `cbor:"4,keyasint"`
	Household   id.ID          `cbor:"5,keyasint"`
	Branch      string         `cbor:"6,keyasint"`
	File        string         `cbor:"7,keyasint"`
	Person      id.ID          `cbor:"8,keyasint"` // whose benefit; of a recovery the payee
	Component   string         `cbor:"9,keyasint"` // empty of a recovery
	Month       calendar.Month `cbor:"10,keyasint"`
	Amount      money.Amount   `cbor:"11,keyasint"` // a month; of a recovery all together
	Share       int64          `cbor:"12,keyasint"` // of a recovery: most of each payment, in hundredths
	Reason      string         `cbor:"13,keyasint"` // condition or cause, as the system has it
	Words       string         `cbor:"14,keyasint"` // the proposer's reason
	Evidence    string         `cbor:"15,keyasint"` // from where it is known
	State       State          `cbor:"16,keyasint"`
	Proposer    id.ID          `cbor:"17,keyasint"`
	ProposedAt  int64          `cbor:"18,keyasint"`
	Server      id.ID          `cbor:"19,keyasint"`
	ServedOn    calendar.Date  `cbor:"20,keyasint"` // the day of hand-over
	ServedHow   string         `cbor:"21,keyasint"`
	Until       calendar.Date  `cbor:"22,keyasint"` // last day of the notice period
	Answer      string         `cbor:"23,keyasint"` // of the family, in its words
	AnsweredAt  int64          `cbor:"24,keyasint"`
	AnswerTaker id.ID          `cbor:"25,keyasint"`
	Decider     id.ID          `cbor:"26,keyasint"`
	DecidedAt   int64          `cbor:"27,keyasint"`
	Decision    string         `cbor:"28,keyasint"` // the decider's reason
	Effective   calendar.Month `cbor:"29,keyasint"` // the first month that it touches, none before the decision
}

// Claim is what ends: one person's component of a programme.
type Claim struct {
	Person    id.ID
	Component string
}

// Kinds are the kinds of event that this package records.
var Kinds = kinds()

func kinds() []journal.Event {
	list := []journal.Event{EndsListed{}}
	for _, s := range actSteps {
		list = append(list, ActStepped{Step: s})
	}
	for _, s := range proposalSteps {
		list = append(list, ProposalStepped{Step: s})
	}
	return list
}

// Tables are the tables that this package owns.
var Tables = []*store.Table{acts, ends, proposals}
