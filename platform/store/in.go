package store

import (
	"strconv"
	"strings"
)

// inStep is how many values one question names. It is always the same number, so
// that the engine prepares the question once.
const inStep = 500

// inFew is how many values are asked one by one, in one round trip: an engine
// that prepared a question for a list while the table was small may read all of
// the table for it later.
const inFew = 64

// EachIn asks a question that ends in the name of a column, for the rows in which
// that column is one of values, and calls f for every row. Args are the
// question's own arguments, $1 on. A value that stands in values twice may give
// its rows twice.
func (tx *Tx) EachIn(f func(*Row) error, question string, values []any, args ...any) error {
	if len(values) <= inFew {
		return tx.eachOf(f, question, values, args)
	}
	var b strings.Builder
	b.WriteString(question + " IN (")
	for i := range inStep {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("$" + strconv.Itoa(len(args)+i+1))
	}
	sql := b.String() + ")"
	for len(values) > 0 {
		n := min(inStep, len(values))
		all := append(make([]any, 0, len(args)+inStep), args...)
		for i := range inStep {
			all = append(all, values[min(i, n-1)])
		}
		if err := tx.Each(f, sql, all...); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

func (tx *Tx) eachOf(f func(*Row) error, question string, values, args []any) error {
	if len(values) == 0 {
		return nil
	}
	each := make([][]any, len(values))
	for i, v := range values {
		each[i] = append(append(make([]any, 0, len(args)+1), args...), v)
	}
	return tx.Batch(func(_ int, r *Row) error { return f(r) }, question+" = $"+strconv.Itoa(len(args)+1), each)
}
