package web

import (
	"sanad/platform/calendar"
	"sanad/platform/money"
	"sanad/platform/text"
)

// statementView answers "what does the state owe this family, and why is it not
// what was paid?".
type statementView struct {
	householdHead
	Programmes []accountProgramme
	Proposals  []proposalRow
	End        *form // proposes an end on evidence; nil where this reader may not
}

// accountProgramme is the account with one programme.
type accountProgramme struct {
	Programme text.Bilingual
	Balance   money.Amount
	Arrears   money.Amount
	Over      money.Amount
	Months    []accountMonth // the latest first
	Entries   []accountEntry // the latest first
	Recover   *form          // proposes a recovery; nil where nothing was paid too much
}

// accountMonth is one month: what the law owed, what was paid, what stands
// between.
type accountMonth struct {
	Href    string // to the decision
	Month   calendar.Date
	Due     money.Amount
	Held    money.Amount
	Paid    money.Amount
	Kept    money.Amount // back by a recovery
	Waiting money.Amount
	State   pill
	Balance money.Amount
	Running money.Amount
	Causes  []text.Key
}

// accountEntry is one line of the account.
type accountEntry struct {
	Posted    calendar.Date
	Month     calendar.Date
	Person    string
	Component text.Bilingual
	Kind      text.Key
	Cause     text.Key
	Reason    text.Bilingual
	Amount    money.Amount
}

// proposalRow is one proposal among others.
type proposalRow struct {
	Href   string
	Kind   text.Key
	Name   string
	File   string
	Amount money.Amount
	State  pill
	Until  calendar.Date
}

// proposalView is one proposal: what is proposed and why, how far it has come,
// and the next step.
type proposalView struct {
	proposalRow
	Household string // its address
	Family    string
	Programme text.Bilingual
	Component text.Bilingual
	Month     calendar.Date
	Share     int
	Reason    text.Bilingual
	Words     string
	Evidence  string
	Chain     []chainStep
	Proposer  string
	Proposed  calendar.Date
	Server    string
	ServedOn  calendar.Date
	ServedHow string
	Answer    string
	Decider   string
	DecidedOn calendar.Date
	Decision  string
	Effective calendar.Date
	Steps     []stepForm
}

// stepForm is a step that this reader may take now.
type stepForm struct {
	Title text.Key
	Lede  text.Key
	Form  form
}

// endsView lists what was announced, and can announce what is to come.
type endsView struct {
	Acts      []endAct
	Announce  *form
	Proposals []proposalRow
}

// endAct is one announcement.
type endAct struct {
	Href      string
	Number    string
	Programme text.Bilingual
	Through   calendar.Date
	Ends      int
	Amount    money.Amount
	State     pill
}

// endActView answers "whose benefit ends when, and may I sign for it?".
type endActView struct {
	endAct
	Announcer string
	Announced calendar.Date
	Approver  string
	Approved  calendar.Date
	Remark    string
	Digest    string
	Months    []endMonth
	Rows      []endRow
	Pager     *pager
	Sign      *form
	Locked    text.Key
	Back      *form
}

// endMonth is how many benefits end in one month.
type endMonth struct {
	Month  calendar.Date
	Ends   int
	Amount money.Amount
}

// endRow is one person's benefit that ends.
type endRow struct {
	Href      string
	Name      string
	File      string
	Branch    text.Bilingual
	Component text.Bilingual
	Month     calendar.Date
	Amount    money.Amount
	Reason    text.Bilingual
}

var (
	showStatement = page[statementView]("payment/statement")
	showProposal  = page[proposalView]("payment/proposal")
	showEnds      = page[endsView]("payment/ends")
	showEndAct    = page[endActView]("payment/end_act")
)

// reasonFields are what every proposer states.
func reasonFields() []field {
	return []field{
		{Name: "words", Kind: "textarea", Label: "web.proposal_words", Hint: "web.proposal_words_hint"},
		{Name: "evidence", Kind: "text", Label: "web.proposal_evidence", Hint: "web.proposal_evidence_hint"},
	}
}

// proposalForms are the steps of a proposal, as forms.
var proposalForms = map[string]form{
	"serve": {Submit: "web.serve_submit", Fields: []field{
		{Name: "day", Kind: "date", Label: "web.served_on", Hint: "web.served_on_hint"},
		{Name: "how", Kind: "text", Label: "web.served_how", Hint: "web.served_how_hint"}}},
	"answer": {Submit: "web.answer_submit", Fields: []field{{Name: "words", Kind: "textarea", Label: "web.answer_words", Hint: "web.answer_words_hint"}}},
	"decide": {Submit: "web.decide_submit", Fields: []field{
		{Name: "uphold", Kind: "choice", Label: "web.decide_how", Options: []option{{Value: "yes", Key: "web.decide_uphold", Hint: "web.decide_uphold_hint"},
			{Value: "no", Key: "web.decide_refuse", Hint: "web.decide_refuse_hint"}}},
		{Name: "words", Kind: "textarea", Label: "web.decide_words", Hint: "web.decide_words_hint"}}},
	"withdraw": {Submit: "web.proposal_withdraw_submit", Danger: true, Fields: []field{{Name: "words", Kind: "textarea", Label: "web.proposal_withdraw_words"}}},
}
