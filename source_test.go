package sanad

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// source is one parsed file of the repository.
type source struct {
	name   string // with slashes, from the root: "platform/store/row.go"
	text   string
	syntax *ast.File
	places *token.FileSet
}

// finding is one place where a rule of the house is broken, and what to do.
type finding struct{ place, advice string }

func (f finding) String() string { return f.place + ": " + f.advice }

// folder is the package's folder, "." for the root.
func (s source) folder() string { return path.Dir(s.name) }

func (s source) isTest() bool { return strings.HasSuffix(s.name, "_test.go") }

// within tells whether the file lies in one of the folders or below it.
func (s source) within(folders ...string) bool {
	return slices.ContainsFunc(folders, func(f string) bool { return strings.HasPrefix(s.name, f+"/") })
}

// at makes a finding about a node of the file.
func (s source) at(node ast.Node, advice string, args ...any) finding {
	line := s.places.Position(node.Pos()).Line
	return finding{fmt.Sprintf("%s:%d", s.name, line), fmt.Sprintf(advice, args...)}
}

// lines counts the lines that a node spans.
func (s source) lines(node ast.Node) int {
	return s.places.Position(node.End()).Line - s.places.Position(node.Pos()).Line + 1
}

// functions returns the functions and methods that the file declares.
func (s source) functions() []*ast.FuncDecl {
	var all []*ast.FuncDecl
	for _, d := range s.syntax.Decls {
		if f, ok := d.(*ast.FuncDecl); ok {
			all = append(all, f)
		}
	}
	return all
}

// imports returns the paths that the file imports, with their nodes.
func (s source) imports() map[string]ast.Node {
	all := map[string]ast.Node{}
	for _, i := range s.syntax.Imports {
		all[strings.Trim(i.Path.Value, `"`)] = i
	}
	return all
}

// parse reads one file of Go.
func parse(name, text string) (source, error) {
	places := token.NewFileSet()
	syntax, err := parser.ParseFile(places, name, text, parser.ParseComments)
	return source{name, text, syntax, places}, err
}

// sources parses the Go files of the repository, in the order of their names.
func sources(t *testing.T) []source {
	t.Helper()
	var all []source
	for name, text := range files(t) {
		if path.Ext(name) != ".go" {
			continue
		}
		s, err := parse(name, text)
		if err != nil {
			t.Errorf("%v: it does not parse; `go vet ./...` tells more", err)
			continue
		}
		all = append(all, s)
	}
	if len(all) < 20 {
		t.Fatalf("only %d files found: the search itself is broken", len(all))
	}
	slices.SortFunc(all, func(a, b source) int { return strings.Compare(a.name, b.name) })
	return all
}

// made are the folders that builds make and nobody writes by hand.
var made = []string{".git", "node_modules", "bin", "dist", "coverage", "sanad-data"}

// files reads every text file of the repository that a person wrote.
func files(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS("."), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains(made, d.Name()) {
			return fs.SkipDir
		}
		if d.IsDir() || d.Name() == ".git" { // a file in a worktree
			return nil
		}
		content, err := os.ReadFile(name)
		if err == nil && !strings.Contains(string(content), "\x00") {
			all[name] = string(content)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// report fails the test once for each finding.
func report(t *testing.T, findings []finding) {
	t.Helper()
	for _, f := range findings {
		t.Error(f)
	}
}

// sample parses a file for a test of the rules themselves.
func sample(t *testing.T, name, text string) []source {
	t.Helper()
	s, err := parse(name, text)
	if err != nil {
		t.Fatal(err)
	}
	return []source{s}
}
