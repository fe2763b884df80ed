package web

import (
	"sanad/delivery/coordination/review"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/text"
)

// deskView answers "what waits for me, and what comes next?".
type deskView struct {
	Waits   review.Waits
	Empty   bool // the next pair was asked for, and there is none
	Next    form
	Readers []readerOfPairs
}

// readerOfPairs is how one reviewer reads.
type readerOfPairs struct {
	Name      text.Bilingual
	Readings  int64
	Same      int64
	Different int64
	Unsure    int64
	Seconds   int64 // the middle one
	Compared  int64
	Agreed    int // in thousandths of what was compared
	Undone    int64
}

// pairView answers "is this one human?".
type pairView struct {
	A, B     pairSide
	Rows     []pairRow
	Steps    []pairStep
	Odds     int // in thousandths; 0 where no search found the pair
	Touches  bool
	Waiting  bool // somebody read it, and a second must
	Disputed bool
	Asked    string // the document a branch was asked for
	Answer   string // of the branch
	Told     bool
	Direct   bool // a link of the two stands
	Linked   bool // they are one, maybe through others
	Undo     string
	Cluster  string
	Later    form
	Form     form
}

// pairSide is one record's file.
type pairSide struct {
	Href, File, Name string
	Person           id.ID
	Area             text.Bilingual
	Members          []memberRow
	Payments         []paymentRow
	Due              money.Amount
	Apart            bool
}

// pairRow is one fact of both records.
type pairRow struct {
	Term  any
	A, B  pairCell
	State pill
}

// pairCell is one record's fact: letters to compare, or a value.
type pairCell struct {
	Letters []letters
	Fact    *factView
}

// pairStep is one bar of the waterfall: where it begins and ends, in hundredths
// of the picture.
type pairStep struct {
	Term     text.Key
	Name     string // where the catalogue has no word for the comparison
	Level    text.Key
	X, Width int
	Against  bool
	Total    bool
	Bits     string
}

// clusterView shows all records that may be one human.
type clusterView struct {
	Groups []clusterGroup
	Bonds  []clusterBond
	Graph  graph
	Split  bool // contradictions keep the groups apart
}

type clusterGroup struct{ Members []clusterMember }

type clusterMember struct {
	Number           int
	Href, Name, File string
	National         string
	Area             text.Bilingual
}

type clusterBond struct {
	A, B  int
	State pill
	Odds  int
	Href  string
}

// undoView closes a link, or ends what goes on beside it.
type undoView struct {
	A, B   pairSide
	Form   form
	Settle []settleForm
}

type settleForm struct {
	Side pairSide
	Form form
}

var (
	showDesk    = page[deskView]("matching/review")
	showPair    = page[pairView]("matching/pair")
	showCluster = page[clusterView]("matching/cluster")
	showUndo    = page[undoView]("matching/undo")
)

func judgeForm(action, command string, touches bool, a, b option) form {
	same := option{Value: string(review.Same), Key: review.Same.Key(), Hint: "review.same_hint"}
	if touches {
		same.Hint = "review.same_paid_hint"
	}
	return form{Action: action, Submit: "review.judge", Fields: []field{
		{Name: "command", Kind: "hidden", Value: command},
		{Name: "verdict", Kind: "choice", Label: "review.what", Options: []option{same,
			{Value: string(review.Different), Key: review.Different.Key(), Hint: "review.different_hint"},
			{Value: string(review.Unsure), Key: review.Unsure.Key(), Hint: "review.unsure_hint"}}},
		{Name: "reason", Kind: "textarea", Label: "review.why", Hint: "review.why_hint"},
		{Kind: "more", Label: "review.document_more"},
		{Name: "document", Kind: "text", Label: "review.document", Hint: "review.document_hint"},
		{Name: "ask", Kind: "choice", Label: "review.ask", Options: []option{a, b}},
		{Kind: "end"},
	}}
}

func undoForm(action, command string) form {
	return form{Action: action, Submit: "review.undo", Danger: true, Fields: []field{
		{Name: "command", Kind: "hidden", Value: command},
		{Name: "reason", Kind: "textarea", Label: "review.why", Hint: "review.undo_hint"},
		{Name: "different", Kind: "checkbox", Label: "review.never_again", Hint: "review.different_hint"},
	}}
}

func settleFormOf(action, command string) form {
	return form{Action: action, Submit: "review.settle", Danger: true, Fields: []field{
		{Name: "command", Kind: "hidden", Value: command},
		{Name: "reason", Kind: "textarea", Label: "review.why", Hint: "review.settle_hint"},
		{Name: "noticed", Kind: "date", Label: "review.noticed"},
		{Name: "answer_by", Kind: "date", Label: "review.answer_by"},
	}}
}

// ringsView lists what a supervisor is asked about.
type ringsView struct {
	Rings []ringRow
	Open  int
	Find  *form // for who may search again
	Found int   // of the search just made
	Done  bool
}

type ringRow struct {
	Href     string
	Kind     text.Key
	Area     text.Bilingual
	Families int
	Homes    int
	State    pill
}

// ringView is one question with its evidence.
type ringView struct {
	Kind     text.Key
	Why      text.Key
	Args     []any
	Families int
	Homes    []ringHome
	Graph    graph
	Grown    bool
	Answer   text.Key
	Reason   string
	By       text.Bilingual
	Form     form
}

type ringHome struct {
	Number           int
	Href, Name, File string
	Area             text.Bilingual
	Members          int
	Day              calendar.Date
}

var (
	showRings = page[ringsView]("monitoring/rings")
	showRing  = page[ringView]("monitoring/ring")
)

func ringForm(action, command string) form {
	return form{Action: action, Submit: "rings.say", Fields: []field{
		{Name: "command", Kind: "hidden", Value: command},
		{Name: "answer", Kind: "choice", Label: "rings.answer", Options: []option{
			{Value: "explained", Key: "rings.answer_explained", Hint: "rings.explained_hint"},
			{Value: "visit", Key: "rings.answer_visit", Hint: "rings.visit_hint"},
			{Value: "referred", Key: "rings.answer_referred", Hint: "rings.referred_hint"}}},
		{Name: "reason", Kind: "textarea", Label: "rings.found_out", Hint: "rings.found_out_hint"},
	}}
}

// graph is a small drawing of points and lines, in a square of a thousand.
type graph struct {
	Points []graphPoint
	Lines  []graphLine
}

type graphPoint struct {
	X, Y   int
	Label  string
	Centre bool
}

type graphLine struct {
	X1, Y1, X2, Y2 int
	Kind           string // linked, alike, apart
}
