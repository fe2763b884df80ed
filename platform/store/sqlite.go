package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"
	_ "github.com/ncruces/go-sqlite3/vfs/adiantum" // pages at rest

	"sanad/platform/fault"
)

// sqlite is one database file: a single writing connection and a few that only
// read.
type sqlite struct {
	write   chan *liteConn
	read    chan *liteConn
	all     []*liteConn
	writing *liteConn // nil where nothing may be written
	pending int       // pages in the log since the last checkpoint
	closed  chan struct{}
}

// PageCache is how many bytes of a SQLite file the writer keeps in memory.
const PageCache = cacheKilobytes << 10

const (
	sqliteReaders    = 4
	checkpointPages  = 64 << 10 // 256 MB of log
	cacheKilobytes   = 100 << 10
	readerKilobytes  = 16 << 10
	statementsCached = 256
)

// openSQLite opens folder/sanad.db. Settings and their evidence: WAL, because
// readers must not wait for the writer; synchronous FULL, because NORMAL loses
// acknowledged work on a power cut; one checkpointer.
func openSQLite(folder string, o Options) (*sqlite, error) {
	if !o.ReadOnly {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return nil, fault.Invalid("store.folder", "folder", folder).Because(err)
		}
	}
	s := &sqlite{write: make(chan *liteConn, 1), read: make(chan *liteConn, sqliteReaders), closed: make(chan struct{})}
	for n := range sqliteReaders + 1 {
		writes := n == 0
		if writes && o.ReadOnly {
			continue
		}
		c, err := openLite(filepath.Join(folder, "sanad.db"), o, writes)
		if err != nil {
			return nil, errorsJoin(err, s.closeAll())
		}
		s.all = append(s.all, c)
		if writes {
			s.writing = c
			c.conn.WALHook(func(_ *sqlite3.Conn, _ string, pages int) error { s.pending = pages; return nil })
			s.write <- c
			continue
		}
		s.read <- c
	}
	return s, nil
}

func openLite(path string, o Options, writes bool) (*liteConn, error) {
	query := url.Values{}
	if len(o.PageKey) > 0 {
		query.Set("vfs", "adiantum")
		query.Set("hexkey", hex.EncodeToString(o.PageKey))
	}
	flags := sqlite3.OPEN_READWRITE | sqlite3.OPEN_URI
	if writes {
		flags |= sqlite3.OPEN_CREATE
	}
	conn, err := sqlite3.OpenFlags("file:"+(&url.URL{Path: path}).EscapedPath()+"?"+query.Encode(), flags)
	if err != nil {
		return nil, fault.Unavailable("store.cannot_open", "path", path).Because(err)
	}
	cache, only := readerKilobytes, "PRAGMA query_only=ON;"
	if writes {
		cache, only = cacheKilobytes, ""
	}
	err = conn.Exec(fmt.Sprintf(`PRAGMA busy_timeout=10000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
		PRAGMA foreign_keys=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA secure_delete=ON;
		PRAGMA temp_store=MEMORY; PRAGMA wal_autocheckpoint=0; PRAGMA cache_size=-%d; %s`, cache, only))
	if err != nil {
		return nil, errors.Join(fault.Unavailable("store.cannot_open", "path", path).Because(err), conn.Close())
	}
	return &liteConn{conn: conn, statements: map[string]*sqlite3.Stmt{}}, nil
}

func (s *sqlite) name() string { return "sqlite" }

func (s *sqlite) writer(ctx context.Context) (connection, error) { return s.take(ctx, s.write) }
func (s *sqlite) reader(ctx context.Context) (connection, error) { return s.take(ctx, s.read) }

func (s *sqlite) take(ctx context.Context, pool chan *liteConn) (connection, error) {
	select {
	case c := <-pool:
		return c, nil
	case <-s.closed:
		return nil, fault.Unavailable("store.closing")
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *sqlite) release(c connection) {
	lite := c.(*liteConn)
	if lite == s.writing {
		s.write <- lite
		return
	}
	s.read <- lite
}

// settled moves the log into the file when it has grown; readers that still
// look at old pages make it move less, never wait.
func (s *sqlite) settled(c connection) {
	if s.pending < checkpointPages {
		return
	}
	if _, _, err := c.(*liteConn).conn.WALCheckpoint("main", sqlite3.CHECKPOINT_PASSIVE); err == nil {
		s.pending = 0
	}
}

// lockOut has nothing to do: BEGIN IMMEDIATE locks every other writer out.
func (s *sqlite) lockOut(connection) error { return nil }

// close waits until every connection was given back: closing one that is in use
// would take the program with it.
func (s *sqlite) close() error {
	close(s.closed)
	for range s.all {
		select {
		case <-s.write:
		case <-s.read:
		}
	}
	return s.closeAll()
}

func (s *sqlite) closeAll() error {
	var errs []error
	for _, c := range s.all {
		for _, statement := range c.statements {
			errs = append(errs, statement.Close())
		}
		errs = append(errs, c.conn.Close())
	}
	return errors.Join(errs...)
}

// liteConn is one connection with its prepared statements.
type liteConn struct {
	conn       *sqlite3.Conn
	statements map[string]*sqlite3.Stmt
	running    []*sqlite3.Stmt // whose rows are being read
}

func (c *liteConn) begin(write bool) error {
	if write {
		return explain(c.conn.Exec("BEGIN IMMEDIATE"))
	}
	return explain(c.conn.Exec("BEGIN"))
}

func (c *liteConn) commit() error   { return explain(c.conn.Exec("COMMIT")) }
func (c *liteConn) rollback() error { c.settle(); return rolledBack(c.conn) }

// rolledBack ends a transaction that SQLite may have ended by itself.
func rolledBack(conn *sqlite3.Conn) error {
	if conn.GetAutocommit() {
		return nil
	}
	return conn.Exec("ROLLBACK")
}

func (c *liteConn) savepoint(name string) error { return c.conn.Exec("SAVEPOINT " + name) }
func (c *liteConn) rollbackTo(name string) error {
	c.settle()
	return c.conn.Exec("ROLLBACK TO " + name)
}
func (c *liteConn) script(sql string) error { return c.conn.Exec(sql) }

// settle resets the statements that a panic left in the middle of their rows:
// one of them would hold its snapshot for ever.
func (c *liteConn) settle() {
	for _, s := range c.running {
		_ = s.Reset() // it says again what its own run said
	}
	c.running = c.running[:0]
}

// statement returns the prepared form of sql, from the cache where it is there.
func (c *liteConn) statement(sql string) (*sqlite3.Stmt, error) {
	if s := c.statements[sql]; s != nil && !s.Busy() {
		return s, nil
	}
	s, _, err := c.conn.PrepareFlags(sqliteText(sql), sqlite3.PREPARE_PERSISTENT)
	if err != nil {
		return nil, fmt.Errorf("%w in: %s", err, sql)
	}
	if len(c.statements) >= statementsCached {
		for old, statement := range c.statements {
			if !statement.Busy() {
				delete(c.statements, old)
				err = errors.Join(err, statement.Close())
			}
		}
	}
	c.statements[sql] = s
	return s, err
}

func (c *liteConn) query(sql string, args []any, each func(*Row) error) error {
	s, err := c.statement(sql)
	if err != nil {
		return err
	}
	return c.run(s, args, each)
}

// run binds, steps through all rows and resets.
func (c *liteConn) run(s *sqlite3.Stmt, args []any, each func(*Row) error) error {
	err := bindLite(s, args)
	row := &Row{source: liteCells{s}}
	c.running = append(c.running, s)
	for err == nil && s.Step() {
		row.next = 0
		err = each(row)
	}
	c.running = c.running[:len(c.running)-1]
	return explain(errorsJoin(errorsJoin(err, s.Err()), s.Reset()))
}

func (c *liteConn) queryMany(sql string, args [][]any, each func(int, *Row) error) error {
	s, err := c.statement(sql)
	if err != nil {
		return err
	}
	for i, a := range args {
		if err := c.run(s, a, func(r *Row) error { return each(i, r) }); err != nil {
			return err
		}
	}
	return nil
}

func (c *liteConn) exec(sql string, args []any) (int64, error) {
	err := c.query(sql, args, func(*Row) error { return nil })
	return c.conn.Changes(), err
}

func (c *liteConn) execMany(sql string, rows int, args func(int) []any) ([]int64, error) {
	s, err := c.statement(sql)
	if err != nil {
		return nil, err
	}
	affected := make([]int64, rows)
	for i := range rows {
		if err := c.run(s, args(i), func(*Row) error { return nil }); err != nil {
			return nil, err
		}
		affected[i] = c.conn.Changes()
	}
	return affected, nil
}

func (c *liteConn) insert(t *Table, rows int, args func(int) []any) error {
	s, err := c.statement(t.insertSQL())
	if err != nil {
		return err
	}
	for i := range rows {
		if err := bindLite(s, args(i)); err != nil {
			return err
		}
		s.Step()
		if err := errorsJoin(s.Err(), s.Reset()); err != nil {
			return err
		}
	}
	return nil
}

func bindLite(s *sqlite3.Stmt, args []any) error {
	for i, a := range args {
		var err error
		switch v := a.(type) {
		case nil:
			err = s.BindNull(i + 1)
		case int64:
			err = s.BindInt64(i+1, v)
		case string:
			err = s.BindText(i+1, v)
		case []byte:
			err = s.BindBlob(i+1, v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// liteCells reads the row under a statement's cursor.
type liteCells struct{ s *sqlite3.Stmt }

func (c liteCells) count() int { return c.s.ColumnCount() }
func (c liteCells) kind(n int) byte {
	switch c.s.ColumnType(n) {
	case sqlite3.NULL:
		return cellNull
	case sqlite3.INTEGER:
		return cellInteger
	case sqlite3.TEXT:
		return cellText
	}
	return cellBytes
}

func (c liteCells) integer(n int) (int64, error) {
	if kind := c.s.ColumnType(n); kind != sqlite3.INTEGER {
		return 0, fmt.Errorf("store: column %d is %v, not an integer", n+1, kind)
	}
	return c.s.ColumnInt64(n), nil
}

func (c liteCells) bytes(n int) ([]byte, error) {
	switch kind := c.s.ColumnType(n); kind {
	case sqlite3.TEXT:
		return c.s.ColumnRawText(n), nil
	case sqlite3.BLOB:
		return c.s.ColumnRawBlob(n), nil
	default:
		return nil, fmt.Errorf("store: column %d is %v, not text or bytes", n+1, kind)
	}
}
