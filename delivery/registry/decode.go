package registry

import (
	"encoding/binary"
	"slices"
	"strconv"

	"sanad/platform/calendar"
	"sanad/platform/id"
)

// Decode reads what Encode wrote. Anything else is the fault
// "registry.sheet_damaged".
func Decode(household id.ID, version int64, plain []byte) (*Sheet, error) {
	return new(Decoder).Decode(household, version, plain)
}

// Decoder reads one sheet after the other into the same memory, for who looks at
// each of a nation's sheets once. It is used by one goroutine.
type Decoder struct {
	sheet   Sheet
	sources []Source
	members []Member
	facts   []Fact // from which each member takes hers
	places  []int  // from which each fact takes its sources
}

// Decode is like the function Decode; the sheet is valid until the next call,
// its texts for ever.
func (d *Decoder) Decode(household id.ID, version int64, plain []byte) (*Sheet, error) {
	s := &d.sheet
	*s = Sheet{Household: household, Version: version}
	d.facts, d.places = d.facts[:0], d.places[:0]
	r := reader{rest: plain, whole: string(plain), sheet: s, memory: d}
	if r.array() != 6 || r.uint() != sheetFormat {
		return nil, damaged()
	}
	s.Branch, s.File = r.text(), r.text()
	d.sources = slices.Grow(d.sources[:0], r.array())
	s.Sources = d.sources[:cap(d.sources)][:r.length]
	for i := range s.Sources {
		if r.array() != 5 {
			r.fail()
		}
		s.Sources[i] = Source{Kind: SourceKind(r.uint()), Body: r.text(), Document: r.text(), Date: r.date(), Import: r.person()}
	}
	s.Facts = r.facts(r.array())
	d.members = slices.Grow(d.members[:0], r.array())
	s.Members = d.members[:cap(d.members)][:r.length]
	for i := range s.Members {
		n := r.array()
		s.Members[i] = Member{Person: r.person(), Facts: r.facts(n - 1)}
	}
	if r.bad || len(r.rest) > 0 {
		return nil, damaged()
	}
	return s, nil
}

// taken cuts the next n items off a slab; what does not fit begins a larger one.
func taken[T any](slab *[]T, n, first int) []T {
	have := len(*slab)
	if have+n > cap(*slab) {
		*slab, have = make([]T, 0, max(2*cap(*slab), n, first)), 0
	}
	*slab = (*slab)[:have+n]
	return (*slab)[have : have+n : have+n]
}

func (r *reader) facts(n int) []Fact {
	if n <= 0 {
		return nil
	}
	list := taken(&r.memory.facts, n, len(r.whole)/24)
	for i := range list {
		list[i] = r.fact()
	}
	return list
}

// reader takes items off the front of the bytes; after the first mistake it
// gives zeros and remembers.
type reader struct {
	rest   []byte
	whole  string // the same bytes: texts are parts of it, so that a sheet is few pieces of memory
	sheet  *Sheet
	memory *Decoder
	length int // of the array that was begun last
	bad    bool
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

func (r *reader) array() int {
	r.length = int(r.expect(majorArray))
	return r.length
}

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
	number := r.uint()
	d := numbered(number)
	switch {
	case d != nil && number < FirstDeclared:
		return d.Name, d
	case d != nil:
		return d.Name, nil // written in full, as all declared facts are
	case number >= FirstDeclared && number <= LastDeclared:
		return Name(undeclared + strconv.FormatUint(number, 10)), nil
	}
	r.fail()
	return "", nil
}

func (r *reader) sources() []int {
	if r.peek() == majorUint {
		one := taken(&r.memory.places, 1, 64)
		one[0] = r.source()
		return one
	}
	sources := taken(&r.memory.places, r.array(), 64)
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
