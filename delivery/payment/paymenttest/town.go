// Package paymenttest builds a small town whose months are decided as a test
// says, without the law: payment is tested on its own.
package paymenttest

import (
	"encoding/binary"
	"fmt"
	"slices"
	"testing"

	"sanad/delivery/enrolment"
	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/money"
	"sanad/platform/store"
	"sanad/platform/text"
)

// Programme is the town's only programme.
const Programme = "test-grant"

// Terms pay children by one list and wives by another.
var Terms = payment.Terms{Programme: Programme, Name: text.Bilingual{Arabic: "منحة تجريبية", English: "Test grant"},
	Categories: map[string][]string{"children": {"child"}, "wives": {"wife"}}, Limits: payment.DefaultLimits}

// Household is a father, a mother and their children.
type Household struct {
	ID       id.ID
	Branch   string
	File     string
	Father   id.ID
	Mother   id.ID
	Children []id.ID
	Account  string
}

// Town is a journal with households in it.
type Town struct {
	T          testing.TB
	Journal    *journal.Journal
	Households []*Household
	run        int64
}

// New registers households of three children each, at two branches.
func New(t testing.TB, j *journal.Journal, households int) *Town {
	town := &Town{T: t, Journal: j}
	for range households {
		town.Register(3)
	}
	return town
}

// IBAN returns a valid account at a bank that does not exist.
func IBAN(bank, serial int) string {
	bban := fmt.Sprintf("%03d001%015d", bank, serial)
	remainder := 0
	for _, digit := range bban + "213400" {
		remainder = (remainder*10 + int(digit-'0')) % 97
	}
	return fmt.Sprintf("LY%02d%s", 98-remainder, bban)
}

// Register adds a household with children born in 2015.
func (w *Town) Register(children int) *Household {
	w.T.Helper()
	n := len(w.Households) + 1
	h := &Household{Branch: []string{"LY010102", "LY020803"}[n%2], File: fmt.Sprintf("%d/2026", n), Account: IBAN(901+n%3, n)}
	journaltest.Write(w.T, w.Journal, func(tx *store.Tx) error {
		h.ID = tx.NewID()
		h.Father, h.Mother = h.ID.Next(1), h.ID.Next(2)
		sheet := &registry.Sheet{Household: h.ID, Version: 1, Branch: h.Branch, File: h.File,
			Sources: []registry.Source{{Kind: registry.Stated, Body: h.Branch, Date: calendar.Of(2026, 10, 1)}}}
		add := func(person id.ID, name, role string, birth calendar.Date) {
			fact := func(name registry.Name, v registry.Value) registry.Fact {
				return registry.Fact{Name: name, Value: v, Sources: []int{0}}
			}
			sheet.Members = append(sheet.Members, registry.Member{Person: person, Facts: []registry.Fact{
				fact(registry.FullName, registry.TextValue(name)), fact(registry.Birth, registry.DateValue(birth)), fact(registry.Role, registry.TextValue(role))}})
		}
		add(h.Father, fmt.Sprintf("محمد علي سالم %d", n), "head", calendar.Of(1980, 1, 1))
		add(h.Mother, fmt.Sprintf("فاطمة عمر %d", n), "wife", calendar.Of(1984, 1, 1))
		for c := range children {
			h.Children = append(h.Children, h.ID.Next(uint64(10+c)))
			add(h.Children[c], fmt.Sprintf("أحمد محمد علي %d", c), "son", calendar.Of(2015, 1, 1))
		}
		return journal.Record(tx, registry.Happened{What: registry.Registered, Household: h.ID, Branch: h.Branch, Known: tx.Now.UnixMicro(), Sheet: sheet})
	})
	w.Households = append(w.Households, h)
	return h
}

// Born gives a member of a household another day of birth.
func (w *Town) Born(h *Household, person id.ID, on calendar.Date) {
	w.T.Helper()
	w.correct(h, person, registry.Birth, registry.DateValue(on))
}

// Dies gives a member of a household a day of death.
func (w *Town) Dies(h *Household, person id.ID, on calendar.Date) {
	w.T.Helper()
	w.correct(h, person, registry.Death, registry.DateValue(on))
}

func (w *Town) correct(h *Household, person id.ID, name registry.Name, value registry.Value) {
	w.T.Helper()
	journaltest.Write(w.T, w.Journal, func(tx *store.Tx) error {
		sealed, err := journal.LatestSheet(tx, h.ID)
		if err != nil {
			return err
		}
		sheet, err := registry.Decode(h.ID, sealed.Version, sealed.Plain)
		if err != nil {
			return err
		}
		sheet.Version++
		m := sheet.Member(person)
		m.Facts = slices.DeleteFunc(m.Facts, func(f registry.Fact) bool { return f.Name == name })
		m.Facts = append(m.Facts, registry.Fact{Name: name, Value: value, Sources: []int{0}})
		return journal.Record(tx, registry.Happened{What: registry.Corrected, Household: h.ID, Branch: h.Branch, Known: tx.Now.UnixMicro(), Sheet: sheet})
	})
}

// Due is a payable line of 100 dinars for a child, 150 for the wife.
func (h *Household) Due(person id.ID) policy.Line {
	l := policy.Line{Person: person, Component: "child", Status: policy.Due, Amount: 100 * money.Dinar, Payee: h.Father, PayeeHousehold: h.ID,
		Account: h.Account, Payable: true}
	if person == h.Mother {
		l.Component, l.Amount = "wife", 150*money.Dinar
	}
	return l
}

// Lines are what the household is due when everything is in order.
func (h *Household) Lines() []policy.Line {
	lines := []policy.Line{h.Due(h.Mother)}
	for _, c := range h.Children {
		lines = append(lines, h.Due(c))
	}
	return lines
}

// Held is a line that is due and cannot be paid.
func Held(l policy.Line, reason string) policy.Line {
	l.Payable, l.Reason = false, reason
	return l
}

// Refused is a line that is not due.
func Refused(l policy.Line, reason string) policy.Line {
	return policy.Line{Person: l.Person, Component: l.Component, Status: policy.Refused, Reason: reason}
}

// Decide runs a month: each household has its Lines, or what change says.
func (w *Town) Decide(month calendar.Month, change map[*Household][]policy.Line) {
	w.T.Helper()
	journaltest.Write(w.T, w.Journal, func(tx *store.Tx) error {
		run, release := tx.NewID(), make([]byte, 32)
		w.run++
		at := tx.Now.UnixMicro() + w.run
		for _, h := range w.Households {
			lines, changed := change[h]
			if !changed {
				lines = h.Lines()
			}
			if err := journal.Record(tx, policy.DecidedHouseholds{Programme: Programme, Month: int64(month), Run: run, Release: release, Branch: h.Branch,
				Decisions: []policy.Record{{Household: h.ID, SheetVersion: 1, Outcome: outcome(lines)}}, At: at}); err != nil {
				return err
			}
		}
		return journal.Record(tx, policy.RunFinished{Run: run, Programme: Programme, Month: int64(month), Release: release,
			Households: int64(len(w.Households)), Root: release, At: at})
	})
}

// outcome writes lines in the packed form of policy, without sparing a byte.
func outcome(lines []policy.Line) []byte {
	if len(lines) == 0 {
		return nil
	}
	var b []byte
	number := func(n int) { b = binary.AppendUvarint(b, uint64(n)) }
	word := func(s string) { number(len(s)); b = append(b, s...) }
	person := func(n id.ID) {
		if number(min(1, len(n))); n.IsZero() {
			b[len(b)-1] = 0
			return
		}
		b = append(b, n[:]...)
	}
	number(2 * len(lines))
	for _, l := range lines {
		word(l.Component)
		word(l.Reason)
	}
	number(len(lines))
	for _, l := range lines {
		person(l.Payee)
		person(l.PayeeHousehold)
		word(l.Account)
	}
	number(len(lines))
	for i, l := range lines {
		person(l.Person)
		flags := int(l.Status) | i<<3
		if l.Payable {
			flags |= 4
		}
		number(flags)
		number(2 * i)
		number(2*i + 1)
		number(int(l.Amount))
	}
	return b
}

// Person is a session of somebody of the diwan.
func Person(n byte, roles ...string) store.Session {
	s := journaltest.Session(roles...)
	s.Actor = id.ID{6: 0x70, 8: 0x80, 14: 9, 15: n}
	return s
}

// The people who make, check and control lists.
var (
	Officer    = Person(1, "diwan_officer")
	Director   = Person(2, "grant_director")
	Controller = Person(3, "financial_controller")
)

// As runs work as somebody and returns its error.
func (w *Town) As(who store.Session, work func(*store.Tx) error) error {
	_, err := w.Journal.Write(w.T.Context(), who, work)
	return err
}

// Must runs a verb as somebody and fails the test where it is refused.
func (w *Town) Must(who store.Session, verb func(*store.Tx) (payment.List, error)) payment.List {
	w.T.Helper()
	var l payment.List
	err := w.As(who, func(tx *store.Tx) (err error) {
		l, err = verb(tx)
		return err
	})
	if err != nil {
		w.T.Fatalf("%v", err)
	}
	return l
}

// Prepare prepares a list as the officer.
func (w *Town) Prepare(quarter calendar.Quarter, category string) payment.List {
	w.T.Helper()
	return w.Must(Officer, func(tx *store.Tx) (payment.List, error) { return payment.Prepare(tx, Terms, quarter, category) })
}

// Supplement prepares a supplement as the officer.
func (w *Town) Supplement(quarter calendar.Quarter, category string) payment.List {
	w.T.Helper()
	return w.Must(Officer, func(tx *store.Tx) (payment.List, error) {
		return payment.PrepareSupplement(tx, Terms, quarter, category)
	})
}

// Approve approves a list as the director, and the controller where two must.
func (w *Town) Approve(l payment.List) payment.List {
	w.T.Helper()
	l = w.Must(Director, func(tx *store.Tx) (payment.List, error) { return payment.Approve(tx, l.ID, l.Digest()) })
	if l.State == payment.SignedOnce {
		l = w.Must(Controller, func(tx *store.Tx) (payment.List, error) { return payment.Approve(tx, l.ID, l.Digest()) })
	}
	return l
}

// Export marks a list as exported, without a file.
func (w *Town) Export(l payment.List) payment.List {
	w.T.Helper()
	return w.Must(Officer, func(tx *store.Tx) (payment.List, error) { return payment.MarkExported(tx, l.ID, [32]byte{1}) })
}

// Post brings the accounts up to date, as after a run.
func (w *Town) Post(months ...calendar.Month) (done payment.Posting) {
	w.T.Helper()
	err := w.As(Officer, func(tx *store.Tx) (err error) {
		done, err = payment.Post(tx, Programme, months...)
		return err
	})
	if err != nil {
		w.T.Fatal(err)
	}
	return done
}

// ApproveEnd leaves an announced and approved end of a claim, as an act has it,
// and returns the act.
func (w *Town) ApproveEnd(h *Household, person id.ID, component string, month calendar.Month, reason string) id.ID {
	w.T.Helper()
	end := enrolment.End{Person: person, Component: component, Household: h.ID, Branch: h.Branch, File: h.File, Month: month, Amount: 100 * money.Dinar, Reason: reason}
	var act enrolment.Act
	journaltest.Write(w.T, w.Journal, func(tx *store.Tx) error {
		act = enrolment.Act{ID: tx.NewID(), Version: 1, Programme: Programme, Title: Terms.Name, State: enrolment.Approved, Through: month, Release: []byte{},
			Announcer: Officer.Actor, AnnouncedAt: tx.Now.UnixMicro(), Approver: Director.Actor, ApprovedAt: tx.Now.UnixMicro()}.Over([]enrolment.End{end})
		if err := journal.Record(tx, enrolment.EndsListed{Act: act.ID, Programme: Programme, Ends: []enrolment.End{end}}); err != nil {
			return err
		}
		return journal.Record(tx, enrolment.ActStepped{Step: enrolment.StepAnnounce, Act: act})
	})
	return act.ID
}
