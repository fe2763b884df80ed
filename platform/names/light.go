// Package names knows how Arabic names are written, so that a mother whose file
// says فاطمة عبد السلام in one branch and فاطمه عبدالسلام in another is one
// person with one file, and twins are never taken for each other.
//
// Light is the normal form in which two spellings of one name are equal and two
// names never are. Skeleton is a coarse key for finding candidates, also across
// Arabic and Latin writing; it proves nothing. Agree decides whether two written
// names may be one person's, for records that share an identifier already.
package names

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Light returns the light normal form of a name: parts separated by one space,
// each part one word. It folds what typing alone makes different: vowel signs,
// tatweel, invisible marks, hamza carriers (أ إ آ ٱ to ا, ؤ to و, ئ to ي), final
// ى to ي and ة to ه, Persian letters, presentation forms and ligatures, Eastern
// digits, Latin case, blanks; and it joins particles with what they belong to:
// عبد السلام is عبدالسلام, أبو زيد and بوزيد are ابوزيد, بن سعود and ابنسعود are
// بنسعود, نور الدين is نورالدين.
//
// A lone hamza stays (علاء is not علا) and so does a first alef: امحمد is a name
// of its own and not محمد.
func Light(name string) string {
	var folded, joined [160]byte
	return string(appendJoined(joined[:0], appendFolded(folded[:0], name)))
}

// appendFolded folds every letter and leaves words separated by single blanks.
func appendFolded(out []byte, name string) []byte {
	for _, r := range name {
		if folded := fold(r); folded > 0 {
			out = utf8.AppendRune(out, folded)
		} else if folded == blank {
			out = appendBlank(out)
		} else if folded == ligature {
			out = appendLigature(out, r)
		}
	}
	return bytes.TrimRight(out, " ")
}

// appendBlank separates words by one blank, and never begins with it.
func appendBlank(out []byte) []byte {
	if len(out) > 0 && out[len(out)-1] != ' ' {
		return append(out, ' ')
	}
	return out
}

// appendLigature takes a presentation form apart (ﻻ, ﷲ); old systems export them.
func appendLigature(out []byte, r rune) []byte {
	for _, r := range norm.NFKC.String(string(r)) {
		if folded := fold(r); folded > 0 {
			out = utf8.AppendRune(out, folded)
		}
	}
	return out
}

const (
	drop     rune = 0
	blank    rune = -1
	ligature rune = -2
)

// fold returns what a letter counts as, or drop, blank or ligature.
func fold(r rune) rune {
	switch {
	case r >= 'a' && r <= 'z':
		return r
	case r >= 'A' && r <= 'Z':
		return r + 'a' - 'A'
	case r >= '0' && r <= '9':
		return r
	case r == '\'' || r == '’' || r == '`' || r == 'ـ':
		return drop
	case r < 0x80:
		return blank
	case r >= 'ء' && r <= 'ي':
		return foldArabic(r)
	case r >= 0x64b && r <= 0x65f || r == 0x670: // vowel signs, hamza above and below
		return drop
	case r >= '٠' && r <= '٩':
		return r - '٠' + '0'
	}
	return foldRare(r)
}

func foldArabic(r rune) rune {
	switch r {
	case 'أ', 'إ', 'آ':
		return 'ا'
	case 'ى', 'ئ':
		return 'ي'
	case 'ؤ':
		return 'و'
	case 'ة':
		return 'ه'
	}
	return r
}

// foldRare folds what a Libyan keyboard does not have but files do.
func foldRare(r rune) rune {
	switch r {
	case 'ٱ', 'ٲ', 'ٳ':
		return 'ا'
	case 'ی', 'ې', 'ۍ':
		return 'ي'
	case 'ک', 'ڪ':
		return 'ك'
	case 'ہ', 'ھ', 'ە', 'ۀ', 'ۃ', 'ۂ':
		return 'ه'
	case 'گ', 'ڨ': // the Libyan sound of ق
		return 'ق'
	case 'پ':
		return 'ب'
	case 'ڤ':
		return 'ف'
	}
	switch {
	case r >= '۰' && r <= '۹':
		return r - '۰' + '0'
	case r >= 0xfb50 && r <= 0xfdff || r >= 0xfe70 && r <= 0xfefc:
		return ligature
	case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
		return drop
	case unicode.IsLetter(r):
		return unicode.ToLower(r)
	}
	return blank
}

// appendJoined writes each part as one word.
func appendJoined(out, folded []byte) []byte {
	var space [16][]byte
	words := space[:0]
	for word := range bytes.FieldsSeq(folded) {
		words = append(words, word)
	}
	for len(words) > 0 {
		length := span(words)
		out = appendBlank(out)
		first := true
		for i, word := range words[:length] {
			out = appendWord(out, word, first, i+1 < length)
			first = isParticle(word)
		}
		words = words[length:]
	}
	return out
}

// span returns how many words, from the first, make one part of a name.
func span(words [][]byte) int {
	length := 1
	if isParticle(words[0]) && len(words) > 1 {
		length += span(words[1:])
	}
	for length < len(words) {
		switch {
		case completes(words[length-1], words[length]):
			length++
		case length+1 < len(words) && isOfTheFaith(words[length], words[length+1]):
			length += 2
		default:
			return length
		}
	}
	return length
}

// isOfTheFaith reports «al-Din» in two Latin words.
func isOfTheFaith(article, word []byte) bool {
	switch string(article) + " " + string(word) {
	case "al din", "el din", "al deen", "el deen", "ed din", "ud din", "ed dine":
		return true
	}
	return false
}

// isParticle reports a word that is no name without the next: عبد, أبو, بن, آل.
func isParticle(word []byte) bool {
	switch string(word) {
	case "عبد", "ابو", "بو", "با", "ابي", "بن", "ابن", "ال", "ام", "بوعبد", "ابوعبد",
		"abd", "abdul", "abdel", "abdal", "abu", "abou", "bou", "bu", "ben", "bin", "ibn", "al", "el":
		return true
	}
	return false
}

// StandsAlone reports a written word that is a part of a name by itself whatever
// stands beside it: no particle, and nothing that completes another word. The
// light form of a name of such words is that of each, apart by blanks.
func StandsAlone(word string) bool {
	var space [160]byte
	folded := appendFolded(space[:0], word)
	if len(folded) == 0 || bytes.IndexByte(folded, ' ') >= 0 || isParticle(folded) {
		return false
	}
	switch string(folded) {
	case "ed", "ud", "din", "deen", "dine", "النصر", "الزهراء", "الهدي", "الضحي", "المولي", "الحق", "الرب", "الكريم",
		"alhuda", "elhuda", "alhoda", "elhoda", "alzahra", "alzahraa", "elzahra", "elzahraa", "azzahra", "azzahraa":
		return false
	}
	return !completes(nil, folded)
}

// completes reports a word that belongs to the one before it: نور الدين, جاد
// الله, سيف النصر.
func completes(before, word []byte) bool {
	switch string(word) {
	case "الدين", "الله", "الاسلام", "eddin", "eddine", "uddin", "aldin", "aldeen", "eldin", "allah":
		return true
	case "النصر":
		return string(before) == "سيف"
	case "الزهراء":
		return string(before) == "فاطمه"
	case "الهدي":
		return string(before) == "نور"
	case "alhuda", "elhuda", "alhoda", "elhoda":
		return string(before) == "nur" || string(before) == "nour" || string(before) == "noor"
	case "alzahra", "alzahraa", "elzahra", "elzahraa", "azzahra", "azzahraa":
		return string(before) == "fatima" || string(before) == "fatma"
	case "الضحي":
		return string(before) == "شمس"
	case "المولي", "الحق", "الرب", "الكريم":
		return string(before) == "جاد" || string(before) == "فضل" || string(before) == "عطيه"
	}
	return false
}

// appendWord writes a word in the one spelling of its particle. first says that
// nothing but particles stands before it, more that a word follows in the part.
func appendWord(out, word []byte, first, more bool) []byte {
	if more {
		switch string(word) {
		case "بو", "با", "ابي":
			return append(out, "ابو"...)
		case "بوعبد":
			return append(out, "ابوعبد"...)
		case "ابن":
			return append(out, "بن"...)
		}
		return append(out, word...)
	}
	if !first {
		return append(out, word...)
	}
	switch string(word) {
	case "بلقاسم", "بالقاسم":
		return append(out, "ابوالقاسم"...)
	case "بلعيد", "بالعيد":
		return append(out, "ابوالعيد"...)
	}
	const letters = 2 // bytes of an Arabic letter
	switch {
	case bytes.HasPrefix(word, []byte("بو")) && len(word) >= 5*letters: // بوزيد
		return append(append(out, "ا"...), word...)
	case bytes.HasPrefix(word, []byte("ابن")) && len(word) >= 6*letters: // ابنسعود
		return append(out, word[letters:]...)
	}
	return append(out, word...)
}
