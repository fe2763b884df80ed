package intake

import (
	"slices"
	"strings"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
)

// Facts that a country pack declares are read from columns without any code of
// their own: by their headings, their type and the words of their labels.

// factColumn is a column that holds a declared fact.
type factColumn struct {
	at         int
	definition registry.Definition
}

// StatedFact is what a cell says of a declared fact.
type StatedFact struct {
	Name      registry.Name
	Household bool
	Value     registry.Value
}

// bindFact takes a heading that a declared fact has; of two the first counts.
func (c *Columns) bindFact(at int, heading string) bool {
	folded := fold(heading)
	for _, d := range registry.Declared() {
		named := func(written string) bool { return fold(written) == folded }
		if d.Number < registry.FirstDeclared || !named(string(d.Name)) && !named(d.Title.Arabic) && !named(d.Title.English) && !slices.ContainsFunc(d.Headings, named) {
			continue
		}
		if slices.ContainsFunc(c.facts, func(f factColumn) bool { return f.definition.Name == d.Name }) {
			return false
		}
		c.facts = append(c.facts, factColumn{at, d})
		return true
	}
	return false
}

// facts reads the declared facts of a row. What cannot be read is a note, and
// not known.
func (u *understanding) facts() {
	for i := range u.columns.facts {
		c := &u.columns.facts[i]
		if c.at >= len(u.record.Cells) {
			continue
		}
		cell := u.record.Cells[c.at]
		written := tidy(cell.Text)
		if u.columns.mapping.isNothing(written) || cell.Kind == CellError {
			continue
		}
		value, err := u.columns.fact(&c.definition, written)
		if f := fault.Of(err); f != nil {
			u.note(Warning, Meaning(c.definition.Name), cell.Text, "intake.fact_unread", "fact", c.definition.Title)
			continue
		}
		u.row.Facts = append(u.row.Facts, StatedFact{c.definition.Name, c.definition.Household, value})
	}
}

// fact reads one cell by the type of its fact.
func (c *Columns) fact(d *registry.Definition, written string) (registry.Value, error) {
	switch d.Type {
	case registry.TypeCode:
		return labelOf(d, written)
	case registry.TypeTruth:
		if term, known := c.mapping.term(HasSalary, written); known { // yes and no, as lists write them
			return registry.TruthValue(term.Code == string(registry.Yes)), nil
		}
	case registry.TypeMoney:
		amount, reading := money.Parse(written)
		if amount < 0 {
			return registry.Value{}, fault.Invalid("registry.whole_number")
		}
		return registry.NumberValue(int64(amount)), reading.Err()
	case registry.TypeDate:
		on, reading := calendar.Read(written)
		return registry.DateValue(on), reading.Err()
	}
	return registry.Read(d, written)
}

// labelOf finds a label by its code, its name in either language, or a word that
// lists write for it.
func labelOf(d *registry.Definition, written string) (registry.Value, error) {
	folded := fold(written)
	for i, code := range d.Codes {
		words := append([]string{code, strings.ReplaceAll(code, "_", " "), d.Labels[i].Arabic, d.Labels[i].English}, d.Words[i]...)
		if slices.ContainsFunc(words, func(w string) bool { return fold(w) == folded }) {
			return registry.TextValue(code), nil
		}
	}
	return registry.Value{}, fault.Invalid("registry.code_unknown", "code", written)
}
