package intake_test

import (
	"os"
	"testing"

	"sanad/delivery/intake"
	"sanad/delivery/matching"
	"sanad/platform/access"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

func search(t *testing.T, j *journal.Journal, anew bool) matching.Searched {
	t.Helper()
	model, err := matching.PersonModel(os.DirFS("../../country/libya"))
	if err != nil {
		t.Fatal(err)
	}
	done, err := matching.Search(t.Context(), j, access.System("test"), model, anew)
	if err != nil {
		t.Fatal(err)
	}
	return done
}

func rowPairs(t *testing.T, j *journal.Journal) map[[2]place]intake.RowPair {
	t.Helper()
	found := map[[2]place]intake.RowPair{}
	err := j.Read(t.Context(), access.System("test"), func(tx *store.Tx) error {
		pairs, err := intake.RowPairs(tx)
		for _, p := range pairs {
			a, b := place{p.A.File, p.A.Row}, place{p.B.File, p.B.Row}
			found[[2]place{a, b}], found[[2]place{b, a}] = p, p
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestTheSearchFindsThePairsOfTheSampleAndLeavesTwinsAndNamesakesApart(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		importSample(t, j)
		links := len(clusters(t, j))
		done := search(t, j, false)
		pairs := rowPairs(t, j)
		wanted, right := 0, 0
		for _, line := range table(t, "truth_pairs.csv") {
			wanted++
			if p, found := pairs[[2]place{placeOf(line, "_a"), placeOf(line, "_b")}]; found && p.Verdict == matching.Same {
				right++
			} else {
				t.Logf("missed %v %v %s", placeOf(line, "_a"), placeOf(line, "_b"), line["type"])
			}
		}
		called := 0
		for _, p := range pairs {
			if p.Verdict == matching.Same {
				called++
			}
		}
		called /= 2 // each stands in both orders
		t.Logf("%d persons, %d pairs compared: %d of %d found, %d wrong", done.Persons, done.Report.Compared, right, wanted, called-right)
		if right < wanted*97/100 || called-right > called/1000 {
			t.Errorf("%d of %d found, %d wrong", right, wanted, called-right)
		}
		for _, line := range table(t, "hard_negatives.csv") {
			if p := pairs[[2]place{placeOf(line, "_a"), placeOf(line, "_b")}]; p.Verdict == matching.Same {
				t.Errorf("%v and %v, %s, are called the same", placeOf(line, "_a"), placeOf(line, "_b"), line["type"])
			}
		}
		if now := len(clusters(t, j)); now != links {
			t.Errorf("the search changed links: %d before, %d after", links, now)
		}
	})
}

func TestALaterSearchLooksAtWhatChangedAndFindsTheSame(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	loadCountry(t, j)
	m := mapping(t)
	files := sampleFiles(t)
	for _, path := range files[:len(files)-6] {
		take(t, j, path, intake.Options{Mapping: m})
	}
	first := search(t, j, false)
	if first.Changed != first.Persons {
		t.Errorf("the first search looked at %d of %d", first.Changed, first.Persons)
	}
	for _, path := range files[len(files)-6:] {
		take(t, j, path, intake.Options{Mapping: m})
	}
	second := search(t, j, false)
	if second.Changed == 0 || second.Changed >= second.Persons/2 {
		t.Errorf("the second search looked at %d of %d", second.Changed, second.Persons)
	}
	step := rowPairs(t, j)
	whole := search(t, j, true)
	t.Logf("%d persons of %d changed; %d and %d matches", second.Changed, second.Persons, second.Matches, whole.Matches)
	differ := 0
	for key, p := range rowPairs(t, j) {
		if step[key].Verdict != p.Verdict {
			differ++
		}
	}
	if differ > whole.Matches/50 {
		t.Errorf("%d pairs of %d differ between a search in steps and one of the whole", differ/2, whole.Matches)
	}
	third := search(t, j, false)
	if third.Changed != 0 || third.Matches != whole.Matches {
		t.Errorf("with nothing new: %d looked at, %d matches of %d stand", third.Changed, third.Matches, whole.Matches)
	}
}
