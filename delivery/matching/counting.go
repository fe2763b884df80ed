package matching

import (
	"slices"
	"strings"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

var apartTable = &store.Table{Name: "counted_apart", Class: store.Projected, Key: []string{"person"},
	Columns: []string{"person", "since", "until", "reason", "noticed", "answer_by"}}

// TaskTwoPaid asks a branch about a person for whom payments go on by two
// records.
const TaskTwoPaid = "two_paid"

// Human is somebody who has several records.
type Human struct {
	Counts []id.ID // the records that count, the first before others
	Others []id.ID // the records that do not, since the first of Counts does
}

// Humans returns everybody who has several records. One of them counts: see
// Clusters. But no link ends a payment by itself: records that were being paid
// when a person linked them go on counting, each as before, until a person
// settles it (Settle). It reveals identifiers only.
func Humans(tx *store.Tx) ([]Human, error) {
	clusters, err := Clusters(tx)
	if err != nil {
		return nil, err
	}
	apart, err := standingApart(tx)
	if err != nil {
		return nil, err
	}
	humans := make([]Human, len(clusters))
	for i, records := range clusters {
		humans[i] = humanOf(records, apart)
	}
	return humans, nil
}

// humanOf parts ranked records into those that count and the others.
func humanOf(ranked []id.ID, apart map[id.ID]bool) (h Human) {
	for _, r := range ranked {
		if apart[r] {
			h.Counts = append(h.Counts, r)
		} else {
			h.Others = append(h.Others, r)
		}
	}
	if len(h.Counts) == 0 {
		h.Counts, h.Others = ranked[:1], ranked[1:]
	}
	return h
}

func standingApart(tx *store.Tx) (map[id.ID]bool, error) {
	apart := map[id.ID]bool{}
	err := tx.Each(func(r *store.Row) error {
		apart[r.ID()] = true
		return r.Err()
	}, "SELECT person FROM counted_apart WHERE until = 0")
	return apart, err
}

// CountedApart reports whether a record goes on counting beside another of the
// same human, until a person settles it. It reveals nothing else.
func CountedApart(tx *store.Tx, person id.ID) (bool, error) {
	_, stands, err := store.One(tx, (*store.Row).Int, "SELECT since FROM counted_apart WHERE person = $1 AND until = 0", person)
	return stands, err
}

// LinkKeeping is Link by a person's decision. Paid are the records of this human
// for which payments stand: where one of them would count no longer, each goes on
// as before, and the branches are asked which household keeps her. Its faults are
// those of Link, and "matching.reason_needed".
func LinkKeeping(tx *store.Tx, a, b id.ID, reason string, paid []id.ID) error {
	if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
		return err
	}
	pair, err := decidable(a, b, reason)
	if err != nil {
		return err
	}
	open, err := standing(tx, pair)
	if err != nil || open {
		return err
	}
	records, err := joined(tx, pair)
	if err != nil {
		return err
	}
	event := Linked{Pairs: []Pair{pair}, At: tx.Now.UnixMicro()}
	seats, err := seatsOf(tx, records)
	if err != nil {
		return err
	}
	slices.SortFunc(seats, seat.compare)
	if len(paid) > 1 || len(paid) == 1 && seats[0].person != paid[0] {
		event.Apart, event.Asked = paid, asksOfPaid(seats, paid)
	}
	return journal.Record(tx, event)
}

// asksOfPaid asks about each paid record but the first that is paid.
func asksOfPaid(ranked []seat, paid []id.ID) (asked []registry.Task) {
	first := ranked[0]
	for _, s := range ranked {
		if s.person != first.person && contains(paid, s.person) {
			asked = append(asked, registry.Ask(s.household, s.branch, TaskTwoPaid, s.person, "", "name", s.name, "branch", first.branch, "file", first.file))
		}
	}
	return asked
}

// Settled says that a record counts no longer beside another of the same human.
type Settled struct {
	Person   id.ID         `cbor:"1,keyasint"`
	Reason   string        `cbor:"2,keyasint"` // in the actor's words
	Noticed  calendar.Date `cbor:"3,keyasint"` // the family was told on this day
	AnswerBy calendar.Date `cbor:"4,keyasint"` // and could answer until this one
	Closed   []id.ID       `cbor:"5,keyasint,omitempty"`
	At       int64         `cbor:"6,keyasint"` // microseconds
}

// Kind is "matching.settled".
func (Settled) Kind() journal.Kind { return journal.Kind{Name: "matching.settled", Version: 1} }

// About puts it into the diwan's stream.
func (s Settled) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: s.Person}
}

// Apply ends the counting apart, and the question about it.
func (s Settled) Apply(w *store.Writer) error {
	err := w.Update(apartTable, []any{s.Person}, "until", s.At, "reason", s.Reason, "noticed", int64(s.Noticed), "answer_by", int64(s.AnswerBy))
	return closeTasks(w, s.Closed, s.At, err)
}

// Settle ends the counting of a record beside another of the same human: from the
// next run on she counts by the other. The family was told on noticed and could
// answer until answerBy, a day that is over. It needs access.LinkIdentity over the
// country. Its faults are "matching.not_apart", "matching.reason_needed" and
// "matching.notice_running".
func Settle(tx *store.Tx, person id.ID, reason string, noticed, answerBy calendar.Date) error {
	if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
		return err
	}
	apart, err := CountedApart(tx, person)
	if err != nil {
		return err
	}
	if !apart {
		return fault.NotFound("matching.not_apart")
	}
	if reason = strings.TrimSpace(reason); len([]rune(reason)) < reasonMin {
		return fault.Invalid("matching.reason_needed").At("reason")
	}
	day := noticed.Precision() == calendar.PrecisionDay && answerBy.Precision() == calendar.PrecisionDay
	if !day || noticed >= answerBy || answerBy >= tx.Today() {
		return fault.Invalid("matching.notice_running").At("answer_by")
	}
	closed, err := openTasksOf(tx, person, TaskTwoPaid)
	if err != nil {
		return err
	}
	return journal.Record(tx, Settled{Person: person, Reason: reason, Noticed: noticed, AnswerBy: answerBy, Closed: closed, At: tx.Now.UnixMicro()})
}

func openTasksOf(tx *store.Tx, person id.ID, kind string) ([]id.ID, error) {
	return store.All(tx, (*store.Row).ID, `SELECT t.task FROM tasks t JOIN persons p ON p.household = t.household
		WHERE p.person = $1 AND t.person = $1 AND t.kind = $2 AND t.closed = 0 ORDER BY t.task`, person, kind)
}

func contains(list []id.ID, one id.ID) bool { return slices.Contains(list, one) }
