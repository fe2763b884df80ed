package linkage

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sanad/platform/fault"
)

// Model says what of the records is compared, how pairs are found, and from
// which probability on they are taken for one person. docs/linkage.md documents
// its file.
type Model struct {
	Name       string     `yaml:"model"`
	Fields     []Field    `yaml:"fields"`
	Swapped    [][]string `yaml:"swapped"`    // pairs of fields that are written in each other's place
	Apart      []string   `yaml:"apart"`      // columns; records that share them are a household: mostly different persons
	Blocking   Blocking   `yaml:"blocking"`   // which pairs are looked at
	Decide     Decide     `yaml:"decide"`     // from when on a pair is same, or possible
	OneToOne   bool       `yaml:"one_to_one"` // of two files: no record has two partners
	Contradict []string   `yaml:"contradict"` // fields whose plain difference forbids that a pair is the same
	Chains     *bool      `yaml:"chains"`     // what two same pairs join is same; yes where not said
	Seed       uint64     `yaml:"seed"`       // of the pairs that are drawn at random
	digest     string
}

// Field is one thing that is compared.
type Field struct {
	Field     string `yaml:"field"`     // how the model and the report call it
	Column    string `yaml:"column"`    // heading of its column; the field's name where not said
	Compare   string `yaml:"compare"`   // exact, text, name, full_name, date, number, identifier, phone, set
	Frequency *bool  `yaml:"frequency"` // whether a rare value weighs more; by default as the comparison has it
}

// Blocking is how pairs are found: all of them, or those that agree in a key.
type Blocking struct {
	All     bool       // every pair
	Keys    [][]string // each a list of terms: field, or field.transform
	Largest int        // a key's groups beyond this size are passed over; 0 is the default
}

// UnmarshalYAML reads auto, all, or keys.
func (b *Blocking) UnmarshalYAML(node *yaml.Node) error {
	if node.Kind == yaml.ScalarNode {
		switch node.Value {
		case "all":
			b.All = true
			return nil
		case "auto":
			return nil
		}
		return fmt.Errorf("line %d: blocking is auto, all, or a list of keys", node.Line)
	}
	if node.Kind == yaml.SequenceNode {
		return node.Decode(&b.Keys)
	}
	var long struct {
		Keys    [][]string `yaml:"keys"`
		Largest int        `yaml:"largest"`
	}
	err := node.Decode(&long)
	b.Keys, b.Largest = long.Keys, long.Largest
	return err
}

// Decide holds the thresholds in millionths. With a rate of false merges the
// first is found so that the expected share of wrong pairs among those called
// same stays below it.
type Decide struct {
	Same        Millionths `yaml:"same"`
	Possible    Millionths `yaml:"possible"`
	FalseMerges Millionths `yaml:"false_merges"`
}

// Millionths is a share, written as a decimal fraction in a model: 0.95.
type Millionths int64

// UnmarshalYAML reads a decimal fraction from 0 to 1 without rounding it.
func (m *Millionths) UnmarshalYAML(node *yaml.Node) error {
	whole, fraction, _ := strings.Cut(node.Value, ".")
	digits := (fraction + "000000")[:max(6, len(fraction))]
	if len(fraction) > 6 || (whole != "0" && whole != "1") || strings.Trim(digits, "0123456789") != "" {
		return fmt.Errorf("line %d: %q is no share from 0 to 1 with six decimals at most", node.Line, node.Value)
	}
	value := int64(whole[0]-'0') * 1_000_000
	scale := int64(100_000)
	for _, d := range digits {
		value += int64(d-'0') * scale
		scale /= 10
	}
	if value > 1_000_000 {
		return fmt.Errorf("line %d: %q is more than 1", node.Line, node.Value)
	}
	*m = Millionths(value)
	return nil
}

// The thresholds where a model states none.
const (
	usualSame     Millionths = 900_000
	usualPossible Millionths = 100_000
)

// modelBytes bounds a model's file.
const modelBytes = 1 << 18

// ReadModel reads a model from YAML. Its faults ("matching.model_*") say what is
// wrong and where.
func ReadModel(from io.Reader, name string) (*Model, error) {
	text, err := io.ReadAll(io.LimitReader(from, modelBytes))
	if err != nil {
		return nil, fault.Invalid("matching.model_yaml", "file", name, "problem", err.Error()).Because(err)
	}
	decoder := yaml.NewDecoder(strings.NewReader(string(text)))
	decoder.KnownFields(true)
	var m Model
	if err := decoder.Decode(&m); err != nil {
		return nil, fault.Invalid("matching.model_yaml", "file", name, "problem", err.Error()).Because(err)
	}
	sum := sha256.Sum256(text)
	m.digest = hex.EncodeToString(sum[:8])
	if m.Name == "" {
		m.Name = name
	}
	return &m, m.check(name)
}

func (m *Model) check(file string) error {
	if m.Decide.Possible == 0 {
		m.Decide.Possible = usualPossible
	}
	if m.Decide.Same == 0 && m.Decide.FalseMerges == 0 {
		m.Decide.Same = usualSame
	}
	if len(m.Fields) == 0 {
		return fault.Invalid("matching.model_no_fields", "file", file)
	}
	var problems []error
	for i := range m.Fields {
		problems = append(problems, m.checkField(i, file))
	}
	for _, pair := range m.Swapped {
		problems = append(problems, m.checkSwapped(pair, file))
	}
	for _, name := range m.Contradict {
		if m.field(name) == nil || m.field(name).Compare == fullName {
			problems = append(problems, fault.Invalid("matching.model_contradict", "file", file, "field", name))
		}
	}
	for _, key := range m.Blocking.Keys {
		for _, term := range key {
			problems = append(problems, m.checkTerm(term, file))
		}
	}
	return errors.Join(problems...)
}

func (m *Model) checkField(i int, file string) error {
	f := &m.Fields[i]
	if f.Column == "" {
		f.Column = f.Field
	}
	if f.Compare == "" {
		f.Compare = "text"
	}
	if kinds[f.Compare] == nil && f.Compare != fullName {
		return fault.Invalid("matching.model_compare", "file", file, "field", f.Field, "compare", f.Compare, "known", strings.Join(compareWords(), ", "))
	}
	if f.Field == "" || slices.ContainsFunc(m.Fields[:i], func(o Field) bool { return o.Field == f.Field }) {
		return fault.Invalid("matching.model_field_twice", "file", file, "field", f.Field)
	}
	return nil
}

func (m *Model) checkSwapped(pair []string, file string) error {
	if len(pair) == 2 {
		a, b := m.field(pair[0]), m.field(pair[1])
		if a != nil && b != nil && a != b && a.Compare == b.Compare && kinds[a.Compare] != nil {
			return nil
		}
	}
	return fault.Invalid("matching.model_swapped", "file", file, "fields", strings.Join(pair, ", "))
}

func (m *Model) checkTerm(term, file string) error {
	if _, _, err := m.term(term); err != nil {
		return fault.Invalid("matching.model_key", "file", file, "term", term).Because(err)
	}
	return nil
}

func (m *Model) field(name string) *Field {
	for i := range m.Fields {
		if m.Fields[i].Field == name {
			return &m.Fields[i]
		}
	}
	return nil
}

func (m *Model) chains() bool { return m.Chains == nil || *m.Chains }
