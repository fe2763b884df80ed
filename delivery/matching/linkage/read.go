package linkage

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"sanad/platform/fault"
)

// ReadCSV adds the records of a CSV file with a heading line (UTF-8; comma or
// semicolon) and returns how many there were. Headings are compared without
// regard to case and outer blanks. A column that the model names and the file
// lacks is the fault "matching.link_column", a line that cannot be read
// "matching.link_csv".
func (e *Engine) ReadCSV(from io.Reader, name string) (int, error) {
	text, err := io.ReadAll(from)
	if err != nil {
		return 0, fault.Invalid("matching.link_csv", "file", name, "problem", err.Error()).Because(err)
	}
	content := strings.TrimPrefix(string(text), "\ufeff")
	reader := csv.NewReader(strings.NewReader(content))
	heading, _, _ := strings.Cut(content, "\n")
	if strings.Count(heading, ";") > strings.Count(heading, ",") {
		reader.Comma = ';'
	}
	reader.FieldsPerRecord, reader.LazyQuotes, reader.TrimLeadingSpace, reader.ReuseRecord = -1, true, true, true
	first, err := reader.Read()
	if err != nil {
		return 0, fault.Invalid("matching.link_csv", "file", name, "problem", err.Error()).Because(err)
	}
	places, homes, err := e.model.places(first, name)
	if err != nil {
		return 0, err
	}
	values := make([]string, len(places))
	for count := 0; ; count++ {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return count, nil
		}
		if err != nil {
			return count, fault.Invalid("matching.link_csv", "file", name, "problem", err.Error()).Because(err)
		}
		for i, at := range places {
			values[i] = cell(record, at)
		}
		home := ""
		for _, at := range homes {
			home += cell(record, at) + "\x00"
		}
		if strings.Trim(home, "\x00") == "" {
			home = ""
		}
		e.Add(values, home)
	}
}

func cell(record []string, at int) string {
	if at < len(record) {
		return strings.TrimSpace(record[at])
	}
	return ""
}

// places finds the columns of a model in a heading.
func (m *Model) places(heading []string, file string) (fields, homes []int, err error) {
	folded := make([]string, len(heading))
	for i, word := range heading {
		folded[i] = strings.ToLower(strings.TrimSpace(word))
	}
	var problems []error
	find := func(column string) int {
		at := slices.Index(folded, strings.ToLower(strings.TrimSpace(column)))
		if at < 0 {
			problems = append(problems, fault.Invalid("matching.link_column", "file", file, "column", column))
		}
		return at
	}
	for i := range m.Fields {
		fields = append(fields, find(m.Fields[i].Column))
	}
	for _, column := range m.Apart {
		homes = append(homes, find(column))
	}
	return fields, homes, errors.Join(problems...)
}
