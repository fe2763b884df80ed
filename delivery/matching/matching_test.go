package matching_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"sanad/delivery/matching"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// person is one member of a household that a test states.
type person struct {
	name, number, mother string
	birth                calendar.Date
}

// state lets a branch state a household and identifies its members.
func state(t testing.TB, j *journal.Journal, branch, file string, day calendar.Date, people ...person) []id.ID {
	t.Helper()
	st := registry.Statement{Branch: branch, File: file, Source: registry.Source{Kind: registry.Stated, Body: branch, Document: branch + ".csv",
		Date: day, Import: id.ID{0: 1, 1: byte(len(file)), 14: branch[0], 15: file[0]}}}
	var numbers []string
	for _, p := range people {
		facts := []registry.Claim{{Name: registry.FullName, Value: registry.TextValue(p.name)}, {Name: registry.Birth, Value: registry.DateValue(p.birth)}}
		if p.number != "" {
			facts = append(facts, registry.Claim{Name: registry.NationalNumberFact, Value: registry.TextValue(p.number)})
			numbers = append(numbers, p.number)
		}
		if p.mother != "" {
			facts = append(facts, registry.Claim{Name: registry.MotherName, Value: registry.TextValue(p.mother)})
		}
		st.Members = append(st.Members, registry.StatedMember{Facts: facts})
	}
	var persons []id.ID
	_, err := j.Write(t.Context(), access.System("test"), func(tx *store.Tx) error {
		memory := &matching.Memory{}
		known, err := memory.Look(tx, numbers)
		if err != nil {
			return err
		}
		taken, err := registry.TakeStatements(tx, []registry.Statement{st})
		if err != nil {
			return err
		}
		persons = taken[0].Persons
		return memory.Identify(tx, known, taken)
	})
	if err != nil {
		t.Fatal(err)
	}
	return persons
}

func sameAs(t testing.TB, j *journal.Journal, p id.ID) []id.ID {
	t.Helper()
	var found []id.ID
	read(t, j, func(tx *store.Tx) (err error) {
		found, err = matching.SameAs(tx, p)
		return err
	})
	return found
}

func uncounted(t testing.TB, j *journal.Journal) map[id.ID]bool {
	t.Helper()
	var found map[id.ID]bool
	read(t, j, func(tx *store.Tx) (err error) {
		found, err = matching.Uncounted(tx)
		return err
	})
	return found
}

func read(t testing.TB, j *journal.Journal, work func(*store.Tx) error) {
	t.Helper()
	if err := j.Read(t.Context(), access.System("test"), work); err != nil {
		t.Fatal(err)
	}
}

func asked(t testing.TB, j *journal.Journal) []string {
	t.Helper()
	var kinds []string
	read(t, j, func(tx *store.Tx) (err error) {
		kinds, err = store.All(tx, (*store.Row).Text, "SELECT kind FROM tasks WHERE closed = 0 AND kind IN ('number_twice', 'two_places', 'possible_same') ORDER BY kind")
		return err
	})
	return kinds
}

var (
	day   = calendar.Of(2026, 10, 5)
	ali   = person{"علي سالم عمر الورفلي", "119800000001", "هدى حسن", calendar.Of(1980, 1, 2)}
	child = person{"مريم علي سالم الورفلي", "220150000002", "سعاد محمد", calendar.Of(2015, 3, 4)}
	baby  = person{"عمر علي سالم الورفلي", "", "سعاد محمد", calendar.Of(2024, 5, 6)}
)

func TestOneNumberWithAgreeingNameAndBirthIsOnePerson(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		a := state(t, j, "B1", "9/2026", day, ali)
		spelt := ali
		spelt.name, spelt.birth = "على سالم عمر", calendar.Of(1980, 0, 0)
		b := state(t, j, "B1", "10/2026", day, spelt)
		if found := sameAs(t, j, a[0]); !slices.Equal(found, b) {
			t.Errorf("%v, not %v", found, b)
		}
		if not := uncounted(t, j); len(not) != 1 || !not[b[0]] {
			t.Error("9/2026 counts before 10/2026")
		}
		if got := asked(t, j); !slices.Equal(got, []string{"two_places", "two_places"}) {
			t.Error(got)
		}
	})
}

func TestLaterStatementCounts(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	a := state(t, j, "B1", "1", day, ali)
	state(t, j, "B2", "1", day+1, ali)
	if !uncounted(t, j)[a[0]] {
		t.Error("the earlier statement counts")
	}
}

func TestOneNumberOfTwoPeopleIsAQuestion(t *testing.T) {
	for _, other := range []person{{"خالد سالم عمر الورفلي", ali.number, "", ali.birth}, {ali.name, ali.number, "", calendar.Of(1981, 1, 2)}} {
		j := journaltest.Open(t, "sqlite")
		a := state(t, j, "B1", "1", day, ali)
		state(t, j, "B2", "1", day, other)
		if found := sameAs(t, j, a[0]); found != nil {
			t.Errorf("%v and %v are one", ali, other)
		}
		if got := asked(t, j); !slices.Equal(got, []string{"number_twice", "number_twice"}) {
			t.Error(got)
		}
	}
}

func TestAFamilyInTwoListsIsLinkedMemberByMember(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		a := state(t, j, "B1", "1", day, ali, child, baby)
		without := ali
		without.number = ""
		b := state(t, j, "B2", "1", day, without, child, baby)
		for i := range a {
			if found := sameAs(t, j, a[i]); !slices.Equal(found, b[i:i+1]) {
				t.Errorf("member %d is %v", i, found)
			}
		}
	})
}

func TestAFamilyWithoutAnyNumberIsKnownByTwoOfIt(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		twin := person{"هدى علي سالم الورفلي", "", "", baby.birth}
		state(t, j, "B1", "1", day, baby, twin)
		state(t, j, "B2", "1", day, baby, twin)
		if len(uncounted(t, j)) != 2 {
			t.Error("the family counts twice")
		}
	})
}

func TestOneLikenessWithoutNumberIsAQuestion(t *testing.T) {
	numbered, step := baby, baby
	numbered.number = "120240000009"
	step.mother = "خديجة محمود"
	for _, c := range []struct {
		one, other person
		want       []string
	}{
		{baby, numbered, []string{"possible_same", "possible_same"}},
		{numbered, baby, []string{"possible_same", "possible_same"}},
		{baby, baby, []string{"possible_same", "possible_same"}},
		{baby, step, nil},
	} {
		j := journaltest.Open(t, "sqlite")
		state(t, j, "B1", "1", day, c.one)
		state(t, j, "B2", "1", day, c.other)
		if got := asked(t, j); !slices.Equal(got, c.want) || len(uncounted(t, j)) > 0 {
			t.Errorf("%v and %v: %v", c.one, c.other, got)
		}
	}
}

func TestAPersonWithoutNumberIsKnownByTheMothersWholeName(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		one := baby
		one.mother = "سعاد محمد حسن المبروك"
		other := one
		other.number, other.mother, other.name = "120240000009", "سعاد محمد حسن", "عمر على سالم الورفلى"
		a, b := state(t, j, "B1", "1", day, one), state(t, j, "B2", "1", day, other)
		if found := sameAs(t, j, a[0]); !slices.Equal(found, b) {
			t.Errorf("%v, not %v", found, b)
		}
		if got := asked(t, j); !slices.Equal(got, []string{"two_places", "two_places"}) {
			t.Error(got)
		}
	})
}

func TestANameMayBeMangledWhereNumberAndDayOfBirthAgree(t *testing.T) {
	for name, same := range map[string]bool{
		"علي سالم عمار الورفلى القديم": true, "على صالح عمر": true, "علي سلم عمر الورفي": true,
		"عالي سالم عمر الورفلي": true, "Ali Salm Omer Alwrfly": true, "علاء سالم عمر الورفلي": false, "خالد سالم عمر الورفلي": false,
	} {
		j := journaltest.Open(t, "sqlite")
		other := ali
		other.name = name
		a := state(t, j, "B1", "1", day, ali)
		state(t, j, "B2", "1", day, other)
		if found := sameAs(t, j, a[0]); (len(found) == 1) != same {
			t.Errorf("%s: %v", name, found)
		}
	}
}

func TestTwinsStayTwo(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	hasan, husayn := baby, baby
	hasan.name, husayn.name = "حسن علي سالم الورفلي", "حسين علي سالم الورفلي"
	state(t, j, "B1", "1", day, ali, hasan)
	state(t, j, "B2", "1", day, ali, husayn)
	if not := uncounted(t, j); len(not) != 1 {
		t.Errorf("%d do not count, only their father should not", len(not))
	}
}

func TestLinkIsUndoneByClosingIt(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		a := state(t, j, "B1", "1", day, ali)
		b := state(t, j, "B2", "1", day, child)
		c := state(t, j, "B3", "1", day, baby)
		journaltest.Write(t, j, func(tx *store.Tx) error { return matching.Link(tx, a[0], b[0], matching.Decided, "5/2026") }, string(access.Operator))
		journaltest.Write(t, j, func(tx *store.Tx) error { return matching.Link(tx, c[0], b[0], matching.Decided, "6/2026") }, string(access.Operator))
		if found := sameAs(t, j, a[0]); len(found) != 2 {
			t.Errorf("through another: %v", found)
		}
		journaltest.Write(t, j, func(tx *store.Tx) error { return matching.Unlink(tx, b[0], a[0], "خطأ") }, string(access.Operator))
		if found := sameAs(t, j, a[0]); found != nil {
			t.Errorf("after undoing: %v", found)
		}
		_, err := j.Write(t.Context(), access.System("test"), func(tx *store.Tx) error { return matching.Unlink(tx, b[0], a[0], "خطأ") })
		if f := fault.Of(err); f == nil || f.Key != "matching.no_link" {
			t.Error(err)
		}
		_, err = j.Write(t.Context(), journaltest.Session(string(access.BranchClerk)), func(tx *store.Tx) error { return matching.Link(tx, a[0], b[0], matching.Decided, "") })
		if f := fault.Of(err); f == nil || f.Kind != fault.KindForbidden {
			t.Error(err)
		}
	})
}

func TestABranchAloneLinksNobody(t *testing.T) {
	j := journaltest.OpenAs(t, "sqlite", journaltest.Node(journal.RoleBranch, "B1"), store.Options{})
	a := state(t, j, "B1", "1", day, ali)
	state(t, j, "B1", "2", day, ali)
	if found := sameAs(t, j, a[0]); found != nil {
		t.Error("a branch decided what only the diwan can know")
	}
}

func TestFileNumbersAreOrderedAsPeopleDo(t *testing.T) {
	want := []string{"", "2", "9/2026", "10/2025", "10/2026", "000011", "11/2026", "A2", "A10"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, matching.CompareFiles)
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		file := rapid.StringMatching(`[0-2/A]{0,4}`)
		a, b, c := file.Draw(t, "a"), file.Draw(t, "b"), file.Draw(t, "c")
		if matching.CompareFiles(a, b) != -matching.CompareFiles(b, a) || (matching.CompareFiles(a, b) == 0) != (a == b) {
			t.Fatalf("%q and %q", a, b)
		}
		if matching.CompareFiles(a, b) < 0 && matching.CompareFiles(b, c) < 0 && matching.CompareFiles(a, c) >= 0 {
			t.Fatalf("%q, %q, %q", a, b, c)
		}
	})
}
