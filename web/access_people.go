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
	Shut   *form  // shuts her out, or lets her in again
	Revoke string // command key for taking a role; empty where this reader may not
	Out    bool   // she is shut out
	Code   string // the new one-time code, shown this once
}

// roleRow is a role held over an area.
type roleRow struct {
	Role   text.Key
	Office text.Bilingual

	Code, Area string // as they are sent back to take the role
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

// shutForm shuts somebody out, with a reason, or lets her in again.
func shutForm(href, command string, out bool) form {
	if out {
		return form{Action: href + "/enable", Submit: "web.person_enable", Fields: []field{{Name: "command", Kind: "hidden", Value: command}}}
	}
	return form{Action: href + "/disable", Submit: "web.person_disable", Danger: true, Fields: []field{
		{Name: "command", Kind: "hidden", Value: command},
		{Name: "reason", Kind: "text", Label: "web.person_disable_reason", Hint: "web.person_disable_hint"}}}
}
