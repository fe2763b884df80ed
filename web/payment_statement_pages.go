package web

import (
	"slices"

	"sanad/delivery/enrolment"
	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

func statementPage(x *exchange) error {
	view, err := x.statementView()
	if err != nil {
		return err
	}
	return showStatement.show(x, view)
}

// statementView is a family's account with every programme that was decided for it.
func (x *exchange) statementView() (view statementView, err error) {
	err = x.read(func(tx *store.Tx) error {
		h, err := x.openHousehold(tx, "account")
		if err != nil {
			return err
		}
		view = statementView{householdHead: h.head}
		for _, p := range x.site.programmes {
			s, err := payment.StatementOf(tx, p.ID, h.sheet.Household, h.sheet.Branch)
			if err != nil {
				return err
			}
			if len(s.Months) > 0 {
				view.Programmes = append(view.Programmes, x.accountOf(tx, h, p, s))
			}
		}
		if access.Require(tx, access.ProposeMeasure, h.sheet.Branch) == nil && len(view.Programmes) > 0 {
			if view.End, err = x.endForm(tx, h); err != nil {
				return err
			}
		}
		open, err := enrolment.OfHousehold(tx, h.sheet.Household, h.sheet.Branch)
		for _, p := range open {
			row := proposalRowOf(p)
			row.Name = h.nameOf(p.Person)
			view.Proposals = append(view.Proposals, row)
		}
		return err
	})
	return view, err
}

// nameOf is a member's name; empty where the person stands on another sheet.
func (h household) nameOf(person id.ID) string {
	if m := h.sheet.Member(person); m != nil {
		return h.word(m, registry.FullName)
	}
	return ""
}

func (x *exchange) accountOf(tx *store.Tx, h household, p *policy.Programme, s payment.Statement) accountProgramme {
	a := accountProgramme{Programme: p.Name, Balance: s.Balance, Arrears: s.Arrears, Over: s.Over}
	for _, m := range s.Months {
		row := accountMonth{Href: h.href + "/decisions/" + p.ID + "/" + m.Month.String(), Month: m.Month.Date(), Due: m.Due, Held: m.Held, Paid: m.Paid,
			Kept: m.Withheld, Waiting: m.Waiting, State: monthState(m), Balance: m.Balance, Running: m.Running}
		for _, c := range m.Causes {
			row.Causes = append(row.Causes, c.Key())
		}
		a.Months = append(a.Months, row)
	}
	for _, e := range s.Entries {
		a.Entries = append(a.Entries, accountEntry{Posted: dayOf(e.PostedAt), Month: e.Month.Date(), Person: h.nameOf(e.Person), Component: componentName(p, e.Component),
			Kind: text.Key("web.entry_" + string(e.Kind)), Cause: e.Cause.Key(), Reason: reasonWords(p, e.Component, e.Reason), Amount: e.Amount})
	}
	slices.Reverse(a.Months)
	slices.Reverse(a.Entries)
	if s.Over > 0 && p.Process.Recovery > 0 && access.Require(tx, access.ProposeMeasure, h.sheet.Branch) == nil {
		a.Recover = &form{Action: h.href + "/proposals", Token: x.frame.Token, Submit: "web.recovery_submit", Fields: append([]field{
			{Name: "command", Kind: "hidden", Value: tx.NewID().String()}, {Name: "kind", Kind: "hidden", Value: string(enrolment.Recovery)},
			{Name: "programme", Kind: "hidden", Value: p.ID}}, reasonFields()...)}
	}
	return a
}

// monthState is a month's account in a word.
func monthState(m payment.StatementMonth) pill {
	switch {
	case m.Balance > 0:
		return pill{Tone: "warn", Key: "web.account_owed"}
	case m.Balance < 0:
		return pill{Tone: "bad", Key: "web.account_over"}
	case m.Settled:
		return pill{Tone: "ok", Key: "web.account_even"}
	case m.Waiting > 0:
		return pill{Tone: "info", Key: "web.account_waiting"}
	}
	return pill{Tone: "plain", Key: "web.account_unlisted"}
}

// endForm proposes to end one member's benefit.
func (x *exchange) endForm(tx *store.Tx, h household) (*form, error) {
	paid, err := payment.ClaimsPaid(tx, h.sheet.Household, h.sheet.Branch)
	if err != nil {
		return nil, err
	}
	var claims []option
	for _, c := range paid {
		name, p := h.nameOf(c.Person), x.site.programme(c.Programme)
		if name == "" || p == nil {
			continue
		}
		component := componentName(p, c.Component)
		claims = append(claims, option{Value: c.Programme + " " + c.Person.String() + " " + c.Component,
			Both: text.Bilingual{Arabic: name + "، " + component.Arabic, English: name + ", " + component.English}})
	}
	if len(claims) == 0 {
		return nil, nil
	}
	this, _ := tx.Today().InMonth()
	return &form{Action: h.href + "/proposals", Token: x.frame.Token, Submit: "web.end_submit", Fields: append([]field{
		{Name: "command", Kind: "hidden", Value: tx.NewID().String()}, {Name: "kind", Kind: "hidden", Value: string(enrolment.EndOnEvidence)},
		{Name: "claim", Kind: "select", Label: "web.end_whose", Options: claims},
		{Name: "month", Kind: "code", Label: "web.end_month", Hint: "web.end_month_hint", Value: this.Next().String()}}, reasonFields()...)}, nil
}

// propose puts an end or a recovery before those who may decide it.
func propose(x *exchange) error {
	view, err := x.statementView()
	if err != nil {
		return err
	}
	f := view.End
	for i := range view.Programmes {
		if r := view.Programmes[i].Recover; r != nil && value(x.r, "kind") == string(enrolment.Recovery) && r.get("programme") == value(x.r, "programme") {
			f = r
		}
	}
	if f == nil || f.get("kind") != value(x.r, "kind") {
		return fault.Conflict("web.list_not_now")
	}
	f.read(x.r)
	var made enrolment.Proposal
	_, err = x.change(func(tx *store.Tx) (err error) {
		made, err = x.proposed(tx, f)
		return err
	})
	if refused := fault.Of(err); refused != nil && refused.Kind != fault.KindForbidden {
		f.note(refused)
		return showStatement.refuse(x, view)
	}
	if err != nil {
		return err
	}
	if made.ID.IsZero() { // the same press again
		return x.seeOther(view.Href + "/account")
	}
	return x.seeOther("/proposals/" + made.ID.String())
}

func (x *exchange) proposed(tx *store.Tx, f *form) (enrolment.Proposal, error) {
	household, err := x.pathID("household")
	if err != nil {
		return enrolment.Proposal{}, err
	}
	if f.get("kind") == string(enrolment.Recovery) {
		return payment.ProposeRecovery(tx, x.site.programme(f.get("programme")), household, f.get("words"), f.get("evidence"))
	}
	at := slices.IndexFunc(f.Fields, func(f field) bool { return f.Name == "claim" })
	programme, person, component, ok := claimOf(f.get("claim"), f.Fields[at].Options)
	if !ok {
		return enrolment.Proposal{}, fault.Invalid("web.required").At("claim")
	}
	month, err := calendar.ParseMonth(westernDigits(f.get("month")))
	if err != nil {
		return enrolment.Proposal{}, placed(err, "month")
	}
	return payment.ProposeEnd(tx, programme, person, component, month, f.get("words"), f.get("evidence"))
}

// proposalTones are the colours of a proposal's states.
var proposalTones = map[enrolment.State]string{enrolment.Proposed: "info", enrolment.Served: "warn", enrolment.Decided: "ok", enrolment.Finished: "plain",
	enrolment.Withdrawn: "plain", enrolment.Announced: "info", enrolment.Approved: "ok"}

func proposalRowOf(p enrolment.Proposal) proposalRow {
	return proposalRow{Href: "/proposals/" + p.ID.String(), Kind: p.Kind.Key(), File: p.File, Amount: p.Amount, Until: p.Until,
		State: pill{Tone: proposalTones[p.State], Key: p.State.Key()}}
}
