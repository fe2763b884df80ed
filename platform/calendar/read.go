package calendar

import (
	"strings"

	"sanad/platform/fault"
)

// Reading says how a written date was understood: exactly, by a guess that a
// person should see, or not at all. The zero Reading is exact.
type Reading struct {
	Key     string // message that says what was guessed or why it was refused
	Args    []any
	Refused bool
}

// Exact reports whether nothing was guessed.
func (r Reading) Exact() bool { return r.Key == "" }

// Guessed reports whether the value rests on a guess, to be shown as a warning.
func (r Reading) Guessed() bool { return r.Key != "" && !r.Refused }

// Err returns the refusal as a fault, nil where a value was read.
func (r Reading) Err() error {
	if !r.Refused {
		return nil
	}
	return fault.Invalid(r.Key, r.Args...)
}

func guessed(key string, args ...any) Reading { return Reading{Key: key, Args: args} }

func refused(key string, args ...any) (Date, Reading) {
	return Unknown, Reading{Key: key, Args: args, Refused: true}
}

// centuryPivot parts two-digit years: 30 and less are of this century. It is
// always a guess, and shown as one.
const centuryPivot = 30

// Read reads a date as people in Libya write it: day, month, year with any
// separator (21/8/1977, ٢١/٨/١٩٧٧, 21.08.1977), year first (1977-08-21), a year
// alone, a month and a year, months by their names in use now, in the Levant,
// in the years of the Jamahiriya, or in English; a time of day behind it is
// left out. Nothing written is Unknown, exactly.
//
// Guesses are a two-digit year, an order that only one reading makes possible,
// eight digits without separators, and zeros for what is not known. Hijri dates
// and the era of the Prophet's death (و.ر) are refused by name: a conversion
// would be wrong by a day or by a year.
func Read(text string) (Date, Reading) {
	if len(text) > 200 {
		return refused("calendar.not_read", "text", text[:40])
	}
	w := scan(text)
	if w.surplus {
		return refused("calendar.not_read", "text", text)
	}
	d, r := w.date(text)
	if r.Refused {
		return Unknown, r
	}
	if !d.Valid() {
		return refused("calendar.impossible", "text", text)
	}
	return d, r
}

// date decides what the numbers and the words mean together.
func (w *written) date(text string) (Date, Reading) {
	month, kind := 0, phraseNone
	if w.phrase != "" {
		month, kind = meaning(w.phrase)
	}
	switch {
	case kind == phraseHijri || (kind == phraseNone && w.oldYear()):
		if kind == phraseNone {
			return refused("calendar.old_era", "text", text)
		}
		return refused("calendar.hijri", "text", text)
	case kind == phraseJamahiriya:
		return refused("calendar.jamahiriya_era", "text", text)
	case kind == phraseNothing && w.count == 0:
		return Unknown, Reading{}
	case kind == phraseMonth:
		return w.named(month, text)
	case kind != phraseNone:
		return refused("calendar.not_read", "text", text)
	}
	switch w.count {
	case 0:
		return w.nothing(text)
	case 1:
		return w.single(text)
	case 2:
		return w.pair(text)
	}
	return w.triple(text)
}

// nothing is an empty cell or a dash; anything else is not a date.
func (w *written) nothing(text string) (Date, Reading) {
	if strings.Trim(text, " \t\r\n\u00a0-–—_./") == "" {
		return Unknown, Reading{}
	}
	return refused("calendar.not_read", "text", text)
}

// oldYear reports a year that only an old era can mean: Hijri years are 1300 to
// 1450 for the living, و.ر years 1369 to 1434.
func (w *written) oldYear() bool {
	for _, n := range w.numbers[:w.count] {
		if n.digits == 4 && n.value >= 1290 && n.value < 1500 {
			return true
		}
	}
	return false
}

// single reads a year, or eight digits without separators.
func (w *written) single(text string) (Date, Reading) {
	n := w.numbers[0]
	switch n.digits {
	case 4:
		return yearOnly(n.value, text)
	case 5:
		return refused("calendar.serial", "text", text)
	case 8:
		return compact(n.value, text)
	}
	return refused("calendar.not_read", "text", text)
}

func yearOnly(year int, text string) (Date, Reading) {
	if year == 0 {
		return refused("calendar.not_read", "text", text)
	}
	return Of(year, 0, 0), Reading{}
}

// compact reads 19770821 or 21081977; never both can be dates of our centuries.
func compact(value int, text string) (Date, Reading) {
	yearFirst := Date(value)
	dayFirst := Of(value%10000, value/10000%100, value/1000000)
	for _, d := range []Date{yearFirst, dayFirst} {
		if d.Valid() && d.Precision() == PrecisionDay && d.Year() < 2200 {
			return d, guessed("calendar.read_compact", "text", text, "date", d)
		}
	}
	return refused("calendar.not_read", "text", text)
}

// pair reads a month and a year of four digits, in either order.
func (w *written) pair(text string) (Date, Reading) {
	month, year := w.numbers[0], w.numbers[1]
	if month.digits == 4 {
		month, year = year, month
	}
	if year.digits != 4 || month.digits > 2 {
		return refused("calendar.not_read", "text", text)
	}
	if month.value == 0 {
		d, r := yearOnly(year.value, text)
		return d, orZeros(r, text, d)
	}
	return Of(year.value, month.value, 0), Reading{}
}

// triple reads day, month, year, or year first where the year shows itself.
func (w *written) triple(text string) (Date, Reading) {
	day, month, year := w.numbers[0], w.numbers[1], w.numbers[2]
	if day.digits == 4 || (year.digits <= 2 && day.value > 31 && day.digits == 2) {
		day, year = year, day
	}
	if day.digits > 2 || month.digits > 2 || year.digits == 3 || year.digits > 4 || year.digits == 1 {
		return refused("calendar.not_read", "text", text)
	}
	var reading Reading
	d := Of(fullYear(year), month.value, day.value)
	switch {
	case day.value == 0 && month.value == 0 && year.value == 0:
		return Unknown, guessed("calendar.read_zeros", "text", text, "date", Unknown)
	case day.value == 0 || month.value == 0:
		d = Of(fullYear(year), month.value, 0)
		if month.value == 0 && day.value != 0 {
			return refused("calendar.impossible", "text", text)
		}
		reading = orZeros(reading, text, d)
	case month.value > 12 && day.value <= 12:
		d = Of(fullYear(year), day.value, month.value)
		reading = guessed("calendar.read_month_first", "text", text, "date", d)
	}
	if year.digits == 2 {
		reading = guessed("calendar.read_short_year", "text", text, "date", d)
	}
	return d, reading
}

// named reads a month by its name, with a year and perhaps a day.
func (w *written) named(month int, text string) (Date, Reading) {
	day, year := w.numbers[0], w.numbers[1]
	switch {
	case w.count == 1:
		day, year = number{}, w.numbers[0]
	case w.count == 2 && (day.digits == 4 || (day.value > 31 && year.digits <= 2)):
		day, year = year, day
	case w.count != 2:
		return refused("calendar.not_read", "text", text)
	}
	short := year.digits == 2 && (w.count == 2 || year.value > 31)
	if day.digits > 2 || (year.digits != 4 && !short) {
		return refused("calendar.not_read", "text", text)
	}
	d := Of(fullYear(year), month, day.value)
	switch {
	case short:
		return d, guessed("calendar.read_short_year", "text", text, "date", d)
	case w.count == 2 && day.value == 0:
		return d, guessed("calendar.read_zeros", "text", text, "date", d)
	}
	return d, Reading{}
}

// orZeros marks a reading in which zeros stood for what is not known.
func orZeros(r Reading, text string, d Date) Reading {
	if r.Refused {
		return r
	}
	return guessed("calendar.read_zeros", "text", text, "date", d)
}

func fullYear(year number) int {
	switch {
	case year.digits > 2:
		return year.value
	case year.value <= centuryPivot:
		return 2000 + year.value
	}
	return 1900 + year.value
}
