package registry

import (
	"strings"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// CustodyEvidence is the paper by which somebody has a child.
type CustodyEvidence string

// The papers of custody, strongest first.
const (
	Judgment         CustodyEvidence = "judgment"          // حكم نهائي
	InterimOrder     CustodyEvidence = "interim_order"     // أمر ولائي أو حكم وقتي
	AgreementRecord  CustodyEvidence = "agreement_record"  // محضر اتفاق
	MukhtarStatement CustodyEvidence = "mukhtar_statement" // إفادة مختار المحلة
)

// CustodyEvidences lists them, strongest first.
var CustodyEvidences = []CustodyEvidence{Judgment, InterimOrder, AgreementRecord, MukhtarStatement}

// Strength orders papers: a weaker one never takes a child from who has a
// stronger one. 0 is no paper.
func (c CustodyEvidence) Strength() int {
	for i, e := range CustodyEvidences {
		if c == e {
			return len(CustodyEvidences) - i
		}
	}
	return 0
}

// Custody says who has a child.
type Custody struct {
	Child     id.ID           `json:"child"`
	Custodian id.ID           `json:"custodian,omitzero"` // also somebody of another household; zero: not known
	Paper     CustodyEvidence `json:"paper,omitempty"`    // empty: nobody brought one
	Disputed  bool            `json:"disputed,omitempty"` // another asks for the child too
}

// AwardCustody says who has a child since the day of the Change. A paper weaker
// than the one that stands changes nothing but that custody is disputed: what is
// due goes on accruing until the family or a court settles it.
func AwardCustody(tx *store.Tx, c Change, custody Custody) (Changed, error) {
	e, err := begin(tx, access.RecordLifeEvent, c)
	if err != nil {
		return Changed{}, err
	}
	e.custody(custody)
	return e.finish(CustodyAwarded, custody.Child)
}

func (e *edit) custody(c Custody) {
	child := e.living(c.Child, "child")
	if child == nil {
		return
	}
	switch {
	case c.Paper != "" && c.Paper.Strength() == 0:
		e.wrong.Add("paper", fault.Invalid("registry.choose_one"))
	case c.Child == c.Custodian:
		e.wrong.Add("custodian", fault.Invalid("registry.tie_to_self"))
	case !c.Custodian.IsZero() && e.sheet.Member(c.Custodian) == nil:
		e.wrong.Add("custodian", e.exists(c.Custodian))
	}
	source := e.paper(c.Paper)
	now, known := e.sheet.Now(child.Facts, Custodian)
	weaker := known && !c.Custodian.IsZero() && now.Value.Person != c.Custodian && e.sheet.custodyStrength(now) > c.Paper.Strength()
	if weaker {
		e.warn("paper", fault.Invalid("registry.warning_weaker_paper", "name", e.sheet.text(child, FullName)))
	}
	if !c.Custodian.IsZero() && !weaker {
		child.Facts = e.sheet.put(child.Facts, Custodian, PersonValue(c.Custodian), e.change.On, source)
	}
	if _, said := e.sheet.Now(child.Facts, CustodyDisputed); said || c.Disputed || weaker {
		child.Facts = e.sheet.put(child.Facts, CustodyDisputed, TruthValue(c.Disputed || weaker), e.change.On, source)
	}
}

// exists refuses a person whom the registry does not know.
func (e *edit) exists(person id.ID) error {
	_, found, err := store.One(e.tx, (*store.Row).Text, "SELECT name FROM persons WHERE person = $1", person)
	if err == nil && !found {
		err = fault.NotFound("registry.no_person")
	}
	return err
}

// paper is the source of custody: the document begins with its kind, and a
// mukhtar's word is a statement, not a document.
func (e *edit) paper(kind CustodyEvidence) int {
	if kind == "" {
		return e.source
	}
	source := e.sheet.Sources[e.source]
	source.Document = strings.TrimSpace(string(kind) + " " + source.Document)
	source.Kind = max(source.Kind, Documented)
	if kind == MukhtarStatement {
		source.Kind = Stated
	}
	return e.sheet.AddSource(source)
}

// custodyStrength is the strongest paper among a fact's sources.
func (s *Sheet) custodyStrength(f Fact) int {
	best := 0
	for _, at := range f.Sources {
		kind, _, _ := strings.Cut(s.Sources[at].Document, " ")
		best = max(best, CustodyEvidence(kind).Strength())
	}
	return best
}

// Guardianship names who looks after a ward.
type Guardianship struct {
	Change
	Ward        id.ID     `json:"ward"`
	Guardian    id.ID     `json:"guardian,omitzero"`     // a member, or somebody of another household
	NewGuardian NewMember `json:"new_guardian,omitzero"` // not registered yet: becomes a member with the role guardian
}

// NameGuardian says who was appointed for a ward since the day of the Change.
func NameGuardian(tx *store.Tx, g Guardianship) (Changed, error) {
	e, ward, err := life(tx, g.Change, g.Ward)
	if err != nil {
		return Changed{}, err
	}
	var comes *Member
	switch {
	case g.Guardian == g.Ward:
		e.wrong.Add("guardian", fault.Invalid("registry.tie_to_self"))
	case !g.Guardian.IsZero() && e.sheet.Member(g.Guardian) != nil:
		e.living(g.Guardian, "guardian")
	case !g.Guardian.IsZero():
		e.wrong.Add("guardian", e.exists(g.Guardian))
	default:
		if g.NewGuardian.Role == "" {
			g.NewGuardian.Role = "guardian"
		}
		comes = e.add(g.NewGuardian)
		g.Guardian = comes.Person
	}
	e.set(ward, Guardian, PersonValue(g.Guardian))
	if comes != nil {
		e.sheet.Members = append(e.sheet.Members, *comes)
	}
	return e.finish(GuardianNamed, g.Ward)
}
