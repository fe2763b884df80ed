package api

import (
	"context"
	"encoding/base64"
	"net/http"
	"testing"

	"sanad/platform/access"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
	"sanad/platform/sync"
)

// A branch registers while alone; its file brings the family to the diwan.
func TestABranchsFileReachesTheDiwan(t *testing.T) {
	diwan := openOffice(t, journaltest.Open(t, "sqlite"))
	away := openOffice(t, journaltest.OpenAs(t, "sqlite", journaltest.Node(journal.RoleBranch, branch), store.Options{}))
	there := diwan.hire("suad", access.Administrator, "")
	welcome(t, diwan, there, away)
	here := away.hire("ali", access.HeadOfBranch, branch)
	if card := away.ask(here, "GET /sync/card", nil).is(http.StatusOK); card.text("code") != branch || card.text("fingerprint") == "" {
		t.Errorf("card: %s", card.raw)
	}

	household := away.ask(here, "POST /households", family()).is(http.StatusOK).text("result.household")
	frame := away.ask(here, "POST /sync/peers/diwan/export", nil).is(http.StatusOK)
	sealed := map[string]string{"sealed": frame.text("sealed")}
	if got := diwan.ask(there, "POST /sync/frames", sealed).is(http.StatusOK); got.text("from") != branch || got.at("new."+journal.Branch(branch)).(float64) == 0 {
		t.Errorf("applied: %s", got.raw)
	}
	if again := diwan.ask(there, "POST /sync/frames", sealed).is(http.StatusOK); again.at("new."+journal.Branch(branch)) != 0.0 {
		t.Errorf("the same file twice: %s", again.raw)
	}
	officer := diwan.hire("salem", access.DiwanOfficer, "")
	diwan.ask(officer, "GET /households/"+household, nil).is(http.StatusOK)
	diwan.ask(officer, "POST /events/salary", map[string]any{"household": household, "version": 1, "person": household, "kind": "wage"}).refuses(http.StatusForbidden, "api.not_yours")

	sealed["sealed"] = "AAAA" + frame.text("sealed")[4:]
	diwan.ask(there, "POST /sync/frames", sealed).is(http.StatusUnprocessableEntity)
	if kept := diwan.ask(there, "GET /sync/peers", nil).is(http.StatusOK); kept.text("refused.0.digest") == "" || kept.text("peers.0.code") != branch {
		t.Errorf("a refused file is not in quarantine: %s", kept.raw)
	}
}

// welcome lets the diwan trust a new branch, once with a wrong fingerprint, and
// brings it areas and bodies: what the operator does there on its first day.
func welcome(t *testing.T, diwan *office, token string, away *office) {
	t.Helper()
	theirs, err := sync.CardOf(away.j.Node)
	if err != nil {
		t.Fatal(err)
	}
	diwan.ask(token, "POST /sync/peers", map[string]any{"card": theirs, "fingerprint": "another"}).refuses(http.StatusUnprocessableEntity, "api.other_fingerprint")
	diwan.ask(token, "POST /sync/peers", map[string]any{"card": theirs, "fingerprint": theirs.Fingerprint()}).is(http.StatusOK)
	sealed, err := base64.StdEncoding.DecodeString(diwan.ask(token, "POST /sync/peers/"+branch+"/export", nil).is(http.StatusOK).text("sealed"))
	if err != nil {
		t.Fatal(err)
	}
	ours, err := sync.CardOf(diwan.j.Node)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := away.j.Write(t.Context(), access.System("test"), func(tx *store.Tx) error {
		if err := sync.Trust(tx, ours); err != nil {
			return err
		}
		_, err := sync.Import(tx, sealed, kinds)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func TestNobodyActsAfterTheServerLetGo(t *testing.T) {
	o := openOffice(t, journaltest.Open(t, "sqlite"))
	clerk := o.hire("amna", access.BranchClerk, branch)
	entry, err := o.gate.Login(context.Background(), access.Attempt{Login: "amna", Password: goodPassword + "amna", Address: "test"})
	if err != nil {
		t.Fatal(err)
	}
	admin := o.hire("suad", access.Administrator, "")
	o.ask(admin, "POST /people/"+entry.Person.ID.String()+"/grants/revoke", map[string]string{"role": "clerk", "area": branch})
	o.ask(clerk, "POST /households", family()).is(http.StatusUnauthorized)
}
