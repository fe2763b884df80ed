package linkage

import "math/bits"

// digitsOf packs eight digits into as many half-bytes.
func digitsOf(date string) uint64 {
	packed := uint64(0)
	for i := range len(date) {
		packed = packed<<4 | uint64(date[i]-'0')
	}
	return packed
}

// compareDate compares dates by their digits, year first.
func compareDate(d *dictionary, a, b uint32) uint8 {
	x, y := uint32(d.sieve[a]), uint32(d.sieve[b])
	const swapped, slip, imprecise, near, different = 1, 2, 3, 4, 5
	year := x>>16 == y>>16
	switch {
	case year && x>>8&0xff == y&0xff && x&0xff == y>>8&0xff:
		return swapped
	case isImprecise(x) || isImprecise(y):
		if year {
			return imprecise
		}
		if off := yearOf(x) - yearOf(y); off >= -1 && off <= 1 {
			return near
		}
		return different
	}
	switch off, differ := digitsOff(x ^ y); {
	case off == 1 || off == 2 && transposed(x, y, differ):
		return slip
	case year || off <= 2:
		return near
	}
	return different
}

// isImprecise reports a year alone, a month, or 1 January, which is written where
// the day is not known.
func isImprecise(date uint32) bool { return date&0xff == 0 || date&0xffff == 0x0101 }

func yearOf(date uint32) int {
	return int(date>>28)*1000 + int(date>>24&15)*100 + int(date>>20&15)*10 + int(date>>16&15)
}

// digitsOff counts the digits in which two dates differ, and says which, a bit
// each.
func digitsOff(differ uint32) (off int, which uint32) {
	differ |= differ>>1 | differ>>2 | differ>>3
	differ &= 0x11111111
	return bits.OnesCount32(differ), differ
}

// transposed reports that the two digits that differ are neighbours, each in the
// other's place.
func transposed(x, y, differ uint32) bool {
	low := bits.TrailingZeros32(differ)
	return differ>>low == 0x11 && x>>low&15 == y>>(low+4)&15 && x>>(low+4)&15 == y>>low&15
}
