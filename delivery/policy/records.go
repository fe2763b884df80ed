package policy

import (
	"crypto/sha256"
	"strings"
	"time"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

var (
	releases = &store.Table{Name: "releases", Class: store.Projected, Key: []string{"release"},
		Columns: []string{"release", "programme", "body", "recorded"}}
	runs = &store.Table{Name: "runs", Class: store.Projected, Key: []string{"programme", "month", "run"},
		Columns: []string{"programme", "month", "run", "release", "households", "changed", "chunks", "root", "finished"}}
	decisions = &store.Table{Name: "decisions", Class: store.Projected, Key: []string{"programme", "household", "month_from", "version"},
		Columns: []string{"programme", "household", "month_from", "version", "run", "branch", "sheet_version", "release", "outcome", "basis", "digest"}}
)

// Released says that a release of a programme decides from now on; its text is
// kept, so that old decisions can be replayed.
type Released struct {
	Release   []byte `cbor:"1,keyasint"`
	Programme string `cbor:"2,keyasint"`
	Text      string `cbor:"3,keyasint"`
	At        int64  `cbor:"4,keyasint"`
}

// Kind is "policy.released".
func (Released) Kind() journal.Kind { return journal.Kind{Name: "policy.released", Version: 1} }

// About puts it among what is the same everywhere.
func (Released) About() journal.About { return journal.About{Stream: journal.Reference} }

// Apply keeps the text.
func (r Released) Apply(w *store.Writer) error {
	return w.Put(releases, r.Release, r.Programme, r.Text, r.At)
}

// DecidedHouseholds is one chunk of a run: the changed decisions of at most a
// thousand households of one branch.
type DecidedHouseholds struct {
	Programme string          `cbor:"1,keyasint"`
	Month     int64           `cbor:"2,keyasint"` // YYYYMM
	Run       id.ID           `cbor:"3,keyasint"`
	Release   []byte          `cbor:"4,keyasint"`
	Branch    string          `cbor:"5,keyasint"`
	Decisions []Record        `cbor:"6,keyasint"`
	Opened    []registry.Task `cbor:"7,keyasint,omitempty"`
	Closed    []id.ID         `cbor:"8,keyasint,omitempty"`
	At        int64           `cbor:"9,keyasint"` // microseconds
}

// Record is one household's decision within a chunk.
type Record struct {
	Household    id.ID  `cbor:"1,keyasint"`
	SheetVersion int64  `cbor:"2,keyasint"`
	Outcome      []byte `cbor:"3,keyasint"`
	Basis        []byte `cbor:"4,keyasint,omitempty"`
}

// Kind is "policy.decided".
func (DecidedHouseholds) Kind() journal.Kind { return journal.Kind{Name: "policy.decided", Version: 1} }

// About puts it in what the diwan tells the branch, so that the branch gets what
// was decided about its own households and about no others.
func (d DecidedHouseholds) About() journal.About {
	return journal.About{Stream: journal.Down(d.Branch), Subject: d.Run}
}

// Apply adds the decisions; those that stood before stay where they are.
func (d DecidedHouseholds) Apply(w *store.Writer) error {
	for _, r := range d.Decisions {
		digest := outcomeDigest(r.Outcome)
		if err := w.Insert(decisions, d.Programme, r.Household, d.Month, d.At, d.Run, d.Branch, r.SheetVersion, d.Release,
			blob(r.Outcome), blob(r.Basis), digest[:]); err != nil {
			return err
		}
	}
	for _, t := range d.Opened {
		if err := t.Open(w, d.At); err != nil {
			return err
		}
	}
	for _, task := range d.Closed {
		if err := registry.CloseAnswered(w, task, d.At); err != nil {
			return err
		}
	}
	return nil
}

// blob is never NULL.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// RunFinished is the header of a run, recorded last: what was looked at, and
// the root of the digests of all its decisions.
type RunFinished struct {
	Run        id.ID  `cbor:"1,keyasint"`
	Programme  string `cbor:"2,keyasint"`
	Month      int64  `cbor:"3,keyasint"`
	Release    []byte `cbor:"4,keyasint"`
	Households int64  `cbor:"5,keyasint"`
	Changed    int64  `cbor:"6,keyasint"`
	Chunks     int64  `cbor:"7,keyasint"`
	Root       []byte `cbor:"8,keyasint"`
	At         int64  `cbor:"9,keyasint"`
}

// Kind is "policy.run".
func (RunFinished) Kind() journal.Kind { return journal.Kind{Name: "policy.run", Version: 1} }

// About puts it among what is the same everywhere: a branch of which nothing
// changed must know that the month was decided. It names nobody.
func (r RunFinished) About() journal.About {
	return journal.About{Stream: journal.Reference, Subject: r.Run}
}

// Apply notes that the month is decided.
func (r RunFinished) Apply(w *store.Writer) error {
	return w.Put(runs, r.Programme, r.Month, r.Run, r.Release, r.Households, r.Changed, r.Chunks, r.Root, r.At)
}

// RunRecord is one complete run for a month.
type RunRecord struct {
	Run        id.ID
	Release    [32]byte
	Households int64 // looked at
	Changed    int64 // decisions recorded
	Chunks     int64
	Root       [32]byte
	Finished   time.Time
}

func scanRun(r *store.Row) RunRecord {
	run := RunRecord{Run: r.ID()}
	copy(run.Release[:], r.Raw())
	run.Households, run.Changed, run.Chunks = r.Int(), r.Int(), r.Int()
	copy(run.Root[:], r.Raw())
	run.Finished = r.Time()
	return run
}

// fileOf takes the name of a file from a source's document, which may add a row
// after a colon.
func fileOf(document string) string {
	name, _, _ := strings.Cut(document, ":")
	return name
}

// standingDigest is the outcome that stands for a household before a run.
type standingDigest struct {
	household id.ID
	digest    [16]byte
}

// standingDigests returns what stands in a month, in household order: 32 bytes
// a household, so that a run need not ask for each.
func standingDigests(tx *store.Tx, programme string, month calendar.Month) ([]standingDigest, error) {
	var all []standingDigest
	err := tx.Each(func(r *store.Row) error {
		s := standingDigest{household: r.ID()}
		copy(s.digest[:], r.Raw())
		if n := len(all); n > 0 && all[n-1].household == s.household {
			all = all[:n-1]
		}
		all = append(all, s)
		return r.Err()
	}, `SELECT household, digest FROM decisions WHERE programme = $1 AND month_from <= $2
		ORDER BY household, month_from, version`, programme, int64(month))
	return all, err
}

// outcomeDigest is what tells whether a decision changed.
func outcomeDigest(outcome []byte) (digest [16]byte) {
	whole := sha256.Sum256(outcome)
	copy(digest[:], whole[:])
	return digest
}
