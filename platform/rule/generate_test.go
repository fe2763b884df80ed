package rule

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"sanad/platform/calendar"
)

// author writes random well-typed formulas over the fixture.
type author struct {
	t    *rapid.T
	vars []string
	all  bool // also with tables and conversions, which the comparison with CEL leaves out
}

func (a *author) one(choices ...string) string { return rapid.SampledFrom(choices).Draw(a.t, "choice") }
func (a *author) upTo(n int) int               { return rapid.IntRange(0, n).Draw(a.t, "n") }

func (a *author) member() string {
	m := a.one(a.vars...)
	switch a.upTo(5) {
	case 0:
		return m + ".father"
	case 1:
		return "household.head"
	}
	return m
}

var roundings = []string{"down", "up", "nearest", "even"}

func (a *author) write(kind Kind, depth int) string {
	if depth > 0 && a.upTo(6) == 0 {
		return fmt.Sprintf("(%s ? %s : %s)", a.write(KindTruth, depth-1), a.write(kind, depth-1), a.write(kind, depth-1))
	}
	if a.all && depth > 0 && a.upTo(4) == 0 {
		if text := a.lawful(kind, depth); text != "" {
			return text
		}
	}
	switch kind {
	case KindTruth:
		return a.truth(depth)
	case KindInteger:
		return a.number(depth, kind, a.member()+".children", "household.zone", "adult_age", "0", "3", "-7", "9223372036854775807")
	case KindMoney:
		return a.number(depth, kind, a.member()+".income", "household.rent", "child_amount", "dinars(0)", "dirhams(-1)", "dinars(\"2.005\")", "dirhams(9223372036854775)")
	case KindFixed:
		return a.number(depth, kind, a.member()+".degree", "household.share", "rate", "percent(10)", "fixed(\"-0.000001\")", "fixed(5)")
	case KindDate:
		return a.one(a.member()+".birth_date", a.member()+".death_date", a.member()+".abroad_since",
			"month.first", "month.last", "date(\"2008-02-29\")", "date(\"2026-09-30\")")
	case KindSpan:
		return a.one(a.member()+".age_on", a.member()+".months_away") + "(" +
			a.one(a.member()+".birth_date", "month.first", "month.last", "date(\"2008-02-29\")") + ")"
	case KindEnumeration:
		return a.one(a.member()+".citizenship", "citizenship.libyan", "citizenship.other")
	case KindText:
		return a.one(a.member()+".work", "household.status", "\"a\"", "\"b\"")
	}
	return a.member()
}

func (a *author) truth(depth int) string {
	if depth == 0 {
		return a.one("true", "false", a.member()+".salaried", "household.displaced", a.member()+".alive_on(month.first)",
			a.member()+".living_on(month.last)", "present("+a.member()+".death_date)")
	}
	switch a.upTo(7) {
	case 0, 1:
		parts := []string{a.truth(depth - 1), a.truth(depth - 1), a.truth(depth - 1)}[:2+a.upTo(1)]
		return "(" + strings.Join(parts, a.one(" && ", " || ")) + ")"
	case 2:
		return "!" + "(" + a.truth(depth-1) + ")"
	case 3:
		kind := rapid.SampledFrom([]Kind{KindEnumeration, KindText, KindInteger}).Draw(a.t, "kind")
		return fmt.Sprintf("(%s in [%s, %s])", a.write(kind, 0), a.write(kind, 0), a.write(kind, 0))
	case 4, 5:
		if len(a.vars) < 3 {
			return a.loop(a.one("exists", "all"), func(*author) string { return a.truth(depth - 1) })
		}
	}
	return a.comparison(depth)
}

func (a *author) comparison(depth int) string {
	sign := a.one("<", "<=", ">", ">=", "==", "!=")
	kind := rapid.SampledFrom([]Kind{KindInteger, KindMoney, KindFixed, KindDate, KindSpan, KindSpan, KindEnumeration, KindText, KindMember, KindTruth}).Draw(a.t, "kind")
	if kind == KindEnumeration || kind == KindText || kind == KindMember || kind == KindTruth {
		sign = a.one("==", "!=")
	}
	if kind == KindSpan && a.upTo(2) > 0 {
		return fmt.Sprintf("(%s %s %s)", a.write(KindSpan, 0), sign, a.one("0", "3", "17", "18", "adult_age"))
	}
	return fmt.Sprintf("(%s %s %s)", a.write(kind, depth-1), sign, a.write(kind, depth-1))
}

func (a *author) number(depth int, kind Kind, leaves ...string) string {
	if depth == 0 {
		return a.one(leaves...)
	}
	x, y := a.write(kind, depth-1), a.write(kind, depth-1)
	how := a.one(roundings...)
	switch a.upTo(9) {
	case 0, 1:
		return "(" + x + a.one(" + ", " - ") + y + ")"
	case 2:
		return "(" + x + " * " + a.write(KindInteger, depth-1) + ")"
	case 3:
		return a.one("least", "greatest") + "(" + x + ", " + y + ")"
	case 4:
		return "-(" + x + ")"
	case 5:
		return "divide_" + how + "(" + x + ", " + a.write(KindInteger, depth-1) + ")"
	case 6:
		if kind == KindFixed {
			return "divide_" + how + "(" + a.write(KindMoney, depth-1) + ", " + a.write(KindMoney, depth-1) + ")"
		}
		if kind == KindMoney {
			return "multiply_" + how + "(" + x + ", " + a.write(KindFixed, depth-1) + ")"
		}
		if len(a.vars) < 3 {
			return a.loop("count", func(*author) string { return a.truth(depth - 1) })
		}
	case 7:
		if len(a.vars) < 3 {
			return a.loop("sum", func(*author) string {
				if a.upTo(1) == 0 {
					return a.truth(depth-1) + ", " + a.write(kind, depth-1)
				}
				return a.write(kind, depth-1)
			})
		}
	}
	return a.one(leaves...)
}

// lawful asks tables, turns numbers into others, and looks for dates.
func (a *author) lawful(kind Kind, depth int) string {
	switch kind {
	case KindInteger:
		return a.one("points("+a.member()+".marital, "+a.truth(depth-1)+")", "full_years("+a.write(KindSpan, 0)+")",
			"whole_"+a.one(roundings...)+"("+a.write(KindFixed, depth-1)+")")
	case KindMoney:
		return a.one("limit("+a.write(KindEnumeration, 0)+")", "gift("+a.write(KindInteger, depth-1)+")", "tax("+a.write(KindMoney, depth-1)+")",
			"money_"+a.one(roundings...)+"("+a.write(KindFixed, depth-1)+")")
	case KindFixed:
		return a.one("by_age("+a.write(KindSpan, 0)+")", "levy("+a.write(KindFixed, depth-1)+")", "decimal("+a.write(KindMoney, depth-1)+")",
			"decimal("+a.write(KindInteger, depth-1)+")")
	case KindSpan:
		return a.one("years_between(", "months_between(") + a.write(KindDate, depth-1) + ", " + a.write(KindDate, depth-1) + ")"
	case KindDate:
		if len(a.vars) < 3 {
			return a.loop(a.one("earliest", "latest"), func(*author) string {
				if a.upTo(1) == 0 {
					return a.truth(depth-1) + ", " + a.write(kind, depth-1)
				}
				return a.write(kind, depth-1)
			})
		}
	}
	return ""
}

func (a *author) loop(name string, body func(*author) string) string {
	variable := fmt.Sprint("m", len(a.vars))
	a.vars = append(a.vars, variable)
	text := body(a)
	a.vars = a.vars[:len(a.vars)-1]
	return "household.members." + name + "(" + variable + ", " + text + ")"
}

// formula is a random formula of a random kind of result, of what CEL can
// compute as well.
func formula(t *rapid.T) string { return formulaOf(t, false) }

func formulaOf(t *rapid.T, all bool) string {
	kind := rapid.SampledFrom([]Kind{KindTruth, KindTruth, KindInteger, KindMoney, KindFixed, KindDate}).Draw(t, "kind")
	a := &author{t: t, vars: []string{"member"}, all: all}
	return a.write(kind, rapid.IntRange(0, 4).Draw(t, "depth"))
}

// facts draws a value for a fact; everything it gives is known.
func facts(t *rapid.T, f Fact, members int) Value {
	switch f.Type.Kind {
	case KindTruth:
		return Bool(rapid.Bool().Draw(t, f.Name))
	case KindDate:
		if (f.Name == "death_date" || f.Name == "abroad_since") && rapid.Bool().Draw(t, "absent") {
			return Absent(KindDate)
		}
		return Date(anyDay(t, 2005, 2028))
	case KindEnumeration:
		return Label(rapid.IntRange(0, 2).Draw(t, f.Name))
	case KindText:
		return Text(rapid.IntRange(0, 2).Draw(t, f.Name))
	case KindMember:
		return Member(rapid.IntRange(0, members-1).Draw(t, f.Name))
	}
	n := rapid.OneOf(rapid.Int64Range(-3, 20), rapid.Int64Range(0, 3_000_000), rapid.Int64()).Draw(t, f.Name)
	return Value{n, f.Type.Kind, known}
}

func anyDay(t *rapid.T, from, to int) calendar.Date {
	year, month := rapid.IntRange(from, to).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month")
	return calendar.Of(year, month, rapid.IntRange(1, calendar.DaysIn(year, month)).Draw(t, "day"))
}

// frame draws a household of which everything is known.
func frame(t *rapid.T, l *Language) *Frame {
	members := rapid.IntRange(1, 4).Draw(t, "members")
	f := october(l, members)
	f.Texts = []string{"a", "b", "c"}
	fill := func(values []Value, declared []Fact) {
		for i := range declared {
			values[i] = facts(t, declared[i], members)
		}
	}
	fill(f.Household, l.schema.Household)
	for m := range members {
		fill(l.Facts(f, m), l.schema.Members)
	}
	f.Member = rapid.IntRange(0, members-1).Draw(t, "member")
	return f
}
