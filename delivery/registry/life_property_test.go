package registry_test

import (
	"bytes"
	"context"
	"testing"

	"pgregory.net/rapid"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// world is what a test remembers of the households that it made: every version
// of their sheets as it was told.
type world struct {
	j        *journal.Journal
	versions map[id.ID][][]byte
	order    []id.ID
	told     int // events that were accepted
}

func (w *world) tell(sheets ...*registry.Sheet) {
	for _, s := range sheets {
		if s == nil {
			continue
		}
		if w.versions[s.Household] == nil {
			w.order = append(w.order, s.Household)
		}
		for int64(len(w.versions[s.Household])) < s.Version-1 { // a transfer makes two versions at once
			w.versions[s.Household] = append(w.versions[s.Household], nil)
		}
		w.versions[s.Household] = append(w.versions[s.Household], s.Encode())
	}
}

func (w *world) sheet(t *rapid.T, label string) *registry.Sheet {
	household := rapid.SampledFrom(w.order).Draw(t, label)
	s, err := registry.Decode(household, int64(len(w.versions[household])), w.versions[household][len(w.versions[household])-1])
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// step lets something happen to a household: a refusal is an answer too, and
// must change nothing; an internal error is not.
func (w *world) step(t *rapid.T) {
	s := w.sheet(t, "household")
	if len(s.Members) == 0 {
		return
	}
	verb := someEvent(t, s, w.sheet(t, "other household"))
	var done registry.Changed
	_, err := w.j.Write(context.Background(), journaltest.Session("supervisor"), func(tx *store.Tx) (err error) {
		done, err = verb(tx)
		return err
	})
	switch {
	case err == nil:
		w.told++
		w.tell(done.Sheet, done.Other)
	case fault.Of(err) == nil || fault.Of(err).Key == "store.changed":
		t.Fatalf("not a refusal: %v", err)
	}
}

func someDay(t *rapid.T) calendar.Date {
	year := rapid.IntRange(2024, 2026).Draw(t, "year")
	month := rapid.IntRange(0, 10).Draw(t, "month")
	if month == 0 {
		return calendar.Of(year, 0, 0)
	}
	return calendar.Of(year, month, rapid.IntRange(1, 28).Draw(t, "day"))
}

func someMember(t *rapid.T, s *registry.Sheet, label string) id.ID {
	if len(s.Members) == 0 {
		return id.ID{15: 9}
	}
	return s.Members[rapid.IntRange(0, len(s.Members)-1).Draw(t, label)].Person
}

type event = func(*store.Tx) (registry.Changed, error)

func someEvent(t *rapid.T, s, other *registry.Sheet) event {
	c, one, two := change(s, someDay(t)), someMember(t, s, "one"), someMember(t, s, "two")
	guest := someMember(t, other, "guest")
	roles := map[id.ID]string{}
	for _, m := range append(s.Members, other.Members...) {
		roles[m.Person] = rapid.SampledFrom([]string{"", "son", "daughter", "other_relative"}).Draw(t, "role")
	}
	events := map[string]event{
		"birth": func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordBirth(tx, registry.NewChild{Change: c, Name: "ولد سالم مفتاح الورفلي", Sex: registry.Male, Father: one, Mother: two, Role: "grandson"})
		},
		"death": func(tx *store.Tx) (registry.Changed, error) { return registry.RecordDeath(tx, c, one) },
		"marriage": func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordMarriage(tx, registry.Marriage{Change: c, Person: one, Spouse: guest, Household2: other.Household, Version2: other.Version, Home: registry.HomeThere})
		},
		"own home": func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordMarriage(tx, registry.Marriage{Change: c, Person: one, Home: registry.HomeHere, NewSpouse: registry.NewMember{Name: "مريم علي سالم", Role: "other_relative"}})
		},
		"divorce": func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordDivorce(tx, registry.Divorce{Change: c, Person: one, Custody: []registry.Custody{{Child: two, Custodian: one, Paper: registry.InterimOrder}}})
		},
		"salary": func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordSalary(tx, registry.Salary{Change: c, Person: one, Kind: rapid.SampledFrom(registry.SalaryKinds).Draw(t, "kind"), From: c.On})
		},
		"departure": func(tx *store.Tx) (registry.Changed, error) { return registry.RecordDeparture(tx, c, []id.ID{one}) },
		"return":    func(tx *store.Tx) (registry.Changed, error) { return registry.RecordReturn(tx, c, []id.ID{one}) },
		"missing": func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordAbsence(tx, c, one, registry.Missing)
		},
		"head": func(tx *store.Tx) (registry.Changed, error) {
			return registry.ChangeHead(tx, registry.HeadChange{Change: c, Head: one, Roles: roles})
		},
		"split": func(tx *store.Tx) (registry.Changed, error) {
			return registry.SplitHousehold(tx, registry.Split{Change: c, Head: one, Others: []id.ID{two}, Roles: roles})
		},
		"join": func(tx *store.Tx) (registry.Changed, error) {
			return registry.JoinHouseholds(tx, registry.Join{Change: c, Into: other.Household, IntoVersion: other.Version, Roles: roles})
		},
		"move": func(tx *store.Tx) (registry.Changed, error) {
			return registry.MoveHousehold(tx, registry.Move{Change: c, Area: rapid.SampledFrom([]string{derna, marj}).Draw(t, "area")})
		},
		"number": func(tx *store.Tx) (registry.Changed, error) { return registry.IssueNumber(tx, c, one, "219850000023") },
		"correction": func(tx *store.Tx) (registry.Changed, error) {
			return registry.Correct(tx, registry.Correction{Change: c, Person: one, Fact: registry.SexFact, Value: registry.TextValue("female")})
		},
	}
	names := []string{"birth", "death", "marriage", "own home", "divorce", "salary", "departure", "return", "missing", "head", "split", "join", "move", "number", "correction"}
	return events[rapid.SampledFrom(names).Draw(t, "event")]
}

// TestWhateverHappensEveryPersonStandsOnOneSheet lets families live for a while
// and holds what must be true after anything.
func TestWhateverHappensEveryPersonStandsOnOneSheet(t *testing.T) {
	for engine, other := range map[string]string{"sqlite": "postgres", "postgres": "sqlite"} {
		t.Run(engine, func(t *testing.T) {
			w := &world{j: journaltest.Open(t, engine), versions: map[id.ID][][]byte{}}
			withCountry(t, w.j)
			rapid.Check(t, func(rt *rapid.T) {
				w.order = nil // each life has families of its own
				for range 2 {
					w.tell(register(t, w.j, family()).Sheet)
				}
				for range rapid.IntRange(1, 8).Draw(rt, "events") {
					w.step(rt)
				}
				w.check(rt, w.order)
			})
			if w.told < 50 {
				t.Errorf("only %d events were accepted: the test says nothing", w.told)
			}
			w.rebuilt(t, other)
		})
	}
}

// check compares rows and old versions with what was told.
func (w *world) check(t *rapid.T, households []id.ID) {
	seen := map[id.ID]id.ID{}
	err := w.j.Read(context.Background(), journaltest.Session("supervisor"), func(tx *store.Tx) error {
		for _, household := range households {
			versions := w.versions[household]
			for i, plain := range versions {
				s, err := registry.HouseholdVersion(tx, household, int64(i+1))
				if err != nil || plain != nil && !bytes.Equal(s.Encode(), plain) {
					t.Fatalf("version %d is not as it was told: %v", i+1, err)
				}
			}
			s, err := registry.Household(tx, household)
			if err != nil || s.Version != int64(len(versions)) {
				t.Fatalf("the last version is %v, told were %d: %v", s, len(versions), err)
			}
			w.rows(t, tx, s, seen)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) rows(t *rapid.T, tx *store.Tx, s *registry.Sheet, seen map[id.ID]id.ID) {
	row, err := registry.SummaryOf(tx, s.Household)
	if err != nil || row.Version != s.Version || row.Members != len(s.Members) || row.Branch != s.Branch || row.File != s.File {
		t.Fatalf("row %+v, sheet of version %d with %d members: %v", row, s.Version, len(s.Members), err)
	}
	type person struct {
		id     id.ID
		number string
		dead   bool
	}
	rows, err := store.All(tx, func(r *store.Row) person { return person{r.ID(), r.Text(), r.Bool()} },
		"SELECT person, number, dead FROM persons WHERE household = $1 ORDER BY position", s.Household)
	if err != nil || len(rows) != len(s.Members) {
		t.Fatalf("%d rows, %d members: %v", len(rows), len(s.Members), err)
	}
	for i, m := range s.Members {
		if where, twice := seen[m.Person]; twice {
			t.Fatalf("%v stands on %v and %v", m.Person, where, s.Household)
		}
		seen[m.Person] = s.Household
		number, _ := s.Now(m.Facts, registry.NationalNumberFact)
		death, _ := s.Now(m.Facts, registry.Death)
		if want := (person{m.Person, number.Value.Text, death.Value.Number == 1}); rows[i] != want {
			t.Fatalf("row %+v, sheet %+v", rows[i], want)
		}
	}
}

// rebuilt replays the journal into the other engine.
func (w *world) rebuilt(t *testing.T, engine string) {
	kinds := journal.NewCatalogue(journal.Kinds, geography.Kinds, registry.Kinds)
	tables := append(append([]*store.Table{}, geography.Tables...), registry.Tables...)
	into := journaltest.Open(t, engine)
	done, err := w.j.Rebuild(t.Context(), into, kinds, append(tables, journal.Tables...), nil)
	if err != nil || len(done.Differ) > 0 {
		t.Errorf("rebuilt %+v: %v", done, err)
	}
}
