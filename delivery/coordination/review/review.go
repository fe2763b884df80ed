// Package review is where people look at records that may be one human and say
// so: the same, different, or that a paper is needed to tell. A family's record is
// never joined to another's by a machine's guess, and no payment ends by a
// reviewer's word alone.
//
// Pairs come from the search for duplicates (matching.Match), the dearest first,
// and nobody else is handed a pair that lies before a reviewer. "Different" is
// remembered for ever. "Cannot tell" asks a branch for a named document, and the
// pair comes back with the answer. "The same" is a link (matching.LinkKeeping),
// which moves no row and can be undone; where a payment stands for either record
// a second person must read the pair and come to the same answer first.
package review

import (
	"slices"

	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

// Verdict is what a reader says of a pair.
type Verdict string

// The verdicts.
const (
	Same      Verdict = "same"      // one human
	Different Verdict = "different" // two humans
	Unsure    Verdict = "unsure"    // a document is needed to tell
)

// Verdicts lists them all.
var Verdicts = []Verdict{Same, Different, Unsure}

// Key is the message that names the verdict.
func (v Verdict) Key() text.Key { return text.Key("review.verdict_" + string(v)) }

// State is how far a review has come.
type State string

// The states. Only a standing review has done anything.
const (
	Waiting  State = "waiting"  // a second person must read it: it touches a payment
	Standing State = "standing" // what it says holds
	Disputed State = "disputed" // the second came to another answer; a third decides
	Undone   State = "undone"   // the link was undone later
)

// Key is the message that names the state.
func (s State) Key() text.Key { return text.Key("review.state_" + string(s)) }

// Reading is one person's verdict, and why.
type Reading struct {
	_       struct{} `cbor:",toarray"`
	Reader  id.ID
	Verdict Verdict
	Reason  string // in the reader's words
	Took    int64  // milliseconds since the pair was handed out, 0 where it was not
	At      int64  // microseconds
}

// Review is what was said of two records.
type Review struct {
	ID          id.ID     `cbor:"1,keyasint"`
	A           id.ID     `cbor:"2,keyasint"` // the lower
	B           id.ID     `cbor:"3,keyasint"`
	State       State     `cbor:"4,keyasint"`
	Probability int64     `cbor:"5,keyasint"`           // the model's, in millionths; 0 where it found nothing
	Readings    []Reading `cbor:"6,keyasint"`           // in their order
	Document    string    `cbor:"7,keyasint,omitempty"` // what a branch is asked for
	Task        id.ID     `cbor:"8,keyasint"`           // by which it is asked; zero for none
}

// Verdict is what the last reader said.
func (r Review) Verdict() Verdict {
	if len(r.Readings) == 0 {
		return ""
	}
	return r.Readings[len(r.Readings)-1].Verdict
}

// ReadBy reports whether somebody read the pair in this review.
func (r Review) ReadBy(reader id.ID) bool {
	return slices.ContainsFunc(r.Readings, func(o Reading) bool { return o.Reader == reader })
}

var (
	reviews = &store.Table{Name: "reviews", Class: store.Projected, Key: []string{"review"},
		Columns: []string{"review", "a", "b", "state", "verdict", "probability", "document", "task", "at"}}
	readings = &store.Table{Name: "review_readings", Class: store.Projected, Key: []string{"review", "place"},
		Columns: []string{"review", "place", "reader", "verdict", "reason", "took", "at"}}
)

// Tables are the tables of this package.
var Tables = []*store.Table{reviews, readings, leases}

// Step is one step of a review's way; it becomes the kind of its journal entry,
// "review." before it.
type Step string

// The steps.
const (
	StepRead  Step = "read"
	StepAgain Step = "read_again"
	StepUndo  Step = "undone"
)

// Stepped says that a review came one step further; it carries the review as it
// stands afterwards.
type Stepped struct {
	Step   Step   `cbor:"1,keyasint"`
	Review Review `cbor:"2,keyasint"`
}

// Kinds are the events of this package.
var Kinds = []journal.Event{Stepped{Step: StepRead}, Stepped{Step: StepAgain}, Stepped{Step: StepUndo}}

// Kind is "review." and the step.
func (s Stepped) Kind() journal.Kind {
	return journal.Kind{Name: "review." + string(s.Step), Version: 1}
}

// About puts it into the diwan's stream.
func (s Stepped) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: s.Review.ID}
}

// Apply writes the review's row and its readings.
func (s Stepped) Apply(w *store.Writer) error {
	r := s.Review
	if err := w.Put(reviews, r.ID, r.A, r.B, string(r.State), string(r.Verdict()), r.Probability, r.Document, r.Task, r.Readings[0].At); err != nil {
		return err
	}
	for i, o := range r.Readings {
		if err := w.Put(readings, r.ID, i+1, o.Reader, string(o.Verdict), o.Reason, o.Took, o.At); err != nil {
			return err
		}
	}
	return nil
}

// find reads reviews with their readings.
func find(tx *store.Tx, condition string, args ...any) ([]Review, error) {
	var all []Review
	err := tx.Each(func(r *store.Row) error {
		v := Review{ID: r.ID(), A: r.ID(), B: r.ID(), State: State(r.Text()), Probability: r.Int(), Document: r.Text(), Task: r.ID()}
		o := Reading{Reader: r.ID(), Verdict: Verdict(r.Text()), Reason: r.Text(), Took: r.Int(), At: r.Int()}
		if n := len(all); n == 0 || all[n-1].ID != v.ID {
			all = append(all, v)
		}
		last := &all[len(all)-1]
		last.Readings = append(last.Readings, o)
		return r.Err()
	}, `SELECT r.review, r.a, r.b, r.state, r.probability, r.document, r.task, o.reader, o.verdict, o.reason, o.took, o.at
		FROM reviews r JOIN review_readings o ON o.review = r.review WHERE `+condition+" ORDER BY r.at, r.review, o.place", args...)
	return all, err
}

// lastOf is the latest review of a pair.
func lastOf(tx *store.Tx, a, b id.ID) (Review, bool, error) {
	a, b = inOrder(a, b)
	all, err := find(tx, "r.a = $1 AND r.b = $2", a, b)
	if err != nil || len(all) == 0 {
		return Review{}, false, err
	}
	return all[len(all)-1], true, nil
}

func inOrder(a, b id.ID) (id.ID, id.ID) {
	if a.Compare(b) > 0 {
		return b, a
	}
	return a, b
}
