package rule

import (
	"testing"

	"sanad/platform/calendar"
)

// The schema of the tests: a little of everything that the language knows.
var fixture = Schema{
	Enumerations: []Enumeration{
		{"citizenship", []string{"libyan", "other", "undetermined"}},
		{"marital", []string{"never_married", "married", "divorced", "widowed"}},
	},
	Household: []Fact{
		{"zone", TypeInteger}, {"rent", TypeMoney}, {"displaced", TypeTruth},
		{"head", TypeMember}, {"status", TypeText}, {"share", TypeFixed},
	},
	Members: []Fact{
		{"birth_date", TypeDate}, {"death_date", TypeDate}, {"abroad_since", TypeDate},
		{"citizenship", Of("citizenship")}, {"marital", Of("marital")},
		{"salaried", TypeTruth}, {"income", TypeMoney}, {"children", TypeInteger},
		{"father", TypeMember}, {"work", TypeText}, {"degree", TypeFixed},
	},
	Measures: []Measure{
		{"age_on", FullYears, []string{"birth_date"}},
		{"months_away", MonthsSince, []string{"abroad_since"}},
		{"alive_on", NotEnded, []string{"death_date"}},
		{"living_on", Ongoing, []string{"birth_date", "death_date"}},
	},
	Inputs:     []Fact{{"month.first", TypeDate}, {"month.last", TypeDate}},
	Parameters: []Fact{{"adult_age", TypeInteger}, {"child_amount", TypeMoney}, {"rate", TypeFixed}},
}

// The places of the facts above.
const (
	birthDate = iota
	deathDate
	abroadSince
	citizenship
	marital
	salaried
	income
	children
	father
	work
	degree
)

const (
	zone = iota
	rent
	displaced
	head
	status
	share
)

func testLanguage(t testing.TB) *Language {
	t.Helper()
	l, err := NewLanguage(fixture)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func compileFor(t testing.TB, l *Language, scope Scope, text string) *Rule {
	t.Helper()
	r, err := l.Compile(Source{Text: text, Scope: scope})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return r
}

// october is a frame for the month of October 2026 in which nothing else is known.
func october(l *Language, members int) *Frame {
	f := l.NewFrame(members)
	f.Inputs[0], f.Inputs[1] = Date(calendar.Of(2026, 10, 1)), Date(calendar.Of(2026, 10, 31))
	f.Parameters[0], f.Parameters[1], f.Parameters[2] = Integer(18), Money(100_000), Fixed(25_000)
	return f
}

// both evaluates without and with a trace and insists that they agree.
func both(t testing.TB, r *Rule, f *Frame) (Value, error) {
	t.Helper()
	v, err := r.Evaluate(f, nil)
	traced, tracedErr := r.Evaluate(f, &Trace{})
	if v != traced || (err == nil) != (tracedErr == nil) {
		t.Fatalf("%s: %v (%v) without trace, %v (%v) with", r.Text(), v, err, traced, tracedErr)
	}
	return v, err
}
