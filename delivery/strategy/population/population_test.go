package population

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
)

var day = calendar.Of(2026, 10, 1)

func libya(t testing.TB) *Settings {
	t.Helper()
	s, err := Load(os.DirFS("../../../country/libya"), day)
	if err != nil {
		t.Fatal(err)
	}
	s.Seed = 2026
	return s
}

// counted is what a test counts of a population; shares are in ten-thousandths.
type counted struct {
	persons, households                        int
	male, young, old, disabled, certified      int
	numberless, women, widows, three, twoWives int
	accountless, displaced, returnees          int
	ages                                       [120]int
	sizes                                      [largest + 1]int
	districts                                  map[string]int
	earners                                    [4]int
	incomes                                    []int64
}

func (c *counted) take(h *Household) error {
	c.households++
	c.sizes[len(h.Members)]++
	head := &h.Members[0]
	add(&c.women, head.Female)
	add(&c.widows, head.Female && head.Marital == "widowed")
	add(&c.accountless, head.Account == 0)
	add(&c.displaced, h.Displacement == "displaced")
	add(&c.returnees, h.Displacement == "returnee")
	c.districts[h.District] += len(h.Members)
	wives, earners, three, income := 0, 0, false, int64(0)
	for i := range h.Members {
		m := &h.Members[i]
		c.persons++
		c.ages[m.Age]++
		add(&c.male, !m.Female)
		add(&c.young, m.Age < 15)
		add(&c.old, m.Age >= 65)
		add(&c.disabled, m.Disability != "none")
		add(&c.certified, m.Certified)
		add(&c.numberless, m.Number == 0)
		add(&wives, m.Role == "wife")
		add(&earners, m.Job == "self_employed" || m.Salaried && m.Job != "pensioner")
		three = three || slices.Contains([]string{"mother", "father", "grandson", "granddaughter"}, m.Role)
		income += int64(m.Income)
	}
	add(&c.three, three)
	add(&c.twoWives, wives == 2)
	c.earners[min(earners, 3)]++
	c.incomes = append(c.incomes, income/1000)
	return nil
}

func add(n *int, yes bool) {
	if yes {
		*n++
	}
}

func count(t *testing.T, s *Settings, persons int) *counted {
	t.Helper()
	c := &counted{districts: map[string]int{}}
	if err := Each(t.Context(), s, persons, c.take); err != nil {
		t.Fatal(err)
	}
	slices.Sort(c.incomes)
	return c
}

func (c *counted) median() int {
	upTo := 0
	for age, n := range c.ages {
		if upTo += n; upTo*2 >= c.persons {
			return age
		}
	}
	return 0
}

func TestAPopulationIsLikeTheCountry(t *testing.T) {
	c := count(t, libya(t), 400_000)
	share := func(part, whole int) int { return part * 10_000 / whole }
	var sum int64
	for _, income := range c.incomes {
		sum += income
	}
	t.Logf("seed 2026: %d persons in %d households", c.persons, c.households)
	for _, want := range []struct {
		what           string
		got, low, high int
	}{
		{"mean size in hundredths", c.persons * 100 / c.households, 515, 535},
		{"below 15", share(c.young, c.persons), 2640, 2840},
		{"65 and more", share(c.old, c.persons), 470, 540},
		{"median age", c.median(), 27, 29},
		{"male", share(c.male, c.persons), 4980, 5130},
		{"woman at the head", share(c.women, c.households), 1240, 1360},
		{"widows among them", share(c.widows, c.women), 6500, 6900},
		{"three generations", share(c.three, c.households), 1040, 1280},
		{"second wife", share(c.twoWives, c.households), 150, 230},
		{"disability", share(c.disabled, c.persons), 380, 420},
		{"certified", share(c.certified, c.persons), 165, 195},
		{"without number", share(c.numberless, c.persons), 260, 340},
		{"without account", share(c.accountless, c.households), 1430, 1570},
		{"displaced", share(c.displaced, c.households), 170, 240},
		{"returnees", share(c.returnees, c.households), 850, 1000},
		{"mean income", int(sum) / c.households, 3270, 3490},
		{"first decile", int(c.incomes[c.households/10]), 1200, 1400},
		{"ninth decile", int(c.incomes[c.households*9/10]), 5850, 6350},
		{"nobody earns", share(c.earners[0], c.households), 1500, 1950},
		{"one earns", share(c.earners[1], c.households), 4100, 4900},
		{"two earn", share(c.earners[2], c.households), 2450, 2900},
		{"Tripoli", share(c.districts["LY0211"], c.persons), 1830, 1900},
		{"Ghat", share(c.districts["LY0321"], c.persons), 35, 60},
	} {
		if want.got < want.low || want.got > want.high {
			t.Errorf("%s: %d, not %d to %d", want.what, want.got, want.low, want.high)
		}
	}
	for size := 1; size <= largest; size++ {
		want := libya(t).Figures["household_size"].Values[itoa(size)] * 10
		if got := share(c.sizes[size], c.households); got < want-want/10-12 || got > want+want/10+12 {
			t.Errorf("households of %d: %d in ten thousand, not %d", size, got, want)
		}
	}
}

// lists is a population as its branches write it.
func lists(t *testing.T, s *Settings, persons int) []byte {
	t.Helper()
	var b []byte
	err := Each(t.Context(), s, persons, func(h *Household) error {
		b = s.AppendRows(b, h, h.Index)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestASmallPopulationIsTheBeginningOfALargeOne(t *testing.T) {
	s := libya(t)
	s.Duplicates = 100_000
	small, again, large := lists(t, s, 20_000), lists(t, s, 20_000), lists(t, s, 60_000)
	if !bytes.Equal(small, again) {
		t.Error("the same seed gave two populations")
	}
	if !bytes.HasPrefix(large, small) {
		t.Error("the small one is not the beginning of the large one")
	}
	s.Seed++
	if bytes.Equal(small, lists(t, s, 20_000)) {
		t.Error("another seed gave the same population")
	}
}

func TestNumbersAndAccountsAreWellFormedAndNobodysTwice(t *testing.T) {
	s := libya(t)
	numbers, accounts := map[uint64]bool{}, map[uint64]bool{}
	checked := 0
	err := Each(t.Context(), s, 200_000, func(h *Household) error {
		for i := range h.Members {
			m := &h.Members[i]
			if m.Number != 0 {
				if numbers[m.Number] {
					t.Fatalf("%d was given twice", m.Number)
				}
				numbers[m.Number] = true
				if m.Number/1_000_000%10 != 9 {
					t.Fatalf("the serial of %d is not at the top of the range", m.Number)
				}
			}
			if m.Account != 0 && accounts[m.Account] {
				t.Fatalf("account %d was given twice", m.Account)
			}
			accounts[m.Account] = true
			if checked++; checked < 20_000 {
				wellFormed(t, m)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func wellFormed(t *testing.T, m *Person) {
	t.Helper()
	if m.Number != 0 {
		n, err := registry.ParseNationalNumber(string(appendDigits(nil, m.Number, 12)), day)
		if err != nil || (n.Sex() == registry.Female) != m.Female || n.BirthYear() != m.Born.Year() {
			t.Fatalf("%d of somebody born %s: %v", m.Number, m.Born, err)
		}
	}
	if m.Account != 0 {
		if _, err := registry.ParseIBAN(string(AppendIBAN(nil, m.Account))); err != nil {
			t.Fatal(err)
		}
	}
	if m.Phone != 0 {
		if _, err := registry.ParsePhone(string(appendDigits(nil, m.Phone, 10))); err != nil {
			t.Fatal(err)
		}
	}
	if age, _ := calendar.AgeOn(m.Born, day); age != m.Age {
		t.Fatalf("born %s and %d years old", m.Born, m.Age)
	}
}

func TestPlantedDuplicatesAreAsManyAsAskedForAndTheirTruthIsKnown(t *testing.T) {
	s := libya(t)
	s.Duplicates, s.Rings = 100_000, 9
	folder := t.TempDir()
	done, err := s.Write(t.Context(), 150_000, folder)
	if err != nil {
		t.Fatal(err)
	}
	if share := done.Repeated * 1000 / done.Persons; share < 85 || share > 115 {
		t.Errorf("%d of %d records repeat another", done.Repeated, done.Persons)
	}
	truth, pairs := rows(t, folder, "truth/truth.csv"), rows(t, folder, "truth/truth_pairs.csv")
	if len(truth) != done.Persons+1 {
		t.Errorf("the truth speaks of %d records, not %d", len(truth)-1, done.Persons)
	}
	at := map[string]string{}
	for _, row := range truth[1:] {
		at[row[0]+":"+row[1]] = row[4]
	}
	for _, p := range pairs[1:] {
		if at[p[0]+":"+p[1]] != p[4] || at[p[2]+":"+p[3]] != p[4] {
			t.Fatalf("the pair %v is not one human by the truth", p)
		}
	}
	if len(pairs) <= done.Repeated {
		t.Errorf("%d pairs for %d repeated records", len(pairs)-1, done.Repeated)
	}
	for _, p := range rows(t, folder, "truth/hard_negatives.csv")[1:] {
		if a, b := at[p[0]+":"+p[1]], at[p[2]+":"+p[3]]; a == b || a == "" || b == "" {
			t.Fatalf("the hard negative %v is one human: %s", p, a)
		}
	}
	lines(t, folder, done, at)
}

// lines holds the lists against the truth: as many rows, none without a branch.
func lines(t *testing.T, folder string, done Written, at map[string]string) {
	t.Helper()
	listed := 0
	for _, path := range done.Files {
		list := rows(t, folder, "lists/"+filepath.Base(path))
		listed += len(list) - 1
		for n := range list[1:] {
			if at[filepath.Base(path)+":"+itoa(n+2)] == "" {
				t.Fatalf("row %d of %s is nobody", n+2, path)
			}
		}
	}
	if listed != done.Persons {
		t.Errorf("%d rows for %d persons", listed, done.Persons)
	}
}

func TestAFileWithoutSourcesIsRefused(t *testing.T) {
	for _, file := range []string{"settings: {boys: {value: 3}}", "settings: 3", "\t"} {
		if _, err := parse([]byte(file)); err == nil {
			t.Errorf("%q was accepted", file)
		}
	}
}

func FuzzParse(f *testing.F) {
	good, err := os.ReadFile("../../../country/libya/" + SettingsFile)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("settings: {boys: {source: x, values: {1: 2}}}"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if s, err := parse(raw); err == nil {
			_ = s.tabulate() // refuses, or draws
		}
	})
}

func BenchmarkEach(b *testing.B) {
	for _, duplicates := range []int{0, 100_000} {
		b.Run(itoa(duplicates), func(b *testing.B) {
			s := libya(b)
			s.Duplicates = duplicates
			persons := 0
			for b.Loop() {
				if err := Each(b.Context(), s, 500_000, func(h *Household) error { persons += len(h.Members); return nil }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(persons)/b.Elapsed().Seconds(), "persons/s")
		})
	}
}
