package policy

import (
	"context"
	"runtime"
	"sync"
	"time"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// Case is a programme, in force or only thought of, and a month for which a
// trial decides.
type Case struct {
	Programme *Programme
	Month     calendar.Month
}

// Taker receives a household and its lines in each case; both are good until it
// returns. It belongs to one goroutine.
type Taker func(sheet *registry.Sheet, lines [][]Line) error

// Trial decides households and records nothing: what a reform would cost, whom a
// release would change. It is used by one goroutine.
type Trial struct {
	deciders  []*decider
	elsewhere []elsewhere
	given     []brought
	lines     [][]Line
}

// NewTrial prepares the cases. A parameter that the law had not set by a month is
// the fault "policy.no_parameter".
func NewTrial(cases []Case) (*Trial, error) {
	t := &Trial{lines: make([][]Line, len(cases)), elsewhere: make([]elsewhere, len(cases)), given: make([]brought, len(cases))}
	for _, c := range cases {
		d, err := newDecider(c.Programme, c.Month)
		if err != nil {
			return nil, err
		}
		t.deciders = append(t.deciders, d)
	}
	return t, nil
}

// Household decides a household of which every person that its sheet speaks of
// stands on it; somebody elsewhere is unknown.
func (t *Trial) Household(sheet *registry.Sheet) ([][]Line, error) {
	lines, _, err := t.decide(sheet, []stranger{})
	return lines, err
}

// decide decides all cases, or returns the persons of other sheets whom it wants
// first.
func (t *Trial) decide(sheet *registry.Sheet, strangers []stranger) ([][]Line, []id.ID, error) {
	for i, d := range t.deciders {
		d.given = t.given[i].of(sheet.Household)
		lines, wanted, err := d.household(sheet, strangers, func(who id.ID) bool { return t.elsewhere[i].uncounted[who] })
		if err != nil {
			return nil, nil, fault.Invalid("policy.household_fails", "file", sheet.File, "branch", sheet.Branch).Because(err)
		}
		if len(wanted) > 0 {
			return nil, wanted, nil
		}
		t.lines[i] = lines
	}
	return t.lines, nil, nil
}

// Read checks a programme's text that lies in no country pack: a reform that
// somebody thinks of. Its faults are those of Open.
func Read(name, body string) (*Programme, error) { return parse(name, body) }

// Try decides the households of the registry in each case, as a run would, and
// records nothing: all, or those that wanted picks. Each of several goroutines
// gives what it decides to a taker of its own; which household goes to which is
// left open. It needs the capability Simulate over the country.
func Try(ctx context.Context, tx *store.Tx, cases []Case, wanted func(household id.ID) bool, newTaker func() Taker) error {
	if err := access.Require(tx, access.Simulate, ""); err != nil {
		return err
	}
	elsewheres := make([]elsewhere, len(cases))
	for i, c := range cases {
		var err error
		if i > 0 && cases[i-1].Month == c.Month {
			elsewheres[i] = elsewheres[i-1]
		} else if elsewheres[i], err = elsewhereOn(tx, c.Month.First()); err != nil {
			return err
		}
	}
	given, err := bringAll(ctx, tx, cases, elsewheres)
	if err != nil {
		return err
	}
	begin := func() (*Trial, error) {
		t, err := NewTrial(cases)
		if err == nil {
			t.elsewhere, t.given = elsewheres, given
			for i := range t.deciders {
				t.deciders[i].framer.custody = elsewheres[i].custody
			}
		}
		return t, err
	}
	return tryAll(ctx, tx, begin, wanted, newTaker)
}

// bringAll gathers what the cases rest on beside sheets, as their runs would.
func bringAll(ctx context.Context, tx *store.Tx, cases []Case, elsewheres []elsewhere) ([]brought, error) {
	given := make([]brought, len(cases))
	for i, c := range cases {
		r := &run{programme: c.Programme, month: c.Month, elsewhere: elsewheres[i], summary: Summary{Lines: map[string]Tally{}}}
		if err := r.bring(ctx, tx); err != nil {
			return nil, err
		}
		given[i] = r.given
	}
	return given, nil
}

func tryAll(ctx context.Context, tx *store.Tx, begin func() (*Trial, error), wanted func(id.ID) bool, newTaker func() Taker) error {
	trials := make([]*tried, runtime.GOMAXPROCS(0))
	jobs := make(chan []journal.Sheet, 2*len(trials))
	var deciding sync.WaitGroup
	for i := range trials {
		trial, err := begin()
		if err != nil {
			close(jobs)
			return err
		}
		one := &tried{trial: trial, take: newTaker()}
		trials[i] = one
		deciding.Go(func() { one.work(jobs) })
	}
	var batch []journal.Sheet
	err := journal.EachSheet(tx, time.Time{}, func(s journal.Sheet) error {
		if wanted != nil && !wanted(s.Household) {
			return nil
		}
		if batch = append(batch, s); len(batch) == batchSize {
			jobs <- batch
			batch = nil
		}
		return ctx.Err()
	})
	jobs <- batch
	close(jobs)
	deciding.Wait()
	for _, one := range trials {
		if err == nil {
			err = one.err
		}
		if err == nil {
			err = one.withStrangers(tx)
		}
	}
	return err
}

// tried is one goroutine's part of a trial.
type tried struct {
	trial    *Trial
	take     Taker
	sheets   registry.Decoder
	deferred []journal.Sheet // households that speak of persons of other sheets
	err      error
}

// work decides batches. After a mistake it goes on emptying the queue, so that
// nobody waits for it.
func (o *tried) work(jobs <-chan []journal.Sheet) {
	for batch := range jobs {
		for i := range batch {
			if o.err == nil {
				o.err = o.one(&batch[i])
			}
		}
	}
}

func (o *tried) one(raw *journal.Sheet) error {
	sheet, err := o.sheets.Decode(raw.Household, raw.Version, raw.Plain)
	if err != nil {
		return err
	}
	lines, wanted, err := o.trial.decide(sheet, nil)
	if err != nil {
		return err
	}
	if len(wanted) > 0 {
		o.deferred = append(o.deferred, *raw)
		return nil
	}
	return o.take(sheet, lines)
}

// withStrangers decides the households that speak of persons of other sheets,
// after fetching those sheets.
func (o *tried) withStrangers(tx *store.Tx) error {
	for len(o.deferred) > 0 {
		n := min(batchSize, len(o.deferred))
		sheets := make([]*registry.Sheet, n)
		var wanted []id.ID
		for i, raw := range o.deferred[:n] {
			var err error
			if sheets[i], err = registry.Decode(raw.Household, raw.Version, raw.Plain); err != nil {
				return err
			}
			wanted = append(wanted, o.trial.deciders[0].strangersOf(sheets[i])...)
		}
		o.deferred = o.deferred[n:]
		found, err := findStrangers(tx, wanted)
		if err != nil {
			return err
		}
		for _, sheet := range sheets {
			if err := o.withStranger(sheet, found); err != nil {
				return err
			}
		}
	}
	return nil
}

func (o *tried) withStranger(sheet *registry.Sheet, found map[id.ID]stranger) error {
	strangers := []stranger{}
	for _, person := range o.trial.deciders[0].strangersOf(sheet) {
		strangers = append(strangers, found[person])
	}
	lines, _, err := o.trial.decide(sheet, strangers)
	if err != nil {
		return err
	}
	return o.take(sheet, lines)
}
