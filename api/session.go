package api

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// caller is who a request comes from.
type caller struct {
	session store.Session
	person  access.Person
	token   string
	address string // for counting wrong logins
}

type callerKey struct{}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// purposeLimit is how long a purpose may be, in letters.
const purposeLimit = 300

// admit asks of every request, before its body is read, who sends it, whether
// she may use the endpoint at all, and for its command key.
func (d *door) admit(ctx huma.Context, next func(huma.Context)) {
	e, _ := ctx.Operation().Metadata["endpoint"].(endpoint)
	r, w := humago.Unwrap(ctx)
	r.Body = http.MaxBytesReader(w, r.Body, e.limit()+1) // one more than huma counts to, so that its refusal comes first
	c, err := d.identify(e, r)
	if err != nil {
		_ = huma.WriteErr(d.api, ctx, http.StatusInternalServerError, "refused", err)
		return
	}
	next(huma.WithValue(ctx, callerKey{}, c))
}

func (d *door) identify(e endpoint, r *http.Request) (caller, error) {
	c := caller{address: addressOf(r)}
	if e.open {
		return c, nil
	}
	var err error
	if c.token, err = d.tokenOf(r); err != nil {
		return c, err
	}
	if c.session, c.person, err = d.Gate.Session(r.Context(), c.token); err != nil {
		return c, err
	}
	if c.session.Purpose, err = purposeOf(r); err != nil {
		return c, err
	}
	if err := e.allow(c); err != nil || !e.records {
		return c, err
	}
	key, err := id.Parse(r.Header.Get("Idempotency-Key"))
	if err != nil || key.IsZero() {
		return c, fault.Invalid("api.no_command_key").At("Idempotency-Key")
	}
	c.session.Command = commandOf(c.session.Actor, r, key)
	return c, nil
}

// allow asks whether somebody may use the endpoint anywhere; each verb asks
// again for the area that it touches.
func (e endpoint) allow(c caller) error {
	if c.person.MustSet && !e.always {
		return fault.Forbidden("api.password_first")
	}
	if e.need == "" {
		return nil
	}
	for _, grant := range c.session.Grants {
		if access.Allowed(e.need, access.Role(grant.Role)) == access.InArea {
			return nil
		}
	}
	return fault.Forbidden("api.not_yours", "capability", e.need.Key())
}

var crossOrigin = http.NewCrossOriginProtection()

// tokenOf finds the session's token: in the header Authorization, which no
// other site can send, else in the pages' cookie, where the request must come
// from our own pages if it changes something.
func (d *door) tokenOf(r *http.Request) (string, error) {
	if given := r.Header.Get("Authorization"); given != "" {
		scheme, token, _ := strings.Cut(given, " ")
		if !strings.EqualFold(scheme, "Bearer") || token == "" {
			return "", fault.Forbidden("api.sign_in")
		}
		return strings.TrimSpace(token), nil
	}
	name := "sanad-session"
	if d.Secure || r.TLS != nil {
		name = "__Host-sanad-session"
	}
	cookie, err := r.Cookie(name)
	if err != nil || cookie.Value == "" {
		return "", fault.Forbidden("api.sign_in")
	}
	if err := crossOrigin.Check(r); err != nil {
		return "", fault.Forbidden("api.foreign_request").Because(err)
	}
	return cookie.Value, nil
}

// purposeOf reads why a file is looked at. Headers carry ASCII safely and
// nothing else, so other letters may come percent-encoded.
func purposeOf(r *http.Request) (string, error) {
	given := r.Header.Get("Purpose")
	purpose, err := url.PathUnescape(given)
	if err != nil {
		purpose = given
	}
	purpose = strings.Join(strings.Fields(purpose), " ")
	if !utf8.ValidString(purpose) || utf8.RuneCountInString(purpose) > purposeLimit {
		return "", fault.Invalid("api.bad_purpose", "most", purposeLimit).At("Purpose")
	}
	return purpose, nil
}

func addressOf(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

func sessionEndpoints(d *door) {
	plain(d, endpoint{name: "login", at: "POST /sessions", says: "Sign in: opens a session and answers with its token", open: true,
		more: "Too many wrong attempts for a login or from an address are refused for a while (429). A one-time code is a password, too; nothing but choosing a password is then possible."}, d.login)
	plain(d, endpoint{name: "me", at: "GET /session", says: "Who is signed in, with her roles", always: true}, me)
	plain(d, endpoint{name: "logout", at: "DELETE /session", says: "Sign out: ends the session", always: true}, d.logout)
	plain(d, endpoint{name: "changePassword", at: "PUT /session/password", says: "Choose a password: ends all sessions and opens a new one", always: true,
		more: "present may be left out by who entered with a one-time code."}, d.changePassword)
}

// Entered is an open session.
type Entered struct {
	Token  string `json:"token" doc:"For the header Authorization: Bearer …; kept nowhere else"`
	Person Staff  `json:"person"`
}

type loginInput struct {
	Body struct {
		Login    string `json:"login" minLength:"1" maxLength:"200"`
		Password string `json:"password" minLength:"1" maxLength:"400" doc:"or a one-time code"`
	}
}

func (d *door) login(ctx context.Context, in *loginInput) (Entered, error) {
	entry, err := d.Gate.Login(ctx, access.Attempt{Login: in.Body.Login, Password: in.Body.Password, Address: callerOf(ctx).address})
	return Entered{entry.Token, staffOf(entry.Person)}, err
}

func me(ctx context.Context, _ *struct{}) (Staff, error) {
	return staffOf(callerOf(ctx).person), nil
}

func (d *door) logout(ctx context.Context, _ *struct{}) (Nothing, error) {
	return Nothing{}, d.Gate.Logout(ctx, callerOf(ctx).token)
}

type passwordInput struct {
	Body struct {
		Present string `json:"present,omitempty" maxLength:"400"`
		Next    string `json:"next" minLength:"1" maxLength:"400"`
	}
}

func (d *door) changePassword(ctx context.Context, in *passwordInput) (Entered, error) {
	c := callerOf(ctx)
	entry, err := d.Gate.ChangePassword(ctx, c.token, in.Body.Present, in.Body.Next, c.address)
	return Entered{entry.Token, staffOf(entry.Person)}, err
}
