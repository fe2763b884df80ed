package intake

import (
	"bytes"
	"io"
	"strconv"

	"sanad/platform/fault"
)

// The last row and column that an XLSX sheet can have.
const (
	lastRow    = 1_048_576
	lastColumn = 16_384
)

// each streams the rows of the first visible sheet. Rows that the sheet leaves
// out, being empty, are handed over empty, so that numbers agree with what the
// clerk sees.
func (b *workbook) each(f *File, each func(Record) error) error {
	b.unzipped = b.limits.Unzipped
	in, err := b.part(b.sheet, b.limits.Unzipped)
	if err != nil {
		return f.about(err)
	}
	if in == nil {
		return f.refuse("intake.not_a_workbook")
	}
	sheet := &sheetReader{book: b, xml: newXMLReader(in, b.limits.Cell)}
	for {
		record, err := sheet.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return f.stopped(err, sheet.emitted+1)
		}
		if err := each(record); err != nil {
			return err
		}
	}
}

// mostOthers bounds what a sheet has beside its rows: widths, merged cells.
const mostOthers = 4_000_000

// span is a cell inside the plain text of its row.
type span struct {
	begin, end int
	kind       CellKind
}

// sheetReader makes records of a sheet's XML, one string for each row.
type sheetReader struct {
	book    *workbook
	xml     *xmlReader
	emitted int // records handed over
	row     int // number of the row that was read, or is being read
	places  int // cells of the row, empty ones too
	ready   bool
	others  int  // elements that are neither rows nor cells
	closed  bool // the sheet ended properly
	plain   []byte
	spans   []span
	cells   []Cell
}

// next returns the next record, or io.EOF.
func (s *sheetReader) next() (Record, error) {
	if !s.ready {
		if err := s.readRow(); err != nil {
			return Record{}, err
		}
		s.ready = true
	}
	s.emitted++
	if s.emitted < s.row {
		return Record{Number: s.emitted}, nil
	}
	s.ready = false
	text := string(s.plain)
	s.cells = s.cells[:0]
	for _, part := range s.spans {
		s.cells = append(s.cells, Cell{Text: text[part.begin:part.end], Kind: part.kind})
	}
	return Record{Number: s.row, Cells: s.cells}, nil
}

// readRow reads up to the end of the next row.
func (s *sheetReader) readRow() error {
	s.plain, s.spans = s.plain[:0], s.spans[:0]
	inside := false
	for {
		err := s.xml.next()
		if err == io.EOF && !s.closed {
			return errXML
		}
		if err != nil {
			return err
		}
		switch x := s.xml; {
		case x.kind == xmlEnd && x.name == "worksheet":
			s.closed = true
		case x.kind == xmlStart && x.name == "row":
			inside = true
			if err := s.begin(); err != nil {
				return err
			}
		case x.kind == xmlEnd && x.name == "row" && inside:
			return nil
		case x.kind == xmlStart && x.name == "c" && inside:
			if err := s.cell(); err != nil {
				return err
			}
		case x.kind == xmlStart:
			if s.others++; s.others > mostOthers {
				return fault.Invalid("intake.zip_bomb")
			}
		}
	}
}

// begin takes the number of a row, which must grow.
func (s *sheetReader) begin() error {
	number := s.row + 1
	if given := s.xml.rawAttribute("r"); given != nil {
		n, err := strconv.Atoi(string(given))
		if err != nil || n < number || n > lastRow {
			return errXML
		}
		number = n
	}
	if number > min(s.book.limits.Records, lastRow) {
		return fault.Invalid("intake.too_many_records", "limit", min(s.book.limits.Records, lastRow))
	}
	s.row, s.places = number, 0
	return nil
}

// cell reads one cell into its column.
func (s *sheetReader) cell() error {
	column, err := s.column(s.xml.rawAttribute("r"))
	if err != nil {
		return err
	}
	if s.places++; s.places > lastColumn {
		return fault.Invalid("intake.too_many_columns", "limit", s.book.limits.Columns)
	}
	kind := cellType(s.xml.rawAttribute("t"))
	style := index(s.xml.rawAttribute("s"))
	begin := len(s.plain)
	if err := s.content(kind); err != nil {
		return err
	}
	found := span{begin: begin, end: len(s.plain)}
	if found.begin == found.end {
		return nil
	}
	if column >= s.book.limits.Columns {
		return fault.Invalid("intake.too_many_columns", "limit", s.book.limits.Columns)
	}
	if len(s.plain) > s.book.limits.Record {
		return fault.Invalid("intake.record_too_long", "limit", s.book.limits.Record>>10)
	}
	if err := s.value(&found, kind, style); err != nil {
		return err
	}
	for len(s.spans) <= column {
		s.spans = append(s.spans, span{})
	}
	s.spans[column] = found
	return nil
}

// content appends the text of <v> and of <is><t> to plain, leaving out the
// formula and the phonetic guide.
func (s *sheetReader) content(kind string) error {
	wanted, phonetic := false, false
	for {
		if err := s.xml.next(); err != nil {
			if err == io.EOF {
				return errXML
			}
			return err
		}
		x := s.xml
		switch {
		case x.kind == xmlText:
			if wanted && !phonetic {
				if len(x.text) > s.book.limits.Cell {
					return fault.Invalid("intake.cell_too_long", "limit", s.book.limits.Cell>>10)
				}
				s.plain = append(s.plain, x.text...)
			}
		case x.name == "c" && x.kind == xmlEnd:
			return nil
		case x.name == "v" || x.name == "t" && kind == "inlineStr":
			wanted = x.kind == xmlStart
		case x.name == "rPh":
			phonetic = x.kind == xmlStart
		case x.name == "row" || x.name == "sheetData":
			return errXML
		}
		if len(s.plain) > s.book.limits.Record+s.book.limits.Cell {
			return fault.Invalid("intake.record_too_long", "limit", s.book.limits.Record>>10)
		}
	}
}

// cellType is the attribute t, without a new string for the usual ones.
func cellType(raw []byte) string {
	switch string(raw) {
	case "":
		return ""
	case "s":
		return "s"
	case "n":
		return "n"
	case "inlineStr":
		return "inlineStr"
	}
	return string(raw)
}

// index reads a small number; -1 where there is none.
func index(raw []byte) int {
	if len(raw) == 0 || len(raw) > 9 {
		return -1
	}
	n := 0
	for _, c := range raw {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// value turns what stands in the XML into what the clerk sees.
func (s *sheetReader) value(found *span, kind string, style int) error {
	raw := s.plain[found.begin:found.end]
	switch kind {
	case "s":
		text, ok := s.book.shared.at(index(bytes.TrimSpace(raw)))
		if !ok {
			return errXML
		}
		s.plain = append(s.plain[:found.begin], text...)
	case "b":
		found.kind = CellBool
	case "e":
		found.kind = CellError
	case "", "n":
		plain, ok := plainNumber(raw)
		if !ok {
			return nil
		}
		found.kind = CellNumber
		if style := max(style, 0); style < len(s.book.dated) && s.book.dated[style] {
			found.kind = CellDate
			if s.book.since04 {
				plain = since1900(plain)
			}
		}
		s.plain = append(s.plain[:found.begin], plain...)
	}
	found.end = len(s.plain)
	return nil
}

// since1900 moves a day count of the 1904 system to the one of 1900.
func since1900(days string) string {
	n, err := strconv.Atoi(days)
	if err != nil {
		return days
	}
	return strconv.Itoa(n + 1462)
}

// column reads the letters of a cell's place ("AB12" is column 27 from 0); a
// cell without place follows the one before.
func (s *sheetReader) column(place []byte) (int, error) {
	if place == nil {
		return len(s.spans), nil
	}
	column := 0
	for i, c := range place {
		if c >= '0' && c <= '9' && i > 0 {
			return column - 1, nil
		}
		if c < 'A' || c > 'Z' || i >= 3 {
			return 0, errXML
		}
		column = column*26 + int(c-'A') + 1
	}
	return 0, errXML
}
