package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"sanad/delivery/intake"
	"sanad/delivery/matching"
	"sanad/delivery/strategy/population"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// benchDay is the day for which the imaginary lists speak.
var benchDay = calendar.Of(2026, 10, 1)

// bench is one measurement under way.
type bench struct {
	benchCommand
	place  benchPlace
	result *benchResult
	out    streams
	node   journal.Node
	closes []func() error
}

// measure imports so many persons into an empty database and writes the same
// rows bare into another; for the rebuild, it replays the journal into a third.
func (c benchCommand) measure(ctx context.Context, at benchPlace, persons int, s streams) (result *benchResult, err error) {
	b := &bench{benchCommand: c, place: at, out: s, result: &benchResult{Job: c.Job, Persons: persons,
		Seconds: map[string]float64{}, PerSecond: map[string]int{}, Checks: map[string]bool{}}}
	defer func() {
		for i := len(b.closes) - 1; i >= 0; i-- {
			err = errors.Join(err, b.closes[i]())
		}
	}()
	if b.node, err = journal.NewNode(filepath.Join(at.folder, fmt.Sprint("keys-", persons)), id.New(time.Unix(0, 0), [10]byte{9: 1}), journal.RoleDiwan, journal.RoleDiwan); err != nil {
		return nil, err
	}
	j, err := b.open(ctx, "import")
	if err != nil {
		return nil, err
	}
	if err := b.importAll(ctx, j); err != nil {
		return nil, err
	}
	if c.Job == "run" {
		return b.result, b.nationalRun(ctx, j)
	}
	if err := b.reference(ctx, j); err != nil {
		return nil, err
	}
	if c.Job == "rebuild" {
		err = b.rebuild(ctx, j)
	}
	return b.result, err
}

// measured runs the job's own phase.
func (b *bench) measured(phase string, work func() error) error {
	if phase != b.Job {
		return b.result.timed(b.out, phase, work)
	}
	return b.result.timed(b.out, phase, func() error { return b.profile(work) })
}

// open makes an empty database of this measurement.
func (b *bench) open(ctx context.Context, of string) (*journal.Journal, error) {
	location, drop, err := store.Scratch(ctx, b.place.server, b.place.name(of, b.result.Persons))
	if err != nil {
		return nil, err
	}
	if !b.Keep {
		b.closes = append(b.closes, drop)
	}
	options := store.Options{}
	if b.Encrypted && b.Engine == "sqlite" {
		options.PageKey = b.node.Key("pages")
	}
	db, err := store.Open(ctx, location, options)
	if err != nil {
		return nil, err
	}
	if of == "reference" {
		return journal.New(db, b.node), nil // closed as soon as it was measured
	}
	b.closes = append(b.closes, db.Close)
	return journal.New(db, b.node), nil
}

// importAll makes the population and takes it in, file after file.
func (b *bench) importAll(ctx context.Context, j *journal.Journal) error {
	pack, err := b.place.line.pack()
	if err != nil {
		return err
	}
	mapping, err := intake.LoadMapping(pack, mappingFile)
	if err != nil {
		return err
	}
	_, err = j.Write(ctx, access.System("benchmark"), func(tx *store.Tx) error { return geography.Load(tx, pack) })
	if err != nil {
		return err
	}
	made, err := b.populate(ctx, pack)
	if err != nil {
		return err
	}
	taken := 0
	err = b.measured("import", func() error {
		memory := matching.NewMemory(0)
		err := intake.InTurn(made.Files, func(path string) (*intake.Prepared, error) {
			return intake.Prepare(ctx, j, access.System("benchmark"), path, intake.Options{Mapping: mapping, AsOf: benchDay, Memory: memory})
		}, func(_ string, f *intake.Prepared, err error) error {
			if err != nil {
				return err
			}
			done, err := f.Take(ctx)
			taken += done.Accepted + done.Warned
			return err
		})
		if err != nil {
			return err
		}
		_, err = j.Checkpoint(ctx)
		return err
	})
	b.result.Checks["all_rows_accepted"] = taken == made.Persons
	return err
}

// fullList is how many persons a list has at least, so that a small population
// fills the import's chunks as a large one does: few branches then send lists.
const fullList = 25_000

// listedTwice is the share of records, in millionths, that a second branch's list
// holds too.
const listedTwice = 10_000

// populate writes the lists of the branches.
func (b *bench) populate(ctx context.Context, pack fs.FS) (made population.Written, err error) {
	people, err := population.Load(pack, benchDay)
	if err != nil {
		return made, err
	}
	people.Seed, people.Duplicates, people.Branches = b.Seed, listedTwice, max(1, b.result.Persons/fullList)
	folder := filepath.Join(b.place.folder, fmt.Sprint("lists-", b.result.Persons))
	err = b.result.timed(b.out, "population", func() error {
		made, err = people.Write(ctx, b.result.Persons, folder)
		return err
	})
	b.result.Persons, b.result.Households = made.Persons, made.Households
	return made, err
}

// reference writes the rows that the import has written, bare.
func (b *bench) reference(ctx context.Context, j *journal.Journal) error {
	rows, err := store.TakeRows(ctx, j.DB, b.place.folder, tables)
	if err != nil {
		return err
	}
	bare, err := b.open(ctx, "reference")
	if err != nil {
		return err
	}
	store.Quiet(ctx, b.place.server)
	err = b.result.timed(b.out, "reference", func() error { return bare.DB.Bare(ctx, rows, b.result.Households/intake.ChunkSize+1) })
	if err != nil {
		return err
	}
	b.reached("import")
	if b.Job != "import" {
		return errors.Join(rows.Remove(), bare.DB.Close())
	}
	ours, err := j.Digest(ctx, tables)
	if err != nil {
		return err
	}
	theirs, err := bare.Digest(ctx, tables)
	b.result.Checks["digests_equal"] = len(ours) > 0 && len(ours) == len(theirs)
	for table, digest := range ours {
		if theirs[table] != digest {
			b.result.Checks["digests_equal"] = false
		}
	}
	return errors.Join(err, rows.Remove(), bare.DB.Close())
}

func (b *bench) reached(phase string) {
	ratio := b.result.ratio(phase)
	b.result.Checks[phase+"_ratio_ok"] = ratio >= benchGoal[b.Engine]
	fmt.Fprintf(b.out.err, "%d persons: %s at %.3f of the reference\n", b.result.Persons, phase, ratio)
}

// rebuild replays the journal into a third database, and verifies that one.
func (b *bench) rebuild(ctx context.Context, j *journal.Journal) error {
	again, err := b.open(ctx, "rebuild")
	if err != nil {
		return err
	}
	store.Quiet(ctx, b.place.server)
	var done journal.Rebuilt
	err = b.measured("rebuild", func() error {
		done, err = j.Rebuild(ctx, again, kinds, tables, nil)
		return err
	})
	if err != nil {
		return err
	}
	b.reached("rebuild")
	b.result.Checks["digests_equal"] = len(done.Differ) == 0
	return b.result.timed(b.out, "verify", func() error {
		verified, err := again.Verify(ctx)
		if err == nil && !verified.Holds() {
			err = fault.Conflict("sanad.journal_broken", "where", verified.First, "why", verified.Reason)
		}
		b.result.Checks["journal_holds"] = err == nil
		return err
	})
}
