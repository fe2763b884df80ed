package web

import (
	"slices"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/money"
	"sanad/platform/text"
)

// householdView answers "who is this family and where do they stand?".
type householdView struct {
	householdHead
	Rows      [][]kin // the family as a tree, elders first
	Ended     bool    // somebody in it has died or a marriage has ended
	Members   []memberRow
	Facts     []factView
	Decisions []decisionRow
	Payments  []paymentRow
	Timeline  []happening
	Readers   []readerRow
}

// householdHead is the head of each page of one household.
type householdHead struct {
	Href   string // address of the household
	Name   string
	File   string
	Area   text.Bilingual
	Count  int
	States []pill
	Tab    string // file, people, decisions, payments, classification or readers
	MayReg bool
	offers func(pattern string) bool // which sections this site serves; nil: all
}

// Tabs lists the sections of a file that the site serves.
func (h householdHead) Tabs() []tab {
	tabs := []tab{
		{h.Href, "web.tab_file", h.Tab == "file"},
		{h.Href + "/people", "web.tab_people", h.Tab == "people"},
		{h.Href + "/decisions", "web.tab_decisions", h.Tab == "decisions"},
		{h.Href + "/payments", "web.tab_payments", h.Tab == "payments"},
		{h.Href + "/classification", "web.tab_classification", h.Tab == "classification"},
		{h.Href + "/account", "web.tab_account", h.Tab == "account"},
		{h.Href + "/readers", "web.tab_readers", h.Tab == "readers"},
	}
	return slices.DeleteFunc(tabs, func(t tab) bool {
		return h.offers != nil && !h.offers("GET /households/{household}"+strings.TrimPrefix(t.Href, h.Href))
	})
}

// tab is one section of a file.
type tab struct {
	Href    string
	Title   text.Key
	Current bool
}

// kin is one person in the family tree.
type kin struct {
	Href  string
	Name  string
	Bond  text.Key // who she is to the head
	Note  string   // year of birth or age
	Head  bool
	Gone  bool // died, or left the household
	State *pill
	Ended bool // the marriage to the person before has ended
	Bound bool // married to the person before in the row
}

// memberRow is one person in the list of the family.
type memberRow struct {
	Href    string
	Name    string
	Bond    text.Key
	Number  string
	Birth   calendar.Date
	Marital text.Key
	State   pill
}

// factView is one thing that is known, and how.
type factView struct {
	Term    any            // the program's key, or the country's words
	Text    string         // words or a number that people typed
	Key     text.Key       // a value of a list
	Both    text.Bilingual // a value of a list of the country
	Args    []any          // of Key
	Date    calendar.Date  // a date
	Number  string         // a national number
	Code    string         // phone, account
	Amount  *money.Amount
	Unit    text.Bilingual
	Since   calendar.Date
	Unknown text.Key // why it is not known
	Source  sourceView
	Correct string // where a correction can be asked for
}

// sourceView says how something is known: stated, documented, confirmed or unknown.
type sourceView struct {
	Kind string
	Key  text.Key
	Args []any
	Date calendar.Date
}

// Icon is the sign of the source: ring, sheet, seal, question mark.
func (s sourceView) Icon() string {
	switch s.Kind {
	case "documented":
		return "sheet"
	case "confirmed":
		return "seal"
	case "unknown":
		return "help"
	}
	return "ring"
}

// decisionRow is one decision in force.
type decisionRow struct {
	Href      string
	Programme text.Bilingual
	Month     calendar.Date
	Component text.Bilingual
	Persons   int
	Amount    money.Amount
	State     pill
}

// paymentRow is one line of a list for this household.
type paymentRow struct {
	Quarter   calendar.Quarter
	Component text.Bilingual
	Payee     string
	Amount    money.Amount
	State     pill
	Reason    text.Bilingual
}

// happening is one entry of the timeline.
type happening struct {
	Date calendar.Date
	Kind string // pay, decision, case, complaint, or empty
	Icon string
	Key  text.Key
	Args []any
	Note string
	Href string
}

// readerRow is one look into the file.
type readerRow struct {
	Name    text.Bilingual
	Purpose string
	Date    calendar.Date
	Clock   string
}

// memberView is one person: what is known of her, and who she lives with.
type memberView struct {
	householdHead
	Person string
	Bond   text.Key
	Facts  []factView
	Events []eventLink
	Others []otherRow // the same human's other records
}

// correctionView asks for a correction of one fact.
type correctionView struct {
	householdHead
	Person   string // whose fact it is, if a person's
	Makes    bool   // this reader mends it; else the branch is asked
	Fact     factView
	Form     form
	Possible possibleView // who the member may be, with the right value
}

var (
	showHousehold  = page[householdView]("registry/household")
	showMembers    = page[householdView]("registry/people")
	showDecisions  = page[householdView]("registry/decisions")
	showPayments   = page[householdView]("registry/payments")
	showReaders    = page[householdView]("registry/readers")
	showMember     = page[memberView]("registry/member")
	showCorrection = page[correctionView]("registry/correction")
)

// correctionForm asks what is right, and of who mends it herself how that is
// known.
func correctionForm(action, back string, makes bool) form {
	f := form{Action: action, Back: back, Submit: "web.correction_submit", Fields: []field{
		{Name: "command", Kind: "hidden"}, {Name: "version", Kind: "hidden"}, {Name: "person", Kind: "hidden"}, {Name: "fact", Kind: "hidden"}, {Name: "task", Kind: "hidden"}, {Name: "seen", Kind: "hidden"},
		{Name: "right", Kind: "text", Label: "web.correction_right", Hint: "web.correction_right_hint"},
	}}
	if makes {
		f.Submit = "web.correction_make"
		f.Fields = append(f.Fields,
			field{Name: "remove", Kind: "checkbox", Label: "web.correction_remove", Hint: "web.correction_remove_hint"},
			field{Name: "source", Kind: "choice", Label: "web.source_question", Options: sourceOptions()},
			field{Name: "document", Kind: "text", Label: "web.document", Hint: "web.document_hint"})
	}
	f.Fields = append(f.Fields, field{Name: "reason", Kind: "textarea", Label: "web.correction_reason", Hint: "web.correction_reason_hint"})
	return f
}

func sourceOptions() []option {
	return []option{{Value: "stated", Key: "web.source_stated", Icon: "ring"}, {Value: "documented", Key: "web.source_documented", Icon: "sheet"}}
}
