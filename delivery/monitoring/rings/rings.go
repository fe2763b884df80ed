// Package rings finds what unrelated families hardly have in common: one bank
// account, one telephone, one clerk who entered them all in a week without any
// number, a first appearance just before a payment. Most of it has a good reason:
// a grandfather's account, the telephone of the only shop, a camp that was
// registered in three days. So it is a question to a supervisor, with the
// evidence, and nothing else: no payment is held by it, no family is refused, and
// no score of it stands on anybody's file.
//
// Find reads every sheet and keeps the questions at this node (local tables).
// What a supervisor answers is an event; an answered ring is asked again only
// when more households have come to it.
package rings

import (
	"slices"
	"strings"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

// Kind is what a ring shares.
type Kind string

// The kinds.
const (
	Account Kind = "account" // one bank account
	Phone   Kind = "phone"   // one telephone
	Entry   Kind = "entry"   // one clerk, one place, one week, nobody with a number
	PayDay  Kind = "pay_day" // one telephone or account, and all came just before a payment
)

// Key is the message that asks about a ring of this kind.
func (k Kind) Key() text.Key { return text.Key("rings.kind_" + string(k)) }

// Answer is what a supervisor says of a ring.
type Answer string

// The answers. None of them changes what anybody is owed.
const (
	Explained Answer = "explained" // there is a good reason
	Visit     Answer = "visit"     // the families will be visited
	Referred  Answer = "referred"  // the internal auditor was told
)

// Answers lists them all.
var Answers = []Answer{Explained, Visit, Referred}

// Key is the message that names the answer.
func (a Answer) Key() text.Key { return text.Key("rings.answer_" + string(a)) }

var (
	found = &store.Table{Name: "rings", Class: store.Local, Key: []string{"ring"},
		Columns: []string{"ring", "kind", "branch", "families", "households", "clerk", "first_day", "last_day", "found"}}
	members = &store.Table{Name: "ring_households", Class: store.Local, Key: []string{"ring", "household"}, Columns: []string{"ring", "household"}}
	answers = &store.Table{Name: "ring_answers", Class: store.Projected, Key: []string{"ring"},
		Columns: []string{"ring", "kind", "branch", "households", "answer", "reason", "answerer", "at"}}
)

// Tables are the tables of this package.
var Tables = []*store.Table{found, members, answers}

// Kinds are the events of this package.
var Kinds = []journal.Event{Answered{}}

// Answered says what a supervisor found of a ring.
type Answered struct {
	Ring       id.ID  `cbor:"1,keyasint"`
	Shares     Kind   `cbor:"2,keyasint"`
	Branch     string `cbor:"3,keyasint"`
	Households int64  `cbor:"4,keyasint"` // at the time of the answer
	Answer     Answer `cbor:"5,keyasint"`
	Reason     string `cbor:"6,keyasint"`
	By         id.ID  `cbor:"7,keyasint"`
	At         int64  `cbor:"8,keyasint"` // microseconds
}

// Kind is "rings.answered".
func (Answered) Kind() journal.Kind { return journal.Kind{Name: "rings.answered", Version: 1} }

// About puts it into the diwan's stream.
func (a Answered) About() journal.About {
	return journal.About{Stream: journal.Diwan, Subject: a.Ring}
}

// Apply keeps the answer.
func (a Answered) Apply(w *store.Writer) error {
	return w.Put(answers, a.Ring, string(a.Shares), a.Branch, a.Households, string(a.Answer), a.Reason, a.By, a.At)
}

// Question is a ring with what was answered, if anything was.
type Question struct {
	Ring
	Count    int // households
	Answer   Answer
	Reason   string
	By       id.ID
	Grown    bool // households came to it since the answer
	Home     []Home
	Answered int64 // microseconds, 0 before
}

// Open reports whether somebody should look at it.
func (q Question) Open() bool { return q.Answer == "" || q.Grown }

// Home is a household of a ring.
type Home struct {
	Household  id.ID
	Branch     string
	File       string
	Head       string
	Members    int
	Registered int64 // microseconds
}

const questions = `SELECT r.ring, r.kind, r.branch, r.families, r.households, r.clerk, r.first_day, r.last_day,
	coalesce(a.answer, ''), coalesce(a.reason, ''), a.answerer, coalesce(a.at, 0), coalesce(a.households, 0)
	FROM rings r LEFT JOIN ring_answers a ON a.ring = r.ring `

func scanQuestion(r *store.Row) Question {
	var q Question
	q.ID, q.Kind, q.Branch, q.Families, q.Count = r.ID(), Kind(r.Text()), r.Text(), int(r.Int()), int(r.Int())
	q.Clerk, q.From, q.To = r.ID(), r.Date(), r.Date()
	q.Answer, q.Reason, q.By, q.Answered = Answer(r.Text()), r.Text(), r.ID(), r.Int()
	q.Grown = q.Answer != "" && q.Count > int(r.Int())
	return q
}

// Questions lists the rings that the actor may judge, those that wait first, the
// largest first. It needs access.JudgeRings.
func Questions(tx *store.Tx) ([]Question, error) {
	if !access.Holds(tx, access.JudgeRings) {
		return nil, access.Require(tx, access.JudgeRings, "")
	}
	all, err := store.All(tx, scanQuestion, questions+"ORDER BY r.families DESC, r.ring")
	all = slices.DeleteFunc(all, func(q Question) bool { return access.Require(tx, access.JudgeRings, q.Branch) != nil })
	slices.SortStableFunc(all, func(a, b Question) int {
		if a.Open() == b.Open() {
			return 0
		}
		if a.Open() {
			return -1
		}
		return 1
	})
	return all, err
}

// Look returns a ring with its households, and notes the look at each. A ring
// that is not there is the fault "rings.no_ring". It needs access.JudgeRings over
// the ring's branch, over the country where it has several.
func Look(tx *store.Tx, ring id.ID) (Question, error) {
	q, there, err := store.One(tx, scanQuestion, questions+"WHERE r.ring = $1", ring)
	if err == nil && !there {
		err = fault.NotFound("rings.no_ring")
	}
	if err != nil {
		return Question{}, err
	}
	if err := access.Require(tx, access.JudgeRings, q.Branch); err != nil {
		return Question{}, err
	}
	q.Home, err = store.All(tx, func(r *store.Row) Home { return Home{r.ID(), r.Text(), r.Text(), r.Text(), int(r.Int()), r.Int()} },
		`SELECT h.household, h.branch, h.file, h.head, h.members, h.registered FROM ring_households m JOIN households h ON h.household = m.household
		WHERE m.ring = $1 ORDER BY h.registered, h.branch, h.file`, ring)
	for _, h := range q.Home {
		q.Households = append(q.Households, h.Household)
		journal.Look(tx, h.Household, "ring")
	}
	return q, err
}

// reasonMin is the least that says what was found.
const reasonMin = 5

// Say records what a supervisor found of a ring. It changes nothing of any
// family. It needs access.JudgeRings as Look does; its faults are "rings.no_ring",
// "rings.answer_needed" and "rings.reason_needed".
func Say(tx *store.Tx, ring id.ID, answer Answer, reason string) error {
	q, there, err := store.One(tx, scanQuestion, questions+"WHERE r.ring = $1", ring)
	if err == nil && !there {
		err = fault.NotFound("rings.no_ring")
	}
	if err != nil {
		return err
	}
	if err := access.Require(tx, access.JudgeRings, q.Branch); err != nil {
		return err
	}
	if !slices.Contains(Answers, answer) {
		return fault.Invalid("rings.answer_needed").At("answer")
	}
	if reason = strings.TrimSpace(reason); len([]rune(reason)) < reasonMin {
		return fault.Invalid("rings.reason_needed").At("reason")
	}
	return journal.Record(tx, Answered{Ring: ring, Shares: q.Kind, Branch: q.Branch, Households: int64(q.Count), Answer: answer, Reason: reason,
		By: tx.Actor, At: tx.Now.UnixMicro()})
}

// day is the day of a moment in microseconds.
func day(tx *store.Tx, moment int64) calendar.Date {
	return calendar.Day(tx.Now.Add(microseconds(moment - tx.Now.UnixMicro())))
}
