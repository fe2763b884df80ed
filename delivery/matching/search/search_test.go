package search_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"sanad/delivery/matching"
	"sanad/delivery/matching/search"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// someone is a person whom a test states.
type someone struct {
	name, number, phone, mother string
	birth                       calendar.Date
}

func (s someone) facts() []registry.Claim {
	facts := []registry.Claim{{Name: registry.FullName, Value: registry.TextValue(s.name)}}
	for name, text := range map[registry.Name]string{registry.NationalNumberFact: s.number, registry.Phone: tidyPhone(s.phone), registry.MotherName: s.mother} {
		if text != "" {
			facts = append(facts, registry.Claim{Name: name, Value: registry.TextValue(text)})
		}
	}
	if s.birth != calendar.Unknown {
		facts = append(facts, registry.Claim{Name: registry.Birth, Value: registry.DateValue(s.birth)})
	}
	slices.SortFunc(facts, func(a, b registry.Claim) int { return strings.Compare(string(a.Name), string(b.Name)) })
	return facts
}

// tidyPhone is a telephone as the registry keeps it.
func tidyPhone(written string) string {
	phone, _ := registry.ParsePhone(written) // what is none is kept as none
	return string(phone)
}

// state states one household of each list of people and returns its persons.
func state(t testing.TB, j *journal.Journal, branch, file string, day calendar.Date, people ...someone) []id.ID {
	t.Helper()
	return stateAll(t, j, branch, file, day, [][]someone{people})[0]
}

func stateAll(t testing.TB, j *journal.Journal, branch, file string, day calendar.Date, households [][]someone) [][]id.ID {
	t.Helper()
	var statements []registry.Statement
	for n, people := range households {
		name := file
		if n > 0 {
			name = fmt.Sprintf("%s/%d", file, n)
		}
		st := registry.Statement{Branch: branch, File: name, Source: registry.Source{Kind: registry.Stated, Body: branch, Document: branch + ".csv", Date: day,
			Import: id.ID{0: 1, 1: byte(len(file)), 13: byte(day), 14: branch[0], 15: file[0]}}}
		for _, p := range people {
			st.Members = append(st.Members, registry.StatedMember{Facts: p.facts()})
		}
		statements = append(statements, st)
	}
	var persons [][]id.ID
	_, err := j.Write(t.Context(), access.System("test"), func(tx *store.Tx) error {
		taken, err := registry.TakeStatements(tx, statements)
		for _, one := range taken {
			persons = append(persons, one.Persons)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return persons
}

func find(t testing.TB, j *journal.Journal, ix *search.Index, area string, q search.Query) search.Answer {
	t.Helper()
	answer, err := ask(t, j, ix, area, q)
	if err != nil {
		t.Fatalf("%+v: %v", q, err)
	}
	return answer
}

func ask(t testing.TB, j *journal.Journal, ix *search.Index, area string, q search.Query) (answer search.Answer, err error) {
	t.Helper()
	session := store.Session{Actor: id.ID{15: 1}, Purpose: "test", Grants: []store.Grant{{Role: string(access.BranchClerk), Area: area}}}
	err = j.Read(t.Context(), session, func(tx *store.Tx) error {
		answer, err = ix.Find(tx, q)
		return err
	})
	return answer, err
}

func names(a search.Answer) []string {
	var list []string
	for _, h := range a.Hits {
		list = append(list, h.Name)
	}
	return list
}

const (
	derna = "LY010102"
	marj  = "LY010202"
	day   = calendar.Date(2026_10_05)
)

var khadija = someone{"خديجة رمضان سالم المسلاتي", "219850000023", "0912345678", "سالمة علي القماطي", calendar.Of(1985, 3, 4)}

var family = []someone{
	{"عبد السلام عمر سالم الورفلي", "119800000015", "", "فاطمة محمد الزنتاني", calendar.Of(1980, 0, 0)},
	khadija,
	{"آية عبد السلام عمر الورفلي", "", "", "خديجة رمضان المسلاتي", calendar.Of(2015, 7, 1)},
	{"حسن عبد السلام عمر الورفلي", "", "", "خديجة رمضان المسلاتي", calendar.Of(2017, 7, 1)},
	{"حسين عبد السلام عمر الورفلي", "", "", "خديجة رمضان المسلاتي", calendar.Of(2017, 7, 1)},
}

func TestPeopleAreFoundByWhatACitizenSays(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		state(t, j, derna, "12/2026", day, family...)
		ix := search.New()
		for _, c := range []struct {
			q    search.Query
			want string // the first found
			many int
		}{
			{search.Query{Text: "219850000023"}, khadija.name, 1},
			{search.Query{Text: "٢١٩٨٥ ٠٠٠٠٠٢٣"}, khadija.name, 1},
			{search.Query{Text: "0912345678"}, khadija.name, 1},
			{search.Query{Text: "12/2026"}, family[0].name, 5},
			{search.Query{Text: "خديجه المسلاتى"}, khadija.name, 1},
			{search.Query{Text: "المسلاتي سالم خديجة"}, khadija.name, 1},
			{search.Query{Text: "Khadija Ramadan Salem Almislati"}, khadija.name, 1},
			{search.Query{Text: "Slati Khadeja Ramdan"}, khadija.name, 1},
			{search.Query{Text: "خديجة رمضن سالم المسلاتي"}, khadija.name, 1},
			{search.Query{Text: "خدجية رمضان"}, khadija.name, 1},
			{search.Query{Text: "خديج"}, khadija.name, 1},
			{search.Query{Text: "خديجةرمضان المسلاتي"}, khadija.name, 1},
			{search.Query{Text: "عبدالسلام الورفلي"}, family[0].name, 4},
			{search.Query{Text: "عبد السلام 1980"}, family[0].name, 1},
			{search.Query{Text: "حسين عبدالسلام عمر الورفلي"}, family[4].name, 4},
			{search.Query{Text: "الورفلي", Birth: calendar.Of(2015, 0, 0)}, family[2].name, 1},
			{search.Query{Text: "الورفلي", Mother: "Khadija"}, family[2].name, 3},
			{search.Query{Text: "سالم", Mother: "القماطي"}, khadija.name, 1},
			{search.Query{Text: "فاطمة المسلاتي"}, khadija.name, 1},
			{search.Query{Text: "خديجة", Birth: calendar.Of(1990, 1, 1)}, "", 0},
			{search.Query{Text: "زهرة الفرجاني"}, "", 0},
		} {
			answer := find(t, j, ix, derna, c.q)
			if len(answer.Hits) != c.many || c.many > 0 && answer.Hits[0].Name != c.want {
				t.Errorf("%+v: %q, want %d, first %q", c.q, names(answer), c.many, c.want)
			}
		}
	})
}

func TestSearchSaysWhyAPersonWasFound(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	state(t, j, derna, "1", day, family...)
	answer := find(t, j, search.New(), derna, search.Query{Text: "Khadija رمطان سالم المس"})
	if len(answer.Hits) != 1 {
		t.Fatalf("%q", names(answer))
	}
	got := fmt.Sprint(answer.Hits[0].Why)
	want := "[{khadija خديجة sound} {رمطان رمضان slip} {سالم سالم exact} {المس المسلاتي beginning}]"
	if got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
}

func TestANameShowsNobodyOutsideTheActorsArea(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		persons := state(t, j, derna, "1", day, family...)
		ix := search.New()
		if hits := find(t, j, ix, marj, search.Query{Text: "خديجة"}).Hits; len(hits) != 0 {
			t.Error("a name shows people of another branch")
		}
		hits := find(t, j, ix, marj, search.Query{Text: khadija.number}).Hits
		if len(hits) != 1 || hits[0].Person != persons[1] || hits[0].Branch != derna || !hits[0].Outside ||
			hits[0].Number+hits[0].File+hits[0].Mother != "" || !hits[0].Household.IsZero() || hits[0].Birth != 0 {
			t.Errorf("outside: %+v", hits)
		}
		if _, err := ask(t, j, ix, marj, search.Query{Text: "خ"}); fault.Of(err) == nil || fault.Of(err).Key != "search.more_letters" {
			t.Error(err)
		}
	})
}

func TestANewRecordIsFoundAtOnceAndAChangedOneAsItIs(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		ix := search.New()
		if hits := find(t, j, ix, derna, search.Query{Text: "خديجة"}).Hits; len(hits) != 0 {
			t.Fatal("somebody in an empty registry")
		}
		state(t, j, derna, "1", day, khadija)
		if hits := find(t, j, ix, derna, search.Query{Text: "خديجة"}).Hits; len(hits) != 1 {
			t.Fatal("a new record is not found")
		}
		changed := khadija
		changed.name = "خديجة رمضان سالم الفرجاني"
		state(t, j, derna, "1", day+1, changed)
		if hits := find(t, j, ix, derna, search.Query{Text: "خديجة الفرجاني"}).Hits; len(hits) != 1 || hits[0].Name != changed.name {
			t.Errorf("by the new name: %+v", hits)
		}
		if hits := find(t, j, ix, derna, search.Query{Text: "المسلاتي"}).Hits; len(hits) != 0 {
			t.Errorf("by the old name: %+v", hits)
		}
	})
}

func TestRecordsOfOneHumanStandTogether(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		a := state(t, j, derna, "1", day, khadija)
		other := khadija
		other.number, other.name = "", "خديجه رمضان سالم المسلاتى"
		b := state(t, j, marj, "2", day, other)
		ix := search.New()
		if hits := find(t, j, ix, "", search.Query{Text: "خديجة المسلاتي"}).Hits; len(hits) != 2 {
			t.Fatalf("%d before the link", len(hits))
		}
		journaltest.Write(t, j, func(tx *store.Tx) error { return matching.Link(tx, a[0], b[0], matching.Decided, "5/2026") }, string(access.Operator))
		hits := find(t, j, ix, "", search.Query{Text: "خديجة المسلاتي"}).Hits
		if len(hits) != 1 || len(hits[0].Others) != 1 || hits[0].Person == hits[0].Others[0].Person || hits[0].Others[0].File == "" {
			t.Errorf("linked: %+v", hits)
		}
		journaltest.Write(t, j, func(tx *store.Tx) error { return matching.Unlink(tx, a[0], b[0], "خطأ") }, string(access.Operator))
		if hits := find(t, j, ix, "", search.Query{Text: "خديجة المسلاتي"}).Hits; len(hits) != 2 {
			t.Error("the undone link still holds them together")
		}
	})
}

func TestAPlaceNarrowsASearch(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	journaltest.Write(t, j, func(tx *store.Tx) error { return geography.Load(tx, os.DirFS("../../../country/libya")) }, string(access.Operator))
	state(t, j, derna, "1", day, khadija)
	state(t, j, marj, "2", day, khadija)
	ix := search.New()
	for place, want := range map[string]string{derna: derna, "المرج": marj, "Derna": derna, "LY0102": marj} {
		if hits := find(t, j, ix, "", search.Query{Text: "خديجة", Place: place}).Hits; len(hits) != 1 || hits[0].Branch != want {
			t.Errorf("%s: %+v", place, hits)
		}
	}
	if _, err := ask(t, j, ix, "", search.Query{Text: "خديجة", Place: "أطلانطس"}); fault.Of(err) == nil || fault.Of(err).Field != "place" {
		t.Error(err)
	}
}
