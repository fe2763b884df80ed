package intake

import (
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/text"
)

// headingWithin is how many records may stand above the heading.
const headingWithin = 60

// fewestHeadings is how many known headings make a record the heading.
const fewestHeadings = 3

// Columns is a mapping bound to the heading of one file: which column holds
// what. Columns nobody knows are kept with each row under their own heading.
type Columns struct {
	Heading int    // the number of the heading's record
	Notes   []Note // what is odd about the heading itself

	mapping *Mapping
	at      map[Meaning]int
	extra   []extraColumn
	written map[Meaning]string // the file's own headings, folded
	facts   []factColumn       // columns of facts that the country pack declares
	parts   []int              // columns of a name's further parts, in the order of a name; -1 for none
}

// extraColumn is a column that the mapping does not know.
type extraColumn struct {
	at      int
	heading string
}

// Rows reads a file through the mapping: every record is handed over once, as
// a Row whose Kind says what it is; asOf is the day for which the file speaks.
// A row that cannot be accepted never stops the others. It returns the columns
// of the file, or the fault "intake.no_heading", "intake.missing_columns", or
// one of File.Each.
func (m *Mapping) Rows(file *File, asOf calendar.Date, each func(Row) error) (*Columns, error) {
	var columns *Columns
	err := file.Each(func(record Record) error {
		if columns != nil {
			return each(columns.Understand(record, asOf))
		}
		if record.Number > headingWithin {
			return fault.Invalid("intake.no_heading", "file", file.Name)
		}
		bound, err := m.Bind(record)
		if err != nil {
			return named(err, file.Name)
		}
		if columns = bound; columns != nil && len(file.Sheets) > 1 {
			columns.Notes = append(columns.Notes, Note{
				Row: record.Number, Level: Warning, Value: strings.Join(file.Sheets[1:], "، "),
				Key: "intake.other_sheets", Args: []any{"sheet", file.Sheets[0], "count", len(file.Sheets) - 1},
			})
		}
		return each(above(record, columns))
	})
	if err == nil && columns == nil {
		return nil, fault.Invalid("intake.no_heading", "file", file.Name)
	}
	return columns, err
}

// named puts the file's name into a fault about its heading.
func named(err error, file string) error {
	f := *fault.Of(err)
	f.Args = append([]any{"file", file}, f.Args...)
	return &f
}

// above is the row of a record up to the heading.
func above(record Record, columns *Columns) Row {
	row := Row{Number: record.Number, Kind: KindTitle}
	switch {
	case columns != nil:
		row.Kind, row.Notes = KindHeader, columns.Notes
	case record.Blank():
		row.Kind = KindBlank
	}
	return row
}

// Bind reads a record as the heading. It returns nil for a record that is none,
// and "intake.missing_columns" for a heading without a required column.
func (m *Mapping) Bind(record Record) (*Columns, error) {
	columns := &Columns{Heading: record.Number, mapping: m, at: map[Meaning]int{}, written: map[Meaning]string{}}
	written := 0
	for i, cell := range record.Cells {
		if blankText(cell.Text) {
			continue
		}
		written++
		columns.bind(i, cell.Text)
	}
	if len(columns.at) < fewestHeadings || (len(columns.at)+len(columns.facts))*2 < written {
		return nil, nil
	}
	columns.guess()
	for _, extra := range columns.extra {
		columns.Notes = append(columns.Notes, Note{
			Row: record.Number, Level: Warning, Field: Meaning(extra.heading), Value: extra.heading,
			Key: "intake.unknown_column", Args: []any{"heading", extra.heading},
		})
	}
	return columns, columns.complete()
}

// bind takes one heading; of two with the same meaning the first counts.
func (c *Columns) bind(at int, heading string) {
	meaning, known := c.mapping.headings[fold(heading)]
	if !known && c.bindFact(at, heading) {
		return
	}
	if _, taken := c.at[meaning]; !known || taken {
		c.extra = append(c.extra, extraColumn{at: at, heading: tidy(heading)})
		return
	}
	c.at[meaning] = at
}

// guess looks again at the headings that are not known as they are written, when
// those that are have taken their columns.
func (c *Columns) guess() {
	var unknown []extraColumn
	for _, extra := range c.extra {
		if place, part := c.mapping.parts[fold(extra.heading)]; part {
			for len(c.parts) <= place {
				c.parts = append(c.parts, -1)
			}
			c.parts[place] = extra.at
			continue
		}
		meaning, found := c.mapping.guess(extra.heading)
		if _, taken := c.at[meaning]; !found || taken {
			unknown = append(unknown, extra)
			continue
		}
		c.at[meaning], c.written[meaning] = extra.at, fold(extra.heading)
		c.Notes = append(c.Notes, Note{Row: c.Heading, Level: Warning, Field: meaning, Value: extra.heading,
			Key: "intake.heading_guessed", Args: []any{"heading", extra.heading, "column", c.mapping.Columns[meaning].Name}})
	}
	c.extra = unknown
}

// complete refuses a heading that lacks a required column, naming all of them.
func (c *Columns) complete() error {
	var arabic, english []string
	for _, meaning := range Meanings {
		column, wanted := c.mapping.Columns[meaning]
		if _, found := c.at[meaning]; !wanted || !column.Required || found {
			continue
		}
		arabic = append(arabic, "«"+column.Name.Arabic+"»")
		english = append(english, "“"+column.Name.English+"”")
	}
	if arabic == nil {
		return nil
	}
	return fault.Invalid("intake.missing_columns", "record", c.Heading, "count", len(arabic),
		"columns", text.Bilingual{Arabic: strings.Join(arabic, "، "), English: strings.Join(english, ", ")})
}

// cell is the cell of a meaning in a record; empty where it has none.
func (c *Columns) cell(record Record, meaning Meaning) Cell {
	at, found := c.at[meaning]
	if !found || at >= len(record.Cells) {
		return Cell{}
	}
	cell := record.Cells[at]
	if len(cell.Text) > 3 && cell.Text[0] == '=' { // ="119…", with which numbers are kept from spreadsheets
		if inner, found := strings.CutPrefix(cell.Text, `="`); found && strings.HasSuffix(inner, `"`) {
			cell.Text = strings.TrimSuffix(inner, `"`)
		}
	}
	return cell
}

// kind says what a record below the heading is.
func (c *Columns) kind(record Record) Kind {
	written := 0
	for _, cell := range record.Cells {
		if !blankText(cell.Text) {
			written++
		}
	}
	switch {
	case written == 0:
		return KindBlank
	case c.repeated(record):
		return KindRepeatedHeader
	case written == 1 || c.remark(record):
		return KindRemark
	}
	return KindPerson
}

// remark recognises what branches write below their lists: a total, a signature,
// a date. Nothing in it says who a person is.
func (c *Columns) remark(record Record) bool {
	if _, known := c.mapping.term(Role, c.cell(record, Role).Text); known || countDigits(fold(c.cell(record, NationalNumber).Text)) >= fewestDigits {
		return false
	}
	undated := blankText(c.cell(record, Birth).Text)
	if blankText(c.cell(record, Name).Text) || undated && blankText(c.cell(record, FileNumber).Text) && blankText(c.cell(record, Role).Text) {
		return true
	}
	for _, cell := range record.Cells {
		if len(cell.Text) <= longestTotal && c.mapping.totals[fold(cell.Text)] {
			return undated
		}
	}
	return false
}

// fewestDigits is how many digits make a cell somebody's number and not a total;
// a number that was shortened (1.19E+11) has five at least.
const fewestDigits = 5

// longestTotal is a bound, in bytes, on words for a total.
const longestTotal = 60

// repeated recognises the heading printed again on each page.
func (c *Columns) repeated(record Record) bool {
	if _, known := c.mapping.terms[Role][c.cell(record, Role).Text]; known {
		return false
	}
	same := 0 // as this file writes them, or as any does
	for _, meaning := range []Meaning{FileNumber, Role, Name, NationalNumber, Birth} {
		cell := c.cell(record, meaning)
		if cell.Text == "" || cell.Kind != CellText || cell.Text[0] >= '0' && cell.Text[0] <= '9' {
			continue
		}
		folded := fold(cell.Text)
		if found, known := c.mapping.headings[folded]; known && found == meaning || folded == c.written[meaning] && folded != "" {
			same++
		}
	}
	return same >= fewestHeadings
}
