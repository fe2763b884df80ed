package api

import (
	"strconv"
	"time"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

func registryEndpoints(d *door) {
	does(d, endpoint{name: "registerHousehold", at: "POST /households", says: "Register a family; answers with its file number and first sheet", need: access.RegisterHousehold,
		more: "What is wrong comes back field by field (422). A national number that another person has is accepted: both branches are asked."}, registerHousehold)
	asks(d, endpoint{name: "household", at: "GET /households/{household}", says: "A household's sheet: all that is known, with sources", need: access.SeeHousehold,
		more: "as_of leaves what holds on a day; known_by is the sheet as it was known at a moment; version is the one that a decision cites. The look is in the journal."}, household)
	asks(d, endpoint{name: "timeline", at: "GET /households/{household}/timeline", says: "What was recorded about a household, latest first", need: access.SeeHousehold}, timeline)
	asks(d, endpoint{name: "readers", at: "GET /households/{household}/readers", says: "Who looked at a household's file, and why, latest first", need: access.SeeHousehold}, readers)
	asks(d, endpoint{name: "householdOfPerson", at: "GET /persons/{person}/household", says: "The household on whose sheet a person stands", need: access.SeeHousehold}, householdOfPerson)
	asks(d, endpoint{name: "search", at: "GET /search", says: "Find a person by name, national number, file number or telephone", need: access.SearchPeople,
		more: "Parts of a name may stand in any order, misspelt, in Arabic or Latin letters, the last one unfinished; a year of birth may stand among them. Why says by what each was found. Who lives outside one's area is found by a whole number only, and shown by name and branch."}, d.search)
	asks(d, endpoint{name: "tasks", at: "GET /tasks", says: "What a branch is asked to find out, oldest first", need: access.AnswerTask}, tasks)
	asks(d, endpoint{name: "task", at: "GET /tasks/{task}", says: "One task, open or closed", need: access.AnswerTask}, task)
	does(d, endpoint{name: "closeTask", at: "POST /tasks/{task}/close", says: "Settle a task in the words of who asked the family", need: access.AnswerTask}, closeTask)
	eventEndpoints(d)
}

// Sheet is a household's sheet.
type Sheet struct {
	Household id.ID    `json:"household"`
	Version   int64    `json:"version" doc:"from 1; one for each change"`
	Branch    string   `json:"branch" doc:"code of the branch that keeps the file"`
	File      string   `json:"file" doc:"file number, as the branch writes it"`
	Sources   []Source `json:"sources" nullable:"false"`
	Facts     []Fact   `json:"facts" nullable:"false" doc:"of the household as a whole"`
	Members   []Member `json:"members" nullable:"false"`
}

// Member is one person of a household.
type Member struct {
	Person id.ID  `json:"person"`
	Facts  []Fact `json:"facts" nullable:"false"`
}

// Fact is one value over a time. Its Value is text whatever the type, so that
// nothing is rounded on the way.
type Fact struct {
	Name    string        `json:"name" example:"birth"`
	Type    string        `json:"type" enum:"text,code,truth,number,money,date,person"`
	Value   *string       `json:"value" doc:"yes or no; a date; whole dirhams; a person's identifier; null: it is known that there is none (no death, no spouse)"`
	From    calendar.Date `json:"from,omitzero" doc:"since when in the world"`
	To      calendar.Date `json:"to,omitzero" doc:"the first day on which it no longer holds"`
	Sources []int         `json:"sources" nullable:"false" doc:"places in the sheet's sources, from 0"`
}

// Source is where facts come from.
type Source struct {
	Kind     registry.SourceKind `json:"kind"`
	Body     string              `json:"body" doc:"who says so: a branch's code or a body's"`
	Document string              `json:"document,omitempty"`
	Date     calendar.Date       `json:"date,omitzero"`
	Import   id.ID               `json:"import,omitzero"`
}

// sheetOf shows a sheet; with a day, only what holds on it.
func sheetOf(s *registry.Sheet, on calendar.Date) Sheet {
	out := Sheet{Household: s.Household, Version: s.Version, Branch: s.Branch, File: s.File, Sources: []Source{}, Members: []Member{}}
	for _, source := range s.Sources {
		out.Sources = append(out.Sources, Source(source))
	}
	out.Facts = factsOf(s, s.Facts, on)
	for _, m := range s.Members {
		out.Members = append(out.Members, Member{m.Person, factsOf(s, m.Facts, on)})
	}
	return out
}

func factsOf(s *registry.Sheet, facts []registry.Fact, on calendar.Date) []Fact {
	out := []Fact{}
	for _, f := range facts {
		if on != calendar.Unknown && !holds(s, facts, f, on) {
			continue
		}
		d := registry.Define(f.Name)
		kind := registry.TypeText
		if d != nil {
			kind = d.Type
		}
		out = append(out, Fact{Name: string(f.Name), Type: typeNames[kind], Value: valueOf(kind, f.Value), From: f.From, To: f.To, Sources: append([]int{}, f.Sources...)})
	}
	return out
}

// holds tells whether a fact is the one of its name that counts on a day, or one
// of several that do.
func holds(s *registry.Sheet, facts []registry.Fact, f registry.Fact, on calendar.Date) bool {
	if d := registry.Define(f.Name); d != nil && d.Several {
		one, ok := s.At([]registry.Fact{f}, f.Name, on)
		return ok && one.Value == f.Value
	}
	best, ok := s.At(facts, f.Name, on)
	return ok && best.Value == f.Value && best.From == f.From && best.To == f.To
}

var typeNames = map[registry.Type]string{registry.TypeText: "text", registry.TypeCode: "code", registry.TypeTruth: "truth", registry.TypeNumber: "number",
	registry.TypeMoney: "money", registry.TypeDate: "date", registry.TypePerson: "person", registry.TypeFixed: "fixed"}

func valueOf(kind registry.Type, v registry.Value) *string {
	var written string
	switch kind {
	case registry.TypeTruth:
		written = map[bool]string{true: "yes", false: "no"}[v.Number == 1]
	case registry.TypeNumber, registry.TypeMoney:
		written = strconv.FormatInt(v.Number, 10)
	case registry.TypeFixed:
		written = registry.Decimal(v.Number)
	case registry.TypeDate:
		if v == registry.NoDate {
			return nil
		}
		written = v.Date.String()
	case registry.TypePerson:
		if v.Person.IsZero() {
			return nil
		}
		written = v.Person.String()
	default:
		written = v.Text
	}
	return &written
}

// Warning is what should be looked at again; nothing was refused.
type Warning struct {
	Field   string `json:"field,omitempty"`
	Arabic  string `json:"message_ar"`
	English string `json:"message_en"`
}

func warningsOf(found []*fault.Fault) (out []Warning) {
	for _, w := range found {
		out = append(out, Warning{w.Field, text.Fault(text.Arabic, w), text.Fault(text.English, w)})
	}
	return out
}

// Registered is a new household.
type Registered struct {
	Household id.ID     `json:"household"`
	File      string    `json:"file"`
	Sheet     Sheet     `json:"sheet"`
	Warnings  []Warning `json:"warnings,omitempty"`
}

type registerInput struct{ Body registry.NewHousehold }

func registerHousehold(tx *store.Tx, in *registerInput) (Registered, error) {
	r, err := registry.Register(tx, in.Body)
	if err != nil {
		return Registered{}, err
	}
	return Registered{r.Household, string(r.File), sheetOf(r.Sheet, calendar.Unknown), warningsOf(r.Warnings)}, nil
}

// HouseholdPath is an address that names a household.
type HouseholdPath struct {
	Household identifier `path:"household"`
}

type householdInput struct {
	HouseholdPath
	AsOf    day       `query:"as_of" doc:"only what holds on this day"`
	KnownBy time.Time `query:"known_by" doc:"as it was known at this moment"`
	Version int64     `query:"version" minimum:"1"`
}

func household(tx *store.Tx, in *householdInput) (Sheet, error) {
	var sheet *registry.Sheet
	var err error
	switch {
	case in.Version > 0:
		sheet, err = registry.HouseholdVersion(tx, in.Household.ID, in.Version)
	case !in.KnownBy.IsZero():
		sheet, err = registry.HouseholdAt(tx, in.Household.ID, in.KnownBy)
	default:
		sheet, err = registry.Household(tx, in.Household.ID)
	}
	if err != nil {
		return Sheet{}, err
	}
	on := in.AsOf.Date
	if on != calendar.Unknown && on.Precision() != calendar.PrecisionDay {
		return Sheet{}, fault.Invalid("api.whole_day").At("as_of")
	}
	return sheetOf(sheet, on), nil
}

type historyInput struct {
	HouseholdPath
	Limit int `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

// Timeline is what was recorded about a household.
type Timeline struct {
	Happenings []Happening `json:"happenings" nullable:"false"`
}

func timeline(tx *store.Tx, in *historyInput) (Timeline, error) {
	out := Timeline{Happenings: []Happening{}}
	if _, err := registry.SummaryOf(tx, in.Household.ID); err != nil {
		return out, err
	}
	journal.Look(tx, in.Household.ID, "timeline")
	found, err := journal.Timeline(tx, in.Household.ID, in.Limit)
	for _, h := range found {
		out.Happenings = append(out.Happenings, Happening{h.Entry, h.Kind, moment(h.At), h.Actor, h.Version})
	}
	return out, err
}

// Readers are those who looked at a household's file.
type Readers struct {
	Looks []Look `json:"looks" nullable:"false"`
}

func readers(tx *store.Tx, in *historyInput) (Readers, error) {
	out := Readers{Looks: []Look{}}
	if _, err := registry.SummaryOf(tx, in.Household.ID); err != nil {
		return out, err
	}
	views, err := journal.Views(tx, in.Household.ID, in.Limit)
	for _, v := range views {
		name, err := access.Name(tx, v.Actor)
		if err != nil {
			return out, err
		}
		out.Looks = append(out.Looks, Look{moment(v.At), v.Actor, name, v.Purpose, v.What})
	}
	return out, err
}

// Summary is what lists show of a household.
type Summary struct {
	Household  id.ID         `json:"household"`
	Version    int64         `json:"version"`
	Branch     string        `json:"branch"`
	File       string        `json:"file"`
	Area       string        `json:"area,omitempty"`
	Head       string        `json:"head"`
	Members    int           `json:"members"`
	Statement  calendar.Date `json:"statement,omitzero" doc:"day of the latest source"`
	Source     string        `json:"source,omitempty" doc:"imported file last read from"`
	Registered string        `json:"registered" format:"date-time"`
}

func householdOfPerson(tx *store.Tx, in *PersonPath) (Summary, error) {
	s, err := registry.HouseholdOf(tx, in.Person.ID)
	if err != nil {
		return Summary{}, err
	}
	journal.Look(tx, s.Household, "summary")
	return Summary{s.Household, s.Version, s.Branch, s.File, s.Area, s.Head, s.Members, s.Statement, s.Source, moment(s.Registered)}, nil
}
