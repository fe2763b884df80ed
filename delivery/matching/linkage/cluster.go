package linkage

import (
	"cmp"
	"math"
	"slices"
)

// Two clusters are joined only if all that is known between them speaks for it,
// not one likely pair alone: so one mistake does not chain families together, and
// a cluster with a contradiction stays in two.

// forbidden keeps two clusters apart whatever else speaks for them.
const forbidden = -1e6

// mostBetween bounds the pairs between two clusters that are looked at.
const mostBetween = 10_000

type clusters struct {
	*comparer
	parent  []int32
	members map[int32][]int32
	known   map[[2]int32]*scored
}

// chain joins the pairs that are same, the most probable first, and makes same
// what two clusters have between them; a pair whose clusters contradict each other
// is possible only.
func (e *Engine) chain(pairs []Pair) []Pair {
	c := &clusters{comparer: e.comparer(), parent: make([]int32, e.rows), members: map[int32][]int32{}, known: make(map[[2]int32]*scored, len(pairs))}
	for i := range c.parent {
		c.parent[i] = int32(i)
	}
	var edges []int
	for i := range pairs {
		p := &pairs[i]
		c.known[[2]int32{p.A, p.B}] = &scored{a: p.A, b: p.B, levels: p.Levels, posterior: [classes]float32{same: p.Probability}}
		if p.Same {
			edges = append(edges, i)
		}
	}
	slices.SortStableFunc(edges, func(i, j int) int { return cmp.Compare(pairs[j].Probability, pairs[i].Probability) })
	for _, i := range edges {
		c.join(pairs[i].A, pairs[i].B)
	}
	for i := range pairs {
		p := &pairs[i]
		switch together := c.find(p.A) == c.find(p.B); {
		case together && !p.Same:
			p.Same = true
			e.report.Chained++
		case !together && p.Same:
			p.Same = false
			e.report.Split++
		}
	}
	return c.rest(pairs)
}

// rest adds the pairs within clusters that no key brought together.
func (c *clusters) rest(pairs []Pair) []Pair {
	have := make(map[[2]int32]bool, len(pairs))
	for i := range pairs {
		have[[2]int32{pairs[i].A, pairs[i].B}] = true
	}
	for pair, s := range c.known {
		if c.find(pair[0]) == c.find(pair[1]) && !have[pair] {
			c.report.Chained++
			pairs = append(pairs, Pair{A: s.a, B: s.b, Weight: s.one, Probability: s.posterior[same], Levels: s.levels, Same: true})
		}
	}
	slices.SortFunc(pairs, func(p, q Pair) int { return cmp.Or(cmp.Compare(p.A, q.A), cmp.Compare(p.B, q.B)) })
	return pairs
}

// between compares two records of clusters about to be joined.
func (c *clusters) between(i, j int32) float32 {
	pair := [2]int32{min(i, j), max(i, j)}
	s := c.known[pair]
	if s == nil {
		s = &scored{a: pair[0], b: pair[1]}
		x, y := c.row(s.a), c.row(s.b)
		s.levels = c.levels(x, y)
		s.one, s.kin = c.evidence(s.levels, x, y)
		c.probability(s)
		c.known[pair] = s
	}
	if c.contradicts(s.levels) {
		return forbidden
	}
	return oddsOf(s.posterior[same])
}

func oddsOf(probability float32) float32 {
	p := math.Min(math.Max(float64(probability), 1e-9), 1-1e-7)
	return float32(math.Log2(p / (1 - p)))
}

func (c *clusters) find(x int32) int32 {
	for c.parent[x] != x {
		c.parent[x] = c.parent[c.parent[x]]
		x = c.parent[x]
	}
	return x
}

func (c *clusters) of(root int32) []int32 {
	if m := c.members[root]; m != nil {
		return m
	}
	return []int32{root}
}

// join joins the clusters of two records, unless the pairs between them speak
// against it altogether.
func (c *clusters) join(a, b int32) {
	a, b = c.find(a), c.find(b)
	if a == b {
		return
	}
	x, y := c.of(a), c.of(b)
	if len(x)*len(y) > mostBetween {
		return
	}
	sum := float32(0)
	for _, i := range x {
		for _, j := range y {
			sum += c.between(i, j)
		}
	}
	if sum < 0 {
		return
	}
	c.parent[b] = a
	c.members[a] = append(slices.Clone(x), y...)
	delete(c.members, b)
}
