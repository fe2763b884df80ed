package intake

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	utf16 "golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"
)

// recordsOf reads a source into plain texts.
func recordsOf(t testing.TB, body []byte) (*File, [][]string) {
	t.Helper()
	file, err := Read("list", bytes.NewReader(body), int64(len(body)), StandardLimits())
	if err != nil {
		t.Fatal(err)
	}
	var records [][]string
	err = file.Each(func(record Record) error {
		if record.Number != len(records)+1 {
			t.Fatalf("record %d is numbered %d", len(records)+1, record.Number)
		}
		var texts []string
		for _, cell := range record.Cells {
			texts = append(texts, cell.Text)
		}
		records = append(records, texts)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return file, records
}

const arabicTable = "رقم الملف;الاسم;الجنس\r\n1;فاطمة محمد;أنثى\r\n2;\"علي \"\"بن\"\" سالم\r\nغريان\";ذكر\r\n\r\n;;\r\n3;عمر;ذكر"

func TestEveryEncodingReadsTheSame(t *testing.T) {
	want := [][]string{
		{"رقم الملف", "الاسم", "الجنس"}, {"1", "فاطمة محمد", "أنثى"},
		{"2", "علي \"بن\" سالم\nغريان", "ذكر"}, {""}, {"", "", ""}, {"3", "عمر", "ذكر"},
	}
	encode := func(e interface{ String(string) (string, error) }) []byte {
		text, err := e.String(arabicTable)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(text)
	}
	for name, body := range map[string][]byte{
		"utf-8":         []byte(arabicTable),
		"utf-8 mark":    []byte("\xef\xbb\xbf" + arabicTable),
		"windows-1256":  encode(charmap.Windows1256.NewEncoder()),
		"iso-8859-6":    encode(charmap.ISO8859_6.NewEncoder()),
		"utf-16 le":     encode(utf16.UTF16(utf16.LittleEndian, utf16.UseBOM).NewEncoder()),
		"utf-16 be":     encode(utf16.UTF16(utf16.BigEndian, utf16.UseBOM).NewEncoder()),
		"utf-16 unmark": encode(utf16.UTF16(utf16.LittleEndian, utf16.IgnoreBOM).NewEncoder()),
	} {
		file, records := recordsOf(t, body)
		if !slices.EqualFunc(records, want, slices.Equal) {
			t.Errorf("%s: %q", name, records)
		}
		if !strings.HasPrefix(name, file.Encoding) {
			t.Errorf("%s was taken for %s", name, file.Encoding)
		}
	}
}

func TestDelimiterIsTheOneThatMakesATable(t *testing.T) {
	for _, mark := range []string{",", ";", "\t", "|"} {
		body := "كشف الأسر، بنغازي\n" + strings.Repeat(strings.Join([]string{"1", "علي", "5.5", "\"a,b;c\""}, mark)+"\n", 5)
		_, records := recordsOf(t, []byte(body))
		if got := records[3]; len(got) != 4 || got[3] != "a,b;c" {
			t.Errorf("with %q: %q", mark, got)
		}
	}
	_, records := recordsOf(t, []byte("sep=;\na,b;c,d\n"))
	if len(records) != 2 || !slices.Equal(records[1], []string{"a,b", "c,d"}) {
		t.Errorf("sep= is not followed: %q", records)
	}
	_, records = recordsOf(t, []byte("a,b\rc,d\r"))
	if len(records) != 2 || !slices.Equal(records[1], []string{"c", "d"}) {
		t.Errorf("old line ends: %q", records)
	}
}

func TestEnglishFirstPageDoesNotHideWindows1256(t *testing.T) {
	arabic, err := charmap.Windows1256.NewEncoder().String("2,سالمة عبد السلام الورفلي,أنثى\n")
	if err != nil {
		t.Fatal(err)
	}
	body := strings.Repeat("1,plain,english\n", 20_000) + strings.Repeat(arabic, 20_000)
	file, records := recordsOf(t, []byte(body))
	if file.Encoding != "windows-1256" || records[39_999][1] != "سالمة عبد السلام الورفلي" {
		t.Errorf("%s: %q", file.Encoding, records[39_999])
	}
}

// TestCSVRoundTrip holds the scanner against what a careful writer writes, at
// any size of the pieces in which the disk delivers it.
func TestCSVRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cell := rapid.StringMatching(`[a-zء-ي0-9 ,;"\n]{0,12}`)
		table := rapid.SliceOfN(rapid.SliceOfN(cell, 1, 5), 1, 8).Draw(t, "table")
		var b strings.Builder
		for _, record := range table {
			for i, text := range record {
				if i > 0 {
					b.WriteByte(';')
				}
				fmt.Fprintf(&b, "\"%s\"", strings.ReplaceAll(text, `"`, `""`))
			}
			b.WriteString("\r\n")
		}
		size := rapid.IntRange(1, 40).Draw(t, "size")
		s := newScanner(slow{strings.NewReader(b.String()), size}, textFormat{delimiter: ';', lineEnd: '\n'}, StandardLimits())
		for i, want := range table {
			record, err := s.next()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range record.Cells {
				got = append(got, c.Text)
			}
			if !slices.Equal(got, want) {
				t.Fatalf("record %d: %q, not %q", i+1, got, want)
			}
		}
		if _, err := s.next(); err != io.EOF {
			t.Fatalf("after the last record: %v", err)
		}
	})
}

// slow delivers at most so many bytes at a time.
type slow struct {
	in   io.Reader
	most int
}

func (s slow) Read(p []byte) (int, error) { return s.in.Read(p[:min(len(p), s.most)]) }

func TestWorkbookCellsReadAsTheClerkSeesThem(t *testing.T) {
	sheet := `<?xml version="1.0"?><!-- x --><x:worksheet xmlns:x="m"><x:sheetData>` +
		`<x:row r="2"><x:c r="A2" t="s"><x:v>1</x:v></x:c><x:c r="C2" s="1"><x:v>28358</x:v></x:c>` +
		`<x:c r="D2"><x:f>1+1</x:f><x:v>1.19729818469E11</x:v></x:c><x:c r="E2"><x:v>2040.4000000000001</x:v></x:c>` +
		`<x:c r="F2" t="b"><x:v>1</x:v></x:c><x:c r="G2" t="e"><x:v>#REF!</x:v></x:c>` +
		`<x:c r="H2" t="inlineStr"><x:is><x:r><x:t>علي &amp; </x:t></x:r><x:r><x:t>&#x633;الم</x:t></x:r><x:rPh><x:t>no</x:t></x:rPh></x:is></x:c>` +
		`<x:c r="I2" t="str"><x:f>"="&amp;A1</x:f><x:v>=A1</x:v></x:c><x:c r="J2" s="2"><x:v>5</x:v></x:c><x:c r="ZZ2" s="2"/></x:row>` +
		`<x:row r="4"/></x:sheetData></x:worksheet>`
	body := book(t, part{text: sheet},
		part{name: "xl/sharedStrings.xml", text: `<sst><si><t>أ</t></si><si><r><t>سالم</t></r><r><t> علي</t></r></si></sst>`},
		part{name: "xl/styles.xml", text: `<styleSheet><numFmts><numFmt numFmtId="200" formatCode="[$-1010000]yyyy\-mm"/><numFmt numFmtId="201" formatCode="0.0 &quot;day&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="200"/><xf numFmtId="201"/></cellXfs></styleSheet>`})
	file, err := Read("list.csv", bytes.NewReader(body), int64(len(body)), StandardLimits())
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]Cell
	if err := file.Each(func(r Record) error { rows = append(rows, slices.Clone(r.Cells)); return nil }); err != nil {
		t.Fatal(err)
	}
	want := []Cell{{"سالم علي", CellText}, {}, {"28358", CellDate}, {"119729818469", CellNumber}, {"2040.4", CellNumber},
		{"1", CellBool}, {"#REF!", CellError}, {"علي & سالم", CellText}, {"=A1", CellText}, {"5", CellNumber}}
	if len(rows) != 4 || len(rows[0])+len(rows[2])+len(rows[3]) != 0 || !slices.Equal(rows[1], want) {
		t.Errorf("%v", rows)
	}
}

func TestHiddenSheetsAreNotRead(t *testing.T) {
	body := book(t, part{text: `<worksheet><sheetData><row><c t="inlineStr"><is><t>shown</t></is></c></row></sheetData></worksheet>`},
		part{name: "xl/workbook.xml", text: `<workbook><workbookPr date1904="1"/><sheets><sheet name="a" state="hidden" r:id="rId9"/><sheet name="b" r:id="rId1"/><sheet name="c" state="visible" r:id="rId7"/></sheets></workbook>`})
	file, records := recordsOf(t, body)
	if len(records) != 1 || records[0][0] != "shown" || !slices.Equal(file.Sheets, []string{"b", "c"}) {
		t.Errorf("%v of %v", records, file.Sheets)
	}
}

func TestOtherSheetsAreMentioned(t *testing.T) {
	cells := ""
	for _, text := range []string{"رقم الملف", "صفة الفرد", "الاسم", "الرقم الوطني", "تاريخ الميلاد"} {
		cells += `<c t="inlineStr"><is><t>` + text + `</t></is></c>`
	}
	body := book(t, part{text: `<worksheet><sheetData><row>` + cells + `</row></sheetData></worksheet>`},
		part{name: "xl/workbook.xml", text: `<workbook><sheets><sheet name="a" r:id="rId1"/><sheet name="b" r:id="rId2"/></sheets></workbook>`})
	file, err := Read("list.xlsx", bytes.NewReader(body), int64(len(body)), StandardLimits())
	if err != nil {
		t.Fatal(err)
	}
	var rows []Row
	if _, err := libyanMapping(t).Rows(file, extractDay, func(r Row) error { rows = append(rows, r); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1 || len(rows[0].Notes) != 1 || rows[0].Notes[0].Key != "intake.other_sheets" || rows[0].Notes[0].Value != "b" {
		t.Errorf("%+v", rows)
	}
}

func TestPlainNumberKeepsEveryDigit(t *testing.T) {
	for written, want := range map[string]string{
		"119729818469": "119729818469", "1.19729818469E+11": "119729818469", "2.20209E11": "220209000000",
		"0.1": "0.1", "-5": "-5", "0": "0", "1E-3": "0.001", "620.5": "620.5", "007": "7",
		"1440.7500000000001": "1440.75", "999999999999999.9": "1000000000000000", "": "", "1.2.3": "", "x": "", "1E999": "", "NaN": "", ".": "",
	} {
		if got, ok := plainNumber([]byte(written)); got != want || ok != (want != "") {
			t.Errorf("%q is %q", written, got)
		}
	}
}

func TestMemoryStaysFlat(t *testing.T) {
	line := "12,فاطمة سالم محمد الورفلي,219876543210,1987-06-05\n"
	peak := func(lines int64) uint64 {
		stop, peak := make(chan bool), make(chan uint64)
		source := repeated{[]byte(line), lines * int64(len(line))}
		go heapPeak(stop, peak)
		file, err := Read("big.csv", source, source.size, StandardLimits())
		if err != nil {
			t.Fatal(err)
		}
		var count int64
		if err := file.Each(func(Record) error { count++; return nil }); err != nil || count != lines {
			t.Fatal(count, err)
		}
		close(stop)
		return <-peak
	}
	small := peak(20_000)
	if large := peak(1_000_000); large > small+64<<20 {
		t.Errorf("%d MB for a million records, %d MB for 20,000", large>>20, small>>20)
	}
}

func FuzzCSV(f *testing.F) {
	f.Add([]byte(arabicTable))
	f.Add([]byte("\xff\xfea\x00,\x00"))
	f.Add([]byte("a,\"b\n\"\"c\",d\r\n\"\""))
	f.Fuzz(func(t *testing.T, body []byte) { fuzzReading(t, body) })
}

func FuzzXLSX(f *testing.F) {
	f.Add([]byte(`<row r="2"><c r="B2" t="s"><v>0</v></c></row>`), []byte(`<si><t>x</t></si>`))
	f.Add([]byte(`<row><c><v>1E5</v></c><c t="inlineStr"><is><t>&amp;&#65;</t></is></c></row>`), []byte(`<si/>`))
	f.Fuzz(func(t *testing.T, rows, texts []byte) {
		body := book(t, part{text: "<worksheet><sheetData>" + string(rows) + "</sheetData></worksheet>"},
			part{name: "xl/sharedStrings.xml", text: "<sst>" + string(texts) + "</sst>"},
			part{name: "xl/styles.xml", text: "<styleSheet><cellXfs>" + string(texts) + "</cellXfs></styleSheet>"})
		fuzzReading(t, body)
	})
}

func FuzzArchive(f *testing.F) {
	f.Add(book(f, part{text: "<worksheet><sheetData><row/></sheetData></worksheet>"}))
	f.Fuzz(func(t *testing.T, body []byte) { fuzzReading(t, append([]byte("PK\x03\x04"), body...)) })
}

// fuzzReading demands that any bytes are either read or refused, that records
// are numbered from 1, and that a second reading gives the same.
func fuzzReading(t *testing.T, body []byte) {
	limits := StandardLimits()
	limits.Unzipped, limits.Records = 8<<20, 5_000
	file, err := Read("list", bytes.NewReader(body), int64(len(body)), limits)
	if err != nil {
		return
	}
	read := func() (count, letters int, failed bool) {
		err := file.Each(func(r Record) error {
			count++
			if r.Number != count {
				t.Fatalf("record %d is numbered %d", count, r.Number)
			}
			for _, cell := range r.Cells {
				letters += utf8.RuneCountInString(cell.Text)
			}
			return nil
		})
		return count, letters, err != nil
	}
	count, letters, failed := read()
	if again, same, both := read(); again != count || same != letters || both != failed {
		t.Fatalf("%d records of %d letters, then %d of %d", count, letters, again, same)
	}
}
