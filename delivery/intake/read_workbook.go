package intake

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"errors"
	"hash/crc32"
	"io"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"sanad/platform/fault"
)

// workbook is an XLSX (ECMA-376) as far as a table needs it: the first visible
// sheet, the texts its cells share, and which number styles show a date.
// Formulas, links, macros and pictures are never opened.
type workbook struct {
	archive  *zip.Reader
	sheet    string // the part that holds the first visible sheet
	since04  bool   // days are counted from 1904
	dated    []bool // by style: shown as a date
	shared   *sharedTexts
	limits   Limits
	unzipped int64 // bytes of XML still allowed
}

// openBook checks the archive and reads everything but the sheet itself.
func (f *File) openBook() error {
	book := &workbook{limits: f.limits, unzipped: f.limits.Unzipped}
	if err := book.open(f.source, f.size); err != nil {
		return f.about(err)
	}
	if err := book.contents(f); err != nil {
		return f.about(err)
	}
	f.book = book
	return nil
}

// about names the file in a fault of a part; anything else means damage.
func (f *File) about(err error) error {
	var found *fault.Fault
	if !errors.As(err, &found) {
		return f.refuse("intake.damaged").Because(err)
	}
	named := *found
	named.Args = append([]any{"file", f.Name}, found.Args...)
	return &named
}

// directoryBytes bounds the list of an archive's parts: a hostile list would
// fill memory before a single part is opened.
const directoryBytes = 4 << 20

// open reads the archive's directory and looks at every part's name and mode.
func (b *workbook) open(source io.ReaderAt, size int64) error {
	budget := &budgetReader{source: source, left: directoryBytes}
	archive, err := zip.NewReader(budget, size)
	if budget.spent {
		return fault.Invalid("intake.too_many_parts", "limit", b.limits.Entries)
	}
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return err
	}
	budget.left = -1
	if len(archive.File) > b.limits.Entries {
		return fault.Invalid("intake.too_many_parts", "limit", b.limits.Entries)
	}
	for _, part := range archive.File {
		if err := checkPart(part); err != nil {
			return err
		}
	}
	b.archive = archive
	return nil
}

// checkPart refuses what no spreadsheet program writes: parts that point out of
// the archive, links, and encryption.
func checkPart(part *zip.File) error {
	switch {
	case part.Flags&1 != 0:
		return fault.Invalid("intake.encrypted")
	case part.Mode()&fs.ModeType&^fs.ModeDir != 0,
		strings.ContainsAny(part.Name, "\\\x00:"), path.IsAbs(part.Name),
		part.Name != "" && !fs.ValidPath(strings.TrimSuffix(part.Name, "/")):
		return fault.Invalid("intake.hostile_archive")
	}
	return nil
}

// budgetReader lets so many bytes pass; a negative budget is none.
type budgetReader struct {
	source io.ReaderAt
	left   int64
	spent  bool
}

func (r *budgetReader) ReadAt(p []byte, offset int64) (int, error) {
	if r.left >= 0 {
		if r.left -= int64(len(p)); r.left < 0 {
			r.left, r.spent = 0, true
			return 0, errors.New("directory too large")
		}
	}
	return r.source.ReadAt(p, offset)
}

// smallPart bounds the parts that only describe: list of sheets, styles.
const smallPart = 16 << 20

// part opens one part for reading within the limits, of which most is its own;
// nil if there is none.
func (b *workbook) part(name string, most int64) (io.Reader, error) {
	var found *zip.File
	for _, part := range b.archive.File {
		if !strings.EqualFold(part.Name, name) {
			continue
		}
		if found != nil {
			return nil, fault.Invalid("intake.hostile_archive")
		}
		found = part
	}
	if found == nil {
		return nil, nil
	}
	if found.Method != zip.Deflate && found.Method != zip.Store {
		return nil, fault.Invalid("intake.hostile_archive")
	}
	raw, err := found.OpenRaw()
	if err != nil {
		return nil, err
	}
	part := &boundedPart{book: b, zipped: raw, left: most, checksum: found.CRC32}
	part.plain = part.counted()
	if found.Method == zip.Deflate {
		part.plain = flate.NewReader(part.counted())
	}
	return part, nil
}

// boundedPart unzips one part and counts on both sides while it is read: the
// sizes that an archive declares are not believed, and a bomb shows itself by
// what it has grown so far.
type boundedPart struct {
	book     *workbook
	zipped   io.Reader
	plain    io.Reader
	taken    int64 // zipped bytes
	given    int64 // plain bytes
	left     int64 // plain bytes that this part may still give
	running  uint32
	checksum uint32
}

// counted is the zipped side, with its count.
func (p *boundedPart) counted() io.Reader {
	return bufio.NewReader(readerFunc(func(buffer []byte) (int, error) {
		n, err := p.zipped.Read(buffer)
		p.taken += int64(n)
		return n, err
	}))
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(buffer []byte) (int, error) { return f(buffer) }

func (p *boundedPart) Read(buffer []byte) (int, error) {
	n, err := p.plain.Read(buffer)
	p.given += int64(n)
	p.left -= int64(n)
	p.book.unzipped -= int64(n)
	if p.left < 0 || p.book.unzipped < 0 || p.given > p.taken*p.book.limits.Ratio+1<<20 {
		return 0, fault.Invalid("intake.zip_bomb")
	}
	p.running = crc32.Update(p.running, crc32.IEEETable, buffer[:n])
	if err == io.EOF && p.running != p.checksum {
		return n, zip.ErrChecksum
	}
	return n, err
}

// walk reads one part and calls visit for each token; a missing part is false.
func (b *workbook) walk(name string, most int64, visit func(*xmlReader) error) (bool, error) {
	in, err := b.part(name, most)
	if err != nil || in == nil {
		return false, err
	}
	reader := newXMLReader(in, b.limits.Cell)
	for {
		err := reader.next()
		if err == io.EOF {
			return true, nil
		}
		if err != nil {
			return true, err
		}
		if err := visit(reader); err != nil {
			return true, err
		}
	}
}

// contents reads the list of sheets, the styles and the shared texts.
func (b *workbook) contents(f *File) error {
	relation, err := b.sheets(f)
	if err != nil {
		return err
	}
	if err := b.locate(relation); err != nil {
		return err
	}
	if err := b.styles(); err != nil {
		return err
	}
	b.shared = &sharedTexts{limit: b.limits.Strings}
	_, err = b.walk("xl/sharedStrings.xml", b.limits.Unzipped, b.shared.visit)
	return err
}

// sheets lists the visible sheets and returns the relation of the first.
func (b *workbook) sheets(f *File) (string, error) {
	first := ""
	found, err := b.walk("xl/workbook.xml", smallPart, func(x *xmlReader) error {
		switch {
		case x.kind != xmlStart:
		case x.name == "workbookPr":
			b.since04 = truth(x.attribute("date1904"))
		case x.name == "sheet" && visible(x.attribute("state")):
			if first == "" {
				first = x.attribute("id")
			}
			if len(f.Sheets) < 100 {
				f.Sheets = append(f.Sheets, x.attribute("name"))
			}
		}
		return nil
	})
	if err == nil && (!found || first == "") {
		return "", fault.Invalid("intake.not_a_workbook")
	}
	return first, err
}

func visible(state string) bool { return state == "" || state == "visible" }

func truth(text string) bool { return text == "1" || strings.EqualFold(text, "true") }

// locate finds the part behind a relation. A sheet outside the file is refused:
// reading must not reach anywhere else.
func (b *workbook) locate(relation string) error {
	_, err := b.walk("xl/_rels/workbook.xml.rels", smallPart, func(x *xmlReader) error {
		if x.kind != xmlStart || x.name != "Relationship" || x.attribute("Id") != relation {
			return nil
		}
		if strings.EqualFold(x.attribute("TargetMode"), "External") {
			return fault.Invalid("intake.external")
		}
		b.sheet = path.Join("xl", x.attribute("Target"))
		if target, absolute := strings.CutPrefix(x.attribute("Target"), "/"); absolute {
			b.sheet = path.Clean(target)
		}
		return nil
	})
	if err == nil && b.sheet == "" {
		return fault.Invalid("intake.not_a_workbook")
	}
	return err
}

// styles notes which cell styles show a date.
func (b *workbook) styles() error {
	dates := map[string]bool{}
	cellFormats := false
	_, err := b.walk("xl/styles.xml", smallPart, func(x *xmlReader) error {
		switch {
		case x.kind == xmlEnd && x.name == "cellXfs":
			cellFormats = false
		case x.kind != xmlStart:
		case x.name == "cellXfs":
			cellFormats = true
		case x.name == "numFmt" && len(dates) < 10_000:
			dates[x.attribute("numFmtId")] = dateFormat(x.attribute("formatCode"))
		case x.name == "xf" && cellFormats && len(b.dated) < 100_000:
			id := x.attribute("numFmtId")
			own, custom := dates[id]
			b.dated = append(b.dated, own || !custom && builtInDate(id))
		}
		return nil
	})
	return err
}

// builtInDate knows the number formats that every program shares (ECMA-376
// part 1, 18.8.30, with the ones of East Asian editions).
func builtInDate(id string) bool {
	n, err := strconv.Atoi(id)
	return err == nil && (n >= 14 && n <= 22 || n >= 27 && n <= 36 || n >= 45 && n <= 47 || n >= 50 && n <= 58)
}

// dateFormat reports whether a number format has letters of day or year outside
// quotes and brackets.
func dateFormat(code string) bool {
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '\\' || c == '_' || c == '*':
			i++
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case bracket:
		case c == 'y' || c == 'Y' || c == 'd' || c == 'D':
			return true
		}
	}
	return false
}
