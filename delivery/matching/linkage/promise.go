package linkage

// Where all pairs are looked at, most are strangers at first sight: a pair is
// compared closely if two of its values at least are equal, as they stand or
// crossed with the neighbouring column.

// promise is what a first sight looks at.
type promise struct {
	cells   []int    // one of each column
	crossed [][2]int // cells whose values may stand in each other's place
	needed  int
}

func (e *Engine) promise(needed int) promise {
	p := promise{needed: needed}
	for i := range e.comparisons {
		if e.comparisons[i].cell >= 0 {
			p.cells = append(p.cells, e.comparisons[i].cell)
		}
	}
	for _, g := range e.groups {
		for _, cross := range g.crossings {
			p.crossed = append(p.crossed, [2]int{e.comparisons[g.members[cross[0]]].cell, e.comparisons[g.members[cross[1]]].cell})
		}
	}
	if e.model.Blocking.All || len(p.cells) < 4 {
		p.needed = 0
	}
	return p
}

// fewPairs are so few that one equal value is enough to score them; to learn from,
// two are asked for all the same.
const fewPairs = 30_000_000

func (e *Engine) neededToScore() int {
	if e.pairsInAll() <= fewPairs {
		return 1
	}
	return neededToLearn
}

const neededToLearn = 2

// keeps reports whether a pair deserves a closer look.
func (p *promise) keeps(a, b []uint32) bool {
	equal := 0
	for _, c := range p.cells {
		if a[c] == b[c] && a[c] != 0 {
			equal++
		}
	}
	if equal >= p.needed {
		return true
	}
	for _, c := range p.crossed {
		if a[c[0]] == b[c[1]] && a[c[0]] != 0 {
			equal++
		}
		if a[c[1]] == b[c[0]] && a[c[1]] != 0 {
			equal++
		}
	}
	return equal >= p.needed
}
