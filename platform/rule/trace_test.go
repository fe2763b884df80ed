package rule

import (
	"fmt"
	"strings"
	"testing"

	"sanad/platform/calendar"
)

func TestTraceShowsConditionsWithTheirFacts(t *testing.T) {
	l := testLanguage(t)
	r := compileFor(t, l, ForMember, `member.citizenship == citizenship.libyan
  && (member.age_on(month.first) < adult_age)
  && !member.salaried
  && household.members.exists(m, m.marital == marital.married && m.income > dinars(500))`)
	f := october(l, 2)
	child, mother := l.Facts(f, 0), l.Facts(f, 1)
	child[citizenship], child[birthDate], child[marital] = Label(0), Date(calendar.Of(2008, 9, 30)), Label(0)
	child[income], mother[marital], mother[income] = Money(0), Label(1), Money(700_000)
	var trace Trace
	v, err := r.Evaluate(f, &trace)
	if err != nil || v.Truth() != calendar.No {
		t.Fatalf("%v %v", v, err)
	}
	want := `yes: member.citizenship == citizenship.libyan
  member.citizenship of 0 = 0
no: member.age_on(month.first) < adult_age
  member.birth_date of 0 = 2008-09-30
  month.first = 2026-10-01
  adult_age = 18
unknown: !member.salaried
  member.salaried of 0 = ?
yes: household.members.exists(m, m.marital == marital.married && m.income > dinars(500))
  member.marital of 0 = 0
  member.income of 0 = 0.000
  member.marital of 1 = 1
  member.income of 1 = 700.000
`
	var b strings.Builder
	for _, condition := range trace.Conditions() {
		fmt.Fprintf(&b, "%v: %s\n", condition.Value.Truth(), condition.Text)
		for _, r := range condition.Readings() {
			if r.Member >= 0 {
				fmt.Fprintf(&b, "  %s of %d = %v\n", r.Name, r.Member, r.Value)
			} else {
				fmt.Fprintf(&b, "  %s = %v\n", r.Name, r.Value)
			}
		}
	}
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
	exists := trace.Conditions()[3]
	if len(exists.Parts) != 2 || exists.Parts[1].Member != 1 || exists.Parts[1].Value != yes || exists.Parts[0].Value != no {
		t.Errorf("the turns of exists: %+v", exists.Parts)
	}
}

func TestTraceNamesTheFactsThatAreMissing(t *testing.T) {
	l := testLanguage(t)
	r := compileFor(t, l, ForMember, `member.salaried || household.displaced
		|| (member.age_on(month.first) < adult_age && member.citizenship == citizenship.libyan)
		|| member.father.salaried || (member.children > 3 && member.work == "teacher")`)
	f := october(l, 2)
	child, parent := l.Facts(f, 0), l.Facts(f, 1)
	f.Household[displaced] = no
	child[birthDate], child[citizenship], child[father] = Date(calendar.Of(2008, 0, 0)), Label(0), Member(1)
	child[children], parent[salaried] = Integer(0), Unknown(KindTruth)
	var trace Trace
	if v, err := r.Evaluate(f, &trace); err != nil || v.Known() {
		t.Fatalf("%v %v", v, err)
	}
	want := "[{member.salaried 0 ?} {member.birth_date 0 2008} {member.salaried 1 ?}]"
	if got := fmt.Sprint(trace.Explanation().Missing()); got != want {
		t.Errorf("missing %s, want %s", got, want)
	}
	child[father] = Unknown(KindMember)
	_, _ = r.Evaluate(f, &trace)
	want = "[{member.salaried 0 ?} {member.birth_date 0 2008} {member.father 0 ?}]"
	if got := fmt.Sprint(trace.Explanation().Missing()); got != want {
		t.Errorf("missing %s, want %s", got, want)
	}
}

func TestAMeasureIsOneCondition(t *testing.T) {
	l := testLanguage(t)
	r := compileFor(t, l, ForMember, "member.living_on(month.first)")
	var trace Trace
	if _, err := r.Evaluate(october(l, 1), &trace); err != nil || len(trace.Conditions()) != 1 {
		t.Errorf("%d conditions (%v)", len(trace.Conditions()), err)
	}
}

func TestTraceShowsTheArithmetic(t *testing.T) {
	l := testLanguage(t)
	r := compileFor(t, l, ForHousehold, `household.displaced
		? household.members.sum(m, m.children > 0, child_amount * m.children) + dinars(50)
		: dinars(0)`)
	f := october(l, 2)
	f.Household[displaced] = yes
	l.Facts(f, 0)[children], l.Facts(f, 1)[children] = Integer(0), Integer(3)
	var trace Trace
	v, err := r.Evaluate(f, &trace)
	if err != nil || v != Money(350_000) {
		t.Fatalf("%v %v", v, err)
	}
	want := `350.000 household.displaced ? household.members.sum(m, m.children > 0, child_amount * m.children) + dinars(50) : dinars(0)
  true household.displaced
  350.000 household.members.sum(m, m.children > 0, child_amount * m.children) + dinars(50)
    300.000 household.members.sum(m, m.children > 0, child_amount * m.children)
      false m.children > 0 [0]
        0 m.children
      true m.children > 0 [1]
        3 m.children
      300.000 child_amount * m.children [1]
        100.000 child_amount
        3 m.children
`
	var b strings.Builder
	var show func(Explanation, string)
	show = func(x Explanation, indent string) {
		fmt.Fprintf(&b, "%s%v %s", indent, x.Value, x.Text)
		if x.Member >= 0 {
			fmt.Fprintf(&b, " [%d]", x.Member)
		}
		b.WriteString("\n")
		for _, part := range x.Parts {
			show(part, indent+"  ")
		}
	}
	show(trace.Explanation(), "")
	if b.String() != want {
		t.Errorf("got\n%s", b.String())
	}
	if again := (&Trace{}).Explanation(); again.Text != "" || len((&Trace{}).Readings()) != 0 {
		t.Errorf("a trace of nothing explains %v", again)
	}
}

func TestRuleTellsWhatItReads(t *testing.T) {
	l := testLanguage(t)
	r := compileFor(t, l, ForMember, "household.displaced && member.age_on(month.first) < adult_age && member.father.age_on(month.first) > adult_age")
	want := "household.displaced month.first member.birth_date adult_age member.father"
	if got := strings.Join(r.Reads(), " "); got != want {
		t.Errorf("reads %s, want %s", got, want)
	}
}

func TestFailuresNameTheirPlace(t *testing.T) {
	l := testLanguage(t)
	for text, want := range map[string]string{
		"dinars(1) +\n household.rent * 3":                      "rule.overflow 2:2 household.rent * 3",
		"divide_down(household.rent, household.zone)":           "rule.division_by_zero 1:1 divide_down(household.rent, household.zone)",
		"household.members.sum(m, household.rent)":              "rule.overflow 1:1 household.members.sum(m, household.rent)",
		"-(-household.rent - household.rent)":                   "rule.overflow 1:1 -(-household.rent - household.rent)",
		"household.members.sum(m, m.income) + dinars(1)":        "rule.frame 1:26 m.income",
		"household.rent + (household.head.income + dirhams(1))": "rule.frame 1:19 household.head.income",
	} {
		r := compileFor(t, l, ForHousehold, text)
		f := october(l, 2)
		f.Household[rent], f.Household[zone] = Money(1<<62), Integer(0)
		f.Household[head] = Member(9)
		l.Facts(f, 1)[income] = Integer(3) // not money: a mistake of the caller
		_, err := r.Evaluate(f, nil)
		at, words, ok := At(err)
		key, _, _ := strings.Cut(fmt.Sprint(err), " ")
		if got := fmt.Sprintf("%s %d:%d %s", key, at.Line, at.Column, words); !ok || got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestWrongDeclarationsAreRefused(t *testing.T) {
	date := []Fact{{"birth", TypeDate}}
	for want, s := range map[string]Schema{
		"rule.schema_name":    {Members: []Fact{{"Birth Date", TypeDate}}},
		"rule.schema_twice":   {Members: append(date, date...)},
		"rule.schema_type":    {Parameters: []Fact{{"zone", Of("zones")}}},
		"rule.schema_measure": {Members: date, Measures: []Measure{{"age_on", Ongoing, []string{"birth"}}}},
	} {
		if _, err := NewLanguage(s); fmt.Sprint(err) != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
	if _, err := NewLanguage(Schema{Inputs: []Fact{{"in", TypeDate}}}); err == nil {
		t.Error("a reserved word became a name")
	}
}

// FuzzCompile holds that no text makes the compiler panic, that every refusal
// has a place inside the text's lines, and that what compiles can be evaluated.
func FuzzCompile(f *testing.F) {
	for _, formula := range refused {
		f.Add(formula)
	}
	f.Add("household.members.sum(m, m.children > 0, child_amount * m.children) > dinars(50) ? true : member.salaried")
	l := testLanguage(f)
	f.Fuzz(func(t *testing.T, formula string) {
		r, err := l.Compile(Source{Text: formula, Scope: ForMember})
		if err != nil {
			at, _, ok := At(err)
			if !ok || at.Line > strings.Count(formula, "\n")+1 {
				t.Fatalf("%q: no place in %v", formula, err)
			}
			return
		}
		frame := october(l, 2)
		if v, err := both(t, r, frame); err == nil && v.Kind() != r.Type().Kind {
			t.Fatalf("%q: %v is not a %v", formula, v, r.Type())
		}
	})
}
