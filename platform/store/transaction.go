package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
)

// Tx is one transaction: everything in it happens or nothing does. Actor,
// purpose, command, grants and Now are fixed for its length. It is used by one
// goroutine.
type Tx struct {
	Session
	Now time.Time // UTC, whole microseconds

	db      *DB
	conn    connection
	ctx     context.Context
	write   bool
	rows    *buffer
	values  map[any]any
	minted  uint32
	entropy []byte
}

// job is one caller of Write, waiting for its group's commit.
type job struct {
	ctx     context.Context
	session Session
	work    func(*Tx) error
	answer  chan error
}

var (
	// errBusy marks work that another process overtook, or whose connection was
	// lost before its commit; it is done again.
	errBusy = errors.New("store: another process changed the same rows")
	// errGone marks a transaction that the engine ended by itself: nothing of it
	// is kept, of nobody's work in it.
	errGone = errors.New("store: the transaction was ended by the engine")
)

const (
	groupLimit  = 64 // callers that share one commit
	tries       = 8  // times a busy job is done again
	lockedTries = 2  // after so many, other processes are locked out
)

// Read runs work on one consistent snapshot. Nothing can be changed in it.
func (db *DB) Read(ctx context.Context, who Session, work func(*Tx) error) error {
	conn, err := db.beginRead(ctx)
	if err != nil {
		return err
	}
	defer db.engine.release(conn)
	done := false
	defer func() {
		if !done { // a panic passes: the connection must not stay in its snapshot
			_ = conn.rollback()
		}
	}()
	err = work(db.newTx(ctx, conn, who, false))
	done = true
	return errorsJoin(err, conn.rollback())
}

// beginRead opens a snapshot; connections that were lost while nobody used them
// are passed over.
func (db *DB) beginRead(ctx context.Context) (connection, error) {
	for try := 1; ; try++ {
		if db.stopped() {
			return nil, fault.Unavailable("store.closing")
		}
		conn, err := db.engine.reader(ctx)
		if err != nil {
			return nil, err
		}
		if err = conn.begin(false); err == nil {
			return conn, nil
		}
		db.engine.release(conn)
		if try == tries || !errors.Is(err, errBusy) {
			return nil, err
		}
	}
}

func (db *DB) stopped() bool {
	select {
	case <-db.stop:
		return true
	default:
		return false
	}
}

// Write runs work and returns nil only after the commit has reached the disk.
// Callers that arrive during a commit share the next one. Work may run again
// from the start when another process overtook it, so it must change nothing
// outside tx. A database opened for reading answers "store.read_only".
func (db *DB) Write(ctx context.Context, who Session, work func(*Tx) error) error {
	if db.options.ReadOnly {
		return fault.Forbidden("store.read_only")
	}
	if db.stopped() {
		return fault.Unavailable("store.closing")
	}
	j := &job{ctx: ctx, session: who, work: work, answer: make(chan error, 1)}
	select {
	case db.jobs <- j:
	case <-db.stop:
		return fault.Unavailable("store.closing")
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case err := <-j.answer:
		return err
	case <-db.ended: // it may have come into the queue after the last look at it
	}
	select {
	case err := <-j.answer:
		return err
	default:
		return fault.Unavailable("store.closing")
	}
}

// writeLoop is the only goroutine of this process that changes rows.
func (db *DB) writeLoop() {
	defer close(db.ended)
	for {
		select {
		case j := <-db.jobs:
			db.writeGroup(j)
		case <-db.stop:
			for {
				select {
				case j := <-db.jobs:
					db.writeGroup(j)
				default:
					return
				}
			}
		}
	}
}

// writeGroup commits first and whoever queued meanwhile. A group that another
// process overtook is done again one by one.
func (db *DB) writeGroup(first *job) {
	group, err := db.tryGroup(first)
	for _, j := range group {
		if !errors.Is(err, errBusy) {
			j.answer <- err
			continue
		}
		db.again(j)
	}
}

// again does one job again, and answers it. Processes that overtake it time and
// again are locked out in the end.
func (db *DB) again(j *job) {
	var err error
	for try := range tries {
		var group []*job
		group, err = db.commitGroup(func() *job { return nil }, j, try >= lockedTries)
		if len(group) == 0 {
			return // answered inside
		}
		if !errors.Is(err, errBusy) {
			j.answer <- err
			return
		}
		time.Sleep(time.Duration(try*try) * time.Millisecond)
	}
	j.answer <- fault.Unavailable("store.busy").Because(err)
}

func (db *DB) tryGroup(first *job) ([]*job, error) {
	taken := 1
	next := func() *job {
		if taken == groupLimit {
			return nil
		}
		taken++
		select {
		case j := <-db.jobs:
			return j
		default:
			return nil
		}
	}
	return db.commitGroup(next, first, false)
}

// commitGroup runs first, then what next yields, in one transaction. Jobs that
// fail on their own are answered at once; the rest share the returned error.
func (db *DB) commitGroup(next func() *job, first *job, locked bool) ([]*job, error) {
	conn, err := db.engine.writer(context.Background())
	if err != nil {
		return []*job{first}, err
	}
	defer db.engine.release(conn)
	if err = conn.begin(true); err == nil && locked {
		err = db.engine.lockOut(conn)
	}
	if err != nil {
		return []*job{first}, errorsJoin(err, conn.rollback())
	}
	if err = db.failed(db.alone(conn, first)); err != nil {
		err = errorsJoin(err, conn.rollback())
		if errors.Is(err, errBusy) {
			return []*job{first}, err
		}
		first.answer <- err
		return nil, nil
	}
	group := []*job{first}
	for j := next(); j != nil; j = next() {
		err := db.failed(db.member(conn, j, len(group)))
		switch {
		case err == nil:
			group = append(group, j)
			continue
		case errors.Is(err, errBusy):
			return append(group, j), errorsJoin(err, conn.rollback())
		}
		j.answer <- err
		if errors.Is(err, errGone) { // with the work of those before: they are done again
			return group, errors.Join(errBusy, err, conn.rollback())
		}
	}
	if err := conn.commit(); err != nil {
		return group, db.failed(errorsJoin(err, conn.rollback()))
	}
	db.engine.settled(conn)
	return group, nil
}

// member runs a further job of a group behind a savepoint, so that its failure
// undoes nobody else's work. The first needs none: with it all ends.
func (db *DB) member(conn connection, j *job, n int) error {
	name := fmt.Sprintf("member_%d", n)
	if err := conn.savepoint(name); err != nil {
		return err
	}
	err := db.alone(conn, j)
	if err == nil {
		return nil
	}
	if gone := conn.rollbackTo(name); gone != nil {
		return errors.Join(err, errGone, gone)
	}
	return err
}

// alone runs one job. Where it fails nothing of it is being sent any more.
func (db *DB) alone(conn connection, j *job) error {
	if err := j.ctx.Err(); err != nil {
		return err
	}
	tx := db.newTx(j.ctx, conn, j.session, true)
	err := guarded(j.work, tx)
	if err == nil {
		err = tx.flush()
	}
	if err != nil && tx.rows != nil {
		_ = tx.rows.settle() // err says already that nothing of this is kept
	}
	return err
}

// guarded turns a panic of one job into its error: the others go on.
func guarded(work func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("store: panic in a write: %v", p)
		}
	}()
	return work(tx)
}

func (db *DB) failed(err error) error {
	if isDiskFailure(err) {
		db.options.Fatal(err)
	}
	return err
}

func (db *DB) newTx(ctx context.Context, conn connection, who Session, write bool) *Tx {
	return &Tx{Session: who, Now: db.Now(), db: db, conn: conn, ctx: ctx, write: write}
}

// Context is the caller's context.
func (tx *Tx) Context() context.Context { return tx.ctx }

// Today is the date of Now in Africa/Tripoli.
func (tx *Tx) Today() calendar.Date { return calendar.Day(tx.Now) }

// Random fills b from the database's source of randomness.
func (tx *Tx) Random(b []byte) {
	if len(tx.entropy) < len(b) {
		tx.entropy = make([]byte, max(4096, len(b)))
		tx.db.readRandom(tx.entropy)
	}
	copy(b, tx.entropy)
	tx.entropy = tx.entropy[len(b):]
}

// NewID mints an identifier. Within a transaction they count upwards in twelve
// bits below the millisecond (RFC 9562 section 6.2, method 1), so that rows
// made together lie together.
func (tx *Tx) NewID() id.ID {
	var random [10]byte
	tx.Random(random[:])
	counter := tx.minted & 0xfff
	random[0], random[1] = byte(counter>>8), byte(counter)
	minted := id.New(tx.Now.Add(time.Duration(tx.minted>>12)*time.Millisecond), random)
	tx.minted++
	return minted
}

// Value returns what SetValue kept under key; platform packages hang their
// per-transaction state here.
func (tx *Tx) Value(key any) any { return tx.values[key] }

// SetValue keeps a value for the length of the transaction.
func (tx *Tx) SetValue(key, value any) {
	if tx.values == nil {
		tx.values = map[any]any{}
	}
	tx.values[key] = value
}

// Each calls f for every row of a query, in its order. Within f the same Tx
// must not be used. Rows buffered in the Writer are flushed first, so a query
// sees the transaction's own changes.
func (tx *Tx) Each(f func(*Row) error, sql string, args ...any) error {
	if err := tx.flush(); err != nil {
		return err
	}
	return tx.conn.query(sql, bind(args), f)
}

// Batch asks the same query with many argument lists in one round trip and
// calls f with the list's index for every row found.
func (tx *Tx) Batch(f func(index int, row *Row) error, sql string, args [][]any) error {
	if err := tx.flush(); err != nil {
		return err
	}
	for _, a := range args {
		bind(a)
	}
	return tx.conn.queryMany(sql, args, f)
}

// One returns the first row of a query and whether there was one.
func One[T any](tx *Tx, scan func(*Row) T, sql string, args ...any) (T, bool, error) {
	var first T
	found := false
	err := tx.Each(func(r *Row) error {
		if !found {
			first, found = scan(r), true
		}
		return r.Err()
	}, sql, args...)
	return first, found, err
}

// All returns every row of a query, in its order.
func All[T any](tx *Tx, scan func(*Row) T, sql string, args ...any) ([]T, error) {
	var rows []T
	err := tx.Each(func(r *Row) error {
		rows = append(rows, scan(r))
		return r.Err()
	}, sql, args...)
	return rows, err
}
