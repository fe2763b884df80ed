package intake

import (
	"io"
	"strconv"

	"sanad/platform/csvout"
	"sanad/platform/fault"
	"sanad/platform/text"
)

// Report writes the notes of an import as a table that any spreadsheet opens:
// file,row,level,field,value,message_ar,message_en, one line for each note.
// What the file said is written back as plain text: a cell that would run as a
// formula is neutral.
type Report struct{ out *csvout.Writer }

// NewReport begins a report by its heading.
func NewReport(w io.Writer) (*Report, error) {
	report := &Report{out: csvout.New(w)}
	return report, report.out.Write("file", "row", "level", "field", "value", "message_ar", "message_en")
}

// Add writes the notes of one file; file is its name without folder.
func (r *Report) Add(file string, notes ...Note) error {
	for _, n := range notes {
		err := r.out.Write(file, strconv.Itoa(n.Row), string(n.Level), string(n.Field), n.Value, n.In(text.Arabic), n.In(text.English))
		if err != nil {
			return err
		}
	}
	return nil
}

// Refuse writes that a file could not be read, or not to its end, as a rejection
// of the record where reading stopped; of row 0 where it did not begin.
func (r *Report) Refuse(file string, err error) error {
	row := 0
	if f := fault.Of(err); f != nil {
		row = stoppedAt(f.Args)
	}
	return r.out.Write(file, strconv.Itoa(row), string(Rejected), "", "", text.Fault(text.Arabic, err), text.Fault(text.English, err))
}

// stoppedAt is the argument "record" of a fault of reading.
func stoppedAt(args []any) int {
	for i := 0; i+1 < len(args); i += 2 {
		if row, ok := args[i+1].(int); ok && args[i] == "record" {
			return row
		}
	}
	return 0
}

// Close writes what is still held back. The writer below stays open.
func (r *Report) Close() error { return r.out.Flush() }

// In is the note's message in one language.
func (n Note) In(language text.Language) string { return text.Say(language, n.Key, n.Args...) }
