package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sanad/delivery/registry"
	"sanad/platform/id"
	"sanad/platform/money"
)

// relief is a programme with every term that a programme can have. TERMS and
// COMPONENTS are filled in by each test.
const relief = `
programme: relief
name: {ar: إغاثة, en: Relief}
owner: ministry
decider: diwan
payer: central-bank
unit: UNIT
rhythm: {assessed: monthly, paid: monthly}
acts:
  - id: act
    name: {ar: قرار, en: Decision}
    articles: [{id: one, text: {ar: نص, en: text}}]
parameters:
  each: {name: {ar: للفرد, en: each}, unit: LYD, basis: act#one, values: {2020-01-01: 100}}
  whole: {name: {ar: للأسرة, en: whole}, unit: LYD, basis: act#one, values: {2020-01-01: 300}, unverified: UNVERIFIED}
  ceiling: {name: {ar: سقف, en: ceiling}, unit: LYD, basis: act#one, values: {2020-01-01: 250}}
  floor: {name: {ar: أرضية, en: floor}, unit: LYD, basis: act#one, values: {2020-01-01: 150}}
  budget: {name: {ar: ميزانية, en: budget}, unit: LYD, basis: act#one, values: {2020-01-01: 300}}
  months: {name: {ar: أشهر, en: months}, unit: months, basis: act#one, values: {2020-01-01: 6}}
components:
  - id: person
    for: member
    name: {ar: فرد, en: Person}
    list: persons
    basis: act#one
    who: member.role != role.head
    conditions: []
    amount: each
    payees: [{id: head, name: {ar: رب الأسرة, en: head}, article: act#one, when: "true", pay: household.head}]
  - id: family
    for: household
    name: {ar: أسرة, en: Family}
    list: families
    basis: act#one
    who: household.members.count(m, true) > 3
    conditions: []
    amount: whole
    payees: [{id: head, name: {ar: رب الأسرة, en: head}, article: act#one, when: "true", pay: household.head}]
TERMS
examples:
EXAMPLES
`

func reliefWith(t testing.TB, unit, unverified, terms string, examples ...string) []string {
	t.Helper()
	body := strings.NewReplacer("UNIT", unit, "UNVERIFIED", unverified, "TERMS", terms, "EXAMPLES", strings.Join(examples, "\n")).Replace(relief)
	p, findings := read("relief.yaml", body, readableFacts(registry.All()))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	var wrong []string
	for i := range p.Examples {
		e := &p.Examples[i]
		mismatches, err := e.run(p)
		if err != nil {
			wrong = append(wrong, err.Error())
		}
		for _, m := range mismatches {
			wrong = append(wrong, fmt.Sprintf("%s %s: want %q, got %q", m.person, m.component, m.want, m.got))
		}
	}
	return wrong
}

func pair3(extra, expect string) string {
	return `  - name: {ar: مثال, en: example}
    month: 2026-10
    family:
      father: {role: head}
      mona: {role: daughter}
      omar: {role: son}
` + extra + "    expect:\n" + expect
}

func TestTermsOfAProgramme(t *testing.T) {
	cases := map[string]struct {
		unverified, terms string
		examples          []string
	}{
		"a ceiling takes from the last line": {"no", "limits: [{id: top, name: {ar: سقف, en: top}, article: act#one, of: household, most: ceiling}]", []string{
			pair3("      sara: {role: daughter}\n", "      mona: {person: refused top}\n      omar: {person: refused top}\n      sara: {person: refused top}\n      father: {family: due 250 to father}\n"),
			pair3("", "      mona: {person: due 100 to father}\n      omar: {person: due 100 to father}\n")}},
		"a floor lifts the first line, and gives nobody who has nothing": {"no", "limits: [{id: low, name: {ar: حد, en: low}, article: act#one, of: person, components: [person], least: floor}]", []string{
			pair3("", "      mona: {person: due 150 to father}\n      omar: {person: due 150 to father}\n      father: {family: none}\n")}},
		"another programme excludes": {"no", "overlaps: [{id: other, programme: pension, of: person, effect: excludes, name: {ar: آخر, en: other}, article: act#one, otherwise: {ar: آخر, en: other}}]", []string{
			pair3("    other_help:\n      mona: {pension: 1}\n", "      mona: {person: refused other}\n      omar: {person: due 100 to father}\n")}},
		"another programme of anybody in the household excludes": {"no", "overlaps: [{id: other, programme: pension, of: household, effect: excludes, name: {ar: آخر, en: other}, article: act#one, otherwise: {ar: آخر, en: other}}]", []string{
			pair3("    other_help:\n      mona: {pension: 1}\n", "      mona: {person: refused other}\n      omar: {person: refused other}\n"),
			pair3("    other_help:\n      mona: {something: 1}\n", "      mona: {person: due 100 to father}\n      omar: {person: due 100 to father}\n")}},
		"another programme reduces, down to nothing": {"no", "overlaps: [{id: other, programme: pension, of: household, effect: reduces, name: {ar: آخر, en: other}, article: act#one, otherwise: {ar: آخر, en: other}}]", []string{
			pair3("    other_help:\n      mona: {pension: 130}\n", "      mona: {person: refused other}\n      omar: {person: due 70 to father}\n")}},
		"an amount that nobody confirmed is due and held": {"yes", "", []string{
			pair3("      sara: {role: daughter}\n", "      mona: {person: due 100 to father}\n      omar: {person: due 100 to father}\n      sara: {person: due 100 to father}\n      father: {family: due 300 to father held amount_unverified}\n")}},
		"another body decides: an indication, never payable": {"no", "indication: yes", []string{
			pair3("", "      mona: {person: due 100 to father held decided_elsewhere}\n      omar: {person: due 100 to father held decided_elsewhere}\n")}},
		"a waiting period ends on its day": {"no", "waiting: {name: {ar: مدة, en: time}, article: act#one, since: member.birth_date, months: months, otherwise: {ar: لم تمض, en: not yet}}", []string{
			pair3("      sara: {role: daughter, birth: 2026-04-01}\n      sami: {role: son, birth: 2026-04-02}\n      salma: {role: daughter, birth: 2026-04}\n", "      mona: {person: pending missing_fact}\n      omar: {person: pending missing_fact}\n      sara: {person: due 100 to father}\n      sami: {person: refused waiting_period}\n      salma: {person: pending missing_fact}\n      father: {family: pending missing_fact}\n")}},
		"who was not reached waits": {"no", "ranking: {name: {ar: ترتيب, en: order}, article: act#one, by: 'household.members.count(m, true)', first: highest, budget: budget}", []string{
			pair3("    places: {mona: served, omar: waits}\n", "      mona: {person: due 100 to father}\n      omar: {person: pending waiting_list}\n")}},
		"help that was had is not given again": {"no", "", []string{
			pair3("    received: {mona: person}\n", "      mona: {person: refused received_before}\n      omar: {person: due 100 to father}\n")}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for _, wrong := range reliefWith(t, "person", c.unverified, c.terms, c.examples...) {
				t.Error(wrong)
			}
		})
	}
}

func TestALimitOrAHoldThatIsWrongIsFound(t *testing.T) {
	wrong := reliefWith(t, "person", "no", "", pair3("", "      mona: {person: due 99 to father}\n      omar: {person: due 100 to father}\n"))
	if len(wrong) != 1 {
		t.Errorf("the tests above could not fail: %v", wrong)
	}
}

func TestNobodyIsPassedOverWhateverTheOrderOfArrival(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		there := supply{money.Amount(rapid.Int64Range(-1, 60).Draw(t, "budget")), rapid.Int64Range(-1, 8).Draw(t, "places")}
		reserved := []Reserve{{ID: "some", Share: rapid.Int64Range(0, 1_000_000).Draw(t, "share")}}
		all := make([]candidate, rapid.IntRange(0, 12).Draw(t, "candidates"))
		for i := range all {
			value := rapid.Int64Range(0, 4).Draw(t, "value")
			all[i] = candidate{household: id.ID{byte(i)}, unit: id.ID{byte(i), 1}, value: value, keys: []int64{value}, cost: money.Amount(rapid.Int64Range(1, 9).Draw(t, "cost")),
				reserves: uint64(rapid.IntRange(0, 1).Draw(t, "reserve"))}
		}
		shuffled := rapid.Permutation(all).Draw(t, "shuffled")
		one, other := slices.Clone(all), shuffled
		places, again := allocate(one, reserved, there), allocate(other, reserved, there)
		if !slices.Equal(places, again) {
			t.Fatalf("%v\n%v", places, again)
		}
		var given money.Amount
		stopped := false
		served := int64(0)
		for i, p := range places {
			if i > 0 && slices.Compare(one[i-1].keys, one[i].keys) > 0 {
				t.Fatal("out of order")
			}
			if p.Served {
				given, served = given+one[i].cost, served+1
			}
			if p.Served && p.Reserved == "" && stopped {
				t.Fatalf("somebody was passed over: %v", places)
			}
			stopped = stopped || !p.Served
		}
		if there.budget != noBound && given > there.budget || there.places != noBound && served > there.places {
			t.Fatalf("gave %d to %d of %+v", given, served, there)
		}
	})
}

func TestCircumstancesAreReadBack(t *testing.T) {
	house := id.ID{9}
	rapid.Check(t, func(t *rapid.T) {
		person := func() id.ID { return house.Next(uint64(rapid.IntRange(1, 70000).Draw(t, "person"))) }
		b := basis{given: circumstances{
			received: []receipt{{person(), "child"}},
			others:   []otherHelp{{"pension", person(), money.Amount(rapid.Int64Min(0).Draw(t, "amount"))}},
			places:   []Place{{person(), rapid.Int64Min(1).Draw(t, "position"), 7, "some", rapid.Bool().Draw(t, "served"), rapid.Int64().Draw(t, "value")}},
		}}
		back, err := decodeBasis(house, b.encode(house))
		if err != nil || !slices.Equal(back.given.received, b.given.received) || !slices.Equal(back.given.others, b.given.others) || !slices.Equal(back.given.places, b.given.places) {
			t.Fatalf("%v\n%+v\n%+v", err, b, back)
		}
	})
}
