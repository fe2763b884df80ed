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
	member int32 // whose fact was read, -1 for none
}

func (t *Trace) begin(r *Rule) { t.rule, t.steps = r, t.steps[:0] }

// Explanation is one part of a formula with what it came to. Conditions have a
// truth: yes is met, no is not met, unknown waits for a fact.
type Explanation struct {
	Text  string // as the author wrote it
	Type  Type
	Value Value
	Fact  *Reading // where the part is a fact, an input or a parameter
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
	return t.explain(len(t.steps) - 1)
}

// Conditions are the parts that the rule joins by && at its top, or the whole
// rule where it is a single condition: what a family is shown line by line.
func (t *Trace) Conditions() []Explanation {
	whole := t.Explanation()
	if t.rule != nil && t.rule.nodes[len(t.rule.nodes)-1].operation == opAnd {
		return whole.Parts
	}
	return []Explanation{whole}
}

// Readings are the facts that were read, each once, in the order of reading.
func (t *Trace) Readings() []Reading { return t.readings(0, len(t.steps)) }

// Readings are the facts behind this part, each once.
func (x Explanation) Readings() []Reading {
	var all []Reading
	if x.Fact != nil {
		all = append(all, *x.Fact)
	}
	for _, part := range x.Parts {
		all = append(all, part.Readings()...)
	}
	return distinct(all)
}

func (t *Trace) readings(from, to int) []Reading {
	var all []Reading
	for i := from; i < to; i++ {
		if r := t.reading(t.steps[i]); r != nil {
			all = append(all, *r)
		}
	}
	return distinct(all)
}

func distinct(all []Reading) []Reading {
	seen := map[Reading]bool{}
	kept := all[:0]
	for _, r := range all {
		if !seen[r] {
			seen[r] = true
			kept = append(kept, r)
		}
	}
	return kept
}

func (t *Trace) reading(s step) *Reading {
	name := t.rule.language.nameOf(&t.rule.nodes[s.node])
	if name == "" {
		return nil
	}
	return &Reading{Name: name, Member: int(s.member), Value: s.value}
}

// explain builds the explanation of the step at i. The parts of a loop are told
// whom they speak about: each turn of it begins with the loop's first kid.
func (t *Trace) explain(i int) Explanation {
	s := t.steps[i]
	n := &t.rule.nodes[s.node]
	x := Explanation{
		Text: words(t.rule.textOf(n)), Type: n.kind, Value: s.value, Fact: t.reading(s), Member: -1,
	}
	member := -1
	for _, child := range t.children(i) {
		part := t.explain(child)
		if n.operation >= opExists {
			if t.steps[child].node == t.rule.kids[n.first] {
				member++
			}
			part.Member = member
		}
		x.Parts = append(x.Parts, part)
	}
	return x
}

// children are the steps right below the step at i, in order. Each ends where
// the next one begins, so they are found from the last backwards.
func (t *Trace) children(i int) []int {
	var all []int
	for end := i - 1; end >= int(t.steps[i].start); end = int(t.steps[end].start) - 1 {
		all = append(all, end)
	}
	slices.Reverse(all)
	return all
}

// words is a text on one line.
func words(text string) string { return strings.Join(strings.Fields(text), " ") }
