package web

import (
	"strconv"
	"time"

	"sanad/delivery/payment"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/store"
	"sanad/platform/text"
)

// tripoli is Libya's clock: two hours before UTC, without summer time.
const tripoli = 2 * time.Hour

// clockWords writes hours and minutes in Libya; nothing for no moment.
func clockWords(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Add(tripoli).Format("15:04")
}

// todayPage answers "what do I do now?".
func todayPage(x *exchange) error {
	var view todayView
	err := x.read(func(tx *store.Tx) error {
		day := tx.Now.UTC().Add(tripoli)
		view = todayView{Today: tx.Today(), Weekday: text.Key("web.weekday_" + strconv.Itoa(int(day.Weekday()))),
			MayReg: access.Holds(tx, access.RegisterHousehold)}
		begun, err := draftsOf(tx)
		for _, d := range begun {
			view.Drafts = append(view.Drafts, draftLink(d))
		}
		if err != nil {
			return err
		}
		if err := view.awaits(tx, x); err != nil || !access.Holds(tx, access.AnswerTask) {
			return err
		}
		list, err := registry.OpenTasks(tx, taskArea(tx), registry.TaskPage{Limit: 8})
		view.Waiting = list.Total
		if err != nil {
			return err
		}
		for _, t := range list.Tasks {
			row, err := taskRowOf(tx, t)
			if err != nil {
				return err
			}
			view.Tasks = append(view.Tasks, row)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return showToday.show(x, view)
}

// awaits shows the lists that wait for this reader's signature.
func (v *todayView) awaits(tx *store.Tx, x *exchange) error {
	if access.Require(tx, access.SeeList, "") != nil || !x.may(access.ApproveList) {
		return nil
	}
	lists, err := payment.Lists(tx)
	waiting := 0
	for _, l := range lists {
		open := l.State == payment.Prepared || l.State == payment.SignedOnce
		if open && l.Preparer != x.session.Actor && l.Signer != x.session.Actor {
			waiting++
		}
	}
	v.Tiles = append(v.Tiles, tile{Href: "/lists", Label: "web.tile_lists", Count: waiting})
	return err
}

// draftLink leads to where a draft was left: its last answered step.
func draftLink(d draft) draftRow {
	row := draftRow{Href: "/register/" + d.ID.String() + "/place", Step: registerSteps[0].title, Kept: clockWords(d.Kept), Name: d.get("head", 0).name()}
	for _, s := range registerSteps {
		if len(d.Steps[s.name]) > 0 {
			row.Href, row.Step = "/register/"+d.ID.String()+"/"+s.name, s.title
		}
	}
	if row.Name == "" {
		row.Name = "…"
	}
	return row
}
