package linkage

import (
	"slices"
	"testing"
)

// The goals are what the better of two well-known programs reaches on the public
// sets of the same make.
func TestInventedPeopleAreFoundWithoutANumber(t *testing.T) {
	const half = "decide: {same: 0.5}\n"
	for _, c := range []struct {
		name                        string
		seed                        uint64
		originals, duplicates, each int
		two                         bool
		model                       string
		goal                        float64
	}{
		{"one duplicate each", 1, 500, 500, 1, false, inventedModel + half, 0.9990},
		{"up to five duplicates", 2, 2000, 3000, 5, false, inventedModel + half, 0.9938},
		{"two files", 3, 3000, 3000, 1, true, inventedModel + half, 0.9987},
		{"two files, one to one", 3, 3000, 3000, 1, true, inventedModel + half + "one_to_one: yes\n", 0.9987},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := newInventor(c.seed)
			first, second := v.set(c.originals, c.duplicates, c.each, 8)
			m, r, _ := linkInvented(t, c.model, first, second, c.two)
			t.Logf("seed %d: %+v, F1 %.4f; expected precision %d, recall %d millionths; %d pairs compared", c.seed, m, m.f1(), r.Report.Right, r.Report.Found, r.Report.Compared)
			if m.f1() < c.goal {
				t.Errorf("F1 %.4f, less than %.4f", m.f1(), c.goal)
			}
			if c.model != inventedModel+half && m.wrong > 0 {
				t.Errorf("%d wrong pairs", m.wrong)
			}
		})
	}
}

func TestTheSameRecordsGiveTheSamePairs(t *testing.T) {
	var before []Pair
	for round := range 3 {
		v := newInventor(4)
		first, second := v.set(400, 400, 3, 8)
		_, r, _ := linkInvented(t, inventedModel, first, second, false)
		if round > 0 && !slices.Equal(before, r.Pairs) {
			t.Fatal("another run gives other pairs")
		}
		before = r.Pairs
	}
	if len(before) < 300 {
		t.Errorf("%d pairs", len(before))
	}
}
