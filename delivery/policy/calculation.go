package policy

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/rule"
)

// Calculations is where a country pack keeps formulas that are no programme: a
// tax, a score, what-ifs. Such a file has figures and values and nothing else.
const Calculations = "calculations"

// Pack is what can be computed from a country pack without a database: its
// calculations and its programmes, and the facts that they read.
type Pack struct {
	Sets []*Programme // calculations first, each in the order of file names

	facts    *readable
	defaults map[string]string // of facts, as a cell would be written; see Evaluate
}

// OpenPack reads every calculation and programme of a folder: from calculations/
// and programmes/, and files of calculations that lie in the folder itself. Where
// something is wrong it is the fault "policy.programme_refused" with all that was
// found in a file; a folder with nothing to compute is "policy.nothing_to_compute".
func OpenPack(pack fs.FS) (*Pack, error) {
	opened := &Pack{defaults: map[string]string{}}
	definitions, err := opened.declared(pack)
	if err != nil {
		return nil, err
	}
	opened.facts = readableFacts(registry.With(definitions))
	for _, folder := range []string{".", Calculations, Folder} {
		files, err := fs.Glob(pack, path.Join(folder, "*.yaml"))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			if err := opened.add(pack, file); err != nil {
				return nil, err
			}
		}
	}
	if len(opened.Sets) == 0 {
		return nil, fault.NotFound("policy.nothing_to_compute")
	}
	return opened, nil
}

// declared reads the pack's facts, in which names and numbers may be left out
// and a fact may have a default.
func (p *Pack) declared(pack fs.FS) ([]registry.Definition, error) {
	body, err := fs.ReadFile(pack, FactsFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	s := &scanner{file: FactsFile, plain: true, defaults: p.defaults}
	var definitions []registry.Definition
	if document, readable := s.document(string(body)); readable {
		definitions = s.declarations(document)
	}
	if len(s.findings) > 0 {
		return nil, refused("policy.facts_refused", FactsFile, s.findings)
	}
	return definitions, nil
}

// add reads one file; one that is neither a calculation nor a programme is passed
// over where it lies in the folder itself.
func (p *Pack) add(pack fs.FS, file string) error {
	body, err := fs.ReadFile(pack, file)
	if err != nil {
		return err
	}
	s := &scanner{file: file, facts: p.facts}
	document, readable := s.document(string(body))
	var set *Programme
	findings := s.findings
	switch {
	case !readable:
	case begins(document, "programme"):
		set, findings = read(file, string(body), p.facts)
	case begins(document, "calculation") || path.Dir(file) != ".":
		set, findings = readCalculation(file, string(body), p.facts)
	default:
		return nil
	}
	if len(findings) > 0 {
		return refused("policy.programme_refused", file, findings)
	}
	p.Sets = append(p.Sets, set)
	return nil
}

func begins(n *yaml.Node, key string) bool {
	return n.Kind == yaml.MappingNode && slices.ContainsFunc(n.Content, func(c *yaml.Node) bool { return c.Value == key })
}

func (s *scanner) calculation(p *Programme, n *yaml.Node) {
	f := s.mapping(n, "calculation!", "name", "acts", "parameters", "values!")
	p.ID, p.Name = f.identifier("calculation"), f.both("name")
	for _, item := range f.items("acts") {
		p.Acts = append(p.Acts, s.act(item))
	}
	if f.has("parameters") {
		for _, entry := range f.pairs("parameters") {
			s.figureOf(p, entry)
		}
	}
	for _, item := range f.items("values") {
		p.Values = append(p.Values, s.value(item))
	}
	ids := idsOf(p.Values, func(v Value) string { return v.ID })
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			s.refuse(f.byName["values"], "policy.id_twice", "id", id)
		}
	}
}

// output is one column of an evaluation's result.
type output struct {
	name   string
	member bool
	// Of a value its place; of a component, which members may have, the component.
	value     *Value
	component *Component
	set       *Programme
}

// outputs are everything that the pack computes, in the order of its files. A
// name that two files have is written with its file's id before it.
func (p *Pack) outputs() []output {
	var list []output
	seen := map[string]int{}
	for _, set := range p.Sets {
		for i := range set.Values {
			v := &set.Values[i]
			list = append(list, output{name: v.ID, member: v.For == "member", value: v, set: set})
		}
		for i := range set.Components {
			list = append(list, output{name: set.Components[i].ID, member: true, component: &set.Components[i], set: set})
		}
	}
	for _, o := range list {
		seen[o.name]++
	}
	for i := range list {
		if o := &list[i]; seen[o.name] > 1 {
			o.name = o.set.ID + "." + o.name
		}
	}
	return list
}

// on puts a set's figures for a day into a frame.
func (p *Programme) on(day calendar.Date, frame *rule.Frame) error {
	month, known := day.InMonth()
	if !known || day.Precision() != calendar.PrecisionDay {
		return fault.Invalid("policy.not_a_day", "place", "--date", "text", day.String())
	}
	frame.Inputs[0], frame.Inputs[1] = rule.Date(month.First()), rule.Date(month.Last())
	first := month.First()
	if p.plain {
		frame.Inputs[2], first = rule.Date(day), day
	}
	for i := range p.Parameters {
		if frame.Parameters[i] = p.Parameters[i].on(first); !frame.Parameters[i].Known() {
			return fault.Conflict("policy.no_parameter", "parameter", strings.ReplaceAll(p.Parameters[i].ID, "_", " "), "month", day)
		}
	}
	var err error
	frame.Tables, err = p.tablesOn(first)
	return err
}
