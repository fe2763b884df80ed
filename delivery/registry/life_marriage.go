package registry

import (
	"slices"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Home says where a couple lives.
type Home string

// The homes of a couple.
const (
	HomeHere  Home = "here"  // with the household of the Change
	HomeThere Home = "there" // with the spouse's household
	HomeNew   Home = "new"   // in a household of their own
	HomeApart Home = "apart" // each stays where she is
)

// Marriage marries a member to somebody of the same household, of another, or
// who is not registered yet.
type Marriage struct {
	Change
	Person     id.ID            `json:"person"`
	Spouse     id.ID            `json:"spouse,omitzero"`           // zero: not registered
	Household2 id.ID            `json:"spouse_household,omitzero"` // of the spouse, where it is another
	Version2   int64            `json:"spouse_version,omitempty"`  // of its sheet
	NewSpouse  NewMember        `json:"new_spouse,omitzero"`       // where the spouse is not registered and comes to live here
	Home       Home             `json:"home"`
	With       []id.ID          `json:"with,omitempty"`  // children who go along with whoever moves
	Roles      map[id.ID]string `json:"roles,omitempty"` // where they do not follow
}

// RecordMarriage records a marriage on every sheet that it concerns, in one act.
// Whoever moves keeps her id, facts and sources; a new household gets a file of
// its own (Changed.Other, with the spouse's sheet where nobody founds one).
func RecordMarriage(tx *store.Tx, w Marriage) (Changed, error) {
	e, person, err := life(tx, w.Change, w.Person)
	if err != nil {
		return Changed{}, err
	}
	if w.Home == HomeNew && w.Spouse.IsZero() {
		e.wrong.Add("home", fault.Invalid("registry.register_spouse_first"))
	}
	if w.Person == w.Spouse {
		e.wrong.Add("spouse", fault.Invalid("registry.tie_to_self"))
	}
	if err := e.wrong.Err(); err != nil {
		return Changed{}, err
	}
	if w.Spouse.IsZero() {
		return w.toNewcomer(e, person)
	}
	if w.Household2.IsZero() || w.Household2 == w.Household {
		return w.within(e, person)
	}
	c := w.Change
	c.Household, c.Version = w.Household2, w.Version2
	o, spouse, err := life(tx, c, w.Spouse)
	if err != nil {
		return Changed{}, err
	}
	e.wed(person, spouse.Person, o.sheet, spouse)
	o.wed(spouse, person.Person, e.sheet, person)
	return w.settle(e, o)
}

// wed states one side of a marriage.
func (e *edit) wed(m *Member, spouse id.ID, their *Sheet, other *Member) {
	name := e.sheet.text(m, FullName)
	switch {
	case e.sheet.text(m, SexFact) == string(Female) && e.sheet.text(m, MaritalStatus) == "married" && e.married(m):
		e.wrong.Add("person", fault.Conflict("registry.married_already", "name", name))
	case other != nil && e.sheet.text(m, SexFact) != "" && e.sheet.text(m, SexFact) == their.text(other, SexFact):
		e.wrong.Add("spouse", fault.Invalid("registry.spouse_sex", "name", name))
	}
	birth, _ := e.sheet.Now(m.Facts, Birth)
	if years, known := calendar.AgeOn(birth.Value.Date, e.change.On); known && years < adultAge {
		e.warn("person", fault.Invalid("registry.warning_young_spouse", "name", name, "years", years))
	}
	e.set(m, MaritalStatus, TextValue("married"))
	if !spouse.IsZero() {
		e.set(m, Spouse, PersonValue(spouse))
	}
}

// adultAge is the age of majority (Law 17 of 1992, article 9).
const adultAge = 18

// within marries two members of one household.
func (w *Marriage) within(e *edit, person *Member) (Changed, error) {
	spouse := e.living(w.Spouse, "spouse")
	if spouse == nil {
		return Changed{}, e.wrong.Err()
	}
	e.wed(person, spouse.Person, e.sheet, spouse)
	e.wed(spouse, person.Person, e.sheet, person)
	return e.finish(Married, w.Person)
}

// toNewcomer marries a member to somebody who is not registered: she comes to
// live here with what is known of her, or only the marriage is recorded.
func (w *Marriage) toNewcomer(e *edit, person *Member) (Changed, error) {
	if w.Home != HomeHere {
		e.wed(person, id.ID{}, nil, nil)
		return e.finish(Married, w.Person)
	}
	n := w.NewSpouse
	if n.Sex == "" {
		n.Sex = opposite(Sex(e.sheet.text(person, SexFact)))
	}
	if n.Role == "" {
		n.Role = spouseRole(e.sheet.text(person, Role), n.Sex)
	}
	m := e.add(n)
	e.wed(person, m.Person, e.sheet, m)
	e.set(m, MaritalStatus, TextValue("married"))
	e.set(m, Spouse, PersonValue(person.Person))
	e.sheet.Members = append(e.sheet.Members, *m)
	return e.finish(Married, w.Person)
}

func opposite(s Sex) Sex { return map[Sex]Sex{Male: Female, Female: Male}[s] }

// spouseRole is what the spouse of somebody with a role is to the head.
func spouseRole(role string, sex Sex) string {
	switch role {
	case "head", "guardian":
		return map[Sex]string{Male: "husband", Female: "wife"}[sex]
	case "son", "daughter":
		return map[Sex]string{Male: "daughters_husband", Female: "sons_wife"}[sex]
	}
	return "other_relative"
}

// settle moves whoever moves, and records both sheets.
func (w *Marriage) settle(e, o *edit) (Changed, error) {
	switch w.Home {
	case HomeApart:
		return both(e, o, Married, Married, w.Person)
	case HomeHere:
		return w.moves(o, e, w.Spouse, w.Person)
	case HomeThere:
		return w.moves(e, o, w.Person, w.Spouse)
	case HomeNew:
		return w.found(e, o)
	}
	e.wrong.Add("home", fault.Invalid("registry.choose_one"))
	return Changed{}, e.wrong.Err()
}

// moves brings one of the couple, and who goes along, to the other's household.
func (w *Marriage) moves(from, to *edit, who, host id.ID) (Changed, error) {
	said := map[id.ID]string{who: spouseRole(to.sheet.text(to.sheet.Member(host), Role), Sex(from.sheet.text(from.sheet.Member(who), SexFact)))}
	for person, role := range w.Roles {
		said[person] = role
	}
	going := w.going(from, who)
	from.leave(to, going)
	to.arrive(going, said)
	done, err := both(from, to, Married, Married, who)
	if err == nil && from.change.Household != w.Household {
		done.Sheet, done.Other = done.Other, done.Sheet
	}
	return done, err
}

// going is who moves, with those of the household who go along.
func (w *Marriage) going(from *edit, who id.ID) []id.ID {
	going := []id.ID{who}
	for _, person := range w.With {
		if from.sheet.Member(person) != nil && !slices.Contains(going, person) {
			going = append(going, person)
		}
	}
	return going
}

// found makes a household of the couple at the man's branch: three sheets in
// one act.
func (w *Marriage) found(e, o *edit) (Changed, error) {
	home, away, head, with := e, o, w.Person, w.Spouse
	if Sex(e.sheet.text(e.sheet.Member(w.Person), SexFact)) == Female {
		home, away, head, with = o, e, w.Spouse, w.Person
	}
	if err := access.Require(e.tx, access.RegisterHousehold, home.sheet.Branch); err != nil {
		return Changed{}, err
	}
	own, err := home.household("")
	if err != nil {
		return Changed{}, err
	}
	said := map[id.ID]string{head: "head"}
	for person, role := range w.Roles {
		said[person] = role
	}
	hers := w.going(away, with)
	his := w.going(home, head)
	home.leave(own, his)
	away.leave(own, hers)
	own.arrive(append(his, hers...), said)
	if err := own.wrong.Err(); err != nil {
		return Changed{}, err
	}
	if _, err := both(e, o, Married, Married, w.Person); err != nil {
		return Changed{}, err
	}
	done, err := own.finish(Registered, head)
	return Changed{Sheet: e.sheet, Other: done.Sheet, Warnings: append(e.warnings, o.warnings...)}, err
}

// Divorce ends the marriage of a member to a spouse.
type Divorce struct {
	Change
	Person     id.ID     `json:"person"`
	Spouse     id.ID     `json:"spouse,omitzero"`           // zero: the only one on the sheet
	Household2 id.ID     `json:"spouse_household,omitzero"` // where the spouse lives in another
	Version2   int64     `json:"spouse_version,omitempty"`  //
	Custody    []Custody `json:"custody,omitempty"`         // of each child
}

// RecordDivorce states the divorce of both and that the parents of their
// children are apart, with who has each child. A man with another wife stays
// married. Where nobody said who has a child the branch is asked.
func RecordDivorce(tx *store.Tx, d Divorce) (Changed, error) {
	e, person, err := life(tx, d.Change, d.Person)
	if err != nil {
		return Changed{}, err
	}
	if d.Spouse.IsZero() {
		d.Spouse = e.onlySpouse(person)
	}
	if !e.sheet.tied(person, Spouse, d.Spouse) && e.sheet.text(person, MaritalStatus) != "married" {
		e.wrong.Add("person", fault.Conflict("registry.not_married", "name", e.sheet.text(person, FullName)))
	}
	e.part(person, d.Spouse)
	if spouse := e.sheet.Member(d.Spouse); spouse != nil {
		e.part(spouse, d.Person)
	}
	for i := range e.sheet.Members {
		if m := &e.sheet.Members[i]; e.sheet.childOf(m, d.Person, d.Spouse) {
			e.set(m, ParentsApart, TruthValue(true))
		}
	}
	for _, c := range d.Custody {
		e.custody(c)
	}
	if d.Household2.IsZero() || d.Household2 == d.Household {
		return e.finish(Divorced, d.Person)
	}
	c := d.Change
	c.Household, c.Version = d.Household2, d.Version2
	o, spouse, err := life(tx, c, d.Spouse)
	if err != nil {
		return Changed{}, err
	}
	o.part(spouse, d.Person)
	return both(e, o, Divorced, Divorced, d.Person)
}

func (e *edit) onlySpouse(m *Member) id.ID {
	var found []id.ID
	for _, f := range m.Facts {
		if f.Name == Spouse && f.To == calendar.Unknown && !f.Value.Person.IsZero() {
			found = append(found, f.Value.Person)
		}
	}
	if len(found) == 1 {
		return found[0]
	}
	if len(found) > 1 {
		e.wrong.Add("spouse", fault.Invalid("registry.which_spouse"))
	}
	return id.ID{}
}

// part states one side of a divorce.
func (e *edit) part(m *Member, spouse id.ID) {
	if !spouse.IsZero() {
		e.end(m, Spouse, PersonValue(spouse))
	}
	if !e.married(m) {
		e.set(m, MaritalStatus, TextValue("divorced"))
	}
}

// childOf reports whether a member is a child of a couple, or of the one of them
// who is known where the other is not.
func (s *Sheet) childOf(m *Member, one, other id.ID) bool {
	is := func(p id.ID) bool { return !p.IsZero() && (s.tied(m, Father, p) || s.tied(m, Mother, p)) }
	known := func(name Name) bool { f, ok := s.Now(m.Facts, name); return ok && !f.Value.Person.IsZero() }
	return is(one) && (is(other) || !known(Father) || !known(Mother)) || is(other) && (!known(Father) || !known(Mother))
}
