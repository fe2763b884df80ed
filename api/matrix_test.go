package api

import (
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"sanad/platform/access"
	"sanad/platform/journal/journaltest"
)

// operations are all endpoints, in the order of the document.
func operations(t *testing.T) (all []*huma.Operation) {
	t.Helper()
	paths := newDoor(Config{}, http.NewServeMux()).api.OpenAPI().Paths
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		at := paths[path]
		for _, op := range []*huma.Operation{at.Get, at.Post, at.Put, at.Delete, at.Patch} {
			if op != nil {
				all = append(all, op)
			}
		}
	}
	if len(all) < 30 {
		t.Fatalf("only %d endpoints found: the search itself is broken", len(all))
	}
	return all
}

var parameter = regexp.MustCompile(`\{\w+\}`)

// line is a request to an endpoint for something that is not there.
func line(op *huma.Operation) (line string, body any) {
	line = op.Method + " " + parameter.ReplaceAllString(op.Path, "0199a3c0-7b1e-7c3a-9f1e-2b8c4d5e6f70")
	if op.RequestBody != nil {
		body = "{}"
	}
	return line, body
}

func TestTheMatrixHoldsAtEveryEndpoint(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	atBranch := []access.Role{access.BranchClerk, access.SocialWorker, access.Supervisor, access.HeadOfBranch}
	for n, role := range access.Roles {
		if role == access.Operator || role == access.Citizen {
			continue // neither is staff who signs in here
		}
		over := ""
		if slices.Contains(atBranch, role) {
			over = branch
		}
		token := o.hire("person"+string(rune('a'+n)), role, over)
		for _, op := range operations(t) {
			need, _ := op.Extensions["x-capability"].(string)
			if need == "" {
				continue
			}
			at, body := line(op)
			r := o.ask(token, at, body)
			if access.Allowed(access.Capability(need), role) != access.InArea {
				r.refuses(http.StatusForbidden, "api.not_yours")
				continue
			}
			if strings.HasSuffix(r.text0("type"), "/api.not_yours") || r.status == http.StatusUnauthorized || r.status >= http.StatusInternalServerError {
				t.Errorf("%s as %s: %d %s", at, role, r.status, r.raw)
			}
		}
	}
}

// text0 is the text at a member, empty where there is none.
func (r reply) text0(name string) string {
	said, _ := r.body[name].(string)
	return said
}

func TestEveryEndpointButTheDoorsNeedsASession(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	open := []string{"login", "problem"}
	for _, op := range operations(t) {
		at, body := line(op)
		r := o.ask("", at, body)
		if slices.Contains(open, op.OperationID) != (r.status != http.StatusUnauthorized) {
			t.Errorf("%s without a session: %d %s", at, r.status, r.raw)
		}
	}
}

func TestEveryChangeNeedsACommandKey(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	admin := o.hire("suad", access.Administrator, "")
	for _, key := range []string{"", "x", "00000000-0000-0000-0000-00000000000"} {
		o.ask(admin, "POST /people", "{}", "Idempotency-Key", key).refuses(http.StatusUnprocessableEntity, "api.no_command_key").names("Idempotency-Key")
	}
}
