package web

import (
	"context"
	"testing"

	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/store/storetest"
)

func TestDraftComesBackToItsOwnerOnly(t *testing.T) {
	storetest.Both(t, func(t *testing.T, db *store.DB) {
		amna, suad := store.Session{Actor: personID(1)}, store.Session{Actor: personID(2)}
		var kept id.ID
		write(t, db, amna, func(tx *store.Tx) error {
			d := newDraft(tx)
			d.set("head", 0, answers{"first": "فاطمة", "birth-year": "1987"})
			d.set("members", 1, answers{"first": "آية"})
			kept = d.ID
			return d.keep(tx)
		})
		read := func(who store.Session) (d draft, found bool) {
			if err := db.Read(context.Background(), who, func(tx *store.Tx) (err error) {
				d, found, err = findDraft(tx, kept)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return d, found
		}
		if d, found := read(amna); !found || d.get("head", 0)["first"] != "فاطمة" || d.get("members", 1)["first"] != "آية" || !d.get("members", 0).empty() || d.Kept.IsZero() {
			t.Errorf("her draft came back as %+v, found %v", d, found)
		}
		if _, found := read(suad); found {
			t.Error("another person read the draft")
		}
		write(t, db, amna, func(tx *store.Tx) error { return draft{ID: kept}.drop(tx) })
		if _, found := read(amna); found {
			t.Error("a dropped draft came back")
		}
	})
}

func write(t *testing.T, db *store.DB, who store.Session, work func(*store.Tx) error) {
	t.Helper()
	if err := db.Write(context.Background(), who, work); err != nil {
		t.Fatal(err)
	}
}

func TestAnswersSurviveTheWayThroughAForm(t *testing.T) {
	f := form{Fields: stepFields("head", nil)}
	given := answers{"first": "فاطمة", "birth-day": "31", "birth-month": "11", "birth-year": "1987", "sex": "female"}
	given.fill(&f)
	got := answersOf(f)
	if len(got) != len(given) {
		t.Errorf("%v came back as %v", given, got)
	}
	for name, value := range given {
		if got[name] != value {
			t.Errorf("%s: %q came back as %q", name, value, got[name])
		}
	}
}
