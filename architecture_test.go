// Package sanad holds nothing but the tests that keep the order of the house:
// which step may use which (architecture_test.go), what every reader may expect
// of the text of the program (conventions_test.go).
package sanad

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
	"testing"
)

// order is the architecture. Each line may use the lines above it; the packages
// within one line do not know each other. A folder below a listed one belongs to
// it unless it is listed itself.
var order = [][]string{
	// What any step may use; knows no programme.
	{"platform/fault"},     // how the program says no to a person
	{"platform/id"},        // identifiers that sort by time
	{"platform/money"},     // exact amounts
	{"platform/calendar"},  // dates that carry their precision
	{"platform/text"},      // sentences in two languages
	{"platform/names"},     // Arabic names
	{"platform/rule"},      // the language in which laws are written
	{"platform/csvout"},    // tables that spreadsheets cannot misread
	{"platform/store"},     // two engines, transactions, the Writer
	{"platform/journal"},   // every change, sealed and chained
	{"platform/geography"}, // areas over time
	{"platform/access"},    // people, roles, Require
	{"platform/sync"},      // frames between branch and diwan

	// The chain that a family goes through.
	{"delivery/registry"},     // who exists
	{"delivery/matching"},     // is this the same person
	{"delivery/intake"},       // what people tell us
	{"delivery/assessment"},   // what we conclude
	{"delivery/policy"},       // who may receive what
	{"delivery/enrolment"},    // decisions in force, notices, exits
	{"delivery/payment"},      // lists, approval, ledger, returns
	{"delivery/provision"},    // what is not cash
	{"delivery/casework"},     // cases, visits, plans
	{"delivery/grievance"},    // complaints, appeals, corrections
	{"delivery/coordination"}, // branch and diwan as one body
	{"delivery/monitoring"},   // indicators, maps, open data
	{"delivery/strategy"},     // costing and simulation of reforms

	// A country is content: embedded files that only the edges read.
	{"country"},

	// The edges, which compose what needs several steps.
	{"exchange"},   // doors to other systems
	{"web", "api"}, // pages; REST
	{"cmd"},        // the one program
}

// forTests tells whether a package is made for tests only: its name ends so, as
// in storetest. It may use what its parent may, and the parent.
func forTests(folder string) bool { return strings.HasSuffix(folder, "test") }

// step returns a package's line in order, and the entry that covers it.
func step(folder string) (line int, entry string) {
	if folder == "delivery/deliverytest" { // builders for every step
		line, _ := step("delivery/strategy")
		return line, folder
	}
	line = -1
	for n, entries := range order {
		for _, e := range entries {
			if (folder == e || strings.HasPrefix(folder, e+"/")) && len(e) > len(entry) {
				line, entry = n, e
			}
		}
	}
	return line, entry
}

func TestEachPackageUsesOnlyWhatStandsBeforeIt(t *testing.T) {
	report(t, outOfOrder(sources(t)))
}

func outOfOrder(all []source) (found []finding) {
	for _, s := range all {
		if s.folder() == "." {
			continue
		}
		line, entry := step(s.folder())
		if line < 0 {
			found = append(found, s.at(s.syntax, "package %s has no place in the order; give it one in architecture_test.go", s.folder()))
			continue
		}
		for imported, node := range s.imports() {
			used, inside := strings.CutPrefix(imported, "sanad/")
			if inside {
				found = append(found, misuse(s, node, line, entry, used)...)
			}
		}
	}
	return found
}

// misuse tells what is wrong with one import, if anything.
func misuse(s source, node ast.Node, line int, entry, used string) []finding {
	usedLine, usedEntry := step(used)
	switch {
	case s.isTest() && (forTests(used) || usedEntry == "country"):
		return nil // tests may build on builders, and read the content that they check
	case forTests(used) && !forTests(s.folder()):
		return []finding{s.at(node, "%s is for tests only; do not use it in the program", used)}
	case usedEntry == entry:
		return nil
	case usedLine > line:
		return []finding{s.at(node, "%s may not use %s, which comes later; follow the journal, or compose both at the edge", entry, used)}
	case usedLine == line && !forTests(s.folder()):
		return []finding{s.at(node, "%s and %s stand side by side and may not use each other", entry, used)}
	}
	return nil
}

func TestThereIsNoCycle(t *testing.T) {
	uses := map[string][]string{}
	for _, s := range sources(t) {
		if s.isTest() {
			continue
		}
		for imported := range s.imports() {
			if used, inside := strings.CutPrefix(imported, "sanad/"); inside {
				uses[s.folder()] = append(uses[s.folder()], used)
			}
		}
	}
	for from := range uses {
		if way := wayBack(uses, from, from, map[string]bool{}); way != nil {
			t.Errorf("%s uses itself by way of %s", from, strings.Join(way, ", "))
		}
	}
}

// wayBack returns the packages through which one leads to another.
func wayBack(uses map[string][]string, from, to string, seen map[string]bool) []string {
	for _, next := range uses[from] {
		if next == to {
			return []string{next}
		}
		if seen[next] {
			continue
		}
		seen[next] = true
		if way := wayBack(uses, next, to, seen); way != nil {
			return append([]string{next}, way...)
		}
	}
	return nil
}

func TestOnlyTheJournalObtainsAWriter(t *testing.T) {
	report(t, writersObtained(sources(t)))
}

// writersObtained finds calls of (*store.Tx).Projected: rows that an event did
// not write would be lost by a rebuild.
func writersObtained(all []source) (found []finding) {
	for _, s := range all {
		if s.within("platform/journal") || s.isTest() && s.within("platform/store") {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if selected, ok := calls(n); ok && selected.Sel.Name == "Projected" {
				found = append(found, s.at(n, "only platform/journal obtains a Writer; record an event and write the rows in its Apply"))
			}
			return true
		})
	}
	return found
}

// calls returns what a node calls, where it is something selected: x.Name(...).
func calls(n ast.Node) (*ast.SelectorExpr, bool) {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return nil, false
	}
	selected, ok := call.Fun.(*ast.SelectorExpr)
	return selected, ok
}

// clocks are the files that may look at a clock themselves, and why. What is
// recorded or decided never hangs on them.
var clocks = map[string]string{}

func TestTimeComesFromTheTransaction(t *testing.T) {
	report(t, clocksRead(sources(t)))
}

func clocksRead(all []source) (found []finding) {
	for _, s := range all {
		if s.isTest() || s.within("platform/store") || clocks[s.name] != "" {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if isOf(n, "time", "Now", "Since", "Until") {
				found = append(found, s.at(n, "take the time from tx.Now or as an argument; a pure measurement of duration goes into clocks in architecture_test.go with its reason"))
			}
			return true
		})
	}
	return found
}

// isOf tells whether a node is one of a package's names: time.Now.
func isOf(n ast.Node, pkg string, names ...string) bool {
	selected, ok := n.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	x, ok := selected.X.(*ast.Ident)
	return ok && x.Name == pkg && slices.Contains(names, selected.Sel.Name)
}

func TestNoFloatingPointOnThePathToADecision(t *testing.T) {
	report(t, floats(sources(t)))
}

// estimates are the folders that estimate and decide nothing: their figures are
// evidence that a person weighs, and leave them as fixed-point millionths.
var estimates = []string{"delivery/matching/linkage"}

// floats finds binary fractions: they are not exact, and arm64 rounds them
// differently from amd64 (golang/go issue 36536).
func floats(all []source) (found []finding) {
	for _, s := range all {
		if s.isTest() || s.within(estimates...) || !s.within("delivery", "platform/rule", "platform/money") {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if isFloat(n) {
				found = append(found, s.at(n, "use integer dirhams (platform/money) or fixed-point millionths; floats are not exact"))
			}
			return true
		})
	}
	return found
}

func isFloat(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Ident:
		return n.Name == "float64" || n.Name == "float32"
	case *ast.BasicLit:
		return n.Kind == token.FLOAT
	case *ast.SelectorExpr:
		return isOf(n, "strconv", "ParseFloat", "FormatFloat")
	}
	return false
}

func TestOrderListsEachPackageOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, entries := range order {
		for _, e := range entries {
			if seen[e] {
				t.Errorf("%s stands twice in the order", e)
			}
			seen[e] = true
		}
	}
}

func TestOrderFindsWhatItForbids(t *testing.T) {
	cases := []struct {
		name, file, text string
		rule             func([]source) []finding
		found            int
	}{
		{"earlier step", "delivery/payment/a.go", `import "sanad/delivery/policy"`, outOfOrder, 0},
		{"later step", "delivery/policy/a.go", `import "sanad/delivery/payment"`, outOfOrder, 1},
		{"platform reaches up", "platform/sync/a.go", `import "sanad/delivery/registry"`, outOfOrder, 1},
		{"later platform package", "platform/fault/a.go", `import "sanad/platform/id"`, outOfOrder, 1},
		{"own folder below", "exchange/dci/a.go", `import "sanad/exchange/oidc"`, outOfOrder, 0},
		{"side by side", "api/a.go", `import "sanad/web"`, outOfOrder, 1},
		{"code that knows a country", "delivery/policy/a.go", `import "sanad/country/libya"`, outOfOrder, 1},
		{"test that reads a country", "delivery/policy/a_test.go", `import "sanad/country/libya"`, outOfOrder, 0},
		{"package without a place", "delivery/other/a.go", ``, outOfOrder, 1},
		{"test database in a test", "delivery/registry/a_test.go", `import "sanad/platform/store/storetest"`, outOfOrder, 0},
		{"test database of its own engine", "platform/store/a_test.go", `import "sanad/platform/store/storetest"`, outOfOrder, 0},
		{"test database in the program", "cmd/sanad/a.go", `import "sanad/platform/store/storetest"`, outOfOrder, 1},
		{"test builders on the test database", "platform/journal/journaltest/a.go", `import "sanad/platform/store/storetest"`, outOfOrder, 0},
		{"test builders reach up", "platform/journal/journaltest/a.go", `import "sanad/platform/access"`, outOfOrder, 1},
		{"test database uses the store", "platform/store/storetest/a.go", `import "sanad/platform/store"`, outOfOrder, 0},
		{"writer in a step", "delivery/registry/a.go", `func f() { tx.Projected().Put(x) }`, writersObtained, 1},
		{"writer in the journal", "platform/journal/a.go", `func f() { tx.Projected() }`, writersObtained, 0},
		{"table class", "delivery/registry/a.go", `var c = store.Projected`, writersObtained, 0},
		{"clock in a step", "delivery/registry/a.go", `var c = time.Now`, clocksRead, 1},
		{"clock in a test", "delivery/registry/a_test.go", `var c = time.Now()`, clocksRead, 0},
		{"clock in the store", "platform/store/a.go", `var c = time.Now()`, clocksRead, 0},
		{"float type", "delivery/policy/a.go", `var a float64`, floats, 1},
		{"float literal", "platform/money/a.go", `var a = 2.5`, floats, 1},
		{"float read", "delivery/intake/a.go", `var a = strconv.ParseFloat`, floats, 1},
		{"float on a map", "web/a.go", `var a float64`, floats, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			found := c.rule(sample(t, c.file, "package a\n"+c.text))
			if len(found) != c.found {
				t.Errorf("found %v, want %d", found, c.found)
			}
			for _, f := range found {
				if !strings.HasPrefix(f.place, fmt.Sprintf("%s:", c.file)) {
					t.Errorf("a finding without its place: %v", f)
				}
			}
		})
	}
}
