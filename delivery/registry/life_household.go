package registry

import (
	"slices"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// HeadChange makes another member head of the household.
type HeadChange struct {
	Change
	Head  id.ID            `json:"head"`
	Roles map[id.ID]string `json:"roles,omitempty"` // of those whose role towards the new head does not follow
}

// ChangeHead makes another living member head; every member's role is turned
// towards her. A role that does not follow from ties and earlier roles is asked
// for by a fault at "roles", never guessed.
func ChangeHead(tx *store.Tx, h HeadChange) (Changed, error) {
	e, m, err := life(tx, h.Change, h.Head)
	if err != nil {
		return Changed{}, err
	}
	if e.sheet.text(m, Role) == "head" {
		e.wrong.Add("person", fault.Conflict("registry.head_already", "name", e.sheet.text(m, FullName)))
	}
	e.turn(m, h.Roles)
	return e.finish(HeadChanged, h.Head)
}

// Split lets members leave for a household of their own.
type Split struct {
	Change
	Head   id.ID            `json:"head"`             // of the new household
	Others []id.ID          `json:"others,omitempty"` // who goes along
	Area   string           `json:"area,omitempty"`   // where it lives; empty: as before
	Roles  map[id.ID]string `json:"roles,omitempty"`  // see HeadChange
}

// SplitHousehold gives members a household and file of their own at the same
// branch. Everybody keeps her id, her facts and their sources. Changed.Other is
// the new household's sheet.
func SplitHousehold(tx *store.Tx, s Split) (Changed, error) {
	e, head, err := life(tx, s.Change, s.Head)
	if err != nil {
		return Changed{}, err
	}
	leaving := []id.ID{head.Person}
	for _, person := range s.Others {
		if e.member(person, "others") != nil && !slices.Contains(leaving, person) {
			leaving = append(leaving, person)
		}
	}
	if len(leaving) == len(e.sheet.Members) {
		e.wrong.Add("others", fault.Invalid("registry.somebody_stays"))
	}
	if e.sheet.text(head, Role) == "head" {
		e.wrong.Add("head", fault.Invalid("registry.head_stays"))
	}
	other, err := e.household(s.Area)
	if err != nil {
		return Changed{}, err
	}
	e.leave(other, leaving)
	other.turnAs(e.old, s.Head, s.Roles)
	return both(e, other, SplitOff, Registered, s.Head)
}

// household begins a new household at the same branch, which lives where this
// one lives unless an area is given.
func (e *edit) household(area string) (*edit, error) {
	file, err := nextFileNumber(e.tx, e.sheet.Branch)
	if err != nil {
		return nil, err
	}
	o := &edit{tx: e.tx, change: e.change}
	o.sheet = &Sheet{Household: e.tx.NewID(), Version: 1, Branch: e.sheet.Branch, File: string(file)}
	o.source = o.sheet.AddSource(e.sheet.Sources[e.source])
	if area != "" {
		e.wrong.Add("area", knownArea(e.tx, area))
		o.sheet.Facts = o.sheet.put(o.sheet.Facts, Area, TextValue(area), calendar.Unknown, o.source)
		return o, nil
	}
	for _, f := range e.sheet.Facts {
		o.sheet.Facts = append(o.sheet.Facts, o.adopted(f, e.sheet))
	}
	return o, nil
}

// adopted copies a fact with its sources from another sheet.
func (e *edit) adopted(f Fact, from *Sheet) Fact {
	sources := make([]int, len(f.Sources))
	for i, at := range f.Sources {
		sources[i] = e.sheet.AddSource(from.Sources[at])
	}
	f.Sources = sources
	return f
}

// leave moves members from one sheet to another.
func (e *edit) leave(to *edit, persons []id.ID) {
	var stay []Member
	for _, m := range e.sheet.Members {
		if !slices.Contains(persons, m.Person) {
			stay = append(stay, m)
			continue
		}
		facts := make([]Fact, len(m.Facts))
		for i, f := range m.Facts {
			facts[i] = to.adopted(f, e.sheet)
		}
		to.sheet.Members = append(to.sheet.Members, Member{Person: m.Person, Facts: facts})
		e.gone = append(e.gone, m.Person)
	}
	e.sheet.Members = stay
}

// turnAs gives the members of a new household their roles towards its head, by
// the ties and roles of the household that they left.
func (e *edit) turnAs(was *Sheet, head id.ID, said map[id.ID]string) {
	for i := range e.sheet.Members {
		m := &e.sheet.Members[i]
		h, before := was.Member(head), was.Member(m.Person)
		role := ""
		if h != nil && before != nil {
			role = was.roleTowards(h, before, said)
		}
		if checkCode(Role, role, true) != nil {
			e.wrong.Add("roles", fault.Invalid("registry.role_needed", "name", e.sheet.text(m, FullName)))
			continue
		}
		e.set(m, Role, TextValue(role))
	}
}

// both records two sheets that change as one act: first the one that people
// leave, so that each stands on one sheet at every moment.
func both(e, other *edit, what, there Happening, person id.ID) (Changed, error) {
	for _, one := range []*edit{e, other} {
		if err := one.wrong.Err(); err != nil {
			return Changed{}, err
		}
	}
	if _, err := e.finish(what, person); err != nil {
		return Changed{}, err
	}
	_, err := other.finish(there, person)
	return Changed{Sheet: e.sheet, Other: other.sheet, Warnings: append(e.warnings, other.warnings...)}, err
}

// Join brings members of one household into another.
type Join struct {
	Change
	Into        id.ID            `json:"into"`              // household that receives them
	IntoVersion int64            `json:"into_version"`      // of its sheet
	Persons     []id.ID          `json:"persons,omitempty"` // empty: everybody
	Roles       map[id.ID]string `json:"roles"`             // of each, towards the head there
}

// JoinHouseholds brings members of one household into another of which they are
// now part. Whoever comes needs a role there; one that ties on the two sheets
// give need not be said. Changed.Other is the sheet that received them.
func JoinHouseholds(tx *store.Tx, j Join) (Changed, error) {
	e, err := begin(tx, access.RecordLifeEvent, j.Change)
	if err != nil {
		return Changed{}, err
	}
	there := j.Change
	there.Household, there.Version = j.Into, j.IntoVersion
	if j.Into == j.Household {
		return Changed{}, fault.Invalid("registry.same_household").At("into")
	}
	other, err := begin(tx, access.RecordLifeEvent, there)
	if err != nil {
		return Changed{}, err
	}
	if len(j.Persons) == 0 {
		for _, m := range e.sheet.Members {
			j.Persons = append(j.Persons, m.Person)
		}
	}
	for _, person := range j.Persons {
		e.member(person, "persons")
	}
	e.leave(other, j.Persons)
	other.arrive(j.Persons, j.Roles)
	return both(e, other, SplitOff, Joined, j.Persons[0])
}

// arrive gives those who came their roles towards the head of the household.
func (e *edit) arrive(persons []id.ID, said map[id.ID]string) {
	head := e.sheet.Head()
	for person, role := range said {
		if role == "head" && e.sheet.Member(person) != nil {
			head = e.sheet.Member(person)
		}
	}
	for _, person := range persons {
		m := e.sheet.Member(person)
		if m == nil {
			continue
		}
		role := said[person]
		if role == "" && head != nil && head.Person != person {
			role = e.sheet.tieTo(head, m)
		}
		if checkCode(Role, role, true) != nil {
			e.wrong.Add("roles", fault.Invalid("registry.role_needed", "name", e.sheet.text(m, FullName)))
			continue
		}
		e.set(m, Role, TextValue(role))
	}
}
