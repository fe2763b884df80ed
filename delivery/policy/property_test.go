package policy

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/money"
)

func drawPerson(t *rapid.T, household id.ID) id.ID {
	switch rapid.IntRange(0, 3).Draw(t, "whose") {
	case 0:
		return id.ID{}
	case 1:
		return id.ID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "stranger"))
	}
	return household.Next(rapid.Uint64Range(0, 70000).Draw(t, "step"))
}

func TestAnOutcomeIsReadBackAsItWasPacked(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		household := id.ID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "household"))
		words := rapid.SampledFrom([]string{"", "child", "wife", "no_account", "LY38000000000000000000000"})
		var lines []Line
		for range rapid.IntRange(0, 12).Draw(t, "lines") {
			lines = append(lines, Line{Person: drawPerson(t, household), Component: words.Draw(t, "component"), Status: Status(rapid.IntRange(1, 3).Draw(t, "status")),
				Amount: money.Amount(rapid.Int64Range(0, 1<<50).Draw(t, "amount")), Payee: drawPerson(t, household), PayeeHousehold: drawPerson(t, household),
				Account: words.Draw(t, "account"), Payable: rapid.Bool().Draw(t, "payable"), Reason: words.Draw(t, "reason")})
		}
		packed := encodeOutcome(household, lines)
		got, err := decodeOutcome(household, packed)
		if err != nil || !reflect.DeepEqual(got, lines) {
			t.Fatalf("%v\n%+v\n%+v", err, got, lines)
		}
		if !bytes.Equal(encodeOutcome(household, got), packed) {
			t.Fatal("the same outcome has two encodings")
		}
		b := basis{elsewhere: []id.ID{household.Next(3)}, others: []otherSheet{{drawPerson(t, household), drawPerson(t, household), 7}}}
		if read, err := decodeBasis(household, b.encode(household)); err != nil || !reflect.DeepEqual(read, b) {
			t.Fatalf("%v\n%+v\n%+v", err, read, b)
		}
	})
}

func FuzzDecodeOutcome(f *testing.F) {
	f.Add(encodeOutcome(id.ID{1}, []Line{{Person: id.ID{1}.Next(2), Component: "child", Status: Due, Amount: 100000}}))
	f.Fuzz(func(t *testing.T, packed []byte) {
		if lines, err := decodeOutcome(id.ID{1}, packed); err == nil && len(lines) > len(packed) {
			t.Error("more lines than bytes")
		}
		if _, err := decodeBasis(id.ID{1}, packed); err != nil && packed == nil {
			t.Error(err)
		}
	})
}

// TestAFrameHoldsWhatTheSheetSays compares the frame's one walk over a member's
// facts with the registry's own answer, fact by fact.
func TestAFrameHoldsWhatTheSheetSays(t *testing.T) {
	p := grant(t)
	parameters, err := p.parametersOn(october)
	if err != nil {
		t.Fatal(err)
	}
	days := rapid.SampledFrom([]calendar.Date{calendar.Unknown, 20260900, 20260930, 20261001, 20261002, 20260000, 20270101})
	rapid.Check(t, func(t *rapid.T) {
		sheet := &registry.Sheet{Household: id.ID{1}, Version: 1, Sources: []registry.Source{{Kind: registry.Stated, Date: 20260901}, {Kind: registry.Documented, Date: 20261005}}}
		m := registry.Member{Person: id.ID{1}.Next(1)}
		for range rapid.IntRange(0, 6).Draw(t, "facts") {
			name := rapid.SampledFrom([]registry.Name{registry.Wage, registry.Missing, registry.CustodyDisputed}).Draw(t, "name")
			m.Facts = append(m.Facts, registry.Fact{Name: name, Value: registry.TruthValue(rapid.Bool().Draw(t, "value")),
				From: days.Draw(t, "from"), To: days.Draw(t, "to"), Sources: []int{rapid.IntRange(0, 1).Draw(t, "source")}})
		}
		sheet.Members = append(sheet.Members, m)
		f := newFramer(p, october, parameters)
		f.fill(sheet, nil, func(id.ID) bool { return false })
		for place, definition := range memberFacts {
			fact, known := sheet.At(m.Facts, definition.from, october.First())
			got := p.language.Facts(f.frame, 0)[place]
			switch {
			case definition.from != registry.Wage && definition.from != registry.Missing && definition.from != registry.CustodyDisputed:
			case known && got.Truth() != calendar.True(fact.Value.Number == 1):
				t.Fatalf("%s is %v, the sheet says %v", definition.from, got, fact.Value.Number)
			case !known && definition.silent && got.Truth() != calendar.No, !known && !definition.silent && got.Known():
				t.Fatalf("%s is %v, nobody said anything", definition.from, got)
			}
		}
	})
}

func TestAConfirmedReadingRefuses(t *testing.T) {
	body := strings.Replace(grant(t).Text(), "confirmed: null", "confirmed: {by: {ar: الوزير, en: the minister}, letter: 12/2026, date: 2026-09-01}", 1)
	p, findings := read("grant.yaml", body, readableFacts(registry.All()))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	d, err := newDecider(p, october)
	if err != nil {
		t.Fatal(err)
	}
	sheet := family(id.ID{1}, "role=head sex=male birth=1980", "role=daughter sex=female birth=2000 marital_status=divorced")
	lines, _, err := d.household(sheet, nil, func(id.ID) bool { return false })
	if err != nil || len(lines) != 1 || lines[0].Status != Refused || lines[0].Reason != "never-married" {
		t.Errorf("%v %+v", err, lines)
	}
	if p.Digest() == grant(t).Digest() {
		t.Error("confirming a reading must make another release")
	}
}

func TestCommentsAndExamplesMakeNoOtherRelease(t *testing.T) {
	body := grant(t).Text()
	commented := strings.Replace(body, "omar: {role: son, birth: 2008-10-02}", "omar: {role: son, birth: 2008-10-03}", 1)
	if commented == body {
		t.Fatal("nothing was changed")
	}
	p, findings := read("grant.yaml", "# another remark\n"+commented, readableFacts(registry.All()))
	if len(findings) > 0 || p.Digest() != grant(t).Digest() {
		t.Errorf("another digest, %v", findings)
	}
	cheaper, _ := read("grant.yaml", strings.Replace(body, "values: {2013-01-01: 150}", "values: {2013-01-01: 150, 2030-01-01: 200}", 1), readableFacts(registry.All()))
	if cheaper.Digest() == grant(t).Digest() {
		t.Error("another amount must make another release")
	}
}
