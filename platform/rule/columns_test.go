package rule

import (
	"testing"

	"pgregory.net/rapid"
)

// spare moves a frame's numbers off the two that columns keep for themselves.
func spare(values []Value) {
	for i := range values {
		values[i].number = max(values[i].number, absentLarge+1)
	}
}

// columnsFrom puts frames side by side.
func columnsFrom(t interface{ Fatal(...any) }, l *Language, frames []*Frame) *Columns {
	sizes := make([]int32, len(frames))
	for i, f := range frames {
		sizes[i] = int32(f.Count)
	}
	c := l.NewColumns(sizes)
	c.Frame.Inputs, c.Frame.Parameters, c.Frame.Tables, c.Frame.Texts = frames[0].Inputs, frames[0].Parameters, frames[0].Tables, frames[0].Texts
	for h, f := range frames {
		spare(f.Household)
		spare(f.Members)
		for fact, v := range f.Household {
			if err := c.SetHousehold(fact, h, v); err != nil {
				t.Fatal(err)
			}
		}
		from, _ := c.Members(h)
		for m := range f.Count {
			for fact, v := range l.Facts(f, m) {
				if err := c.SetMember(fact, from+m, v); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return c
}

// TestColumnsMeanWhatOneHouseholdDoes: random formulas over random families,
// unknowns, imprecise dates and overflow among them, give by columns exactly what
// they give household by household.
func TestColumnsMeanWhatOneHouseholdDoes(t *testing.T) {
	l := testLanguage(t)
	formulas, answers, unknowns, failures := 0, 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		text := formulaOf(t, true)
		scope := ForMember
		r, err := l.Compile(Source{Text: text, Scope: scope})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		formulas++
		frames := make([]*Frame, rapid.IntRange(1, 6).Draw(t, "households"))
		for i := range frames {
			if frames[i] = frame(t, l); rapid.Bool().Draw(t, "forget") {
				frames[i] = forget(t, l, frames[i])
				frames[i].Inputs, frames[i].Parameters = frames[0].Inputs, frames[0].Parameters
			}
		}
		c := columnsFrom(t, l, frames)
		e := c.Evaluator()
		from := rapid.IntRange(0, len(frames)-1).Draw(t, "from")
		got := e.Evaluate(r, from, len(frames))
		row, failing := 0, -1
		for h := from; h < len(frames); h++ {
			for m := range frames[h].Count {
				f := *frames[h]
				f.Member = m
				want, err := r.Evaluate(&f, nil)
				if v := got.At(row); v != want {
					t.Fatalf("%s\nhousehold %d member %d: %v by columns, %v alone (%v)", text, h, m, v, want, err)
				}
				if err != nil && failing < 0 {
					failing = row
					if _, why := got.Failure(); why == nil || why.Error() != err.Error() {
						t.Fatalf("%s: fails with %v by columns, with %v alone", text, why, err)
					}
				}
				answers++
				if err != nil {
					failures++
				} else if !want.Known() {
					unknowns++
				}
				row++
			}
		}
		if at, _ := got.Failure(); at != failing || row != got.Rows() {
			t.Fatalf("%s: row %d fails by columns, %d alone; %d rows", text, at, failing, got.Rows())
		}
	})
	t.Logf("%d formulas, %d answers, %d of them unknown, %d failures", formulas, answers, unknowns, failures)
	if unknowns == 0 || failures == 0 {
		t.Error("nothing was unknown, or nothing failed: the comparison shows little")
	}
}
