package calendar

import "sanad/platform/fault"

// Parse reads what String writes, ISO 8601 of day, month or year precision;
// empty is Unknown. Another form is the fault "calendar.malformed", a day that
// the calendar does not have "calendar.impossible". For what people write see
// Read.
func Parse(text string) (Date, error) {
	var year, month, day int
	ok := true
	switch {
	case text == "":
		return Unknown, nil
	case len(text) == 4:
		year, ok = digits(text)
	case len(text) == 7 && text[4] == '-':
		year, month, ok = digitPair(text[:4], text[5:])
		ok = ok && month != 0
	case len(text) == 10 && text[4] == '-' && text[7] == '-':
		year, month, ok = digitPair(text[:4], text[5:7])
		var dayOK bool
		day, dayOK = digits(text[8:])
		ok = ok && dayOK && month != 0 && day != 0
	default:
		ok = false
	}
	if !ok {
		return Unknown, fault.Invalid("calendar.malformed", "text", text)
	}
	d := Of(year, month, day)
	if year == 0 || !d.Valid() {
		return Unknown, fault.Invalid("calendar.impossible", "text", text)
	}
	return d, nil
}

// MarshalText writes the form of String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the form of String; see Parse.
func (d *Date) UnmarshalText(text []byte) (err error) {
	*d, err = Parse(string(text))
	return err
}

func digitPair(a, b string) (int, int, bool) {
	first, firstOK := digits(a)
	second, secondOK := digits(b)
	return first, second, firstOK && secondOK
}

// digits reads a short number of ASCII digits only.
func digits(text string) (int, bool) {
	n := 0
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return 0, false
		}
		n = n*10 + int(text[i]-'0')
	}
	return n, text != "" && len(text) <= 9
}
