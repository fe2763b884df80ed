package web

import (
	"sanad/platform/text"
)

// registerView is one step of the registration of a family.
type registerView struct {
	Step     int // from 1
	Steps    []stepView
	Form     form
	Kept     string       // when the draft was last kept: hours and minutes
	Draft    string       // its address
	Possible possibleView // who may be the same as the one written down
	Looks    bool         // this step looks for them
	Review   []reviewGroup
	Members  []memberRow
}

// stepView is one step in the chain above the form.
type stepView struct {
	Href  string
	Title text.Key
	State string // done, now or empty
}

// Title is the name of the present step.
func (v registerView) Title() text.Key { return v.Steps[v.Step-1].Title }

// reviewGroup is what was said in one step, to be read once more.
type reviewGroup struct {
	Title text.Key
	Href  string
	Facts []factView
}

// receiptView is what the family takes home: that it was registered, and the
// hash by which anybody can prove it.
type receiptView struct {
	Ministry, Office text.Bilingual
	File             string
	Head             string
	Members          []memberRow
	Clerk            string
	Day              string
	Clock            string
	Entry            string // position in the journal
	Hash             []string
	Href             string // of the household
}

var (
	showRegister = page[registerView]("registry/register")
	showReview   = page[registerView]("registry/review")
	showReceipt  = page[receiptView]("registry/receipt")
)

// registerSteps are the steps of a registration, in order.
var registerSteps = []struct {
	name  string
	title text.Key
}{
	{"place", "web.step_place"}, {"head", "web.step_head"}, {"members", "web.step_members"},
	{"account", "web.step_account"}, {"review", "web.step_review"},
}

// steps draws the chain with one step as the present one.
func steps(base string, now int) []stepView {
	var chain []stepView
	for i, s := range registerSteps {
		v := stepView{Title: s.title}
		switch {
		case i+1 < now:
			v.State, v.Href = "done", base+"/"+s.name
		case i+1 == now:
			v.State = "now"
		}
		chain = append(chain, v)
	}
	return chain
}
