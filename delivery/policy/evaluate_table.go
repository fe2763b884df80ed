package policy

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
	"sanad/platform/rule"
)

// firstRecord is the record below the heading, as a person counts.
const firstRecord = 2

// tableRow is one record of a table; its cells are valid until the next.
type tableRow struct {
	table   string // households, members
	number  int
	heading []string
	cells   []string
}

func (t *tableRow) cell(column string) string {
	if at := slices.Index(t.heading, column); at >= 0 {
		return t.cells[at]
	}
	return ""
}

func (t *tableRow) refuse(key, column string) error { return t.refuseText(key, column, t.cell(column)) }

func (t *tableRow) refuseText(key, column, text string) error {
	return fault.Invalid(key, "table", t.table, "record", t.number, "column", column, "text", excerpt(text))
}

// refuseValue says what may stand in a column.
func (t *tableRow) refuseValue(c *fillColumn, text string) error {
	if codes := c.fact.codes; c.fact.rule.Type.Kind == rule.KindEnumeration {
		return fault.Invalid("policy.cell_label", "table", t.table, "record", t.number, "column", c.name, "text", excerpt(text),
			"allowed", codes, "nearest", nearest(text, codes))
	}
	return fault.Invalid("policy.cell_unreadable", "table", t.table, "record", t.number, "column", c.name, "text", excerpt(text), "type", c.fact.rule.Type.Name())
}

// eachRecord calls f with every record below the heading.
func eachRecord(table string, open func() (io.ReadCloser, error), f func(*tableRow) error) (err error) {
	file, err := open()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	in := bufio.NewReaderSize(file, 1<<20)
	if mark, _ := in.Peek(3); string(mark) == "\xef\xbb\xbf" {
		_, _ = in.Discard(3) // it is there: it was looked at
	}
	reader := csv.NewReader(in)
	reader.ReuseRecord = true
	heading, err := reader.Read()
	if err != nil {
		return unreadable(table, err)
	}
	t := &tableRow{table: table, number: 1, heading: slices.Clone(heading)}
	for i := range t.heading {
		t.heading[i] = strings.TrimSpace(t.heading[i])
	}
	if !slices.Contains(t.heading, householdColumn) {
		return fault.Invalid("policy.column_missing", "table", table, "column", householdColumn)
	}
	for {
		t.cells, err = reader.Read()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return unreadable(table, err)
		}
		t.number++
		if err := f(t); err != nil {
			return err
		}
	}
}

// unreadable names the line at which a table is no table any more.
func unreadable(table string, err error) error {
	line := 1
	if parse := (*csv.ParseError)(nil); errors.As(err, &parse) {
		line = parse.Line
	}
	if err == io.EOF {
		return fault.Invalid("policy.table_empty", "table", table)
	}
	return fault.Invalid("policy.table_unreadable", "table", table, "line", line).Because(err)
}

// value reads a cell as a fact.
func (f *filling) value(fact *factOf, text string) (rule.Value, bool) {
	switch t := fact.rule.Type; t.Kind {
	case rule.KindTruth:
		switch text {
		case "yes", "true", "1", "True", "TRUE", "نعم":
			return rule.Bool(true), true
		case "no", "false", "0", "False", "FALSE", "لا":
			return rule.Bool(false), true
		}
		return rule.Value{}, false
	case rule.KindInteger:
		n, err := strconv.ParseInt(strings.TrimSuffix(text, ".0"), 10, 64)
		return rule.Integer(n), err == nil
	case rule.KindFixed:
		n, ok := rule.ParseDecimal(text)
		return rule.Fixed(n), ok
	case rule.KindMoney:
		n, ok := rule.ParseDecimal(text)
		return rule.Money(money.Amount(n / 1000)), ok && n%1000 == 0
	case rule.KindDate:
		if text == "none" {
			return rule.Absent(t.Kind), true
		}
		d, err := calendar.Parse(text)
		return rule.Date(d), err == nil && d != calendar.Unknown
	case rule.KindEnumeration:
		at := slices.Index(fact.codes, text)
		return rule.Label(at), at >= 0
	case rule.KindText:
		return f.text(text), true
	}
	return rule.Value{}, false
}

// text keeps each different text once, in every set alike.
func (f *filling) text(words string) rule.Value {
	at, known := f.texts[words]
	if !known {
		words = strings.Clone(words)
		for _, s := range f.sets {
			at = len(s.columns.Frame.Texts)
			s.columns.Frame.Texts = append(s.columns.Frame.Texts, words)
		}
		f.texts[words] = at
	}
	return rule.Text(at)
}
