package api

import (
	"sanad/delivery/coordination/review"
	"sanad/delivery/monitoring/rings"
	"sanad/platform/access"
	"sanad/platform/id"
	"sanad/platform/store"
)

func reviewEndpoints(d *door) {
	does(d, endpoint{name: "nextPair", at: "POST /review/next", says: "Hand out the next pair of records that may be one human", need: access.LinkIdentity,
		more: "The pair lies before the caller alone for a quarter of an hour. found is false where nothing waits."}, nextPair)
	does(d, endpoint{name: "judgePair", at: "POST /review/verdicts", says: "Say of two records whether they are one human", need: access.LinkIdentity,
		more: "Where a payment stands for either record, the verdict \"same\" waits until another person comes to it too. No payment stops by a verdict."}, judgePair)
	does(d, endpoint{name: "undoLink", at: "POST /review/undo", says: "Undo the link between two records", need: access.LinkIdentity}, undoLink)
	asks(d, endpoint{name: "rings", at: "GET /rings", says: "What unrelated families share, as questions to a supervisor", need: access.JudgeRings}, ringList)
	does(d, endpoint{name: "answerRing", at: "POST /rings/{ring}/answer", says: "Say what was found of a ring; it changes nobody's right", need: access.JudgeRings}, answerRing)
}

// NextPair is the pair that was handed out.
type NextPair struct {
	Found bool  `json:"found"`
	A     id.ID `json:"a,omitzero"`
	B     id.ID `json:"b,omitzero"`
}

func nextPair(tx *store.Tx, _ *struct{}) (NextPair, error) {
	pair, found, err := review.Take(tx)
	return NextPair{found, pair.A, pair.B}, err
}

// Judged is what came of a reading.
type Judged struct {
	Review  id.ID          `json:"review"`
	State   review.State   `json:"state" enum:"waiting,standing,disputed,undone"`
	Verdict review.Verdict `json:"verdict" enum:"same,different,unsure"`
}

func judgePair(tx *store.Tx, in *struct{ Body review.Judgement }) (Judged, error) {
	r, err := review.Judge(tx, in.Body)
	return Judged{r.ID, r.State, r.Verdict()}, err
}

// Undoing names a link and why it goes.
type Undoing struct {
	A         id.ID  `json:"a"`
	B         id.ID  `json:"b"`
	Reason    string `json:"reason" minLength:"5"`
	Different bool   `json:"different,omitempty" doc:"They are two people: nobody is asked about them again."`
}

func undoLink(tx *store.Tx, in *struct{ Body Undoing }) (Nothing, error) {
	return Nothing{}, review.Undo(tx, in.Body.A, in.Body.B, in.Body.Reason, in.Body.Different)
}

// RingQuestion is what families share, and what was answered.
type RingQuestion struct {
	Ring       id.ID        `json:"ring"`
	Kind       rings.Kind   `json:"kind" enum:"account,phone,entry,pay_day"`
	Branch     string       `json:"branch" doc:"empty where there are several"`
	Families   int          `json:"families" doc:"that are not related"`
	Households int          `json:"households"`
	Open       bool         `json:"open"`
	Answer     rings.Answer `json:"answer,omitempty" enum:"explained,visit,referred"`
	Reason     string       `json:"reason,omitempty"`
}

func ringList(tx *store.Tx, _ *struct{}) ([]RingQuestion, error) {
	all, err := rings.Questions(tx)
	list := make([]RingQuestion, len(all))
	for i, q := range all {
		list[i] = RingQuestion{q.ID, q.Kind, q.Branch, q.Families, q.Count, q.Open(), q.Answer, q.Reason}
	}
	return list, err
}

// RingAnswer is what a supervisor found.
type RingAnswer struct {
	Answer rings.Answer `json:"answer" enum:"explained,visit,referred"`
	Reason string       `json:"reason" minLength:"5"`
}

func answerRing(tx *store.Tx, in *struct {
	Ring identifier `path:"ring"`
	Body RingAnswer
}) (Nothing, error) {
	return Nothing{}, rings.Say(tx, in.Ring.ID, in.Body.Answer, in.Body.Reason)
}
