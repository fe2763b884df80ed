package rule

import (
	"testing"

	"sanad/platform/calendar"
)

// answer evaluates a member's rule about the first member of a frame.
func answer(t testing.TB, l *Language, f *Frame, text string) string {
	t.Helper()
	v, err := both(t, compileFor(t, l, ForMember, text), f)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return v.String()
}

func TestFormulasGiveTheirAnswer(t *testing.T) {
	l := testLanguage(t)
	f := october(l, 3)
	f.Texts = append(f.Texts, "teacher")
	f.Household[zone], f.Household[rent], f.Household[displaced] = Integer(2), Money(300_000), yes
	f.Household[head], f.Household[share] = Member(1), Fixed(1_500_000)
	child, parent, other := l.Facts(f, 0), l.Facts(f, 1), l.Facts(f, 2)
	child[birthDate], child[deathDate] = Date(calendar.Of(2008, 10, 2)), Absent(KindDate)
	child[citizenship], child[father], child[income] = Label(0), Member(1), Money(0)
	parent[birthDate], parent[deathDate] = Date(calendar.Of(1977, 0, 0)), Date(calendar.Of(2026, 9, 30))
	parent[citizenship], parent[income], parent[work] = Label(1), Money(1_000_500), Text(0)
	parent[father] = Absent(KindMember)
	other[income], other[salaried], other[citizenship] = Money(250_250), no, Label(2)
	for text, want := range map[string]string{
		"member.age_on(month.first) < adult_age":                                             "true",
		"member.age_on(month.last) < adult_age":                                              "false",
		"member.age_on(month.last) == 18":                                                    "true",
		"18 <= member.age_on(month.last)":                                                    "true",
		"member.age_on(month.first)":                                                         "17",
		"household.head.age_on(month.first)":                                                 "48..49",
		"household.head.age_on(month.first) > 47 && household.head.age_on(month.first) < 50": "true",
		"household.head.age_on(month.first) < 49":                                            "?",
		"member.alive_on(month.first)":                                                       "true",
		"member.father.alive_on(month.first)":                                                "false",
		"member.father.alive_on(date(\"2026-09-30\"))":                                       "true",
		"member.father.father.alive_on(month.first)":                                         "?",
		"present(member.father) && !present(member.father.father)":                           "true",
		"present(member.death_date)":                                                         "false",
		"member.living_on(month.first)":                                                      "true",
		"member.living_on(date(\"2008-10-01\"))":                                             "false",
		"member.citizenship == citizenship.libyan":                                           "true",
		"member.citizenship in [citizenship.other, citizenship.undetermined]":                "false",
		"member.father.work == \"teacher\"":                                                  "true",
		"member.father.work in ['driver', 'teacher']":                                        "true",
		"household.head == member.father":                                                    "true",
		"member.father.father == household.head":                                             "false",
		"household.members.exists(m, m.income > dinars(1000))":                               "true",
		"household.members.all(m, m.income >= dinars(0))":                                    "true",
		"household.members.all(m, m.salaried)":                                               "false",
		"household.members.count(m, m.income > dirhams(0))":                                  "2",
		"household.members.count(m, m.salaried)":                                             "?",
		"household.members.sum(m, m.income)":                                                 "1250.750",
		"household.members.sum(m, m.citizenship != citizenship.other, m.income)":             "250.250",
		"household.members.sum(m, m.salaried, dinars(0))":                                    "0.000",
		"household.members.sum(m, m.salaried, dinars(1))":                                    "?",
		"child_amount * 3 - dinars(\"0.250\")":                                               "299.750",
		"divide_down(child_amount, 3)":                                                       "33.333",
		"divide_up(child_amount, 3)":                                                         "33.334",
		"divide_nearest(household.rent, child_amount)":                                       "3",
		"multiply_nearest(household.rent, rate)":                                             "7.500",
		"multiply_even(dirhams(25), percent(10))":                                            "0.002",
		"multiply_nearest(dirhams(25), percent(10))":                                         "0.003",
		"multiply_down(dirhams(-25), percent(10))":                                           "-0.003",
		"least(household.rent, dinars(200))":                                                 "200.000",
		"greatest(-5, household.zone)":                                                       "2",
		"household.displaced ? household.zone : 9":                                           "2",
		"member.salaried ? 7 : 7":                                                            "7",
		"member.salaried ? 7 : 8":                                                            "?",
		"member.salaried && false":                                                           "false",
		"member.salaried || household.displaced":                                             "true",
		"fixed(\"2.5\") + household.share":                                                   "4",
		"household.members.exists(m, household.members.exists(n, n.father == m))":            "true",
	} {
		if got := answer(t, l, f, text); got != want {
			t.Errorf("%s = %s, want %s", text, got, want)
		}
	}
}

func TestExactlyThreeMonthsAwayIsNotMore(t *testing.T) {
	l := testLanguage(t)
	f := october(l, 1)
	for _, c := range []struct {
		since Value
		want  string
	}{
		{Date(calendar.Of(2026, 7, 1)), "false"}, {Date(calendar.Of(2026, 6, 30)), "true"},
		{Date(calendar.Of(2026, 7, 2)), "false"}, {Date(calendar.Of(2026, 7, 0)), "false"},
		{Date(calendar.Of(2026, 0, 0)), "?"}, {Date(calendar.Of(2025, 0, 0)), "true"},
		{Absent(KindDate), "false"}, {Unknown(KindDate), "?"}, {Date(calendar.Of(2027, 0, 0)), "false"},
	} {
		l.Facts(f, 0)[abroadSince] = c.since
		if got := answer(t, l, f, "member.months_away(month.first) > 3"); got != c.want {
			t.Errorf("away since %v: %s, want %s", c.since, got, c.want)
		}
	}
}

func TestPlacesAreFoundByName(t *testing.T) {
	s := testLanguage(t).Schema()
	if s.MemberFact("death_date") != deathDate || s.HouseholdFact("rent") != rent ||
		s.Input("month.last") != 1 || s.Parameter("rate") != 2 || s.MemberFact("birth") != -1 {
		t.Error("a fact stands elsewhere")
	}
	if v := s.Label("citizenship", "other"); v != Label(1) || s.LabelName("citizenship", v) != "other" {
		t.Errorf("other is %v", v)
	}
	if v := s.Label("citizenship", "martian"); v.Known() || s.LabelName("citizenship", v) != "" {
		t.Errorf("an undeclared label is %v", v)
	}
}

func TestResetForgetsTheLastHousehold(t *testing.T) {
	l := testLanguage(t)
	f := october(l, 2)
	l.Facts(f, 0)[salaried], f.Household[displaced], f.Member = yes, yes, 1
	l.Reset(f, 1)
	if got := answer(t, l, f, "member.salaried || household.displaced"); got != "?" {
		t.Errorf("the next household knows %s of the last", got)
	}
	if got := answer(t, l, f, "month.first"); got != "2026-10-01" {
		t.Errorf("the month is %s", got)
	}
	if allocations := testing.AllocsPerRun(10, func() { l.Reset(f, 2) }); allocations != 0 {
		t.Errorf("%v allocations for a household that fits", allocations)
	}
}

func TestEvaluationAllocatesNothing(t *testing.T) {
	l := testLanguage(t)
	f := october(l, 3)
	r := compileFor(t, l, ForMember, "household.members.sum(m, m.age_on(month.first) < 18, child_amount) > dinars(3) && member.work in [\"a\", \"b\"]")
	trace := &Trace{}
	for _, trace := range []*Trace{nil, trace} {
		if n := testing.AllocsPerRun(100, func() { _, _ = r.Evaluate(f, trace) }); n != 0 {
			t.Errorf("%v allocations", n)
		}
	}
}

// TestTheGuidesExample is the worked example of docs/rules.md.
func TestTheGuidesExample(t *testing.T) {
	l := testLanguage(t)
	f := october(l, 1)
	salma := l.Facts(f, 0)
	salma[birthDate], salma[citizenship] = Date(calendar.Of(2008, 10, 2)), Label(0)
	salma[abroadSince], salma[deathDate] = Date(calendar.Of(2026, 7, 1)), Absent(KindDate)
	conditions := []string{
		"member.citizenship == citizenship.libyan", "member.age_on(month.first) < adult_age",
		"member.months_away(month.first) <= 3", "member.alive_on(month.first)",
	}
	for _, condition := range conditions {
		if got := answer(t, l, f, condition); got != "true" {
			t.Errorf("%s: %s", condition, got)
		}
	}
	if got := answer(t, l, f, "child_amount"); got != "100.000" {
		t.Errorf("the amount is %s", got)
	}
	salma[birthDate] = Date(calendar.Of(2008, 0, 0))
	if got := answer(t, l, f, conditions[1]); got != "?" {
		t.Errorf("born in 2008: %s", got)
	}
	salma[birthDate], f.Inputs[0] = Date(calendar.Of(2008, 10, 2)), Date(calendar.Of(2026, 11, 1))
	if got := answer(t, l, f, conditions[1]); got != "false" {
		t.Errorf("in November: %s", got)
	}
}
