package registry_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sanad/delivery/registry"
)

func TestAFileNumberWithAWrongDigitIsSeen(t *testing.T) {
	journalNumbers := []registry.FileNumber{"LY010102-2026-000001-0", "LY010102-2026-000001-1", "LY010102-2026-000001-2", "LY010102-2026-000001-3", "LY010102-2026-000001-4",
		"LY010102-2026-000001-5", "LY010102-2026-000001-6", "LY010102-2026-000001-7", "LY010102-2026-000001-8", "LY010102-2026-000001-9"}
	var right registry.FileNumber
	for _, n := range journalNumbers {
		if n.Valid() && right != "" {
			t.Fatalf("both %s and %s are valid", right, n)
		} else if n.Valid() {
			right = n
		}
	}
	if right == "" {
		t.Fatal("none is valid")
	}
	rapid.Check(t, func(t *rapid.T) {
		digits := []byte(right)
		at := rapid.IntRange(2, len(digits)-1).Draw(t, "place")
		next := at + 1
		if digits[at] == '-' {
			return
		}
		wrong := append([]byte{}, digits...)
		if rapid.Bool().Draw(t, "exchange") && next < len(digits) && digits[next] != '-' {
			wrong[at], wrong[next] = wrong[next], wrong[at]
		} else {
			wrong[at] = byte('0' + rapid.IntRange(0, 9).Draw(t, "digit"))
		}
		if string(wrong) != string(right) && registry.FileNumber(wrong).Valid() {
			t.Errorf("%s passes for %s", wrong, right)
		}
	})
	for _, n := range []registry.FileNumber{"", "123", "LY010102-26-000001-3", "LY010102-2026-00000x-3", registry.FileNumber(string(right) + "-1")} {
		if n.Valid() {
			t.Errorf("%q is no number of ours", n)
		}
	}
}

func TestTelephonesAreReadAsPeopleWriteThem(t *testing.T) {
	for written, want := range map[string]registry.PhoneNumber{"091-2345678": "+218912345678", "00218 91 234 5678": "+218912345678", "+218912345678": "+218912345678",
		"218912345678": "+218912345678", "٠٩١٢٣٤٥٦٧٨": "+218912345678", "+20 100 123 4567": "+201001234567", "(091) 2345678": "+218912345678"} {
		if got, err := registry.ParsePhone(written); err != nil || got != want {
			t.Errorf("%q is %q: %v", written, got, err)
		}
	}
	for _, written := range []string{"", "12", "0", "+", "091", "+218", "hello", "0912345678901234567", "+0123456789"} {
		if got, err := registry.ParsePhone(written); err == nil {
			t.Errorf("%q was read as %q", written, got)
		}
	}
}

func FuzzParsePhone(f *testing.F) {
	f.Add("091-2345678")
	f.Add("٠٩١/٢٣٤٥٦٧٨")
	f.Fuzz(func(t *testing.T, written string) {
		number, err := registry.ParsePhone(written)
		if err != nil {
			return
		}
		if again, err := registry.ParsePhone(string(number)); err != nil || again != number {
			t.Errorf("%q is %q, read again %q: %v", written, number, again, err)
		}
		if !strings.HasPrefix(string(number), "+") || len(number) > 16 {
			t.Errorf("%q gives %q", written, number)
		}
	})
}

func FuzzParseValue(f *testing.F) {
	f.Add("birth", "3/3/2011")
	f.Add("income", "1250")
	f.Add("wage", "yes")
	f.Fuzz(func(t *testing.T, fact, written string) {
		value, err := registry.ParseValue(registry.Name(fact), written)
		d := registry.Define(registry.Name(fact))
		if err == nil && (d == nil || d.Type == registry.TypeTruth && value != registry.TruthValue(written == "yes") && written == strings.TrimSpace(written)) {
			t.Errorf("%s %q gives %+v", fact, written, value)
		}
		if err == nil && !value.Date.Valid() {
			t.Errorf("%s %q gives a day that is none", fact, written)
		}
	})
}
