package policy

import (
	"io/fs"
	"strings"

	"sanad/platform/fault"
)

// Check reads every programme of a country pack, runs their examples and returns
// everything that is wrong, in the order of the files. It is the work of
// `sanad check`; an empty answer means that the pack can be used.
func Check(pack fs.FS) []Finding {
	var findings []Finding
	entries, err := fs.ReadDir(pack, Folder)
	if err != nil {
		return []Finding{{File: Folder, Err: fault.NotFound("policy.no_folder", "folder", Folder).Because(err)}}
	}
	for _, entry := range entries {
		if name := entry.Name(); strings.HasSuffix(name, ".yaml") {
			findings = append(findings, CheckFile(pack, Folder+"/"+name)...)
		}
	}
	return findings
}

// CheckFile reads one programme and runs its examples.
func CheckFile(pack fs.FS, name string) []Finding {
	body, err := fs.ReadFile(pack, name)
	if err != nil {
		return []Finding{{File: name, Err: err}}
	}
	p, findings := read(name, string(body))
	if len(findings) > 0 {
		return findings
	}
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
