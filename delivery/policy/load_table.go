package policy

import (
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"sanad/platform/calendar"
	"sanad/platform/rule"
	"sanad/platform/text"
)

// Table is a figure of the law that depends on something: a limit for each kind
// of place, a sum that grows in steps with the size of the family, the brackets
// of a tax. Formulas write it like a function.
type Table struct {
	ID       string
	Name     text.Bilingual
	Unit     string   // of its values, see Parameter; of a scale, whose values are rates, that of its key
	Basis    string   // act#article
	By       []string // the facts whose labels are asked for, one or two
	Steps    string   // the unit of thresholds: LYD, fixed, count, years, months
	Scale    string   // LYD or fixed: a marginal scale on such an amount
	Rounding string   // of a scale
	Values   []DatedTable

	declared rule.Table
}

// DatedTable holds from a day until the next one's.
type DatedTable struct {
	From    calendar.Date
	Entries []TableEntry
}

// TableEntry is one value: for labels in the order of By, or from a threshold on.
type TableEntry struct {
	Labels []string
	From   int64
	Value  int64
}

// singleUnits are the units of a figure and what it is in formulas.
var singleUnits = map[string]rule.Type{"LYD": rule.TypeMoney, "fixed": rule.TypeFixed, "rate": rule.TypeFixed,
	"years": rule.TypeInteger, "months": rule.TypeInteger, "count": rule.TypeInteger}

// figureUnits are the units in the order in which messages list them.
var figureUnits = []string{"LYD", "years", "months", "count", "fixed", "rate"}

// isTable tells a table from a single figure by its keys.
func isTable(n *yaml.Node) bool {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if key := n.Content[i].Value; key == "by" || key == "steps" || key == "scale" {
			return true
		}
	}
	return false
}

// basisKeys are the keys of a figure that a programme must give and a plain
// calculation may.
func (s *scanner) basisKeys(more ...string) []string {
	if s.plain {
		return append(more, "name", "basis")
	}
	return append(more, "name!", "basis!")
}

func (s *scanner) table(p *Programme, entry pair) Table {
	f := s.mapping(entry.value, s.basisKeys("unit", "by", "steps", "scale", "rounding", "values!")...)
	t := Table{ID: entry.key.Value, Name: f.both("name"), Basis: f.word("basis")}
	s.cited(p, f, "basis")
	s.shape(f, &t)
	for _, value := range f.pairs("values") {
		v := DatedTable{From: s.day(value.key), Entries: s.entries(&t, value.value, nil)}
		if n := len(t.Values); n > 0 && t.Values[n-1].From >= v.From {
			s.refuse(value.key, "policy.values_order")
		}
		t.Values = append(t.Values, v)
	}
	if len(t.Values) == 0 && f.has("values") {
		s.refuse(f.byName["values"], "policy.no_values")
	}
	return t
}

// shape reads which of the three shapes a table has.
func (s *scanner) shape(f fields, t *Table) {
	t.declared = rule.Table{Name: t.ID, How: "nearest"}
	if f.has("scale") {
		t.Scale = f.oneOf("scale", "LYD", "fixed")
		t.Unit, t.Rounding = t.Scale, "nearest"
		if f.has("rounding") {
			t.Rounding = f.oneOf("rounding", "down", "up", "nearest", "even")
		}
		t.declared.Shape, t.declared.How, t.declared.Type = rule.ByScale, t.Rounding, singleUnits[t.Scale]
		t.declared.Keys = []rule.Type{t.declared.Type}
		return
	}
	if !f.has("unit") {
		s.refuse(f.node, "policy.key_missing", "key", "unit")
		return
	}
	t.Unit = f.oneOf("unit", figureUnits...)
	t.declared.Type = singleUnits[t.Unit]
	if f.has("steps") {
		t.Steps = f.oneOf("steps", "count", "persons", "LYD", "fixed", "years", "months")
		t.declared.Shape = rule.BySteps
		t.declared.Keys = []rule.Type{stepKey(t.Steps)}
		return
	}
	t.declared.Shape = rule.ByLabels
	by := f.byName["by"]
	names := []*yaml.Node{by}
	if by.Kind == yaml.SequenceNode {
		names = by.Content
	}
	for _, n := range names {
		t.By = append(t.By, n.Value)
		t.declared.Keys = append(t.declared.Keys, s.labelled(n))
	}
}

func stepKey(unit string) rule.Type {
	switch unit {
	case "years", "months":
		return rule.TypeSpan
	case "count", "persons":
		return rule.TypeInteger
	}
	return singleUnits[unit]
}

// labelled is the type of a fact that a table can be read by.
func (s *scanner) labelled(n *yaml.Node) rule.Type {
	var known []string
	for _, f := range slices.Concat(s.facts.members, s.facts.households) {
		if f.rule.Type.Kind != rule.KindEnumeration && f.rule.Type.Kind != rule.KindTruth {
			continue
		}
		if f.rule.Name == n.Value {
			return f.rule.Type
		}
		known = append(known, f.rule.Name)
	}
	s.refuse(n, "policy.not_labelled", "nearest", nearest(n.Value, known))
	return rule.TypeTruth
}

// entries reads the values of one day; those of two facts lie one within the other.
func (s *scanner) entries(t *Table, n *yaml.Node, above []string) (list []TableEntry) {
	for _, e := range s.pairs(n) {
		entry := TableEntry{Labels: append(slices.Clone(above), e.key.Value)}
		switch {
		case t.Scale != "":
			entry.Labels, entry.From, entry.Value = nil, s.inUnit(e.key, t.Scale), s.inUnit(e.value, "rate")
		case t.Steps != "":
			entry.Labels, entry.From, entry.Value = nil, s.inUnit(e.key, t.Steps), s.inUnit(e.value, t.Unit)
		case len(entry.Labels) > len(t.By):
			return nil
		case s.isLabel(t, len(above), e.key) && len(entry.Labels) < len(t.By):
			list = append(list, s.entries(t, e.value, entry.Labels)...)
			continue
		default:
			entry.Value = s.inUnit(e.value, t.Unit)
		}
		if k := len(list); entry.Labels == nil && k > 0 && list[k-1].From >= entry.From {
			s.refuse(e.key, "policy.steps_order")
		}
		list = append(list, entry)
	}
	return list
}

// isLabel refuses a word that is no label of the fact.
func (s *scanner) isLabel(t *Table, place int, n *yaml.Node) bool {
	if place >= len(t.declared.Keys) {
		return false
	}
	known := s.facts.labels(t.declared.Keys[place])
	if !slices.Contains(known, n.Value) {
		s.refuse(n, "policy.not_one_of", "key", t.By[place], "allowed", known, "nearest", nearest(n.Value, known))
	}
	return true
}

// labels are the words for a type's values, in their order.
func (r *readable) labels(t rule.Type) []string {
	if t.Kind == rule.KindTruth {
		return []string{"no", "yes"}
	}
	for _, f := range slices.Concat(r.members, r.households) {
		if f.rule.Type == t {
			return f.codes
		}
	}
	return nil
}

// inUnit reads a number of a unit: dirhams, millionths, or a whole number.
func (s *scanner) inUnit(n *yaml.Node, unit string) int64 {
	switch unit {
	case "LYD":
		return int64(s.amount(n))
	case "fixed", "rate":
		written, percent := strings.CutSuffix(strings.TrimSpace(n.Value), "%")
		millionths, ok := rule.ParseDecimal(strings.TrimSpace(written))
		if percent {
			ok = ok && millionths%100 == 0
			millionths /= 100
		}
		if !ok {
			s.refuse(n, "policy.not_a_decimal")
		}
		return millionths
	}
	v, err := strconv.ParseInt(n.Value, 10, 64)
	if err != nil || v < 0 {
		s.refuse(n, "policy.not_a_figure")
	}
	return v
}

// figuresOn is what a table says on a day; false before its first.
func (t *Table) figuresOn(day calendar.Date, facts *readable) (rule.Figures, bool) {
	for _, v := range slices.Backward(t.Values) {
		if v.From <= day {
			return t.figures(v.Entries, facts), true
		}
	}
	return rule.Figures{}, false
}

func (t *Table) figures(entries []TableEntry, facts *readable) rule.Figures {
	var f rule.Figures
	if t.declared.Shape != rule.ByLabels {
		for _, e := range entries {
			kind := t.declared.Type
			if t.Scale != "" {
				kind = rule.TypeFixed
			}
			f.From, f.Values = append(f.From, e.From), append(f.Values, numberOf(kind, e.Value))
		}
		return f
	}
	rows := facts.labels(t.declared.Keys[0])
	columns := []string{""}
	if len(t.By) > 1 {
		columns = facts.labels(t.declared.Keys[1])
	}
	f.Values = make([]rule.Value, len(rows)*len(columns))
	for _, e := range entries {
		at := slices.Index(rows, e.Labels[0]) * len(columns)
		if len(t.By) > 1 && len(e.Labels) > 1 {
			at += slices.Index(columns, e.Labels[1])
		}
		f.Values[at] = numberOf(t.declared.Type, e.Value)
	}
	return f
}
