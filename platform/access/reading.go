package access

import (
	"strings"
	"time"
	"unicode/utf8"

	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// readingLasts is how long one written purpose opens an area.
const readingLasts = 2 * time.Hour

// reasonMin is the least that says something: "a report of violence".
const reasonMin = 10

// Reading is a leave to read files outside one's area, for a written purpose.
// It is in the journal, and reported to those who see journals.
type Reading struct {
	ID     id.ID
	Person id.ID
	Area   string
	Reason string
	Opened time.Time
	Closes time.Time
}

// OpenReading lets the actor read the files of an area outside her own for two
// hours. It needs ReadElsewhere over any area, and a reason of ten letters.
func OpenReading(tx *store.Tx, area, reason string) (Reading, error) {
	if !Holds(tx, ReadElsewhere) {
		return Reading{}, notAllowed(ReadElsewhere)
	}
	m, err := geography.At(tx, tx.Today())
	if err != nil {
		return Reading{}, err
	}
	if _, ok := m.Area(area); !ok {
		return Reading{}, fault.Invalid("geography.no_area", "code", area).At("area")
	}
	reason = strings.Join(strings.Fields(reason), " ")
	if utf8.RuneCountInString(reason) < reasonMin {
		return Reading{}, fault.Invalid("access.no_purpose").At("reason")
	}
	r := Reading{ID: tx.NewID(), Person: tx.Actor, Area: area, Reason: reason, Opened: tx.Now, Closes: tx.Now.Add(readingLasts)}
	return r, journal.Record(tx, ReadingOpened{about(tx, tx.Actor), r.ID, area, reason, r.Closes.UnixMicro()})
}

// RequireReading returns nil where the actor may see families of an area: by
// role, or by a purpose that she wrote within the last two hours. Who could
// write one is told so by the fault "access.purpose_needed".
func RequireReading(tx *store.Tx, area string) error {
	refused := Require(tx, SeeHousehold, area)
	if refused == nil || !Holds(tx, ReadElsewhere) {
		return refused
	}
	open, err := store.All(tx, (*store.Row).Text, "SELECT area FROM readings_elsewhere WHERE person = $1 AND closes > $2", tx.Actor, tx.Now)
	if err != nil {
		return err
	}
	for _, lease := range open {
		if lease != "" && geography.Contains(lease, area) {
			return nil
		}
	}
	return fault.Forbidden("access.purpose_needed")
}

// Readings returns what was read outside people's own areas since a moment,
// latest first, for those who may see the journal of the whole country.
func Readings(tx *store.Tx, since time.Time) ([]Reading, error) {
	if err := Require(tx, SeeJournal, ""); err != nil {
		return nil, err
	}
	return store.All(tx, func(r *store.Row) Reading {
		return Reading{ID: r.ID(), Person: r.ID(), Area: r.Text(), Reason: r.Text(), Opened: r.Time(), Closes: r.Time()}
	}, "SELECT id, person, area, reason, opened, closes FROM readings_elsewhere WHERE opened >= $1 ORDER BY opened DESC, id DESC", since)
}
