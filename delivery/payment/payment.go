// Package payment brings what was decided to the family's account, once. A
// quarter's list of each category (children, wives, daughters) is prepared from
// the decisions of its months, compared with the list before, approved by
// another person than the one who prepared it, sealed, handed to the banks,
// matched with what the banks return, and closed. Whom a list left out is found
// by the next look and paid by a supplement (ملحق) that says why. What is learnt
// late changes no month that was paid: the difference goes into the family's
// account (ledger.go), as arrears or as an overpayment with its cause.
//
// Lines are frozen when a list is prepared. A running SHA-256 over them is the
// digest that the approver signs for; the list's own row carries the node's
// signature over all its fields, with a key that lies outside the database. So
// whatever is altered between approval and bank, by whatever hand, the export
// refuses and names the first line that differs. A line is paid once for each
// programme, person, component and month: a unique key of the database says so.
package payment

import (
	"encoding/hex"
	"time"

	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
	"sanad/platform/text"
)

// State is how far a list has come.
type State string

// The states, in their order. A withdrawn list was never handed to a bank; its
// lines are free for another list.
const (
	Prepared   State = "prepared"
	SignedOnce State = "signed_once" // one of two signatures is given
	Approved   State = "approved"
	Exported   State = "exported"
	Answered   State = "answered" // returns were read in
	Closed     State = "closed"
	Withdrawn  State = "withdrawn"
)

// States lists them all.
var States = []State{Prepared, SignedOnce, Approved, Exported, Answered, Closed, Withdrawn}

// Key is the message that names the state.
func (s State) Key() text.Key { return text.Key("payment.state_" + string(s)) }

// Terms are what a programme says about its payment; they are data of the
// programme's file.
type Terms struct {
	Programme  string
	Name       text.Bilingual
	Categories map[string][]string // the components that each list pays
	Limits     Limits
}

// Limits are the shares of persons who may vanish between two lists before a
// second signature is asked for, in hundred-thousandths of the list before. Who
// leaves by an end that was approved or decided is not counted.
type Limits struct {
	Branch  int64
	Country int64
}

// DefaultLimits are half a per cent of a branch and a tenth of the country.
var DefaultLimits = Limits{Branch: 500, Country: 100}

// List is one payment list: its frozen totals, how far it has come and by whose
// hand.
type List struct {
	ID            id.ID            `cbor:"1,keyasint"`
	Version       int64            `cbor:"2,keyasint"`
	Programme     string           `cbor:"3,keyasint"`
	Quarter       calendar.Quarter `cbor:"4,keyasint"`
	Category      string           `cbor:"5,keyasint"`
	Number        int64            `cbor:"6,keyasint"` // 0: the quarter's list; from 1: its supplements
	Months        int64            `cbor:"7,keyasint"` // decided when prepared: 1, 2 and 4 for the quarter's three
	State         State            `cbor:"8,keyasint"`
	PreparedAt    int64            `cbor:"9,keyasint"` // microseconds since 1970, as all moments here
	Preparer      id.ID            `cbor:"10,keyasint"`
	Lines         int64            `cbor:"11,keyasint"`
	Transfers     int64            `cbor:"12,keyasint"` // payees with their accounts
	Total         money.Amount     `cbor:"13,keyasint"`
	Held          int64            `cbor:"14,keyasint"` // lines that are due and cannot be paid yet
	HeldTotal     money.Amount     `cbor:"15,keyasint"`
	Before        int64            `cbor:"16,keyasint"` // persons paid for the quarter before
	Gone          int64            `cbor:"17,keyasint"` // of these, not in this list
	Unreasoned    int64            `cbor:"18,keyasint"` // of these, without a reason yet
	TwoSignatures bool             `cbor:"19,keyasint"` // more vanish than the limits allow
	LinesDigest   []byte           `cbor:"20,keyasint"`
	GoneDigest    []byte           `cbor:"21,keyasint"`
	Signer        id.ID            `cbor:"22,keyasint"` // the first of two
	Approver      id.ID            `cbor:"23,keyasint"`
	ApprovedAt    int64            `cbor:"24,keyasint"`
	Exporter      id.ID            `cbor:"25,keyasint"`
	ExportedAt    int64            `cbor:"26,keyasint"`
	FileDigest    []byte           `cbor:"27,keyasint"` // SHA-256 of the bank file
	Returned      int64            `cbor:"28,keyasint"` // transfers
	ReturnedTotal money.Amount     `cbor:"29,keyasint"`
	ReturnsDigest []byte           `cbor:"30,keyasint"`
	Closer        id.ID            `cbor:"31,keyasint"`
	ClosedAt      int64            `cbor:"32,keyasint"`
	Remark        string           `cbor:"33,keyasint"`
	Title         text.Bilingual   `cbor:"35,keyasint"`           // the programme's name, as it was then
	Since         calendar.Quarter `cbor:"36,keyasint,omitempty"` // of a supplement: the first quarter that it repairs, where that is an earlier one
	Components    []string         `cbor:"37,keyasint,omitempty"` // that it pays
	Seal          []byte           `cbor:"34,keyasint"`
}

// Supplement tells whether the list is a supplement (ملحق) to its quarter's.
func (l List) Supplement() bool { return l.Number > 0 }

// ApprovedOn is the moment of the approval, in UTC; zero before it. Bank files
// carry it, so that each export has the same bytes.
func (l List) ApprovedOn() time.Time {
	if l.ApprovedAt == 0 {
		return time.Time{}
	}
	return time.UnixMicro(l.ApprovedAt).UTC()
}

// Includes tells whether a month was decided, and so looked at, when the list
// was prepared.
func (l List) Includes(month calendar.Month) bool {
	for i, m := range l.Quarter.Months() {
		if m == month {
			return l.Months&(1<<i) != 0
		}
	}
	return false
}

// EndToEnd names one of the list's transfers in bank files and returns: 32
// hexadecimal digits, the list's identifier counted on.
func (l List) EndToEnd(transfer int64) string {
	n := l.ID.Next(uint64(transfer))
	return hex.EncodeToString(n[:])
}

// transferOf reads EndToEnd back; 0 for what is none of the list's.
func (l List) transferOf(endToEnd string) int64 {
	raw, err := hex.DecodeString(endToEnd)
	if err != nil || len(raw) != len(l.ID) {
		return 0
	}
	var low [2]uint64
	for i := range 8 {
		low[0] = low[0]<<8 | uint64(l.ID[8+i])
		low[1] = low[1]<<8 | uint64(raw[8+i])
	}
	n := int64((low[1] - low[0]) & (1<<48 - 1))
	if n < 1 || n > l.Transfers || l.ID.Next(uint64(n)) != id.ID(raw) {
		return 0
	}
	return n
}

// Line is one person's component of one month, to be paid to one account.
type Line struct {
	Serial         int64          `cbor:"1,keyasint"`
	Household      id.ID          `cbor:"2,keyasint"`
	Branch         string         `cbor:"3,keyasint"`
	File           string         `cbor:"4,keyasint"`
	Person         id.ID          `cbor:"5,keyasint"`
	Component      string         `cbor:"6,keyasint"`
	Month          calendar.Month `cbor:"7,keyasint"`
	Amount         money.Amount   `cbor:"8,keyasint"`
	Payee          id.ID          `cbor:"9,keyasint"`
	PayeeHousehold id.ID          `cbor:"10,keyasint"`
	PayeeName      string         `cbor:"11,keyasint"`
	Account        string         `cbor:"12,keyasint"`
	Bank           string         `cbor:"13,keyasint"` // code within the IBAN
	Transfer       int64          `cbor:"14,keyasint"`
	Cause          Cause          `cbor:"15,keyasint,omitempty"`
	Seal           int64          `cbor:"16,keyasint"`
	Part           int64          `cbor:"17,keyasint,omitempty"` // 0; from 1 where it completes a month that was paid too little
	Withheld       money.Amount   `cbor:"18,keyasint,omitempty"` // kept back by a decided recovery; Amount is what is paid
	Proposal       id.ID          `cbor:"19,keyasint,omitzero"`  // that recovery
	Live           bool           `cbor:"-"`                     // false after the bank returned it
}

// Held is a line that is due and cannot be paid yet; it accrues.
type Held struct {
	Serial    int64          `cbor:"1,keyasint"`
	Household id.ID          `cbor:"2,keyasint"`
	Branch    string         `cbor:"3,keyasint"`
	File      string         `cbor:"4,keyasint"`
	Person    id.ID          `cbor:"5,keyasint"`
	Component string         `cbor:"6,keyasint"`
	Month     calendar.Month `cbor:"7,keyasint"`
	Amount    money.Amount   `cbor:"8,keyasint"`
	Payee     id.ID          `cbor:"9,keyasint"`
	Reason    string         `cbor:"10,keyasint"` // of the decision, or one of ours below
}

// Reasons for which a line is held beside those of the decision.
const (
	AccountUnreadable = "account_unreadable" // the number's check digits do not hold
	PayeeNameless     = "payee_nameless"     // no bank takes a transfer without a name
	ListedTwice       = "listed_twice"       // due on two households; the first is paid
	CountsElsewhere   = "counts_elsewhere"   // the same human stands on another record
	EndNotDecided     = "end_not_decided"    // paid before, not due by the decision, and nobody has approved or decided the end
)

// Gone is a person who was paid for the quarter before and is not in this list.
type Gone struct {
	Person    id.ID        `cbor:"1,keyasint"`
	Component string       `cbor:"2,keyasint"`
	Household id.ID        `cbor:"3,keyasint"`
	Branch    string       `cbor:"4,keyasint"`
	File      string       `cbor:"5,keyasint"`
	Name      string       `cbor:"6,keyasint"`
	Amount    money.Amount `cbor:"7,keyasint"`           // a month, as last paid
	Reason    string       `cbor:"8,keyasint,omitempty"` // of the decision, or one of ours; empty where the system has none
	Words     string       `cbor:"9,keyasint,omitempty"` // a person's own
	Author    id.ID        `cbor:"10,keyasint"`
}

// Died is the reason where the registry knows of a death and nothing was
// decided any more. Other reasons are those of the decision, or of a hold.
const Died = "died"

// Transfer is what one payee receives on one account by one list.
type Transfer struct {
	Number    int64
	EndToEnd  string
	Amount    money.Amount
	Payee     id.ID
	Household id.ID // of the first line
	Branch    string
	File      string
	Name      string
	Account   string
	Bank      string
	First     int64 // serials of its lines
	Last      int64
}

// Bank is what one bank is to pay by one list.
type Bank struct {
	Code      string
	Transfers int64
	Total     money.Amount
}

// Kinds are the kinds of event that this package records.
var Kinds = kinds()

func kinds() []journal.Event {
	list := []journal.Event{LinesFrozen{}, LinesHeld{}, PersonsGone{}, ReasonGiven{}, ReturnsTaken{}, Posted{}}
	for _, s := range steps {
		list = append(list, Stepped{Step: s})
	}
	return list
}

// Tables are the tables that this package owns.
var Tables = []*store.Table{lists, lines, held, gone, returns, ledger}
