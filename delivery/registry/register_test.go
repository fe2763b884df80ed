package registry_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

const (
	derna = "LY010102"
	marj  = "LY010202"
)

// withCountry loads the areas and branches that the tests' families live in.
func withCountry(t testing.TB, j *journal.Journal) {
	t.Helper()
	journaltest.Write(t, j, func(tx *store.Tx) error { return geography.Load(tx, os.DirFS("../../country/libya")) })
}

func as(t testing.TB, j *journal.Journal, role, area string, work func(*store.Tx) error) error {
	t.Helper()
	s := store.Session{Actor: id.ID{15: 7}, Purpose: "test", Grants: []store.Grant{{Role: role, Area: area}}}
	_, err := j.Write(t.Context(), s, work)
	return err
}

func family() registry.NewHousehold {
	return registry.NewHousehold{Branch: derna, Area: derna, Mahalla: "المدينة", Members: []registry.NewMember{
		{Name: "سالم عبد السلام مفتاح الورفلي", Role: "head", Sex: registry.Male, Birth: calendar.Of(1980, 5, 2), MaritalStatus: "married", NationalNumber: "119800000014", Citizenship: "libyan", Phone: "091-2345678"},
		{Name: "خديجة رمضان سالم المسلاتي", Role: "wife", Sex: registry.Female, Birth: calendar.Of(1985, 0, 0), MaritalStatus: "married", NationalNumber: "219850000023", Citizenship: "libyan", Wage: registry.No},
		{Name: "آية سالم عبد السلام الورفلي", Role: "daughter", Sex: registry.Female, Birth: calendar.Of(2012, 3, 3), Mother: 2, Citizenship: "libyan"},
	}}
}

func register(t testing.TB, j *journal.Journal, h registry.NewHousehold) registry.Registration {
	t.Helper()
	var done registry.Registration
	if err := as(t, j, "branch_clerk", h.Branch, func(tx *store.Tx) (err error) {
		done, err = registry.Register(tx, h)
		return err
	}); err != nil {
		t.Fatalf("register: %v", err)
	}
	return done
}

func sheetOf(t testing.TB, j *journal.Journal, household id.ID) *registry.Sheet {
	t.Helper()
	var sheet *registry.Sheet
	if err := j.Read(t.Context(), journaltest.Session("supervisor"), func(tx *store.Tx) (err error) {
		sheet, err = registry.Household(tx, household)
		return err
	}); err != nil {
		t.Fatalf("read: %v", err)
	}
	return sheet
}

func TestARegisteredFamilyIsReadBackAsItWasSaid(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		withCountry(t, j)
		first, second := register(t, j, family()), register(t, j, family())
		if !first.File.Valid() || !strings.HasPrefix(string(first.File), derna+"-") || !strings.Contains(string(second.File), "-000002-") {
			t.Errorf("file numbers %q and %q", first.File, second.File)
		}
		sheet := sheetOf(t, j, first.Household)
		if d := cmp.Diff(first.Sheet, sheet); d != "" {
			t.Error(d)
		}
		aya, _ := sheet.Now(sheet.Members[2].Facts, registry.Father)
		if aya.Value.Person != sheet.Members[0].Person {
			t.Error("a man's daughter has him as father")
		}
	})
}

func TestRegistrationNamesEachFieldThatIsWrong(t *testing.T) {
	h := family()
	h.Area, h.Members[0].NationalNumber, h.Members[1].Birth, h.Members[2].Father = "", "119801", calendar.Of(2031, 1, 1), 3
	h.Members[2].Birth = calendar.Of(1990, 1, 1)
	h.Members[2].Name = " "
	warnings, err := h.Check(calendar.Of(2026, 11, 23))
	var fields []string
	for _, f := range fault.Of(err).Fields {
		fields = append(fields, f.Field+" "+f.Key)
	}
	want := []string{"area registry.area_needed", "members[0].national_number registry.national_number_length", "members[1].birth registry.day_in_future",
		"members[2].name registry.name_needed", "members[2].father registry.tie_to_self"}
	if d := cmp.Diff(want, fields); d != "" {
		t.Error(d)
	}
	if len(warnings) != 2 || warnings[0].Field != "members[1].national_number" || warnings[1].Field != "members[2].mother" {
		t.Errorf("warnings %v", warnings)
	}
}

func TestOnlyWhoMayRegistersAndReads(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		withCountry(t, j)
		register := func(tx *store.Tx) error { _, err := registry.Register(tx, family()); return err }
		for role, area := range map[string]string{"branch_clerk": marj, "diwan_officer": "", "administrator": ""} {
			if err := as(t, j, role, area, register); !errors.Is(err, fault.Forbidden("access.not_allowed")) {
				t.Errorf("%s of %q: %v", role, area, err)
			}
		}
	})
}

func TestANumberOfTwoPersonsIsAcceptedAndBothBranchesAreAsked(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		withCountry(t, j)
		register(t, j, family())
		other := family()
		other.Branch, other.Area = marj, marj
		other.Members = other.Members[:1]
		register(t, j, other)
		for _, branch := range []string{derna, marj} {
			if n := openTasks(t, j, branch, registry.TaskNumberTwice); n != 1 {
				t.Errorf("%s is asked %d times", branch, n)
			}
		}
	})
}

func openTasks(t testing.TB, j *journal.Journal, branch, kind string) (n int) {
	t.Helper()
	if err := j.Read(t.Context(), journaltest.Session("supervisor"), func(tx *store.Tx) error {
		page, err := registry.OpenTasks(tx, branch, registry.TaskPage{Kind: kind})
		n = page.Total
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestABranchWritesItsOwnFamiliesOnly(t *testing.T) {
	j := journaltest.OpenAs(t, "sqlite", journaltest.Node(journal.RoleBranch, derna), store.Options{})
	withCountry(t, j)
	register(t, j, family())
	other := family()
	other.Branch, other.Area = marj, marj
	err := as(t, j, "branch_clerk", marj, func(tx *store.Tx) error { _, err := registry.Register(tx, other); return err })
	if !errors.Is(err, fault.Conflict("registry.branch_elsewhere")) {
		t.Errorf("it wrote for another: %v", err)
	}
}

func TestASheetIsReadAsItWasKnown(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		withCountry(t, j)
		s := register(t, j, family()).Sheet
		before := j.DB.Now()
		if err := as(t, j, "supervisor", "", func(tx *store.Tx) error {
			_, err := registry.RecordDeath(tx, registry.Change{Household: s.Household, Version: 1, On: 20260801}, s.Members[0].Person)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := j.Read(t.Context(), journaltest.Session("supervisor"), func(tx *store.Tx) error {
			then, err := registry.HouseholdAt(tx, s.Household, before)
			if err == nil {
				expect(t, then, s.Members[0].Person, registry.Death, 20261001, "no")
				_, err = registry.HouseholdAt(tx, s.Household, before.AddDate(-1, 0, 0))
			}
			if !errors.Is(err, fault.NotFound("registry.no_household")) {
				t.Errorf("a year before: %v", err)
			}
			views, err := journal.Views(tx, s.Household, 5)
			if len(views) != 0 {
				t.Error("nobody had looked before")
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := j.Read(t.Context(), journaltest.Session("supervisor"), func(tx *store.Tx) error {
			views, err := journal.Views(tx, s.Household, 5)
			if len(views) == 0 {
				t.Error("a look left no trace")
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
