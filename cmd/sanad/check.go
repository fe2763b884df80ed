package main

import (
	"fmt"

	"sanad/country"
	"sanad/delivery/policy"
	"sanad/platform/text"
)

type checkCommand struct {
	Folder string `arg:"" optional:"" help:"The country pack; the one in use where not named." type:"path" placeholder:"COUNTRY-DIR"`
}

// Run checks every programme of a pack and its examples; it fails when
// something is wrong, each finding a line on standard error.
func (c checkCommand) Run(l *commandLine, s streams) error {
	pack, err := l.pack()
	if c.Folder != "" {
		pack, err = country.Folder(c.Folder)
	}
	if err != nil {
		return err
	}
	findings := policy.Check(pack)
	for _, f := range findings {
		fmt.Fprintf(s.err, "%s:%d:%d: %s\n", f.File, f.Line, f.Column, text.Fault(text.Language(l.Language), f.Err))
	}
	if len(findings) > 0 {
		return errReported
	}
	fmt.Fprintln(s.out, text.Say(text.Language(l.Language), "sanad.checked"))
	return nil
}
