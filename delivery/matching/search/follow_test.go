package search_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"sanad/delivery/matching/search"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// many invents households whose names lie close together.
func many(households int) [][]someone {
	own := strings.Fields("محمد احمد محمود علي سالم سليم حسن حسين خديجة فاطمة زينب مريم")
	families := strings.Fields("الورفلي الزنتاني المسلاتي القماطي الترهوني")
	var all [][]someone
	for h := range households {
		father, family := own[h%8], families[h%5]
		people := []someone{{name: father + " " + own[h/8%8] + " " + own[h/64%8] + " " + family, birth: calendar.Of(1960+h%30, 0, 0)}}
		for c := range h % 4 {
			people = append(people, someone{name: own[(h+c*5)%12] + " " + father + " " + own[h/8%8] + " " + family, mother: own[8+h%4] + " " + family, birth: calendar.Of(1990+h%30, 1+c, 1+h%28)})
		}
		all = append(all, people)
	}
	return all
}

var questions = []search.Query{
	{Text: "محمد الورفلي"}, {Text: "علي محمد سالم الزنتاني"}, {Text: "القماطي حسن"}, {Text: "Fatma Ali Almislati"}, {Text: "زينب", Mother: "خديجة"},
	{Text: "سليم 1975"}, {Text: "محمود علي حسن الورفل"}, {Text: "خدجية حسين"},
}

// told is what answers say, without identifiers, which differ between databases.
func told(t testing.TB, j *journal.Journal, ix *search.Index) string {
	t.Helper()
	var b strings.Builder
	for _, q := range questions {
		q.Limit = 200
		answer := find(t, j, ix, "", q)
		fmt.Fprintf(&b, "%+v: %v\n", q, answer.More)
		for _, h := range answer.Hits {
			fmt.Fprintln(&b, h.Name, h.File, h.Birth, h.Mother, h.Why)
		}
	}
	return b.String()
}

func TestBothEnginesAnswerAlike(t *testing.T) {
	var answers []string
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		stateAll(t, j, derna, "1", day, many(150))
		answers = append(answers, told(t, j, search.New()))
	})
	if len(answers) != 2 || answers[0] != answers[1] || strings.Count(answers[0], "\n") < 100 {
		t.Errorf("SQLite:\n%s\nPostgreSQL:\n%s", answers[0], answers[1])
	}
}

// An index that was there all the time answers as one that is read after a crash.
func TestAnIndexThatFollowedAnswersAsOneThatIsReadAnew(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		old := search.New()
		all := many(120)
		stateAll(t, j, derna, "1", day, all[:60])
		told(t, j, old)
		for h := range all[:60] { // every third child is struck from the list, every father is spelt another way
			all[h][0].name = strings.Replace(all[h][0].name, "ي", "ى", 1)
			if len(all[h]) > 2 {
				all[h] = all[h][:2]
			}
		}
		stateAll(t, j, derna, "1", day+1, all)
		if followed, anew := told(t, j, old), told(t, j, search.New()); followed != anew {
			t.Errorf("followed:\n%s\nread anew:\n%s", followed, anew)
		}
	})
}

func TestManySearchWhileOthersRegister(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		ix := search.New()
		var wait sync.WaitGroup
		const rounds = 12
		for n := range 3 {
			wait.Go(func() {
				for range rounds * 4 {
					find(t, j, ix, "", questions[n])
				}
			})
		}
		all := many(rounds * 5)
		for n := range rounds {
			file := fmt.Sprint("R", n)
			stateAll(t, j, derna, file, day, all[n*5:n*5+5])
			who := all[n*5][0]
			if hits := find(t, j, ix, derna, search.Query{Text: file}).Hits; len(hits) == 0 || hits[0].Name != who.name {
				t.Errorf("file %s: %+v", file, hits)
			}
			answer := find(t, j, ix, derna, search.Query{Text: who.name, Limit: 200})
			found := false
			for _, h := range answer.Hits {
				found = found || h.File == file
			}
			if !found {
				t.Errorf("%s of file %s was registered and is not found: %q", who.name, file, names(answer))
			}
		}
		wait.Wait()
	})
}

func TestTheCheckShowsWhoMayBeTheSameAndKeepsQuietOfNamesakes(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		persons := state(t, j, derna, "1", day, family...)
		ix := search.New()
		whole := search.Written{Name: khadija.name, Mother: khadija.mother, Birth: khadija.birth, Number: khadija.number}
		change := func(f func(*search.Written)) search.Written { w := whole; f(&w); return w }
		for _, c := range []struct {
			what  string
			area  string
			w     search.Written
			found bool
		}{
			{"the same", derna, whole, true},
			{"no number, misspelt", derna, change(func(w *search.Written) { w.Number, w.Name = "", "خديجه رمضن سالم المسلاتى" }), true},
			{"Latin, day and month exchanged", derna, change(func(w *search.Written) {
				w.Number, w.Name, w.Birth = "", "Khadija Ramadan Salem Almislati", calendar.Of(1985, 4, 3)
			}), true},
			{"the husband's family", derna, change(func(w *search.Written) { w.Number, w.Name = "", "خديجة رمضان سالم الورفلي" }), true},
			{"the number alone", derna, search.Written{Number: khadija.number}, true},
			{"outside, by name and birth", marj, change(func(w *search.Written) { w.Number = "" }), true},
			{"outside, by name alone", marj, search.Written{Name: khadija.name}, false},
			{"another mother and birth", derna, change(func(w *search.Written) {
				w.Number, w.Mother, w.Birth = "", "زهرة محمود الفرجاني", calendar.Of(1951, 1, 2)
			}), false},
			{"her own record", derna, change(func(w *search.Written) { w.Person = persons[1] }), false},
		} {
			var likely []search.Likely
			session := store.Session{Actor: id.ID{15: 1}, Purpose: "test", Grants: []store.Grant{{Role: string(access.BranchClerk), Area: c.area}}}
			if err := j.Read(t.Context(), session, func(tx *store.Tx) (err error) {
				likely, err = ix.Check(tx, c.w)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if found := len(likely) > 0 && likely[0].Person == persons[1]; found != c.found || !c.found && len(likely) > 0 {
				t.Errorf("%s: %+v", c.what, likely)
			}
			if len(likely) > 0 && c.area == marj && (!likely[0].Outside || likely[0].Number+likely[0].Mother+likely[0].Phone != "" || likely[0].Compared != nil) {
				t.Errorf("%s: says too much: %+v", c.what, likely)
			}
		}
	})
}

func TestTwinsAreShownAsTwo(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	state(t, j, derna, "1", day, family...)
	twin := family[3]
	err := j.Read(t.Context(), access.System("test"), func(tx *store.Tx) error {
		likely, err := search.New().Check(tx, search.Written{Name: twin.name, Mother: twin.mother, Birth: twin.birth})
		if len(likely) == 0 || likely[0].Name != twin.name || likely[0].Compared[0].Verdict != search.Same {
			t.Errorf("%+v", likely)
		}
		for _, l := range likely[1:] {
			if l.Compared[0].Verdict != search.Differs {
				t.Errorf("the other twin is called the same: %+v", l)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
