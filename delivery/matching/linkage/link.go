package linkage

import (
	"cmp"
	"math"
	"runtime"
	"slices"
)

// Result is what Link found.
type Result struct {
	Pairs  []Pair // same and possible, in the order of rows
	Report Report
}

// scored is a pair on the way to its probability.
type scored struct {
	a, b      int32
	one, kin  float32 // bits for one person and for kin, against strangers
	levels    uint64
	posterior [classes]float32
}

// keptOdds is how unlikely a pair may be, in bits, to be kept at all.
const keptOdds = -8

// hardly is by how many bits more a pair may look like kin than like one person
// to be kept: brothers in two lists are many.
const hardly = 10

// Link estimates the weights, looks at the pairs that blocking gives, and returns
// those that are same or possible.
func (e *Engine) Link() Result {
	e.report = Report{Model: e.model.Name, Records: e.rows, Households: len(e.members) - 1}
	if e.rows < 2 || e.second > 0 && e.second == e.rows {
		return Result{Report: e.report}
	}
	if e.fresh == nil {
		e.begin()
		e.learnStrangers()
		e.learnKin()
	}
	b := e.blocks()
	e.passed("prepare")
	if e.fresh == nil {
		e.learnSame(b)
	} else {
		e.rarities()
	}
	e.weights.finish(e)
	e.passed("learn")
	kept := e.score(b)
	e.passed("score")
	e.weigh(kept)
	if len(b.keys) > 0 && e.fresh == nil {
		e.refine(kept)
	}
	kept = e.context(kept)
	pairs := e.decide(kept)
	e.describe(b, kept, pairs)
	e.passed("decide")
	return Result{Pairs: pairs, Report: e.report}
}

// refine learns once more from the pairs themselves what one person looks like.
// Each key's pairs are full of relatives and namesakes whom that key made alike;
// over all keys, with every comparison and the true rarity of one person, they no
// longer pass for her.
func (e *Engine) refine(kept []scored) {
	w := &e.weights
	seen := make([]pattern, len(kept))
	ones := make([]float64, len(kept))
	for range 3 {
		for i := range kept {
			seen[i] = pattern{kept[i].levels, 1}
			ones[i] = float64(kept[i].posterior[same])
			if e.housemate(&kept[i]) {
				ones[i] = 0
			}
		}
		w.tally(same, e, seen, ones, 2)
		w.finish(e)
		for i := range kept {
			s := &kept[i]
			s.one, s.kin = e.evidence(s.levels, e.row(s.a), e.row(s.b))
		}
		e.weigh(kept)
	}
}

func (e *Engine) passed(phase string) {
	if e.Watch != nil {
		e.Watch(phase)
	}
}

// learnKin counts levels among members of one household, who are different
// persons but for the few that stand in it twice.
func (e *Engine) learnKin() {
	if len(e.model.Apart) == 0 {
		return
	}
	seen := e.housemates()
	if len(seen) == 0 {
		return
	}
	w := &e.weights
	w.hasKin = true
	w.tally(kin, e, seen, nil, 2)
	prior := w.within
	trial := *w
	others := make([]float64, len(seen))
	for range 10 {
		logs := trial.logs(e)
		var sums [classes]float64
		for i, p := range seen {
			post := trial.posterior(logs, prior, p.levels, len(e.comparisons), 0)
			others[i] = post[kin]
			for k := range classes {
				sums[k] += post[k] * p.count
			}
		}
		total := sums[same] + sums[kin]
		prior[same], prior[kin] = math.Max(sums[same], 0.5)/total, sums[kin]/total
		trial.tally(kin, e, seen, others, 2)
	}
	w.share[kin], w.within = trial.share[kin], prior
	w.prior[kin] = w.prior[same] * 3
}

// manyHousemates bounds the pairs that learnKin looks at.
const manyHousemates = 400_000

// housemates counts the levels of pairs of one household.
func (e *Engine) housemates() []pattern {
	places := make([][]int32, len(e.members))
	for r, h := range e.apart {
		if h != 0 {
			places[h] = append(places[h], int32(r))
		}
	}
	c := e.comparer()
	seen := patterns{}
	left := manyHousemates
	for _, rows := range places {
		for i, x := range rows[:min(len(rows), 20)] {
			for _, y := range rows[i+1 : min(len(rows), 20)] {
				seen[c.levels(e.row(x), e.row(y))]++
				left--
			}
		}
		if left < 0 {
			break
		}
	}
	return seen.sorted()
}

// learnSame estimates what pairs of one person look like: from all pairs, or
// from each key's pairs those comparisons that are not of the key.
func (e *Engine) learnSame(b *blocks) {
	w := &e.weights
	if e.compareAll() {
		e.maximise(w, e.count(func(f visit) { b.all(neededToLearn, f) }), [classes]float64{same: 0.1, strangers: 0.9}, 0)
		e.withoutSame()
		return
	}
	var sum [maxComparisons][unknown]float64
	var certainty [maxComparisons]float64
	for k, key := range b.keys {
		trial := e.weights
		seen := e.count(func(f visit) { b.each(k, b.thin(), f) })
		if len(seen) == 0 {
			continue
		}
		prior := [classes]float64{same: 0.3, strangers: 0.7}
		if w.hasKin {
			prior = [classes]float64{same: 0.3, strangers: 0.4, kin: 0.3}
		}
		skip := e.skipped(key)
		prior, found := e.maximise(&trial, seen, prior, skip)
		e.report.keys = append(e.report.keys, keyFound{found * float64(b.thin()), prior})
		for c := range e.comparisons {
			if skip>>c&1 == 1 {
				continue
			}
			certainty[c] += found
			for level := range e.comparisons[c].levels {
				sum[c][level] += found * trial.share[same][c][level]
			}
		}
	}
	for c := range e.comparisons {
		for level := range e.comparisons[c].levels {
			if certainty[c] > 0 {
				w.share[same][c][level] = sum[c][level] / certainty[c]
			}
		}
	}
}

// skipped are the comparisons that a key makes sure of: those of its columns, and
// the orders of their groups.
func (e *Engine) skipped(key []term) (skip uint32) {
	for _, t := range key {
		c := e.fields[t.field].comparison + max(t.part, 0)
		skip |= 1 << c
		for _, g := range e.groups {
			if slices.Contains(g.members, c) {
				skip |= 1 << g.order
			}
		}
	}
	return skip
}

// thin looks at one group in so many where there are millions of records.
func (b *blocks) thin() int { return 1 + b.engine.rows/400_000 }

// count counts the patterns of many pairs.
func (e *Engine) count(each func(visit)) []pattern {
	workers := make([]counter, runtime.GOMAXPROCS(0))
	for i := range workers {
		workers[i] = counter{e.comparer(), patterns{}}
	}
	each(func(worker int, a, b int32) {
		w := &workers[worker]
		if e.apart[a] == 0 || e.apart[a] != e.apart[b] {
			w.seen[w.levels(e.row(a), e.row(b))]++
		}
	})
	all := patterns{}
	for i := range workers {
		for levels, n := range workers[i].seen {
			all[levels] += n
		}
	}
	return all.sorted()
}

type counter struct {
	*comparer
	seen patterns
}

// score compares all pairs that blocking gives and keeps those that may be one
// person.
func (e *Engine) score(b *blocks) []scored {
	base := float32(math.Log2(e.weights.prior[same]))
	workers := make([]*scorer, runtime.GOMAXPROCS(0))
	for i := range workers {
		workers[i] = &scorer{comparer: e.comparer(), base: base}
	}
	look := func(worker int, x, y int32) { workers[worker].look(x, y) }
	if e.compareAll() {
		b.all(e.neededToScore(), look)
	}
	for k := range b.keys {
		b.each(k, 1, look)
		sum := int64(0)
		for _, s := range workers {
			sum += s.compared
		}
		e.report.Keys = append(e.report.Keys, sum)
	}
	var kept []scored
	for _, s := range workers {
		kept = append(kept, s.kept...)
		e.report.Compared += s.compared
	}
	slices.SortFunc(kept, func(p, q scored) int { return cmp.Or(cmp.Compare(p.a, q.a), cmp.Compare(p.b, q.b)) })
	return kept
}

type scorer struct {
	*comparer
	base     float32
	kept     []scored
	compared int64
}

func (s *scorer) look(a, b int32) {
	if s.fresh != nil && !s.fresh[a] && !s.fresh[b] {
		return
	}
	s.compared++
	x, y := s.row(a), s.row(b)
	levels := s.levels(x, y)
	one, kinship := s.evidence(levels, x, y)
	if s.base+one > keptOdds && (!s.weights.hasKin || kinship-one < hardly) {
		s.kept = append(s.kept, scored{a: a, b: b, one: one, kin: kinship, levels: levels})
	}
}
