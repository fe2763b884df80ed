package calendar

import (
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestDatesAsPeopleWriteThem(t *testing.T) {
	day := Of(1977, 8, 21)
	for text, want := range map[string]Date{
		"21/8/1977": day, "21/08/1977": day, "٢١/٨/١٩٧٧": day, "۲۱/۸/۱۹۷۷": day, "1977-08-21": day, "1977/8/21": day,
		"21.08.1977": day, "21-8-1977": day, " 21 / 8 / 1977 ": day, "21\\8\\1977": day, "21 8 1977": day, "\u200f21/8/1977\u200f": day,
		"1977-08-21 00:00:00": day, "1977-08-21T00:00:00Z": day, "21/8/1977 12:00:00 ص": day, "1977-08-21T22:30:15.123+02:00": day,
		"21 أغسطس 1977": day, "21 اغسطس 1977م": day, "أغسطس 21، 1977": day, "21 آب 1977": day, "21 هانيبال 1977": day, "21 August 1977": day,
		"21-Aug-1977": day, "August 21st, 1977": day, "21 هَانِيبال 1977": day, "يوم الأحد الموافق 21/8/1977": day, "التاريخ: 21/8/1977": day,
		"1977": Of(1977, 0, 0), "١٩٧٧": Of(1977, 0, 0), "سنة 1977": Of(1977, 0, 0), "مواليد 1977": Of(1977, 0, 0), "1977م": Of(1977, 0, 0),
		"8/1977": Of(1977, 8, 0), "1977-08": Of(1977, 8, 0), "أغسطس 1977": Of(1977, 8, 0), "شهر 8 سنة 1977": Of(1977, 8, 0),
		"1 كانون الثاني 1980": Of(1980, 1, 1), "2 كانون الأول 1980": Of(1980, 12, 2), "3 الكانون 1980": Of(1980, 12, 3), "4 تشرين الأول 1980": Of(1980, 10, 4),
		"5 أي النار 1980": Of(1980, 1, 5), "5 النوار 1980": Of(1980, 2, 5), "5 الربيع 1980": Of(1980, 3, 5), "5 الطير 1980": Of(1980, 4, 5),
		"5 الماء 1980": Of(1980, 5, 5), "5 الصيف 1980": Of(1980, 6, 5), "5 ناصر 1980": Of(1980, 7, 5), "1 الفاتح 1969": Of(1969, 9, 1),
		"5 التمور 1980": Of(1980, 10, 5), "5 الحرث 1980": Of(1980, 11, 5), "29/2/2000": Of(2000, 2, 29), "3/4/1977": Of(1977, 4, 3),
		"5 إبريل 1980": Of(1980, 4, 5), "5 يونيه 1980": Of(1980, 6, 5), "": Unknown, "  ": Unknown, "-": Unknown, "غير معروف": Unknown,
	} {
		if got, reading := Read(text); got != want || !reading.Exact() {
			t.Errorf("%q: %q %+v, want %q exactly", text, got, reading, want)
		}
	}
}

func TestGuessesAreSaid(t *testing.T) {
	for text, want := range map[string]struct {
		date Date
		key  string
	}{
		"21/8/77":     {Of(1977, 8, 21), "calendar.read_short_year"},
		"3/4/26":      {Of(2026, 4, 3), "calendar.read_short_year"},
		"77/8/21":     {Of(1977, 8, 21), "calendar.read_short_year"},
		"21-Aug-77":   {Of(1977, 8, 21), "calendar.read_short_year"},
		"أغسطس 77":    {Of(1977, 8, 0), "calendar.read_short_year"},
		"8/21/1977":   {Of(1977, 8, 21), "calendar.read_month_first"},
		"1977/21/8":   {Of(1977, 8, 21), "calendar.read_month_first"},
		"19770821":    {Of(1977, 8, 21), "calendar.read_compact"},
		"21081977":    {Of(1977, 8, 21), "calendar.read_compact"},
		"00/00/1977":  {Of(1977, 0, 0), "calendar.read_zeros"},
		"00/08/1977":  {Of(1977, 8, 0), "calendar.read_zeros"},
		"00/00/0000":  {Unknown, "calendar.read_zeros"},
		"0/1977":      {Of(1977, 0, 0), "calendar.read_zeros"},
		"0 Aug 1977":  {Of(1977, 8, 0), "calendar.read_zeros"},
		"1977-00-00 ": {Of(1977, 0, 0), "calendar.read_zeros"},
	} {
		got, reading := Read(text)
		if got != want.date || !reading.Guessed() || reading.Key != want.key || reading.Err() != nil {
			t.Errorf("%q: %q %+v", text, got, reading)
		}
	}
}

func TestWhatIsNoDateIsRefusedByItsReason(t *testing.T) {
	for text, key := range map[string]string{
		"1398/5/3 هـ": "calendar.hijri", "3 رمضان 1398": "calendar.hijri", "12 ربيع الأول 1400": "calendar.hijri", "1398هجري": "calendar.hijri",
		"21/8/1345 و.ر": "calendar.jamahiriya_era", "1430 و.ر": "calendar.jamahiriya_era", "5 التمور 1425 و.ر": "calendar.jamahiriya_era",
		"3/5/1398": "calendar.old_era", "1425": "calendar.old_era",
		"30/2/1977": "calendar.impossible", "31/6/1977": "calendar.impossible", "29/2/1977": "calendar.impossible", "13/13/1977": "calendar.impossible",
		"5/0/1977": "calendar.impossible", "21/8/1066": "calendar.impossible", "13/1977": "calendar.impossible",
		"28358": "calendar.serial", "77": "calendar.not_read", "8/77": "calendar.not_read", "1/2/3/1977": "calendar.not_read", "21/8/197": "calendar.not_read",
		"محمد": "calendar.not_read", "21 ربيع 1977": "calendar.not_read", "1977 تقريبا": "calendar.not_read", "99999999999": "calendar.not_read", "0000": "calendar.not_read",
		"12:00": "calendar.not_read", "أغسطس": "calendar.not_read",
	} {
		got, reading := Read(text)
		if got != Unknown || !reading.Refused || reading.Key != key || reading.Err() == nil {
			t.Errorf("%q: %q %+v, want %s", text, got, reading, key)
		}
	}
}

func TestEveryDayReadsBackInEveryForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawDay(t, 1850, 2100)
		y, m, day := strconv.Itoa(d.Year()), strconv.Itoa(d.Month()), strconv.Itoa(d.DayOfMonth())
		sep := rapid.SampledFrom([]string{"/", "-", ".", " / ", "\\"}).Draw(t, "separator")
		for _, text := range []string{day + sep + m + sep + y, y + sep + m + sep + day, d.String()} {
			if got, reading := Read(text); got != d || !reading.Exact() {
				t.Fatalf("%q: %q %+v", text, got, reading)
			}
		}
	})
}

func TestSerialsCountFromTheEndOf1899(t *testing.T) {
	for text, want := range map[string]Date{
		"1": Of(1900, 1, 1), "59": Of(1900, 2, 28), "61": Of(1900, 3, 1), "28358": Of(1977, 8, 21), "46300.75": Of(2026, 10, 5),
		"28358.9999999999999": Of(1977, 8, 21), "2958465": Of(9999, 12, 31), "1977": Of(1977, 0, 0),
	} {
		if got, reading := FromSerial(text); got != want || !reading.Exact() {
			t.Errorf("%s: %q %+v", text, got, reading)
		}
	}
	for _, text := range []string{"", "0", "60", "-1", "1e5", "2958466", "21/8/1977", "1.x", "99999999999"} {
		if got, reading := FromSerial(text); got != Unknown || !reading.Refused {
			t.Errorf("%s: %q", text, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, seed := range []string{"21/8/1977", "٢١/٨/١٩٧٧", "21 كانون الأول 77", "19770821", "1398 هـ", "1977-08-21T00:00:00Z"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, reading := Read(text)
		if !d.Valid() || d < 0 {
			t.Fatalf("%q: not a date: %d", text, d)
		}
		if reading.Refused && (d != Unknown || reading.Err() == nil) {
			t.Fatalf("%q: refused with %q", text, d)
		}
		if again, r := Read(d.String()); d != Unknown && d.Year() >= 1800 && (again != d || !r.Exact()) {
			t.Fatalf("%q: %q does not read back: %q", text, d, again)
		}
		if s, _ := FromSerial(text); !s.Valid() {
			t.Fatalf("serial %q: %d", text, s)
		}
	})
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		Read("٢١/٨/١٩٧٧")
	}
}
