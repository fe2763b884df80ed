package text

import (
	"reflect"
	"strings"
)

// The plural categories of Unicode CLDR. A sentence without forms is "other".
const (
	pluralZero = iota
	pluralOne
	pluralTwo
	pluralFew
	pluralMany
	pluralOther
)

var pluralNames = [...]string{"zero", "one", "two", "few", "many", "other"}

// entry is a message: its sentence per plural category, nil where it has none.
type entry [len(pluralNames)]message

// choose picks the plural form for the argument "count". A form that the
// catalogue lacks falls back to "other".
func (e entry) choose(language Language, args []any) message {
	count, given := magnitudeOf(argument(args, "count"))
	if given {
		if m := e[plural(language, count)]; m != nil {
			return m
		}
	}
	return e[pluralOther]
}

// plural is CLDR's cardinal rule for whole numbers. Arabic: 0, 1, 2 have forms
// of their own; few ends in 3 to 10, many in 11 to 99, of each hundred.
func plural(language Language, count uint64) int {
	if language == English {
		if count == 1 {
			return pluralOne
		}
		return pluralOther
	}
	switch last := count % 100; {
	case count <= 2:
		return int(count)
	case last >= 3 && last <= 10:
		return pluralFew
	case last >= 11:
		return pluralMany
	}
	return pluralOther
}

// message is a sentence cut at its placeholders: words, name, words, name, words.
type message []string

// compile cuts a sentence. An opening brace without its closing one is a word.
func compile(sentence string) message {
	var m message
	for {
		before, rest, found := strings.Cut(sentence, "{")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			return append(m, sentence)
		}
		m = append(m, before, name)
		sentence = after
	}
}

// fill puts the arguments into their places.
func (m message) fill(language Language, args []any) string {
	if len(m) == 1 {
		return m[0]
	}
	var b strings.Builder
	for i, piece := range m {
		if i%2 == 0 {
			b.WriteString(piece)
			continue
		}
		if value := argument(args, piece); value != nil {
			b.WriteString(Value(language, value))
		} else {
			b.WriteString("⟦" + piece + "⟧")
		}
	}
	return b.String()
}

// argument returns the value of a name among name-value pairs, nil if absent.
func argument(args []any, name string) any {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1]
		}
	}
	return nil
}

// magnitudeOf returns a whole number without its sign, for the plural rule.
func magnitudeOf(value any) (uint64, bool) {
	if value == nil {
		return 0, false
	}
	v := reflect.ValueOf(value)
	switch {
	case v.CanInt():
		if n := v.Int(); n < 0 {
			return -uint64(n), true
		}
		return uint64(v.Int()), true
	case v.CanUint():
		return v.Uint(), true
	}
	return 0, false
}
