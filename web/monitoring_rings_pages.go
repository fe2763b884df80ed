package web

import (
	"strconv"

	"sanad/delivery/monitoring/rings"
	"sanad/platform/access"
	"sanad/platform/store"
	"sanad/platform/text"
)

func ringsPage(x *exchange) error {
	view := ringsView{Done: value(x.r, "found") != ""}
	view.Found, _ = strconv.Atoi(value(x.r, "found")) //nolint:errcheck // what is no number says nothing
	err := x.read(func(tx *store.Tx) error {
		if access.Holds(tx, access.LinkIdentity) {
			view.Find = &form{Action: "/rings", Token: x.frame.Token, Submit: "rings.find", Fields: []field{{Name: "command", Kind: "hidden", Value: tx.NewID().String()}}}
		}
		all, err := rings.Questions(tx)
		for _, q := range all {
			row := ringRow{Href: "/rings/" + q.ID.String(), Kind: q.Kind.Key(), Families: q.Families, Homes: q.Count, State: ringPill(q)}
			if q.Open() {
				view.Open++
			}
			if row.Area, err = ringArea(tx, q.Branch); err != nil {
				return err
			}
			view.Rings = append(view.Rings, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	return showRings.show(x, view)
}

// ringArea is the branch of a ring's households, in words also where there are
// several.
func ringArea(tx *store.Tx, branch string) (text.Bilingual, error) {
	if branch == "" {
		return sayBoth("rings.several_branches"), nil
	}
	return officeName(tx, branch)
}

func ringPill(q rings.Question) pill {
	switch {
	case q.Grown:
		return pill{Tone: "warn", Key: "rings.grown"}
	case q.Open():
		return pill{Tone: "info", Key: "rings.open"}
	}
	return pill{Tone: "ok", Key: q.Answer.Key()}
}

// findRings looks through the registry again.
func findRings(x *exchange) error {
	n, err := rings.Find(x.r.Context(), x.site.Journal, x.session)
	if err != nil {
		return err
	}
	return x.seeOther("/rings?found=" + strconv.Itoa(n))
}

func ringPage(x *exchange) error {
	view, err := x.ringView()
	if err != nil {
		return err
	}
	return showRing.show(x, view)
}

func (x *exchange) ringView() (view ringView, err error) {
	which, err := x.pathID("ring")
	if err != nil {
		return view, err
	}
	err = x.read(func(tx *store.Tx) error {
		q, err := rings.Look(tx, which)
		if err != nil {
			return err
		}
		clerk := text.Bilingual{}
		if !q.Clerk.IsZero() {
			if clerk, err = access.Name(tx, q.Clerk); err != nil {
				return err
			}
		}
		view = ringView{Kind: q.Kind.Key(), Why: "rings.why_" + text.Key(q.Kind), Families: q.Families, Graph: star(len(q.Home)), Grown: q.Grown,
			Args: []any{"families", q.Families, "clerk", clerk, "from", q.From, "to", q.To}, Form: ringForm("/rings/"+which.String(), tx.NewID().String())}
		view.Form.Token = x.frame.Token
		if q.Answer != "" {
			view.Answer, view.Reason = q.Answer.Key(), q.Reason
			if view.By, err = access.Name(tx, q.By); err != nil {
				return err
			}
		}
		for i, h := range q.Home {
			row := ringHome{Number: i + 1, Href: "/households/" + h.Household.String(), Name: h.Head, File: h.File, Members: h.Members, Day: dayOf(h.Registered)}
			if row.Area, err = officeName(tx, h.Branch); err != nil {
				return err
			}
			view.Homes = append(view.Homes, row)
		}
		return nil
	})
	return view, err
}

func answerRing(x *exchange) error {
	which, err := x.pathID("ring")
	if err != nil {
		return err
	}
	_, err = x.change(func(tx *store.Tx) error {
		return rings.Say(tx, which, rings.Answer(value(x.r, "answer")), value(x.r, "reason"))
	})
	if err == nil {
		return x.seeOther("/rings")
	}
	view, failed := x.ringView()
	if failed != nil {
		return failed
	}
	view.Form.read(x.r)
	if view.Form.refuse(err) {
		return showRing.refuse(x, view)
	}
	return err
}
