package text

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// use is a place of the repository that names a message key.
type use struct{ key, place string }

func TestEveryUsedKeyHasItsSentences(t *testing.T) {
	uses := usesBelow(t, repository(t))
	if len(uses) < 5 {
		t.Fatalf("only %d uses found: the search itself is broken", len(uses))
	}
	for _, u := range uses {
		if !Has(u.key) {
			t.Errorf("%s: %q is missing from a catalogue in platform/text/catalogue", u.place, u.key)
		}
	}
}

func TestUsesAreFoundInCodeAndTemplates(t *testing.T) {
	code := `package p
import "sanad/platform/fault"
var a = fault.Invalid("a.one", "x", 1).At("f")
var b = &fault.Fault{Kind: 1, Key: "b.two"}
func c(l text.Language) string { return text.Say(l, "c.three") + strings.Say("no.key") }
var d = text.Key("d.four")
var e = fault.Invalid(computed)
`
	keys := func(uses []use) (all []string) {
		for _, u := range uses {
			all = append(all, u.key)
		}
		return all
	}
	if got := keys(usesInGo("p.go", []byte(code))); !slices.Equal(got, []string{"a.one", "b.two", "c.three", "d.four"}) {
		t.Errorf("in Go: %v", got)
	}
	page := `{{t "a.one"}} {{ if (t "b.two" "x" .X) }}{{.L.T "c.three"}}{{end}} <p>t "no.key"</p> {{printf "no.key"}}{{- t "d.four" -}}`
	if got := keys(usesInTemplate("p.html", []byte(page))); !slices.Equal(got, []string{"a.one", "b.two", "c.three", "d.four"}) {
		t.Errorf("in a template: %v", got)
	}
}

// repository returns the folder of go.mod above this package.
func repository(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above this package")
		}
		dir = filepath.Dir(dir)
	}
}

func usesBelow(t *testing.T, root string) []use {
	var uses []use
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // a folder that vanishes meanwhile is nobody's message
		}
		name := d.Name()
		if d.IsDir() {
			if path != root && (name[0] == '.' || slices.Contains([]string{"bin", "node_modules", "testdata", "sanad-data", "dist"}, name)) {
				return filepath.SkipDir
			}
			return nil
		}
		inGo := strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go")
		if !inGo && !strings.HasSuffix(name, ".html") && !strings.HasSuffix(name, ".tmpl") {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return nil
		}
		place, _ := filepath.Rel(root, path)
		if inGo {
			uses = append(uses, usesInGo(place, source)...)
		} else {
			uses = append(uses, usesInTemplate(place, source)...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return uses
}

// keyArgument says at which argument a call takes a message key.
var keyArgument = map[string]int{
	"fault.Invalid": 0, "fault.NotFound": 0, "fault.Forbidden": 0, "fault.Conflict": 0, "fault.Unavailable": 0,
	"text.Key": 0, "text.Say": 1,
	"guessed": 0, "refused": 0, // how calendar.Read and money.Parse say what they understood
}

// usesInGo finds keys written as literals; what does not parse is the
// compiler's to tell.
func usesInGo(place string, source []byte) []use {
	if !bytes.Contains(source, []byte("fault.")) && !bytes.Contains(source, []byte("text.")) && !bytes.Contains(source, []byte("Fault{")) && !bytes.Contains(source, []byte("ed(")) {
		return nil
	}
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, place, source, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	var uses []use
	note := func(e ast.Expr) {
		if literal, ok := e.(*ast.BasicLit); ok && literal.Kind == token.STRING {
			key, _ := strconv.Unquote(literal.Value)
			uses = append(uses, use{key, place + ":" + strconv.Itoa(set.Position(e.Pos()).Line)})
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if at, ok := keyArgument[selector(n.Fun)]; ok && at < len(n.Args) {
				note(n.Args[at])
			}
		case *ast.CompositeLit:
			if name := selector(n.Type); name == "fault.Fault" || name == "Fault" {
				noteKeyField(n, note)
			}
		}
		return true
	})
	return uses
}

func noteKeyField(literal *ast.CompositeLit, note func(ast.Expr)) {
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if name, ok := pair.Key.(*ast.Ident); ok && name.Name == "Key" {
				note(pair.Value)
			}
		}
	}
}

// selector names an expression like fault.Invalid, or a plain identifier.
func selector(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if base, ok := e.X.(*ast.Ident); ok {
			return base.Name + "." + e.Sel.Name
		}
	}
	return ""
}

var (
	action  = regexp.MustCompile(`\{\{.*?\}\}`)
	keyCall = regexp.MustCompile("(?:[{(\\s|-]t|\\.T) [\"`]([a-z0-9_.-]+)[\"`]")
)

// usesInTemplate finds {{t "key"}} and {{.T "key"}}, also inside other actions.
func usesInTemplate(place string, source []byte) []use {
	var uses []use
	for _, at := range action.FindAllIndex(source, -1) {
		line := 1 + bytes.Count(source[:at[0]], []byte("\n"))
		for _, match := range keyCall.FindAllSubmatch(source[at[0]:at[1]], -1) {
			uses = append(uses, use{string(match[1]), place + ":" + strconv.Itoa(line)})
		}
	}
	return uses
}
