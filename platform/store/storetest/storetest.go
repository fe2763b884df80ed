// Package storetest gives tests a real, empty database of each engine. SQLite
// lives in the test's own folder; PostgreSQL is a throw-away server that the
// first caller starts, without fsync, and that ends with the test program.
package storetest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"sanad/platform/store"
)

// Both runs a test on SQLite and on PostgreSQL, as subtests of those names.
// Where PostgreSQL cannot be started the test fails and says what to install:
// nothing is skipped in silence.
func Both(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) { test(t, Open(t, engine, store.Options{})) })
	}
}

// Open opens an empty database of an engine that is closed with the test.
func Open(t testing.TB, engine string, o store.Options) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), Location(t, engine), o)
	if err != nil {
		t.Fatalf("open %s: %v", engine, err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close %s: %v", engine, err)
		}
	})
	return db
}

// Location returns where an empty database of an engine can be opened: a new
// folder, or the URL of a new PostgreSQL database.
func Location(t testing.TB, engine string) string {
	t.Helper()
	if engine == "sqlite" {
		return t.TempDir()
	}
	if outside := os.Getenv("SANAD_TEST_POSTGRES"); outside != "" {
		return newDatabase(t, outside)
	}
	server.once.Do(startServer)
	if server.err != nil {
		t.Fatalf("PostgreSQL for tests: %v\nInstall it with: apt-get install postgresql (make test does), or name a server in SANAD_TEST_POSTGRES", server.err)
	}
	return newDatabase(t, server.url)
}

var (
	server struct {
		once sync.Once
		url  string
		err  error
	}
	serial atomic.Int64
)

func newDatabase(t testing.TB, at string) string {
	t.Helper()
	name := fmt.Sprintf("sanad_%d_%d", os.Getpid(), serial.Add(1))
	conn, err := pgx.Connect(context.Background(), at)
	if err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), "CREATE DATABASE "+name); err != nil {
		t.Fatalf("PostgreSQL for tests: %v", err)
	}
	parsed, err := url.Parse(at)
	if err != nil {
		t.Fatal(err)
	}
	parsed.Path = "/" + name
	return parsed.String()
}

// startServer makes and starts a server in a temporary folder. A watching shell
// stops it and removes the folder when this process has gone, however it went.
func startServer() {
	bin, err := binaries()
	if err != nil {
		server.err = err
		return
	}
	folder, err := os.MkdirTemp("", "sanad-postgres-")
	if err != nil {
		server.err = err
		return
	}
	user, err := ownFolder(folder)
	if err != nil {
		server.err = err
		return
	}
	initialise := exec.Command(filepath.Join(bin, "initdb"), "-D", folder+"/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	run := exec.Command(filepath.Join(bin, "postgres"), "-D", folder+"/data", "-k", folder, "-c", "listen_addresses=",
		"-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off", "-c", "max_connections=200")
	for _, c := range []*exec.Cmd{initialise, run} {
		c.Dir = folder
		c.Env = append(os.Environ(), "HOME="+folder, "LC_ALL=C.UTF-8")
		c.SysProcAttr = &syscall.SysProcAttr{Credential: user}
	}
	if out, err := initialise.CombinedOutput(); err != nil {
		server.err = fmt.Errorf("initdb: %w: %s", err, out)
		return
	}
	if err := run.Start(); err != nil {
		server.err = err
		return
	}
	watch := fmt.Sprintf("while kill -0 %d 2>/dev/null; do sleep 0.5; done; kill -QUIT %d; sleep 1; rm -rf %s", os.Getpid(), run.Process.Pid, folder)
	watcher := exec.Command("sh", "-c", watch)
	watcher.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := watcher.Start(); err != nil {
		server.err = err
		return
	}
	server.url = "postgres://postgres@/postgres?host=" + url.QueryEscape(folder)
	server.err = waitFor(server.url)
}

func waitFor(at string) error {
	var err error
	for range 100 {
		var conn *pgx.Conn
		if conn, err = pgx.Connect(context.Background(), at); err == nil {
			return conn.Close(context.Background())
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}

// binaries finds the newest server that Debian installed, or the one on PATH.
func binaries() (string, error) {
	found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/postgres")
	if len(found) > 0 {
		return filepath.Dir(found[len(found)-1]), nil
	}
	path, err := exec.LookPath("postgres")
	if err != nil {
		return "", err
	}
	path, err = filepath.EvalSymlinks(path)
	return filepath.Dir(path), err
}

// ownFolder hands folder to nobody where we are root: the server refuses to run
// as root.
func ownFolder(folder string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	if err := os.Chown(folder, 65534, 65534); err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: 65534, Gid: 65534}, nil
}
