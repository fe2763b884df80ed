package rings_test

import (
	"fmt"
	"os"
	"testing"

	"sanad/delivery/monitoring/rings"
	"sanad/delivery/payment/paymenttest"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

const derna = "LY010102"

// register lets a clerk enter a family of one woman.
func register(t testing.TB, j *journal.Journal, n int, account string) {
	t.Helper()
	who := store.Session{Actor: id.ID{15: 77}, Purpose: "test", Grants: []store.Grant{{Role: "branch_clerk", Area: derna}}}
	_, err := j.Write(t.Context(), who, func(tx *store.Tx) error {
		_, err := registry.Register(tx, registry.NewHousehold{Branch: derna, Area: derna, Mahalla: "المدينة", Members: []registry.NewMember{
			{Name: fmt.Sprintf("سالمة علي عمر الأسرة%c", 'ا'+rune(n)), Role: "head", Sex: registry.Female, Birth: calendar.Of(1970, 1, 1+n%28), Citizenship: "libyan", Account: account}}})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func find(t testing.TB, j *journal.Journal) int {
	t.Helper()
	n, err := rings.Find(t.Context(), j, journaltest.Session("diwan_officer"))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func waiting(t testing.TB, j *journal.Journal, who store.Session) (open []rings.Question) {
	t.Helper()
	if err := j.Read(t.Context(), who, func(tx *store.Tx) error {
		all, err := rings.Questions(tx)
		for _, q := range all {
			if q.Open() {
				open = append(open, q)
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return open
}

func TestARingIsAskedAnsweredAndAskedAgainWhenItGrows(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		journaltest.Write(t, j, func(tx *store.Tx) error { return geography.Load(tx, os.DirFS("../../../country/libya")) })
		supervisor := store.Session{Actor: id.ID{15: 9}, Purpose: "test", Grants: []store.Grant{{Role: "supervisor", Area: derna}}}
		for n := range 3 {
			register(t, j, n, paymenttest.IBAN(901, 5))
		}
		register(t, j, 3, paymenttest.IBAN(901, 6))
		if first, again := find(t, j), find(t, j); first != 1 || again != 1 {
			t.Fatal("one ring, however often it is looked for")
		}
		open := waiting(t, j, supervisor)
		if len(open) != 1 || open[0].Kind != rings.Account || open[0].Count != 3 || open[0].Branch != derna {
			t.Fatalf("%+v", open)
		}
		if far := waiting(t, j, store.Session{Actor: id.ID{15: 8}, Grants: []store.Grant{{Role: "supervisor", Area: "LY010202"}}}); len(far) != 0 {
			t.Error("another branch's supervisor is asked")
		}
		say := func(answer rings.Answer, reason string) error {
			_, err := j.Write(t.Context(), supervisor, func(tx *store.Tx) error { return rings.Say(tx, open[0].ID, answer, reason) })
			return err
		}
		for key, err := range map[string]error{"rings.answer_needed": say("", "حساب الجدة"), "rings.reason_needed": say(rings.Explained, " ")} {
			if f := fault.Of(err); f == nil || f.Key != key {
				t.Errorf("want %s, got %v", key, err)
			}
		}
		if err := say(rings.Explained, "حساب الجدة التي تربيهم"); err != nil {
			t.Fatal(err)
		}
		if left := waiting(t, j, supervisor); len(left) != 0 {
			t.Error("answered, and asked again")
		}
		register(t, j, 4, paymenttest.IBAN(901, 5))
		find(t, j)
		grown := waiting(t, j, supervisor)
		if len(grown) != 1 || !grown[0].Grown || grown[0].Reason == "" {
			t.Errorf("%+v", grown)
		}
		if err := j.Read(t.Context(), supervisor, func(tx *store.Tx) error {
			q, err := rings.Look(tx, grown[0].ID)
			if len(q.Home) != 4 || q.Home[0].Head == "" {
				t.Errorf("%+v", q)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	})
}
