package api

import (
	"encoding/hex"

	"sanad/delivery/enrolment"
	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
	"sanad/platform/text"
)

func enrolmentEndpoints(d *door) {
	asks(d, endpoint{name: "account", at: "GET /households/{household}/account/{programme}", says: "What a programme owed a household month by month, what was paid, and what stands between", need: access.SeeDecision}, account)
	asks(d, endpoint{name: "endActs", at: "GET /ends", says: "Announcements of ends that the law's calendar sets", need: access.SeeList}, endActs)
	does(d, endpoint{name: "announceEnds", at: "POST /ends", says: "Compute and announce the ends of the coming months as one act", need: access.AnnounceEnds}, d.announceEnds)
	asks(d, endpoint{name: "endAct", at: "GET /ends/{act}", says: "One announcement with its ends and the digest that its approver signs for", need: access.SeeList}, endAct)
	does(d, endpoint{name: "approveEnds", at: "POST /ends/{act}/approve", says: "Sign for all ends of an act, as another person than its announcer", need: access.ApproveEnds}, approveEnds)
	does(d, endpoint{name: "withdrawEnds", at: "POST /ends/{act}/withdraw", says: "Take an announcement back"}, withdrawEnds)
	asks(d, endpoint{name: "proposals", at: "GET /proposals", says: "Proposals that wait for somebody, those whose notice period passes first at the head", need: access.SeeList}, openProposals)
	asks(d, endpoint{name: "proposal", at: "GET /proposals/{proposal}", says: "One proposal and how far it has come", need: access.SeeDecision}, proposal)
	does(d, endpoint{name: "proposeEnd", at: "POST /proposals/ends", says: "Propose to end a benefit on evidence; ends nothing", need: access.ProposeMeasure}, proposeEnd)
	does(d, endpoint{name: "proposeRecovery", at: "POST /proposals/recoveries", says: "Propose to ask back what was paid too much; takes nothing", need: access.ProposeMeasure}, d.proposeRecovery)
	does(d, endpoint{name: "serveNotice", at: "POST /proposals/{proposal}/serve", says: "Record that the notice was handed over: the period runs from that day", need: access.ServeNotice}, d.serveNotice)
	does(d, endpoint{name: "answerProposal", at: "POST /proposals/{proposal}/answer", says: "Record what the family says", need: access.ServeNotice}, answerProposal)
	does(d, endpoint{name: "decideProposal", at: "POST /proposals/{proposal}/decide", says: "Decide after the notice period, as another person than the proposer", need: access.DecideMeasure}, decideProposal)
	does(d, endpoint{name: "withdrawProposal", at: "POST /proposals/{proposal}/withdraw", says: "Take a proposal back; what it kept from the family is owed"}, withdrawProposal)
}

// AccountPath is an address that names a household and a programme.
type AccountPath struct {
	HouseholdPath
	Programme string `path:"programme" maxLength:"100"`
}

// Account is a household's account with a programme.
type Account struct {
	Balance money.Amount   `json:"balance_dirham" doc:"owed to the family, or paid too much where negative"`
	Arrears money.Amount   `json:"arrears_dirham"`
	Over    money.Amount   `json:"overpaid_dirham"`
	Months  []AccountMonth `json:"months" nullable:"false"`
	Entries []AccountEntry `json:"entries" nullable:"false"`
}

// AccountMonth is one month of an account.
type AccountMonth struct {
	Month    calendar.Month `json:"month"`
	Due      money.Amount   `json:"due_dirham"`
	Held     money.Amount   `json:"held_dirham" doc:"of what is due: not payable now"`
	Paid     money.Amount   `json:"paid_dirham"`
	Withheld money.Amount   `json:"withheld_dirham" doc:"kept back by a decided recovery"`
	Waiting  money.Amount   `json:"waiting_dirham" doc:"on lists that wait for a signature"`
	Settled  bool           `json:"settled" doc:"its list was approved"`
	Balance  money.Amount   `json:"balance_dirham"`
	Running  money.Amount   `json:"running_dirham"`
}

// AccountEntry is one line of an account; lines are added and never changed.
type AccountEntry struct {
	Person    id.ID          `json:"person"`
	Component string         `json:"component"`
	Month     calendar.Month `json:"month"`
	Line      int64          `json:"line"`
	Kind      string         `json:"kind" enum:"due,paid,returned,recovered"`
	Amount    money.Amount   `json:"amount_dirham"`
	Cause     string         `json:"cause"`
	Reason    string         `json:"reason,omitempty"`
	Decision  int64          `json:"decision,omitempty" doc:"version of the decision that it rests on, microseconds"`
	List      id.ID          `json:"list,omitzero"`
	Posted    string         `json:"posted" format:"date-time"`
}

func account(tx *store.Tx, in *AccountPath) (Account, error) {
	out := Account{Months: []AccountMonth{}, Entries: []AccountEntry{}}
	home, err := registry.SummaryOf(tx, in.Household.ID)
	if err != nil {
		return out, err
	}
	s, err := payment.StatementOf(tx, in.Programme, in.Household.ID, home.Branch)
	out.Balance, out.Arrears, out.Over = s.Balance, s.Arrears, s.Over
	for _, m := range s.Months {
		out.Months = append(out.Months, AccountMonth{m.Month, m.Due, m.Held, m.Paid, m.Withheld, m.Waiting, m.Settled, m.Balance, m.Running})
	}
	for _, e := range s.Entries {
		out.Entries = append(out.Entries, AccountEntry{e.Person, e.Component, e.Month, e.Line, string(e.Kind), e.Amount, string(e.Cause), e.Reason, e.Decision,
			e.List, micro(e.PostedAt)})
	}
	return out, err
}

// EndAct is one announcement of ends.
type EndAct struct {
	ID        id.ID          `json:"id"`
	Programme string         `json:"programme"`
	Title     text.Bilingual `json:"title"`
	State     string         `json:"state" enum:"announced,approved,withdrawn"`
	Through   calendar.Month `json:"through" doc:"the last month looked at"`
	Count     int64          `json:"count"`
	Amount    money.Amount   `json:"amount_dirham" doc:"a month, all together"`
	Digest    string         `json:"digest" doc:"what an approver signs for, hexadecimal"`
	Announcer id.ID          `json:"announcer"`
	Announced string         `json:"announced" format:"date-time"`
	Approver  id.ID          `json:"approver,omitzero"`
	Approved  string         `json:"approved,omitempty" format:"date-time"`
	Remark    string         `json:"remark,omitempty"`
	Ends      []End          `json:"ends,omitempty"`
}

// End is one person's benefit that ends by the calendar.
type End struct {
	Household id.ID          `json:"household"`
	Branch    string         `json:"branch"`
	File      string         `json:"file"`
	Person    id.ID          `json:"person"`
	Component string         `json:"component"`
	Month     calendar.Month `json:"month" doc:"the first for which nothing is due"`
	Amount    money.Amount   `json:"amount_dirham" doc:"a month, until then"`
	Reason    string         `json:"reason" doc:"the condition that is not met any more"`
}

func actOf(a enrolment.Act, ends []enrolment.End) EndAct {
	out := EndAct{ID: a.ID, Programme: a.Programme, Title: a.Title, State: string(a.State), Through: a.Through, Count: a.Ends, Amount: a.Amount,
		Digest: hex.EncodeToString(a.Digest), Announcer: a.Announcer, Announced: micro(a.AnnouncedAt), Approver: a.Approver, Approved: micro(a.ApprovedAt), Remark: a.Remark}
	for _, e := range ends {
		out.Ends = append(out.Ends, End{e.Household, e.Branch, e.File, e.Person, e.Component, e.Month, e.Amount, e.Reason})
	}
	return out
}

// EndActs are announcements.
type EndActs struct {
	Acts []EndAct `json:"acts" nullable:"false"`
}

func endActs(tx *store.Tx, _ *struct{}) (EndActs, error) {
	out := EndActs{Acts: []EndAct{}}
	found, err := enrolment.Acts(tx)
	for _, a := range found {
		out.Acts = append(out.Acts, actOf(a, nil))
	}
	return out, err
}

// ActPath is an address that names an announcement.
type ActPath struct {
	Act identifier `path:"act"`
}

func endAct(tx *store.Tx, in *ActPath) (EndAct, error) {
	a, ends, err := enrolment.FindAct(tx, in.Act.ID)
	return actOf(a, ends), err
}

type announceInput struct {
	Body struct {
		Programme string `json:"programme" maxLength:"100"`
	}
}

func (d *door) announceEnds(tx *store.Tx, in *announceInput) (EndAct, error) {
	p, err := policy.Named(d.Pack, in.Body.Programme)
	if err != nil {
		return EndAct{}, err
	}
	a, err := enrolment.Announce(tx, p)
	return actOf(a, nil), err
}

type approveEndsInput struct {
	ActPath
	Body struct {
		Digest string `json:"digest" pattern:"^[0-9a-f]{64}$" doc:"of the act as the approver has seen it"`
	}
}

func approveEnds(tx *store.Tx, in *approveEndsInput) (EndAct, error) {
	seen, err := hex.DecodeString(in.Body.Digest)
	if err != nil {
		return EndAct{}, err
	}
	return actStep(tx, in.Act.ID, func() (enrolment.Act, error) { return enrolment.Approve(tx, in.Act.ID, seen) })
}

type withdrawEndsInput struct {
	ActPath
	Body struct {
		Remark string `json:"remark" maxLength:"1000"`
	}
}

func withdrawEnds(tx *store.Tx, in *withdrawEndsInput) (EndAct, error) {
	return actStep(tx, in.Act.ID, func() (enrolment.Act, error) { return enrolment.WithdrawEnds(tx, in.Act.ID, in.Body.Remark) })
}

// actStep takes a step and brings the accounts of the act's households up to
// date.
func actStep(tx *store.Tx, act id.ID, step func() (enrolment.Act, error)) (EndAct, error) {
	a, err := step()
	if err != nil {
		return EndAct{}, err
	}
	_, ends, err := enrolment.FindAct(tx, act)
	if err == nil {
		_, err = payment.PostEnds(tx, a.Programme, ends)
	}
	return actOf(a, nil), err
}
