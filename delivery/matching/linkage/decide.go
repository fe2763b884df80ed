package linkage

import (
	"math"
	"slices"
)

// weigh finds how many pairs are one person altogether, and with it every kept
// pair's probability.
func (e *Engine) weigh(kept []scored) {
	w := &e.weights
	if w.hasKin {
		for _, k := range e.report.keys {
			w.prior[kin] = math.Max(w.prior[kin], math.Min(0.01, k.found*k.prior[kin]/math.Max(k.prior[same], 1e-6)/e.pairsInAll()))
		}
	}
	if e.fresh != nil {
		for i := range kept {
			e.probability(&kept[i])
		}
		return
	}
	for range 20 {
		expected := 0.0
		for i := range kept {
			e.probability(&kept[i])
			if !e.housemate(&kept[i]) {
				expected += float64(kept[i].posterior[same])
			}
		}
		next := math.Max(expected, 0.5) / e.pairsInAll()
		moved := math.Abs(next-w.prior[same]) > 1e-3*w.prior[same]
		w.prior[same] = next
		if !moved {
			break
		}
	}
	w.prior[strangers] = 1 - w.prior[same] - w.prior[kin]
}

func (e *Engine) housemate(s *scored) bool {
	return e.apart[s.a] != 0 && e.apart[s.a] == e.apart[s.b]
}

// probability weighs the three classes of a pair against each other.
func (e *Engine) probability(s *scored) {
	w := &e.weights
	prior := &w.prior
	if e.housemate(s) {
		prior = &w.within
	}
	one := math.Log2(math.Max(prior[same], 1e-30)) + float64(s.one)
	related := math.Inf(-1)
	if w.hasKin {
		related = math.Log2(math.Max(prior[kin], 1e-30)) + float64(s.kin)
	}
	stranger := math.Log2(math.Max(prior[strangers], 1e-30))
	most := math.Max(one, math.Max(related, stranger))
	x, y, z := math.Exp2(one-most), math.Exp2(stranger-most), math.Exp2(related-most)
	total := x + y + z
	s.posterior = [classes]float32{same: float32(x / total), strangers: float32(y / total), kin: float32(z / total)}
}

// decide turns kept pairs into same and possible ones.
func (e *Engine) decide(kept []scored) []Pair {
	least := float32(e.threshold(kept)) / 1e6
	possible := float32(e.model.Decide.Possible) / 1e6
	e.report.Threshold = int64(math.Round(float64(least) * 1e6))
	var pairs []Pair
	taken := e.taken(kept)
	for i := range kept {
		s := &kept[i]
		p := Pair{A: s.a, B: s.b, Weight: s.one, Probability: s.posterior[same], Levels: s.levels}
		p.Same = p.Probability >= least && !taken[i] && !e.contradicts(s.levels)
		if taken[i] && p.Probability >= possible || !taken[i] && p.Probability >= min(possible, least) || e.model.chains() && p.Probability >= leastInChain {
			pairs = append(pairs, p)
		}
	}
	if e.model.chains() && e.second == 0 {
		pairs = e.chain(pairs)
	}
	return slices.DeleteFunc(pairs, func(p Pair) bool { return !p.Same && p.Probability < possible })
}

// contradicts reports a plain difference in a field of which the model says that
// it forbids one person: two national numbers.
func (e *Engine) contradicts(levels uint64) bool {
	for _, c := range e.contradicting {
		if int(levelOf(levels, c)) == len(e.comparisons[c].levels)-1 {
			return true
		}
	}
	return false
}

// threshold is the probability from which on a pair is same, in millionths: as
// the model states it, or so that of those called same a stated share is wrong.
func (e *Engine) threshold(kept []scored) int64 {
	d := e.model.Decide
	if d.FalseMerges == 0 {
		return int64(d.Same)
	}
	chances := make([]float64, len(kept))
	for i := range kept {
		chances[i] = float64(kept[i].posterior[same])
	}
	slices.SortFunc(chances, func(a, b float64) int {
		if a > b {
			return -1
		} else if a < b {
			return 1
		}
		return 0
	})
	wrong, least := 0.0, int64(1_000_000)
	for i, p := range chances {
		if wrong += 1 - p; wrong > float64(i+1)*float64(d.FalseMerges)/1e6 {
			break
		}
		least = int64(p * 1e6)
	}
	return max(least, int64(d.Same), 500_000)
}

// leastInChain is how unlikely a pair may look that two others join.
const leastInChain = 0.001

// taken finds, where each record has one partner at most, the pairs whose
// records have a better one.
func (e *Engine) taken(kept []scored) []bool {
	taken := make([]bool, len(kept))
	if !e.model.OneToOne {
		return taken
	}
	order := make([]int, len(kept))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		switch x, y := kept[i].posterior[same], kept[j].posterior[same]; {
		case x > y || x == y && kept[i].one > kept[j].one:
			return -1
		case x < y || x == y && kept[i].one < kept[j].one:
			return 1
		}
		return 0
	})
	has := map[int32]bool{}
	for _, i := range order {
		s := &kept[i]
		if taken[i] = has[s.a] || has[s.b]; !taken[i] {
			has[s.a], has[s.b] = true, true
		}
	}
	return taken
}
