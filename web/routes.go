package web

import (
	"fmt"
	"net/http"
	"strings"

	"sanad/platform/fault"
	"sanad/platform/text"
)

// route is one address of the site. The table below is the whole of it.
type route struct {
	pattern string
	serve   func(*exchange) error
	title   text.Key // its name in the menu and the site map
	icon    string   // in the menu, if it is there
	group   text.Key // begins a group of the menu
	open    bool     // without login
	upload  bool     // takes a file
	extra   bool     // not in the bottom bar of a phone
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

// navigation is the menu as it stands on one page.
func navigation(routes []route, here route) []navItem {
	var items []navItem
	for _, r := range routes {
		if r.icon != "" {
			items = append(items, navItem{Href: r.path(), Icon: r.icon, Title: r.title, Group: r.group,
				Extra: r.extra, Current: belongs(here.path(), r.path())})
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

var _ = http.StatusOK
