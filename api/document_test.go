package api

import (
	"flag"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

var update = flag.Bool("update", false, "write docs/openapi.yaml anew")

const documentPath = "../docs/openapi.yaml"

// A change of the API is a change of this file, so that whoever reviews it sees
// what other programs will see.
func TestTheDocumentIsThatOfTheTypes(t *testing.T) {
	made, err := Document()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(documentPath, made, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(documentPath)
	if err != nil {
		t.Fatal(err)
	}
	if string(kept) != string(made) {
		t.Errorf("docs/openapi.yaml is not what the types say; look at the difference after `go test ./api -run Document -update`")
	}
}

func TestTheDocumentSaysWhatAReaderNeeds(t *testing.T) {
	made, err := Document()
	if err != nil {
		t.Fatal(err)
	}
	var document struct {
		OpenAPI string `yaml:"openapi"`
		Paths   map[string]map[string]struct {
			ID      string `yaml:"operationId"`
			Summary string `yaml:"summary"`
		} `yaml:"paths"`
		Components struct {
			Schemas map[string]any `yaml:"schemas"`
		} `yaml:"components"`
	}
	if err := yaml.Unmarshal(made, &document); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(document.OpenAPI, "3.1.") {
		t.Errorf("OpenAPI %s", document.OpenAPI)
	}
	seen := map[string]bool{}
	for path, methods := range document.Paths {
		for method, op := range methods {
			if op.ID == "" || op.Summary == "" || seen[op.ID] {
				t.Errorf("%s %s: operationId %q, summary %q", method, path, op.ID, op.Summary)
			}
			seen[op.ID] = true
		}
	}
	for _, schema := range []string{"Problem", "Receipt", "Sheet", "NewHousehold"} {
		if document.Components.Schemas[schema] == nil {
			t.Errorf("no schema %s", schema)
		}
	}
}
