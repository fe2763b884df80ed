package registry

import (
	"cmp"
	"slices"
	"strings"

	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/names"
)

// A sheet is a fold over statements. To add or take back one, the sheet is taken
// apart into what each statement said of each person, and folded again in an
// order that follows from the statements themselves.

// claim is one fact as one source knows it.
type claim struct {
	name     Name
	value    Value
	from, to calendar.Date
	source   int // place in sources; -1 for none
	member   int // place in records from 1, where value names one of them
}

// testimony is what one statement said of one person, or what was entered of her
// otherwise.
type testimony struct {
	person id.ID // zero for a new one
	source int   // place of the statement; entered for what was entered otherwise
	claims []claim
	traits traits
	member int // the member that it belongs to, found by joining
}

// entered marks a record that is not of a statement.
const entered = -1

// unfolded is a sheet taken apart.
type unfolded struct {
	sources []Source
	house   []claim
	records []testimony
}

// unfold takes a sheet apart, leaving out one statement.
func (s *Sheet) unfold(without id.ID) *unfolded {
	f := &unfolded{sources: slices.Clone(s.Sources)}
	f.house = s.claims(s.Facts, without)
	for i := range s.Members {
		f.split(s.Members[i].Person, s.claims(s.Members[i].Facts, without))
	}
	for i := range f.records {
		f.aim(f.records[i].claims, f.records[i].source)
	}
	return f
}

// aim lets what a statement says of another person mean what the same statement
// says of her: should her records be parted, it follows its own.
func (f *unfolded) aim(claims []claim, source int) {
	for i := range claims {
		person := claims[i].value.Person
		if person.IsZero() {
			continue
		}
		claims[i].member = 1 + slices.IndexFunc(f.records, func(r testimony) bool { return r.person == person && r.source == source })
	}
}

func (s *Sheet) claims(facts []Fact, without id.ID) []claim {
	claims := make([]claim, 0, len(facts))
	for i := range facts {
		fact := &facts[i]
		if len(fact.Sources) == 0 {
			claims = append(claims, claim{name: fact.Name, value: fact.Value, from: fact.From, to: fact.To, source: entered})
		}
		for _, source := range fact.Sources {
			if without.IsZero() || s.Sources[source].Import != without {
				claims = append(claims, claim{name: fact.Name, value: fact.Value, from: fact.From, to: fact.To, source: source})
			}
		}
	}
	return claims
}

// split makes one record of each statement about a person, and one of the rest.
func (f *unfolded) split(person id.ID, claims []claim) {
	start := len(f.records)
	for _, c := range claims {
		source := c.source
		if source >= 0 && f.sources[source].Import.IsZero() {
			source = entered
		}
		at := slices.IndexFunc(f.records[start:], func(r testimony) bool { return r.source == source })
		if at < 0 {
			at = len(f.records) - start
			f.records = append(f.records, testimony{person: person, source: source})
		}
		r := &f.records[start+at]
		r.claims = append(r.claims, c)
	}
}

// add appends a statement and returns the place of its first record.
func (f *unfolded) add(st Statement) int {
	first := len(f.records)
	source := len(f.sources)
	f.sources = append(f.sources, st.Source)
	take := func(claims []Claim) []claim {
		taken := make([]claim, len(claims))
		for i, c := range claims {
			taken[i] = claim{name: c.Name, value: c.Value, from: c.From, to: c.To, source: source}
			if c.Member > 0 {
				taken[i].member = first + c.Member
			}
		}
		return taken
	}
	f.house = append(f.house, take(st.Facts)...)
	for _, m := range st.Members {
		f.records = append(f.records, testimony{source: source, claims: take(m.Facts)})
	}
	return first
}

// refold joins the records into members and gives the sheet that follows old.
func (f *unfolded) refold(old *Sheet, mint func() id.ID) *Sheet {
	order := f.sortSources()
	members := f.join()
	f.name(members, mint)
	next := &Sheet{Household: old.Household, Version: old.Version + 1, Branch: old.Branch, File: old.File}
	used := make([]bool, len(f.sources))
	next.Facts = f.facts(f.house, used)
	next.Members = make([]Member, len(members))
	for i, records := range members {
		next.Members[i] = Member{Person: f.records[records[0]].person, Facts: f.facts(f.together(records), used)}
	}
	next.Sources = order
	next.dropSources(used)
	next.sortMembers()
	return next
}

// sortSources brings the sources into the one order in which they are folded:
// by day, and on one day by what they are.
func (f *unfolded) sortSources() []Source {
	places := make([]int, len(f.sources))
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(a, b int) int { return f.sources[a].compare(f.sources[b]) })
	sorted := make([]Source, len(places))
	moved := make([]int, len(places))
	for to, from := range places {
		sorted[to], moved[from] = f.sources[from], to
	}
	move := func(claims []claim) {
		for i := range claims {
			if claims[i].source >= 0 {
				claims[i].source = moved[claims[i].source]
			}
		}
	}
	move(f.house)
	for i := range f.records {
		move(f.records[i].claims)
		if f.records[i].source >= 0 {
			f.records[i].source = moved[f.records[i].source]
		}
	}
	f.sources = sorted
	return sorted
}

func (a Source) compare(b Source) int {
	return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Body, b.Body),
		strings.Compare(a.Document, b.Document), a.Import.Compare(b.Import))
}

// name gives each member's records one person: the oldest identifier that any of
// them had, else a new one; and lets every reference name it.
func (f *unfolded) name(members [][]int, mint func() id.ID) {
	taken := map[id.ID]id.ID{}
	for _, records := range members {
		person := id.ID{}
		for _, r := range records {
			known := f.records[r].person
			if _, gone := taken[known]; !known.IsZero() && !gone && (person.IsZero() || known.Compare(person) < 0) {
				person = known
			}
		}
		if person.IsZero() {
			person = mint()
		}
		for _, r := range records {
			if known := f.records[r].person; !known.IsZero() {
				if _, gone := taken[known]; !gone {
					taken[known] = person
				}
			}
			f.records[r].person = person
		}
		taken[person] = person
	}
	f.refer(f.house, taken)
	for i := range f.records {
		f.refer(f.records[i].claims, taken)
	}
}

func (f *unfolded) refer(claims []claim, now map[id.ID]id.ID) {
	for i := range claims {
		c := &claims[i]
		if c.member > 0 {
			c.value.Person, c.member = f.records[c.member-1].person, 0
		} else if person, known := now[c.value.Person]; known && !c.value.Person.IsZero() {
			c.value.Person = person
		}
	}
}

func (f *unfolded) together(records []int) []claim {
	if len(records) == 1 {
		return f.records[records[0]].claims
	}
	var claims []claim
	for _, r := range records {
		claims = append(claims, f.records[r].claims...)
	}
	return claims
}

// facts folds claims: what follows a claim of the same value in time joins it, a
// value that comes back after another is a fact of its own.
func (f *unfolded) facts(claims []claim, used []bool) []Fact {
	slices.SortStableFunc(claims, f.before)
	facts := make([]Fact, 0, len(claims))
	places := make([]int, len(claims)) // one piece of memory for all lists of sources
	for _, c := range claims {
		if c.source >= 0 {
			used[c.source] = true
		}
		if at := joins(facts, c); at >= 0 {
			if c.source >= 0 && !slices.Contains(facts[at].Sources, c.source) {
				facts[at].Sources = append(facts[at].Sources, c.source)
			}
			continue
		}
		fact := Fact{Name: c.name, Value: c.value, From: c.from, To: c.to}
		if c.source >= 0 {
			places[0] = c.source
			fact.Sources, places = places[:1:1], places[1:]
		}
		facts = append(facts, fact)
	}
	return facts
}

// joins returns the fact that a claim says again, or -1.
func joins(facts []Fact, c claim) int {
	d := Define(c.name)
	for i := len(facts) - 1; i >= 0 && facts[i].Name == c.name; i-- {
		if facts[i].Value == c.value && facts[i].From == c.from && facts[i].To == c.to {
			return i
		}
		if d == nil || !d.Fixed && !d.Several {
			return -1
		}
	}
	return -1
}

// before orders claims: by fact, then in time.
func (f *unfolded) before(a, b claim) int {
	if a.name != b.name {
		return compareNames(a.name, b.name)
	}
	return cmp.Or(cmp.Compare(f.start(a), f.start(b)), cmp.Compare(a.source, b.source), a.value.compare(b.value),
		cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to))
}

func (f *unfolded) start(c claim) calendar.Date {
	switch {
	case c.from != calendar.Unknown:
		return c.from.First()
	case c.source >= 0:
		return f.sources[c.source].Date
	}
	return calendar.Unknown
}

// compareNames orders facts by their number, those without one behind.
func compareNames(a, b Name) int {
	return cmp.Or(cmp.Compare(order(a), order(b)), strings.Compare(string(a), string(b)))
}

// dropSources leaves out the sources that no fact has.
func (s *Sheet) dropSources(used []bool) {
	if !slices.Contains(used, false) {
		return
	}
	moved := make([]int, len(used))
	var kept []Source
	for i, source := range s.Sources {
		moved[i] = len(kept)
		if used[i] {
			kept = append(kept, source)
		}
	}
	s.Sources = kept
	move := func(facts []Fact) {
		for i := range facts {
			for n := range facts[i].Sources {
				facts[i].Sources[n] = moved[facts[i].Sources[n]]
			}
		}
	}
	move(s.Facts)
	for i := range s.Members {
		move(s.Members[i].Facts)
	}
}

// standing orders members: the head, then by role, then by age.
type standing struct {
	role   int
	birth  calendar.Date
	number string
}

// sortMembers brings members into an order that follows from what is known.
func (s *Sheet) sortMembers() {
	places := make(map[id.ID]standing, len(s.Members))
	for i := range s.Members {
		m := &s.Members[i]
		role, _ := s.Now(m.Facts, Role)
		birth, _ := s.Now(m.Facts, Birth)
		number, _ := s.Now(m.Facts, NationalNumberFact)
		p := standing{role: slices.Index(roles, role.Value.Text), birth: birth.Value.Date, number: number.Value.Text}
		if p.role < 0 {
			p.role = len(roles)
		}
		places[m.Person] = p
	}
	slices.SortStableFunc(s.Members, func(a, b Member) int {
		x, y := places[a.Person], places[b.Person]
		if c := cmp.Or(cmp.Compare(x.role, y.role), cmp.Compare(x.birth, y.birth), strings.Compare(x.number, y.number)); c != 0 {
			return c
		}
		return strings.Compare(s.lightName(a), s.lightName(b))
	})
}

func (s *Sheet) lightName(m Member) string {
	name, _ := s.Now(m.Facts, FullName)
	return names.Light(name.Value.Text)
}
