package web

import "sanad/platform/text"

// loginView asks who works here today.
type loginView struct {
	Form form
	Demo []DemoAccount // in a demonstration: who may be tried
}

// DemoAccount is one invented person of a demonstration, whom every visitor may
// be: the login page shows her password.
type DemoAccount struct {
	Role     text.Key // message that names the role, as access.Role.Key gives it
	Login    string
	Password string
}

// firstRunView lets the holder of the one-time code become the administrator.
type firstRunView struct{ Form form }

// accountView is the reader's own page.
type accountView struct {
	Password form
	MustSet  bool // entered with a one-time code
}

var (
	showLogin    = page[loginView]("access/login")
	showFirstRun = page[firstRunView]("access/first_run")
	showAccount  = page[accountView]("access/account")
)

func loginForm(back string) form {
	return form{Action: "/login", Submit: "web.login_submit", Fields: []field{
		{Name: "back", Kind: "hidden", Value: back},
		{Name: "login", Kind: "code", Label: "web.login_name", Auto: "username"},
		{Name: "password", Kind: "password", Label: "web.password", Auto: "current-password"},
	}}
}

func firstRunForm() form {
	return form{Action: "/first-run", Submit: "web.first_run_submit", Fields: []field{
		{Name: "code", Kind: "code", Label: "web.first_run_code", Hint: "web.first_run_code_hint", Auto: "one-time-code"},
		{Name: "name", Kind: "text", Label: "web.full_name", Auto: "name"},
		{Name: "login", Kind: "code", Label: "web.login_name", Hint: "web.login_name_hint", Auto: "username"},
		{Name: "password", Kind: "password", Label: "web.password_new", Hint: "web.password_hint", Auto: "new-password"},
		{Name: "again", Kind: "password", Label: "web.password_again", Auto: "new-password"},
	}}
}

func passwordForm(mustSet bool) form {
	f := form{Action: "/account/password", Submit: "web.password_change"}
	if !mustSet {
		f.Fields = []field{{Name: "present", Kind: "password", Label: "web.password_present", Auto: "current-password"}}
	}
	f.Fields = append(f.Fields,
		field{Name: "password", Kind: "password", Label: "web.password_new", Hint: "web.password_hint", Auto: "new-password"},
		field{Name: "again", Kind: "password", Label: "web.password_again", Auto: "new-password"})
	return f
}
