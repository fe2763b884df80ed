package names

import (
	"strings"
	"unicode/utf8"
)

// Parts are the parts of a written name, in the spelling of the writer with
// blanks cleaned; a part may hold two words (عبد السلام, نور الدين, بن سعود).
type Parts struct {
	Own, Father, Grandfather, Family string
	All                              []string
}

// Of takes a name apart in the Libyan order: own, father, grandfather, family.
// With three parts the third is the family when it looks like one (an article,
// بن, أبو, آل), else the grandfather; with two, the second is the family or the
// father by the same sign. With more than four, the last is the family and the
// ancestors beyond the grandfather stand in All only.
func Of(name string) Parts {
	all := split(name)
	p := Parts{All: all}
	if len(all) == 0 {
		return p
	}
	p.Own = all[0]
	rest := all[1:]
	if last := len(rest) - 1; last >= 0 && (last >= 2 || looksLikeFamily(rest[last])) {
		p.Family, rest = rest[last], rest[:last]
	}
	if len(rest) > 0 {
		p.Father = rest[0]
	}
	if len(rest) > 1 {
		p.Grandfather = rest[1]
	}
	return p
}

// split cuts a name into its parts.
func split(name string) []string {
	var letters [256]byte // on the stack: a bulk import takes every name apart
	var words [16]string
	var folds [16][]byte
	out, kept, folded := letters[:0], words[:0], folds[:0]
	for name != "" {
		var word string
		word, name = cut(name)
		start := len(out)
		if out = appendFolded(out, word); len(out) > start {
			folded, kept = append(folded, out[start:len(out):len(out)]), append(kept, word)
		}
	}
	if len(kept) == 0 {
		return nil
	}
	all := make([]string, 0, len(kept))
	for len(folded) > 0 {
		length := span(folded)
		all = append(all, strings.Join(kept[:length], " "))
		folded, kept = folded[length:], kept[length:]
	}
	return all
}

// cut takes the first word off a name.
func cut(name string) (word, rest string) {
	for at := 0; at < len(name); {
		r, size := utf8.DecodeRuneInString(name[at:])
		if fold(r) == blank {
			return name[:at], name[at+size:]
		}
		at += size
	}
	return name, ""
}

// looksLikeFamily reports the signs that a last part is a family and not an
// ancestor: the article of a nisba, or a particle of descent.
func looksLikeFamily(part string) bool {
	light := Light(part)
	for _, sign := range []string{"ال", "بن", "ابو", "al", "el", "ben", "bin", "bou", "bu"} {
		if rest, found := strings.CutPrefix(light, sign); found && len(rest) > 2 {
			return true
		}
	}
	return false
}
