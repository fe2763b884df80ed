package store

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Class says where a table's rows come from, and so what may change them.
type Class uint8

// The classes of table.
const (
	// Projected rows are written by an event's Apply only; they are part of the
	// digest, and a rebuild from the journal gives them again.
	Projected Class = iota + 1
	// Derived rows can be made again from projected ones (search codes, counts);
	// they are written by Apply too and are not part of the digest.
	Derived
	// Local rows belong to this node (sessions, drafts, bookmarks): never
	// journalled, never synchronised.
	Local
	// Sealed rows are the journal's own: entries, sheets, keys, heads.
	Sealed
)

// Table declares a table to the Writer and to the digest. Its columns stand in
// the order in which Insert takes their values; the migration makes it.
type Table struct {
	Name    string
	Class   Class
	Key     []string // the primary key; IDs, integers or text
	Columns []string // all of them, key included
	Version string   // the column that guards updates, if there is one
}

// Digest hashes every row of the projected tables among tables, each in the
// order of its key, and returns one hash a table. The encoding is our own, so
// the digest is the same on both engines.
func Digest(tx *Tx, tables []*Table) (map[string][32]byte, error) {
	digests := map[string][32]byte{}
	for _, t := range tables {
		if t.Class != Projected {
			continue
		}
		h := sha256.New()
		sql := fmt.Sprintf("SELECT %s FROM %s ORDER BY %s",
			strings.Join(t.Columns, ", "), t.Name, strings.Join(t.Key, ", "))
		out := bufio.NewWriterSize(h, 32<<10)
		err := tx.Each(func(r *Row) error { return hashRow(out, r) }, sql)
		if err = errorsJoin(err, out.Flush()); err != nil {
			return nil, fmt.Errorf("digest of %s: %w", t.Name, err)
		}
		digests[t.Name] = [32]byte(h.Sum(nil))
	}
	return digests, nil
}

// hashRow writes a row as tagged, length-prefixed cells. Integers, text and
// bytes look alike to it where an engine gives them as bytes: the tag tells.
func hashRow(h io.Writer, r *Row) error {
	var head [9]byte
	for n := range r.source.count() {
		switch r.source.kind(n) {
		case cellNull:
			h.Write([]byte{0})
		case cellInteger:
			value, err := r.source.integer(n)
			if err != nil {
				return err
			}
			head[0] = 1
			binary.BigEndian.PutUint64(head[1:], uint64(value))
			h.Write(head[:])
		default:
			value, err := r.source.bytes(n)
			if err != nil {
				return err
			}
			head[0] = 2
			binary.BigEndian.PutUint64(head[1:], uint64(len(value)))
			h.Write(head[:])
			h.Write(value)
		}
	}
	return nil
}

func (t *Table) has(column string) bool { return slices.Contains(t.Columns, column) }

// where returns "key1 = $n AND key2 = $n+1" from first on.
func (t *Table) where(first int) string {
	parts := make([]string, len(t.Key))
	for i, k := range t.Key {
		parts[i] = fmt.Sprintf("%s = $%d", k, first+i)
	}
	return strings.Join(parts, " AND ")
}

// insertSQL returns the insert of one row.
func (t *Table) insertSQL() string {
	marks := make([]string, len(t.Columns))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", t.Name, strings.Join(t.Columns, ", "), strings.Join(marks, ", "))
}

// copySQL returns PostgreSQL's bulk insert.
func (t *Table) copySQL() string {
	return fmt.Sprintf("COPY %s (%s) FROM STDIN (FORMAT binary)", t.Name, strings.Join(t.Columns, ", "))
}

// putSQL returns the insert of one row that replaces the row of the same key.
func (t *Table) putSQL() string {
	var sets []string
	for _, c := range t.Columns {
		if !slices.Contains(t.Key, c) {
			sets = append(sets, fmt.Sprintf("%s = excluded.%s", c, c))
		}
	}
	action := "NOTHING"
	if len(sets) > 0 {
		action = "UPDATE SET " + strings.Join(sets, ", ")
	}
	return fmt.Sprintf("%s ON CONFLICT (%s) DO %s", t.insertSQL(), strings.Join(t.Key, ", "), action)
}
