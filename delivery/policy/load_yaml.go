package policy

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
	"sanad/platform/text"
)

// Finding is one thing that is wrong in a programme file: where, and a fault
// whose sentence names the place and says what to write instead.
type Finding struct {
	File   string
	Line   int // from 1; 0 for the file as a whole
	Column int // in characters, from 1
	Err    error
}

// scanner walks over a file and gathers everything that is wrong with it, so
// that an author mends it in one go.
type scanner struct {
	file     string
	facts    *readable
	formulas []*yaml.Node // in the order of reading
	plain    bool         // a calculation: names and legal bases may be left out
	defaults map[string]string
	findings []Finding
}

// refuse notes what is wrong at a place. Every sentence may name {place} and
// {text}, the words that stand there.
func (s *scanner) refuse(n *yaml.Node, key string, args ...any) {
	place := fmt.Sprintf("%s:%d:%d", s.file, n.Line, n.Column)
	args = append([]any{"place", place, "text", excerpt(n.Value)}, args...)
	s.findings = append(s.findings, Finding{File: s.file, Line: n.Line, Column: n.Column, Err: fault.Invalid(key, args...)})
}

const excerptLength = 60

func excerpt(words string) string {
	letters := []rune(words)
	if len(letters) > excerptLength {
		return string(letters[:excerptLength]) + "…"
	}
	return words
}

// fields are the entries of a mapping that a reader asked for by name.
type fields struct {
	scanner *scanner
	node    *yaml.Node
	byName  map[string]*yaml.Node
}

// mapping reads a mapping with these keys; a key ending in ! must be there. An
// unknown key is refused with the nearest known one.
func (s *scanner) mapping(n *yaml.Node, keys ...string) fields {
	f := fields{scanner: s, node: n, byName: map[string]*yaml.Node{}}
	if n.Kind != yaml.MappingNode {
		s.refuse(n, "policy.not_a_mapping", "keys", plainKeys(keys))
		return f
	}
	known := plainKeys(keys)
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		switch {
		case !slices.Contains(known, key.Value):
			s.refuse(key, "policy.unknown_key", "nearest", nearest(key.Value, known), "keys", known)
		case f.byName[key.Value] != nil:
			s.refuse(key, "policy.key_twice")
		default:
			f.byName[key.Value] = value
		}
	}
	for _, key := range keys {
		if name, must := strings.CutSuffix(key, "!"); must && f.byName[name] == nil {
			s.refuse(n, "policy.key_missing", "key", name)
		}
	}
	return f
}

func plainKeys(keys []string) []string {
	plain := make([]string, len(keys))
	for i, key := range keys {
		plain[i] = strings.TrimSuffix(key, "!")
	}
	return plain
}

// nearest is the known word with the fewest letters changed.
func nearest(word string, known []string) string {
	if len(word) > excerptLength {
		word = word[:excerptLength]
	}
	best, least := "", len(word)+1
	for _, k := range known {
		if d := changes(word, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// changes counts the letters to add, drop or replace (Levenshtein).
func changes(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// has reports whether a key is there and not null.
func (f fields) has(key string) bool {
	n := f.byName[key]
	return n != nil && n.Tag != "!!null"
}

// word reads a plain text.
func (f fields) word(key string) string {
	n := f.byName[key]
	if n == nil {
		return ""
	}
	if n.Kind != yaml.ScalarNode || strings.TrimSpace(n.Value) == "" || n.Tag == "!!null" {
		f.scanner.refuse(n, "policy.not_a_word", "key", key)
		return ""
	}
	return n.Value
}

// identifier reads a name of lower-case letters, digits, dashes and underscores.
func (f fields) identifier(key string) string {
	word := f.word(key)
	if word != "" && !identifies(word) {
		f.scanner.refuse(f.byName[key], "policy.not_an_id")
	}
	return word
}

func identifies(word string) bool {
	for _, r := range word {
		if !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '-' || r == '_') {
			return false
		}
	}
	return word != ""
}

// oneOf reads a word of a closed list.
func (f fields) oneOf(key string, allowed ...string) string {
	word := f.word(key)
	if word != "" && !slices.Contains(allowed, word) {
		f.scanner.refuse(f.byName[key], "policy.not_one_of", "key", key, "allowed", allowed, "nearest", nearest(word, allowed))
	}
	return word
}

// both reads a text in both languages.
func (f fields) both(key string) text.Bilingual {
	n := f.byName[key]
	if n == nil {
		return text.Bilingual{}
	}
	return f.scanner.bilingual(n)
}

func (s *scanner) bilingual(n *yaml.Node) text.Bilingual {
	f := s.mapping(n, "ar!", "en!")
	return text.Bilingual{Arabic: f.word("ar"), English: f.word("en")}
}

// items are the entries of a list.
func (f fields) items(key string) []*yaml.Node {
	n := f.byName[key]
	if n == nil || n.Tag == "!!null" {
		return nil
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.Kind != yaml.SequenceNode {
		f.scanner.refuse(n, "policy.not_a_list", "key", key)
		return nil
	}
	return n.Content
}

// pair is one entry of a mapping whose keys the author chooses.
type pair struct{ key, value *yaml.Node }

func (f fields) pairs(key string) []pair {
	n := f.byName[key]
	if n == nil {
		return nil
	}
	return f.scanner.pairs(n)
}

func (s *scanner) pairs(n *yaml.Node) (list []pair) {
	if n.Kind != yaml.MappingNode {
		s.refuse(n, "policy.not_a_mapping", "keys", []string{"…"})
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		list = append(list, pair{n.Content[i], n.Content[i+1]})
	}
	return list
}

// day reads a date known to the day.
func (s *scanner) day(n *yaml.Node) calendar.Date {
	d, err := calendar.Parse(n.Value)
	if err != nil || d.Precision() != calendar.PrecisionDay {
		s.refuse(n, "policy.not_a_day")
		return calendar.Unknown
	}
	return d
}

// figure reads a whole number.
func (s *scanner) figure(n *yaml.Node) int64 {
	v, err := strconv.ParseInt(n.Value, 10, 64)
	if err != nil || v < 0 {
		s.refuse(n, "policy.not_a_figure")
	}
	return v
}

// amount reads a sum in dinars.
func (s *scanner) amount(n *yaml.Node) money.Amount {
	amount, reading := money.Parse(n.Value)
	if !reading.Exact() || amount < 0 {
		s.refuse(n, "policy.not_an_amount")
	}
	return amount
}
