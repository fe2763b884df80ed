package web

import (
	"errors"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

// purposePage asks why a file outside the reader's area must be read. It names
// the branch, which the search showed already, and nothing of the family.
func purposePage(x *exchange) error {
	view, _, err := x.purposeView()
	if err != nil {
		return err
	}
	return showPurpose.show(x, view)
}

// purposeView is the form for the household of the address, or for that of a
// person: the search names people outside by no more than their person.
func (x *exchange) purposeView() (view purposeView, row registry.Summary, err error) {
	which, err := x.pathID("household")
	if err != nil {
		return view, row, err
	}
	err = x.read(func(tx *store.Tx) error {
		if !access.Holds(tx, access.ReadElsewhere) {
			return access.Require(tx, access.ReadElsewhere, "")
		}
		if row, err = outside(tx, which); err != nil {
			return err
		}
		view.Form = purposeForm("/purpose/" + which.String())
		view.Form.Token = x.frame.Token
		view.Area, err = officeName(tx, row.Branch)
		return err
	})
	return view, row, err
}

// outside finds the row of a household or of a person's household, also where
// the reader still has to say why.
func outside(tx *store.Tx, which id.ID) (registry.Summary, error) {
	row, err := registry.SummaryOf(tx, which)
	if f := fault.Of(err); f != nil && f.Key == "registry.no_household" {
		row, err = registry.HouseholdOf(tx, which)
	}
	if needsPurpose(err) {
		err = nil
	}
	return row, err
}

// openPurpose opens the area for two hours; the purpose is journalled and
// reported.
func openPurpose(x *exchange) error {
	view, row, err := x.purposeView()
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
		_, err := access.OpenReading(tx, row.Branch, reason)
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
	return x.seeOther("/households/" + row.Household.String())
}

// needsPurpose tells that a file would open if its reader wrote down why.
func needsPurpose(err error) bool {
	return errors.Is(err, fault.Forbidden("access.purpose_needed"))
}
