package policy

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/rule"
	"sanad/platform/text"
)

// turningsOf explains a household without a database.
func turningsOf(t *testing.T, p *Programme, sheet *registry.Sheet) (*explainer, []Turning) {
	t.Helper()
	d, err := newDecider(p, october)
	if err != nil {
		t.Fatal(err)
	}
	lines, _, err := d.household(sheet, []stranger{}, func(id.ID) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	e := &explainer{decider: d, explanation: Explanation{Programme: p, Month: october,
		Decision: Decision{Household: sheet.Household, From: october, outcome: encodeOutcome(sheet.Household, lines)}}}
	x, err := e.explain(sheet, []stranger{})
	if err != nil {
		t.Fatal(err)
	}
	all, err := x.Turnings()
	if err != nil {
		t.Fatal(err)
	}
	return e, all
}

// changed is the sheet with a way's facts written into it.
func (e *explainer) changed(w Way) *registry.Sheet {
	sheet := e.sheet.Clone()
	for _, c := range w.Changes {
		facts := &sheet.Facts
		if c.cell.member >= 0 {
			facts = &sheet.Members[c.cell.member].Facts
		}
		var kept []registry.Fact
		for _, f := range *facts {
			if f.Name != c.Fact {
				kept = append(kept, f)
			}
		}
		*facts = append(kept, registry.Fact{Name: c.Fact, Value: e.recorded(c), Sources: []int{0}})
		if e.definition(c.cell).reading == ifAny && c.value.Truth() != calendar.Yes {
			*facts = kept
		}
	}
	return sheet
}

func (e *explainer) recorded(c ChangedFact) registry.Value {
	switch definition := e.definition(c.cell); definition.rule.Type.Kind {
	case rule.KindTruth:
		if definition.reading == ifAny {
			return registry.TextValue("1")
		}
		return registry.TruthValue(c.value.Truth() == calendar.Yes)
	case rule.KindDate:
		if c.value.Absent() {
			return registry.DateValue(0)
		}
		return registry.DateValue(c.value.Date())
	case rule.KindEnumeration:
		return registry.TextValue(definition.codes[c.value.Number()])
	default:
		return registry.Value{Number: c.value.Number()}
	}
}

// TestEverySuggestionAppliedTurnsTheOutcome writes each suggestion into the
// sheet and decides the household again from the beginning.
func TestEverySuggestionAppliedTurnsTheOutcome(t *testing.T) {
	const seed, families = 11, 150
	h := &history{random: rand.New(rand.NewPCG(seed, 2))}
	p := grant(t)
	open, ways, times := 0, 0, 0
	for i := range families {
		e, all := turningsOf(t, p, h.family(id.ID{0: 1, 3: byte(i >> 8), 4: byte(i)}))
		for _, turning := range all {
			if !turning.Line.Payable {
				open++
			}
			for _, w := range turning.Ways {
				ways++
				d, _ := newDecider(p, october)
				sheet := e.changed(w)
				lines, _, err := d.household(sheet, []stranger{}, func(id.ID) bool { return false })
				then := lineOf(lines, turning.Person, turning.Component.ID)
				if err != nil || then.Status != Due || turning.Line.Status == Due && !then.Payable {
					t.Fatalf("seed %d, family %d: %s %s; %s: %+v, %v", seed, i, turning.Component.ID, turning.Line.Reason, w.Words(text.English), then, err)
				}
			}
			if turning.By == 0 {
				continue
			}
			times++
			d, _ := newDecider(p, turning.By)
			lines, _, err := d.household(e.sheet, []stranger{}, func(id.ID) bool { return false })
			if err != nil || (lineOf(lines, turning.Person, turning.Component.ID).Status == Due) == (turning.Line.Status == Due) {
				t.Fatalf("seed %d, family %d: time does not turn %+v", seed, i, turning)
			}
		}
	}
	t.Logf("seed %d: %d families, %d lines not payable, %d suggestions and %d months applied, all turn", seed, families, open, ways, times)
	if ways < open/2 || ways < 50 || times < 3 {
		t.Errorf("too little was found: %d ways, %d times for %d lines", ways, times, open)
	}
}

func TestTheThresholdOfAnAgeIsNamedToTheDay(t *testing.T) {
	_, all := turningsOf(t, grant(t), family(id.ID{0: 1}, "role=head sex=male birth=1980", "role=son sex=male birth=2008-09-30 marital_status=single",
		"role=son sex=male birth=2008-11-15 marital_status=single", "role=wife sex=female birth=1985 marital_status=married wage=yes"))
	var said []string
	for _, turning := range all {
		for _, sentence := range turning.Sentences(grant(t), text.English) {
			said = append(said, fmt.Sprintf("%s %s: %s", turning.Component.ID, turning.Line.Status, sentence))
		}
	}
	for _, want := range []string{
		"child refused: It would be due, 100 dinars a month, if “Date of birth” were: 2 October 2008 or later.",
		"child due: From 1 December 2026 it is no longer due, without any change",
		"wife refused: It would be due, 150 dinars a month, if “Wage” were: no.",
	} {
		if !strings.Contains(strings.Join(said, "\n"), want) {
			t.Errorf("%q is not said:\n%s", want, strings.Join(said, "\n"))
		}
	}
}
