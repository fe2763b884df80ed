package rule

import (
	"slices"
	"strings"
)

// Trace notes how a rule came to its answer. One trace may be used for many
// evaluations, each of which begins it anew; its memory is kept.
type Trace struct {
	rule  *Rule
	steps []step
}

// step is one node's value, children before their parents. The steps below it
// are those from start on.
type step struct {
	value  Value
	node   int32
	start  int32
	member int32 // of a member's fact, whose it is, -1 for nobody's
	turn   int32 // the member that the innermost loop was at, -1 outside
}

func (t *Trace) begin(r *Rule) []step {
	t.rule, t.steps = r, t.steps[:0]
	return t.steps
}

// Explanation is one part of a formula with what it came to. Conditions have a
// truth: yes is met, no is not met, unknown waits for a fact.
type Explanation struct {
	Text  string // as the author wrote it
	Type  Type
	Value Value
	Fact  Reading // where the part is a fact, an input or a parameter; else without name
	// Member is the member that this part speaks about inside exists, all, count
	// and sum, -1 elsewhere.
	Member int
	Parts  []Explanation
}

// Reading is a fact that was read: its declared name (member.birth_date,
// household.zone, month.first, adult_age), whose it is, and its value.
type Reading struct {
	Name   string
	Member int // -1 where it is not a member's
	Value  Value
}

// Explanation returns the whole tree of the last evaluation; nil parts and no
// text before the first.
func (t *Trace) Explanation() Explanation {
	if len(t.steps) == 0 {
		return Explanation{Member: -1}
	}
	room := make([]Explanation, len(t.steps)-1) // each step but the last is one part of another
	return t.explain(len(t.steps)-1, &room)
}

// Conditions are the parts that the rule joins by && at its top, or the whole
// rule where it is a single condition: what a family is shown line by line.
func (t *Trace) Conditions() []Explanation {
	whole := t.Explanation()
	if t.rule != nil && t.rule.nodes[len(t.rule.nodes)-1].operation == opAnd && whole.Parts[0].Text != whole.Text {
		return whole.Parts
	}
	return []Explanation{whole}
}

// Readings are the facts that were read, each once, in the order of reading.
func (t *Trace) Readings() []Reading {
	var all []Reading
	for _, s := range t.steps {
		if r := t.reading(s); r.Name != "" {
			all = append(all, r)
		}
	}
	return distinct(all)
}

// Readings are the facts behind this part, each once.
func (x Explanation) Readings() []Reading { return distinct(x.read(nil)) }

// Missing are the facts for want of which this part is unknown, or not known
// exactly: those unknown and the dates not known to the day, and of them only
// such as lie under parts that are themselves undecided. Whom to ask for what.
func (x Explanation) Missing() []Reading { return distinct(x.missing(nil)) }

func (x Explanation) missing(all []Reading) []Reading {
	if x.Value.exact() {
		return all
	}
	if x.Fact.Name != "" && x.Value.kind != KindNone && len(x.Parts) == 0 {
		return append(all, x.Fact)
	}
	before := len(all)
	for _, part := range x.Parts {
		all = part.missing(all)
	}
	if len(all) == before && x.Fact.Name != "" { // the reference is known, the fact behind it is not
		all = append(all, x.Fact)
	}
	return all
}

func (x Explanation) read(all []Reading) []Reading {
	if x.Fact.Name != "" {
		all = append(all, x.Fact)
	}
	for _, part := range x.Parts {
		all = part.read(all)
	}
	return all
}

func distinct(all []Reading) []Reading {
	kept := all[:0]
	for _, r := range all {
		if !slices.Contains(kept, r) {
			kept = append(kept, r)
		}
	}
	return kept
}

func (t *Trace) reading(s step) Reading {
	r := Reading{Name: t.rule.notes[s.node].reads, Member: -1, Value: s.value}
	if t.rule.nodes[s.node].operation == opMemberFact {
		r.Member = int(s.member)
	}
	return r
}

// explain builds the explanation of the step at i, with its parts in the room.
func (t *Trace) explain(i int, room *[]Explanation) Explanation {
	s := t.steps[i]
	n := &t.rule.notes[s.node]
	x := Explanation{Text: n.words, Type: n.kind, Value: s.value, Fact: t.reading(s), Member: -1}
	parts := 0
	for end := i - 1; end >= int(s.start); end = int(t.steps[end].start) - 1 {
		parts++
	}
	if parts == 0 {
		return x
	}
	// Each child ends where the next one begins, so they are met from the last.
	x.Parts, *room = (*room)[:parts:parts], (*room)[parts:]
	inLoop := t.rule.nodes[s.node].operation >= opExists
	for end := i - 1; end >= int(s.start); end = int(t.steps[end].start) - 1 {
		parts--
		x.Parts[parts] = t.explain(end, room)
		if inLoop {
			x.Parts[parts].Member = int(t.steps[end].turn)
		}
	}
	return x
}

// words is a text on one line.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
