package api

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
	"sanad/platform/sync"
)

const branch, area = "LY021001", "LY021003"

const goodPassword = "نخلة وبئر وقافلة وقمر"

// office is a node that serves the API to some people.
type office struct {
	t    testing.TB
	j    *journal.Journal
	gate access.Gate
	home string
}

func openOffice(t testing.TB, j *journal.Journal) *office {
	t.Helper()
	if j.Node.Role == journal.RoleBranch {
		return serve(t, j) // areas and bodies come from the diwan
	}
	if _, err := j.Write(t.Context(), access.System("test"), func(tx *store.Tx) error {
		return geography.Load(tx, os.DirFS("../country/libya"))
	}); err != nil {
		t.Fatal(err)
	}
	return serve(t, j)
}

func serve(t testing.TB, j *journal.Journal) *office {
	gate := access.Gate{Journal: j}
	server := httptest.NewServer(Handler(Config{Journal: j, Kinds: kinds, Pack: os.DirFS("../country/libya")}))
	t.Cleanup(server.Close)
	return &office{t, j, gate, server.URL}
}

// hire adds somebody with a role and returns her token.
func (o *office) hire(login string, role access.Role, over string) string {
	o.t.Helper()
	var code string
	_, err := o.j.Write(o.t.Context(), access.System("test"), func(tx *store.Tx) (err error) {
		_, code, err = access.AddPerson(tx, access.NewPerson{Name: "موظف " + login, Login: login, Grants: []store.Grant{{Role: string(role), Area: over}}})
		return err
	})
	if err != nil {
		o.t.Fatalf("hire %s: %v", role, err)
	}
	entry, err := o.gate.Login(context.Background(), access.Attempt{Login: login, Password: code, Address: "test"})
	if err == nil {
		entry, err = o.gate.ChangePassword(context.Background(), entry.Token, "", goodPassword+login, "test")
	}
	if err != nil {
		o.t.Fatalf("hire %s: %v", role, err)
	}
	return entry.Token
}

// reply is an answer of the API.
type reply struct {
	t      testing.TB
	status int
	header http.Header
	raw    string
	body   map[string]any
}

// ask sends a request; headers are name, value, name, value.
func (o *office) ask(token, line string, body any, headers ...string) reply {
	o.t.Helper()
	method, path, _ := strings.Cut(line, " ")
	var content io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(b)
	default:
		written, err := json.Marshal(b)
		if err != nil {
			o.t.Fatal(err)
		}
		content = bytes.NewReader(written)
	}
	r, err := http.NewRequestWithContext(o.t.Context(), method, o.home+Prefix+path, content)
	if err != nil {
		o.t.Fatal(err)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if method == http.MethodPost {
		r.Header.Set("Idempotency-Key", newKey())
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Del(headers[i])
		if headers[i+1] != "" {
			r.Header.Set(headers[i], headers[i+1])
		}
	}
	return o.send(r)
}

func (o *office) send(r *http.Request) reply {
	o.t.Helper()
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(answer.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	out := reply{t: o.t, status: answer.StatusCode, header: answer.Header, raw: string(raw)}
	_ = json.Unmarshal(raw, &out.body)
	if strings.Contains(out.raw, "⟦") {
		o.t.Errorf("%s %s: a word is missing: %s", r.Method, r.URL.Path, raw)
	}
	return out
}

// is fails unless the answer has a status.
func (r reply) is(status int) reply {
	r.t.Helper()
	if r.status != status {
		r.t.Fatalf("status %d, want %d: %.600s", r.status, status, r.raw)
	}
	return r
}

// refuses fails unless the answer is a whole problem document of this name.
func (r reply) refuses(status int, key string) reply {
	r.t.Helper()
	r.is(status)
	if got := r.text("type"); got != Prefix+"/problems/"+key {
		r.t.Fatalf("problem %s, want %s: %s", got, key, r.raw)
	}
	if got := r.header.Get("Content-Type"); got != "application/problem+json" {
		r.t.Errorf("content type %q", got)
	}
	if r.text("title") == "" || r.text("detail") == "" || r.text("detail_ar") == r.text("detail_en") || int(r.body["status"].(float64)) != status {
		r.t.Errorf("an incomplete problem: %s", r.raw)
	}
	return r
}

// at returns what stands at a path: result.sheet.members.0.person.
func (r reply) at(path string) any {
	r.t.Helper()
	var here any = r.body
	for _, step := range strings.Split(path, ".") {
		switch h := here.(type) {
		case map[string]any:
			here = h[step]
		case []any:
			n := int(step[0] - '0')
			if n >= len(h) {
				r.t.Fatalf("nothing at %s of %s: %.600s", step, path, r.raw)
			}
			here = h[n]
		default:
			r.t.Fatalf("nothing at %s of %s: %.600s", step, path, r.raw)
		}
	}
	return here
}

func (r reply) text(path string) string {
	r.t.Helper()
	said, _ := r.at(path).(string)
	return said
}

// names fails unless the problem names all the fields.
func (r reply) names(fields ...string) reply {
	r.t.Helper()
	named := map[string]bool{}
	wrong, _ := r.body["errors"].([]any)
	for _, w := range wrong {
		w := w.(map[string]any)
		named[w["field"].(string)] = true
		if w["detail_ar"] == "" || w["detail_ar"] == w["detail_en"] {
			r.t.Errorf("%s has no sentence of its own in each language", w["field"])
		}
	}
	for _, f := range fields {
		if !named[f] {
			r.t.Errorf("%s is not named: %s", f, r.raw)
		}
	}
	return r
}

var keys byte

func newKey() string {
	var random [10]byte
	keys++
	random[9] = keys
	return id.New(store.Clock(), random).String()
}

var kinds = journal.NewCatalogue(journal.Kinds, geography.Kinds, access.Kinds, registry.Kinds, sync.Kinds).FromBranches(access.Kinds, registry.Kinds)

func TestWhoIsNotSignedInIsToldHow(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	r := o.ask("", "GET /session", nil).refuses(http.StatusUnauthorized, "api.sign_in")
	if r.header.Get("WWW-Authenticate") == "" {
		t.Error("a refusal without WWW-Authenticate")
	}
	o.ask("made-up", "GET /session", nil).refuses(http.StatusUnauthorized, "access.session_over")
	o.ask("", "GET /session", nil, "Authorization", "Basic YTpi").refuses(http.StatusUnauthorized, "api.sign_in")
}

func TestSigningInAndOut(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	o.hire("amna", access.BranchClerk, branch)
	o.ask("", "POST /sessions", map[string]string{"login": "amna", "password": "wrong"}).refuses(http.StatusUnauthorized, "access.wrong_login")
	in := o.ask("", "POST /sessions", map[string]string{"login": "amna", "password": goodPassword + "amna"}).is(http.StatusOK)
	token := in.text("token")
	me := o.ask(token, "GET /session", nil).is(http.StatusOK)
	if me.text("login") != "amna" || me.text("grants.0.role") != "branch_clerk" {
		t.Errorf("me: %s", me.raw)
	}
	o.ask(token, "DELETE /session", nil).is(http.StatusOK)
	o.ask(token, "GET /session", nil).refuses(http.StatusUnauthorized, "access.session_over")
}

func TestWrongPasswordsAreSlowedDown(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	for range 40 {
		if r := o.ask("", "POST /sessions", map[string]string{"login": "nobody", "password": "x"}); r.status != http.StatusUnauthorized {
			r.refuses(http.StatusTooManyRequests, "access.too_many_attempts")
			if r.header.Get("Retry-After") == "" {
				t.Error("nobody is told when to try again")
			}
			return
		}
	}
	t.Error("forty wrong passwords in a row and no refusal")
}

func TestWhoHasAOneTimeCodeChoosesAPasswordFirst(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	admin := o.hire("suad", access.Administrator, "")
	added := o.ask(admin, "POST /people", map[string]any{"name": "آمنة سالم الترهوني", "login": "amna", "grants": []map[string]string{{"role": "head of branch", "area": branch}}}).is(http.StatusOK)
	in := o.ask("", "POST /sessions", map[string]string{"login": "amna", "password": added.text("result.code")}).is(http.StatusOK)
	token := in.text("token")
	o.ask(token, "GET /tasks", nil).refuses(http.StatusForbidden, "api.password_first")
	token = o.ask(token, "PUT /session/password", map[string]string{"next": goodPassword}).is(http.StatusOK).text("token")
	o.ask(token, "GET /tasks?branch="+branch, nil).is(http.StatusOK)

	person := added.text("result.person.id")
	o.ask(admin, "POST /people/"+person+"/grants", map[string]string{"role": "clerk", "area": branch}).is(http.StatusOK)
	o.ask(admin, "POST /people/"+person+"/grants/revoke", map[string]string{"role": "clerk", "area": branch}).is(http.StatusOK)
	o.ask(admin, "POST /people/"+person+"/reset", nil).is(http.StatusOK)
	o.ask(admin, "POST /people/"+person+"/disable", map[string]string{"reason": "انتقلت إلى عمل آخر"}).is(http.StatusOK)
	o.ask(token, "GET /session", nil).is(http.StatusUnauthorized)
	if list := o.ask(admin, "GET /people", nil).is(http.StatusOK); !strings.Contains(list.raw, `"disabled":true`) {
		t.Errorf("nobody is disabled: %s", list.raw)
	}
}
