package web

import (
	"strconv"
	"strings"

	"sanad/delivery/policy"
	"sanad/platform/calendar"
	"sanad/platform/geography"
	"sanad/platform/money"
	"sanad/platform/text"
)

// programmesView lists what the country gives, and by which law.
type programmesView struct {
	Programmes []programmeRow
	Releases   []releaseRow // that wait or are decided, the newest first; for those who prepare or approve
}

type programmeRow struct {
	Href       string
	Name       text.Bilingual
	Law        text.Bilingual
	Decider    text.Bilingual
	Components int
	Open       int // readings that nobody confirmed, and figures not seen in the law
}

// programmeView is one programme as the law and its readings have it.
type programmeView struct {
	Name                  text.Bilingual
	Owner, Decider, Payer text.Bilingual
	Unit, Assessed, Paid  text.Key
	Indication            bool
	Since                 calendar.Date // of the release in force; Unknown: the founding one
	Digest                string
	Acts                  []policy.Act
	Figures               []figureRow
	Tables                []tableView
	Values                []valueRow
	Common                []conditionRow
	Components            []componentView
	Readings              []readingRow
	Examples              []exampleRow
	Passed                int
	Releases              []releaseRow
}

// figureRow is a figure of the law over time.
type figureRow struct {
	Name       text.Bilingual
	Cited      citation
	Unit       text.Key
	Unverified bool
	Dated      []datedFigure // the newest first
	Now        datedFigure   // in force on the day of the page, else the first
	Steps      []chartStep   // nothing where it never changed
}

// datedFigure holds from a day until the next one's.
type datedFigure struct {
	From  calendar.Date
	Value string
}

// chartStep is one step of a chart of 320 by 60.
type chartStep struct{ X, Y, Width, Height int }

// citation is what a condition or figure rests on.
type citation struct{ Act, Article text.Bilingual }

// tableView is a figure that depends on something.
type tableView struct {
	Name  text.Bilingual
	Cited citation
	Unit  text.Key
	Dated []datedEntries // the newest first
}

type datedEntries struct {
	From calendar.Date
	Rows []tableRow
}

type tableRow struct{ Of, Value string }

type valueRow struct {
	Name    text.Bilingual
	Formula string
}

// componentView is one kind of person that is paid for.
type componentView struct {
	Name        text.Bilingual
	Cited       citation
	Who, Amount string // formulas
	Conditions  []conditionRow
	Payees      []payeeRow
}

type payeeRow struct {
	Name  text.Bilingual
	Cited citation
	When  string
}

// conditionRow is one thing that the law asks.
type conditionRow struct {
	Name, Otherwise, Waits text.Bilingual
	Cited                  citation
	Reading                text.Bilingual // the open question that it rests on
	Tests                  []testRow
}

type testRow struct {
	Option  text.Bilingual
	Chosen  bool
	Formula string
}

// readingRow is a question that the law leaves open, and how it is answered.
type readingRow struct {
	Question text.Bilingual
	Options  []testRow
	By       text.Bilingual // who confirmed it; nobody where it is empty
	Letter   string
	Date     calendar.Date
}

type exampleRow struct {
	Name  text.Bilingual
	Month calendar.Date
	State pill
}

// releaseRow is one release on its way into force.
type releaseRow struct {
	Href      string
	Title     string
	Programme text.Bilingual
	Month     calendar.Date
	State     pill
}

// programmeOf turns a programme into its page of a day.
func programmeOf(p *policy.Programme, country *geography.Map, day calendar.Date) programmeView {
	digest := p.Digest()
	v := programmeView{Name: p.Name, Owner: titleOfBody(country, p.Owner), Decider: titleOfBody(country, p.Decider), Payer: titleOfBody(country, p.Payer),
		Unit: text.Key("web.programme_unit_" + p.Unit), Assessed: text.Key("web.programme_assessed_" + p.Assessed), Paid: text.Key("web.programme_paid_" + p.Paid),
		Indication: p.Indication, Digest: shortDigest(digest[:]), Acts: p.Acts, Common: conditionRows(p, p.Conditions)}
	for i := range p.Parameters {
		v.Figures = append(v.Figures, figureOf(p, &p.Parameters[i], day))
	}
	for i := range p.Tables {
		v.Tables = append(v.Tables, tableOf(p, &p.Tables[i]))
	}
	for _, value := range p.Values {
		v.Values = append(v.Values, valueRow{value.Name, value.Formula})
	}
	for _, c := range p.Components {
		one := componentView{Name: c.Name, Cited: cited(p, c.Basis), Who: c.Who, Amount: c.Amount, Conditions: conditionRows(p, c.Conditions)}
		for _, step := range c.Payees {
			one.Payees = append(one.Payees, payeeRow{step.Name, cited(p, step.Article), step.When})
		}
		v.Components = append(v.Components, one)
	}
	for i := range p.Readings {
		v.Readings = append(v.Readings, readingOf(&p.Readings[i]))
	}
	v.examples(p)
	return v
}

// examples runs the programme's own tests.
func (v *programmeView) examples(p *policy.Programme) {
	for i := range p.Examples {
		row := exampleRow{p.Examples[i].Name, p.Examples[i].Month.Date(), pill{Tone: "ok", Key: "web.programme_example_ok"}}
		if p.ExamplePasses(i) != nil {
			row.State = pill{Tone: "bad", Key: "web.programme_example_not"}
		} else {
			v.Passed++
		}
		v.Examples = append(v.Examples, row)
	}
}

// titleOfBody is what a body is called, its code where the country does not know it.
func titleOfBody(country *geography.Map, code string) text.Bilingual {
	if body, found := country.Body(code); found {
		return body.Name()
	}
	return text.Bilingual{Arabic: code, English: code}
}

func cited(p *policy.Programme, reference string) citation {
	act, article := p.Cited(reference)
	return citation{act.Name, article.Text}
}

func conditionRows(p *policy.Programme, all []policy.Condition) (rows []conditionRow) {
	for _, c := range all {
		row := conditionRow{Name: c.Name, Otherwise: c.Otherwise, Cited: cited(p, c.Article)}
		if c.Waits != nil {
			row.Waits = c.Waits.Text
		}
		reading := p.Reading(c.Reading)
		if reading != nil {
			row.Reading = reading.Question
		}
		for _, test := range c.Tests {
			row.Tests = append(row.Tests, testRow{optionText(reading, test.Option), reading == nil || test.Option == reading.Chosen, test.Text})
		}
		rows = append(rows, row)
	}
	return rows
}

func optionText(r *policy.Reading, option string) text.Bilingual {
	if r != nil {
		for _, o := range r.Options {
			if o.ID == option {
				return o.Text
			}
		}
	}
	return text.Bilingual{}
}

func readingOf(r *policy.Reading) readingRow {
	row := readingRow{Question: r.Question}
	for _, o := range r.Options {
		row.Options = append(row.Options, testRow{Option: o.Text, Chosen: o.ID == r.Chosen})
	}
	if c := r.Confirmed; c != nil {
		row.By, row.Letter, row.Date = c.By, c.Letter, c.Date
	}
	return row
}

func figureOf(p *policy.Programme, q *policy.Parameter, day calendar.Date) figureRow {
	row := figureRow{Name: q.Name, Cited: cited(p, q.Basis), Unit: figureUnit(q.Unit), Unverified: q.Unverified}
	for i := len(q.Values) - 1; i >= 0; i-- {
		one := datedFigure{q.Values[i].From, figureWords(q.Unit, q.Values[i].Value)}
		row.Dated = append(row.Dated, one)
		if row.Now.Value == "" && (i == 0 || one.From <= day) {
			row.Now = one
		}
	}
	if len(q.Values) > 1 {
		row.Steps = chartOf(q.Values)
	}
	return row
}

func tableOf(p *policy.Programme, t *policy.Table) tableView {
	unit := t.Unit
	if t.Scale != "" {
		unit = "rate"
	}
	v := tableView{Name: t.Name, Cited: cited(p, t.Basis), Unit: figureUnit(unit)}
	for i := len(t.Values) - 1; i >= 0; i-- {
		dated := datedEntries{From: t.Values[i].From}
		for _, e := range t.Values[i].Entries {
			of := strings.Join(e.Labels, ", ")
			if of == "" {
				of = "\u2265 " + figureWords(max(t.Steps, t.Scale), e.From)
			}
			dated.Rows = append(dated.Rows, tableRow{of, figureWords(unit, e.Value)})
		}
		v.Dated = append(v.Dated, dated)
	}
	return v
}

// figureUnit is the word that follows a figure; none where it needs none.
func figureUnit(unit string) text.Key {
	switch unit {
	case "LYD", "years", "months":
		return unitWords(unit)
	}
	return ""
}

// figureWords writes a value of a parameter's unit.
func figureWords(unit string, value int64) string {
	switch unit {
	case "LYD":
		return text.Amount(money.Amount(value))
	case "rate":
		return decimals(value*100) + "%"
	case "fixed":
		return decimals(value)
	}
	return text.Number(value)
}

// decimals writes millionths without zeros that say nothing.
func decimals(millionths int64) string {
	sign := ""
	if millionths < 0 {
		sign, millionths = "\u2212", -millionths
	}
	whole := sign + text.Number(millionths/1_000_000)
	rest := millionths % 1_000_000
	if rest == 0 {
		return whole
	}
	return whole + "." + strings.TrimRight(strconv.FormatInt(1_000_000+rest, 10)[1:], "0")
}

// The room of a chart, and how long its last step is drawn at least, in months.
const chartWidth, chartHeight, chartLast = 320, 60, 24

// chartOf draws a figure over time: wide as it held, high as it was.
func chartOf(values []policy.DatedValue) (steps []chartStep) {
	first := months(values[0].From)
	last := months(values[len(values)-1].From) + chartLast
	most := int64(1)
	for _, v := range values {
		most = max(most, v.Value)
	}
	for i, v := range values {
		until := last
		if i+1 < len(values) {
			until = months(values[i+1].From)
		}
		from := (months(v.From) - first) * chartWidth / (last - first)
		to := (until - first) * chartWidth / (last - first)
		height := int(max(v.Value, 0) * chartHeight / most)
		steps = append(steps, chartStep{from, chartHeight - height, max(to-from-1, 1), height})
	}
	return steps
}

// months counts the months to a date.
func months(d calendar.Date) int { return d.Year()*12 + d.Month() }
