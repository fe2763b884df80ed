package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sanad/platform/store/storetest"
)

// TestMain makes this test program also the program itself and the small tools
// of its stories, each a process of its own with its own environment.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"sanad":    main,
		"digest":   toolDigest,
		"register": toolRegister,
		"tamper":   toolTamper,
		"table":    toolTable,
		"damage":   toolDamage,
		"shrink":   toolShrink,
	})
}

// TestStories plays every file of stories/ on both engines. A story is what
// somebody types and what must come of it; `at NODE` says at which machine she
// sits, $SAMPLE holds the sample's branch files.
func TestStories(t *testing.T) {
	sample, err := filepath.Abs("../../country/libya/sample/extracts")
	if err != nil {
		t.Fatal(err)
	}
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			desks := &desks{t: t, engine: engine, places: map[string]string{}}
			testscript.Run(t, testscript.Params{
				Dir:                 "stories",
				RequireUniqueNames:  true,
				RequireExplicitExec: false,
				Setup: func(env *testscript.Env) error {
					env.Setenv("SAMPLE", sample)
					env.Setenv("PACK", filepath.Dir(filepath.Dir(sample)))
					env.Setenv("ENGINE", engine)
					return nil
				},
				Condition: func(name string) (bool, error) { return known(name, engine) },
				Cmds: map[string]func(*testscript.TestScript, bool, []string){
					"at":    desks.at,
					"exits": exits,
					"keep":  keep,
					"lines": lines,
				},
			})
		})
	}
}

// known are the conditions that stories ask for beside testscript's own.
func known(name, engine string) (bool, error) {
	switch name {
	case "sqlite", "postgres":
		return name == engine, nil
	case "root":
		return os.Getuid() == 0, nil
	case "xmllint":
		_, err := exec.LookPath("xmllint")
		return err == nil, nil
	}
	return false, fmt.Errorf("no condition %q", name)
}

// desks are the machines of a story.
type desks struct {
	t      *testing.T
	engine string
	lock   sync.Mutex
	places map[string]string
}

// at sits down at a machine: `at NODE`. A folder for the node's keys and, on
// SQLite, its database; on PostgreSQL a database of its own.
func (d *desks) at(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: at NODE")
	}
	folder := ts.MkAbs(filepath.Join(ts.Getenv("WORK"), "nodes", args[0]))
	ts.Check(os.MkdirAll(folder, 0o700))
	ts.Setenv("SANAD_DATA", folder)
	if d.engine == "sqlite" {
		return
	}
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.places[folder] == "" {
		d.places[folder] = storetest.Location(d.t, d.engine)
	}
	ts.Setenv("SANAD_DATABASE", d.places[folder])
}

// keep puts a cell of the last output into a variable: `keep NAME ROW COLUMN`,
// both from 1, cells parted by tabs.
func keep(ts *testscript.TestScript, neg bool, args []string) {
	var row, column int
	if neg || len(args) != 3 {
		ts.Fatalf("usage: keep NAME ROW COLUMN")
	}
	if _, err := fmt.Sscan(args[1]+" "+args[2], &row, &column); err != nil {
		ts.Fatalf("keep: %v", err)
	}
	rows := strings.Split(strings.TrimSuffix(ts.ReadFile("stdout"), "\n"), "\n")
	if row > len(rows) {
		ts.Fatalf("keep: the output has %d lines", len(rows))
	}
	cells := strings.Split(rows[row-1], "\t")
	if column > len(cells) || cells[column-1] == "" {
		ts.Fatalf("keep: line %d has %d cells: %s", row, len(cells), rows[row-1])
	}
	ts.Setenv(args[0], cells[column-1])
}

// lines counts the lines of a file: `lines FILE COUNT`.
func lines(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: lines FILE COUNT")
	}
	if got := fmt.Sprint(strings.Count(ts.ReadFile(args[0]), "\n")); (got == args[1]) == neg {
		ts.Fatalf("%s has %s lines", args[0], got)
	}
}

// exits runs a command that must end with a code: `exits CODE COMMAND…`.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND...")
	}
	err := ts.Exec(args[1], args[2:]...)
	code := 0
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		code = ended.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, not %s", code, args[0])
	}
}
