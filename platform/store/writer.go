package store

import (
	"fmt"
	"slices"
	"strings"

	"sanad/platform/fault"
)

// Writer buffers inserts, updates and deletes by table and flushes them as one
// COPY, batch or prepared statement, so that one registration and one million
// go the same way. Within a table the order of changes is kept; between tables
// it is not, so no foreign key may join projected tables.
type Writer struct {
	classes [5]bool
	*buffer
}

// buffer is what waits in one transaction, behind all its Writers.
type buffer struct {
	tx     *Tx
	tables map[*Table]*pending
	order  []*pending
	sender *sender // nil while nothing is being sent
}

type verb uint8

const (
	inserting verb = iota + 1
	putting
	updating
	deleting
)

// pending is a run of like changes to one table: same verb, same statement.
type pending struct {
	table   *Table
	verb    verb
	sql     string
	stride  int
	values  []any
	guarded bool
}

// flushAt bounds the values that wait in memory for one table.
const flushAt = 12 << 10

// Projected returns the Writer of projected, derived and sealed tables. Only
// package journal may call it: an architecture test holds that.
func (tx *Tx) Projected() *Writer { return tx.writer(Projected, Derived, Sealed) }

// Local returns a Writer of this node's own tables.
func (tx *Tx) Local() *Writer { return tx.writer(Local) }

// writer returns a Writer that is open to some classes of table.
func (tx *Tx) writer(classes ...Class) *Writer {
	if !tx.write {
		panic("store: a reading transaction has no Writer")
	}
	if tx.rows == nil {
		tx.rows = &buffer{tx: tx, tables: map[*Table]*pending{}}
	}
	w := &Writer{buffer: tx.rows}
	for _, c := range classes {
		w.classes[c] = true
	}
	return w
}

// Insert adds a row; values stand in the order of the table's columns.
func (w *Writer) Insert(t *Table, values ...any) error {
	return w.add(t, inserting, t.insertSQL, values, false)
}

// Put adds a row or replaces the one with the same key.
func (w *Writer) Put(t *Table, values ...any) error {
	return w.add(t, putting, t.putSQL, values, false)
}

// Update sets columns of the row with this key; set is column, value, column,
// value. Where the table has a version column, set must name it: the row is
// changed only if it stands one version before, else the flush returns the
// fault "store.changed". A row that is not there is "store.changed" too.
func (w *Writer) Update(t *Table, key []any, set ...any) error {
	columns := make([]string, 0, len(set)/2)
	values := make([]any, 0, len(set)/2+len(key)+1)
	var version any
	for i := 0; i < len(set); i += 2 {
		column := set[i].(string)
		if !t.has(column) {
			return fmt.Errorf("store: no column %s in %s", column, t.Name)
		}
		if column == t.Version {
			version = set[i+1]
		}
		columns = append(columns, fmt.Sprintf("%s = $%d", column, len(columns)+1))
		values = append(values, set[i+1])
	}
	values = append(values, key...)
	sql := func() string {
		text := fmt.Sprintf("UPDATE %s SET %s WHERE %s", t.Name, strings.Join(columns, ", "), t.where(len(columns)+1))
		if version != nil {
			text += fmt.Sprintf(" AND %s = $%d - 1", t.Version, len(columns)+len(key)+1)
		}
		return text
	}
	if version != nil {
		values = append(values, version)
	}
	return w.add(t, updating, sql, values, true)
}

// Delete removes the row with this key, if it is there.
func (w *Writer) Delete(t *Table, key ...any) error {
	return w.add(t, deleting, func() string { return fmt.Sprintf("DELETE FROM %s WHERE %s", t.Name, t.where(1)) }, key, false)
}

func (w *Writer) add(t *Table, v verb, sql func() string, values []any, guarded bool) error {
	if !w.classes[t.Class] {
		return fmt.Errorf("store: table %s is not open to this writer", t.Name)
	}
	if (v == inserting || v == putting) && len(values) != len(t.Columns) {
		return fmt.Errorf("store: %d values for the %d columns of %s", len(values), len(t.Columns), t.Name)
	}
	p := w.tables[t]
	if p != nil && p.verb == v && v != updating {
		p.values = append(p.values, bind(values)...)
	} else {
		text := sql()
		if p == nil || p.verb != v || p.sql != text {
			if err := w.flushTable(t); err != nil {
				return err
			}
			p = &pending{table: t, verb: v, sql: text, stride: len(values), guarded: guarded}
			w.tables[t] = p
			w.order = append(w.order, p)
		}
		p.values = append(p.values, bind(values)...)
	}
	if len(p.values) >= flushAt {
		w.forget(p)
		return w.sendBehind(p)
	}
	return nil
}

func (w *buffer) flushTable(t *Table) error {
	p := w.tables[t]
	if p == nil {
		return nil
	}
	w.forget(p)
	if err := w.settle(); err != nil {
		return err
	}
	return w.send(p)
}

// forget takes p out of what waits.
func (w *buffer) forget(p *pending) {
	delete(w.tables, p.table)
	if at := slices.Index(w.order, p); at >= 0 {
		w.order = slices.Delete(w.order, at, at+1)
	}
}

// flush sends everything that waits, tables in the order of their first change,
// and returns when all of it has been taken.
func (tx *Tx) flush() error {
	if tx.rows == nil {
		return nil
	}
	w := tx.rows
	if err := w.settle(); err != nil || len(w.order) == 0 {
		return err
	}
	order := w.order
	w.order, w.tables = nil, map[*Table]*pending{}
	for _, p := range order {
		if err := w.send(p); err != nil {
			return err
		}
	}
	return nil
}

// sender hands full buffers to the engine while the transaction goes on filling
// others. It has the connection until it is settled: nobody else asks or writes
// meanwhile, so the order of all statements is still one order.
type sender struct {
	full chan *pending
	done chan error
}

// sendBehind has p sent by another goroutine, at most two buffers behind.
func (w *buffer) sendBehind(p *pending) error {
	if w.sender == nil {
		w.sender = &sender{full: make(chan *pending, 1), done: make(chan error, 1)}
		go w.sender.run(w)
	}
	select {
	case w.sender.full <- p:
		return nil
	case err := <-w.sender.done: // it failed, and has ended
		w.sender = nil
		return err
	}
}

func (s *sender) run(w *buffer) {
	defer func() {
		if p := recover(); p != nil {
			s.done <- fmt.Errorf("store: panic in a write: %v", p)
		}
	}()
	for p := range s.full {
		if err := w.send(p); err != nil {
			s.done <- err
			return
		}
	}
	s.done <- nil
}

// settle waits until the connection is the transaction's own again.
func (w *buffer) settle() error {
	if w.sender == nil {
		return nil
	}
	close(w.sender.full)
	err := <-w.sender.done
	w.sender = nil
	return err
}

func (w *buffer) send(p *pending) error {
	rows := 1
	if p.stride > 0 {
		rows = len(p.values) / p.stride
	}
	args := func(i int) []any { return p.values[i*p.stride : (i+1)*p.stride] }
	if p.verb == inserting {
		return explain(w.tx.conn.insert(p.table, rows, args))
	}
	affected, err := w.tx.conn.execMany(p.sql, rows, args)
	if err != nil {
		return explain(err)
	}
	if p.guarded {
		for _, n := range affected {
			if n == 0 {
				return fault.Conflict("store.changed", "table", p.table.Name)
			}
		}
	}
	return nil
}
