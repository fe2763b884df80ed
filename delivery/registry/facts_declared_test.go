package registry

import (
	"bytes"
	"testing"

	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/text"
)

func declared(number int, name Name, kind Type) Definition {
	return Definition{Number: number, Name: name, Type: kind, Title: text.Bilingual{Arabic: "بيان", English: "fact"}}
}

// A branch's sheet goes to nodes with older packs and comes back.
func TestANodeWithAnOlderPackLosesNothing(t *testing.T) {
	before := Declared()
	defer facts.Store(gather(before))
	newer := declared(9101, "test_newer", TypeDate)
	if err := Declare([]Definition{newer}); err != nil {
		t.Fatal(err)
	}
	sheet := &Sheet{Household: id.ID{1}, Version: 1, Sources: []Source{{Kind: Stated, Date: 20260101}}, Members: []Member{{Person: id.ID{2},
		Facts: []Fact{{Name: FullName, Value: TextValue("مريم"), Sources: []int{0}}, {Name: "test_newer", Value: DateValue(20250500), Sources: []int{0}}}}}}
	written := sheet.Encode()

	facts.Store(gather(nil)) // as a node that never heard of the fact
	read, err := Decode(sheet.Household, 1, written)
	if err != nil {
		t.Fatal(err)
	}
	if f := read.Members[0].Facts[1]; f.Name != "fact_9101" || f.Value.Date != calendar.Date(20250500) {
		t.Errorf("read as %+v", f)
	}
	if !bytes.Equal(read.Encode(), written) {
		t.Error("written back in other bytes")
	}
	if _, known := read.Now(read.Members[0].Facts, "test_newer"); known {
		t.Error("known by a name that this node does not have")
	}
	if err := Declare([]Definition{newer}); err != nil {
		t.Fatal(err)
	}
	if again, err := Decode(sheet.Household, 1, written); err != nil || again.Members[0].Facts[1].Name != "test_newer" {
		t.Errorf("not found again by its name: %v", err)
	}
}

func TestAnOlderSheetDoesNotKnowADeclaredFact(t *testing.T) {
	sheet := &Sheet{Household: id.ID{1}, Sources: []Source{{Kind: Stated, Date: 20260101}}}
	older := sheet.Encode()
	defer facts.Store(gather(Declared()))
	if err := Declare([]Definition{declared(9102, "test_later", TypeTruth)}); err != nil {
		t.Fatal(err)
	}
	read, err := Decode(sheet.Household, 1, older)
	if err != nil {
		t.Fatal(err)
	}
	if _, known := read.Now(read.Facts, "test_later"); known {
		t.Error("nobody said anything, and it is known")
	}
}

func TestADeclaredNumberKeepsItsMeaning(t *testing.T) {
	defer facts.Store(gather(Declared()))
	if err := Declare([]Definition{declared(9103, "test_one", TypeTruth)}); err != nil {
		t.Fatal(err)
	}
	for what, other := range map[string]Definition{"another name": declared(9103, "test_two", TypeTruth), "another type": declared(9103, "test_one", TypeDate),
		"another number": declared(9104, "test_one", TypeTruth), "a name of the core": declared(9105, Birth, TypeDate)} {
		if Declare([]Definition{other}) == nil {
			t.Errorf("%s was taken", what)
		}
	}
}
