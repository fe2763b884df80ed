package matching

import (
	"errors"
	"slices"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/names"
	"sanad/platform/store"
)

// The kinds of task that links open.
const (
	TaskTwoPlaces    = "two_places"    // persons of this household are in another one too
	TaskPossibleSame = "possible_same" // somebody without number may be somebody elsewhere
)

// Holders are the persons who had certain national numbers before a chunk of an
// import; see Look.
type Holders map[string][]subject

// subject is a person as far as identity goes, with her household.
type subject struct {
	person       id.ID
	house        *house
	name, number string
	birth        calendar.Date
	own, family  int64 // codes of the name
}

// house is a household as far as identity goes.
type house struct {
	id           id.ID
	branch, file string
}

// Look finds who has national numbers already, all in a few questions; a bulk
// import asks before it writes. It is answered within the program and shown to
// nobody.
func (m *Memory) Look(tx *store.Tx, numbers []string) (Holders, error) {
	found := Holders{}
	if journal.Self(tx).Role == journal.RoleBranch {
		return found, nil
	}
	if err := m.refresh(tx); err != nil {
		return nil, err
	}
	var values []any
	for _, n := range numbers {
		if m.may(numberKey(n)) {
			values = append(values, n)
		}
	}
	err := tx.EachIn(func(r *store.Row) error {
		s := subject{number: r.Text(), person: r.ID(), name: r.Text(), birth: r.Date(), house: &house{id: r.ID(), branch: r.Text(), file: r.Text()}}
		if !slices.ContainsFunc(found[s.number], func(o subject) bool { return o.person == s.person }) {
			found[s.number] = append(found[s.number], s)
		}
		return r.Err()
	}, `SELECT p.number, p.person, p.name, p.birth, p.household, h.branch, h.file FROM persons p
		JOIN households h ON h.household = p.household WHERE p.number <> '' AND p.number`, values)
	return found, err
}

// Identify links the persons of statements that were just taken in with the same
// persons elsewhere, and asks the branches: the same national number with
// agreeing name and birth is one person; two persons of one household who are
// like two of another in name and day of birth, where somebody has no number, are
// a family in two lists; one person is, where the mother's whole name agrees as
// well; where anybody is found in two households, the others of
// them whose name and birth agree are linked too. The
// same number with another name or birth is a task and never a link. It needs
// access.ImportFiles over the households' branches; at a branch's node it does
// nothing, since the diwan alone sees the country.
//
// It is the last thing that a transaction records; call Kept after its commit.
func (m *Memory) Identify(tx *store.Tx, before Holders, taken []registry.Taken) error {
	if journal.Self(tx).Role == journal.RoleBranch {
		return nil
	}
	if err := mayIdentify(tx, taken); err != nil {
		return err
	}
	f := finding{tx: tx, memory: m, known: before, people: map[id.ID][]subject{}, asked: map[id.ID]bool{}, twins: map[[2]id.ID]*twin{}, sheets: map[id.ID]*registry.Sheet{}, paired: map[[2]id.ID]bool{}}
	var err error
	if f.told, err = anybodyToldApart(tx); err != nil {
		return err
	}
	for i := range taken {
		if !taken[i].Changed {
			continue
		}
		f.sheets[taken[i].Household] = taken[i].Sheet
		people := subjects(&taken[i])
		f.people[taken[i].Household], f.all = people, append(f.all, people...)
		f.byNumber(people)
	}
	if err := f.unnumbered(); err != nil {
		return err
	}
	if err := f.families(); err != nil {
		return err
	}
	if err := f.record(); err != nil {
		return err
	}
	m.learn(tx, f.all)
	return nil
}

func mayIdentify(tx *store.Tx, taken []registry.Taken) error {
	branch := ""
	for i := range taken {
		if taken[i].Sheet.Branch == branch {
			continue
		}
		branch = taken[i].Sheet.Branch
		if err := access.Require(tx, access.ImportFiles, branch); err != nil {
			return err
		}
	}
	return nil
}

// finding gathers what one call finds.
type finding struct {
	tx     *store.Tx
	memory *Memory
	known  Holders
	all    []subject
	people map[id.ID][]subject
	sheets map[id.ID]*registry.Sheet
	pairs  []Pair
	paired map[[2]id.ID]bool
	twins  map[[2]id.ID]*twin // households that share somebody
	order  []*twin
	tasks  []registry.Task
	asked  map[id.ID]bool
	told   bool  // somebody was told apart from somebody
	failed error // the first question that the database did not answer
}

// twin is two households in which one person was found.
type twin struct{ one, other *house }

// byNumber compares a household's persons with those who have their numbers, and
// adds them to those.
func (f *finding) byNumber(people []subject) {
	for _, p := range people {
		if p.number == "" {
			continue
		}
		there := false
		for _, o := range f.known[p.number] {
			switch {
			case o.person == p.person:
				there = true
			case o.house.id == p.house.id:
			case agree(p, o):
				f.link(p, o, SameNumber)
			default:
				f.numberTwice(p, o)
			}
		}
		if !there {
			f.known[p.number] = append(f.known[p.number], p)
		}
	}
}

// agree tells whether two holders of one number can be one person.
func agree(a, b subject) bool {
	return names.Agree(a.name, b.name) != names.Differ && (a.birth == b.birth || a.birth.Before(b.birth) == calendar.Maybe) ||
		registry.SureNamesAgree(a.name, b.name, a.birth, b.birth)
}

func (f *finding) link(a, b subject, reason Reason) {
	p := pairOf(a.person, b.person, reason, "")
	if f.paired[[2]id.ID{p.A, p.B}] || f.toldApart(a, b) {
		return
	}
	f.paired[[2]id.ID{p.A, p.B}] = true
	f.pairs = append(f.pairs, p)
	one, other := a.house, b.house
	if one.id.Compare(other.id) > 0 {
		one, other = other, one
	}
	key := [2]id.ID{one.id, other.id}
	if f.twins[key] == nil {
		f.twins[key] = &twin{one, other}
		f.order = append(f.order, f.twins[key])
	}
}

// toldApart reports whether a person said that two records, or two of those that
// are one human with them, are two humans.
func (f *finding) toldApart(a, b subject) bool {
	if !f.told || f.failed != nil {
		return f.told
	}
	_, err := joined(f.tx, pairOf(a.person, b.person, "", ""))
	if errors.Is(err, fault.Conflict("matching.told_apart")) {
		return true
	}
	f.failed = err
	return err != nil
}

func (f *finding) numberTwice(a, b subject) {
	for _, side := range [][2]subject{{a, b}, {b, a}} {
		here, there := side[0], side[1]
		f.ask(registry.Ask(here.house.id, here.house.branch, registry.TaskNumberTwice, here.person, registry.NationalNumberFact,
			"name", here.name, "number", here.number, "branch", there.house.branch, "file", there.house.file))
	}
}

func (f *finding) ask(t registry.Task) {
	if !f.asked[t.ID] {
		f.asked[t.ID] = true
		f.tasks = append(f.tasks, t)
	}
}

// families compares the remaining members of households that share somebody,
// and asks both branches.
func (f *finding) families() error {
	for _, t := range f.order {
		f.places(t.one, t.other)
		f.places(t.other, t.one)
		one, err := f.members(t.one)
		if err != nil {
			return err
		}
		other, err := f.members(t.other)
		if err != nil {
			return err
		}
		f.rest(one, other)
	}
	return nil
}

func (f *finding) places(here, there *house) {
	f.ask(registry.Ask(here.id, here.branch, TaskTwoPlaces, id.ID{}, "", "branch", there.branch, "file", there.file))
}

func (f *finding) members(h *house) ([]subject, error) {
	if people := f.people[h.id]; people != nil {
		return people, nil
	}
	return store.All(f.tx, func(r *store.Row) subject {
		return subject{house: h, person: r.ID(), name: r.Text(), number: r.Text(), birth: r.Date()}
	}, "SELECT person, name, number, birth FROM persons WHERE household = $1 ORDER BY position", h.id)
}

// rest links members of two households that share somebody: name and birth
// agree, no number says otherwise, and nobody else of either household fits.
func (f *finding) rest(one, other []subject) {
	for _, a := range one {
		fits := slices.DeleteFunc(slices.Clone(other), func(b subject) bool { return !kin(a, b) })
		if len(fits) != 1 {
			continue
		}
		b := fits[0]
		back := slices.DeleteFunc(slices.Clone(one), func(c subject) bool { return !kin(c, b) })
		if len(back) == 1 {
			f.link(a, b, SameFamily)
		}
	}
}

// kin tells whether members of two households that share somebody are one
// person.
func kin(a, b subject) bool {
	if a.number != "" && b.number != "" && a.number != b.number || !agree(a, b) {
		return false
	}
	return a.birth == b.birth && a.birth != calendar.Unknown || names.Agree(a.name, b.name) == names.Same
}

// record keeps what was found and did not stand yet.
func (f *finding) record() error {
	if f.failed != nil {
		return f.failed
	}
	var fresh []Pair
	for _, p := range f.pairs {
		open, err := standing(f.tx, p)
		if err != nil {
			return err
		}
		if !open {
			fresh = append(fresh, p)
		}
	}
	asked, err := f.unasked()
	if err != nil || len(fresh) == 0 && len(asked) == 0 {
		return err
	}
	return journal.Record(f.tx, Linked{Pairs: fresh, Asked: asked, At: f.tx.Now.UnixMicro()})
}

// unasked leaves out the tasks that were opened before: who answered one is not
// asked again.
func (f *finding) unasked() ([]registry.Task, error) {
	values := make([]any, len(f.tasks))
	for i := range f.tasks {
		values[i] = f.tasks[i].ID
	}
	before := map[id.ID]bool{}
	err := f.tx.EachIn(func(r *store.Row) error {
		before[r.ID()] = true
		return r.Err()
	}, "SELECT task FROM tasks WHERE NOT (closed > 0 AND answer = $1) AND task", values, undone)
	return slices.DeleteFunc(f.tasks, func(t registry.Task) bool { return before[t.ID] }), err
}

// Pairs returns how many links stand, by reason, for a report.
func Pairs(tx *store.Tx) (map[Reason]int, error) {
	counts := map[Reason]int{}
	err := tx.Each(func(r *store.Row) error {
		counts[Reason(r.Text())] += int(r.Int())
		return r.Err()
	}, "SELECT reason, count(*) FROM links WHERE until = 0 GROUP BY reason")
	return counts, err
}
