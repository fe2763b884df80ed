package population

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"sanad/platform/names"
)

func itoa(n int) string { return strconv.Itoa(n) }

func rows(t *testing.T, folder, file string) [][]string {
	t.Helper()
	f, err := os.Open(filepath.Join(folder, file))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestNamesAreSkewedAndHaveALongTailOfSpellings(t *testing.T) {
	s := libya(t)
	spellings, first, men := map[string]int{}, 0, 0
	var b []byte
	err := Each(t.Context(), s, 300_000, func(h *Household) error {
		for i := range h.Members {
			m := &h.Members[i]
			b = s.AppendName(b[:0], m)
			for part := range strings.FieldsSeq(string(b)) {
				spellings[part]++
			}
			if !m.Female {
				men++
				add(&first, m.Name[0].text == "محمد")
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d spellings, %d of %d men are called محمد", len(spellings), first, men)
	if len(spellings) < 8_000 {
		t.Errorf("only %d spellings among 300,000 persons", len(spellings))
	}
	for _, other := range []string{"أحمد", "علي", "سالم"} {
		if spellings[other] >= spellings["محمد"] {
			t.Errorf("%s is written more often than محمد", other)
		}
	}
	if share := first * 1000 / men; share < 50 || share > 130 {
		t.Errorf("%d in a thousand men are called محمد", share)
	}
}

func TestHabitsOfClerksLeaveANameWhatItIs(t *testing.T) {
	for _, text := range []string{"أحمد", "فاطمة", "مصطفى", "عبد الله", "بو زيد", "إبراهيم", "الورفلي"} {
		for habit := range 16 {
			written := string(habits([]byte("x "+text), 2, habit&1 > 0, habit&2 > 0, habit&4 > 0, habit&8 > 0))
			if got, want := names.Skeleton(written[2:]), names.Skeleton(text); got != want {
				t.Errorf("%s is no longer %s: %s, not %s", written, text, got, want)
			}
		}
	}
}

func TestMistypedNamesStayText(t *testing.T) {
	var c chance
	changed := 0
	for n := range 5000 {
		c.at(1, forSpelling, uint64(n))
		got := string(mistype([]byte("علي المقريف"), 7, &c))
		if !strings.HasPrefix(got, "علي ") || strings.ContainsRune(got, '\uFFFD') {
			t.Fatalf("%q", got)
		}
		add(&changed, got != "علي المقريف")
	}
	if changed < 4500 {
		t.Errorf("only %d of 5000 names were mistyped", changed)
	}
}
