package store

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/money"
)

// Row is the row under a query's cursor. Its methods read one column after the
// other, in the order of the SELECT; NULL reads as the zero value. The first
// mistake (a wrong type, too many columns) is kept in Err.
type Row struct {
	source cells
	next   int
	err    error
}

// cells gives a row's columns as an engine holds them.
type cells interface {
	count() int
	integer(column int) (int64, error)
	bytes(column int) ([]byte, error) // valid until the next row
	kind(column int) byte             // one of those that begin with cell
}

// What a cell can hold; files of rows and digests know it by these numbers.
const (
	cellNull byte = iota
	cellInteger
	cellText
	cellBytes
)

// Err returns the first mistake made in reading the row.
func (r *Row) Err() error { return r.err }

func (r *Row) column() (int, bool) {
	n := r.next
	r.next++
	if n >= r.source.count() {
		r.fail(fmt.Errorf("store: column %d of %d", n+1, r.source.count()))
		return 0, false
	}
	return n, r.source.kind(n) != cellNull
}

func (r *Row) fail(err error) {
	if r.err == nil && err != nil {
		r.err = err
	}
}

// Int reads an integer.
func (r *Row) Int() int64 {
	n, ok := r.column()
	if !ok {
		return 0
	}
	value, err := r.source.integer(n)
	r.fail(err)
	return value
}

// Bool reads an integer that is 0 or 1.
func (r *Row) Bool() bool { return r.Int() != 0 }

// Raw reads bytes that stay valid only until the next row.
func (r *Row) Raw() []byte {
	n, ok := r.column()
	if !ok {
		return nil
	}
	value, err := r.source.bytes(n)
	r.fail(err)
	return value
}

// Bytes reads bytes of the caller's own.
func (r *Row) Bytes() []byte {
	raw := r.Raw()
	if raw == nil {
		return nil
	}
	return append([]byte{}, raw...)
}

// Text reads text.
func (r *Row) Text() string { return string(r.Raw()) }

// ID reads an identifier.
func (r *Row) ID() id.ID {
	n, err := id.FromBytes(r.Raw())
	r.fail(err)
	return n
}

// Date reads a date with its precision.
func (r *Row) Date() calendar.Date { return calendar.Date(r.Int()) }

// Amount reads a sum in dirhams.
func (r *Row) Amount() money.Amount { return money.Amount(r.Int()) }

// Time reads a moment, in UTC; zero where none was kept.
func (r *Row) Time() time.Time {
	micros := r.Int()
	if micros == 0 {
		return time.Time{}
	}
	return time.UnixMicro(micros).UTC()
}

// bind turns arguments into the four things that both engines keep: NULL,
// 64-bit integers, text and bytes. It works in place. Moments become
// microseconds since 1970, the zero ID and the zero moment NULL and 0.
func bind(args []any) []any {
	for i, a := range args {
		args[i] = bound(a)
	}
	return args
}

func bound(a any) any {
	switch v := a.(type) {
	case nil, int64, string:
		return v
	case []byte:
		if v == nil {
			return nil
		}
		return v
	case id.ID:
		if v.IsZero() {
			return nil
		}
		return v[:]
	case [32]byte:
		return v[:]
	case int:
		return int64(v)
	case bool:
		if v {
			return int64(1)
		}
		return int64(0)
	case calendar.Date:
		return int64(v)
	case money.Amount:
		return int64(v)
	case time.Time:
		if v.IsZero() {
			return int64(0)
		}
		return v.UnixMicro()
	}
	return boundByKind(a)
}

func boundByKind(a any) any {
	v := reflect.ValueOf(a)
	switch v.Kind() {
	case reflect.String:
		return v.String()
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int()
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return int64(v.Uint())
	}
	panic(fmt.Sprintf("store: cannot keep a %T", a))
}

// errorsJoin returns the first error alone where the second is nil, so that a
// fault stays a fault.
func errorsJoin(first, second error) error {
	if second == nil {
		return first
	}
	return errors.Join(first, second)
}

// Any reads a cell as an int64, a string, bytes of the caller's own, or nil.
func (r *Row) Any() any {
	n, ok := r.column()
	if !ok {
		return nil
	}
	kind := r.source.kind(n)
	if kind == cellInteger {
		value, err := r.source.integer(n)
		r.fail(err)
		return value
	}
	value, err := r.source.bytes(n)
	r.fail(err)
	if kind == cellText {
		return string(value)
	}
	return append([]byte{}, value...)
}
