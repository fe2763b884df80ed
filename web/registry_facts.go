package web

import (
	"strconv"
	"strings"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/text"
)

// The facts that a country pack declares are asked without a line of code for
// any of them: those of the household where it lives, those of a person behind
// the questions that everybody is asked, in groups that can stay shut.

// factField begins the name of a declared fact's question.
const factField = "fact_"

// askedOf are the questions about declared facts, of the household or of one
// person, group by group in the order of the pack.
func askedOf(household bool) []field {
	var fields []field
	group := ""
	for _, d := range registry.Declared() {
		if d.Asked == "" || d.Household != household {
			continue
		}
		if d.Asked != group && !household {
			if group != "" {
				fields = append(fields, field{Kind: "end"})
			}
			fields = append(fields, field{Kind: "more", Label: groupTitle(d.Asked)})
		}
		group = d.Asked
		fields = append(fields, factQuestion(d))
	}
	if group != "" && !household {
		fields = append(fields, field{Kind: "end"})
	}
	return fields
}

// groupTitle is the heading of a group of questions.
func groupTitle(asked string) text.Key {
	if key := "web.asked_" + asked; text.Has(key) {
		return text.Key(key)
	}
	return "web.asked_more"
}

// factQuestion asks a declared fact in the way that its type needs.
func factQuestion(d registry.Definition) field {
	q := field{Name: factField + string(d.Name), Kind: "text", Label: d.Title, Width: "half"}
	if d.Unit.Arabic != "" {
		q.Hint = d.Unit
	}
	switch d.Type {
	case registry.TypeTruth:
		q.Kind, q.Width = "choice", ""
		q.Options = []option{{Value: "yes", Key: "web.yes"}, {Value: "no", Key: "web.no"}, {Key: "web.does_not_know"}}
	case registry.TypeDate:
		q.Kind, q.Width = "date", ""
	case registry.TypeMoney, registry.TypeNumber, registry.TypeFixed:
		q.Kind = "code"
	case registry.TypeCode:
		q.Kind = "select"
		q.Options = append(q.Options, option{Key: "web.does_not_know"})
		for i, code := range d.Codes {
			q.Options = append(q.Options, option{Value: code, Both: d.Labels[i]})
		}
	}
	return q
}

// checkFacts says what cannot be read among the answers about declared facts.
func checkFacts(f *form, wrong *fault.List) {
	for _, q := range f.Fields {
		if name, ok := strings.CutPrefix(q.Name, factField); ok {
			_, err := q.said(registry.Define(registry.Name(name)))
			wrong.Add(q.Name, err)
		}
	}
}

// facts are the answers about declared facts as the registry takes them.
func (a answers) facts(household bool) registry.Said {
	said := registry.Said{}
	for _, d := range registry.Declared() {
		if d.Household != household {
			continue
		}
		name := factField + string(d.Name)
		q := field{Kind: factQuestion(d).Kind, Value: a[name], Day: a[name+"-day"], Month: a[name+"-month"], Year: a[name+"-year"]}
		if words, err := q.said(&d); err == nil && words != "" {
			said[d.Name] = words
		}
	}
	return said
}

// said is an answer in the words of the registry, empty where nothing was said.
func (f field) said(d *registry.Definition) (string, error) {
	switch {
	case d == nil:
		return "", nil
	case f.Kind == "date":
		on, err := f.date()
		if err != nil || on == calendar.Unknown {
			return "", err
		}
		return on.String(), nil
	case f.Value == "":
		return "", nil
	case d.Type == registry.TypeMoney:
		v, err := amountSaid(f.Value)
		return strconv.FormatInt(v.Number, 10), err
	}
	_, err := registry.Read(d, f.Value)
	return f.Value, err
}
