package policy

import (
	"context"
	"encoding/hex"
	"io/fs"
	"strings"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

// DraftState is how far a release has come.
type DraftState string

// The states. A release that is in force decides from its month on, until a
// later one does.
const (
	Drafted   DraftState = "drafted"
	Reported  DraftState = "reported"
	InForce   DraftState = "in_force"
	Withdrawn DraftState = "withdrawn"
)

// Key is the message that names the state.
func (s DraftState) Key() text.Key { return text.Key("policy.release_" + string(s)) }

// Draft is a release of a programme on its way into force: its examples pass
// from the beginning; what it changes for the registry's families is reported;
// two persons approve it who have opened that report and did not draft it.
type Draft struct {
	ID         id.ID          `cbor:"1,keyasint"`
	Version    int64          `cbor:"2,keyasint"`
	Programme  string         `cbor:"3,keyasint"`
	Title      string         `cbor:"4,keyasint"` // what changes and why, in the drafter's words
	Body       string         `cbor:"5,keyasint"` // the programme's file, word for word
	Release    []byte         `cbor:"6,keyasint"` // Programme.Digest
	Month      calendar.Month `cbor:"7,keyasint"` // the first that it decides
	State      DraftState     `cbor:"8,keyasint"`
	Drafter    id.ID          `cbor:"9,keyasint"`
	DraftedAt  int64          `cbor:"10,keyasint"`
	Report     string         `cbor:"11,keyasint"` // JSON, see RecordReport
	ReportedAt int64          `cbor:"12,keyasint"`
	First      id.ID          `cbor:"13,keyasint"` // who approved first
	FirstAt    int64          `cbor:"14,keyasint"`
	Second     id.ID          `cbor:"15,keyasint"`
	SecondAt   int64          `cbor:"16,keyasint"`
	Remark     string         `cbor:"17,keyasint"` // why it was withdrawn
}

// DraftRelease checks a programme's text, runs its examples, and keeps it as a
// draft of the actor's that would decide from a month on. It needs the
// capability PrepareRelease over the country. Its faults are those of Read,
// "policy.release_example" and, for a month that has begun, "policy.release_late".
func DraftRelease(tx *store.Tx, body, title string, month calendar.Month) (Draft, error) {
	if err := access.Require(tx, access.PrepareRelease, ""); err != nil {
		return Draft{}, err
	}
	p, err := parse("draft.yaml", body)
	if err != nil {
		return Draft{}, err
	}
	if err := p.ExamplesPass(); err != nil {
		return Draft{}, err
	}
	if title, err = spoken(title); err != nil {
		return Draft{}, err
	}
	if !month.Valid() || month.First() <= tx.Today() {
		return Draft{}, fault.Invalid("policy.release_late", "month", month.String())
	}
	release := p.Digest()
	d := Draft{ID: tx.NewID(), Version: 1, Programme: p.ID, Title: title, Body: body, Release: release[:], Month: month, State: Drafted,
		Drafter: tx.Actor, DraftedAt: tx.Now.UnixMicro()}
	return d, journal.Record(tx, ReleaseStepped{Step: StepDraft, Draft: d})
}

// spoken are somebody's words without blanks around them; fewer than five
// letters say nothing.
func spoken(words string) (string, error) {
	words = strings.TrimSpace(words)
	if len([]rune(words)) < 5 {
		return "", fault.Invalid("policy.release_words")
	}
	return words, nil
}

// ExamplesPass is the fault "policy.release_example" with the first that does not.
func (p *Programme) ExamplesPass() error {
	for i := range p.Examples {
		if err := p.ExamplePasses(i); err != nil {
			return err
		}
	}
	return nil
}

// ExamplePasses runs one of the programme's examples, by its place; the fault
// "policy.release_example" where it does not give what it says.
func (p *Programme) ExamplePasses(i int) error {
	wrong, err := p.Examples[i].run(p)
	if err == nil && len(wrong) > 0 {
		err = fault.Invalid("policy.release_example", "example", p.Examples[i].Name).Because(wrong[0].finding("draft.yaml", p.Examples[i].Name).Err)
	}
	return err
}

// RecordReport keeps what a draft changes for the families of the registry, as
// the edge has computed it (JSON), and undoes an approval that rested on an
// earlier report. It needs the capability PrepareRelease over the country.
func RecordReport(tx *store.Tx, draft id.ID, report string) (Draft, error) {
	if err := access.Require(tx, access.PrepareRelease, ""); err != nil {
		return Draft{}, err
	}
	d, err := openDraft(tx, draft)
	if err != nil {
		return Draft{}, err
	}
	d.State, d.Report, d.ReportedAt = Reported, report, tx.Now.UnixMicro()
	d.First, d.FirstAt = id.ID{}, 0
	d.Version++
	return d, journal.Record(tx, ReleaseStepped{Step: StepReport, Draft: d})
}

// OpenReport gives the difference report and notes that the actor has opened it;
// without that nobody can approve. It needs the capability PrepareRelease or
// ApproveRelease over the country. Its fault is "policy.no_report" where none
// was computed yet.
func OpenReport(tx *store.Tx, draft id.ID) (Draft, error) {
	if err := access.Require(tx, access.PrepareRelease, ""); err != nil {
		if err := access.Require(tx, access.ApproveRelease, ""); err != nil {
			return Draft{}, err
		}
	}
	d, err := DraftOf(tx, draft)
	if err != nil {
		return Draft{}, err
	}
	if d.ReportedAt == 0 {
		return Draft{}, fault.Conflict("policy.no_report")
	}
	return d, journal.Record(tx, ReportOpened{Draft: d.ID, Person: tx.Actor, Reported: d.ReportedAt, At: tx.Now.UnixMicro()})
}

// ApproveDraft signs for a release, as the approver has seen it: release is its
// digest. The second approval puts it in force from its month on. An approver
// has opened the report as it stands and is neither the drafter nor the other
// approver. It needs the capability ApproveRelease over the country. Its faults
// are "access.same_person", "policy.report_unread", "policy.release_differs",
// "policy.release_state" and, where its month has begun, "policy.release_late".
func ApproveDraft(tx *store.Tx, draft id.ID, release []byte) (Draft, error) {
	if err := access.Require(tx, access.ApproveRelease, ""); err != nil {
		return Draft{}, err
	}
	d, err := openDraft(tx, draft)
	if err != nil {
		return Draft{}, err
	}
	for _, other := range []id.ID{d.Drafter, d.First} {
		if err := access.RequireAnother(tx, other); err != nil {
			return Draft{}, err
		}
	}
	if err := d.approvable(tx, release); err != nil {
		return Draft{}, err
	}
	d.Version++
	if d.First.IsZero() {
		d.First, d.FirstAt = tx.Actor, tx.Now.UnixMicro()
		return d, journal.Record(tx, ReleaseStepped{Step: StepApproveFirst, Draft: d})
	}
	d.State, d.Second, d.SecondAt = InForce, tx.Actor, tx.Now.UnixMicro()
	if err := journal.Record(tx, ReleaseStepped{Step: StepApprove, Draft: d}); err != nil {
		return Draft{}, err
	}
	return d, journal.Record(tx, Released{Release: d.Release, Programme: d.Programme, Text: d.Body, At: tx.Now.UnixMicro()})
}

// approvable reports what hinders the actor from approving.
func (d Draft) approvable(tx *store.Tx, release []byte) error {
	if d.State != Reported {
		return fault.Conflict("policy.no_report")
	}
	if string(release) != string(d.Release) {
		return fault.Conflict("policy.release_differs")
	}
	if d.Month.First() <= tx.Today() {
		return fault.Conflict("policy.release_late", "month", d.Month.String())
	}
	opened, err := d.Opened(tx)
	if err == nil && !opened {
		err = fault.Conflict("policy.report_unread")
	}
	return err
}

// Opened reports whether the actor has opened the difference report as it stands.
func (d Draft) Opened(tx *store.Tx) (bool, error) {
	reported, found, err := store.One(tx, (*store.Row).Int, "SELECT reported FROM release_reads WHERE draft = $1 AND person = $2", d.ID, tx.Actor)
	return found && reported == d.ReportedAt, err
}

// WithdrawDraft takes a release back that is not in force, with a reason: its
// drafter may, or who approves. What is in force is undone by a later release.
func WithdrawDraft(tx *store.Tx, draft id.ID, remark string) (Draft, error) {
	if err := access.Require(tx, access.PrepareRelease, ""); err != nil {
		if err := access.Require(tx, access.ApproveRelease, ""); err != nil {
			return Draft{}, err
		}
	}
	d, err := openDraft(tx, draft)
	if err != nil {
		return Draft{}, err
	}
	if d.Remark, err = spoken(remark); err != nil {
		return Draft{}, err
	}
	d.State = Withdrawn
	d.Version++
	return d, journal.Record(tx, ReleaseStepped{Step: StepWithdraw, Draft: d})
}

// openDraft is a draft that can still change.
func openDraft(tx *store.Tx, draft id.ID) (Draft, error) {
	d, err := DraftOf(tx, draft)
	if err == nil && (d.State == InForce || d.State == Withdrawn) {
		err = fault.Conflict("policy.release_state", "state", d.State.Key())
	}
	return d, err
}

const draftQuery = `SELECT draft, version, programme, title, body, release, month, state, drafter, drafted, report, reported,
	first, first_at, second, second_at, remark FROM release_drafts`

func scanDraft(r *store.Row) Draft {
	return Draft{r.ID(), r.Int(), r.Text(), r.Text(), r.Text(), r.Bytes(), calendar.Month(r.Int()), DraftState(r.Text()), r.ID(), r.Int(), r.Text(), r.Int(),
		r.ID(), r.Int(), r.ID(), r.Int(), r.Text()}
}

// DraftOf returns a draft; the fault "policy.no_draft" where there is none. It
// holds no personal data.
func DraftOf(tx *store.Tx, draft id.ID) (Draft, error) {
	d, found, err := store.One(tx, scanDraft, draftQuery+" WHERE draft = $1", draft)
	if err == nil && !found {
		err = fault.NotFound("policy.no_draft")
	}
	return d, err
}

// Drafts returns all drafts of all programmes, the newest first. They hold no
// personal data.
func Drafts(tx *store.Tx) ([]Draft, error) {
	return store.All(tx, scanDraft, draftQuery+" ORDER BY drafted DESC, draft")
}

// ForMonth returns the programme as it decides a month: by the last release
// that was put in force from then or earlier, else as the country pack has it.
func ForMonth(tx *store.Tx, pack fs.FS, programme string, month calendar.Month) (*Programme, error) {
	if err := Declare(pack); err != nil {
		return nil, err
	}
	d, found, err := Deciding(tx, programme, month)
	if err != nil || !found {
		if err == nil {
			return Named(pack, programme)
		}
		return nil, err
	}
	return ReleaseOf(tx, [32]byte(d.Release))
}

// Deciding returns the draft that became the release by which a month is
// decided; not found where that is the country pack's own text.
func Deciding(tx *store.Tx, programme string, month calendar.Month) (d Draft, found bool, err error) {
	return store.One(tx, scanDraft, draftQuery+` WHERE programme = $1 AND month <= $2 AND state = 'in_force'
		ORDER BY month DESC, second_at DESC LIMIT 1`, programme, int64(month))
}

// ReleaseNamed returns a release of which some text is kept here, by its digest
// in hexadecimal or a beginning of at least eight digits that names one only;
// else the fault "policy.no_such_release". A release is the law as written and
// holds no personal data.
func ReleaseNamed(tx *store.Tx, digest string) (*Programme, error) {
	all, err := store.All(tx, func(r *store.Row) [32]byte { return [32]byte(r.Bytes()) }, "SELECT release FROM releases ORDER BY release")
	if err != nil {
		return nil, err
	}
	var found [][32]byte
	for _, release := range all {
		if strings.HasPrefix(hex.EncodeToString(release[:]), strings.ToLower(digest)) {
			found = append(found, release)
		}
	}
	if len(digest) < 8 || len(found) != 1 {
		return nil, fault.NotFound("policy.no_such_release", "release", digest)
	}
	return ReleaseOf(tx, found[0])
}

// Tallies decides a month for every household by a release, whatever stands,
// and counts the lines of each component. Nothing is recorded. It needs the
// capability Simulate over the country.
func Tallies(ctx context.Context, tx *store.Tx, p *Programme, month calendar.Month) (map[string]Tally, error) {
	if err := access.Require(tx, access.Simulate, ""); err != nil {
		return nil, err
	}
	var counts [][]Tally
	counter := run{programme: p}
	err := Try(ctx, tx, []Case{{p, month}}, nil, func() Taker {
		mine := make([]Tally, len(p.Components))
		counts = append(counts, mine)
		return func(_ *registry.Sheet, lines [][]Line) error {
			counter.tally(lines[0], mine)
			return nil
		}
	})
	all := map[string]Tally{}
	for _, one := range counts {
		for i, t := range one {
			all[p.Components[i].ID] = t.plus(all[p.Components[i].ID])
		}
	}
	return all, err
}
