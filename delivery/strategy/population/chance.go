package population

import "math/rand/v2"

// chance is a source of draws that depends on a seed and a place alone, so that
// any household can be drawn without those before it. Probabilities are counted
// in millionths; there is no binary fraction here.
type chance struct{ rand.PCG }

// million is certainty.
const million = 1_000_000

// The purposes for which draws are made. A new purpose leaves what the others
// draw as it was.
const (
	forFamily uint64 = iota + 1
	forKind
	forSpelling
	forErrors
	forRing
	forFacts
)

// at begins the draws of one place for one purpose.
func (c *chance) at(seed, purpose, place uint64) {
	c.Seed(mix(seed+purpose*0x9E3779B97F4A7C15), mix(place+0xD1B54A32D192ED03))
}

// mix spreads the bits of a number (the finaliser of splitmix64).
func mix(x uint64) uint64 {
	x = (x ^ x>>30) * 0xBF58476D1CE4E5B9
	x = (x ^ x>>27) * 0x94D049BB133111EB
	return x ^ x>>31
}

// below draws a number from 0 to n-1, n at most 2^32.
func (c *chance) below(n int) int { return int(c.Uint64() >> 32 * uint64(n) >> 32) }

// between draws a number from low to high, both included.
func (c *chance) between(low, high int) int { return low + c.below(high-low+1) }

// happens is true so many times in a million.
func (c *chance) happens(millionths int) bool { return c.below(million) < millionths }

// choice draws places of a list by their weights, each draw one look into a
// table.
type choice struct{ slots []uint16 }

// slotBits is how finely weights are kept: in 1/16,384.
const slotBits = 14

// newChoice makes a choice of weights; what has any weight keeps a slot.
func newChoice(weights []int) choice {
	sum, kept := 0, 0
	for _, w := range weights {
		sum += w
	}
	c := choice{make([]uint16, 0, 1<<slotBits)}
	upTo := 0
	for i, w := range weights {
		upTo += w
		for target := max(upTo*(1<<slotBits)/max(sum, 1), kept+min(w, 1)); kept < target && kept < 1<<slotBits; kept++ {
			c.slots = append(c.slots, uint16(i))
		}
	}
	for ; kept < 1<<slotBits; kept++ {
		c.slots = append(c.slots, uint16(len(weights)-1))
	}
	return c
}

func (c *choice) draw(by *chance) int { return int(c.slots[by.Uint64()>>(64-slotBits)]) }

// normal draws a deviate of the normal distribution in 1/65,536 of its standard
// deviation: the sum of twelve even draws, good to the fifth deviation.
func (c *chance) normal() int {
	sum := -6 << 16
	for range 3 {
		for bits := c.Uint64(); bits != 0; bits >>= 16 {
			sum += int(bits & 0xFFFF)
		}
	}
	return sum
}
