package policy

import "sanad/platform/text"

// Words is a way in words: "if the date of birth were 3 October 2008 or later".
func (w Way) Words(language text.Language) string {
	words := make([]string, len(w.Changes))
	for i, c := range w.Changes {
		label := text.Value(language, c.Label)
		if c.Whose != "" {
			label += " (" + c.Whose + ")"
		}
		words[i] = text.Say(language, "policy.change_"+string(c.Bound), "fact", label, "value", c.Value)
	}
	return text.List(language, words)
}

// Sentences says in one language what would turn the line, a sentence each:
// nearest facts first, then what time alone does. Nothing where nothing is found.
func (t Turning) Sentences(p *Programme, language text.Language) (all []string) {
	for _, w := range t.Ways {
		key := "policy.turns_due"
		if t.Line.Status == Due {
			key = "policy.turns_payable"
		}
		all = append(all, text.Say(language, key, "what", w.Words(language), "amount", w.Then.Amount))
	}
	switch {
	case t.By == 0:
	case t.Line.Status == Due && t.Then.Reason == "":
		all = append(all, text.Say(language, "policy.turns_end", "day", t.By.First()))
	case t.Line.Status == Due:
		all = append(all, text.Say(language, "policy.turns_end_because", "day", t.By.First(), "reason", p.Reason(t.Component.ID, t.Then.Reason)))
	default:
		all = append(all, text.Say(language, "policy.turns_begin", "day", t.By.First(), "amount", t.Then.Amount))
	}
	return all
}

// turnings writes what would change the outcome, person by person.
func (p *printer) turnings(x *Explanation) {
	all, err := x.Turnings()
	if err != nil {
		p.err = err
		return
	}
	said := false
	for _, t := range all {
		for _, sentence := range t.Sentences(x.Programme, p.language) {
			if !said {
				p.line("")
				p.say(0, "policy.turns_title")
				said = true
			}
			p.say(1, "policy.turns_of", "name", t.Name, "component", t.Component.Name, "sentence", sentence)
		}
	}
}
