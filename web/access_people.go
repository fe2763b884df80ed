package web

import "sanad/platform/text"

// peopleView lists who may work here, and as what.
type peopleView struct {
	People []staffRow
	Form   *form // nil where this reader may add nobody
	Added  string
	Code   string // the one-time code of who was added, shown this once
}

// staffRow is one person of the staff.
type staffRow struct {
	Href  string
	Name  string
	Login string
	State pill
	Roles []roleRow
}

// staffView is one person of the staff with her roles, and what an administrator may do.
type staffView struct {
	Person staffRow
	Grant  *form // nil where this reader may not
	Reset  *form
	Code   string // the new one-time code, shown this once
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

func personForm(command string, roles, areas []option) form {
	return form{Action: "/people", Submit: "web.people_add", Fields: []field{
		{Name: "command", Kind: "hidden", Value: command},
		{Name: "name", Kind: "text", Label: "web.full_name"},
		{Name: "login", Kind: "code", Label: "web.login_name", Hint: "web.login_name_hint"},
		{Name: "role", Kind: "select", Label: "web.role", Options: roles},
		{Name: "area", Kind: "select", Label: "web.role_area", Options: areas},
	}}
}

func grantForm(href, command string, roles, areas []option) form {
	return form{Action: href + "/roles", Submit: "web.role_grant", Fields: []field{
		{Name: "command", Kind: "hidden", Value: command},
		{Name: "role", Kind: "select", Label: "web.role", Options: roles},
		{Name: "area", Kind: "select", Label: "web.role_area", Options: areas},
	}}
}

func resetForm(href, command string) form {
	return form{Action: href + "/password", Submit: "web.password_reset_submit", Danger: true, Fields: []field{{Name: "command", Kind: "hidden", Value: command}}}
}
