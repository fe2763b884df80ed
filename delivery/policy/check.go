package policy

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sanad/delivery/registry"
	"sanad/platform/fault"
)

// Check reads every programme of a country pack, runs their examples and returns
// everything that is wrong, in the order of the files. It is the work of
// `sanad check`; an empty answer means that the pack can be used.
func Check(pack fs.FS) []Finding {
	declared, findings := Facts(pack)
	if len(findings) > 0 {
		return findings
	}
	entries, err := fs.ReadDir(pack, Folder)
	if err != nil {
		return []Finding{{File: Folder, Err: fault.NotFound("policy.no_folder", "folder", Folder).Because(err)}}
	}
	for _, entry := range entries {
		if name := entry.Name(); strings.HasSuffix(name, ".yaml") {
			findings = append(findings, checkFile(pack, Folder+"/"+name, declared)...)
		}
	}
	return findings
}

// CheckFile reads one programme and runs its examples.
func CheckFile(pack fs.FS, name string) []Finding {
	declared, findings := Facts(pack)
	if len(findings) > 0 {
		return findings
	}
	return checkFile(pack, name, declared)
}

func checkFile(pack fs.FS, name string, declared []registry.Definition) []Finding {
	body, err := fs.ReadFile(pack, name)
	if err != nil {
		return []Finding{{File: name, Err: err}}
	}
	p, findings := read(name, string(body), readableFacts(registry.With(declared)))
	if len(findings) > 0 {
		return findings
	}
	findings = append(findings, surroundings(pack, name, p)...)
	for i := range p.Examples {
		e := &p.Examples[i]
		wrong, err := e.run(p)
		if err != nil {
			findings = append(findings, Finding{File: name, Line: e.family.node.Line, Column: e.family.node.Column, Err: err})
		}
		for _, m := range wrong {
			findings = append(findings, m.finding(name, e.Name))
		}
	}
	return findings
}

// surroundings checks a programme against the rest of its pack: the file is
// named as the programme is, and its bodies are listed in bodies.yaml, where
// the pack has one.
func surroundings(pack fs.FS, name string, p *Programme) []Finding {
	s := &scanner{file: name}
	if path.Base(name) != p.ID+".yaml" {
		s.refuse(p.idNode, "policy.file_name", "file", p.ID+".yaml")
	}
	s.otherProgrammes(pack, p)
	known, err := bodiesOf(pack)
	if err != nil {
		return append(s.findings, Finding{File: bodiesFile, Err: err})
	}
	for _, n := range p.bodyNodes {
		if known != nil && !slices.Contains(known, n.Value) {
			s.refuse(n, "policy.no_body", "nearest", nearest(n.Value, known))
		}
	}
	return s.findings
}

// otherProgrammes checks that programmes which overlap are there.
func (s *scanner) otherProgrammes(pack fs.FS, p *Programme) {
	files, err := fs.Glob(pack, Folder+"/*.yaml")
	if err != nil {
		return
	}
	known := make([]string, len(files))
	for i, file := range files {
		known[i] = strings.TrimSuffix(path.Base(file), ".yaml")
	}
	for _, n := range p.programmeNodes {
		if !slices.Contains(known, n.Value) {
			s.refuse(n, "policy.no_such_programme", "nearest", nearest(n.Value, known))
		}
	}
}

const bodiesFile = "bodies.yaml"

// bodiesOf lists the codes of a pack's bodies; nil where it has no such file.
func bodiesOf(pack fs.FS) ([]string, error) {
	body, err := fs.ReadFile(pack, bodiesFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var file struct {
		Bodies []struct {
			Code string `yaml:"code"`
		} `yaml:"bodies"`
	}
	if err := yaml.Unmarshal(body, &file); err != nil {
		return nil, err
	}
	codes := []string{}
	for _, b := range file.Bodies {
		codes = append(codes, b.Code)
	}
	return codes, nil
}
