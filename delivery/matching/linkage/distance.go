package linkage

// editDistance counts the wrong, missing, extra and transposed letters between
// two values (optimal string alignment); where there are more than limit it
// returns limit+1.
func editDistance(a, b string, limit int) int {
	var left, right [64]rune
	x, y := letters(left[:0], a), letters(right[:0], b)
	for len(x) > 0 && len(y) > 0 && x[0] == y[0] {
		x, y = x[1:], y[1:]
	}
	for len(x) > 0 && len(y) > 0 && x[len(x)-1] == y[len(y)-1] {
		x, y = x[:len(x)-1], y[:len(y)-1]
	}
	if len(x) < len(y) {
		x, y = y, x
	}
	switch {
	case len(x)-len(y) > limit:
		return limit + 1
	case len(y) == 0 || len(x) == 1:
		return len(x)
	}
	return alignment(x, y, limit)
}

func letters(into []rune, value string) []rune {
	for _, r := range value {
		if len(into) == cap(into) {
			break // longer values are compared by their first 64 letters
		}
		into = append(into, r)
	}
	return into
}

// alignment fills the table of distances row by row; x is not shorter than y.
func alignment(x, y []rune, limit int) int {
	var rows [3][65]int
	before, last, now := &rows[0], &rows[1], &rows[2]
	for j := range len(y) + 1 {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		now[0] = i
		least := i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			best := min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				best = min(best, before[j-2]+1)
			}
			now[j] = best
			least = min(least, best)
		}
		if least > limit {
			return limit + 1
		}
		before, last, now = last, now, before
	}
	return min(last[len(y)], limit+1)
}

// compareDate compares eight digits, year first.
func compareDate(d *dictionary, a, b uint32) uint8 {
	x, y := d.values[a], d.values[b]
	const same, swapped, slip, imprecise, near, different = 0, 1, 2, 3, 4, 5
	year := x[:4] == y[:4]
	switch {
	case year && x[4:6] == y[6:8] && x[6:8] == y[4:6]:
		return swapped
	case isImprecise(x) || isImprecise(y):
		if year {
			return imprecise
		}
		if off := yearOf(x) - yearOf(y); off >= -1 && off <= 1 {
			return near
		}
		return different
	case oneDigit(x, y):
		return slip
	case year || digitsOff(x, y) <= 2:
		return near
	}
	return different
}

// isImprecise reports a year alone, a month, or 1 January, which is written where
// the day is not known.
func isImprecise(date string) bool { return date[6:] == "00" || date[4:] == "0101" }

func yearOf(date string) (year int) {
	for i := range 4 {
		year = year*10 + int(date[i]-'0')
	}
	return year
}

// oneDigit reports one wrong digit, or two neighbours transposed.
func oneDigit(x, y string) bool {
	switch digitsOff(x, y) {
	case 1:
		return true
	case 2:
		for i := range len(x) - 1 {
			if x[i] != y[i] {
				return x[i] == y[i+1] && x[i+1] == y[i]
			}
		}
	}
	return false
}

func digitsOff(x, y string) (off int) {
	for i := range len(x) {
		if x[i] != y[i] {
			off++
		}
	}
	return off
}

// compareWide compares two numbers: equal, one digit wrong or two neighbours
// transposed, different. Hashes, which have the highest bit, are equal or not.
func compareWide(a, b uint64) uint8 {
	const slip, different = 1, 2
	if a == b {
		return 0
	}
	if (a|b)>>63 != 0 {
		return different
	}
	off := 0
	var place [2]int
	var here, there [2]uint64
	for i := 0; a != 0 || b != 0; i++ {
		x, y := a%10, b%10
		a, b = a/10, b/10
		if x == y {
			continue
		}
		if off == 2 {
			return different
		}
		here[off], there[off], place[off] = x, y, i
		off++
	}
	if off == 1 || off == 2 && place[1] == place[0]+1 && here[0] == there[1] && here[1] == there[0] {
		return slip
	}
	return different
}

// wide puts a folded identifier into a word: its digits as a number, or a hash of
// what is longer or has letters. 0 is no value.
func wide(folded string) uint64 {
	if folded == "" {
		return 0
	}
	if len(folded) <= 18 {
		value := uint64(1) // keeps leading zeros
		for i := 0; i < len(folded); i++ {
			if folded[i] < '0' || folded[i] > '9' {
				return hash64(folded)
			}
			value = value*10 + uint64(folded[i]-'0')
		}
		return value
	}
	return hash64(folded)
}

func hash64(text string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(text) {
		h = (h ^ uint64(text[i])) * 1099511628211
	}
	return h | 1<<63
}
