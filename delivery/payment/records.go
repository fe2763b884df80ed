package payment

import (
	"strings"

	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
)

var (
	lists = &store.Table{Name: "payment_lists", Class: store.Projected, Key: []string{"list"}, Version: "version",
		Columns: []string{"list", "version", "programme", "quarter", "category", "number", "months", "state", "prepared", "preparer",
			"lines", "transfers", "total", "held", "held_total", "before", "gone", "unreasoned", "two_signatures", "lines_digest", "gone_digest",
			"signer", "approver", "approved", "exporter", "exported", "file_digest", "returned", "returned_total", "returns_digest",
			"closer", "closed", "remark", "title_ar", "title_en", "since", "components", "seal"}}
	lines = &store.Table{Name: "payment_lines", Class: store.Projected, Key: []string{"list", "serial"},
		Columns: []string{"list", "serial", "programme", "household", "branch", "file", "person", "component", "month", "amount",
			"payee", "payee_household", "payee_name", "account", "bank", "transfer", "cause", "seal", "live",
			"part", "withheld", "proposal"}}
	held = &store.Table{Name: "payment_held", Class: store.Projected, Key: []string{"list", "serial"},
		Columns: []string{"list", "serial", "programme", "household", "branch", "file", "person", "component", "month", "amount", "payee", "reason"}}
	gone = &store.Table{Name: "payment_gone", Class: store.Projected, Key: []string{"list", "person", "component"},
		Columns: []string{"list", "person", "component", "household", "branch", "file", "name", "amount", "reason", "words", "author"}}
	returns = &store.Table{Name: "payment_returns", Class: store.Projected, Key: []string{"list", "transfer"},
		Columns: []string{"list", "transfer", "outcome", "reason", "day", "amount", "first", "last", "taken"}}
)

// chunk is how many lines share an entry of the journal.
const chunk = 5000

// Step is one step of a list's way; it becomes the kind of its journal entry,
// "payment." before it.
type Step string

// The steps.
const (
	StepPrepare  Step = "prepared"
	StepReason   Step = "reason_counted" // a vanished person's reason was written
	StepSign     Step = "signed"         // the first of two signatures
	StepApprove  Step = "approved"
	StepExport   Step = "exported"
	StepAnswer   Step = "answered"
	StepClose    Step = "closed"
	StepWithdraw Step = "withdrawn"
)

var steps = []Step{StepPrepare, StepReason, StepSign, StepApprove, StepExport, StepAnswer, StepClose, StepWithdraw}

// Stepped is the one event by which a list's own row changes; it carries the
// row as it stands afterwards.
type Stepped struct {
	Step Step `cbor:"1,keyasint"`
	List List `cbor:"2,keyasint"`
}

// Kind is "payment." and the step.
func (s Stepped) Kind() journal.Kind {
	return journal.Kind{Name: "payment." + string(s.Step), Version: 1}
}

// About puts it in the diwan's stream.
func (s Stepped) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: s.List.ID}
}

// Apply writes the list's row. A withdrawn list's lines go, so that another
// list may pay them; the journal keeps them.
func (s Stepped) Apply(w *store.Writer) error {
	if s.Step == StepPrepare {
		return w.Insert(lists, s.List.values()...)
	}
	values := s.List.values()
	var set []any
	for i, column := range lists.Columns[1:] {
		set = append(set, column, values[i+1])
	}
	if err := w.Update(lists, []any{s.List.ID}, set...); err != nil || s.Step != StepWithdraw {
		return err
	}
	for serial := range s.List.Lines {
		if err := w.Delete(lines, s.List.ID, serial+1); err != nil {
			return err
		}
	}
	for serial := range s.List.Held {
		if err := w.Delete(held, s.List.ID, serial+1); err != nil {
			return err
		}
	}
	return nil
}

// values are the list's columns, in the order of the table.
func (l List) values() []any {
	return []any{l.ID, l.Version, l.Programme, int64(l.Quarter), l.Category, l.Number, l.Months, string(l.State), l.PreparedAt, l.Preparer,
		l.Lines, l.Transfers, l.Total, l.Held, l.HeldTotal, l.Before, l.Gone, l.Unreasoned, l.TwoSignatures, l.LinesDigest, l.GoneDigest,
		l.Signer, l.Approver, l.ApprovedAt, l.Exporter, l.ExportedAt, blob(l.FileDigest), l.Returned, l.ReturnedTotal, blob(l.ReturnsDigest),
		l.Closer, l.ClosedAt, l.Remark, l.Title.Arabic, l.Title.English, int64(l.Since), strings.Join(l.Components, ","), blob(l.Seal)}
}

// blob is never NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// LinesFrozen brings some of a list's lines, in their order.
type LinesFrozen struct {
	List      id.ID  `cbor:"1,keyasint"`
	Programme string `cbor:"2,keyasint"`
	Lines     []Line `cbor:"3,keyasint"`
}

// Kind is "payment.lines".
func (LinesFrozen) Kind() journal.Kind { return journal.Kind{Name: "payment.lines", Version: 1} }

// About puts it in the diwan's stream.
func (e LinesFrozen) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: e.List}
}

// Apply adds the lines.
func (e LinesFrozen) Apply(w *store.Writer) error {
	for i := range e.Lines {
		l := &e.Lines[i]
		if err := w.Insert(lines, e.List, l.Serial, e.Programme, l.Household, l.Branch, l.File, l.Person, l.Component, int64(l.Month), l.Amount,
			l.Payee, l.PayeeHousehold, l.PayeeName, l.Account, l.Bank, l.Transfer, string(l.Cause), l.Seal, true,
			l.Part, l.Withheld, l.Proposal); err != nil {
			return err
		}
	}
	return nil
}

// LinesHeld brings some of the lines that are due and cannot be paid yet.
type LinesHeld struct {
	List      id.ID  `cbor:"1,keyasint"`
	Programme string `cbor:"2,keyasint"`
	Held      []Held `cbor:"3,keyasint"`
}

// Kind is "payment.held".
func (LinesHeld) Kind() journal.Kind { return journal.Kind{Name: "payment.held", Version: 1} }

// About puts it in the diwan's stream.
func (e LinesHeld) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: e.List}
}

// Apply adds the held lines.
func (e LinesHeld) Apply(w *store.Writer) error {
	for i := range e.Held {
		h := &e.Held[i]
		if err := w.Insert(held, e.List, h.Serial, e.Programme, h.Household, h.Branch, h.File, h.Person, h.Component, int64(h.Month), h.Amount,
			h.Payee, h.Reason); err != nil {
			return err
		}
	}
	return nil
}

// PersonsGone brings some of the persons who were paid before and are not now.
type PersonsGone struct {
	List id.ID  `cbor:"1,keyasint"`
	Gone []Gone `cbor:"2,keyasint"`
}

// Kind is "payment.gone".
func (PersonsGone) Kind() journal.Kind { return journal.Kind{Name: "payment.gone", Version: 1} }

// About puts it in the diwan's stream.
func (e PersonsGone) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: e.List}
}

// Apply adds them.
func (e PersonsGone) Apply(w *store.Writer) error {
	for _, g := range e.Gone {
		if err := w.Insert(gone, e.List, g.Person, g.Component, g.Household, g.Branch, g.File, g.Name, g.Amount, g.Reason, g.Words, g.Author); err != nil {
			return err
		}
	}
	return nil
}

// ReasonGiven is a person's own word on why somebody is not paid any more.
type ReasonGiven struct {
	List      id.ID  `cbor:"1,keyasint"`
	Person    id.ID  `cbor:"2,keyasint"`
	Component string `cbor:"3,keyasint"`
	Words     string `cbor:"4,keyasint"`
	Author    id.ID  `cbor:"5,keyasint"`
}

// Kind is "payment.reason_given".
func (ReasonGiven) Kind() journal.Kind { return journal.Kind{Name: "payment.reason_given", Version: 1} }

// About puts it in the diwan's stream.
func (e ReasonGiven) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: e.List}
}

// Apply keeps the words.
func (e ReasonGiven) Apply(w *store.Writer) error {
	return w.Update(gone, []any{e.List, e.Person, e.Component}, "words", e.Words, "author", e.Author)
}

// Returned is a bank's answer on one transfer, with the lines it concerns.
type Returned struct {
	Transfer int64        `cbor:"1,keyasint"`
	Outcome  Outcome      `cbor:"2,keyasint"`
	Reason   string       `cbor:"3,keyasint,omitempty"`
	Day      int64        `cbor:"4,keyasint"`
	Amount   money.Amount `cbor:"5,keyasint"`
	First    int64        `cbor:"6,keyasint"`
	Last     int64        `cbor:"7,keyasint"`
	Taken    int64        `cbor:"8,keyasint"`
}

// ReturnsTaken brings some of a bank's answers.
type ReturnsTaken struct {
	List    id.ID      `cbor:"1,keyasint"`
	Returns []Returned `cbor:"2,keyasint"`
}

// Kind is "payment.returns".
func (ReturnsTaken) Kind() journal.Kind { return journal.Kind{Name: "payment.returns", Version: 1} }

// About puts it in the diwan's stream.
func (e ReturnsTaken) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: e.List}
}

// Apply keeps the answers; lines that came back are free for a supplement.
func (e ReturnsTaken) Apply(w *store.Writer) error {
	for _, r := range e.Returns {
		if err := w.Put(returns, e.List, r.Transfer, string(r.Outcome), r.Reason, r.Day, r.Amount, r.First, r.Last, r.Taken); err != nil {
			return err
		}
		if r.Outcome != CameBack {
			continue
		}
		for serial := r.First; serial <= r.Last; serial++ {
			if err := w.Update(lines, []any{e.List, serial}, "live", false); err != nil {
				return err
			}
		}
	}
	return nil
}
