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
	Drawn      int64        `json:"households_asked"`
	Of         int64        `json:"households_stood_for"`
	Change     changeJSON   `json:"change"`
	YearBefore money.Amount `json:"year_before_dirham"`
	YearAfter  money.Amount `json:"year_after_dirham"`
	Months     []monthJSON  `json:"months"`
	Groups     []groupJSON  `json:"groups"`
	Poverty    *povertyJSON `json:"poverty,omitempty"`
	Margins    *marginsJSON `json:"margins_95,omitempty"`
	Found      *foundJSON   `json:"budget_neutral,omitempty"`
}

type changeJSON struct {
	Households int64        `json:"households"`
	Gain       int64        `json:"gain"`
	Lose       int64        `json:"lose"`
	Enter      int64        `json:"enter"`
	Leave      int64        `json:"leave"`
	Before     money.Amount `json:"before_dirham"`
	After      money.Amount `json:"after_dirham"`
	Gained     money.Amount `json:"gained_dirham"`
	Lost       money.Amount `json:"lost_dirham"`
}

type groupJSON struct {
	By  string `json:"by"`
	Key string `json:"key"`
	changeJSON
}

type monthJSON struct {
	Month  string       `json:"month"`
	Before money.Amount `json:"before_dirham"`
	After  money.Amount `json:"after_dirham"`
}

type povertyJSON struct {
	Line   money.Amount `json:"line_dirham"`
	Of     int64        `json:"line_persons"`
	Before Poverty      `json:"before"`
	After  Poverty      `json:"after"`
}

type marginsJSON struct {
	Before          money.Amount `json:"before_dirham"`
	After           money.Amount `json:"after_dirham"`
	Cost            money.Amount `json:"cost_dirham"`
	Gain            int64        `json:"gain"`
	Lose            int64        `json:"lose"`
	Enter           int64        `json:"enter"`
	Leave           int64        `json:"leave"`
	HeadcountBefore int64        `json:"headcount_before"`
	HeadcountAfter  int64        `json:"headcount_after"`
}

type foundJSON struct {
	Parameter string       `json:"parameter"`
	Value     string       `json:"value"`
	Budget    money.Amount `json:"budget_dirham"`
	Cost      money.Amount `json:"cost_dirham"`
	Residual  money.Amount `json:"residual_dirham"`
}

// WriteJSON writes a result as one object.
func (r *Result) WriteJSON(to io.Writer) error {
	j := resultJSON{Scenario: r.Scenario.ID, Programme: r.Scenario.Programme, Month: r.Scenario.Month.String(), Invented: r.Invented,
		Drawn: r.Sample.Drawn, Of: r.Sample.Of, Change: changeJSON(r.Report.Change)}
	j.YearBefore, j.YearAfter = r.Year()
	for _, m := range r.Months {
		j.Months = append(j.Months, monthJSON{m.Month.String(), m.Before, m.After})
	}
	for _, g := range r.Report.Groups {
		j.Groups = append(j.Groups, groupJSON{g.By, g.Key, changeJSON(g.Change)})
	}
	if l := r.Scenario.Line; l.Amount > 0 {
		j.Poverty = &povertyJSON{l.Amount, l.Of, r.Poverty[0], r.Poverty[1]}
	}
	if s := r.Sample; s.Drawn < s.Of {
		j.Margins = &marginsJSON{s.Before, s.After, s.Cost, s.Gain, s.Lose, s.Enter, s.Leave, s.HeadcountBefore, s.HeadcountAfter}
	}
	if f := r.Found; f != nil {
		j.Found = &foundJSON{f.Parameter, f.Value, f.Budget, f.Cost, f.Residual()}
	}
	return json.NewEncoder(to).Encode(j)
}
