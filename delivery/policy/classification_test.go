package policy

import (
	"testing"

	"sanad/country"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/money"
)

// A family of three with 1,500 dinars and a father who needs constant care.
func careFamily(income int64) *registry.Sheet {
	s := &registry.Sheet{Household: id.ID{0: 7}, Version: 1, Sources: []registry.Source{{Kind: registry.Stated}}}
	for n, care := range []bool{true, false, false} {
		facts := []registry.Fact{
			{Name: "needs_constant_care", Value: registry.TruthValue(care), Sources: []int{0}},
			{Name: "chronic_illness", Value: registry.TruthValue(false), Sources: []int{0}},
			{Name: "disability_degree", Value: registry.TextValue("none"), Sources: []int{0}},
			{Name: "disability", Value: registry.TextValue("none"), Sources: []int{0}},
			{Name: "income", Value: registry.NumberValue(income * int64(1-min(n, 1))), Sources: []int{0}},
			{Name: registry.FullName, Value: registry.TextValue([]string{"عمر", "سلمى", "ندى"}[n]), Sources: []int{0}},
		}
		s.Members = append(s.Members, registry.Member{Person: s.Household.Next(uint64(n + 1)), Facts: facts})
	}
	return s
}

func libyanClasses(t *testing.T) *Programme {
	t.Helper()
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Calculation(pack, Classification)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAFamilySeesItsClassAndWhatWouldChangeIt(t *testing.T) {
	p := libyanClasses(t)
	done, err := classify(p, careFamily(1_500_000), calendar.Of(2026, 10, 5))
	if err != nil {
		t.Fatal(err)
	}
	// 500 a head: 30; constant care: 15; three members: 4.
	if done.Points.Number() != 49 || done.Class.Number() != 3 || len(done.Missing) != 0 {
		t.Fatalf("%v points, class %v, %d missing", done.Points, done.Class, len(done.Missing))
	}
	found := false
	for _, c := range done.Changes {
		if sum, ok := c.To.(money.Amount); ok && c.AtMost && c.Class == 2 {
			found = true
			if sum != 1_199_999 { // 399.999 a head: ten points more
				t.Errorf("a lower income changes the class at %v", sum)
			}
		}
	}
	if !found {
		t.Errorf("nothing says from which income on the class is another: %v", done.Changes)
	}
}

// Each change that a family is told is computed again, as if it had happened.
func TestEachChangeThatIsToldChangesTheClass(t *testing.T) {
	p := libyanClasses(t)
	told := 0
	for income := int64(0); income < 6_000_000; income += 370_001 {
		done, err := classify(p, careFamily(income), calendar.Of(2026, 10, 5))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range done.Changes {
			sum, ok := c.To.(money.Amount)
			if !ok {
				continue
			}
			told++
			sheet := careFamily(income)
			for i := range sheet.Members {
				for f := range sheet.Members[i].Facts {
					if fact := &sheet.Members[i].Facts[f]; fact.Name == "income" && nameOn(sheet, sheet.Members[i].Person) == c.Fact.Whose {
						fact.Value = registry.NumberValue(int64(sum))
					}
				}
			}
			changed, err := classify(p, sheet, calendar.Of(2026, 10, 5))
			if err != nil || changed.Class.Number() != c.Class || changed.Class == done.Class {
				t.Errorf("income %d: %v for %s gives %v, told was %d (%v)", income, sum, c.Fact.Whose, changed.Class, c.Class, err)
			}
		}
	}
	if t.Logf("%d changes of income told and tried", told); told < 10 {
		t.Error("too few")
	}
}

func TestAClassIsNotGuessedWhereAFactIsMissing(t *testing.T) {
	p := libyanClasses(t)
	sheet := careFamily(1_500_000)
	sheet.Members[1].Facts = sheet.Members[1].Facts[1:]
	done, err := classify(p, sheet, calendar.Of(2026, 10, 5))
	if err != nil {
		t.Fatal(err)
	}
	if done.Class.Known() || len(done.Missing) != 1 || done.Missing[0].Whose != "سلمى" {
		t.Errorf("class %v, missing %v", done.Class, done.Missing)
	}
}
