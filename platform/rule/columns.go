package rule

import (
	"math"
	"slices"

	"sanad/platform/fault"
)

// Columns holds the facts of many households, a column a fact, so that a rule is
// computed for a whole nation as fast as memory is read. What a rule means is
// what [Rule.Evaluate] says of one household: [Evaluator] gives the same answers,
// unknowns and failures included.
//
// Members of one household are neighbours. A reference to a member counts from
// the household's first. Columns are filled by one goroutine; then many may
// evaluate, each with an Evaluator of its own.
type Columns struct {
	// Frame brings what is the same for everybody: inputs, parameters, tables
	// and the texts that values of Text name. Its household and members are not
	// looked at.
	Frame *Frame

	language  *Language
	starts    []int32 // of each household's members, and the end
	household []column
	members   []column
}

// NewColumns returns columns for households of so many members each, in which
// everything is unknown.
func (l *Language) NewColumns(members []int32) *Columns {
	c := &Columns{Frame: l.NewFrame(0), language: l, starts: make([]int32, len(members)+1)}
	for i, n := range members {
		c.starts[i+1] = c.starts[i] + n
	}
	c.household = columnsOf(l.schema.Household, len(members))
	c.members = columnsOf(l.schema.Members, int(c.starts[len(members)]))
	return c
}

// Households is how many there are.
func (c *Columns) Households() int { return len(c.starts) - 1 }

// Members returns the rows of a household's members, from and up to.
func (c *Columns) Members(household int) (from, to int) {
	return int(c.starts[household]), int(c.starts[household+1])
}

// SetHousehold gives a household's fact, by its place in Schema.Household. A
// value of another kind than the fact's is the fault "rule.frame", and so are the
// two lowest numbers of 64 bits, which stand for what is unknown or absent.
func (c *Columns) SetHousehold(fact, household int, v Value) error {
	return c.household[fact].set(household, v)
}

// SetMember gives a fact of the member in a row, by its place in Schema.Members.
func (c *Columns) SetMember(fact, row int, v Value) error { return c.members[fact].set(row, v) }

// HouseholdValue is a household's fact.
func (c *Columns) HouseholdValue(fact, household int) Value { return c.household[fact].at(household) }

// MemberValue is a fact of the member in a row.
func (c *Columns) MemberValue(fact, row int) Value { return c.members[fact].at(row) }

// Fill puts one household into a frame, for [Rule.Evaluate]: to explain a single
// household, and to compare.
func (c *Columns) Fill(f *Frame, household int) {
	from, to := c.Members(household)
	c.language.Reset(f, to-from)
	copy(f.Inputs, c.Frame.Inputs)
	copy(f.Parameters, c.Frame.Parameters)
	f.Tables, f.Texts = c.Frame.Tables, append(f.Texts[:0], c.Frame.Texts...)
	for fact := range c.household {
		f.Household[fact] = c.household[fact].at(household)
	}
	for row := from; row < to; row++ {
		facts := c.language.Facts(f, row-from)
		for fact := range c.members {
			facts[fact] = c.members[fact].at(row)
		}
	}
}

// column is one fact of everybody, as narrow as its kind and values allow. Of
// one of the three lists there is one; in each two numbers are kept for unknown
// and for absent.
type column struct {
	kind  Kind
	rows  int
	bytes []uint8 // truths and labels
	small []int32 // dates, references, and numbers as long as they fit
	large []int64 // numbers that do not
	loose bool    // some date is not known to the day
}

const (
	unknownByte, absentByte   = math.MaxUint8, math.MaxUint8 - 1
	unknownSmall, absentSmall = math.MinInt32, math.MinInt32 + 1
	unknownLarge, absentLarge = math.MinInt64, math.MinInt64 + 1
)

func columnsOf(facts []Fact, rows int) []column {
	columns := make([]column, len(facts))
	for i, f := range facts {
		columns[i] = column{kind: f.Type.Kind, rows: rows}
	}
	return columns
}

// reserve makes room at the first value, so that a fact that nobody has costs
// nothing. Columns without a list are unknown in every row.
func (c *column) reserve() {
	if c.kind == KindTruth || c.kind == KindEnumeration {
		c.bytes = slices.Repeat([]uint8{unknownByte}, c.rows)
		return
	}
	c.small = slices.Repeat([]int32{unknownSmall}, c.rows)
}

func (c *column) empty() bool { return c.bytes == nil && c.small == nil && c.large == nil }

func (c *column) set(row int, v Value) error {
	if v.state != unknown && v.kind != c.kind || v.state == failed || v.state == absent && c.kind != KindDate && c.kind != KindMember ||
		v.number <= absentLarge {
		return fault.Invalid("rule.frame")
	}
	if c.empty() {
		if v.state == unknown {
			return nil
		}
		c.reserve()
	}
	c.loose = c.loose || v.state == known && c.kind == KindDate && v.number%100 == 0
	if c.bytes != nil {
		if v.state == known && v.number >= absentByte {
			return fault.Invalid("rule.frame")
		}
		c.bytes[row] = uint8(packed(v, unknownByte, absentByte))
		return nil
	}
	if c.small != nil && v.state == known && (v.number <= absentSmall || v.number > math.MaxInt32) {
		c.widen()
	}
	if c.small != nil {
		c.small[row] = int32(packed(v, unknownSmall, absentSmall))
		return nil
	}
	c.large[row] = packed(v, unknownLarge, absentLarge)
	return nil
}

func packed(v Value, ifUnknown, ifAbsent int64) int64 {
	switch v.state {
	case known:
		return v.number
	case absent:
		return ifAbsent
	}
	return ifUnknown
}

// widen moves a column of numbers to the wide list.
func (c *column) widen() {
	c.large = make([]int64, c.rows)
	for i, n := range c.small {
		c.large[i] = int64(n)
		switch n {
		case unknownSmall:
			c.large[i] = unknownLarge
		case absentSmall:
			c.large[i] = absentLarge
		}
	}
	c.small = nil
}

func (c *column) at(row int) Value {
	switch {
	case c.bytes != nil:
		return unpackedAs(c.kind, int64(c.bytes[row]), unknownByte, absentByte)
	case c.small != nil:
		return unpackedAs(c.kind, int64(c.small[row]), unknownSmall, absentSmall)
	case c.large != nil:
		return unpackedAs(c.kind, c.large[row], unknownLarge, absentLarge)
	}
	return Value{kind: c.kind}
}

func unpackedAs(kind Kind, n, ifUnknown, ifAbsent int64) Value {
	switch n {
	case ifUnknown:
		return Value{kind: kind}
	case ifAbsent:
		return Absent(kind)
	}
	return Value{n, kind, known}
}
