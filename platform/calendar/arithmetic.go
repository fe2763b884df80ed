package calendar

// AgeOn returns the full years of somebody born on birth, on a day. known is
// false where the precision of either date allows two answers, or where birth
// may lie after the day.
//
// Somebody born on 29 February turns a year older on 1 March of a common year:
// before it the year is not full.
func AgeOn(birth, on Date) (years int, known bool) {
	if birth == Unknown || on == Unknown {
		return 0, false
	}
	least, most := fullYears(birth.Last(), on.First()), fullYears(birth.First(), on.Last())
	if least != most || least < 0 {
		return 0, false
	}
	return least, true
}

// AgeBelow answers whether somebody has not yet completed so many years on a
// day: on the birthday itself the answer is No. Unborn is below every age. This
// is what rules ask: a child is below 18 on the first day of the month.
func AgeBelow(birth, on Date, years int) Truth {
	if birth == Unknown || on == Unknown {
		return Maybe
	}
	switch {
	case fullYears(birth.First(), on.Last()) < years:
		return Yes
	case fullYears(birth.Last(), on.First()) >= years:
		return No
	}
	return Maybe
}

// fullYears counts birthdays between two days; -1 or less before birth.
func fullYears(birth, on Date) int {
	years := on.Year() - birth.Year()
	if on%10000 < birth%10000 {
		years--
	}
	return years
}

// MonthsBetween returns the full months from one date to another: the largest
// n for which from.AddMonths(n) is not after on. It is negative where on lies
// before. known is false where precision allows two answers.
func MonthsBetween(from, on Date) (months int, known bool) {
	if from == Unknown || on == Unknown {
		return 0, false
	}
	least, most := fullMonths(from.Last(), on.First()), fullMonths(from.First(), on.Last())
	return least, least == most
}

func fullMonths(from, on Date) int {
	months := (on.Year()-from.Year())*12 + on.Month() - from.Month()
	if shiftMonths(from, months) > on {
		months--
	}
	return months
}

// AwayMoreThan answers whether somebody who left on from has been away for more
// than so many months on a day. Left on 1 July, exactly three months are full
// on 1 October: No; left on 30 June: Yes. A period of months ends on the day of
// the same number, or on the last day of a month that has no such day.
func AwayMoreThan(from, on Date, months int) Truth {
	if from == Unknown || on == Unknown {
		return Maybe
	}
	switch {
	case on.First() > shiftMonths(from.Last(), months):
		return Yes
	case on.Last() <= shiftMonths(from.First(), months):
		return No
	}
	return Maybe
}

// AddMonths returns the date so many months later, on the last day of the month
// where it has no such day: 31 January and one month is 28 or 29 February. It
// keeps d's precision; what that precision cannot say (half a year after
// "1977") and what leaves the years of Valid is Unknown. Birthdays are not
// counted with it: see AgeOn.
func (d Date) AddMonths(months int) Date {
	switch d.Precision() {
	case PrecisionNone:
		return Unknown
	case PrecisionYear:
		if months%12 != 0 {
			return Unknown
		}
		return known(Of(d.Year()+months/12, 0, 0))
	}
	return known(shiftMonths(d, months))
}

// shiftMonths is AddMonths for a day or a month, without limits.
func shiftMonths(d Date, months int) Date {
	count := d.Year()*12 + d.Month() - 1 + months
	year, month := count/12, count%12+1
	if month < 1 {
		year, month = year-1, month+12
	}
	return Of(year, month, min(d.DayOfMonth(), DaysIn(year, month)))
}

// AddDays returns the day so many days later. A date that is not known to the
// day has no such day: Unknown, as is what leaves the years of Valid.
func (d Date) AddDays(days int) Date {
	if d.Precision() != PrecisionDay || days > 4_000_000 || days < -4_000_000 {
		return Unknown
	}
	return known(fromDays(d.days() + days))
}

// DaysUntil returns the days from d to other, negative where other is earlier;
// known is false unless both are known to the day.
func (d Date) DaysUntil(other Date) (days int, known bool) {
	if d.Precision() != PrecisionDay || other.Precision() != PrecisionDay {
		return 0, false
	}
	return other.days() - d.days(), true
}

// known returns d, or Unknown where d is not a date.
func known(d Date) Date {
	if d < 0 || !d.Valid() {
		return Unknown
	}
	return d
}

// days counts days since 1 March of the year 0 of the Gregorian calendar; years
// that begin in March have their leap day at the end.
func (d Date) days() int {
	year, month := d.Year(), d.Month()-3
	if month < 0 {
		year, month = year-1, month+12
	}
	return year*365 + year/4 - year/100 + year/400 + (153*month+2)/5 + d.DayOfMonth() - 1
}

// fromDays is the inverse of days.
func fromDays(days int) Date {
	const era = 146097 // days in 400 years
	if days < 0 {
		return Unknown
	}
	cycle, rest := days/era, days%era
	year := (rest - rest/1460 + rest/36524 - rest/(era-1)) / 365
	rest -= year*365 + year/4 - year/100
	month := (5*rest + 2) / 153
	day := rest - (153*month+2)/5 + 1
	year += cycle * 400
	if month += 3; month > 12 {
		year, month = year+1, month-12
	}
	return Of(year, month, day)
}
