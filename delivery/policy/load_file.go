package policy

import (
	"errors"
	"io/fs"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"sanad/delivery/registry"
	"sanad/platform/fault"
)

// maximumFile bounds a programme file; no law needs a megabyte.
const maximumFile = 1 << 20

// Open reads and checks one programme file. Where something is wrong it returns
// the fault "policy.programme_refused" with all that was found; see Check for
// the places.
func Open(pack fs.FS, name string) (*Programme, error) {
	body, err := fs.ReadFile(pack, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.NotFound("policy.no_programme", "programme", name)
	}
	if err != nil {
		return nil, err
	}
	if err := Declare(pack); err != nil {
		return nil, err
	}
	return parse(name, string(body))
}

// Folder is where a country pack keeps its programmes.
const Folder = "programmes"

// Named opens a country pack's programme by its id; the fault
// "policy.no_programme" names one that is not there.
func Named(pack fs.FS, programme string) (*Programme, error) {
	if !identifies(programme) {
		return nil, fault.NotFound("policy.no_programme", "programme", programme)
	}
	return Open(pack, Folder+"/"+programme+".yaml")
}

// parse reads a programme by the facts that this process knows.
func parse(name, body string) (*Programme, error) {
	p, findings := read(name, body, readableFacts(registry.All()))
	if len(findings) == 0 {
		return p, nil
	}
	return nil, refused("policy.programme_refused", name, findings)
}

// refused is one fault for everything that is wrong with a file.
func refused(key, file string, findings []Finding) error {
	var all fault.List
	for _, f := range findings {
		all.Add("", f.Err)
	}
	return fault.Invalid(key, "file", file, "count", len(findings), "first", findings[0].Err).Because(all.Err())
}

// document reads the YAML of a file; what cannot be read is a finding.
func (s *scanner) document(body string) (*yaml.Node, bool) {
	var document yaml.Node
	if len(body) > maximumFile {
		s.refuse(&yaml.Node{Line: 1, Column: 1}, "policy.file_too_long", "limit", maximumFile)
		return nil, false
	}
	if err := yaml.Unmarshal([]byte(body), &document); err != nil || len(document.Content) == 0 {
		line, reason := yamlPlace(err)
		s.refuse(&yaml.Node{Line: line, Column: 1}, "policy.not_yaml", "reason", reason)
		return nil, false
	}
	return document.Content[0], true
}

// read gathers everything that is wrong with a file; the programme is good only
// where nothing is.
func read(name, body string, facts *readable) (*Programme, []Finding) {
	s := &scanner{file: name, facts: facts}
	document, readable := s.document(body)
	if !readable {
		return nil, s.findings
	}
	p := &Programme{text: body, facts: facts}
	s.programme(p, document)
	if len(s.findings) == 0 {
		c := compiler{scanner: s, programme: p, nodes: s.formulas}
		c.programmeFormulas()
	}
	if len(s.findings) == 0 {
		if err := p.seal(); err != nil {
			s.refuse(document, "policy.not_yaml", "reason", err.Error())
		}
	}
	return p, s.findings
}

// yamlPlace takes the line out of the YAML library's message.
func yamlPlace(err error) (line int, reason string) {
	if err == nil {
		return 1, ""
	}
	reason = strings.TrimPrefix(err.Error(), "yaml: ")
	if rest, ok := strings.CutPrefix(reason, "line "); ok {
		number, words, _ := strings.Cut(rest, ": ")
		if n, err := strconv.Atoi(number); err == nil {
			return n, words
		}
	}
	return 1, reason
}
