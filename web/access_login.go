package web

// loginView asks who works here today.
type loginView struct {
	Form form
	Demo []demoAccount // in a demonstration: who may be tried
}

// demoAccount is one invented person with her invented password.
type demoAccount struct {
	Name, Role, Login, Password string
}

// firstRunView lets the holder of the one-time code become the administrator.
type firstRunView struct{ Form form }

// accountView is the reader's own page.
type accountView struct {
	Password form
	SignOut  form
}

var (
	showLogin    = page[loginView]("access/login")
	showFirstRun = page[firstRunView]("access/first_run")
	showAccount  = page[accountView]("access/account")
)

func loginForm(offices []option) form {
	f := form{Action: "/login", Submit: "web.login_submit", Fields: []field{
		{Name: "login", Kind: "code", Label: "web.login_name", Auto: "username"},
		{Name: "password", Kind: "password", Label: "web.password", Auto: "current-password"},
	}}
	if len(offices) > 1 {
		f.Fields = append(f.Fields, field{Name: "office", Kind: "select", Label: "web.login_office", Options: offices})
	}
	return f
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

func passwordForm() form {
	return form{Action: "/account/password", Submit: "web.password_change", Fields: []field{
		{Name: "present", Kind: "password", Label: "web.password_present", Auto: "current-password"},
		{Name: "password", Kind: "password", Label: "web.password_new", Hint: "web.password_hint", Auto: "new-password"},
		{Name: "again", Kind: "password", Label: "web.password_again", Auto: "new-password"},
	}}
}
