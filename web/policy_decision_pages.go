package web

import (
	"encoding/hex"
	"slices"
	"strings"

	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/money"
	"sanad/platform/store"
	"sanad/platform/text"
)

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
		if view, err = decisionOf(h, e); err != nil {
			return err
		}
		view.Letter = here + "/letter"
		months, err := monthsOf(tx, programme, h.sheet.Household, monthsShown)
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
func decisionOf(h household, e policy.Explanation) (decisionView, error) {
	turnings, err := e.Turnings()
	if err != nil {
		return decisionView{}, err
	}
	v := decisionView{householdHead: h.head, Programme: e.Programme.Name, Month: e.Month.Date(), Amount: e.Total,
		Release: hex.EncodeToString(e.Decision.Release[:6]), Sheet: int(e.Decision.SheetVersion)}
	pending := false
	for _, p := range e.Persons {
		for _, c := range p.Components {
			one := personOf(e.Programme, p.Name, c)
			one.Turns = turnsOf(e.Programme, turnings[len(v.Persons)])
			v.Persons = append(v.Persons, one)
			pending = pending || c.Line.Status == policy.Pending
			if c.Line.Status == policy.Due && !c.Line.Payable {
				v.Held = append(v.Held, heldRow{Name: beside(p.Name, c.Component.Name), Amount: c.Line.Amount, Reason: inBoth(c.Reason), Remedy: remedy(c.Line.Reason)})
			}
		}
	}
	v.Terms = sentences(e.Said())
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
	return v, nil
}

// turnsOf says in both languages what would change one line.
func turnsOf(p *policy.Programme, t policy.Turning) (all []text.Bilingual) {
	english := t.Sentences(p, text.English)
	for i, arabic := range t.Sentences(p, text.Arabic) {
		all = append(all, text.Bilingual{Arabic: arabic, English: english[i]})
	}
	return all
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

func personOf(p *policy.Programme, name string, c policy.ComponentExplained) personDecision {
	d := personDecision{Name: name, Component: c.Component.Name, Outcome: outcomeOf[c.Line.Status], State: statePill(c.Line), Amount: amountOf(c.Line)}
	for _, one := range c.Conditions {
		d.Conditions = append(d.Conditions, conditionOf(one, c.Line.Status))
	}
	d.Terms = sentences(c.Said(p))
	if len(d.Open()) == 0 && c.Line.Status != policy.Due {
		d.Terms = append(d.Terms, inBoth(c.Reason))
	}
	return d
}

// sentences are what an explanation says, in both languages.
func sentences(said []policy.Sentence) []text.Bilingual {
	var all []text.Bilingual
	for _, s := range said {
		all = append(all, sayBoth(text.Key(s.Key), s.Args...))
	}
	return all
}

// noticesOf are the programme's own words for the outcomes of a decision, each
// once.
func noticesOf(e policy.Explanation) []text.Bilingual {
	var all []text.Bilingual
	for _, l := range e.Decision.Lines {
		if n := e.Programme.Notices.Of(&l); n.Arabic != "" && !slices.Contains(all, n) {
			all = append(all, n)
		}
	}
	return all
}

var truthOutcome = map[calendar.Truth]string{calendar.Yes: "yes", calendar.No: "no", calendar.Maybe: "unknown"}

// conditionOf is one condition with the facts that it met, and what would
// change it where it is not met or not known.
func conditionOf(c policy.ConditionExplained, line policy.Status) conditionView {
	v := conditionView{Outcome: truthOutcome[c.State], Name: c.Condition.Name, Because: because(c.Facts)}
	v.Basis = text.Bilingual{Arabic: c.Act.Name.Arabic + ": «" + c.Article.Text.Arabic + "»", English: c.Act.Name.English + ": “" + c.Article.Text.English + "”"}
	for _, f := range c.Facts {
		if f.Known {
			source := sourceOf(f.Source)
			v.Source = &source
			break
		}
	}
	open := c.Reading != nil && c.Reading.Confirmed == nil
	switch {
	case c.State == calendar.No && open && line == policy.Pending:
		v.Outcome, v.Because = "unknown", joinWords(c.Condition.Otherwise, because(said(c.Facts)))
		v.Change = sayBoth("web.change_ruling")
	case c.State == calendar.No:
		v.Because = joinWords(c.Condition.Otherwise, because(said(c.Facts)))
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

// said leaves out facts that nobody has said: what was refused rests on others.
func said(facts []policy.FactExplained) []policy.FactExplained {
	return slices.DeleteFunc(slices.Clone(facts), func(f policy.FactExplained) bool { return !f.Known })
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
	letter := letterView{decisionView: v, Number: h.sheet.Branch + "/" + h.sheet.File + "/" + e.Month.String(), Today: tx.Today(), Greeting: h.head.Name,
		Words: text.Bilingual{Arabic: text.Words(text.Arabic, e.Total), English: text.Words(text.English, e.Total)}}
	var acts [2][]string
	for _, act := range e.Programme.Acts {
		acts[0], acts[1] = append(acts[0], act.Name.Arabic), append(acts[1], act.Name.English)
	}
	letter.Notices = noticesOf(e)
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
