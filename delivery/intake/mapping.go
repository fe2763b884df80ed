package intake

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"sanad/platform/fault"
	"sanad/platform/text"
)

// Meaning names what a column is about, in the country pack and in reports.
type Meaning string

// The meanings that a household list can have.
const (
	FileNumber         Meaning = "file_number"
	Branch             Meaning = "branch"
	Municipality       Meaning = "municipality"
	Mahalla            Meaning = "mahalla"
	Role               Meaning = "role"
	Name               Meaning = "name"
	MotherName         Meaning = "mother_name"
	NationalNumber     Meaning = "national_number"
	RegistrationNumber Meaning = "registration_number"
	Birth              Meaning = "birth"
	Sex                Meaning = "sex"
	MaritalStatus      Meaning = "marital_status"
	Nationality        Meaning = "nationality"
	Job                Meaning = "job"
	HasSalary          Meaning = "has_salary"
	Income             Meaning = "income"
	Disability         Meaning = "disability"
	Phone              Meaning = "phone"
	IBAN               Meaning = "iban"
	Housing            Meaning = "housing"
	Displacement       Meaning = "displacement"
	AbroadSince        Meaning = "abroad_since"
	Death              Meaning = "death"
	Notes              Meaning = "notes"
)

// Meanings lists them all, in the order of the list that branches keep.
var Meanings = []Meaning{
	FileNumber, Branch, Municipality, Mahalla, Role, Name, MotherName, NationalNumber,
	RegistrationNumber, Birth, Sex, MaritalStatus, Nationality, Job, HasSalary, Income,
	Disability, Phone, IBAN, Housing, Displacement, AbroadSince, Death, Notes,
}

// Term is one thing that a word in a column can mean.
type Term struct {
	Code     string   `yaml:"code"`
	Head     bool     `yaml:"head"`     // of a role: the head of the household's file
	Sex      string   `yaml:"sex"`      // of a role: "male", "female", or nothing
	Country  string   `yaml:"country"`  // of a nationality: ISO 3166 alpha-2
	Salaried string   `yaml:"salaried"` // of work: "yes", "no", or nothing
	Words    []string `yaml:"words"`
}

// Column is what a mapping says about one meaning.
type Column struct {
	Meaning  Meaning
	Required bool
	Name     text.Bilingual
}

// Mapping says what the columns and words of one kind of list mean. It is
// content of the country, made by LoadMapping, and safe to share.
type Mapping struct {
	Layout  string
	Name    text.Bilingual
	Columns map[Meaning]Column

	headings map[string]Meaning          // by folded heading
	terms    map[Meaning]map[string]Term // by word as written, and folded
	nothing  map[string]bool             // folded words for "nothing"
	joined   map[Meaning]map[string]Term // by folded word without blanks, where that is one word only
	parts    map[string]int              // folded headings of the parts of a name behind the own one, by place
	totals   map[string]bool             // folded words that begin a line of totals
	begins   map[rune]bool               // the first letters of those words
	source   string
}

// mappingFile is the YAML of a mapping; nodes keep their lines.
type mappingFile struct {
	Layout  string               `yaml:"layout"`
	Name    text.Bilingual       `yaml:"name"`
	Nothing []string             `yaml:"nothing"`
	Totals  []string             `yaml:"totals"`
	Parts   [][]string           `yaml:"name_parts"`
	Columns map[string]yaml.Node `yaml:"columns"`
	Values  map[string]yaml.Node `yaml:"values"`
}

// mappingBytes bounds a mapping's file; the longest we know has 15 kB.
const mappingBytes = 1 << 20

// LoadMapping reads a mapping of a country pack, such as
// "intake/household-list.yaml". Its faults ("intake.mapping_*") name file and
// line: an unknown meaning or key, a heading or a word that means two things, a
// vocabulary for a column of free text.
func LoadMapping(pack fs.FS, path string) (*Mapping, error) {
	file, err := pack.Open(path)
	if err != nil {
		return nil, fault.NotFound("intake.mapping_missing", "file", path).Because(err)
	}
	defer file.Close() //nolint:errcheck // only read
	decoder := yaml.NewDecoder(io.LimitReader(file, mappingBytes))
	decoder.KnownFields(true)
	var read mappingFile
	if err := decoder.Decode(&read); err != nil {
		return nil, fault.Invalid("intake.mapping_yaml", "file", path, "problem", problem(err)).Because(err)
	}
	m := &Mapping{
		Layout: read.Layout, Name: read.Name, source: path,
		Columns: map[Meaning]Column{}, headings: map[string]Meaning{},
		terms: map[Meaning]map[string]Term{}, joined: map[Meaning]map[string]Term{}, nothing: map[string]bool{"": true}, begins: map[rune]bool{}, totals: map[string]bool{}, parts: map[string]int{},
	}
	for place, headings := range read.Parts {
		for _, heading := range headings {
			m.parts[fold(heading)] = place
		}
	}
	for _, word := range read.Totals {
		m.totals[fold(word)] = true
	}
	for _, word := range read.Nothing {
		folded := fold(word)
		first, _ := utf8.DecodeRuneInString(folded)
		m.nothing[folded], m.begins[first] = true, true
	}
	return m, errors.Join(m.addColumns(read.Columns), m.addValues(read.Values))
}

// problem is the first line of a YAML error, which names the line of the file.
func problem(err error) string {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	message = strings.TrimPrefix(message, "unmarshal errors:\n  ")
	first, _, _ := strings.Cut(message, "\n")
	return first
}

func (m *Mapping) addColumns(columns map[string]yaml.Node) error {
	for _, meaning := range Meanings {
		node, given := columns[string(meaning)]
		if !given {
			continue
		}
		var column struct {
			Required bool           `yaml:"required"`
			Name     text.Bilingual `yaml:"name"`
			Headings []string       `yaml:"headings"`
		}
		if err := node.Decode(&column); err != nil {
			return m.wrong("intake.mapping_yaml", node.Line, "problem", problem(err))
		}
		m.Columns[meaning] = Column{Meaning: meaning, Required: column.Required, Name: column.Name}
		for _, heading := range column.Headings {
			folded := fold(heading)
			if other, taken := m.headings[folded]; taken && other != meaning {
				return m.wrong("intake.mapping_heading", node.Line, "heading", heading, "one", other, "other", meaning)
			}
			m.headings[folded] = meaning
		}
	}
	return m.unknownMeaning(columns)
}

func (m *Mapping) unknownMeaning(nodes map[string]yaml.Node) error {
	for name, node := range nodes {
		if !slices.Contains(Meanings, Meaning(name)) {
			return m.wrong("intake.mapping_meaning", node.Line, "meaning", name)
		}
	}
	return nil
}

// worded are the columns whose words have a vocabulary.
var worded = []Meaning{Role, Sex, MaritalStatus, Nationality, Job, HasSalary, Disability, Housing, Displacement}

func (m *Mapping) addValues(values map[string]yaml.Node) error {
	for name, node := range values {
		if !slices.Contains(worded, Meaning(name)) {
			return m.wrong("intake.mapping_vocabulary", node.Line, "meaning", name)
		}
		words := map[string]Term{}
		for _, item := range node.Content {
			if err := m.addTerm(words, item); err != nil {
				return err
			}
		}
		m.terms[Meaning(name)], m.joined[Meaning(name)] = words, joined(words)
	}
	return nil
}

// joined are the words without their blanks, but for those that would mean two
// things.
func joined(words map[string]Term) map[string]Term {
	found, twofold := map[string]Term{}, map[string]bool{}
	for word, term := range words {
		bare := strings.ReplaceAll(fold(word), " ", "")
		other, taken := found[bare]
		twofold[bare] = twofold[bare] || taken && (other.Code != term.Code || other.Sex != term.Sex || other.Head != term.Head)
		found[bare] = term
	}
	maps.DeleteFunc(found, func(word string, _ Term) bool { return twofold[word] })
	return found
}

func (m *Mapping) addTerm(words map[string]Term, item *yaml.Node) error {
	var term Term
	if err := item.Decode(&term); err != nil {
		return m.wrong("intake.mapping_yaml", item.Line, "problem", problem(err))
	}
	if term.Code == "" || len(term.Words) == 0 {
		return m.wrong("intake.mapping_term", item.Line)
	}
	own := map[string]bool{}
	for _, word := range term.Words {
		folded := fold(word)
		if other, taken := words[folded]; taken && !own[folded] {
			return m.wrong("intake.mapping_word", item.Line, "word", word, "one", other.Code, "other", term.Code)
		}
		own[folded] = true
		term.Words = nil
		words[folded], words[word] = term, term
	}
	return nil
}

// wrong is a fault about one line of the mapping's file.
func (m *Mapping) wrong(key string, line int, args ...any) error {
	return fault.Invalid(key, append([]any{"file", m.source, "line", line}, args...)...)
}

// term finds what a word of a column means.
func (m *Mapping) term(meaning Meaning, word string) (Term, bool) {
	words := m.terms[meaning]
	if term, ok := words[word]; ok {
		return term, true
	}
	folded := fold(word)
	term, ok := words[folded]
	if !ok && strings.Contains(folded, " ") || !ok && len(folded) >= shortestJoined {
		term, ok = m.joined[meaning][strings.ReplaceAll(folded, " ", "")]
	}
	return term, ok
}

// shortestJoined is how long, in bytes, words must be to be known without their
// blanks (غيرمحدد).
const shortestJoined = 10

// longestNothing is a bound, in bytes, on words that mean nothing.
const longestNothing = 40

// isNothing reports a cell in which there is only a word or mark for nothing.
// Nearly every cell is something, and shows it by its first letter.
func (m *Mapping) isNothing(tidied string) bool {
	first, _ := utf8.DecodeRuneInString(tidied)
	if first < 0x80 {
		first = unicode.ToLower(first)
	}
	letter := plainArabic(first) || unicode.IsLetter(first) || unicode.IsDigit(first)
	if len(tidied) > longestNothing || letter && !m.begins[first] {
		return false
	}
	return m.nothing[fold(tidied)]
}
