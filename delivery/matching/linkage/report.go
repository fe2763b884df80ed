package linkage

import "math"

// Report says what the records taught and what is to be expected of the pairs.
type Report struct {
	Model      string
	Records    int
	Households int
	Compared   int64   // pairs
	Keys       []int64 // pairs, after each key
	Passed     int64   // records in groups too large to tell anybody apart
	Threshold  int64   // from which on a pair is same, in millionths
	Same       int
	Possible   int
	Chained    int   // of Same: joined by others
	Split      int   // pairs that look the same, but their clusters contradict each other
	Recall     int64 // of blocking, expected, in millionths
	Found      int64 // share of the pairs of one person that are called same, expected, in millionths
	Right      int64 // share of pairs called same that are one person, expected, in millionths
	Weights    []Weight
	Histogram  []Bar
	ones       float64 // pairs of one person, as the estimate sees them
	keys       []keyFound
}

type keyFound struct {
	found float64
	prior [classes]float64
}

// Weight is one level of one comparison.
type Weight struct {
	Comparison string
	Level      string
	Same       int64 // share of pairs of one person, in millionths
	Strangers  int64 // share of strangers, in millionths
	Kin        int64 // share of kin, in millionths; 0 where no households are known
	Bits       int64 // of the evidence, in millionths
}

// Bar counts kept pairs by weight.
type Bar struct {
	Bits  int // from here up to one more
	Pairs int
}

// describe fills the report.
func (e *Engine) describe(b *blocks, kept []scored, pairs []Pair) {
	r := &e.report
	r.Passed = b.passed
	sure, wanted := 0.0, 0.0
	least := float32(r.Threshold) / 1e6
	bars := map[int]int{}
	for i := range kept {
		p := float64(kept[i].posterior[same])
		wanted += p
		if kept[i].posterior[same] >= least {
			sure += p
		}
		bars[int(math.Floor(float64(kept[i].one)))]++
	}
	for i := range pairs {
		if pairs[i].Same {
			r.Same++
		} else {
			r.Possible++
		}
	}
	recall := e.recall(b)
	r.Recall = int64(recall * 1e6)
	r.Right, r.Found = shareOf(sure, float64(r.Same-r.Chained)), shareOf(sure*recall, wanted)
	for bits := -60; bits <= 200; bits++ {
		if bars[bits] > 0 {
			r.Histogram = append(r.Histogram, Bar{bits, bars[bits]})
		}
	}
	e.describeWeights()
}

func shareOf(part, whole float64) int64 {
	if whole <= 0 {
		return 0
	}
	return int64(math.Min(1, part/whole) * 1e6)
}

func (e *Engine) describeWeights() {
	w := &e.weights
	for c := range e.comparisons {
		for level, name := range e.comparisons[c].levels {
			e.report.Weights = append(e.report.Weights, Weight{
				Comparison: e.comparisons[c].name, Level: name,
				Same: int64(w.share[same][c][level] * 1e6), Strangers: int64(w.share[strangers][c][level] * 1e6), Kin: int64(w.share[kin][c][level] * 1e6),
				Bits: int64(w.bits[same][c][level] * 1e6),
			})
		}
	}
}

// recall is the share of pairs of one person that some key brings together, if
// their values agree or not independently of each other.
func (e *Engine) recall(b *blocks) float64 {
	if len(b.keys) == 0 {
		return 1
	}
	var used []int
	place := map[int]int{}
	masks := make([]uint32, len(b.keys))
	for k, key := range b.keys {
		for _, t := range key {
			c := e.fields[t.field].comparison + max(t.part, 0)
			if _, known := place[c]; !known {
				place[c] = len(used)
				used = append(used, c)
			}
			masks[k] |= 1 << place[c]
		}
	}
	agrees := make([]float64, len(used))
	for i, c := range used {
		agrees[i] = e.weights.share[same][c][0] * e.filled(c)
	}
	reached := 0.0
	for state := range uint32(1) << len(used) {
		chance := 1.0
		for i, agree := range agrees {
			if state>>i&1 == 0 {
				agree = 1 - agree
			}
			chance *= agree
		}
		for _, mask := range masks {
			if state&mask == mask {
				reached += chance
				break
			}
		}
	}
	return reached
}

// filled is the share of pairs of which both records have a value.
func (e *Engine) filled(c int) float64 {
	k := &e.comparisons[c]
	n := 0
	for r := range e.rows {
		if e.cells[r*e.stride+k.cell] != 0 {
			n++
		}
	}
	share := float64(n) / float64(max(e.rows, 1))
	return share * share
}
