package linkage

import "slices"

// chooseKeys picks keys where the model names none: pairs of columns that
// together tell most records apart, such that no single wrong value hides a pair.
func (e *Engine) chooseKeys() [][]term {
	type candidate struct {
		key  []term
		cost float64
	}
	var found []candidate
	terms := e.terms()
	for i, x := range terms {
		for _, y := range terms[i+1:] {
			agree := e.chanceOf(x) * e.chanceOf(y)
			if cost := agree * e.pairsInAll(); x.field != y.field && cost < 20*float64(e.rows) {
				found = append(found, candidate{[]term{x, y}, cost})
			}
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int {
		if a.cost < b.cost {
			return -1
		} else if a.cost > b.cost {
			return 1
		}
		return 0
	})
	var keys [][]term
	uses := map[term]int{}
	for _, c := range found {
		if len(keys) < mostKeys && uses[c.key[0]] < 3 && uses[c.key[1]] < 3 {
			keys = append(keys, c.key)
			uses[c.key[0]]++
			uses[c.key[1]]++
		}
	}
	return keys
}

const mostKeys = 8

func (e *Engine) terms() (terms []term) {
	for i, f := range e.model.Fields {
		if f.Compare != fullName {
			terms = append(terms, term{field: i, part: -1})
			continue
		}
		for part := range nameParts {
			terms = append(terms, term{field: i, part: part})
		}
	}
	return terms
}

// chanceOf is how often two strangers agree in a term, or 1 where hardly anybody
// has it.
func (e *Engine) chanceOf(t term) float64 {
	c := e.fields[t.field].comparison + max(t.part, 0)
	if e.filled(c) < 0.25 {
		return 1
	}
	return max(e.weights.share[strangers][c][0], 1e-7)
}
