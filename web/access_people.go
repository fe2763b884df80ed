package web

import "sanad/platform/text"

// peopleView lists who may work here, and as what.
type peopleView struct {
	People []staffRow
	Form   form
}

// staffRow is one person of the staff.
type staffRow struct {
	Href    string
	Name    string
	Login   string
	Role    text.Key
	Office  text.Bilingual
	State   pill
	Grants  []text.Key
	Dormant bool
}

// staffView is one person of the staff with her roles, and what an administrator may do.
type staffView struct {
	Person staffRow
	Roles  []roleRow
	Grant  form
	Reset  form
}

// roleRow is a role held over an area.
type roleRow struct {
	Role   text.Key
	Office text.Bilingual
}

var (
	showPeople = page[peopleView]("access/people")
	showStaff  = page[staffView]("access/person")
)

func personForm(roles, areas []option) form {
	return form{Action: "/people", Submit: "web.people_add", Fields: []field{
		{Name: "name", Kind: "text", Label: "web.full_name"},
		{Name: "login", Kind: "code", Label: "web.login_name", Hint: "web.login_name_hint"},
		{Name: "role", Kind: "select", Label: "web.role", Options: roles},
		{Name: "area", Kind: "select", Label: "web.role_area", Options: areas},
	}}
}
