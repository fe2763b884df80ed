package web

import (
	"encoding/hex"
	"slices"
	"strings"

	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

func listsPage(x *exchange) error {
	view, err := x.listsView()
	if err != nil {
		return err
	}
	return showLists.show(x, view)
}

func (x *exchange) listsView() (view listsView, err error) {
	err = x.read(func(tx *store.Tx) error {
		lists, err := payment.Lists(tx)
		for _, l := range lists {
			view.Lists = append(view.Lists, listRowOf(l))
		}
		if err != nil || !access.Holds(tx, access.PrepareList) {
			return err
		}
		f := x.site.prepareForm(tx)
		f.Token = x.frame.Token
		view.Prepare = &f
		return nil
	})
	return view, err
}

// prepareForm asks which list is to be frozen; the present quarter stands there.
func (s *site) prepareForm(tx *store.Tx) form {
	today := tx.Today()
	var programmes, categories []option
	chosen := ""
	if p, _, err := s.latest(tx); err == nil && p != nil {
		chosen = p.ID
	}
	for _, p := range s.programmes {
		if p.Indication {
			continue // another body pays it
		}
		programmes = append(programmes, option{Value: p.ID, Key: "", Name: p.Name.Arabic, Both: p.Name})
		for category := range payment.TermsOf(p).Categories {
			if o := (option{Value: category, Key: categoryKey(category)}); !slices.Contains(categories, o) {
				categories = append(categories, o)
			}
		}
	}
	slices.SortFunc(categories, func(a, b option) int { return strings.Compare(a.Value, b.Value) })
	return form{Action: "/lists", Submit: "web.list_prepare_submit", Fields: []field{
		{Name: "command", Kind: "hidden", Value: tx.NewID().String()},
		{Name: "programme", Kind: "select", Label: "web.programme", Options: programmes, Value: chosen},
		{Name: "quarter", Kind: "code", Label: "web.quarter", Hint: "web.quarter_hint", Value: calendar.QuarterOf(today.Year(), (today.Month()+2)/3).String()},
		{Name: "category", Kind: "choice", Label: "web.category", Options: categories},
		{Name: "kind", Kind: "choice", Label: "web.list_kind", Value: "list", Options: []option{{Value: "list", Key: "web.list_of_quarter", Hint: "web.list_of_quarter_hint"}, {Value: "supplement", Key: "web.supplement", Hint: "web.supplement_hint"}}},
		{Name: "since", Kind: "code", Label: "web.list_since", Hint: "web.list_since_hint"},
	}}
}

// categoryKey names a list's category; one that no catalogue names is called by
// its code.
func categoryKey(category string) text.Key {
	return text.Key("payment.category_" + category)
}

var listTones = map[payment.State]string{payment.Prepared: "info", payment.SignedOnce: "info", payment.Approved: "ok", payment.Exported: "ok",
	payment.Answered: "ok", payment.Closed: "plain", payment.Withdrawn: "plain"}

func listRowOf(l payment.List) listRow {
	row := listRow{Href: "/lists/" + l.ID.String(), Number: shortNumber(l.ID), Programme: l.Title, Category: categoryKey(l.Category), Quarter: l.Quarter,
		Lines: int(l.Lines), Total: l.Total, State: pill{Tone: listTones[l.State], Key: l.State.Key()}}
	if l.Supplement() {
		row.Cause = "web.supplement"
	}
	return row
}

// shortNumber is how people call a list on paper: the end of its identifier,
// which chance has made.
func shortNumber(list id.ID) string {
	s := list.String()
	return strings.ToUpper(s[len(s)-8:])
}

// prepareList freezes a list or a supplement.
func prepareList(x *exchange) error {
	view, err := x.listsView()
	if err != nil {
		return err
	}
	if view.Prepare == nil {
		return fault.Forbidden("web.not_yours", "capability", access.PrepareList.Key())
	}
	view.Prepare.read(x.r)
	var list payment.List
	receipt, err := x.change(func(tx *store.Tx) (err error) {
		list, err = x.site.prepare(tx, view.Prepare)
		return err
	})
	if err == nil && list.ID.IsZero() && len(receipt.Entries) > 0 { // the same press again
		list.ID = receipt.Entries[0].Subject
	}
	if refused := fault.Of(err); refused != nil && refused.Kind != fault.KindForbidden {
		view.Prepare.note(refused)
		return showLists.refuse(x, view)
	}
	if err != nil {
		return err
	}
	return x.seeOther("/lists/" + list.ID.String())
}

func (s *site) prepare(tx *store.Tx, f *form) (payment.List, error) {
	programme := s.programme(f.get("programme"))
	var wrong fault.List
	if programme == nil {
		wrong.Add("programme", fault.Invalid("web.required"))
	}
	wrong.Add("category", required(f.get("category")))
	quarter, err := calendar.ParseQuarter(f.get("quarter"))
	wrong.Add("quarter", err)
	if err := wrong.Err(); err != nil {
		return payment.List{}, err
	}
	if f.get("kind") == "supplement" {
		since := quarter
		if f.get("since") != "" {
			if since, err = calendar.ParseQuarter(f.get("since")); err != nil {
				return payment.List{}, placed(err, "since")
			}
		}
		return payment.RepairSince(tx, payment.TermsOf(programme), since, quarter, f.get("category"))
	}
	return payment.Prepare(tx, payment.TermsOf(programme), quarter, f.get("category"))
}

// programme is a programme of the country by its id, nil where there is none.
func (s *site) programme(name string) *policy.Programme {
	for _, p := range s.programmes {
		if p.ID == name {
			return p
		}
	}
	return nil
}

func listPage(x *exchange) error {
	view, err := x.listView()
	if err != nil {
		return err
	}
	return showList.show(x, view)
}

// listView is one list with its comparison and what this reader may do with it.
func (x *exchange) listView() (view listView, err error) {
	which, err := x.pathID("list")
	if err != nil {
		return view, err
	}
	err = x.read(func(tx *store.Tx) error {
		c, err := payment.Compare(tx, which)
		if err != nil {
			return err
		}
		l := c.List
		digest := l.Digest()
		view = listView{listRow: listRowOf(l), Prepared: dayOf(l.PreparedAt), Approved: dayOf(l.ApprovedAt), Persons: int(c.Persons), GoneCount: int(l.Gone),
			Unreasoned: int(l.Unreasoned), Held: int(l.Held), HeldTotal: l.HeldTotal, Remark: l.Remark, Since: l.Since, Digest: inFours(hex.EncodeToString(digest[:16])), Chain: chainOf(l)}
		if c.Before != nil {
			change := l.Total - c.Before.Total
			view.Before, view.Change = &c.Before.Total, &change
		}
		if err := view.name(tx, l, x.language); err != nil {
			return err
		}
		programme := x.site.programme(l.Programme)
		view.Changes = changesOf(c, programme)
		view.gone(c, programme, x)
		view.Checks = checksOf(l)
		if err := view.heldFor(tx, l, programme); err != nil {
			return err
		}
		return x.actions(tx, l, &view)
	})
	return view, err
}

func dayOf(microseconds int64) calendar.Date {
	if microseconds == 0 {
		return calendar.Unknown
	}
	return calendar.Day(moment(microseconds))
}

// inFours groups a digest so that two people can compare it aloud.
func inFours(digits string) string {
	var groups []string
	for ; len(digits) > 4; digits = digits[4:] {
		groups = append(groups, digits[:4])
	}
	return strings.Join(append(groups, digits), " ")
}

func (v *listView) name(tx *store.Tx, l payment.List, language text.Language) error {
	for person, to := range map[id.ID]*string{l.Preparer: &v.Preparer, l.Approver: &v.Approver, l.Signer: &v.Signer} {
		if person.IsZero() {
			continue
		}
		name, err := access.Name(tx, person)
		if err != nil {
			return err
		}
		*to = name.In(language)
	}
	return nil
}

var listStages = []struct {
	state payment.State
	title text.Key
}{{payment.Prepared, "web.list_prepared"}, {payment.Approved, "web.list_approved"}, {payment.Exported, "web.list_exported"}, {payment.Answered, "web.list_returned"}, {payment.Closed, "web.list_closed"}}

// chainOf draws how far a list has come; a withdrawn one has ended.
func chainOf(l payment.List) []chainStep {
	reached := 0
	for i, s := range listStages {
		if s.state == l.State {
			reached = i
		}
	}
	var chain []chainStep
	for i, s := range listStages {
		step := chainStep{Title: s.title}
		switch {
		case l.State == payment.Withdrawn && i == 0, i <= reached && l.State != payment.Withdrawn:
			step.State = "done"
		case i == reached+1 && l.State != payment.Withdrawn:
			step.State = "now"
		}
		chain = append(chain, step)
	}
	return chain
}

// reasonWords is a reason of a decision or of the list, in both languages.
func reasonWords(p *policy.Programme, component, reason string) text.Bilingual {
	var words any = reason
	switch key := "payment.reason_" + reason; {
	case reason == "":
		return text.Bilingual{}
	case text.Has(key):
		words = text.Key(key)
	case p != nil:
		words = p.Reason(component, reason)
	}
	return text.Bilingual{Arabic: text.Value(text.Arabic, words), English: text.Value(text.English, words)}
}

func sayBoth(key text.Key, args ...any) text.Bilingual {
	return text.Bilingual{Arabic: text.Say(text.Arabic, string(key), args...), English: text.Say(text.English, string(key), args...)}
}

func changesOf(c payment.Comparison, p *policy.Programme) []changeRow {
	var rows []changeRow
	for _, r := range c.Reasons {
		words := sayBoth("web.gone_other")
		if r.Reason != "" {
			words = reasonWords(p, "", r.Reason)
			for _, g := range c.Gone {
				if g.Reason == r.Reason {
					words = reasonWords(p, g.Component, r.Reason)
					break
				}
			}
		}
		rows = append(rows, changeRow{Cause: words, Persons: -int(r.Persons), Amount: -r.Amount})
	}
	for _, r := range c.Causes {
		rows = append(rows, changeRow{Cause: sayBoth(r.Cause.Key()), Persons: int(r.Lines), Amount: r.Amount})
	}
	return rows
}

// goneOnPage is how many vanished persons stand on one page.
const goneOnPage = 50

// gone lists who was paid before and is not now; those without a reason first,
// since the list waits for them.
func (v *listView) gone(c payment.Comparison, p *policy.Programme, x *exchange) {
	rows := slices.Clone(c.Gone)
	slices.SortStableFunc(rows, func(a, b payment.Gone) int { return rank(a) - rank(b) })
	from := min(startOf(x.r.URL.Query()), len(rows))
	shown := rows[from:min(from+goneOnPage, len(rows))]
	for _, g := range shown {
		row := goneRow{Name: g.Name, File: g.File, Amount: g.Amount, Reason: reasonWords(p, g.Component, g.Reason), Person: g.Person.String(), Component: g.Component}
		if g.Words != "" {
			row.Reason = text.Bilingual{Arabic: g.Words, English: g.Words}
		}
		if x.may(access.SeeDecision) {
			row.Href = "/households/" + g.Household.String() + "/decisions"
		}
		v.Gone = append(v.Gone, row)
	}
	if len(rows) > goneOnPage {
		v.GonePager = pagerOf(v.Href, "gone", nil, from, len(shown), len(rows), goneOnPage)
	}
}

// heldFor counts what is due and cannot be paid yet, by reason.
func (v *listView) heldFor(tx *store.Tx, l payment.List, p *policy.Programme) error {
	return payment.EachHeld(tx, l.ID, func(h payment.Held) error {
		words := reasonWords(p, h.Component, h.Reason)
		at := slices.IndexFunc(v.HeldFor, func(r changeRow) bool { return r.Cause == words })
		if at < 0 {
			at = len(v.HeldFor)
			v.HeldFor = append(v.HeldFor, changeRow{Cause: words})
		}
		v.HeldFor[at].Persons++
		v.HeldFor[at].Amount += h.Amount
		return nil
	})
}

func rank(g payment.Gone) int {
	if g.Reason == "" && g.Words == "" {
		return 0
	}
	return 1
}

func checksOf(l payment.List) []checkRow {
	reasons := checkRow{Outcome: "yes", Key: "web.check_reasons", Note: "web.check_reasons_note", NoteArg: []any{"done", int(l.Gone - l.Unreasoned), "all", int(l.Gone)}}
	if l.Unreasoned > 0 {
		reasons.Outcome = "no"
	}
	if l.Supplement() {
		reasons = checkRow{Outcome: "yes", Key: "web.check_causes"}
	}
	checks := []checkRow{reasons, {Outcome: "yes", Key: "web.check_once"}, {Outcome: "yes", Key: "web.check_seal"}}
	if l.TwoSignatures {
		checks = append(checks, checkRow{Outcome: "unknown", Key: "web.check_two"})
	}
	if l.Held > 0 {
		checks = append(checks, checkRow{Outcome: "unknown", Key: "web.check_held", Args: []any{"count", int(l.Held)}, Note: "web.check_held_note", NoteArg: []any{"amount", l.HeldTotal}})
	}
	return checks
}
