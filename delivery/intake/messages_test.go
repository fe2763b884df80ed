package intake

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"sanad/platform/text"
)

// keyPattern finds message keys in the source of this step.
var keyPattern = regexp.MustCompile(`"((?:intake|registry)\.[a-z_0-9]+[a-z0-9])"`)

func TestEveryMessageOfReadingHasWordsInBothLanguages(t *testing.T) {
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	sources = append(sources, "../registry/national_number.go", "../registry/iban.go")
	found := 0
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		code, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, match := range keyPattern.FindAllSubmatch(code, -1) {
			found++
			if !text.Has(string(match[1])) {
				t.Errorf("%s uses %s, which has no words", source, match[1])
			}
		}
	}
	if found < 60 {
		t.Errorf("only %d keys were found", found)
	}
}

func TestMessagesOfTheSampleAreComplete(t *testing.T) {
	for where, row := range readSample(t) {
		for _, note := range row.Notes {
			for _, language := range text.Languages {
				if sentence := note.In(language); strings.ContainsAny(sentence, "⟦⟧{}") {
					t.Fatalf("%v: %s: %q", where, note.Key, sentence)
				}
			}
		}
	}
}
