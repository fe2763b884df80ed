// Package intake takes in what people tell us, beginning with the files that
// branches have kept for years: a clerk in Ghat sends the list of families as
// she has it, and each family in it must stand in the registry as she wrote it,
// with every doubt shown and nobody lost because of a stray comma.
//
// A file goes through four steps. Open finds out what the file really is,
// whatever its name says, and File.Each streams its records within fixed limits
// of memory, hostile files included. A Mapping, which is content of the country
// and not code, says what each column means and what the words in it mean.
// Columns.Understand makes a typed Row of a record, with a Note for everything
// that was guessed or cannot be accepted, and Household looks at the rows of
// one family file together. Report writes the notes as a table that can be
// corrected and sent again.
//
// Import does all of it and takes the list in as the branch's statement as of a
// day: households are registered or stated again, persons who stand in two
// lists are linked. Revert takes a file back.
package intake

import (
	"errors"
	"io"
	"os"
	"path/filepath"

	"sanad/platform/fault"
)

// Limits bound what one file may cost. A file beyond one of them is refused by
// a fault that names the limit.
type Limits struct {
	Bytes    int64 // size of the file as it lies
	Unzipped int64 // bytes of XML read from a workbook, all parts together
	Ratio    int64 // unzipped bytes to one zipped byte, after the first MiB
	Entries  int   // parts in a workbook's archive
	Records  int   // records in a file
	Columns  int   // cells with a value in one record
	Cell     int   // bytes in one cell
	Record   int   // bytes in one record
	Strings  int64 // bytes of a workbook's shared texts, which stay in memory
}

// StandardLimits serve a national extract (7 million rows as CSV, a full sheet
// as XLSX) in less than 256 MB of memory.
func StandardLimits() Limits {
	return Limits{
		Bytes:    4 << 30,
		Unzipped: 3 << 29,
		Ratio:    100,
		Entries:  2000,
		Records:  20_000_000,
		Columns:  512,
		Cell:     128 << 10,
		Record:   1 << 20,
		Strings:  128 << 20,
	}
}

// CellKind says how a cell stood in the file.
type CellKind uint8

// The kinds of cell. All cells of a CSV are CellText.
const (
	CellText   CellKind = iota
	CellNumber          // a number, as plain decimal digits without rounding to float
	CellDate            // a number shown as a date: days since 1899-12-30
	CellBool            // a tick: "1" or "0"
	CellError           // a formula that failed: "#REF!"
)

// Cell is one value of a record, as the file has it.
type Cell struct {
	Text string
	Kind CellKind
}

// Record is one record of a file as opened: titles, headings and empty rows are
// counted too, from 1; a line break inside quotes starts none. Cells is only
// good until the next record; the texts in it stay good.
type Record struct {
	Number int
	Cells  []Cell
}

// Blank reports whether nothing is written in any cell.
func (r Record) Blank() bool {
	for _, cell := range r.Cells {
		if !blankText(cell.Text) {
			return false
		}
	}
	return true
}

// File is a table that can be read any number of times, by one reader at a time.
type File struct {
	Name     string   // without its folder
	Format   string   // "csv" or "xlsx", what it really is
	Encoding string   // of a CSV: "utf-8", "utf-16", "windows-1256", "iso-8859-6"
	Sheets   []string // of a workbook: the visible sheets; the first is read

	source  io.ReaderAt
	size    int64
	limits  Limits
	closer  io.Closer
	text    textFormat
	book    *workbook
	skipped int64 // bytes of a byte order mark
}

// Open opens a file on disk. It must be closed. Beside the faults of Read it
// returns "intake.no_file" and "intake.not_regular".
func Open(path string, limits Limits) (*File, error) {
	name := filepath.Base(path)
	info, err := os.Stat(path)
	if err != nil {
		return nil, fault.NotFound("intake.no_file", "file", name).Because(err)
	}
	if !info.Mode().IsRegular() {
		return nil, fault.Invalid("intake.not_regular", "file", name)
	}
	disk, err := os.Open(path)
	if err != nil {
		return nil, fault.NotFound("intake.no_file", "file", name).Because(err)
	}
	file, err := Read(name, disk, info.Size(), limits)
	if err != nil {
		return nil, errors.Join(err, disk.Close())
	}
	file.closer = disk
	return file, nil
}

// Read finds out what source really is: its content decides, not its name. The
// faults say what the sender should do: "intake.empty", "intake.too_large",
// "intake.encrypted", "intake.old_excel", "intake.markup",
// "intake.not_a_table", "intake.encoding_unknown", "intake.damaged" and those
// of a hostile archive.
func Read(name string, source io.ReaderAt, size int64, limits Limits) (*File, error) {
	file := &File{Name: name, source: source, size: size, limits: limits}
	if size == 0 {
		return nil, fault.Invalid("intake.empty", "file", name)
	}
	if size > limits.Bytes {
		return nil, fault.Invalid("intake.too_large", "file", name, "limit", limits.Bytes>>20)
	}
	if err := file.sniff(); err != nil {
		return nil, err
	}
	return file, nil
}

// Each hands over the records in order. It stops at the first error of each and
// returns it; its own faults name the record where reading had to stop.
func (f *File) Each(each func(Record) error) error {
	if f.book != nil {
		return f.book.each(f, each)
	}
	return f.eachText(each)
}

// Close releases the file on disk.
func (f *File) Close() error {
	if f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// refuse is a fault about the file as a whole.
func (f *File) refuse(key string, args ...any) *fault.Fault {
	return fault.Invalid(key, append([]any{"file", f.Name}, args...)...)
}
