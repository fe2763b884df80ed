package intake

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold brings spellings that a reader would not tell apart to one form, for
// headings and words only; names of people have their own knowledge in
// platform/names. Letters and digits stay, other marks become one space.
func fold(text string) string {
	text = compatible(text)
	var b strings.Builder
	b.Grow(len(text))
	gap := false
	for _, r := range text {
		r = plainLetter(r)
		switch {
		case r == 0 || r == 'ء':
			continue
		case plainArabic(r):
		case r < 0x80 && !asciiWord(r), unicode.IsSpace(r), unicode.IsPunct(r):
			gap = b.Len() > 0
			continue
		}
		if gap {
			b.WriteByte(' ')
			gap = false
		}
		switch r {
		case 'أ', 'إ', 'آ', 'ٱ':
			r = 'ا'
		case 'ة':
			r = 'ه'
		case 'ى', 'ئ':
			r = 'ي'
		case 'ؤ':
			r = 'و'
		}
		if !plainArabic(r) {
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

func asciiWord(r rune) bool {
	return r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z'
}

// compatible resolves presentation forms and full-width letters, which come out
// of old programs and of PDF, where there are any.
func compatible(text string) string {
	for _, r := range text {
		if r >= 0xFB50 && r != 0xFEFF && r < 0xFFF0 {
			return norm.NFKC.String(text)
		}
	}
	return text
}

// plainArabic reports a letter of the Arabic alphabet proper, which stands for
// itself and is by far the most frequent thing in these files.
func plainArabic(r rune) bool { return r >= 'ء' && r <= 'ي' && r != 0x0640 }

// plainLetter maps a letter to the one it stands for, or to 0 where it is a mark
// that carries no meaning: vowel signs, tatweel, direction and zero-width marks.
func plainLetter(r rune) rune {
	switch {
	case r < 0x80 || plainArabic(r):
		return r
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	case r >= 0x064B && r <= 0x065F, r == 0x0670, r == 0x0640, r >= 0x06D6 && r <= 0x06ED && r != 0x06DD,
		r >= 0x200B && r <= 0x200F, r >= 0x202A && r <= 0x202E, r >= 0x2060 && r <= 0x2069, r == 0xFEFF, r == 0x061C, r == 0x00AD:
		return 0
	case r == 'ی' || r == 'ې':
		return 'ي'
	case r == 'ک' || r == 'ڪ':
		return 'ك'
	case r == 'ہ' || r == 'ھ':
		return 'ه'
	}
	return r
}

// tidy is a text without stray spaces, line breaks, tatweel, vowel signs,
// direction marks and control characters; every letter stays the letter that
// was written, Persian forms and digits apart.
func tidy(text string) string {
	if tidied(text) {
		return text
	}
	text = compatible(text)
	var b strings.Builder
	b.Grow(len(text))
	gap := false
	for _, r := range text {
		switch r = plainLetter(r); {
		case r == 0:
		case unicode.IsSpace(r) || unicode.IsControl(r):
			gap = b.Len() > 0
		default:
			if gap {
				b.WriteByte(' ')
				gap = false
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// tidied reports that tidy has nothing to do, which is nearly always.
func tidied(text string) bool {
	gap := true
	for _, r := range text {
		switch {
		case plainArabic(r):
		case r == ' ':
			if gap {
				return false
			}
			gap = true
			continue
		case r < ' ' || r == 0x7F, r >= 0x80 && (unicode.IsSpace(r) || unicode.IsControl(r)), r >= 0xFB50, plainLetter(r) != r:
			return false
		}
		gap = false
	}
	return !gap || text == ""
}

// blankText reports whether a cell holds nothing that could be read.
func blankText(text string) bool {
	for _, r := range text {
		if plainArabic(r) {
			return false
		}
		if r = plainLetter(r); r != 0 && !unicode.IsSpace(r) && !unicode.IsControl(r) {
			return false
		}
	}
	return true
}
