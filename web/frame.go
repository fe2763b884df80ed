package web

import (
	"sanad/platform/text"
)

// frame is what surrounds every page of the staff: where I am, who I am, what
// can be reached, and whether anything is only for show.
type frame struct {
	Reader   *reader         // nil before login
	Nav      []navItem       // only what this reader may open
	Ministry *text.Bilingual // whose site it is: content of the country
	Token    string          // goes into every form
	Path     string          // to come back to after a change of language
	Query    string          // what stands in the search box
	Notice   *notice         // what was just done, once
	Demo     bool
	Wrong    bool // the page refuses something: the title says so
}

// reader is the person at the keyboard as the frame shows her.
type reader struct {
	Name     text.Bilingual
	Initials text.Bilingual
	Role     text.Key
	Office   text.Bilingual
}

// navItem is one entry of the menu.
type navItem struct {
	Href, Icon string
	Title      text.Key
	Group      text.Key // a heading above it, if it begins a group
	Count      int      // what waits there; nothing is shown for 0
	Current    bool
	Extra      bool // not in the bottom bar of a phone
}

// notice says what was done and, where useful, the way on.
type notice struct {
	Tone string // ok, warn, bad or info
	Key  text.Key
	Args []any
	Href string
	Link text.Key
}

// Icon is the sign that says the tone without colour.
func (n notice) Icon() string { return pillIcons[n.Tone] }

// Crumb is one step of the way to the page.
type Crumb struct {
	Href  string
	Title string
}
