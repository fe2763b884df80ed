package web

import (
	"bytes"
	"io"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strings"

	"sanad/delivery/policy"
	"sanad/delivery/strategy"
	"sanad/delivery/strategy/population"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

// standing is a programme of the country as it stands.
func (s *site) standing(programme string) (*policy.Programme, error) {
	if i := slices.IndexFunc(s.programmes, func(p *policy.Programme) bool { return p.ID == programme }); i >= 0 {
		return s.programmes[i], nil
	}
	return nil, fault.NotFound("policy.no_programme", "programme", programme)
}

// population is the country's invented population on a day.
func (s *site) population(day calendar.Date) (*population.Settings, error) {
	if s.Country == nil {
		return nil, fault.NotFound("population.no_settings", "file", population.SettingsFile)
	}
	settings, err := population.Load(s.Country, day)
	if err == nil {
		settings.Seed = labSeed
	}
	return settings, err
}

// labSeed is the invented population that the lab tries reforms on: always the
// same, so that two scenarios are compared on the same families.
const labSeed = 2026

// labShown is how many results the lab lists.
const labShown = 50

func labPage(x *exchange) error {
	view := labView{Upload: labUpload()}
	view.Upload.Token = x.frame.Token
	for _, p := range x.site.programmes {
		row := labProgramme{Href: "/lab/new?programme=" + p.ID, Name: p.Name}
		if len(p.Acts) > 0 {
			row.Law = p.Acts[0].Name
		}
		view.Programmes = append(view.Programmes, row)
	}
	for _, name := range x.site.scenarios() {
		s, err := strategy.NamedScenario(x.site.Country, name)
		if err != nil {
			continue // one that the country is still writing
		}
		row := labRow{Href: "/lab/new?programme=" + s.Programme + "&scenario=" + name, Name: s.Name, Month: s.Month.Date()}
		if p, err := x.site.standing(s.Programme); err == nil {
			row.Programme = p.Name
			view.Scenarios = append(view.Scenarios, row)
		}
	}
	err := x.read(func(tx *store.Tx) error {
		kept, err := strategy.Results(tx, labShown)
		for _, k := range kept {
			row := labRow{Href: "/lab/" + k.ID.String(), Name: k.Name, Month: k.Month.Date(), Made: calendar.Day(k.Made)}
			if p, err := x.site.standing(k.Programme); err == nil {
				row.Programme = p.Name
			}
			view.Results = append(view.Results, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	return showLab.show(x, view)
}

func labUpload() form {
	return form{Action: "/lab", Upload: true, Submit: "web.lab_upload_submit", Fields: []field{
		{Name: "file", Kind: "file", Label: "web.lab_upload", Hint: "web.lab_upload_hint", Accept: ".yaml,.yml"}}}
}

// sendScenario takes a scenario's file and shows it as a form, to be looked at and
// tried.
func sendScenario(x *exchange) error {
	files := x.r.MultipartForm
	if files == nil || len(files.File["file"]) == 0 {
		return fault.Invalid("web.file_needed")
	}
	file, err := files.File["file"][0].Open()
	if err != nil {
		return err
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, 1<<20))
	if err != nil {
		return err
	}
	s, err := strategy.ReadScenario(raw)
	if err != nil {
		return err
	}
	p, err := x.site.standing(s.Programme)
	if err != nil {
		return err
	}
	if s.Text != "" { // a whole programme is not asked about figure by figure
		return x.try(&trial{name: labTitle(s), source: labSourceOrder[0], scenario: s})
	}
	view, err := x.scenarioView(p, s)
	if err != nil {
		return err
	}
	return showScenario.show(x, view)
}

func labTitle(s strategy.Scenario) text.Bilingual {
	if s.Name.Arabic == "" {
		return text.Bilingual{Arabic: s.ID, English: s.ID}
	}
	return s.Name
}

// scenarioPage asks about a reform: a new one, one of the country's to begin
// with, or one that was tried.
func scenarioPage(x *exchange) error {
	p, s, err := x.begun()
	if err != nil {
		return err
	}
	view, err := x.scenarioView(p, s)
	if err != nil {
		return err
	}
	return showScenario.show(x, view)
}

// begun is what the form begins with.
func (x *exchange) begun() (*policy.Programme, strategy.Scenario, error) {
	var s strategy.Scenario
	p, err := x.site.standing(value(x.r, "programme"))
	if err != nil {
		return nil, s, err
	}
	if name := value(x.r, "scenario"); slices.Contains(x.site.scenarios(), name) {
		if s, err = strategy.NamedScenario(x.site.Country, name); err != nil {
			return nil, s, err
		}
	}
	if from, err := id.Parse(value(x.r, "from")); err == nil {
		err = x.read(func(tx *store.Tx) error {
			_, result, err := strategy.ResultOf(tx, from)
			if err == nil {
				s = result.Scenario
			}
			return err
		})
		if err != nil {
			return nil, s, err
		}
	}
	return p, s, nil
}

// scenarioView is the form about a reform.
func (x *exchange) scenarioView(p *policy.Programme, s strategy.Scenario) (scenarioView, error) {
	var next calendar.Month
	err := x.read(func(tx *store.Tx) error {
		next = calendar.MonthOf(tx.Today().Year(), tx.Today().Month()).Next()
		return nil
	})
	if err != nil {
		return scenarioView{}, err
	}
	if !s.Month.Valid() {
		s.Month = next
	}
	if s.Line.Amount == 0 {
		if settings, err := x.site.population(s.Month.First()); err == nil {
			s.Line = strategy.UsualLine(settings)
		}
	}
	months := []option{}
	for n := -12; n <= 24; n++ {
		month := next.Add(n)
		months = append(months, option{Value: month.String(), Both: text.Bilingual{Arabic: text.Date(text.Arabic, month.Date()), English: text.Date(text.English, month.Date())}})
	}
	view := scenarioForm(p, s, months)
	view.Form.Token = x.frame.Token
	return view, nil
}

// tryScenario begins to try a reform; the browser need not stay.
func tryScenario(x *exchange) error {
	p, s, err := x.begun()
	if err != nil {
		return err
	}
	view, err := x.scenarioView(p, s)
	if err != nil {
		return err
	}
	view.read(x)
	s, err = view.answered(p)
	if err == nil {
		_, err = s.Reform(p)
	}
	source := view.Form.get("source")
	if _, known := labSources[source]; err == nil && !known {
		err = fault.Invalid("web.lab_on_needed").At("source")
	}
	if refused := fault.Of(err); refused != nil {
		view.note(refused)
		return showScenario.refuse(x, view)
	}
	if err != nil {
		return err
	}
	return x.try(&trial{name: s.Name, source: source, scenario: s})
}

func (x *exchange) try(job *trial) error {
	if err := x.site.trials.begin(x, job); err != nil {
		return err
	}
	return x.seeOther("/lab/" + job.id.String())
}

// resultPage shows a simulation under way, or what it came to.
func resultPage(x *exchange) error {
	which, err := x.pathID("result")
	if err != nil {
		return err
	}
	if job := x.site.trials.find(which); job != nil {
		return x.trialPage(job)
	}
	kept, result, err := x.result(which)
	if err != nil {
		return err
	}
	p, err := policy.Read(result.Scenario.Programme, result.Standing)
	if err != nil {
		return err
	}
	var view resultView
	err = x.read(func(tx *store.Tx) error {
		country, err := geography.At(tx, tx.Today())
		if err != nil {
			return err
		}
		view, err = resultOf(kept, result, p, country)
		if x.may(access.PrepareRelease) {
			view.Draft = &form{Action: view.Href + "/draft", Token: x.frame.Token, Submit: "web.lab_to_draft",
				Fields: []field{{Name: "command", Kind: "hidden", Value: tx.NewID().String()}}}
		}
		return err
	})
	if err != nil {
		return err
	}
	return showResult.show(x, view)
}

// draftReform makes a tried reform a draft release, to decide from the next month
// on: its report and two signatures come before that.
func draftReform(x *exchange) error {
	which, err := x.pathID("result")
	if err != nil {
		return err
	}
	kept, result, err := x.result(which)
	if err != nil {
		return err
	}
	var draft policy.Draft
	_, err = x.change(func(tx *store.Tx) error {
		today := tx.Today()
		draft, err = policy.DraftRelease(tx, result.Reform, kept.Name.In(x.language), calendar.MonthOf(today.Year(), today.Month()).Next())
		return err
	})
	if err != nil {
		return err
	}
	return x.seeOther("/releases/" + draft.ID.String())
}

func (x *exchange) result(which id.ID) (kept strategy.Kept, result *strategy.Result, err error) {
	err = x.read(func(tx *store.Tx) error {
		kept, result, err = strategy.ResultOf(tx, which)
		return err
	})
	return kept, result, err
}

func (x *exchange) trialPage(job *trial) error {
	view := job.view()
	if view.Working {
		return showTrial.show(x, view)
	}
	if view.Refused == nil {
		return x.seeOther("/lab/" + job.kept.String())
	}
	x.frame.Wrong = true
	return showTrial.answer(x, http.StatusOK, view)
}

// trialProgress is the piece of the page that changes meanwhile. At the end the
// browser is asked to load the page again.
func trialProgress(x *exchange) error {
	which, err := x.pathID("result")
	if err != nil {
		return err
	}
	job := x.site.trials.find(which)
	if job == nil || job.done() {
		x.w.Header().Set("HX-Refresh", "true")
		return x.write(http.StatusOK, nil)
	}
	var out bytes.Buffer
	if err := x.site.templates.renderPart(&out, x.language, "trial-progress", job.view()); err != nil {
		return err
	}
	return x.write(http.StatusOK, out.Bytes())
}

// resultTable sends a result's table for a spreadsheet.
func resultTable(x *exchange) error {
	return x.sendResult("simulation.csv", "text/csv; charset=utf-8", func(r *strategy.Result, w io.Writer) error { return r.WriteCSV(w) })
}

// resultObject sends a result whole, for another program.
func resultObject(x *exchange) error {
	return x.sendResult("simulation.json", "application/json", func(r *strategy.Result, w io.Writer) error { return r.WriteJSON(w) })
}

// resultReform sends the reform's programme file.
func resultReform(x *exchange) error {
	return x.sendResult("reform.yaml", "application/yaml; charset=utf-8", func(r *strategy.Result, w io.Writer) error {
		_, err := io.WriteString(w, r.Reform)
		return err
	})
}

func (x *exchange) sendResult(name, kind string, write func(*strategy.Result, io.Writer) error) error {
	which, err := x.pathID("result")
	if err != nil {
		return err
	}
	_, result, err := x.result(which)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := write(result, &out); err != nil {
		return err
	}
	h := x.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, err = x.w.Write(out.Bytes())
	return err
}

// scenarios are the names of the scenarios that the country pack brings.
func (s *site) scenarios() []string {
	if s.Country == nil {
		return nil
	}
	files, err := fs.Glob(s.Country, strategy.ScenarioFolder+"/*.yaml")
	if err != nil {
		return nil
	}
	for i, file := range files {
		files[i] = strings.TrimSuffix(path.Base(file), ".yaml")
	}
	return files
}
