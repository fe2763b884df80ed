package linkage

import "math"

// Who else of two households seems to be one person speaks for a pair: families
// move together. The members of a household are its evidence for each other.

// sharing is two households and the likely pairs between them.
type sharing struct{ pairs []int32 }

// context adds what the other members of both households say, and weighs again.
func (e *Engine) context(kept []scored) []scored {
	last := len(e.comparisons) - 1
	if len(e.model.Apart) == 0 || e.comparisons[last].name != householdName {
		return kept
	}
	for range 2 {
		shared := e.sharing(kept)
		for i := range kept {
			s := &kept[i]
			level := e.around(kept, shared, i)
			s.levels = s.levels&^(mask<<(width*last)) | uint64(level)<<(width*last)
		}
		if e.fresh == nil {
			e.learnContext(kept, last)
		}
		for i := range kept {
			s := &kept[i]
			s.one, s.kin = e.evidence(s.levels, e.row(s.a), e.row(s.b))
		}
		e.weigh(kept)
	}
	return kept
}

func (e *Engine) sharing(kept []scored) map[uint64]*sharing {
	shared := map[uint64]*sharing{}
	for i := range kept {
		key := e.houses(&kept[i])
		if key == 0 || kept[i].posterior[same] < 0.5 {
			continue
		}
		if shared[key] == nil {
			shared[key] = &sharing{}
		}
		shared[key].pairs = append(shared[key].pairs, int32(i))
	}
	return shared
}

// houses names the two households of a pair, or 0 where it has not two.
func (e *Engine) houses(s *scored) uint64 {
	x, y := e.apart[s.a], e.apart[s.b]
	if x == 0 || y == 0 || x == y {
		return 0
	}
	return uint64(min(x, y))<<32 | uint64(max(x, y))
}

// around is the level of a pair's households: how many others of both are
// likely one person.
func (e *Engine) around(kept []scored, shared map[uint64]*sharing, i int) uint8 {
	s := &kept[i]
	key := e.houses(s)
	if key == 0 || e.members[e.apart[s.a]] < 2 || e.members[e.apart[s.b]] < 2 {
		return unknown
	}
	others := 0
	if at := shared[key]; at != nil {
		for _, j := range at.pairs {
			if o := &kept[j]; o.a != s.a && o.a != s.b && o.b != s.a && o.b != s.b {
				others++
			}
		}
	}
	return uint8(2 - min(others, 2))
}

// learnContext estimates the shares of the last comparison from the pairs
// themselves.
func (e *Engine) learnContext(kept []scored, last int) {
	var counts [classes][unknown]float64
	var totals [classes]float64
	for i := range kept {
		level := levelOf(kept[i].levels, last)
		if level == unknown {
			continue
		}
		for k := range classes {
			n := float64(kept[i].posterior[k])
			counts[k][level] += n
			totals[k] += n
		}
	}
	w := &e.weights
	for k := range classes {
		for level := range householdLevels {
			share := (counts[k][level] + 1) / (totals[k] + float64(len(householdLevels)))
			w.share[k][last][level] = share
		}
	}
	for k := range classes {
		for level := range householdLevels {
			w.bits[k][last][level] = float32(math.Log2(w.share[k][last][level] / w.share[strangers][last][level]))
		}
	}
}
