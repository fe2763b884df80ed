package rule

import (
	"testing"

	"pgregory.net/rapid"

	"sanad/platform/calendar"
)

// evaluateBoth is both for rapid's T.
func evaluateBoth(t *rapid.T, r *Rule, f *Frame) (Value, error) {
	v, err := r.Evaluate(f, nil)
	traced, tracedErr := r.Evaluate(f, &Trace{})
	if v != traced || (err == nil) != (tracedErr == nil) {
		t.Fatalf("%s: %v (%v) without trace, %v (%v) with", r.Text(), v, err, traced, tracedErr)
	}
	return v, err
}

// forget makes some facts unknown and some dates imprecise.
func forget(t *rapid.T, l *Language, f *Frame) *Frame {
	less := *f
	share := rapid.IntRange(1, 4).Draw(t, "share")
	blur := func(values []Value) []Value {
		blurred := append([]Value(nil), values...)
		for i, v := range blurred {
			if rapid.IntRange(0, share).Draw(t, "keep") > 0 {
				continue
			}
			blurred[i] = Unknown(v.kind)
			if d := v.Date(); d != calendar.Unknown {
				blurred[i] = rapid.SampledFrom([]Value{
					Unknown(KindDate), Date(calendar.Of(d.Year(), 0, 0)), Date(calendar.Of(d.Year(), d.Month(), 0)),
				}).Draw(t, "blur")
			}
		}
		return blurred
	}
	less.Household, less.Members = blur(f.Household), blur(f.Members)
	return &less
}

// fill makes everything known again, in one of the ways that is possible.
func fill(t *rapid.T, l *Language, f *Frame) *Frame {
	full := *f
	one := func(values []Value, declared []Fact) []Value {
		filled := append([]Value(nil), values...)
		for i, v := range filled {
			fact := declared[i%len(declared)]
			switch d := v.Date(); {
			case v.state == unknown:
				filled[i] = facts(t, fact, f.Count)
				if fact.Type == TypeMember && rapid.IntRange(0, 3).Draw(t, "none") == 0 {
					filled[i] = Absent(KindMember)
				}
			case d != calendar.Unknown && d.Precision() != calendar.PrecisionDay:
				filled[i] = Date(dayWithin(t, d))
			}
		}
		return filled
	}
	full.Household, full.Members = one(f.Household, l.schema.Household), one(f.Members, l.schema.Members)
	return &full
}

func dayWithin(t *rapid.T, d calendar.Date) calendar.Date {
	month := d.Month()
	if month == 0 {
		month = rapid.IntRange(1, 12).Draw(t, "month")
	}
	return calendar.Of(d.Year(), month, rapid.IntRange(1, calendar.DaysIn(d.Year(), month)).Draw(t, "day"))
}

func TestWhatIsKnownStaysWhateverIsLearnt(t *testing.T) {
	l := testLanguage(t)
	decided, undecided := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		text := formulaOf(t, true)
		r, err := l.Compile(Source{Text: text, Scope: ForMember})
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		partial := forget(t, l, frame(t, l))
		answer, err := evaluateBoth(t, r, partial)
		if err != nil || answer.state == unknown {
			undecided++
			return
		}
		decided++
		for range 6 {
			full := fill(t, l, partial)
			learnt, err := evaluateBoth(t, r, full)
			if err != nil || !consistent(answer, learnt) {
				t.Fatalf("%s was %v and became %v (%v)\n%v\n%v", text, answer, learnt, err, partial.Members, full.Members)
			}
		}
	})
	if decided == 0 || undecided == 0 {
		t.Errorf("%d decided, %d undecided: too tame to show anything", decided, undecided)
	}
}

// consistent reports whether a later answer agrees with an earlier one; a date
// may have become more precise.
func consistent(earlier, later Value) bool {
	if earlier.kind == KindDate && earlier.state == known {
		return order(earlier, later)&equal != 0
	}
	return earlier == later
}

func TestAgesAndAbsencesAgreeWithTheCalendar(t *testing.T) {
	anyDate := rapid.Custom(func(t *rapid.T) calendar.Date {
		d := anyDay(t, 1990, 2030)
		return rapid.SampledFrom([]calendar.Date{
			calendar.Unknown, calendar.Of(d.Year(), 0, 0), calendar.Of(d.Year(), d.Month(), 0), d, d, d,
		}).Draw(t, "precision")
	})
	rapid.Check(t, func(t *rapid.T) {
		from, on := anyDate.Draw(t, "from"), anyDate.Draw(t, "on")
		n := rapid.IntRange(0, 40).Draw(t, "n")
		e := &evaluation{}
		below := e.compare(ageOn(Date(from), Date(on)), Integer(int64(n)), less).Truth()
		if want := calendar.AgeBelow(from, on, n); below != want {
			t.Errorf("born %v, on %v, below %d: %v, want %v", from, on, n, below, want)
		}
		away := e.compare(monthsSince(Date(from), Date(on)), Integer(int64(n)), greater).Truth()
		if want := calendar.AwayMoreThan(from, on, n); away != want {
			t.Errorf("away since %v, on %v, more than %d: %v, want %v", from, on, n, away, want)
		}
	})
}
