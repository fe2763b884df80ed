package names

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// SkeletonLatin returns the keys under which a part in Latin letters may meet
// its Arabic Skeleton, the likeliest first: Mohamed, Mohammed and Muhammad meet
// محمد, Gamati, Qamati and El-Gamati meet القماطي. There are two where a
// beginning may be an article or part of the name (Alwan, Attia). An Arabic part
// gives its Skeleton.
func SkeletonLatin(part string) []string {
	var first, second []byte
	for word := range bytes.FieldsSeq(appendJoined(nil, appendFolded(nil, part))) {
		first, second = appendBlank(first), appendBlank(second)
		if word[0] >= utf8.RuneSelf {
			first, second = appendSkeleton(first, word), appendSkeleton(second, word)
			continue
		}
		first, second = appendLatin(first, word, true), appendLatin(second, word, false)
	}
	keys := []string{string(first), string(second)}
	return slices.Compact(keys)
}

// appendLatin writes the codes of one Latin part; article says that a first
// al-, or its assimilated form (ass-, ett-), is to be taken for the article.
func appendLatin(out, word []byte, article bool) []byte {
	start := len(out)
	prefix, rest := latinPrefix(word)
	out = append(out, prefix...)
	if article || prefix != "" {
		rest = withoutLatinArticle(rest)
	}
	if prefix == "abd" {
		rest = withoutLink(rest)
	}
	out = appendLatinCodes(out, rest)
	if n := len(out); n-start > 2 && out[n-1] == 'h' {
		out = out[:n-1]
	}
	return out
}

// latinPrefix finds abd-, abu- and ben- and their codes.
func latinPrefix(word []byte) (code string, rest []byte) {
	for _, p := range [...]struct{ written, code string }{
		{"abd", "abd"}, {"abou", "b"}, {"abu", "b"}, {"bou", "b"}, {"bu", "b"}, {"benal", "bn"}, {"benel", "bn"}, {"binal", "bn"},
	} {
		if rest, found := bytes.CutPrefix(word, []byte(p.written)); found && len(rest) > 2 {
			return p.code, rest
		}
	}
	if bytes.HasPrefix(word, []byte("bel")) && len(word) > 5 && bytes.IndexByte([]byte("gkq"), word[3]) >= 0 {
		return "b", word[3:] // Belgasem: أبو القاسم
	}
	return "", word
}

func withoutLatinArticle(word []byte) []byte {
	if len(word) < 4 || !isVowel(word[0]) {
		return word
	}
	switch {
	case word[1] == 'l' && (!isVowel(word[2]) || len(word) > 5): // Aljahmi, Alorfi; not Alia
		return word[2:]
	case word[1] == word[2] && bytes.IndexByte([]byte("tdrzsnl"), word[1]) >= 0: // Assaghir
		return word[2:]
	}
	return word
}

// withoutLink drops what links عبد to a name when no article was found:
// Abdulali, Abdusalam, Abdulaziz.
func withoutLink(rest []byte) []byte {
	if len(rest) > 4 && isVowel(rest[0]) && rest[1] == 'l' {
		rest = rest[2:]
	}
	if len(rest) > 1 && isVowel(rest[0]) {
		rest = rest[1:]
	}
	return rest
}

func isVowel(b byte) bool {
	return b == 'a' || b == 'e' || b == 'i' || b == 'o' || b == 'u'
}

// appendLatinCodes writes the sound of each letter or pair of letters.
func appendLatinCodes(out, word []byte) []byte {
	var before byte
	for at := 0; at < len(word); {
		code, size := latinCode(word, at)
		if spelled := word[at]; code != 0 && spelled != before {
			out = append(out, code)
		}
		before = word[at]
		if size == 2 {
			before = 0
		}
		at += size
		for _, article := range [...]string{"aldi", "eldi", "uldi", "alde", "elde"} { // Nuraldin
			if at > 1 && bytes.HasPrefix(word[at:], []byte(article)) {
				at, before = at+2, 0
			}
		}
	}
	return out
}

// latinCode returns the code of the letters at a place, 0 for none, and how
// many letters it took.
func latinCode(word []byte, at int) (code byte, size int) {
	var next byte
	if at+1 < len(word) {
		next = word[at+1]
	}
	if next == 'h' {
		if i := bytes.IndexByte([]byte("sckgdtp"), word[at]); i >= 0 {
			return "ccxkdtf"[i], 2
		}
	}
	switch b := word[at]; b {
	case 'a', 'e', 'i', 'o', 'u':
		if at == 0 && next != 'm' && next != 'r' {
			return 'a', 1
		}
		return 0, 1
	case 'w', 'y':
		if at == 0 {
			return b, 1
		}
		return 0, 1
	case 'c':
		if next == 'e' || next == 'i' {
			return 's', 1
		}
		return 'k', 1
	case 'g', 'q', 'x':
		return 'k', 1
	case 'p':
		return 'b', 1
	case 'v':
		return 'f', 1
	default:
		if b < utf8.RuneSelf {
			return b, 1
		}
		return 0, 1 // an accented letter: a vowel, as in Aïcha
	}
}
