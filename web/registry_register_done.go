package web

import (
	"encoding/hex"
	"strconv"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// register makes the draft a household. The draft's identifier is the command
// key: the button pressed twice, or pressed again after a power cut, registers
// the family once.
func (x *exchange) register() error {
	which, err := x.pathID("draft")
	if err != nil {
		return err
	}
	x.session.Command = which
	read := value(x.r, "read") == "yes"
	receipt, err := x.site.Journal.Write(x.r.Context(), x.session, func(tx *store.Tx) error {
		d, found, err := findDraft(tx, which)
		if err != nil {
			return err
		}
		if !found {
			return fault.NotFound("web.no_such_page")
		}
		if !read {
			return fault.Invalid("web.sign_first").At("read")
		}
		h, err := d.household(tx)
		if err != nil {
			return err
		}
		if _, err = registry.Register(tx, h); err != nil {
			return err
		}
		return d.drop(tx)
	})
	if refused := fault.Of(err); refused != nil && refused.Kind == fault.KindInvalid {
		return x.refuseReview(refused)
	}
	if err != nil {
		return err
	}
	for _, entry := range receipt.Entries {
		if !entry.Household.IsZero() {
			return x.seeOther("/households/" + entry.Household.String() + "/receipt")
		}
	}
	return x.seeOther("/")
}

// refuseReview shows the review again with what the registry refused.
func (x *exchange) refuseReview(refused *fault.Fault) error {
	var view registerView
	err := x.read(func(tx *store.Tx) error {
		d, err := x.openDraft(tx)
		if err != nil {
			return err
		}
		if view, err = x.stepView(tx, d, "review", 0); err != nil {
			return err
		}
		return x.look(tx, &view, d, "review", 0)
	})
	if err != nil {
		return err
	}
	view.Form.read(x.r)
	view.Form.note(refused)
	return showReview.refuse(x, view)
}

// household is the draft as the registry takes it: what was not answered is
// unknown.
func (d draft) household(tx *store.Tx) (registry.NewHousehold, error) {
	place := d.get("place", 0)
	h := registry.NewHousehold{Area: place["area"], Mahalla: place["address"], Facts: place.facts(true)}
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return h, err
	}
	branch, found := country.BranchOf(h.Area)
	if !found {
		return h, fault.Invalid("web.no_branch_there").At("area")
	}
	h.Branch = branch.Code
	head, err := d.get("head", 0).member("head")
	if err != nil {
		return h, err
	}
	head.RegistrationNo, head.Phone, head.Account = place["entry"], phoneNumber(d.get("account", 0)["phone"]), d.get("account", 0)["iban"]
	h.Members = append(h.Members, head)
	for _, a := range d.Steps["members"] {
		if a["first"] == "" {
			continue
		}
		m, err := a.member(a["bond"])
		if err != nil {
			return h, err
		}
		h.Members = append(h.Members, m)
	}
	return h, nil
}

// member is one person of a draft.
func (a answers) member(role string) (registry.NewMember, error) {
	birth, err := field{Name: "birth", Day: a["birth-day"], Month: a["birth-month"], Year: a["birth-year"]}.date()
	m := registry.NewMember{Name: a.name(), Role: role, Sex: registry.Sex(a["sex"]), Birth: birth, NationalNumber: a["number"], MotherName: a["mother"],
		MaritalStatus: a["marital"], Citizenship: a["citizenship"], Facts: a.facts(false)}
	if a["source"] == "documented" {
		m.Evidence.Kind = registry.Documented
	}
	pay := map[string]*registry.Answer{"wage": &m.Wage, "contributory_pension": &m.ContributoryPay, "survivors_pension": &m.SurvivorsPay, "basic_pension": &m.BasicPension}
	for kind, answer := range pay {
		switch a["salary"] {
		case kind:
			*answer = registry.Yes
		case "none":
			*answer = registry.No
		}
	}
	return m, err
}

// phoneNumber writes a Libyan number as the registry keeps it: 091 000 0123 is
// +218910000123. Anything else is left for the registry to judge.
func phoneNumber(written string) string {
	digits := ""
	for _, r := range westernDigits(written) {
		if r >= '0' && r <= '9' || r == '+' && digits == "" {
			digits += string(r)
		}
	}
	if len(digits) == 10 && digits[0] == '0' {
		return "+218" + digits[1:]
	}
	return digits
}

// receiptPage is what the family takes home: the number of its file and the
// hash of the entry that registered it.
func receiptPage(x *exchange) error {
	var view receiptView
	err := x.read(func(tx *store.Tx) error {
		h, err := x.openHousehold(tx, "file")
		if err != nil {
			return err
		}
		entries, err := journal.Timeline(tx, h.sheet.Household, 1000)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.Kind == "registry."+string(registry.Registered) {
				view, err = x.receipt(tx, h, e)
				return err
			}
		}
		return fault.NotFound("web.no_such_page")
	})
	if err != nil {
		return err
	}
	return showReceipt.show(x, view)
}

func (x *exchange) receipt(tx *store.Tx, h household, e journal.Happening) (receiptView, error) {
	view := receiptView{Ministry: x.site.Ministry, File: h.sheet.File, Head: h.head.Name, Members: h.members(), Href: h.href,
		Day: calendar.Day(e.At).String(), Clock: clockWords(e.At)}
	ref, err := journal.Find(tx, e.Entry)
	if err != nil {
		return view, err
	}
	view.Entry = ref.Stream + "/" + strconv.FormatInt(ref.Sequence, 10)
	hash := hex.EncodeToString(ref.Hash[:])
	for i := 0; i < len(hash); i += 8 {
		view.Hash = append(view.Hash, hash[i:i+8])
	}
	clerk, err := access.Name(tx, e.Actor)
	if err != nil {
		return view, err
	}
	view.Clerk = clerk.In(x.language)
	country, err := geography.At(tx, tx.Today())
	if body, found := country.Body(h.sheet.Branch); found {
		view.Office = body.Name()
	}
	return view, err
}
