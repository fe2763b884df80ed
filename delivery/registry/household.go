package registry

import (
	"time"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// Summary is what lists show of a household.
type Summary struct {
	Household  id.ID
	Version    int64
	Branch     string
	File       string
	Area       string // municipality's code, empty where it is not known
	Head       string // name
	Members    int
	Statement  calendar.Date // day of the latest source
	Source     string        // imported file last read from, empty where entered
	Registered time.Time
}

const summaryColumns = "h.household, h.version, h.branch, h.file, h.area, h.head, h.members, h.statement, h.source, h.registered FROM households h"

func scanSummary(r *store.Row) Summary {
	return Summary{Household: r.ID(), Version: r.Int(), Branch: r.Text(), File: r.Text(), Area: r.Text(), Head: r.Text(),
		Members: int(r.Int()), Statement: r.Date(), Source: r.Text(), Registered: r.Time()}
}

// Household returns the last sheet of a household, for those who may read its
// branch's files, and notes the look. A household that is not there is the
// fault "registry.no_household".
func Household(tx *store.Tx, household id.ID) (*Sheet, error) {
	return look(tx, household, func() (journal.Sheet, error) { return journal.LatestSheet(tx, household) })
}

// HouseholdAt returns the sheet as it was known at a moment.
func HouseholdAt(tx *store.Tx, household id.ID, known time.Time) (*Sheet, error) {
	return look(tx, household, func() (journal.Sheet, error) { return journal.SheetKnownBy(tx, household, known) })
}

// HouseholdVersion returns one version of the sheet: the one that a decision
// cites, or what stood there before a correction.
func HouseholdVersion(tx *store.Tx, household id.ID, version int64) (*Sheet, error) {
	return look(tx, household, func() (journal.Sheet, error) { return journal.SheetVersion(tx, household, version) })
}

// look opens a sheet for a reader. Who may is asked of the branch that has the
// file now, not of the one that had it then.
func look(tx *store.Tx, household id.ID, sheet func() (journal.Sheet, error)) (*Sheet, error) {
	row, err := summary(tx, household)
	if err != nil {
		return nil, err
	}
	if err := access.RequireReading(tx, row.Branch); err != nil {
		return nil, err
	}
	sealed, err := sheet()
	if err != nil {
		return nil, noSheet(err)
	}
	journal.Look(tx, household, "sheet")
	return Decode(sealed.Household, sealed.Version, sealed.Plain)
}

// SummaryOf returns the row of a household for those who may read it.
func SummaryOf(tx *store.Tx, household id.ID) (Summary, error) {
	row, err := summary(tx, household)
	if err != nil {
		return Summary{}, err
	}
	return row, access.RequireReading(tx, row.Branch)
}

// HouseholdOf returns the household on whose sheet a person stands, or the
// fault "registry.no_person".
func HouseholdOf(tx *store.Tx, person id.ID) (Summary, error) {
	row, found, err := store.One(tx, scanSummary, "SELECT "+summaryColumns+" JOIN persons p ON p.household = h.household WHERE p.person = $1", person)
	if err == nil && !found {
		err = fault.NotFound("registry.no_person")
	}
	if err != nil {
		return Summary{}, err
	}
	return row, access.RequireReading(tx, row.Branch)
}

func summary(tx *store.Tx, household id.ID) (Summary, error) {
	row, found, err := store.One(tx, scanSummary, "SELECT "+summaryColumns+" WHERE h.household = $1", household)
	if err == nil && !found {
		err = fault.NotFound("registry.no_household")
	}
	return row, err
}

// latest opens the last sheet for a verb, which has asked for its own
// capability.
func latest(tx *store.Tx, household id.ID) (*Sheet, error) {
	sealed, err := journal.LatestSheet(tx, household)
	if err != nil {
		return nil, noSheet(err)
	}
	return Decode(sealed.Household, sealed.Version, sealed.Plain)
}

func noSheet(err error) error {
	if f := fault.Of(err); f != nil && f.Key == "journal.no_sheet" {
		return fault.NotFound("registry.no_household")
	}
	return err
}
