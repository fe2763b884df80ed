package intake

import (
	"bytes"
	"io"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	utf16 "golang.org/x/text/encoding/unicode"
)

// headBytes is how much of a file is looked at before it is called something.
const headBytes = 256 << 10

// sniff decides from the content what the file is.
func (f *File) sniff() error {
	head, err := f.part(0, headBytes)
	if err != nil {
		return err
	}
	switch {
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("PK\x05\x06")):
		f.Format = "xlsx"
		return f.openBook()
	case bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")):
		return f.compound()
	case foreign(head):
		return f.refuse("intake.not_a_table")
	case markup(head):
		return f.refuse("intake.markup")
	}
	f.Format = "csv"
	return f.sniffText(head)
}

// part reads up to count bytes at an offset.
func (f *File) part(offset int64, count int) ([]byte, error) {
	buffer := make([]byte, min(int64(count), f.size-offset))
	n, err := f.source.ReadAt(buffer, offset)
	if err != nil && err != io.EOF {
		return nil, f.refuse("intake.damaged").Because(err)
	}
	return buffer[:n], nil
}

// foreign recognises files that are surely something else.
func foreign(head []byte) bool {
	for _, magic := range []string{"%PDF", "\x1f\x8b", "Rar!", "7z\xbc\xaf", "\x89PNG", "\xff\xd8\xff", "GIF8", "PK\x07\x08", "SQLite format", "BZh", "\xfd7zXZ"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return false
}

// markup recognises web pages and XML saved under a table's name.
func markup(head []byte) bool {
	text := bytes.TrimSpace(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")))
	return bytes.HasPrefix(text, []byte("<"))
}

// compound tells an encrypted workbook from one of the old format; both are
// OLE compound files, whose directory names its streams in UTF-16.
func (f *File) compound() error {
	head, err := f.part(0, 1<<20)
	if err != nil {
		return err
	}
	tail, err := f.part(max(0, f.size-1<<20), 1<<20)
	if err != nil {
		return err
	}
	name := wide("EncryptedPackage")
	if bytes.Contains(head, name) || bytes.Contains(tail, name) {
		return f.refuse("intake.encrypted")
	}
	return f.refuse("intake.old_excel")
}

func wide(text string) []byte {
	var b []byte
	for _, c := range []byte(text) {
		b = append(b, c, 0)
	}
	return b
}

// textFormat is what must be known to read a CSV.
type textFormat struct {
	encoding  encoding.Encoding // nil for UTF-8
	delimiter byte
	lineEnd   byte
}

// sniffText finds encoding, line end and delimiter.
func (f *File) sniffText(head []byte) error {
	if err := f.sniffEncoding(head); err != nil {
		return err
	}
	sample := head[f.skipped:]
	if f.text.encoding != nil {
		decoded, err := f.text.encoding.NewDecoder().Bytes(sample)
		if err != nil {
			return f.refuse("intake.encoding_unknown").Because(err)
		}
		sample = decoded
	}
	f.text.lineEnd = '\n'
	if !bytes.ContainsRune(sample, '\n') && bytes.ContainsRune(sample, '\r') {
		f.text.lineEnd = '\r'
	}
	f.text.delimiter = delimiter(sample, f.text.lineEnd)
	return nil
}

func (f *File) sniffEncoding(head []byte) error {
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		f.Encoding, f.skipped = "utf-8", 3
		return nil
	}
	if order, mark, ok := wideOrder(head); ok {
		f.Encoding, f.skipped = "utf-16", mark
		f.text.encoding = utf16.UTF16(order, utf16.IgnoreBOM)
		return nil
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return f.refuse("intake.not_a_table")
	}
	samples, err := f.samples(head)
	if err != nil {
		return err
	}
	if allValid(samples) {
		f.Encoding = "utf-8"
		return nil
	}
	return f.singleByte(samples)
}

// samples are the head, the middle and the tail: a file whose first page is
// plain English may still be Windows-1256 further down.
func (f *File) samples(head []byte) ([][]byte, error) {
	samples := [][]byte{head}
	for _, offset := range []int64{f.size / 2, f.size - headBytes} {
		if offset < headBytes {
			continue
		}
		part, err := f.part(offset, headBytes)
		if err != nil {
			return nil, err
		}
		samples = append(samples, part)
	}
	return samples, nil
}

// allValid reports whether every sample is UTF-8, but for letters cut at its
// ends.
func allValid(samples [][]byte) bool {
	for i, sample := range samples {
		for cut := 0; i > 0 && cut < 3 && len(sample) > 0 && !utf8.RuneStart(sample[0]); cut++ {
			sample = sample[1:]
		}
		if tail := cutLetter(sample); !utf8.Valid(sample[:len(sample)-tail]) {
			return false
		}
	}
	return true
}

// cutLetter counts the bytes of a letter that is incomplete at the end.
func cutLetter(sample []byte) int {
	for back := 1; back <= 3 && back <= len(sample); back++ {
		last := sample[len(sample)-back:]
		if utf8.RuneStart(last[0]) {
			if last[0] >= utf8.RuneSelf && !utf8.FullRune(last) {
				return back
			}
			return 0
		}
	}
	return 0
}

// wideOrder recognises UTF-16 by its mark, or by zero bytes that fall on one
// side only.
func wideOrder(head []byte) (utf16.Endianness, int64, bool) {
	switch {
	case bytes.HasPrefix(head, []byte("\xff\xfe")):
		return utf16.LittleEndian, 2, true
	case bytes.HasPrefix(head, []byte("\xfe\xff")):
		return utf16.BigEndian, 2, true
	}
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	few := len(head) / 20
	switch {
	case zeros[0] == 0 && zeros[1] > few:
		return utf16.LittleEndian, 0, true
	case zeros[1] == 0 && zeros[0] > few:
		return utf16.BigEndian, 0, true
	}
	return false, 0, false
}

// singleByte chooses the one-byte encoding in which the high bytes read as
// Arabic, with the letters that every Arabic text is full of.
func (f *File) singleByte(samples [][]byte) error {
	candidates := []struct {
		name string
		page *charmap.Charmap
	}{{"windows-1256", charmap.Windows1256}, {"iso-8859-6", charmap.ISO8859_6}}
	best := 0
	for _, candidate := range candidates {
		if score := arabicScore(samples, candidate.page); score > best {
			best, f.Encoding, f.text.encoding = score, candidate.name, candidate.page
		}
	}
	if best == 0 {
		return f.refuse("intake.encoding_unknown")
	}
	return nil
}

// arabicScore is 0 for what cannot be Arabic, and the higher the more of the
// letters are the frequent ones.
func arabicScore(samples [][]byte, page *charmap.Charmap) int {
	var high, arabic, common int
	for _, sample := range samples {
		for _, b := range sample {
			if b < utf8.RuneSelf {
				continue
			}
			high++
			r := page.DecodeByte(b)
			if unicode.Is(unicode.Arabic, r) || r == '،' || r == '؛' || r == '؟' {
				arabic++
			}
			switch r {
			case 'ا', 'ل', 'م', 'ي', 'ن', 'و', 'ر', 'ب', 'ة', 'ت', 'د', 'ع':
				common++
			}
		}
	}
	if arabic*100 < high*85 || common*100 < arabic*40 {
		return 0
	}
	return common*1000/high + 1
}

// delimiter is the mark that cuts the most lines of the sample into the same
// number of cells, two or more.
func delimiter(sample []byte, lineEnd byte) byte {
	if line, _, _ := bytes.Cut(sample, []byte{lineEnd}); len(line) >= 5 && bytes.EqualFold(line[:4], []byte("sep=")) {
		return line[4]
	}
	best, score := byte(','), 0
	for _, mark := range []byte{',', ';', '\t', '|'} {
		if s := evenness(sample, textFormat{delimiter: mark, lineEnd: lineEnd}); s > score {
			best, score = mark, s
		}
	}
	return best
}

// evenness is the number of cells in records of the most frequent width.
func evenness(sample []byte, format textFormat) int {
	scanner := newScanner(bytes.NewReader(sample), format, StandardLimits())
	widths := map[int]int{}
	for range 50 {
		record, err := scanner.next()
		if err != nil {
			break
		}
		widths[len(record.Cells)]++
	}
	best := 0
	for width, count := range widths {
		if width > 1 {
			best = max(best, width*count)
		}
	}
	return best
}
