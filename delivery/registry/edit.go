package registry

import (
	"slices"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Change says on which household's sheet a verb acts, when the thing happened
// and how it is known.
type Change struct {
	Household id.ID         `json:"household"`
	Version   int64         `json:"version"`           // of the sheet that the actor saw
	On        calendar.Date `json:"date,omitzero"`     // in the world, as precisely as is known
	Evidence  Evidence      `json:"evidence,omitzero"` //
	Reason    string        `json:"reason,omitempty"`  // in the actor's words
}

// Changed is what a verb made.
type Changed struct {
	Sheet    *Sheet         // as it stands now
	Other    *Sheet         // of the second household, where two changed
	Warnings []*fault.Fault // what should be looked at again; nothing was refused
}

// edit is one sheet under a verb's hand. Faults are gathered, so that a form
// shows them all at once.
type edit struct {
	tx       *store.Tx
	change   Change
	old      *Sheet
	sheet    *Sheet
	source   int
	gone     []id.ID
	closed   []id.ID
	wrong    fault.List
	warnings []*fault.Fault
}

// begin opens the last sheet for a change. Who may not is refused; so is who
// saw an older version ("registry.changed_meanwhile"): the change may rest on
// what is no longer so.
func begin(tx *store.Tx, capability access.Capability, c Change) (*edit, error) {
	old, err := latest(tx, c.Household)
	if err != nil {
		return nil, err
	}
	if err := access.Require(tx, capability, old.Branch); err != nil {
		return nil, err
	}
	if err := writable(tx, old.Branch); err != nil {
		return nil, err
	}
	if c.Version != old.Version {
		return nil, fault.Conflict("registry.changed_meanwhile")
	}
	e := &edit{tx: tx, change: c, old: old, sheet: old.Clone()}
	e.sheet.Version++
	e.wrong.Add("date", checkDay(c.On, calendar.Unknown, tx.Today()))
	e.wrong.Add("evidence", c.Evidence.check(tx.Today()))
	e.source = e.sheet.AddSource(c.Evidence.source(old.Branch, tx.Today()))
	return e, nil
}

// life opens the sheet for a life event of one living member.
func life(tx *store.Tx, c Change, person id.ID) (*edit, *Member, error) {
	e, err := begin(tx, access.RecordLifeEvent, c)
	if err != nil {
		return nil, nil, err
	}
	m := e.living(person, "person")
	if m == nil {
		return nil, nil, e.wrong.Err()
	}
	return e, m, nil
}

// member finds a person on the sheet, or notes a fault at the field.
func (e *edit) member(person id.ID, field string) *Member {
	m := e.sheet.Member(person)
	if m == nil {
		e.wrong.Add(field, fault.Invalid("registry.no_such_member"))
	}
	return m
}

// living finds a person who is not known to have died, and for whom the day of
// the event is not before birth.
func (e *edit) living(person id.ID, field string) *Member {
	m := e.member(person, field)
	if m == nil {
		return nil
	}
	name := e.sheet.text(m, FullName)
	if e.sheet.dead(m) {
		e.wrong.Add(field, fault.Conflict("registry.dead_already", "name", name))
		return nil
	}
	birth, _ := e.sheet.Now(m.Facts, Birth)
	if today := e.tx.Today(); checkDay(e.change.On, calendar.Unknown, today) == nil {
		e.wrong.Add("date", checkDay(e.change.On, birth.Value.Date, today))
	}
	return m
}

// warn notes what should be looked at again.
func (e *edit) warn(field string, f *fault.Fault) { e.warnings = append(e.warnings, f.At(field)) }

// set says that a member's fact has a value since the day of the event.
func (e *edit) set(m *Member, name Name, value Value) { e.setOn(m, name, value, e.change.On) }

// setOn says that a member's fact has a value since a day.
func (e *edit) setOn(m *Member, name Name, value Value, on calendar.Date) {
	m.Facts = e.sheet.put(m.Facts, name, value, on, e.source)
}

// put returns facts with one that begins on a day (Unknown: the day of its
// source). What held before ends on it: also what a later list said without
// saying since when, for whoever reports an event knows more than the list.
// What is known to have begun later stays. A value that holds already gets one
// more source.
func (s *Sheet) put(facts []Fact, name Name, value Value, on calendar.Date, source int) []Fact {
	from, since := on, on
	if since == calendar.Unknown {
		since = s.Sources[source].Date
	}
	day := since.First()
	if d := Define(name); d != nil && d.Type == TypeDate && value.Number == 1 {
		from = calendar.Unknown // the value itself says when
	}
	several := Define(name) != nil && Define(name).Several
	held, known := s.At(facts, name, day)
	now, _ := s.Now(facts, name)
	known = known && now.Value == held.Value && now.From == held.From // nothing came after it
	for i := range facts {
		f := &facts[i]
		if f.Name != name || f.To != calendar.Unknown {
			continue
		}
		if f.Value == value && (several || known && held.Value == value && held.From == f.From) {
			s.support(f, source)
			return facts
		}
		later := f.From != calendar.Unknown && f.From.First() > day
		if !several && !later {
			f.To = since
		}
	}
	facts = append(facts, Fact{Name: name, Value: value, From: from, Sources: []int{source}})
	sortFacts(facts)
	return facts
}

// support adds a source to a fact, in the order of days.
func (s *Sheet) support(f *Fact, source int) {
	if slices.Contains(f.Sources, source) {
		return
	}
	f.Sources = append(f.Sources, source)
	slices.SortStableFunc(f.Sources, func(a, b int) int { return int(s.Sources[a].Date - s.Sources[b].Date) })
}

// end says that one of several values no longer holds since the day of the
// event.
func (e *edit) end(m *Member, name Name, value Value) {
	since := e.change.On
	if since == calendar.Unknown {
		since = e.sheet.Sources[e.source].Date
	}
	for i := range m.Facts {
		if f := &m.Facts[i]; f.Name == name && f.Value == value && f.To == calendar.Unknown {
			f.To = since
			e.sheet.support(f, e.source)
		}
	}
}

// finish records the new sheet, where no field was refused.
func (e *edit) finish(what Happening, person id.ID) (Changed, error) {
	if err := e.wrong.Err(); err != nil {
		return Changed{}, err
	}
	return Changed{Sheet: e.sheet, Warnings: e.warnings}, record(e.tx, e.old, e.sheet, e.event(what, person))
}

func (e *edit) event(what Happening, person id.ID) Happened {
	return Happened{What: what, Person: person, On: e.change.On, Evidence: oneLine(e.change.Evidence.Document), Reason: e.change.Reason,
		Gone: e.gone, Closed: e.closed}
}
