package intake

import (
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

var (
	importTable = &store.Table{Name: "imports", Class: store.Projected, Key: []string{"import"},
		Columns: []string{"import", "round", "file", "branch", "as_of", "state", "rows", "accepted", "warned", "rejected", "households", "began", "ended"}}
	rowTable = &store.Table{Name: "imported_rows", Class: store.Projected, Key: []string{"import", "round", "number"},
		Columns: []string{"import", "round", "number", "household", "person"}}
)

// Tables are the tables of this package.
var Tables = []*store.Table{importTable, rowTable}

// Kinds are the events of this package.
var Kinds = []journal.Event{Began{}, TookIn{}, Finished{}, TookBack{}}

// The states of an import.
const (
	Running  = "running"
	Done     = "done"
	Reverted = "reverted"
)

// Began says that a file is being taken in.
type Began struct {
	Stream string        `cbor:"1,keyasint"`
	Import id.ID         `cbor:"2,keyasint"`
	Round  int64         `cbor:"3,keyasint"`
	File   string        `cbor:"4,keyasint"`
	Branch string        `cbor:"5,keyasint,omitempty"`
	AsOf   calendar.Date `cbor:"6,keyasint"`
	At     int64         `cbor:"7,keyasint"` // microseconds
}

// Kind is "intake.began".
func (Began) Kind() journal.Kind { return journal.Kind{Name: "intake.began", Version: 1} }

// About puts it into the stream of the node that takes the file in.
func (e Began) About() journal.About { return journal.About{Stream: e.Stream, Subject: e.Import} }

// Apply notes the import as running.
func (e Began) Apply(w *store.Writer) error {
	return w.Put(importTable, e.Import, e.Round, e.File, e.Branch, e.AsOf, Running, 0, 0, 0, 0, 0, e.At, 0)
}

// TookIn says which persons the rows of some households are.
type TookIn struct {
	Stream string  `cbor:"1,keyasint"`
	Import id.ID   `cbor:"2,keyasint"`
	Round  int64   `cbor:"3,keyasint"`
	Homes  []Lines `cbor:"4,keyasint"`
}

// Lines are the accepted rows of one household: each one's number in the file
// and its person.
type Lines struct {
	_         struct{} `cbor:",toarray"`
	Household id.ID
	Numbers   []int64
	Places    []int   // of each row's person in Persons
	Persons   []id.ID // that do not count up from the household's id by their place; empty where all do
}

// person is the person of a row.
func (l *Lines) person(row int) id.ID {
	if len(l.Persons) > 0 {
		return l.Persons[l.Places[row]]
	}
	return l.Household.Next(uint64(l.Places[row] + 1))
}

// Kind is "intake.took_in".
func (TookIn) Kind() journal.Kind { return journal.Kind{Name: "intake.took_in", Version: 1} }

// About puts it into the stream of the node that takes the file in.
func (e TookIn) About() journal.About { return journal.About{Stream: e.Stream, Subject: e.Import} }

// Apply keeps the rows.
func (e TookIn) Apply(w *store.Writer) error {
	for i := range e.Homes {
		home := &e.Homes[i]
		for n, number := range home.Numbers {
			if err := w.Insert(rowTable, e.Import, e.Round, number, home.Household, home.person(n)); err != nil {
				return err
			}
		}
	}
	return nil
}

// Finished says how a file was taken in.
type Finished struct {
	Stream     string `cbor:"1,keyasint"`
	Import     id.ID  `cbor:"2,keyasint"`
	Rows       int    `cbor:"3,keyasint"`
	Accepted   int    `cbor:"4,keyasint"`
	Warned     int    `cbor:"5,keyasint"`
	Rejected   int    `cbor:"6,keyasint"`
	Households int    `cbor:"7,keyasint"`
	At         int64  `cbor:"8,keyasint"`
}

// Kind is "intake.finished".
func (Finished) Kind() journal.Kind { return journal.Kind{Name: "intake.finished", Version: 1} }

// About puts it into the stream of the node that takes the file in.
func (e Finished) About() journal.About { return journal.About{Stream: e.Stream, Subject: e.Import} }

// Apply notes the import as done, with its counts.
func (e Finished) Apply(w *store.Writer) error {
	return w.Update(importTable, []any{e.Import}, "state", Done, "rows", e.Rows, "accepted", e.Accepted, "warned", e.Warned,
		"rejected", e.Rejected, "households", e.Households, "ended", e.At)
}

// TookBack says that everything a file said was taken back.
type TookBack struct {
	Stream string `cbor:"1,keyasint"`
	Import id.ID  `cbor:"2,keyasint"`
	At     int64  `cbor:"3,keyasint"`
}

// Kind is "intake.took_back".
func (TookBack) Kind() journal.Kind { return journal.Kind{Name: "intake.took_back", Version: 1} }

// About puts it into the stream of the node that took the file in.
func (e TookBack) About() journal.About { return journal.About{Stream: e.Stream, Subject: e.Import} }

// Apply notes the import as reverted. Its rows stay, for the record.
func (e TookBack) Apply(w *store.Writer) error {
	return w.Update(importTable, []any{e.Import}, "state", Reverted, "ended", e.At)
}
