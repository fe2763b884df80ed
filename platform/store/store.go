// Package store keeps what the ministry knows. When a clerk is told "done", the
// change has reached the disk of our own database, here, and nothing else is
// called done.
//
// One program runs on two engines: SQLite inside the process for a branch, a
// demonstration or a small country, PostgreSQL for a nation. The SQL is one
// portable text (house rules in docs/architecture.md); what truly differs lives
// in dialect.go. A Tx reads and fixes who acts, why and when; rows are changed
// through a Writer, which only the journal can obtain for projected tables, so
// that no change is without a trace.
package store

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"os"
	"strings"
	"sync"
	"time"

	"sanad/platform/id"
)

// Grant gives a role over an area: its code and everything below it. An empty
// area is the whole country. The access package says what a role may do.
type Grant struct {
	Role string
	Area string
}

// Session says who acts, for what purpose, and under which command key. A
// command key is minted by the one who asks (a page, a file row, a partner);
// sending the same key twice does the work once.
type Session struct {
	Actor   id.ID
	Purpose string
	Command id.ID
	Grants  []Grant
}

// Options changes how a database is opened. The zero value is right for use.
type Options struct {
	Now      func() time.Time // the clock; nil is the machine's
	Random   io.Reader        // for identifiers and keys; nil is crypto/rand
	ReadOnly bool             // no migration, no writing
	PageKey  []byte           // 32 bytes: SQLite pages are encrypted with Adiantum
	Fatal    func(error)      // what to do when the disk fails; nil logs and ends the process
}

// DB is one open database. It is safe for concurrent use.
type DB struct {
	engine  engine
	options Options
	jobs    chan *job
	stop    chan struct{} // closed when no more is taken
	ended   chan struct{} // closed when all that was taken is answered
	closing sync.Once
	random  sync.Mutex
}

// engine is what SQLite and PostgreSQL do each in their own way.
type engine interface {
	name() string
	writer(ctx context.Context) (connection, error)
	reader(ctx context.Context) (connection, error)
	release(connection)
	lockOut(connection) error // until the end of the transaction, no other process writes
	settled(connection)       // after a commit: SQLite moves its log into the file
	close() error
}

// connection is one conversation with an engine, used by one goroutine.
type connection interface {
	begin(write bool) error
	commit() error
	rollback() error
	savepoint(name string) error
	rollbackTo(name string) error
	query(sql string, args []any, each func(*Row) error) error
	queryMany(sql string, args [][]any, each func(int, *Row) error) error
	exec(sql string, args []any) (int64, error)
	execMany(sql string, rows int, args func(int) []any) ([]int64, error)
	insert(t *Table, rows int, args func(int) []any) error
	script(sql string) error
}

// Open opens, or creates and migrates, the database at location: a folder (the
// file sanad.db in it, made if missing) or a postgres:// URL.
func Open(ctx context.Context, location string, o Options) (*DB, error) {
	o.defaults()
	var e engine
	var err error
	if IsPostgres(location) {
		e, err = openPostgres(ctx, location)
	} else {
		e, err = openSQLite(location, o)
	}
	if err != nil {
		return nil, err
	}
	db := &DB{engine: e, options: o, jobs: make(chan *job, 1024), stop: make(chan struct{}), ended: make(chan struct{})}
	if !o.ReadOnly {
		if err := db.migrate(ctx); err != nil {
			return nil, errorsJoin(err, e.close())
		}
		go db.writeLoop()
		return db, nil
	}
	close(db.ended)
	return db, nil
}

// IsPostgres reports whether location names a PostgreSQL database.
func IsPostgres(location string) bool {
	return strings.HasPrefix(location, "postgres://") || strings.HasPrefix(location, "postgresql://")
}

func (o *Options) defaults() {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
	if o.Fatal == nil {
		o.Fatal = func(err error) {
			// The kernel may already have dropped the pages: going on could
			// acknowledge what is lost (reliability.md 5.1).
			slog.Error("the disk failed; the program ends so that nothing lost is called kept", "error", err)
			os.Exit(1)
		}
	}
}

// Engine returns "sqlite" or "postgres".
func (db *DB) Engine() string { return db.engine.name() }

// Now is the database's clock, in UTC and whole microseconds.
func (db *DB) Now() time.Time { return db.options.Now().UTC().Truncate(time.Microsecond) }

// Close waits for the writes and reads under way and closes the database. What
// comes later is refused with the fault "store.closing"; closing again does
// nothing.
func (db *DB) Close() error {
	var err error
	db.closing.Do(func() {
		close(db.stop)
		<-db.ended
		err = db.engine.close()
	})
	return err
}

// readRandom fills b; the source may not be safe for concurrent use.
func (db *DB) readRandom(b []byte) {
	db.random.Lock()
	defer db.random.Unlock()
	if _, err := io.ReadFull(db.options.Random, b); err != nil {
		db.options.Fatal(err)
	}
}

// Clock is the machine's clock, in UTC: for what happens before a database is
// open. Everything else takes Tx.Now.
func Clock() time.Time { return time.Now().UTC() }
