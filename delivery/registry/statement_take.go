package registry

import (
	"sanad/platform/access"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// Taken is what became of one statement.
type Taken struct {
	Household id.ID
	Persons   []id.ID // of the statement's members, in its order; nil where nothing changed
	Before    *Sheet  // nil where the household is new
	Sheet     *Sheet
	Codes     [][2]int64 // search codes of the names of the sheet's members, in its order: see NameCodes
	Changed   bool       // false where the sheet held the statement already
}

// TakeStatements adds statements to the households that they are about, each
// found by its branch and file number, or registers the household. It needs
// access.ImportFiles over each branch. Two statements of one call must not be
// about one household. Tasks that follow are opened, answered ones closed.
func TakeStatements(tx *store.Tx, statements []Statement) ([]Taken, error) {
	if err := mayImport(tx, access.ImportFiles, branchesOf(statements)); err != nil {
		return nil, err
	}
	before, err := stated(tx, statements)
	if err != nil {
		return nil, err
	}
	taken := make([]Taken, len(statements))
	for i := range statements {
		if taken[i], err = take(tx, before[i], &statements[i]); err != nil {
			return nil, err
		}
	}
	return taken, nil
}

// RevertStatement takes a statement back from households. It needs
// access.RevertImport over their branches. Only what changed is returned.
func RevertStatement(tx *store.Tx, statement id.ID, households []id.ID) ([]Taken, error) {
	latest, err := sheetsOf(tx, households)
	if err != nil {
		return nil, err
	}
	branches := map[string]bool{}
	for _, s := range latest {
		branches[s.Branch] = true
	}
	if err := mayImport(tx, access.RevertImport, branches); err != nil {
		return nil, err
	}
	var taken []Taken
	for _, old := range latest {
		next, held := old.Revert(statement)
		if !held {
			continue
		}
		taken = append(taken, Taken{Household: old.Household, Before: old, Sheet: next, Changed: true})
		if err := recordStatement(tx, Reverted, old, next, Source{Date: old.Statement()}); err != nil {
			return nil, err
		}
	}
	return taken, nil
}

func mayImport(tx *store.Tx, capability access.Capability, branches map[string]bool) error {
	for branch := range branches {
		if err := access.Require(tx, capability, branch); err != nil {
			return err
		}
		if err := writable(tx, branch); err != nil {
			return err
		}
	}
	return nil
}

func branchesOf(statements []Statement) map[string]bool {
	branches := map[string]bool{}
	for i := range statements {
		branches[statements[i].Branch] = true
	}
	return branches
}

func take(tx *store.Tx, old *Sheet, st *Statement) (Taken, error) {
	if old == nil {
		return register(tx, st)
	}
	if old.Holds(st.Source.Import) {
		return Taken{Household: old.Household, Before: old, Sheet: old}, nil
	}
	next, persons := old.State(*st, tx.NewID)
	return Taken{Household: old.Household, Persons: persons, Before: old, Sheet: next, Codes: next.nameCodes(), Changed: true},
		recordStatement(tx, StatedAgain, old, next, st.Source)
}

func register(tx *store.Tx, st *Statement) (Taken, error) {
	if st.first == nil {
		st.Prepare(tx.NewID())
	}
	event := Happened{What: Registered, Household: st.first.Household, Branch: st.Branch, On: st.Source.Date,
		Known: tx.Now.UnixMicro(), Sheet: st.first, Opened: st.asked, codes: st.codes}
	return Taken{Household: st.first.Household, Persons: st.persons, Sheet: st.first, Codes: st.codes, Changed: true}, journal.Record(tx, event)
}

func recordStatement(tx *store.Tx, what Happening, old, next *Sheet, source Source) error {
	event := Happened{What: what, Household: next.Household, Branch: next.Branch, On: source.Date,
		Known: tx.Now.UnixMicro(), Sheet: next}
	event.Opened, event.Closed = tasksOf(old, next)
	for i := range old.Members {
		if next.Member(old.Members[i].Person) == nil {
			event.Gone = append(event.Gone, old.Members[i].Person)
		}
	}
	return journal.Record(tx, event)
}

// stated finds the latest sheets of the households that statements are about;
// nil for a household that is new.
func stated(tx *store.Tx, statements []Statement) ([]*Sheet, error) {
	places := map[[2]string]int{}
	files := map[string][]any{}
	for i := range statements {
		st := &statements[i]
		if st.New {
			continue
		}
		places[[2]string{st.Branch, st.File}] = i
		files[st.Branch] = append(files[st.Branch], st.File)
	}
	var households []id.ID
	var at []int
	for branch, list := range files {
		err := tx.EachIn(func(r *store.Row) error {
			household, file := r.ID(), r.Text()
			households, at = append(households, household), append(at, places[[2]string{branch, file}])
			return r.Err()
		}, "SELECT household, file FROM households WHERE branch = $1 AND file", list, branch)
		if err != nil {
			return nil, err
		}
	}
	latest, err := sheetsOf(tx, households)
	found := make([]*Sheet, len(statements))
	for i, s := range latest {
		if at := at[i]; found[at] == nil || s.Household.Compare(found[at].Household) < 0 {
			found[at] = s
		}
	}
	return found, err
}

func sheetsOf(tx *store.Tx, households []id.ID) ([]*Sheet, error) {
	if len(households) == 0 {
		return nil, nil
	}
	sealed, err := journal.LatestSheets(tx, households)
	if err != nil {
		return nil, err
	}
	list := make([]*Sheet, len(sealed))
	for i, s := range sealed {
		if list[i], err = Decode(households[i], s.Version, s.Plain); err != nil {
			return nil, err
		}
	}
	return list, nil
}
