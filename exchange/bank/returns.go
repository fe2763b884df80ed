package bank

import (
	"bufio"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"sanad/delivery/payment"
	"sanad/platform/calendar"
	"sanad/platform/fault"
)

// returnColumns are the columns of a file of returns, in any order; others are
// passed over.
//
//	end_to_end_id  the transfer's reference, as in the bank file
//	status         paid: ACSC, ACCC, paid, مدفوع, صُرف; returned: RJCT, RTRN,
//	               returned, rejected, مرتجع, راجع
//	reason         the bank's code (AC01, AC04...) or words; a return must have one
//	date           2026-11-05
var returnColumns = []string{"end_to_end_id", "status", "reason", "date"}

var outcomes = map[string]payment.Outcome{
	"ACSC": payment.WasPaid, "ACCC": payment.WasPaid, "PAID": payment.WasPaid, "مدفوع": payment.WasPaid, "صرف": payment.WasPaid, "صُرف": payment.WasPaid,
	"RJCT": payment.CameBack, "RTRN": payment.CameBack, "RETURNED": payment.CameBack, "REJECTED": payment.CameBack, "مرتجع": payment.CameBack, "راجع": payment.CameBack,
}

const (
	returnsLimit = 2_000_000 // rows
	reasonLimit  = 200       // bytes
)

// ReadReturns reads a bank's file of returns: CSV in UTF-8, separated by commas
// or semicolons, with a header. Its faults are "bank.returns_header", which
// names the columns, and "bank.returns_row", which names the first bad row; then
// nothing is returned.
func ReadReturns(r io.Reader) ([]payment.Answer, error) {
	in := bufio.NewReader(r)
	if mark, _ := in.Peek(3); string(mark) == "\ufeff" {
		_, _ = in.Discard(3)
	}
	table := csv.NewReader(in)
	first, _ := in.Peek(512)
	line, _, _ := strings.Cut(string(first), "\n")
	if strings.Count(line, ";") > strings.Count(line, ",") {
		table.Comma = ';'
	}
	table.ReuseRecord = true
	header, err := table.Read()
	if err != nil {
		return nil, fault.Invalid("bank.returns_header", "columns", returnColumns).Because(err)
	}
	var place [4]int
	for i, name := range returnColumns {
		place[i] = slices.IndexFunc(header, func(h string) bool { return strings.EqualFold(strings.TrimSpace(h), name) })
		if place[i] < 0 {
			return nil, fault.Invalid("bank.returns_header", "columns", returnColumns)
		}
	}
	return readAnswers(table, place)
}

func readAnswers(table *csv.Reader, place [4]int) ([]payment.Answer, error) {
	var answers []payment.Answer
	for row := 2; ; row++ {
		record, err := table.Read()
		if errors.Is(err, io.EOF) {
			return answers, nil
		}
		if err != nil || row > returnsLimit {
			return nil, fault.Invalid("bank.returns_row", "row", row, "field", "").Because(err)
		}
		cell := func(i int) string { return strings.TrimSpace(record[place[i]]) }
		a := payment.Answer{EndToEnd: strings.ToLower(strings.ReplaceAll(cell(0), "-", "")), Outcome: outcomes[strings.ToUpper(cell(1))], Reason: strings.Clone(cell(2))}
		a.Day, err = calendar.Parse(cell(3))
		switch {
		case a.EndToEnd == "" || len(a.EndToEnd) > 35:
			return nil, fault.Invalid("bank.returns_row", "row", row, "field", "end_to_end_id")
		case a.Outcome == "":
			return nil, fault.Invalid("bank.returns_row", "row", row, "field", "status")
		case a.Outcome == payment.CameBack && a.Reason == "" || len(a.Reason) > reasonLimit:
			return nil, fault.Invalid("bank.returns_row", "row", row, "field", "reason")
		case err != nil || a.Day.Precision() != calendar.PrecisionDay:
			return nil, fault.Invalid("bank.returns_row", "row", row, "field", "date")
		}
		answers = append(answers, a)
	}
}
