package registry

import (
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"sanad/platform/calendar"
	"sanad/platform/id"
)

// counter mints identifiers that tell when they were minted.
func counter() func() id.ID {
	n := uint32(0)
	return func() id.ID {
		n++
		var made id.ID
		made[0] = 9
		binary.BigEndian.PutUint32(made[12:], n)
		return made
	}
}

var (
	someNames   = []string{"علي سالم عمر الورفلي", "علي سالم عمر", "خالد سالم عمر الورفلي", "مريم سالم عمر الورفلي", "فاطمة محمد أحمد الزوي", "فاطمه محمد احمد الزوي"}
	someMothers = []string{"", "فاطمة محمد أحمد الزوي", "فاطمة", "هدى علي"}
	someBirths  = []calendar.Date{0, calendar.Of(2010, 1, 2), calendar.Of(2010, 0, 0), calendar.Of(2012, 5, 6)}
	someNumbers = []string{"", "", "120100000001", "120120000002"}
	someRoles   = []string{"son", "daughter", "head", "wife"}
)

func drawStatement(t *rapid.T, n int) Statement {
	st := Statement{Branch: "B", File: "7", Source: Source{Kind: Stated, Body: "B", Document: fmt.Sprintf("f%d.csv", n),
		Date: calendar.Of(2026, 1+rapid.IntRange(0, 2).Draw(t, "month"), 5), Import: id.ID{0: 5, 15: byte(n)}}}
	st.Facts = []Claim{{Name: Housing, Value: TextValue(rapid.SampledFrom([]string{"flat", "house"}).Draw(t, "housing"))}}
	seen := map[string]bool{} // a list has nobody twice: intake sees to it
	for range rapid.IntRange(0, 4).Draw(t, "members") {
		m := len(st.Members)
		facts := []Claim{{Name: FullName, Value: TextValue(rapid.SampledFrom(someNames).Draw(t, "name"))},
			{Name: Role, Value: TextValue(rapid.SampledFrom(someRoles).Draw(t, "role"))},
			{Name: Wage, Value: TruthValue(rapid.Bool().Draw(t, "wage"))}}
		if mother := rapid.SampledFrom(someMothers).Draw(t, "mother"); mother != "" {
			facts = append(facts, Claim{Name: MotherName, Value: TextValue(mother)})
		}
		if birth := rapid.SampledFrom(someBirths).Draw(t, "birth"); birth != 0 {
			facts = append(facts, Claim{Name: Birth, Value: DateValue(birth)})
		}
		if number := rapid.SampledFrom(someNumbers).Draw(t, "number"); number != "" {
			facts = append(facts, Claim{Name: NationalNumberFact, Value: TextValue(number)})
		}
		traits := fmt.Sprint(facts)
		if seen[traits] {
			continue
		}
		seen[traits] = true
		if m > 0 {
			facts = append(facts, Claim{Name: Spouse, Member: rapid.IntRange(1, m).Draw(t, "spouse")})
		}
		st.Members = append(st.Members, StatedMember{Facts: facts})
	}
	return st
}

func foldAll(statements []Statement) *Sheet {
	s := &Sheet{Household: id.ID{1, 15: 1}}
	mint := counter()
	for _, st := range statements {
		s, _ = s.State(st, mint)
	}
	return s
}

// plain writes a sheet with its persons named by their place, so that two sheets
// that differ in identifiers only are equal. Members who are alike in every
// other way stand in no order.
func plain(s *Sheet) string {
	var members []string
	for i := range s.Members {
		members = append(members, s.plainFacts(s.Members[i].Facts, true))
	}
	slices.Sort(members)
	return fmt.Sprint(s.Branch, s.File, s.Sources, "\n", s.plainFacts(s.Facts, false), "\n", strings.Join(members, "\n"))
}

func (s *Sheet) plainFacts(facts []Fact, named bool) string {
	var b strings.Builder
	for _, f := range facts {
		value := f.Value
		who := ""
		if m := s.Member(value.Person); named && m != nil {
			who = s.text(m, FullName) + s.text(m, NationalNumberFact)
			value.Person = id.ID{}
		}
		fmt.Fprint(&b, f.Name, value, who, f.From, f.To, f.Sources, "; ")
	}
	parts := strings.Split(b.String(), "; ")
	slices.Sort(parts)
	return strings.Join(parts, "; ")
}

func drawStatements(t *rapid.T) []Statement {
	var list []Statement
	for n := range rapid.IntRange(1, 4).Draw(t, "statements") {
		list = append(list, drawStatement(t, n+1))
	}
	return list
}

func TestSheetDoesNotDependOnTheOrderOfStatements(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawStatements(t)
		one := foldAll(list)
		other := foldAll(rapid.Permutation(list).Draw(t, "order"))
		if plain(one) != plain(other) {
			t.Fatalf("%s\n\nis not\n\n%s", plain(one), plain(other))
		}
	})
}

func TestFirstSheetIsTheSameInBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		st := drawStatement(t, 1)
		household := id.ID{1, 15: 1}
		n := uint64(0)
		want, places := (&Sheet{Household: household}).State(st, func() id.ID { n++; return household.Next(n) })
		st.Prepare(household)
		if !slices.Equal(st.persons, places) || !want.Same(st.first) {
			t.Fatalf("%s\n\nis not\n\n%s", plain(st.first), plain(want))
		}
	})
}

func TestRevertIsAsIfTheStatementNeverCame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := drawStatements(t)
		gone := rapid.IntRange(0, len(list)-1).Draw(t, "gone")
		reverted, held := foldAll(list).Revert(list[gone].Source.Import)
		if !held {
			t.Fatal("the sheet does not hold a statement of its own")
		}
		without := foldAll(slices.Concat(list[:gone], list[gone+1:]))
		if without.Version == 0 {
			if len(reverted.Members) > 0 || len(reverted.Facts) > 0 || len(reverted.Sources) > 0 {
				t.Fatalf("something is left: %s", plain(reverted))
			}
			return
		}
		if plain(reverted) != plain(without) {
			t.Fatalf("%s\n\nis not\n\n%s", plain(reverted), plain(without))
		}
	})
}

func TestEveryStatedPersonIsOnTheSheetOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &Sheet{Household: id.ID{1, 15: 1}}
		mint := counter()
		for _, st := range drawStatements(t) {
			next, persons := s.State(st, mint)
			seen := map[id.ID]bool{}
			for _, p := range persons {
				if next.Member(p) == nil || seen[p] {
					t.Fatalf("%v of %v", p, next.Persons())
				}
				seen[p] = true
			}
			decoded, err := Decode(next.Household, next.Version, next.Encode())
			if err != nil || plain(decoded) != plain(next) {
				t.Fatalf("%v: a sheet does not survive its encoding", err)
			}
			s = next
		}
	})
}

func statedPerson(name, mother, number string, birth calendar.Date) StatedMember {
	facts := []Claim{{Name: FullName, Value: TextValue(name)}}
	if mother != "" {
		facts = append(facts, Claim{Name: MotherName, Value: TextValue(mother)})
	}
	if number != "" {
		facts = append(facts, Claim{Name: NationalNumberFact, Value: TextValue(number)})
	}
	if birth != 0 {
		facts = append(facts, Claim{Name: Birth, Value: DateValue(birth)})
	}
	return StatedMember{Facts: facts}
}

func TestMembersAreKnownAgain(t *testing.T) {
	day, year := calendar.Of(2010, 1, 2), calendar.Of(2010, 0, 0)
	for _, c := range []struct {
		name         string
		first, later StatedMember
		one          bool
	}{
		{"number, another spelling", statedPerson("علي سالم عمر الورفلي", "", "120100000001", day), statedPerson("على سالم عمر", "", "120100000001", day), true},
		{"number, only the year", statedPerson("علي سالم عمر", "", "120100000001", day), statedPerson("علي سالم عمر", "", "120100000001", year), true},
		{"number of somebody else", statedPerson("علي سالم عمر", "", "120100000001", day), statedPerson("خالد سالم عمر", "", "120100000001", day), false},
		{"no number, mother agrees", statedPerson("علي سالم عمر", "هدى علي", "", day), statedPerson("علي سالم عمر", "هدى", "120100000001", day), true},
		{"another mother", statedPerson("علي سالم عمر", "هدى علي", "", day), statedPerson("علي سالم عمر", "مريم حسن", "", day), false},
		{"twins", statedPerson("حسن سالم عمر", "هدى علي", "", day), statedPerson("حسين سالم عمر", "هدى علي", "", day), false},
		{"another birth", statedPerson("علي سالم عمر", "هدى علي", "", day), statedPerson("علي سالم عمر", "هدى علي", "", calendar.Of(2012, 3, 4)), false},
	} {
		var list []Statement
		for n, m := range []StatedMember{c.first, c.later} {
			list = append(list, Statement{Branch: "B", File: "7", Members: []StatedMember{m},
				Source: Source{Kind: Stated, Body: "B", Date: calendar.Of(2026, 1+n, 1), Import: id.ID{15: byte(n + 1)}}})
		}
		if got := len(foldAll(list).Members) == 1; got != c.one {
			t.Errorf("%s: one person is %t", c.name, got)
		}
	}
}

func TestAValueThatComesBackIsAFactOfItsOwn(t *testing.T) {
	var list []Statement
	for n, status := range []string{"single", "single", "married", "single"} {
		m := statedPerson("مريم سالم عمر", "", "220000000001", calendar.Of(2000, 1, 2))
		m.Facts = append(m.Facts, Claim{Name: MaritalStatus, Value: TextValue(status)})
		list = append(list, Statement{Branch: "B", File: "7", Members: []StatedMember{m},
			Source: Source{Kind: Stated, Body: "B", Date: calendar.Of(2026, 1+n, 1), Import: id.ID{15: byte(n + 1)}}})
	}
	slices.Reverse(list)
	s := foldAll(list)
	var got []string
	for _, f := range s.Members[0].Facts {
		if f.Name == MaritalStatus {
			got = append(got, fmt.Sprint(f.Value.Text, f.Sources))
		}
	}
	if want := []string{"single[0 1]", "married[2]", "single[3]"}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
	if f, _ := s.At(s.Members[0].Facts, MaritalStatus, calendar.Of(2026, 3, 15)); f.Value.Text != "married" {
		t.Errorf("in March she is %q", f.Value.Text)
	}
}

func TestWhatWasEnteredStaysWhenAListIsTakenBack(t *testing.T) {
	st := Statement{Branch: "B", File: "7", Members: []StatedMember{statedPerson("مريم سالم عمر", "", "", calendar.Of(2000, 1, 2))},
		Source: Source{Kind: Stated, Body: "B", Date: calendar.Of(2026, 1, 1), Import: id.ID{15: 1}}}
	s := foldAll([]Statement{st})
	at := s.AddSource(Source{Kind: Documented, Body: "B", Document: "عقد 5", Date: calendar.Of(2026, 2, 1)})
	s.Members[0].Facts = append(s.Members[0].Facts, Fact{Name: MaritalStatus, Value: TextValue("married"), From: calendar.Of(2026, 2, 1), Sources: []int{at}})
	person := s.Members[0].Person
	after, _ := s.Revert(st.Source.Import)
	if m := after.Member(person); m == nil || len(m.Facts) != 1 || m.Facts[0].Value.Text != "married" || len(after.Sources) != 1 {
		t.Fatalf("%+v", after)
	}
	again, persons := after.State(st, counter())
	if len(again.Members) != 2 || persons[0] == person {
		t.Logf("a marriage alone does not say who she is: %+v", again.Members)
	}
}
