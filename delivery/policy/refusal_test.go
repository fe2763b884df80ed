package policy

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"sanad/delivery/registry"
	"sanad/platform/text"
)

// mistakes are changes to the grant's own file, each of which must be refused.
var mistakes = []struct{ name, old, new string }{
	{"a key that is not one", "rhythm: {assessed", "rythm: {assessed"},
	{"a text in one language", "name: {ar: منحة الزوجة والأولاد, en: Wife and children grant}", "name: {ar: منحة الزوجة والأولاد}"},
	{"a day that the calendar lacks", "values: {2013-01-01: 150}", "values: {2013-02-30: 150}"},
	{"values out of order", "values: {2013-01-01: 150}", "values: {2013-01-01: 150, 2012-01-01: 100}"},
	{"an amount that is none", "values: {2013-01-01: 150}", "values: {2013-01-01: many}"},
	{"an article that is not cited", "basis: law-27-2013#wife", "basis: law-27-2013#wive"},
	{"an option that is not one", "chosen: never-married-only", "chosen: never-maried-only"},
	{"a confirmation without a letter", "confirmed: null", "confirmed: {by: {ar: الوزير, en: the minister}, date: 2026-11-01}"},
	{"a reading without its test", "      that-day-does-not: member.death_date > month.first\n", ""},
	{"a formula with a wrong name", "test: member.months_away(month.first) <= months_abroad", "test: member.months_away(month.frist) <= months_abroad"},
	{"a formula of the wrong kind", "amount: child_amount", "amount: adult_age"},
	{"a body that is not one", "decider: diwan", "decider: divan"},
	{"a file of another name", "programme: wife-and-children-grant", "programme: wives-and-children-grant"},
	{"a unit that is not one", "unit: household", "unit: houshold"},
	{"an example with an unknown fact", "mona: {role: daughter, sex: female, birth: 2008-10-01}", "mona: {rolle: daughter, sex: female, birth: 2008-10-01}"},
	{"an example that does not come out", "child: due 100 to father, wife: none", "child: due 101 to father, wife: none"},
	{"a rule that breaks its examples", "<= months_abroad", "< months_abroad"},
	{"not YAML", "acts:\n", "acts: [\n"},
	{"a limit without a bound", "holds:\n", "limits:\n  - {id: most, name: {ar: حد, en: limit}, article: law-27-2013#wife, of: household}\nholds:\n"},
	{"a ranking without a bound", "holds:\n", "ranking: {name: {ar: ترتيب, en: order}, article: law-27-2013#wife, by: 'household.members.count(m, true)', first: highest}\nholds:\n"},
	{"a budget that is no sum", "holds:\n", "ranking: {name: {ar: ترتيب, en: order}, article: law-27-2013#wife, by: 'household.members.count(m, true)', first: highest, budget: adult_age}\nholds:\n"},
	{"a share that is none", "holds:\n", "ranking: {name: {ar: ترتيب, en: order}, article: law-27-2013#wife, by: 'household.members.count(m, true)', first: highest, budget: wife_amount, reserved: [{id: some, name: {ar: حصة, en: share}, article: law-27-2013#wife, share: 2.5, who: 'true'}]}\nholds:\n"},
	{"an overlap with nothing", "holds:\n", "overlaps:\n  - {id: other, programme: wife-and-children-grunt, of: person, effect: excludes, name: {ar: آخر, en: other}, article: law-27-2013#wife, otherwise: {ar: آخر, en: other}}\nholds:\n"},
	{"no examples", "examples:\n", "examples: []\nordinary_examples:\n"},
}

// TestRefusalsNameThePlaceAndWhatToWrite compares what an analyst reads, in both
// languages, with the kept text: run with -update and read the change.
func TestRefusalsNameThePlaceAndWhatToWrite(t *testing.T) {
	good := grant(t).Text()
	var got strings.Builder
	for _, m := range mistakes {
		if !strings.Contains(good, m.old) {
			t.Fatalf("%s: the file has no %q", m.name, m.old)
		}
		bad := strings.Replace(good, m.old, m.new, 1)
		found := Check(fstest.MapFS{Folder + "/wife-and-children-grant.yaml": {Data: []byte(bad)}, bodiesFile: {Data: []byte("bodies: [{code: ministry}, {code: diwan}, {code: central-bank}]")}})
		if len(found) == 0 {
			t.Errorf("%s was accepted", m.name)
		}
		fmt.Fprintf(&got, "## %s\n", m.name)
		for i, f := range found {
			if i == 3 {
				fmt.Fprintf(&got, "… and %d more\n", len(found)-3)
				break
			}
			for _, language := range text.Languages {
				sentence := text.Fault(language, f.Err)
				fmt.Fprintln(&got, sentence)
				if f.Line == 0 || strings.ContainsAny(sentence, "⟦⟧") || !strings.Contains(sentence, fmt.Sprintf("grant.yaml:%d", f.Line)) {
					t.Errorf("%s: line %d: %s", m.name, f.Line, sentence)
				}
			}
		}
	}
	const golden = "testdata/refusals.txt"
	if *Update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if kept, err := os.ReadFile(golden); err != nil || string(kept) != got.String() {
		t.Errorf("the refusals changed (%v):\n%s", err, got.String())
	}
}

// FuzzProgrammeFile holds that no file ends the program, and that what is
// refused says where.
func FuzzProgrammeFile(f *testing.F) {
	f.Add(grant(f).Text())
	f.Add("programme: [a, {b: c}]\nname: &x {ar: *x}\n")
	f.Add("components: [{id: x, conditions: [{tests: {a: b}}]}]\nreadings: {}\nparameters: []\nexamples: [{family: {a: {}}, expect: {a: []}}]\n")
	f.Fuzz(func(t *testing.T, body string) {
		p, findings := read("grant.yaml", body, readableFacts(registry.All()))
		if len(findings) == 0 && p.digest == [32]byte{} {
			t.Error("accepted without a digest")
		}
		for _, finding := range findings {
			if finding.Line < 1 {
				t.Errorf("no place: %v", finding.Err)
			}
		}
	})
}
