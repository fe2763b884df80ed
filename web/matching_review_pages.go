package web

import (
	"time"

	"sanad/delivery/coordination/review"
	"sanad/delivery/matching"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

// reviewersSince is how far back reviewers' readings are counted.
const reviewersSince = 90 * 24 * time.Hour

// deskPage shows what waits, and how reviewers read.
func deskPage(x *exchange) error {
	view := deskView{Empty: value(x.r, "none") == "yes"}
	err := x.read(func(tx *store.Tx) (err error) {
		view.Next = form{Action: "/review/next", Token: x.frame.Token, Submit: "review.next", Fields: []field{{Name: "command", Kind: "hidden", Value: tx.NewID().String()}}}
		if view.Waits, err = review.Queue(tx); err != nil {
			return err
		}
		readers, err := review.Reviewers(tx, tx.Now.Add(-reviewersSince))
		for _, r := range readers {
			row := readerOfPairs{Readings: r.Readings, Same: r.Same, Different: r.Different, Unsure: r.Unsure,
				Seconds: int64(r.Median.Round(time.Second).Seconds()), Compared: r.Compared, Undone: r.Undone}
			if r.Compared > 0 {
				row.Agreed = int(1000 * r.Agreed / r.Compared)
			}
			if row.Name, err = access.Name(tx, r.Person); err != nil {
				return err
			}
			view.Readers = append(view.Readers, row)
		}
		return err
	})
	if err != nil {
		return err
	}
	return showDesk.show(x, view)
}

// nextPair hands the reader the next pair.
func nextPair(x *exchange) error {
	var next review.Pair
	found := false
	_, err := x.site.Journal.Write(x.r.Context(), x.session, func(tx *store.Tx) (err error) {
		next, found, err = review.Take(tx)
		return err
	})
	if err != nil {
		return err
	}
	if !found {
		return x.seeOther("/review?none=yes")
	}
	return x.seeOther("/review/" + next.A.String() + "/" + next.B.String())
}

// pairOf reads two records out of the address.
func (x *exchange) pairOf() (a, b id.ID, err error) {
	if a, err = x.pathID("a"); err == nil {
		b, err = x.pathID("b")
	}
	return a, b, err
}

func pairPage(x *exchange) error {
	view, err := x.pairView()
	if err != nil {
		return err
	}
	return showPair.show(x, view)
}

func (x *exchange) pairView() (view pairView, err error) {
	a, b, err := x.pairOf()
	if err != nil {
		return view, err
	}
	err = x.read(func(tx *store.Tx) error {
		c, err := review.Open(tx, a, b)
		if err != nil {
			return err
		}
		if view, err = x.caseView(tx, c); err != nil {
			return err
		}
		view.Steps, err = x.waterfall(tx, c.Match)
		return err
	})
	return view, err
}

// caseView is a pair with its forms.
func (x *exchange) caseView(tx *store.Tx, c review.Case) (view pairView, err error) {
	here := "/review/" + c.A.Person.String() + "/" + c.B.Person.String()
	view = pairView{Odds: int(c.Match.Probability / 1000), Touches: c.Touches(), Told: c.Told, Direct: c.Direct, Linked: c.Linked, Answer: c.Answer,
		Undo: here + "/undo", Cluster: "/review/cluster/" + c.A.Person.String()}
	view.Waiting, view.Disputed = c.Last.State == review.Waiting, c.Last.State == review.Disputed
	view.Asked = c.Last.Document
	if view.A, err = x.sideView(tx, c.A); err != nil {
		return view, err
	}
	if view.B, err = x.sideView(tx, c.B); err != nil {
		return view, err
	}
	view.Rows = pairRows(x.sideReader(c.A, tx), x.sideReader(c.B, tx), c.A.Member(), c.B.Member())
	option := func(s pairSide) option {
		return option{Value: s.Person.String(), Name: s.File + " · " + s.Area.In(x.language)}
	}
	view.Form = judgeForm(here, tx.NewID().String(), c.Touches(), option(view.A), option(view.B))
	view.Form.Token = x.frame.Token
	view.Later = form{Action: here + "/later", Token: x.frame.Token, Submit: "review.later", Fields: []field{{Name: "command", Kind: "hidden", Value: tx.NewID().String()}}}
	return view, nil
}

func (x *exchange) sideReader(s review.Side, tx *store.Tx) sheetReader {
	return sheetReader{sheet: s.Sheet, today: tx.Today(), href: "/households/" + s.Household.String()}
}

// sideView is one record's file.
func (x *exchange) sideView(tx *store.Tx, s review.Side) (v pairSide, err error) {
	v = pairSide{Href: "/households/" + s.Household.String(), File: s.File, Name: s.Name, Person: s.Person, Due: s.Due, Apart: s.Apart}
	if v.Area, err = officeName(tx, s.Branch); err != nil || s.Sheet == nil {
		return v, err
	}
	v.Members = x.sideReader(s, tx).members()
	var paid householdView
	for _, l := range s.Payments {
		paid.addPayment(x.site, l)
	}
	v.Payments = paid.Payments
	return v, nil
}

// judgePair records a verdict and hands out the next pair.
func judgePair(x *exchange) error {
	a, b, err := x.pairOf()
	if err != nil {
		return err
	}
	j := review.Judgement{A: a, B: b, Verdict: review.Verdict(value(x.r, "verdict")), Reason: value(x.r, "reason"), Document: value(x.r, "document")}
	if asked, err := id.Parse(value(x.r, "ask")); err == nil {
		j.Ask = asked
	}
	_, err = x.change(func(tx *store.Tx) error { _, err := review.Judge(tx, j); return err })
	if err == nil {
		return nextPair(x)
	}
	view, failed := x.pairView()
	if failed != nil {
		return failed
	}
	view.Form.read(x.r)
	if f := fault.Of(err); f != nil && (f.Kind == fault.KindInvalid || f.Kind == fault.KindConflict || f.Kind == fault.KindForbidden) {
		view.Form.note(f)
		return showPair.refuse(x, view)
	}
	return err
}

// laterPair puts a pair aside and hands out the next.
func laterPair(x *exchange) error {
	a, b, err := x.pairOf()
	if err != nil {
		return err
	}
	if _, err = x.change(func(tx *store.Tx) error { return review.Later(tx, a, b) }); err != nil {
		return err
	}
	return nextPair(x)
}

// undoPage asks before a link is closed, and shows what goes on beside it.
func undoPage(x *exchange) error {
	view, err := x.undoView()
	if err != nil {
		return err
	}
	return showUndo.show(x, view)
}

func (x *exchange) undoView() (view undoView, err error) {
	a, b, err := x.pairOf()
	if err != nil {
		return view, err
	}
	err = x.read(func(tx *store.Tx) error {
		c, err := review.Open(tx, a, b)
		if err == nil && !c.Direct {
			err = fault.NotFound("matching.no_link")
		}
		if err != nil {
			return err
		}
		if view.A, err = x.sideView(tx, c.A); err != nil {
			return err
		}
		if view.B, err = x.sideView(tx, c.B); err != nil {
			return err
		}
		here := "/review/" + a.String() + "/" + b.String()
		view.Form = undoForm(here+"/undo", tx.NewID().String())
		view.Form.Token = x.frame.Token
		for _, s := range []pairSide{view.A, view.B} {
			if s.Apart {
				f := settleFormOf(here+"/settle/"+s.Person.String(), tx.NewID().String())
				f.Token = x.frame.Token
				view.Settle = append(view.Settle, settleForm{s, f})
			}
		}
		return nil
	})
	return view, err
}

func undoLink(x *exchange) error {
	a, b, err := x.pairOf()
	if err != nil {
		return err
	}
	_, err = x.change(func(tx *store.Tx) error {
		return review.Undo(tx, a, b, value(x.r, "reason"), value(x.r, "different") == "yes")
	})
	if err == nil {
		return x.seeOther("/review/" + a.String() + "/" + b.String())
	}
	view, failed := x.undoView()
	if failed != nil {
		return failed
	}
	view.Form.read(x.r)
	if view.Form.refuse(err) {
		return showUndo.refuse(x, view)
	}
	return err
}

// settleRecord ends the counting of a record beside another.
func settleRecord(x *exchange) error {
	person, err := x.pathID("person")
	if err != nil {
		return err
	}
	sent := settleFormOf("", "")
	sent.read(x.r)
	noticed, err := sent.date("noticed")
	answerBy, wrong := sent.date("answer_by")
	if err == nil {
		err = wrong
	}
	if err == nil {
		_, err = x.change(func(tx *store.Tx) error { return matching.Settle(tx, person, sent.get("reason"), noticed, answerBy) })
	}
	if err == nil {
		return x.seeOther("/review/" + x.r.PathValue("a") + "/" + x.r.PathValue("b"))
	}
	view, failed := x.undoView()
	if failed != nil {
		return failed
	}
	for i := range view.Settle {
		f := &view.Settle[i].Form
		if view.Settle[i].Side.Person != person {
			continue
		}
		f.read(x.r)
		if f.refuse(err) {
			return showUndo.refuse(x, view)
		}
	}
	return err
}

// clusterPage shows all records that may be one human.
func clusterPage(x *exchange) error {
	person, err := x.pathID("person")
	if err != nil {
		return err
	}
	var view clusterView
	err = x.read(func(tx *store.Tx) error {
		c, err := review.ClusterOf(tx, person)
		if err != nil {
			return err
		}
		view, err = clusterViewOf(tx, c)
		return err
	})
	if err != nil {
		return err
	}
	return showCluster.show(x, view)
}

func clusterViewOf(tx *store.Tx, c review.Cluster) (view clusterView, err error) {
	view.Graph.Points = circle(len(c.Members))
	for _, g := range c.Groups {
		var group clusterGroup
		for _, at := range g {
			s := c.Members[at]
			m := clusterMember{Number: at + 1, Href: "/households/" + s.Household.String() + "/people/" + s.Person.String(), Name: s.Name, File: s.File, National: s.Number}
			if m.Area, err = officeName(tx, s.Branch); err != nil {
				return view, err
			}
			group.Members = append(group.Members, m)
		}
		view.Groups = append(view.Groups, group)
	}
	for _, e := range c.Edges {
		bond := clusterBond{A: e.A + 1, B: e.B + 1, State: bondPill(e.Bond), Href: "/review/" + c.Members[e.A].Person.String() + "/" + c.Members[e.B].Person.String()}
		kind := string(e.Bond)
		if e.Bond == review.Alike {
			bond.Odds = int(e.Probability / 1000)
		}
		if e.Bond.Contradicts() {
			view.Split, kind = true, "apart"
		}
		view.Graph.line(e.A, e.B, kind)
		view.Bonds = append(view.Bonds, bond)
	}
	return view, nil
}

func bondPill(b review.Bond) pill {
	tone := map[review.Bond]string{review.Linked: "ok", review.Alike: "info"}[b]
	if tone == "" {
		tone = "warn"
	}
	return pill{Tone: tone, Key: text.Key("review.bond_" + string(b))}
}
