package policy

import (
	"bytes"
	"cmp"
	"container/heap"
	"context"
	"encoding/binary"
	"hash/fnv"
	"runtime"
	"slices"
	"sync"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// Which picks the decisions of a programme that are replayed.
type Which struct {
	Programme string
	Month     calendar.Month // what stands in it; zero: everything that was ever recorded
	Household id.ID          // zero: every household
	Sample    int            // so many at random; zero: all
	Seed      uint64         // of the sample: the same seed picks the same decisions
}

// Unequal is a decision that does not come out again from what it cites.
type Unequal struct {
	Household id.ID
	File      string
	Branch    string
	Month     calendar.Month // from which it stands
	Reason    error
}

// Replayed is what a replay came to.
type Replayed struct {
	Decisions int64
	Unequal   int64
	Releases  int      // how many releases of the law the decisions cite
	First     *Unequal // in the order of households and months; nil where all are equal
}

// Replay computes past decisions again, each from the version of the sheet and
// the release of the law that it cites, and compares the outcomes byte by byte
// with what is recorded. It needs the capability SeeDecision over the country,
// shows nobody's facts, and records nothing. Where nothing was decided it is
// the fault "policy.nothing_to_replay".
func Replay(ctx context.Context, tx *store.Tx, which Which) (Replayed, error) {
	if err := access.Require(tx, access.SeeDecision, ""); err != nil {
		return Replayed{}, err
	}
	keys, err := which.keys(tx)
	if err != nil {
		return Replayed{}, err
	}
	if len(keys) == 0 {
		return Replayed{}, fault.NotFound("policy.nothing_to_replay", "programme", which.Programme)
	}
	r := &replay{programme: which.Programme, laws: map[[32]byte]*Programme{}, jobs: make(chan replayed, 2*runtime.GOMAXPROCS(0))}
	var working sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		working.Go(r.work)
	}
	for len(keys) > 0 && err == nil {
		n := min(batchSize, len(keys))
		err = cmp.Or(ctx.Err(), r.send(tx, keys[:n]))
		keys = keys[n:]
	}
	close(r.jobs)
	working.Wait()
	r.result.Releases = len(r.laws)
	return r.result, err
}

// decisionKey names one recorded decision of a programme.
type decisionKey struct {
	household id.ID
	month     calendar.Month
	version   int64
}

// keys are the decisions that are wanted, by household, month and version.
func (w Which) keys(tx *store.Tx) ([]decisionKey, error) {
	var picked sample
	last := calendar.Month(999912)
	if w.Month != 0 {
		last = w.Month
	}
	sql, args := `SELECT household, month_from, version FROM decisions WHERE programme = $1 AND month_from <= $2`, []any{w.Programme, int64(last)}
	if !w.Household.IsZero() {
		sql, args = sql+" AND household = $3", append(args, w.Household)
	}
	var before decisionKey
	keep := func(next decisionKey) {
		if !before.household.IsZero() && (w.Month == 0 || before.household != next.household) {
			picked.add(before, w)
		}
		before = next
	}
	err := tx.Each(func(r *store.Row) error {
		keep(decisionKey{r.ID(), calendar.Month(r.Int()), r.Int()})
		return r.Err()
	}, sql+" ORDER BY household, month_from, version", args...)
	keep(decisionKey{})
	slices.SortFunc(picked, func(a, b sampled) int {
		return cmp.Or(a.household.Compare(b.household), cmp.Compare(a.month, b.month), cmp.Compare(a.version, b.version))
	})
	keys := make([]decisionKey, len(picked))
	for i := range picked {
		keys[i] = picked[i].decisionKey
	}
	return keys, err
}

// sampled is a decision with the number by which a sample picks it: those with
// the lowest numbers are the sample, whatever order they come in.
type sampled struct {
	decisionKey
	lot uint64
}

// sample is a heap whose first is the next to go.
type sample []sampled

func (s sample) Len() int           { return len(s) }
func (s sample) Less(i, j int) bool { return s[i].lot > s[j].lot }
func (s sample) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *sample) Push(x any)        { *s = append(*s, x.(sampled)) }
func (s *sample) Pop() any {
	last := (*s)[len(*s)-1]
	*s = (*s)[:len(*s)-1]
	return last
}

func (s *sample) add(key decisionKey, w Which) {
	if w.Sample == 0 {
		*s = append(*s, sampled{decisionKey: key})
		return
	}
	one := sampled{key, key.lot(w.Seed)}
	switch {
	case len(*s) < w.Sample:
		heap.Push(s, one)
	case one.lot < (*s)[0].lot:
		(*s)[0] = one
		heap.Fix(s, 0)
	}
}

func (k decisionKey) lot(seed uint64) uint64 {
	h := fnv.New64a()
	var numbers [24]byte
	binary.BigEndian.PutUint64(numbers[:], seed)
	binary.BigEndian.PutUint64(numbers[8:], uint64(k.month))
	binary.BigEndian.PutUint64(numbers[16:], uint64(k.version))
	_, _ = h.Write(numbers[:])
	_, _ = h.Write(k.household[:])
	mixed := h.Sum64() // its low bits hardly reach the high ones, by which lots are compared
	mixed = (mixed ^ mixed>>32) * 0x9e3779b97f4a7c15
	return mixed ^ mixed>>29
}

// replay is one replay under way.
type replay struct {
	programme string
	laws      map[[32]byte]*Programme // used by the reader only
	jobs      chan replayed

	mutex  sync.Mutex
	result Replayed
}

// replayed is some decisions with all that they cite.
type replayed struct {
	decisions []Decision
	laws      []*Programme
	papers    []papers
}

// send reads decisions with what they cite and hands them to the workers.
func (r *replay) send(tx *store.Tx, keys []decisionKey) error {
	args := make([][]any, len(keys))
	for i, k := range keys {
		args[i] = []any{r.programme, k.household, int64(k.month), k.version}
	}
	job := replayed{decisions: make([]Decision, len(keys)), laws: make([]*Programme, len(keys))}
	err := tx.Batch(func(i int, row *store.Row) (err error) {
		job.decisions[i], err = scanDecision(row)
		return err
	}, `SELECT d.household, d.branch, coalesce(h.file, ''), coalesce(h.source, ''), d.sheet_version, d.release,
	d.month_from, d.version, d.outcome, d.basis FROM decisions d LEFT JOIN households h ON h.household = d.household
	WHERE d.programme = $1 AND d.household = $2 AND d.month_from = $3 AND d.version = $4`, args)
	if err != nil {
		return err
	}
	for i := range job.decisions {
		release := job.decisions[i].Release
		if r.laws[release] == nil {
			if r.laws[release], err = ReleaseOf(tx, release); err != nil {
				return err
			}
		}
		job.laws[i] = r.laws[release]
	}
	if job.papers, err = citedBy(tx, job.decisions); err == nil {
		r.jobs <- job
	}
	return err
}

// lawOfMonth is a release on a month.
type lawOfMonth struct {
	programme *Programme
	month     calendar.Month
}

// work replays until there is nothing more, with a decider for each release and
// month.
func (r *replay) work() {
	deciders := map[lawOfMonth]*decider{}
	var sheets registry.Decoder
	for job := range r.jobs {
		for i := range job.decisions {
			r.note(&job.decisions[i], again(deciders, &sheets, &job, i))
		}
	}
}

func again(deciders map[lawOfMonth]*decider, sheets *registry.Decoder, job *replayed, i int) error {
	decision := &job.decisions[i]
	if decision.basis.decided == undecided {
		return nil
	}
	law := lawOfMonth{job.laws[i], decision.decidedFor()}
	d := deciders[law]
	if d == nil {
		var err error
		if d, err = newDecider(law.programme, law.month); err != nil {
			return err
		}
		deciders[law] = d
	}
	sheet, strangers, err := job.papers[i].open(sheets.Decode)
	if err == nil {
		_, err = d.again(decision, sheet, strangers)
	}
	return err
}

func (r *replay) note(d *Decision, unequal error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.result.Decisions++
	if unequal == nil {
		return
	}
	r.result.Unequal++
	first := r.result.First
	if first == nil || cmp.Or(d.Household.Compare(first.Household), cmp.Compare(d.From, first.Month)) < 0 {
		r.result.First = &Unequal{d.Household, d.File, d.Branch, d.From, unequal}
	}
}

// decidedFor is the month for which a decision was computed.
func (d *Decision) decidedFor() calendar.Month {
	if d.basis.decided == 0 {
		return d.From
	}
	return d.basis.decided
}

// again decides a household by what a recorded decision cites. It is the fault
// "policy.replay_differs" where that does not give what is recorded, byte by
// byte.
func (d *decider) again(recorded *Decision, sheet *registry.Sheet, strangers []stranger) ([]Line, error) {
	d.given = recorded.basis.given
	d.framer.custody = map[id.ID]id.ID{}
	for _, c := range recorded.basis.custody {
		d.framer.custody[c.child] = c.custodian
	}
	lines, _, err := d.household(sheet, strangers, func(who id.ID) bool { return slices.Contains(recorded.basis.elsewhere, who) })
	if err == nil && !bytes.Equal(encodeOutcome(sheet.Household, lines), recorded.outcome) {
		err = fault.Conflict("policy.replay_differs", "file", sheet.File, "branch", sheet.Branch)
	}
	return lines, err
}

// papers are the sheets that a decision cites, not yet read.
type papers struct {
	own    journal.Sheet
	others []otherSheet
	sheets []journal.Sheet // of the others, Version 0 where nothing was known of them
}

// citedBy fetches what decisions cite.
func citedBy(tx *store.Tx, all []Decision) ([]papers, error) {
	var wanted []journal.Version
	for i := range all {
		wanted = append(wanted, journal.Version{Household: all[i].Household, Version: all[i].SheetVersion})
		for _, other := range all[i].basis.others {
			wanted = append(wanted, journal.Version{Household: other.household, Version: other.version})
		}
	}
	found, err := journal.SheetVersions(tx, wanted)
	if err != nil {
		return nil, err
	}
	cited := make([]papers, len(all))
	for i := range all {
		others := all[i].basis.others
		cited[i] = papers{found[0], others, found[1 : 1+len(others)]}
		found = found[1+len(others):]
	}
	return cited, nil
}

// open reads the sheets; decode may keep the household's own only until its
// next call. A sheet that is cited and not here is the fault "journal.no_sheet".
func (c *papers) open(decode func(id.ID, int64, []byte) (*registry.Sheet, error)) (*registry.Sheet, []stranger, error) {
	strangers := make([]stranger, len(c.others))
	for i, other := range c.others {
		strangers[i].otherSheet = other
		if other.version == 0 {
			continue
		}
		if c.sheets[i].Version == 0 {
			return nil, nil, fault.NotFound("journal.no_sheet")
		}
		sheet, err := registry.Decode(other.household, other.version, c.sheets[i].Plain)
		if err != nil {
			return nil, nil, err
		}
		strangers[i].sheet, strangers[i].member = sheet, sheet.Member(other.person)
	}
	if c.own.Version == 0 {
		return nil, nil, fault.NotFound("journal.no_sheet")
	}
	sheet, err := decode(c.own.Household, c.own.Version, c.own.Plain)
	return sheet, strangers, err
}
