package policy

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"sanad/platform/rule"
	"sanad/platform/text"
)

// terms reads what a programme says beside its conditions and components.
func (s *scanner) terms(p *Programme, f fields) {
	p.Indication = f.yes("indication")
	if f.has("waiting") {
		w := s.mapping(f.byName["waiting"], "name!", "article!", "since!", "months!", "otherwise!")
		p.Waiting = &Waiting{Name: w.both("name"), Article: s.cited(p, w, "article"), Since: s.formula(w, "since"),
			Months: s.parameterNamed(p, w, "months", "months"), Otherwise: w.both("otherwise")}
	}
	for _, item := range f.items("limits") {
		p.Limits = append(p.Limits, s.limit(p, item))
	}
	for _, item := range f.items("overlaps") {
		o := s.mapping(item, "id!", "programme!", "of!", "effect!", "name!", "article!", "otherwise!")
		p.Overlaps = append(p.Overlaps, Overlap{ID: o.identifier("id"), Programme: o.identifier("programme"), Of: o.oneOf("of", "person", "household"),
			Effect: o.oneOf("effect", "excludes", "reduces"), Name: o.both("name"), Article: s.cited(p, o, "article"), Otherwise: o.both("otherwise")})
		if o.byName["programme"] != nil {
			p.programmeNodes = append(p.programmeNodes, o.byName["programme"])
		}
	}
	if f.has("ranking") {
		p.Ranking = s.ranking(p, f.byName["ranking"])
	}
	if f.has("notices") {
		n := s.mapping(f.byName["notices"], "due", "held", "pending", "refused", "waiting")
		p.Notices = &Notices{Due: n.both("due"), Held: n.both("held"), Pending: n.both("pending"), Refused: n.both("refused"), Waiting: n.both("waiting")}
	}
}

func (s *scanner) limit(p *Programme, n *yaml.Node) Limit {
	f := s.mapping(n, "id!", "name!", "article!", "of!", "components", "most", "least")
	l := Limit{ID: f.identifier("id"), Name: f.both("name"), Article: s.cited(p, f, "article"), Of: f.oneOf("of", "person", "household"),
		Components: f.words("components"), Most: s.formula(f, "most"), Least: s.formula(f, "least")}
	if l.Most == "" && l.Least == "" {
		s.refuse(n, "policy.limit_without_bound")
	}
	for i, node := range f.items("components") {
		if i < len(l.Components) && p.Component(l.Components[i]) == nil {
			known := idsOf(p.Components, func(c Component) string { return c.ID })
			s.refuse(node, "policy.not_one_of", "key", "components", "allowed", known, "nearest", nearest(node.Value, known))
		}
	}
	return l
}

func (s *scanner) ranking(p *Programme, n *yaml.Node) *Ranking {
	f := s.mapping(n, "name!", "article!", "by!", "first!", "ties", "budget", "places", "reserved")
	r := &Ranking{Name: f.both("name"), Article: s.cited(p, f, "article"), By: s.formula(f, "by"), First: f.oneOf("first", "highest", "lowest"),
		Budget: s.parameterNamed(p, f, "budget", "LYD"), Places: s.parameterNamed(p, f, "places", "count")}
	if r.Budget == "" && r.Places == "" {
		s.refuse(n, "policy.ranking_without_bound")
	}
	for _, item := range f.items("ties") {
		t := s.mapping(item, "name!", "by!", "first!")
		r.Ties = append(r.Ties, Tie{Name: t.both("name"), By: s.formula(t, "by"), First: t.oneOf("first", "earliest", "latest", "highest", "lowest")})
	}
	for _, item := range f.items("reserved") {
		q := s.mapping(item, "id!", "name!", "article!", "share!", "who!")
		r.Reserved = append(r.Reserved, Reserve{ID: q.identifier("id"), Name: q.both("name"), Article: s.cited(p, q, "article"), Share: s.share(q), Who: s.formula(q, "who")})
	}
	return r
}

// share reads a part of a whole: 2.5%.
func (s *scanner) share(f fields) int64 {
	n := f.byName["share"]
	if n == nil {
		return 0
	}
	digits, percent := strings.CutSuffix(n.Value, "%")
	millionths, known := hundredths(digits)
	if !percent || !known || millionths > 1_000_000 {
		s.refuse(n, "policy.not_a_share")
	}
	return millionths
}

// hundredths reads a number of percent with up to four decimals into millionths.
func hundredths(digits string) (int64, bool) {
	whole, decimals, _ := strings.Cut(digits, ".")
	if whole == "" || len(whole) > 3 || len(decimals) > 4 {
		return 0, false
	}
	n := int64(0)
	for _, c := range whole + decimals + strings.Repeat("0", 4-len(decimals)) {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = n*10 + int64(c-'0')
	}
	return n, true
}

// parameterNamed reads the name of a parameter of a unit; nothing is empty.
func (s *scanner) parameterNamed(p *Programme, f fields, key, unit string) string {
	n := f.byName[key]
	if n == nil {
		return ""
	}
	if q := p.Parameter(n.Value); q == nil || q.Unit != unit {
		var known []string
		for i := range p.Parameters {
			if p.Parameters[i].Unit == unit {
				known = append(known, p.Parameters[i].ID)
			}
		}
		s.refuse(n, "policy.not_such_a_parameter", "unit", unit, "nearest", nearest(n.Value, known))
	}
	return n.Value
}

// terms compiles the formulas of terms, in the order in which they were read.
func (c *compiler) terms() {
	p := c.programme
	if p.Waiting != nil {
		p.Waiting.since = c.compile(rule.TypeDate)
	}
	for i := range p.Limits {
		if p.Limits[i].Most != "" {
			p.Limits[i].most = c.compile(rule.TypeMoney)
		}
		if p.Limits[i].Least != "" {
			p.Limits[i].least = c.compile(rule.TypeMoney)
		}
	}
	if r := p.Ranking; r != nil {
		r.by = c.compile(rule.TypeInteger, rule.TypeFixed, rule.TypeMoney)
		for i := range r.Ties {
			r.Ties[i].by = c.compile(rule.TypeDate, rule.TypeInteger, rule.TypeFixed, rule.TypeMoney)
		}
		for i := range r.Reserved {
			r.Reserved[i].who = c.compile(rule.TypeTruth)
		}
	}
}

// unverified notes for each component which parameters of its amount nobody has
// confirmed.
func (p *Programme) noteUnverified() {
	for i := range p.Components {
		c := &p.Components[i]
		for _, name := range c.amount.Reads() {
			if q := p.Parameter(name); q != nil && q.Unverified && !slices.Contains(c.unverified, q) {
				c.unverified = append(c.unverified, q)
			}
		}
	}
}

// reasonOfTerms is the sentence for a reason that the programme's terms give.
func (p *Programme) reasonOfTerms(reason string) (text.Bilingual, bool) {
	for i := range p.Overlaps {
		if p.Overlaps[i].ID == reason {
			return p.Overlaps[i].Otherwise, true
		}
	}
	for i := range p.Limits {
		if p.Limits[i].ID == reason {
			return p.Limits[i].Name, true
		}
	}
	if p.Waiting != nil && reason == WaitingPeriod {
		return p.Waiting.Otherwise, true
	}
	return text.Bilingual{}, false
}
