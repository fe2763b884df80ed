package access

import (
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

func holding(grants ...store.Grant) *store.Tx {
	return &store.Tx{Session: store.Session{Actor: id.ID{1}, Grants: grants}}
}

func TestTheMatrixCellByCell(t *testing.T) {
	refusal := fault.Forbidden("access.not_allowed")
	for _, capability := range Capabilities {
		for _, role := range Roles {
			tx := holding(store.Grant{Role: string(role), Area: "LY0101"})
			for area, inside := range map[string]bool{"LY0101": true, "LY010102": true, "LY01010203": true, "LY0102": false, "LY01": false, "LY": false, "": false, "LY010": false} {
				err := Require(tx, capability, area)
				if want := inside && cells[capability][role] == InArea; (err == nil) != want || err != nil && !errors.Is(err, refusal) {
					t.Errorf("%s as %s of LY0101 in %q: %v", capability, role, area, err)
				}
			}
			own := RequireOwn(tx, capability, "LY0202", tx.Actor) == nil
			if own != (cells[capability][role] == OwnFile) || RequireOwn(tx, capability, "LY0202", id.ID{2}) == nil || RequireOwn(tx, capability, "LY0202", id.ID{}) == nil {
				t.Errorf("%s as %s on one's own file elsewhere: %v", capability, role, own)
			}
			everywhere := holding(store.Grant{Role: string(role)})
			if got := Require(everywhere, capability, "") == nil; got != (cells[capability][role] == InArea) {
				t.Errorf("%s as %s of the whole country: %v", capability, role, got)
			}
		}
		if Require(holding(), capability, "LY0101") == nil {
			t.Errorf("%s without any role", capability)
		}
	}
}

func TestEveryCapabilityStandsInTheMatrixWithItsSentences(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "matrix.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	declared := 0
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if named, ok := spec.Type.(*ast.Ident); ok && named.Name == "Capability" {
			declared++
			name, _ := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if !slices.Contains(Capabilities, Capability(name)) {
				t.Errorf("%s has no row in the matrix", name)
			}
		}
		return true
	})
	if declared != len(Capabilities) {
		t.Errorf("%d capabilities declared, %d rows", declared, len(Capabilities))
	}
	for _, c := range Capabilities {
		if !text.Has(string(c.Key())) {
			t.Errorf("no sentences for %s", c.Key())
		}
	}
	for _, r := range Roles {
		if !text.Has(string(r.Key())) {
			t.Errorf("no sentences for %s", r.Key())
		}
	}
}

// What the matrix must never say, however it is edited.
func TestDutiesStayApart(t *testing.T) {
	changes := []Capability{RegisterHousehold, RecordLifeEvent, CorrectFact, MoveHousehold, LinkIdentity, ImportFiles, RevertImport, RunProgramme,
		PrepareRelease, ApproveRelease, PrepareList, ApproveList, ExportList, ReadReturns, CloseList, ManagePeople, ResetPasswords, ManageReference}
	never := func(role Role, capabilities ...Capability) {
		for _, c := range capabilities {
			if Allowed(c, role) != Never {
				t.Errorf("%s must not %s", role, c)
			}
		}
	}
	never(InternalAuditor, changes...)
	never(AuditExaminer, changes...)
	never(PolicyAnalyst, append(changes, SeeHousehold, SeeDecision, SearchPeople, SeeList)...)
	never(Administrator, SeeHousehold, SearchPeople, SeeDecision, SeeList, RunProgramme, PrepareList, ApproveList, ExportList, RegisterHousehold)
	never(Operator, PrepareList, ApproveList, CloseList, ApproveRelease, RegisterHousehold, CorrectFact)
	never(FinancialController, PrepareList, RunProgramme, ExportList)
	for _, c := range Capabilities {
		if Allowed(c, Citizen) == InArea || c != ExchangeData && Allowed(c, PartnerSystem) != Never {
			t.Errorf("%s reaches a citizen or a partner", c)
		}
	}
}

func TestAGrantNeverReachesOutsideItsArea(t *testing.T) {
	level := rapid.SampledFrom([]string{"01", "02", "03"})
	path := rapid.Custom(func(t *rapid.T) []string { // nil is the whole country
		if rapid.Bool().Draw(t, "whole") {
			return nil
		}
		return append([]string{"LY"}, rapid.SliceOfN(level, 0, 4).Draw(t, "levels")...)
	})
	rapid.Check(t, func(t *rapid.T) {
		capability := rapid.SampledFrom(Capabilities).Draw(t, "capability")
		asked := path.Draw(t, "asked")
		want := false
		var grants []store.Grant
		for range rapid.IntRange(0, 4).Draw(t, "grants") {
			role, over := rapid.SampledFrom(Roles).Draw(t, "role"), path.Draw(t, "over")
			grants = append(grants, store.Grant{Role: string(role), Area: strings.Join(over, "")})
			inside := len(over) <= len(asked) && slices.Equal(over, asked[:len(over)])
			want = want || inside && Allowed(capability, role) == InArea
		}
		if got := Require(holding(grants...), capability, strings.Join(asked, "")) == nil; got != want {
			t.Fatalf("%s in %v with %v: %v", capability, asked, grants, got)
		}
	})
}

func TestTheCheckerIsAnotherPerson(t *testing.T) {
	maker, checker := id.ID{1}, id.ID{2}
	for actor, want := range map[id.ID]bool{maker: false, checker: true, {}: false, OperatorID: false} {
		tx := &store.Tx{Session: store.Session{Actor: actor}}
		if got := RequireAnother(tx, maker) == nil; got != want {
			t.Errorf("%s checks what %s made: %v", actor, maker, got)
		}
	}
}

func TestARefusalNamesTheCapabilityAndWhoMay(t *testing.T) {
	err := Require(holding(store.Grant{Role: string(BranchClerk), Area: "LY0101"}), ApproveList, "LY0101")
	for language, words := range map[text.Language][]string{text.Arabic: {"اعتماد كشف صرف", "المراقب المالي", "مدير مشروع المنحة"}, text.English: {"Approving a payment list", "Financial controller"}} {
		for _, word := range words {
			if sentence := text.Fault(language, err); !strings.Contains(sentence, word) || strings.Contains(sentence, "⟦") {
				t.Errorf("%q is not in %q", word, sentence)
			}
		}
	}
}

func TestRolesAreReadAsPeopleWriteThem(t *testing.T) {
	for written, want := range map[string]Role{"branch-clerk": BranchClerk, "Branch clerk": BranchClerk, "clerk": BranchClerk, "رئيس الفرع": HeadOfBranch,
		"المراقب المالى": FinancialController, "financial_controller": FinancialController, "admin": Administrator, " director ": GrantDirector} {
		if got, err := ParseRole(written); err != nil || got != want {
			t.Errorf("%q: %q %v", written, got, err)
		}
	}
	if _, err := ParseRole("king"); !errors.Is(err, fault.Invalid("access.no_role")) {
		t.Errorf("king: %v", err)
	}
}

func FuzzParseRole(f *testing.F) {
	f.Add("branch-clerk")
	f.Add("رئيس الفرع")
	f.Fuzz(func(t *testing.T, written string) {
		role, err := ParseRole(written)
		if (err == nil) != slices.Contains(Roles, role) {
			t.Fatalf("%q: %q %v", written, role, err)
		}
	})
}
