package web

import (
	"sanad/platform/calendar"
	"sanad/platform/money"
	"sanad/platform/text"
)

// listsView shows the lists of each quarter, and can prepare the next.
type listsView struct {
	Lists   []listRow
	Prepare *form
}

// listRow is one payment list.
type listRow struct {
	Href      string
	Number    string
	Programme text.Bilingual
	Category  text.Key
	Quarter   calendar.Quarter
	Lines     int
	Total     money.Amount
	State     pill
	Cause     text.Key // of a supplement
}

// listView answers "may I sign this list?".
type listView struct {
	listRow
	Chain      []chainStep
	Preparer   string
	Prepared   calendar.Date
	Approver   string
	Approved   calendar.Date
	Persons    int
	Before     *money.Amount // total of the list before, nil for the first
	Change     *money.Amount
	Changes    []changeRow
	Gone       []goneRow
	GoneCount  int
	GonePager  *pager
	Unreasoned int // vanished payees without a reason: the list cannot be signed
	Checks     []checkRow
	Digest     string
	Sign       *form    // nil where this reader may not sign
	Locked     text.Key // why not
	Back       *form    // send back with a remark
	Export     *form
	Banks      []bankRow
	Returns    *form
	Close      *form
	Files      []fileRow        // what was made for the banks
	Signer     string           // the first of two
	Held       int              // lines that are due and cannot be paid yet
	HeldFor    []changeRow      // of these, for each reason
	HeldTotal  money.Amount     // of these
	Remark     string           // why it was withdrawn
	MayReason  bool             // this reader may write why somebody vanished
	Since      calendar.Quarter // the first quarter that a supplement repairs, where that is an earlier one
}

// fileRow is one file that can be taken.
type fileRow struct{ Href, Name string }

// chainStep is a stage of a list.
type chainStep struct {
	Title text.Key
	Note  string
	State string
}

// changeRow is a cause of change against the list before.
type changeRow struct {
	Cause   text.Bilingual
	Persons int
	Amount  money.Amount
	Href    string
}

// goneRow is a payee of the list before who is not in this one.
type goneRow struct {
	Href   string
	Name   string
	File   string
	Amount money.Amount
	Reason text.Bilingual // empty: no reason is known

	Person, Component string // to whom a reason is given
	Command           string // of the form for the reason
}

// checkRow is a guard before the signature.
type checkRow struct {
	Outcome string // yes, no or unknown
	Key     text.Key
	Args    []any
	Note    text.Key
	NoteArg []any
}

// bankRow leads to the schedule of one bank.
type bankRow struct {
	Href  string
	Name  text.Bilingual
	Lines int
	Total money.Amount
}

// scheduleView is the bank schedule (حافظة الصرف) on A4.
type scheduleView struct {
	listRow
	Ministry, Office text.Bilingual
	Bank             text.Bilingual
	Today            calendar.Date
	Lines            []scheduleLine
	Words            text.Bilingual
	Digest           string
	Preparer         string
	Approver         string
	Back             string
}

// scheduleLine is one payee on the schedule.
type scheduleLine struct {
	Serial  int
	Payee   string
	Account string
	File    string
	Amount  money.Amount
}

var (
	showLists    = page[listsView]("payment/lists")
	showList     = page[listView]("payment/list")
	showSchedule = page[scheduleView]("payment/schedule")
)

// signForm signs for the digest that stands on the page.
func signForm(digest string) form {
	return form{Action: "/approve", Submit: "web.list_sign", Fields: []field{
		{Name: "digest", Kind: "hidden", Value: digest},
		{Name: "read", Kind: "checkbox", Label: "web.list_read_changes", Hint: "web.list_read_changes_hint"},
	}}
}

func withdrawForm() form {
	return form{Action: "/withdraw", Submit: "web.list_send_back_submit", Danger: true, Fields: []field{{Name: "why", Kind: "textarea", Label: "web.list_send_back_reason"}}}
}

func returnsForm() form {
	return form{Action: "/returns", Submit: "web.list_returns_submit", Upload: true, Fields: []field{
		{Name: "returns", Kind: "file", Label: "web.list_returns_file", Hint: "web.list_returns_hint", Accept: ".csv"}}}
}
