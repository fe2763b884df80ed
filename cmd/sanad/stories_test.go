package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sanad/platform/store/storetest"
	"sanad/platform/text"
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
		"tally":    toolTally,
		"reported": toolReported,
		"ask":      toolAsk,
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
			schema := filepath.Join(sample, "../../../../exchange/iso20022/testdata/pain.001.001.09.xsd")
			testscript.Run(t, testscript.Params{
				Dir:                 "stories",
				RequireUniqueNames:  true,
				RequireExplicitExec: false,
				Setup: func(env *testscript.Env) error {
					env.Setenv("SAMPLE", sample)
					env.Setenv("PACK", filepath.Dir(filepath.Dir(sample)))
					env.Setenv("SCHEMA", schema)
					return nil
				},
				Condition: func(name string) (bool, error) { return known(name, engine) },
				Cmds: map[string]func(*testscript.TestScript, bool, []string){
					"at":      desks.at,
					"same":    desks.same,
					"other":   desks.other,
					"exits":   exits,
					"refused": refused,
					"keep":    keep,
					"lines":   lines,
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

// same names an empty place of the story's own engine: `same NAME` puts it into
// a variable, for --into.
func (d *desks) same(ts *testscript.TestScript, neg bool, args []string) { d.empty(ts, d.engine, args) }

// other names an empty place of the other engine. $NAME_data and $NAME_url are
// the words for --data and --database.
func (d *desks) other(ts *testscript.TestScript, neg bool, args []string) {
	engine := "sqlite"
	if d.engine == engine {
		engine = "postgres"
	}
	d.empty(ts, engine, args)
}

func (d *desks) empty(ts *testscript.TestScript, engine string, args []string) {
	if len(args) != 1 {
		ts.Fatalf("usage: same NAME")
	}
	folder := ts.MkAbs(filepath.Join(ts.Getenv("WORK"), "places", args[0]))
	ts.Check(os.MkdirAll(folder, 0o700))
	place, url := folder, ""
	if engine == "postgres" {
		d.lock.Lock()
		place = storetest.Location(d.t, engine)
		d.lock.Unlock()
		url = place
	}
	ts.Setenv(args[0], place)
	ts.Setenv(args[0]+"_data", folder)
	ts.Setenv(args[0]+"_url", url)
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
	if code := run1(ts, args[1:]); fmt.Sprint(code) != args[0] {
		ts.Fatalf("exit code %d, not %s", code, args[0])
	}
}

func run1(ts *testscript.TestScript, command []string) int {
	err := ts.Exec(command[0], command[1:]...)
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return ended.ExitCode()
	}
	ts.Check(err)
	return 0
}

// refused runs a command in both languages, which must end with 1, print no
// table and say why: `refused ENGLISH ARABIC COMMAND…`, two patterns.
func refused(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: refused ENGLISH ARABIC COMMAND...")
	}
	for i, language := range []string{"en", "ar"} {
		ts.Setenv("SANAD_LANGUAGE", language)
		code := run1(ts, args[2:])
		ts.Setenv("SANAD_LANGUAGE", "en")
		said := ts.ReadFile("stderr")
		if code != 1 || ts.ReadFile("stdout") != "" {
			ts.Fatalf("exit code %d, printed %q", code, ts.ReadFile("stdout"))
		}
		if found, err := regexp.MatchString(args[i], said); err != nil || !found {
			ts.Fatalf("said %q, not %s %v", said, args[i], err)
		}
		if vague := text.Fault(text.Language(language), errors.New("x")); strings.Contains(said, vague) {
			ts.Fatalf("said only that something went wrong")
		}
		if language == "ar" && !strings.ContainsAny(said, "ابتثجحخدذرزسشصضطظعغفقكلمنهوي") {
			ts.Fatalf("not in Arabic: %q", said)
		}
	}
}
