package registry

import (
	"encoding/binary"

	"sanad/platform/calendar"
	"sanad/platform/id"
)

// Decode reads what Encode wrote. Anything else is the fault
// "registry.sheet_damaged".
func Decode(household id.ID, version int64, plain []byte) (*Sheet, error) {
	s := &Sheet{Household: household, Version: version}
	r := reader{rest: plain, whole: string(plain), sheet: s}
	if r.array() != 6 || r.uint() != sheetFormat {
		return nil, damaged()
	}
	s.Branch, s.File = r.text(), r.text()
	s.Sources = make([]Source, r.array())
	for i := range s.Sources {
		if r.array() != 5 {
			r.fail()
		}
		s.Sources[i] = Source{Kind: SourceKind(r.uint()), Body: r.text(), Document: r.text(), Date: r.date(), Import: r.person()}
	}
	s.Facts = make([]Fact, r.array())
	for i := range s.Facts {
		s.Facts[i] = r.fact()
	}
	s.Members = make([]Member, r.array())
	for i := range s.Members {
		m := &s.Members[i]
		n := r.array()
		m.Person = r.person()
		if n > 0 {
			m.Facts = make([]Fact, n-1)
		}
		for f := range m.Facts {
			m.Facts[f] = r.fact()
		}
	}
	if r.bad || len(r.rest) > 0 {
		return nil, damaged()
	}
	return s, nil
}

// reader takes items off the front of the bytes; after the first mistake it
// gives zeros and remembers.
type reader struct {
	rest  []byte
	whole string // the same bytes: texts are parts of it, so that a sheet is few pieces of memory
	slab  []int  // from which facts with one source take theirs
	sheet *Sheet
	bad   bool
}

func (r *reader) fail() { r.bad, r.rest = true, nil }

// next takes an item's head.
func (r *reader) next() (major byte, n uint64) {
	if len(r.rest) == 0 {
		r.fail()
		return 0, 0
	}
	first := r.rest[0]
	r.rest = r.rest[1:]
	major, n = first>>5, uint64(first&31)
	if n < 24 {
		return major, n
	}
	size := 1 << (n - 24)
	if n > 27 || len(r.rest) < size {
		r.fail()
		return 0, 0
	}
	var wide [8]byte
	copy(wide[8-size:], r.rest[:size])
	r.rest = r.rest[size:]
	return major, binary.BigEndian.Uint64(wide[:])
}

// expect takes an item of one major type. A length cannot be more than the
// bytes that are left, so damaged bytes never make us reserve much.
func (r *reader) expect(major byte) uint64 {
	got, n := r.next()
	if got != major || (major >= majorBytes && n > uint64(len(r.rest))) {
		r.fail()
		return 0
	}
	return n
}

func (r *reader) array() int   { return int(r.expect(majorArray)) }
func (r *reader) uint() uint64 { return r.expect(majorUint) }

func (r *reader) text() string {
	n := len(r.take(r.expect(majorText)))
	end := len(r.whole) - len(r.rest)
	if n == 0 || r.bad {
		return ""
	}
	return r.whole[end-n : end]
}

func (r *reader) take(n uint64) []byte {
	if uint64(len(r.rest)) < n {
		r.fail()
		return nil
	}
	taken := r.rest[:n]
	r.rest = r.rest[n:]
	return taken
}

func (r *reader) date() calendar.Date {
	n := r.uint()
	if n > 1<<24 {
		r.fail()
		return 0
	}
	return unpackDate(n)
}

func (r *reader) number() int64 {
	major, n := r.next()
	switch {
	case major == majorUint && n < 1<<63:
		return int64(n)
	case major == majorNeg && n < 1<<63:
		return ^int64(n)
	}
	r.fail()
	return 0
}

func (r *reader) person() id.ID {
	major, n := r.next()
	switch {
	case major == majorUint && n == 0:
		return id.ID{}
	case major == majorUint && n < personSpan:
		return r.sheet.Household.Next(n)
	case major == majorBytes && n == 16 && len(r.rest) >= 16:
		return id.ID(r.take(n))
	}
	r.fail()
	return id.ID{}
}

func (r *reader) fact() Fact {
	n := r.array()
	if n < 3 || n > 5 {
		r.fail()
		return Fact{}
	}
	var f Fact
	var d *Definition
	f.Name, d = r.name()
	f.Value = r.value(d)
	f.Sources = r.sources()
	if n > 3 {
		f.From = r.date()
	}
	if n > 4 {
		f.To = r.date()
	}
	return f
}

// peek is the major type of the next item.
func (r *reader) peek() byte {
	if len(r.rest) == 0 {
		return 255
	}
	return r.rest[0] >> 5
}

func (r *reader) name() (Name, *Definition) {
	if r.peek() == majorText {
		return Name(r.text()), nil
	}
	d := byNumber[int(r.uint())]
	if d == nil {
		r.fail()
		return "", nil
	}
	return d.Name, d
}

func (r *reader) sources() []int {
	if r.peek() == majorUint {
		if len(r.slab) == 0 {
			r.slab = make([]int, 64)
		}
		one := r.slab[:1:1]
		r.slab = r.slab[1:]
		one[0] = r.source()
		return one
	}
	sources := make([]int, r.array())
	for i := range sources {
		sources[i] = r.source()
	}
	return sources
}

func (r *reader) source() int {
	n := r.uint()
	if n >= uint64(len(r.sheet.Sources)) {
		r.fail()
		return 0
	}
	return int(n)
}

func (r *reader) value(d *Definition) Value {
	if d == nil {
		if r.array() != 4 {
			r.fail()
		}
		return Value{Text: r.text(), Number: r.number(), Date: r.date(), Person: r.person()}
	}
	switch d.Type {
	case TypeText:
		return Value{Text: r.text()}
	case TypeCode:
		if r.peek() == majorText {
			return Value{Text: r.text()}
		}
		n := r.uint()
		if n >= uint64(len(d.Codes)) {
			r.fail()
			return Value{}
		}
		return Value{Text: d.Codes[n]}
	case TypeDate:
		n := r.uint()
		if n == 0 || n > 1<<24 {
			r.bad = r.bad || n > 0
			return NoDate
		}
		return DateValue(unpackDate(n - 1))
	case TypePerson:
		return Value{Person: r.person()}
	}
	return Value{Number: r.number()}
}
