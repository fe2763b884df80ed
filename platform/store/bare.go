package store

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"sanad/platform/fault"
)

// Rows are all rows of some tables, kept in files outside any database, so that
// a benchmark can hold an import against the bare writing of what it wrote.
type Rows struct {
	folder string
	tables []*Table
	counts []int
}

// TakeRows copies the rows of tables into files in folder, in the order in which
// they were first written, row by row.
func TakeRows(ctx context.Context, db *DB, folder string, tables []*Table) (*Rows, error) {
	taken := &Rows{folder: folder, tables: tables, counts: make([]int, len(tables))}
	err := db.Read(ctx, Session{Purpose: "benchmark"}, func(tx *Tx) error {
		for n, t := range tables {
			if err := taken.take(tx, n, t); err != nil {
				return fmt.Errorf("rows of %s: %w", t.Name, err)
			}
		}
		return nil
	})
	return taken, err
}

// Count is the number of rows of all tables.
func (rows *Rows) Count() int {
	sum := 0
	for _, n := range rows.counts {
		sum += n
	}
	return sum
}

// Remove deletes the files.
func (rows *Rows) Remove() error {
	var errs []error
	for _, t := range rows.tables {
		errs = append(errs, os.Remove(rows.path(t)))
	}
	return errors.Join(errs...)
}

func (rows *Rows) path(t *Table) string { return filepath.Join(rows.folder, t.Name+".rows") }

func (rows *Rows) take(tx *Tx, n int, t *Table) error {
	file, err := os.Create(rows.path(t))
	if err != nil {
		return err
	}
	out := bufio.NewWriterSize(file, 1<<20)
	var b []byte
	err = tx.Each(func(r *Row) error {
		rows.counts[n]++
		b = b[:0]
		for c := range r.source.count() {
			if b, err = appendCell(b, r.source, c); err != nil {
				return err
			}
		}
		_, err := out.Write(b)
		return err
	}, "SELECT "+strings.Join(t.Columns, ", ")+" FROM "+t.Name)
	return errors.Join(err, out.Flush(), file.Close())
}

func appendCell(b []byte, source cells, n int) ([]byte, error) {
	kind := source.kind(n)
	switch kind {
	case cellNull:
		return append(b, cellNull), nil
	case cellInteger:
		value, err := source.integer(n)
		return binary.AppendVarint(append(b, cellInteger), value), err
	}
	value, err := source.bytes(n)
	return append(binary.AppendUvarint(append(b, kind), uint64(len(value))), value...), err
}

// Bare writes rows into db as fast as its driver does by itself, with the
// indexes in place and nothing else done: on PostgreSQL one COPY a table, in
// pgx's own form; on SQLite prepared inserts, in as many transactions as are
// named. It is for measuring only, and db must be empty: the fault
// "store.not_empty" else.
func (db *DB) Bare(ctx context.Context, rows *Rows, transactions int) error {
	conn, err := db.engine.writer(ctx)
	if err != nil {
		return err
	}
	defer db.engine.release(conn)
	for _, t := range rows.tables {
		err := conn.query("SELECT 1 FROM "+t.Name+" LIMIT 1", nil, func(*Row) error { return fault.Conflict("store.not_empty", "table", t.Name) })
		if err != nil {
			return err
		}
	}
	if pg, ok := conn.(*pgConn); ok {
		return pg.bare(ctx, rows)
	}
	return db.bareInserts(conn, rows, transactions)
}

func (c *pgConn) bare(ctx context.Context, rows *Rows) error {
	for n, t := range rows.tables {
		source, err := rows.open(t)
		if err != nil {
			return err
		}
		_, err = c.conn.CopyFrom(ctx, pgx.Identifier{t.Name}, t.Columns,
			pgx.CopyFromSlice(rows.counts[n], func(int) ([]any, error) { return source.next() }))
		if err := errors.Join(err, source.close()); err != nil {
			return fmt.Errorf("copy of %s: %w", t.Name, err)
		}
	}
	return nil
}

// bareInserts gives each transaction its share of every table's rows, as the
// import does.
func (db *DB) bareInserts(conn connection, rows *Rows, transactions int) error {
	sources := make([]*cellReader, len(rows.tables))
	for n, t := range rows.tables {
		var err error
		if sources[n], err = rows.open(t); err != nil {
			return err
		}
		defer sources[n].close()
	}
	for k := range transactions {
		if err := conn.begin(true); err != nil {
			return err
		}
		for n, t := range rows.tables {
			share := rows.counts[n]*(k+1)/transactions - rows.counts[n]*k/transactions
			var failed error
			err := conn.insert(t, share, func(int) []any {
				row, err := sources[n].next()
				failed = errors.Join(failed, err)
				return row
			})
			if err := errors.Join(failed, err); err != nil {
				return errors.Join(fmt.Errorf("insert into %s: %w", t.Name, err), conn.rollback())
			}
		}
		if err := conn.commit(); err != nil {
			return err
		}
		db.engine.settled(conn)
	}
	return nil
}

// cellReader gives the rows of one file; each is valid until the next.
type cellReader struct {
	file *os.File
	in   *bufio.Reader
	row  []any
	data []byte
}

func (rows *Rows) open(t *Table) (*cellReader, error) {
	file, err := os.Open(rows.path(t))
	if err != nil {
		return nil, err
	}
	return &cellReader{file: file, in: bufio.NewReaderSize(file, 1<<20), row: make([]any, len(t.Columns)), data: make([]byte, 0, 4096)}, nil
}

func (r *cellReader) close() error { return r.file.Close() }

func (r *cellReader) next() ([]any, error) {
	r.data = r.data[:0]
	for n := range r.row {
		tag, err := r.in.ReadByte()
		if err != nil {
			return r.row, err
		}
		switch tag {
		case cellNull:
			r.row[n] = nil
			continue
		case cellInteger:
			value, err := binary.ReadVarint(r.in)
			if err != nil {
				return r.row, err
			}
			r.row[n] = value
			continue
		}
		value, err := r.bytes()
		if err != nil {
			return r.row, err
		}
		r.row[n] = value
		if tag == cellText {
			r.row[n] = string(value)
		}
	}
	return r.row, nil
}

// bytes reads one value into the row's memory; what grows beyond it lies apart.
func (r *cellReader) bytes() ([]byte, error) {
	size, err := binary.ReadUvarint(r.in)
	if err != nil {
		return nil, err
	}
	start := len(r.data)
	if start+int(size) > cap(r.data) {
		r.data, start = make([]byte, 0, 2*cap(r.data)+int(size)), 0
	}
	r.data = r.data[:start+int(size)]
	_, err = io.ReadFull(r.in, r.data[start:])
	return r.data[start:len(r.data):len(r.data)], err
}

// bareAtOnce is how many rows BareRows sends in one transaction.
const bareAtOnce = 50_000

// BareRows writes rows into a table as fast as the engine does by itself, past
// the journal: into a database that is made for a measurement and belongs to
// nobody. Fill puts one row after the other, in the order of the table's columns.
func (db *DB) BareRows(ctx context.Context, t *Table, fill func(put func(row ...any) error) error) error {
	conn, err := db.engine.writer(ctx)
	if err != nil {
		return err
	}
	defer db.engine.release(conn)
	rows := make([][]any, 0, bareAtOnce)
	send := func() error {
		if err := conn.begin(true); err != nil {
			return err
		}
		if err := conn.insert(t, len(rows), func(n int) []any { return rows[n] }); err != nil {
			return errors.Join(fmt.Errorf("insert into %s: %w", t.Name, err), conn.rollback())
		}
		if err := conn.commit(); err != nil {
			return err
		}
		db.engine.settled(conn)
		rows = rows[:0]
		return nil
	}
	err = fill(func(row ...any) error {
		if rows = append(rows, bind(row)); len(rows) < bareAtOnce {
			return nil
		}
		return send()
	})
	if err != nil || len(rows) == 0 {
		return err
	}
	return send()
}
