package calendar

import (
	"strings"
	"unicode"
)

// number is a run of digits; its length tells a year from a day.
type number struct{ value, digits int }

// written is a date cut into its numbers and the phrase of its words.
type written struct {
	numbers [3]number
	count   int
	phrase  string // words folded and joined by one space, without filler
	surplus bool   // more numbers than a date has, or one too long
}

// scan cuts a text. Separators, signs, marks of direction and vowel signs are
// dropped; a time of day ends it.
func scan(text string) written {
	var w written
	var word strings.Builder
	inNumber := false
	flush := func() {
		w.addWord(word.String())
		word.Reset()
	}
	for _, r := range withoutTime(text) {
		digit := digitOf(r)
		if digit < 0 {
			inNumber = false
			switch {
			case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r) || r == 'ـ':
			case unicode.IsLetter(r):
				word.WriteRune(fold(r))
			default:
				flush()
			}
			continue
		}
		flush()
		w.addDigit(digit, !inNumber)
		inNumber = true
	}
	flush()
	return w
}

func (w *written) addDigit(digit int, first bool) {
	if first {
		if w.count == len(w.numbers) {
			w.surplus = true
			return
		}
		w.count++
	}
	n := &w.numbers[max(w.count-1, 0)]
	if n.digits == 9 {
		w.surplus = true
		return
	}
	n.value, n.digits = n.value*10+digit, n.digits+1
}

// filler are words that stand around a date and say nothing of it.
var filler = map[string]bool{
	"م": true, "ميلادي": true, "ميلاديه": true, "سنه": true, "عام": true, "شهر": true, "يوم": true, "تاريخ": true, "التاريخ": true, "ميلاد": true, "الميلاد": true,
	"مواليد": true, "من": true, "الموافق": true, "لسنه": true, "of": true, "the": true, "st": true, "nd": true, "rd": true, "th": true,
	"السبت": true, "الاحد": true, "الاثنين": true, "الثلاثاء": true, "الاربعاء": true, "الخميس": true, "الجمعه": true,
}

func (w *written) addWord(word string) {
	switch {
	case word == "" || filler[word]:
	case w.phrase == "":
		w.phrase = word
	default:
		w.phrase += " " + word
	}
}

// withoutTime cuts a time of day (00:00:00, T12:30Z, 9:15 ص) from the end.
func withoutTime(text string) string {
	colon := strings.IndexByte(text, ':')
	if colon < 0 {
		return text
	}
	head := strings.TrimRightFunc(text[:colon], func(r rune) bool { return digitOf(r) >= 0 })
	if len(head) == colon {
		return text // no hour before it: a label such as «التاريخ: 21/8/1977»
	}
	return strings.TrimRight(head, " Tt")
}

// digitOf returns the value of a Western, Arabic-Indic or Persian digit, else -1.
func digitOf(r rune) int {
	switch {
	case r >= '0' && r <= '9':
		return int(r - '0')
	case r >= '٠' && r <= '٩':
		return int(r - '٠')
	case r >= '۰' && r <= '۹':
		return int(r - '۰')
	}
	return -1
}

// fold joins the spellings of one letter, so that إبريل and أبريل are one name.
func fold(r rune) rune {
	switch r {
	case 'أ', 'إ', 'آ', 'ٱ':
		return 'ا'
	case 'ى', 'ی':
		return 'ي'
	case 'ة':
		return 'ه'
	case 'ک':
		return 'ك'
	}
	return unicode.ToLower(r)
}

type phraseKind int

const (
	phraseNone       phraseKind = iota // no words
	phraseMonth                        // a month's name
	phraseHijri                        // the Hijri era, or a month of it
	phraseJamahiriya                   // و.ر
	phraseNothing                      // "not known"
	phraseOther                        // words that are no part of a date
)

// meaning returns what the words beside the numbers say.
func meaning(phrase string) (month int, kind phraseKind) {
	if month := monthByName[phrase]; month != 0 {
		return month, phraseMonth
	}
	if kind := eras[phrase]; kind != phraseNone {
		return 0, kind
	}
	// A month may stand before its era: محرم ١٣٩٨ هـ, التمور ١٤٢٥ و.ر.
	for suffix, kind := range eras {
		if head, found := strings.CutSuffix(phrase, " "+suffix); found && (monthByName[head] != 0 || eras[head] == phraseHijri) {
			return 0, kind
		}
	}
	return 0, phraseOther
}

var eras = map[string]phraseKind{
	"ه": phraseHijri, "هج": phraseHijri, "هجري": phraseHijri, "هجريه": phraseHijri, "ah": phraseHijri,
	"محرم": phraseHijri, "صفر": phraseHijri, "ربيع الاول": phraseHijri, "ربيع الثاني": phraseHijri, "ربيع الاخر": phraseHijri,
	"جمادي الاولي": phraseHijri, "جمادي الثانيه": phraseHijri, "جمادي الاخره": phraseHijri, "رجب": phraseHijri,
	"شعبان": phraseHijri, "رمضان": phraseHijri, "شوال": phraseHijri, "ذو القعده": phraseHijri, "ذو الحجه": phraseHijri,
	"ذي القعده": phraseHijri, "ذي الحجه": phraseHijri,
	"و ر": phraseJamahiriya, "ور": phraseJamahiriya, "وفاه الرسول": phraseJamahiriya, "ميلاد الرسول": phraseJamahiriya,
	"غير معروف": phraseNothing, "غير معلوم": phraseNothing, "مجهول": phraseNothing, "لا يوجد": phraseNothing,
	"unknown": phraseNothing, "n a": phraseNothing,
}

// monthByName knows, folded: the names in use in Libya, those of the Levant,
// those of the Jamahiriya (1986 to 2011, still on papers), English and French
// Arabic ones of the western border.
var monthByName = func() map[string]int {
	names := map[string]int{}
	for _, list := range [...]string{
		"يناير,فبراير,مارس,ابريل,مايو,يونيو,يوليو,اغسطس,سبتمبر,اكتوبر,نوفمبر,ديسمبر",
		",,,افريل,ماي,يونيه,يوليه,اوت,,,,",
		"جانفي,فيفري,,,,جوان,جويليه,,,,,",
		"كانون الثاني,شباط,اذار,نيسان,ايار,حزيران,تموز,اب,ايلول,تشرين الاول,تشرين الثاني,كانون الاول",
		"اي النار,النوار,الربيع,الطير,الماء,الصيف,ناصر,هانيبال,الفاتح,التمور,الحرث,الكانون",
		"اين النار,نوار,,طير,ماء,صيف,,هنيبال,فاتح,تمور,حرث,",
		"أي النار,,,,,,,,,الثمور,,",
		"january,february,march,april,may,june,july,august,september,october,november,december",
		"jan,feb,mar,apr,,jun,jul,aug,sep,oct,nov,dec",
		",,,,,,,,sept,,,",
	} {
		for i, name := range strings.Split(list, ",") {
			if name != "" {
				names[strings.Map(fold, name)] = i + 1
			}
		}
	}
	return names
}()
