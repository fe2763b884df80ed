package search

import (
	"cmp"
	"math/bits"
	"slices"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/names"
)

// mostParts is how many parts of a question are looked at; nobody's name in a
// list has more.
const mostParts = 8

// question is a name as it was asked for, in the numbers of the dictionary.
type question struct {
	parts    []asked
	meanings [][]meaning
	worth    []int // of a part, in 16ths of a bit: the fewer have it, the more it says
	rarest   []int // the parts in order of how many persons they may mean
	misses   int   // how many parts may be missing in a name
	birth    calendar.Date
	mother   *question
	soft     bool // birth and mother put people first and leave nobody out
}

// light takes a written name apart; the last word may be unfinished.
func light(text string, unfinished bool) []asked {
	fields := strings.Fields(names.Light(text))
	fields = fields[:min(len(fields), mostParts)]
	parts := make([]asked, len(fields))
	for i, f := range fields {
		parts[i] = askFor(f, unfinished && i == len(fields)-1)
	}
	return parts
}

// ask looks a question's parts up.
func (p *people) ask(parts []asked) *question {
	parts = p.words.mended(parts)
	q := &question{parts: parts, misses: missesOf(len(parts)), meanings: make([][]meaning, len(parts)), worth: make([]int, len(parts))}
	sizes := make([]int, len(parts))
	for i := range parts {
		q.meanings[i] = p.words.meanings(&parts[i])
		q.rarest = append(q.rarest, i)
		sure := 0
		for _, m := range q.meanings[i] {
			n := int(p.words.holders[m.spelling].count)
			if costs[m.how] == costs[q.meanings[i][0].how] {
				sure += n
			}
			sizes[i] += n
		}
		q.worth[i] = worth(p.count(), sure)
	}
	slices.SortStableFunc(q.rarest, func(a, b int) int { return cmp.Compare(sizes[a], sizes[b]) })
	return q
}

// missesOf is how many of so many parts may be missing.
func missesOf(parts int) int {
	switch {
	case parts < 3:
		return 0
	case parts < 7:
		return 1
	}
	return 2
}

// worth is what it says that a person has something that so many of all have: 16
// for each halving, and 16 for having it at all.
func worth(all, have int) int {
	ratio := uint64(max(all, 1)) << 8 / uint64(max(have, 1))
	if ratio < 1<<8 {
		return 16
	}
	whole := bits.Len64(ratio) - 1
	return 16*(whole-8+1) + int(ratio<<4>>whole&15)
}

// oftener is how much more often people must have what a part is mended to than
// what was asked for: a slip of one clerk stands in the dictionary too.
const oftener = 8

// mended puts blanks where they are likely missing, and takes them away where
// they are likely too many: a part that hardly anybody has becomes one with its
// neighbour where people have that, if need be by a slip (عب السلام, نور الدن), or
// is cut in two that people have (ميلادمحمد). Particles stand first, so the next
// part is tried before the one before.
func (d *dictionary) mended(parts []asked) []asked {
	var out []asked
	for i := 0; i < len(parts); i++ {
		part, few := parts[i], max(oftener*d.have(parts[i].light), cutHolders-1)
		if i+1 < len(parts) && d.likely(part.light+parts[i+1].light) > few {
			i++
			out = append(out, askFor(part.light+parts[i].light, parts[i].unfinish))
			continue
		}
		if last := len(out) - 1; last >= 0 && d.likely(out[last].light+part.light) > few {
			out[last] = askFor(out[last].light+part.light, part.unfinish)
			continue
		}
		if first, second, found := d.cut(part.light); found && len(out)+2 <= mostParts {
			out = append(out, askFor(first, false), askFor(second, part.unfinish))
			continue
		}
		out = append(out, part)
	}
	return out[:min(len(out), mostParts)]
}

// have is how many persons have a spelling.
func (d *dictionary) have(light string) int {
	if n, known := d.numbers[light]; known {
		return int(d.holders[n].count)
	}
	return 0
}

// likely is how many persons have the commonest spelling that lies within one
// slip.
func (d *dictionary) likely(light string) int {
	most := d.have(light)
	d.nearSpelling.find(light, func(n uint32) {
		if have := int(d.holders[n].count); have > most && oneSlip(light, d.spellings[n]) {
			most = have
		}
	})
	return most
}

// cutHolders is how many must have each half of a part that is cut: names that
// are hardly used lie everywhere.
const cutHolders = 3

// halfLetters is how long each half is at least.
const halfLetters = 3

// cut finds where a part is two names run together, each of which more people
// have than anything within one slip of the whole.
func (d *dictionary) cut(light string) (first, second string, found bool) {
	letters := []rune(light)
	best := max(cutHolders-1, oftener*d.have(light), d.likely(light))
	for at := halfLetters; at+halfLetters <= len(letters); at++ {
		a, b := string(letters[:at]), string(letters[at:])
		if n := min(d.have(a), d.have(b)); n > best {
			best, first, second, found = n, a, b, true
		}
	}
	return first, second, found
}

// yearIn takes a year of birth out of a question that has letters too.
func yearIn(text string, thisYear int) (rest string, birth calendar.Date) {
	var kept []string
	for _, word := range strings.Fields(text) {
		digits := strings.Trim(names.Light(word), " ")
		year := 0
		if len(digits) == 4 {
			for _, c := range digits {
				if c < '0' || c > '9' {
					year = 0
					break
				}
				year = year*10 + int(c-'0')
			}
		}
		if year >= 1900 && year <= thisYear && birth == calendar.Unknown {
			birth = calendar.Of(year, 0, 0)
			continue
		}
		kept = append(kept, word)
	}
	return strings.Join(kept, " "), birth
}
