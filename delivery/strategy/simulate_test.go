package strategy

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sanad/country"
	"sanad/delivery/policy"
	"sanad/platform/fault"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/money"
	"sanad/platform/store"
)

func simulate(t testing.TB, from Source, s Scenario) *Result {
	t.Helper()
	result, err := Simulate(t.Context(), from, grant(t), s, nil)
	if err != nil {
		t.Fatal(err, errors.Unwrap(err))
	}
	return result
}

func scenario(changes ...Setting) Scenario {
	return Scenario{ID: "test", Programme: "wife-and-children-grant", Month: october, Changes: changes, Line: Line{983_820, 5}}
}

func TestADearerGrantCostsWhatItsPersonsCost(t *testing.T) {
	from := FromPopulation(libya(t), 20_000)
	dearer := simulate(t, from, scenario(Setting{"child_amount", "101"}))
	one := dearer.Report.Cost()
	dearest := simulate(t, from, scenario(Setting{"child_amount", "150"}))
	if got, want := dearest.Report.Cost(), one*50; got < want-50 || got > want+50 { // each is rounded to the country
		t.Errorf("fifty dinars cost %v, one costs %v", got, one)
	}
	if dearest.Report.Gained != dearest.Report.Cost() || dearest.Report.Lose != 0 {
		t.Errorf("somebody loses: %+v", dearest.Report.Change)
	}
	before, after := dearest.Poverty[0], dearest.Poverty[1]
	if before.Persons == 0 || before.Poor <= after.Poor || before.Gap <= after.Gap || before.Gini <= after.Gini {
		t.Errorf("poverty before %+v, after %+v", before, after)
	}
	if y, _ := dearest.Year(); y != dearest.Report.Before*12 {
		t.Errorf("a year is %v", y)
	}
}

func TestAReadingIsCosted(t *testing.T) {
	r := simulate(t, FromPopulation(libya(t), 20_000), scenario(Setting{"divorced-daughters", "not-married-now"}))
	if r.Report.Cost() <= 0 || r.Report.Lose+r.Report.Leave > 0 || !strings.Contains(r.Reform, "chosen: not-married-now") {
		t.Errorf("%+v", r.Report.Change)
	}
}

func TestMonthsAreCostedOneByOne(t *testing.T) {
	s := scenario(Setting{"adult_age", "19"})
	s.Months = 3
	r := simulate(t, FromPopulation(libya(t), 5_000), s)
	if len(r.Months) != 3 || r.Months[2].Month != october.Add(2) || r.Months[0].Before != r.Report.Before || r.Months[1].After == r.Months[0].After {
		t.Errorf("%+v", r.Months)
	}
}

func TestTheBudgetNeutralFigureCannotBeBettered(t *testing.T) {
	for _, c := range []struct {
		parameter string
		change    Setting
		budget    money.Amount
	}{
		{"child_amount", Setting{"wife_amount", "200"}, 0},
		{"adult_age", Setting{"child_amount", "120"}, 0},
		{"wife_amount", Setting{"child_amount", "100"}, 600_000_000_000},
		{"months_abroad", Setting{"child_amount", "100"}, 0},
	} {
		s := scenario(c.change)
		s.Search = &Search{Parameter: c.parameter, Budget: c.budget}
		from := FromPopulation(libya(t), 8_000)
		r := simulate(t, from, s)
		step := int64(1)
		for _, other := range []int64{-step, step} {
			q := &quest{Scenario: &s, from: from, reform: mustRead(t, r.Reform), money: r.Found.Parameter != "adult_age" && r.Found.Parameter != "months_abroad", costs: map[int64]money.Amount{}}
			value := figure(t, r.Found.Value, q.money) + other
			if value < 0 {
				continue
			}
			if err := q.try(t.Context(), []int64{value}); err != nil {
				t.Fatal(err)
			}
			off := q.costs[value] - r.Found.Budget
			if abs(off) < abs(r.Found.Residual()) {
				t.Errorf("%s = %s leaves %v, one step further %v", c.parameter, r.Found.Value, r.Found.Residual(), off)
			}
		}
		if r.Found.Cost != r.Report.After {
			t.Errorf("found %v, the report says %v", r.Found.Cost, r.Report.After)
		}
	}
}

func abs(a money.Amount) money.Amount { return max(a, -a) }

func figure(t *testing.T, written string, amount bool) int64 {
	t.Helper()
	a, reading := money.Parse(written)
	if !reading.Exact() {
		t.Fatal(written)
	}
	if amount {
		return int64(a)
	}
	return int64(a) / 1000
}

func mustRead(t *testing.T, body string) *policy.Programme {
	t.Helper()
	p, err := policy.Read("reform", body)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Nineteen of twenty samples must hold the whole within their margins; of forty,
// thirty-four at least do so but once in two thousand times.
func TestMarginsHoldTheTruthAsOftenAsTheySay(t *testing.T) {
	settings := libya(t)
	before, after := grant(t), grant(t, "values: {2013-01-01: 100}", "values: {2013-01-01: 130}")
	whole, err := collect(t.Context(), Synthetic(settings, 60_000), []policy.Case{{Programme: before, Month: october}, {Programme: after, Month: october}}, october)
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(whole.list, func(a, b row) int { // the same each time, whichever goroutine drew them
		return cmp.Or(cmp.Compare(a.income, b.income), cmp.Compare(a.persons, b.persons), cmp.Compare(a.amounts[1], b.amounts[1]))
	})
	truth, line := whole.report(), Line{2_500_000, 5} // some third of the persons, so that small samples meet them
	poor := whole.poverty(line, 1)
	held := map[string]int{}
	const samples, share = 40, 10
	for n := range samples {
		part := &rows{areas: whole.areas}
		for i := range whole.list {
			if i*2654435761>>7%(share*samples)/share == n { // every tenth, others each time
				part.list = append(part.list, whole.list[i])
			}
		}
		of := int64(len(whole.list))
		s := part.sample(of, line)
		got := part.report().scaled(s.Drawn, of)
		within := func(what string, off, margin int64) {
			if max(off, -off) <= margin {
				held[what]++
			}
		}
		within("cost", int64(got.Cost()-truth.Cost()), int64(s.Cost))
		within("gain", got.Gain-truth.Gain, s.Gain)
		within("before", int64(got.Before-truth.Before), int64(s.Before))
		within("headcount", part.poverty(line, 1).Headcount-poor.Headcount, s.HeadcountAfter)
	}
	t.Logf("of %d samples within their margins: %v", samples, held)
	for what, n := range held {
		if n < 34 {
			t.Errorf("%s: only %d of %d samples held the truth", what, n, samples)
		}
	}
	if len(held) != 4 {
		t.Errorf("%v", held)
	}
}

func TestPovertyIsWhatCountingPersonByPersonGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := &rows{}
		line := Line{money.Amount(rapid.Int64Range(1, 5000).Draw(t, "line")), rapid.Int64Range(1, 6).Draw(t, "of")}
		var each []*big.Rat
		for range rapid.IntRange(0, 12).Draw(t, "households") {
			h := row{income: rapid.Int64Range(-1, 9000).Draw(t, "income"), persons: uint8(rapid.IntRange(1, 5).Draw(t, "persons"))}
			h.amounts[0] = rapid.Int64Range(0, 500).Draw(t, "amount")
			r.list = append(r.list, h)
			for range h.persons {
				if h.income >= 0 {
					each = append(each, big.NewRat(h.income+h.amounts[0], int64(h.persons)))
				}
			}
		}
		p := r.poverty(line, 0)
		if int(p.Persons) != len(each) {
			t.Fatalf("%d persons, not %d", p.Persons, len(each))
		}
		edge := big.NewRat(int64(line.Amount), line.Of)
		poor, gap, differences, whole := int64(0), new(big.Rat), new(big.Rat), new(big.Rat)
		for _, y := range each {
			if y.Cmp(edge) < 0 {
				poor++
				gap.Add(gap, new(big.Rat).Quo(new(big.Rat).Sub(edge, y), edge))
			}
			whole.Add(whole, y)
			for _, other := range each {
				d := new(big.Rat).Sub(y, other)
				differences.Add(differences, d.Abs(d))
			}
		}
		if p.Poor != poor {
			t.Fatalf("%d poor, not %d", p.Poor, poor)
		}
		if len(each) == 0 {
			return
		}
		n := new(big.Rat).SetInt64(int64(len(each)))
		near(t, "gap", p.Gap, gap.Quo(gap, n))
		if whole.Sign() > 0 {
			near(t, "gini", p.Gini, differences.Quo(differences, whole.Mul(whole, n.Add(n, n)))) // the mean difference over twice the mean
		}
	})
}

func near(t *rapid.T, what string, got int64, want *big.Rat) {
	want.Mul(want, big.NewRat(millionth, 1))
	if d := want.Sub(want, new(big.Rat).SetInt64(got)); d.Abs(d).Cmp(big.NewRat(1, 1)) > 0 {
		t.Fatalf("%s: %d is off by %s millionths", what, got, d.FloatString(2))
	}
}

func TestASampleOfTheRegistryStandsForTheWhole(t *testing.T) {
	settings := libya(t)
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		settle(t, j, settings, 4_000)
		err := j.Read(t.Context(), journaltest.Session("policy_analyst"), func(tx *store.Tx) error {
			whole := simulate(t, FromRegistry(tx, 0), scenario(Setting{"child_amount", "150"}))
			part := simulate(t, FromRegistry(tx, 400_000), scenario(Setting{"child_amount", "150"}))
			again := simulate(t, FromRegistry(tx, 400_000), scenario(Setting{"child_amount", "150"}))
			if part.Sample != again.Sample || part.Report.Change != again.Report.Change {
				t.Error("the same share asked other households")
			}
			if part.Sample.Of != whole.Sample.Of || part.Sample.Drawn >= part.Sample.Of || part.Sample.Cost == 0 || whole.Sample.Cost != 0 {
				t.Errorf("whole %+v, part %+v", whole.Sample, part.Sample)
			}
			if off := abs(part.Report.Cost() - whole.Report.Cost()); off > 2*part.Sample.Cost {
				t.Errorf("the part says %v, the whole %v, margin %v", part.Report.Cost(), whole.Report.Cost(), part.Sample.Cost)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestAResultIsWrittenWhole(t *testing.T) {
	r := simulate(t, FromPopulation(libya(t), 3_000), scenario(Setting{"child_amount", "150"}))
	var table, object bytes.Buffer
	if err := errors.Join(r.WriteCSV(&table), r.WriteJSON(&object)); err != nil {
		t.Fatal(err)
	}
	if lines := strings.Count(table.String(), "\n"); lines != 2+len(r.Report.Groups) || !strings.HasPrefix(table.String(), "by,key,households,") {
		t.Errorf("%d lines:\n%s", lines, &table)
	}
	var back resultJSON
	if err := json.Unmarshal(object.Bytes(), &back); err != nil || back.Change.Gain != r.Report.Gain || !back.Invented || back.Sample.Cost == 0 || back.Poverty.After.Gini != r.Poverty[1].Gini {
		t.Errorf("%v: %s", err, &object)
	}
}

func TestScenariosOfTheCountryAreRead(t *testing.T) {
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"child-150", "budget-neutral"} {
		s, err := NamedScenario(pack, name)
		if err != nil || s.ID != name {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := s.Reform(grant(t)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestScenariosThatCannotBeSimulatedAreRefused(t *testing.T) {
	for text, key := range map[string]string{
		"\t":                         "strategy.scenario_unread",
		"programme: x\nmonth: never": "strategy.scenario_field",
		"month: 2026-10":             "strategy.scenario_field",
		"programme: x\nmonth: 2026-10\nmonths: 13":     "strategy.scenario_field",
		"programme: x\nmonth: 2026-10\nchange: [1]":    "strategy.scenario_field",
		"programme: x\nmonth: 2026-10\nsample: 110%":   "strategy.scenario_field",
		"programme: x\nmonth: 2026-10\nline: {of: 99}": "strategy.scenario_field",
	} {
		_, err := ReadScenario([]byte(text))
		if f := fault.Of(err); f == nil || f.Key != key && (len(f.Fields) == 0 || f.Fields[0].Key != key) && f.Key != "fault.fields" {
			t.Errorf("%q: %v", text, err)
		}
	}
	for _, change := range []Setting{{"nobody_amount", "3"}, {"child_amount", "3\n4"}, {"child_amount", "much"}, {"divorced-daughters", "never"}} {
		s := scenario(change)
		if _, err := s.Reform(grant(t)); err == nil {
			t.Errorf("%v was accepted", change)
		}
	}
}

func TestAnEditChangesNothingElse(t *testing.T) {
	body := grant(t).Text()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom([]string{"child_amount", "wife_amount", "daughter_amount", "adult_age"}).Draw(t, "name")
		month := october.Add(rapid.IntRange(-40, 40).Draw(t, "month"))
		value := rapid.StringMatching(`[1-9][0-9]{0,2}`).Draw(t, "value")
		edited, err := Edit(body, Setting{name, value}, month)
		if err != nil {
			t.Fatal(err)
		}
		before, after := strings.Split(body, "\n"), strings.Split(edited, "\n")
		if len(before) != len(after) {
			t.Fatalf("%d lines became %d", len(before), len(after))
		}
		changed := 0
		for i := range before {
			if before[i] != after[i] {
				changed++
			}
		}
		if changed != 1 {
			t.Fatalf("%d lines changed", changed)
		}
		again, err := Edit(edited, Setting{name, value}, month)
		if err != nil || again != edited {
			t.Fatalf("the same change again made another text: %v", err)
		}
	})
}

func TestValuesInABlockAreEditedInTheirBlock(t *testing.T) {
	body := "parameters:\n  rent: # by zone\n    unit: LYD\n    values:\n      2020-01-01: {urban: 900, rural: 500}\n      2024-01-01:\n        urban: 950\n        rural: 600\n    basis: x # stays\n"
	edited, err := Edit(body, Setting{"rent", "{urban: 1000, rural: 700}"}, october)
	want := "parameters:\n  rent: # by zone\n    unit: LYD\n    values:\n      2020-01-01: {urban: 900, rural: 500}\n      2024-01-01: {urban: 950, rural: 600}\n      2026-10-01: {urban: 1000, rural: 700}\n    basis: x # stays\n"
	if err != nil || edited != want {
		t.Errorf("%v\n%s", err, edited)
	}
}

func FuzzReadScenario(f *testing.F) {
	f.Add([]byte("programme: x\nmonth: 2026-10\nchange: {child_amount: 150}\nline: {amount: 983.82, of: 5}"))
	f.Add([]byte("change: {a: {b: [1, {c: 2}]}}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, err := ReadScenario(raw)
		if err != nil {
			return
		}
		for _, c := range s.Changes {
			_, _ = Edit("parameters: {a: {values: {2020-01-01: 1}}}\n"+string(raw), c, s.Month) // refuses, or edits
		}
	})
}

// By columns and household by household, a reform comes to the same.
func TestColumnsOweWhatDecisionsDo(t *testing.T) {
	for _, changes := range [][]Setting{{{"child_amount", "150"}}, {{"adult_age", "20"}, {"divorced-daughters", "not-married-now"}},
		{{"pensions-as-salary", "own-work-only"}, {"months_abroad", "1"}, {"wife_amount", "0.001"}}} {
		s := scenario(changes...)
		s.Months = 2
		fast := FromPopulation(libya(t), 45_000)
		slow := fast
		slow.population = nil
		one, other := simulate(t, fast, s), simulate(t, slow, s)
		var a, b bytes.Buffer
		if err := errors.Join(one.WriteJSON(&a), other.WriteJSON(&b)); err != nil {
			t.Fatal(err)
		}
		if a.String() != b.String() {
			t.Errorf("%v:\n%s%s", changes, &a, &b)
		}
	}
}
