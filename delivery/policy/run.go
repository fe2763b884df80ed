package policy

import (
	"context"
	"crypto/sha256"
	"runtime"
	"slices"
	"sync"
	"time"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
)

// Summary is what a run did and what now stands, over all households.
type Summary struct {
	Run        id.ID
	Release    [32]byte
	Households int64 // looked at
	Changed    int64 // decisions recorded, none where nothing new was known
	Chunks     int64
	Lines      map[string]Tally // by component
	Recorded   bool             // whether the run left anything in the journal
}

// Tally counts the lines of one component.
type Tally struct {
	Due, Held, Pending, Refused int64 // persons; held are due and not payable now
	Amount                      money.Amount
}

const (
	chunkSize = 1000 // households of one branch in one event
	batchSize = 256  // sheets handed to a goroutine at once
)

// Run decides a month for every household by a programme and records the
// decisions that changed, in chunks of one branch each; the run's header comes
// last. A run that was cut off leaves its finished chunks, and the next one
// records the rest. Running again without new facts writes nothing at all.
//
// It needs the capability RunProgramme over the country, and runs at the diwan
// ("policy.not_a_diwan" elsewhere). Progress is called with the households
// decided so far.
func Run(ctx context.Context, j *journal.Journal, session store.Session, p *Programme, month calendar.Month, progress func(households int64)) (Summary, error) {
	if !month.Valid() {
		return Summary{}, fault.Invalid("policy.month_not_valid", "month", month.String())
	}
	if j.Node.Role != journal.RoleDiwan {
		return Summary{}, fault.Conflict("policy.not_a_diwan")
	}
	session.Command = id.ID{}
	r := &run{journal: j, session: session, programme: p, month: month, progress: progress, pending: map[string][]Record{}, asked: map[id.ID][]registry.Task{}}
	r.summary = Summary{Release: p.Digest(), Lines: map[string]Tally{}}
	if err := j.Read(ctx, session, func(tx *store.Tx) error { return r.decide(ctx, tx) }); err != nil {
		return r.summary, err
	}
	return r.summary, r.finish(ctx)
}

// run is one run under way.
type run struct {
	journal   *journal.Journal
	session   store.Session
	programme *Programme
	month     calendar.Month
	progress  func(int64)

	elsewhere elsewhere
	standing  []standingDigest
	last      RunRecord // the last complete run for this month, zero where there was none
	later     bool      // a later month is decided already
	pending   map[string][]Record
	asked     map[id.ID][]registry.Task // by household, of the pending records
	deferred  []journal.Sheet           // households that speak of persons of other sheets
	root      []byte                    // the chain of the decisions' digests
	summary   Summary

	given      brought
	gathering  bool        // who is entitled is only gathered, nothing recorded
	candidates []candidate // who is
}

// decide reads everything on one snapshot. Chunks are recorded as they fill.
func (r *run) decide(ctx context.Context, tx *store.Tx) error {
	if err := access.Require(tx, access.RunProgramme, ""); err != nil {
		return err
	}
	var err error
	if r.elsewhere, err = elsewhereOn(tx, r.month.First()); err != nil {
		return err
	}
	if r.standing, err = standingDigests(tx, r.programme.ID, r.month); err != nil {
		return err
	}
	if r.last, err = Decided(tx, r.programme.ID, r.month); err != nil && fault.Of(err) == nil {
		return err
	}
	r.later, _, err = store.One(tx, func(row *store.Row) bool { return row.Int() > 0 },
		`SELECT count(*) FROM runs WHERE programme = $1 AND month > $2`, r.programme.ID, int64(r.month))
	if err != nil {
		return err
	}
	if err := r.bring(ctx, tx); err != nil {
		return err
	}
	if err := r.stream(ctx, tx); err != nil {
		return err
	}
	if err := r.withStrangers(ctx, tx); err != nil {
		return err
	}
	for _, branch := range sortedKeys(r.pending) {
		if err := r.flush(ctx, branch); err != nil {
			return err
		}
	}
	return nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// batch is some households on their way through a goroutine. Batches are
// collected in the order of their making, so that a run's chunks are the same
// however many goroutines there are.
type batch struct {
	sheets []journal.Sheet
	done   chan struct{}
	result batchResult
}

type batchResult struct {
	changed  []changedDecision
	deferred []journal.Sheet
	entitled []candidate
	tallies  []Tally // by place of the component
	err      error
}

// changedDecision is a decision to be recorded.
type changedDecision struct {
	branch string
	record Record
	asked  []registry.Task
}

// stream decides every sheet. One goroutine reads, some decide, one collects.
func (r *run) stream(ctx context.Context, tx *store.Tx) error {
	workers := runtime.GOMAXPROCS(0)
	jobs, order := make(chan *batch, workers), make(chan *batch, 4*workers)
	var deciding sync.WaitGroup
	for range workers {
		d, err := newDecider(r.programme, r.month)
		if err != nil {
			close(jobs)
			return err
		}
		d.framer.custody = r.elsewhere.custody
		deciding.Go(func() {
			for b := range jobs {
				r.decideBatch(d, b)
				close(b.done)
			}
		})
	}
	collected := make(chan error, 1)
	go func() { collected <- r.collect(ctx, order) }()
	current := &batch{done: make(chan struct{})}
	send := func() {
		order <- current
		jobs <- current
		current = &batch{done: make(chan struct{})}
	}
	err := journal.EachSheet(tx, time.Time{}, func(s journal.Sheet) error {
		if current.sheets = append(current.sheets, s); len(current.sheets) == batchSize {
			send()
		}
		return ctx.Err()
	})
	send()
	close(jobs)
	close(order)
	deciding.Wait()
	if collectErr := <-collected; err == nil {
		err = collectErr
	}
	return err
}

// collect takes results in order and records full chunks. After a mistake it
// goes on emptying the queue, so that nobody waits for it.
func (r *run) collect(ctx context.Context, order <-chan *batch) (err error) {
	for b := range order {
		<-b.done
		if err == nil {
			err = r.take(ctx, b)
		}
	}
	return err
}

func (r *run) take(ctx context.Context, b *batch) error {
	if b.result.err != nil {
		return b.result.err
	}
	r.candidates = append(r.candidates, b.result.entitled...)
	for c, t := range b.result.tallies {
		if r.gathering {
			break
		}
		r.summary.Lines[r.programme.Components[c].ID] = t.plus(r.summary.Lines[r.programme.Components[c].ID])
	}
	r.summary.Households += int64(len(b.sheets) - len(b.result.deferred))
	r.deferred = append(r.deferred, b.result.deferred...)
	for _, d := range b.result.changed {
		r.pending[d.branch] = append(r.pending[d.branch], d.record)
		if len(d.asked) > 0 {
			r.asked[d.record.Household] = d.asked
		}
		if len(r.pending[d.branch]) >= chunkSize {
			if err := r.flush(ctx, d.branch); err != nil {
				return err
			}
		}
	}
	if r.progress != nil && !r.gathering {
		r.progress(r.summary.Households)
	}
	return nil
}

func (t Tally) plus(o Tally) Tally {
	return Tally{t.Due + o.Due, t.Held + o.Held, t.Pending + o.Pending, t.Refused + o.Refused, t.Amount + o.Amount}
}

// decideBatch decides the households of a batch, all but those that speak of
// persons of other sheets.
func (r *run) decideBatch(d *decider, b *batch) {
	b.result.tallies = make([]Tally, len(r.programme.Components))
	for _, raw := range b.sheets {
		sheet, err := d.sheets.Decode(raw.Household, raw.Version, raw.Plain)
		if err != nil {
			b.result.err = err
			return
		}
		deferred, err := r.decideOne(d, sheet, nil, &b.result)
		if err != nil {
			b.result.err = err
			return
		}
		if deferred {
			b.result.deferred = append(b.result.deferred, raw)
		}
	}
}

// decideOne decides a household and keeps what changed.
func (r *run) decideOne(d *decider, sheet *registry.Sheet, strangers []stranger, into *batchResult) (deferred bool, err error) {
	d.given = r.given.of(sheet.Household)
	lines, wanted, err := d.household(sheet, strangers, func(who id.ID) bool { return r.elsewhere.uncounted[who] })
	if err != nil {
		return false, fault.Invalid("policy.household_fails", "file", sheet.File, "branch", sheet.Branch).Because(err)
	}
	if len(wanted) > 0 {
		return true, nil
	}
	if r.gathering {
		entitled, err := d.candidates(sheet)
		into.entitled = append(into.entitled, entitled...)
		return false, err
	}
	r.tally(lines, into.tallies)
	outcome := encodeOutcome(sheet.Household, lines)
	if before, stood := r.stood(sheet.Household); stood && before == outcomeDigest(outcome) || !stood && len(lines) == 0 {
		return false, nil
	}
	record := Record{Household: sheet.Household, SheetVersion: sheet.Version, Outcome: outcome, Basis: r.basis(sheet, strangers).encode(sheet.Household)}
	into.changed = append(into.changed, changedDecision{sheet.Branch, record, r.questions(sheet, d.missing)})
	return false, nil
}

// questions are the tasks that missing facts put before the branch, but those
// that its sheet puts by itself.
func (r *run) questions(sheet *registry.Sheet, missing []missingFact) (asked []registry.Task) {
	for _, m := range missing {
		if !registry.AsksAlready(sheet, m.person, m.fact) {
			asked = append(asked, registry.Ask(sheet.Household, sheet.Branch, registry.TaskFactUnknown, m.person, m.fact,
				"programme", r.programme.ID, "name", nameOn(sheet, m.person)))
		}
	}
	return asked
}

func (r *run) basis(sheet *registry.Sheet, strangers []stranger) (b basis) {
	for i := range sheet.Members {
		who := sheet.Members[i].Person
		if r.elsewhere.uncounted[who] {
			b.elsewhere = append(b.elsewhere, who)
		}
		if custodian, said := r.elsewhere.custody[who]; said {
			b.custody = append(b.custody, custody{who, custodian})
		}
	}
	for i := range strangers {
		b.others = append(b.others, strangers[i].otherSheet)
	}
	b.given = r.given.of(sheet.Household)
	return b
}

// stood is the digest of what stands for a household before the run.
func (r *run) stood(household id.ID) ([16]byte, bool) {
	i, found := slices.BinarySearchFunc(r.standing, household, func(s standingDigest, h id.ID) int { return s.household.Compare(h) })
	if !found {
		return [16]byte{}, false
	}
	return r.standing[i].digest, true
}

func (r *run) tally(lines []Line, tallies []Tally) {
	for i := range lines {
		l := &lines[i]
		place := slices.IndexFunc(r.programme.Components, func(c Component) bool { return c.ID == l.Component })
		t := &tallies[place]
		switch {
		case l.Status == Due:
			t.Due++
			t.Amount += l.Amount
			if !l.Payable {
				t.Held++
			}
		case l.Status == Pending:
			t.Pending++
		default:
			t.Refused++
		}
	}
}

// finish records the header, where there is anything to say: something changed,
// or this month was never decided by this release.
func (r *run) finish(ctx context.Context) error {
	if r.summary.Changed == 0 && !r.last.Run.IsZero() && r.last.Release == r.summary.Release {
		r.summary.Run = r.last.Run
		return nil
	}
	r.summary.Recorded = true
	root := sha256.Sum256(r.root)
	_, err := r.journal.Write(ctx, r.session, func(tx *store.Tx) error {
		if err := r.begin(tx); err != nil {
			return err
		}
		return journal.Record(tx, RunFinished{Run: r.summary.Run, Programme: r.programme.ID, Month: int64(r.month), Release: r.summary.Release[:],
			Households: r.summary.Households, Changed: r.summary.Changed, Chunks: r.summary.Chunks, Root: root[:], At: tx.Now.UnixMicro()})
	})
	return err
}

// begin gives the run its id and keeps its release's text, with the first thing
// that it records.
func (r *run) begin(tx *store.Tx) error {
	if r.summary.Run.IsZero() {
		r.summary.Run = tx.NewID()
	}
	_, known, err := store.One(tx, func(row *store.Row) string { return row.Text() }, `SELECT programme FROM releases WHERE release = $1`, r.summary.Release[:])
	if err != nil || known {
		return err
	}
	return journal.Record(tx, Released{Release: r.summary.Release[:], Programme: r.programme.ID, Text: r.programme.Text(), At: tx.Now.UnixMicro()})
}
