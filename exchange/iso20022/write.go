package iso20022

import (
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"sanad/platform/fault"
	"sanad/platform/money"
)

// flushAt is how many bytes are gathered before they are handed on.
const flushAt = 64 << 10

// textLimit is the length of Max140Text, in characters.
const textLimit = 140

// writer appends elements to a buffer; the first error of out is kept.
type writer struct {
	out    io.Writer
	buffer []byte
	err    error
}

func (x *writer) flush() {
	if x.err == nil {
		_, x.err = x.out.Write(x.buffer)
	}
	x.buffer = x.buffer[:0]
}

func (x *writer) raw(markup string) { x.buffer = append(x.buffer, markup...) }

// element writes a leaf, its text escaped.
func (x *writer) element(name, content string) {
	x.open(name)
	x.text(content)
	x.close(name)
}

func (x *writer) open(name string) {
	x.buffer = append(append(append(x.buffer, '<'), name...), '>')
}

func (x *writer) close(name string) {
	x.buffer = append(append(append(x.buffer, '<', '/'), name...), '>')
}

// text writes character data. What XML 1.0 cannot carry, and line breaks, which
// a bank's screen would cut at, become spaces.
func (x *writer) text(content string) {
	for i := 0; i < len(content); {
		c := content[i]
		if c < utf8.RuneSelf {
			x.byte(c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(content[i:])
		if r == utf8.RuneError || r == 0xFFFE || r == 0xFFFF || r >= 0x7F && r < 0xA0 {
			x.buffer = append(x.buffer, ' ')
		} else {
			x.buffer = append(x.buffer, content[i:i+size]...)
		}
		i += size
	}
}

func (x *writer) byte(c byte) {
	switch {
	case c == '&':
		x.raw("&amp;")
	case c == '<':
		x.raw("&lt;")
	case c == '>':
		x.raw("&gt;")
	case c < ' ' || c == 0x7F:
		x.buffer = append(x.buffer, ' ')
	default:
		x.buffer = append(x.buffer, c)
	}
}

// amount writes a sum as 1250.500, without going through a string.
func (x *writer) amount(a money.Amount) {
	x.buffer = strconv.AppendInt(x.buffer, int64(a/money.Dinar), 10)
	part := a % money.Dinar
	x.buffer = append(x.buffer, '.', byte('0'+part/100), byte('0'+part/10%10), byte('0'+part%10))
}

func (x *writer) totals(count int, sum money.Amount) {
	x.element("NbOfTxs", strconv.Itoa(count))
	x.raw("<CtrlSum>")
	x.amount(sum)
	x.raw("</CtrlSum>")
}

func (x *writer) group(m Initiation) {
	x.raw(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn><GrpHdr>`)
	x.element("MsgId", m.ID)
	x.element("CreDtTm", m.Created.UTC().Format(time.RFC3339))
	x.totals(m.Count, m.Sum)
	x.raw("<InitgPty>")
	x.element("Nm", limited(m.Payer.Name))
	x.raw("</InitgPty></GrpHdr>\n")
}

func (x *writer) agent(name string, a Agent) {
	x.open(name)
	x.raw("<FinInstnId>")
	if a.BIC != "" {
		x.element("BICFI", a.BIC)
	}
	if a.Member != "" {
		x.raw("<ClrSysMmbId>")
		x.element("MmbId", a.Member)
		x.raw("</ClrSysMmbId>")
	}
	if a.Name != "" {
		x.element("Nm", limited(a.Name))
	}
	x.raw("</FinInstnId>")
	x.close(name)
}

func (x *writer) iban(name, number string) {
	x.open(name)
	x.raw("<Id><IBAN>")
	x.text(number)
	x.raw("</IBAN></Id>")
	x.close(name)
}

// batch writes one PmtInf and holds its transfers against its count and sum.
func (x *writer) batch(m Initiation, b Batch) error {
	x.raw("<PmtInf>")
	x.element("PmtInfId", b.ID)
	x.raw("<PmtMtd>TRF</PmtMtd><BtchBookg>true</BtchBookg>")
	x.totals(b.Count, b.Sum)
	if m.Category != "" {
		x.raw("<PmtTpInf><CtgyPurp>")
		x.element("Cd", m.Category)
		x.raw("</CtgyPurp></PmtTpInf>")
	}
	x.raw("<ReqdExctnDt>")
	x.element("Dt", m.Execute.String())
	x.raw("</ReqdExctnDt><Dbtr>")
	x.element("Nm", limited(m.Payer.Name))
	x.raw("</Dbtr>")
	x.iban("DbtrAcct", m.Payer.Account)
	x.agent("DbtrAgt", m.Payer.Agent)
	x.raw("\n")
	agent := &writer{}
	agent.agent("CdtrAgt", b.Agent)
	count, sum := 0, money.Amount(0)
	for t, err := range b.Transfers {
		if err == nil {
			err = x.transfer(m.Currency, t, agent.buffer)
		}
		if err != nil {
			return err
		}
		count++
		sum += t.Amount
	}
	x.raw("</PmtInf>\n")
	if x.err == nil && (count != b.Count || sum != b.Sum) {
		return fault.Conflict("iso20022.sums_differ", "id", b.ID)
	}
	return x.err
}

func (x *writer) transfer(currency string, t Transfer, agent []byte) error {
	name := limited(t.Name)
	if !plain(t.EndToEnd) || t.Amount < 1 || !account(t.Account) || name == "" {
		return fault.Invalid("iso20022.transfer", "id", t.EndToEnd)
	}
	x.raw("<CdtTrfTxInf><PmtId><EndToEndId>")
	x.raw(t.EndToEnd)
	x.raw(`</EndToEndId></PmtId><Amt><InstdAmt Ccy="`)
	x.raw(currency)
	x.raw(`">`)
	x.amount(t.Amount)
	x.raw("</InstdAmt></Amt>")
	x.buffer = append(x.buffer, agent...)
	x.raw("<Cdtr><Nm>")
	x.text(name)
	x.raw("</Nm></Cdtr><CdtrAcct><Id><IBAN>")
	x.raw(t.Account)
	x.raw("</IBAN></Id></CdtrAcct>")
	if purpose := limited(t.Purpose); purpose != "" {
		x.raw("<RmtInf>")
		x.element("Ustrd", purpose)
		x.raw("</RmtInf>")
	}
	x.raw("</CdtTrfTxInf>\n")
	if len(x.buffer) >= flushAt {
		x.flush()
	}
	return x.err
}

// limited returns text without outer spaces and within 140 characters, cut
// between words where there is a gap in the second half.
func limited(text string) string {
	text = strings.TrimSpace(text)
	if len(text) <= textLimit || utf8.RuneCountInString(text) <= textLimit {
		return text
	}
	end, count := 0, 0
	for i := range text {
		if count == textLimit {
			end = i
			break
		}
		count++
	}
	text = text[:end]
	if gap := strings.LastIndexByte(text, ' '); gap > len(text)/2 {
		text = text[:gap]
	}
	return strings.TrimSpace(text)
}
