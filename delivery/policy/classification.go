package policy

import (
	"cmp"
	"io/fs"
	"slices"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/money"
	"sanad/platform/rule"
	"sanad/platform/store"
)

// Classification is the calculation that says in which order help is given where
// a budget does not reach everybody. It has a household's value "class", the
// lowest first, and "points".
const Classification = "classification"

// Calculation opens a country pack's calculation by its id; the fault
// "policy.no_calculation" names one that is not there, and the faults of Open what
// is wrong with it.
func Calculation(pack fs.FS, name string) (*Programme, error) {
	file := Calculations + "/" + name + ".yaml"
	body, err := fs.ReadFile(pack, file)
	if err != nil {
		return nil, fault.NotFound("policy.no_calculation", "calculation", name).Because(err)
	}
	if err := Declare(pack); err != nil {
		return nil, err
	}
	p, findings := readCalculation(file, string(body), readableFacts(registry.All()))
	if len(findings) > 0 {
		return nil, refused("policy.programme_refused", file, findings)
	}
	return p, nil
}

// readCalculation gathers everything that is wrong with a file.
func readCalculation(file, body string, facts *readable) (*Programme, []Finding) {
	s := &scanner{file: file, facts: facts, plain: true}
	document, readable := s.document(body)
	if !readable {
		return nil, s.findings
	}
	p := &Programme{text: body, facts: facts, plain: true}
	s.calculation(p, document)
	if len(s.findings) == 0 {
		c := compiler{scanner: s, programme: p, nodes: s.formulas}
		c.programmeFormulas()
	}
	return p, s.findings
}

// Classified is a household's place in the order of help, with all that led to it.
type Classified struct {
	Rules   *Programme
	On      calendar.Date
	Points  rule.Value
	Class   rule.Value
	Values  []ValueShown    // of the household, in the order of the file
	Inputs  []FactExplained // the facts that were read and are known, whose they are
	Missing []FactExplained // for want of which the class is not known
	Changes []Change        // of one fact each, to the nearest other class
}

// ValueShown is a value for a reader.
type ValueShown struct {
	Value  *Value
	Result rule.Value
}

// Change is one fact that, were it otherwise, would give another class.
type Change struct {
	Fact   FactExplained // as it is known
	AtMost bool          // of a sum: the other side is below it
	To     any           // what it would have to be, for text.Value
	Class  int64
}

// Classify computes a household's class for a day from what is known now. It
// needs the capability SeeDecision over the household's branch, and leaves a trace
// that the file was looked at.
func Classify(tx *store.Tx, p *Programme, household id.ID) (Classified, error) {
	raw, err := journal.LatestSheet(tx, household)
	if err != nil {
		return Classified{}, err
	}
	sheet, err := registry.Decode(household, raw.Version, raw.Plain)
	if err != nil {
		return Classified{}, err
	}
	if err := access.Require(tx, access.SeeDecision, sheet.Branch); err != nil {
		return Classified{}, err
	}
	journal.Look(tx, household, "classification")
	return classify(p, sheet, tx.Today())
}

// classifying is one household under way.
type classifying struct {
	explainer
	frame *rule.Frame
	class *Value
}

func classify(p *Programme, sheet *registry.Sheet, on calendar.Date) (Classified, error) {
	month, _ := on.InMonth()
	d, err := newDecider(p, month)
	if err != nil {
		return Classified{}, err
	}
	d.framer.frame.Inputs[2] = rule.Date(on)
	d.framer.fill(sheet, []stranger{}, func(id.ID) bool { return false })
	c := classifying{explainer: explainer{decider: d, sheet: sheet}, frame: d.framer.frame, class: p.Value("class")}
	points := p.Value("points")
	if c.class == nil || points == nil || c.class.For != "household" || points.For != "household" {
		return Classified{}, fault.Invalid("policy.no_class", "file", p.ID)
	}
	done := Classified{Rules: p, On: on}
	if err := p.plan.Fill(c.frame); err != nil {
		return done, err
	}
	done.Class, done.Points = c.frame.Household[c.class.fact], c.frame.Household[points.fact]
	for i := range p.Values {
		if v := &p.Values[i]; v.For == "household" {
			done.Values = append(done.Values, ValueShown{v, c.frame.Household[v.fact]})
		}
	}
	err = c.inputs(&done)
	return done, err
}

// inputs gathers the facts behind the class, what is missing, and what another
// value of each would change.
func (c *classifying) inputs(done *Classified) error {
	for member := range c.sheet.Members {
		for place, fact := range c.decider.framer.facts.members {
			if fact.reading != asItIs || place == placeDeath || !c.decider.programme.reads["member."+fact.rule.Name] {
				continue
			}
			at := &c.decider.framer.language.Facts(c.frame, member)[place]
			if err := c.input(done, rule.Reading{Name: "member." + fact.rule.Name, Member: member, Value: *at}, member, &fact, at); err != nil {
				return err
			}
		}
	}
	slices.SortStableFunc(done.Changes, func(a, b Change) int {
		return cmp.Compare(distanceTo(a.Class, done.Class), distanceTo(b.Class, done.Class))
	})
	done.Changes = done.Changes[:min(len(done.Changes), shownChanges)]
	return c.decider.programme.plan.Fill(c.frame)
}

// shownChanges bounds what a family is told: the nearest changes come first.
const shownChanges = 8

func distanceTo(class int64, now rule.Value) int64 {
	return max(class-now.Number(), now.Number()-class)
}

func (c *classifying) input(done *Classified, read rule.Reading, member int, fact *factOf, at *rule.Value) error {
	shown := c.facts([]rule.Reading{read}, member)
	for i := range shown {
		shown[i].Whose = c.name(member)
		if !read.Value.Known() && !read.Value.Absent() {
			done.Missing = append(done.Missing, shown[i])
		} else if shown[i].Known {
			done.Inputs = append(done.Inputs, shown[i])
		}
	}
	if len(shown) == 0 || !done.Class.Known() {
		return nil
	}
	changes, err := c.changes(fact, at, done.Class.Number())
	for i := range changes {
		changes[i].Fact = shown[0]
	}
	done.Changes = append(done.Changes, changes...)
	return err
}

// changes tries other values of one fact, and puts back what was there.
func (c *classifying) changes(fact *factOf, at *rule.Value, now int64) (list []Change, err error) {
	before := *at
	defer func() { *at = before }()
	try := func(v rule.Value) (int64, bool) {
		*at = v
		if err = c.decider.programme.plan.Fill(c.frame); err != nil {
			return 0, false
		}
		class := c.frame.Household[c.class.fact]
		return class.Number(), class.Known() && class.Number() != now
	}
	switch fact.rule.Type.Kind {
	case rule.KindTruth:
		for _, yes := range []bool{true, false} {
			if class, other := try(rule.Bool(yes)); other {
				list = append(list, Change{To: yesNo(yes), Class: class})
			}
		}
	case rule.KindEnumeration:
		for i, code := range fact.codes {
			if class, other := try(rule.Label(i)); other {
				list = append(list, Change{To: c.decider.framer.facts.defined[fact.from].Word(code), Class: class})
			}
		}
	case rule.KindMoney:
		list = thresholds(before, try)
	}
	return list, err
}

// highestIncome is how far up a sum is tried.
const highestIncome = 20_000_000 // dirhams

// thresholds finds the nearest sums below and above at which the class is another.
func thresholds(now rule.Value, try func(rule.Value) (int64, bool)) (list []Change) {
	if !now.Known() {
		return nil
	}
	for _, far := range []int64{0, max(highestIncome, now.Number())} {
		class, other := try(rule.Money(money.Amount(far)))
		if !other {
			continue
		}
		same, changed := now.Number(), far
		for max(same-changed, changed-same) > 1 {
			middle := same + (changed-same)/2
			if there, differs := try(rule.Money(money.Amount(middle))); differs {
				changed, class = middle, there
			} else {
				same = middle
			}
		}
		list = append(list, Change{AtMost: changed < now.Number(), To: money.Amount(changed), Class: class})
	}
	return list
}
