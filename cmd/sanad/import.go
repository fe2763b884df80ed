package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"sanad/delivery/intake"
	"sanad/delivery/matching"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

// mappingFile is the column mapping of the lists that branches send.
const mappingFile = "intake/household-list.yaml"

type importCommand struct {
	Files  []string `arg:"" name:"file" help:"Branch files (CSV or XLSX); or: revert ID, to take an import back."`
	DryRun bool     `help:"Read and report, change nothing."`
	Report string   `help:"Write every warning and rejection to this CSV." type:"path" placeholder:"R.csv"`
	AsOf   string   `help:"Day for which the files speak; else the file's title or date says." placeholder:"YYYY-MM-DD"`
	Branch string   `help:"Branch whose lists they are; else the file's name or its rows say." placeholder:"CODE"`
}

// Run imports files one after the other and prints a line for each. A file that
// is refused as a whole does not stop the others, and makes the command fail.
func (c importCommand) Run(ctx context.Context, l *commandLine, s streams) (err error) {
	options, err := c.options()
	if err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = n.close(err) }()
	if len(c.Files) == 2 && c.Files[0] == "revert" {
		return n.revertImport(ctx, s, c.Files[1])
	}
	if options.Mapping, err = intake.LoadMapping(n.pack, mappingFile); err != nil {
		return err
	}
	if err := n.branchKnown(ctx, c.Branch); err != nil {
		return err
	}
	report, err := c.report()
	if err != nil {
		return err
	}
	options.Memory = matching.NewMemory(0)
	return errors.Join(n.importFiles(ctx, s, c.Files, options, report), report.close())
}

// importFiles takes files in, one after the other. Those that are refused were
// reported, and make the command fail.
func (n *node) importFiles(ctx context.Context, s streams, files []string, o intake.Options, r *importReport) error {
	refused := false
	err := intake.InTurn(files, func(path string) (*intake.Prepared, error) {
		return intake.Prepare(ctx, n.Journal, access.System("import"), path, n.importOptions(s, path, o, r))
	}, func(path string, f *intake.Prepared, err error) error {
		refused = n.importFile(ctx, s, path, f, err, r) != nil || refused
		return ctx.Err()
	})
	if err == nil && refused {
		err = errReported
	}
	return err
}

// branchKnown refuses the code of a branch that this node does not know; none at
// all is in order.
func (n *node) branchKnown(ctx context.Context, code string) error {
	if code == "" {
		return nil
	}
	return n.DB.Read(ctx, access.System("import"), func(tx *store.Tx) error {
		country, err := geography.At(tx, tx.Today())
		if err != nil {
			return err
		}
		if body, found := country.Body(code); !found || body.Kind != geography.Branch {
			return fault.NotFound("sanad.no_branch", "code", code).At("--branch")
		}
		return nil
	})
}

func (c importCommand) options() (intake.Options, error) {
	asOf, err := calendar.Parse(c.AsOf)
	if c.AsOf == "" {
		asOf, err = calendar.Unknown, nil
	}
	return intake.Options{AsOf: asOf, Branch: c.Branch, DryRun: c.DryRun}, err
}

// importOptions add to what is asked of every file where its report and its
// progress go.
func (n *node) importOptions(s streams, path string, o intake.Options, r *importReport) intake.Options {
	name := filepath.Base(path)
	o.Notes = func(notes ...intake.Note) error { return r.out.Add(name, notes...) }
	said := time.Time{}
	o.Progress = func(p intake.Progress) {
		if now := n.DB.Now(); now.Sub(said) > time.Second {
			said = now
			fmt.Fprintln(s.err, text.Say(text.Language(n.line.Language), "sanad.import_progress", "file", name, "done", p.Records, "total", p.Total,
				"rate", p.PerSecond, "left", p.Left.Round(time.Second).String()))
		}
	}
	return o
}

// importFile takes one file in and prints its outcome on standard output.
func (n *node) importFile(ctx context.Context, s streams, path string, f *intake.Prepared, err error, r *importReport) error {
	language := text.Language(n.line.Language)
	name := filepath.Base(path)
	var done intake.Summary
	if err == nil {
		done, err = f.Take(ctx)
	}
	if err != nil {
		report(s.err, language, fmt.Errorf("%s: %w", name, err))
		return errors.Join(err, r.out.Refuse(name, err))
	}
	fmt.Fprintf(s.out, "%s\t%s\t%s\t%d\t%d\t%d\t%d\t%d\n", name, done.Branch, done.Import, done.Households, done.Rows, done.Accepted, done.Warned, done.Rejected)
	if done.Repeated {
		fmt.Fprintln(s.err, text.Say(language, "sanad.import_repeated", "file", name))
	}
	return nil
}

// revertImport takes one import back.
func (n *node) revertImport(ctx context.Context, s streams, name string) error {
	number, err := id.Parse(name)
	if err != nil {
		return err
	}
	if _, err := intake.Revert(ctx, n.Journal, access.System("import revert"), number); err != nil {
		return err
	}
	_, err = fmt.Fprintln(s.out, number)
	return err
}

// importReport is the report file, or nothing where none was asked for.
type importReport struct {
	out  *intake.Report
	file *os.File
}

func (c importCommand) report() (*importReport, error) {
	r := &importReport{}
	var w io.Writer = io.Discard
	if c.Report != "" {
		file, err := os.Create(c.Report)
		if err != nil {
			return nil, fault.Invalid("sanad.cannot_write", "path", c.Report).Because(err)
		}
		r.file, w = file, file
	}
	var err error
	r.out, err = intake.NewReport(w)
	return r, err
}

func (r *importReport) close() error {
	err := r.out.Close()
	if r.file != nil {
		err = errors.Join(err, r.file.Sync(), r.file.Close())
	}
	return err
}
