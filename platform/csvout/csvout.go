// Package csvout writes tables that people open in a spreadsheet. A name or a
// note typed into a form may begin like a formula; opened on an officer's
// computer it would run. So every cell that could is written with an apostrophe
// before it, and every export of Sanad writes through here.
package csvout

import (
	"encoding/csv"
	"io"
	"strings"
	"unicode"
)

// Writer writes CSV (RFC 4180) in UTF-8, lines ended by CR LF.
type Writer struct {
	out   *csv.Writer
	cells []string
}

// New returns a writer onto w, which it does not close.
func New(w io.Writer) *Writer {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	return &Writer{out: out}
}

// Write writes one record, every cell neutral.
func (w *Writer) Write(cells ...string) error {
	w.cells = w.cells[:0]
	for _, cell := range cells {
		w.cells = append(w.cells, Neutral(cell))
	}
	return w.out.Write(w.cells)
}

// Flush writes what is still held back and returns the first error of all.
func (w *Writer) Flush() error {
	w.out.Flush()
	return w.out.Error()
}

// Neutral returns cell so that no spreadsheet takes it, or a part of it after a
// line break or a foreign separator, for a formula: an apostrophe comes before
// = + - @ and their full-width forms, tab and carriage return, also behind
// spaces and marks that cannot be seen. Other cells come back unchanged.
func Neutral(cell string) string {
	if dangerous(cell) {
		cell = "'" + cell
	}
	if !strings.ContainsAny(cell, ";\t\n\r|") {
		return cell
	}
	return inner(cell)
}

// inner neutralises what a program that cuts at another separator, or that
// loses the quotes, would see as the beginning of a cell.
func inner(cell string) string {
	var b strings.Builder
	for {
		cut := strings.IndexAny(cell, ";\t\n\r|")
		if cut < 0 {
			b.WriteString(cell)
			return b.String()
		}
		b.WriteString(cell[:cut+1])
		if cell = cell[cut+1:]; startsFormula(cell) {
			b.WriteByte('\'')
		}
	}
}

// dangerous reports whether a cell begins like a formula, or with a mark that
// spreadsheets drop before they look for one.
func dangerous(cell string) bool {
	return strings.HasPrefix(cell, "\t") || strings.HasPrefix(cell, "\r") || strings.HasPrefix(cell, "\n") || startsFormula(cell)
}

// startsFormula reports whether the first thing to be seen starts a formula.
func startsFormula(cell string) bool {
	for _, r := range cell {
		switch r {
		case '=', '+', '-', '@', '＝', '＋', '－', '＠', '−', '﹢', '﹣', '﹦', '﹫':
			return true
		case '"':
			continue
		}
		if !unicode.IsSpace(r) && !unicode.IsControl(r) && !unicode.Is(unicode.Cf, r) {
			return false
		}
	}
	return false
}
