package policy

import (
	"encoding/binary"
	"slices"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/money"
)

// A national run records 1.3 million decisions, so an outcome is packed: words
// (components, reasons, accounts) stand once in a list, persons are counted
// from their household's id, and status, payable and payee share a byte.

// packer writes; unpacker reads, and after the first mistake gives zeros.
type packer struct {
	bytes []byte
	house id.ID
}

func (p *packer) number(n uint64) { p.bytes = binary.AppendUvarint(p.bytes, n) }

func (p *packer) text(s string) {
	p.number(uint64(len(s)))
	p.bytes = append(p.bytes, s...)
}

// person writes 0 for none, the distance from the household plus one where it
// is near, 1 and sixteen bytes else.
func (p *packer) person(n id.ID) {
	if n.IsZero() {
		p.number(0)
		return
	}
	if step, near := distance(p.house, n); near {
		p.number(step + 2)
		return
	}
	p.number(1)
	p.bytes = append(p.bytes, n[:]...)
}

func distance(from, to id.ID) (uint64, bool) {
	const mask, span = 1<<48 - 1, 1 << 16
	step := (binary.BigEndian.Uint64(to[8:]) - binary.BigEndian.Uint64(from[8:])) & mask
	return step, [10]byte(from[:10]) == [10]byte(to[:10]) && step < span
}

type unpacker struct {
	rest  []byte
	house id.ID
	bad   bool
}

func (u *unpacker) fail() { u.bad, u.rest = true, nil }

func (u *unpacker) number() uint64 {
	n, size := binary.Uvarint(u.rest)
	if size <= 0 {
		u.fail()
		return 0
	}
	u.rest = u.rest[size:]
	return n
}

// count reads how many items follow, each of at least one byte.
func (u *unpacker) count() int {
	n := u.number()
	if n > uint64(len(u.rest)) {
		u.fail()
		return 0
	}
	return int(n)
}

func (u *unpacker) take(n int) []byte {
	if n > len(u.rest) {
		u.fail()
		return make([]byte, n)
	}
	taken := u.rest[:n]
	u.rest = u.rest[n:]
	return taken
}

func (u *unpacker) text() string { return string(u.take(u.count())) }

func (u *unpacker) person() id.ID {
	switch n := u.number(); n {
	case 0:
		return id.ID{}
	case 1:
		return id.ID(u.take(len(id.ID{})))
	default:
		return u.house.Next(n - 2)
	}
}

// end is the fault where bytes were damaged or left over.
func (u *unpacker) end() error {
	if u.bad || len(u.rest) > 0 {
		return fault.Invalid("policy.outcome_damaged")
	}
	return nil
}

// payee is who receives, and where; many lines share one.
type payee struct {
	person, household id.ID
	account           string
}

func (l *Line) payee() payee { return payee{l.Payee, l.PayeeHousehold, l.Account} }

const (
	bitsStatus  = 3
	bitPayable  = 4
	bitsOfFlags = 3
)

// encodeOutcome packs lines; equal lines have equal bytes.
func encodeOutcome(household id.ID, lines []Line) []byte {
	if len(lines) == 0 {
		return nil
	}
	var words []string
	var payees []payee
	word := func(s string) uint64 { return place(&words, s) }
	for i := range lines {
		l := &lines[i]
		word(l.Component)
		word(l.Reason)
		place(&payees, l.payee())
	}
	p := packer{house: household, bytes: make([]byte, 0, 64+16*len(lines))}
	p.number(uint64(len(words)))
	for _, w := range words {
		p.text(w)
	}
	p.number(uint64(len(payees)))
	for _, to := range payees {
		p.person(to.person)
		p.person(to.household)
		p.text(to.account)
	}
	p.number(uint64(len(lines)))
	for i := range lines {
		l := &lines[i]
		flags := uint64(l.Status) & bitsStatus
		if l.Payable {
			flags |= bitPayable
		}
		p.person(l.Person)
		p.number(flags | place(&payees, l.payee())<<bitsOfFlags)
		p.number(word(l.Component))
		p.number(word(l.Reason))
		p.number(uint64(l.Amount))
	}
	return p.bytes
}

// place finds an item in a short list, adding it where it is new.
func place[T comparable](list *[]T, item T) uint64 {
	i := slices.Index(*list, item)
	if i < 0 {
		i = len(*list)
		*list = append(*list, item)
	}
	return uint64(i)
}

// decodeOutcome reads what encodeOutcome wrote; anything else is the fault
// "policy.outcome_damaged".
func decodeOutcome(household id.ID, packed []byte) ([]Line, error) {
	if len(packed) == 0 {
		return nil, nil
	}
	u := unpacker{rest: packed, house: household}
	words := make([]string, u.count())
	for i := range words {
		words[i] = u.text()
	}
	payees := make([]payee, u.count())
	for i := range payees {
		payees[i] = payee{u.person(), u.person(), u.text()}
	}
	lines := make([]Line, u.count())
	for i := range lines {
		l := &lines[i]
		l.Person = u.person()
		flags := u.number()
		l.Status, l.Payable = Status(flags&bitsStatus), flags&bitPayable != 0
		to := at(&u, payees, flags>>bitsOfFlags)
		l.Payee, l.PayeeHousehold, l.Account = to.person, to.household, to.account
		l.Component, l.Reason = at(&u, words, u.number()), at(&u, words, u.number())
		l.Amount = money.Amount(u.number())
	}
	return lines, u.end()
}

func at[T any](u *unpacker, list []T, n uint64) (item T) {
	if n >= uint64(len(list)) {
		u.fail()
		return item
	}
	return list[n]
}

// basis is what a decision rests on beside its own sheet: members who count in
// another household, the sheets on which persons of this one's facts stand, and
// what other sheets say of the custody of its children.
type basis struct {
	elsewhere []id.ID
	others    []otherSheet
	custody   []custody
	given     circumstances
	decided   calendar.Month // for which it was computed; zero: the month from which it stands
}

// undecided is the month of what stands only to say that nothing was decided
// yet: a month that lies behind one that was decided anew.
const undecided calendar.Month = 1

// custody is who has a child, by another sheet that lists it.
type custody struct{ child, custodian id.ID }

// otherSheet cites another household's sheet for one person.
type otherSheet struct {
	person, household id.ID
	version           int64
}

func (b basis) encode(household id.ID) []byte {
	if len(b.elsewhere) == 0 && len(b.others) == 0 && len(b.custody) == 0 && b.given.empty() && b.decided == 0 {
		return nil
	}
	p := packer{house: household}
	p.number(uint64(len(b.elsewhere)))
	for _, person := range b.elsewhere {
		p.person(person)
	}
	p.number(uint64(len(b.others)))
	for _, o := range b.others {
		p.person(o.person)
		p.person(o.household)
		p.number(uint64(o.version))
	}
	p.number(uint64(len(b.custody)))
	for _, c := range b.custody {
		p.person(c.child)
		p.person(c.custodian)
	}
	if !b.given.empty() || b.decided != 0 {
		b.given.encode(&p)
	}
	if b.decided != 0 {
		p.number(uint64(b.decided))
	}
	return p.bytes
}

func decodeBasis(household id.ID, packed []byte) (basis, error) {
	if len(packed) == 0 {
		return basis{}, nil
	}
	u := unpacker{rest: packed, house: household}
	var b basis
	for range u.count() {
		b.elsewhere = append(b.elsewhere, u.person())
	}
	for range u.count() {
		b.others = append(b.others, otherSheet{u.person(), u.person(), int64(u.number())})
	}
	for range u.count() {
		b.custody = append(b.custody, custody{u.person(), u.person()})
	}
	if len(u.rest) > 0 {
		b.given.decode(&u)
	}
	if len(u.rest) > 0 {
		b.decided = calendar.Month(u.number())
	}
	return b, u.end()
}
