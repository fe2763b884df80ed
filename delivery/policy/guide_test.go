package policy

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"sanad/platform/calendar"
)

// guide is the text that analysts learn the language from.
const guide = "../../docs/rules.md"

var (
	guideFile    = regexp.MustCompile("(?ms)^```\\w+ (\\S+)\n(.*?)^```")
	guideCommand = regexp.MustCompile(`(?m)^sanad evaluate --country (\S+) --date (\S+) --members (\S+) --households (\S+) --out (\S+)$`)
)

// TestTheGuideToRulesIsTrue computes each example of the guide as it is printed
// there, and compares with the printed result.
func TestTheGuideToRulesIsTrue(t *testing.T) {
	text, err := os.ReadFile(guide)
	if err != nil {
		t.Fatal(err)
	}
	files := fstest.MapFS{}
	for _, m := range guideFile.FindAllStringSubmatch(string(text), -1) {
		files[m[1]] = &fstest.MapFile{Data: []byte(m[2])}
	}
	commands := guideCommand.FindAllStringSubmatch(string(text), -1)
	if len(commands) < 2 {
		t.Fatalf("%d examples found, two expected", len(commands))
	}
	for _, c := range commands {
		country, day, members, households, out := c[1], c[2], c[3], c[4], c[5]
		sub, err := files.Sub(country)
		if err != nil {
			t.Fatal(err)
		}
		pack, err := OpenPack(sub)
		if err != nil {
			t.Fatalf("%s: %v", country, err)
		}
		date, _ := calendar.Parse(day)
		e, err := pack.Load(date, opened(files[households].Data), opened(files[members].Data))
		if err != nil {
			t.Fatalf("%s: %v", country, err)
		}
		if err := e.Run(); err != nil {
			t.Fatal(err)
		}
		var got bytes.Buffer
		if err := e.Write(&got); err != nil {
			t.Fatal(err)
		}
		if want := string(files[out].Data); got.String() != want {
			t.Errorf("the guide prints for %s\n%s\nand it is\n%s", country, want, got.String())
		}
		one := e.Alone()
		for h := range e.Households() {
			if same, err := one.Household(h, nil); err != nil || !same {
				t.Errorf("%s: household %d computed by itself is another (%v)", country, h, err)
			}
		}
	}
}

func opened(content []byte) func() (io.ReadCloser, error) {
	return func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(content)), nil }
}

// FuzzTables: whatever stands in the tables is computed or refused, and a result
// has a line for every household and member.
func FuzzTables(f *testing.F) {
	pack, err := OpenPack(fstest.MapFS{
		"facts.yaml": {Data: []byte("facts:\n  - {fact: rent, of: household, type: money}\n  - {fact: pay, of: member, type: fixed, default: 0}\n")},
		"law.yaml": {Data: []byte("calculation: law\nvalues:\n" +
			"  - {id: half, for: household, type: money, formula: 'divide_down(household.rent, 2)'}\n" +
			"  - {id: years, for: member, type: integer, formula: 'full_years(member.age_on(day))'}\n" +
			"  - {id: paid, for: household, type: fixed, formula: 'household.members.sum(m, m.father == household.head, m.pay)'}\n")},
	})
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("household,rent\na,12.5\nb,\n"), []byte("household,role,birth_date,pay,father,member\na,head,1990-02,1.5,,x\nb,,none,,none,\n"))
	f.Add([]byte("\xef\xbb\xbfhousehold\n\"a\"\"b\"\n"), []byte("role,household\n"))
	f.Add([]byte("household,rent\na,99999999999999999999\n"), []byte("household\n\n"))
	f.Add([]byte("household,rent\n"), []byte("household\n"))
	f.Fuzz(func(t *testing.T, households, members []byte) {
		e, err := pack.Load(calendar.Of(2026, 10, 1), opened(households), opened(members))
		if err != nil || e.Run() != nil {
			return
		}
		var out bytes.Buffer
		if err := e.Write(&out); err != nil {
			t.Fatal(err)
		}
		if lines := strings.Count(out.String(), "\n"); lines < 1+e.Households()+e.Members() {
			t.Fatalf("%d lines for %d households and %d members", lines, e.Households(), e.Members())
		}
	})
}
