package web

import (
	"strconv"

	"sanad/platform/calendar"
	"sanad/platform/money"
	"sanad/platform/text"
)

// dashboardView answers "how is the country served?".
type dashboardView struct {
	Month      calendar.Date
	Tiles      []tile
	Indicator  indicatorView
	Indicators []tab
	Districts  []districtView
	Key        []keyStep
	Programme  text.Bilingual
	Behind     string // address of the month's rows; empty where this reader may not see them
	Decides    bool   // a month was decided, and the reader looks at the whole country
	Nodes      []nodeRow
	Farthest   []districtView // where the indicator is lowest, the lowest first
	Silent     int            // districts where nobody is registered yet

	// Of all that this reader looks at.
	Households, Persons, Tasks, Pending int
	Due, Held                           money.Amount
	Share                               int // thousandths
	Known                               bool
}

// nodeRow is another node and how many entries it has not confirmed.
type nodeRow struct {
	Name    text.Bilingual
	Waiting int
}

// indicatorView is the one figure that the map shows.
type indicatorView struct {
	Title text.Key
	Short text.Key
	Lede  text.Key
}

// districtView is one district with its figure.
type districtView struct {
	Shape      districtShape
	Name       text.Bilingual
	Short      text.Bilingual
	Known      bool // the indicator
	Of         int  // of how many households the indicator is a share
	Counted    bool // somebody is registered here
	Households int
	Share      int // thousandths
	Class      int // 1 to 5, 0 where nothing is known

	Persons, Tasks, Pending                   int
	Due, Held                                 money.Amount
	DueHref, HeldHref, PendingHref, TasksHref string
}

// Percent is the figure as it stands on the map.
func (d districtView) Percent() string {
	if !d.Known {
		return "؟"
	}
	return strconv.Itoa((d.Share+5)/10) + "%"
}

// Dark tells whether the ground is dark, so that the words must be light.
func (d districtView) Dark() bool { return d.Class >= 4 }

// keyStep explains one colour.
type keyStep struct {
	Class int
	Words text.Key
	Args  []any
}

var showDashboard = page[dashboardView]("monitoring/dashboard")

// classBounds are the lower bounds of the classes 2 to 5, in thousandths.
var classBounds = []int{500, 600, 750, 900}

// classOf returns the colour of a share, 1 to 5.
func classOf(share int) int {
	class := 1
	for _, bound := range classBounds {
		if share >= bound {
			class++
		}
	}
	return class
}

func mapKey() []keyStep {
	steps := []keyStep{{Class: 1, Words: "web.key_below", Args: []any{"bound", percentOf(classBounds[0])}}}
	for i, bound := range classBounds[:len(classBounds)-1] {
		steps = append(steps, keyStep{Class: i + 2, Words: "web.key_between",
			Args: []any{"from", percentOf(bound), "to", strconv.Itoa(classBounds[i+1]/10-1) + "%"}})
	}
	return append(steps, keyStep{Class: 5, Words: "web.key_above", Args: []any{"bound", percentOf(classBounds[3])}})
}

func percentOf(share int) string { return strconv.Itoa(share/10) + "%" }
