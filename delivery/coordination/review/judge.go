package review

import (
	"slices"
	"strings"

	"sanad/delivery/matching"
	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// TaskDocument asks a branch for the paper by which two records can be told
// apart or be known for one.
const TaskDocument = "review_document"

// wordsMin is the least that says why, or names a document.
const wordsMin = 5

// Judgement is a reader's word on a pair.
type Judgement struct {
	A        id.ID   `json:"a"`
	B        id.ID   `json:"b"`
	Verdict  Verdict `json:"verdict" enum:"same,different,unsure"`
	Reason   string  `json:"reason" minLength:"5"`
	Document string  `json:"document,omitempty" doc:"With unsure: the paper that would tell."`
	Ask      id.ID   `json:"ask,omitzero" doc:"With unsure: the record whose branch is asked; a where it is left out."`
}

// check finds what is missing in a judgement.
func (j *Judgement) check() error {
	j.Reason, j.Document = strings.TrimSpace(j.Reason), strings.TrimSpace(j.Document)
	switch {
	case j.A == j.B:
		return fault.Invalid("matching.same_record")
	case !slices.Contains(Verdicts, j.Verdict):
		return fault.Invalid("review.verdict_needed").At("verdict")
	case len([]rune(j.Reason)) < wordsMin:
		return fault.Invalid("matching.reason_needed").At("reason")
	case j.Verdict == Unsure && len([]rune(j.Document)) < wordsMin:
		return fault.Invalid("review.document_needed").At("document")
	case j.Ask.IsZero():
		j.Ask = j.A
	case j.Ask != j.A && j.Ask != j.B:
		return fault.Invalid("review.ask_one_of_them").At("ask")
	}
	return nil
}

// Judge records a reader's word. Where an earlier reading waits for a second it
// is that: see the package comment. It needs access.LinkIdentity over the country;
// its faults are those of the judgement, "review.with_another" while the pair lies
// before somebody else, "access.same_person" where the actor read it before,
// "matching.told_apart" and "matching.linked_already".
func Judge(tx *store.Tx, j Judgement) (Review, error) {
	if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
		return Review{}, err
	}
	if err := j.check(); err != nil {
		return Review{}, err
	}
	a, b := inOrder(j.A, j.B)
	taken, err := heldSince(tx, a, b)
	if err != nil {
		return Review{}, err
	}
	reading := Reading{Reader: tx.Actor, Verdict: j.Verdict, Reason: j.Reason, At: tx.Now.UnixMicro()}
	if taken > 0 {
		reading.Took = (reading.At - taken) / 1000
	}
	before, found, err := lastOf(tx, a, b)
	if err != nil {
		return Review{}, err
	}
	if found && (before.State == Waiting || before.State == Disputed) {
		return again(tx, before, reading)
	}
	match, _, err := matching.MatchOf(tx, a, b)
	if err != nil {
		return Review{}, err
	}
	r := Review{ID: tx.NewID(), A: a, B: b, State: Standing, Probability: match.Probability, Readings: []Reading{reading}}
	if err := r.begin(tx, j); err != nil {
		return Review{}, err
	}
	return r, r.keep(tx, StepRead)
}

// begin does what a first reading does.
func (r *Review) begin(tx *store.Tx, j Judgement) error {
	switch j.Verdict {
	case Different:
		return matching.Distinguish(tx, r.A, r.B, j.Reason)
	case Unsure:
		return r.ask(tx, j)
	}
	paid, err := Paid(tx, r.A, r.B)
	if err != nil {
		return err
	}
	if len(paid) > 0 {
		r.State = Waiting
		return nil
	}
	return matching.LinkKeeping(tx, r.A, r.B, j.Reason, nil)
}

// ask puts the question for a paper before the branch of one of the records.
func (r *Review) ask(tx *store.Tx, j Judgement) error {
	here, err := sideOf(tx, j.Ask)
	if err != nil {
		return err
	}
	other := r.A
	if j.Ask == r.A {
		other = r.B
	}
	there, err := sideOf(tx, other)
	if err != nil {
		return err
	}
	t := registry.Ask(here.Household, here.Branch, TaskDocument, here.Person, "", "name", here.Name, "document", j.Document,
		"branch", there.Branch, "file", there.File, "review", r.ID.String())
	r.Document, r.Task = j.Document, t.ID
	return registry.AskBranch(tx, t)
}

// again is a further reading of a pair that touches a payment. The same answer
// links; another makes it disputed, and then a third reader decides.
func again(tx *store.Tx, r Review, reading Reading) (Review, error) {
	for _, o := range r.Readings {
		if err := access.RequireAnother(tx, o.Reader); err != nil {
			return Review{}, err
		}
	}
	third := r.State == Disputed
	r.Readings, r.State = append(r.Readings, reading), Disputed
	var err error
	switch {
	case reading.Verdict == Same:
		r.State = Standing
		err = r.link(tx)
	case reading.Verdict == Different && third:
		r.State = Standing
		err = matching.Distinguish(tx, r.A, r.B, reading.Reason)
	}
	if err != nil {
		return Review{}, err
	}
	return r, r.keep(tx, StepAgain)
}

// link joins the two records; whatever is paid by them goes on.
func (r *Review) link(tx *store.Tx) error {
	paid, err := Paid(tx, r.A, r.B)
	if err != nil {
		return err
	}
	return matching.LinkKeeping(tx, r.A, r.B, r.Readings[len(r.Readings)-1].Reason, paid)
}

// keep records the review, clears the desk, and takes the pair out of what the
// search found where it is settled.
func (r *Review) keep(tx *store.Tx, step Step) error {
	if err := tx.Local().Delete(leases, r.A, r.B); err != nil {
		return err
	}
	if r.State == Standing && r.Verdict() != Unsure {
		if err := matching.DropMatches(tx, []matching.Match{{A: r.A, B: r.B}}); err != nil {
			return err
		}
	}
	return journal.Record(tx, Stepped{step, *r})
}

// Undo closes the link between two records that were taken for one human: all is
// again as if it had never stood. With different it is remembered for ever that
// they are two. It needs access.LinkIdentity over the country; its faults are
// "matching.no_link" and "matching.reason_needed".
func Undo(tx *store.Tx, a, b id.ID, reason string, different bool) error {
	if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
		return err
	}
	if len([]rune(strings.TrimSpace(reason))) < wordsMin {
		return fault.Invalid("matching.reason_needed").At("reason")
	}
	if err := matching.Unlink(tx, a, b, reason); err != nil {
		return err
	}
	last, found, err := lastOf(tx, a, b)
	if err == nil && found && last.State == Standing && last.Verdict() == Same {
		last.State = Undone
		err = journal.Record(tx, Stepped{StepUndo, last})
	}
	if err == nil && different {
		err = matching.Distinguish(tx, a, b, reason)
	}
	return err
}

// Paid returns the records among two and those linked to them for which a payment
// stands: a line of this quarter's list or of the one before, or something due in
// the last month that was decided. It reveals identifiers only.
func Paid(tx *store.Tx, a, b id.ID) ([]id.ID, error) {
	if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
		return nil, err
	}
	records := []id.ID{a, b}
	for _, one := range []id.ID{a, b} {
		others, err := matching.SameAs(tx, one)
		if err != nil {
			return nil, err
		}
		for _, o := range others {
			if !slices.Contains(records, o) {
				records = append(records, o)
			}
		}
	}
	stakes, err := payment.Stakes(tx, records, recent(tx))
	if err != nil {
		return nil, err
	}
	due, err := policy.DueLast(tx, records)
	paid := slices.DeleteFunc(records, func(r id.ID) bool { return stakes[r] == 0 && due[r] == 0 })
	slices.SortFunc(paid, id.ID.Compare)
	return paid, err
}
