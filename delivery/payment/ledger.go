package payment

import (
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
)

var ledger = &store.Table{Name: "ledger", Class: store.Projected, Key: []string{"programme", "person", "component", "month", "line"},
	Columns: []string{"programme", "person", "component", "month", "line", "household", "branch", "file", "kind", "amount", "cause", "reason", "decision",
		"release", "list", "serial", "proposal", "posted"}}

// EntryKind says what moved an account.
type EntryKind string

// The kinds. The entries of a month sum to what is due less what was paid, plus
// what was recovered of it.
const (
	FromDecision EntryKind = "due"       // the decision says more or less than was paid
	FromPayment  EntryKind = "paid"      // a supplement pays arrears; positive where it was withdrawn
	FromReturn   EntryKind = "returned"  // the bank sent it back
	FromRecovery EntryKind = "recovered" // kept back from a later payment; negative where that came back
)

// Entry is one line of a family's account: for one person, component and month,
// so much more is owed to the family, or less where Amount is negative. Entries
// are added and never changed.
type Entry struct {
	Person    id.ID          `cbor:"1,keyasint"`
	Component string         `cbor:"2,keyasint"`
	Month     calendar.Month `cbor:"3,keyasint"`
	Line      int64          `cbor:"4,keyasint"` // from 1, within the month
	Household id.ID          `cbor:"5,keyasint"`
	Branch    string         `cbor:"6,keyasint"`
	File      string         `cbor:"7,keyasint"`
	Kind      EntryKind      `cbor:"8,keyasint"`
	Amount    money.Amount   `cbor:"9,keyasint"`
	Cause     Cause          `cbor:"10,keyasint"`
	Reason    string         `cbor:"11,keyasint,omitempty"` // of the decision, or of what holds it
	Decision  int64          `cbor:"12,keyasint,omitempty"` // version of the decision that it rests on
	Release   []byte         `cbor:"13,keyasint,omitempty"` // by which that was made
	List      id.ID          `cbor:"14,keyasint,omitzero"`
	Serial    int64          `cbor:"15,keyasint,omitempty"` // the list's line
	Proposal  id.ID          `cbor:"16,keyasint,omitzero"`  // the recovery
	PostedAt  int64          `cbor:"-"`
}

// Posted brings entries into the accounts.
type Posted struct {
	Programme string  `cbor:"1,keyasint"`
	Entries   []Entry `cbor:"2,keyasint"`
	At        int64   `cbor:"3,keyasint"`
}

// Kind is "payment.posted".
func (Posted) Kind() journal.Kind { return journal.Kind{Name: "payment.posted", Version: 1} }

// About puts it in the diwan's stream.
func (Posted) About() journal.About { return journal.About{Stream: journal.Diwan} }

// Apply adds the entries.
func (p Posted) Apply(w *store.Writer) error {
	for i := range p.Entries {
		e := &p.Entries[i]
		if err := w.Insert(ledger, p.Programme, e.Person, e.Component, int64(e.Month), e.Line, e.Household, e.Branch, e.File, string(e.Kind), e.Amount,
			string(e.Cause), e.Reason, e.Decision, blob(e.Release), e.List, e.Serial, e.Proposal, p.At); err != nil {
			return err
		}
	}
	return nil
}

const entryColumns = `person, component, month, line, household, branch, file, kind, amount, cause, reason, decision, release, list, serial, proposal, posted`

func scanEntry(r *store.Row) Entry {
	return Entry{Person: r.ID(), Component: r.Text(), Month: calendar.Month(r.Int()), Line: r.Int(), Household: r.ID(), Branch: r.Text(), File: r.Text(),
		Kind: EntryKind(r.Text()), Amount: r.Amount(), Cause: Cause(r.Text()), Reason: r.Text(), Decision: r.Int(), Release: r.Bytes(), List: r.ID(),
		Serial: r.Int(), Proposal: r.ID(), PostedAt: r.Int()}
}

// claimMonth is one month of a claim.
type claimMonth struct {
	claim
	month calendar.Month
}

// numbered gives each entry its place within its month, behind those that stand
// there, and records them all.
func numbered(tx *store.Tx, programme string, entries []Entry) error {
	if len(entries) == 0 {
		return nil
	}
	args := make([][]any, len(entries))
	for i := range entries {
		e := &entries[i]
		args[i] = []any{programme, e.Person, e.Component, int64(e.Month)}
	}
	last := map[claimMonth]int64{}
	err := tx.Batch(func(i int, r *store.Row) error {
		e := &entries[i]
		last[claimMonth{claim{e.Person, e.Component}, e.Month}] = r.Int()
		return r.Err()
	}, "SELECT coalesce(max(line), 0) FROM ledger WHERE programme = $1 AND person = $2 AND component = $3 AND month = $4", args)
	if err != nil {
		return err
	}
	for i := range entries {
		e := &entries[i]
		place := claimMonth{claim{e.Person, e.Component}, e.Month}
		last[place]++
		e.Line = last[place]
	}
	for len(entries) > 0 {
		n := min(chunk, len(entries))
		if err := journal.Record(tx, Posted{programme, entries[:n], tx.Now.UnixMicro()}); err != nil {
			return err
		}
		entries = entries[n:]
	}
	return nil
}
