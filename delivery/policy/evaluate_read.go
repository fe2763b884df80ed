package policy

import (
	"io"
	"slices"
	"strconv"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/rule"
)

// The columns of the two tables that are not facts.
const (
	householdColumn = "household"
	memberColumn    = "member"
)

// Load reads people from two tables of comma-separated values, each with a
// heading: households with their name and facts, members with the household's
// name, a role and facts. A cell left empty is a fact that is not known, or its
// default. What cannot be read is a fault that names table, record and column.
// members is opened twice, since a household's rows may stand anywhere.
func (p *Pack) Load(day calendar.Date, households, members func() (io.ReadCloser, error)) (*Evaluation, error) {
	e := &Evaluation{pack: p}
	places := map[string]int32{}
	err := eachRecord("households", households, func(t *tableRow) error {
		name := strings.Clone(t.cell(householdColumn))
		if _, twice := places[name]; twice || name == "" {
			return t.refuse("policy.household_twice", householdColumn)
		}
		places[name] = int32(len(e.households))
		e.households, e.numbers = append(e.households, name), append(e.numbers, t.number)
		return nil
	})
	if err != nil {
		return nil, err
	}
	sizes := make([]int32, len(e.households))
	err = eachRecord("members", members, func(t *tableRow) error {
		h, found := places[t.cell(householdColumn)]
		if !found {
			return t.refuse("policy.household_not_listed", householdColumn)
		}
		sizes[h]++
		return nil
	})
	if err != nil {
		return nil, err
	}
	if e.sets, err = p.prepare(sizes, day); err != nil {
		return nil, err
	}
	if err := e.fillHouseholds(households); err != nil {
		return nil, err
	}
	return e, e.fillMembers(places, members)
}

func (e *Evaluation) fillHouseholds(households func() (io.ReadCloser, error)) error {
	f := e.pack.filling(e.sets, false)
	return eachRecord("households", households, func(t *tableRow) error {
		if err := f.begin(t); err != nil {
			return err
		}
		return f.fill(t, t.number-firstRecord)
	})
}

func (e *Evaluation) fillMembers(places map[string]int32, members func() (io.ReadCloser, error)) error {
	f := e.pack.filling(e.sets, true)
	seen := make([]int32, len(e.households))
	columns := e.sets[0].columns
	_, last := 0, 0
	if n := len(e.households); n > 0 {
		_, last = columns.Members(n - 1)
	}
	e.members = make([]string, last)
	var references []memberCell
	err := eachRecord("members", members, func(t *tableRow) error {
		if err := f.begin(t); err != nil {
			return err
		}
		h := places[t.cell(householdColumn)]
		first, _ := columns.Members(int(h))
		row := first + int(seen[h])
		seen[h]++
		if e.members[row] = strings.Clone(t.cell(memberColumn)); e.members[row] == "" {
			e.members[row] = strconv.Itoa(int(seen[h]))
		}
		references = f.references(references, t, int(h), row)
		return f.fill(t, row)
	})
	if err != nil {
		return err
	}
	if err := e.resolve(references); err != nil {
		return err
	}
	return e.heads()
}

// memberCell is a cell that names another member of the household.
type memberCell struct {
	household, row, place, number int
	column, name                  string
}

// resolve finds the members whom cells name.
func (e *Evaluation) resolve(references []memberCell) error {
	for _, r := range references {
		from, to := e.sets[0].columns.Members(r.household)
		at := slices.Index(e.members[from:to], r.name)
		value := rule.Member(at)
		switch {
		case r.name == "none":
			value = rule.Absent(rule.KindMember)
		case at < 0:
			t := tableRow{table: "members", number: r.number}
			return t.refuseText("policy.no_such_member", r.column, r.name)
		}
		if err := e.set(true, r.place, r.row, value); err != nil {
			return err
		}
	}
	return nil
}

// set gives a fact in every set: the facts of a country stand at the same place
// in all of them.
func (e *Evaluation) set(member bool, place, row int, v rule.Value) error {
	for _, s := range e.sets {
		set := s.columns.SetHousehold
		if member {
			set = s.columns.SetMember
		}
		if err := set(place, row, v); err != nil {
			return err
		}
	}
	return nil
}

// heads says who each household's head is: the member whose role is head, else
// the first.
func (e *Evaluation) heads() error {
	if !e.pack.reads("household.head") {
		return nil
	}
	head := slices.Index(e.pack.facts.members[placeRole].codes, "head")
	for h := range e.households {
		from, to := e.sets[0].columns.Members(h)
		who := 0
		for row := from; row < to; row++ {
			if role := e.sets[0].columns.MemberValue(placeRole, row); head >= 0 && role.Known() && role.Number() == int64(head) {
				who = row - from
				break
			}
		}
		value := rule.Member(who)
		if from == to {
			value = rule.Absent(rule.KindMember)
		}
		if err := e.set(false, headPlace, h, value); err != nil {
			return err
		}
	}
	return nil
}

// reads reports whether any formula of the pack asks for a fact.
func (p *Pack) reads(name string) bool {
	return slices.ContainsFunc(p.Sets, func(set *Programme) bool { return set.reads[name] })
}

// fillColumn is a fact on its way from a table's column into the sets.
type fillColumn struct {
	fact  *factOf
	name  string
	place int
	at    int // in the table, -1 where it has no such column
	empty rule.Value
}

// filling puts a table's rows into columns.
type filling struct {
	pack    *Pack
	sets    []*evaluated
	member  bool
	columns []fillColumn
	begun   bool
	texts   map[string]int
}

func (p *Pack) filling(sets []*evaluated, member bool) *filling {
	return &filling{pack: p, sets: sets, member: member, texts: map[string]int{}}
}

// begin finds the columns of a table's heading; every column must be a fact of
// its kind of people.
func (f *filling) begin(t *tableRow) error {
	if f.begun {
		return nil
	}
	f.begun = true
	prefix, facts := "household.", f.pack.facts.households
	if f.member {
		prefix, facts = "member.", f.pack.facts.members
	}
	known := []string{householdColumn, memberColumn}
	for place := range facts {
		fact := &facts[place]
		known = append(known, fact.rule.Name)
		column := fillColumn{fact: fact, name: fact.rule.Name, place: place, at: slices.Index(t.heading, fact.rule.Name)}
		var err error
		if column.empty, err = f.ifEmpty(t, fact); err != nil {
			return err
		}
		if f.pack.reads(prefix+fact.rule.Name) || f.member && place == placeRole {
			f.columns = append(f.columns, column)
		} else if column.at >= 0 {
			column.place = -1 // looked at, and not kept
			f.columns = append(f.columns, column)
		}
	}
	for _, name := range t.heading {
		if !slices.Contains(known, name) {
			return fault.Invalid("policy.column_unknown", "table", t.table, "column", name, "nearest", nearest(name, known))
		}
	}
	return nil
}

// ifEmpty is what an empty cell says of a fact.
func (f *filling) ifEmpty(t *tableRow, fact *factOf) (rule.Value, error) {
	kind := fact.rule.Type.Kind
	if text, given := f.pack.defaults[fact.rule.Name]; given {
		v, ok := f.value(fact, text)
		if !ok {
			return v, fault.Invalid("policy.default_unreadable", "fact", fact.rule.Name, "text", text)
		}
		return v, nil
	}
	switch {
	case fact.rule.Name == "listed" || fact.rule.Name == "counts_here":
		return rule.Bool(true), nil
	case fact.silent && kind == rule.KindTruth:
		return rule.Bool(false), nil
	case fact.silent && (kind == rule.KindDate || kind == rule.KindMember):
		return rule.Absent(kind), nil
	}
	return rule.Unknown(kind), nil
}

func (f *filling) fill(t *tableRow, row int) error {
	for i := range f.columns {
		c := &f.columns[i]
		v, text := c.empty, ""
		if c.at >= 0 {
			text = t.cells[c.at]
		}
		switch {
		case text == "unknown":
			continue
		case text != "" && c.fact.rule.Type.Kind != rule.KindMember:
			var ok bool
			if v, ok = f.value(c.fact, text); !ok {
				return t.refuseValue(c, text)
			}
		}
		if c.place < 0 || v == rule.Unknown(v.Kind()) {
			continue
		}
		for _, s := range f.sets {
			set := s.columns.SetHousehold
			if f.member {
				set = s.columns.SetMember
			}
			if err := set(c.place, row, v); err != nil {
				return t.refuseValue(c, text)
			}
		}
	}
	return nil
}

// references notes the cells of a row that name other members.
func (f *filling) references(list []memberCell, t *tableRow, household, row int) []memberCell {
	for i := range f.columns {
		if c := &f.columns[i]; c.fact.rule.Type.Kind == rule.KindMember && c.place >= 0 && c.at >= 0 && t.cells[c.at] != "" {
			list = append(list, memberCell{household, row, c.place, t.number, c.name, strings.Clone(t.cells[c.at])})
		}
	}
	return list
}
