package matching

import (
	"sanad/delivery/matching/linkage"
	"sanad/platform/store"
)

// Steps says, comparison by comparison, why a search found a match. It is nil
// where that search went by another model than this one. It reveals no fact of
// anybody.
func Steps(tx *store.Tx, m Match, model *linkage.Model) ([]linkage.Step, error) {
	if m.Model != model.Digest() {
		return nil, nil
	}
	estimate, found, err := store.One(tx, (*store.Row).Text, "SELECT weights FROM match_runs WHERE model = $1 ORDER BY ended DESC, run DESC LIMIT 1", m.Model)
	if err != nil || !found {
		return nil, err
	}
	engine, err := linkage.New(model)
	if err != nil {
		return nil, err
	}
	return engine.Explain(m.Levels, []byte(estimate)), nil
}
