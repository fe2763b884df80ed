package text

import (
	"errors"
	"fmt"
	"testing"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/money"
)

func TestCountChoosesTheArabicForm(t *testing.T) {
	for count, want := range map[int]string{
		0: "لا شيء يحتاج إلى تصحيح.", 1: "خانة واحدة تحتاج إلى تصحيح.", 2: "خانتان تحتاجان إلى تصحيح.",
		3: "3 خانات تحتاج إلى تصحيح.", 11: "11 خانة تحتاج إلى تصحيح.", 1100: "1,100 خانة تحتاج إلى تصحيح.",
	} {
		if got := Say(Arabic, "fault.fields", "count", count); got != want {
			t.Errorf("%d: %s", count, got)
		}
	}
}

func TestPluralCategoriesFollowCLDR(t *testing.T) {
	for count, want := range map[uint64]string{
		0: "zero", 1: "one", 2: "two", 3: "few", 10: "few", 11: "many", 26: "many", 99: "many", 100: "other",
		101: "other", 102: "other", 103: "few", 110: "few", 111: "many", 199: "many", 200: "other", 1000: "other", 1003: "few",
	} {
		if got := pluralNames[plural(Arabic, count)]; got != want {
			t.Errorf("Arabic %d: %s, want %s", count, got, want)
		}
	}
	for count, want := range map[uint64]string{0: "other", 1: "one", 2: "other", 101: "other"} {
		if got := pluralNames[plural(English, count)]; got != want {
			t.Errorf("English %d: %s, want %s", count, got, want)
		}
	}
}

func TestMissingKeysAndArgumentsAreVisible(t *testing.T) {
	if got := Say(English, "no.such_key"); got != "⟦no.such_key⟧" {
		t.Error(got)
	}
	if got := Say(English, "id.malformed"); got != "The identifier “⟦text⟧” is not complete. Copy all 36 characters of it." {
		t.Error(got)
	}
}

func TestValuesAreWrittenForTheirReader(t *testing.T) {
	n := id.ID{1}
	type office string
	for _, c := range []struct {
		value           any
		arabic, english string
	}{
		{"نص", "نص", "نص"},
		{office("LY02"), "LY02", "LY02"},
		{1339, "1,339", "1,339"},
		{int64(-1000000), "−1,000,000", "−1,000,000"},
		{uint8(7), "7", "7"},
		{999, "999", "999"},
		{money.Amount(1250500), "1,250.500", "1,250.500"},
		{money.Amount(1250000), "1,250", "1,250"},
		{money.Amount(-5), "−0.005", "−0.005"},
		{money.Amount(-1 << 63), "−9,223,372,036,854,775.808", "−9,223,372,036,854,775.808"},
		{calendar.Of(2026, 11, 23), "23 نوفمبر 2026", "23 November 2026"},
		{calendar.Of(1977, 8, 0), "أغسطس 1977", "August 1977"},
		{calendar.Of(1977, 0, 0), "1977", "1977"},
		{calendar.Unknown, "غير معروف", "unknown"},
		{calendar.MonthOf(2026, 10), "أكتوبر 2026", "October 2026"},
		{calendar.QuarterOf(2026, 4), "الربع 4 من سنة 2026", "quarter 4 of 2026"},
		{n, n.String(), n.String()},
		{[]string{"أ", "ب"}, "أ، ب", "أ, ب"},
		{Bilingual{Arabic: "منحة", English: "Grant"}, "منحة", "Grant"},
		{Key("calendar.unknown"), "غير معروف", "unknown"},
		{fault.Invalid("calendar.unknown"), "غير معروف", "unknown"},
	} {
		if got := Value(Arabic, c.value); got != c.arabic {
			t.Errorf("%v in Arabic: %s", c.value, got)
		}
		if got := Value(English, c.value); got != c.english {
			t.Errorf("%v in English: %s", c.value, got)
		}
	}
}

func TestInternalErrorsNeverReachThePerson(t *testing.T) {
	err := errors.New("pq: duplicate key value (name)=(محمد)")
	if got := Fault(English, err); got != Say(English, "fault.internal") {
		t.Error(got)
	}
	if got := Fault(English, fmt.Errorf("x: %w", fault.Invalid("money.overflow"))); got != Say(English, "money.overflow") {
		t.Error(got)
	}
	if Fault(Arabic, nil) != "" || Faults(Arabic, nil) != nil {
		t.Error("no error, no message")
	}
}

func TestEveryWrongFieldHasItsMessage(t *testing.T) {
	var inner, list fault.List
	inner.Add("birth", fault.Invalid("fault.unreadable"))
	list.Add("income", fault.Invalid("money.overflow"))
	list.Add("members.2", inner.Err())
	err := list.Err()
	want := []FieldMessage{
		{"income", Say(Arabic, "money.overflow")},
		{"members.2.birth", Say(Arabic, "fault.unreadable")},
	}
	got := Faults(Arabic, err)
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("got %v", got)
	}
	if whole := Fault(Arabic, err); whole != "خانتان تحتاجان إلى تصحيح." {
		t.Error(whole)
	}
	single := Faults(English, fault.Invalid("money.overflow").At("income"))
	if len(single) != 1 || single[0].Field != "income" {
		t.Error(single)
	}
}
