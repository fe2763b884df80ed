package web

import (
	"encoding/hex"
	"errors"
	"slices"
	"strings"

	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/money"
	"sanad/platform/store"
	"sanad/platform/text"
)

// monthsBack is how far back a file shows its decisions.
const monthsBack = 12

// decidedMonths are the months of the last year for which a programme was run,
// the latest first; the month after this one may have been run too.
func decidedMonths(tx *store.Tx, programme string) ([]calendar.Month, error) {
	today := tx.Today()
	latest := calendar.MonthOf(today.Year(), today.Month()).Next()
	var months []calendar.Month
	for back := range monthsBack {
		m := latest.Add(-back)
		_, err := policy.Decided(tx, programme, m)
		if errors.Is(err, fault.NotFound("policy.not_decided")) {
			continue
		}
		if err != nil {
			return nil, err
		}
		months = append(months, m)
	}
	return months, nil
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
		view.Decisions, err = x.decisionRows(tx, h, monthsBack)
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
		months, err := decidedMonths(tx, p.ID)
		if err != nil {
			return nil, err
		}
		for _, m := range months[:min(most, len(months))] {
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
	row := paymentRow{Quarter: l.Month.Quarter().String(), Payee: l.PayeeName, State: paymentState(l)}
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

// decisionPage explains one month's decision down to the facts and articles.
func decisionPage(x *exchange) error {
	view, _, err := x.decisionView()
	if err != nil {
		return err
	}
	return showDecision.show(x, view)
}

func (x *exchange) decisionView() (view decisionView, letter letterView, err error) {
	month, err := calendar.ParseMonth(x.r.PathValue("month"))
	programme := x.r.PathValue("programme")
	if err != nil {
		return view, letter, fault.NotFound("web.no_such_page").Because(err)
	}
	err = x.read(func(tx *store.Tx) error {
		h, err := x.openHousehold(tx, "decisions")
		if err != nil {
			return err
		}
		e, err := policy.Explain(tx, programme, h.sheet.Household, month)
		if err != nil {
			return err
		}
		here := h.href + "/decisions/" + programme + "/" + month.String()
		view = decisionOf(h, e)
		view.Letter = here + "/letter"
		months, err := decidedMonths(tx, programme)
		for _, m := range months {
			view.Months = append(view.Months, monthLink{h.href + "/decisions/" + programme + "/" + m.String(), m.Date(), m == month})
		}
		if err != nil {
			return err
		}
		letter, err = x.letterOf(tx, h, e, view)
		letter.Letter = here
		return err
	})
	return view, letter, err
}

// decisionOf turns an explanation into the page.
func decisionOf(h household, e policy.Explanation) decisionView {
	v := decisionView{householdHead: h.head, Programme: e.Programme.Name, Month: e.Month.Date(), Amount: e.Total,
		Release: hex.EncodeToString(e.Decision.Release[:6]), Sheet: int(e.Decision.SheetVersion)}
	pending := false
	for _, p := range e.Persons {
		for _, c := range p.Components {
			v.Persons = append(v.Persons, personOf(h, p.Name, c))
			pending = pending || c.Line.Status == policy.Pending
			if c.Line.Status == policy.Due && !c.Line.Payable {
				v.Held = append(v.Held, heldRow{Name: beside(p.Name, c.Component.Name), Amount: c.Line.Amount, Reason: inBoth(c.Reason), Remedy: remedy(c.Line.Reason)})
			}
		}
	}
	for _, s := range e.Sums {
		v.Components = append(v.Components, componentRow{s.Component.Name, s.Count, s.Amount, s.Total, payeesOf(e, s.Component.ID)})
	}
	v.Args = []any{"amount", e.Total}
	switch {
	case e.Total > 0 && pending:
		v.Summary, v.Outcome = "web.summary_part", pill{Tone: "unknown", Key: "web.state_part"}
	case e.Total > 0:
		v.Summary, v.Outcome = "web.summary_due", pill{Tone: "ok", Key: "web.state_due"}
	case pending:
		v.Summary, v.Outcome = "web.summary_pending", pill{Tone: "unknown", Key: "web.state_pending"}
	default:
		v.Summary, v.Outcome = "web.summary_refused", pill{Tone: "plain", Key: "web.state_refused"}
	}
	return v
}

// beside joins a person's name and what the amount is for.
func beside(name string, what text.Bilingual) text.Bilingual {
	return text.Bilingual{Arabic: name + "، " + what.Arabic, English: name + ", " + what.English}
}

// inBoth is any argument of a message in both languages.
func inBoth(value any) text.Bilingual {
	if value == nil || value == "" {
		return text.Bilingual{}
	}
	return text.Bilingual{Arabic: text.Value(text.Arabic, value), English: text.Value(text.English, value)}
}

// remedy is what ends a hold, where the program knows it.
func remedy(reason string) text.Bilingual {
	if key := text.Key("web.remedy_" + reason); text.Has(string(key)) {
		return sayBoth(key)
	}
	return text.Bilingual{}
}

func payeesOf(e policy.Explanation, component string) string {
	var names []string
	for _, p := range e.Persons {
		for _, c := range p.Components {
			if c.Component.ID == component && c.PayeeName != "" && !slices.Contains(names, c.PayeeName) {
				names = append(names, c.PayeeName)
			}
		}
	}
	return strings.Join(names, " · ")
}

// amountOf is what is due of one line; nothing for one that is not due.
func amountOf(l policy.Line) money.Amount {
	if l.Status != policy.Due {
		return 0
	}
	return l.Amount
}

var outcomeOf = map[policy.Status]string{policy.Due: "yes", policy.Pending: "unknown", policy.Refused: "no"}

func personOf(h household, name string, c policy.ComponentExplained) personDecision {
	d := personDecision{Name: name, Component: c.Component.Name, Outcome: outcomeOf[c.Line.Status], State: statePill(c.Line), Amount: amountOf(c.Line)}
	for _, one := range c.Conditions {
		d.Conditions = append(d.Conditions, conditionOf(h, one))
	}
	return d
}

var truthOutcome = map[calendar.Truth]string{calendar.Yes: "yes", calendar.No: "no", calendar.Maybe: "unknown"}

// conditionOf is one condition with the facts that it met, and what would
// change it where it is not met or not known.
func conditionOf(h household, c policy.ConditionExplained) conditionView {
	v := conditionView{Outcome: truthOutcome[c.State], Name: c.Condition.Name, Because: because(c.Facts)}
	v.Basis = text.Bilingual{Arabic: c.Act.Name.Arabic + ": «" + c.Article.Text.Arabic + "»", English: c.Act.Name.English + ": “" + c.Article.Text.English + "”"}
	for _, f := range c.Facts {
		if f.Known {
			source := sourceOf(f.Source)
			v.Source = &source
			break
		}
	}
	switch {
	case c.State == calendar.No:
		v.Because = joinWords(c.Condition.Otherwise, because(c.Facts))
		v.Change = sayBoth("web.change_no")
	case c.State == calendar.Maybe && c.Reading != nil && len(c.Missing) == 0:
		v.Change = sayBoth("web.change_ruling")
	case c.State == calendar.Maybe:
		v.Change = sayBoth("web.change_unknown", "facts", labels(text.Arabic, c.Missing))
		v.Change.English = text.Say(text.English, "web.change_unknown", "facts", labels(text.English, c.Missing))
	}
	if c.Reading != nil {
		v.Reading = &readingView{c.Reading.Question, c.Option.Text, c.Reading.Confirmed != nil}
	}
	return v
}

func joinWords(a, b text.Bilingual) text.Bilingual {
	if b.Arabic == "" {
		return a
	}
	return text.Bilingual{Arabic: strings.TrimSuffix(a.Arabic, ".") + " (" + b.Arabic + ")", English: strings.TrimSuffix(a.English, ".") + " (" + b.English + ")"}
}

// because writes the facts as they were read, each with its name.
func because(facts []policy.FactExplained) text.Bilingual {
	write := func(language text.Language) string {
		var words []string
		for _, f := range facts {
			label := text.Value(language, f.Label)
			if f.Whose != "" {
				label += " (" + f.Whose + ")"
			}
			words = append(words, label+": "+text.Value(language, f.Value))
		}
		return text.List(language, words)
	}
	return text.Bilingual{Arabic: write(text.Arabic), English: write(text.English)}
}

func labels(language text.Language, facts []policy.FactExplained) string {
	var words []string
	for _, f := range facts {
		if word := text.Value(language, f.Label); !slices.Contains(words, word) {
			words = append(words, word)
		}
	}
	return text.List(language, words)
}

// sourceOf says how a fact is known.
func sourceOf(s registry.Source) sourceView {
	switch s.Kind {
	case registry.Confirmed:
		return sourceView{Kind: "confirmed", Key: "web.source_confirmed_plain", Date: s.Date}
	case registry.Documented:
		return sourceView{Kind: "documented", Key: "web.source_documented", Date: s.Date}
	}
	return sourceView{Kind: "stated", Key: "web.source_stated", Date: s.Date}
}

// letterPage is the notice of the decision on A4.
func letterPage(x *exchange) error {
	_, letter, err := x.decisionView()
	if err != nil {
		return err
	}
	return showLetter.show(x, letter)
}

func (x *exchange) letterOf(tx *store.Tx, h household, e policy.Explanation, v decisionView) (letterView, error) {
	letter := letterView{decisionView: v, Number: h.sheet.File + "/" + e.Month.String(), Today: tx.Today(), Greeting: h.head.Name,
		Words: text.Bilingual{Arabic: text.Words(text.Arabic, e.Total), English: text.Words(text.English, e.Total)}}
	var acts [2][]string
	for _, act := range e.Programme.Acts {
		acts[0], acts[1] = append(acts[0], act.Name.Arabic), append(acts[1], act.Name.English)
	}
	letter.Act = text.Bilingual{Arabic: text.List(text.Arabic, acts[0]), English: text.List(text.English, acts[1])}
	var err error
	if letter.Office, err = bodyName(tx, h.sheet.Branch); err != nil {
		return letter, err
	}
	letter.Ministry, err = x.ministry(tx)
	return letter, err
}

// ministry is whose letterhead stands on papers: of the configuration, else of
// the country's bodies.
func (x *exchange) ministry(tx *store.Tx) (text.Bilingual, error) {
	if x.site.Ministry.Arabic != "" {
		return x.site.Ministry, nil
	}
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return text.Bilingual{}, err
	}
	for _, body := range country.Bodies(geography.Ministry) {
		return body.Name(), nil
	}
	return text.Bilingual{}, nil
}
