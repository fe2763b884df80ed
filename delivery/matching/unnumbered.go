package matching

import (
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/names"
	"sanad/platform/store"
)

// Who has no national number yet is compared by name and day of birth. One such
// likeness is a question for the branches, unless the mother's whole name agrees
// as well; two in the same two households are a
// family that stands in two lists.

// likeness is two persons of two households, one without number, with one name
// and one day of birth.
type likeness struct{ here, there subject }

// unnumbered finds likenesses of the sheets' persons with anybody else.
func (f *finding) unnumbered() error {
	alike := &likenesses{of: map[[2]id.ID][]likeness{}}
	type call struct {
		own, family int64
		birth       calendar.Date
	}
	here := map[call][]*subject{}
	var without, with []*subject
	for i := range f.all {
		p := &f.all[i]
		if p.birth.Precision() != calendar.PrecisionDay || p.name == "" {
			continue
		}
		key := call{p.own, p.family, p.birth}
		for _, o := range here[key] {
			alike.add(*p, *o)
		}
		here[key] = append(here[key], p)
		switch {
		case p.number == "" && f.memory.may(p.likeKey(true)):
			without = append(without, p)
		case p.number != "" && f.memory.may(p.likeKey(false)):
			with = append(with, p)
		}
	}
	if err := f.withoutNumber(without, alike); err != nil {
		return err
	}
	if err := f.withNumber(with, alike); err != nil {
		return err
	}
	return f.settle(alike)
}

const likeColumns = `SELECT p.person, p.name, p.number, p.birth, p.own_code, p.family_code, p.household, h.branch, h.file FROM persons p
	JOIN households h ON h.household = p.household WHERE `

func scanLike(r *store.Row) subject {
	return subject{person: r.ID(), name: r.Text(), number: r.Text(), birth: r.Date(), own: r.Int(), family: r.Int(),
		house: &house{id: r.ID(), branch: r.Text(), file: r.Text()}}
}

// withoutNumber looks for everybody who is like persons without number.
func (f *finding) withoutNumber(people []*subject, alike *likenesses) error {
	args := make([][]any, len(people))
	for i, p := range people {
		args[i] = []any{p.own, p.family, p.birth}
	}
	return f.tx.Batch(func(i int, r *store.Row) error {
		alike.add(*people[i], scanLike(r))
		return r.Err()
	}, likeColumns+"p.own_code = $1 AND p.family_code = $2 AND p.birth = $3", args)
}

// withNumber looks for persons without number who are like persons with one.
func (f *finding) withNumber(people []*subject, alike *likenesses) error {
	args := make([][]any, len(people))
	for i, p := range people {
		args[i] = []any{p.birth, p.own, p.family}
	}
	return f.tx.Batch(func(i int, r *store.Row) error {
		alike.add(*people[i], scanLike(r))
		return r.Err()
	}, likeColumns+"p.number = '' AND p.birth = $1 AND p.own_code = $2 AND p.family_code = $3", args)
}

// likenesses are kept by the two households, the lower first.
type likenesses struct {
	of    map[[2]id.ID][]likeness
	order [][2]id.ID
}

func (l *likenesses) add(here, there subject) {
	if here.house.id == there.house.id || here.number != "" && there.number != "" || here.birth != there.birth {
		return
	}
	if names.Agree(here.name, there.name) == names.Differ {
		return
	}
	if here.house.id.Compare(there.house.id) > 0 {
		here, there = there, here
	}
	key := [2]id.ID{here.house.id, there.house.id}
	for _, known := range l.of[key] {
		if known.here.person == here.person && known.there.person == there.person {
			return
		}
	}
	if l.of[key] == nil {
		l.order = append(l.order, key)
	}
	l.of[key] = append(l.of[key], likeness{here, there})
}

// settle links families that are alike in two persons or more, and asks about
// single ones.
func (f *finding) settle(alike *likenesses) error {
	var single []likeness
	for _, key := range alike.order {
		list := alike.of[key]
		switch {
		case f.twins[key] != nil:
			// the household shares somebody already: families looks at the rest
		case several(list):
			for _, l := range list {
				f.link(l.here, l.there, SameFamily)
			}
		default:
			single = append(single, list[0])
		}
	}
	return f.possible(single)
}

// several reports two persons or more on both sides.
func several(list []likeness) bool {
	for _, l := range list {
		if l.here.person != list[0].here.person && l.there.person != list[0].there.person {
			return true
		}
	}
	return false
}

// possible links persons with one name, one day of birth and one mother with her
// whole name, and asks about those whose mother is not fully named.
func (f *finding) possible(list []likeness) error {
	for _, l := range list {
		one, err := f.mother(l.here)
		if err != nil {
			return err
		}
		other, err := f.mother(l.there)
		if err != nil {
			return err
		}
		switch {
		case one == "" || other == "" || !registry.MothersAgree(one, other):
			continue
		case whole(one) && whole(other):
			f.link(l.here, l.there, SameMother)
			continue
		case names.Agree(l.here.name, l.there.name) != names.Same || f.toldApart(l.here, l.there):
			continue
		}
		for _, side := range [][2]subject{{l.here, l.there}, {l.there, l.here}} {
			f.ask(registry.Ask(side[0].house.id, side[0].house.branch, TaskPossibleSame, side[0].person, "",
				"name", side[0].name, "branch", side[1].house.branch, "file", side[1].house.file))
		}
	}
	return nil
}

// whole reports a name of three parts or more, which hardly two women share whose
// children share name and day of birth.
func whole(name string) bool { return len(names.Of(name).All) >= 3 }

// mother is the name of a person's mother as it stands.
func (f *finding) mother(p subject) (string, error) {
	sheet := f.sheets[p.house.id]
	if sheet == nil {
		sealed, err := journal.LatestSheet(f.tx, p.house.id)
		if err != nil {
			return "", err
		}
		if sheet, err = registry.Decode(p.house.id, sealed.Version, sealed.Plain); err != nil {
			return "", err
		}
		f.sheets[p.house.id] = sheet
	}
	m := sheet.Member(p.person)
	if m == nil {
		return "", nil
	}
	name, _ := sheet.Now(m.Facts, registry.MotherName)
	return name.Value.Text, nil
}
