package web

import (
	"slices"
	"strconv"

	"sanad/delivery/matching/search"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/store"
	"sanad/platform/text"
)

// searchPage answers a question; without one it shows how to ask.
func searchPage(x *exchange) error {
	view := searchView{Query: value(x.r, "q"), Birth: value(x.r, "birth"), Mother: value(x.r, "mother"), Place: value(x.r, "place"), All: value(x.r, "all") == "yes"}
	x.frame.Query = view.Query
	err := x.read(func(tx *store.Tx) (err error) {
		view.MayReg, view.MayAll = access.Holds(tx, access.RegisterHousehold), access.Holds(tx, access.ReadElsewhere)
		if view.Places, err = searchPlaces(tx, x.language); err != nil || view.Query == "" {
			return err
		}
		answer, err := x.site.Search.Find(tx, search.Query{Text: view.Query, Birth: birthYear(view.Birth), Mother: view.Mother, Place: view.Place, Everywhere: view.All && view.MayAll})
		if err != nil {
			return err
		}
		view.More, view.Asked = answer.More, answer.Asked
		view.Results, err = searchRows(tx, answer.Hits)
		return err
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

// searchPlaces are the municipalities in which this reader may look, and all of
// them together first.
func searchPlaces(tx *store.Tx, language text.Language) ([]option, error) {
	places, err := areasOf(tx, language, access.SearchPeople)
	return slices.Insert(places, 0, option{Key: "web.everywhere"}), err
}

// birthYear narrows a search; what is no year asks nothing.
func birthYear(written string) calendar.Date {
	year, err := strconv.Atoi(westernDigits(written))
	if d := calendar.Of(year, 0, 0); err == nil && d.Valid() {
		return d
	}
	return calendar.Unknown
}

func searchRows(tx *store.Tx, hits []search.Hit) ([]searchRow, error) {
	var rows []searchRow
	for _, hit := range hits {
		row, err := searchRowOf(tx, hit)
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func searchRowOf(tx *store.Tx, hit search.Hit) (searchRow, error) {
	row := searchRow{Name: hit.Name, Number: hit.Number, Birth: hit.Birth, Mother: hit.Mother, File: hit.File, Outside: hit.Outside, Person: hit.Person}
	if hit.Outside {
		row.Href = "/purpose/" + hit.Person.String()
	} else {
		row.Href = "/households/" + hit.Household.String()
	}
	if hit.Dead {
		row.State = pill{Tone: "plain", Key: "web.state_died"}
	}
	row.matched(hit)
	for _, o := range hit.Others {
		other, err := otherRowOf(tx, o)
		if err != nil {
			return row, err
		}
		row.Others = append(row.Others, other)
	}
	var err error
	row.Area, err = officeName(tx, hit.Branch)
	return row, err
}

// matched says by what a person was found. What is the same letter by letter
// needs no words: it is marked in the name.
func (row *searchRow) matched(hit search.Hit) {
	for _, p := range hit.Parts {
		row.Parts = append(row.Parts, namePart{p.Written, p.How != search.Missing})
	}
	for _, m := range hit.Why {
		if m.How != search.Exact && m.How != search.Beginning {
			row.Why = append(row.Why, whyRow{text.Key("search.how_" + m.How.String()), m.Asked, m.Found})
		}
	}
}

func otherRowOf(tx *store.Tx, o search.Other) (row otherRow, err error) {
	row = otherRow{Href: "/purpose/" + o.Person.String(), File: o.File}
	if !o.Household.IsZero() {
		row.Href = "/households/" + o.Household.String()
	}
	row.Area, err = officeName(tx, o.Branch)
	return row, err
}
