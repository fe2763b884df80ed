package web

import (
	"net"
	"strings"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/store"
	"sanad/platform/text"
)

// identify finds out who holds the session of the browser. A session that is
// over leaves nobody, and the route decides what that means.
func (x *exchange) identify() error {
	token := x.site.cookie(x.r, "session")
	if token == "" || x.site.Journal == nil {
		return nil
	}
	who, person, err := x.site.gate.Session(x.r.Context(), token)
	if fault.Of(err) != nil {
		x.site.dropCookie(x.w, x.r, "session")
		return nil
	}
	if err != nil {
		return err
	}
	who.Purpose = text.Say(text.Arabic, "web.purpose_work")
	x.session, x.mustSet = who, person.MustSet
	x.frame.Reader, err = x.readerOf(person)
	return err
}

// readerOf is a person as the frame shows her: by her first role.
func (x *exchange) readerOf(p access.Person) (*reader, error) {
	seen := &reader{Name: text.Bilingual{Arabic: p.Name, English: p.Name}, Role: "web.no_roles"}
	for _, word := range strings.Fields(p.Name) {
		seen.Initials.Arabic += string([]rune(word)[:1]) + " "
	}
	seen.Initials.Arabic = strings.TrimSpace(seen.Initials.Arabic[:min(len(seen.Initials.Arabic), 6)])
	seen.Initials.English = seen.Initials.Arabic
	if len(p.Grants) == 0 {
		return seen, nil
	}
	seen.Role = access.Role(p.Grants[0].Role).Key()
	err := x.read(func(tx *store.Tx) (err error) {
		seen.Office, err = officeName(tx, p.Grants[0].Area)
		return err
	})
	return seen, err
}

// officeName is where somebody works: the branch that serves her area, the
// diwan where that is the whole country.
func officeName(tx *store.Tx, area string) (text.Bilingual, error) {
	if area == "" {
		return text.Bilingual{Arabic: text.Say(text.Arabic, "web.diwan"), English: text.Say(text.English, "web.diwan")}, nil
	}
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return text.Bilingual{}, err
	}
	if branch, found := country.BranchOf(area); found {
		return branch.Name(), nil
	}
	return areaName(tx, area)
}

func loginPage(x *exchange) error {
	if x.signedIn() {
		return x.seeOther(localPath(x.r.URL.Query().Get("back")))
	}
	return showLogin.show(x, x.loginView(localPath(x.r.URL.Query().Get("back"))))
}

func (x *exchange) loginView(back string) loginView {
	v := loginView{Form: loginForm(back), Demo: x.site.Accounts}
	v.Form.Token = x.frame.Token
	return v
}

func login(x *exchange) error {
	back := localPath(value(x.r, "back"))
	entry, err := x.site.gate.Login(x.r.Context(), access.Attempt{Login: value(x.r, "login"), Password: x.r.PostFormValue("password"), Address: x.address()})
	if f := fault.Of(err); f != nil {
		view := x.loginView(back)
		view.Form.read(x.r)
		view.Form.note(f)
		return showLogin.refuse(x, view)
	}
	if err != nil {
		return err
	}
	return x.enter(entry, back)
}

// enter gives the browser its session and a form seed of its own.
func (x *exchange) enter(entry access.Entry, next string) error {
	x.site.setCookie(x.w, x.r, "session", entry.Token, 0)
	x.site.setCookie(x.w, x.r, "form", freshSeed(), 0)
	return x.seeOther(next)
}

// address is where a request comes from, for counting wrong logins.
func (x *exchange) address() string {
	host, _, err := net.SplitHostPort(x.r.RemoteAddr)
	if err != nil {
		return x.r.RemoteAddr
	}
	return host
}

func logout(x *exchange) error {
	if token := x.site.cookie(x.r, "session"); token != "" {
		if err := x.site.gate.Logout(x.r.Context(), token); err != nil {
			return err
		}
	}
	x.site.dropCookie(x.w, x.r, "session")
	return x.seeOther("/login")
}

func firstRunPage(x *exchange) error {
	f := firstRunForm()
	f.Token = x.frame.Token
	return showFirstRun.show(x, firstRunView{f})
}

func firstRun(x *exchange) error {
	f := firstRunForm()
	f.Token = x.frame.Token
	f.read(x.r)
	err := samePasswords(x)
	var entry access.Entry
	if err == nil {
		entry, err = x.site.gate.FirstAdministrator(x.r.Context(), access.FirstRun{Code: f.get("code"), Name: f.get("name"), Login: f.get("login"),
			Password: x.r.PostFormValue("password"), Address: x.address()})
	}
	if refused := fault.Of(err); refused != nil {
		f.note(refused)
		return showFirstRun.refuse(x, firstRunView{f})
	}
	if err != nil {
		return err
	}
	return x.enter(entry, "/")
}

func accountPage(x *exchange) error {
	view := accountView{Password: passwordForm(x.mustSet), MustSet: x.mustSet}
	view.Password.Token = x.frame.Token
	return showAccount.show(x, view)
}

func changePassword(x *exchange) error {
	err := samePasswords(x)
	var entry access.Entry
	if err == nil {
		entry, err = x.site.gate.ChangePassword(x.r.Context(), x.site.cookie(x.r, "session"), x.r.PostFormValue("present"), x.r.PostFormValue("password"), x.address())
	}
	if refused := fault.Of(err); refused != nil {
		view := accountView{Password: passwordForm(x.mustSet), MustSet: x.mustSet}
		view.Password.Token = x.frame.Token
		view.Password.note(refused)
		return showAccount.refuse(x, view)
	}
	if err != nil {
		return err
	}
	return x.enter(entry, "/")
}

func samePasswords(x *exchange) error {
	if x.r.PostFormValue("password") != x.r.PostFormValue("again") {
		return fault.Invalid("web.passwords_differ").At("again")
	}
	return nil
}

// branches are the branches of the country today.
func branches(tx *store.Tx) ([]geography.Body, error) {
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return nil, err
	}
	return country.Bodies(geography.Branch), nil
}

// bodyName is the name of a body by its code, the code itself where none is known.
func bodyName(tx *store.Tx, code string) (text.Bilingual, error) {
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return text.Bilingual{}, err
	}
	if body, found := country.Body(code); found {
		return body.Name(), nil
	}
	return text.Bilingual{Arabic: code, English: code}, nil
}
