package strategy

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"

	"sanad/platform/money"
)

// Columns are the columns of a result's table.
var Columns = []string{"by", "key", "households", "gain", "lose", "enter", "leave", "before_dirham", "after_dirham", "gained_dirham", "lost_dirham"}

// WriteCSV writes a result's table: the whole first, then every group. Amounts
// are whole dirhams a month.
func (r *Result) WriteCSV(to io.Writer) error {
	w := csv.NewWriter(to)
	w.Write(Columns) // its mistake is kept
	line := func(by, key string, c Change) {
		row := []string{by, key}
		for _, n := range []int64{c.Households, c.Gain, c.Lose, c.Enter, c.Leave, int64(c.Before), int64(c.After), int64(c.Gained), int64(c.Lost)} {
			row = append(row, strconv.FormatInt(n, 10))
		}
		w.Write(row)
	}
	line("all", "", r.Report.Change)
	for _, g := range r.Report.Groups {
		line(g.By, g.Key, g.Change)
	}
	w.Flush()
	return w.Error()
}

// resultJSON is a result as JSON. Amounts are dirhams, shares millionths.
type resultJSON struct {
	Scenario   string       `json:"scenario"`
	Programme  string       `json:"programme"`
	Month      string       `json:"month"`
	Invented   bool         `json:"invented"`
	Change     Change       `json:"change"`
	YearBefore money.Amount `json:"year_before_dirham"`
	YearAfter  money.Amount `json:"year_after_dirham"`
	Months     []Month      `json:"months"`
	Groups     []Group      `json:"groups"`
	Poverty    *povertyJSON `json:"poverty,omitempty"`
	Sample     Sample       `json:"sample_margins_95"`
	Found      *foundJSON   `json:"budget_neutral,omitempty"`
}

type povertyJSON struct {
	Line   money.Amount `json:"line_dirham"`
	Of     int64        `json:"line_persons"`
	Before Poverty      `json:"before"`
	After  Poverty      `json:"after"`
}

type foundJSON struct {
	Found
	Residual money.Amount `json:"residual_dirham"`
}

// WriteJSON writes a result as one object.
func (r *Result) WriteJSON(to io.Writer) error {
	j := resultJSON{Scenario: r.Scenario.ID, Programme: r.Scenario.Programme, Month: r.Scenario.Month.String(), Invented: r.Invented,
		Change: r.Report.Change, Months: r.Months, Groups: r.Report.Groups, Sample: r.Sample}
	j.YearBefore, j.YearAfter = r.Year()
	if l := r.Scenario.Line; l.Amount > 0 {
		j.Poverty = &povertyJSON{l.Amount, l.Of, r.Poverty[0], r.Poverty[1]}
	}
	if r.Found != nil {
		j.Found = &foundJSON{*r.Found, r.Found.Residual()}
	}
	return json.NewEncoder(to).Encode(j)
}
