package web

import (
	"encoding/hex"
	"slices"

	"sanad/delivery/enrolment"
	"sanad/delivery/payment"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

func endsPage(x *exchange) error {
	view, err := x.endsView()
	if err != nil {
		return err
	}
	return showEnds.show(x, view)
}

func (x *exchange) endsView() (view endsView, err error) {
	err = x.read(func(tx *store.Tx) error {
		acts, err := enrolment.Acts(tx)
		if err != nil {
			return err
		}
		for _, a := range acts {
			view.Acts = append(view.Acts, endActOf(a))
		}
		open, err := enrolment.Open(tx)
		if err != nil {
			return err
		}
		persons := make([]id.ID, len(open))
		for i, p := range open {
			persons[i] = p.Person
		}
		names, err := enrolment.Names(tx, persons...)
		if err != nil {
			return err
		}
		for _, p := range open {
			row := proposalRowOf(p)
			row.Name = names[p.Person]
			view.Proposals = append(view.Proposals, row)
		}
		if access.Holds(tx, access.AnnounceEnds) {
			view.Announce = x.announceForm(tx)
		}
		return nil
	})
	return view, err
}

// announceForm asks for which programme the ends are to be announced.
func (x *exchange) announceForm(tx *store.Tx) *form {
	var programmes []option
	for _, p := range x.site.programmes {
		programmes = append(programmes, option{Value: p.ID, Both: p.Name})
	}
	return &form{Action: "/ends", Token: x.frame.Token, Submit: "web.ends_announce_submit", Fields: []field{
		{Name: "command", Kind: "hidden", Value: tx.NewID().String()},
		{Name: "programme", Kind: "select", Label: "web.programme", Options: programmes}}}
}

func endActOf(a enrolment.Act) endAct {
	return endAct{Href: "/ends/" + a.ID.String(), Number: shortNumber(a.ID), Programme: a.Title, Through: a.Through.Date(), Ends: int(a.Ends), Amount: a.Amount,
		State: pill{Tone: proposalTones[a.State], Key: a.State.Key()}}
}

// announceEnds records the forecast as one act of the reader.
func announceEnds(x *exchange) error {
	view, err := x.endsView()
	if err != nil {
		return err
	}
	if view.Announce == nil {
		return fault.Forbidden("web.not_yours", "capability", access.AnnounceEnds.Key())
	}
	view.Announce.read(x.r)
	programme := x.site.programme(view.Announce.get("programme"))
	var act enrolment.Act
	receipt, err := x.change(func(tx *store.Tx) (err error) {
		if programme == nil {
			return fault.Invalid("web.required").At("programme")
		}
		act, err = enrolment.Announce(tx, programme)
		return err
	})
	if refused := fault.Of(err); refused != nil && refused.Kind != fault.KindForbidden {
		view.Announce.note(refused)
		return showEnds.refuse(x, view)
	}
	if err != nil {
		return err
	}
	if act.ID.IsZero() && len(receipt.Entries) > 0 { // the same press again
		act.ID = receipt.Entries[0].Subject
	}
	return x.seeOther("/ends/" + act.ID.String())
}

func endActPage(x *exchange) error {
	view, err := x.endActView()
	if err != nil {
		return err
	}
	return showEndAct.show(x, view)
}

// endsOnPage is how many ends stand on one page.
const endsOnPage = 50

func (x *exchange) endActView() (view endActView, err error) {
	which, err := x.pathID("act")
	if err != nil {
		return view, err
	}
	err = x.read(func(tx *store.Tx) error {
		a, ends, err := enrolment.FindAct(tx, which)
		if err != nil {
			return err
		}
		view = endActView{endAct: endActOf(a), Announced: dayOf(a.AnnouncedAt), Approved: dayOf(a.ApprovedAt), Remark: a.Remark,
			Digest: inFours(hex.EncodeToString(a.Digest[:16])), Months: endMonths(ends)}
		if err := x.names(tx, map[id.ID]*string{a.Announcer: &view.Announcer, a.Approver: &view.Approver}); err != nil {
			return err
		}
		if err := view.list(x, tx, a, ends); err != nil {
			return err
		}
		x.endActions(tx, a, &view)
		return nil
	})
	return view, err
}

// endMonths counts the ends of each month.
func endMonths(ends []enrolment.End) (months []endMonth) {
	for _, e := range ends {
		at := slices.IndexFunc(months, func(m endMonth) bool { return m.Month == e.Month.Date() })
		if at < 0 {
			at = len(months)
			months = append(months, endMonth{Month: e.Month.Date()})
		}
		months[at].Ends++
		months[at].Amount += e.Amount
	}
	slices.SortFunc(months, func(a, b endMonth) int { return int(a.Month - b.Month) })
	return months
}

// list fills in a page of the ends, those that come first at the head.
func (v *endActView) list(x *exchange, tx *store.Tx, a enrolment.Act, ends []enrolment.End) error {
	slices.SortStableFunc(ends, func(a, b enrolment.End) int { return int(a.Month - b.Month) })
	from := min(startOf(x.r.URL.Query()), len(ends))
	shown := ends[from:min(from+endsOnPage, len(ends))]
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return err
	}
	persons := make([]id.ID, len(shown))
	for i, e := range shown {
		persons[i] = e.Person
	}
	names, err := enrolment.Names(tx, persons...)
	if err != nil {
		return err
	}
	programme := x.site.programme(a.Programme)
	for _, e := range shown {
		row := endRow{Name: names[e.Person], File: e.File, Month: e.Month.Date(), Amount: e.Amount, Reason: reasonWords(programme, e.Component, e.Reason),
			Component: text.Bilingual{Arabic: e.Component, English: e.Component}, Branch: text.Bilingual{Arabic: e.Branch, English: e.Branch}}
		if programme != nil {
			row.Component = componentName(programme, e.Component)
		}
		if body, found := country.Body(e.Branch); found {
			row.Branch = body.Name()
		}
		if x.may(access.SeeDecision) {
			row.Href = "/households/" + e.Household.String() + "/account"
		}
		v.Rows = append(v.Rows, row)
	}
	if len(ends) > endsOnPage {
		v.Pager = pagerOf(v.Href, "ends", nil, from, len(shown), len(ends), endsOnPage)
	}
	return nil
}

// endActions offers the signature and the withdrawal to those who may.
func (x *exchange) endActions(tx *store.Tx, a enrolment.Act, v *endActView) {
	command := field{Name: "command", Kind: "hidden", Value: tx.NewID().String()}
	switch waits := a.State == enrolment.Announced; {
	case waits && a.Announcer == x.session.Actor:
		v.Locked = "web.ends_locked_own"
	case waits && !x.may(access.ApproveEnds):
		v.Locked = "web.ends_locked_role"
	case waits:
		v.Sign = &form{Action: v.Href + "/approve", Token: x.frame.Token, Submit: "web.ends_sign", Fields: []field{command,
			{Name: "digest", Kind: "hidden", Value: hex.EncodeToString(a.Digest)},
			{Name: "read", Kind: "checkbox", Label: "web.ends_read", Hint: "web.ends_read_hint"}}}
	}
	own := a.State == enrolment.Announced && a.Announcer == x.session.Actor
	if a.State != enrolment.Withdrawn && (own || x.may(access.ApproveEnds)) {
		v.Back = &form{Action: v.Href + "/withdraw", Token: x.frame.Token, Submit: "web.ends_withdraw_submit", Danger: true,
			Fields: []field{command, {Name: "remark", Kind: "textarea", Label: "web.ends_withdraw_reason"}}}
	}
}

func approveEnds(x *exchange) error {
	return x.endStep(func(v *endActView) *form { return v.Sign }, func(tx *store.Tx, act id.ID, f *form) (enrolment.Act, error) {
		if f.get("read") != "yes" {
			return enrolment.Act{}, fault.Invalid("web.ends_read_first").At("read")
		}
		seen, err := hex.DecodeString(value(x.r, "digest"))
		if err != nil {
			seen = nil
		}
		return enrolment.Approve(tx, act, seen)
	})
}

func withdrawEnds(x *exchange) error {
	return x.endStep(func(v *endActView) *form { return v.Back }, func(tx *store.Tx, act id.ID, f *form) (enrolment.Act, error) {
		return enrolment.WithdrawEnds(tx, act, f.get("remark"))
	})
}

// endStep runs one verb on the act of the address, and brings the accounts of
// its households up to date.
func (x *exchange) endStep(refusing func(*endActView) *form, do func(*store.Tx, id.ID, *form) (enrolment.Act, error)) error {
	which, err := x.pathID("act")
	if err != nil {
		return err
	}
	view, err := x.endActView()
	if err != nil {
		return err
	}
	f := refusing(&view)
	if f == nil {
		return fault.Conflict("web.list_not_now")
	}
	f.read(x.r)
	_, err = x.change(func(tx *store.Tx) error {
		_, ends, err := enrolment.FindAct(tx, which)
		if err != nil {
			return err
		}
		after, err := do(tx, which, f)
		if err == nil {
			_, err = payment.PostEnds(tx, after.Programme, ends)
		}
		return err
	})
	if refused := fault.Of(err); refused != nil && refused.Kind != fault.KindForbidden {
		f.note(refused)
		return showEndAct.refuse(x, view)
	}
	if err != nil {
		return err
	}
	return x.seeOther("/ends/" + which.String())
}
