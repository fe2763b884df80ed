package policy

import (
	"sanad/platform/calendar"
	"sanad/platform/money"
	"sanad/platform/rule"
	"sanad/platform/text"
)

// Sentence is something that an explanation says of a programme's terms, for
// text.Say.
type Sentence struct {
	Key  string
	Args []any
}

// Said is what the programme's terms did to the household as a whole: that
// another body decides, what other programmes gave, ceilings and floors.
func (x Explanation) Said() (all []Sentence) {
	if x.Programme.Indication {
		all = append(all, Sentence{"policy.explain_indication", nil})
	}
	for _, r := range x.Received {
		key := "policy.explain_received_refused"
		if r.Granted {
			key = "policy.explain_received_granted"
		}
		all = append(all, Sentence{key, []any{"body", x.Decider, "date", r.Decided, "received", calendar.Day(r.Arrived), "name", r.Name, "amount", r.Amount}})
	}
	for _, o := range x.Others {
		all = append(all, Sentence{"policy.explain_other_" + o.Overlap.Effect, []any{"name", o.Name, "amount", o.Amount, "overlap", o.Overlap.Name}})
	}
	for _, l := range x.Limits {
		key := "policy.explain_ceiling"
		if l.After > l.Before {
			key = "policy.explain_floor"
		}
		act, article := x.Programme.Cited(l.Limit.Article)
		all = append(all, Sentence{key, []any{"limit", l.Limit.Name, "before", l.Before, "after", l.After, "act", act.Name, "article", article.Text}})
	}
	return all
}

// Said is what the programme's terms did to one line: its place in the order,
// and figures that nobody has confirmed.
func (c ComponentExplained) Said(p *Programme) (all []Sentence) {
	if s := c.Place; s != nil {
		key := "policy.explain_place_waits"
		if s.Served {
			key = "policy.explain_place_served"
		}
		all = append(all, Sentence{key, []any{"position", s.Position, "count", s.Of, "ranking", p.Ranking.Name, "value", p.Ranking.value(s.Value)}})
		for _, r := range p.Ranking.Reserved {
			if r.ID == s.Reserved {
				all = append(all, Sentence{"policy.explain_reserved", []any{"reserve", r.Name}})
			}
		}
	}
	if c.Line.Status != Due {
		return all
	}
	for _, q := range c.Component.unverified {
		all = append(all, Sentence{"policy.explain_unverified", []any{"parameter", q.Name}})
	}
	return all
}

// value writes what the ranking formula came to.
func (r *Ranking) value(n int64) string {
	switch r.by.Type() {
	case rule.TypeMoney:
		return text.Amount(money.Amount(n))
	case rule.TypeFixed:
		return rule.Fixed(n).String()
	}
	return text.Number(n)
}
