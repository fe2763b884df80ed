package web

import (
	"net/http"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

func peoplePage(x *exchange) error {
	view, err := x.peopleView()
	if err != nil {
		return err
	}
	return showPeople.show(x, view)
}

func (x *exchange) peopleView() (view peopleView, err error) {
	err = x.read(func(tx *store.Tx) error {
		people, err := access.People(tx)
		if err != nil {
			return err
		}
		for _, p := range people {
			row, err := staffRowOf(tx, p)
			if err != nil {
				return err
			}
			view.People = append(view.People, row)
		}
		if !access.Holds(tx, access.ManagePeople) {
			return nil
		}
		areas, err := grantAreas(tx, x.language)
		f := personForm(tx.NewID().String(), roleOptions(), areas)
		f.Token, view.Form = x.frame.Token, &f
		return err
	})
	return view, err
}

// addPerson adds somebody and shows the one-time code: on this answer and never
// again.
func addPerson(x *exchange) error {
	var code string
	_, err := x.change(func(tx *store.Tx) error {
		_, given, err := access.AddPerson(tx, access.NewPerson{Name: value(x.r, "name"), Login: value(x.r, "login"),
			Grants: []store.Grant{{Role: value(x.r, "role"), Area: value(x.r, "area")}}})
		code = given
		return err
	})
	view, failed := x.peopleView()
	if failed != nil {
		return failed
	}
	if err != nil {
		view.Form.read(x.r)
		if view.Form.refuse(err) {
			return showPeople.refuse(x, view)
		}
		return err
	}
	view.Added, view.Code = value(x.r, "name"), code
	return showPeople.show(x, view)
}

func personPage(x *exchange) error {
	view, err := x.personView()
	if err != nil {
		return err
	}
	return showStaff.show(x, view)
}

func (x *exchange) personView() (view staffView, err error) {
	who, err := x.pathID("person")
	if err != nil {
		return view, err
	}
	err = x.read(func(tx *store.Tx) error {
		if err := access.Require(tx, access.SeePeople, ""); err != nil && !access.Holds(tx, access.SeePeople) {
			return err
		}
		p, err := access.Find(tx, who)
		if err != nil {
			return err
		}
		if view.Person, err = staffRowOf(tx, p); err != nil {
			return err
		}
		if access.Holds(tx, access.ManagePeople) {
			areas, err := grantAreas(tx, x.language)
			if err != nil {
				return err
			}
			f := grantForm(view.Person.Href, tx.NewID().String(), roleOptions(), areas)
			f.Token, view.Grant = x.frame.Token, &f
			view.Revoke, view.Out = tx.NewID().String(), p.Disabled
			if who != x.session.Actor {
				shut := shutForm(view.Person.Href, tx.NewID().String(), p.Disabled)
				shut.Token, view.Shut = x.frame.Token, &shut
			}
		}
		if access.Holds(tx, access.ResetPasswords) && who != x.session.Actor {
			f := resetForm(view.Person.Href, tx.NewID().String())
			f.Token, view.Reset = x.frame.Token, &f
		}
		return nil
	})
	return view, err
}

func grantRole(x *exchange) error {
	who, err := x.pathID("person")
	if err != nil {
		return err
	}
	_, err = x.change(func(tx *store.Tx) error {
		return access.Grant(tx, who, store.Grant{Role: value(x.r, "role"), Area: value(x.r, "area")})
	})
	if err != nil {
		return err
	}
	return x.seeOther("/people/" + who.String())
}

// staffStep runs one verb on a person of the staff and shows her page again; a
// refusal stands on it.
func (x *exchange) staffStep(refusing func(*staffView) *form, do func(*store.Tx, id.ID) error) error {
	who, err := x.pathID("person")
	if err != nil {
		return err
	}
	_, err = x.change(func(tx *store.Tx) error { return do(tx, who) })
	if err == nil {
		return x.seeOther("/people/" + who.String())
	}
	refused := fault.Of(err)
	if refused == nil || refused.Kind == fault.KindForbidden || refused.Kind == fault.KindNotFound {
		return err
	}
	view, failed := x.personView()
	if failed != nil {
		return failed
	}
	if f := refusing(&view); f != nil {
		f.read(x.r)
		f.note(refused)
		return showStaff.refuse(x, view)
	}
	return err
}

func revokeRole(x *exchange) error {
	return x.staffStep(func(v *staffView) *form { return v.Grant }, func(tx *store.Tx, who id.ID) error {
		return access.Revoke(tx, who, store.Grant{Role: value(x.r, "role"), Area: value(x.r, "area")})
	})
}

func disablePerson(x *exchange) error {
	return x.staffStep(func(v *staffView) *form { return v.Shut }, func(tx *store.Tx, who id.ID) error {
		return access.Disable(tx, who, value(x.r, "reason"))
	})
}

func enablePerson(x *exchange) error {
	return x.staffStep(func(v *staffView) *form { return v.Shut }, func(tx *store.Tx, who id.ID) error { return access.Enable(tx, who) })
}

func resetPassword(x *exchange) error {
	who, err := x.pathID("person")
	if err != nil {
		return err
	}
	var code string
	if _, err = x.change(func(tx *store.Tx) error {
		code, err = access.ResetPassword(tx, who)
		return err
	}); err != nil {
		return err
	}
	view, err := x.personView()
	if err != nil {
		return err
	}
	view.Code = code
	return showStaff.answer(x, http.StatusOK, view)
}

// staffRowOf is one person with her roles in words.
func staffRowOf(tx *store.Tx, p access.Person) (staffRow, error) {
	row := staffRow{Href: "/people/" + p.ID.String(), Name: p.Name, Login: p.Login, State: pill{Tone: "ok", Key: "web.person_active"}}
	if p.Disabled {
		row.State = pill{Tone: "plain", Key: "web.person_dormant"}
	}
	for _, g := range p.Grants {
		area, err := grantArea(tx, g.Area)
		if err != nil {
			return row, err
		}
		row.Roles = append(row.Roles, roleRow{Role: access.Role(g.Role).Key(), Office: area, Code: g.Role, Area: g.Area})
	}
	return row, nil
}

// grantArea is the name of the area of a role; none is the whole country.
func grantArea(tx *store.Tx, code string) (text.Bilingual, error) {
	if code == "" {
		return text.Bilingual{Arabic: text.Say(text.Arabic, "web.whole_country"), English: text.Say(text.English, "web.whole_country")}, nil
	}
	return areaName(tx, code)
}

// roleOptions are the roles that a person of the staff can be given.
func roleOptions() []option {
	var options []option
	for _, role := range access.Roles {
		if role != access.Citizen && role != access.Operator {
			options = append(options, option{Value: string(role), Key: role.Key()})
		}
	}
	return options
}

// grantAreas are the country, its districts and municipalities.
func grantAreas(tx *store.Tx, language text.Language) ([]option, error) {
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return nil, err
	}
	options := []option{{Key: "web.whole_country"}}
	for _, kind := range []geography.Kind{geography.District, geography.Municipality} {
		for _, area := range country.Areas(kind, "") {
			options = append(options, option{Value: area.Code, Name: area.Name().In(language)})
		}
	}
	return options, nil
}
