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
	Tables: []Table{
		{Name: "limit", Shape: ByLabels, Keys: []Type{Of("citizenship")}, Type: TypeMoney},
		{Name: "points", Shape: ByLabels, Keys: []Type{Of("marital"), TypeTruth}, Type: TypeInteger},
		{Name: "gift", Shape: BySteps, Keys: []Type{TypeInteger}, Type: TypeMoney},
		{Name: "by_age", Shape: BySteps, Keys: []Type{TypeSpan}, Type: TypeFixed},
		{Name: "tax", Shape: ByScale, Keys: []Type{TypeMoney}, Type: TypeMoney, How: "nearest"},
		{Name: "levy", Shape: ByScale, Keys: []Type{TypeFixed}, Type: TypeFixed, How: "down"},
	},
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
	f.Tables = []Figures{
		{Values: []Value{Money(900_000), Money(500_000), Unknown(KindMoney)}},
		{Values: []Value{Integer(0), Integer(1), Integer(2), Integer(3), Integer(4), Integer(5), Integer(6), Integer(7)}},
		{From: []int64{1, 5}, Values: []Value{Money(2_000_000), Money(3_000_000)}},
		{From: []int64{0, 18, 60}, Values: []Value{Fixed(500_000), Fixed(1_000_000), Fixed(1_500_000)}},
		{From: []int64{0, 1_000_000, 2_000_000}, Values: []Value{Fixed(0), Fixed(100_000), Fixed(235_000)}},
		{From: []int64{0, 3_000_000}, Values: []Value{Fixed(333_333), Fixed(-50_000)}},
	}
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
