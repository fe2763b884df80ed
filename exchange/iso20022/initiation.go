// Package iso20022 writes the payment messages that banks read, so that a
// family's grant arrives on the right account without anybody typing it again.
//
// The message is pain.001.001.09 (CustomerCreditTransferInitiationV09, ISO
// 20022). It is written by hand and streamed: a national list has a million
// transfers, and equal input must give equal bytes on every machine, for a bank
// file is compared by its hash. Amounts have the three decimals of the Libyan
// dinar (ISO 4217); names stay Arabic, in UTF-8, within the schema's lengths.
package iso20022

import (
	"io"
	"iter"
	"regexp"
	"time"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
)

// Initiation asks the payer's bank to pay. Count and Sum stand before the
// transfers in the file, so they are said beforehand, and Write refuses to end
// a file that does not keep them.
type Initiation struct {
	ID       string        // MsgId: 1 to 35 characters, never used again for another content
	Created  time.Time     // written in UTC, whole seconds
	Count    int           // of all transfers
	Sum      money.Amount  // of all transfers
	Currency string        // ISO 4217, LYD
	Payer    Payer         //
	Execute  calendar.Date // ReqdExctnDt, a whole day
	Category string        // CtgyPurp code (GOVT, SSBE...), empty for none
	Batches  []Batch       // in the order of the file
}

// Payer is whose money it is, and where it lies.
type Payer struct {
	Name    string
	Account string // IBAN
	Agent   Agent
}

// Agent is a bank. At least one of its fields must be filled.
type Agent struct {
	BIC    string // ISO 9362
	Member string // the bank's code in the national clearing
	Name   string
}

// Batch is one PmtInf: the transfers to one bank, whose count and sum are those
// of the schedule that this bank receives on paper.
type Batch struct {
	ID        string // PmtInfId, 1 to 35 characters
	Count     int
	Sum       money.Amount
	Agent     Agent // the payees' bank
	Transfers iter.Seq2[Transfer, error]
}

// Transfer pays one sum to one account.
type Transfer struct {
	EndToEnd string // 1 to 35 characters; it comes back on a return
	Amount   money.Amount
	Name     string // of the account's holder; cut at 140 characters
	Account  string // IBAN
	Purpose  string // what the payee reads on the statement; cut at 140 characters
}

var (
	identification = regexp.MustCompile(`^[A-Za-z0-9/\-?:().,'+ ]{1,35}$`)
	iban           = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{1,30}$`)
	bic            = regexp.MustCompile(`^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$`)
	currency       = regexp.MustCompile(`^[A-Z]{3}$`)
	code           = regexp.MustCompile(`^[A-Z0-9]{1,4}$`)
)

// Write writes m as a document in UTF-8 and returns nil when every byte has
// been handed to w and counts and sums were kept. After an error the bytes
// written so far are worth nothing. Its faults are "iso20022.incomplete" (a
// field that the schema or a bank asks for), "iso20022.transfer" (the same of
// one transfer) and "iso20022.sums_differ".
func Write(w io.Writer, m Initiation) error {
	if err := m.check(); err != nil {
		return err
	}
	x := &writer{out: w, buffer: make([]byte, 0, flushAt+4096)}
	x.group(m)
	count, sum := 0, money.Amount(0)
	for _, b := range m.Batches {
		if err := x.batch(m, b); err != nil {
			return err
		}
		count += b.Count
		sum += b.Sum
	}
	x.raw("</CstmrCdtTrfInitn></Document>\n")
	x.flush()
	if x.err == nil && (count != m.Count || sum != m.Sum) {
		return fault.Conflict("iso20022.sums_differ", "id", m.ID)
	}
	return x.err
}

// check refuses what the schema would refuse, before the first byte.
func (m Initiation) check() error {
	if !identification.MatchString(m.ID) || m.Created.IsZero() || !currency.MatchString(m.Currency) ||
		m.Execute.Precision() != calendar.PrecisionDay || (m.Category != "" && !code.MatchString(m.Category)) ||
		m.Count < 1 || m.Sum < 1 || len(m.Batches) == 0 {
		return fault.Invalid("iso20022.incomplete", "part", "GrpHdr")
	}
	if m.Payer.Name == "" || !iban.MatchString(m.Payer.Account) || !m.Payer.Agent.named() {
		return fault.Invalid("iso20022.incomplete", "part", "Dbtr")
	}
	for _, b := range m.Batches {
		if !identification.MatchString(b.ID) || b.Count < 1 || b.Sum < 1 || !b.Agent.named() {
			return fault.Invalid("iso20022.incomplete", "part", "PmtInf")
		}
	}
	return nil
}

func (a Agent) named() bool {
	return (a.BIC != "" || a.Member != "" || a.Name != "") && (a.BIC == "" || bic.MatchString(a.BIC)) && len(a.Member) <= 35
}

// plain tells whether a reference consists of the characters that every bank's
// system takes (the SWIFT x set); it is asked a million times.
func plain(reference string) bool {
	if reference == "" || len(reference) > 35 {
		return false
	}
	for _, c := range []byte(reference) {
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
		if !letter && c != '-' && c != '/' && c != '.' {
			return false
		}
	}
	return true
}

// account tells whether an account has the shape of an IBAN; its check digits
// were proved when it was taken into the registry.
func account(number string) bool {
	if len(number) < 5 || len(number) > 34 {
		return false
	}
	for i, c := range []byte(number) {
		letter, digit := c >= 'A' && c <= 'Z', c >= '0' && c <= '9'
		if i < 2 && !letter || (i == 2 || i == 3) && !digit || !letter && !digit {
			return false
		}
	}
	return true
}
