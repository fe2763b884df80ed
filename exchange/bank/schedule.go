package bank

import (
	"embed"
	"html/template"
	"strconv"

	"sanad/delivery/payment"
	"sanad/platform/csvout"
	"sanad/platform/money"
	"sanad/platform/text"
)

//go:embed schedule.html
var pages embed.FS

// schedulePage has three parts, so that a bank's half a million payees are
// written as they are read.
var schedulePage = template.Must(template.New("").Funcs(template.FuncMap{
	"amount": func(a money.Amount) string { return a.String() },
	"number": text.Number,
	"ar":     func(key string, args ...any) string { return text.Say(text.Arabic, key, args...) },
	"en":     func(key string, args ...any) string { return text.Say(text.English, key, args...) },
}).ParseFS(pages, "schedule.html"))

// paper is what every schedule of one list says.
type paper struct {
	List     payment.List
	Preparer text.Bilingual
	Approver text.Bilingual

	directory *Directory
	purpose   string
}

// schedule is one bank's schedule while it is written.
type schedule struct {
	paper
	Bank        payment.Bank
	Name        text.Bilingual
	Payer       Payer
	Purpose     string
	Words       text.Bilingual
	Approved    string
	Fingerprint string
	Serial      int64
	Transfer    payment.Transfer

	page  *draft
	table *csvout.Writer
}

func (p paper) schedule(w *drafts, b payment.Bank) (*schedule, error) {
	base := "schedule-" + b.Code + "-" + p.List.ID.String()
	table, err := w.create(base + ".csv")
	if err != nil {
		return nil, err
	}
	page, err := w.create(base + ".html")
	if err != nil {
		return nil, err
	}
	digest := p.List.Digest()
	s := &schedule{paper: p, Bank: b, Name: p.directory.Name(b.Code), Payer: p.directory.Payer, Purpose: p.purpose, page: page, table: csvout.New(table),
		Words:    text.Bilingual{Arabic: text.Words(text.Arabic, b.Total), English: text.Words(text.English, b.Total)},
		Approved: p.List.ApprovedOn().Format("2006-01-02"), Fingerprint: hexadecimal(digest[:])}
	if err := s.table.Write("serial", "payee", "account", "branch", "file", "reference", "amount"); err != nil {
		return nil, err
	}
	return s, schedulePage.ExecuteTemplate(page, "head", s)
}

// row adds one transfer.
func (s *schedule) row(t payment.Transfer) error {
	s.Serial++
	s.Transfer = t
	if err := s.table.Write(strconv.FormatInt(s.Serial, 10), t.Name, t.Account, t.Branch, t.File, t.EndToEnd, t.Amount.String()); err != nil {
		return err
	}
	return schedulePage.ExecuteTemplate(s.page, "row", s)
}

// end writes count, total and total in words under both.
func (s *schedule) end() error {
	if err := s.table.Write(strconv.FormatInt(s.Bank.Transfers, 10), s.Name.Arabic, s.Words.Arabic, "", "", s.Words.English, s.Bank.Total.String()); err != nil {
		return err
	}
	if err := s.table.Flush(); err != nil {
		return err
	}
	return schedulePage.ExecuteTemplate(s.page, "foot", s)
}

// hexadecimal writes a digest in groups that two people can compare aloud.
func hexadecimal(digest []byte) string {
	const digits = "0123456789abcdef"
	var b []byte
	for i, octet := range digest {
		if i > 0 && i%4 == 0 {
			b = append(b, ' ')
		}
		b = append(b, digits[octet>>4], digits[octet&15])
	}
	return string(b)
}
