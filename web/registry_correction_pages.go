package web

import (
	"strconv"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/store"
	"sanad/platform/text"
)

// correcting is the correction of one fact: whose it is, and whether this
// reader makes it herself or asks the branch for it.
type correcting struct {
	household
	member     *registry.Member // nil for a fact of the household
	definition *registry.Definition
	task       string
	makes      bool
}

// correctionPage asks what is right instead of one fact.
func correctionPage(x *exchange) error {
	view, err := x.correctionView()
	if err != nil {
		return err
	}
	return showCorrection.show(x, view)
}

func (x *exchange) correctionView() (view correctionView, err error) {
	err = x.read(func(tx *store.Tx) error {
		c, err := x.correcting(tx)
		if err == nil {
			view, err = x.viewOf(tx, c)
		}
		return err
	})
	return view, err
}

// correcting reads household, person and fact out of the address or the form.
func (x *exchange) correcting(tx *store.Tx) (c correcting, err error) {
	if c.household, err = x.openHousehold(tx, "file"); err != nil {
		return c, err
	}
	c.definition, c.task = registry.Define(registry.Name(value(x.r, "fact"))), value(x.r, "task")
	if person, err := id.Parse(value(x.r, "person")); err == nil {
		c.member = c.sheet.Member(person)
	}
	if c.definition == nil || c.definition.Household != (c.member == nil) {
		return c, fault.NotFound("web.no_such_page")
	}
	c.makes = access.Require(tx, access.CorrectFact, c.sheet.Branch) == nil
	return c, nil
}

func (x *exchange) viewOf(tx *store.Tx, c correcting) (correctionView, error) {
	facts, person := c.sheet.Facts, ""
	if c.member != nil {
		facts, person = c.member.Facts, c.member.Person.String()
	}
	name := c.definition.Name
	view := correctionView{householdHead: c.head, Makes: c.makes, Fact: factView{Term: factTerm(name), Unknown: "web.does_not_know", Source: sourceView{Kind: "unknown", Key: "web.source_unknown"}}}
	if f, known := c.now(facts, name); known {
		view.Fact = c.fact(f, *c.definition, c.member)
		view.Fact.Correct = ""
	}
	if c.member != nil {
		view.Person = c.word(c.member, registry.FullName)
	}
	right, err := x.rightField(tx, c)
	if err != nil {
		return view, err
	}
	f := correctionForm(c.href+"/correction", c.href, c.makes)
	f.Token = x.frame.Token
	hidden := map[string]string{"command": tx.NewID().String(), "version": strconv.FormatInt(c.sheet.Version, 10), "person": person, "fact": string(name), "task": c.task}
	for i := range f.Fields {
		if f.Fields[i].Kind == "hidden" {
			f.Fields[i].Value = hidden[f.Fields[i].Name]
		}
		if f.Fields[i].Name == "right" {
			f.Fields[i] = right
		}
	}
	view.Form = f
	return view, nil
}

// rightField asks for the right value in the way that its type needs.
func (x *exchange) rightField(tx *store.Tx, c correcting) (field, error) {
	q := field{Name: "right", Kind: "text", Label: "web.correction_right", Hint: "web.correction_right_hint"}
	switch c.definition.Type {
	case registry.TypeDate:
		q.Kind, q.Hint = "date", "web.date_hint"
	case registry.TypeTruth:
		q.Kind, q.Hint = "choice", ""
		q.Options = []option{{Value: "yes", Key: "web.yes"}, {Value: "no", Key: "web.no"}}
	case registry.TypePerson:
		q.Kind, q.Hint = "select", ""
		q.Options = append([]option{{Key: "web.nobody"}}, c.options()...)
	case registry.TypeMoney:
		q.Kind, q.Hint = "code", "web.dinars_hint"
	case registry.TypeNumber, registry.TypeFixed:
		if q.Kind = "code"; c.definition.Unit.Arabic != "" {
			q.Hint = c.definition.Unit
		}
	case registry.TypeCode:
		q.Kind, q.Hint = "select", ""
		for _, code := range c.definition.Codes {
			q.Options = append(q.Options, c.codeOption(code))
		}
	}
	if c.definition.Name == registry.Area {
		areas, err := everyArea(tx, x.language)
		q.Kind, q.Hint, q.Options = "select", "", areas
		q.Value = c.stands()
		return q, err
	}
	if q.Kind == "select" {
		q.Value = c.stands()
	}
	return q, nil
}

// stands is the code or person that is written now.
func (c correcting) stands() string {
	facts := c.sheet.Facts
	if c.member != nil {
		facts = c.member.Facts
	}
	f, known := c.now(facts, c.definition.Name)
	if known && c.definition.Type == registry.TypePerson {
		return f.Value.Person.String()
	}
	return f.Value.Text
}

// codeOption is one code of the fact, in the country's words where it declares
// them.
func (c correcting) codeOption(code string) option {
	if words, ok := c.definition.Word(code).(text.Bilingual); ok {
		return option{Value: code, Both: words}
	}
	return option{Value: code, Key: c.codeKey(code)}
}

// codeKey is the word for one code of the fact.
func (c correcting) codeKey(code string) text.Key {
	switch c.definition.Name {
	case registry.Role:
		return roleKey(code)
	case registry.MaritalStatus:
		return statusKey(code, c.word(c.member, registry.SexFact))
	case registry.Citizenship:
		return text.Key("web.citizenship_" + code)
	}
	return text.Key("web." + code)
}

// correctFact mends the fact, or asks the branch to, where the reader may only
// ask.
func correctFact(x *exchange) error {
	which, err := x.pathID("household")
	if err != nil {
		return err
	}
	view, err := x.correctionView()
	if err != nil {
		return err
	}
	view.Form.read(x.r)
	if view.Makes && view.Form.get("seen") == "" {
		if view.Possible.Rows, err = x.likelyAfter(&view.Form); err != nil {
			return err
		}
		if len(view.Possible.Rows) > 0 {
			view.Form.seen()
			return showCorrection.show(x, view)
		}
	}
	_, err = x.change(func(tx *store.Tx) error {
		if view.Makes {
			return mend(tx, which, &view.Form)
		}
		_, err := registry.AskCorrection(tx, registry.Wish{Household: which, Person: view.Form.personOf("person"), Fact: registry.Name(view.Form.get("fact")),
			Says: view.Form.said(), Reason: view.Form.get("reason")})
		return err
	})
	if err == nil {
		return x.seeOther("/households/" + which.String())
	}
	refused := fault.Of(inForm(err))
	if refused == nil {
		return err
	}
	if refused.Field == "value" {
		refused.Field = "right"
	}
	for i, f := range refused.Fields {
		if f.Field == "value" {
			refused.Fields[i] = f.At("right")
		}
	}
	if view.Form.refuse(refused) {
		return showCorrection.refuse(x, view)
	}
	return err
}

func mend(tx *store.Tx, which id.ID, f *form) error {
	c, err := changeOf(which, f)
	if err != nil {
		return err
	}
	correction := registry.Correction{Change: c, Person: f.personOf("person"), Fact: registry.Name(f.get("fact")), Remove: f.get("remove") == "yes", Task: f.personOf("task")}
	if !correction.Remove {
		if correction.Value, err = f.right(correction.Fact); err != nil {
			return placed(err, "right")
		}
	}
	_, err = registry.Correct(tx, correction)
	return err
}

// right is the value that was given as the right one.
func (f *form) right(name registry.Name) (registry.Value, error) {
	d := registry.Define(name)
	switch {
	case d != nil && d.Type == registry.TypeMoney:
		return amountSaid(f.get("right"))
	case d == nil || d.Type != registry.TypeDate:
		return registry.ParseValue(name, f.get("right"))
	}
	on, err := f.date("right")
	if err == nil && on == calendar.Unknown {
		return registry.NoDate, fault.Invalid("web.required")
	}
	return registry.DateValue(on), err
}

// amountSaid reads an amount as people write it.
func amountSaid(written string) (registry.Value, error) {
	amount, reading := money.Parse(written)
	if err := reading.Err(); err != nil {
		return registry.Value{}, err
	}
	if amount < 0 {
		return registry.Value{}, fault.Invalid("registry.whole_number")
	}
	return registry.NumberValue(int64(amount)), nil
}

// said is the right value in words, for whoever looks into it.
func (f *form) said() string {
	for _, q := range f.Fields {
		if q.Name != "right" {
			continue
		}
		if on, err := q.date(); q.Kind == "date" && err == nil {
			return text.Date(text.Arabic, on)
		}
		for _, o := range q.Options {
			if o.Value == q.Value {
				return o.Name + sayIfAny(o.Key)
			}
		}
		return q.Value
	}
	return ""
}

func sayIfAny(key text.Key) string {
	if key == "" {
		return ""
	}
	return text.Say(text.Arabic, string(key))
}
