package main

import (
	"context"
	"fmt"

	"sanad/platform/fault"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

type journalCommand struct {
	Verify  verifyCommand  `cmd:"" help:"Recompute every chain, seal and signature; name the first bad entry."`
	Rebuild rebuildCommand `cmd:"" help:"Replay everything into an empty database and compare digests."`
}

type verifyCommand struct{}

// Run verifies the journal; it fails when something does not hold.
func (verifyCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	n, err := l.openToVerify(ctx)
	if err != nil {
		return err
	}
	v, err := n.Verify(ctx)
	if closed := n.DB.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%d entries, %d sheets, %d signed checkpoints\n", v.Entries, v.Sheets, v.Signed)
	if !v.Holds() {
		return fault.Conflict("sanad.journal_broken", "where", v.First, "why", text.Key(v.Reason))
	}
	return nil
}

type rebuildCommand struct {
	Into string `help:"The empty database: a folder or postgres://…" required:"" placeholder:"URL"`
}

// Run rebuilds into another database.
func (c rebuildCommand) Run(ctx context.Context, l *commandLine, s streams) (err error) {
	n, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = n.close(err) }()
	options := store.Options{}
	if n.Node.Role == journal.RoleBranch && !store.IsPostgres(c.Into) {
		options.PageKey = n.Node.Key("pages")
	}
	into, err := store.Open(ctx, c.Into, options)
	if err != nil {
		return err
	}
	defer func() {
		if closed := into.Close(); err == nil {
			err = closed
		}
	}()
	done, err := n.Rebuild(ctx, journal.New(into, n.Node), kinds, tables, progress(s.err, "entries"))
	if err != nil {
		return err
	}
	if len(done.Differ) > 0 {
		return fault.Conflict("sanad.rebuild_differs", "tables", done.Differ)
	}
	fmt.Fprintf(s.out, "%d entries replayed, %d projected tables equal\n", done.Entries, projected())
	return nil
}
