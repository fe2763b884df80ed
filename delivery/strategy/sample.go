package strategy

import (
	"math/big"
	"math/bits"

	"sanad/platform/money"
)

// Sample says how many households were asked of how many there are, and how far
// the whole's figures may be off: 95 times in 100 the truth lies within the
// margin. Everything is zero where all were asked.
type Sample struct {
	Drawn           int64        `json:"households_asked"`
	Of              int64        `json:"households_stood_for"`
	Before          money.Amount `json:"before_dirham"` // margins of monthly sums
	After           money.Amount `json:"after_dirham"`
	Cost            money.Amount `json:"cost_dirham"`
	Gain            int64        `json:"gain"` // margins of counts
	Lose            int64        `json:"lose"`
	Enter           int64        `json:"enter"`
	Leave           int64        `json:"leave"`
	HeadcountBefore int64        `json:"headcount_before"` // margins of the headcounts, in millionths
	HeadcountAfter  int64        `json:"headcount_after"`
}

// margin is 1.96 standard errors of the sum over all households of a figure of
// which a simple random sample was drawn: N sqrt((1-n/N) s²/n).
func margin(drawn, of int64, sum, squares *big.Int) int64 {
	if drawn < 2 || of <= drawn {
		return 0
	}
	n := big.NewInt(drawn)
	// s² = (Σx² - (Σx)²/n) / (n-1)
	spread := new(big.Int).Mul(squares, n)
	spread.Sub(spread, new(big.Int).Mul(sum, sum)) // n(n-1) s²
	// variance of the total: N (N-n) s² / n
	variance := spread.Mul(spread, big.NewInt(of))
	variance.Mul(variance, big.NewInt(of-drawn))
	variance.Quo(variance, new(big.Int).Mul(n, new(big.Int).Mul(n, big.NewInt(drawn-1))))
	root := variance.Sqrt(variance)
	return root.Mul(root, big.NewInt(196)).Quo(root, big.NewInt(100)).Int64()
}

// spread gathers sum and sum of squares of one figure.
type spread struct {
	sum     int64
	squares wide
}

func (s *spread) add(x int64) {
	s.sum += x
	s.squares.add(uint64(max(x, -x)), uint64(max(x, -x)))
}

func (s *spread) margin(drawn, of int64) int64 {
	return margin(drawn, of, big.NewInt(s.sum), s.squares.big())
}

// wide is a sum of products that 64 bits would not hold.
type wide struct{ high, low uint64 }

// add adds a product.
func (w *wide) add(a, b uint64) {
	high, low := bits.Mul64(a, b)
	var carry uint64
	w.low, carry = bits.Add64(w.low, low, 0)
	w.high += high + carry
}

func (w *wide) big() *big.Int {
	n := new(big.Int).SetUint64(w.high)
	return n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(w.low))
}

// sample measures the margins of a report from the households that were drawn.
func (r *rows) sample(of int64, line Line) Sample {
	s := Sample{Drawn: int64(len(r.list)), Of: of}
	if s.Drawn >= of {
		return Sample{Drawn: s.Drawn, Of: s.Drawn}
	}
	var before, after, cost, gain, lose, enter, leave spread
	for i := range r.list {
		h := &r.list[i]
		var c Change
		c.add(money.Amount(h.amounts[0]), money.Amount(h.amounts[1]))
		before.add(h.amounts[0])
		after.add(h.amounts[1])
		cost.add(h.amounts[1] - h.amounts[0])
		gain.add(c.Gain)
		lose.add(c.Lose)
		enter.add(c.Enter)
		leave.add(c.Leave)
	}
	s.Before, s.After = money.Amount(before.margin(s.Drawn, of)), money.Amount(after.margin(s.Drawn, of))
	s.Cost = money.Amount(cost.margin(s.Drawn, of))
	s.Gain, s.Lose = gain.margin(s.Drawn, of), lose.margin(s.Drawn, of)
	s.Enter, s.Leave = enter.margin(s.Drawn, of), leave.margin(s.Drawn, of)
	s.HeadcountBefore, s.HeadcountAfter = r.headcountMargin(line, 0, of), r.headcountMargin(line, 1, of)
	return s
}

// headcountMargin is the margin of the share of poor persons: of a ratio of two
// sums over households, by the spread of its residuals.
func (r *rows) headcountMargin(line Line, which int, of int64) int64 {
	p := r.poverty(line, which)
	if p.Persons == 0 {
		return 0
	}
	var residuals spread
	for i := range r.list {
		h := &r.list[i]
		if h.income < 0 {
			continue
		}
		persons, poor := int64(h.persons), int64(0)
		if int64(line.Amount)*persons > (h.income+h.amounts[which])*line.Of {
			poor = persons
		}
		residuals.add(poor*millionth - p.Headcount*persons)
	}
	drawn := int64(len(r.list))
	return residuals.margin(drawn, of) / max(p.Persons*of/drawn, 1)
}

// scaled is a report of the households drawn as one of all of them.
func (r Report) scaled(drawn, of int64) Report {
	if drawn >= of || drawn == 0 {
		return r
	}
	r.Change.scale(drawn, of)
	groups := make([]Group, len(r.Groups))
	for i, g := range r.Groups {
		g.Change.scale(drawn, of)
		groups[i] = g
	}
	r.Groups = groups
	return r
}

func (c *Change) scale(drawn, of int64) {
	for _, n := range []*int64{&c.Households, &c.Gain, &c.Lose, &c.Enter, &c.Leave, (*int64)(&c.Before), (*int64)(&c.Gained), (*int64)(&c.Lost)} {
		*n = scaledBy(*n, drawn, of)
	}
	c.After = c.Before + c.Gained - c.Lost // rounded once
}

// scaledBy is n times of/drawn, rounded to the nearest.
func scaledBy(n, drawn, of int64) int64 {
	x := new(big.Int).Mul(big.NewInt(n), big.NewInt(of))
	x.Add(x, big.NewInt(drawn/2))
	return x.Quo(x, big.NewInt(drawn)).Int64()
}
