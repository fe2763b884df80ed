package policy

import (
	"slices"

	"go.yaml.in/yaml/v3"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Process is how a programme treats a family whose benefit ends, or who was
// paid too much.
type Process struct {
	Announced int64 // days ahead of which ends of the calendar are announced
	Notice    int64 // days between the hand-over of a notice and what follows from it
	Recovery  int64 // most of each payment that a recovery keeps back, in hundredths; 0: nothing is ever kept back
	Oldest    int64 // months after which what was paid too much is no longer asked back
}

// LeastNotice is the shortest notice, in days, that any programme may give.
const LeastNotice = 15

// DefaultProcess holds where a programme's file says nothing.
var DefaultProcess = Process{Announced: 90, Notice: 30, Recovery: 0, Oldest: 24}

// process reads the part of a programme's file that is about its process. No
// notice is shorter than LeastNotice, and no recovery takes more than half.
func (s *scanner) process(p *Programme, n *yaml.Node) {
	p.Process = DefaultProcess
	if n == nil {
		return
	}
	f := s.mapping(n, "announced_days", "notice_days", "recovery_percent", "recovery_months")
	read := func(key string, into *int64, least, most int64) {
		value := f.byName[key]
		if value == nil {
			return
		}
		if *into = s.figure(value); *into < least || *into > most {
			s.refuse(value, "policy.figure_out_of_bounds", "key", key, "least", least, "most", most)
		}
	}
	read("announced_days", &p.Process.Announced, LeastNotice, 366)
	read("notice_days", &p.Process.Notice, LeastNotice, 366)
	read("recovery_percent", &p.Process.Recovery, 0, 50)
	read("recovery_months", &p.Process.Oldest, 1, 120)
}

// EndsByCalendar reports whether a condition of a component is one that time
// alone undoes: the law's own calendar sets the day from which it is not met.
func (p *Programme) EndsByCalendar(component, condition string) bool {
	c := p.Component(component)
	if c == nil {
		return false
	}
	at := slices.IndexFunc(c.conditions, func(c *Condition) bool { return c.ID == condition })
	return at >= 0 && c.conditions[at].Calendar
}

// DecidedMonths returns the months from since on for which a programme was run,
// in order.
func DecidedMonths(tx *store.Tx, programme string, since calendar.Month) ([]calendar.Month, error) {
	return store.All(tx, func(r *store.Row) calendar.Month { return calendar.Month(r.Int()) },
		"SELECT DISTINCT month FROM runs WHERE programme = $1 AND month >= $2 ORDER BY month", programme, int64(since))
}

// EverDecided returns the programmes of which any month was decided.
func EverDecided(tx *store.Tx) ([]string, error) {
	return store.All(tx, (*store.Row).Text, "SELECT DISTINCT programme FROM runs ORDER BY programme")
}

// Redecided returns the households of which a month was decided anew after a
// moment, in microseconds; those are all whose month may have changed since.
func Redecided(tx *store.Tx, programme string, month calendar.Month, after int64) ([]id.ID, error) {
	return store.All(tx, (*store.Row).ID, `SELECT DISTINCT household FROM decisions WHERE programme = $1 AND month_from = $2 AND version > $3
		ORDER BY household`, programme, int64(month), after)
}

// DecisionsOf returns what stands in a month for some households; those of which
// nothing was decided are left out.
func DecisionsOf(tx *store.Tx, programme string, month calendar.Month, households []id.ID) (map[id.ID]Decision, error) {
	found := map[id.ID]Decision{}
	args := make([][]any, len(households))
	for i, household := range households {
		args[i] = []any{programme, int64(month), household}
	}
	err := tx.Batch(func(_ int, r *store.Row) error {
		d, err := scanDecision(r)
		found[d.Household] = d
		return err
	}, standing+" AND d.household = $3 ORDER BY d.month_from, d.version", args)
	return found, err
}

// Version names the decision among those of its household and month: when it
// was recorded, in microseconds.
func (d Decision) Version() int64 { return d.version }

// endsFault is the fault where a forecast is asked for months in the wrong order.
func endsFault(from, through calendar.Month) error {
	if !from.Valid() || !through.Valid() || through < from {
		return fault.Invalid("policy.month_not_valid", "month", through.String())
	}
	return nil
}
