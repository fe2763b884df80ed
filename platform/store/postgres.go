package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"

	"sanad/platform/fault"
)

// postgres is one PostgreSQL database: connections that read, and those of the
// writer.
type postgres struct{ pool, writers *pgxpool.Pool }

// byIndex are settings of writing connections. A write asks for few rows and
// finds them by an index; left to itself, the planner goes by what it knew of a
// table that has grown a hundredfold since, and reads all of it each time.
var byIndex = map[string]string{"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off"}

// copyFrom is the number of rows from which COPY beats a batch of inserts.
const copyFrom = 24

// openPostgres connects and refuses a server that could lose what it
// acknowledged, or that compares Arabic by a locale of its own.
func openPostgres(ctx context.Context, location string) (*postgres, error) {
	config, err := pgxpool.ParseConfig(location)
	if err != nil {
		return nil, fault.Invalid("store.location").Because(err)
	}
	config.ConnConfig.RuntimeParams["application_name"] = "sanad"
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fault.Unavailable("store.cannot_connect").Because(err)
	}
	var encoding string
	if err := pool.QueryRow(ctx, "SHOW server_encoding").Scan(&encoding); err != nil {
		pool.Close()
		return nil, fault.Unavailable("store.cannot_connect").Because(err)
	}
	if encoding != "UTF8" {
		pool.Close()
		return nil, fault.Invalid("store.encoding", "encoding", encoding)
	}
	writing := config.Copy()
	for name, value := range byIndex {
		writing.ConnConfig.RuntimeParams[name] = value
	}
	writing.MaxConns = 4
	writers, err := pgxpool.NewWithConfig(ctx, writing)
	if err != nil {
		pool.Close()
		return nil, fault.Unavailable("store.cannot_connect").Because(err)
	}
	return &postgres{pool, writers}, nil
}

func (p *postgres) name() string { return "postgres" }

func (p *postgres) writer(ctx context.Context) (connection, error) { return acquire(ctx, p.writers) }
func (p *postgres) reader(ctx context.Context) (connection, error) { return acquire(ctx, p.pool) }

func acquire(ctx context.Context, pool *pgxpool.Pool) (connection, error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, fault.Unavailable("store.cannot_connect").Because(err)
	}
	return &pgConn{conn: conn}, nil
}

func (p *postgres) release(c connection) { c.(*pgConn).conn.Release() }
func (p *postgres) settled(connection)   {}

// lockOut comes before the transaction's snapshot is taken, so that nobody can
// overtake it any more: every writer of the journal touches its streams.
func (p *postgres) lockOut(c connection) error {
	return c.script("LOCK TABLE streams IN SHARE ROW EXCLUSIVE MODE")
}

func (p *postgres) close() error { p.writers.Close(); p.pool.Close(); return nil }

// pgConn is one connection for one transaction.
type pgConn struct {
	conn *pgxpool.Conn
	tx   pgx.Tx
	rows []byte // of a COPY, used again and again
}

// begin starts a transaction: writers are serializable on top of constraints
// and the guards of versions and heads; readers see one snapshot.
func (c *pgConn) begin(write bool) error {
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	if write {
		options = pgx.TxOptions{IsoLevel: pgx.Serializable}
	}
	var err error
	c.tx, err = c.conn.BeginTx(context.Background(), options)
	if err != nil && c.conn.Conn().IsClosed() {
		return errors.Join(errBusy, err) // lost while nobody used it, and nothing done yet
	}
	return explain(err)
}

func (c *pgConn) commit() error { return explain(c.tx.Commit(context.Background())) }

// rollback ends the transaction; one that has ended with its connection, or by a
// commit that failed, is over already.
func (c *pgConn) rollback() error {
	if c.tx == nil {
		return nil
	}
	err := c.tx.Rollback(context.Background())
	if errors.Is(err, pgx.ErrTxClosed) || c.conn.Conn().IsClosed() {
		return nil
	}
	return err
}

func (c *pgConn) savepoint(name string) error  { return c.script("SAVEPOINT " + name) }
func (c *pgConn) rollbackTo(name string) error { return c.script("ROLLBACK TO SAVEPOINT " + name) }

func (c *pgConn) script(sql string) error {
	_, err := c.conn.Exec(context.Background(), sql, pgx.QueryExecModeSimpleProtocol)
	return explain(err)
}

func (c *pgConn) query(sql string, args []any, each func(*Row) error) error {
	rows, err := c.conn.Query(context.Background(), sql, args...)
	if err != nil {
		return explain(fmt.Errorf("%w in: %s", err, sql))
	}
	return explain(pgRows(rows, each))
}

func pgRows(rows pgx.Rows, each func(*Row) error) error {
	defer rows.Close()
	row := &Row{source: pgCells{rows}}
	for rows.Next() {
		row.next = 0
		if err := each(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (c *pgConn) queryMany(sql string, args [][]any, each func(int, *Row) error) error {
	batch := &pgx.Batch{}
	for _, a := range args {
		batch.Queue(sql, a...)
	}
	results := c.conn.SendBatch(context.Background(), batch)
	defer results.Close() // where a panic passes; closing twice does nothing
	for i := range args {
		rows, err := results.Query()
		if err == nil {
			err = pgRows(rows, func(r *Row) error { return each(i, r) })
		}
		if err != nil {
			return explain(errorsJoin(err, results.Close()))
		}
	}
	return explain(results.Close())
}

func (c *pgConn) exec(sql string, args []any) (int64, error) {
	tag, err := c.conn.Exec(context.Background(), sql, args...)
	return tag.RowsAffected(), explain(err)
}

func (c *pgConn) execMany(sql string, rows int, args func(int) []any) ([]int64, error) {
	batch := &pgx.Batch{}
	for i := range rows {
		batch.Queue(sql, args(i)...)
	}
	results := c.conn.SendBatch(context.Background(), batch)
	affected := make([]int64, rows)
	for i := range rows {
		tag, err := results.Exec()
		if err != nil {
			return nil, explain(errorsJoin(err, results.Close()))
		}
		affected[i] = tag.RowsAffected()
	}
	return affected, explain(results.Close())
}

func (c *pgConn) insert(t *Table, rows int, args func(int) []any) error {
	if rows < copyFrom {
		_, err := c.execMany(t.insertSQL(), rows, args)
		return err
	}
	c.rows = appendCopy(c.rows[:0], rows, args)
	_, err := c.conn.Conn().PgConn().CopyFrom(context.Background(), bytes.NewReader(c.rows), t.copySQL())
	return explain(err)
}

// appendCopy writes rows in COPY's binary form (PostgreSQL documentation, COPY,
// "Binary Format"). Our values are integers, text and bytes only, so that pgx's
// general way, which asks the server for each table's types and looks up an
// encoder for each value, is spared.
func appendCopy(b []byte, rows int, args func(int) []any) []byte {
	b = append(b, "PGCOPY\n\xff\r\n\x00\x00\x00\x00\x00\x00\x00\x00\x00"...)
	for i := range rows {
		row := args(i)
		b = binary.BigEndian.AppendUint16(b, uint16(len(row)))
		for _, value := range row {
			b = appendCopyValue(b, value)
		}
	}
	return append(b, 0xff, 0xff)
}

func appendCopyValue(b []byte, value any) []byte {
	switch v := value.(type) {
	case int64:
		return binary.BigEndian.AppendUint64(append(b, 0, 0, 0, 8), uint64(v))
	case string:
		return append(binary.BigEndian.AppendUint32(b, uint32(len(v))), v...)
	case []byte:
		return append(binary.BigEndian.AppendUint32(b, uint32(len(v))), v...)
	}
	return append(b, 0xff, 0xff, 0xff, 0xff) // NULL: bind lets nothing else through
}

// pgCells reads the row under a pgx cursor, binary form.
type pgCells struct{ rows pgx.Rows }

func (c pgCells) count() int { return len(c.rows.RawValues()) }
func (c pgCells) kind(n int) byte {
	if c.rows.RawValues()[n] == nil {
		return cellNull
	}
	switch c.rows.FieldDescriptions()[n].DataTypeOID {
	case pgtype.Int8OID, pgtype.Int4OID, pgtype.BoolOID:
		return cellInteger
	case pgtype.ByteaOID:
		return cellBytes
	}
	return cellText
}

func (c pgCells) integer(n int) (int64, error) {
	raw, field := c.rows.RawValues()[n], c.rows.FieldDescriptions()[n]
	if field.Format == pgx.BinaryFormatCode {
		switch field.DataTypeOID {
		case pgtype.Int8OID:
			return int64(binary.BigEndian.Uint64(raw)), nil
		case pgtype.Int4OID:
			return int64(int32(binary.BigEndian.Uint32(raw))), nil
		case pgtype.BoolOID:
			return int64(raw[0]), nil
		}
	}
	return 0, fmt.Errorf("store: column %d (%s) is not an integer", n+1, field.Name)
}

func (c pgCells) bytes(n int) ([]byte, error) {
	raw, field := c.rows.RawValues()[n], c.rows.FieldDescriptions()[n]
	switch field.DataTypeOID {
	case pgtype.TextOID, pgtype.ByteaOID, pgtype.VarcharOID, pgtype.NameOID, pgtype.UnknownOID:
		return raw, nil
	}
	return nil, fmt.Errorf("store: column %d (%s) is not text or bytes", n+1, field.Name)
}
