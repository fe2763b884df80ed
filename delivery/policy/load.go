package policy

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sanad/platform/rule"
)

func (s *scanner) programme(p *Programme, n *yaml.Node) {
	f := s.mapping(n, "programme!", "name!", "owner!", "decider!", "payer!", "unit!", "rhythm!", "acts!", "readings", "parameters!", "values",
		"conditions", "components!", "holds", "process", "ordinary", "examples!",
		"indication", "waiting", "limits", "overlaps", "ranking", "notices")
	p.ID, p.Name = f.identifier("programme"), f.both("name")
	p.Owner, p.Decider, p.Payer = f.identifier("owner"), f.identifier("decider"), f.identifier("payer")
	p.idNode, p.bodyNodes = f.byName["programme"], []*yaml.Node{f.byName["owner"], f.byName["decider"], f.byName["payer"]}
	p.Unit = f.oneOf("unit", "person", "couple", "household")
	if f.has("rhythm") {
		r := s.mapping(f.byName["rhythm"], "assessed!", "paid!")
		p.Assessed, p.Paid = r.oneOf("assessed", "monthly", Once), r.oneOf("paid", "quarterly", "monthly", Once)
	}
	for _, item := range f.items("acts") {
		p.Acts = append(p.Acts, s.act(item))
	}
	for _, item := range f.items("readings") {
		p.Readings = append(p.Readings, s.reading(item))
	}
	for _, entry := range f.pairs("parameters") {
		s.figureOf(p, entry)
	}
	for _, item := range f.items("values") {
		p.Values = append(p.Values, s.value(item))
	}
	for _, item := range f.items("conditions") {
		p.Conditions = append(p.Conditions, s.condition(p, item))
	}
	for _, item := range f.items("components") {
		p.Components = append(p.Components, s.component(p, item))
	}
	for _, item := range f.items("holds") {
		p.Holds = append(p.Holds, s.hold(item))
	}
	s.process(p, f.byName["process"])
	s.terms(p, f)
	s.twice(p, f)
	p.ordinary = f.pairs("ordinary")
	for _, item := range f.items("examples") {
		p.Examples = append(p.Examples, s.example(p, item))
	}
	if n := f.byName["examples"]; n != nil && len(p.Examples) == 0 {
		s.refuse(n, "policy.no_examples")
	}
}

// twice refuses two things of one name.
func (s *scanner) twice(p *Programme, f fields) {
	check := func(list string, ids []string) {
		for i, id := range ids {
			if n := f.byName[list]; n != nil && slices.Contains(ids[:i], id) {
				s.refuse(n, "policy.id_twice", "id", id)
			}
		}
	}
	check("acts", idsOf(p.Acts, func(a Act) string { return a.ID }))
	check("readings", idsOf(p.Readings, func(r Reading) string { return r.ID }))
	check("components", idsOf(p.Components, func(c Component) string { return c.ID }))
	check("holds", idsOf(p.Holds, func(h Hold) string { return h.ID }))
	for _, c := range p.Components {
		check("components", idsOf(append(slices.Clone(p.Conditions), c.Conditions...), func(c Condition) string { return c.ID }))
	}
}

func idsOf[T any](list []T, id func(T) string) []string {
	ids := make([]string, len(list))
	for i, item := range list {
		ids[i] = id(item)
	}
	return ids
}

func (s *scanner) act(n *yaml.Node) Act {
	f := s.mapping(n, "id!", "name!", "articles")
	act := Act{ID: f.identifier("id"), Name: f.both("name")}
	for _, item := range f.items("articles") {
		a := s.mapping(item, "id!", "text!")
		act.Articles = append(act.Articles, Article{ID: a.identifier("id"), Text: a.both("text")})
	}
	return act
}

func (s *scanner) reading(n *yaml.Node) Reading {
	f := s.mapping(n, "id!", "question!", "options!", "chosen!", "confirmed!")
	r := Reading{ID: f.identifier("id"), Question: f.both("question"), Chosen: f.word("chosen")}
	var ids []string
	for _, entry := range f.pairs("options") {
		ids = append(ids, entry.key.Value)
		r.Options = append(r.Options, Option{ID: entry.key.Value, Text: s.bilingual(entry.value)})
	}
	if len(ids) < 2 && f.has("options") {
		s.refuse(f.byName["options"], "policy.one_option")
	}
	if r.Chosen != "" && !slices.Contains(ids, r.Chosen) {
		s.refuse(f.byName["chosen"], "policy.not_one_of", "key", "chosen", "allowed", ids, "nearest", nearest(r.Chosen, ids))
	}
	if f.has("confirmed") {
		c := s.mapping(f.byName["confirmed"], "by!", "letter!", "date!")
		r.Confirmed = &Confirmation{By: c.both("by"), Letter: c.word("letter")}
		if c.has("date") {
			r.Confirmed.Date = s.day(c.byName["date"])
		}
	}
	return r
}

// figureOf reads a figure of the law, a single one or a table.
func (s *scanner) figureOf(p *Programme, entry pair) {
	if isTable(entry.value) {
		p.Tables = append(p.Tables, s.table(p, entry))
		return
	}
	p.Parameters = append(p.Parameters, s.parameter(p, entry))
}

func (s *scanner) parameter(p *Programme, entry pair) Parameter {
	f := s.mapping(entry.value, s.basisKeys("unit!", "values!", "unverified")...)
	q := Parameter{ID: entry.key.Value, Name: f.both("name"), Unit: f.oneOf("unit", figureUnits...), Basis: f.word("basis"), Unverified: f.yes("unverified")}
	s.cited(p, f, "basis")
	for _, value := range f.pairs("values") {
		v := DatedValue{From: s.day(value.key), Value: s.inUnit(value.value, q.Unit)}
		if n := len(q.Values); n > 0 && q.Values[n-1].From >= v.From {
			s.refuse(value.key, "policy.values_order")
		}
		q.Values = append(q.Values, v)
	}
	if len(q.Values) == 0 && f.has("values") {
		s.refuse(f.byName["values"], "policy.no_values")
	}
	return q
}

// cited checks that a citation (act#article) leads somewhere.
func (s *scanner) cited(p *Programme, f fields, key string) string {
	n := f.byName[key]
	if n == nil {
		return ""
	}
	act, article := p.Cited(n.Value)
	if act.ID == "" || strings.Contains(n.Value, "#") && article.ID == "" {
		var known []string
		for _, a := range p.Acts {
			known = append(known, a.ID)
			for _, article := range a.Articles {
				known = append(known, a.ID+"#"+article.ID)
			}
		}
		s.refuse(n, "policy.no_article", "nearest", nearest(n.Value, known))
	}
	return n.Value
}

func (s *scanner) condition(p *Programme, n *yaml.Node) Condition {
	f := s.mapping(n, "id!", "name!", "article!", "reading", "test", "tests", "otherwise!", "waits", "ends")
	c := Condition{Calendar: f.oneOf("ends", "by_calendar") != "", ID: f.identifier("id"), Name: f.both("name"), Article: s.cited(p, f, "article"), Otherwise: f.both("otherwise")}
	if c.Reading = f.word("reading"); c.Reading != "" {
		s.readingTests(p, f, &c)
	} else {
		c.Tests = []Test{{Text: s.formula(f, "test")}}
		if f.has("tests") {
			s.refuse(f.byName["tests"], "policy.tests_without_reading")
		}
	}
	if f.has("waits") {
		w := s.mapping(f.byName["waits"], "when!", "reason!", "text!")
		c.Waits = &Wait{When: s.formula(w, "when"), Reason: w.identifier("reason"), Text: w.both("text")}
	}
	return c
}

// readingTests reads one test for each option of the condition's reading.
func (s *scanner) readingTests(p *Programme, f fields, c *Condition) {
	r := p.Reading(c.Reading)
	if r == nil {
		known := idsOf(p.Readings, func(r Reading) string { return r.ID })
		s.refuse(f.byName["reading"], "policy.not_one_of", "key", "reading", "allowed", known, "nearest", nearest(c.Reading, known))
		return
	}
	if !f.has("tests") {
		s.refuse(f.node, "policy.key_missing", "key", "tests")
		return
	}
	t := s.mapping(f.byName["tests"], idsOf(r.Options, func(o Option) string { return o.ID + "!" })...)
	for i, o := range r.Options {
		c.Tests = append(c.Tests, Test{Option: o.ID, Text: s.formula(t, o.ID)})
		if o.ID == r.Chosen {
			c.chosen = i
		}
	}
}

func (s *scanner) component(p *Programme, n *yaml.Node) Component {
	f := s.mapping(n, "id!", "for!", "name!", "list!", "who!", "conditions!", "amount!", "basis!", "payees!")
	c := Component{For: f.oneOf("for", ForMember, ForCouple, ForHousehold), ID: f.identifier("id"), Name: f.both("name"), List: f.identifier("list"), Basis: s.cited(p, f, "basis")}
	c.Who, c.Amount = s.formula(f, "who"), s.formula(f, "amount")
	if c.For == ForMember {
		c.For = ""
	}
	for _, item := range f.items("conditions") {
		c.Conditions = append(c.Conditions, s.condition(p, item))
	}
	for _, item := range f.items("payees") {
		step := s.mapping(item, "id!", "name!", "article!", "when!", "pay!")
		c.Payees = append(c.Payees, PayeeStep{ID: step.identifier("id"), Name: step.both("name"), Article: s.cited(p, step, "article"),
			When: s.formula(step, "when"), Pay: s.formula(step, "pay")})
	}
	return c
}

func (s *scanner) hold(n *yaml.Node) Hold {
	f := s.mapping(n, "id!", "of!", "when!", "text!")
	return Hold{ID: f.identifier("id"), Of: f.oneOf("of", "person", "payee"), When: s.formula(f, "when"), Text: f.both("text")}
}

// formula notes where a formula stands, for the compiler.
func (s *scanner) formula(f fields, key string) string {
	n := f.byName[key]
	if n == nil {
		if key == "test" {
			s.refuse(f.node, "policy.key_missing", "key", key)
		}
		return ""
	}
	words := f.word(key)
	s.formulas = append(s.formulas, n)
	return words
}

// compiler turns formulas into rules, in the order in which the scanner met
// them.
type compiler struct {
	scanner   *scanner
	programme *Programme
	nodes     []*yaml.Node
	language  *rule.Language
	reads     map[string]bool // the full names of all facts that any formula may ask for
}

func (c *compiler) programmeFormulas() {
	p := c.programme
	language, err := rule.NewLanguage(p.schema())
	if err != nil {
		c.scanner.findings = append(c.scanner.findings, Finding{File: c.scanner.file, Line: 1, Column: 1, Err: err})
		return
	}
	c.language, p.language, c.reads = language, language, map[string]bool{}
	c.values()
	for i := range p.Conditions {
		c.condition(&p.Conditions[i])
	}
	for i := range p.Components {
		c.component(&p.Components[i])
	}
	for i := range p.Holds {
		p.Holds[i].rule = c.compile(rule.TypeTruth)
	}
	c.terms()
	if p.reads = c.reads; len(c.scanner.findings) == 0 {
		p.noteUnverified()
	}
}

// compile takes the next formula, which is about a member.
func (c *compiler) compile(want ...rule.Type) *rule.Rule { return c.compileAs(rule.ForMember, want...) }

func (c *compiler) compileAs(scope rule.Scope, want ...rule.Type) *rule.Rule {
	n := c.nodes[0]
	c.nodes = c.nodes[1:]
	at := rule.Position{File: c.scanner.file, Line: n.Line, Column: n.Column}
	switch n.Style {
	case yaml.LiteralStyle, yaml.FoldedStyle:
		at.Line++
		at.Column, at.Indent = 1, 0
	case yaml.DoubleQuotedStyle, yaml.SingleQuotedStyle:
		at.Column++
	}
	compiled, err := c.language.Compile(rule.Source{Text: strings.TrimRight(n.Value, "\n"), Position: at, Scope: scope, Want: want})
	if err != nil {
		place, _, known := rule.At(err)
		if !known {
			place = at
		}
		c.scanner.findings = append(c.scanner.findings, Finding{File: c.scanner.file, Line: place.Line, Column: place.Column, Err: err})
		return nil
	}
	for _, name := range compiled.Reads() {
		c.reads[name] = true
	}
	return compiled
}

func (c *compiler) condition(condition *Condition) {
	for i := range condition.Tests {
		condition.Tests[i].rule = c.compile(rule.TypeTruth)
	}
	if condition.Waits != nil {
		condition.Waits.rule = c.compile(rule.TypeTruth)
	}
}

func (c *compiler) component(component *Component) {
	component.who, component.amount = c.compile(rule.TypeTruth), c.compile(rule.TypeMoney)
	for i := range c.programme.Conditions {
		component.conditions = append(component.conditions, &c.programme.Conditions[i])
	}
	for i := range component.Conditions {
		c.condition(&component.Conditions[i])
		component.conditions = append(component.conditions, &component.Conditions[i])
	}
	for i := range component.Payees {
		component.Payees[i].when, component.Payees[i].pay = c.compile(rule.TypeTruth), c.compile(rule.TypeMember)
	}
}
