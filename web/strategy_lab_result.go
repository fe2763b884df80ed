package web

import (
	"slices"
	"strings"

	"sanad/delivery/policy"
	"sanad/delivery/strategy"
	"sanad/platform/calendar"
	"sanad/platform/geography"
	"sanad/platform/money"
	"sanad/platform/text"
)

// resultView answers "what would this reform do?".
type resultView struct {
	Href, Again string
	Draft       *form // makes a draft release of it; nil where the reader may not
	Name        text.Bilingual
	Programme   text.Bilingual
	Month       calendar.Date
	Made        calendar.Date
	Invented    bool
	Sampled     bool
	Asked, Of   int
	Changes     []reformRow

	Before, After, Cost   money.Amount // a month
	YearBefore, YearAfter money.Amount
	Months                []strategy.Month
	CostMargin            money.Amount
	CostShare             int // of what is spent now, thousandths
	Tiles                 []effectTile
	Deciles, Others       []effectGroup
	Unknown               int // households of unknown income
	Districts             []districtView
	Key                   []keyStep
	MapEmpty              bool
	Poverty               []povertyRow
	PovertyUnknown        int
	Line                  money.Amount
	LineOf                int
	Found                 *strategy.Found
	FoundName             text.Bilingual
	Indicator             indicatorView
}

// YearCost is what a year costs more.
func (v resultView) YearCost() money.Amount { return whole(v.YearAfter - v.YearBefore) }

// whole is an amount to the nearest dinar: sums over a country say nothing in
// dirhams.
func whole(a money.Amount) money.Amount {
	half := money.Amount(money.Dinar / 2)
	if a < 0 {
		half = -half
	}
	return (a + half) / money.Dinar * money.Dinar
}

// reformRow is one figure or reading that the reform has otherwise.
type reformRow struct {
	Name        text.Bilingual
	Before      string
	After       string
	BeforeWords text.Bilingual
	AfterWords  text.Bilingual
}

// effectTile is a number of households with its margin.
type effectTile struct {
	Label  text.Key
	Count  int
	Margin int
	Share  int // thousandths of all households
}

// effectGroup is one grouping of the households as a table with bars.
type effectGroup struct {
	Title text.Key
	Head  text.Key
	Rows  []effectRow
}

// effectRow is one group: bars to both sides, and their figures.
type effectRow struct {
	Name       text.Bilingual
	Key        text.Key
	Args       []any
	Households int
	Gain, Lose int // thousandths of the group's households, who enter and leave included
	Before     money.Amount
	After      money.Amount
	Cost       money.Amount
	Each       money.Amount // change for a household on average
	Bar        effectBar
}

// effectBar is a bar from the middle: what goes up and what goes down, of 100
// each.
type effectBar struct{ Up, Down int }

// From is where the part that goes down begins.
func (b effectBar) From() int { return 100 - b.Down }

// povertyRow is one measure before and after, in thousandths, with bars of 100.
type povertyRow struct {
	Label         text.Key
	Hint          text.Key
	Before, After int
	Margin        int
	Full          int // what a whole bar stands for, thousandths
}

// BarBefore and BarAfter are the lengths of the bars.
func (r povertyRow) BarBefore() int { return r.Before * 100 / max(r.Full, 1) }

// BarAfter is the length of the bar after the reform.
func (r povertyRow) BarAfter() int { return r.After * 100 / max(r.Full, 1) }

// resultOf turns a kept result into its page.
func resultOf(k strategy.Kept, r *strategy.Result, p *policy.Programme, country *geography.Map) (resultView, error) {
	c := r.Report.Change
	v := resultView{Href: "/lab/" + k.ID.String(), Name: k.Name, Month: k.Month.Date(), Made: calendar.Day(k.Made), Invented: r.Invented,
		Sampled: r.Sample.Drawn < r.Sample.Of, Asked: int(r.Sample.Drawn), Of: int(r.Sample.Of),
		Before: whole(c.Before), After: whole(c.After), Cost: whole(c.Cost()), CostMargin: whole(r.Sample.Cost), Found: r.Found}
	for _, m := range r.Months {
		v.Months = append(v.Months, strategy.Month{Month: m.Month, Before: whole(m.Before), After: whole(m.After)})
	}
	v.Again = "/lab/new?programme=" + k.Programme + "&from=" + k.ID.String()
	v.YearBefore, v.YearAfter = r.Year()
	if c.Before > 0 {
		v.CostShare = int(c.Cost() * 1000 / c.Before)
	}
	v.changes(r, p)
	v.Tiles = []effectTile{
		tileOf("web.lab_gain", c.Gain, r.Sample.Gain, c), tileOf("web.lab_lose", c.Lose, r.Sample.Lose, c),
		tileOf("web.lab_enter", c.Enter, r.Sample.Enter, c), tileOf("web.lab_leave", c.Leave, r.Sample.Leave, c)}
	v.groups(r)
	v.poor(r)
	return v, v.drawMap(r, country)
}

func tileOf(label text.Key, count, margin int64, c strategy.Change) effectTile {
	share, _ := permilleOf(count, c.Households)
	return effectTile{Label: label, Count: int(count), Margin: int(margin), Share: share}
}

// changes lists what the reform has otherwise.
func (v *resultView) changes(r *strategy.Result, p *policy.Programme) {
	v.Programme = p.Name
	all := r.Scenario.Changes
	if f := r.Found; f != nil {
		all = append(slices.DeleteFunc(slices.Clone(all), func(c strategy.Setting) bool { return c.Name == f.Parameter }), strategy.Setting{Name: f.Parameter, Value: f.Value})
	}
	for _, c := range all {
		row := reformRow{Name: text.Bilingual{Arabic: c.Name, English: c.Name}, After: c.Value, Before: strategy.Figure(r.Standing, c.Name, r.Scenario.Month)}
		for i := range p.Parameters {
			if p.Parameters[i].ID == c.Name {
				row.Name = p.Parameters[i].Name
			}
		}
		if reading := p.Reading(c.Name); reading != nil {
			row = reformRow{Name: reading.Question}
			for _, o := range reading.Options {
				if o.ID == reading.Chosen {
					row.BeforeWords = o.Text
				}
				if o.ID == c.Value {
					row.AfterWords = o.Text
				}
			}
		}
		if r.Found != nil && c.Name == r.Found.Parameter {
			v.FoundName = row.Name
		}
		v.Changes = append(v.Changes, row)
	}
}

// groups fills in the tables by decile, head, disability and size.
func (v *resultView) groups(r *strategy.Result) {
	titles := map[string]effectGroup{
		strategy.ByDecile:     {Title: "web.lab_by_decile", Head: "web.lab_decile"},
		strategy.BySexOfHead:  {Title: "web.lab_by_head", Head: "web.lab_head"},
		strategy.ByDisability: {Title: "web.lab_by_disability"},
		strategy.BySize:       {Title: "web.lab_by_size", Head: "web.lab_size"},
	}
	for _, by := range []string{strategy.ByDecile, strategy.BySexOfHead, strategy.ByDisability, strategy.BySize} {
		g := titles[by]
		for _, group := range r.Report.Groups {
			if group.By != by {
				continue
			}
			row := effectOf(group.Change)
			row.Key, row.Args = groupWords(by, group.Key)
			if by == strategy.ByDecile && group.Key == "unknown" {
				v.Unknown = row.Households
			}
			g.Rows = append(g.Rows, row)
		}
		scale(g.Rows)
		if by == strategy.ByDecile {
			v.Deciles = []effectGroup{g}
		} else {
			v.Others = append(v.Others, g)
		}
	}
}

func effectOf(c strategy.Change) effectRow {
	row := effectRow{Households: int(c.Households), Before: c.Before, After: c.After, Cost: whole(c.Cost())}
	row.Gain, _ = permilleOf(c.Gain+c.Enter, c.Households)
	row.Lose, _ = permilleOf(c.Lose+c.Leave, c.Households)
	if c.Households > 0 {
		row.Each = c.Cost() / money.Amount(c.Households) / 100 * 100
	}
	return row
}

// scale draws the bars of a table against its largest average change.
func scale(rows []effectRow) {
	most := money.Amount(1)
	for i := range rows {
		most = max(most, rows[i].Each, -rows[i].Each)
	}
	for i := range rows {
		rows[i].Bar = effectBar{Up: int(max(rows[i].Each, 0) * 100 / most), Down: int(max(-rows[i].Each, 0) * 100 / most)}
	}
}

// groupWords are what people call a group.
func groupWords(by, key string) (text.Key, []any) {
	switch {
	case by == strategy.ByDecile && key != "unknown":
		return text.Key("web.lab_decile_" + key), nil
	case by == strategy.ByDecile:
		return "web.lab_income_unknown", nil
	case by == strategy.BySize && key == "10+":
		return "web.lab_size_most", nil
	case by == strategy.BySize:
		return "web.lab_size_of", []any{"size", key}
	}
	return text.Key("web.lab_" + by + "_" + key), nil
}

// poor fills in the measures of poverty.
func (v *resultView) poor(r *strategy.Result) {
	before, after := r.Poverty[0], r.Poverty[1]
	if r.Scenario.Line.Amount == 0 || before.Persons == 0 {
		return
	}
	v.Line, v.LineOf, v.PovertyUnknown = r.Scenario.Line.Amount, int(r.Scenario.Line.Of), int(before.Unknown)
	row := func(label, hint text.Key, one, other, margin int64) {
		full := 1000
		for _, bound := range []int{500, 200, 100, 50} {
			if one/1000 < int64(bound) && other/1000 < int64(bound) {
				full = bound
			}
		}
		v.Poverty = append(v.Poverty, povertyRow{label, hint, int((one + 500) / 1000), int((other + 500) / 1000), int((margin + 500) / 1000), full})
	}
	row("web.lab_headcount", "web.lab_headcount_hint", before.Headcount, after.Headcount, r.Sample.HeadcountAfter)
	row("web.lab_gap", "web.lab_gap_hint", before.Gap, after.Gap, 0)
	row("web.lab_gini", "web.lab_gini_hint", before.Gini, after.Gini, 0)
}

// drawMap colours districts by how many of their households get more.
func (v *resultView) drawMap(r *strategy.Result, country *geography.Map) error {
	shapes, err := districtShapes()
	if err != nil {
		return err
	}
	v.Indicator, v.MapEmpty = indicatorView{Title: "web.lab_map_title"}, true
	least, most := 1000, 0
	for _, shape := range shapes {
		d := districtView{Shape: shape, Name: shape.Name, Short: shape.Short}
		if area, found := country.Area(shape.Code); found {
			d.Name = area.Name()
		}
		for _, g := range r.Report.Groups {
			if g.By != strategy.ByArea || g.Key != shape.Code {
				continue
			}
			d.Households, d.Counted = int(g.Households), true
			d.Due, d.Held = whole(g.Before), whole(g.Cost())
			if d.Share, d.Known = permilleOf(g.Gain+g.Enter, g.Households); d.Known {
				v.MapEmpty, least, most = false, min(least, d.Share), max(most, d.Share)
			}
		}
		v.Districts = append(v.Districts, d)
	}
	v.classes(least, most)
	slices.SortStableFunc(v.Districts, func(a, b districtView) int { return strings.Compare(a.Shape.Code, b.Shape.Code) })
	return nil
}

// classes colours the districts in five equal steps, in whole percents, between
// the least and the most that any of them has.
func (v *resultView) classes(least, most int) {
	least = least / 10 * 10
	step := max((most-least+49)/50*10, 10)
	for i := range v.Districts {
		if d := &v.Districts[i]; d.Known {
			d.Class = min((d.Share-least)/step, 4) + 1
		}
	}
	for class := range 5 {
		v.Key = append(v.Key, keyStep{Class: class + 1, Words: "web.key_between",
			Args: []any{"from", percentOf(least + class*step), "to", percentOf(min(least+(class+1)*step, 1000))}})
	}
}
