package intake

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/metrics"
	"strings"
	"testing"
	"time"

	"sanad/platform/fault"
	"sanad/platform/text"
)

// repeated is a source of any size that holds the same bytes over and over.
type repeated struct {
	piece []byte
	size  int64
}

func (r repeated) ReadAt(p []byte, offset int64) (int, error) {
	n := 0
	for n < len(p) && offset+int64(n) < r.size {
		p[n] = r.piece[(offset+int64(n))%int64(len(r.piece))]
		n++
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// part is one part of a workbook under construction.
type part struct {
	name, text string
	bomb       string // repeated times over, as a deflate stream made by hand
	times      int
	mode       os.FileMode
	flags      uint16
}

const (
	workbookXML = `<workbook xmlns="x" xmlns:r="y"><sheets><sheet name="كشف" sheetId="1" r:id="rId1"/></sheets></workbook>`
	relsXML     = `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`
	sheetName   = "xl/worksheets/sheet1.xml"
)

// archive builds a zip of the parts, in their order.
func archive(t testing.TB, parts ...part) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range parts {
		header := &zip.FileHeader{Name: p.name, Method: zip.Deflate, Flags: p.flags}
		if p.mode != 0 {
			header.SetMode(p.mode)
		}
		if p.text == "" && p.bomb == "" {
			header.Method = zip.Store
		}
		body := deflated(t, p)
		header.CRC32 = p.checksum()
		header.CompressedSize64, header.UncompressedSize64 = uint64(len(body)), uint64(len(p.text)+p.times*len(p.bomb))
		out, err := w.CreateRaw(header)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.Write(body); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// checksum is right for parts without a bomb; a bomb is never read to its end.
func (p part) checksum() uint32 { return crc32.ChecksumIEEE([]byte(p.text)) }

// deflated packs the text of a part and then its bomb: one flushed block, which
// stands on its own, is written as often as wanted.
func deflated(t testing.TB, p part) []byte {
	t.Helper()
	if p.text == "" && p.bomb == "" {
		return nil
	}
	var b bytes.Buffer
	pack := func(content string) {
		w, err := flate.NewWriter(&b, flate.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, content)
		w.Flush()
	}
	pack(p.text)
	if p.bomb != "" {
		start := b.Len()
		pack(p.bomb)
		block := bytes.Clone(b.Bytes()[start:])
		for range p.times - 1 {
			b.Write(block)
		}
	}
	b.Write([]byte{3, 0}) // the final, empty block
	return b.Bytes()
}

// book builds a workbook around a sheet, with other parts in place of the usual.
func book(t testing.TB, sheet part, others ...part) []byte {
	t.Helper()
	sheet.name = sheetName
	parts, named := []part{sheet}, map[string]bool{sheetName: true}
	usual := []part{{name: "xl/workbook.xml", text: workbookXML}, {name: "xl/_rels/workbook.xml.rels", text: relsXML}}
	for _, p := range append(others, usual...) {
		if !named[p.name] {
			parts, named[p.name] = append(parts, p), true
		}
	}
	return archive(t, parts...)
}

// readAll opens and reads a whole source as the import does.
func readAll(t testing.TB, name string, source io.ReaderAt, size int64) error {
	t.Helper()
	file, err := Read(name, source, size, StandardLimits())
	if err != nil {
		return err
	}
	_, err = libyanMapping(t).Rows(file, extractDay, func(Row) error { return nil })
	return err
}

// mustRefuse demands a clear fault with one of the keys, in 10 s and 256 MB.
func mustRefuse(t *testing.T, name string, source io.ReaderAt, size int64, keys ...string) {
	t.Helper()
	runtime.GC()
	before := heapNow()
	stop, peak := make(chan bool), make(chan uint64)
	go heapPeak(stop, peak)
	start := time.Now()
	err := readAll(t, name, source, size)
	took := time.Since(start)
	close(stop)
	if most := <-peak; most > before+256<<20 {
		t.Errorf("%d MB of memory", most>>20)
	}
	if took > 10*time.Second {
		t.Errorf("took %v", took)
	}
	f := fault.Of(err)
	if f == nil {
		t.Fatalf("%v is not a fault", err)
	}
	if !strings.Contains(" "+strings.Join(keys, " ")+" ", " "+f.Key+" ") {
		t.Errorf("refused by %v, not by %v", f, keys)
	}
	if sentence := text.Fault(text.Arabic, f); strings.Contains(sentence, "⟦") || !strings.Contains(sentence, name) {
		t.Errorf("says %q", sentence)
	}
}

func heapNow() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// heapPeak watches the memory in use until stop is closed.
func heapPeak(stop chan bool, peak chan uint64) {
	var most uint64
	for {
		most = max(most, heapNow())
		select {
		case <-stop:
			peak <- most
			return
		case <-time.After(2 * time.Millisecond):
		}
	}
}

func TestHostileTextIsRefusedWithinItsLimits(t *testing.T) {
	wide := strings.Repeat("a,", 1_000_000)
	for _, c := range []struct {
		name   string
		source io.ReaderAt
		size   int64
		keys   string
	}{
		{"empty.csv", strings.NewReader(""), 0, "intake.empty"},
		{"ten-gigabytes-of-zeros.csv", repeated{[]byte{0}, 10 << 30}, 10 << 30, "intake.too_large"},
		{"zeros.csv", repeated{[]byte{0}, 3 << 30}, 3 << 30, "intake.not_a_table"},
		{"endless-line.csv", repeated{[]byte("a"), 3 << 30}, 3 << 30, "intake.record_too_long"},
		{"endless-quote.csv", repeated{[]byte("\"a\nb"), 3 << 30}, 3 << 30, "intake.no_heading intake.record_too_long"},
		{"quote.csv", repeated{append([]byte{'"'}, bytes.Repeat([]byte("\n"), 4<<20)...), 4 << 20}, 4 << 20, "intake.record_too_long"},
		{"million-columns.csv", strings.NewReader(wide), int64(len(wide)), "intake.record_too_long intake.too_many_columns"},
		{"no-heading.csv", repeated{[]byte("1,2,3\n"), 1 << 30}, 1 << 30, "intake.no_heading"},
		{"french.csv", strings.NewReader("nom;pr\xe9nom\nFran\xe7ois;Andr\xe9\n"), 31, "intake.encoding_unknown"},
		{"random.csv", repeated{[]byte("\x91\x07\xff\xc3\x28\xfe"), 1 << 20}, 1 << 20, "intake.encoding_unknown"},
		{"page.xls", strings.NewReader("<html><table><tr><td>1"), 22, "intake.markup"},
		{"paper.xlsx", strings.NewReader("%PDF-1.7 ....."), 14, "intake.not_a_table"},
		{"packed.csv", strings.NewReader("\x1f\x8b\x08\x00...."), 8, "intake.not_a_table"},
		{"open.csv", strings.NewReader("a,\"b\nc"), 6, "intake.quote_open"},
		{"blank.csv", strings.NewReader("\xef\xbb\xbf\n\n\n"), 6, "intake.no_heading"},
	} {
		t.Run(c.name, func(t *testing.T) {
			mustRefuse(t, c.name, c.source, c.size, strings.Fields(c.keys)...)
		})
	}
}

// hostileBook is a workbook that must be refused by one of the keys; it is
// built when its turn comes.
type hostileBook struct {
	name string
	body func() []byte
	keys string
}

func (c hostileBook) mustBeRefused(t *testing.T) {
	t.Run(c.name, func(t *testing.T) {
		body := c.body()
		mustRefuse(t, c.name, bytes.NewReader(body), int64(len(body)), strings.Fields(c.keys)...)
	})
}

func TestBombsAreRefusedWithinTheirLimits(t *testing.T) {
	bomb := func(before, piece string, gigabytes int) part {
		block := strings.Repeat(piece, 1<<20/len(piece))
		return part{text: "<worksheet><sheetData>" + before, bomb: block, times: gigabytes << 10}
	}
	tiny := part{text: "<worksheet><sheetData></sheetData></worksheet>"}
	for _, c := range []hostileBook{
		{"zeros.xlsx", func() []byte { return book(t, bomb("", "\x00", 10)) }, "intake.cell_too_long intake.zip_bomb"},
		{"comment.xlsx", func() []byte { return book(t, bomb("<!--", "- ", 10)) }, "intake.zip_bomb"},
		{"elements.xlsx", func() []byte { return book(t, bomb("", "<x/>", 10)) }, "intake.zip_bomb"},
		{"cells.xlsx", func() []byte { return book(t, bomb("<row>", "<c/>", 10)) }, "intake.zip_bomb intake.too_many_columns"},
		{"rows.xlsx", func() []byte { return book(t, bomb("", "<row/>", 10)) }, "intake.no_heading intake.too_many_records"},
		{"attribute.xlsx", func() []byte { return book(t, bomb("<row a=\"", "aaaa", 10)) }, "intake.cell_too_long"},
		{"text.xlsx", func() []byte { return book(t, bomb("<row><c t=\"inlineStr\"><is><t>", "aaaa", 10)) }, "intake.cell_too_long"},
		{"runs.xlsx", func() []byte {
			return book(t, bomb("<row><c t=\"inlineStr\"><is>", "<r><t>aaaaaaaaaaaaaaaaaaaa</t></r>", 10))
		}, "intake.record_too_long intake.zip_bomb"},
		{"strings.xlsx", func() []byte {
			return book(t, tiny, part{name: "xl/sharedStrings.xml", text: "<sst>", bomb: strings.Repeat("<si><t>aaaaaaaaaaaaaaaaaaaaaaaaaaaa</t></si>", 20_000), times: 10 << 10})
		}, "intake.shared_texts intake.zip_bomb"},
		{"empty-strings.xlsx", func() []byte {
			return book(t, tiny, part{name: "xl/sharedStrings.xml", text: "<sst>", bomb: strings.Repeat("<si/>", 200_000), times: 10 << 10})
		}, "intake.shared_texts intake.zip_bomb"},
		{"styles.xlsx", func() []byte {
			return book(t, tiny, part{name: "xl/styles.xml", text: "<styleSheet><cellXfs>", bomb: strings.Repeat("<xf/>", 200_000), times: 10 << 10})
		}, "intake.zip_bomb"},
	} {
		c.mustBeRefused(t)
	}
}

func TestBrokenWorkbooksAreRefusedWithinTheirLimits(t *testing.T) {
	rows := func(inner string) part { return part{text: "<worksheet><sheetData>" + inner} }
	tiny := rows("</sheetData></worksheet>")
	rel := func(attributes string) part {
		return part{name: "xl/_rels/workbook.xml.rels", text: "<Relationships><Relationship Id=\"rId1\" " + attributes + "/></Relationships>"}
	}
	million := "<row>"
	for i := range 17_000 {
		million += "<c r=\"" + letters(i) + "1\"><v>1</v></c>"
	}
	nested := archive(t, part{name: "list.xlsx", text: string(book(t, tiny))})
	many := make([]part, 100_000)
	for i := range many {
		many[i] = part{name: fmt.Sprintf("xl/media/image%d.png", i)}
	}
	for _, c := range []hostileBook{
		{"columns.xlsx", func() []byte { return book(t, rows(million+"</row></sheetData></worksheet>")) }, "intake.too_many_columns"},
		{"last-row.xlsx", func() []byte { return book(t, rows("<row r=\"99999999\"></row></sheetData></worksheet>")) }, "intake.damaged"},
		{"gap.xlsx", func() []byte {
			return book(t, rows("<row r=\"1048576\"><c><v>1</v></c></row></sheetData></worksheet>"))
		}, "intake.no_heading"},
		{"backwards.xlsx", func() []byte { return book(t, rows("<row r=\"5\"/><row r=\"4\"/></sheetData></worksheet>")) }, "intake.damaged"},
		{"string-index.xlsx", func() []byte { return book(t, rows("<row><c t=\"s\"><v>99</v></c></row></sheetData></worksheet>")) }, "intake.damaged"},
		{"cut.xlsx", func() []byte { return book(t, rows("<row><c><v>1</v></c></row>")) }, "intake.damaged"},
		{"dtd.xlsx", func() []byte {
			return book(t, part{text: "<!DOCTYPE x [<!ENTITY a \"aaa\"><!ENTITY b SYSTEM \"file:///etc/passwd\">]><worksheet>&b;</worksheet>"})
		}, "intake.xml_declaration"},
		{"external.xlsx", func() []byte {
			return book(t, tiny, rel(`Target="http://example.org/sheet.xml" TargetMode="External"`))
		}, "intake.external"},
		{"elsewhere.xlsx", func() []byte { return book(t, tiny, rel(`Target="../../etc/passwd"`)) }, "intake.not_a_workbook"},
		{"nested.xlsx", func() []byte { return nested }, "intake.not_a_workbook"},
		{"no-sheet.xlsx", func() []byte { return book(t, tiny, part{name: "xl/workbook.xml", text: "<workbook/>"}) }, "intake.not_a_workbook"},
		{"slip.xlsx", func() []byte { return book(t, tiny, part{name: "../../etc/cron.d/x", text: "x"}) }, "intake.hostile_archive"},
		{"absolute.xlsx", func() []byte { return book(t, tiny, part{name: "/etc/x", text: "x"}) }, "intake.hostile_archive"},
		{"symlink.xlsx", func() []byte {
			return book(t, tiny, part{name: "xl/link", text: "/etc/passwd", mode: os.ModeSymlink | 0o777})
		}, "intake.hostile_archive"},
		{"twice.xlsx", func() []byte {
			return archive(t, part{name: "xl/workbook.xml", text: workbookXML}, part{name: "XL/workbook.xml", text: workbookXML})
		}, "intake.hostile_archive"},
		{"encrypted-part.xlsx", func() []byte { return book(t, tiny, part{name: "xl/secret", text: "x", flags: 1}) }, "intake.encrypted"},
		{"many-parts.xlsx", func() []byte { return book(t, tiny, many...) }, "intake.too_many_parts"},
		{"encrypted.xlsx", func() []byte {
			return append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1......"), wide("EncryptedPackage")...)
		}, "intake.encrypted"},
		{"old.xls", func() []byte { return append([]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1......"), wide("Workbook")...) }, "intake.old_excel"},
		{"half.xlsx", func() []byte { return book(t, tiny)[:200] }, "intake.damaged"},
		{"empty-archive.xlsx", func() []byte { return archive(t) }, "intake.not_a_workbook"},
	} {
		c.mustBeRefused(t)
	}
}

// letters is the name of a column counted from 0.
func letters(column int) string {
	name := ""
	for column++; column > 0; column = (column - 1) / 26 {
		name = string(rune('A'+(column-1)%26)) + name
	}
	return name
}

func TestOnlyRegularFilesAreOpened(t *testing.T) {
	if _, err := Open(t.TempDir(), StandardLimits()); fault.Of(err) == nil || fault.Of(err).Key != "intake.not_regular" {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none.csv"), StandardLimits()); fault.Of(err) == nil || fault.Of(err).Key != "intake.no_file" {
		t.Errorf("nothing: %v", err)
	}
}
