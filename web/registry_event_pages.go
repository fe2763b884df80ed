package web

import (
	"strconv"

	"sanad/delivery/registry"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

// eventsPage lists what can have happened to a family.
func eventsPage(x *exchange) error {
	var view eventsView
	err := x.read(func(tx *store.Tx) error {
		h, err := x.openHousehold(tx, "events")
		view = eventsView{h.head, eventLinks(h.href)}
		return err
	})
	if err != nil {
		return err
	}
	return showEvents.show(x, view)
}

// eventPage shows the empty form of one life event, its command key in it.
func eventPage(x *exchange) error {
	kind, found := eventOf(x.r.PathValue("event"))
	if !found {
		return fault.NotFound("web.no_such_page")
	}
	var view eventView
	err := x.read(func(tx *store.Tx) error {
		h, err := x.openHousehold(tx, "events")
		if err != nil {
			return err
		}
		if view, err = x.eventView(tx, h, kind); err != nil {
			return err
		}
		for i := range view.Form.Fields {
			q := &view.Form.Fields[i]
			if chosen := x.r.URL.Query().Get(q.Name); chosen != "" && q.Kind == "select" {
				q.Value = chosen
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return showEvent.show(x, view)
}

func (x *exchange) eventView(tx *store.Tx, h household, kind eventKind) (eventView, error) {
	f := kind.form(h.href, tx.NewID().String(), strconv.FormatInt(h.sheet.Version, 10), h.options())
	f.Token = x.frame.Token
	for i := range f.Fields {
		if f.Fields[i].Name == "area" {
			areas, err := everyArea(tx, x.language)
			if err != nil {
				return eventView{}, err
			}
			f.Fields[i].Options = areas
		}
	}
	return eventView{h.head, kind.title, kind.note, f}, nil
}

// options are the members of a family as the answers of a question.
func (h household) options() []option {
	var members []option
	for _, m := range h.members() {
		members = append(members, option{Value: m.Href[len(h.href+"/people/"):], Name: m.Name})
	}
	return members
}

// everyArea lists the municipalities of the country, by their names.
func everyArea(tx *store.Tx, language text.Language) ([]option, error) {
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return nil, err
	}
	var options []option
	for _, area := range country.Areas(geography.Municipality, "") {
		options = append(options, option{Value: area.Code, Name: area.Name().In(language)})
	}
	return options, nil
}

// recordEvent hands what was sent to the verb of its event.
func recordEvent(x *exchange) error {
	kind, found := eventOf(x.r.PathValue("event"))
	if !found {
		return fault.NotFound("web.no_such_page")
	}
	which, err := x.pathID("household")
	if err != nil {
		return err
	}
	f := kind.form("", "", "", nil)
	f.readRoles(x.r)
	f.read(x.r)
	_, err = x.change(func(tx *store.Tx) error {
		c, err := changeOf(which, &f)
		if err != nil {
			return err
		}
		return kind.record(tx, c, &f)
	})
	if err == nil {
		return x.seeOther("/households/" + which.String())
	}
	var view eventView
	refusal := err
	failed := x.read(func(tx *store.Tx) error {
		h, err := x.openHousehold(tx, "events")
		if err != nil {
			return err
		}
		if view, err = x.eventView(tx, h, kind); err == nil {
			view.Form.askRoles(refusal, h.options(), f)
		}
		return err
	})
	if failed != nil {
		return failed
	}
	view.Form.read(x.r)
	if view.Form.refuse(inForm(err)) {
		return showEvent.refuse(x, view)
	}
	return err
}

// formNames are the fields of the forms whose names in the registry are others.
var formNames = map[string]string{"evidence": "document", "evidence.document": "document", "national_number": "number", "birth": "date",
	"head": "new-head", "into": "file", "branch": "area", "own_account": "own", "child": "person"}

// inForm puts a refusal of the registry beside the fields of our forms.
func inForm(err error) error {
	refused := fault.Of(err)
	if refused == nil {
		return err
	}
	renamed := refused.At(refused.Field)
	if name, other := formNames[refused.Field]; other {
		renamed.Field = name
	}
	renamed.Fields = nil
	for _, f := range refused.Fields {
		if name, other := formNames[f.Field]; other {
			f = f.At(name)
		}
		renamed.Fields = append(renamed.Fields, f)
	}
	return renamed
}

// changeOf is what every event's form says: to which sheet, when, how known.
func changeOf(household id.ID, f *form) (registry.Change, error) {
	on, err := f.date("date")
	c := registry.Change{Household: household, On: on, Reason: f.get("reason")}
	c.Version, _ = strconv.ParseInt(f.get("version"), 10, 64) // none: the verb says that the sheet is another
	c.Evidence.Document = f.get("document")
	if f.get("source") == "documented" {
		c.Evidence.Kind = registry.Documented
	}
	return c, err
}

// personOf reads a member chosen in a form; nobody is the zero person.
func (f *form) personOf(name string) id.ID {
	chosen, err := id.Parse(f.get(name))
	if err != nil {
		return id.ID{}
	}
	return chosen
}

func recordBirth(tx *store.Tx, c registry.Change, f *form) error {
	_, err := registry.RecordBirth(tx, registry.NewChild{Change: c, Name: f.get("name"), Sex: registry.Sex(f.get("sex")),
		Mother: f.personOf("mother"), Father: f.personOf("father"), Role: f.get("role"), NationalNumber: f.get("number")})
	return err
}

func recordDeath(tx *store.Tx, c registry.Change, f *form) error {
	_, err := registry.RecordDeath(tx, c, f.personOf("person"))
	return err
}

func recordSalary(tx *store.Tx, c registry.Change, f *form) error {
	from, err := f.date("from")
	if err != nil {
		return err
	}
	to, err := f.date("to")
	if err != nil {
		return err
	}
	_, err = registry.RecordSalary(tx, registry.Salary{Change: c, Person: f.personOf("person"), Kind: registry.Name(f.get("kind")), From: from, To: to})
	return err
}

func recordLeave(tx *store.Tx, c registry.Change, f *form) error {
	_, err := registry.RecordDeparture(tx, c, []id.ID{f.personOf("person")})
	return err
}

func recordReturn(tx *store.Tx, c registry.Change, f *form) error {
	_, err := registry.RecordReturn(tx, c, []id.ID{f.personOf("person")})
	return err
}

// recordMissing also takes back: a person who is back was found or released.
func recordMissing(tx *store.Tx, c registry.Change, f *form) (err error) {
	switch f.get("state") {
	case "missing":
		_, err = registry.RecordAbsence(tx, c, f.personOf("person"), registry.Missing)
	case "detained":
		_, err = registry.RecordAbsence(tx, c, f.personOf("person"), registry.Detained)
	case "found":
		_, err = registry.EndAbsence(tx, c, f.personOf("person"), registry.Missing)
	case "released":
		_, err = registry.EndAbsence(tx, c, f.personOf("person"), registry.Detained)
	default:
		err = fault.Invalid("web.required").At("state")
	}
	return err
}
