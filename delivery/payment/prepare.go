package payment

import (
	"cmp"
	"errors"
	"slices"

	"sanad/delivery/enrolment"
	"sanad/delivery/matching"
	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
)

// TermsOf reads from a programme which components each list pays; none where
// another body decides and pays. The limits are the default ones until a
// programme names its own.
func TermsOf(p *policy.Programme) Terms {
	terms := Terms{Programme: p.ID, Name: p.Name, Categories: map[string][]string{}, Limits: DefaultLimits}
	if p.Indication {
		return terms
	}
	for _, c := range p.Components {
		terms.Categories[c.List] = append(terms.Categories[c.List], c.ID)
	}
	return terms
}

// Prepare freezes the quarter's list of one category from the decisions that
// stand for those of its months that have been run: what is payable as lines,
// what is due and held beside them with its reason, and who was paid for the
// quarter before and is missing now. Whoever was paid before and is not due now
// is dropped only where the end was approved or decided; until then what was
// paid is held, and paid on while a notice runs. Its faults are "payment.no_category",
// "payment.already_prepared", "payment.month_not_run" and
// "payment.nothing_to_pay".
func Prepare(tx *store.Tx, terms Terms, quarter calendar.Quarter, category string) (List, error) {
	if err := access.Require(tx, access.PrepareList, ""); err != nil {
		return List{}, err
	}
	before, err := standing(tx, terms.Programme, quarter, category)
	if err == nil {
		return List{}, fault.Conflict("payment.already_prepared", "list", before.ID.String(), "state", before.State.Key())
	}
	if !errors.Is(err, fault.NotFound("payment.no_list")) {
		return List{}, err
	}
	p, err := begin(tx, terms, quarter, category)
	if err != nil {
		return List{}, err
	}
	if err := p.loadBefore(); err != nil {
		return List{}, err
	}
	if err := p.collect(); err != nil {
		return List{}, err
	}
	if err := p.explainGone(); err != nil {
		return List{}, err
	}
	return p.freeze()
}

// claim is what a line is paid for; a human has one whatever records there are.
type claim struct {
	person    id.ID
	component string
}

func (c claim) compare(o claim) int {
	return cmp.Or(c.person.Compare(o.person), cmp.Compare(c.component, o.component))
}

// preparation gathers a list.
type preparation struct {
	tx         *store.Tx
	terms      Terms
	components []string
	list       List
	months     []calendar.Month
	first      map[id.ID]id.ID // of each record that does not count, the one that does
	standing   enrolment.Standing
	lines      []Line
	held       []Held
	before     map[claim]*Gone // paid for the quarter before; found ones are taken out
	base       map[string]int64
	undecided  []undecided // paid before and not due now
}

func begin(tx *store.Tx, terms Terms, quarter calendar.Quarter, category string) (*preparation, error) {
	p := &preparation{tx: tx, terms: terms, components: terms.Categories[category], before: map[claim]*Gone{}, base: map[string]int64{},
		list: List{ID: tx.NewID(), Version: 1, Programme: terms.Programme, Quarter: quarter, Category: category, State: Prepared, Title: terms.Name,
			Components: terms.Categories[category], PreparedAt: tx.Now.UnixMicro(), Preparer: tx.Actor}}
	if len(p.components) == 0 {
		return nil, fault.NotFound("payment.no_category", "category", category)
	}
	for i, month := range quarter.Months() {
		if _, err := policy.Decided(tx, terms.Programme, month); errors.Is(err, fault.NotFound("policy.not_decided")) {
			continue
		} else if err != nil {
			return nil, err
		}
		p.months = append(p.months, month)
		p.list.Months |= 1 << i
	}
	if len(p.months) == 0 {
		return nil, fault.Conflict("payment.month_not_run", "quarter", quarter)
	}
	var err error
	if p.standing, err = enrolment.StandingOf(tx, terms.Programme); err != nil {
		return nil, err
	}
	p.first, err = firstRecords(tx)
	return p, err
}

// firstRecords tells of each record that does not count which one does.
func firstRecords(tx *store.Tx) (map[id.ID]id.ID, error) {
	humans, err := matching.Humans(tx)
	first := map[id.ID]id.ID{}
	for _, human := range humans {
		for _, record := range human.Others {
			first[record] = human.Counts[0]
		}
	}
	return first, err
}

// human is the record that counts for a person.
func (p *preparation) human(person id.ID) id.ID {
	if first, linked := p.first[person]; linked {
		return first
	}
	return person
}

// collect goes through the decisions of each month.
func (p *preparation) collect() error {
	for _, month := range p.months {
		taken, err := p.listed(month)
		if err != nil {
			return err
		}
		err = policy.EachDecision(p.tx, p.terms.Programme, month, func(d policy.Decision) error {
			for i := range d.Lines {
				if l := &d.Lines[i]; p.pays(l.Component) {
					p.take(month, &d, l, taken)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		if err := p.keepUndecided(month, taken); err != nil {
			return err
		}
	}
	return p.named()
}

// share is what lists pay of a claim for a month already.
type share struct {
	amount money.Amount // with what was kept back of it
	parts  int64
	fresh  bool // by the list that is being prepared
}

// listed returns what other lists pay for a month already.
func (p *preparation) listed(month calendar.Month) (map[claim]share, error) {
	taken := map[claim]share{}
	err := p.tx.Each(func(r *store.Row) error {
		c := claim{p.human(r.ID()), r.Text()}
		if p.pays(c.component) {
			taken[c] = share{amount: taken[c].amount + r.Amount(), parts: taken[c].parts + 1}
		}
		return r.Err()
	}, "SELECT person, component, amount + withheld FROM payment_lines WHERE programme = $1 AND month = $2 AND live = 1", p.terms.Programme, int64(month))
	return taken, err
}

// take puts one line of a decision where it belongs: into the list, among the
// held, or as the reason why somebody is not paid any more.
func (p *preparation) take(month calendar.Month, d *policy.Decision, l *policy.Line, taken map[claim]share) {
	mine := claim{p.human(l.Person), l.Component}
	was := p.before[mine]
	if l.Status != policy.Due {
		if was != nil {
			was.Reason = l.Reason
			p.undecided = append(p.undecided, undecided{claim: mine, month: month, household: d.Household, branch: d.Branch, file: d.File, amount: was.Amount})
		}
		return
	}
	paid := taken[mine]
	counted := paid.parts > 0
	reason := l.Reason
	account, unreadable := registry.ParseIBAN(l.Account)
	switch {
	case counted && paid.fresh && p.list.Supplement() && mine.person == l.Person:
		return // in this list already
	case counted && !paid.fresh && p.list.Supplement() && (mine.person != l.Person || l.Amount <= paid.amount):
		return // paid by an earlier list
	case mine.person != l.Person: // whichever of the two records comes first
		reason = CountsElsewhere
		if paid.fresh {
			paid = share{}
		}
	case counted && !p.list.Supplement():
		reason = ListedTwice
	case !l.Payable || l.Amount < 1:
	case unreadable != nil || l.Payee.IsZero():
		reason = AccountUnreadable
	default:
		taken[mine] = share{l.Amount, paid.parts + 1, true}
		delete(p.before, mine)
		p.lines = append(p.lines, Line{Household: d.Household, Branch: d.Branch, File: d.File, Person: l.Person, Component: l.Component, Month: month,
			Amount: l.Amount - paid.amount, Payee: l.Payee, PayeeHousehold: l.PayeeHousehold, Account: string(account), Bank: account.Bank(),
			Part: paid.parts, Live: true})
		return
	}
	if was != nil {
		was.Reason = reason
	}
	p.held = append(p.held, Held{Household: d.Household, Branch: d.Branch, File: d.File, Person: l.Person, Component: l.Component, Month: month,
		Amount: l.Amount - paid.amount, Payee: l.Payee, Reason: reason})
}

// named fills in the payees' names; a line without one is held.
func (p *preparation) named() error {
	names := map[id.ID]string{}
	for i := range p.lines {
		names[p.lines[i].Payee] = ""
	}
	if err := namesOf(p.tx, names); err != nil {
		return err
	}
	p.lines = slices.DeleteFunc(p.lines, func(l Line) bool {
		if names[l.Payee] != "" {
			return false
		}
		p.held = append(p.held, Held{Household: l.Household, Branch: l.Branch, File: l.File, Person: l.Person, Component: l.Component, Month: l.Month,
			Amount: l.Amount, Payee: l.Payee, Reason: PayeeNameless})
		return true
	})
	for i := range p.lines {
		p.lines[i].PayeeName = names[p.lines[i].Payee]
	}
	return nil
}

// namesOf fills in the names of the persons that are the map's keys.
func namesOf(tx *store.Tx, names map[id.ID]string) error {
	persons := make([]id.ID, 0, len(names))
	for person := range names {
		persons = append(persons, person)
	}
	slices.SortFunc(persons, id.ID.Compare)
	for group := range slices.Chunk(persons, 1000) {
		args := make([][]any, len(group))
		for i, person := range group {
			args[i] = []any{person}
		}
		err := tx.Batch(func(i int, r *store.Row) error {
			names[group[i]] = r.Text()
			return r.Err()
		}, "SELECT name FROM persons WHERE person = $1", args)
		if err != nil {
			return err
		}
	}
	return nil
}

// inFileOrder is the order of the bank file: by bank, then account; the lines of
// one payee and account lie together.
func inFileOrder(a, b Line) int {
	return cmp.Or(cmp.Compare(a.Bank, b.Bank), cmp.Compare(a.Account, b.Account), a.Payee.Compare(b.Payee), a.Household.Compare(b.Household),
		a.Person.Compare(b.Person), cmp.Compare(a.Component, b.Component), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Part, b.Part))
}

// freeze orders, numbers and seals the lines, and records the list.
func (p *preparation) freeze() (List, error) {
	l := &p.list
	if len(p.lines) == 0 {
		return List{}, fault.Conflict("payment.nothing_to_pay", "quarter", l.Quarter, "held", len(p.held))
	}
	slices.SortFunc(p.lines, inFileOrder)
	if err := p.withhold(); err != nil {
		return List{}, err
	}
	head := l.start()
	for i := range p.lines {
		line := &p.lines[i]
		if i == 0 || line.Payee != p.lines[i-1].Payee || line.Account != p.lines[i-1].Account {
			l.Transfers++
		}
		line.Serial, line.Transfer = int64(i+1), l.Transfers
		head = line.link(head, l.Programme)
		line.Seal = sealOf(head)
		var err error
		if l.Total, err = l.Total.Plus(line.Amount); err != nil {
			return List{}, err
		}
	}
	for i := range p.held {
		p.held[i].Serial = int64(i + 1)
		head = p.held[i].link(head, l.Programme)
		l.HeldTotal += p.held[i].Amount
	}
	l.Lines, l.Held, l.LinesDigest = int64(len(p.lines)), int64(len(p.held)), head
	return p.record()
}

// record writes lines, held lines and comparison, then the list's own row.
func (p *preparation) record() (List, error) {
	missing := p.missing()
	head := p.list.start()
	for i := range missing {
		head = missing[i].link(head)
	}
	p.list.GoneDigest = head
	for group := range slices.Chunk(p.lines, chunk) {
		if err := journal.Record(p.tx, LinesFrozen{p.list.ID, p.list.Programme, group}); err != nil {
			return List{}, err
		}
	}
	for group := range slices.Chunk(p.held, chunk) {
		if err := journal.Record(p.tx, LinesHeld{p.list.ID, p.list.Programme, group}); err != nil {
			return List{}, err
		}
	}
	for group := range slices.Chunk(missing, chunk) {
		if err := journal.Record(p.tx, PersonsGone{p.list.ID, group}); err != nil {
			return List{}, err
		}
	}
	sealed := p.list.sealed(p.tx)
	if err := journal.Record(p.tx, Stepped{StepPrepare, sealed}); err != nil {
		return List{}, err
	}
	return find(p.tx, sealed.ID) // asks the database, so that a line paid elsewhere is refused here
}
