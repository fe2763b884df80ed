package web

import (
	"log/slog"
	"net/http"

	"sanad/platform/fault"
	"sanad/platform/text"
)

// faultView is a page that says no, or not now, and what to do instead.
type faultView struct {
	Title   text.Key
	Fault   *fault.Fault
	Fields  []*fault.Fault
	Advice  text.Key
	Href    string
	Link    text.Key
	Status  int
	Retry   bool
	Working bool // our mistake: what was typed before is safe
}

var showFault = page[faultView]("frame/fault")

var statusOf = map[fault.Kind]int{
	fault.KindInvalid:     http.StatusUnprocessableEntity,
	fault.KindNotFound:    http.StatusNotFound,
	fault.KindForbidden:   http.StatusForbidden,
	fault.KindConflict:    http.StatusConflict,
	fault.KindUnavailable: http.StatusServiceUnavailable,
}

// faultPages says for each status what the page is called and what it advises.
var faultPages = map[int]faultView{
	http.StatusForbidden:           {Title: "web.fault_403", Advice: "web.fault_403_advice", Href: "/", Link: "web.go_today"},
	http.StatusNotFound:            {Title: "web.fault_404", Advice: "web.fault_404_advice", Href: "/search", Link: "web.go_search"},
	http.StatusConflict:            {Title: "web.fault_409", Advice: "web.fault_409_advice", Retry: true},
	http.StatusUnprocessableEntity: {Title: "web.fault_422", Advice: "web.fault_422_advice", Retry: true},
	http.StatusServiceUnavailable:  {Title: "web.fault_503", Advice: "web.fault_503_advice", Retry: true},
	http.StatusInternalServerError: {Title: "web.fault_500", Advice: "web.fault_500_advice", Working: true, Href: "/", Link: "web.go_today"},
}

// refuse turns an error into a page in the reader's language: the one place
// where that is done. What is not a fault is ours; it is logged, never shown.
func (s *site) refuse(x *exchange, err error) {
	view := faultPageOf(err)
	if view.Status == http.StatusInternalServerError {
		slog.Error("page failed", "method", x.r.Method, "route", x.r.Pattern, "error", err)
	}
	if view.Retry {
		view.Href, view.Link = x.frame.Path, "web.try_again"
	}
	x.frame.Wrong = true
	if view.Status == http.StatusServiceUnavailable {
		x.w.Header().Set("Retry-After", "10")
	}
	if err := showFault.answer(x, view.Status, view); err != nil {
		slog.Error("fault page failed", "error", err)
		http.Error(x.w, text.Say(x.language, "fault.internal"), http.StatusInternalServerError)
	}
}

func faultPageOf(err error) faultView {
	f := fault.Of(err)
	status := http.StatusInternalServerError
	if f != nil && statusOf[f.Kind] != 0 {
		status = statusOf[f.Kind]
	}
	view := faultPages[status]
	view.Status, view.Fault = status, f
	if f != nil {
		view.Fields = f.Fields
	}
	return view
}
