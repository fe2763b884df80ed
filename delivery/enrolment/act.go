package enrolment

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// Forecast returns the ends that the law's own calendar sets for a programme
// within the days that it announces them ahead, and those since the quarter
// before that were not announced yet. What another act announced is left out.
func Forecast(tx *store.Tx, p *policy.Programme) ([]End, error) {
	if err := access.Require(tx, access.SeeDecision, ""); err != nil {
		return nil, err
	}
	known := map[Claim]calendar.Month{}
	err := tx.Each(func(r *store.Row) error {
		known[Claim{r.ID(), r.Text()}] = calendar.Month(r.Int())
		return r.Err()
	}, "SELECT person, component, month FROM ends WHERE programme = $1 AND live = 1", p.ID)
	if err != nil {
		return nil, err
	}
	from, through := horizon(tx.Today(), p.Process.Announced)
	var found []End
	err = policy.Forecast(tx, p, from, through, func(e policy.Ending) error {
		if known[Claim{e.Person, e.Component}] != e.Month {
			found = append(found, End{e.Person, e.Component, e.Household, e.Branch, e.File, e.Month, e.Amount, e.Reason})
		}
		return nil
	})
	slices.SortFunc(found, func(a, b End) int { return cmp.Or(a.Person.Compare(b.Person), cmp.Compare(a.Component, b.Component)) })
	return found, err
}

// horizon is the first month of the quarter before, whom the list of this
// quarter is compared with, and the month in which so many days from today lie.
func horizon(today calendar.Date, days int64) (from, through calendar.Month) {
	this, _ := today.InMonth()
	through, _ = today.AddDays(int(days)).InMonth()
	return this.Quarter().Previous().Months()[0], through
}

// Announce records the forecast as one act of the actor: from now on it is known
// when each of these benefits ends and why. It ends nothing before another
// person approves it. Its fault is "enrolment.no_ends" where nothing is to be
// announced.
func Announce(tx *store.Tx, p *policy.Programme) (Act, error) {
	if err := access.Require(tx, access.AnnounceEnds, ""); err != nil {
		return Act{}, err
	}
	found, err := Forecast(tx, p)
	if err != nil {
		return Act{}, err
	}
	_, through := horizon(tx.Today(), p.Process.Announced)
	if len(found) == 0 {
		return Act{}, fault.Conflict("enrolment.no_ends", "month", through.Date())
	}
	release := p.Digest()
	a := Act{ID: tx.NewID(), Version: 1, Programme: p.ID, Title: p.Name, State: Announced, Through: through, Release: release[:],
		Announcer: tx.Actor, AnnouncedAt: tx.Now.UnixMicro()}
	a = a.Over(found)
	for group := range slices.Chunk(found, chunk) {
		if err := journal.Record(tx, EndsListed{a.ID, a.Programme, group}); err != nil {
			return Act{}, err
		}
	}
	return a, journal.Record(tx, ActStepped{Step: StepAnnounce, Act: a})
}

// Over returns the act sealed over these ends, which stand in order of person
// and component.
func (a Act) Over(ends []End) Act {
	a.Ends, a.Amount, a.Digest = int64(len(ends)), 0, a.start()
	for i := range ends {
		a.Digest = ends[i].link(a.Digest)
		a.Amount += ends[i].Amount
	}
	return a
}

// start is the head of an act's chain before its first end.
func (a Act) start() []byte {
	sum := sha256.Sum256(append([]byte("sanad ends "+a.Programme+" "), a.ID[:]...))
	return sum[:]
}

// link returns the head of the chain after this end.
func (e End) link(head []byte) []byte {
	h := sha256.New()
	h.Write(head)
	h.Write(e.Person[:])
	h.Write(e.Household[:])
	var figures [16]byte
	binary.BigEndian.PutUint64(figures[:], uint64(e.Month))
	binary.BigEndian.PutUint64(figures[8:], uint64(e.Amount))
	h.Write(figures[:])
	for _, word := range []string{e.Component, e.Branch, e.File, e.Reason} {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(word))))
		h.Write([]byte(word))
	}
	return h.Sum(nil)
}

// Approve signs for all ends of an act, as the approver has seen them: digest is
// the act's. The approver is another person than the announcer. Its faults are
// "access.same_person", "enrolment.wrong_state", "enrolment.digest_differs" and
// "enrolment.altered" where what is kept is not what was announced.
func Approve(tx *store.Tx, act id.ID, seen []byte) (Act, error) {
	if err := access.Require(tx, access.ApproveEnds, ""); err != nil {
		return Act{}, err
	}
	a, err := findAct(tx, act)
	if err != nil {
		return Act{}, err
	}
	if a.State != Announced {
		return Act{}, wrongState(a.State)
	}
	if err := access.RequireAnother(tx, a.Announcer); err != nil {
		return Act{}, err
	}
	if !bytes.Equal(a.Digest, seen) {
		return Act{}, fault.Conflict("enrolment.digest_differs")
	}
	if _, err := a.list(tx); err != nil {
		return Act{}, err
	}
	a.State, a.Approver, a.ApprovedAt = Approved, tx.Actor, tx.Now.UnixMicro()
	a.Version++
	return a, journal.Record(tx, ActStepped{Step: StepApprove, Act: a})
}

// WithdrawEnds takes an act back, with a reason: before the approval its
// announcer may, afterwards an approver. Its ends do not stand any more.
func WithdrawEnds(tx *store.Tx, act id.ID, remark string) (Act, error) {
	a, err := findAct(tx, act)
	if err != nil {
		return Act{}, err
	}
	capability := access.ApproveEnds
	if a.State == Announced && tx.Actor == a.Announcer {
		capability = access.AnnounceEnds
	}
	if err := access.Require(tx, capability, ""); err != nil {
		return Act{}, err
	}
	if a.State == Withdrawn {
		return Act{}, wrongState(a.State)
	}
	if a.Remark, err = said(remark, "remark"); err != nil {
		return Act{}, err
	}
	listed, err := a.list(tx)
	if err != nil {
		return Act{}, err
	}
	freed := make([]Claim, len(listed))
	for i, e := range listed {
		freed[i] = Claim{e.Person, e.Component}
	}
	a.State = Withdrawn
	a.Version++
	return a, journal.Record(tx, ActStepped{Step: StepWithdrawEnds, Act: a, Freed: freed})
}

// list reads an act's ends and holds them against its digest.
func (a Act) list(tx *store.Tx) ([]End, error) {
	found, err := store.All(tx, scanEnd, endQuery+" WHERE act = $1 ORDER BY person, component", a.ID)
	if err != nil {
		return nil, err
	}
	if as := a.Over(found); !bytes.Equal(as.Digest, a.Digest) || as.Ends != a.Ends || as.Amount != a.Amount {
		return nil, fault.Conflict("enrolment.altered", "act", a.ID.String())
	}
	return found, nil
}

func wrongState(s State) error { return fault.Conflict("enrolment.wrong_state", "state", s.Key()) }

// leastWords is how many letters a reason has at least.
const leastWords = 5

// said returns a person's words without blanks around them; fewer than five
// letters are no reason.
func said(words, field string) (string, error) {
	words = strings.TrimSpace(words)
	if len([]rune(words)) < leastWords {
		return "", fault.Invalid("enrolment.no_words").At(field)
	}
	return words, nil
}
