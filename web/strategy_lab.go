package web

import (
	"strconv"
	"strings"

	"sanad/delivery/policy"
	"sanad/delivery/strategy"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/money"
	"sanad/platform/text"
)

// labView answers "which reform shall we try, and what was tried?".
type labView struct {
	Programmes []labProgramme
	Results    []labRow
	Scenarios  []labRow // of the country pack, to begin with
	Upload     form
}

// labProgramme is a programme that a reform can begin with.
type labProgramme struct {
	Href string
	Name text.Bilingual
	Law  text.Bilingual // its first act
}

// labRow is one result, or a scenario to begin with.
type labRow struct {
	Href      string
	Name      text.Bilingual
	Programme text.Bilingual
	Month     calendar.Date
	Made      calendar.Date
}

// scenarioView asks what the reform changes and on whom it is tried.
type scenarioView struct {
	Form      form
	Programme text.Bilingual
	Figures   []figureQuestion
	Readings  []readingQuestion
	About     []field // the other questions, above
	On        []field // and below
}

// figureQuestion is a parameter with what stands now.
type figureQuestion struct {
	field
	Title text.Bilingual
	Now   string
	Unit  text.Key
}

// readingQuestion is an open question of the law with its options.
type readingQuestion struct {
	field
	Question  text.Bilingual
	Confirmed bool
}

// trialView is a simulation under way, or refused.
type trialView struct {
	Href    string
	Name    text.Bilingual
	Source  text.Key
	Share   int // hundredths
	Working bool
	Refused *fault.Fault
}

var (
	showLab      = page[labView]("strategy/lab")
	showScenario = page[scenarioView]("strategy/scenario")
	showTrial    = page[trialView]("strategy/trial")
	showResult   = page[resultView]("strategy/result")
)

// labSource is what a scenario can be tried on.
type labSource struct {
	name    text.Key
	share   int // millionths of the registry's households
	persons int // of an invented population
}

// The sources in the order of the form; the first is chosen to begin with.
var (
	labSourceOrder = []string{"registry", "tenth", "invented", "invented_large"}
	labSources     = map[string]labSource{
		"registry":       {"web.lab_on_registry", 0, 0},
		"tenth":          {"web.lab_on_tenth", 100_000, 0},
		"invented":       {"web.lab_on_invented", 0, 100_000},
		"invented_large": {"web.lab_on_invented_large", 0, 500_000},
	}
)

// scenarioForm asks about a reform of a programme, beginning with a scenario.
func scenarioForm(p *policy.Programme, s strategy.Scenario, months []option) scenarioView {
	v := scenarioView{Programme: p.Name, Form: form{Action: "/lab/new?programme=" + p.ID, Back: "/lab", Submit: "web.lab_try"}}
	changed := map[string]string{}
	for _, c := range s.Changes {
		changed[c.Name] = c.Value
	}
	v.About = []field{
		{Name: "name", Kind: "text", Label: "web.lab_name", Hint: "web.lab_name_hint", Value: s.Name.Arabic},
		{Name: "month", Kind: "select", Label: "web.lab_month", Hint: "web.lab_month_hint", Options: months, Value: s.Month.String(), Width: "half"},
		{Name: "months", Kind: "select", Label: "web.lab_months", Options: []option{{Value: "1", Key: "web.lab_months_1"}, {Value: "12", Key: "web.lab_months_12"}}, Value: strconv.Itoa(max(s.Months, 1)), Width: "half"},
	}
	searchable := []option{{Key: "web.lab_search_none"}}
	for i := range p.Parameters {
		f := &p.Parameters[i]
		v.Figures = append(v.Figures, figureQuestion{Title: f.Name, Now: strategy.Figure(p.Text(), f.ID, s.Month), Unit: unitWords(f.Unit),
			field: field{Name: "figure-" + f.ID, Kind: "code", Value: changed[f.ID]}})
		searchable = append(searchable, option{Value: f.ID, Both: f.Name})
	}
	for i := range p.Readings {
		r := &p.Readings[i]
		q := readingQuestion{Question: r.Question, Confirmed: r.Confirmed != nil, field: field{Name: "reading-" + r.ID, Kind: "select", Value: r.Chosen}}
		if changed[r.ID] != "" {
			q.Value = changed[r.ID]
		}
		for _, o := range r.Options {
			q.Options = append(q.Options, option{Value: o.ID, Both: o.Text})
		}
		v.Readings = append(v.Readings, q)
	}
	v.On = labOn(s, searchable)
	return v
}

// unitWords are what people call the unit of a parameter.
func unitWords(unit string) text.Key {
	switch unit {
	case "LYD", "years", "months", "count":
		return text.Key("web.unit_" + strings.ToLower(unit))
	}
	return "web.unit_other"
}

// labOn are the questions below the figures: on whom, against which line, with
// which budget.
func labOn(s strategy.Scenario, searchable []option) []field {
	line, of := "", "1"
	if s.Line.Amount > 0 {
		line, of = s.Line.Amount.String(), strconv.FormatInt(s.Line.Of, 10)
	}
	on := field{Name: "source", Kind: "choice", Label: "web.lab_on", Value: labSourceOrder[0]}
	for _, name := range labSourceOrder {
		source := labSources[name]
		on.Options = append(on.Options, option{Value: name, Key: source.name, Hint: source.name + "_hint"})
	}
	search := field{Name: "search", Kind: "select", Label: "web.lab_search", Hint: "web.lab_search_hint", Options: searchable, Width: "half"}
	budget := field{Name: "budget", Kind: "number", Label: "web.lab_budget", Hint: "web.lab_budget_hint", Width: "half"}
	if s.Search != nil {
		search.Value = s.Search.Parameter
		if s.Search.Budget > 0 {
			budget.Value = s.Search.Budget.String()
		}
	}
	return []field{on,
		{Name: "line", Kind: "number", Label: "web.lab_line", Hint: "web.lab_line_hint", Value: line, Width: "half"},
		{Name: "line-of", Kind: "number", Label: "web.lab_line_of", Value: of, Width: "half"},
		search, budget}
}

// read fills all questions from what was sent.
func (v *scenarioView) read(x *exchange) {
	for i := range v.About {
		v.About[i].read(x.r)
	}
	for i := range v.On {
		v.On[i].read(x.r)
	}
	for i := range v.Figures {
		v.Figures[i].read(x.r)
	}
	for i := range v.Readings {
		v.Readings[i].read(x.r)
	}
	v.Form.Fields = v.all()
}

// all are the questions in the order of the page.
func (v *scenarioView) all() []field {
	all := append([]field(nil), v.About...)
	for _, f := range v.Figures {
		all = append(all, f.field)
	}
	for _, r := range v.Readings {
		all = append(all, r.field)
	}
	return append(all, v.On...)
}

// note puts a refusal beside the questions that it is about.
func (v *scenarioView) note(refused *fault.Fault) {
	v.Form.Fields = v.all()
	v.Form.note(refused)
	n := 0
	next := func(f *field) {
		f.Fault = v.Form.Fields[n].Fault
		n++
	}
	for i := range v.About {
		next(&v.About[i])
	}
	for i := range v.Figures {
		next(&v.Figures[i].field)
	}
	for i := range v.Readings {
		next(&v.Readings[i].field)
	}
	for i := range v.On {
		next(&v.On[i])
	}
}

// answered is the scenario that was asked for.
func (v *scenarioView) answered(p *policy.Programme) (s strategy.Scenario, err error) {
	get := v.Form.get
	s = strategy.Scenario{ID: p.ID, Programme: p.ID, Name: text.Bilingual{Arabic: get("name"), English: get("name")}}
	var wrong fault.List
	if s.Name.Arabic == "" {
		wrong.Add("name", fault.Invalid("web.lab_name_needed"))
	}
	if s.Month, err = calendar.ParseMonth(get("month")); err != nil {
		wrong.Add("month", err)
	}
	s.Months, _ = strconv.Atoi(get("months"))
	for _, f := range v.Figures {
		if f.Value != "" && f.Value != f.Now {
			s.Changes = append(s.Changes, strategy.Setting{Name: f.Name[len("figure-"):], Value: westernDigits(f.Value)})
		}
	}
	for _, r := range v.Readings {
		id := r.Name[len("reading-"):]
		if reading := p.Reading(id); reading != nil && r.Value != reading.Chosen && r.Value != "" {
			s.Changes = append(s.Changes, strategy.Setting{Name: id, Value: r.Value})
		}
	}
	s.Line.Amount = v.dinars("line", &wrong)
	if s.Line.Of, err = strconv.ParseInt(westernDigits(get("line-of")), 10, 64); err != nil || s.Line.Of < 1 {
		wrong.Add("line-of", fault.Invalid("web.lab_line_of_needed"))
	}
	if get("search") != "" {
		s.Search = &strategy.Search{Parameter: get("search"), Budget: v.dinars("budget", &wrong)}
	}
	if len(s.Changes) == 0 && s.Search == nil {
		wrong.Add("", fault.Invalid("web.lab_nothing_changed"))
	}
	return s, wrong.Err()
}

// dinars is the answer to a question about an amount; nothing where it is empty.
func (v *scenarioView) dinars(name string, wrong *fault.List) money.Amount {
	written := v.Form.get(name)
	if written == "" {
		return 0
	}
	amount, reading := money.Parse(written)
	if err := reading.Err(); err != nil || amount < 0 {
		wrong.Add(name, fault.Invalid("web.lab_amount"))
	}
	return amount
}
