package linkage

import (
	"encoding/json"
	"math"
)

// saved is an estimate as it is kept between two searches.
type saved struct {
	Shares [][3][]float64 `json:"shares"` // by comparison: one person, strangers, kin
	Prior  [3]float64     `json:"prior"`
	Within [3]float64     `json:"within"`
	Kin    bool           `json:"kin"`
}

// Estimate returns what the records taught, to be used again by Reuse.
func (e *Engine) Estimate() ([]byte, error) {
	w := &e.weights
	s := saved{Prior: w.prior, Within: w.within, Kin: w.hasKin}
	for c := range e.comparisons {
		n := len(e.comparisons[c].levels)
		var of [3][]float64
		for k := range classes {
			of[k] = w.share[k][c][:n]
		}
		s.Shares = append(s.Shares, of)
	}
	return json.Marshal(s)
}

// Reuse takes an earlier estimate of the same model instead of learning anew,
// and compares only pairs of which one record at least is fresh. It reports
// whether the estimate fits.
func (e *Engine) Reuse(estimate []byte, fresh func(row int) bool) bool {
	var s saved
	if json.Unmarshal(estimate, &s) != nil || len(s.Shares) != len(e.comparisons) {
		return false
	}
	w := &e.weights
	w.prior, w.within, w.hasKin = s.Prior, s.Within, s.Kin
	for c := range e.comparisons {
		for k := range classes {
			if len(s.Shares[c][k]) != len(e.comparisons[c].levels) {
				return false
			}
			copy(w.share[k][c][:], s.Shares[c][k])
		}
	}
	e.fresh = make([]bool, e.rows)
	for r := range e.fresh {
		e.fresh[r] = fresh(r)
	}
	return true
}

// Digest names the model: the same text gives the same.
func (m *Model) Digest() string { return m.digest }

// Bits returns the bits of an earlier estimate for the comparisons and levels of
// a report, by both divided by a tab.
func Bits(r Report, estimate []byte) map[string]int64 {
	var s saved
	bits := map[string]int64{}
	if json.Unmarshal(estimate, &s) != nil {
		return bits
	}
	c, level := -1, 0
	for i, w := range r.Weights {
		if level++; i == 0 || r.Weights[i-1].Comparison != w.Comparison {
			c, level = c+1, 0
		}
		if c < len(s.Shares) && level < len(s.Shares[c][same]) {
			bits[w.Comparison+"\t"+w.Level] = int64(s.bits(c, level) * 1e6)
		}
	}
	return bits
}

// bits is the weight of a level in a kept estimate.
func (s *saved) bits(c, level int) float64 {
	return math.Log2(math.Max(s.Shares[c][same][level], 1e-7) / math.Max(s.Shares[c][strangers][level], 1e-7))
}
