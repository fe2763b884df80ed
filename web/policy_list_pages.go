package web

import (
	"errors"
	"net/http"
	"net/url"
	"strings"

	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
	"sanad/platform/text"
)

// monthView lists what stands in a month behind a number of the dashboard: by
// file number and reason, without names.
type monthView struct {
	Programme text.Bilingual
	Month     calendar.Date
	Tabs      []tab
	Rows      []monthRow
	More      string // address of the next page
	Table     string // address of all rows as CSV; empty where this reader may not
	Place     text.Bilingual
}

// monthRow is one household's component.
type monthRow struct {
	Href      string
	File      string
	Branch    text.Bilingual
	Component text.Bilingual
	Persons   int
	Amount    money.Amount
	State     pill
	Reason    text.Bilingual
}

var showMonth = page[monthView]("policy/month")

// rowsOnPage is how many rows stand on one page.
const rowsOnPage = 50

// errFull ends the reading of decisions when the page is full.
var errFull = errors.New("web: the page is full")

// monthPage lists due, held or pending rows of a month, of the whole country or
// of one area.
func monthPage(x *exchange) error {
	month, err := calendar.ParseMonth(x.r.PathValue("month"))
	p := x.site.programme(x.r.PathValue("programme"))
	if err != nil || p == nil {
		return fault.NotFound("web.no_such_page")
	}
	here := "/decisions/" + p.ID + "/" + month.String()
	state, area := value(x.r, "state"), value(x.r, "area")
	view := monthView{Programme: p.Name, Month: month.Date()}
	for _, s := range []string{"due", "held", "pending"} {
		view.Tabs = append(view.Tabs, tab{here + "?" + url.Values{"state": {s}, "area": {area}}.Encode(), text.Key("web.state_" + s), s == state})
	}
	err = x.read(func(tx *store.Tx) error {
		if area != "" {
			if view.Place, err = areaName(tx, area); err != nil {
				return err
			}
		}
		if access.Require(tx, access.SeeDecision, "") == nil {
			view.Table = here + "/rows.csv"
		}
		return x.monthRows(tx, p, month, state, area, &view)
	})
	if err != nil {
		return err
	}
	return showMonth.show(x, view)
}

func (x *exchange) monthRows(tx *store.Tx, p *policy.Programme, month calendar.Month, state, area string, view *monthView) error {
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return err
	}
	from := startOf(x.r.URL.Query())
	seen, skipped := []policy.Row{}, 0
	err = policy.DecisionRows(tx, p.ID, month, func(r policy.Row) error {
		if stateOf(r) != state && state != "" && !(state == "due" && r.Status == policy.Due) || !serves(country, r.Branch, area) {
			return nil
		}
		if skipped++; skipped <= from {
			return nil
		}
		if seen = append(seen, r); len(seen) > rowsOnPage {
			return errFull
		}
		return nil
	})
	if err != nil && !errors.Is(err, errFull) {
		return err
	}
	if len(seen) > rowsOnPage {
		seen = seen[:rowsOnPage]
		view.More = pagerOf("/decisions/"+p.ID+"/"+month.String(), "", url.Values{"state": {state}, "area": {area}}, from, rowsOnPage, from+rowsOnPage+1, rowsOnPage).After
	}
	for _, r := range seen {
		row := monthRow{Href: "/households/" + r.Household.String() + "/decisions/" + p.ID + "/" + month.String(), File: r.File, Component: componentName(p, r.Component),
			Persons: r.Persons, Amount: r.Amount, State: statePill(policy.Line{Status: r.Status, Payable: r.Payable}), Reason: reasonWords(p, r.Component, r.Reason)}
		if body, found := country.Body(r.Branch); found {
			row.Branch = body.Name()
		}
		view.Rows = append(view.Rows, row)
	}
	return nil
}

func stateOf(r policy.Row) string {
	if r.Status == policy.Due && !r.Payable {
		return "held"
	}
	return r.Status.String()
}

// serves tells whether a branch works in an area; no area is the whole country.
func serves(country *geography.Map, branch, area string) bool {
	return area == "" || strings.HasPrefix(districtOf(country, branch), area)
}

// monthTable sends every row of a month as CSV.
func monthTable(x *exchange) error {
	month, err := calendar.ParseMonth(x.r.PathValue("month"))
	programme := x.r.PathValue("programme")
	if err != nil || x.site.programme(programme) == nil {
		return fault.NotFound("web.no_such_page")
	}
	started := false
	err = x.read(func(tx *store.Tx) error {
		if err := access.Require(tx, access.SeeDecision, ""); err != nil {
			return err
		}
		x.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		x.w.Header().Set("Content-Disposition", `attachment; filename="`+programme+"-"+month.String()+`.csv"`)
		started = true
		return policy.WriteRows(tx, programme, month, x.w)
	})
	if err != nil && started {
		panic(http.ErrAbortHandler) // half a file must not look whole
	}
	return err
}

// runKey names one run, whose sums never change.
type runKey struct {
	programme string
	month     calendar.Month
	run       id.ID
}
