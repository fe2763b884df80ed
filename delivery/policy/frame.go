package policy

import (
	"slices"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/money"
	"sanad/platform/rule"
)

// stranger is somebody of whom this household's sheet speaks and who stands on
// another sheet: the mother who has custody and lives elsewhere.
type stranger struct {
	otherSheet
	sheet  *registry.Sheet
	member *registry.Member // nil where nothing is known of her
}

// framer turns sheets into frames for one programme and month. It is used by
// one goroutine, again and again; nothing of a household stays in it.
type framer struct {
	language *rule.Language
	facts    *readable
	wanted   []int // places of the declared facts that the programme reads
	house    []int // of the household's facts that it reads
	frame    *rule.Frame
	on       calendar.Date // the month's first day

	custody map[id.ID]id.ID // who has a child, where only another sheet says so

	sheet     *registry.Sheet
	strangers []stranger
	seen      []int32 // by place: the fact that speaks of it, -1 none, -2 several
	unknown   []id.ID // persons of other sheets that nobody brought
}

func newFramer(p *Programme, month calendar.Month, parameters []rule.Value) *framer {
	f := &framer{language: p.language, facts: p.facts, frame: p.language.NewFrame(0), on: month.First(), seen: make([]int32, len(p.facts.members))}
	f.frame.Inputs[0], f.frame.Inputs[1] = rule.Date(month.First()), rule.Date(month.Last())
	copy(f.frame.Parameters, parameters)
	for place := range memberFacts {
		if memberFacts[place].reading != given {
			f.wanted = append(f.wanted, place)
		}
	}
	for place := len(memberFacts); place < len(p.facts.members); place++ {
		if p.reads["member."+p.facts.members[place].rule.Name] {
			f.wanted = append(f.wanted, place)
		}
	}
	for place := headPlace + 1; place < len(p.facts.households); place++ {
		if p.reads["household."+p.facts.households[place].rule.Name] {
			f.house = append(f.house, place)
		}
	}
	return f
}

// fill puts a household into the frame and returns the persons of other sheets
// whom it speaks of and who were not brought along. The strangers stand behind
// the members.
func (f *framer) fill(sheet *registry.Sheet, strangers []stranger, elsewhere func(id.ID) bool) []id.ID {
	f.sheet, f.strangers, f.unknown = sheet, strangers, f.unknown[:0]
	f.language.Reset(f.frame, len(sheet.Members)+len(strangers))
	for i := range sheet.Members {
		m := &sheet.Members[i]
		facts := f.language.Facts(f.frame, i)
		f.member(sheet, m, facts, true)
		facts[placeListed], facts[placeCounts] = rule.Bool(true), rule.Bool(!elsewhere(m.Person))
		if custodian, said := f.custody[m.Person]; said && facts[placeCustodian].Absent() {
			facts[placeCustodian] = f.person(custodian, true)
		}
	}
	for i := range strangers {
		facts := f.language.Facts(f.frame, len(sheet.Members)+i)
		facts[placeListed], facts[placeCounts] = rule.Bool(false), rule.Bool(false)
		if strangers[i].member != nil {
			f.member(strangers[i].sheet, strangers[i].member, facts, false)
		}
	}
	for _, place := range f.house {
		definition := &f.facts.households[place]
		fact, known := sheet.At(sheet.Facts, definition.from, f.on)
		f.frame.Household[place] = f.value(definition, &fact, known, true)
	}
	f.complete()
	return f.unknown
}

// member fills the facts of one person that hold on the month's first day. One
// walk finds them; the registry is asked only where several facts speak of one
// thing.
func (f *framer) member(sheet *registry.Sheet, m *registry.Member, facts []rule.Value, own bool) {
	for i := range f.seen {
		f.seen[i] = -1
	}
	for i := range m.Facts {
		if place, ok := f.facts.places[m.Facts[i].Name]; ok {
			if f.seen[place] == -1 {
				f.seen[place] = int32(i)
			} else {
				f.seen[place] = -2
			}
		}
	}
	for _, place := range f.wanted {
		definition := &f.facts.members[place]
		fact, known := f.fact(sheet, m, place)
		facts[place] = f.value(definition, fact, known, own)
	}
}

// fact is what holds of one thing on the month's first day; see registry.At.
func (f *framer) fact(sheet *registry.Sheet, m *registry.Member, place int) (*registry.Fact, bool) {
	switch i := f.seen[place]; i {
	case -1:
		return nil, false
	case -2:
		fact, known := sheet.At(m.Facts, f.facts.members[place].from, f.on)
		return &fact, known
	default:
		fact := &m.Facts[i]
		ended := fact.To != calendar.Unknown && fact.To.First() <= f.on
		begins := fact.From != calendar.Unknown && fact.From.First() > f.on
		return fact, !ended && !begins
	}
}

// value is a fact in the language's terms.
func (f *framer) value(definition *factOf, fact *registry.Fact, known, own bool) rule.Value {
	kind := definition.rule.Type.Kind
	if definition.reading == ifAny {
		return rule.Bool(known && fact.Value.Text != "")
	}
	if !known {
		return definition.nothing()
	}
	switch kind {
	case rule.KindDate:
		if fact.Value.Number == 0 {
			return rule.Absent(kind)
		}
		return rule.Date(fact.Value.Date)
	case rule.KindEnumeration:
		if i := slices.Index(definition.codes, fact.Value.Text); i >= 0 {
			return rule.Label(i)
		}
	case rule.KindTruth:
		return rule.Bool(fact.Value.Number == 1)
	case rule.KindMember:
		return f.person(fact.Value.Person, own)
	case rule.KindInteger:
		return rule.Integer(fact.Value.Number)
	case rule.KindFixed:
		return rule.Fixed(fact.Value.Number)
	case rule.KindMoney:
		return rule.Money(money.Amount(fact.Value.Number))
	case rule.KindText:
		f.frame.Texts = append(f.frame.Texts, fact.Value.Text)
		return rule.Text(len(f.frame.Texts) - 1)
	}
	return rule.Unknown(kind)
}

// nothing is what rules read where nobody said anything: unknown, or for a fact
// of which silence says that there is none, no, nought, none.
func (definition *factOf) nothing() rule.Value {
	kind := definition.rule.Type.Kind
	if !definition.silent {
		return rule.Unknown(kind)
	}
	switch kind {
	case rule.KindTruth:
		return rule.Bool(false)
	case rule.KindMoney:
		return rule.Money(0)
	case rule.KindInteger:
		return rule.Integer(0)
	case rule.KindFixed:
		return rule.Fixed(0)
	case rule.KindEnumeration:
		if i := slices.Index(definition.codes, noneLabel); i >= 0 {
			return rule.Label(i)
		}
	case rule.KindDate, rule.KindMember:
		return rule.Absent(kind)
	}
	return rule.Unknown(kind)
}

// noneLabel is the label of an enumeration that says that there is none.
const noneLabel = "none"

// person is a reference: to a member of the sheet, or to a stranger behind them.
func (f *framer) person(who id.ID, own bool) rule.Value {
	if who.IsZero() {
		return rule.Absent(rule.KindMember)
	}
	if i := f.placeOf(who); i >= 0 {
		return rule.Member(i)
	}
	if own && !slices.Contains(f.unknown, who) {
		f.unknown = append(f.unknown, who)
	}
	return rule.Unknown(rule.KindMember)
}

// placeOf is the place of a person in the frame, -1 where she is not in it.
func (f *framer) placeOf(who id.ID) int {
	for i := range f.sheet.Members {
		if f.sheet.Members[i].Person == who {
			return i
		}
	}
	for i := range f.strangers {
		if f.strangers[i].person == who {
			return len(f.sheet.Members) + i
		}
	}
	return -1
}

var (
	male = label(registry.SexFact, "male")

	roleHead, roleGuardian = label(registry.Role, "head"), label(registry.Role, "guardian")
	roleHusband, roleWife  = label(registry.Role, "husband"), label(registry.Role, "wife")
	roleSon, roleDaughter  = label(registry.Role, "son"), label(registry.Role, "daughter")
	roleFather, roleMother = label(registry.Role, "father"), label(registry.Role, "mother")
	roleSonsWife           = label(registry.Role, "sons_wife")
	roleDaughtersHusband   = label(registry.Role, "daughters_husband")
	married                = label(registry.MaritalStatus, "married")
)

func label(name registry.Name, code string) rule.Value {
	return rule.Label(slices.Index(registry.Core(name).Codes, code))
}

// complete adds what a member's role says by itself where nobody recorded it
// apart: the head's son has the head for his father, the head's wife is married,
// and to him.
func (f *framer) complete() {
	head, husband, father := -1, -1, -1
	for i := range f.sheet.Members {
		switch f.language.Facts(f.frame, i)[placeRole] {
		case roleHead, roleGuardian:
			if head < 0 {
				head = i
			}
		case roleHusband:
			husband = only(husband, i)
		case roleFather:
			father = only(father, i)
		}
	}
	if head >= 0 {
		f.frame.Household[headPlace] = rule.Member(head)
	}
	for i := range f.sheet.Members {
		f.byRole(f.language.Facts(f.frame, i), head, husband, father)
	}
}

// only is the place of the only member of a role, -2 where there are several.
func only(before, i int) int {
	if before == -1 {
		return i
	}
	return -2
}

func (f *framer) byRole(facts []rule.Value, head, husband, father int) {
	role := facts[placeRole]
	headIs := rule.Value{}
	if head >= 0 && f.language.Facts(f.frame, head)[placeRole] == roleHead {
		headIs = f.language.Facts(f.frame, head)[placeSex]
	}
	switch {
	case (role == roleSon || role == roleDaughter) && headIs.Known():
		if headIs == male {
			suppose(facts, placeFather, head)
		} else {
			suppose(facts, placeMother, head)
		}
	case role == roleWife:
		if headIs == male {
			suppose(facts, placeHusband, head)
		}
	case role == roleHead && headIs.Known() && headIs != male:
		suppose(facts, placeHusband, husband)
	case role == roleMother:
		suppose(facts, placeHusband, father)
	}
	if role == roleWife || role == roleHusband || role == roleSonsWife || role == roleDaughtersHusband {
		if !facts[placeMarital].Known() {
			facts[placeMarital] = married
		}
	}
	known(facts)
}

// known says of whom it is known how she lives and whose child she is.
func known(facts []rule.Value) {
	facts[placeMaritalKnown] = rule.Bool(facts[placeMarital].Known())
	facts[placeFatherKnown] = rule.Bool(facts[placeFather].Known() && !facts[placeFather].Absent())
	facts[placeMotherKnown] = rule.Bool(facts[placeMother].Known() && !facts[placeMother].Absent())
}

// suppose sets a reference that nobody recorded.
func suppose(facts []rule.Value, place, member int) {
	if member >= 0 && !facts[place].Known() && !facts[place].Absent() {
		facts[place] = rule.Member(member)
	}
}
