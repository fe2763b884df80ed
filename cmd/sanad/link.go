package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"sanad/delivery/matching/linkage"
	"sanad/platform/csvout"
	"sanad/platform/fault"
	"sanad/platform/store"
)

type linkCommand struct {
	A     string `arg:"" help:"CSV file with a heading line." type:"existingfile"`
	B     string `arg:"" optional:"" help:"A second one: only pairs between the two are looked for." type:"existingfile"`
	Model string `help:"The model: which columns are compared, and how (docs/linkage.md)." required:"" type:"existingfile" placeholder:"YAML"`
	Out   string `help:"Where the pairs are written." required:"" type:"path" placeholder:"CSV"`
	JSON  bool   `name:"json" help:"Print the report as one JSON object."`
}

// linkResult is what the command prints; its fields are a contract with those
// who check from outside.
type linkResult struct {
	Seconds  float64        `json:"seconds"`
	Records  int            `json:"records"`
	Compared int64          `json:"pairs_scored"`
	Same     int            `json:"same"`
	Possible int            `json:"possible"`
	Peak     int64          `json:"peak_rss_bytes"`
	Report   linkage.Report `json:"report"`
}

// Run links records of files, without a database.
func (c linkCommand) Run(s streams) error {
	start := store.Clock()
	model, err := readModel(c.Model)
	if err != nil {
		return err
	}
	engine, err := linkage.New(model)
	if err != nil {
		return err
	}
	first, err := readInto(engine, c.A)
	if err != nil {
		return err
	}
	if c.B != "" {
		engine.SecondFile()
		if _, err := readInto(engine, c.B); err != nil {
			return err
		}
	} else {
		first = 0
	}
	result := engine.Link()
	if err := writePairs(c.Out, result.Pairs, first); err != nil {
		return err
	}
	return c.print(result.Report, store.Clock().Sub(start), s)
}

func readModel(path string) (*linkage.Model, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fault.NotFound("sanad.cannot_read", "path", path).Because(err)
	}
	defer file.Close() //nolint:errcheck // only read
	return linkage.ReadModel(file, filepath.Base(path))
}

func readInto(engine *linkage.Engine, path string) (int, error) {
	file, err := os.Open(path)
	if err != nil {
		return 0, fault.NotFound("sanad.cannot_read", "path", path).Because(err)
	}
	defer file.Close() //nolint:errcheck // only read
	return engine.ReadCSV(file, filepath.Base(path))
}

// writePairs writes pairs with the lines as a spreadsheet numbers them, the
// heading being line 1; second is the first row of the second file, or 0.
func writePairs(path string, pairs []linkage.Pair, second int) error {
	file, err := os.Create(path)
	if err != nil {
		return fault.Invalid("sanad.cannot_write", "path", path).Because(err)
	}
	defer file.Close() //nolint:errcheck // Flush tells
	out := csvout.New(file)
	err = out.Write("a", "b", "weight", "probability", "decision")
	for i := range pairs {
		p := &pairs[i]
		decision := "possible"
		if p.Same {
			decision = "same"
		}
		if err == nil {
			err = out.Write(strconv.Itoa(int(p.A)+2), strconv.Itoa(int(p.B)-second+2), strconv.FormatFloat(float64(p.Weight), 'f', 3, 32),
				strconv.FormatFloat(float64(p.Probability), 'f', 6, 32), decision)
		}
	}
	if err == nil {
		err = out.Flush()
	}
	return err
}

func (c linkCommand) print(r linkage.Report, took time.Duration, s streams) error {
	result := linkResult{Seconds: float64(took.Milliseconds()) / 1000, Records: r.Records, Compared: r.Compared, Same: r.Same, Possible: r.Possible, Peak: peak(), Report: r}
	if c.JSON {
		return json.NewEncoder(s.out).Encode(result)
	}
	_, err := fmt.Fprintf(s.out, "%d records, %d pairs scored in %.2f s, at most %d MB\n%d same, %d possible\n",
		result.Records, result.Compared, result.Seconds, result.Peak>>20, result.Same, result.Possible)
	return err
}
