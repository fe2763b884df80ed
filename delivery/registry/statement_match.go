package registry

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sanad/platform/calendar"
	"sanad/platform/names"
)

// traits are what tells persons of one household apart.
type traits struct {
	number, name, mother string
	birth                calendar.Date
	rest                 string // what else is said, to tell namesakes without birth apart
}

func (r *testimony) recognise() {
	for _, c := range r.claims {
		switch c.name {
		case NationalNumberFact:
			r.traits.number = c.value.Text
		case FullName:
			r.traits.name = c.value.Text
		case MotherName:
			r.traits.mother = c.value.Text
		case Birth:
			r.traits.birth = c.value.Date
		default:
			r.traits.rest += string(c.name) + "\x00" + c.value.Text + strconv.FormatInt(c.value.Number, 36) + c.value.Date.String() + "\x00"
		}
	}
}

// likeness says how surely two records of one household are one person.
type likeness uint8

const (
	unlike  likeness = iota
	guessed          // a branch is asked
	certain
)

// like compares two records: by national number with agreeing name and birth,
// else by name, birth and mother.
func (a traits) like(b traits) likeness {
	agree := names.Agree(a.name, b.name)
	numbers := a.number != "" && b.number != ""
	if agree == names.Differ && numbers && a.number == b.number && SureNamesAgree(a.name, b.name, a.birth, b.birth) {
		agree = names.Likely
	}
	switch {
	case agree == names.Differ:
		return unlike
	case a.birth.Before(b.birth) == calendar.Maybe || a.birth == b.birth:
	case numbers && a.number == b.number && agree == names.Same:
		return guessed // one of the births is wrong: it shows as a contradiction
	default:
		return unlike
	}
	dated := a.birth == b.birth && a.birth != calendar.Unknown
	mothers := a.mother == "" || b.mother == "" || MothersAgree(a.mother, b.mother)
	switch {
	case numbers && a.number == b.number:
		return certain
	case !numbers && agree == names.Same && dated && a.mother != "" && b.mother != "" && mothers:
		return certain
	case mothers && dated, mothers && !numbers && agree == names.Same:
		return guessed
	}
	return unlike
}

// MothersAgree compares two mothers' names as lists write them: the whole name,
// or her own name only.
func MothersAgree(a, b string) bool {
	if a == b || names.Agree(a, b) != names.Differ {
		return true
	}
	x, y := names.Of(a), names.Of(b)
	return (len(x.All) == 1 || len(y.All) == 1) && names.Light(x.Own) == names.Light(y.Own)
}

// SureNamesAgree compares the names of two records of which something else says
// already that they are one person's, as their national number does: where the
// day of birth is the same too, the own name is enough, or the own name and the
// father's with a slip. Twins differ in the own name.
func SureNamesAgree(a, b string, born, other calendar.Date) bool {
	if born != other || born.Precision() != calendar.PrecisionDay {
		return false
	}
	x, y := names.Of(a), names.Of(b)
	return x.Own != "" && names.Light(x.Own) == names.Light(y.Own) || soundAlike(x.Own, y.Own) ||
		names.Agree(x.Own+" "+x.Father, y.Own+" "+y.Father) != names.Differ
}

// soundAlike compares two names of which one is in Latin letters.
func soundAlike(a, b string) bool {
	latin := func(name string) bool { return name != "" && name[0] < utf8.RuneSelf }
	if latin(a) == latin(b) {
		return false
	}
	keys := names.SkeletonLatin(b)
	return slices.ContainsFunc(names.SkeletonLatin(a), func(key string) bool { return slices.Contains(keys, key) })
}

// pair is two records that may be one person.
type pair struct {
	a, b int
	how  likeness
}

// join returns the records of each member. Two records of one statement are two
// persons; surer pairs join first, in an order that follows from what they say.
func (f *unfolded) join() [][]int {
	for i := range f.records {
		f.records[i].member = i
	}
	if f.several() {
		for i := range f.records {
			slices.SortStableFunc(f.records[i].claims, f.before)
			f.records[i].recognise()
		}
		f.joinEntered()
		for _, p := range f.pairs() {
			f.unite(p.a, p.b)
		}
	}
	return f.grouped()
}

// several reports whether there is anything to join.
func (f *unfolded) several() bool {
	for i := range f.records {
		if f.records[i].source != f.records[0].source || !f.records[i].person.IsZero() {
			return true
		}
	}
	return false
}

// joinEntered keeps what was entered of a person with what is stated of her: a
// clerk who entered it knew whom she meant.
func (f *unfolded) joinEntered() {
	for i := range f.records {
		for n := range f.records {
			if f.records[i].source == entered && f.records[n].person == f.records[i].person {
				f.unite(i, n)
			}
		}
	}
}

func (f *unfolded) pairs() []pair {
	var found []pair
	for i := range f.records {
		for n := i + 1; n < len(f.records); n++ {
			if f.records[i].source == f.records[n].source {
				continue
			}
			if how := f.records[i].traits.like(f.records[n].traits); how != unlike {
				p := pair{a: i, b: n, how: how}
				if f.compareRecords(i, n) > 0 {
					p.a, p.b = n, i
				}
				found = append(found, p)
			}
		}
	}
	slices.SortStableFunc(found, func(x, y pair) int {
		return cmp.Or(cmp.Compare(y.how, x.how), f.compareRecords(x.a, y.a), f.compareRecords(x.b, y.b))
	})
	return found
}

func (f *unfolded) compareRecords(a, b int) int {
	x, y := &f.records[a], &f.records[b]
	return cmp.Or(cmp.Compare(x.source, y.source), strings.Compare(x.traits.name, y.traits.name), cmp.Compare(x.traits.birth, y.traits.birth),
		strings.Compare(x.traits.number, y.traits.number), strings.Compare(x.traits.mother, y.traits.mother), strings.Compare(x.traits.rest, y.traits.rest))
}

// unite makes two records' members one, unless a source would then speak of one
// member twice.
func (f *unfolded) unite(a, b int) {
	one, other := f.records[a].member, f.records[b].member
	if one == other || f.clash(one, other) {
		return
	}
	one, other = min(one, other), max(one, other)
	for i := range f.records {
		if f.records[i].member == other {
			f.records[i].member = one
		}
	}
}

func (f *unfolded) clash(one, other int) bool {
	for i := range f.records {
		for n := range f.records {
			if f.records[i].member == one && f.records[n].member == other && f.records[i].source == f.records[n].source {
				return true
			}
		}
	}
	return false
}

// grouped lists each member's records, members in the order of their first.
func (f *unfolded) grouped() [][]int {
	at := make([]int, len(f.records))
	var members [][]int
	for i := range f.records {
		m := f.records[i].member
		if m == i {
			at[i] = len(members)
			members = append(members, nil)
		}
		members[at[m]] = append(members[at[m]], i)
	}
	return members
}
