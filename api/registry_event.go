package api

import (
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Changed is a household after something happened to it.
type Changed struct {
	Sheet    Sheet     `json:"sheet"`
	Other    *Sheet    `json:"other,omitempty" doc:"of the second household, where two changed"`
	Warnings []Warning `json:"warnings,omitempty"`
}

func changedOf(c registry.Changed, err error) (Changed, error) {
	if err != nil {
		return Changed{}, err
	}
	out := Changed{Sheet: sheetOf(c.Sheet, calendar.Unknown), Warnings: warningsOf(c.Warnings)}
	if c.Other != nil {
		other := sheetOf(c.Other, calendar.Unknown)
		out.Other = &other
	}
	return out, nil
}

// event registers one life event: what the verb takes is the body.
func event[T any](d *door, name, path, says string, need access.Capability, verb func(*store.Tx, T) (registry.Changed, error)) {
	type input struct{ Body T }
	does(d, endpoint{name: name, at: "POST " + path, says: says, need: need,
		more: "household and version name the sheet that the sender saw: who saw an older one is refused (409), since the change may rest on what is no longer so."},
		func(tx *store.Tx, in *input) (Changed, error) { return changedOf(verb(tx, in.Body)) })
}

func eventEndpoints(d *door) {
	event(d, "recordBirth", "/events/birth", "A child was born into a household", access.RecordLifeEvent, registry.RecordBirth)
	event(d, "recordDeath", "/events/death", "A member died", access.RecordLifeEvent, recordDeath)
	event(d, "recordMarriage", "/events/marriage", "A member married", access.RecordLifeEvent, registry.RecordMarriage)
	event(d, "recordDivorce", "/events/divorce", "A marriage ended, with the custody of the children", access.RecordLifeEvent, registry.RecordDivorce)
	event(d, "awardCustody", "/events/custody", "Somebody was given a child into custody", access.RecordLifeEvent, awardCustody)
	event(d, "nameGuardian", "/events/guardian", "A guardian was appointed", access.RecordLifeEvent, registry.NameGuardian)
	event(d, "moveHousehold", "/events/move", "A household lives elsewhere; its file goes to the branch that serves the place", access.MoveHousehold, registry.MoveHousehold)
	event(d, "recordDeparture", "/events/departure", "Members left the country", access.RecordLifeEvent, recordDeparture)
	event(d, "recordReturn", "/events/return", "Members live in the country again", access.RecordLifeEvent, recordReturn)
	event(d, "recordSalary", "/events/salary", "A wage or pension began, or ended", access.RecordLifeEvent, registry.RecordSalary)
	event(d, "recordAbsence", "/events/absence", "A member is missing or detained, or no longer", access.RecordLifeEvent, recordAbsence)
	event(d, "changeHead", "/events/head", "Another member heads the household", access.RecordLifeEvent, registry.ChangeHead)
	event(d, "splitHousehold", "/events/split", "Members left for a household of their own", access.RecordLifeEvent, registry.SplitHousehold)
	event(d, "joinHouseholds", "/events/join", "Members of one household came into another", access.RecordLifeEvent, registry.JoinHouseholds)
	event(d, "changePayee", "/events/payee", "Where a member's money goes", access.RecordLifeEvent, registry.ChangePayee)
	event(d, "changeContact", "/events/contact", "The telephone by which a member is reached safely", access.RecordLifeEvent, changeContact)
	event(d, "determineCitizenship", "/events/citizenship", "What was settled of a member's nationality", access.RecordLifeEvent, determineCitizenship)
	event(d, "issueNumber", "/events/number", "A national number was issued to a member", access.RecordLifeEvent, issueNumber)
	event(d, "correct", "/corrections", "Mend an error of the sheet; nothing changed in the world", access.CorrectFact, correct)
	does(d, endpoint{name: "askCorrection", at: "POST /corrections/wishes", says: "Say that a sheet is wrong; opens a task at its branch", need: access.AskCorrection}, askCorrection)
}

// OfMember is a life event of one member.
type OfMember struct {
	registry.Change
	Person id.ID `json:"person"`
}

// OfMembers is a life event of some members together.
type OfMembers struct {
	registry.Change
	Persons []id.ID `json:"persons" minItems:"1" maxItems:"100" nullable:"false"`
}

// Absence is a member who is missing or detained.
type Absence struct {
	registry.Change
	Person id.ID  `json:"person"`
	State  string `json:"state" enum:"missing,detained"`
	Ended  bool   `json:"ended,omitempty" doc:"found, or released"`
}

func recordDeath(tx *store.Tx, e OfMember) (registry.Changed, error) {
	return registry.RecordDeath(tx, e.Change, e.Person)
}

func recordAbsence(tx *store.Tx, e Absence) (registry.Changed, error) {
	if e.Ended {
		return registry.EndAbsence(tx, e.Change, e.Person, registry.Name(e.State))
	}
	return registry.RecordAbsence(tx, e.Change, e.Person, registry.Name(e.State))
}

func recordDeparture(tx *store.Tx, e OfMembers) (registry.Changed, error) {
	return registry.RecordDeparture(tx, e.Change, e.Persons)
}

func recordReturn(tx *store.Tx, e OfMembers) (registry.Changed, error) {
	return registry.RecordReturn(tx, e.Change, e.Persons)
}

// CustodyAward says who has a child.
type CustodyAward struct {
	registry.Change
	registry.Custody
}

func awardCustody(tx *store.Tx, e CustodyAward) (registry.Changed, error) {
	return registry.AwardCustody(tx, e.Change, e.Custody)
}

// Contact is the telephone of a member.
type Contact struct {
	registry.Change
	Person id.ID  `json:"person"`
	Phone  string `json:"phone" maxLength:"40" doc:"empty takes the number back"`
}

func changeContact(tx *store.Tx, e Contact) (registry.Changed, error) {
	return registry.ChangeContact(tx, e.Change, e.Person, e.Phone)
}

// Nationality is what was settled of a member's nationality.
type Nationality struct {
	registry.Change
	Person      id.ID  `json:"person"`
	Citizenship string `json:"citizenship" enum:"libyan,foreign,undetermined"`
	Country     string `json:"country,omitempty" maxLength:"2" doc:"ISO 3166-1, of a foreigner"`
}

func determineCitizenship(tx *store.Tx, e Nationality) (registry.Changed, error) {
	return registry.DetermineCitizenship(tx, e.Change, e.Person, e.Citizenship, e.Country)
}

// Number is a national number that was issued.
type Number struct {
	registry.Change
	Person id.ID  `json:"person"`
	Number string `json:"number" maxLength:"40"`
}

func issueNumber(tx *store.Tx, e Number) (registry.Changed, error) {
	return registry.IssueNumber(tx, e.Change, e.Person, e.Number)
}

// Mended is the right value in place of a wrong one.
type Mended struct {
	registry.Correction
	Value string `json:"value,omitempty" maxLength:"500" doc:"as people write it: yes or no, a date, dinars, a code, a person's identifier; empty with remove"`
}

func correct(tx *store.Tx, e Mended) (registry.Changed, error) {
	if !e.Remove {
		value, err := registry.ParseValue(e.Fact, e.Value)
		if f := fault.Of(err); f != nil {
			return registry.Changed{}, f.At("value")
		}
		if err != nil {
			return registry.Changed{}, err
		}
		e.Correction.Value = value
	}
	return registry.Correct(tx, e.Correction)
}

type wishInput struct{ Body registry.Wish }

// Asked is the task that a wish opened.
type Asked struct {
	Task id.ID `json:"task"`
}

func askCorrection(tx *store.Tx, in *wishInput) (Asked, error) {
	t, err := registry.AskCorrection(tx, in.Body)
	return Asked{t.ID}, err
}
