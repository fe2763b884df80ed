package rule

import (
	"math/rand/v2"
	"testing"
)

// benchmarkFormula has the ten terms by which expression engines are compared:
// income per head under a line, any of three counts, no car, a region of a
// list, size, status, rooms per head, age of the head; then 100 and 25 for each
// child up to five. About half the rows fail the first term.
const benchmarkFormula = `household.income < line * household.size
	&& (household.disabled > 0 || household.elderly > 0 || household.orphans > 0)
	&& !household.car
	&& household.region in [region.west, region.south, region.coast]
	&& household.size >= 2
	&& household.status == "resident"
	&& household.rooms < household.size * 2
	&& household.head_age >= 18
	? dinars(100) + dinars(25) * least(household.children, 5)
	: dinars(0)`

func benchmarkRows(b *testing.B) (*Rule, []Frame) {
	l, err := NewLanguage(Schema{
		Enumerations: []Enumeration{{"region", []string{"west", "east", "south", "coast"}}},
		Household: []Fact{
			{"income", TypeMoney}, {"size", TypeInteger}, {"disabled", TypeInteger}, {"elderly", TypeInteger},
			{"orphans", TypeInteger}, {"car", TypeTruth}, {"region", Of("region")}, {"status", TypeText},
			{"rooms", TypeInteger}, {"head_age", TypeInteger}, {"children", TypeInteger},
		},
		Parameters: []Fact{{"line", TypeMoney}},
	})
	if err != nil {
		b.Fatal(err)
	}
	r, err := l.Compile(Source{Text: benchmarkFormula, Want: []Type{TypeMoney}})
	if err != nil {
		b.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	parameters, texts := []Value{Money(200_000)}, []string{"resident", "away"}
	rows := make([]Frame, 4096)
	for i := range rows {
		size := 1 + random.Int64N(9)
		some := func(n int64) Value { return Integer(max(0, random.Int64N(n)-n/2)) }
		rows[i] = Frame{Parameters: parameters, Texts: texts, Household: []Value{
			Value{random.Int64N(400_000) * size, KindMoney, known}, Integer(size), some(3), some(4), some(3),
			Bool(random.IntN(3) == 0), Label(random.IntN(4)), Text(random.IntN(5) / 4),
			Integer(1 + random.Int64N(8)), Integer(16 + random.Int64N(60)), Integer(random.Int64N(8)),
		}}
	}
	return r, rows
}

func BenchmarkTenTerms(b *testing.B) {
	for name, trace := range map[string]*Trace{"plain": nil, "trace": {}} {
		b.Run(name, func(b *testing.B) {
			r, rows := benchmarkRows(b)
			b.ReportAllocs()
			i, paid := 0, 0
			for b.Loop() {
				v, err := r.Evaluate(&rows[i&4095], trace)
				if err != nil {
					b.Fatal(err)
				}
				if v.Money() > 0 {
					paid++
				}
				i++
			}
			if paid == 0 {
				b.Fatal("nobody is paid: the rows show nothing")
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds()/1e6, "Mrows/s")
		})
	}
}

// BenchmarkTenTermsByColumns computes the same formula over 1.3 million
// households, a thousand at a time, on one goroutine.
func BenchmarkTenTermsByColumns(b *testing.B) {
	r, rows := benchmarkRows(b)
	const households, batch = 1_300_000, 1024
	c := r.language.NewColumns(make([]int32, households))
	c.Frame.Parameters, c.Frame.Texts = rows[0].Parameters, rows[0].Texts
	for h := range households {
		for fact, v := range rows[h&4095].Household {
			if err := c.SetHousehold(fact, h, v); err != nil {
				b.Fatal(err)
			}
		}
	}
	e := c.Evaluator()
	paid, done := 0, 0
	for b.Loop() {
		for from := 0; from < households; from += batch {
			to := min(from+batch, households)
			for _, n := range e.Evaluate(r, from, to).vector.number {
				if n > 0 {
					paid++
				}
			}
		}
		done += households
	}
	if paid == 0 {
		b.Fatal("nobody is paid: the rows show nothing")
	}
	b.ReportMetric(float64(done)/b.Elapsed().Seconds()/1e6, "Mrows/s")
}

func BenchmarkCompile(b *testing.B) {
	l := testLanguage(b)
	for b.Loop() {
		if _, err := l.Compile(Source{Text: "member.age_on(month.first) < adult_age && !member.salaried", Scope: ForMember}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkExplain(b *testing.B) {
	r, rows := benchmarkRows(b)
	var trace Trace
	i := 0
	for b.Loop() {
		_, _ = r.Evaluate(&rows[i&4095], &trace)
		_ = trace.Explanation()
		i++
	}
}
