package geography

import (
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/journal"
	"sanad/platform/store"
)

var (
	areaTable = &store.Table{Name: "areas", Class: store.Projected, Key: []string{"code", "since"},
		Columns: []string{"code", "since", "until", "kind", "parent", "name_ar", "name_en", "also"}}
	bodyTable = &store.Table{Name: "bodies", Class: store.Projected, Key: []string{"code", "since"},
		Columns: []string{"code", "since", "until", "kind", "parent", "name_ar", "name_en", "also", "serves"}}
)

// Tables are the tables of this package.
var Tables = []*store.Table{areaTable, bodyTable}

// Kinds are the events of this package.
var Kinds = []journal.Event{Loaded{}}

// Period names one line of an area or body: its code and its first day.
type Period struct {
	Code string        `cbor:"1,keyasint"`
	From calendar.Date `cbor:"2,keyasint"`
}

// Loaded says that the country's files changed: these lines are new or
// different, those are gone because they had been a mistake.
type Loaded struct {
	Areas      []Area   `cbor:"1,keyasint,omitempty"`
	GoneAreas  []Period `cbor:"2,keyasint,omitempty"`
	Bodies     []Body   `cbor:"3,keyasint,omitempty"`
	GoneBodies []Period `cbor:"4,keyasint,omitempty"`
}

// Kind is "geography.loaded".
func (Loaded) Kind() journal.Kind { return journal.Kind{Name: "geography.loaded", Version: 1} }

// About puts it in the reference stream, which every node receives.
func (Loaded) About() journal.About { return journal.About{Stream: journal.Reference} }

// Apply changes the lines that the event names.
func (e Loaded) Apply(w *store.Writer) error {
	for _, gone := range e.GoneAreas {
		if err := w.Delete(areaTable, gone.Code, gone.From); err != nil {
			return err
		}
	}
	for _, a := range e.Areas {
		if err := w.Put(areaTable, a.Code, a.From, a.To, string(a.Kind), a.Parent, a.NameAr, a.NameEn, strings.Join(a.Also, "|")); err != nil {
			return err
		}
	}
	for _, gone := range e.GoneBodies {
		if err := w.Delete(bodyTable, gone.Code, gone.From); err != nil {
			return err
		}
	}
	for _, b := range e.Bodies {
		err := w.Put(bodyTable, b.Code, b.From, b.To, string(b.Kind), b.Parent, b.NameAr, b.NameEn, strings.Join(b.Also, "|"), strings.Join(b.Serves, "|"))
		if err != nil {
			return err
		}
	}
	return nil
}

func (e Loaded) empty() bool {
	return len(e.Areas)+len(e.GoneAreas)+len(e.Bodies)+len(e.GoneBodies) == 0
}

func storedAreas(tx *store.Tx) ([]Area, error) {
	return store.All(tx, func(r *store.Row) Area {
		a := Area{Code: r.Text(), From: r.Date(), To: r.Date(), Kind: Kind(r.Text()), Parent: r.Text(), NameAr: r.Text(), NameEn: r.Text()}
		a.Also = spellings(r.Text())
		return a
	}, "SELECT code, since, until, kind, parent, name_ar, name_en, also FROM areas ORDER BY code, since")
}

func storedBodies(tx *store.Tx) ([]Body, error) {
	return store.All(tx, func(r *store.Row) Body {
		b := Body{Code: r.Text(), From: r.Date(), To: r.Date(), Kind: Kind(r.Text()), Parent: r.Text(), NameAr: r.Text(), NameEn: r.Text()}
		b.Also, b.Serves = spellings(r.Text()), spellings(r.Text())
		return b
	}, "SELECT code, since, until, kind, parent, name_ar, name_en, also, serves FROM bodies ORDER BY code, since")
}
