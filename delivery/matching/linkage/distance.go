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
