package sanad

import (
	"fmt"
	"go/ast"
	"maps"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// What a reader may count on. The figures come from reading programs that
// strangers find easy to read.
const (
	fileLimit     = 400 // lines of a file
	testFileLimit = 600 // lines of a test file
	functionLimit = 80  // lines of a function
	medianLimit   = 12  // lines of the function in the middle
)

func TestFilesAndFunctionsStayShort(t *testing.T) {
	all := sources(t)
	report(t, tooLong(all))
	var program, tests []int
	for _, s := range all {
		for _, f := range s.functions() {
			if s.isTest() {
				tests = append(tests, s.lines(f))
			} else {
				program = append(program, s.lines(f))
			}
		}
	}
	t.Logf("functions: %d in the program, median %d lines; %d in tests, median %d lines", len(program), median(program), len(tests), median(tests))
	if m := median(program); m > medianLimit {
		t.Errorf("the median function has %d lines, more than %d; split the long ones where they change the subject", m, medianLimit)
	}
}

func tooLong(all []source) (found []finding) {
	for _, s := range all {
		limit := fileLimit
		if s.isTest() {
			limit = testFileLimit
		}
		if n := strings.Count(s.text, "\n"); n > limit {
			found = append(found, s.at(s.syntax, "%d lines, more than %d; give a part with its own subject a file of its own", n, limit))
		}
		for _, f := range s.functions() {
			if n := s.lines(f); n > functionLimit {
				found = append(found, s.at(f, "%s has %d lines, more than %d; split it where it changes the subject", fullName(f), n, functionLimit))
			}
		}
	}
	return found
}

func median(numbers []int) int {
	slices.Sort(numbers)
	return numbers[len(numbers)/2]
}

func TestExportedNamesAreDocumented(t *testing.T) { report(t, undocumented(sources(t))) }

// undocumented finds exported names without a doc comment, and packages without
// one. A name within a group may rest on the comment of the group.
func undocumented(all []source) (found []finding) {
	packages := map[string]bool{}
	first := map[string]source{}
	for _, s := range all {
		packages[s.folder()] = packages[s.folder()] || s.syntax.Doc != nil
		if s.isTest() {
			continue
		}
		if _, ok := first[s.folder()]; !ok {
			first[s.folder()] = s
		}
		for _, d := range s.syntax.Decls {
			for name, node := range namesWithoutDoc(d) {
				found = append(found, s.at(node, "%s has no doc comment; say what it guarantees, its units and errors, and its source of law where it has one", name))
			}
		}
	}
	for folder, s := range first {
		if !packages[folder] {
			found = append(found, s.at(s.syntax, "package %s has no comment; say what it does for a family, then how", folder))
		}
	}
	return found
}

func namesWithoutDoc(d ast.Decl) map[string]ast.Node {
	names := map[string]ast.Node{}
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && isExported(d) {
			names[fullName(d)] = d
		}
	case *ast.GenDecl:
		if d.Doc != nil {
			break
		}
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				if spec.Doc == nil && spec.Comment == nil && spec.Name.IsExported() {
					names[spec.Name.Name] = spec
				}
			case *ast.ValueSpec:
				if spec.Doc == nil && spec.Comment == nil && spec.Names[0].IsExported() {
					names[spec.Names[0].Name] = spec
				}
			}
		}
	}
	return names
}

// saysNothing are package names under which everything and nothing gathers.
var saysNothing = []string{"utils", "util", "common", "helpers", "helper", "manager", "managers", "service", "services", "models", "model", "misc", "base"}

func TestPackageNamesSayWhatIsInThem(t *testing.T) { report(t, emptyNames(sources(t))) }

func emptyNames(all []source) (found []finding) {
	for _, s := range all {
		if slices.Contains(saysNothing, s.syntax.Name.Name) || slices.Contains(saysNothing, path.Base(s.folder())) {
			found = append(found, s.at(s.syntax.Name, "a package called %s says nothing; name it after what it does for a family", s.syntax.Name.Name))
		}
	}
	return found
}

func TestNothingIsSkipped(t *testing.T) { report(t, skipped(sources(t))) }

// skipped finds tests that leave themselves out: a run that says ok has run
// them all. What needs a machine of its own lies behind a build tag and a target
// of the Makefile.
func skipped(all []source) (found []finding) {
	for _, s := range all {
		if !s.isTest() || strings.HasPrefix(s.text, "//go:build ") {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncLit); ok && triesManyInputs(f.Type) {
				return false
			}
			if selected, ok := calls(n); ok && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, selected.Sel.Name) {
				found = append(found, s.at(n, "no test leaves itself out; fail and say what to install, or put it behind a build tag with a target in the Makefile"))
			}
			return true
		})
	}
	return found
}

// triesManyInputs tells whether a function is a property or the body of a fuzz
// target, which may pass over one input.
func triesManyInputs(f *ast.FuncType) bool {
	for _, p := range f.Params.List {
		if pointer, ok := p.Type.(*ast.StarExpr); ok {
			if isOf(pointer.X, "rapid", "T") || isOf(pointer.X, "testing", "T") && f.Params.NumFields() > 1 {
				return true
			}
		}
	}
	return false
}

func TestDirectDependenciesHaveAReason(t *testing.T) {
	const reasons = "docs/dependencies.md"
	all := files(t)
	modules, direct := modulesOf(all["go.mod"])
	used := map[string]finding{}
	for _, m := range direct {
		used[m] = finding{"go.mod", ""}
	}
	for _, s := range sources(t) {
		for imported, node := range s.imports() {
			if module := moduleOf(modules, imported); module != "" {
				used[module] = s.at(node, "")
			}
		}
	}
	for _, name := range packagesOf(t) {
		used[name] = finding{"package.json", ""}
	}
	for _, name := range slices.Sorted(maps.Keys(used)) {
		if !strings.Contains(all[reasons], "| `"+name+"` |") {
			t.Errorf("%s: %s is a direct dependency without a line in %s; say why it is needed, or do without it", used[name].place, name, reasons)
		}
	}
	for _, line := range reasonLine.FindAllStringSubmatch(all[reasons], -1) {
		if _, ok := used[line[1]]; !ok && !slices.Contains(modules, line[1]) {
			t.Errorf("%s: %s is no dependency any more; take its line out", reasons, line[1])
		}
	}
}

var reasonLine = regexp.MustCompile("(?m)^\\| `([^`]+)` \\|")

var requirement = regexp.MustCompile(`(?m)^(?:require )?\s*(\S+) v\S+( // indirect)?$`)

// modulesOf returns every module of go.mod, and those it says we use ourselves.
func modulesOf(goMod string) (modules, direct []string) {
	for _, m := range requirement.FindAllStringSubmatch(goMod, -1) {
		modules = append(modules, m[1])
		if m[2] == "" {
			direct = append(direct, m[1])
		}
	}
	return modules, direct
}

// moduleOf returns the module that an import comes from; none for the standard
// library and for our own packages.
func moduleOf(modules []string, imported string) (module string) {
	for _, m := range modules {
		if (imported == m || strings.HasPrefix(imported, m+"/")) && len(m) > len(module) {
			module = m
		}
	}
	return module
}

var packageLine = regexp.MustCompile(`(?m)^    "([^"]+)": "\d`)

// packagesOf returns the names that package.json depends upon.
func packagesOf(t *testing.T) (names []string) {
	content, err := os.ReadFile("package.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range packageLine.FindAllStringSubmatch(string(content), -1) {
		names = append(names, m[1])
	}
	return names
}

// machineBound matches text that is true on one machine only: somebody's
// folders, somebody's package registry. (Written so that it does not match
// itself.)
var machineBound = regexp.MustCompile(`(?:^|[\s"'(=:\x60])/(?:work|root|home/\w+)/|` +
	`(?i)//(?:[\w-]+[.])*(?:registry|proxy|mirror|artifactory|nexus)[.][\w.:-]+|"resolved"[:]`)

func TestNothingIsBoundToOneMachine(t *testing.T) {
	for name, text := range files(t) {
		for n, line := range strings.Split(text, "\n") {
			if match := machineBound.FindString(line); match != "" && name != "conventions_test.go" {
				t.Errorf("%s:%d: %q is true on one machine only; use a path within the repository or a setting", name, n+1, strings.TrimSpace(match))
			}
		}
	}
}

func TestMachineBoundTextIsRecognised(t *testing.T) {
	for text, bound := range map[string]bool{
		`see "/work/file"`:                     true,
		`cd /root/go`:                          true,
		`cd /home/ali/sanad`:                   true,
		`"resolved": "x"`:                      true,
		`https://registry.example/esbuild/-/e`: true,
		`social/work/office`:                   false,
		`GET /households/{id}`:                 false,
		`https://example.org/work/x`:           false,
		`bodies/registry/root`:                 false,
	} {
		if machineBound.MatchString(text) != bound {
			t.Errorf("%q: want %t", text, bound)
		}
	}
}

func TestConventionsFindWhatTheyForbid(t *testing.T) {
	long := strings.Repeat("\tx()\n", functionLimit)
	cases := []struct {
		name, file, text string
		rule             func([]source) []finding
		found            int
	}{
		{"long function", "web/a.go", "package web\nfunc f() {\n" + long + "}\n", tooLong, 1},
		{"long file", "web/a.go", "package web\n" + strings.Repeat("\n", fileLimit), tooLong, 1},
		{"long test file", "web/a_test.go", "package web\n" + strings.Repeat("\n", testFileLimit-1), tooLong, 0},
		{"bare names", "web/a.go", "// Package web.\npackage web\nfunc A() {}\ntype B int\nvar C = 1\nconst D = 2\nfunc (b *B) E() {}\nfunc (x y) F() {}\nfunc g() {}\n", undocumented, 5},
		{"documented", "web/a.go", "// Package web.\npackage web\n// A does.\nfunc A() {}\n// The kinds.\nconst (\n\tB = 1\n\tC = 2\n)\nvar (\n\tD = 1 // a day\n)\n", undocumented, 0},
		{"package without comment", "web/a.go", "package web\n", undocumented, 1},
		{"skipping test", "web/a_test.go", "package web\nfunc f(t *testing.T) { t.Skip() }\n", skipped, 1},
		{"property that passes over an input", "web/a_test.go", "package web\nfunc f(t *testing.T) { rapid.Check(t, func(t *rapid.T) { t.Skip() }) }\n", skipped, 0},
		{"fuzzed input passed over", "web/a_test.go", "package web\nfunc f(f *testing.F) { f.Fuzz(func(t *testing.T, b []byte) { t.Skip() }) }\n", skipped, 0},
		{"part of a test left out", "web/a_test.go", "package web\nfunc f(t *testing.T) { t.Run(\"a\", func(t *testing.T) { t.SkipNow() }) }\n", skipped, 1},
		{"builder that leaves its test out", "web/a_test.go", "package web\nfunc f(t *testing.T, engine string) { t.Skip() }\n", skipped, 1},
		{"test behind a tag", "web/a_test.go", "//go:build look\n\npackage web\nfunc f(t *testing.T) { t.Skip() }\n", skipped, 0},
		{"empty name", "platform/utils/a.go", "package utils\n", emptyNames, 1},
		{"telling name", "platform/money/a.go", "package money\n", emptyNames, 0},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if found := c.rule(sample(t, c.file, c.text)); len(found) != c.found {
				t.Errorf("found %v, want %d", found, c.found)
			}
		})
	}
	modules, direct := modulesOf("module x\n\nrequire (\n\ta.b/c v1.0.0\n\ta.b/c/v2 v2.0.0 // indirect\n)\nrequire d.e v0.1.0\n")
	if fmt.Sprint(modules, direct) != "[a.b/c a.b/c/v2 d.e] [a.b/c d.e]" {
		t.Errorf("modules %v, direct %v", modules, direct)
	}
	if m := moduleOf(modules, "a.b/c/v2/sub"); m != "a.b/c/v2" {
		t.Errorf("module of a package: %q", m)
	}
}
