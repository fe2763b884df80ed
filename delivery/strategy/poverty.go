package strategy

import (
	"math/big"
	"slices"
)

// Poverty counts who is poor. Shares are in millionths of the persons whose
// household's income is known; the others are in none of them.
type Poverty struct {
	Persons   int64 `json:"persons"`   // whose household's income is known
	Unknown   int64 `json:"unknown"`   // persons of whom it is not
	Poor      int64 `json:"poor"`      // below the line
	Headcount int64 `json:"headcount"` // poor among persons (FGT0)
	Gap       int64 `json:"gap"`       // the mean distance to the line, as a share of it; nothing for who is not poor (FGT1)
	Gini      int64 `json:"gini"`      // of income a head with the benefit: 0 all alike, a million: one has everything
}

// poverty counts by the income that a household has with one of the two amounts.
// Everything is exact until the last division.
func (r *rows) poverty(line Line, which int) Poverty {
	var p Poverty
	known := make([]heads, 0, len(r.list))
	gap := int64(0)
	for i := range r.list {
		h := &r.list[i]
		if h.income < 0 {
			p.Unknown += int64(h.persons)
			continue
		}
		total, persons := h.income+h.amounts[which], int64(h.persons)
		p.Persons += persons
		known = append(known, heads{total, persons})
		if short := int64(line.Amount)*persons - total*line.Of; short > 0 { // in dirhams, times Of
			p.Poor += persons
			gap += short
		}
	}
	if p.Persons > 0 {
		p.Headcount = p.Poor * millionth / p.Persons
		if line.Amount > 0 {
			p.Gap = ratio(big.NewInt(gap), new(big.Int).Mul(big.NewInt(int64(line.Amount)), big.NewInt(p.Persons)))
		}
	}
	p.Gini = gini(known)
	return p
}

const millionth = 1_000_000

// heads is what a household has together, and how many share it.
type heads struct{ total, persons int64 }

// gini is the Gini coefficient of what persons have, in millionths: twice the sum
// of rank times what each has, over persons times the whole, less (n+1)/n.
func gini(list []heads) int64 {
	slices.SortFunc(list, func(a, b heads) int {
		x, y := a.total*b.persons, b.total*a.persons
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	var sum wide
	before, whole := int64(0), int64(0)
	for _, h := range list {
		// Ranks before+1 to before+persons, each with total/persons.
		sum.add(uint64(h.total), uint64(2*before+h.persons+1))
		whole += h.total
		before += h.persons
	}
	if whole <= 0 || before == 0 {
		return 0
	}
	all, n := big.NewInt(whole), big.NewInt(before)
	weighted := sum.big()
	weighted.Sub(weighted, new(big.Int).Mul(all, big.NewInt(before+1)))
	return ratio(weighted, all.Mul(all, n))
}

// ratio is a/b in millionths, rounded to the nearest.
func ratio(a, b *big.Int) int64 {
	if b.Sign() == 0 {
		return 0
	}
	n := new(big.Int).Mul(a, big.NewInt(millionth))
	n.Add(n, new(big.Int).Quo(b, big.NewInt(2)))
	return n.Quo(n, b).Int64()
}
