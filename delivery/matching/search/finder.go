package search

import (
	"slices"
	"strings"
	"unicode"

	"sanad/delivery/matching"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/store"
)

// finder works one question out.
type finder struct {
	tx     *store.Tx
	index  *Index
	query  Query
	text   string
	areas  []string
	limit  int
	answer Answer
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// byNumber finds by a whole number, and tells whether the text was one. A year
// of birth among letters is taken out of it.
func (f *finder) byNumber() (done bool, err error) {
	number := registry.TidyNumber(f.text)
	if _, err := registry.ParseNationalNumber(number, f.tx.Today()); err == nil {
		return true, f.exactly("p.number = $1 AND p.number <> ''", number)
	}
	if !strings.ContainsAny(number, "0123456789") {
		return false, nil
	}
	if err := f.exactly("h.file = $1", strings.ToUpper(number)); err != nil || len(f.answer.Hits) > 0 {
		return true, err
	}
	if phone, err := registry.ParsePhone(number); err == nil {
		return true, f.exactly("p.phone = $1 AND p.phone <> ''", string(phone))
	}
	rest, birth := yearIn(f.text, f.tx.Today().Year())
	if !strings.ContainsFunc(rest, unicode.IsLetter) {
		return true, nil
	}
	if f.answer.Number, f.text = false, rest; f.query.Birth == calendar.Unknown {
		f.query.Birth = birth
	}
	return false, nil
}

const hitColumns = `SELECT p.person, p.household, p.name, h.branch, h.area, h.file, p.role, p.number, p.birth, p.mother, p.sex, p.dead
	FROM persons p JOIN households h ON h.household = p.household WHERE `

func scanHit(r *store.Row) Hit {
	return Hit{Person: r.ID(), Household: r.ID(), Name: r.Text(), Branch: r.Text(), Area: r.Text(), File: r.Text(), Role: r.Text(), Number: r.Text(),
		Birth: r.Date(), Mother: r.Text(), Sex: registry.Sex(r.Text()), Dead: r.Bool()}
}

// exactly finds by a number, also outside the actor's area. A file's people are
// in their order on the sheet.
func (f *finder) exactly(condition, value string) error {
	found, err := store.All(f.tx, scanHit, hitColumns+condition+" ORDER BY h.branch, h.file, p.position LIMIT 200", value)
	f.answer.Number = true
	for _, h := range found {
		f.add(h)
	}
	return err
}

func (f *finder) add(h Hit) {
	if h.Outside = !f.inside(h.Branch); h.Outside {
		h = Hit{Person: h.Person, Name: h.Name, Branch: h.Branch, Outside: true, Why: h.Why, Parts: h.Parts, score: h.score}
	}
	f.answer.Hits = append(f.answer.Hits, h)
}

func (f *finder) inside(branch string) bool {
	return slices.ContainsFunc(f.areas, func(area string) bool { return geography.Contains(area, branch) })
}

// reserve is how many more are ranked than are shown, since records of one human
// stand together.
func reserve(limit int) int { return 2*limit + 8 }

// byName finds by name.
func (f *finder) byName() error {
	parts := light(f.text, true)
	if len(parts) == 0 {
		return nil
	}
	places, err := f.places()
	if err != nil {
		return err
	}
	if err := f.index.follow(f.tx); err != nil {
		return err
	}
	q, found := f.index.rank(parts, f.query, reserve(f.limit), f.borders(places))
	for _, part := range q.parts {
		f.answer.Asked = append(f.answer.Asked, part.light)
	}
	return f.show(q, found)
}

// borders tells where somebody must live to be found; nil where anywhere will do.
func (f *finder) borders(places []string) func(branch, area string) bool {
	everywhere := f.query.Everywhere || slices.Contains(f.areas, "")
	if everywhere && len(places) == 0 {
		return nil
	}
	return func(branch, area string) bool {
		if !everywhere && !f.inside(branch) {
			return false
		}
		return len(places) == 0 || slices.ContainsFunc(places, func(p string) bool {
			return geography.Contains(p, area) || area == "" && geography.Contains(p, branch)
		})
	}
}

// places are the codes of what a place's name may mean; none for no name.
func (f *finder) places() ([]string, error) {
	name := oneLine(f.query.Place)
	if name == "" {
		return nil, nil
	}
	country, err := geography.At(f.tx, f.tx.Today())
	if err != nil {
		return nil, err
	}
	if area, found := country.Area(name); found {
		return []string{area.Code}, nil
	}
	var codes []string
	for _, kind := range []geography.Kind{geography.Region, geography.District, geography.Municipality} {
		if area, found := country.Find(kind, name, ""); found {
			codes = append(codes, area.Code)
		}
	}
	if body, found := country.FindBody(geography.Branch, name); found {
		codes = append(codes, body.Serves...)
	}
	if len(codes) == 0 {
		return nil, fault.Invalid("search.no_place", "place", name).At("place")
	}
	return codes, nil
}

// show reads the rows of who was found and keeps those that still answer.
func (f *finder) show(q *question, found []ranked) error {
	hits := make([]Hit, len(found))
	args := make([][]any, len(found))
	for i, r := range found {
		args[i] = []any{r.id}
	}
	err := f.tx.Batch(func(n int, r *store.Row) error {
		hits[n] = scanHit(r)
		return r.Err()
	}, hitColumns+"p.person = $1", args)
	for i, h := range hits {
		if h.Person.IsZero() {
			continue // the index is ahead of this snapshot, or the record is gone from it
		}
		if h.score = found[i].score; q.explain(&h) {
			f.add(h)
		}
	}
	return err
}

// linked puts records of one human together, the best of them first, and leaves
// out who is beyond the limit.
func (f *finder) linked() error {
	hits := f.answer.Hits
	of, err := f.same(hits)
	if err != nil {
		return err
	}
	var kept []Hit
	stands := map[id.ID]bool{}
	for _, h := range hits {
		if stands[h.Person] {
			continue
		}
		if len(kept) == f.limit {
			f.answer.More = true
			break
		}
		others, err := f.others(of[h.Person])
		if err != nil {
			return err
		}
		for h.Others = others; len(others) > 0; others = others[1:] {
			stands[others[0].Person] = true
		}
		stands[h.Person] = true
		kept = append(kept, h)
	}
	f.answer.Hits = kept
	return nil
}

// same returns the other records of each who has any.
func (f *finder) same(hits []Hit) (map[id.ID][]id.ID, error) {
	args := make([][]any, len(hits))
	for i := range hits {
		args[i] = []any{hits[i].Person}
	}
	of := map[id.ID][]id.ID{}
	err := f.tx.Batch(func(n int, _ *store.Row) error {
		of[hits[n].Person] = nil
		return nil
	}, "SELECT 1 FROM links WHERE until = 0 AND (a = $1 OR b = $1) LIMIT 1", args)
	if err != nil {
		return nil, err
	}
	for person := range of {
		if of[person], err = matching.SameAs(f.tx, person); err != nil {
			return nil, err
		}
	}
	return of, nil
}

// others are the other records of a human.
func (f *finder) others(same []id.ID) ([]Other, error) {
	args := make([][]any, len(same))
	for i, p := range same {
		args[i] = []any{p}
	}
	var others []Other
	err := f.tx.Batch(func(_ int, r *store.Row) error {
		h := scanHit(r)
		o := Other{Person: h.Person, Household: h.Household, Branch: h.Branch, File: h.File}
		if !f.inside(h.Branch) {
			o = Other{Person: h.Person, Branch: h.Branch}
		}
		others = append(others, o)
		return r.Err()
	}, hitColumns+"p.person = $1", args)
	return others, err
}
