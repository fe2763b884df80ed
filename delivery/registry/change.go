package registry

import (
	"encoding/json"
	"hash/fnv"

	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/names"
	"sanad/platform/store"
)

var (
	households = &store.Table{Name: "households", Class: store.Projected, Key: []string{"household"}, Version: "version",
		Columns: []string{"household", "version", "branch", "file", "area", "head", "members", "statement", "source", "registered"}}
	persons = &store.Table{Name: "persons", Class: store.Projected, Key: []string{"person"},
		Columns: []string{"person", "household", "position", "name", "own_code", "family_code", "birth", "sex", "role", "number", "phone", "dead", "mother"}}
	tasks = &store.Table{Name: "tasks", Class: store.Projected, Key: []string{"task"},
		Columns: []string{"task", "household", "branch", "kind", "person", "fact", "detail", "opened", "closed", "closed_by", "answer"}}
)

// Tables are the tables that this package owns.
var Tables = []*store.Table{households, persons, tasks}

// Happening names what happened to a household: it becomes the kind of its
// journal entry, "registry." before it.
type Happening string

// What can happen to a household.
const (
	Registered     Happening = "registered" // first known
	StatedAgain    Happening = "stated"     // a branch's list or a visit said it anew
	Reverted       Happening = "reverted"   // a statement was taken back
	Corrected      Happening = "corrected"  // an error of ours was mended; nothing changed in the world
	Born           Happening = "birth"
	Died           Happening = "death"
	Married        Happening = "marriage"
	Divorced       Happening = "divorce"
	Moved          Happening = "move"
	Arrived        Happening = "arrival" // the file came from another branch
	LeftCountry    Happening = "departure"
	Returned       Happening = "return"
	SalaryBegan    Happening = "salary_began"
	SalaryEnded    Happening = "salary_ended"
	GuardianNamed  Happening = "guardian"
	WentMissing    Happening = "missing"
	WasFound       Happening = "found"
	WasDetained    Happening = "detained"
	WasReleased    Happening = "released"
	SplitOff       Happening = "split"  // members left for a household of their own
	Joined         Happening = "joined" // members came from another household
	HeadChanged    Happening = "head_changed"
	PayeeChanged   Happening = "payee_changed" // an account or who asks to be paid herself
	ContactChanged Happening = "contact_changed"
	CustodyAwarded Happening = "custody"
	CitizenshipSet Happening = "citizenship"
	NumberIssued   Happening = "number_issued"
)

// Happenings lists them all, for the catalogue of kinds and for pages.
var Happenings = []Happening{Registered, StatedAgain, Reverted, Corrected, Born, Died, Married, Divorced, Moved, Arrived, LeftCountry,
	Returned, SalaryBegan, SalaryEnded, GuardianNamed, WentMissing, WasFound, WasDetained, WasReleased, SplitOff, Joined,
	HeadChanged, PayeeChanged, ContactChanged, CustodyAwarded, CitizenshipSet, NumberIssued}

// Kinds are the kinds of event that this package records.
var Kinds = kinds()

func kinds() []journal.Event {
	list := []journal.Event{TaskClosed{}, TaskOpened{}}
	for _, h := range Happenings {
		list = append(list, Happened{What: h})
	}
	return list
}

// Happened is the one event by which a household's sheet changes: what
// happened, to whom, on which day, by which evidence, and the new sheet.
type Happened struct {
	What      Happening     `cbor:"1,keyasint"`
	Household id.ID         `cbor:"2,keyasint"`
	Branch    string        `cbor:"3,keyasint"`
	Person    id.ID         `cbor:"4,keyasint,omitzero"`
	On        calendar.Date `cbor:"5,keyasint,omitempty"` // when it happened in the world
	Evidence  string        `cbor:"6,keyasint,omitempty"` // kind and number of the paper
	Reason    string        `cbor:"7,keyasint,omitempty"` // why, in the actor's words; a correction must have one
	Gone      []id.ID       `cbor:"8,keyasint,omitempty"` // persons who are no longer on this sheet
	Opened    []Task        `cbor:"9,keyasint,omitempty"`
	Closed    []id.ID       `cbor:"10,keyasint,omitempty"` // tasks that the new sheet answers
	Known     int64         `cbor:"11,keyasint"`           // microseconds; when it became known

	Sheet *Sheet `cbor:"-"`

	codes [][2]int64 // of the members' names, where they are known already
}

// Kind is "registry." and what happened.
func (h Happened) Kind() journal.Kind {
	return journal.Kind{Name: "registry." + string(h.What), Version: 1}
}

// About puts it in its branch's stream, sealed under the household's key.
func (h Happened) About() journal.About {
	return journal.About{Stream: journal.Branch(h.Branch), Subject: h.Household, Household: h.Household}
}

// CarriedVersion is the new sheet's version.
func (h Happened) CarriedVersion() int64 { return h.Sheet.Version }

// Carried is the new sheet in its canonical encoding.
func (h Happened) Carried() (int64, []byte) { return h.Sheet.Version, h.Sheet.Encode() }

// Carry reads the sheet back.
func (h Happened) Carry(version int64, plain []byte) (journal.Event, error) {
	var err error
	h.Sheet, err = Decode(h.Household, version, plain)
	return h, err
}

// Apply writes the rows that follow from the new sheet.
func (h Happened) Apply(w *store.Writer) error {
	if err := h.applyHousehold(w); err != nil {
		return err
	}
	for _, gone := range h.Gone {
		if err := w.Delete(persons, gone); err != nil {
			return err
		}
	}
	for i := range h.Sheet.Members {
		if err := h.applyMember(w, i); err != nil {
			return err
		}
	}
	for _, t := range h.Opened {
		if err := t.put(w, h.Known); err != nil {
			return err
		}
	}
	for _, closed := range h.Closed {
		if err := w.Update(tasks, []any{closed}, "closed", h.Known, "answer", "fact"); err != nil {
			return err
		}
	}
	return nil
}

func (h Happened) applyHousehold(w *store.Writer) error {
	s := h.Sheet
	area, _ := s.Now(s.Facts, Area)
	name := ""
	if m := s.Head(); m != nil {
		fact, _ := s.Now(m.Facts, FullName)
		name = fact.Value.Text
	}
	if s.Version == 1 {
		return w.Insert(households, h.Household, s.Version, s.Branch, s.File, area.Value.Text, name, len(s.Members), s.Statement(), s.lastFile(), h.Known)
	}
	return w.Update(households, []any{h.Household}, "version", s.Version, "branch", s.Branch, "file", s.File, "area", area.Value.Text,
		"head", name, "members", len(s.Members), "statement", s.Statement(), "source", s.lastFile())
}

func (h Happened) applyMember(w *store.Writer, position int) error {
	s, m := h.Sheet, &h.Sheet.Members[position]
	text := func(name Name) string { f, _ := s.Now(m.Facts, name); return f.Value.Text }
	birth, _ := s.Now(m.Facts, Birth)
	death, known := s.Now(m.Facts, Death)
	dead := known && death.Value.Number == 1
	name := text(FullName)
	own, family := h.nameCodes(position, name)
	put := w.Put
	if s.Version == 1 && h.What == Registered {
		put = w.Insert
	}
	return put(persons, m.Person, h.Household, position, name, own, family, birth.Value.Date, text(SexFact), text(Role),
		text(NationalNumberFact), text(Phone), dead, s.motherOf(m))
}

// motherOf is the name of a member's mother as it was written, else the name of
// the member who is her; empty where neither is known.
func (s *Sheet) motherOf(m *Member) string {
	if written, _ := s.Now(m.Facts, MotherName); written.Value.Text != "" {
		return written.Value.Text
	}
	tie, _ := s.Now(m.Facts, Mother)
	if mother := s.Member(tie.Value.Person); mother != nil {
		name, _ := s.Now(mother.Facts, FullName)
		return name.Value.Text
	}
	return ""
}

func (h Happened) nameCodes(position int, name string) (own, family int64) {
	if len(h.codes) == len(h.Sheet.Members) {
		return h.codes[position][0], h.codes[position][1]
	}
	return NameCodes(name)
}

// NameCodes returns the search codes of a written name: its own and its family
// name's skeletons, hashed to 32 bits.
func NameCodes(name string) (own, family int64) {
	parts := names.Of(name)
	return NameCode(names.Skeleton(parts.Own)), NameCode(names.Skeleton(parts.Family))
}

// NameCode hashes one skeleton (see names.Skeleton); 0 for none.
func NameCode(skeleton string) int64 {
	if skeleton == "" {
		return 0
	}
	h := fnv.New32a()
	h.Write([]byte(skeleton))
	return int64(h.Sum32())
}

// Head returns the member who heads the household or is guardian in it, or nil.
func (s *Sheet) Head() *Member {
	for i := range s.Members {
		role, _ := s.Now(s.Members[i].Facts, Role)
		if role.Value.Text == "head" || role.Value.Text == "guardian" {
			return &s.Members[i]
		}
	}
	return nil
}

// lastFile is the name of the imported file that the sheet was last read from;
// sources of a file name it before a colon.
func (s *Sheet) lastFile() string {
	name, latest := "", calendar.Unknown
	for _, source := range s.Sources {
		if !source.Import.IsZero() && (source.Date > latest || (source.Date == latest && source.Document > name)) {
			name, latest = source.Document, source.Date
		}
	}
	return name
}

// Task is something that a branch is asked to find out or settle (مهمة). Its id
// follows from what it is about, so the same question is asked once.
type Task struct {
	ID        id.ID             `cbor:"1,keyasint"`
	Household id.ID             `cbor:"2,keyasint"`
	Branch    string            `cbor:"3,keyasint"`
	Kind      string            `cbor:"4,keyasint"` // message key "task.<kind>"
	Person    id.ID             `cbor:"5,keyasint,omitzero"`
	Fact      Name              `cbor:"6,keyasint,omitempty"`
	Detail    map[string]string `cbor:"7,keyasint,omitempty"` // what the sentence names
}

func (t Task) put(w *store.Writer, opened int64) error {
	if t.Detail == nil { // the journal keeps no empty maps
		t.Detail = map[string]string{}
	}
	detail, err := json.Marshal(t.Detail)
	if err != nil {
		return err
	}
	return w.Put(tasks, t.ID, t.Household, t.Branch, t.Kind, t.Person, string(t.Fact), string(detail), opened, 0, nil, "")
}

// TaskClosed says that a person answered a task, and how.
type TaskClosed struct {
	Task   id.ID  `cbor:"1,keyasint"`
	House  id.ID  `cbor:"2,keyasint"`
	Branch string `cbor:"3,keyasint"`
	By     id.ID  `cbor:"4,keyasint"`
	Answer string `cbor:"5,keyasint"`
	At     int64  `cbor:"6,keyasint"`
}

// Kind is "registry.task_closed".
func (TaskClosed) Kind() journal.Kind { return journal.Kind{Name: "registry.task_closed", Version: 1} }

// About puts it beside the household's facts.
func (t TaskClosed) About() journal.About {
	return journal.About{Stream: journal.Branch(t.Branch), Subject: t.Task, Household: t.House}
}

// Apply closes the task.
func (t TaskClosed) Apply(w *store.Writer) error {
	return w.Update(tasks, []any{t.Task}, "closed", t.At, "closed_by", t.By, "answer", t.Answer)
}
