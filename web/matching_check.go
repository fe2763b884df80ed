package web

import (
	"sanad/delivery/matching/search"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/store"
	"sanad/platform/text"
)

// possibleView is who may be registered already: both records side by side, so
// that a person decides. Nothing is kept from being saved by it.
type possibleView struct {
	Rows   []likelyRow
	Narrow bool // beside a form
	Swap   bool // the answer to a kept draft: it takes the place of the one on the page
	Quiet  bool // where nobody is alike, say nothing
}

// likelyRow is one person of the registry who may be the one written down.
type likelyRow struct {
	searchRow
	Compared []comparedRow
}

// comparedRow is one thing in both records.
type comparedRow struct {
	Term           text.Key
	Written, Known string
	Dates          *datePair
	Spell          bool // a name, in letters to be looked at closely
	State          pill
}

// datePair is one date in both records.
type datePair struct{ Written, Known calendar.Date }

// comparedTerms are the words for what is compared.
var comparedTerms = map[string]text.Key{"name": "web.name", "number": "web.national_number", "birth": "web.birth", "mother": "web.mother_short", "phone": "web.phone"}

// verdictPills are how each verdict is shown, in words too.
var verdictPills = map[search.Verdict]pill{
	search.Same:    {Tone: "ok", Key: "search.verdict_same"},
	search.Close:   {Tone: "info", Key: "search.verdict_close"},
	search.Differs: {Tone: "warn", Key: "search.verdict_differs"},
	search.Silent:  {Tone: "unknown", Key: "search.verdict_silent"},
}

// lookFor finds who may be the one written down, for readers who may search.
func (x *exchange) lookFor(tx *store.Tx, w search.Written) ([]likelyRow, error) {
	if !access.Holds(tx, access.SearchPeople) || w.Number == "" && w.Phone == "" && len([]rune(w.Name)) < 6 {
		return nil, nil // too little to mean anybody
	}
	found, err := x.site.Search.Check(tx, w)
	if err != nil {
		return nil, err
	}
	var rows []likelyRow
	for _, l := range found {
		row, err := searchRowOf(tx, l.Hit)
		if err != nil {
			return nil, err
		}
		if row.State.Key == "" {
			row.State = pill{Tone: "warn", Key: "web.state_possible_duplicate"}
		}
		rows = append(rows, likelyRow{row, comparedRows(l)})
	}
	return rows, nil
}

// comparedRows leaves out what neither record says.
func comparedRows(l search.Likely) []comparedRow {
	var rows []comparedRow
	for _, c := range l.Compared {
		if c.Written == "" && c.Known == "" {
			continue
		}
		row := comparedRow{Term: comparedTerms[c.What], Written: c.Written, Known: c.Known, Spell: c.What == "name" || c.What == "mother", State: verdictPills[c.Verdict]}
		if c.What == "birth" {
			row.Dates = &datePair{l.Born, l.Birth}
		}
		rows = append(rows, row)
	}
	return rows
}

// written is somebody written down in a draft, as far as identity goes.
func (a answers) written() search.Written {
	birth := field{Day: a["birth-day"], Month: a["birth-month"], Year: a["birth-year"]}
	born, err := birth.date()
	if err != nil { // what cannot be read yet says nothing
		born = calendar.Unknown
	}
	return search.Written{Name: a.name(), Mother: a["mother"], Number: a["number"], Phone: a["phone"], Birth: born}
}

// withRight is a member as she would be with a fact mended.
func (c correcting) withRight(f *form) (search.Written, bool) {
	if c.member == nil {
		return search.Written{}, false
	}
	birth, _ := c.now(c.member.Facts, registry.Birth)
	w := search.Written{Name: c.word(c.member, registry.FullName), Mother: c.word(c.member, registry.MotherName), Number: c.word(c.member, registry.NationalNumberFact),
		Phone: c.word(c.member, registry.Phone), Birth: birth.Value.Date, Person: c.member.Person, Household: c.sheet.Household}
	right := f.get("right")
	switch c.definition.Name {
	case registry.FullName:
		w.Name = right
	case registry.MotherName:
		w.Mother = right
	case registry.NationalNumberFact:
		w.Number = right
	case registry.Phone:
		w.Phone = right
	case registry.Birth:
		born, err := f.date("right")
		if err != nil {
			return w, false
		}
		w.Birth = born
	default:
		return w, false
	}
	return w, f.get("remove") != "yes"
}

// likelyAfter finds who may be the member whose fact is being mended, as she
// would be then. Where somebody is found the reader sees both records before
// anything is saved; who sends the form again saves.
func (x *exchange) likelyAfter(f *form) (rows []likelyRow, err error) {
	err = x.read(func(tx *store.Tx) error {
		c, err := x.correcting(tx)
		if err != nil {
			return err
		}
		if w, identity := c.withRight(f); identity {
			rows, err = x.lookFor(tx, w)
		}
		return err
	})
	return rows, err
}

// seen notes in a form that its sender was shown who may be the same.
func (f *form) seen() {
	for i := range f.Fields {
		if f.Fields[i].Name == "seen" {
			f.Fields[i].Value = "yes"
		}
	}
}
