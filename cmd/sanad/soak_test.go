package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/store/storetest"
)

// TestKilledProgramLosesNothing kills the program ten times at its work; the
// soak beside it does the same for as long as one likes.
func TestKilledProgramLosesNothing(t *testing.T) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			self, err := os.Executable()
			if err != nil {
				t.Fatal(err)
			}
			soak(t, engine, self, 5, 1, []string{"LY010202.xlsx", "LY031901.csv"})
		})
	}
}

// soak lets days of the diwan's work go by under kills, at most so many of each
// command, and compares each day's end with that of a day without any.
func soak(t *testing.T, engine, program string, kills, each int, files []string) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	s := &soaking{t: t, engine: engine, program: program, files: files, random: rand.New(rand.NewPCG(seed, 1)), took: map[string]time.Duration{}}
	s.prepare()
	want := s.day()
	total, days := map[string]int{}, 0
	for left := kills; left > 0; days++ {
		d := s.newDay()
		left -= s.killInit(min(left, 1), total)
		for _, step := range d.steps() {
			n := d.under(step, min(left, each))
			left, total[step.name] = left-n, total[step.name]+n
		}
		if got := d.outcome(); got != want {
			t.Fatalf("day %d ended otherwise than one without kills:\n%s\nnot\n%s", days, got, want)
		}
	}
	t.Logf("%d kills on %s in %d days, at: %v", kills, engine, days, total)
}

// soaking is what the days have in common.
type soaking struct {
	t       *testing.T
	engine  string
	program string
	files   []string
	random  *rand.Rand
	took    map[string]time.Duration // by step, without a kill
	diwan   string                   // the template's folder
	sealed  string                   // a branch's file
}

// command prepares the program for a node; test programs answer to their name.
func (s *soaking) command(data, database string, args ...string) *exec.Cmd {
	c := exec.Command(s.program, args...)
	c.Args[0] = "sanad"
	c.Env = append(os.Environ(), "SANAD_DATA="+data, "SANAD_DATABASE="+database, "SANAD_LANGUAGE=en")
	return c
}

func (s *soaking) do(data, database string, args ...string) string {
	s.t.Helper()
	var out, problems bytes.Buffer
	c := s.command(data, database, args...)
	c.Stdout, c.Stderr = &out, &problems
	if err := c.Run(); err != nil {
		s.t.Fatalf("sanad %v: %v\n%s", args, err, problems.String())
	}
	return out.String()
}

// prepare makes a diwan and a branch that trust each other, and the file in
// which the branch sends the families that it registered while alone.
func (s *soaking) prepare() {
	base := s.t.TempDir()
	branch, card := filepath.Join(base, "branch"), filepath.Join(base, "card")
	s.diwan, s.sealed = filepath.Join(base, "diwan"), filepath.Join(base, "up.seal")
	s.do(s.diwan, "", "init", "--role", "diwan")
	s.do(s.diwan, "", "people", "add", "officer", "--role", "diwan_officer")
	s.do(s.diwan, "", "people", "add", "director", "--role", "grant_director")
	s.do(branch, "", "init", "--role", "branch", "--branch", "LY010102")
	for _, pair := range [][2]string{{s.diwan, branch}, {branch, s.diwan}} {
		s.do(pair[0], "", "sync", "card", card)
		s.do(pair[1], "", "sync", "trust", card)
	}
	down := filepath.Join(base, "down.seal")
	s.do(s.diwan, "", "sync", "export", "--to", "LY010102", down)
	s.do(branch, "", "sync", "import", down)
	n, err := (&commandLine{Data: branch}).open(context.Background())
	s.check(err)
	for i := range 200 {
		_, err := n.Write(context.Background(), store.Session{Purpose: "counter", Grants: []store.Grant{{Role: "branch_clerk", Area: "LY010102"}}},
			func(tx *store.Tx) error { _, err := registry.Register(tx, soakFamily(i)); return err })
		s.check(err)
	}
	s.check(n.close(nil))
	s.do(branch, "", "sync", "export", "--to", "diwan", s.sealed)
}

func soakFamily(i int) registry.NewHousehold {
	number := func(sex, year int) string { return fmt.Sprintf("%d%d7%06d", sex, year, i) }
	return registry.NewHousehold{Branch: "LY010102", Area: "LY010102", Members: []registry.NewMember{
		{Name: "سالم عبد السلام مفتاح الورفلي", Role: "head", Sex: registry.Male, Birth: calendar.Of(1980, 5, 2), MaritalStatus: "married",
			NationalNumber: number(1, 1980), Citizenship: "libyan", Account: "LY84902084764037824551336"},
		{Name: "خديجة رمضان سالم المسلاتي", Role: "wife", Sex: registry.Female, Birth: calendar.Of(1985, 1, 1), MaritalStatus: "married",
			NationalNumber: number(2, 1985), Citizenship: "libyan", Wage: registry.No},
		{Name: "آية سالم عبد السلام الورفلي", Role: "daughter", Sex: registry.Female, Birth: calendar.Of(2012, 3, 3), Mother: 2,
			NationalNumber: number(2, 2012), Citizenship: "libyan"},
	}}
}

func (s *soaking) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// killInit kills the making of a new node, and makes it again where it lies.
func (s *soaking) killInit(kills int, total map[string]int) int {
	done := 0
	for range kills {
		data, database := s.t.TempDir(), ""
		if place := storetest.Location(s.t, s.engine); s.engine != "sqlite" {
			database = place
		}
		began := time.Now()
		if s.took["init"] == 0 {
			s.do(data, database, "init", "--role", "diwan")
			s.took["init"] = time.Since(began)
			data = s.t.TempDir()
		}
		_, killed, _ := s.kill(s.took["init"], s.command(data, database, "init", "--role", "diwan"))
		if !killed {
			continue
		}
		done++
		total["init"]++
		problem, err := s.command(data, database, "init", "--role", "diwan").CombinedOutput()
		if err != nil && !strings.Contains(string(problem), "already holds a node") {
			s.t.Fatalf("init after a kill: %v %s", err, problem)
		}
		s.do(data, database, "people", "add", "officer", "--role", "diwan_officer")
		s.do(data, database, "journal", "verify")
	}
	return done
}

// kill starts a command and kills it at a random moment of the time it takes;
// never, where that is zero.
func (s *soaking) kill(took time.Duration, c *exec.Cmd) (out string, killed bool, err error) {
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	s.check(c.Start())
	if took > 0 {
		timer := time.AfterFunc(time.Duration(s.random.Int64N(int64(took))), func() { _ = c.Process.Kill() })
		defer timer.Stop()
	}
	err = c.Wait()
	var ended *exec.ExitError
	killed = errors.As(err, &ended) && ended.ExitCode() == -1
	if err != nil && !killed {
		err = fmt.Errorf("%w: %s", err, stderr.String())
	}
	return stdout.String(), killed, err
}

// soakDay is a day at the diwan: a node, and what it has acknowledged.
type soakDay struct {
	*soaking
	data, database string
	list           string
	printed        []printed
}

type printed struct{ step, line string }

// newDay makes a diwan as the template is.
func (s *soaking) newDay() *soakDay {
	d := &soakDay{soaking: s, data: s.t.TempDir()}
	place := d.data
	if s.engine != "sqlite" {
		d.database = storetest.Location(s.t, s.engine)
		place = d.database
	}
	s.check(os.CopyFS(filepath.Join(d.data, "keys"), os.DirFS(filepath.Join(s.diwan, "keys"))))
	s.do(s.diwan, "", "journal", "rebuild", "--into", place)
	return d
}

// day lets a day without kills go by, for what it takes and how it ends.
func (s *soaking) day() string {
	d := s.newDay()
	for _, step := range d.steps() {
		began := time.Now()
		d.under(step, 0)
		s.took[step.name] = time.Since(began)
	}
	return d.outcome()
}

// soakStep is a command that is given until it is done. Where it was done and
// not acknowledged, giving it again is refused by a message that holds repeated.
type soakStep struct {
	name     string
	args     func() []string
	repeated string
}

func (d *soakDay) steps() []soakStep {
	sample := "../../country/libya/sample/extracts/"
	files := []string{"import", "--as-of", "2026-10-05"}
	for _, name := range d.files {
		files = append(files, sample+name)
	}
	plain := func(args ...string) func() []string { return func() []string { return args } }
	return []soakStep{
		{"import", plain(files...), ""},
		{"sync import", plain("sync", "import", d.sealed), ""},
		{"run", plain("run", "wife-and-children-grant", "--month", "2026-10"), ""},
		{"pay prepare", plain("pay", "prepare", "wife-and-children-grant", "--quarter", "2026-Q4", "--category", "children", "--as", "officer"), "is there"},
		{"pay approve", func() []string { return []string{"pay", "approve", d.only(), "--as", "director"} }, "The list is approved"},
		{"pay export", func() []string { return []string{"pay", "export", d.only(), "--out", filepath.Join(d.data, "bank")} }, ""},
	}
}

// only is the number of the day's only list.
func (d *soakDay) only() string {
	if d.list == "" {
		d.list, _, _ = strings.Cut(d.do(d.data, d.database, "pay", "list"), "\t")
	}
	return d.list
}

// under gives a command until it is done, kills it a few times on the way, and
// looks after each kill at what there is.
func (d *soakDay) under(step soakStep, kills int) int {
	done := 0
	for try := 0; ; try++ {
		args := step.args()
		took := time.Duration(0)
		if try < kills {
			took = d.took[step.name]
		}
		out, killed, err := d.kill(took, d.command(d.data, d.database, args...))
		for line := range strings.Lines(out) {
			if strings.HasSuffix(line, "\n") {
				d.printed = append(d.printed, printed{step.name, strings.TrimSuffix(line, "\n")})
			}
		}
		if killed {
			done++
			d.sound(step.name)
			continue
		}
		if err != nil && (try == 0 || step.repeated == "" || !strings.Contains(err.Error(), step.repeated)) {
			d.t.Fatalf("%s after %d kills: %v", step.name, done, err)
		}
		return done
	}
}

// sound fails unless the journal holds, the rows are what the journal says, and
// everything that was acknowledged is there.
func (d *soakDay) sound(step string) {
	d.t.Helper()
	ctx := context.Background()
	n, err := (&commandLine{Data: d.data, Database: d.database}).open(ctx)
	d.check(err)
	defer func() { d.check(n.DB.Close()) }()
	if v, err := n.Verify(ctx); err != nil || !v.Holds() {
		d.t.Fatalf("killed at %s: %+v %v", step, v, err)
	}
	folder, err := os.MkdirTemp("", "sanad-soak-")
	d.check(err)
	defer os.RemoveAll(folder)
	again, err := store.Open(ctx, folder, store.Options{})
	d.check(err)
	defer func() { d.check(again.Close()) }()
	done, err := n.Rebuild(ctx, journal.New(again, n.Node), kinds, tables, func(int64) {})
	if err != nil || len(done.Differ) > 0 {
		d.t.Fatalf("killed at %s: %v differ %v", step, done.Differ, err)
	}
	err = n.DB.Read(ctx, store.Session{Purpose: "soak"}, func(tx *store.Tx) error {
		for _, p := range d.printed {
			kept, err := p.kept(tx)
			if err != nil || !kept {
				d.t.Fatalf("killed at %s: %s had printed %q, and it is not there: %v", step, p.step, p.line, err)
			}
		}
		return nil
	})
	d.check(err)
}

// kept tells whether what a line acknowledged is in the database, or on disk.
func (p printed) kept(tx *store.Tx) (bool, error) {
	cell := strings.Split(p.line, "\t")
	count := func(sql string, args ...any) (bool, error) {
		n, err := soakCount(tx, sql, args...)
		return n == 1, err
	}
	switch p.step {
	case "import":
		which, err := id.Parse(cell[2])
		if err != nil {
			return false, err
		}
		return count("SELECT count(*) FROM imports WHERE import = $1 AND state = 'done' AND CAST(households AS text) = $2 AND CAST(rows AS text) = $3", which, cell[3], cell[4])
	case "sync import":
		taken, err := strconv.Atoi(cell[1])
		if err != nil {
			return false, err
		}
		return count("SELECT count(*) FROM streams WHERE stream = $1 AND sequence >= $2", cell[0], int64(taken))
	case "run":
		return count("SELECT count(*) FROM runs")
	case "pay prepare", "pay approve":
		which, err := id.Parse(cell[0])
		if err != nil {
			return false, err
		}
		if p.step == "pay prepare" {
			return count("SELECT count(*) FROM payment_lists WHERE list = $1", which)
		}
		return count("SELECT count(*) FROM payment_lists WHERE list = $1 AND state IN ('approved', 'exported')", which)
	}
	info, err := os.Stat(p.line) // a bank file
	return err == nil && info.Size() > 0, err
}

func soakCount(tx *store.Tx, sql string, args ...any) (int64, error) {
	n, _, err := store.One(tx, func(r *store.Row) int64 { return r.Int() }, sql, args...)
	return n, err
}

// outcome is how the day ended, but for identifiers and times.
func (d *soakDay) outcome() string {
	d.sound("the end")
	var b strings.Builder
	rows := strings.Split(d.do(d.data, d.database, "decisions", "wife-and-children-grant", "--month", "2026-10"), "\n")
	slices.Sort(rows)
	fmt.Fprintf(&b, "%d rows of decisions, %x\n", len(rows), sha256.Sum256([]byte(strings.Join(rows, "\n"))))
	for _, line := range strings.Split(strings.TrimSpace(d.do(d.data, d.database, "pay", "list")), "\n") {
		_, rest, _ := strings.Cut(line, "\t")
		b.WriteString(rest + "\n")
	}
	n, err := (&commandLine{Data: d.data, Database: d.database}).open(context.Background())
	d.check(err)
	err = n.DB.Read(context.Background(), store.Session{Purpose: "soak"}, func(tx *store.Tx) error {
		for _, table := range []string{"households", "persons", "tasks", "links", "imports", "imported_rows", "decisions", "runs", "people", "payment_lists", "payment_lines", "payment_held", "sheets"} {
			rows, err := soakCount(tx, "SELECT count(*) FROM "+table)
			if err != nil {
				return err
			}
			fmt.Fprintf(&b, "%s %d\n", table, rows)
		}
		return nil
	})
	d.check(errors.Join(err, n.DB.Close()))
	for _, name := range d.bankFiles() {
		content, err := os.ReadFile(filepath.Join(d.data, "bank", name))
		d.check(err)
		fmt.Fprintf(&b, "%s %d\n", strings.ReplaceAll(name, d.list, "LIST"), bytes.Count(content, []byte("\n")))
	}
	return b.String()
}

// bankFiles are the files that the export left; none of them is a draft.
func (d *soakDay) bankFiles() []string {
	entries, err := os.ReadDir(filepath.Join(d.data, "bank"))
	d.check(err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}
