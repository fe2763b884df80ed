package registry

import (
	"fmt"
	"slices"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// Answer is what somebody said to a question of yes or no. Not asked, or not
// known, is neither.
type Answer string

// The answers.
const (
	NotSaid Answer = ""
	Yes     Answer = "yes"
	No      Answer = "no"
)

// Evidence says how something is known. Its zero value: the family says so,
// today, at the branch.
type Evidence struct {
	Kind     SourceKind    `json:"kind,omitempty"`     // zero: Stated
	Body     string        `json:"body,omitempty"`     // who says so; empty: the branch
	Document string        `json:"document,omitempty"` // kind and number of the paper
	Date     calendar.Date `json:"date,omitzero"`      // of the statement or paper; Unknown: today
}

// NewHousehold is a family that asks to be registered, as it says of itself.
type NewHousehold struct {
	Branch       string      `json:"branch"` // code of the branch that keeps the file
	Area         string      `json:"area"`   // municipality's code
	Mahalla      string      `json:"mahalla,omitempty"`
	Housing      string      `json:"housing,omitempty"`
	Displacement string      `json:"displacement,omitempty"`
	Evidence     Evidence    `json:"evidence,omitzero"`
	Facts        Said        `json:"facts,omitempty"`
	Members      []NewMember `json:"members"` // the head or guardian among them
}

// NewMember is one person of a new household. What is left empty is unknown.
type NewMember struct {
	Name             string        `json:"name"` // own, father's, grandfather's, family name
	Role             string        `json:"role"` // towards the head; see Roles
	Sex              Sex           `json:"sex,omitempty"`
	Birth            calendar.Date `json:"birth,omitzero"`
	NationalNumber   string        `json:"national_number,omitempty"`
	AdministrativeNo string        `json:"administrative_no,omitempty"`
	RegistrationNo   string        `json:"registration_no,omitempty"`
	Passport         string        `json:"passport,omitempty"`
	MotherName       string        `json:"mother_name,omitempty"`
	MaritalStatus    string        `json:"marital_status,omitempty"`
	Citizenship      string        `json:"citizenship,omitempty"`
	Country          string        `json:"country,omitempty"`
	Father           int           `json:"father,omitempty"` // place in Members, from 1; 0 where it follows from the role or is unknown
	Mother           int           `json:"mother,omitempty"`
	Spouses          []int         `json:"spouses,omitempty"`
	Custodian        int           `json:"custodian,omitempty"`
	Guardian         int           `json:"guardian,omitempty"`
	ParentsApart     Answer        `json:"parents_apart,omitempty"`
	Wage             Answer        `json:"wage,omitempty"`
	ContributoryPay  Answer        `json:"contributory_pension,omitempty"`
	SurvivorsPay     Answer        `json:"survivors_pension,omitempty"`
	BasicPension     Answer        `json:"basic_pension,omitempty"`
	Allowance        Answer        `json:"allowance,omitempty"`
	Stipend          Answer        `json:"stipend,omitempty"`
	Job              string        `json:"job,omitempty"`
	Disability       string        `json:"disability,omitempty"`
	Phone            string        `json:"phone,omitempty"` // E.164: +218912345678
	Account          string        `json:"account,omitempty"`
	OwnAccount       Answer        `json:"own_account,omitempty"`
	Missing          Answer        `json:"missing,omitempty"`
	Detained         Answer        `json:"detained,omitempty"`
	Dead             bool          `json:"dead,omitempty"` // else she is stated to be alive
	Death            calendar.Date `json:"death,omitzero"`
	Abroad           bool          `json:"abroad,omitempty"` // else she is stated to be in the country
	AbroadSince      calendar.Date `json:"abroad_since,omitzero"`
	Notes            string        `json:"notes,omitempty"`
	Facts            Said          `json:"facts,omitempty"`
	Evidence         Evidence      `json:"evidence,omitzero"` // where it is other than the household's
}

// Registration is what Register made.
type Registration struct {
	Household id.ID
	File      FileNumber
	Sheet     *Sheet
	Warnings  []*fault.Fault // what a careful clerk would look at again; nothing was refused
}

// Register adds a household at its branch and returns its first sheet and file
// number. It needs access.RegisterHousehold over the branch. What is wrong comes
// back as one fault per field (see Check); a national number that another
// person has is accepted, and both branches are asked.
func Register(tx *store.Tx, h NewHousehold) (Registration, error) {
	if err := access.Require(tx, access.RegisterHousehold, h.Branch); err != nil {
		return Registration{}, err
	}
	if err := h.placed(tx); err != nil {
		return Registration{}, err
	}
	warnings, err := h.Check(tx.Today())
	if err != nil {
		return Registration{}, err
	}
	file, err := nextFileNumber(tx, h.Branch)
	if err != nil {
		return Registration{}, err
	}
	sheet := h.sheet(tx.NewID(), file, tx.Today())
	done := Registration{Household: sheet.Household, File: file, Sheet: sheet, Warnings: warnings}
	event := Happened{What: Registered, On: h.Evidence.source(h.Branch, tx.Today()).Date, Evidence: h.Evidence.Document}
	return done, record(tx, nil, sheet, event)
}

// placed refuses a branch or an area that is not there, or not this node's.
func (h *NewHousehold) placed(tx *store.Tx) error {
	if err := writable(tx, h.Branch); err != nil {
		return err
	}
	country, err := geography.At(tx, tx.Today())
	if err != nil {
		return err
	}
	var wrong fault.List
	if body, ok := country.Body(h.Branch); !ok || body.Kind != geography.Branch {
		wrong.Add("branch", fault.Invalid("registry.no_branch", "branch", h.Branch))
	}
	if _, ok := country.Area(h.Area); !ok {
		wrong.Add("area", fault.Invalid("registry.no_area"))
	}
	return wrong.Err()
}

// writable refuses to change the facts of a branch that has a node of its own:
// one writer, or nobody knows what is true.
func writable(tx *store.Tx, branch string) error {
	yes, err := journal.Writes(tx, journal.Branch(branch))
	if err == nil && !yes {
		err = fault.Conflict("registry.branch_elsewhere", "branch", branch)
	}
	return err
}

// sheet is the first sheet of the household; members' ids count from its own.
func (h *NewHousehold) sheet(household id.ID, file FileNumber, today calendar.Date) *Sheet {
	s := &Sheet{Household: household, Version: 1, Branch: h.Branch, File: string(file)}
	at := s.AddSource(h.Evidence.source(h.Branch, today))
	for name, text := range map[Name]string{Area: h.Area, Mahalla: h.Mahalla, Housing: h.Housing, Displacement: h.Displacement} {
		if text != "" {
			s.Facts = append(s.Facts, Fact{Name: name, Value: TextValue(text), Sources: []int{at}})
		}
	}
	s.Facts = append(s.Facts, h.Facts.facts(true, at)...)
	sortFacts(s.Facts)
	for i := range h.Members {
		s.Members = append(s.Members, Member{Person: household.Next(uint64(i + 1))})
	}
	for i := range h.Members {
		n, source := &h.Members[i], at
		if n.Evidence != (Evidence{}) {
			source = s.AddSource(n.Evidence.source(h.Branch, today))
		}
		b := builder{member: &s.Members[i], source: source}
		b.person(n)
		h.bonds(&b, i, s)
		b.member.Facts = append(b.member.Facts, n.Facts.facts(false, source)...)
		sortFacts(b.member.Facts)
	}
	return s
}

// sortFacts puts facts into the order in which they are declared.
func sortFacts(facts []Fact) {
	slices.SortStableFunc(facts, func(a, b Fact) int { return order(a.Name) - order(b.Name) })
}

func (e Evidence) source(branch string, today calendar.Date) Source {
	s := Source{Kind: e.Kind, Body: e.Body, Document: e.Document, Date: e.Date}
	if s.Kind == 0 {
		s.Kind = Stated
	}
	if s.Body == "" {
		s.Body = branch
	}
	if s.Date == calendar.Unknown {
		s.Date = today
	}
	return s
}

// bonds says who belongs to whom, as the family named it, else as the role says
// it: the head's wife is married to the head, a man's son has him as father.
// More is not guessed: a wife need not be the mother of her husband's son.
func (h *NewHousehold) bonds(b *builder, place int, s *Sheet) {
	n := &h.Members[place]
	head := slices.IndexFunc(h.Members, func(m NewMember) bool { return m.Role == "head" }) + 1
	father, mother, spouses := n.Father, n.Mother, n.Spouses
	if head > 0 && (n.Role == "son" || n.Role == "daughter") {
		switch h.Members[head-1].Sex {
		case Male:
			father = max(father, 0)
			if father == 0 {
				father = head
			}
		case Female:
			if mother == 0 {
				mother = head
			}
		}
	}
	if len(spouses) == 0 {
		spouses = h.spousesByRole(place, head)
	}
	b.bond(Father, father, s)
	b.bond(Mother, mother, s)
	for _, spouse := range spouses {
		b.bond(Spouse, spouse, s)
	}
	b.bond(Custodian, n.Custodian, s)
	b.bond(Guardian, n.Guardian, s)
}

// spousesByRole are the places of those whom the roles marry to a member.
func (h *NewHousehold) spousesByRole(place, head int) []int {
	switch h.Members[place].Role {
	case "wife", "husband":
		if head > 0 && h.Members[place].MaritalStatus != "divorced" {
			return []int{head}
		}
	case "head":
		var spouses []int
		for i := range h.Members {
			if m := &h.Members[i]; (m.Role == "wife" || m.Role == "husband") && m.MaritalStatus != "divorced" {
				spouses = append(spouses, i+1)
			}
		}
		return spouses
	}
	return nil
}

// builder writes one new member's facts.
type builder struct {
	member *Member
	source int
}

func (b *builder) add(name Name, value Value) {
	b.member.Facts = append(b.member.Facts, Fact{Name: name, Value: value, Sources: []int{b.source}})
}

func (b *builder) bond(name Name, place int, s *Sheet) {
	if place > 0 {
		b.add(name, PersonValue(s.Members[place-1].Person))
	}
}

func (b *builder) person(n *NewMember) {
	for _, said := range n.texts() {
		if said.text != "" {
			b.add(said.name, TextValue(said.text))
		}
	}
	for _, said := range n.answers() {
		if said.answer != NotSaid {
			b.add(said.name, TruthValue(said.answer == Yes))
		}
	}
	if n.Birth != calendar.Unknown {
		b.add(Birth, DateValue(n.Birth))
	}
	b.date(Death, n.Dead, n.Death)
	if !n.Dead {
		b.date(AbroadSince, n.Abroad, n.AbroadSince)
	}
}

func (b *builder) date(name Name, happened bool, on calendar.Date) {
	if happened {
		b.add(name, DateValue(on))
		return
	}
	b.add(name, NoDate)
}

type saidText struct {
	name Name
	text string
}

func (n *NewMember) texts() []saidText {
	return []saidText{{FullName, n.Name}, {MotherName, n.MotherName}, {NationalNumberFact, n.NationalNumber},
		{AdministrativeNo, n.AdministrativeNo}, {RegistrationNo, n.RegistrationNo}, {Passport, n.Passport},
		{SexFact, string(n.Sex)}, {Role, n.Role}, {MaritalStatus, n.MaritalStatus}, {Citizenship, n.Citizenship},
		{Country, n.Country}, {Job, n.Job}, {Disability, n.Disability}, {Phone, n.Phone}, {Account, n.Account}, {Notes, n.Notes}}
}

type saidAnswer struct {
	name   Name
	answer Answer
}

func (n *NewMember) answers() []saidAnswer {
	return []saidAnswer{{Wage, n.Wage}, {ContributoryPay, n.ContributoryPay}, {SurvivorsPay, n.SurvivorsPay},
		{BasicPension, n.BasicPension}, {Allowance, n.Allowance}, {Stipend, n.Stipend}, {OwnAccount, n.OwnAccount},
		{Missing, n.Missing}, {Detained, n.Detained}, {ParentsApart, n.ParentsApart}}
}

// memberField names a field of one member in a fault: "members[0].birth".
func memberField(place int, field string) string { return fmt.Sprintf("members[%d].%s", place, field) }
