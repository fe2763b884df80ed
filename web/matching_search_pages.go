package web

import (
	"strconv"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/store"
)

// searchPage answers a question; without one it shows how to ask.
func searchPage(x *exchange) error {
	q := x.r.URL.Query()
	view := searchView{Query: value(x.r, "q"), Birth: value(x.r, "birth"), All: q.Get("all") == "yes"}
	x.frame.Query = view.Query
	err := x.read(func(tx *store.Tx) error {
		view.MayReg, view.MayAll = access.Holds(tx, access.RegisterHousehold), access.Holds(tx, access.ReadElsewhere)
		if view.Query == "" {
			return nil
		}
		hits, more, err := registry.Find(tx, registry.Query{Text: view.Query, Birth: birthYear(view.Birth), Everywhere: view.All && view.MayAll})
		if err != nil {
			return err
		}
		view.More = more
		for _, hit := range hits {
			row, err := searchRowOf(tx, hit)
			if err != nil {
				return err
			}
			view.Results = append(view.Results, row)
		}
		return nil
	})
	if f := fault.Of(err); f != nil && f.Kind == fault.KindInvalid {
		view.Refused = f
		return showSearch.refuse(x, view)
	}
	if err != nil {
		return err
	}
	return showSearch.show(x, view)
}

// birthYear narrows a search; what is no year asks nothing.
func birthYear(written string) calendar.Date {
	year, err := strconv.Atoi(westernDigits(written))
	if d := calendar.Of(year, 0, 0); err == nil && d.Valid() {
		return d
	}
	return calendar.Unknown
}

func searchRowOf(tx *store.Tx, hit registry.Hit) (searchRow, error) {
	row := searchRow{Name: hit.Name, Number: hit.Number, Birth: hit.Birth, File: hit.File, Outside: hit.Outside, Person: hit.Person}
	if hit.Outside {
		row.Href = "/purpose/" + hit.Person.String()
	} else {
		row.Href = "/households/" + hit.Household.String()
	}
	if hit.Dead {
		row.State = pill{Tone: "plain", Key: "web.state_died"}
	}
	var err error
	row.Area, err = officeName(tx, hit.Branch)
	return row, err
}
