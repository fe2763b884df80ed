package registry

import (
	"encoding/binary"
	"slices"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
)

// A sheet's canonical encoding is CBOR (RFC 8949) of arrays: equal sheets have
// equal bytes, and any CBOR tool reads them. It is written and read by hand,
// because a national run opens 1.3 million sheets. Dates are packed into two or
// three bytes, member ids are counted from the household's, ends that are open
// are absent:
//
//	[format, branch, file, [[kind, body, document, date, import]...], [fact...], [[person, fact...]...]]
//	fact: [name number or text, value, [source...], from?, to?]

// sheetFormat is the first element; a later form gets another number.
const sheetFormat = 1

const (
	majorUint  = 0
	majorNeg   = 1
	majorBytes = 2
	majorText  = 3
	majorArray = 4
)

// Encode returns the canonical bytes of s, without household and version,
// which stand beside it wherever it lies.
func (s *Sheet) Encode() []byte {
	b := make([]byte, 0, 256+256*len(s.Members))
	b = head(b, majorArray, 6)
	b = head(b, majorUint, sheetFormat)
	b = appendText(b, s.Branch)
	b = appendText(b, s.File)
	b = head(b, majorArray, uint64(len(s.Sources)))
	for _, source := range s.Sources {
		b = head(b, majorArray, 5)
		b = head(b, majorUint, uint64(source.Kind))
		b = appendText(b, source.Body)
		b = appendText(b, source.Document)
		b = head(b, majorUint, packDate(source.Date))
		b = s.person(b, source.Import)
	}
	b = head(b, majorArray, uint64(len(s.Facts)))
	for i := range s.Facts {
		b = s.fact(b, &s.Facts[i])
	}
	b = head(b, majorArray, uint64(len(s.Members)))
	for i := range s.Members {
		m := &s.Members[i]
		b = head(b, majorArray, uint64(1+len(m.Facts)))
		b = s.person(b, m.Person)
		for f := range m.Facts {
			b = s.fact(b, &m.Facts[f])
		}
	}
	return b
}

func (s *Sheet) fact(b []byte, f *Fact) []byte {
	n := uint64(3)
	switch {
	case f.To != calendar.Unknown:
		n = 5
	case f.From != calendar.Unknown:
		n = 4
	}
	b = head(b, majorArray, n)
	d := Define(f.Name)
	switch number := order(f.Name); {
	case number > LastDeclared:
		b = appendText(b, string(f.Name))
	case number >= FirstDeclared:
		b, d = head(b, majorUint, uint64(number)), nil
	default:
		b = head(b, majorUint, uint64(number))
	}
	b = s.value(b, d, f.Value)
	if len(f.Sources) == 1 {
		b = head(b, majorUint, uint64(f.Sources[0]))
	} else {
		b = head(b, majorArray, uint64(len(f.Sources)))
		for _, i := range f.Sources {
			b = head(b, majorUint, uint64(i))
		}
	}
	if n > 3 {
		b = head(b, majorUint, packDate(f.From))
	}
	if n > 4 {
		b = head(b, majorUint, packDate(f.To))
	}
	return b
}

// value writes a core fact by its type. A fact that a pack declares, or a code
// that the core does not list, is written with all its fields.
func (s *Sheet) value(b []byte, d *Definition, v Value) []byte {
	if d != nil {
		switch d.Type {
		case TypeText:
			return appendText(b, v.Text)
		case TypeCode:
			if i := slices.Index(d.Codes, v.Text); i >= 0 {
				return head(b, majorUint, uint64(i))
			}
			return appendText(b, v.Text)
		case TypeTruth, TypeNumber, TypeMoney:
			return number(b, v.Number)
		case TypeDate:
			if v.Number == 0 {
				return head(b, majorUint, 0)
			}
			return head(b, majorUint, packDate(v.Date)+1)
		case TypePerson:
			return s.person(b, v.Person)
		}
	}
	b = head(b, majorArray, 4)
	b = appendText(b, v.Text)
	b = number(b, v.Number)
	b = head(b, majorUint, packDate(v.Date))
	return s.person(b, v.Person)
}

// personSpan bounds the ids that are written as a count from the household's.
const personSpan = 1 << 16

// person writes an id: 0 for none, its distance from the household's where it
// is near, else its bytes.
func (s *Sheet) person(b []byte, p id.ID) []byte {
	if p.IsZero() {
		return head(b, majorUint, 0)
	}
	const mask = 1<<48 - 1
	own, other := binary.BigEndian.Uint64(s.Household[8:]), binary.BigEndian.Uint64(p[8:])
	if [10]byte(s.Household[:10]) == [10]byte(p[:10]) {
		if step := (other - own) & mask; step > 0 && step < personSpan {
			return head(b, majorUint, step)
		}
	}
	b = head(b, majorBytes, uint64(len(p)))
	return append(b, p[:]...)
}

// packDate keeps a date's order and precision in few bits: months have 32
// days, years 13 months, counted from 1799.
func packDate(d calendar.Date) uint64 {
	if d == calendar.Unknown {
		return 0
	}
	return uint64((d.Year()-1799)*13+d.Month())*32 + uint64(d.DayOfMonth())
}

func unpackDate(n uint64) calendar.Date {
	if n == 0 {
		return calendar.Unknown
	}
	months := n / 32
	return calendar.Of(int(months/13)+1799, int(months%13), int(n%32))
}

func head(b []byte, major byte, n uint64) []byte {
	major <<= 5
	switch {
	case n < 24:
		return append(b, major|byte(n))
	case n < 1<<8:
		return append(b, major|24, byte(n))
	case n < 1<<16:
		return binary.BigEndian.AppendUint16(append(b, major|25), uint16(n))
	case n < 1<<32:
		return binary.BigEndian.AppendUint32(append(b, major|26), uint32(n))
	}
	return binary.BigEndian.AppendUint64(append(b, major|27), n)
}

func appendText(b []byte, s string) []byte { return append(head(b, majorText, uint64(len(s))), s...) }

func number(b []byte, n int64) []byte {
	if n < 0 {
		return head(b, majorNeg, uint64(^n))
	}
	return head(b, majorUint, uint64(n))
}

// damaged is what a sheet is that cannot be read back.
func damaged() error { return fault.Invalid("registry.sheet_damaged") }
