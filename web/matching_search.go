package web

import (
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/text"
)

// searchView answers "is this person known?". It never lists all people: without
// a question there is no answer.
type searchView struct {
	Query   string
	Birth   string
	Mother  string
	Place   string
	Places  []option // where this reader may look
	Asked   []string // the spellings that were looked for
	Results []searchRow
	More    bool // there are more than are shown: narrow the question
	MayReg  bool
	MayAll  bool // this reader may ask the other branches too
	All     bool // and did
	Refused *fault.Fault
}

// searchRow is one person found. A person outside the reader's area shows name
// and branch only, and a way to state the purpose.
type searchRow struct {
	Href    string
	Name    string
	Parts   []namePart // the name with what matched; none where a number was asked for
	Why     []whyRow   // what matched in another way than letter by letter
	Others  []otherRow // linked records of the same human
	Number  string
	Birth   calendar.Date
	Mother  string
	Area    text.Bilingual
	File    string
	State   pill
	Outside bool
	Person  id.ID
}

// namePart is one part of a found name.
type namePart struct {
	Text string
	Hit  bool
}

// whyRow says how one part of the question was found.
type whyRow struct {
	Key   text.Key
	Asked string
	Found string
}

// otherRow is another record of the same human.
type otherRow struct {
	Href string
	File string
	Area text.Bilingual
}

// purposeView asks why a file outside one's area must be read.
type purposeView struct {
	Area text.Bilingual
	Form form
}

var (
	showSearch  = page[searchView]("matching/search")
	showPurpose = page[purposeView]("matching/purpose")
)

func purposeForm(action string) form {
	return form{Action: action, Submit: "web.purpose_submit", Fields: []field{
		{Name: "purpose", Kind: "choice", Label: "web.purpose", Options: []option{
			{Value: "counter", Key: "web.purpose_counter"}, {Value: "moved", Key: "web.purpose_moved"},
			{Value: "duplicate", Key: "web.purpose_duplicate"}, {Value: "other", Key: "web.purpose_other"}}},
		{Name: "words", Kind: "textarea", Label: "web.purpose_words", Hint: "web.purpose_words_hint"},
	}}
}
