package linkage

import (
	"os"
	"strings"
	"testing"
)

// What docs/linkage.md shows must work as it stands.
func TestTheModelsOfTheDocumentationWork(t *testing.T) {
	text, err := os.ReadFile("../../../docs/linkage.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(text), "```yaml\n")[1:]
	if len(blocks) < 2 {
		t.Fatal("no models")
	}
	for _, block := range blocks {
		model, _, _ := strings.Cut(block, "```")
		m, err := ReadModel(strings.NewReader(model), "docs")
		if err == nil {
			_, err = New(m)
		}
		if err != nil {
			t.Errorf("%v\n%s", err, model)
		}
	}
	febrl, _, _ := strings.Cut(blocks[1], "```")
	first, second := newInventor(9).set(500, 500, 1, 8)
	if m, _, _ := linkInvented(t, febrl, first, second, false); m.f1() < 0.998 {
		t.Errorf("%+v, F1 %.4f", m, m.f1())
	}
}
