package linkage

import (
	"math"
	"slices"
)

// class is what a pair of records is.
type class int

const (
	same class = iota
	strangers
	kin
	classes
)

// weights are what the records taught: how often each level is seen among pairs
// that are one person, strangers, and kin.
type weights struct {
	share  [classes][maxComparisons][unknown]float64
	bits   [classes][maxComparisons][unknown + 1]float32 // log2 against strangers; 0 for unknown
	chance [maxComparisons]float64                       // among kin: the share of agreements that kinship explains
	prior  [classes]float64                              // of a pair of different households
	within [classes]float64                              // of a pair of one household
	hasKin bool
	sight  float64 // share of strangers that a first sight does not put aside
}

// pattern is a combination of levels, and how many pairs showed it.
type pattern struct {
	levels uint64
	count  float64
}

// patterns counts combinations of levels.
type patterns map[uint64]int64

func (p patterns) sorted() []pattern {
	list := make([]pattern, 0, len(p))
	for levels, count := range p {
		list = append(list, pattern{levels, float64(count)})
	}
	slices.SortFunc(list, func(a, b pattern) int {
		if a.levels < b.levels {
			return -1
		}
		return 1
	})
	return list
}

// drawnPairs is how many pairs are drawn to learn how often strangers agree.
const drawnPairs = 300_000

// usualLevels says what is taken for granted before anything was learnt: most
// values of one person agree, slips are rare.
func usualLevels(levels int) []float64 {
	shares := make([]float64, levels)
	rest := 0.15
	shares[0] = 1 - rest
	for i := 1; i < levels; i++ {
		shares[i] = rest / float64(levels-1)
	}
	return shares
}

// begin sets what is known before the first look.
func (e *Engine) begin() {
	w := &e.weights
	for c := range e.comparisons {
		for k := range classes {
			copy(w.share[k][c][:], usualLevels(len(e.comparisons[c].levels)))
		}
		if e.comparisons[c].cell < 0 && e.comparisons[c].name != householdName {
			w.share[same][c][0], w.share[same][c][1] = 0.97, 0.03
		}
	}
	w.prior[same] = math.Min(0.1, 0.1*float64(e.rows)/e.pairsInAll())
	w.prior[strangers] = 1 - w.prior[same]
	w.within = [classes]float64{same: 0.002, kin: 0.998}
}

// learnStrangers counts levels among pairs drawn at random, and how often a
// value agrees by chance.
func (e *Engine) learnStrangers() {
	const shares = 16
	parts := make([]drawing, shares)
	count := int(math.Min(drawnPairs, 4*e.pairsInAll()))
	inParts(shares, func(from, to int) {
		c := e.comparer()
		for n := from; n < to; n++ {
			parts[n] = c.draw(count/shares+1, e.model.Seed+uint64(n))
		}
	})
	seen := patterns{}
	passed, drawn := 0.5, 1.0
	for _, part := range parts {
		for levels, many := range part.seen {
			seen[levels] += many
		}
		passed, drawn = passed+float64(part.passed), drawn+float64(part.drawn)
	}
	e.weights.sight = passed / drawn
	e.weights.tally(strangers, e, seen.sorted(), nil, 0.5)
	e.rarities()
}

// drawing is what a number of drawn pairs showed.
type drawing struct {
	seen          patterns
	passed, drawn int // of those drawn, how many a first sight does not put aside
}

func (c *comparer) draw(count int, seed uint64) drawing {
	d := drawing{seen: patterns{}}
	first := c.promise(neededToLearn)
	if !c.compareAll() {
		first.needed = 0
	}
	c.random(count, seed, func(a, b int32) {
		if c.apart[a] != 0 && c.apart[a] == c.apart[b] {
			return
		}
		d.seen[c.levels(c.row(a), c.row(b))]++
		d.drawn++
		if first.keeps(c.row(a), c.row(b)) {
			d.passed++
		}
	})
	return d
}

// agreement replaces the drawn share of full agreement by the exact one, and
// learns how rare each value is.
func (e *Engine) agreement(i int) {
	k := &e.comparisons[i]
	if k.dictionary == nil {
		return
	}
	many := make([]uint32, len(k.dictionary.values))
	for r := k.cell; r < len(e.cells); r += e.stride {
		many[e.cells[r]]++
	}
	filled := float64(e.rows) - float64(many[0])
	if filled < 2 {
		return
	}
	agree := 0.0
	for _, n := range many[1:] {
		agree += float64(n) / filled * float64(n) / filled
	}
	if e.fresh == nil {
		e.weights.agree(i, agree, len(k.levels))
	}
	if !k.frequency {
		return
	}
	k.rarity = make([]float32, len(many))
	for code, n := range many[1:] {
		k.rarity[code+1] = float32(math.Log2(agree / (float64(max(n, 1)) / filled)))
	}
}

// agree sets how often strangers agree fully, and scales their other levels.
func (w *weights) agree(i int, agree float64, levels int) {
	before := w.share[strangers][i][0]
	for level := range levels {
		w.share[strangers][i][level] *= (1 - agree) / (1 - math.Min(before, 0.999))
	}
	w.share[strangers][i][0] = agree
}

// rarities learns how rare each value is among the records as they are now.
func (e *Engine) rarities() {
	for i := range e.comparisons {
		e.agreement(i)
	}
}

// tally sets the shares of a class from patterns, each with the share of its
// pairs that is of this class (all of them where shares is nil).
func (w *weights) tally(of class, e *Engine, seen []pattern, shares []float64, doubt float64) {
	for c := range e.comparisons {
		levels := len(e.comparisons[c].levels)
		var counts [unknown]float64
		total := 0.0
		for i, p := range seen {
			if level := levelOf(p.levels, c); level != unknown {
				n := p.count
				if shares != nil {
					n *= shares[i]
				}
				counts[level] += n
				total += n
			}
		}
		usual := usualLevels(levels)
		for level := range levels {
			w.share[of][c][level] = (counts[level] + doubt*usual[level]) / (total + doubt)
		}
	}
}

// posterior returns the shares of the classes for a pattern; skip holds the
// comparisons that are not looked at, a bit each.
func (w *weights) posterior(logs *[classes][maxComparisons][unknown + 1]float64, prior [classes]float64, levels uint64, comparisons int, skip uint32) (p [classes]float64) {
	var sums [classes]float64
	for k := range classes {
		sums[k] = math.Inf(-1)
		if prior[k] > 0 {
			sums[k] = math.Log(prior[k])
			for c := range comparisons {
				if skip>>c&1 == 0 {
					sums[k] += logs[k][c][levels>>(width*c)&mask]
				}
			}
		}
	}
	most := math.Max(sums[same], math.Max(sums[strangers], sums[kin]))
	total := 0.0
	for k := range classes {
		p[k] = math.Exp(sums[k] - most)
		total += p[k]
	}
	for k := range classes {
		p[k] /= total
	}
	return p
}

// logs are the natural logarithms of the shares.
func (w *weights) logs(e *Engine) *[classes][maxComparisons][unknown + 1]float64 {
	var logs [classes][maxComparisons][unknown + 1]float64
	for k := range classes {
		for c := range e.comparisons {
			for level := range e.comparisons[c].levels {
				logs[k][c][level] = math.Log(math.Max(w.share[k][c][level], 1e-9))
			}
		}
	}
	return &logs
}

// maximise improves shares and priors until they stand still: what of the
// patterns is one person, with the other classes as they are. skip names comparisons that tell nothing, because the
// pairs were chosen by them.
func (e *Engine) maximise(w *weights, seen []pattern, prior [classes]float64, skip uint32) ([classes]float64, float64) {
	ones := make([]float64, len(seen))
	var total float64
	for _, p := range seen {
		total += p.count
	}
	found := 0.0
	for round := range 60 {
		logs := w.logs(e)
		var sums [classes]float64
		chosen := prior
		chosen[strangers] /= w.sight
		for i, p := range seen {
			post := w.posterior(logs, chosen, p.levels, len(e.comparisons), skip)
			ones[i] = post[same]
			for k := range classes {
				sums[k] += post[k] * p.count
			}
		}
		w.tallySame(e, seen, ones, skip)
		for k := range classes {
			if prior[k] > 0 {
				prior[k] = math.Max(sums[k], 0.5) / total
			}
		}
		if math.Abs(sums[same]-found) < 1e-4*(found+1) && round > 8 {
			break
		}
		found = sums[same]
	}
	e.report.ones = found
	return prior, found
}

func (w *weights) tallySame(e *Engine, seen []pattern, shares []float64, skip uint32) {
	before := w.share[same]
	w.tally(same, e, seen, shares, 2)
	for c := range e.comparisons {
		if skip>>c&1 == 1 {
			w.share[same][c] = before[c]
		}
	}
}

// withoutSame takes out of the strangers' shares what pairs of one person among
// those drawn put in: of few records, one pair in a thousand is of one person.
func (e *Engine) withoutSame() {
	w := &e.weights
	ones := math.Min(0.02, e.report.ones/e.pairsInAll())
	for c := range e.comparisons {
		for level := range e.comparisons[c].levels {
			s := &w.share[strangers][c][level]
			*s = math.Max((*s-ones*w.share[same][c][level])/(1-ones), *s/20)
		}
	}
}

// finish turns shares into weights. What members of one household share even
// oftener than two records of one person do belongs to the household (its entry in
// the civil registry, its account), and changes with it: between two households it
// tells kin from strangers as it tells one person, and kin from one person not at
// all.
func (w *weights) finish(e *Engine) {
	for c := range e.comparisons {
		s := &w.share[strangers][c]
		relatives := w.share[kin][c]
		if relatives[0] > w.share[same][c][0] {
			relatives = w.share[same][c]
		}
		for k := range classes {
			of := &w.share[k][c]
			if k == kin {
				of = &relatives
			}
			for level := range e.comparisons[c].levels {
				w.bits[k][c][level] = float32(math.Log2(math.Max(of[level], 1e-7) / math.Max(s[level], 1e-7)))
			}
		}
		w.chance[c] = math.Max(0, (relatives[0]-s[0])/(1-math.Min(s[0], 0.999)))
	}
}
