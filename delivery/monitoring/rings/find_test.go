package rings_test

import (
	"testing"

	"sanad/delivery/monitoring/rings"
	"sanad/platform/calendar"
	"sanad/platform/id"
)

func home(n byte, family uint64) rings.Seen {
	return rings.Seen{Household: id.ID{15: n}, Branch: "LY010102", Place: 7, Family: family, Day: calendar.Of(2026, 9, 1), Numbered: true}
}

func kinds(found []rings.Ring) (list []rings.Kind) {
	for _, r := range found {
		list = append(list, r.Kind)
	}
	return list
}

func TestUnrelatedFamiliesOnOneAccountAreAQuestion(t *testing.T) {
	for name, c := range map[string]struct {
		families []uint64
		asked    bool
	}{
		"three unrelated":        {[]uint64{1, 2, 3}, true},
		"two unrelated":          {[]uint64{1, 2}, false},
		"brothers and a cousin":  {[]uint64{1, 1, 1, 1}, false},
		"brothers and one other": {[]uint64{1, 1, 1, 2}, false},
	} {
		f := &rings.Finder{}
		for i, family := range c.families {
			h := home(byte(i), family)
			h.Accounts = []uint64{99}
			f.Add(h)
		}
		if found := f.Find(); (len(found) == 1) != c.asked {
			t.Errorf("%s: %v", name, found)
		}
	}
}

func TestATelephoneOfAWholeCampIsNoSecret(t *testing.T) {
	f := &rings.Finder{}
	for i := range 80 {
		h := home(byte(i), uint64(i))
		h.Phones = []uint64{5}
		f.Add(h)
	}
	if found := f.Find(); len(found) != 0 {
		t.Errorf("%v", kinds(found))
	}
}

func TestFamiliesThatCameJustBeforeAPaymentAreAsked(t *testing.T) {
	for day, want := range map[calendar.Date]int{calendar.Of(2026, 9, 8): 1, calendar.Of(2026, 8, 31): 0, calendar.Of(2026, 12, 1): 0} {
		f := &rings.Finder{}
		f.PayDay(day)
		for i := range 3 {
			h := home(byte(i), uint64(i))
			h.Phones = []uint64{5}
			f.Add(h)
		}
		found := f.Find()
		if len(found) != want || want == 1 && found[0].Kind != rings.PayDay {
			t.Errorf("paid on %v: %v", day, kinds(found))
		}
	}
}

func TestOneClerkWhoEntersManyWithoutNumbersIsAsked(t *testing.T) {
	build := func(numbered bool, others int) []rings.Ring {
		f := &rings.Finder{}
		for i := range 12 {
			h := home(byte(i), uint64(i))
			h.Clerk, h.Numbered, h.Day = id.ID{15: 200}, numbered, calendar.Of(2026, 9, 1+i/3)
			f.Add(h)
		}
		for i := range others { // the branch as it is
			h := home(byte(100+i), uint64(100+i))
			h.Clerk, h.Place = id.ID{15: 201}, 8
			f.Add(h)
		}
		return f.Find()
	}
	if found := build(false, 100); len(found) != 1 || found[0].Kind != rings.Entry || len(found[0].Households) != 12 {
		t.Errorf("%v", found)
	}
	if found := build(true, 100); len(found) != 0 {
		t.Errorf("they have numbers: %v", found)
	}
	if found := build(false, 0); len(found) != 0 {
		t.Errorf("nobody at this branch has a number: %v", found)
	}
}

func TestARingFoundAgainIsTheSameQuestion(t *testing.T) {
	of := func(households int) id.ID {
		f := &rings.Finder{}
		for i := range households {
			h := home(byte(i), uint64(i))
			h.Accounts = []uint64{99}
			f.Add(h)
		}
		return f.Find()[0].ID
	}
	if of(3) != of(5) {
		t.Error("two more families made it another question")
	}
}
