package web

import "sanad/platform/text"

// mapView lists every place that this reader can open.
type mapView struct{ Places []place }

// place is one entry of the site map.
type place struct {
	Href, Icon string
	Title      text.Key
}

var showMap = page[mapView]("frame/map")

// siteMap is drawn from the route table, so that nothing can be missing from it.
func siteMap(x *exchange) error {
	var view mapView
	for _, item := range x.frame.Nav {
		view.Places = append(view.Places, place{item.Href, item.Icon, item.Title})
	}
	return showMap.show(x, view)
}
