package web

import (
	"testing"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/text"
)

func TestEveryFactAndCodeHasItsWords(t *testing.T) {
	var keys []text.Key
	for _, d := range registry.Definitions {
		keys = append(keys, factKey(d.Name))
		for _, code := range d.Codes {
			switch d.Name {
			case registry.Role:
				keys = append(keys, roleKey(code))
			case registry.MaritalStatus:
				keys = append(keys, statusKey(code, ""), statusKey(code, "female"), statusKey(code, "male"))
			case registry.Citizenship:
				keys = append(keys, text.Key("web.citizenship_"+code))
			case registry.SexFact:
				keys = append(keys, text.Key("web."+code))
			}
		}
	}
	for _, kind := range registry.TaskKinds {
		keys = append(keys, text.Key("web.task_"+kind))
	}
	for _, h := range registry.Happenings {
		keys = append(keys, text.Key("web.happened_"+string(h)))
	}
	for _, key := range keys {
		if !text.Has(string(key)) {
			t.Errorf("%q is missing from web.ar.toml or web.en.toml", key)
		}
	}
}

func personID(n byte) id.ID { return id.ID{15: n} }

func known(name registry.Name, value registry.Value) registry.Fact {
	return registry.Fact{Name: name, Value: value, Sources: []int{0}}
}

// widowed is a household of a widow, her husband who died, and two children.
func widowed() *registry.Sheet {
	s := &registry.Sheet{Household: personID(9), File: "KHM-1", Sources: []registry.Source{{Kind: registry.Documented, Body: "KHM", Date: calendar.Of(2026, 1, 8)}}}
	add := func(n byte, role, sex, name string, more ...registry.Fact) {
		facts := append([]registry.Fact{known(registry.FullName, registry.TextValue(name)), known(registry.Role, registry.TextValue(role)), known(registry.SexFact, registry.TextValue(sex))}, more...)
		s.Members = append(s.Members, registry.Member{Person: personID(n), Facts: facts})
	}
	add(1, "son", "male", "مفتاح", known(registry.Birth, registry.DateValue(calendar.Of(2008, 12, 12))))
	add(2, "husband", "male", "عبد السلام", known(registry.Death, registry.DateValue(calendar.Of(2023, 2, 14))))
	add(3, "head", "female", "خديجة", known(registry.MaritalStatus, registry.TextValue("widowed")), known(registry.Wage, registry.TruthValue(false)))
	add(4, "daughter", "female", "آية", known(registry.Mother, registry.PersonValue(personID(3))))
	return s
}

func TestFamilyTreeStandsByGenerationWithTheHeadFirst(t *testing.T) {
	rows, ended := sheetReader{sheet: widowed(), today: today, href: "/households/1", asks: true}.tree()
	if len(rows) != 2 || len(rows[0]) != 2 || len(rows[1]) != 2 || !ended {
		t.Fatalf("rows %+v, ended %v", rows, ended)
	}
	head, husband := rows[0][0], rows[0][1]
	if !head.Head || head.Bond != "web.role_head_female" {
		t.Errorf("the head is %+v", head)
	}
	if !husband.Gone || !husband.Bound || !husband.Ended {
		t.Errorf("a husband who died must be dashed and so must his marriage: %+v", husband)
	}
}

func TestWhatIsNotKnownIsShownAsUnknown(t *testing.T) {
	sheet := widowed()
	views := sheetReader{sheet: sheet, today: today, href: "/households/1", asks: true}.facts(&sheet.Members[3])
	unknown := map[any]bool{}
	for _, v := range views {
		if v.Unknown != "" {
			unknown[v.Term] = true
		}
	}
	for _, must := range []any{text.Key("web.fact_birth"), text.Key("web.fact_national_number"), text.Key("web.fact_marital_status"), text.Key("web.fact_citizenship")} {
		if !unknown[must] {
			t.Errorf("%s is not known and not shown as unknown", must)
		}
	}
	if unknown[text.Key("web.fact_sex")] {
		t.Error("sex is known and shown as unknown")
	}
}

func TestFactsCarryValueAndSource(t *testing.T) {
	sheet := widowed()
	r := sheetReader{sheet: sheet, today: today, href: "/households/1", asks: true}
	find := func(m *registry.Member, term text.Key) factView {
		for _, v := range r.facts(m) {
			if v.Term == term {
				return v
			}
		}
		t.Fatalf("no %s", term)
		return factView{}
	}
	if v := find(r.head(), "web.fact_marital_status"); v.Key != "web.status_widowed_female" || v.Source.Kind != "documented" || v.Source.Date != calendar.Of(2026, 1, 8) {
		t.Errorf("marital status %+v", v)
	}
	if v := find(r.head(), "web.fact_wage"); v.Key != "web.no" {
		t.Errorf("wage %+v", v)
	}
	if v := find(&sheet.Members[3], "web.fact_mother"); v.Text != "خديجة" {
		t.Errorf("mother %+v", v)
	}
	if v := find(&sheet.Members[1], "web.fact_death"); v.Date != calendar.Of(2023, 2, 14) {
		t.Errorf("death %+v", v)
	}
}
