package policy

import (
	"errors"
	"io/fs"
	"slices"
	"strconv"

	"go.yaml.in/yaml/v3"

	"sanad/delivery/registry"
	"sanad/platform/text"
)

// FactsFile is where a country pack declares what it knows beside the core.
const FactsFile = "facts.yaml"

// Facts reads the facts that a country pack declares, and everything that is
// wrong with the file; a pack without one declares none. registry.Declare makes
// them known to the process.
func Facts(pack fs.FS) ([]registry.Definition, []Finding) {
	body, err := fs.ReadFile(pack, FactsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, []Finding{{File: FactsFile, Err: err}}
	}
	s := &scanner{file: FactsFile}
	document, readable := s.document(string(body))
	if !readable {
		return nil, s.findings
	}
	return s.declarations(document), s.findings
}

func (s *scanner) declarations(document *yaml.Node) (declared []registry.Definition) {
	for _, item := range s.mapping(document, "facts!").items("facts") {
		d := s.declaration(item)
		if s.plain {
			s.plainNumber(&d, len(declared))
		}
		s.declaredOnce(item, declared, &d)
		declared = append(declared, d)
	}
	return declared
}

// declarationKeys are the keys of a fact; a pack that only computes keeps no
// sheets, and needs no number, no name and no source.
func (s *scanner) declarationKeys() []string {
	if s.plain {
		return []string{"fact!", "of!", "type!", "labels", "silent", "default", "number", "name", "unit", "source", "asked", "headings", "ahead"}
	}
	return []string{"fact!", "number!", "of!", "type!", "labels", "name!", "unit", "source!", "silent", "asked", "headings", "ahead"}
}

// plainNumber gives a fact the number that its place in the file has.
func (s *scanner) plainNumber(d *registry.Definition, place int) {
	d.Number = registry.FirstDeclared + place
	if core := registry.Core(d.Name); core != nil {
		d.Number = core.Number
	}
}

// Declare reads a country pack's facts and makes them known to this process.
// What is wrong with the file is the fault "policy.facts_refused", with the
// first finding.
func Declare(pack fs.FS) error {
	declared, findings := Facts(pack)
	if len(findings) > 0 {
		return refused("policy.facts_refused", FactsFile, findings)
	}
	return registry.Declare(declared)
}

var factTypes = map[string]registry.Type{"money": registry.TypeMoney, "integer": registry.TypeNumber, "fixed": registry.TypeFixed,
	"truth": registry.TypeTruth, "date": registry.TypeDate, "label": registry.TypeCode, "text": registry.TypeText}

func (s *scanner) declaration(n *yaml.Node) registry.Definition {
	f := s.mapping(n, s.declarationKeys()...)
	d := registry.Definition{Name: registry.Name(f.identifier("fact")), Title: f.both("name"), Household: f.oneOf("of", "member", "household") == "household",
		Type: factTypes[f.oneOf("type", "money", "integer", "fixed", "truth", "date", "label", "text")], Unit: f.both("unit"), Origin: f.both("source"),
		Silent: f.yes("silent"), Future: f.yes("ahead"), Asked: f.identifier("asked"), Headings: f.words("headings")}
	if number := f.byName["number"]; number != nil {
		d.Number = int(s.figure(number))
	}
	s.labels(f, &d)
	if f.has("default") {
		s.defaults[string(d.Name)] = f.word("default")
	}
	if core := registry.Core(d.Name); core != nil {
		s.coreLabels(f, &d, core)
		return d
	}
	if f.has("number") && (d.Number < registry.FirstDeclared || d.Number > registry.LastDeclared) {
		s.refuse(f.byName["number"], "policy.fact_number", "first", strconv.Itoa(registry.FirstDeclared), "last", strconv.Itoa(registry.LastDeclared))
	}
	return d
}

// coreLabels lets a pack give the labels of a core fact that is kept as a word,
// so that rules can ask about it; nothing else of the core is the pack's.
func (s *scanner) coreLabels(f fields, d *registry.Definition, core *registry.Definition) {
	if s.plain && core.Type == d.Type && d.Household == core.Household {
		return // the words of a calculation's own people: parent, child
	}
	if s.plain {
		d.Number = core.Number
	}
	if core.Type != registry.TypeText || d.Type != registry.TypeCode || d.Number != core.Number || d.Household != core.Household {
		s.refuse(f.byName["fact"], "policy.fact_of_the_core", "number", strconv.Itoa(core.Number))
	}
	d.Type = core.Type
}

func (s *scanner) labels(f fields, d *registry.Definition) {
	if d.Type == registry.TypeCode != f.has("labels") {
		s.refuse(f.node, "policy.fact_labels")
		return
	}
	if n := f.byName["labels"]; s.plain && n != nil && n.Kind == yaml.SequenceNode {
		d.Codes = f.words("labels")
		return
	}
	for _, entry := range f.pairs("labels") {
		if !identifies(entry.key.Value) {
			s.refuse(entry.key, "policy.not_an_id")
		}
		if s.plain && entry.value.Kind != yaml.MappingNode {
			entry.value = &yaml.Node{Kind: yaml.MappingNode}
		}
		l := s.mapping(entry.value, s.labelKeys()...)
		d.Codes = append(d.Codes, entry.key.Value)
		d.Labels = append(d.Labels, text.Bilingual{Arabic: l.word("ar"), English: l.word("en")})
		d.Words = append(d.Words, l.words("words"))
	}
}

func (s *scanner) labelKeys() []string {
	if s.plain {
		return []string{"ar", "en", "words"}
	}
	return []string{"ar!", "en!", "words"}
}

// declaredOnce refuses a name or a number that an earlier entry has.
func (s *scanner) declaredOnce(n *yaml.Node, before []registry.Definition, d *registry.Definition) {
	for i := range before {
		if before[i].Name == d.Name || before[i].Number == d.Number {
			s.refuse(n, "policy.fact_twice", "fact", string(d.Name), "other", string(before[i].Name))
		}
	}
}

// yes reads yes or no; nothing is no.
func (f fields) yes(key string) bool {
	if f.byName[key] == nil {
		return false
	}
	return f.oneOf(key, "yes", "no") == "yes"
}

// words reads a list of plain texts.
func (f fields) words(key string) []string {
	var list []string
	for _, n := range f.items(key) {
		if n.Kind != yaml.ScalarNode || n.Value == "" {
			f.scanner.refuse(n, "policy.not_a_word", "key", key)
			continue
		}
		list = append(list, n.Value)
	}
	return slices.Clip(list)
}
