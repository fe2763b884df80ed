package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sanad/platform/money"
)

func TestAmountsInArabicWords(t *testing.T) {
	for amount, want := range map[money.Amount]string{
		0:                  "صفر دينار ليبي",
		1:                  "درهم ليبي واحد",
		2:                  "درهمان ليبيان",
		5:                  "خمسة دراهم ليبية",
		250:                "مائتان وخمسون درهماً ليبياً",
		500:                "خمسمائة درهم ليبي",
		1_000:              "دينار ليبي واحد",
		2_000:              "ديناران ليبيان",
		3_000:              "ثلاثة دنانير ليبية",
		8_250:              "ثمانية دنانير ليبية ومائتان وخمسون درهماً",
		10_001:             "عشرة دنانير ليبية ودرهم واحد",
		11_000:             "أحد عشر ديناراً ليبياً",
		12_200:             "اثنا عشر ديناراً ليبياً ومائتا درهم",
		20_000:             "عشرون ديناراً ليبياً",
		21_000:             "واحد وعشرون ديناراً ليبياً",
		99_000:             "تسعة وتسعون ديناراً ليبياً",
		100_000:            "مائة دينار ليبي",
		101_000:            "مائة دينار ليبي ودينار واحد",
		102_000:            "مائة دينار ليبي وديناران",
		103_000:            "مائة وثلاثة دنانير ليبية",
		111_000:            "مائة وأحد عشر ديناراً ليبياً",
		150_000:            "مائة وخمسون ديناراً ليبياً",
		200_000:            "مائتا دينار ليبي",
		201_000:            "مائتا دينار ليبي ودينار واحد",
		800_000:            "ثمانمائة دينار ليبي",
		1_000_000:          "ألف دينار ليبي",
		1_001_000:          "ألف دينار ليبي ودينار واحد",
		1_200_000:          "ألف ومائتا دينار ليبي",
		1_250_500:          "ألف ومائتان وخمسون ديناراً ليبياً وخمسمائة درهم",
		2_000_000:          "ألفا دينار ليبي",
		2_002_000:          "ألفا دينار ليبي وديناران",
		2_500_000:          "ألفان وخمسمائة دينار ليبي",
		3_000_000:          "ثلاثة آلاف دينار ليبي",
		10_000_000:         "عشرة آلاف دينار ليبي",
		11_000_000:         "أحد عشر ألف دينار ليبي",
		11_500_000:         "أحد عشر ألفاً وخمسمائة دينار ليبي",
		50_200_000:         "خمسون ألفاً ومائتا دينار ليبي",
		100_000_000:        "مائة ألف دينار ليبي",
		102_000_000:        "مائة ألف وألفا دينار ليبي",
		200_000_000:        "مائتا ألف دينار ليبي",
		497_250_000:        "أربعمائة وسبعة وتسعون ألفاً ومائتان وخمسون ديناراً ليبياً",
		1_000_000_000:      "مليون دينار ليبي",
		2_000_000_000:      "مليونا دينار ليبي",
		2_300_000_000:      "مليونان وثلاثمائة ألف دينار ليبي",
		5_000_000_000:      "خمسة ملايين دينار ليبي",
		12_000_004_000:     "اثنا عشر مليوناً وأربعة دنانير ليبية",
		1_000_000_000_000:  "مليار دينار ليبي",
		999_000_000_000_00: "تسعة وتسعون ملياراً وتسعمائة مليون دينار ليبي",
	} {
		if got := Words(Arabic, amount); got != want+" لا غير" {
			t.Errorf("%s:\n got %s\nwant %s لا غير", amount, got, want)
		}
	}
	if got := Words(Arabic, -1_000); got != "ناقص دينار ليبي واحد لا غير" {
		t.Error(got)
	}
}

func TestAmountsInEnglishWords(t *testing.T) {
	for amount, want := range map[money.Amount]string{
		0:         "zero Libyan dinars only",
		1:         "one Libyan dirham only",
		1_000:     "one Libyan dinar only",
		-5_000:    "minus five Libyan dinars only",
		21_001:    "twenty-one Libyan dinars and one dirham only",
		100_000:   "one hundred Libyan dinars only",
		1_005_000: "one thousand and five Libyan dinars only",
		1_250_500: "one thousand two hundred and fifty Libyan dinars and five hundred dirhams only",
		-1 << 63: "minus nine quadrillion two hundred and twenty-three trillion three hundred and seventy-two billion " +
			"thirty-six million eight hundred and fifty-four thousand seven hundred and seventy-five Libyan dinars and eight hundred and eight dirhams only",
	} {
		if got := Words(English, amount); got != want {
			t.Errorf("%s: %s", amount, got)
		}
	}
}

// Reading the words back by another way gives the amount: no two amounts share
// their words, on any scale.
func TestWordsReadBackAsTheAmount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		digits := rapid.Uint64Range(1, 18).Draw(t, "digits")
		limit := int64(1)
		for range digits {
			limit *= 10
		}
		n := rapid.Int64Range(0, limit).Draw(t, "amount")
		if rapid.Bool().Draw(t, "round") {
			n -= n % 1000
		}
		words := Words(Arabic, money.Amount(n))
		if got := readArabicWords(t, words); got != n {
			t.Fatalf("%d is written %q, which reads %d", n, words, got)
		}
	})
}

// readArabicWords adds up words by their meaning alone, blind to the grammar.
func readArabicWords(t *rapid.T, words string) int64 {
	values := map[string]int64{"صفر": 0, "مائتا": 200}
	for n, word := range arabicUnits[:11] {
		values[word] = int64(n)
	}
	values["أحد"], values["اثنا"], values["عشر"] = 1, 2, 10
	for n, word := range arabicTens {
		values[word] = int64(n) * 10
	}
	for n, word := range arabicHundreds {
		values[word] = int64(n) * 100
	}
	type scaled struct{ factor, implied int64 }
	scaleWords := map[string]scaled{}
	for power, s := range scales {
		unit := int64(pow1000(power))
		for _, w := range []string{s.one, s.plural, s.accusative} {
			scaleWords[w] = scaled{unit, 1}
		}
		scaleWords[s.dual], scaleWords[s.dualConstruct] = scaled{unit, 2}, scaled{unit, 2}
	}
	var total, dinars, group int64
	closeNoun := func(factor, implied int64) {
		if sum := dinars + group; sum > 0 && implied == 1 {
			total += sum * factor
		} else {
			total += (sum + implied) * factor
		}
		dinars, group = 0, 0
	}
	tokens := strings.Fields(strings.TrimSuffix(words, " لا غير"))
	for i, token := range tokens {
		bare := token
		if i > 0 && strings.HasPrefix(token, "و") && token != "واحد" {
			bare = strings.TrimPrefix(token, "و")
		}
		zero := i > 0 && tokens[i-1] == "صفر"
		switch bare {
		case "دينار", "دنانير", "ديناراً":
			if !zero {
				closeNoun(1000, 1)
			}
			continue
		case "درهم", "دراهم", "درهماً":
			closeNoun(1, 1)
			continue
		case "ديناران":
			closeNoun(1000, 2)
			continue
		case "درهمان":
			closeNoun(1, 2)
			continue
		case "ليبي", "ليبيان", "ليبية", "ليبياً":
			continue
		case "واحد":
			if i > 0 && (strings.Contains(tokens[i-1], "دينار") || strings.Contains(tokens[i-1], "درهم") || tokens[i-1] == "ليبي") {
				continue // «دينار ليبي واحد»: the noun has counted already
			}
		}
		if s, ok := scaleWords[bare]; ok && bare != "" {
			if group == 0 {
				group = s.implied
			}
			dinars, group = dinars+group*s.factor, 0
			continue
		}
		value, ok := values[bare]
		if !ok {
			t.Fatalf("unknown word %q in %q", token, words)
		}
		group += value
	}
	return total
}
