package web

import (
	"encoding/json"
	"slices"

	"sanad/delivery/strategy"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/money"
	"sanad/platform/text"
)

// releaseView is a release on its way into force: what it changes for families,
// and who has signed.
type releaseView struct {
	releaseRow
	Home                    string // of its programme
	Body                    string // the file, word for word
	Digest                  string // its beginning, as two people compare it aloud
	Chain                   []chainStep
	Drafter, First, Second  string
	Drafted, Day, SecondDay calendar.Date
	Reported                calendar.Date
	Remark                  string
	Report                  *reportView // once the reader has opened it

	Compute, Open, Sign, Back *form
	Locked                    text.Key // why the reader cannot sign
	Wrong                     *form    // carries what a verb refused
}

// note keeps what was refused for the head of the page, and beside its field.
func (v *releaseView) note(f *form, refused *fault.Fault) {
	if f == nil {
		f = &form{}
	}
	f.note(refused)
	v.Wrong = f
}

// reportView says what a release changes in its first month.
type reportView struct {
	Households          int
	Before, After, Cost money.Amount // a month
	CostShare           int          // of what is spent now, thousandths
	Tiles               []effectTile
	Groups              []effectGroup
	Areas               *effectGroup // districts, by name
}

// reportOf turns a difference report, as the draft keeps it, into tables.
func reportOf(kept string, country *geography.Map) (*reportView, error) {
	var r strategy.Report
	if err := json.Unmarshal([]byte(kept), &r); err != nil {
		return nil, err
	}
	c := r.Change
	v := &reportView{Households: int(c.Households), Before: whole(c.Before), After: whole(c.After), Cost: whole(c.Cost()), Tiles: []effectTile{
		tileOf("web.lab_gain", c.Gain, 0, c), tileOf("web.lab_lose", c.Lose, 0, c), tileOf("web.lab_enter", c.Enter, 0, c), tileOf("web.lab_leave", c.Leave, 0, c)}}
	if c.Before > 0 {
		v.CostShare = int(c.Cost() * 1000 / c.Before)
	}
	var tables resultView
	tables.groups(&strategy.Result{Report: r})
	for _, g := range slices.Concat(tables.Deciles, tables.Others) {
		if len(g.Rows) > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	v.areas(r, country)
	return v, nil
}

// areas fills in the table of districts.
func (v *reportView) areas(r strategy.Report, country *geography.Map) {
	table := effectGroup{Title: "web.lab_districts", Head: "web.district"}
	for _, g := range r.Groups {
		if g.By != strategy.ByArea {
			continue
		}
		row := effectOf(g.Change)
		row.Name = text.Bilingual{Arabic: g.Key, English: g.Key}
		if area, found := country.Area(g.Key); found {
			row.Name = area.Name()
		}
		table.Rows = append(table.Rows, row)
	}
	if len(table.Rows) > 0 {
		scale(table.Rows)
		v.Areas = &table
	}
}
