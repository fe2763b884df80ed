package linkage

// evidence sums the weights of a pair's levels against strangers. Agreement in a
// rare value counts for more, in a common one for less; for kin as much as kinship
// does not explain it.
func (e *Engine) evidence(levels uint64, a, b []uint32) (one, kinship float32) {
	w := &e.weights
	for c := range e.comparisons {
		level := levels >> (width * c) & mask
		one += w.bits[same][c][level]
		kinship += w.bits[kin][c][level]
		rare := e.rare(c, level, a, b)
		if rare == 0 {
			continue
		}
		one += rare
		if level == 0 {
			rare *= float32(w.chance[c])
		}
		kinship += rare
	}
	return one, kinship
}

// rare is how much rarer than usual, in bits, a stranger would agree like this.
// Of two spellings the commoner counts: a slip in a common name is soon met.
func (e *Engine) rare(c int, level uint64, a, b []uint32) float32 {
	k := &e.comparisons[c]
	if k.rarity == nil || level == unknown || int(level) >= len(k.levels)-1 {
		return 0
	}
	x, y := a[k.cell], b[k.cell]
	switch {
	case x == 0: // the value stands in the neighbouring column
		return k.rarity[y]
	case level == 0 || y == 0:
		return k.rarity[x]
	}
	rare := min(k.rarity[x], k.rarity[y])
	if rare > 0 {
		rare /= 2 // how many other names lie a slip away hangs on more than on this one
	}
	return rare
}
