// Package linkage finds, among records without a common number, those that are
// one person, so that a family registered twice under two spellings is found, and
// twins, cousins and namesakes stay apart.
//
// It weighs evidence as Fellegi and Sunter taught (1969): each comparison of two
// records falls into a level, and each level has a weight, the logarithm of how
// much oftener it is seen among pairs that are one person than among strangers.
// The weights are estimated from the records themselves, without labels:
// strangers from pairs drawn at random, one person by expectation maximisation,
// and, where the records stand in households, kin from the members of one
// household, so that what all brothers share speaks for kinship and not for
// identity. Agreement in a rare value weighs more than in a common one. A value
// that is not known says nothing.
//
// It works on records in memory, knows no database and no country, and decides
// nothing: its probabilities are evidence for a person. That is why it may use
// fractions; what leaves it to be kept is in millionths.
package linkage

import "math"

// A comparison's level lies in three bits; the highest says that a value of the two
// is not known.
const (
	width   = 3
	mask    = 1<<width - 1
	unknown = mask
)

// maxComparisons is how many comparisons a pair can have: their levels lie in
// one word.
const maxComparisons = 64 / width

// Pair is two records that may be one person.
type Pair struct {
	A, B        int32   // rows, the lower first
	Weight      float32 // of the evidence against strangers, in bits
	Probability float32 // that they are one person
	Levels      uint64  // three bits a comparison, the first lowest
	Same        bool    // beyond the threshold, or so by others of its cluster
}

// Million returns a probability or a weight in millionths, in which it may be kept.
func Million(value float32) int64 { return int64(math.Round(float64(value) * 1e6)) }

// LevelsText writes levels as one letter a comparison: a the best, - unknown.
func (e *Engine) LevelsText(levels uint64) string {
	out := make([]byte, len(e.comparisons))
	for c := range out {
		out[c] = '-'
		if level := levelOf(levels, c); level != unknown {
			out[c] = byte('a' + level)
		}
	}
	return string(out)
}

func levelOf(levels uint64, comparison int) uint8 {
	return uint8(levels >> (width * comparison) & mask)
}
