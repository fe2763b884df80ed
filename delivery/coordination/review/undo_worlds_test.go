package review_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"sanad/country"
	"sanad/delivery/coordination/review"
	"sanad/delivery/matching"
	"sanad/delivery/matching/search"
	"sanad/delivery/payment"
	"sanad/delivery/payment/paymenttest"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

const libya = "../../../country/libya"

var places = []string{"LY010102", "LY010202", "LY020803"}

// twin is one of two worlds that live through the same: in one of them records
// are also linked, and the links undone.
type twin struct {
	t      *testing.T
	j      *journal.Journal
	grant  *policy.Programme
	homes  []id.ID
	months []calendar.Month // decided
	open   []review.Pair    // links that stand, in the order of their making
	index  *search.Index
}

func newTwin(t *testing.T, engine string, o store.Options) *twin {
	t.Helper()
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	p, err := policy.Named(pack, "wife-and-children-grant")
	if err != nil {
		t.Fatal(err)
	}
	w := &twin{t: t, j: journaltest.OpenAs(t, engine, journaltest.Node(journal.RoleDiwan, ""), o), grant: p, index: search.New()}
	journaltest.Write(t, w.j, func(tx *store.Tx) error { return geography.Load(tx, os.DirFS(libya)) })
	return w
}

// tells runs a verb as a supervisor of the country; a refusal is an answer too.
func (w *twin) tells(verb func(*store.Tx) error) string {
	w.t.Helper()
	_, err := w.j.Write(w.t.Context(), journaltest.Session("supervisor", "branch_clerk"), verb)
	if f := fault.Of(err); f != nil {
		return f.Key
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return ""
}

func (w *twin) sheet(home int) *registry.Sheet {
	w.t.Helper()
	var s *registry.Sheet
	if err := w.j.Read(w.t.Context(), journaltest.Session("supervisor"), func(tx *store.Tx) (err error) {
		s, err = registry.Household(tx, w.homes[home])
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	return s
}

// register adds the n-th family: parents and some children.
func (w *twin) register(n, children int) {
	name := func(s string) string { return fmt.Sprintf("%s الأسرة%d", s, n) }
	account := paymenttest.IBAN(901+n%3, n+1)
	if n%7 == 0 {
		account = "" // due and not payable
	}
	h := registry.NewHousehold{Branch: places[n%2], Area: places[n%2], Members: []registry.NewMember{
		{Name: name("سالم عمر مفتاح"), Role: "head", Sex: registry.Male, Birth: calendar.Of(1980, 5, 2), MaritalStatus: "married", Citizenship: "libyan",
			NationalNumber: fmt.Sprintf("11980%07d", 10+n), Wage: registry.No, Account: account},
		{Name: name("خديجة علي سالم"), Role: "wife", Sex: registry.Female, Birth: calendar.Of(1985, 6, 7), MaritalStatus: "married", Citizenship: "libyan",
			NationalNumber: fmt.Sprintf("21985%07d", 10+n), Wage: registry.No, ContributoryPay: registry.No, SurvivorsPay: registry.No, BasicPension: registry.No},
	}}
	for c := range children {
		h.Members = append(h.Members, registry.NewMember{Name: name(fmt.Sprintf("ولد%d سالم عمر", c)), Role: "son", Sex: registry.Male, Mother: 2,
			Birth: calendar.Of(2009+3*c, 1+n%12, 3), NationalNumber: fmt.Sprintf("1%d%03d%04d", 2009+3*c, c, n), Citizenship: "libyan", MaritalStatus: "single"})
	}
	refusal := w.tells(func(tx *store.Tx) error {
		done, err := registry.Register(tx, h)
		w.homes = append(w.homes, done.Household)
		return err
	})
	if refusal != "" {
		w.t.Fatal(refusal)
	}
}

// happening is a change that both worlds live through; draw holds its chances.
type happening struct {
	kind string
	home int
	draw [4]uint64
}

func (w *twin) live(h happening) string {
	s := w.sheet(h.home)
	if len(s.Members) == 0 {
		return "empty"
	}
	member := s.Members[h.draw[0]%uint64(len(s.Members))].Person
	c := registry.Change{Household: s.Household, Version: s.Version, On: calendar.Of(2026, 6+int(h.draw[1]%5), 1+int(h.draw[2]%28)), Reason: "كما في المستند",
		Evidence: registry.Evidence{Kind: registry.Documented, Document: "ش 1"}}
	return w.tells(func(tx *store.Tx) (err error) {
		switch h.kind {
		case "birth":
			_, err = registry.RecordBirth(tx, registry.NewChild{Change: c, Name: fmt.Sprintf("مولود%d سالم عمر", h.draw[3]), Sex: registry.Female,
				Father: s.Members[0].Person, Citizenship: "libyan"})
		case "death":
			_, err = registry.RecordDeath(tx, c, member)
		case "move":
			_, err = registry.MoveHousehold(tx, registry.Move{Change: c, Area: places[h.draw[3]%3]})
		case "salary":
			_, err = registry.RecordSalary(tx, registry.Salary{Change: c, Person: member, Kind: registry.Wage, From: c.On})
		}
		return err
	})
}

// decide runs a month, then lists what is payable of its quarter.
func (w *twin) decide(month calendar.Month) {
	w.t.Helper()
	if _, err := policy.Run(w.t.Context(), w.j, journaltest.Session("operator"), w.grant, month, nil); err != nil {
		w.t.Fatal(err)
	}
	if !slices.Contains(w.months, month) {
		w.months = append(w.months, month)
		slices.Sort(w.months)
	}
}

func (w *twin) pay(quarter calendar.Quarter) {
	w.t.Helper()
	terms := payment.TermsOf(w.grant)
	terms.Limits = payment.Limits{Branch: 1 << 40, Country: 1 << 40}
	for _, category := range slices.Sorted(maps.Keys(terms.Categories)) {
		var list payment.List
		_, err := w.j.Write(w.t.Context(), paymenttest.Officer, func(tx *store.Tx) (err error) {
			if list, err = payment.Prepare(tx, terms, quarter, category); fault.Of(err) != nil && fault.Of(err).Key == "payment.already_prepared" {
				list, err = payment.PrepareSupplement(tx, terms, quarter, category)
			}
			return err
		})
		if f := fault.Of(err); f != nil && (f.Key == "payment.nothing_to_pay" || f.Key == "payment.month_not_run") {
			continue
		}
		if err != nil {
			w.t.Fatal(err)
		}
		w.approve(list)
	}
}

// approve gives every vanished person a reason and signs as often as is asked.
func (w *twin) approve(list payment.List) {
	w.t.Helper()
	as(w.t, w.j, paymenttest.Officer, func(tx *store.Tx) error {
		c, err := payment.Compare(tx, list.ID)
		for _, g := range c.Gone {
			if err == nil && g.Reason == "" {
				list, err = payment.GiveReason(tx, list.ID, g.Person, g.Component, "كما في سجل الأسرة")
			}
		}
		return err
	})
	for _, who := range []store.Session{paymenttest.Director, paymenttest.Controller} {
		if list.State != payment.Approved {
			as(w.t, w.j, who, func(tx *store.Tx) (err error) { list, err = payment.Approve(tx, list.ID, list.Digest()); return err })
		}
	}
}

// link links two records by one of the ways there are, and holds that no row of
// anybody moved.
func (w *twin) link(draw *rand.Rand) bool {
	w.t.Helper()
	a, b := w.somebody(draw), w.somebody(draw)
	if a == b {
		return false
	}
	before := w.digest()
	switch draw.IntN(4) {
	case 0: // as an import links one number
		if _, err := w.j.Write(w.t.Context(), journaltest.Session("operator"), func(tx *store.Tx) error { return matching.Link(tx, a, b, matching.SameNumber, "") }); err != nil {
			w.t.Fatal(err)
		}
	default:
		for _, reader := range []store.Session{amal, basma} {
			if !w.linked(a, b) {
				as(w.t, w.j, reader, judge(review.Judgement{A: a, B: b, Verdict: review.Same, Reason: why}))
			}
		}
	}
	if d := cmp.Diff(before, w.digest()); d != "" {
		w.t.Fatalf("a link moved rows: %s", d)
	}
	w.open = append(w.open, review.Pair{A: a, B: b})
	return true
}

func (w *twin) linked(a, b id.ID) (direct bool) {
	w.t.Helper()
	if err := w.j.Read(w.t.Context(), amal, func(tx *store.Tx) error {
		return matching.EachLink(tx, func(p matching.Pair) error {
			direct = direct || p.A == a && p.B == b || p.A == b && p.B == a
			return nil
		})
	}); err != nil {
		w.t.Fatal(err)
	}
	return direct
}

func (w *twin) somebody(draw *rand.Rand) id.ID {
	s := w.sheet(draw.IntN(len(w.homes)))
	return s.Members[draw.IntN(len(s.Members))].Person
}

// undo closes one of the links that stand.
func (w *twin) undo(n int) {
	w.t.Helper()
	p := w.open[n]
	w.open = slices.DeleteFunc(w.open, func(o review.Pair) bool { return of(o, p.A, p.B) }) // a pair may have been linked twice over
	as(w.t, w.j, amal, func(tx *store.Tx) error { return review.Undo(tx, p.A, p.B, "سجلان لشخصين", false) })
}

// settle ends the counting apart of somebody, if there is anybody.
func (w *twin) settle(draw *rand.Rand) {
	w.t.Helper()
	as(w.t, w.j, amal, func(tx *store.Tx) error {
		apart, err := store.All(tx, (*store.Row).ID, "SELECT person FROM counted_apart WHERE until = 0 ORDER BY person")
		if err != nil || len(apart) == 0 {
			return err
		}
		return matching.Settle(tx, apart[draw.IntN(len(apart))], why, calendar.Of(2026, 1, 1), calendar.Of(2026, 2, 1))
	})
}

// digest is of everything but links and what people said of them.
func (w *twin) digest() map[string][32]byte {
	w.t.Helper()
	var all map[string][32]byte
	if err := w.j.Read(w.t.Context(), access.System("test"), func(tx *store.Tx) (err error) {
		all, err = store.Digest(tx, slices.Concat(registry.Tables, policy.Tables, payment.Tables))
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
	delete(all, "tasks") // a link asks
	return all
}

// view is all that anybody is shown, without identifiers, which differ between
// worlds.
type view struct {
	Decided  []string          // every line that stands, by month
	Paid     map[string]string // dirhams by person, component and month, of what is due and payable
	Tasks    []string          // open
	People   []string
	Repeated map[string]int64 // what counts of persons leave out, by branch
	Found    []string
	Several  int // humans with several records
	Apart    int
	LinkedUp int
}

func (w *twin) view() (v view) {
	w.t.Helper()
	v.Paid = map[string]string{}
	err := w.j.Read(w.t.Context(), journaltest.Session("operator", "supervisor"), func(tx *store.Tx) error {
		names, homes := map[id.ID]string{}, map[id.ID]string{}
		err := tx.Each(func(r *store.Row) error {
			person, name, file := r.ID(), r.Text(), r.Text()
			names[person], homes[r.ID()] = name+"@"+file, file
			v.People = append(v.People, fmt.Sprint(name, file, r.Text(), r.Int(), r.Bool()))
			return r.Err()
		}, `SELECT p.person, p.name, h.file, p.household, p.role, p.birth, p.dead FROM persons p JOIN households h ON h.household = p.household`)
		if err != nil {
			return err
		}
		due := map[string]bool{}
		for _, month := range w.months {
			if err := policy.EachDecision(tx, w.grant.ID, month, func(d policy.Decision) error {
				for _, l := range d.Lines {
					due[claimOf(names[l.Person], l.Component, month)] = l.Status == policy.Due && l.Payable
					v.Decided = append(v.Decided, fmt.Sprint(month, homes[d.Household], names[l.Person], l.Component, l.Status, l.Amount, names[l.Payee], l.Account, l.Payable, l.Reason))
				}
				return nil
			}); err != nil {
				return err
			}
		}
		if err := w.money(tx, names, due, &v); err != nil {
			return err
		}
		return w.rest(tx, homes, names, &v)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, list := range [][]string{v.Decided, v.Tasks, v.People} {
		slices.Sort(list)
	}
	return v
}

func claimOf(name, component string, month calendar.Month) string {
	return fmt.Sprint(name, " ", component, " ", month)
}

// money sums what live lines pay of what is due and payable now. Where an import's
// link held a line back, and a death became known before the undo, nothing is
// payable for it any more in either world: that it was paid in one and accrues, or
// is owed no longer, in the other is left out.
func (w *twin) money(tx *store.Tx, names map[id.ID]string, due map[string]bool, v *view) error {
	return tx.Each(func(r *store.Row) error {
		if claim := claimOf(names[r.ID()], r.Text(), calendar.Month(r.Int())); due[claim] {
			v.Paid[claim] = fmt.Sprint(r.Int())
		}
		return r.Err()
	}, "SELECT person, component, month, CAST(sum(amount) AS BIGINT) FROM payment_lines WHERE live = 1 GROUP BY person, component, month")
}

func (w *twin) rest(tx *store.Tx, homes, names map[id.ID]string, v *view) error {
	// What runs ask for is left out: it follows from the order in which months were
	// run again, also where nobody was ever linked.
	err := tx.Each(func(r *store.Row) error {
		home, person, kind, fact, detail := r.ID(), r.ID(), r.Text(), r.Text(), r.Text()
		if kind != registry.TaskFactUnknown || !strings.Contains(detail, "programme") {
			v.Tasks = append(v.Tasks, fmt.Sprint(homes[home], names[person], kind, fact, detail))
		}
		return r.Err()
	}, "SELECT household, person, kind, fact, detail FROM tasks WHERE closed = 0")
	if err != nil {
		return err
	}
	if v.Repeated, err = matching.Repeated(tx); err != nil {
		return err
	}
	for _, text := range []string{"سالم عمر مفتاح", "خديجة علي", "ولد1 سالم"} {
		answer, err := w.index.Find(tx, search.Query{Text: text})
		if err != nil {
			return err
		}
		hits := make([]string, 0, len(answer.Hits))
		for _, h := range answer.Hits {
			hits = append(hits, fmt.Sprint(h.Name, h.File, len(h.Others)))
		}
		slices.Sort(hits)
		v.Found = append(v.Found, fmt.Sprint(len(hits)))
		for _, h := range hits {
			if !strings.HasSuffix(h, "0") {
				v.Found = append(v.Found, h) // shown together with another record
			}
		}
	}
	humans, err := matching.Humans(tx)
	v.Several = len(humans)
	if err == nil {
		v.Apart = countOf(tx, "SELECT count(*) FROM counted_apart WHERE until = 0")
		v.LinkedUp = countOf(tx, "SELECT count(*) FROM links WHERE until = 0")
	}
	return err
}

func countOf(tx *store.Tx, query string) int {
	n, _, err := store.One(tx, (*store.Row).Int, query)
	if err != nil {
		return -1
	}
	return int(n)
}

// linksAndUndos makes many links in one of two worlds, with other changes of both
// between them; when all are undone, every view and every amount must be those of
// the world that never linked anybody. A checkpoint compares them each so many
// links.
func linksAndUndos(t *testing.T, engine string, seed uint64, links, each int, o store.Options) {
	t.Logf("seed %d (SANAD_SEED repeats it)", seed)
	draw := rand.New(rand.NewPCG(seed, 4))
	plain, linking := newTwin(t, engine, o), newTwin(t, engine, o)
	both := []*twin{plain, linking}
	for n := range 16 {
		children := draw.IntN(4)
		for _, w := range both {
			w.register(n, children)
		}
	}
	month, made, undone, changes := calendar.MonthOf(2026, 7), 0, 0, 0
	for made < links {
		for stop := min(made+each, links); made < stop; {
			switch chance := draw.IntN(100); {
			case chance < 55:
				if linking.link(draw) {
					made++
				}
			case chance < 75 && len(linking.open) > 0:
				linking.undo(draw.IntN(len(linking.open)))
				undone++
			case chance < 80:
				linking.settle(draw)
			case chance < 98 || links > 1000 && chance < 99:
				h := happening{[]string{"birth", "death", "move", "salary"}[draw.IntN(4)], draw.IntN(16), [4]uint64{draw.Uint64(), draw.Uint64(), draw.Uint64(), draw.Uint64N(1 << 20)}}
				if h.kind == "birth" && len(plain.sheet(h.home).Members) > 9 || h.kind == "death" && draw.IntN(4) > 0 {
					continue
				}
				if one, other := plain.live(h), linking.live(h); one != other {
					t.Fatalf("seed %d: %v is answered %q, and %q where records were linked", seed, h, one, other)
				}
				changes++
			default:
				for _, w := range both {
					w.decide(month)
					w.pay(month.Quarter())
				}
				if month < calendar.MonthOf(2026, 11) {
					month = month.Next()
				}
			}
		}
		for len(linking.open) > 0 {
			linking.undo(draw.IntN(len(linking.open)))
			undone++
		}
		for _, w := range both {
			for _, m := range slices.Clone(w.months) {
				w.decide(m)
			}
			for _, m := range w.months {
				w.pay(m.Quarter())
			}
		}
		one, other := plain.view(), linking.view()
		if d := cmp.Diff(one, other); d != "" {
			t.Fatalf("seed %d: after %d links and %d undos: %s", seed, made, undone, d)
		}
	}
	v := plain.view()
	t.Logf("%s: %d links, %d undos, %d other changes, %d months decided; %d lines decided and %d paid are as if nobody had been linked",
		engine, made, undone, changes, len(plain.months), len(v.Decided), len(v.Paid))
}
