package policy

import (
	"strings"
	"testing"

	"sanad/delivery/registry"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/money"
	"sanad/platform/store"
)

// A trial owes each family what a run would, also where there is not enough for
// all, and leaves nothing behind.
func TestATrialOwesWhatARunDoes(t *testing.T) {
	body := strings.NewReplacer("UNIT", "household", "UNVERIFIED", "no", "EXAMPLES", pair3("", "      mona: {person: due 100 to father}\n"), "TERMS",
		"ranking: {name: {ar: ترتيب, en: order}, article: act#one, by: 'household.members.count(m, true)', first: highest, budget: budget}").Replace(relief)
	body = strings.Replace(body, "en: budget}, unit: LYD, basis: act#one, values: {2020-01-01: 300}", "en: budget}, unit: LYD, basis: act#one, values: {2020-01-01: 900}", 1)
	ranked, err := Read("relief.yaml", body)
	if err != nil {
		t.Fatal(err)
	}
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		for n := range byte(6) {
			members := []string{"role=head sex=male birth=1975-04-02 marital_status=married"}
			for range n%3 + 1 {
				members = append(members, "role=son sex=male birth=2015-03-01")
			}
			if n == 5 {
				members[1] += " mother=" + id.ID{0: 9}.String() // who is on no sheet
			}
			keep(t, j, family(id.ID{0: n + 1}, members...))
		}
		for _, p := range []*Programme{grant(t), ranked} {
			tried := tries(t, j, p)
			s, err := Run(t.Context(), j, journaltest.Session("operator"), p, october, nil)
			if err != nil {
				t.Fatal(err)
			}
			var ran money.Amount
			for _, tally := range s.Lines {
				ran += tally.Amount
			}
			if tried != ran || ran == 0 {
				t.Errorf("%s: a trial owes %v, the run %v", p.ID, tried, ran)
			}
		}
	})
}

// tries is what a trial comes to; it must leave no entry.
func tries(t *testing.T, j *journal.Journal, p *Programme) money.Amount {
	t.Helper()
	var sums []*money.Amount
	err := j.Read(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) error {
		return Try(t.Context(), tx, []Case{{p, october}}, nil, func() Taker {
			sum := new(money.Amount)
			sums = append(sums, sum)
			return func(_ *registry.Sheet, lines [][]Line) error {
				for _, l := range lines[0] {
					*sum += l.Amount
				}
				return nil
			}
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	total := money.Amount(0)
	for _, sum := range sums {
		total += *sum
	}
	return total
}
