package registry_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
)

var today = calendar.Of(2026, 10, 5)

func TestNationalNumberCarriesSexAndYear(t *testing.T) {
	number, err := registry.ParseNationalNumber("219809909546", today)
	if err != nil || number.Sex() != registry.Female || number.BirthYear() != 1980 {
		t.Errorf("%v %v %d: %v", number, number.Sex(), number.BirthYear(), err)
	}
	if none := registry.NationalNumber(""); none.Sex() != "" || none.BirthYear() != 0 {
		t.Error("no number must say nothing")
	}
}

func TestNationalNumberHasHardRules(t *testing.T) {
	for text, key := range map[string]string{
		"":              "registry.national_number_length",
		"21980990954":   "registry.national_number_length",
		"2198099095466": "registry.national_number_length",
		"319809909546":  "registry.national_number_first",
		"218799909546":  "registry.national_number_year",
		"220279909546":  "registry.national_number_year",
		"2198099O9546":  "registry.national_number_digits",
		"٢١٩٨٠٩٩٠٩٥٤٦":  "registry.national_number_digits",
	} {
		if _, err := registry.ParseNationalNumber(text, today); fault.Of(err) == nil || fault.Of(err).Key != key {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestCheckDigitIsPluggableAndOff(t *testing.T) {
	even := func(n registry.NationalNumber) bool { return (n[11]-'0')%2 == 0 }
	rule := registry.NumberRule{Today: today, CheckDigit: even}
	if _, err := rule.Parse("219809909547"); fault.Of(err) == nil || fault.Of(err).Key != "registry.national_number_check" {
		t.Errorf("%v", err)
	}
	if _, err := registry.ParseNationalNumber("219809909547", today); err != nil {
		t.Errorf("off, and yet %v", err)
	}
}

func TestIBANOfLibya(t *testing.T) {
	for _, text := range []string{"LY83002048000020100120361", "ly83 0020 4800 0020 1001 2036 1"} {
		account, err := registry.ParseIBAN(text)
		if err != nil || account != "LY83002048000020100120361" || account.Bank() != "002" || account.Branch() != "048" {
			t.Errorf("%q is %q of %s %s: %v", text, account, account.Bank(), account.Branch(), err)
		}
	}
	for text, key := range map[string]string{
		"":                          "registry.iban_country",
		"TN5910006035183598478831":  "registry.iban_country",
		"LY8300204800002010012036":  "registry.iban_length",
		"LY8300204800002010012036X": "registry.iban_digits",
		"LY83002048000020100120316": "registry.iban_check",
	} {
		if _, err := registry.ParseIBAN(text); fault.Of(err) == nil || fault.Of(err).Key != key {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// TestIBANFindsEveryWrongDigit is what mod-97 promises: one wrong digit, or two
// neighbours exchanged, are always found.
func TestIBANFindsEveryWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		body := rapid.StringMatching(`[0-9]{21}`).Draw(t, "account")
		good := ""
		for check := 2; check <= 98 && good == ""; check++ {
			if account, err := registry.ParseIBAN(fmt.Sprintf("LY%02d%s", check, body)); err == nil {
				good = string(account)
			}
		}
		if good == "" {
			t.Fatal("no check digits fit")
		}
		at := rapid.IntRange(4, 24).Draw(t, "at")
		digit := rapid.StringMatching(`[0-9]`).Draw(t, "digit")
		wrong := good[:at] + digit + good[at+1:]
		if _, err := registry.ParseIBAN(wrong); wrong != good && err == nil {
			t.Fatalf("%s passes beside %s", wrong, good)
		}
		if swapped := good[:at-1] + string(good[at]) + string(good[at-1]) + good[at+1:]; at > 4 && swapped != good {
			if _, err := registry.ParseIBAN(swapped); err == nil {
				t.Fatalf("%s passes beside %s", swapped, good)
			}
		}
	})
}

func FuzzIdentifiers(f *testing.F) {
	f.Add("219809909546")
	f.Add("LY83 0020 4800 0020 1001 2036 1")
	f.Fuzz(func(t *testing.T, text string) {
		if number, err := registry.ParseNationalNumber(text, today); err == nil && (string(number) != text || number.BirthYear() < 1880) {
			t.Fatalf("%q was read as %q", text, number)
		}
		if account, err := registry.ParseIBAN(text); err == nil {
			if again, err := registry.ParseIBAN(strings.ToLower(string(account))); err != nil || again != account {
				t.Fatalf("%q was read as %q, then %q", text, account, again)
			}
		}
	})
}
