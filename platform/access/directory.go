package access

import (
	"slices"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

const personColumns = "id, name, login, disabled"

func scanPerson(r *store.Row) Person {
	return Person{ID: r.ID(), Name: r.Text(), Login: r.Text(), Disabled: r.Bool()}
}

// Find returns a person with her grants, or the fault "access.no_person".
func Find(tx *store.Tx, person id.ID) (Person, error) {
	p, found, err := store.One(tx, scanPerson, "SELECT "+personColumns+" FROM people WHERE id = $1", person)
	if err != nil {
		return Person{}, err
	}
	if !found {
		return Person{}, fault.NotFound("access.no_person", "name", person.String())
	}
	p.Grants, err = grantsOf(tx, person)
	return p, err
}

// Named returns the person with a login or, where nobody has it, with a name,
// in any spelling; two of one name are the fault "access.two_of_that_name".
func Named(tx *store.Tx, name string) (Person, error) {
	for _, column := range []string{"login_key", "name_key"} {
		found, err := store.All(tx, scanPerson, "SELECT "+personColumns+" FROM people WHERE "+column+" = $1 ORDER BY id", nameKey(name))
		if err != nil {
			return Person{}, err
		}
		switch len(found) {
		case 0:
			continue
		case 1:
			found[0].Grants, err = grantsOf(tx, found[0].ID)
			return found[0], err
		}
		return Person{}, fault.Conflict("access.two_of_that_name", "name", name)
	}
	return Person{}, fault.NotFound("access.no_person", "name", name)
}

// Actor returns the session of a named person, for the command line (--as
// NAME): her grants and no more. Who is disabled cannot act.
func Actor(tx *store.Tx, name string) (store.Session, error) {
	p, err := Named(tx, name)
	if err != nil {
		return store.Session{}, err
	}
	if p.Disabled {
		return store.Session{}, fault.Forbidden("access.disabled", "name", p.Name)
	}
	return store.Session{Actor: p.ID, Grants: p.Grants}, nil
}

// People returns the staff whose work lies in an area where the actor may see
// them, by name.
func People(tx *store.Tx) ([]Person, error) {
	if !Holds(tx, SeePeople) {
		return nil, notAllowed(SeePeople)
	}
	all, err := store.All(tx, scanPerson, "SELECT "+personColumns+" FROM people ORDER BY name_key, id")
	if err != nil {
		return nil, err
	}
	grants := map[id.ID][]store.Grant{}
	err = tx.Each(func(r *store.Row) error {
		person := r.ID()
		grants[person] = append(grants[person], store.Grant{Role: r.Text(), Area: r.Text()})
		return r.Err()
	}, "SELECT person, role, area FROM people_roles ORDER BY person, role, area")
	if err != nil {
		return nil, err
	}
	var seen []Person
	for _, p := range all {
		p.Grants = grants[p.ID]
		if visible(tx, p) {
			seen = append(seen, p)
		}
	}
	return seen, nil
}

func visible(tx *store.Tx, p Person) bool {
	return Require(tx, SeePeople, "") == nil || slices.ContainsFunc(p.Grants, func(g store.Grant) bool { return Require(tx, SeePeople, g.Area) == nil })
}

// Name returns how an actor is called on lists, receipts and timelines; it needs
// no capability, since staff answer for their acts by name.
func Name(tx *store.Tx, actor id.ID) (text.Bilingual, error) {
	if actor == OperatorID || actor.IsZero() {
		return bilingual(Operator.Key()), nil
	}
	name, found, err := store.One(tx, (*store.Row).Text, "SELECT name FROM people WHERE id = $1", actor)
	if err == nil && !found {
		err = fault.NotFound("access.no_person", "name", actor.String())
	}
	return text.Bilingual{Arabic: name, English: name}, err
}

func grantsOf(tx *store.Tx, person id.ID) ([]store.Grant, error) {
	return store.All(tx, func(r *store.Row) store.Grant { return store.Grant{Role: r.Text(), Area: r.Text()} },
		"SELECT role, area FROM people_roles WHERE person = $1 ORDER BY role, area", person)
}
