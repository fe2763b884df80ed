package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/store"
	"sanad/platform/text"
)

type receiveCommand struct {
	Programme string `arg:"" help:"The programme that another body decides, such as basic-pension."`
	File      string `arg:"" help:"CSV: number, month, decision, amount, date." type:"existingfile"`
}

// Run takes in a file of decisions; a line that cannot be taken is named on
// standard error and changes nothing.
func (c receiveCommand) Run(ctx context.Context, l *commandLine, s streams) (err error) {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = n.close(err) }()
	p, err := policy.Named(n.pack, c.Programme)
	if err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // only read
	var done policy.Reception
	_, err = n.Write(ctx, access.System("receive decisions"), func(tx *store.Tx) error {
		done, err = policy.Receive(tx, p, filepath.Base(c.File), file)
		return err
	})
	if err != nil {
		return err
	}
	language := text.Language(l.Language)
	for _, refused := range done.Refused {
		fmt.Fprintf(s.err, "%s: %s\n", refused.Field, text.Fault(language, refused))
	}
	fmt.Fprintln(s.out, text.Say(language, "sanad.received", "count", done.Taken, "refused", len(done.Refused)))
	return nil
}
