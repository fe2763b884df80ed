package bank

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"sanad/country"
	"sanad/delivery/payment"
	"sanad/delivery/payment/paymenttest"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
	"sanad/platform/text"
)

var quarter = calendar.QuarterOf(2026, 4)

func directory(t *testing.T) *Directory {
	t.Helper()
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	d, err := Open(pack)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// approved is an approved list of seven households at three banks, one of which
// the country's list does not have.
func approved(t *testing.T, j *journal.Journal) (*paymenttest.Town, payment.List) {
	town := paymenttest.New(t, j, 7)
	for n, h := range town.Households {
		if n%3 == 0 {
			h.Account = paymenttest.IBAN(977, n+1)
		}
	}
	town.Decide(calendar.MonthOf(2026, 10), nil)
	town.Decide(calendar.MonthOf(2026, 11), nil)
	return town, town.Approve(town.Prepare(quarter, "children"))
}

// contents reads every file of a folder.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, e := range entries {
		raw, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		files[e.Name()] = string(raw)
	}
	return files
}

func refused(t *testing.T, err error, key string) {
	t.Helper()
	if f := fault.Of(err); f == nil || f.Key != key {
		t.Errorf("got %v, want %s", err, key)
	}
}

func TestExportIsValidAndTheSameEachTime(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		_, l := approved(t, j)
		d, first, second := directory(t), t.TempDir(), filepath.Join(t.TempDir(), "made")
		done, err := d.Export(t.Context(), j, paymenttest.Officer, l.ID, first)
		if err != nil {
			t.Fatal(err)
		}
		if done.List.State != payment.Exported || len(done.Files) != 7 {
			t.Errorf("%+v", done)
		}
		if _, err := d.Export(t.Context(), j, paymenttest.Director, l.ID, second); err != nil {
			t.Fatal(err)
		}
		one, two := contents(t, first), contents(t, second)
		if len(one) != 7 || len(two) != 7 {
			t.Errorf("%d and %d files", len(one), len(two))
		}
		for name, content := range one {
			if two[name] != content {
				t.Errorf("%s differs between two exports", name)
			}
		}
		name := "pain001-" + l.ID.String() + ".xml"
		out, err := exec.Command("xmllint", "--noout", "--nonet", "--schema", "../iso20022/testdata/pain.001.001.09.xsd", filepath.Join(first, name)).CombinedOutput()
		if err != nil {
			t.Errorf("%v (is libxml2-utils installed? make test does): %s", err, out)
		}
		if !strings.Contains(one[name], "<NbOfTxs>7</NbOfTxs><CtrlSum>4200.000</CtrlSum>") {
			t.Errorf("count and sum:\n%s", one[name])
		}
	})
}

func TestScheduleSaysCountTotalAndWords(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	_, l := approved(t, j)
	dir := t.TempDir()
	if _, err := directory(t).Export(t.Context(), j, paymenttest.Officer, l.ID, dir); err != nil {
		t.Fatal(err)
	}
	files := contents(t, dir)
	table := files["schedule-977-"+l.ID.String()+".csv"]
	if lines := strings.Split(strings.TrimSpace(table), "\r\n"); len(lines) != 5 || !strings.HasSuffix(lines[4], ",1800.000") || !strings.HasPrefix(lines[4], "3,") {
		t.Errorf("table:\n%s", table)
	}
	page := files["schedule-977-"+l.ID.String()+".html"]
	for _, want := range []string{text.Words(text.Arabic, 1800_000), "1800.000 LYD", text.Say(text.Arabic, "bank.unknown", "code", "977"), text.Say(text.Arabic, "bank.schedule")} {
		if !strings.Contains(page, want) {
			t.Errorf("no %q on the page", want)
		}
	}
	if strings.Contains(page, "⟦") || strings.Contains(page, "ZgotmplZ") {
		t.Errorf("something is unsaid:\n%s", page)
	}
}

func TestAlteredListLeavesNoFile(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		_, l := approved(t, j)
		alter := func(sql string) {
			if err := j.DB.Write(t.Context(), paymenttest.Officer, func(tx *store.Tx) error {
				return tx.Each(func(*store.Row) error { return nil }, sql, l.ID)
			}); err != nil {
				t.Fatal(err)
			}
		}
		alter("UPDATE payment_lines SET account = 'LY32900001000000000000001' WHERE list = $1 AND serial = 8")
		dir := t.TempDir()
		_, err := directory(t).Export(t.Context(), j, paymenttest.Officer, l.ID, dir)
		refused(t, err, "payment.altered_line")
		if files := contents(t, dir); len(files) > 0 {
			t.Errorf("left behind: %d files", len(files))
		}
	})
}

func TestFilesFromAnotherPayerAreRefusedAfterTheFirstExport(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	_, l := approved(t, j)
	d, dir := directory(t), t.TempDir()
	if _, err := d.Export(t.Context(), j, paymenttest.Officer, l.ID, dir); err != nil {
		t.Fatal(err)
	}
	d.Payer.Account = paymenttest.IBAN(901, 77)
	again := t.TempDir()
	_, err := d.Export(t.Context(), j, paymenttest.Officer, l.ID, again)
	refused(t, err, "payment.export_differs")
	if files := contents(t, again); len(files) > 0 {
		t.Errorf("left behind: %d files", len(files))
	}
}

func TestOnlyApprovedListsAreExported(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	town := paymenttest.New(t, j, 2)
	town.Decide(calendar.MonthOf(2026, 10), nil)
	l := town.Prepare(quarter, "children")
	_, err := directory(t).Export(t.Context(), j, paymenttest.Officer, l.ID, t.TempDir())
	refused(t, err, "payment.wrong_state")
	_, err = directory(t).Export(t.Context(), j, paymenttest.Controller, l.ID, t.TempDir())
	refused(t, err, "access.not_allowed")
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	_, err = directory(t).Export(t.Context(), j, paymenttest.Officer, l.ID, filepath.Join(file, "below"))
	refused(t, err, "bank.cannot_write")
}

func TestReturnsOfTheBankFreeTheLines(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	town, l := approved(t, j)
	if _, err := directory(t).Export(t.Context(), j, paymenttest.Officer, l.ID, t.TempDir()); err != nil {
		t.Fatal(err)
	}
	file := "\ufeffdate;status;end_to_end_id;reason;more\r\n2026-11-05;RJCT;" + l.EndToEnd(2) + ";AC04;x\r\n2026-11-05;مدفوع;" + strings.ToUpper(l.EndToEnd(1)) + ";;\r\n"
	answers, err := ReadReturns(strings.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	var taken payment.Taken
	if err := town.As(paymenttest.Officer, func(tx *store.Tx) (err error) { taken, err = payment.TakeReturns(tx, l.ID, answers); return err }); err != nil {
		t.Fatal(err)
	}
	if taken.Returned != 1 || taken.Paid != 1 {
		t.Errorf("%+v", taken)
	}
	supplement := town.Supplement(quarter, "children")
	if supplement.Lines != 6 || supplement.Transfers != 1 {
		t.Errorf("%+v", supplement)
	}
	if _, err := directory(t).Export(t.Context(), j, paymenttest.Officer, town.Approve(supplement).ID, t.TempDir()); err != nil {
		t.Error(err)
	}
}

func TestReturnsThatCannotBeReadAreNamed(t *testing.T) {
	const header = "end_to_end_id,status,reason,date\n"
	for name, c := range map[string]struct{ file, key, field string }{
		"empty":             {"", "bank.returns_header", ""},
		"no status column":  {"end_to_end_id,reason,date\n", "bank.returns_header", ""},
		"unknown status":    {header + "a,perhaps,,2026-11-05\n", "bank.returns_row", "status"},
		"return, no reason": {header + "a,RJCT,,2026-11-05\n", "bank.returns_row", "reason"},
		"no reference":      {header + ",RJCT,AC01,2026-11-05\n", "bank.returns_row", "end_to_end_id"},
		"month only":        {header + "a,RJCT,AC01,2026-11\n", "bank.returns_row", "date"},
		"short row":         {header + "a,RJCT\n", "bank.returns_row", ""},
	} {
		answers, err := ReadReturns(strings.NewReader(c.file))
		f := fault.Of(err)
		if f == nil || f.Key != c.key || answers != nil || c.field != "" && f.Args[3] != c.field {
			t.Errorf("%s: %v %v", name, f, answers)
		}
	}
	if answers, err := ReadReturns(strings.NewReader(header)); err != nil || len(answers) != 0 {
		t.Errorf("a bank that returns nothing: %v", err)
	}
}

func FuzzReturns(f *testing.F) {
	f.Add([]byte("end_to_end_id,status,reason,date\n0190d0c0b0a07000800000000000abcd,RJCT,AC01,2026-11-05\n"))
	f.Add([]byte("\ufeffdate;status;end_to_end_id;reason\n2026-11-05;paid;x;\n"))
	f.Fuzz(func(t *testing.T, file []byte) {
		answers, err := ReadReturns(bytes.NewReader(file))
		if err != nil {
			if fault.Of(err) == nil || answers != nil {
				t.Errorf("%v %v", err, answers)
			}
			return
		}
		for _, a := range answers {
			if a.EndToEnd == "" || a.Outcome == "" || a.Outcome == payment.CameBack && a.Reason == "" || a.Day.Precision() != calendar.PrecisionDay {
				t.Errorf("%+v", a)
			}
		}
	})
}

func TestCountryFilesThatCannotBeReadAreNamed(t *testing.T) {
	payer := fmt.Sprintf("payer:\n  name: {ar: جهة, en: Body}\n  account: %s\n  bank: \"901\"\n", paymenttest.IBAN(901, 1))
	const banks = "code,name_ar,name_en\n901,مصرف,Bank\n"
	for name, c := range map[string]struct{ payer, banks, key string }{
		"good":           {payer, banks, ""},
		"no payer":       {"", banks, "bank.no_file"},
		"no banks":       {payer, "", "bank.no_file"},
		"not yaml":       {"payer: [", banks, "bank.bad_file"},
		"bad account":    {strings.Replace(payer, "LY", "LX", 1), banks, "bank.bad_file"},
		"another bank":   {strings.Replace(payer, "901\"", "902\"", 1), banks, "bank.bad_file"},
		"no header":      {payer, "901,a,b\n", "bank.bad_file"},
		"crooked banks":  {payer, banks + "902,x\n", "bank.bad_file"},
		"nameless payer": {strings.Replace(payer, "جهة", "''", 1), banks, "bank.bad_file"},
	} {
		pack := fstest.MapFS{}
		if c.payer != "" {
			pack[PayerFile] = &fstest.MapFile{Data: []byte(c.payer)}
		}
		if c.banks != "" {
			pack[BanksFile] = &fstest.MapFile{Data: []byte(c.banks)}
		}
		_, err := Open(pack)
		if f := fault.Of(err); (c.key == "") != (err == nil) || f != nil && !errors.Is(err, fault.Invalid(c.key)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
