package calendar

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func drawDay(t *rapid.T, from, to int) Date {
	year := rapid.IntRange(from, to).Draw(t, "year")
	month := rapid.IntRange(1, 12).Draw(t, "month")
	return Of(year, month, rapid.IntRange(1, DaysIn(year, month)).Draw(t, "day"))
}

// drawDate returns a date of any precision.
func drawDate(t *rapid.T, from, to int) Date {
	d := drawDay(t, from, to)
	switch rapid.IntRange(0, 5).Draw(t, "precision") {
	case 0:
		return Unknown
	case 1:
		return Of(d.Year(), 0, 0)
	case 2:
		return Of(d.Year(), d.Month(), 0)
	}
	return d
}

// meanings lists every day that a date may mean.
func meanings(d Date) (days []Date) {
	for day := d.First(); day <= d.Last(); day = day.AddDays(1) {
		days = append(days, day)
	}
	return days
}

// everyDay asks a question of days for all that two dates may mean.
func everyDay(a, b Date, question func(a, b Date) bool) Truth {
	if a == Unknown || b == Unknown {
		return Maybe
	}
	yes, no := false, false
	for _, x := range meanings(a) {
		for _, y := range meanings(b) {
			if question(x, y) {
				yes = true
			} else {
				no = true
			}
		}
	}
	if yes && no {
		return Maybe
	}
	return True(yes)
}

func goTime(d Date) time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.DayOfMonth(), 0, 0, 0, 0, time.UTC)
}

func TestImpreciseAnswersAgreeWithEveryDayTheyMayMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawDate(t, 2000, 2003), drawDate(t, 2001, 2005)
		n := rapid.IntRange(0, 5).Draw(t, "n")
		// time.AddDate rolls 29 February over to 1 March, as the age rule does.
		younger := func(birth, on Date) bool { return goTime(on).Before(goTime(birth).AddDate(n, 0, 0)) }
		if got, want := AgeBelow(a, b, n), everyDay(a, b, younger); got != want {
			t.Fatalf("AgeBelow(%s, %s, %d) = %v, want %v", a, b, n, got, want)
		}
		away := func(from, on Date) bool { return from.AddMonths(n) < on }
		if got, want := AwayMoreThan(a, b, n), everyDay(a, b, away); got != want {
			t.Fatalf("AwayMoreThan(%s, %s, %d) = %v, want %v", a, b, n, got, want)
		}
		if got, want := a.Before(b), everyDay(a, b, func(x, y Date) bool { return x < y }); got != want {
			t.Fatalf("%s before %s = %v, want %v", a, b, got, want)
		}
	})
}

func TestAgeIsKnownOnlyWhereAllDaysAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		birth, on := drawDate(t, 2000, 2003), drawDate(t, 2002, 2006)
		years, known := AgeOn(birth, on)
		for n := range 8 {
			if below := AgeBelow(birth, on, n); known && below != True(years < n) {
				t.Fatalf("born %s is %d on %s, but below %d: %v", birth, years, on, n, below)
			} else if !known && n == 0 && birth != Unknown && on != Unknown && years != 0 {
				t.Fatalf("unknown age must be zero, got %d", years)
			}
		}
	})
}

func TestAgeOnTheDays(t *testing.T) {
	for _, c := range []struct {
		birth, on Date
		years     int
		known     bool
	}{
		{Of(2008, 10, 1), Of(2026, 10, 1), 18, true},
		{Of(2008, 10, 2), Of(2026, 10, 1), 17, true},
		{Of(2008, 2, 29), Of(2026, 2, 28), 17, true},
		{Of(2008, 2, 29), Of(2026, 3, 1), 18, true},
		{Of(2008, 2, 29), Of(2028, 2, 29), 20, true},
		{Of(2008, 0, 0), Of(2026, 10, 1), 0, false},
		{Of(2008, 0, 0), Of(2026, 12, 31), 18, true},
		{Of(2009, 0, 0), Of(2026, 10, 1), 0, false},
		{Of(2008, 10, 0), Of(2026, 10, 1), 0, false},
		{Of(2026, 10, 2), Of(2026, 10, 1), 0, false},
		{Unknown, Of(2026, 10, 1), 0, false},
	} {
		if years, known := AgeOn(c.birth, c.on); years != c.years || known != c.known {
			t.Errorf("born %s, on %s: %d %v", c.birth, c.on, years, known)
		}
	}
	if AgeBelow(Of(2008, 0, 0), Of(2026, 10, 1), 18) != Maybe || AgeBelow(Of(2009, 0, 0), Of(2026, 10, 1), 18) != Yes || AgeBelow(Of(2007, 0, 0), Of(2026, 10, 1), 18) != No {
		t.Error("a year of birth decides only where every day of it does")
	}
}

func TestAwayMoreThanThreeMonthsByADay(t *testing.T) {
	october := Of(2026, 10, 1)
	for from, want := range map[Date]Truth{
		Of(2026, 7, 1): No, Of(2026, 6, 30): Yes, Of(2026, 7, 2): No, Of(2026, 7, 0): No, Of(2026, 6, 0): Yes,
		Of(2026, 0, 0): Maybe, Of(2025, 0, 0): Yes, Unknown: Maybe, Of(2027, 1, 1): No,
	} {
		if got := AwayMoreThan(from, october, 3); got != want {
			t.Errorf("left %s: %v, want %v", from, got, want)
		}
	}
	if AwayMoreThan(Of(2025, 11, 30), Of(2026, 2, 28), 3) != No || AwayMoreThan(Of(2025, 11, 30), Of(2026, 3, 1), 3) != Yes {
		t.Error("a period of months ends on the last day of a shorter month")
	}
}

func TestMonthsBetweenCountsFullMonths(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		from, on := drawDay(t, 1990, 2030), drawDay(t, 1990, 2030)
		months, known := MonthsBetween(from, on)
		if !known || from.AddMonths(months) > on || from.AddMonths(months+1) <= on {
			t.Fatalf("from %s to %s: %d %v", from, on, months, known)
		}
	})
	if _, known := MonthsBetween(Of(2026, 0, 0), Of(2026, 10, 1)); known {
		t.Error("months from an unknown day must be unknown")
	}
}

func TestDayArithmeticAgreesWithTheStandardLibrary(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDay(t, 1800, 9999)
		n := rapid.IntRange(-800_000, 800_000).Draw(t, "days")
		want := goTime(d).AddDate(0, 0, n)
		expected := Of(want.Year(), int(want.Month()), want.Day())
		if want.Year() < 1800 || want.Year() > 9999 {
			expected = Unknown
		}
		got := d.AddDays(n)
		if got != expected {
			t.Fatalf("%s + %d days = %s, want %s", d, n, got, expected)
		}
		if days, known := d.DaysUntil(got); got != Unknown && (!known || days != n) {
			t.Fatalf("%s until %s: %d", d, got, days)
		}
	})
}

func TestMonthArithmeticKeepsPrecision(t *testing.T) {
	for _, c := range []struct {
		from   Date
		months int
		want   Date
	}{
		{Of(2026, 1, 31), 1, Of(2026, 2, 28)}, {Of(2028, 1, 31), 1, Of(2028, 2, 29)}, {Of(2026, 1, 15), -1, Of(2025, 12, 15)},
		{Of(2026, 11, 0), 2, Of(2027, 1, 0)}, {Of(2026, 0, 0), 12, Of(2027, 0, 0)}, {Of(2026, 0, 0), 6, Unknown},
		{Unknown, 3, Unknown}, {Of(9999, 12, 1), 1, Unknown}, {Of(1800, 1, 1), -1, Unknown}, {Of(1800, 1, 1), -30000, Unknown},
	} {
		if got := c.from.AddMonths(c.months); got != c.want {
			t.Errorf("%s + %d months = %q, want %q", c.from, c.months, got, c.want)
		}
	}
	if Of(2026, 10, 0).AddDays(1) != Unknown {
		t.Error("a month has no next day")
	}
}

func TestKleeneLogic(t *testing.T) {
	for _, a := range []Truth{Yes, No, Maybe} {
		for _, b := range []Truth{Yes, No, Maybe} {
			and, or := Maybe, Maybe
			switch {
			case a == No || b == No:
				and = No
			case a == Yes && b == Yes:
				and = Yes
			}
			switch {
			case a == Yes || b == Yes:
				or = Yes
			case a == No && b == No:
				or = No
			}
			if a.And(b) != and || a.Or(b) != or || a.And(b).Not() != a.Not().Or(b.Not()) {
				t.Errorf("%v, %v: and %v, or %v", a, b, a.And(b), a.Or(b))
			}
		}
	}
}

func TestMonthsAndQuartersReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := MonthOf(rapid.IntRange(1800, 9998).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month"))
		back, err := ParseMonth(m.String())
		q, quarterErr := ParseQuarter(m.Quarter().String())
		if err != nil || back != m || quarterErr != nil || q != m.Quarter() {
			t.Fatalf("%v: %v %v, %v %v", m, back, err, q, quarterErr)
		}
		months := q.Months()
		if m < months[0] || m > months[2] || m.Next().Previous() != m || q.Next().Previous() != q || m.Last().AddDays(1) != m.Next().First() {
			t.Fatalf("%v does not lie in %v, or has no neighbours", m, q)
		}
	})
	if MonthOf(2026, 10).Quarter().String() != "2026-Q4" || QuarterOf(2026, 4).First() != Of(2026, 10, 1) || QuarterOf(2026, 4).Last() != Of(2026, 12, 31) {
		t.Error("October 2026 is paid in the fourth quarter")
	}
	for _, text := range []string{"", "2026-13", "2026", "2026-10-01", "2026-1", "x", "1700-01"} {
		if _, err := ParseMonth(text); err == nil {
			t.Errorf("month %q must be refused", text)
		}
	}
	for _, text := range []string{"", "2026-Q0", "2026-Q5", "2026-Q*", "2026Q4", "20x6-Q4", "1700-Q1"} {
		if _, err := ParseQuarter(text); err == nil {
			t.Errorf("quarter %q must be refused", text)
		}
	}
}

func TestDatesTravelAsISOText(t *testing.T) {
	type record struct {
		Birth   Date
		Month   Month
		Quarter Quarter
	}
	rapid.Check(t, func(t *rapid.T) {
		in := record{Birth: drawDate(t, 1800, 9999), Month: MonthOf(2026, 10)}
		var out record
		encoded, err := json.Marshal(in)
		if err == nil {
			err = json.Unmarshal(encoded, &out)
		}
		if err != nil || out != in {
			t.Fatalf("%s: %+v, %v", encoded, out, err)
		}
	})
	for text, ok := range map[string]bool{"1977-08-21": true, "1977-08": true, "1977": true, "": true,
		"1977-8-21": false, "1977-02-30": false, "1977-00": false, "1977-00-00": false, "1977-08-00": false, "0000": false, "21/8/1977": false, "1977-08-21Z": false} {
		if _, err := Parse(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}
