package linkage

import (
	"errors"
	"strconv"

	"sanad/platform/fault"
)

// The comparison of what two records have around them.
const householdName = "household"

var householdLevels = []string{"two others", "one other", "none"}

var errNoTerm = errors.New("a term is a field, a part of a full name, or one of these with .sound, .first, .year, .day or .last")

func tooMany(model string, found int) error {
	return fault.Invalid("matching.model_too_many", "file", model, "count", strconv.Itoa(found), "limit", strconv.Itoa(maxComparisons))
}

// comparer compares records for one goroutine; it remembers the levels of pairs
// of values.
type comparer struct {
	*Engine
	memos  map[*dictionary]*memo
	byItem []*memo // by comparison
}

func (e *Engine) comparer() *comparer {
	c := &comparer{Engine: e, memos: map[*dictionary]*memo{}, byItem: make([]*memo, len(e.comparisons))}
	for i := range e.comparisons {
		d := e.comparisons[i].dictionary
		if d == nil {
			continue
		}
		if c.memos[d] == nil {
			c.memos[d] = newMemo()
		}
		c.byItem[i] = c.memos[d]
	}
	return c
}

// levels compares two records in everything but their households.
func (c *comparer) levels(a, b []uint32) uint64 {
	var all uint64
	for i := range c.comparisons {
		if !c.comparisons[i].grouped {
			all |= uint64(c.one(i, a, b)) << (width * i)
		}
	}
	for g := range c.groups {
		all |= c.crossed(&c.groups[g], a, b)
	}
	if last := len(c.comparisons) - 1; c.comparisons[last].name == householdName && c.comparisons[last].cell < 0 {
		all |= uint64(unknown) << (width * last)
	}
	return all
}

// one compares two records in one thing.
func (c *comparer) one(i int, a, b []uint32) uint8 {
	k := &c.comparisons[i]
	x, y := a[k.cell], b[k.cell]
	if k.dictionary == nil {
		left, right := uint64(a[k.cell+1])<<32|uint64(x), uint64(b[k.cell+1])<<32|uint64(y)
		if left == 0 || right == 0 {
			return unknown
		}
		return compareWide(left, right)
	}
	return c.values(i, x, y)
}

// values compares two codes as comparison i does.
func (c *comparer) values(i int, x, y uint32) uint8 {
	switch {
	case x == 0 || y == 0:
		return unknown
	case x == y:
		return 0
	}
	d := c.comparisons[i].dictionary
	if d.kind.direct {
		return d.kind.compare(d, x, y)
	}
	if d.unlike(x, y) {
		return uint8(len(d.kind.levels) - 1)
	}
	return c.byItem[i].level(d, x, y)
}

// crossed compares the columns of a group as they stand; where they do not agree
// it tries the crossings, and takes one that agrees better.
func (c *comparer) crossed(g *group, a, b []uint32) uint64 {
	var levels [4]uint8
	good := true
	for n, i := range g.members {
		levels[n] = c.one(i, a, b)
		good = good && (levels[n] <= 1 || levels[n] == unknown)
	}
	order := uint64(0)
	if !good {
		best := g.crossings[0]
		gain := 0
		for _, cross := range g.crossings {
			if more := c.gain(g, cross, levels, a, b); more > gain {
				best, gain = cross, more
			}
		}
		if gain > 0 {
			order = 1
			levels[best[0]], levels[best[1]] = c.across(g, best, a, b)
		}
	}
	all := order << (width * g.order)
	for n, i := range g.members {
		all |= uint64(levels[n]) << (width * i)
	}
	return all
}

func (c *comparer) across(g *group, cross [2]int, a, b []uint32) (uint8, uint8) {
	i, j := g.members[cross[0]], g.members[cross[1]]
	at, to := c.comparisons[i].cell, c.comparisons[j].cell
	return c.values(i, a[at], b[to]), c.values(j, a[to], b[at])
}

// gain is how much better two columns agree crossed than as they stand: one must
// be equal that was not before.
func (c *comparer) gain(g *group, cross [2]int, straight [4]uint8, a, b []uint32) int {
	at, to := c.comparisons[g.members[cross[0]]].cell, c.comparisons[g.members[cross[1]]].cell
	if (a[at] != b[to] || a[at] == 0) && (a[to] != b[at] || a[to] == 0) {
		return 0
	}
	before := rank(straight[cross[0]]) + rank(straight[cross[1]])
	one, other := c.across(g, cross, a, b)
	if after := rank(one) + rank(other); after < before-1 {
		return before - after
	}
	return 0
}

// rank puts an unknown between agreeing and not.
func rank(level uint8) int {
	if level == unknown {
		return 2
	}
	return int(level)
}
