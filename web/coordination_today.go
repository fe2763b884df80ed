package web

import (
	"sanad/platform/calendar"
	"sanad/platform/money"
	"sanad/platform/text"
)

// todayView answers "what do I do now?".
type todayView struct {
	Weekday text.Key
	Today   calendar.Date
	Tiles   []tile
	Tasks   []taskRow
	Waiting int // all open tasks, of which Tasks are the first
	Drafts  []draftRow
	MayReg  bool
}

// tile is one number that leads to the list behind it.
type tile struct {
	Href   string
	Label  text.Key
	Count  int
	Amount *money.Amount // instead of the count
	Note   text.Key
	Args   []any
}

// draftRow is a registration that was begun and can be continued.
type draftRow struct {
	Href string
	Name string
	Step text.Key
	Kept string // hours and minutes
}

var showToday = page[todayView]("coordination/today")
