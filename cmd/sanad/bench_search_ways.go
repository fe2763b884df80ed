package main

import (
	"context"
	"slices"
	"strings"

	"sanad/delivery/matching/search"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/names"
)

// searchWay is one way of asking for a person.
type searchWay struct {
	name     string
	goal     bool // its figures are among those to reach
	question func(b *searchBench, who target) (q search.Query, can bool)
	ask      func(b *searchBench, ctx context.Context, who target, q search.Query) ([]id.ID, error)
}

var searchWays = []searchWay{
	{"whole", false, func(_ *searchBench, who target) (search.Query, bool) { return search.Query{Text: who.name}, true }, (*searchBench).byQuestion},
	{"dropped", true, func(b *searchBench, who target) (search.Query, bool) {
		return b.altered(who, func(letters []rune, at int) []rune { return slices.Delete(letters, at, at+1) })
	}, (*searchBench).byQuestion},
	{"misspelt", true, func(b *searchBench, who target) (search.Query, bool) { return b.altered(who, b.slip) }, (*searchBench).byQuestion},
	{"permuted", true, func(b *searchBench, who target) (search.Query, bool) {
		parts := nameParts(who.name)
		b.chance.Shuffle(len(parts), func(i, k int) { parts[i], parts[k] = parts[k], parts[i] })
		return search.Query{Text: strings.Join(parts, " ")}, true
	}, (*searchBench).byQuestion},
	{"latin", true, (*searchBench).inLatin, (*searchBench).byQuestion},
	{"two_parts", false, func(_ *searchBench, who target) (search.Query, bool) {
		parts := nameParts(who.name)
		return search.Query{Text: parts[0] + " " + parts[len(parts)-1], Birth: calendar.Of(who.birth.Year(), 0, 0), Mother: nameParts(who.mother + " ")[0]}, len(parts) > 1 && who.birth != calendar.Unknown && who.mother != ""
	}, (*searchBench).byQuestion},
	{"check", false, func(b *searchBench, who target) (search.Query, bool) { return b.altered(who, b.slip) }, (*searchBench).byCheck},
	{"number", false, func(_ *searchBench, who target) (search.Query, bool) {
		return search.Query{Text: who.number}, who.number != ""
	}, (*searchBench).byQuestion},
}

func nameParts(name string) []string { return slices.Clone(names.Of(name).All) }

// alteredLetters is how long a part is that is written wrongly.
const alteredLetters = 4

// altered asks with one letter of one part changed.
func (b *searchBench) altered(who target, change func(letters []rune, at int) []rune) (search.Query, bool) {
	parts := nameParts(who.name)
	var long []int
	for i, part := range parts {
		if len([]rune(part)) >= alteredLetters {
			long = append(long, i)
		}
	}
	if len(long) == 0 {
		return search.Query{}, false
	}
	i := long[b.chance.IntN(len(long))]
	letters := []rune(parts[i])
	at := b.chance.IntN(len(letters))
	for letters[at] == ' ' {
		at = b.chance.IntN(len(letters))
	}
	parts[i] = string(change(letters, at))
	return search.Query{Text: strings.Join(parts, " ")}, true
}

// slip writes a letter wrongly, twice, or after its neighbour.
func (b *searchBench) slip(letters []rune, at int) []rune {
	const alphabet = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
	switch b.chance.IntN(3) {
	case 0:
		letters[at] = []rune(alphabet)[b.chance.IntN(28)]
	case 1:
		return slices.Insert(letters, at, letters[at])
	default:
		if at+1 < len(letters) && letters[at+1] != ' ' {
			letters[at], letters[at+1] = letters[at+1], letters[at]
		}
	}
	return letters
}

// latinHabits are ways in which Latin spellings of one Arabic name differ.
var latinHabits = []struct{ from, to string }{
	{"q", "g"}, {"q", "k"}, {"ou", "u"}, {"u", "ou"}, {"Al", "El "}, {"Al", "Al-"}, {"ee", "i"}, {"i", "ee"}, {"mm", "m"}, {"m", "mm"}, {"ss", "s"}, {"l", "ll"}, {"o", "u"}, {"e", "a"},
}

// inLatin asks in Latin letters, with two habits of another writer.
func (b *searchBench) inLatin(who target) (search.Query, bool) {
	text := who.latin
	for range 2 {
		habit := latinHabits[b.chance.IntN(len(latinHabits))]
		if !strings.Contains(text, habit.from+habit.from) {
			text = strings.Replace(text, habit.from, habit.to, 1)
		}
	}
	return search.Query{Text: text}, text != ""
}
