package policy

import (
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/text"
)

// Write renders the explanation as plain text in one language: who, which facts
// from whom, each condition with its article, the amounts and their sum, to whom
// it is paid and why, and whether it can be paid now.
func (x Explanation) Write(to io.Writer, language text.Language) error {
	p := printer{to: to, language: language}
	d := x.Decision
	p.say(0, "policy.explain_title", "programme", x.Programme.Name, "month", x.Month.Date())
	p.say(0, "policy.explain_household", "file", d.File, "branch", d.Branch, "version", d.SheetVersion)
	p.say(0, "policy.explain_release", "release", hex.EncodeToString(d.Release[:6]), "month", d.From.Date())
	if len(x.Persons) == 0 {
		p.say(0, "policy.explain_nobody")
	}
	for i := range x.Persons {
		p.person(x.Programme, &x.Persons[i])
	}
	p.line("")
	for _, said := range x.Said() {
		p.say(0, said.Key, said.Args...)
	}
	for _, s := range x.Sums {
		p.say(0, "policy.explain_sum", "component", s.Component.Name, "count", s.Count, "amount", s.Amount, "sum", s.Total)
	}
	p.say(0, "policy.explain_total", "amount", x.Total, "words", text.Words(language, x.Total))
	if x.Payable != x.Total {
		p.say(0, "policy.explain_payable_total", "amount", x.Payable)
	}
	p.turnings(&x)
	return p.err
}

// printer writes indented sentences and keeps the first mistake.
type printer struct {
	to       io.Writer
	language text.Language
	err      error
}

func (p *printer) line(words string) {
	if p.err == nil {
		_, p.err = fmt.Fprintln(p.to, words)
	}
}

func (p *printer) say(depth int, key string, args ...any) {
	p.line(strings.Repeat("  ", depth) + text.Say(p.language, key, args...))
}

func (p *printer) person(programme *Programme, person *PersonExplained) {
	p.line("")
	p.say(0, "policy.explain_person", "name", person.Name)
	p.say(1, "policy.explain_facts")
	for i := range person.Facts {
		p.fact(&person.Facts[i])
	}
	for i := range person.Components {
		p.component(programme, &person.Components[i])
	}
}

func (p *printer) fact(f *FactExplained) {
	label := text.Value(p.language, f.Label)
	if f.Whose != "" {
		label += " (" + f.Whose + ")"
	}
	if !f.Known {
		p.say(2, "policy.explain_fact_unsourced", "fact", label, "value", f.Value)
		return
	}
	source := text.Say(p.language, fmt.Sprintf("policy.source_%d", f.Source.Kind))
	for _, more := range []string{f.Source.Body, f.Source.Document} {
		if more != "" {
			source += " " + more
		}
	}
	p.say(2, "policy.explain_fact", "fact", label, "value", f.Value, "source", source, "date", f.Source.Date)
}

func (p *printer) component(programme *Programme, c *ComponentExplained) {
	p.say(1, "policy.explain_component", "component", c.Component.Name, "status", text.Key("policy.status_"+c.Line.Status.String()))
	p.say(2, "policy.explain_conditions")
	for i := range c.Conditions {
		p.condition(&c.Conditions[i])
	}
	for _, said := range c.Said(programme) {
		p.say(2, said.Key, said.Args...)
	}
	if c.Line.Status != Due {
		p.say(2, "policy.explain_because", "reason", c.Reason)
		return
	}
	act, article := programme.Cited(c.Component.Basis)
	p.say(2, "policy.explain_amount", "amount", c.Line.Amount, "act", act.Name, "article", article.Text)
	if c.Payee != nil {
		p.say(2, "policy.explain_payee", "name", c.PayeeName, "why", c.Payee.Name)
	}
	if c.Line.Payable {
		p.say(2, "policy.explain_payable")
	} else {
		p.say(2, "policy.explain_held", "reason", c.Reason)
	}
}

func (p *printer) condition(c *ConditionExplained) {
	state := text.Key("policy.met")
	switch c.State {
	case calendar.No:
		state = "policy.unmet"
	case calendar.Maybe:
		state = "policy.unknown"
	}
	p.say(3, "policy.explain_condition", "state", state, "condition", c.Condition.Name, "act", c.Act.Name, "article", c.Article.Text)
	if c.Reading != nil {
		confirmed := text.Say(p.language, "policy.explain_unconfirmed")
		if by := c.Reading.Confirmed; by != nil {
			confirmed = text.Say(p.language, "policy.explain_confirmed", "by", by.By, "letter", by.Letter, "date", by.Date)
		}
		p.say(4, "policy.explain_reading", "option", c.Option.Text, "confirmed", confirmed)
	}
}
