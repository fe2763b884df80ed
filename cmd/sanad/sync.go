package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/store"
	"sanad/platform/sync"
	"sanad/platform/text"
)

type syncCommand struct {
	Card   syncCardCommand   `cmd:"" help:"Write this node's card, for the other node to trust."`
	Trust  syncTrustCommand  `cmd:"" help:"Trust another node, after its fingerprint was compared."`
	Export syncExportCommand `cmd:"" help:"Write a sealed file with all that a node has not confirmed."`
	Import syncImportCommand `cmd:"" help:"Apply a sealed file."`
	Status syncStatusCommand `cmd:"" help:"Trusted nodes, what waits for each, and refused files."`
}

type syncCardCommand struct {
	File string `arg:"" help:"The card to write." type:"path"`
}

// Run writes the card.
func (c syncCardCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	n, err := l.open(ctx)
	if err != nil {
		return err
	}
	card, err := sync.CardOf(n.Node)
	if err == nil {
		err = card.Write(c.File)
	}
	if err == nil {
		fmt.Fprintf(s.out, "%s\t%s\n", card.Code, card.Fingerprint())
	}
	return n.close(err)
}

type syncTrustCommand struct {
	Card string `arg:"" help:"The other node's card." type:"existingfile"`
}

// Run trusts a card.
func (c syncTrustCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	card, err := sync.ReadCard(c.Card)
	if err != nil {
		return err
	}
	n, err := l.open(ctx)
	if err != nil {
		return err
	}
	_, err = n.Write(ctx, access.System("sync trust"), func(tx *store.Tx) error { return sync.Trust(tx, card) })
	if err == nil {
		fmt.Fprintf(s.out, "%s\t%s\n", card.Code, card.Fingerprint())
	}
	return n.close(err)
}

type syncExportCommand struct {
	To   string `help:"The receiving node: diwan, or a branch's code." required:"" placeholder:"NODE"`
	File string `arg:"" help:"The sealed file to write." type:"path"`
}

// Run writes a sealed file, whole or not at all.
func (c syncExportCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	n, err := l.open(ctx)
	if err != nil {
		return err
	}
	var file bytes.Buffer
	var sent sync.Sent
	err = n.Read(ctx, access.System("sync export"), func(tx *store.Tx) error {
		var err error
		sent, err = sync.Export(tx, c.To, &file)
		return err
	})
	if err == nil {
		err = writeWhole(c.File, func(w io.Writer) error { _, err := w.Write(file.Bytes()); return err })
	}
	if err == nil {
		for _, stream := range slices.Sorted(maps.Keys(sent.Entries)) {
			fmt.Fprintf(s.out, "%s\t%d\n", stream, sent.Entries[stream])
		}
	}
	return n.close(err)
}

// writeWhole writes a file under another name, and renames it once it is on
// disk. A refusal of write is passed on.
func writeWhole(path string, write func(io.Writer) error) error {
	file, err := os.OpenFile(path+".partial", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fault.Invalid("sanad.cannot_write", "path", path).Because(err)
	}
	if err := errors.Join(write(file), file.Sync(), file.Close()); err != nil {
		_ = os.Remove(path + ".partial") // err says already that there is no file
		return fault.Invalid("sanad.cannot_write", "path", path).Because(err)
	}
	return os.Rename(path+".partial", path)
}

type syncImportCommand struct {
	File string `arg:"" help:"The sealed file." type:"existingfile"`
}

// Run applies a sealed file; a refused one is kept by name in quarantine.
func (c syncImportCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	content, err := os.ReadFile(c.File)
	if err != nil {
		return err
	}
	n, err := l.open(ctx)
	if err != nil {
		return err
	}
	var done sync.Outcome
	_, err = n.Write(ctx, access.System("sync import"), func(tx *store.Tx) error {
		var err error
		done, err = sync.Import(tx, content, kinds)
		return err
	})
	if err != nil {
		refusal := err
		_, kept := n.Write(ctx, access.System("sync import"), func(tx *store.Tx) error { return sync.Quarantine(tx, content, refusal) })
		return n.close(errors.Join(refusal, kept))
	}
	language := text.Language(l.Language)
	for _, stream := range slices.Sorted(maps.Keys(done.Streams)) {
		fmt.Fprintf(s.out, "%s\t%d\t%d\n", stream, done.Streams[stream].New, done.Streams[stream].Known)
	}
	if done.New() == 0 {
		fmt.Fprintln(s.err, text.Say(language, "sanad.sync_nothing_new", "code", done.From))
	}
	return n.close(nil)
}

type syncStatusCommand struct{}

// Run prints a line a node and a line a refused file.
func (syncStatusCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	n, err := l.open(ctx)
	if err != nil {
		return err
	}
	err = n.Read(ctx, access.System("sync status"), func(tx *store.Tx) error {
		peers, err := sync.Peers(tx)
		if err != nil {
			return err
		}
		for _, p := range peers {
			fmt.Fprintf(s.out, "%s\t%s\t%d\n", p.Code, p.Fingerprint(), p.Waiting)
		}
		refused, err := sync.Refusals(tx)
		for _, r := range refused {
			fmt.Fprintf(s.out, "%s\t%s\n", r.Digest, text.Say(text.Language(l.Language), r.Reason))
		}
		return err
	})
	return n.close(err)
}
