package names

import (
	"bytes"
	"unicode/utf8"
)

// Skeleton returns the strong key of a part, or of each part of a name: its
// consonants by sound, in Latin code letters. The article, the vowels ا و ي
// inside, ع and hamza inside, doubled letters, a final ه or ح and the first alef
// before م or ر (امبارك, ارحومة) are dropped; letters that Libyan speech or
// Latin spelling mixes share a code (ق ك غ; ت ط ث; د ض ذ; س ص).
//
// It finds candidates and proves nothing: محمد and امحمد share one.
func Skeleton(part string) string {
	var folded, joined [160]byte
	var codes [80]byte
	out := codes[:0]
	for word := range bytes.FieldsSeq(appendJoined(joined[:0], appendFolded(folded[:0], part))) {
		out = appendBlank(out)
		if word[0] < utf8.RuneSelf {
			out = appendLatin(out, word, true)
		} else {
			out = appendSkeleton(out, word)
		}
	}
	return string(out)
}

// appendSkeleton writes the codes of one Arabic part in light form.
func appendSkeleton(out, word []byte) []byte {
	start := len(out)
	switch {
	case hasPrefix(word, "عبد", 2):
		out, word = append(out, "abd"...), withoutArticle(word[6:])
		for hasPrefix(word, "ا", 1) || hasPrefix(word, "ع", 1) {
			word = word[2:] // as Latin spelling runs it into the article: Abdulaziz
		}
	case hasPrefix(word, "ابو", 2):
		out, word = append(out, 'b'), withoutArticle(word[6:])
	case hasPrefix(word, "بنال", 3):
		out, word = append(out, "bn"...), word[8:]
	default:
		word = withoutArticle(word)
	}
	out = appendCodes(out, word)
	if n := len(out); n-start > 2 && out[n-1] == 'h' { // a final breath is heard and written by chance
		out = out[:n-1]
	}
	return out
}

// hasPrefix reports a prefix with at least so many letters behind it.
func hasPrefix(word []byte, prefix string, letters int) bool {
	return len(word) >= len(prefix)+2*letters && string(word[:len(prefix)]) == prefix
}

// withoutArticle drops the article; إلياس and إلهام have none, they begin so.
func withoutArticle(word []byte) []byte {
	if hasPrefix(word, "ال", 2) && (!known[string(word)] || known[string(word[4:])]) {
		return word[4:]
	}
	return word
}

// appendCodes writes the sound of each letter.
func appendCodes(out, word []byte) []byte {
	var before rune
	for at := 0; at < len(word); {
		r, size := utf8.DecodeRune(word[at:])
		if string(word[at:]) == "الدين" { // صلاح الدين: its article is not spoken
			at += 4
			before = 0
			continue
		}
		next, _ := utf8.DecodeRune(word[at+size:])
		if code := codeOf(r, next, at == 0); code != 0 && r != before {
			out = append(out, code)
		}
		before = r
		at += size
	}
	return out
}

// codeOf returns the code of a letter, 0 for one that is dropped.
func codeOf(r, next rune, first bool) byte {
	switch r {
	case 'ا', 'ع':
		if first && next != 'م' && next != 'ر' {
			return 'a'
		}
		return 0
	case 'و':
		if first {
			return 'w'
		}
		return 0
	case 'ي':
		if first {
			return 'y'
		}
		return 0
	}
	if r >= 'ب' && r <= 'ه' {
		return letterCodes[r-'ب']
	}
	if r >= '0' && r <= '9' {
		return byte(r)
	}
	return 0
}

// letterCodes are the codes from ب to ه in the order of Unicode.
var letterCodes = [...]byte{
	0: 'b', 'ت' - 'ب': 't', 'ث' - 'ب': 't', 'ج' - 'ب': 'j', 'ح' - 'ب': 'h', 'خ' - 'ب': 'x', 'د' - 'ب': 'd',
	'ذ' - 'ب': 'd', 'ر' - 'ب': 'r', 'ز' - 'ب': 'z', 'س' - 'ب': 's', 'ش' - 'ب': 'c', 'ص' - 'ب': 's', 'ض' - 'ب': 'd',
	'ط' - 'ب': 't', 'ظ' - 'ب': 'z', 'غ' - 'ب': 'k', 'ف' - 'ب': 'f', 'ق' - 'ب': 'k', 'ك' - 'ب': 'k', 'ل' - 'ب': 'l',
	'م' - 'ب': 'm', 'ن' - 'ب': 'n', 'ه' - 'ب': 'h',
}
