package names

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Agreement says whether two written names may be one person's.
type Agreement int

// The three answers.
const (
	Differ Agreement = iota // different names, or too little to say
	Likely                  // one name, if a part is missing, swapped, misspelt or in Latin letters
	Same                    // one name in light form
)

// Agree compares two whole names, for records that share a national number or a
// birth already; names alone never make two records one person.
//
// Likely tolerates: an article, a lone hamza, a doubled letter or بن more or
// less; one part with one wrong, missing, extra or transposed letter; the third
// or fourth part missing; two neighbours swapped behind the own name; Latin
// letters. Own names that differ are never tolerated, since that is all that
// twins differ in: two known names one letter apart (حسن and حسين, محمد and
// امحمد) differ.
func Agree(a, b string) Agreement {
	lightA, lightB := Light(a), Light(b)
	if lightA == "" || lightB == "" {
		return Differ
	}
	if lightA == lightB {
		return Same
	}
	partsA, partsB := strings.Fields(lightA), strings.Fields(lightB)
	own := compareOwn(partsA[0], partsB[0])
	if own == differs {
		return Differ
	}
	typos := 0
	if own == misspelt {
		typos = 1
	}
	if restsAgree(partsA[1:], partsB[1:], typos) || (typos == 0 && runTogether(partsA, partsB)) {
		return Likely
	}
	return Differ
}

// likeness of two parts, best first.
type likeness int

const (
	equal likeness = iota
	misspelt
	differs
)

// compareOwn is strict: a misspelling is believed only where one of the two is
// a known name and the other is none.
func compareOwn(a, b string) likeness {
	if a == b {
		return equal
	}
	if isLatin(a) || isLatin(b) {
		return compareSound(a, b)
	}
	knownA, knownB := isKnown(a), isKnown(b)
	if knownA && knownB && bare(a) != bare(b) {
		return differs
	}
	if weak(a) == weak(b) && !isProsthetic(a, b) {
		return equal
	}
	if a == "ا"+b || b == "ا"+a {
		return differs // a first alef makes another name more often than a slip: أسماء, سماء
	}
	if knownA != knownB && oneSlip(a, b) {
		return misspelt
	}
	return differs
}

// isProsthetic reports امحمد against محمد, which are two names.
func isProsthetic(a, b string) bool { return a == "امحمد" || b == "امحمد" }

// comparePart is for fathers and families: two known names still differ, since
// brothers' sons share all but the father.
func comparePart(a, b string) likeness {
	switch {
	case a == b:
		return equal
	case isLatin(a) || isLatin(b):
		return compareSound(a, b)
	case weak(withoutSon(a)) == weak(withoutSon(b)) && !isProsthetic(a, b):
		return equal
	case isKnown(a) && isKnown(b) && bare(a) != bare(b):
		return differs
	case oneSlip(a, b):
		return misspelt
	}
	return differs
}

// compareSound compares by key where one is in Latin letters.
func compareSound(a, b string) likeness {
	keys := SkeletonLatin(b)
	for _, key := range SkeletonLatin(a) {
		if slices.Contains(keys, key) {
			return equal
		}
	}
	return differs
}

// restsAgree compares what stands behind the own names, at most one misspelling
// in the whole name. The father must be there on both sides.
func restsAgree(a, b []string, typos int) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	switch len(a) - len(b) {
	case 0:
		return inOrder(a, b, typos) || swapped(a, b, typos)
	case 1:
		for missing := len(a) - 1; missing > 0 && len(b) > 0; missing-- {
			shorter := without(a, missing)
			if inOrder(shorter, b, typos) || swapped(shorter, b, typos) {
				return true
			}
		}
	case 2: // only own and father, or own, father and family are left: no slip beside that
		return typos == 0 && len(b) > 0 && comparePart(a[0], b[0]) == equal && isWithin(b, a)
	}
	return false
}

func without(parts []string, at int) []string {
	return append(append(make([]string, 0, len(parts)), parts[:at]...), parts[at+1:]...)
}

// inOrder compares place by place; a name of one part agrees with nothing.
func inOrder(a, b []string, typos int) bool {
	for i := range a {
		switch comparePart(a[i], b[i]) {
		case differs:
			return false
		case misspelt:
			typos++
		}
	}
	return typos <= 1 && len(a) > 0
}

// swapped tries each pair of neighbours the other way round.
func swapped(a, b []string, typos int) bool {
	for i := 0; i+1 < len(a); i++ {
		turned := slices.Clone(a)
		turned[i], turned[i+1] = turned[i+1], turned[i]
		if inOrder(turned, b, typos) {
			return true
		}
	}
	return false
}

// isWithin reports whether the parts of few stand in many, in order.
func isWithin(few, many []string) bool {
	for _, part := range many {
		if len(few) > 0 && comparePart(few[0], part) == equal {
			few = few[1:]
		}
	}
	return len(few) == 0
}

// runTogether compares names whose blanks went wrong (ان سعود, ميلادمحمد):
// written without any, with one slip at most, behind an own name that agrees.
func runTogether(a, b []string) bool {
	if len(a) == len(b) || len(a) < 2 || len(b) < 2 {
		return false
	}
	return oneSlip(strings.Join(a[1:], ""), strings.Join(b[1:], "")) || strings.Join(a, "") == strings.Join(b, "")
}

func isLatin(part string) bool { return part[0] < utf8.RuneSelf }

// bare drops the article, which own names carry or not (الطاهر, طاهر).
func bare(part string) string {
	if rest, found := strings.CutPrefix(part, "ال"); found && len(rest) >= 6 {
		return rest
	}
	return part
}

// withoutSon drops بن from a father's name (محمد بن علي).
func withoutSon(part string) string {
	if rest, found := strings.CutPrefix(part, "بن"); found && len(rest) >= 6 {
		return rest
	}
	return part
}

// weak drops what is written or left out at will: article, lone hamza, doubled
// letters, the first alef of امبارك and ارحومة.
func weak(part string) string {
	part = bare(part)
	if strings.HasPrefix(part, "ام") || strings.HasPrefix(part, "ار") {
		if rest := part[2:]; len(rest) >= 6 && !isKnown(part) {
			part = rest
		}
	}
	var b strings.Builder
	var before rune
	for _, r := range part {
		if r != 'ء' && r != before {
			b.WriteRune(r)
		}
		before = r
	}
	return b.String()
}

// oneSlip reports whether one wrong, missing, extra or transposed letter makes
// a into b. In parts under three letters a slip makes another name.
func oneSlip(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) < len(y) {
		x, y = y, x
	}
	if len(y) < 2 || len(x) < 3 || len(x)-len(y) > 1 {
		return false
	}
	from := 0
	for from < len(y) && x[from] == y[from] {
		from++
	}
	if len(x) > len(y) {
		return slices.Equal(x[from+1:], y[from:])
	}
	if from == len(x) || slices.Equal(x[from+1:], y[from+1:]) {
		return true
	}
	return from+1 < len(x) && x[from] == y[from+1] && x[from+1] == y[from] && slices.Equal(x[from+2:], y[from+2:])
}
