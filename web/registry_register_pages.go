package web

import (
	"bytes"
	"net/http"
	"slices"
	"strconv"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

// stepNumber is the place of a step, from 1; 0 for no such step.
func stepNumber(name string) int {
	for i, s := range registerSteps {
		if s.name == name {
			return i + 1
		}
	}
	return 0
}

// beginRegistration shows the first step of a draft that will exist once
// something has been answered: looking changes nothing.
func beginRegistration(x *exchange) error {
	var view registerView
	err := x.read(func(tx *store.Tx) (err error) {
		view, err = x.stepView(tx, newDraft(tx), "place", 0)
		return err
	})
	if err != nil {
		return err
	}
	return showRegister.show(x, view)
}

func registrationStep(x *exchange) error {
	step, turn := x.r.PathValue("step"), x.turn()
	var view registerView
	err := x.read(func(tx *store.Tx) error {
		d, err := x.openDraft(tx)
		if err != nil {
			return err
		}
		if view, err = x.stepView(tx, d, step, turn); err != nil {
			return err
		}
		return x.look(tx, &view, d, step, turn)
	})
	if err != nil {
		return err
	}
	if step == "review" {
		return showReview.show(x, view)
	}
	return showRegister.show(x, view)
}

// turn is which member the step of members asks about, from 0.
func (x *exchange) turn() int {
	n, err := strconv.Atoi(x.r.URL.Query().Get("turn"))
	if err != nil || n < 0 || n > 99 {
		return 0
	}
	return n
}

// openDraft finds the draft of the address: an empty one where nothing was
// kept yet, "not found" where it is another person's.
func (x *exchange) openDraft(tx *store.Tx) (draft, error) {
	which, err := x.pathID("draft")
	if err != nil {
		return draft{}, err
	}
	d, found, err := findDraft(tx, which)
	if err != nil || found {
		return d, err
	}
	taken, err := draftExists(tx, which)
	if err == nil && taken {
		err = fault.NotFound("web.no_such_page")
	}
	return draft{ID: which, Steps: map[string][]answers{}}, err
}

// stepView is one step of a draft as a page.
func (x *exchange) stepView(tx *store.Tx, d draft, step string, turn int) (registerView, error) {
	number := stepNumber(step)
	if number == 0 {
		return registerView{}, fault.NotFound("web.no_such_page")
	}
	base := "/register/" + d.ID.String()
	v := registerView{Step: number, Steps: steps(base, number), Kept: clockWords(d.Kept)}
	if step == "review" {
		return x.reviewView(tx, v, d, base)
	}
	areas, err := areaOptions(tx, x.language)
	if err != nil {
		return v, err
	}
	query := ""
	if turn > 0 {
		query = "?turn=" + strconv.Itoa(turn)
	}
	v.Form = form{Action: base + "/" + step + query, Token: x.frame.Token, Fields: stepFields(step, areas)}
	v.Draft = base + "/" + step + "/draft" + query
	d.get(step, turn).fill(&v.Form)
	if step == "members" {
		v.Members = draftMembers(d, base)
	}
	v.Looks = step == "head" || step == "members"
	return v, err
}

// look finds the people who may be the same as those written down in a step. It
// is asked of a snapshot, never within a change.
func (x *exchange) look(tx *store.Tx, v *registerView, d draft, step string, turn int) (err error) {
	if !v.Looks {
		return nil
	}
	written := []answers{d.get(step, turn)}
	if step == "review" {
		written = append(slices.Clone(d.Steps["head"]), d.Steps["members"]...)
	}
	v.Possible.Narrow, v.Possible.Quiet = step != "review", step == "review"
	for _, a := range written {
		found, err := x.lookFor(tx, a.written())
		if err != nil {
			return err
		}
		v.Possible.Rows = append(v.Possible.Rows, found...)
	}
	return nil
}

func (x *exchange) reviewView(tx *store.Tx, v registerView, d draft, base string) (registerView, error) {
	v.Form = form{Action: base + "/review", Token: x.frame.Token, Submit: "web.sign_submit", Fields: signFields()}
	v.Members, v.Looks = draftMembers(d, base), true
	for _, s := range registerSteps[:len(registerSteps)-1] {
		if s.name == "members" {
			continue
		}
		group := reviewGroup{Title: s.title, Href: base + "/" + s.name}
		f := form{Fields: stepFields(s.name, nil)}
		d.get(s.name, 0).fill(&f)
		for _, q := range f.Fields {
			if fact, answered := q.review(); answered {
				group.Facts = append(group.Facts, fact)
			}
		}
		v.Review = append(v.Review, group)
	}
	return v, nil
}

// review is what was answered to one question, to be read once more.
func (f field) review() (factView, bool) {
	fact := factView{Term: f.Label, Source: sourceView{Kind: "stated", Key: "web.source_stated"}}
	if f.Name == "" || f.Name == "source" {
		return fact, false
	}
	if f.Kind == "date" {
		d, err := f.date()
		fact.Date = d
		return fact, err == nil && d != calendar.Unknown
	}
	for _, o := range f.Options {
		if o.Value == f.Value {
			fact.Key, fact.Both = o.Key, o.Both
		}
	}
	fact.Text = f.Value
	return fact, f.Value != ""
}

// draftMembers lists the people written down so far.
func draftMembers(d draft, base string) []memberRow {
	var rows []memberRow
	for turn, a := range d.Steps["members"] {
		if a.empty() {
			continue
		}
		row := memberRow{Href: base + "/members?turn=" + strconv.Itoa(turn), Name: a.name(), Number: a["number"], Bond: "web.role_member"}
		if a["bond"] != "" {
			row.Bond = roleKey(a["bond"])
		}
		if a["marital"] != "" {
			row.Marital = statusKey(a["marital"], a["sex"])
		}
		birth := field{Day: a["birth-day"], Month: a["birth-month"], Year: a["birth-year"]}
		row.Birth, _ = birth.date() // what cannot be read stands as unknown until it is mended
		rows = append(rows, row)
	}
	return rows
}

// name is the four-part name of somebody written down.
func (a answers) name() string {
	name := ""
	for _, part := range []string{"first", "father", "grandfather", "family"} {
		if a[part] != "" {
			name += " " + a[part]
		}
	}
	return name[min(1, len(name)):]
}

// areaOptions are the municipalities in which this reader may register.
func areaOptions(tx *store.Tx, language text.Language) ([]option, error) {
	options, err := areasOf(tx, language, access.RegisterHousehold)
	if len(options) > 1 {
		// Nobody's town is taken for granted: the first of the list would be.
		options = slices.Insert(options, 0, option{Key: "web.choose_area"})
	}
	return options, err
}

// areasOf are the municipalities over which this reader has a capability.
func areasOf(tx *store.Tx, language text.Language, capability access.Capability) ([]option, error) {
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return nil, err
	}
	var options []option
	for _, within := range access.Areas(tx, capability) {
		for _, area := range country.Areas(geography.Municipality, within) {
			o := option{Value: area.Code, Name: area.Name().In(language)}
			if !slices.Contains(options, o) {
				options = append(options, o)
			}
		}
	}
	return options, nil
}

// keepRegistrationDraft keeps what stands in the form without judging it, and
// answers when: this is what a page sends by itself while somebody types.
func keepRegistrationDraft(x *exchange) error {
	d, _, err := x.keepAnswers()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	fresh := registerView{Kept: clockWords(d.Kept)}
	if step := x.r.PathValue("step"); step == "head" || step == "members" {
		fresh.Looks, fresh.Possible.Swap = true, true
		if err := x.read(func(tx *store.Tx) error {
			return x.look(tx, &fresh, d, step, x.turn())
		}); err != nil {
			return err
		}
	}
	if err := x.site.templates.renderPart(&out, x.language, "kept-and-possible", fresh); err != nil {
		return err
	}
	return x.write(http.StatusOK, out.Bytes())
}

// keepAnswers keeps one step of a draft as it was sent.
func (x *exchange) keepAnswers() (draft, registerView, error) {
	step, turn := x.r.PathValue("step"), x.turn()
	var kept draft
	var view registerView
	err := x.site.Journal.DB.Write(x.r.Context(), x.session, func(tx *store.Tx) error {
		d, err := x.openDraft(tx)
		if err != nil {
			return err
		}
		if view, err = x.stepView(tx, d, step, turn); err != nil {
			return err
		}
		view.Form.read(x.r)
		d.set(step, turn, answersOf(view.Form))
		err = d.keep(tx)
		kept, view.Kept = d, clockWords(tx.Now)
		return err
	})
	return kept, view, err
}

// keepRegistrationStep keeps a step, then goes where the button says; a step
// with mistakes is kept too, and shown again.
func keepRegistrationStep(x *exchange) error {
	step := x.r.PathValue("step")
	if step == "review" {
		return x.register()
	}
	d, view, err := x.keepAnswers()
	if err != nil {
		return err
	}
	if err := checkStep(step, &view.Form, d.Kept); err != nil && value(x.r, "go") != "leave" {
		if err := x.read(func(tx *store.Tx) error { return x.look(tx, &view, d, step, x.turn()) }); err != nil {
			return err
		}
		view.Form.refuse(err)
		return showRegister.refuse(x, view)
	}
	return x.seeOther(nextStep(d, step, value(x.r, "go")))
}

func nextStep(d draft, step, button string) string {
	base := "/register/" + d.ID.String() + "/"
	switch {
	case button == "leave":
		return "/"
	case button == "another":
		return base + "members?turn=" + strconv.Itoa(len(d.Steps["members"]))
	}
	return base + registerSteps[min(stepNumber(step), len(registerSteps)-1)].name
}

// draftExists tells whether anybody's draft has the identifier.
func draftExists(tx *store.Tx, which id.ID) (bool, error) {
	_, found, err := store.One(tx, func(r *store.Row) id.ID { return r.ID() }, "SELECT draft FROM drafts WHERE draft = $1", which)
	return found, err
}
