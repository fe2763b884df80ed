package web

import (
	"os"
	"testing"

	"sanad/country"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/text"
)

// Pages ask and show what the country declares, so that every test of them has
// the same country.
func TestMain(m *testing.M) {
	pack, err := country.Pack(country.Libya)
	if err == nil {
		err = policy.Declare(pack)
	}
	if err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

func TestWhatACountryDeclaresIsAskedAndTakenWithoutCode(t *testing.T) {
	f := form{Fields: stepFields("place", nil)}
	answered := answers{"fact_tenure": "rented", "fact_monthly_rent": "450.5", "fact_displaced_since-year": "2019"}
	answered.fill(&f)
	said := answersOf(f).facts(true)
	for name, want := range map[registry.Name]string{"tenure": "rented", "monthly_rent": "450500", "displaced_since": calendar.Of(2019, 0, 0).String()} {
		if said[name] != want {
			t.Errorf("%s: %q, want %q", name, said[name], want)
		}
	}
	if len(said) != 3 {
		t.Errorf("what was not answered was said: %v", said)
	}
	if len(answersOf(f).facts(false)) != 0 {
		t.Error("a fact of the household was said of a person")
	}
}

func TestADeclaredFactIsShownInTheCountrysWords(t *testing.T) {
	sheet := widowed()
	sheet.Facts = append(sheet.Facts, registry.Fact{Name: "tenure", Value: registry.TextValue("rented"), Sources: []int{0}},
		registry.Fact{Name: "rooms", Value: registry.NumberValue(3), Sources: []int{0}})
	shown := map[string]string{}
	for _, v := range (sheetReader{sheet: sheet, today: today, href: "/households/1"}).facts(nil) {
		if words, declared := v.Term.(text.Bilingual); declared {
			shown[words.English] = v.Both.English + v.Text
		}
	}
	if shown["tenure of the dwelling"] != "rented" || shown["number of rooms"] != "3" {
		t.Errorf("shown: %v", shown)
	}
}
