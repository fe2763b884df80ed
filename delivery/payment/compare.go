package payment

import (
	"cmp"
	"errors"
	"slices"

	"sanad/delivery/enrolment"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/store"
)

// loadBefore finds who was paid for the quarter before by a list of the same
// category that was at least approved, and for whom such a list held what was
// paid before because nobody had decided the end.
func (p *preparation) loadBefore() error {
	months := p.list.Quarter.Previous().Months()
	const undecided = "SELECT l.person, l.component, l.household, l.branch, l.file, '', l.amount FROM payment_held l"
	const paid = "SELECT l.person, l.component, l.household, l.branch, l.file, l.payee_name, l.amount + l.withheld FROM payment_lines l"
	const signed = ` JOIN payment_lists p ON p.list = l.list
		WHERE l.programme = $1 AND l.month BETWEEN $2 AND $3 AND p.state IN ('approved', 'exported', 'answered', 'closed')`
	for _, sql := range []string{undecided + signed + " AND l.reason = 'end_not_decided'", paid + signed + " AND l.live = 1 AND l.part = 0"} {
		err := p.tx.Each(func(r *store.Row) error {
			g := &Gone{Person: r.ID(), Component: r.Text(), Household: r.ID(), Branch: r.Text(), File: r.Text(), Name: r.Text(), Amount: r.Amount()}
			if p.pays(g.Component) {
				p.before[claim{p.human(g.Person), g.Component}] = g
			}
			return r.Err()
		}, sql+" ORDER BY l.person, l.component, l.month", p.terms.Programme, int64(months[0]), int64(months[2]))
		if err != nil {
			return err
		}
	}
	p.list.Before = int64(len(p.before))
	for _, g := range p.before {
		p.base[g.Branch]++
	}
	return nil
}

// pays reports whether the list pays a component.
func (p *preparation) pays(component string) bool { return slices.Contains(p.components, component) }

// explainGone names those who are missing now, and looks in the registry for
// what no decision says.
func (p *preparation) explainGone() error {
	names, silent := map[id.ID]string{}, []*Gone{}
	for _, g := range p.before {
		names[g.Person] = ""
		if g.Reason == "" {
			silent = append(silent, g)
		}
	}
	if err := namesOf(p.tx, names); err != nil {
		return err
	}
	for _, g := range p.before {
		g.Name = cmp.Or(names[g.Person], g.Name)
	}
	for _, g := range silent {
		if first, linked := p.first[g.Person]; linked && first != g.Person {
			g.Reason = CountsElsewhere
			continue
		}
		dead, _, err := store.One(p.tx, (*store.Row).Bool, "SELECT dead FROM persons WHERE person = $1", g.Person)
		if err != nil {
			return err
		}
		if dead {
			g.Reason = Died
		}
	}
	p.guard()
	return nil
}

// guard asks for a second signature where more persons vanish than the limits
// allow, from any one branch or from the country. An end that was approved or
// decided has its signatures already.
func (p *preparation) guard() {
	vanished, all := map[string]int64{}, int64(0)
	for _, g := range p.before {
		p.list.Gone++
		if g.Reason == "" {
			p.list.Unreasoned++
		}
		if !p.standing.Ends(enrolment.Claim{Person: g.Person, Component: g.Component}, p.months[len(p.months)-1]) {
			vanished[g.Branch]++
			all++
		}
	}
	p.list.TwoSignatures = all*100_000 > p.terms.Limits.Country*p.list.Before
	for branch, n := range vanished {
		if n*100_000 > p.terms.Limits.Branch*p.base[branch] {
			p.list.TwoSignatures = true
		}
	}
}

// missing are those who are gone, in the order of the table's key.
func (p *preparation) missing() []Gone {
	if p.list.Supplement() {
		return nil
	}
	all := make([]Gone, 0, len(p.before))
	for _, g := range p.before {
		all = append(all, *g)
	}
	slices.SortFunc(all, func(a, b Gone) int { return cmp.Or(a.Person.Compare(b.Person), cmp.Compare(a.Component, b.Component)) })
	return all
}

// Comparison is what an approver looks at: the list beside the one before.
type Comparison struct {
	List    List
	Before  *List // the quarter before's, nil for the first
	Persons int64 // in this list
	Reasons []ReasonCount
	Causes  []CauseCount // of a supplement's lines
	Gone    []Gone
}

// ReasonCount is how many persons vanished for one reason, and how much a month
// they were paid. An empty reason: none is known, or a person's own words are.
type ReasonCount struct {
	Reason  string
	Persons int64
	Amount  money.Amount
}

// CauseCount is how many lines of a supplement have one cause.
type CauseCount struct {
	Cause  Cause
	Lines  int64
	Amount money.Amount
}

// Compare returns the comparison of a list with the one before: who was paid
// then and is not now, each with the reason.
func Compare(tx *store.Tx, list id.ID) (Comparison, error) {
	if err := access.Require(tx, access.SeeList, ""); err != nil {
		return Comparison{}, err
	}
	var c Comparison
	var err error
	if c.List, err = find(tx, list); err != nil {
		return c, err
	}
	if c.Before, err = previous(tx, c.List); err != nil {
		return c, err
	}
	c.Persons, _, err = store.One(tx, (*store.Row).Int, "SELECT count(DISTINCT person) FROM payment_lines WHERE list = $1", list)
	if err != nil {
		return c, err
	}
	c.Reasons, err = store.All(tx, func(r *store.Row) ReasonCount { return ReasonCount{r.Text(), r.Int(), r.Amount()} },
		`SELECT reason, count(*), CAST(sum(amount) AS BIGINT) FROM payment_gone WHERE list = $1 GROUP BY reason ORDER BY 2 DESC, 1`, list)
	if err != nil {
		return c, err
	}
	c.Causes, err = store.All(tx, func(r *store.Row) CauseCount { return CauseCount{Cause(r.Text()), r.Int(), r.Amount()} },
		`SELECT cause, count(*), CAST(sum(amount) AS BIGINT) FROM payment_lines WHERE list = $1 AND cause <> '' GROUP BY cause ORDER BY 2 DESC, 1`, list)
	if err != nil {
		return c, err
	}
	c.Gone, err = store.All(tx, scanGone, goneQuery+" WHERE list = $1 ORDER BY reason, branch, file, person, component", list)
	return c, err
}

// previous is the list of the quarter before, nil where there was none.
func previous(tx *store.Tx, l List) (*List, error) {
	quarter := l.Quarter.Previous()
	if l.Supplement() {
		quarter = l.Quarter
	}
	before, err := standing(tx, l.Programme, quarter, l.Category)
	if errors.Is(err, fault.NotFound("payment.no_list")) {
		return nil, nil
	}
	return &before, err
}

// GiveReason writes down why somebody vanished where the system has no reason.
// Its faults are "payment.no_words", "payment.not_gone" and
// "payment.wrong_state" once the first signature is given.
func GiveReason(tx *store.Tx, list, person id.ID, component, words string) (List, error) {
	if err := access.Require(tx, access.PrepareList, ""); err != nil {
		return List{}, err
	}
	l, err := find(tx, list)
	if err != nil {
		return List{}, err
	}
	if err := l.allows(StepReason); err != nil {
		return List{}, err
	}
	if len([]rune(words)) < 5 {
		return List{}, fault.Invalid("payment.no_words").At("words")
	}
	_, found, err := store.One(tx, scanGone, goneQuery+" WHERE list = $1 AND person = $2 AND component = $3", list, person, component)
	if err == nil && !found {
		err = fault.NotFound("payment.not_gone")
	}
	if err == nil {
		err = prove(tx, l)
	}
	if err != nil {
		return List{}, err
	}
	if err := journal.Record(tx, ReasonGiven{list, person, component, words, tx.Actor}); err != nil {
		return List{}, err
	}
	if l.GoneDigest, l.Unreasoned, err = goneDigest(tx, l); err != nil {
		return List{}, err
	}
	return l.step(tx, StepReason)
}
