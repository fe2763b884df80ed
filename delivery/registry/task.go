package registry

import (
	"crypto/sha256"
	"maps"
	"slices"

	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/names"
)

// The kinds of task. The message "task.<kind>" says what to ask the family.
const (
	TaskContradiction   = "contradiction"        // two values of what cannot change
	TaskNameDiffers     = "name_differs"         // two names that are not one person's
	TaskSameDay         = "same_day"             // two values from the same day
	TaskAgainstPaper    = "stated_against_paper" // a list says otherwise than a paper
	TaskMemberMissing   = "member_missing"       // in an earlier statement and not in the latest
	TaskMemberTwice     = "member_twice"         // two members who may be one person
	TaskTwoHeads        = "two_heads"            // two living heads
	TaskNoHead          = "no_head"              // nobody living heads the household
	TaskNumberUnread    = "number_unread"        // what was written is no national number
	TaskNumberDisagrees = "number_disagrees"     // the number carries another sex or year of birth
	TaskNumberTwice     = "number_twice"         // another person has the same national number
	TaskCustodyDisputed = "custody_disputed"     // two ask for one child
	TaskCustodyUnknown  = "custody_unknown"      // the parents are apart, and nobody said who has the child
	TaskFactUnknown     = "fact_unknown"         // a decision needs what nobody has said
	TaskCorrection      = "correction_asked"     // somebody says that the sheet is wrong
)

// TaskKinds lists them all.
var TaskKinds = []string{TaskContradiction, TaskNameDiffers, TaskSameDay, TaskAgainstPaper, TaskMemberMissing, TaskMemberTwice,
	TaskTwoHeads, TaskNoHead, TaskNumberUnread, TaskNumberDisagrees, TaskNumberTwice, TaskCustodyDisputed, TaskCustodyUnknown,
	TaskFactUnknown, TaskCorrection}

// Tasks returns what the branch should ask this household, by nothing but what
// stands on the sheet: the same sheet always gives the same tasks. None of them
// changes what the family is owed.
func Tasks(s *Sheet) []Task {
	q := questions{sheet: s}
	q.ofHousehold()
	for i := range s.Members {
		m := &s.Members[i]
		if !s.dead(m) {
			q.ofMember(m)
		}
	}
	return q.tasks
}

// tasksOf is what a change of sheet opens and closes. Old is nil for a first
// sheet.
func tasksOf(old, new *Sheet) (opened []Task, closed []id.ID) {
	var before []Task
	if old != nil {
		before = Tasks(old)
	}
	after := Tasks(new)
	for _, t := range after {
		if !hasTask(before, t.ID) {
			opened = append(opened, t)
		}
	}
	for _, t := range before {
		if !hasTask(after, t.ID) {
			closed = append(closed, t.ID)
		}
	}
	return opened, closed
}

func hasTask(list []Task, task id.ID) bool {
	return slices.ContainsFunc(list, func(t Task) bool { return t.ID == task })
}

// questions gathers the tasks of one sheet.
type questions struct {
	sheet *Sheet
	tasks []Task
}

// ask adds a task, once. Details are name-value pairs for its sentence.
func (q *questions) ask(kind string, m *Member, fact Name, details ...string) {
	t := newTask(q.sheet, kind, m, fact, details...)
	if !hasTask(q.tasks, t.ID) {
		q.tasks = append(q.tasks, t)
	}
}

func newTask(s *Sheet, kind string, m *Member, fact Name, details ...string) Task {
	t := Task{Household: s.Household, Branch: s.Branch, Kind: kind, Fact: fact, Detail: map[string]string{}}
	for i := 0; i+1 < len(details); i += 2 {
		t.Detail[details[i]] = details[i+1]
	}
	t.ID = t.identity(m)
	if m != nil {
		t.Person = m.Person
		t.Detail["name"] = s.text(m, FullName)
	}
	return t
}

// identity follows from what the task asks, and from nothing else, so that two
// nodes that see the same doubt ask the same question.
func (t *Task) identity(m *Member) id.ID {
	h := sha256.New()
	h.Write(t.Household[:])
	if m != nil {
		h.Write(m.Person[:])
	}
	for _, part := range []string{t.Kind, string(t.Fact)} {
		h.Write([]byte(part + "\x00"))
	}
	for _, name := range slices.Sorted(maps.Keys(t.Detail)) {
		h.Write([]byte(name + "\x00" + t.Detail[name] + "\x00"))
	}
	n := id.ID(h.Sum(nil)[:16])
	n[6], n[8] = n[6]&0x0f|0x80, n[8]&0x3f|0x80 // RFC 9562, version 8
	return n
}

func (q *questions) ofHousehold() {
	s := q.sheet
	q.doubts(nil, s.Facts)
	var heads []*Member
	living := false
	for i := range s.Members {
		m := &s.Members[i]
		if s.dead(m) {
			continue
		}
		living = true
		if s.text(m, Role) == "head" {
			heads = append(heads, m)
		}
	}
	switch {
	case len(heads) > 1:
		q.ask(TaskTwoHeads, heads[0], Role, "other", s.text(heads[1], FullName))
	case len(heads) == 0 && living && !slices.ContainsFunc(s.Members, func(m Member) bool { return s.text(&m, Role) == "guardian" && !s.dead(&m) }):
		q.ask(TaskNoHead, nil, Role)
	}
}

func (q *questions) ofMember(m *Member) {
	q.doubts(m, m.Facts)
	q.ofNumber(m)
	q.ofPresence(m)
	q.ofTwin(m)
	q.ofCustody(m)
	q.ofUnknown(m)
}

// doubts finds values of one fact that cannot both be right.
func (q *questions) doubts(m *Member, facts []Fact) {
	for i := range facts {
		a, d := &facts[i], Define(facts[i].Name)
		if d == nil || d.Several || a.To != calendar.Unknown {
			continue
		}
		for j := range facts[:i] {
			if b := &facts[j]; b.Name == a.Name && b.To == calendar.Unknown && q.sheet.differ(d, a.Value, b.Value) {
				q.doubt(m, facts, d, a, b)
			}
		}
	}
}

func (q *questions) doubt(m *Member, facts []Fact, d *Definition, a, b *Fact) {
	kind := ""
	switch {
	case d.Name == FullName || d.Name == MotherName:
		kind = TaskNameDiffers
	case d.Fixed:
		kind = TaskContradiction
	default:
		kind = q.sheet.dated(facts, a, b)
	}
	if kind == "" {
		return
	}
	one, other := q.sheet.words(d, a.Value), q.sheet.words(d, b.Value)
	if one > other {
		one, other = other, one
	}
	q.ask(kind, m, d.Name, "one", one, "other", other)
}

// dated tells what is doubtful about two values of a thing that can change:
// both begin on the last day of which anything is known, or a list that names
// no day of change is later than a paper.
func (s *Sheet) dated(facts []Fact, a, b *Fact) string {
	now, _ := s.Now(facts, a.Name)
	x, y := s.start(a), s.start(b)
	if x < y {
		a, b, x, y = b, a, y, x
	}
	switch {
	case x != s.start(&now):
		return ""
	case a.Name == Death && b.Value.Number == 1: // dead, and later alive, or dead on another day
		return TaskContradiction
	case x == y:
		return TaskSameDay
	case s.strength(a) == Stated && a.From == calendar.Unknown && s.strength(b) >= Documented:
		return TaskAgainstPaper
	}
	return ""
}

// differ reports whether two values of one fact cannot both be right. Spellings
// of a name, and dates of which one only says less, can; notes, work, income
// and telephones are never a doubt.
func (s *Sheet) differ(d *Definition, a, b Value) bool {
	switch d.Name {
	case FullName, MotherName:
		return names.Agree(a.Text, b.Text) == names.Differ
	case Notes, Job, Income, Phone, UnreadNumber, Mahalla, Housing:
		return false
	}
	if d.Type == TypeDate && a.Number == 1 && b.Number == 1 {
		x, y := a.Date, b.Date
		return x != calendar.Unknown && y != calendar.Unknown && (x.Last() < y.First() || y.Last() < x.First())
	}
	return a.compare(b) != 0
}

// words writes a value for a task's detail, in a form that Message turns into
// the reader's language.
func (s *Sheet) words(d *Definition, v Value) string {
	switch d.Type {
	case TypeTruth:
		if v.Number == 1 {
			return "yes"
		}
		return "no"
	case TypeDate:
		if v.Number == 0 {
			return "no"
		}
		return v.Date.String()
	case TypePerson:
		if m := s.Member(v.Person); m != nil {
			return s.text(m, FullName)
		}
		return v.Person.String()
	}
	return v.Text
}

func (q *questions) ofNumber(m *Member) {
	s := q.sheet
	number := NationalNumber(s.text(m, NationalNumberFact))
	if number == "" {
		if unread := s.text(m, UnreadNumber); unread != "" {
			q.ask(TaskNumberUnread, m, UnreadNumber, "one", unread)
		}
		return
	}
	if sex := s.text(m, SexFact); sex != "" && Sex(sex) != number.Sex() {
		q.ask(TaskNumberDisagrees, m, SexFact, "number", string(number), "one", sex)
	}
	if birth, known := s.Now(m.Facts, Birth); known && birth.Value.Date != calendar.Unknown && birth.Value.Date.Year() != number.BirthYear() {
		q.ask(TaskNumberDisagrees, m, Birth, "number", string(number), "one", birth.Value.Date.String())
	}
}

// ofPresence asks after a member who is in no source as late as the branch's
// latest list.
func (q *questions) ofPresence(m *Member) {
	s := q.sheet
	var list, seen calendar.Date
	for i := range s.Sources {
		if !s.Sources[i].Import.IsZero() {
			list = max(list, s.Sources[i].Date)
		}
	}
	if list == calendar.Unknown {
		return
	}
	for i := range m.Facts {
		for _, at := range m.Facts[i].Sources {
			seen = max(seen, s.Sources[at].Date)
		}
	}
	if seen < list {
		q.ask(TaskMemberMissing, m, "", "one", list.String())
	}
}

// ofTwin asks about two members with one national number, or one name and one
// birth.
func (q *questions) ofTwin(m *Member) {
	s := q.sheet
	number, name := s.text(m, NationalNumberFact), s.text(m, FullName)
	birth, _ := s.Now(m.Facts, Birth)
	for i := range s.Members {
		o := &s.Members[i]
		if o.Person.Compare(m.Person) >= 0 {
			continue
		}
		theirs, _ := s.Now(o.Facts, Birth)
		same := number != "" && number == s.text(o, NationalNumberFact)
		if !same && birth.Value.Date != calendar.Unknown && birth.Value.Date == theirs.Value.Date {
			same = names.Agree(name, s.text(o, FullName)) == names.Same
		}
		if same {
			q.ask(TaskMemberTwice, m, "", "other", s.text(o, FullName))
		}
	}
}

func (q *questions) ofCustody(m *Member) {
	s := q.sheet
	if s.yes(m, CustodyDisputed) {
		q.ask(TaskCustodyDisputed, m, CustodyDisputed)
	}
	if _, known := s.Now(m.Facts, Custodian); !known && s.yes(m, ParentsApart) {
		q.ask(TaskCustodyUnknown, m, Custodian)
	}
}

// ofUnknown asks for what decisions ask of everybody, or of every wife.
func (q *questions) ofUnknown(m *Member) {
	s := q.sheet
	if birth, _ := s.Now(m.Facts, Birth); birth.Value.Date == calendar.Unknown {
		q.ask(TaskFactUnknown, m, Birth)
	}
	if s.text(m, SexFact) == "" {
		q.ask(TaskFactUnknown, m, SexFact)
	}
	if role := s.text(m, Role); role == "wife" || role == "sons_wife" {
		if _, known := s.Now(m.Facts, Wage); !known {
			q.ask(TaskFactUnknown, m, Wage)
		}
	}
}

// text is a member's text or code by all that is known; empty for unknown.
func (s *Sheet) text(m *Member, name Name) string {
	f, _ := s.Now(m.Facts, name)
	return f.Value.Text
}

// yes reports whether a thing that is true or false is known to be true.
func (s *Sheet) yes(m *Member, name Name) bool {
	f, known := s.Now(m.Facts, name)
	return known && f.Value.Number == 1
}

// dead reports whether a member is known to have died.
func (s *Sheet) dead(m *Member) bool { return s.yes(m, Death) }
