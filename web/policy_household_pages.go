package web

import (
	"errors"
	"slices"

	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

// monthsShown is how many decided months a file shows; monthsBack how far back
// they are looked for.
const (
	monthsShown = 12
	monthsBack  = 60
)

// decidedMonths are at most so many months for which a programme was run, the
// latest first; the month after this one may have been run too.
func decidedMonths(tx *store.Tx, programme string, most int) ([]calendar.Month, error) {
	today := tx.Today()
	latest := calendar.MonthOf(today.Year(), today.Month()).Next()
	var months []calendar.Month
	for back := range monthsBack {
		m := latest.Add(-back)
		_, err := policy.Decided(tx, programme, m)
		if errors.Is(err, fault.NotFound("policy.not_decided")) {
			continue
		}
		if err != nil || len(months) == most {
			return months, err
		}
		months = append(months, m)
	}
	return months, nil
}

// monthsOf are the months to show of a household's decisions. A branch is told
// what was decided and not which months were run: there it is the month from
// which the present decision stands.
func monthsOf(tx *store.Tx, programme string, household id.ID, most int) ([]calendar.Month, error) {
	months, err := decidedMonths(tx, programme, most)
	if err != nil || len(months) > 0 {
		return months, err
	}
	today := tx.Today()
	d, err := policy.DecisionOf(tx, programme, household, calendar.MonthOf(today.Year(), today.Month()))
	if errors.Is(err, fault.NotFound("policy.no_decision")) {
		return nil, nil
	}
	return []calendar.Month{d.From}, err
}

// decisionsPage lists what was decided for a household, month by month.
func decisionsPage(x *exchange) error {
	var view householdView
	err := x.read(func(tx *store.Tx) error {
		h, err := x.openHousehold(tx, "decisions")
		if err != nil {
			return err
		}
		view = householdView{householdHead: h.head}
		view.Decisions, err = x.decisionRows(tx, h, monthsShown)
		return err
	})
	if err != nil {
		return err
	}
	return showDecisions.show(x, view)
}

// decisionRows are the decisions of the last decided months, a row for each
// component and outcome.
func (x *exchange) decisionRows(tx *store.Tx, h household, most int) ([]decisionRow, error) {
	if err := access.Require(tx, access.SeeDecision, h.sheet.Branch); err != nil {
		return nil, err
	}
	var rows []decisionRow
	for _, p := range x.site.programmes {
		months, err := monthsOf(tx, p.ID, h.sheet.Household, most)
		if err != nil {
			return nil, err
		}
		for _, m := range months {
			d, err := policy.DecisionOf(tx, p.ID, h.sheet.Household, m)
			if errors.Is(err, fault.NotFound("policy.no_decision")) {
				continue
			}
			if err != nil {
				return nil, err
			}
			rows = append(rows, rowsOfDecision(p, d, m, h.href+"/decisions/"+p.ID+"/"+m.String())...)
		}
	}
	return rows, nil
}

func rowsOfDecision(p *policy.Programme, d policy.Decision, m calendar.Month, href string) []decisionRow {
	var rows []decisionRow
	for _, l := range d.Lines {
		state := statePill(l)
		name := componentName(p, l.Component)
		at := slices.IndexFunc(rows, func(r decisionRow) bool { return r.Component == name && r.State.Key == state.Key })
		if at < 0 {
			at = len(rows)
			rows = append(rows, decisionRow{Href: href, Programme: p.Name, Month: m.Date(), Component: name, State: state})
		}
		rows[at].Persons++
		rows[at].Amount += l.Amount
	}
	return rows
}

func componentName(p *policy.Programme, component string) text.Bilingual {
	if c := p.Component(component); c != nil {
		return c.Name
	}
	return text.Bilingual{Arabic: component, English: component}
}

// statePill is one line's outcome in a word.
func statePill(l policy.Line) pill {
	switch {
	case l.Status == policy.Pending:
		return pill{Tone: "unknown", Key: "web.state_pending"}
	case l.Status == policy.Refused:
		return pill{Tone: "plain", Key: "web.state_refused"}
	case !l.Payable:
		return pill{Tone: "warn", Key: "web.state_held"}
	}
	return pill{Tone: "ok", Key: "web.state_due"}
}

// paymentsPage lists what was put onto payment lists for a household.
func paymentsPage(x *exchange) error {
	var view householdView
	err := x.read(func(tx *store.Tx) error {
		h, err := x.openHousehold(tx, "payments")
		if err != nil {
			return err
		}
		lines, err := payment.OfHousehold(tx, h.sheet.Household, h.sheet.Branch)
		if err != nil {
			return err
		}
		view = householdView{householdHead: h.head}
		for _, l := range lines {
			view.addPayment(x.site, l)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return showPayments.show(x, view)
}

// addPayment sums the lines of a quarter that share component, payee and fate.
func (v *householdView) addPayment(s *site, l payment.Paid) {
	row := paymentRow{Quarter: l.Month.Quarter(), Payee: l.PayeeName, State: paymentState(l)}
	row.Component = text.Bilingual{Arabic: l.Component, English: l.Component}
	for _, p := range s.programmes {
		if c := p.Component(l.Component); c != nil {
			row.Component = c.Name
		}
	}
	if l.Cause != "" {
		row.Reason = sayBoth(l.Cause.Key())
	}
	for i := range v.Payments {
		if r := &v.Payments[i]; r.Quarter == row.Quarter && r.Component == row.Component && r.Payee == row.Payee && r.State.Key == row.State.Key && r.Reason == row.Reason {
			r.Amount += l.Amount
			return
		}
	}
	row.Amount = l.Amount
	v.Payments = append(v.Payments, row)
}

func paymentState(l payment.Paid) pill {
	if !l.Live {
		return pill{Tone: "bad", Key: "web.payment_came_back"}
	}
	return pill{Tone: listTones[l.State], Key: l.State.Key()}
}
