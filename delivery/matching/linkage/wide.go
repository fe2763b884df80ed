package linkage

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
