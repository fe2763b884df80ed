package web

import (
	"errors"
	"fmt"
	"strings"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/store"
	"sanad/platform/text"
)

// route is one address of the site. The table below is the whole of it.
type route struct {
	pattern string
	serve   func(*exchange) error
	title   text.Key          // its name in the menu and the site map
	icon    string            // in the menu, if it is there
	group   text.Key          // begins a group of the menu
	need    access.Capability // who may open it; empty: everybody who is signed in
	open    bool              // without login
	upload  bool              // takes a file
	always  bool              // also for who must choose a password first
}

// path is the address without its method.
func (r route) path() string {
	_, path, _ := strings.Cut(r.pattern, " ")
	return strings.TrimSuffix(path, "{$}")
}

func (r route) limit() int64 {
	if r.upload {
		return uploadLimit
	}
	return bodyLimit
}

var (
	errNotSignedIn = errors.New("web: nobody is signed in")
	errMustSet     = errors.New("web: a password must be chosen first")
)

// allow asks whether a reader may open the route at all; each verb asks again
// for the area that it touches.
func (r route) allow(who store.Session) error {
	switch {
	case r.open:
		return nil
	case who.Actor.IsZero():
		return errNotSignedIn
	case r.need != "" && !holds(who, r.need):
		return fault.Forbidden("web.not_yours", "capability", r.need.Key())
	}
	return nil
}

// holds tells whether one of the reader's roles gives a capability anywhere.
func holds(who store.Session, need access.Capability) bool {
	for _, grant := range who.Grants {
		if access.Allowed(need, access.Role(grant.Role)) == access.InArea {
			return true
		}
	}
	return false
}

// navigation is the menu as it stands on one page: what this reader may open.
func navigation(routes []route, here route, who store.Session) []navItem {
	var items []navItem
	for _, r := range routes {
		if r.icon != "" && r.allow(who) == nil {
			items = append(items, navItem{Href: r.path(), Icon: r.icon, Title: r.title, Group: r.group,
				Extra: len(items) >= 4, Current: belongs(here.path(), r.path())})
		}
	}
	return items
}

// belongs tells whether a page lies under an entry of the menu.
func belongs(path, entry string) bool {
	return path == entry || entry != "/" && strings.HasPrefix(path, entry+"/")
}

func notFound(x *exchange) error { return fault.NotFound("web.no_such_page") }

// panicked is a panic on its way to the log.
type panicked struct{ cause any }

// Error names the cause.
func (p panicked) Error() string { return fmt.Sprintf("panic: %v", p.cause) }
