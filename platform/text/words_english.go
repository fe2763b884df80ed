package text

import "strings"

var (
	englishUnits = [...]string{"zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
		"ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"}
	englishTens   = [...]string{2: "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"}
	englishScales = [...]string{1: "thousand", "million", "billion", "trillion", "quadrillion"}
)

func englishSum(dinars, dirhams uint64) string {
	switch {
	case dirhams == 0:
		return englishCounted(dinars, "Libyan dinar")
	case dinars == 0:
		return englishCounted(dirhams, "Libyan dirham")
	}
	return englishCounted(dinars, "Libyan dinar") + " and " + englishCounted(dirhams, "dirham")
}

func englishCounted(n uint64, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return englishNumber(n) + " " + noun
}

// englishNumber writes a number as British papers do: "and" before the tens,
// also straight after a thousand (one thousand and five).
func englishNumber(n uint64) string {
	if n == 0 {
		return englishUnits[0]
	}
	var groups []string
	for power := len(englishScales) - 1; power > 0; power-- {
		unit := pow1000(power)
		if count := n / unit; count > 0 {
			groups = append(groups, englishBelow1000(count)+" "+englishScales[power])
			n %= unit
		}
	}
	switch {
	case n == 0:
	case n < 100 && len(groups) > 0:
		groups = append(groups, "and "+englishBelow1000(n))
	default:
		groups = append(groups, englishBelow1000(n))
	}
	return strings.Join(groups, " ")
}

func englishBelow1000(n uint64) string {
	var b strings.Builder
	if n >= 100 {
		b.WriteString(englishUnits[n/100] + " hundred")
		if n %= 100; n == 0 {
			return b.String()
		}
		b.WriteString(" and ")
	}
	if n < 20 {
		b.WriteString(englishUnits[n])
		return b.String()
	}
	b.WriteString(englishTens[n/10])
	if n%10 > 0 {
		b.WriteString("-" + englishUnits[n%10])
	}
	return b.String()
}
