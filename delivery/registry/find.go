package registry

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/names"
	"sanad/platform/store"
)

// Query asks whether somebody is known.
type Query struct {
	Text       string        // a national number, telephone, file number, or a name in Arabic or Latin letters
	Birth      calendar.Date // narrows a name: nobody born on another day; Unknown asks nothing
	Everywhere bool          // names outside the actor's area too; needs access.ReadElsewhere
}

// Hit is one person found. Outside the actor's area it says no more than name
// and branch: whoever needs more writes down why.
type Hit struct {
	Person    id.ID
	Household id.ID // zero outside
	Name      string
	Branch    string
	File      string
	Role      string
	Number    string
	Birth     calendar.Date
	Sex       Sex
	Dead      bool
	Outside   bool
	Agrees    names.Agreement // with a name that was asked for
	close     int
}

// findLimit bounds an answer: whoever is not among them asks more exactly.
const findLimit = 20

// candidateLimit bounds what is read to rank names.
const candidateLimit = 3000

// Find answers a search within the actor's area, the best first, and whether
// there were more than are shown. A whole number (national, telephone, file)
// also finds people outside, by name and branch only. It needs
// access.SearchPeople; less than two letters are the fault
// "registry.find_more_words".
func Find(tx *store.Tx, q Query) (hits []Hit, more bool, err error) {
	f := finder{tx: tx, query: q, areas: access.Areas(tx, access.SearchPeople)}
	if len(f.areas) == 0 {
		return nil, false, access.Require(tx, access.SearchPeople, "")
	}
	if q.Everywhere && !access.Holds(tx, access.ReadElsewhere) {
		return nil, false, access.Require(tx, access.ReadElsewhere, "")
	}
	if f.text = oneLine(q.Text); len([]rune(f.text)) < 2 {
		return nil, false, fault.Invalid("registry.find_more_words").At("text")
	}
	if err := f.find(); err != nil {
		return nil, false, err
	}
	slices.SortFunc(f.hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.close, a.close), cmp.Compare(a.Name, b.Name), a.Person.Compare(b.Person))
	})
	if len(f.hits) > findLimit {
		return f.hits[:findLimit], true, nil
	}
	return f.hits, false, nil
}

type finder struct {
	tx    *store.Tx
	query Query
	text  string
	areas []string
	hits  []Hit
}

// find tries what the text may be, the exact things first.
func (f *finder) find() error {
	number := tidyNumber(f.text)
	if _, err := ParseNationalNumber(number, f.tx.Today()); err == nil {
		return f.exactly("p.number = $1", number)
	}
	if strings.ContainsAny(number, "0123456789") {
		if err := f.exactly("h.file = $1", strings.ToUpper(number)); err != nil || len(f.hits) > 0 {
			return err
		}
		if phone, err := ParsePhone(number); err == nil {
			return f.exactly("p.phone = $1", string(phone))
		}
		return nil
	}
	return f.named()
}

const hitColumns = `SELECT p.person, p.household, p.name, h.branch, h.file, p.role, p.number, p.birth, p.sex, p.dead
	FROM persons p JOIN households h ON h.household = p.household WHERE `

func scanHit(r *store.Row) Hit {
	return Hit{Person: r.ID(), Household: r.ID(), Name: r.Text(), Branch: r.Text(), File: r.Text(), Role: r.Text(), Number: r.Text(),
		Birth: r.Date(), Sex: Sex(r.Text()), Dead: r.Bool()}
}

// exactly finds by a number, also outside the actor's area. A file's people are
// in their order on the sheet.
func (f *finder) exactly(condition, value string) error {
	found, err := store.All(f.tx, scanHit, hitColumns+condition+" ORDER BY h.branch, h.file, p.position LIMIT 200", value)
	for place, h := range found {
		h.close = -place
		f.add(h)
	}
	return err
}

func (f *finder) add(h Hit) {
	if h.Outside = !f.inside(h.Branch); h.Outside {
		h = Hit{Person: h.Person, Name: h.Name, Branch: h.Branch, Outside: true, Agrees: h.Agrees, close: h.close}
	}
	f.hits = append(f.hits, h)
}

func (f *finder) inside(branch string) bool {
	return slices.ContainsFunc(f.areas, func(area string) bool { return geography.Contains(area, branch) })
}

// named finds by name: candidates share the own name's skeleton, and the
// family's where one was written; closeness is counted here.
func (f *finder) named() error {
	asked := names.Of(f.text)
	seen := map[id.ID]bool{}
	for _, own := range names.SkeletonLatin(asked.Own) {
		families := []string{""}
		if asked.Family != "" {
			families = names.SkeletonLatin(asked.Family)
		}
		for _, family := range families {
			found, err := f.candidates(NameCode(own), NameCode(family))
			if err != nil {
				return err
			}
			for _, h := range found {
				if !seen[h.Person] {
					seen[h.Person] = true
					f.weigh(h, asked)
				}
			}
		}
	}
	return nil
}

func (f *finder) candidates(own, family int64) ([]Hit, error) {
	condition, args := "p.own_code = $1", []any{own}
	if family != 0 {
		condition, args = condition+" AND p.family_code = $2", append(args, family)
	}
	if !f.query.Everywhere && !slices.Contains(f.areas, "") {
		var within []string
		for _, area := range f.areas {
			args = append(args, area, area+"\x7f")
			within = append(within, "(h.branch >= $"+strconv.Itoa(len(args)-1)+" AND h.branch < $"+strconv.Itoa(len(args))+")")
		}
		condition += " AND (" + strings.Join(within, " OR ") + ")"
	}
	return store.All(f.tx, scanHit, hitColumns+condition+" LIMIT "+strconv.Itoa(candidateLimit), args...)
}

// weigh keeps a candidate whose written parts are in the name that was asked
// for, and counts how close it is.
func (f *finder) weigh(h Hit, asked names.Parts) {
	if birth := f.query.Birth; birth != calendar.Unknown && h.Birth != calendar.Unknown {
		if h.Birth.Last() < birth.First() || birth.Last() < h.Birth.First() {
			return
		}
	}
	h.Agrees = names.Agree(f.text, h.Name)
	h.close = 100*int(h.Agrees) + sharedParts(asked, names.Of(h.Name))
	if h.Agrees == names.Differ && sharedParts(asked, names.Of(h.Name)) < len(asked.All)*10-10 {
		return
	}
	f.add(h)
}

// sharedParts counts ten for each part of a name that the other has too, and
// one more where it is written alike.
func sharedParts(asked, known names.Parts) (points int) {
	skeletons := map[string]bool{}
	spelt := map[string]bool{}
	for _, part := range known.All {
		skeletons[names.Skeleton(part)], spelt[names.Light(part)] = true, true
	}
	for _, part := range asked.All {
		if slices.ContainsFunc(names.SkeletonLatin(part), func(s string) bool { return skeletons[s] }) {
			points += 10
		}
		if spelt[names.Light(part)] {
			points++
		}
	}
	return points
}
