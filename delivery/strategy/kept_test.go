package strategy

import (
	"bytes"
	"testing"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

func TestAKeptResultIsReadBackWhole(t *testing.T) {
	s := scenario(Setting{"wife_amount", "200"})
	s.Search = &Search{Parameter: "child_amount"}
	made := simulate(t, FromPopulation(libya(t), 3_000), s)
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		var own id.ID
		local(t, j, "policy_analyst", func(tx *store.Tx) (err error) {
			own, err = Keep(tx, made)
			return err
		})
		local(t, j, "policy_analyst", func(tx *store.Tx) error {
			all, err := Results(tx, 10)
			if err != nil || len(all) != 1 || all[0].ID != own || all[0].Month != october {
				t.Fatalf("%v %+v", err, all)
			}
			_, back, err := ResultOf(tx, own)
			if err != nil {
				return err
			}
			var one, other bytes.Buffer
			if err := made.WriteJSON(&one); err != nil {
				return err
			}
			if err := back.WriteJSON(&other); err != nil || one.String() != other.String() || back.Reform != made.Reform {
				t.Errorf("%v:\n%s%s", err, &one, &other)
			}
			_, _, err = ResultOf(tx, id.ID{1})
			if f := fault.Of(err); f == nil || f.Key != "strategy.no_result" {
				t.Errorf("a result that nobody made: %v", err)
			}
			return nil
		})
		_, err := j.Write(t.Context(), journaltest.Session("branch_clerk"), func(tx *store.Tx) error { _, err := Keep(tx, made); return err })
		if f := fault.Of(err); f == nil || f.Kind != fault.KindForbidden {
			t.Errorf("a clerk kept one: %v", err)
		}
		if count(t, j, "SELECT count(*) FROM simulations") != 1 || count(t, j, "SELECT count(*) FROM journal") != 0 {
			t.Error("more than the result is left")
		}
	})
}

func local(t *testing.T, j *journal.Journal, role string, work func(tx *store.Tx) error) {
	t.Helper()
	if _, err := j.Write(t.Context(), journaltest.Session(role), work); err != nil {
		t.Fatal(err)
	}
}
