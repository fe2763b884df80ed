package linkage

import "encoding/json"

// Step is what one comparison says of a pair.
type Step struct {
	Comparison string // as the model calls it: birth, name.own
	Level      string // empty where one of the two values is not known: then it says nothing
	Bits       int64  // for one person, in millionths; below zero against
}

// Explain says, comparison by comparison, what the levels of a pair (LevelsText)
// weigh by an earlier estimate. What a rare value adds is not in it: the whole
// weight of the pair says that. Levels of another model give nil.
func (e *Engine) Explain(levels string, estimate []byte) []Step {
	var s saved
	if json.Unmarshal(estimate, &s) != nil || len(levels) != len(e.comparisons) || len(s.Shares) != len(e.comparisons) {
		return nil
	}
	steps := make([]Step, len(levels))
	for c := range steps {
		steps[c].Comparison = e.comparisons[c].name
		level := int(levels[c]) - 'a'
		if level < 0 || level >= len(e.comparisons[c].levels) || level >= len(s.Shares[c][same]) {
			continue
		}
		steps[c].Level = e.comparisons[c].levels[level]
		steps[c].Bits = int64(s.bits(c, level) * 1e6)
	}
	return steps
}
