package strategy

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sanad/platform/calendar"
	"sanad/platform/fault"
)

// Edit changes one figure or reading in a programme's text and leaves every other
// byte as it was, comments included, so that who approves a release sees the
// change alone. A parameter gets its value from the month's first day on; what
// held before goes on to hold before. A name that is neither a parameter nor a
// reading is the fault "strategy.no_such_figure".
func Edit(body string, change Setting, from calendar.Month) (string, error) {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(body), &document); err != nil || len(document.Content) == 0 {
		return "", fault.Invalid("strategy.text_unread")
	}
	if strings.ContainsAny(change.Value, "\n\r#") || change.Value == "" {
		return "", fault.Invalid("strategy.not_a_value", "name", change.Name)
	}
	root := document.Content[0]
	if values := child(child(child(root, "parameters"), change.Name), "values"); values != nil {
		return editValues(body, values, change, from)
	}
	if readings := child(root, "readings"); readings != nil {
		for _, reading := range readings.Content {
			if id, chosen := child(reading, "id"), child(reading, "chosen"); id != nil && chosen != nil && id.Value == change.Name {
				return splice(body, chosen, len(chosen.Value), change.Value), nil
			}
		}
	}
	return "", fault.NotFound("strategy.no_such_figure", "name", change.Name)
}

// Figure is a parameter's value that a programme's text has in a month, as it is
// written there; empty before the first, and for what is no parameter.
func Figure(body, parameter string, month calendar.Month) string {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(body), &document); err != nil || len(document.Content) == 0 {
		return ""
	}
	values := child(child(child(document.Content[0], "parameters"), parameter), "values")
	if values == nil || values.Kind != yaml.MappingNode {
		return ""
	}
	now, last := "", month.First().String()
	for i := 0; i+1 < len(values.Content); i += 2 {
		if values.Content[i].Value <= last {
			now = inOneLine(values.Content[i+1])
		}
	}
	return now
}

// child is the value of a mapping's key, nil where there is none.
func child(n *yaml.Node, key string) *yaml.Node {
	if n == nil || n.Kind != yaml.MappingNode {
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// entry is one dated value as it is written.
type entry struct{ day, value string }

// editValues writes a parameter's dated values anew with one more, in the form
// that they had.
func editValues(body string, values *yaml.Node, change Setting, from calendar.Month) (string, error) {
	if values.Kind != yaml.MappingNode || len(values.Content) == 0 {
		return "", fault.Invalid("strategy.text_unread")
	}
	var entries []entry
	day := from.First().String()
	for i := 0; i+1 < len(values.Content); i += 2 {
		if values.Content[i].Value < day {
			entries = append(entries, entry{values.Content[i].Value, inOneLine(values.Content[i+1])})
		}
	}
	entries = append(entries, entry{day, change.Value})
	if values.Style&yaml.FlowStyle != 0 {
		end := flowEnd(body, offset(body, values))
		if end < 0 {
			return "", fault.Invalid("strategy.text_unread")
		}
		words := make([]string, len(entries))
		for i, e := range entries {
			words[i] = e.day + ": " + e.value
		}
		return splice(body, values, end-offset(body, values), "{"+strings.Join(words, ", ")+"}"), nil
	}
	lines := strings.Split(body, "\n")
	first, last := values.Content[0].Line-1, lastLine(values)-1
	indent := strings.Repeat(" ", values.Content[0].Column-1)
	var written []string
	for _, e := range entries {
		written = append(written, indent+e.day+": "+e.value)
	}
	return strings.Join(slices.Concat(lines[:first], written, lines[last+1:]), "\n"), nil
}

// inOneLine writes a value as a programme file may have it in one line.
func inOneLine(n *yaml.Node) string {
	switch n.Kind {
	case yaml.ScalarNode:
		if n.Style&(yaml.DoubleQuotedStyle|yaml.SingleQuotedStyle) != 0 {
			return `"` + strings.ReplaceAll(n.Value, `"`, "") + `"`
		}
		return n.Value
	case yaml.MappingNode:
		var words []string
		for i := 0; i+1 < len(n.Content); i += 2 {
			words = append(words, n.Content[i].Value+": "+inOneLine(n.Content[i+1]))
		}
		return "{" + strings.Join(words, ", ") + "}"
	}
	return ""
}

// offset is where a node begins in the text. Columns count characters.
func offset(body string, n *yaml.Node) int {
	at := 0
	for range n.Line - 1 {
		at += strings.IndexByte(body[at:], '\n') + 1
	}
	for range n.Column - 1 {
		if at < len(body) {
			at += len(string([]rune(body[at:min(len(body), at+4)])[:1]))
		}
	}
	return at
}

// splice puts words in the place of so many bytes from where a node begins.
func splice(body string, n *yaml.Node, length int, words string) string {
	at := offset(body, n)
	return body[:at] + words + body[min(at+length, len(body)):]
}

// flowEnd is behind the brace that closes the one at a place, -1 for none.
func flowEnd(body string, at int) int {
	depth, quote := 0, byte(0)
	for i := at; i < len(body); i++ {
		switch c := body[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

// lastLine is the last line on which a node has anything.
func lastLine(n *yaml.Node) int {
	last := n.Line
	for _, inner := range n.Content {
		last = max(last, lastLine(inner))
	}
	return last
}
