package strategy

import (
	"encoding/json"
	"time"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

// simulations are what was tried in the lab, on this node only.
var simulations = &store.Table{Name: "simulations", Class: store.Local, Key: []string{"simulation"},
	Columns: []string{"simulation", "person", "made", "title_ar", "title_en", "programme", "month", "result"}}

// Tables are the tables that this package owns.
var Tables = []*store.Table{simulations}

// Kept is a result that was kept: what lists show of it.
type Kept struct {
	ID        id.ID
	By        id.ID // who tried it
	Made      time.Time
	Name      text.Bilingual
	Programme string
	Month     calendar.Month
}

// Keep keeps a result on this node, so that it can be shown to others. It needs
// the capability Simulate over the country.
func Keep(tx *store.Tx, r *Result) (id.ID, error) {
	if err := access.Require(tx, access.Simulate, ""); err != nil {
		return id.ID{}, err
	}
	body, err := json.Marshal(r)
	if err != nil {
		return id.ID{}, err
	}
	own := tx.NewID()
	return own, tx.Local().Put(simulations, own, tx.Actor, tx.Now, r.Scenario.Name.Arabic, r.Scenario.Name.English,
		r.Scenario.Programme, int64(r.Scenario.Month), body)
}

// Results lists the results kept here, the latest first. It needs the capability
// Simulate over the country.
func Results(tx *store.Tx, limit int) ([]Kept, error) {
	if err := access.Require(tx, access.Simulate, ""); err != nil {
		return nil, err
	}
	return store.All(tx, scanKept, `SELECT simulation, person, made, title_ar, title_en, programme, month FROM simulations
		ORDER BY made DESC, simulation DESC LIMIT $1`, limit)
}

func scanKept(r *store.Row) Kept {
	return Kept{ID: r.ID(), By: r.ID(), Made: r.Time(), Name: text.Bilingual{Arabic: r.Text(), English: r.Text()}, Programme: r.Text(), Month: calendar.Month(r.Int())}
}

// ResultOf returns a kept result; the fault "strategy.no_result" where there is
// none. It needs the capability Simulate over the country.
func ResultOf(tx *store.Tx, which id.ID) (Kept, *Result, error) {
	if err := access.Require(tx, access.Simulate, ""); err != nil {
		return Kept{}, nil, err
	}
	var body []byte
	kept, found, err := store.One(tx, func(r *store.Row) Kept {
		k := scanKept(r)
		body = r.Bytes()
		return k
	}, `SELECT simulation, person, made, title_ar, title_en, programme, month, result FROM simulations WHERE simulation = $1`, which)
	if err == nil && !found {
		err = fault.NotFound("strategy.no_result")
	}
	if err != nil {
		return kept, nil, err
	}
	result := new(Result)
	return kept, result, json.Unmarshal(body, result)
}
