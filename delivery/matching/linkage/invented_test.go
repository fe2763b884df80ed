package linkage

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The public FEBRL sets are lists of invented Australians with typing errors,
// swapped, replaced and missing values. These sets are drawn anew with the same
// columns and the same kinds of error; nobody in them was read from anywhere.

// invented is one row: the person it is of, and its values.
type invented struct {
	person int
	values []string
}

var inventedFields = []string{"given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode", "state", "date_of_birth"}

// words draws so many invented words of two to four syllables, common ones first.
type words []string

func newWords(chance *rand.Rand, count int, endings ...string) words {
	const consonants, vowels = "bcdfghjklmnprstvwz", "aeiou"
	seen := map[string]bool{}
	var list words
	for len(list) < count {
		var b strings.Builder
		for range 2 + chance.IntN(3) {
			b.WriteByte(consonants[chance.IntN(len(consonants))])
			b.WriteByte(vowels[chance.IntN(len(vowels))])
		}
		if chance.IntN(2) == 0 {
			b.WriteByte(consonants[chance.IntN(len(consonants))])
		}
		word := b.String()
		if len(endings) > 0 {
			word += " " + endings[chance.IntN(len(endings))]
		}
		if !seen[word] {
			seen[word] = true
			list = append(list, word)
		}
	}
	return list
}

// one draws the first words oftener, roughly as names are distributed.
func (w words) one(chance *rand.Rand) string {
	u := chance.Float64()
	return w[int(float64(len(w))*u*u)]
}

type inventor struct {
	chance *rand.Rand
	lists  map[string]words
}

func newInventor(seed uint64) *inventor {
	c := rand.New(rand.NewPCG(seed, 99))
	return &inventor{c, map[string]words{
		"given_name": newWords(c, 500), "surname": newWords(c, 2000), "address_1": newWords(c, 2500, "street", "place", "crescent", "circuit", "court"),
		"address_2": newWords(c, 3000, "vlge", "park", "estate", "farm", "", "centre"), "suburb": newWords(c, 1200, "", "", "north", "hills"),
	}}
}

func (v *inventor) value(field string) string {
	c := v.chance
	switch field {
	case "street_number":
		return strconv.Itoa(1 + int(300*c.Float64()*c.Float64()*c.Float64()))
	case "postcode":
		return strconv.Itoa(2000 + int(5300*c.Float64()*c.Float64()))
	case "state":
		return []string{"nsw", "nsw", "nsw", "vic", "vic", "qld", "qld", "wa", "sa", "tas", "act", "nt"}[c.IntN(12)]
	case "date_of_birth":
		return fmt.Sprintf("%04d%02d%02d", 1900+c.IntN(100), 1+c.IntN(12), 1+c.IntN(28))
	}
	return v.lists[field].one(c)
}

func (v *inventor) original(person int) invented {
	missing := map[string]float64{"given_name": 0.06, "surname": 0.02, "street_number": 0.05, "address_1": 0.02, "address_2": 0.12, "suburb": 0.01, "state": 0.02, "date_of_birth": 0.04}
	row := invented{person, make([]string, len(inventedFields))}
	for i, field := range inventedFields {
		if v.chance.Float64() >= missing[field] {
			row.values[i] = v.value(field)
		}
	}
	return row
}

// duplicate changes up to so many values of a row, each up to twice.
func (v *inventor) duplicate(of invented, most int) invented {
	row := invented{of.person, slices.Clone(of.values)}
	for range 1 + v.chance.IntN(most) {
		field := v.chance.IntN(len(inventedFields))
		switch kind := v.chance.IntN(100); {
		case kind < 6:
			row.values[field] = ""
		case kind < 14:
			row.values[field] = v.value(inventedFields[field])
		case kind < 17:
			row.values[0], row.values[1] = row.values[1], row.values[0]
		case kind < 20:
			row.values[3], row.values[4] = row.values[4], row.values[3]
		default:
			row.values[field] = v.slip(row.values[field])
			if v.chance.IntN(3) == 0 {
				row.values[field] = v.slip(row.values[field])
			}
		}
	}
	return row
}

// slip makes one typing error.
func (v *inventor) slip(value string) string {
	if value == "" {
		return value
	}
	letters := []byte(value)
	at := v.chance.IntN(len(letters))
	other := byte('a' + v.chance.IntN(26))
	if letters[at] >= '0' && letters[at] <= '9' {
		other = byte('0' + v.chance.IntN(10))
	}
	switch v.chance.IntN(5) {
	case 0:
		letters[at] = other
	case 1:
		letters = slices.Insert(letters, at, other)
	case 2:
		letters = slices.Delete(letters, at, at+1)
	case 3:
		if at > 0 {
			letters[at-1], letters[at] = letters[at], letters[at-1]
		}
	case 4:
		if letters[0] > '9' {
			letters = slices.Insert(letters, at, ' ')
		} else {
			letters[at] = other
		}
	}
	return string(letters)
}

// set draws originals, and duplicates of which one original has up to so many.
func (v *inventor) set(originals, duplicates, each, most int) (first, second []invented) {
	for person := range originals {
		first = append(first, v.original(person))
	}
	many := make([]int, originals)
	for len(second) < duplicates {
		person := len(second) % originals
		if each > 1 {
			person = int(float64(originals) * v.chance.Float64() * v.chance.Float64())
		}
		if many[person] < each {
			many[person]++
			second = append(second, v.duplicate(first[person], most))
		}
	}
	return first, second
}

const inventedModel = `
model: invented people
fields:
  - {field: given_name}
  - {field: surname}
  - {field: street_number, compare: number}
  - {field: address_1}
  - {field: address_2}
  - {field: suburb}
  - {field: postcode, compare: number}
  - {field: state}
  - {field: date_of_birth, compare: date}
swapped:
  - [given_name, surname]
  - [address_1, address_2]
`

// measure is how right a set of pairs is.
type measure struct{ wanted, found, wrong int }

func (m measure) f1() float64 {
	return 2 * float64(m.found) / float64(m.wanted+m.found+m.wrong)
}

func linkInvented(t testing.TB, model string, first, second []invented, two bool) (measure, Result, *Engine) {
	t.Helper()
	m, err := ReadModel(strings.NewReader(model), "model")
	if err != nil {
		t.Fatal(err)
	}
	e, err := New(m)
	if err != nil {
		t.Fatal(err)
	}
	rows := slices.Concat(first, second)
	if !two {
		rand.New(rand.NewPCG(1, 1)).Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
	}
	for i, r := range rows {
		if two && i == len(first) {
			e.SecondFile()
		}
		e.Add(r.values, "")
	}
	result := e.Link()
	var score measure
	many := map[int]int{}
	for i, r := range rows {
		if two && i < len(first) {
			continue
		}
		if two {
			score.wanted++
		} else {
			score.wanted += many[r.person]
		}
		many[r.person]++
	}
	for _, p := range result.Pairs {
		switch {
		case !p.Same:
		case rows[p.A].person == rows[p.B].person:
			score.found++
		default:
			score.wrong++
		}
	}
	return score, result, e
}
