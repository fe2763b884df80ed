package web

import (
	"context"
	"sync"
	"time"

	"sanad/country"
	"sanad/delivery/policy"
	"sanad/delivery/strategy"
	"sanad/delivery/strategy/population"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/money"
)

// triedReform is what the lab makes of a reform on a small invented population.
var triedReform = sync.OnceValue(func() (made struct {
	programme *policy.Programme
	settings  *population.Settings
	result    resultView
}) {
	must := func(err error) {
		if err != nil {
			panic(err)
		}
	}
	pack, err := country.Pack(country.Libya)
	must(err)
	made.programme, err = policy.Named(pack, "wife-and-children-grant")
	must(err)
	month := calendar.MonthOf(2026, 10)
	made.settings, err = population.Load(pack, month.First())
	must(err)
	land, err := geography.Read(pack, month.First())
	must(err)
	scenario := strategy.Scenario{ID: "sample", Name: both("مائتا دينار للزوجة بالكلفة نفسها", "200 dinars for a wife at the same cost"), Programme: made.programme.ID, Month: month,
		Changes: []strategy.Setting{{Name: "wife_amount", Value: "200"}, {Name: "divorced-daughters", Value: "not-married-now"}},
		Line:    strategy.UsualLine(made.settings), Search: &strategy.Search{Parameter: "child_amount"}}
	made.settings.Seed = labSeed
	r, err := strategy.Simulate(context.Background(), strategy.FromPopulation(made.settings, 20_000), made.programme, scenario, nil)
	must(err)
	kept := strategy.Kept{ID: personID(9), Made: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC), Name: scenario.Name, Programme: scenario.Programme, Month: month}
	made.result, err = resultOf(kept, r, made.programme, land)
	must(err)
	return made
})

func strategySamples() []sample {
	tried := triedReform()
	month := calendar.MonthOf(2026, 12)
	months := []option{{Value: month.String(), Both: both("ديسمبر 2026", "December 2026")}}
	scenario := strategy.Scenario{Month: month, Line: strategy.Line{Amount: money.Amount(983_820), Of: 5}}
	ask := scenarioForm(tried.programme, scenario, months)
	refused := scenarioForm(tried.programme, scenario, months)
	var wrong fault.List
	wrong.Add("name", fault.Invalid("web.lab_name_needed"))
	wrong.Add("figure-child_amount", fault.Invalid("strategy.not_a_value", "name", "child_amount"))
	wrong.Add("", fault.Invalid("web.lab_nothing_changed"))
	refused.note(fault.Of(wrong.Err()))
	upload := labUpload()
	rows := []labRow{{Href: "/lab/1", Name: tried.result.Name, Programme: grant, Month: october, Made: today}}
	lab := labView{Programmes: []labProgramme{{Href: "/lab/new?programme=wife-and-children-grant", Name: grant, Law: law}}, Upload: upload}
	full := lab
	full.Results, full.Scenarios = rows, rows
	working := trialView{Href: "/lab/1", Name: tried.result.Name, Source: "web.lab_on_registry", Share: 40, Working: true}
	failed := working
	failed.Working, failed.Refused = false, fault.NotFound("strategy.no_such_figure", "name", "child_sum")
	tried.result.Draft = &form{Action: "/lab/1/draft", Submit: "web.lab_to_draft"}
	return []sample{
		{"lab", "strategy/lab", full, "/lab", false},
		{"lab-empty", "strategy/lab", lab, "/lab", false},
		{"lab-new", "strategy/scenario", ask, "/lab", false},
		{"lab-refused", "strategy/scenario", refused, "/lab", false},
		{"lab-working", "strategy/trial", working, "/lab", false},
		{"lab-failed", "strategy/trial", failed, "/lab", false},
		{"lab-result", "strategy/result", tried.result, "/lab", false},
	}
}
