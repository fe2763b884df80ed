package intake

import (
	"bytes"
	"errors"
	"io"

	"sanad/platform/fault"
)

// eachText streams the records of a CSV.
func (f *File) eachText(each func(Record) error) error {
	var in io.Reader = io.NewSectionReader(f.source, f.skipped, f.size-f.skipped)
	if f.text.encoding != nil {
		in = f.text.encoding.NewDecoder().Reader(in)
	}
	scanner := newScanner(in, f.text, f.limits)
	for {
		record, err := scanner.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return f.stopped(err, scanner.number)
		}
		if err := each(record); err != nil {
			return err
		}
	}
}

// stopped names file and record in a fault of reading; other errors are of the
// disk.
func (f *File) stopped(err error, record int) error {
	var found *fault.Fault
	if !errors.As(err, &found) {
		return f.refuse("intake.damaged").Because(err)
	}
	named := *found
	named.Args = append([]any{"file", f.Name, "record", record}, found.Args...)
	return &named
}

// scanner cuts text into records. It keeps one buffer and makes one string for
// each record, of which the cells are slices. Quotes are read as spreadsheets
// write them; a quote inside an unquoted cell is an ordinary letter.
type scanner struct {
	in         io.Reader
	format     textFormat
	limits     Limits
	buffer     []byte
	start, end int // the unread part of buffer
	drained    bool
	number     int
	cells      []Cell
	plain      []byte // a record without its quotes
	cuts       []int  // ends of the cells in plain
}

func newScanner(in io.Reader, format textFormat, limits Limits) *scanner {
	return &scanner{in: in, format: format, limits: limits, buffer: make([]byte, 256<<10)}
}

// next returns the next record, or io.EOF.
func (s *scanner) next() (Record, error) {
	s.number++
	end, err := s.line(0)
	if err != nil {
		return Record{}, err
	}
	if s.drained && s.start == s.end {
		return Record{}, io.EOF
	}
	if s.number > s.limits.Records {
		return Record{}, fault.Invalid("intake.too_many_records", "limit", s.limits.Records)
	}
	line := s.buffer[s.start : s.start+end]
	if bytes.IndexByte(line, '"') < 0 {
		err = s.split(string(bytes.TrimSuffix(line, []byte{'\r'})))
	} else {
		end, err = s.quoted(end)
	}
	if err != nil {
		return Record{}, err
	}
	s.start = min(s.start+end+1, s.end)
	return Record{Number: s.number, Cells: s.cells}, nil
}

// line returns the offset of the next line end at or after from, both counted
// from the start of the record, reading on as far as needed.
func (s *scanner) line(from int) (int, error) {
	for {
		unread := s.buffer[s.start+from : s.end]
		if i := bytes.IndexByte(unread, s.format.lineEnd); i >= 0 {
			return from + i, nil
		}
		from += len(unread)
		if s.drained {
			return from, nil
		}
		if from > s.limits.Record {
			return 0, fault.Invalid("intake.record_too_long", "limit", s.limits.Record>>10)
		}
		if err := s.fill(); err != nil {
			return 0, err
		}
	}
}

// fill reads more, moving the unread part to the front or growing the buffer.
func (s *scanner) fill() error {
	if s.start > 0 {
		copy(s.buffer, s.buffer[s.start:s.end])
		s.start, s.end = 0, s.end-s.start
	}
	if s.end == len(s.buffer) {
		s.buffer = append(s.buffer, make([]byte, len(s.buffer))...)
	}
	for range 100 {
		n, err := s.in.Read(s.buffer[s.end:])
		s.end += n
		if err == io.EOF {
			s.drained = true
			return nil
		}
		if err != nil || n > 0 {
			return err
		}
	}
	return io.ErrNoProgress
}

// split cuts a record without quotes.
func (s *scanner) split(record string) error {
	s.cells = s.cells[:0]
	begin := 0
	for i := 0; i < len(record); i++ {
		if record[i] != s.format.delimiter {
			continue
		}
		if err := s.add(record[begin:i]); err != nil {
			return err
		}
		begin = i + 1
	}
	return s.add(record[begin:])
}

// add takes a cell; empty ones beyond the widest record allowed are what
// spreadsheets leave behind, and are dropped.
func (s *scanner) add(text string) error {
	if len(s.cells) == s.limits.Columns {
		if text == "" {
			return nil
		}
		return fault.Invalid("intake.too_many_columns", "limit", s.limits.Columns)
	}
	if len(text) > s.limits.Cell {
		return fault.Invalid("intake.cell_too_long", "limit", s.limits.Cell>>10)
	}
	s.cells = append(s.cells, Cell{Text: text})
	return nil
}

// quoted reads a record that has quotes, which may go on over several lines,
// and returns the offset of its end.
func (s *scanner) quoted(end int) (int, error) {
	s.plain, s.cuts = s.plain[:0], s.cuts[:0]
	open, begin := false, true
	for i := 0; i < end || open; i++ {
		if i >= end {
			next, err := s.continued(end)
			if err != nil {
				return 0, err
			}
			end = next
			continue
		}
		c := s.buffer[s.start+i]
		switch {
		case open && c == '"' && i+1 < end && s.buffer[s.start+i+1] == '"':
			s.plain = append(s.plain, '"')
			i++
		case open && c == '"':
			open = false
		case begin && c == '"':
			open = true
		case !open && c == s.format.delimiter:
			s.cuts = append(s.cuts, len(s.plain))
			begin = true
			continue
		default:
			s.plain = append(s.plain, c)
		}
		begin = false
	}
	s.cuts = append(s.cuts, len(bytes.TrimSuffix(s.plain, []byte{'\r'})))
	return end, s.join()
}

// continued takes a line break into the open cell and returns the end of the
// next line.
func (s *scanner) continued(end int) (int, error) {
	if s.drained && s.start+end >= s.end {
		return 0, fault.Invalid("intake.quote_open")
	}
	if len(s.plain) > s.limits.Record {
		return 0, fault.Invalid("intake.record_too_long", "limit", s.limits.Record>>10)
	}
	s.plain = append(bytes.TrimSuffix(s.plain, []byte{'\r'}), '\n')
	return s.line(end + 1)
}

// join makes the cells of plain and cuts.
func (s *scanner) join() error {
	record, begin := string(s.plain), 0
	s.cells = s.cells[:0]
	for _, cut := range s.cuts {
		if err := s.add(record[begin:cut]); err != nil {
			return err
		}
		begin = cut
	}
	return nil
}
