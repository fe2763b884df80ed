package registry

import (
	"slices"
	"strings"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Correction mends an error of the sheet. Nothing changed in the world.
type Correction struct {
	Change
	Person id.ID `json:"person,omitzero"` // zero: a fact of the household
	Fact   Name  `json:"fact"`
	Value  Value `json:"-"`                // see ParseValue
	Remove bool  `json:"remove,omitempty"` // what stands there is wrong, and nobody knows what is right
	Task   id.ID `json:"task,omitzero"`    // by which it was asked; closed with it
}

// Correct replaces a wrong value by the right one, as if it had always stood
// there; earlier versions of the sheet stay readable, and decisions that rested
// on them are found by the next run. The Change's reason says how the error is
// known ("registry.reason_needed"). It needs access.CorrectFact.
func Correct(tx *store.Tx, c Correction) (Changed, error) {
	e, err := begin(tx, access.CorrectFact, c.Change)
	if err != nil {
		return Changed{}, err
	}
	if len([]rune(oneLine(c.Reason))) < answerMin {
		e.wrong.Add("reason", fault.Invalid("registry.reason_needed"))
	}
	facts := &e.sheet.Facts
	if !c.Person.IsZero() {
		m := e.member(c.Person, "person")
		if m == nil {
			return Changed{}, e.wrong.Err()
		}
		facts = &m.Facts
	}
	d := Define(c.Fact)
	if d == nil || d.Household != c.Person.IsZero() {
		e.wrong.Add("fact", fault.Invalid("registry.choose_one"))
		return Changed{}, e.wrong.Err()
	}
	if !c.Remove {
		e.wrong.Add("value", e.checkValue(d, c))
	}
	*facts = e.mended(d, *facts, c)
	if !c.Task.IsZero() {
		e.wrong.Add("task", e.answers(c.Task))
	}
	return e.finish(Corrected, c.Person)
}

// mended takes the wrong value out and puts the right one in its place: of what
// cannot change every value, of the rest the one that stands now and what
// contradicts it.
func (e *edit) mended(d *Definition, facts []Fact, c Correction) []Fact {
	now, known := e.sheet.Now(facts, d.Name)
	facts = slices.DeleteFunc(facts, func(f Fact) bool {
		if f.Name != d.Name || d.Several {
			return f.Name == d.Name && f.Value == c.Value
		}
		return d.Fixed || known && e.sheet.start(&f) >= e.sheet.start(&now)
	})
	if c.Remove {
		return facts
	}
	fact := Fact{Name: d.Name, Value: c.Value, Sources: []int{e.source}}
	if known && !d.Fixed && !d.Several {
		fact.From, fact.To = now.From, now.To
		earlier := slices.ContainsFunc(facts, func(f Fact) bool { return f.Name == d.Name })
		if earlier && now.From == calendar.Unknown && d.Type != TypeDate {
			fact.From = e.sheet.start(&now) // it holds since what it replaces was first said
		}
	}
	facts = append(facts, fact)
	sortFacts(facts)
	return facts
}

// answers closes the task by which a correction was asked.
func (e *edit) answers(task id.ID) error {
	t, found, err := store.One(e.tx, scanTask, taskColumns+"t.task = $1", task)
	switch {
	case err != nil:
		return err
	case !found || t.Household != e.sheet.Household:
		return fault.NotFound("registry.no_task")
	case t.Closed.IsZero() && t.Kind == TaskCorrection:
		e.closed = append(e.closed, task)
	}
	return nil
}

// checkValue refuses a value that the fact cannot have.
func (e *edit) checkValue(d *Definition, c Correction) error {
	today := e.tx.Today()
	switch {
	case d.Type == TypeCode:
		return checkCode(d.Name, c.Value.Text, true)
	case d.Name == NationalNumberFact:
		_, err := ParseNationalNumber(c.Value.Text, today)
		return err
	case d.Name == Account:
		_, err := ParseIBAN(c.Value.Text)
		return err
	case d.Name == Phone:
		_, err := ParsePhone(c.Value.Text)
		return err
	case d.Name == Area:
		return knownArea(e.tx, c.Value.Text)
	case d.Type == TypeText && oneLine(c.Value.Text) == "":
		return fault.Invalid("registry.value_needed")
	case d.Type == TypeDate && c.Value.Number == 1 && d.Future:
		return nil
	case d.Type == TypeDate && c.Value.Number == 1:
		birth := calendar.Unknown
		if m := e.sheet.Member(c.Person); m != nil && d.Name != Birth {
			f, _ := e.sheet.Now(m.Facts, Birth)
			birth = f.Value.Date
		}
		return checkDay(c.Value.Date, birth, today)
	case d.Type == TypePerson && c.Value.Person == c.Person && !c.Person.IsZero():
		return fault.Invalid("registry.tie_to_self")
	case d.Type == TypePerson && !c.Value.Person.IsZero() && e.sheet.Member(c.Value.Person) == nil:
		return e.exists(c.Value.Person)
	}
	return nil
}

// ParseValue reads what somebody typed as the value of a fact: a date in any way
// that calendar.Read takes, yes or no, a code, dirhams as digits, a person's id,
// else text.
func ParseValue(name Name, text string) (Value, error) {
	d := Define(name)
	if d == nil {
		return Value{}, fault.Invalid("registry.choose_one")
	}
	return Read(d, text)
}

// Read reads the value of a fact that need not be known to this process.
func Read(d *Definition, text string) (Value, error) {
	text = strings.TrimSpace(text)
	name := d.Name
	switch {
	case d.Type == TypeDate:
		return parseDay(text)
	case d.Type == TypeTruth:
		switch Answer(text) {
		case Yes, No:
			return TruthValue(Answer(text) == Yes), nil
		}
		return Value{}, fault.Invalid("registry.answer_unread")
	case d.Type == TypePerson:
		if text == "" {
			return PersonValue(id.ID{}), nil
		}
		p, err := id.Parse(text)
		return PersonValue(p), err
	case d.Type == TypeMoney || d.Type == TypeNumber:
		return parseWhole(TidyNumber(text))
	case d.Type == TypeFixed:
		return parseFixed(TidyNumber(text))
	case name == NationalNumberFact:
		return TextValue(TidyNumber(text)), nil
	case name == Phone:
		p, err := ParsePhone(text)
		return TextValue(string(p)), err
	case name == Account:
		a, err := ParseIBAN(TidyNumber(text))
		return TextValue(string(a)), err
	}
	return TextValue(oneLine(text)), nil
}

func parseDay(text string) (Value, error) {
	if Answer(text) == No {
		return NoDate, nil
	}
	on, reading := calendar.Read(text)
	return DateValue(on), reading.Err()
}

func parseWhole(digits string) (Value, error) {
	if digits == "" || len(digits) > 15 || strings.Trim(digits, "0123456789") != "" {
		return Value{}, fault.Invalid("registry.whole_number")
	}
	n := int64(0)
	for _, c := range digits {
		n = n*10 + int64(c-'0')
	}
	return NumberValue(n), nil
}

// parseFixed reads a number with up to six decimals into millionths.
func parseFixed(digits string) (Value, error) {
	whole, decimals, _ := strings.Cut(digits, ".")
	if len(whole) > 9 || len(decimals) > 6 {
		return Value{}, fault.Invalid("registry.whole_number")
	}
	return parseWhole(whole + decimals + strings.Repeat("0", 6-len(decimals)))
}

// Wish is a correction that somebody asks for who may not make it.
type Wish struct {
	Household id.ID  `json:"household"`
	Person    id.ID  `json:"person,omitzero"`
	Fact      Name   `json:"fact,omitempty"` // empty: the sheet as a whole
	Says      string `json:"says,omitempty"` // what is right, in words
	Reason    string `json:"reason"`
}

// AskCorrection opens a task at the household's branch. Staff who may see the
// file can ask, and each member for her own household. It changes no fact.
func AskCorrection(tx *store.Tx, w Wish) (Task, error) {
	s, err := latest(tx, w.Household)
	if err != nil {
		return Task{}, err
	}
	var own id.ID
	if s.Member(tx.Actor) != nil {
		own = tx.Actor
	}
	if err := access.RequireOwn(tx, access.AskCorrection, s.Branch, own); err != nil {
		return Task{}, err
	}
	var wrong fault.List
	if len([]rune(oneLine(w.Reason))) < answerMin {
		wrong.Add("reason", fault.Invalid("registry.reason_needed"))
	}
	m := s.Member(w.Person)
	if m == nil && !w.Person.IsZero() {
		wrong.Add("person", fault.Invalid("registry.no_such_member"))
	}
	if err := wrong.Err(); err != nil {
		return Task{}, err
	}
	t := newTask(s, TaskCorrection, m, w.Fact, "reason", oneLine(w.Reason), "other", oneLine(w.Says), "asked", tx.Now.Format("2006-01-02 15:04:05.000000"), "by", tx.Actor.String())
	if m == nil {
		t.Detail["name"] = s.File
	}
	return t, open(tx, t)
}
