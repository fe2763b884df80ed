package search

import (
	"cmp"
	"slices"

	"sanad/delivery/matching"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/names"
	"sanad/platform/store"
)

// Written is a person as somebody is about to write her down. What is not known
// stays empty.
type Written struct {
	Name, Mother  string
	Number, Phone string
	Birth         calendar.Date
	Person        id.ID // her own record, where there is one: what is linked with it is not asked about
	Household     id.ID // its household: nor are its members
}

// Likely is a person of the registry who may be the one that is written down.
type Likely struct {
	Hit
	Phone    string        // empty outside
	Born     calendar.Date // as it was written now
	Compared []Comparison
	Weight   int // how much speaks for one human; only to be ordered by
}

// Verdict is how one thing stands in both records.
type Verdict string

// The verdicts.
const (
	Same    Verdict = "same"
	Close   Verdict = "close"   // one of the ways in which one thing is written twice
	Differs Verdict = "differs" // two things
	Silent  Verdict = "silent"  // one of the records does not say
)

// Comparison is one thing in both records.
type Comparison struct {
	What           string // name, birth, mother, number, phone
	Written, Known string
	Verdict        Verdict
}

// checkShown is how many are shown at most: more would not be read.
const checkShown = 5

// checkRanked is how many names are compared.
const checkRanked = 40

// What speaks for one human, and from where on somebody is shown. Somebody
// outside the actor's area is shown, by name and branch, only where more than a
// common name speaks for it.
const (
	weightNumber = 60
	weightName   = 30
	weightLikely = 22
	weightBirth  = 25
	weightNear   = 12
	weightMother = 20
	weightPhone  = 15
	shownFrom    = 30
	shownOutside = 50
)

// Check returns who in the registry may be the person that is about to be
// written down, the likeliest first: a question to the clerk, which keeps nothing
// from being saved. It needs access.SearchPeople.
func (ix *Index) Check(tx *store.Tx, w Written) ([]Likely, error) {
	f, err := newFinder(tx, Query{Text: cmp.Or(oneLine(w.Name), "--"), Birth: w.Birth, Mother: w.Mother, Everywhere: false, soft: true})
	if err != nil {
		return nil, err
	}
	f.index = ix
	people, err := f.checked(w)
	if err != nil {
		return nil, err
	}
	linked := []id.ID{w.Person}
	if !w.Person.IsZero() {
		same, err := matching.SameAs(tx, w.Person)
		if err != nil {
			return nil, err
		}
		linked = append(linked, same...)
	}
	var likely []Likely
	for _, l := range people {
		l.compare(w)
		if l.Weight < shownFrom || slices.Contains(linked, l.Person) || l.Household == w.Household && !w.Household.IsZero() {
			continue
		}
		if !f.inside(l.Branch) {
			if l.Weight < shownOutside {
				continue
			}
			l = Likely{Hit: Hit{Person: l.Person, Name: l.Name, Branch: l.Branch, Outside: true}, Weight: l.Weight}
		}
		likely = append(likely, l)
	}
	slices.SortFunc(likely, func(a, b Likely) int {
		return cmp.Or(cmp.Compare(b.Weight, a.Weight), a.Person.Compare(b.Person))
	})
	return likely[:min(len(likely), checkShown)], nil
}

const likelyColumns = `SELECT p.phone, p.person, p.household, p.name, h.branch, h.area, h.file, p.role, p.number, p.birth, p.mother, p.sex, p.dead
	FROM persons p JOIN households h ON h.household = p.household WHERE `

func scanLikely(r *store.Row) Likely {
	phone := r.Text()
	return Likely{Phone: phone, Hit: scanHit(r)}
}

// checked returns everybody who is worth comparing, once.
func (f *finder) checked(w Written) ([]Likely, error) {
	seen := map[id.ID]bool{}
	var people []Likely
	take := func(r *store.Row) error {
		if l := scanLikely(r); !seen[l.Person] {
			seen[l.Person] = true
			people = append(people, l)
		}
		return r.Err()
	}
	if number := registry.TidyNumber(w.Number); number != "" {
		if err := f.tx.Each(take, likelyColumns+"p.number = $1 AND p.number <> '' LIMIT 20", number); err != nil {
			return nil, err
		}
	}
	if phone, err := registry.ParsePhone(registry.TidyNumber(w.Phone)); err == nil {
		if err := f.tx.Each(take, likelyColumns+"p.phone = $1 AND p.phone <> '' LIMIT 50", string(phone)); err != nil {
			return nil, err
		}
	}
	parts := light(w.Name, false)
	if len(parts) < 2 {
		return people, nil
	}
	if err := f.index.follow(f.tx); err != nil {
		return nil, err
	}
	_, found := f.index.rank(parts, f.query, checkRanked, nil)
	args := make([][]any, len(found))
	for i, r := range found {
		args[i] = []any{r.id}
	}
	return people, f.tx.Batch(func(_ int, r *store.Row) error { return take(r) }, likelyColumns+"p.person = $1", args)
}

// compare holds the two records against each other.
func (l *Likely) compare(w Written) {
	number, phone := registry.TidyNumber(w.Number), w.Phone
	if p, err := registry.ParsePhone(registry.TidyNumber(w.Phone)); err == nil {
		phone = string(p)
	}
	name := nameVerdict(w.Name, l.Name, w.Birth, l.Birth)
	l.Compared = []Comparison{
		{"name", w.Name, l.Name, name},
		{"number", number, l.Number, verdict(number, l.Number)},
		{"birth", w.Birth.String(), l.Birth.String(), birthVerdict(w.Birth, l.Birth)},
		{"mother", w.Mother, l.Mother, motherVerdict(w.Mother, l.Mother)},
		{"phone", phone, l.Phone, verdict(phone, l.Phone)},
	}
	l.Weight, l.Born = 0, w.Birth
	for _, c := range l.Compared {
		l.Weight += weightOf[c.What][c.Verdict]
	}
}

// weightOf is what each verdict adds. What differs speaks against; a number that
// is another is mistyped more often than two people share name, birth and mother.
var weightOf = map[string]map[Verdict]int{
	"name":   {Same: weightName, Close: weightLikely, Differs: -weightMother},
	"number": {Same: weightNumber, Differs: -weightNear},
	"birth":  {Same: weightBirth, Close: weightNear, Differs: -weightNear},
	"mother": {Same: weightMother, Differs: -weightNear},
	"phone":  {Same: weightPhone},
}

func verdict(a, b string) Verdict {
	switch {
	case a == "" || b == "":
		return Silent
	case a == b:
		return Same
	}
	return Differs
}

// nameVerdict compares two whole names; who has the same day of birth may have
// married into another family name.
func nameVerdict(a, b string, born, other calendar.Date) Verdict {
	switch agree := names.Agree(a, b); {
	case a == "" || b == "":
		return Silent
	case agree == names.Same:
		return Same
	case agree == names.Likely || registry.SureNamesAgree(a, b, born, other):
		return Close
	}
	return Differs
}

func birthVerdict(a, b calendar.Date) Verdict {
	switch {
	case a == calendar.Unknown || b == calendar.Unknown:
		return Silent
	case a == b:
		return Same
	case near(a, b):
		return Close
	}
	return Differs
}

func motherVerdict(a, b string) Verdict {
	switch {
	case a == "" || b == "":
		return Silent
	case registry.MothersAgree(a, b):
		return Same
	}
	return Differs
}
