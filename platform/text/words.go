package text

import (
	"strings"

	"sanad/platform/money"
)

// Words writes a sum in words for official papers (التفقيط), so that nobody can
// add a digit to it: «ألف ومائتان وخمسون ديناراً ليبياً وخمسمائة درهم لا غير»,
// "one thousand two hundred and fifty Libyan dinars and five hundred dirhams
// only". Every Amount has its words; the Arabic follows the grammar of number
// and counted noun, in the nominative.
func Words(language Language, amount money.Amount) string {
	sign, minusWord, m := "", "ناقص ", uint64(amount)
	spelled, closing := arabicSum, " لا غير"
	if language == English {
		spelled, closing, minusWord = englishSum, " only", "minus "
	}
	if amount < 0 {
		sign, m = minusWord, -m
	}
	return sign + spelled(m/1000, m%1000) + closing
}

// noun is a counted noun in the forms that Arabic grammar asks for.
type noun struct {
	one        string // after no number: دينار ليبي واحد
	dual       string // in place of the number two
	plural     string // after 3 to 10, genitive
	accusative string // after 11 to 99
	genitive   string // after hundreds, thousands and so on
	oneMore    string // after a larger round number: مائة دينار ليبي ودينار واحد
	dualMore   string
}

var (
	dinar = noun{"دينار ليبي واحد", "ديناران ليبيان", "دنانير ليبية", "ديناراً ليبياً", "دينار ليبي", "دينار واحد", "ديناران"}
	// Beside dinars a dirham needs no country; alone it could be an Emirati or Moroccan one.
	dirham      = noun{"درهم واحد", "درهمان", "دراهم", "درهماً", "درهم", "درهم واحد", "درهمان"}
	dirhamAlone = noun{"درهم ليبي واحد", "درهمان ليبيان", "دراهم ليبية", "درهماً ليبياً", "درهم ليبي", "درهم واحد", "درهمان"}
)

// scale is a power of a thousand; before its counted noun it is in construct
// state and loses the ending: ألفا دينار, خمسون ألف دينار.
type scale struct{ one, dual, dualConstruct, plural, accusative string }

var scales = [...]scale{
	1: {"ألف", "ألفان", "ألفا", "آلاف", "ألفاً"},
	2: {"مليون", "مليونان", "مليونا", "ملايين", "مليوناً"},
	3: {"مليار", "ملياران", "مليارا", "مليارات", "ملياراً"},
	4: {"تريليون", "تريليونان", "تريليونا", "تريليونات", "تريليوناً"},
	5: {"كوادريليون", "كوادريليونان", "كوادريليونا", "كوادريليونات", "كوادريليوناً"},
}

var (
	arabicUnits = [...]string{"", "واحد", "اثنان", "ثلاثة", "أربعة", "خمسة", "ستة", "سبعة", "ثمانية", "تسعة",
		"عشرة", "أحد عشر", "اثنا عشر", "ثلاثة عشر", "أربعة عشر", "خمسة عشر", "ستة عشر", "سبعة عشر", "ثمانية عشر", "تسعة عشر"}
	arabicTens     = [...]string{2: "عشرون", "ثلاثون", "أربعون", "خمسون", "ستون", "سبعون", "ثمانون", "تسعون"}
	arabicHundreds = [...]string{"", "مائة", "مائتان", "ثلاثمائة", "أربعمائة", "خمسمائة", "ستمائة", "سبعمائة", "ثمانمائة", "تسعمائة"}
)

const and = " و"

func arabicSum(dinars, dirhams uint64) string {
	switch {
	case dirhams == 0:
		return arabicCounted(dinars, dinar)
	case dinars == 0:
		return arabicCounted(dirhams, dirhamAlone)
	}
	return arabicCounted(dinars, dinar) + and + arabicCounted(dirhams, dirham)
}

// arabicCounted writes a number with its noun. The noun's form hangs on the
// last two digits; one and two are said by the noun itself, also after a larger
// number: مائة دينار ليبي وديناران.
func arabicCounted(n uint64, noun noun) string {
	last := n % 100
	switch {
	case n == 0:
		return "صفر " + noun.genitive
	case n == 1:
		return noun.one
	case n == 2:
		return noun.dual
	case last == 1:
		return arabicNumber(n-1) + " " + noun.genitive + and + noun.oneMore
	case last == 2:
		return arabicNumber(n-2) + " " + noun.genitive + and + noun.dualMore
	case last == 0:
		return arabicNumber(n) + " " + noun.genitive
	case last <= 10:
		return arabicNumber(n) + " " + noun.plural
	}
	return arabicNumber(n) + " " + noun.accusative
}

// arabicNumber writes a number that its noun follows at once: whatever comes
// last stands in construct state.
func arabicNumber(n uint64) string {
	var groups []string
	for power := len(scales) - 1; power > 0; power-- {
		unit := pow1000(power)
		if count := n / unit; count > 0 {
			n %= unit
			groups = append(groups, arabicScaled(count, scales[power], n == 0))
		}
	}
	if n > 0 {
		groups = append(groups, arabicBelow1000(n, true))
	}
	return strings.Join(groups, and)
}

// arabicScaled writes so many thousands, millions...; construct when the
// counted noun follows at once.
func arabicScaled(count uint64, s scale, construct bool) string {
	dual, accusative := s.dual, s.accusative
	if construct {
		dual, accusative = s.dualConstruct, s.one
	}
	switch last := count % 100; {
	case count == 1:
		return s.one
	case count == 2:
		return dual
	case last == 1:
		return arabicBelow1000(count-1, true) + " " + s.one + and + s.one
	case last == 2:
		return arabicBelow1000(count-2, true) + " " + s.one + and + dual
	case last == 0:
		return arabicBelow1000(count, true) + " " + s.one
	case last <= 10:
		return arabicBelow1000(count, true) + " " + s.plural
	}
	return arabicBelow1000(count, true) + " " + accusative
}

// arabicBelow1000 writes 1 to 999 for masculine nouns, which dinar, dirham and
// all the scales are: three to ten take the feminine ending.
func arabicBelow1000(n uint64, construct bool) string {
	var parts []string
	if n == 200 && construct {
		return "مائتا"
	}
	if n >= 100 {
		parts = append(parts, arabicHundreds[n/100])
	}
	switch n %= 100; {
	case n == 0:
	case n < 20:
		parts = append(parts, arabicUnits[n])
	case n%10 == 0:
		parts = append(parts, arabicTens[n/10])
	default:
		parts = append(parts, arabicUnits[n%10], arabicTens[n/10])
	}
	return strings.Join(parts, and)
}

func pow1000(power int) uint64 {
	n := uint64(1)
	for range power {
		n *= 1000
	}
	return n
}
