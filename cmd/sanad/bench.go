package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"runtime/pprof"
	"strconv"
	"strings"

	"sanad/platform/fault"
	"sanad/platform/store"
)

type benchCommand struct {
	Job       string `arg:"" enum:"import,rebuild,run,rules,search,match,rings" help:"import: a population through the whole import. rebuild: its journal replayed into an empty database. run: a month of the grant decided for all of it. rules: a law computed for a population in memory, and explained household by household. match: duplicates found among them. search: people asked for by name in a population's registry. rings: planted rings of families that nobody knows looked for among honest ones."`
	JSON      bool   `name:"json" help:"Print one JSON object instead of a table."`
	Persons   int    `help:"Size of the imaginary population. A tenth of it goes first, to warm up and to see that memory does not grow." default:"1000000"`
	Engine    string `help:"sqlite, or postgres with --database naming a server on which databases may be made." enum:"sqlite,postgres" default:"sqlite"`
	Seed      uint64 `help:"Another population." default:"2026"`
	Folder    string `help:"Where files and SQLite databases lie meanwhile." type:"path" placeholder:"DIR"`
	Encrypted bool   `help:"Encrypt SQLite's pages, as a branch does."`
	Keep      bool   `help:"Leave files and databases behind."`
	Rows      string `help:"search: folder of a filled SQLite database, made where it is missing and left behind." type:"path" placeholder:"DIR"`
	Profile   string `help:"Write a CPU profile of the measured job." type:"path" placeholder:"FILE"`

	profiled bool // this round is the one to look at
}

// benchResult is what a benchmark prints; its fields are a contract with those
// who check from outside.
type benchResult struct {
	Job        string             `json:"job"`
	Persons    int                `json:"persons"`
	Households int                `json:"households"`
	Seconds    map[string]float64 `json:"seconds"`
	PerSecond  map[string]int     `json:"per_second"` // persons
	Peak       int64              `json:"peak_rss_bytes"`
	Checks     map[string]bool    `json:"checks"`
}

// The least part of the reference's speed that is good enough (issue 2, "It is
// right when" 5).
var benchGoal = map[string]float64{"postgres": 0.6, "sqlite": 0.85}

// Run measures a job beside its reference, in one run and on one machine.
func (c benchCommand) Run(ctx context.Context, l *commandLine, s streams) (err error) {
	if c.Job == "rules" {
		c.profiled = true
		return c.rules(s)
	}
	at, clean, err := c.place(l)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, clean()) }()
	if c.Job == "match" {
		return c.match(ctx, l, s)
	}
	if c.Job == "search" {
		return c.search(ctx, at, s)
	}
	if c.Job == "rings" {
		return c.rings(ctx, at, s)
	}
	small, err := c.measure(ctx, at, max(c.Persons/10, 1), s)
	if err != nil {
		return err
	}
	c.profiled = true
	done, err := c.measure(ctx, at, c.Persons, s)
	if err != nil {
		return err
	}
	if c.Job != "run" { // which may hold a few bytes a person, and has a check of its own
		done.Checks["memory_flat"] = done.Peak <= small.Peak*5/4+c.cache()
	}
	return c.print(done, s)
}

// cache is what SQLite may keep of a larger file in memory: its pages.
func (c benchCommand) cache() int64 {
	if c.Engine == "sqlite" {
		return store.PageCache
	}
	return 0
}

// place is where databases and files of this run lie.
func (c benchCommand) place(l *commandLine) (benchPlace, func() error, error) {
	if c.Engine == "postgres" && !store.IsPostgres(l.Database) {
		return benchPlace{}, nil, fault.Invalid("sanad.bench_database").At("--database")
	}
	folder, err := os.MkdirTemp(c.Folder, "sanad-bench-")
	if err != nil {
		return benchPlace{}, nil, fault.Invalid("sanad.cannot_write", "path", c.Folder).Because(err)
	}
	at := benchPlace{folder: folder, server: folder, line: l}
	if c.Engine == "postgres" {
		at.server = l.Database
	}
	return at, func() error {
		if c.Keep {
			return nil
		}
		return os.RemoveAll(folder)
	}, nil
}

func (c benchCommand) print(r *benchResult, s streams) error {
	if c.JSON {
		return json.NewEncoder(s.out).Encode(r)
	}
	for _, phase := range []string{"population", "import", "reference", "rebuild", "verify", "load", "run", "again", "next", "rules", "rows", "traces"} {
		if seconds, measured := r.Seconds[phase]; measured {
			fmt.Fprintf(s.out, "%-12s %8.2f s %10d persons/s\n", phase, seconds, r.PerSecond[phase])
		}
	}
	for name, holds := range r.Checks {
		fmt.Fprintf(s.out, "%-20s %v\n", name, holds)
	}
	_, err := fmt.Fprintf(s.out, "peak memory %d MB\n", r.Peak>>20)
	return err
}

// timed runs one phase, and keeps how long it took and how much memory it held
// at most.
func (r *benchResult) timed(s streams, phase string, work func() error) error {
	debug.FreeOSMemory()
	forgetPeak()
	start := store.Clock()
	err := work()
	passed := store.Clock().Sub(start)
	if err != nil {
		return fmt.Errorf("%s: %w", phase, err)
	}
	r.Seconds[phase] = float64(passed.Milliseconds()) / 1000
	r.PerSecond[phase] = int(float64(r.Persons) / passed.Seconds())
	if phase == r.Job {
		r.Peak = peak()
	}
	fmt.Fprintf(s.err, "%d persons: %s %.2f s, at most %d MB\n", r.Persons, phase, passed.Seconds(), peak()>>20)
	return nil
}

// ratio is a phase's speed against the reference's.
func (r *benchResult) ratio(phase string) float64 { return r.Seconds["reference"] / r.Seconds[phase] }

// peak is the most memory that this process held in RAM, in bytes; 0 where the
// system does not tell.
func peak() int64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, found := strings.CutPrefix(line, "VmHWM:"); found {
			kilobytes, _ := strconv.ParseInt(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")), 10, 64)
			return kilobytes << 10
		}
	}
	return 0
}

// forgetPeak makes the system count the peak anew.
func forgetPeak() { _ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0o200) }

// benchPlace is where a run's databases and files lie.
type benchPlace struct {
	folder string // files
	server string // a folder, or the URL of a server
	line   *commandLine
}

// name is unlike that of any other run's database.
func (p benchPlace) name(of string, persons int) string {
	return strings.ToLower(strings.ReplaceAll(filepath.Base(p.folder), "-", "_")) + fmt.Sprintf("_%s_%d", of, persons)
}

// profile runs work, and writes a profile of it where one was asked for.
func (c benchCommand) profile(work func() error) error {
	if c.Profile == "" || !c.profiled {
		return work()
	}
	file, err := os.Create(c.Profile)
	if err != nil {
		return fault.Invalid("sanad.cannot_write", "path", c.Profile).Because(err)
	}
	if err := pprof.StartCPUProfile(file); err != nil {
		return errors.Join(err, file.Close())
	}
	err = work()
	pprof.StopCPUProfile()
	return errors.Join(err, file.Close())
}
