package enrolment

import (
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

const (
	actQuery = `SELECT act, version, programme, title_ar, title_en, state, through, release, ends, amount, digest, announcer, announced, approver,
		approved, remark FROM end_acts`
	endQuery      = `SELECT person, component, household, branch, file, month, amount, reason FROM ends`
	proposalQuery = `SELECT proposal, version, kind, programme, household, branch, file, person, component, month, amount, share, reason, words,
		evidence, state, proposer, proposed, server, served, served_how, until, answer, answered, answer_taker, decider, decided, decision, effective
		FROM proposals`
)

func scanAct(r *store.Row) Act {
	return Act{ID: r.ID(), Version: r.Int(), Programme: r.Text(), Title: text.Bilingual{Arabic: r.Text(), English: r.Text()}, State: State(r.Text()),
		Through: calendar.Month(r.Int()), Release: r.Bytes(), Ends: r.Int(), Amount: r.Amount(), Digest: r.Bytes(), Announcer: r.ID(), AnnouncedAt: r.Int(),
		Approver: r.ID(), ApprovedAt: r.Int(), Remark: r.Text()}
}

func scanEnd(r *store.Row) End {
	return End{Person: r.ID(), Component: r.Text(), Household: r.ID(), Branch: r.Text(), File: r.Text(), Month: calendar.Month(r.Int()),
		Amount: r.Amount(), Reason: r.Text()}
}

func scanProposal(r *store.Row) Proposal {
	return Proposal{ID: r.ID(), Version: r.Int(), Kind: Kind(r.Text()), Programme: r.Text(), Household: r.ID(), Branch: r.Text(), File: r.Text(),
		Person: r.ID(), Component: r.Text(), Month: calendar.Month(r.Int()), Amount: r.Amount(), Share: r.Int(), Reason: r.Text(), Words: r.Text(),
		Evidence: r.Text(), State: State(r.Text()), Proposer: r.ID(), ProposedAt: r.Int(), Server: r.ID(), ServedOn: r.Date(), ServedHow: r.Text(),
		Until: r.Date(), Answer: r.Text(), AnsweredAt: r.Int(), AnswerTaker: r.ID(), Decider: r.ID(), DecidedAt: r.Int(), Decision: r.Text(),
		Effective: calendar.Month(r.Int())}
}

// Acts returns all acts, the latest first; figures only, nobody's name.
func Acts(tx *store.Tx) ([]Act, error) {
	if err := access.Require(tx, access.SeeList, ""); err != nil {
		return nil, err
	}
	return store.All(tx, scanAct, actQuery+" ORDER BY announced DESC, act DESC")
}

// FindAct returns one act with its ends, proved against its digest, or the fault
// "enrolment.no_act".
func FindAct(tx *store.Tx, act id.ID) (Act, []End, error) {
	if err := access.Require(tx, access.SeeList, ""); err != nil {
		return Act{}, nil, err
	}
	a, err := findAct(tx, act)
	if err != nil {
		return a, nil, err
	}
	listed, err := a.list(tx)
	return a, listed, err
}

func findAct(tx *store.Tx, act id.ID) (Act, error) {
	a, found, err := store.One(tx, scanAct, actQuery+" WHERE act = $1", act)
	if err == nil && !found {
		err = fault.NotFound("enrolment.no_act")
	}
	return a, err
}

// FindProposal returns one proposal for those who may see the household's
// decisions, or the fault "enrolment.no_proposal".
func FindProposal(tx *store.Tx, which id.ID) (Proposal, error) {
	p, err := findProposal(tx, which)
	if err != nil {
		return Proposal{}, err
	}
	return p, access.Require(tx, access.SeeDecision, p.Branch)
}

func findProposal(tx *store.Tx, which id.ID) (Proposal, error) {
	p, found, err := store.One(tx, scanProposal, proposalQuery+" WHERE proposal = $1", which)
	if err == nil && !found {
		err = fault.NotFound("enrolment.no_proposal")
	}
	return p, err
}

// OfHousehold returns a household's proposals, the latest first, for those who
// may see its decisions; branch is the household's own.
func OfHousehold(tx *store.Tx, household id.ID, branch string) ([]Proposal, error) {
	if err := access.Require(tx, access.SeeDecision, branch); err != nil {
		return nil, err
	}
	return store.All(tx, scanProposal, proposalQuery+" WHERE household = $1 AND branch = $2 ORDER BY proposed DESC, proposal DESC", household, branch)
}

// Open returns the proposals that wait for somebody, those whose notice period
// passes first at the head. It needs the capability SeeList over the country.
func Open(tx *store.Tx) ([]Proposal, error) {
	if err := access.Require(tx, access.SeeList, ""); err != nil {
		return nil, err
	}
	return store.All(tx, scanProposal, proposalQuery+" WHERE state IN ('proposed', 'served') ORDER BY until, proposed, proposal")
}

// Standing is what payment asks of a programme: from which month on each claim
// has ended by an approved act or a decision, which are open with a notice that
// was served, and which recoveries were decided.
type Standing struct {
	Ended      map[Claim]calendar.Month
	Noticed    map[Claim]bool
	Recoveries []Proposal // in the order of their decision
}

// Ends reports whether a claim has ended by a month, somebody having said so.
func (s Standing) Ends(c Claim, month calendar.Month) bool {
	from, ended := s.Ended[c]
	return ended && from <= month
}

// StandingOf reads a programme's Standing.
func StandingOf(tx *store.Tx, programme string) (Standing, error) {
	s := Standing{Ended: map[Claim]calendar.Month{}, Noticed: map[Claim]bool{}}
	end := func(c Claim, from calendar.Month) {
		if before, known := s.Ended[c]; !known || from < before {
			s.Ended[c] = from
		}
	}
	err := tx.Each(func(r *store.Row) error {
		end(Claim{r.ID(), r.Text()}, calendar.Month(r.Int()))
		return r.Err()
	}, `SELECT e.person, e.component, e.month FROM ends e JOIN end_acts a ON a.act = e.act
		WHERE e.programme = $1 AND e.live = 1 AND a.state = 'approved'`, programme)
	if err != nil {
		return s, err
	}
	found, err := store.All(tx, scanProposal, proposalQuery+" WHERE programme = $1 AND state IN ('served', 'decided') ORDER BY decided, proposal", programme)
	for _, p := range found {
		switch {
		case p.Kind == Recovery && p.State == Decided:
			s.Recoveries = append(s.Recoveries, p)
		case p.Kind == EndOnEvidence && p.State == Decided:
			end(Claim{p.Person, p.Component}, p.Effective)
		case p.Kind == EndOnEvidence:
			s.Noticed[Claim{p.Person, p.Component}] = true
		}
	}
	return s, err
}

// Names returns the names of persons of acts and proposals, for those who may
// see lists or decisions; who is on no sheet any more is left out.
func Names(tx *store.Tx, persons ...id.ID) (map[id.ID]string, error) {
	if !access.Holds(tx, access.SeeList) {
		if err := access.Require(tx, access.SeeDecision, ""); err != nil && !access.Holds(tx, access.SeeDecision) {
			return nil, err
		}
	}
	names, args := map[id.ID]string{}, make([][]any, len(persons))
	for i, person := range persons {
		args[i] = []any{person}
	}
	err := tx.Batch(func(i int, r *store.Row) error {
		names[persons[i]] = r.Text()
		return r.Err()
	}, "SELECT name FROM persons WHERE person = $1", args)
	return names, err
}
