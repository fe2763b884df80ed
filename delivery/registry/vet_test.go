package registry_test

import (
	"errors"
	"testing"

	"sanad/delivery/registry"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

func TestABranchsNodeCannotSpeakOfAnothersPersonsOrTasks(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		withCountry(t, j)
		sheet := sheetOf(t, j, register(t, j, family()).Household)
		own, other := sheet.Branch, "LY021401"
		event := func(branch string) registry.Happened {
			s := sheet.Clone()
			s.Household, s.Branch = id.ID{15: 9}, branch
			return registry.Happened{What: registry.StatedAgain, Household: s.Household, Branch: branch, Sheet: s}
		}
		stolen, gone, foreign := event(other), event(other), event(own)
		gone.Sheet.Members, gone.Gone = nil, []id.ID{sheet.Members[0].Person}
		foreign.Opened = []registry.Task{{ID: id.ID{15: 3}, Household: foreign.Household, Branch: other, Kind: "no_head"}}
		for name, c := range map[string]struct {
			event   journal.Vetted
			stream  string
			refused bool
		}{
			"its own family":                {event(own), journal.Branch(own), false},
			"another's persons":             {stolen, journal.Branch(other), true},
			"another's persons sent away":   {gone, journal.Branch(other), true},
			"a task for another":            {foreign, journal.Branch(own), true},
			"a sheet in another's stream":   {event(own), journal.Branch(other), true},
			"a task opened for another":     {registry.TaskOpened{Task: registry.Task{Branch: own}}, journal.Branch(other), true},
			"a task of another as answered": {registry.TaskClosed{Branch: own}, journal.Branch(other), true},
		} {
			err := j.DB.Read(t.Context(), store.Session{}, func(tx *store.Tx) error { return c.event.Vet(tx, c.stream) })
			if refused := errors.Is(err, fault.Forbidden("registry.not_theirs")); refused != c.refused || (err != nil) != c.refused {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
