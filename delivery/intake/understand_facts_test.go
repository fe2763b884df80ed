package intake

import (
	"testing"

	"sanad/delivery/registry"
	"sanad/platform/text"
)

func TestDeclaredFactsAreReadByHeadingTypeAndWords(t *testing.T) {
	// The names are unlike those of any country, as the process keeps what is
	// declared.
	err := registry.Declare([]registry.Definition{
		{Number: 9001, Name: "test_roof", Household: true, Type: registry.TypeCode, Codes: []string{"tin", "tiles"}, Headings: []string{"السقف"},
			Title: text.Bilingual{Arabic: "نوع السقف", English: "roof"}, Labels: []text.Bilingual{{Arabic: "صفيح", English: "tin"}, {Arabic: "قرميد", English: "tiles"}}, Words: [][]string{{"زنك"}, nil}},
		{Number: 9002, Name: "test_pay", Type: registry.TypeMoney, Title: text.Bilingual{Arabic: "الأجر اليومي", English: "day's pay"}},
		{Number: 9003, Name: "test_sick", Type: registry.TypeTruth, Title: text.Bilingual{Arabic: "مريض", English: "sick"}},
		{Number: 9004, Name: "test_since", Type: registry.TypeDate, Title: text.Bilingual{Arabic: "منذ متى", English: "since when"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	m := &Mapping{headings: map[string]Meaning{}, nothing: map[string]bool{"": true}, terms: map[Meaning]map[string]Term{HasSalary: {"نعم": {Code: "yes"}}}}
	c := &Columns{mapping: m, at: map[Meaning]int{}}
	headings := []string{"السقف", "الاجر اليومي", "test_sick", "since when", "لون الباب"}
	for at, heading := range headings {
		c.bind(at, heading)
	}
	if len(c.facts) != 4 || len(c.extra) != 1 {
		t.Fatalf("%d columns of facts, %d others", len(c.facts), len(c.extra))
	}
	row := Row{}
	u := understanding{columns: c, row: &row, record: Record{Cells: []Cell{{Text: "زنك"}, {Text: "١٢٫٥٠٠"}, {Text: "نعم"}, {Text: "2024"}, {Text: "أزرق"}}}}
	u.facts()
	want := map[registry.Name]registry.Value{"test_roof": registry.TextValue("tin"), "test_pay": registry.NumberValue(12500),
		"test_sick": registry.TruthValue(true), "test_since": registry.DateValue(20240000)}
	for _, f := range row.Facts {
		if f.Value != want[f.Name] {
			t.Errorf("%s is %+v, want %+v", f.Name, f.Value, want[f.Name])
		}
	}
	if len(row.Facts) != len(want) || len(row.Notes) != 0 {
		t.Errorf("%d facts, notes %v", len(row.Facts), row.Notes)
	}
	u.record.Cells[0].Text, row.Facts = "خشب", nil
	u.facts()
	if len(row.Facts) != 3 || len(row.Notes) != 1 || row.Notes[0].Key != "intake.fact_unread" {
		t.Errorf("an unknown label must be noted and left unknown: %v %v", row.Facts, row.Notes)
	}
}
