package web

import (
	"sanad/platform/fault"
	"sanad/platform/store"
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
		view = x.eventView(h, kind, tx.NewID().String())
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

func (x *exchange) eventView(h household, kind eventKind, command string) eventView {
	var members []option
	for _, m := range h.members() {
		members = append(members, option{Value: m.Href[len(h.href+"/people/"):], Name: m.Name})
	}
	f := kind.form(h.href, command, members)
	f.Token = x.frame.Token
	return eventView{h.head, kind.title, kind.note, f}
}
