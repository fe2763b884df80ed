package policy

import (
	"crypto/sha256"
	"slices"

	"github.com/fxamacker/cbor/v2"
	"go.yaml.in/yaml/v3"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/rule"
	"sanad/platform/text"
)

// Programme is one benefit as the law and its readings have it, from one file,
// checked: its formulas are compiled and its texts are there in both languages.
type Programme struct {
	ID         string
	Name       text.Bilingual
	Owner      string // codes of bodies
	Decider    string
	Payer      string
	Unit       string // person, couple, household
	Assessed   string // monthly, once
	Paid       string // monthly, quarterly, once
	Acts       []Act
	Readings   []Reading
	Parameters []Parameter
	Tables     []Table // figures that depend on something
	Values     []Value
	Conditions []Condition // for every component
	Components []Component
	Holds      []Hold
	Process    Process
	Indication bool      `cbor:",omitempty"` // another body decides: what is computed here is an indication to it
	Waiting    *Waiting  `cbor:",omitempty"`
	Limits     []Limit   `cbor:",omitempty"`
	Overlaps   []Overlap `cbor:",omitempty"`
	Ranking    *Ranking  `cbor:",omitempty"`
	Notices    *Notices  `cbor:"-"`
	Examples   []Example `cbor:"-"`

	ordinary  []pair // the facts of persons in examples who say nothing else
	idNode    *yaml.Node
	bodyNodes []*yaml.Node // owner, decider, payer

	programmeNodes []*yaml.Node // other programmes that overlap

	text     string
	digest   [32]byte
	language *rule.Language
	plan     rule.Plan // computes Values
	plain    bool      // a calculation
	facts    *readable
	reads    map[string]bool // the full names of all facts that any formula may ask for
}

// Act is a law or decision, with the articles that conditions cite.
type Act struct {
	ID       string
	Name     text.Bilingual
	Articles []Article
}

// Article is what an act says in one place, in our own words where the text
// itself was not seen. It is cited as act#article.
type Article struct {
	ID   string
	Text text.Bilingual
}

// Reading is a question that the law leaves open: its possible answers, the one
// by which decisions are made, and who confirmed it.
type Reading struct {
	ID        string
	Question  text.Bilingual
	Options   []Option
	Chosen    string
	Confirmed *Confirmation // nil until somebody with the right to say so did
}

// Option is one possible answer.
type Option struct {
	ID   string
	Text text.Bilingual
}

// Confirmation is who confirmed a reading, by which letter, when.
type Confirmation struct {
	By     text.Bilingual
	Letter string
	Date   calendar.Date
}

// Parameter is a figure of the law over time.
type Parameter struct {
	ID     string
	Name   text.Bilingual
	Unit   string // LYD, years, months, count, fixed, rate
	Basis  string // act#article
	Values []DatedValue

	Unverified bool `cbor:",omitempty"` // nobody has seen the figure in the law's own text
}

// DatedValue holds from a day until the next one's. Its unit is the parameter's;
// amounts are dirhams, decimals and rates millionths.
type DatedValue struct {
	From  calendar.Date
	Value int64
}

func (p *Parameter) kind() rule.Type { return singleUnits[p.Unit] }

// on is the value that holds on a day, unknown before the first.
func (p *Parameter) on(day calendar.Date) rule.Value {
	for _, v := range slices.Backward(p.Values) {
		if v.From <= day {
			return numberOf(p.kind(), v.Value)
		}
	}
	return rule.Value{}
}

// Condition is one thing that the law asks. Where it rests on a reading, there
// is a test for each of the reading's options.
type Condition struct {
	ID        string
	Name      text.Bilingual // what is asked
	Article   string
	Reading   string
	Tests     []Test
	Otherwise text.Bilingual // what a family is told where it is not met
	Waits     *Wait
	Calendar  bool // time alone undoes it, on a day that the law's own calendar sets

	chosen int // the place of the chosen option's test
}

// Test is a condition's formula under one option, or under none.
type Test struct {
	Option string
	Text   string

	rule *rule.Rule
}

// Wait is a state in which a condition is neither met nor unmet although the
// facts are known: a file that another body has not yet closed.
type Wait struct {
	When   string
	Reason string
	Text   text.Bilingual

	rule *rule.Rule
}

// Component is one kind of person that the programme pays for.
type Component struct {
	ID         string
	Name       text.Bilingual
	List       string // the payment list that it belongs to
	Who        string // who is of this kind at all; others get no line
	Conditions []Condition
	Amount     string
	Basis      string
	Payees     []PayeeStep
	For        string `cbor:",omitempty"` // couple, household; empty: every member

	unverified []*Parameter
	conditions []*Condition // the programme's and its own
	who        *rule.Rule
	amount     *rule.Rule
}

// PayeeStep is one step of the order of payees: the first whose condition is met
// says who receives.
type PayeeStep struct {
	ID      string
	Name    text.Bilingual
	Article string
	When    string
	Pay     string

	when, pay *rule.Rule
}

// Hold is a reason for which what is due cannot be paid yet. It asks about the
// person, or about the payee.
type Hold struct {
	ID   string
	Of   string // person, payee
	When string
	Text text.Bilingual

	rule *rule.Rule
}

// Digest names the release: the hash of everything that a decision may depend
// upon, the chosen readings included; examples and comments are not.
func (p *Programme) Digest() [32]byte { return p.digest }

// Text is the file, word for word.
func (p *Programme) Text() string { return p.text }

// Component returns the component with an id, or nil.
func (p *Programme) Component(id string) *Component {
	for i := range p.Components {
		if p.Components[i].ID == id {
			return &p.Components[i]
		}
	}
	return nil
}

// Reading returns the reading with an id, or nil.
func (p *Programme) Reading(id string) *Reading {
	for i := range p.Readings {
		if p.Readings[i].ID == id {
			return &p.Readings[i]
		}
	}
	return nil
}

// Cited returns the act and article that a citation (act#article) names.
func (p *Programme) Cited(citation string) (Act, Article) {
	for _, act := range p.Acts {
		for _, article := range act.Articles {
			if citation == act.ID+"#"+article.ID {
				return act, article
			}
		}
		if citation == act.ID {
			return act, Article{}
		}
	}
	return Act{}, Article{}
}

// Reason is the sentence for a line's reason, as a family reads it; it may be an
// argument of a message. The empty reason has none.
func (p *Programme) Reason(component, reason string) any {
	switch reason {
	case "":
		return ""
	case AwaitingRuling, MissingFact, PayeeUnknown, AmountUnverified, DecidedElsewhere, ReceivedBefore, OnWaitingList:
		return text.Key("policy.reason_" + reason)
	}
	if words, found := p.reasonOfTerms(reason); found {
		return words
	}
	for i := range p.Holds {
		if p.Holds[i].ID == reason {
			return p.Holds[i].Text
		}
	}
	if c := p.Component(component); c != nil {
		for _, condition := range c.conditions {
			if condition.ID == reason {
				return condition.Otherwise
			}
			if condition.Waits != nil && condition.Waits.Reason == reason {
				return condition.Waits.Text
			}
		}
	}
	return reason
}

// seal computes the digest. Deterministic CBOR (RFC 8949 section 4.2.1) of the
// exported fields is the canonical form.
func (p *Programme) seal() error {
	mode, err := cbor.CoreDetEncOptions().EncMode()
	if err != nil {
		return err
	}
	canonical, err := mode.Marshal(p)
	if err != nil {
		return err
	}
	p.digest = sha256.Sum256(canonical)
	return nil
}

// parametersOn returns the parameters' values for a month; "policy.no_parameter"
// names one that the law had not yet set.
func (p *Programme) parametersOn(month calendar.Month) ([]rule.Value, error) {
	values := make([]rule.Value, len(p.Parameters))
	for i := range p.Parameters {
		values[i] = p.Parameters[i].on(month.First())
		if !values[i].Known() {
			return nil, fault.Conflict("policy.no_parameter", "parameter", p.Parameters[i].Name, "month", month.Date())
		}
	}
	return values, nil
}
