package web

import (
	"slices"

	"sanad/platform/calendar"
	"sanad/platform/money"
	"sanad/platform/text"
)

// decisionView answers "why this amount?".
type decisionView struct {
	householdHead
	Programme  text.Bilingual
	Month      calendar.Date
	Amount     money.Amount
	Outcome    pill
	Summary    text.Key // the outcome in a sentence
	Args       []any
	Persons    []personDecision
	Components []componentRow
	Held       []heldRow        // due and not payable, and why
	Terms      []text.Bilingual // what ceilings, other programmes and other bodies did
	Release    string           // version of the rules
	Digest     string           // of the decision
	Sheet      int              // version of the sheet that was read
	Letter     string           // address of the letter
	Months     []monthLink
}

// monthLink leads to the same decision in another month.
type monthLink struct {
	Href    string
	Month   calendar.Date
	Current bool
}

// personDecision is what was decided about one person in one component.
type personDecision struct {
	Name       string
	Component  text.Bilingual
	Outcome    string // yes, no or unknown
	State      pill
	Amount     money.Amount
	Conditions []conditionView
	Terms      []text.Bilingual // its place in the order, unconfirmed figures, and why not where no condition says it
	Turns      []text.Bilingual // what would change the outcome
}

// Open are the conditions that are not met or not known.
func (d personDecision) Open() []conditionView {
	return slices.DeleteFunc(slices.Clone(d.Conditions), func(c conditionView) bool { return c.Outcome == "yes" })
}

// Met are the conditions that are met.
func (d personDecision) Met() []conditionView {
	return slices.DeleteFunc(slices.Clone(d.Conditions), func(c conditionView) bool { return c.Outcome != "yes" })
}

// conditionView is one condition of the law with the fact it met.
type conditionView struct {
	Outcome string // yes, no or unknown
	Name    text.Bilingual
	Because text.Bilingual // the fact, in words
	Basis   text.Bilingual // act and article
	Source  *sourceView
	Change  text.Bilingual // what would change it
	Reading *readingView   // the law is open here
}

// readingView is a question that the law leaves open.
type readingView struct {
	Question, Chosen text.Bilingual
	Confirmed        bool
}

// componentRow is how an amount came about: persons times rate.
type componentRow struct {
	Name    text.Bilingual
	Persons int
	Rate    money.Amount
	Total   money.Amount
	Payee   string
}

// heldRow is an amount that is due and waits.
type heldRow struct {
	Name   text.Bilingual
	Amount money.Amount
	Reason text.Bilingual
	Remedy text.Bilingual
}

// letterView is the notice of a decision on A4.
type letterView struct {
	decisionView
	Ministry, Office text.Bilingual
	Number           string
	Today            calendar.Date
	Words            text.Bilingual // the amount in words
	Greeting         string
	AppealUntil      calendar.Date
	Act              text.Bilingual
	Notices          []text.Bilingual // the programme's own words for the outcomes
}

var (
	showDecision = page[decisionView]("policy/decision")
	showLetter   = page[letterView]("policy/letter")
)
