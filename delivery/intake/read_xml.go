package intake

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"sanad/platform/fault"
)

// xmlKind says what a token is.
type xmlKind uint8

const (
	xmlStart xmlKind = iota + 1
	xmlEnd
	xmlText
)

// xmlReader reads the plain XML of workbooks, token by token, with one buffer.
// It knows no document types and no entities but the five of XML itself, so
// there is nothing that could grow or fetch; a token longer than its limit is a
// fault. The name of an element is without its namespace prefix.
type xmlReader struct {
	in         io.Reader
	buffer     []byte
	start, end int
	drained    bool
	limit      int
	elements   int
	closing    bool // the element was empty: its end comes next

	kind xmlKind
	name string
	tag  []byte // a start tag's attributes, good until the next token
	text []byte // good until the next token
}

// mostElements bounds the tags in one part, and with them the time: a full
// sheet, a million rows of twenty cells that carry their own texts, has fewer.
const mostElements = 120_000_000

var errXML = errors.New("not well-formed XML")

func newXMLReader(in io.Reader, limit int) *xmlReader {
	return &xmlReader{in: in, limit: limit, buffer: make([]byte, 64<<10)}
}

// next reads the next token, or returns io.EOF.
func (x *xmlReader) next() error {
	if x.closing {
		x.closing, x.kind = false, xmlEnd
		return nil
	}
	for {
		if err := x.ensure(9); err != nil {
			return err
		}
		rest := x.buffer[x.start:x.end]
		switch {
		case len(rest) == 0:
			return io.EOF
		case rest[0] != '<':
			return x.words()
		case len(rest) > 1 && rest[1] != '!' && rest[1] != '?':
			return x.element()
		case bytes.HasPrefix(rest, []byte("<![CDATA[")):
			return x.verbatim()
		case bytes.HasPrefix(rest, []byte("<!--")):
			if err := x.skip("-->"); err != nil {
				return err
			}
		case bytes.HasPrefix(rest, []byte("<?")):
			if err := x.skip("?>"); err != nil {
				return err
			}
		case bytes.HasPrefix(rest, []byte("<!")):
			return fault.Invalid("intake.xml_declaration")
		default:
			return errXML
		}
	}
}

// ensure tries to have count bytes in the buffer.
func (x *xmlReader) ensure(count int) error {
	if x.end-x.start >= count {
		return nil
	}
	for x.end-x.start < count && !x.drained {
		if err := x.fill(); err != nil {
			return err
		}
	}
	return nil
}

// fill reads more into the buffer, growing it up to the limit of one token.
func (x *xmlReader) fill() error {
	if x.start > 0 {
		copy(x.buffer, x.buffer[x.start:x.end])
		x.start, x.end = 0, x.end-x.start
	}
	if x.end == len(x.buffer) {
		if x.end > x.limit {
			return fault.Invalid("intake.cell_too_long", "limit", x.limit>>10)
		}
		x.buffer = append(x.buffer, make([]byte, len(x.buffer))...)
	}
	for range 100 {
		n, err := x.in.Read(x.buffer[x.end:])
		x.end += n
		if err == io.EOF {
			x.drained = true
			return nil
		}
		if err != nil || n > 0 {
			return err
		}
	}
	return io.ErrNoProgress
}

// find returns the offset of mark at or after from, counted from start.
func (x *xmlReader) find(mark string, from int) (int, error) {
	for {
		if x.start+from < x.end {
			if i := bytes.Index(x.buffer[x.start+from:x.end], []byte(mark)); i >= 0 {
				return from + i, nil
			}
		}
		from = max(from, x.end-x.start-len(mark)+1)
		if x.drained {
			return -1, nil
		}
		if err := x.fill(); err != nil {
			return 0, err
		}
	}
}

// skip passes over what is of no use, however long, keeping none of it.
func (x *xmlReader) skip(mark string) error {
	for {
		if i := bytes.Index(x.buffer[x.start:x.end], []byte(mark)); i >= 0 {
			x.start += i + len(mark)
			return nil
		}
		if x.drained {
			return errXML
		}
		x.start = max(x.start, x.end-len(mark)+1)
		if err := x.fill(); err != nil {
			return err
		}
	}
}

// words reads the text before the next tag.
func (x *xmlReader) words() error {
	end, err := x.find("<", 0)
	if err != nil {
		return err
	}
	if end < 0 {
		end = x.end - x.start
	}
	raw := x.buffer[x.start : x.start+end]
	x.start += end
	x.kind, x.text = xmlText, raw
	if bytes.IndexByte(raw, '&') >= 0 {
		x.text = unescape(raw)
	}
	return nil
}

// verbatim reads a CDATA section.
func (x *xmlReader) verbatim() error {
	const open = len("<![CDATA[")
	end, err := x.find("]]>", open)
	if err != nil {
		return err
	}
	if end < 0 {
		return errXML
	}
	x.kind, x.text = xmlText, x.buffer[x.start+open:x.start+end]
	x.start += end + 3
	return nil
}

// element reads a start or end tag; a > inside quotes does not end it.
func (x *xmlReader) element() error {
	if x.elements++; x.elements > mostElements {
		return fault.Invalid("intake.zip_bomb")
	}
	end, err := x.tagEnd()
	if err != nil {
		return err
	}
	tag := x.buffer[x.start+1 : x.start+end]
	x.start += end + 1
	x.kind = xmlStart
	if len(tag) > 0 && tag[0] == '/' {
		x.kind, tag = xmlEnd, tag[1:]
	} else if len(tag) > 0 && tag[len(tag)-1] == '/' {
		x.closing, tag = true, tag[:len(tag)-1]
	}
	begin, stop := 0, 0
	for stop < len(tag) && tag[stop] > ' ' {
		if tag[stop] == ':' {
			begin = stop + 1
		}
		stop++
	}
	if begin == stop {
		return errXML
	}
	x.name, x.tag = known(tag[begin:stop]), tag[stop:]
	return nil
}

func (x *xmlReader) tagEnd() (int, error) {
	var quote byte
	for i := 1; ; i++ {
		if x.start+i >= x.end {
			if x.drained {
				return 0, errXML
			}
			if err := x.fill(); err != nil {
				return 0, err
			}
			i--
			continue
		}
		switch c := x.buffer[x.start+i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i, nil
		case c == '<':
			return 0, errXML
		}
	}
}

// known returns the name as a string, without a new one for the names that a
// sheet repeats a million times.
func known(name []byte) string {
	switch string(name) {
	case "c":
		return "c"
	case "v":
		return "v"
	case "row":
		return "row"
	case "is":
		return "is"
	case "t":
		return "t"
	case "si":
		return "si"
	}
	return string(name)
}

// attribute returns the value of a start tag's attribute by its name without
// prefix; empty where it has none.
func (x *xmlReader) attribute(name string) string { return string(x.rawAttribute(name)) }

// rawAttribute is good until the next token.
func (x *xmlReader) rawAttribute(name string) []byte {
	rest := x.tag
	for {
		equals := bytes.IndexByte(rest, '=')
		if equals < 0 {
			return nil
		}
		found := bytes.TrimSpace(rest[:equals])
		rest = bytes.TrimLeft(rest[equals+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return nil
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return nil
		}
		if i := bytes.IndexByte(found, ':'); i >= 0 {
			found = found[i+1:]
		}
		if string(found) == name {
			return unescape(rest[1 : 1+end])
		}
		rest = rest[end+2:]
	}
}

// unescape resolves the five entities of XML and numbered letters; anything
// else stays as it is written.
func unescape(raw []byte) []byte {
	if bytes.IndexByte(raw, '&') < 0 {
		return raw
	}
	plain := make([]byte, 0, len(raw))
	for {
		before, rest, found := bytes.Cut(raw, []byte{'&'})
		plain = append(plain, before...)
		if !found {
			return plain
		}
		name, _, closed := bytes.Cut(rest[:min(len(rest), 12)], []byte{';'})
		letter, ok := entity(string(name))
		if !closed || !ok {
			plain, raw = append(plain, '&'), rest
			continue
		}
		plain = utf8.AppendRune(plain, letter)
		raw = rest[len(name)+1:]
	}
}

func entity(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "quot":
		return '"', true
	case "apos":
		return '\'', true
	}
	number, isNumber := strings.CutPrefix(name, "#")
	if !isNumber {
		return 0, false
	}
	base := 10
	if hex, isHex := strings.CutPrefix(strings.ToLower(number), "x"); isHex {
		number, base = hex, 16
	}
	code, err := strconv.ParseUint(number, base, 32)
	if err != nil || code == 0 || code > utf8.MaxRune {
		return 0, false
	}
	return rune(code), true
}
