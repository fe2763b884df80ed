package registry_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
)

// listed is a sheet with a head and a son, of two lists and a paper between.
func listed() *registry.Sheet {
	household := id.ID{5: 1, 6: 0x70, 8: 0x80}
	s := &registry.Sheet{Household: household, Version: 1, Branch: derna, File: "12", Sources: []registry.Source{
		{Kind: registry.Stated, Body: derna, Document: "a.csv", Date: 20260901, Import: id.ID{1}},
		{Kind: registry.Documented, Body: derna, Document: "certificate", Date: 20260915},
		{Kind: registry.Stated, Body: derna, Document: "b.csv", Date: 20261001, Import: id.ID{2}}}}
	for i, role := range []string{"head", "son"} {
		m := registry.Member{Person: household.Next(uint64(i + 1))}
		for name, value := range map[registry.Name]registry.Value{registry.Role: registry.TextValue(role), registry.SexFact: registry.TextValue("male"),
			registry.FullName: registry.TextValue([]string{"سالم مفتاح علي الورفلي", "علي سالم مفتاح الورفلي"}[i]), registry.Birth: registry.DateValue(calendar.Of(1980+25*i, 0, 0))} {
			m.Facts = append(m.Facts, registry.Fact{Name: name, Value: value, Sources: []int{0, 2}})
		}
		s.Members = append(s.Members, m)
	}
	return s
}

func TestASheetAsksWhatIsInDoubtAndNothingElse(t *testing.T) {
	fact := func(name registry.Name, value registry.Value, source int) registry.Fact {
		return registry.Fact{Name: name, Value: value, Sources: []int{source}}
	}
	text, date := registry.TextValue, registry.DateValue
	say := func(facts ...registry.Fact) func(*registry.Sheet) {
		return func(s *registry.Sheet) { s.Members[1].Facts = append(s.Members[1].Facts, facts...) }
	}
	cases := map[string]struct {
		change func(*registry.Sheet)
		want   []string
	}{
		"nothing":                         {say(), nil},
		"a year and its day":              {say(fact(registry.Birth, date(20050303), 1)), nil},
		"two years of birth":              {say(fact(registry.Birth, date(20040303), 1)), []string{"contradiction birth"}},
		"two spellings":                   {say(fact(registry.FullName, text("على سالم مفتاح الورفلى"), 1)), nil},
		"two names":                       {say(fact(registry.FullName, text("خالد سالم مفتاح الورفلي"), 1)), []string{"name_differs name"}},
		"a change of status":              {say(fact(registry.MaritalStatus, text("single"), 0), fact(registry.MaritalStatus, text("married"), 2)), nil},
		"two on one day":                  {say(fact(registry.MaritalStatus, text("single"), 2), fact(registry.MaritalStatus, text("married"), 2)), []string{"same_day marital_status"}},
		"a list against a paper":          {say(fact(registry.MaritalStatus, text("married"), 1), fact(registry.MaritalStatus, text("single"), 2)), []string{"stated_against_paper marital_status"}},
		"a paper against a list":          {say(fact(registry.MaritalStatus, text("married"), 0), fact(registry.MaritalStatus, text("single"), 1)), nil},
		"two telephones":                  {say(fact(registry.Phone, text("+218912345678"), 2), fact(registry.Phone, text("+218912345679"), 2)), nil},
		"no number":                       {say(fact(registry.UnreadNumber, text("12x"), 2)), []string{"number_unread unread_number"}},
		"a number of a woman":             {say(fact(registry.NationalNumberFact, text("220050000014"), 2)), []string{"number_disagrees sex"}},
		"a number of another year":        {say(fact(registry.NationalNumberFact, text("120040000014"), 2)), []string{"number_disagrees birth"}},
		"disputed":                        {say(fact(registry.CustodyDisputed, registry.TruthValue(true), 2)), []string{"custody_disputed custody_disputed"}},
		"dead, and alive in a later list": {say(fact(registry.Death, date(20260801), 0), fact(registry.Death, registry.NoDate, 2)), []string{"contradiction death"}},
		"alive, and dead in a later list": {say(fact(registry.Death, registry.NoDate, 0), fact(registry.Death, date(20260910), 2)), nil},
		"two heads":                       {say(registry.Fact{Name: registry.Role, Value: text("head"), From: 20261001, Sources: []int{2}}), []string{"two_heads role"}},
		"absent from the last list": {func(s *registry.Sheet) {
			for i := range s.Members[1].Facts {
				s.Members[1].Facts[i].Sources = []int{0}
			}
		}, []string{"member_missing "}},
		"dead before the last list": {func(s *registry.Sheet) {
			for i := range s.Members[1].Facts {
				s.Members[1].Facts[i].Sources = []int{0}
			}
			say(fact(registry.Death, date(20260910), 1))(s)
		}, nil},
		"written twice": {func(s *registry.Sheet) {
			twin := registry.Member{Person: s.Household.Next(9), Facts: slices.Clone(s.Members[1].Facts)}
			for i := range twin.Facts {
				if twin.Facts[i].Name == registry.Birth {
					twin.Facts[i].Value = s.Members[1].Facts[i].Value
				}
			}
			s.Members = append(s.Members, twin)
		}, []string{"member_twice "}},
		"nobody heads": {func(s *registry.Sheet) {
			s.Members[0].Facts = append(s.Members[0].Facts, fact(registry.Death, date(20260910), 2))
		}, []string{"no_head role"}},
	}
	for name, c := range cases {
		s := listed()
		c.change(s)
		var got []string
		for _, task := range registry.Tasks(s) {
			got = append(got, task.Kind+" "+string(task.Fact))
		}
		slices.Sort(got)
		if d := cmp.Diff(c.want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// What is asked follows from what stands on the sheet, not from the order in
// which it was learnt.
func TestTasksDoNotDependOnTheOrderOfFacts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := listed()
		for i, status := range rapid.SliceOfN(rapid.SampledFrom([]string{"single", "married", "divorced"}), 0, 4).Draw(t, "statuses") {
			s.Members[1].Facts = append(s.Members[1].Facts, registry.Fact{Name: registry.MaritalStatus, Value: registry.TextValue(status), Sources: []int{i % 3}})
		}
		ids := func(s *registry.Sheet) (all []string) {
			for _, task := range registry.Tasks(s) {
				all = append(all, task.ID.String())
			}
			slices.Sort(all)
			return all
		}
		shuffled := s.Clone()
		shuffled.Members[1].Facts = rapid.Permutation(shuffled.Members[1].Facts).Draw(t, "order")
		if d := cmp.Diff(ids(s), ids(shuffled)); d != "" {
			t.Error(d)
		}
	})
}
