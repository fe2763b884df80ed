package web

import (
	"sanad/delivery/matching"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

// household is one household as a page needs it: its sheet, and the head of the
// page.
type household struct {
	sheetReader
	head householdHead
}

// pathID reads an identifier out of the address; what is none was not found.
func (x *exchange) pathID(name string) (id.ID, error) {
	found, err := id.Parse(x.r.PathValue(name))
	if err != nil {
		return id.ID{}, fault.NotFound("web.no_such_page").Because(err)
	}
	return found, nil
}

// openHousehold reads the household of the address; the registry asks who may,
// and notes the look.
func (x *exchange) openHousehold(tx *store.Tx, tab string) (household, error) {
	which, err := x.pathID("household")
	if err != nil {
		return household{}, err
	}
	sheet, err := registry.Household(tx, which)
	if err != nil {
		return household{}, err
	}
	area, _ := sheet.At(sheet.Facts, registry.Area, tx.Today())
	h := household{sheetReader: sheetReader{sheet: sheet, today: tx.Today(), href: "/households/" + which.String()}}
	h.head = householdHead{Href: h.href, File: sheet.File, Count: len(sheet.Members), Tab: tab,
		offers: x.site.offers}
	h.asks = access.Require(tx, access.AskCorrection, sheet.Branch) == nil
	h.head.MayReg = access.Require(tx, access.RecordLifeEvent, sheet.Branch) == nil
	if m := h.sheetReader.head(); m != nil {
		h.head.Name = h.word(m, registry.FullName)
	}
	h.head.Area, err = areaName(tx, area.Value.Text)
	h.area = h.head.Area
	return h, err
}

// areaName is the name of an area today, its code where no name is known.
func areaName(tx *store.Tx, code string) (text.Bilingual, error) {
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return text.Bilingual{}, err
	}
	if area, found := country.Area(code); found {
		return area.Name(), nil
	}
	return text.Bilingual{Arabic: code, English: code}, nil
}

func householdPage(x *exchange) error {
	var view householdView
	err := x.read(func(tx *store.Tx) error {
		h, err := x.openHousehold(tx, "file")
		if err != nil {
			return err
		}
		view = householdView{householdHead: h.head}
		view.Rows, view.Ended = h.tree()
		view.Facts = h.facts(nil)
		if head := h.sheetReader.head(); head != nil {
			view.Facts = append(h.facts(head), view.Facts...)
		}
		if view.Timeline, err = timeline(tx, h.sheet.Household); err != nil {
			return err
		}
		if view.Readers, err = readers(tx, h.sheet.Household, 5); err != nil {
			return err
		}
		if access.Require(tx, access.SeeDecision, h.sheet.Branch) == nil {
			view.Decisions, err = x.decisionRows(tx, h, 1)
		}
		return err
	})
	if err != nil {
		return err
	}
	return showHousehold.show(x, view)
}

func membersPage(x *exchange) error {
	var view householdView
	err := x.read(func(tx *store.Tx) error {
		h, err := x.openHousehold(tx, "people")
		if err != nil {
			return err
		}
		view = householdView{householdHead: h.head, Members: h.members()}
		return nil
	})
	if err != nil {
		return err
	}
	return showMembers.show(x, view)
}

func memberPage(x *exchange) error {
	person, err := x.pathID("person")
	if err != nil {
		return err
	}
	var view memberView
	err = x.read(func(tx *store.Tx) error {
		h, err := x.openHousehold(tx, "people")
		if err != nil {
			return err
		}
		m := h.sheet.Member(person)
		if m == nil {
			return fault.NotFound("web.no_such_page")
		}
		view = memberView{householdHead: h.head, Person: h.word(m, registry.FullName), Bond: h.bond(m), Facts: h.facts(m)}
		if h.head.MayReg {
			view.Events = eventLinks(h.href)
		}
		view.Others, err = otherRecords(tx, person)
		return err
	})
	if err != nil {
		return err
	}
	return showMember.show(x, view)
}

// otherRecords are where the same human stands besides; outside the reader's area
// only the branch is named.
func otherRecords(tx *store.Tx, person id.ID) (rows []otherRow, err error) {
	others, err := matching.SameAs(tx, person)
	for _, o := range others {
		home, refused := registry.HouseholdOf(tx, o)
		row := otherRow{Href: "/households/" + home.Household.String() + "/people/" + o.String(), File: home.File}
		if f := fault.Of(refused); f != nil && f.Kind == fault.KindForbidden {
			row = otherRow{Href: "/purpose/" + o.String()}
		} else if refused != nil {
			return nil, refused
		}
		if row.Area, err = officeName(tx, home.Branch); err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, err
}

func readersPage(x *exchange) error {
	var view householdView
	err := x.read(func(tx *store.Tx) error {
		h, err := x.openHousehold(tx, "readers")
		if err != nil {
			return err
		}
		view = householdView{householdHead: h.head}
		view.Readers, err = readers(tx, h.sheet.Household, 200)
		return err
	})
	if err != nil {
		return err
	}
	return showReaders.show(x, view)
}

// timeline is what was recorded about a household, in words.
func timeline(tx *store.Tx, which id.ID) ([]happening, error) {
	entries, err := journal.Timeline(tx, which, 100)
	if err != nil {
		return nil, err
	}
	var all []happening
	for _, e := range entries {
		key := text.Key("web.happened_" + withoutPackage(e.Kind))
		if !text.Has(string(key)) {
			continue // an entry that means nothing to a family, such as a key's
		}
		all = append(all, happening{Date: calendar.Day(e.At), Icon: happeningIcon(e.Kind), Key: key})
	}
	return all, nil
}

// withoutPackage is the name of a kind of entry alone: "registry.birth" is birth.
func withoutPackage(kind string) string {
	for i := range kind {
		if kind[i] == '.' {
			return kind[i+1:]
		}
	}
	return kind
}

func happeningIcon(kind string) string {
	switch withoutPackage(kind) {
	case "registered", "birth", "joined":
		return "plus"
	case "stated":
		return "upload"
	case "corrected", "reverted":
		return "pen"
	case "move", "departure", "return":
		return "visit"
	case "salary_began", "salary_ended", "payee_changed":
		return "coin"
	case "task_closed":
		return "check"
	}
	return "sheet"
}

// readers lists who looked into a file, latest first.
func readers(tx *store.Tx, which id.ID, limit int) ([]readerRow, error) {
	views, err := journal.Views(tx, which, limit)
	if err != nil {
		return nil, err
	}
	var rows []readerRow
	for _, v := range views {
		name, err := access.Name(tx, v.Actor)
		if err != nil {
			return nil, err
		}
		rows = append(rows, readerRow{Name: name, Purpose: v.Purpose, Date: calendar.Day(v.At), Clock: clockWords(v.At)})
	}
	return rows, nil
}
