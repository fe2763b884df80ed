package registry

import (
	"testing"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"sanad/platform/calendar"
	"sanad/platform/id"
)

func anyDate(t *rapid.T) calendar.Date {
	if rapid.Bool().Draw(t, "unknown date") {
		return calendar.Unknown
	}
	y, m := rapid.IntRange(1800, 2100).Draw(t, "year"), rapid.IntRange(0, 12).Draw(t, "month")
	if m == 0 {
		return calendar.Of(y, 0, 0)
	}
	return calendar.Of(y, m, rapid.IntRange(0, 28).Draw(t, "day"))
}

func anyPerson(t *rapid.T, household id.ID) id.ID {
	if rapid.Bool().Draw(t, "near") {
		return household.Next(rapid.Uint64Range(1, 99).Draw(t, "step"))
	}
	var n id.ID
	copy(n[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
	return n
}

func anyFact(t *rapid.T, household id.ID, sources int) Fact {
	d := rapid.SampledFrom(Definitions).Draw(t, "definition")
	f := Fact{Name: d.Name, From: anyDate(t), To: anyDate(t)}
	switch d.Type {
	case TypeText:
		f.Value = TextValue(rapid.String().Draw(t, "text"))
	case TypeCode:
		f.Value = TextValue(rapid.SampledFrom(append(d.Codes, "غير معروف")).Draw(t, "code"))
	case TypeTruth:
		f.Value = TruthValue(rapid.Bool().Draw(t, "truth"))
	case TypeNumber, TypeMoney:
		f.Value = NumberValue(rapid.Int64().Draw(t, "number"))
	case TypeDate:
		f.Value = rapid.SampledFrom([]Value{NoDate, DateValue(anyDate(t))}).Draw(t, "date")
	case TypePerson:
		f.Value = PersonValue(rapid.SampledFrom([]id.ID{{}, anyPerson(t, household)}).Draw(t, "person"))
	}
	if rapid.IntRange(0, 9).Draw(t, "declared by a pack") == 0 {
		f.Name, f.Value = "pack_fact", Value{Text: "x", Number: -3, Date: anyDate(t), Person: anyPerson(t, household)}
	}
	for i := range sources {
		if rapid.Bool().Draw(t, "source") {
			f.Sources = append(f.Sources, i)
		}
	}
	return f
}

func anySheet(t *rapid.T) *Sheet {
	s := &Sheet{Version: rapid.Int64Range(1, 99).Draw(t, "version"), Branch: "LY010102", File: rapid.String().Draw(t, "file")}
	copy(s.Household[:], rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "household"))
	for range rapid.IntRange(0, 3).Draw(t, "sources") {
		s.Sources = append(s.Sources, Source{Kind: Stated, Body: "b", Document: rapid.String().Draw(t, "paper"), Date: anyDate(t), Import: anyPerson(t, s.Household)})
	}
	for range rapid.IntRange(0, 3).Draw(t, "facts") {
		s.Facts = append(s.Facts, anyFact(t, s.Household, len(s.Sources)))
	}
	for range rapid.IntRange(0, 4).Draw(t, "members") {
		m := Member{Person: anyPerson(t, s.Household)}
		for range rapid.IntRange(0, 5).Draw(t, "member's facts") {
			m.Facts = append(m.Facts, anyFact(t, s.Household, len(s.Sources)))
		}
		s.Members = append(s.Members, m)
	}
	return s
}

func TestASheetIsReadBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := anySheet(t)
		plain := s.Encode()
		if err := cbor.Wellformed(plain); err != nil {
			t.Fatalf("not CBOR: %v", err)
		}
		back, err := Decode(s.Household, s.Version, plain)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(s, back, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("differs: %s", d)
		}
	})
}

// The library is the oracle: what it makes of the bytes, written again by its
// core deterministic rules, must be the same bytes.
func TestASheetsBytesAreDeterministicCBOR(t *testing.T) {
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		plain := anySheet(t).Encode()
		var any any
		if err := cbor.Unmarshal(plain, &any); err != nil {
			t.Skip("text that is not UTF-8")
		}
		again, err := mode.Marshal(any)
		if err != nil || string(again) != string(plain) {
			t.Fatalf("%x is not canonical: %x %v", plain, again, err)
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add((&Sheet{Branch: "LY010102", Sources: []Source{{Kind: Stated}}, Members: []Member{{Facts: []Fact{{Name: Birth, Value: DateValue(19770821), Sources: []int{0}}}}}}).Encode())
	f.Fuzz(func(t *testing.T, b []byte) {
		if s, err := Decode(id.ID{1}, 1, b); err == nil && len(s.Members) > len(b) {
			t.Error("more members than bytes")
		}
	})
}

func TestAFactHoldsFromItsDayAndReachesBackWhenNobodySaidSince(t *testing.T) {
	s := &Sheet{Sources: []Source{{Kind: Stated, Date: 20261005}, {Kind: Documented, Date: 20261101}}}
	facts := []Fact{
		{Name: MaritalStatus, Value: TextValue("single"), Sources: []int{0}},
		{Name: MaritalStatus, Value: TextValue("married"), From: 20261020, Sources: []int{1}},
	}
	for on, want := range map[calendar.Date]string{20260101: "single", 20261005: "single", 20261019: "single", 20261020: "married", 20270101: "married"} {
		if f, _ := s.At(facts, MaritalStatus, on); f.Value.Text != want {
			t.Errorf("on %v: %s, want %s", on, f.Value.Text, want)
		}
	}
	if _, known := s.At(facts, Birth, 20261005); known {
		t.Error("a fact that nobody stated is known")
	}
}

func TestDefinitionsHaveNumbersOfTheirOwn(t *testing.T) {
	seen := map[int]Name{}
	for _, d := range Definitions {
		if other, twice := seen[d.Number]; twice || d.Number == 0 {
			t.Errorf("%s and %s share number %d", d.Name, other, d.Number)
		}
		seen[d.Number] = d.Name
	}
}
