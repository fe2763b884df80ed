package policy

import (
	"sanad/platform/id"
	"sanad/platform/money"
)

// circumstances are what a decision about a household rests on beside sheets:
// what it received before, what other programmes give it, and its place where
// there is not enough for all. The run brings them, the decision keeps them.
type circumstances struct {
	received []receipt
	others   []otherHelp
	places   []Place
}

// receipt is one-off help that a person had in an earlier month.
type receipt struct {
	person    id.ID
	component string
}

// otherHelp is what another programme gives a person in the month.
type otherHelp struct {
	programme string
	person    id.ID
	amount    money.Amount
}

// Place is where somebody stands in the order of a programme that cannot serve
// all.
type Place struct {
	Person   id.ID  // who stands for the unit
	Position int64  // from 1
	Of       int64  // how many there are
	Reserved string // the reserve by which it was served; empty for none
	Served   bool
	Value    int64 // of the ranking formula
}

func (g *circumstances) empty() bool {
	return len(g.received) == 0 && len(g.others) == 0 && len(g.places) == 0
}

func (g *circumstances) encode(p *packer) {
	p.number(uint64(len(g.received)))
	for _, r := range g.received {
		p.person(r.person)
		p.text(r.component)
	}
	p.number(uint64(len(g.others)))
	for _, o := range g.others {
		p.text(o.programme)
		p.person(o.person)
		p.number(uint64(o.amount))
	}
	p.number(uint64(len(g.places)))
	for _, s := range g.places {
		p.person(s.Person)
		p.number(uint64(s.Position))
		p.number(uint64(s.Of))
		p.text(s.Reserved)
		served := uint64(0)
		if s.Served {
			served = 1
		}
		p.number(served)
		p.number(zigzag(s.Value))
	}
}

func (g *circumstances) decode(u *unpacker) {
	for range u.count() {
		g.received = append(g.received, receipt{u.person(), u.text()})
	}
	for range u.count() {
		g.others = append(g.others, otherHelp{u.text(), u.person(), money.Amount(u.number())})
	}
	for range u.count() {
		g.places = append(g.places, Place{Person: u.person(), Position: int64(u.number()), Of: int64(u.number()), Reserved: u.text(),
			Served: u.number() == 1, Value: unzigzag(u.number())})
	}
}

// zigzag writes small negative numbers in few bytes.
func zigzag(n int64) uint64 { return uint64(n)<<1 ^ uint64(n>>63) }

func unzigzag(n uint64) int64 { return int64(n>>1) ^ -int64(n&1) }
