package web

import "sanad/platform/text"

// eventLink leads to the form of one life event.
type eventLink struct {
	Href  string
	Icon  string
	Title text.Key
	Note  text.Key
}

// eventsView lists what can have happened to a family.
type eventsView struct {
	householdHead
	Events []eventLink
}

// eventView is the form of one life event.
type eventView struct {
	householdHead
	Title text.Key
	Lede  text.Key
	Form  form
}

var (
	showEvents = page[eventsView]("registry/events")
	showEvent  = page[eventView]("registry/event")
)
