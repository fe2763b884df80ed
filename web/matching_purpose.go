package web

import (
	"errors"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

// purposePage asks why a file outside the reader's area must be read. It shows
// the head's name and the area, which the search showed already, and no more.
func purposePage(x *exchange) error {
	view, _, err := x.purposeView()
	if err != nil {
		return err
	}
	return showPurpose.show(x, view)
}

func (x *exchange) purposeView() (view purposeView, area string, err error) {
	which, err := x.pathID("household")
	if err != nil {
		return view, "", err
	}
	err = x.read(func(tx *store.Tx) error {
		if !access.Holds(tx, access.ReadElsewhere) {
			return access.Require(tx, access.ReadElsewhere, "")
		}
		sealed, err := journal.LatestSheet(tx, which)
		if err != nil {
			return err
		}
		sheet, err := registry.Decode(which, sealed.Version, sealed.Plain)
		if err != nil {
			return err
		}
		fact, _ := sheet.At(sheet.Facts, registry.Area, tx.Today())
		area = fact.Value.Text
		if m := sheet.Head(); m != nil {
			name, _ := sheet.At(m.Facts, registry.FullName, tx.Today())
			view.Name = name.Value.Text
		}
		view.Form = purposeForm("/households/" + which.String() + "/purpose")
		view.Form.Token = x.frame.Token
		view.Area, err = areaName(tx, area)
		return err
	})
	return view, area, err
}

// openPurpose opens the area for two hours; the purpose is journalled and
// reported.
func openPurpose(x *exchange) error {
	view, area, err := x.purposeView()
	if err != nil {
		return err
	}
	view.Form.read(x.r)
	reason := view.Form.get("words")
	for _, o := range view.Form.Fields[0].Options {
		if o.Value == view.Form.get("purpose") && o.Value != "other" {
			reason = text.Say(text.Arabic, string(o.Key)) + ". " + reason
		}
	}
	_, err = x.change(func(tx *store.Tx) error {
		_, err := access.OpenReading(tx, area, reason)
		return err
	})
	if f := fault.Of(err); f != nil && f.Field == "reason" {
		err = f.At("words")
	}
	if view.Form.refuse(err) {
		return showPurpose.refuse(x, view)
	}
	if err != nil {
		return err
	}
	return x.seeOther("/households/" + x.r.PathValue("household"))
}

// needsPurpose tells that a file would open if its reader wrote down why.
func needsPurpose(err error) bool {
	return errors.Is(err, fault.Forbidden("access.purpose_needed"))
}
