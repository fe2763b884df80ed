package linkage

import (
	"maps"
	"math/bits"
	"slices"
	"strings"

	"sanad/platform/names"
)

// kind is a way of comparing: how a value is folded before it is compared, and
// the levels into which two values fall, the best first.
type kind struct {
	levels    []string
	frequency bool // whether a rare value weighs more
	wide      bool // values are numbers of up to eighteen digits or hashes, and lie in the row
	fold      func(string) string
	trait     func(folded string) trait
	sieve     func(folded string) uint64
	slack     int                                    // so many letters may differ before two values are surely different
	direct    bool                                   // comparing takes no longer than remembering would
	compare   func(d *dictionary, a, b uint32) uint8 // of two different values; 0 is never returned
}

// fullName stands for a comparison each of the four parts of a name.
const fullName = "full_name"

// Levels of names.
const (
	levelSpelling uint8 = iota + 1
	levelSlip
	levelClose
	levelDifferent
)

var kinds = map[string]*kind{
	"exact":      {levels: []string{"same", "different"}, frequency: true, fold: foldText, trait: plainTrait, sieve: noSieve, compare: compareExact},
	"text":       {levels: []string{"same", "slip", "close", "different"}, frequency: true, fold: foldJoined, trait: textTrait, sieve: sieved, slack: 4, compare: compareText},
	"name":       {levels: []string{"same", "spelling", "slip", "close", "different"}, frequency: true, fold: names.Light, trait: nameTrait, sieve: nameSieve, slack: 6, compare: compareName},
	"date":       {levels: []string{"same", "swapped", "slip", "imprecise", "near", "different"}, frequency: true, fold: foldDate, direct: true, trait: plainTrait, sieve: digitsOf, compare: compareDate},
	"number":     {levels: []string{"same", "slip", "close", "different"}, frequency: true, fold: foldNumber, trait: textTrait, sieve: sieved, slack: 4, compare: compareNumber},
	"set":        {levels: []string{"same", "shared", "different"}, fold: foldSet, trait: plainTrait, sieve: noSieve, compare: compareSet},
	"identifier": {levels: []string{"same", "slip", "different"}, wide: true, fold: foldDigits},
	"phone":      {levels: []string{"same", "slip", "different"}, wide: true, fold: foldPhone},
}

func compareWords() []string {
	return append(slices.Sorted(maps.Keys(kinds)), fullName)
}

// foldText folds letters as names are folded and leaves blanks.
func foldText(value string) string { return names.Light(value) }

// foldJoined drops blanks as well: they are typed wrongly more often than letters.
func foldJoined(value string) string {
	return strings.ReplaceAll(names.Light(value), " ", "")
}

// foldDigits keeps digits and, where there are no other, letters: Eastern
// digits count as Western ones.
func foldDigits(value string) string {
	if strings.Trim(value, "0123456789") == "" {
		return value // as most are
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9', r >= 'a' && r <= 'z':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		}
		return -1
	}, value)
}

// foldNumber keeps digits and letters and drops leading zeros.
func foldNumber(value string) string {
	folded := foldDigits(value)
	if short := strings.TrimLeft(folded, "0"); short != "" {
		return short
	}
	return folded
}

// foldPhone keeps the last nine digits, which is a number without its country
// and trunk prefixes.
func foldPhone(value string) string {
	digits := foldDigits(value)
	if len(digits) < 6 {
		return ""
	}
	return digits[max(0, len(digits)-9):]
}

// foldDate returns eight digits, year first; a month or day that is not known
// is 00. It reads 19810419, 1981-04-19, 19/4/1981 and 1981; what it cannot read
// is no value.
func foldDate(value string) string {
	fields := strings.FieldsFunc(strings.TrimSpace(value), func(r rune) bool { return strings.ContainsRune("-/. T", r) })
	for i := range fields {
		fields[i] = strings.Trim(foldDigits(fields[i]), "abcdefghijklmnopqrstuvwxyz")
	}
	two := func(s string) string { return ("00" + s)[len(s):] }
	switch {
	case len(fields) == 1 && len(fields[0]) == 8:
		return fields[0]
	case len(fields) == 1 && len(fields[0]) == 4:
		return fields[0] + "0000"
	case len(fields) == 2 && len(fields[0]) == 4 && len(fields[1]) <= 2:
		return fields[0] + two(fields[1]) + "00"
	case len(fields) >= 3 && len(fields[0]) == 4 && len(fields[1]) <= 2 && len(fields[2]) <= 2:
		return fields[0] + two(fields[1]) + two(fields[2])
	case len(fields) >= 3 && len(fields[2]) == 4 && len(fields[0]) <= 2 && len(fields[1]) <= 2:
		return fields[2] + two(fields[1]) + two(fields[0])
	}
	return ""
}

// foldSet sorts the members of a list that ; or | or , divides.
func foldSet(value string) string {
	parts := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(";|,،؛", r) })
	for i := range parts {
		parts[i] = names.Light(parts[i])
	}
	slices.Sort(parts)
	parts = slices.DeleteFunc(slices.Compact(parts), func(p string) bool { return p == "" })
	return strings.Join(parts, ";")
}

func noSieve(string) uint64 { return everything }

// nameSieve looks at a name without what is written at will; a name in Latin
// letters may be like any other.
func nameSieve(folded string) uint64 {
	if folded[0] < 0x80 {
		return everything
	}
	return sieved(names.Loose(folded))
}

func plainTrait(string) trait { return trait{} }

func textTrait(folded string) (t trait) {
	t.letters, t.length = letterSet(folded)
	t.core = t.length
	return t
}

func nameTrait(folded string) trait {
	t := textTrait(folded)
	for _, shared := range [...]string{"عبدال", "ابو"} {
		if strings.HasPrefix(folded, shared) {
			t.core -= uint16(len(shared) / 2) // a hundred names begin so
		}
	}
	t.latin = folded[0] < 0x80
	t.known = names.InUse(folded)
	t.loose = hash32(names.Loose(folded))
	for i, key := range names.SkeletonLatin(folded) {
		t.sounds[i] = hash32(key)
	}
	return t
}

func compareExact(*dictionary, uint32, uint32) uint8 { return 1 }

// compareText finds one wrong, missing, extra or transposed letter, or a few of
// them in longer values.
func compareText(d *dictionary, a, b uint32) uint8 {
	switch distance := d.distance(a, b); {
	case distance <= 1:
		return 1
	case distance <= d.tolerated(a, b):
		return 2
	}
	return 3
}

// compareName knows spellings: what is left out at will, and Latin letters. A
// slip that makes another name in use is no slip, and two names in use that lie
// further apart are two names.
func compareName(d *dictionary, a, b uint32) uint8 {
	x, y := &d.traits[a], &d.traits[b]
	if x.loose == y.loose || (x.latin || y.latin) && meet(x.sounds, y.sounds) {
		return levelSpelling
	}
	known := x.known && y.known
	switch distance := d.distance(a, b); {
	case distance <= 1 && !known && min(x.length, y.length) >= 3:
		return levelSlip
	case distance <= 1 || !known && distance <= d.tolerated(a, b) && min(x.length, y.length) >= 5:
		return levelClose
	}
	return levelDifferent
}

func meet(a, b [2]uint32) bool {
	return a[0] == b[0] || a[1] != 0 && (a[1] == b[0] || a[1] == b[1]) || b[1] != 0 && a[0] == b[1]
}

// tolerated is how many wrong letters still make two values close.
func (d *dictionary) tolerated(a, b uint32) int {
	switch n := min(d.traits[a].core, d.traits[b].core); {
	case n >= 14:
		return 4
	case n >= 9:
		return 3
	case n >= 4:
		return 2
	}
	return 1
}

// distance is the number of wrong letters, or more than is tolerated.
func (d *dictionary) distance(a, b uint32) int {
	x, y := &d.traits[a], &d.traits[b]
	limit := d.tolerated(a, b)
	least := max(bits.OnesCount64(x.letters&^y.letters), bits.OnesCount64(y.letters&^x.letters))
	if least > limit || int(x.length)-int(y.length) > limit || int(y.length)-int(x.length) > limit {
		return limit + 1
	}
	return editDistance(d.values[a], d.values[b], limit)
}

func compareNumber(d *dictionary, a, b uint32) uint8 {
	switch distance := d.distance(a, b); {
	case distance <= 1:
		return 1
	case distance == 2 && min(d.traits[a].length, d.traits[b].length) >= 4:
		return 2
	}
	return 3
}

func compareSet(d *dictionary, a, b uint32) uint8 {
	other := strings.Split(d.values[b], ";")
	for part := range strings.SplitSeq(d.values[a], ";") {
		if slices.Contains(other, part) {
			return 1
		}
	}
	return 2
}
