package iso20022

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
)

func each(transfers []Transfer) iter.Seq2[Transfer, error] {
	return func(yield func(Transfer, error) bool) {
		for _, t := range transfers {
			if !yield(t, nil) {
				return
			}
		}
	}
}

// initiation is a message with its counts and sums as they must be.
func initiation(batches ...[]Transfer) Initiation {
	m := Initiation{ID: "0190d0c0b0a07000800000000000abcd", Created: time.Date(2026, 11, 3, 9, 30, 0, 0, time.UTC), Currency: "LYD",
		Payer:   Payer{Name: "وزارة الشؤون الاجتماعية", Account: "LY11902079633387960518439", Agent: Agent{Member: "902", Name: "مصرف"}},
		Execute: calendar.Of(2026, 11, 3), Category: "GOVT"}
	for i, transfers := range batches {
		b := Batch{ID: m.ID + string(rune('a'+i)), Count: len(transfers), Agent: Agent{Member: "901"}, Transfers: each(transfers)}
		for _, t := range transfers {
			b.Sum += t.Amount
		}
		m.Count += b.Count
		m.Sum += b.Sum
		m.Batches = append(m.Batches, b)
	}
	return m
}

func transfer(name string, amount money.Amount) Transfer {
	return Transfer{EndToEnd: "e-1", Amount: amount, Name: name, Account: "LY11902079633387960518439", Purpose: "منحة الأولاد 2026-Q4"}
}

// valid holds a document against ISO's schema.
func valid(t interface {
	Fatalf(string, ...any)
	Helper()
}, folder string, document []byte) {
	t.Helper()
	if _, err := exec.LookPath("xmllint"); err != nil {
		t.Fatalf("xmllint is missing. Install it with: apt-get install libxml2-utils (make test does)")
	}
	file := filepath.Join(folder, "message.xml")
	if err := os.WriteFile(file, document, 0o600); err != nil {
		t.Fatalf("%v", err)
	}
	out, err := exec.Command("xmllint", "--noout", "--nonet", "--schema", "testdata/pain.001.001.09.xsd", file).CombinedOutput()
	if err != nil {
		t.Fatalf("not valid: %v\n%s\n%s", err, out, document)
	}
}

func TestMessageIsValidAgainstTheSchema(t *testing.T) {
	var out bytes.Buffer
	long := strings.Repeat("عبد الرحمن ", 30)
	m := initiation([]Transfer{transfer("محمد رجب يونس دخيل", 1200_000), transfer("أ & <ب> \"ج\"", 1)}, []Transfer{transfer(long, 350_500)})
	if err := Write(&out, m); err != nil {
		t.Fatal(err)
	}
	valid(t, t.TempDir(), out.Bytes())
	for _, want := range []string{"<NbOfTxs>3</NbOfTxs><CtrlSum>1550.501</CtrlSum>", `<InstdAmt Ccy="LYD">0.001</InstdAmt>`,
		"<CreDtTm>2026-11-03T09:30:00Z</CreDtTm>", "<Dt>2026-11-03</Dt>", "أ &amp; &lt;ب&gt; \"ج\"", "<NbOfTxs>2</NbOfTxs><CtrlSum>1200.001</CtrlSum>"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %s in\n%s", want, out.String())
		}
	}
}

func TestAnyNameGivesAValidMessageThatReadsBack(t *testing.T) {
	folder := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		name := "س" + rapid.String().Draw(t, "name")
		var out bytes.Buffer
		if err := Write(&out, initiation([]Transfer{transfer(name, money.Amount(rapid.Int64Range(1, 1e12).Draw(t, "amount")))})); err != nil {
			t.Fatalf("%v", err)
		}
		var read struct {
			Name string `xml:"CstmrCdtTrfInitn>PmtInf>CdtTrfTxInf>Cdtr>Nm"`
		}
		if err := xml.Unmarshal(out.Bytes(), &read); err != nil {
			t.Fatalf("%v in %s", err, out.Bytes())
		}
		if n := utf8.RuneCountInString(read.Name); n < 1 || n > 140 {
			t.Fatalf("a name of %d characters", n)
		}
		if rapid.IntRange(0, 9).Draw(t, "schema") == 0 { // a process each: a tenth is enough
			valid(t, folder, out.Bytes())
		}
	})
}

func TestEqualMessagesHaveEqualBytes(t *testing.T) {
	m := initiation([]Transfer{transfer("محمد", 100_000), transfer("علي", 250_000)})
	var first, second bytes.Buffer
	if err := errors.Join(Write(&first, m), Write(&second, m)); err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first.Bytes(), second.Bytes()) {
		t.Error("two exports differ")
	}
}

func TestSumsAndFieldsAreHeld(t *testing.T) {
	good := func() Initiation { return initiation([]Transfer{transfer("محمد", 100_000)}) }
	for name, c := range map[string]struct {
		spoil func(*Initiation)
		want  string
	}{
		"sum of all":     {func(m *Initiation) { m.Sum++ }, "iso20022.sums_differ"},
		"count of all":   {func(m *Initiation) { m.Count++ }, "iso20022.sums_differ"},
		"sum of batch":   {func(m *Initiation) { m.Batches[0].Sum++; m.Sum++ }, "iso20022.sums_differ"},
		"count of batch": {func(m *Initiation) { m.Batches[0].Count++; m.Count++ }, "iso20022.sums_differ"},
		"no payer":       {func(m *Initiation) { m.Payer.Name = "" }, "iso20022.incomplete"},
		"long id":        {func(m *Initiation) { m.ID = strings.Repeat("x", 36) }, "iso20022.incomplete"},
		"month only":     {func(m *Initiation) { m.Execute = calendar.Of(2026, 11, 0) }, "iso20022.incomplete"},
		"nothing to pay": {func(m *Initiation) {
			*m = initiation([]Transfer{transfer("محمد", 0)})
			m.Sum = 1
			m.Batches[0].Sum = 1
		}, "iso20022.transfer"},
		"no account":    {func(m *Initiation) { m.Batches[0].Transfers = each([]Transfer{{EndToEnd: "x", Amount: 1, Name: "ن"}}) }, "iso20022.transfer"},
		"unnamed agent": {func(m *Initiation) { m.Batches[0].Agent = Agent{} }, "iso20022.incomplete"},
		"markup in an id": {func(m *Initiation) {
			tr := transfer("محمد", 100_000)
			tr.EndToEnd = "<a>"
			m.Batches[0].Transfers = each([]Transfer{tr})
		}, "iso20022.transfer"},
	} {
		m := good()
		c.spoil(&m)
		if f := fault.Of(Write(io.Discard, m)); f == nil || f.Key != c.want {
			t.Errorf("%s: %v, want %s", name, f, c.want)
		}
	}
	if err := Write(io.Discard, good()); err != nil {
		t.Errorf("the good one: %v", err)
	}
}

func many(n int) Initiation {
	tr := transfer("محمد رجب يونس دخيل", 1200_000)
	m := initiation([]Transfer{tr})
	m.Count, m.Sum = n, tr.Amount*money.Amount(n)
	m.Batches[0].Count, m.Batches[0].Sum = m.Count, m.Sum
	m.Batches[0].Transfers = func(yield func(Transfer, error) bool) {
		for range n {
			if !yield(tr, nil) {
				return
			}
		}
	}
	return m
}

func TestMemoryDoesNotGrowWithTheList(t *testing.T) {
	allocated := func(n int) uint64 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		if err := Write(io.Discard, many(n)); err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	small, large := allocated(1_000), allocated(100_000)
	if large > small+1<<20 {
		t.Errorf("100,000 transfers allocate %d bytes, 1,000 allocate %d", large, small)
	}
}

func BenchmarkWrite(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if err := Write(io.Discard, many(10_000)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkEncodingXML writes the same elements by the standard library's
// encoder: what writing by hand is measured against.
func BenchmarkEncodingXML(b *testing.B) {
	type text struct {
		Name string `xml:"Nm"`
	}
	type amount struct {
		Currency string `xml:"Ccy,attr"`
		Value    string `xml:",chardata"`
	}
	type element struct {
		XMLName xml.Name `xml:"CdtTrfTxInf"`
		ID      string   `xml:"PmtId>EndToEndId"`
		Amount  amount   `xml:"Amt>InstdAmt"`
		Agent   string   `xml:"CdtrAgt>FinInstnId>ClrSysMmbId>MmbId"`
		Name    text     `xml:"Cdtr"`
		Account string   `xml:"CdtrAcct>Id>IBAN"`
		Purpose string   `xml:"RmtInf>Ustrd"`
	}
	b.ReportAllocs()
	for b.Loop() {
		out := xml.NewEncoder(io.Discard)
		tr := transfer("محمد رجب يونس دخيل", 1200_000)
		for range 10_000 {
			if err := out.Encode(element{ID: tr.EndToEnd, Amount: amount{"LYD", tr.Amount.String()}, Agent: "901",
				Name: text{tr.Name}, Account: tr.Account, Purpose: tr.Purpose}); err != nil {
				b.Fatal(err)
			}
		}
		if err := out.Close(); err != nil {
			b.Fatal(err)
		}
	}
}
