package intake

import (
	"cmp"
	"slices"
	"strings"

	"sanad/delivery/matching"
	"sanad/platform/access"
	"sanad/platform/id"
	"sanad/platform/store"
)

// RowPair is two rows of imported files that are, or may be, one person.
type RowPair struct {
	A, B        RowAt
	Probability int64 // in millionths; a million where import found it exactly or a person decided
	Verdict     matching.Verdict
}

// RowAt is a row of a file, counted from 1 as intake counts rows.
type RowAt struct {
	File string
	Row  int
}

func (r RowAt) compare(o RowAt) int {
	return cmp.Or(strings.Compare(r.File, o.File), cmp.Compare(r.Row, o.Row))
}

// RowPairs returns every pair of imported rows that is one person, by record, by
// link or by the search for duplicates, and every pair that may be; in the order
// of files and rows. It needs access.LinkIdentity over the country.
func RowPairs(tx *store.Tx) ([]RowPair, error) {
	if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
		return nil, err
	}
	rows, err := rowsByPerson(tx)
	if err != nil {
		return nil, err
	}
	p := rowPairs{rows: rows, cluster: map[id.ID][]id.ID{}, found: map[[2]RowAt]RowPair{}}
	clusters, err := matching.Clusters(tx)
	if err != nil {
		return nil, err
	}
	for _, persons := range clusters {
		for _, person := range persons {
			p.cluster[person] = persons
		}
	}
	for person := range rows {
		p.add(person, person, 1_000_000, matching.Same)
	}
	err = matching.EachMatch(tx, func(m matching.Match) error {
		p.add(m.A, m.B, m.Probability, m.Verdict)
		return nil
	})
	return p.sorted(), err
}

// rowsByPerson are the rows of imports that stand, by the person they became.
func rowsByPerson(tx *store.Tx) (map[id.ID][]RowAt, error) {
	rows := map[id.ID][]RowAt{}
	err := tx.Each(func(r *store.Row) error {
		person := r.ID()
		rows[person] = append(rows[person], RowAt{r.Text(), int(r.Int())})
		return r.Err()
	}, "SELECT r.person, i.file, r.number FROM imported_rows r JOIN imports i ON i.import = r.import AND i.round = r.round WHERE i.state <> $1", Reverted)
	return rows, err
}

type rowPairs struct {
	rows    map[id.ID][]RowAt
	cluster map[id.ID][]id.ID
	found   map[[2]RowAt]RowPair
}

// add adds the pairs between the rows of two persons and of whom they are linked
// with; the surer word about a pair stays.
func (p *rowPairs) add(a, b id.ID, probability int64, verdict matching.Verdict) {
	for _, x := range p.all(a) {
		for _, y := range p.all(b) {
			if x.compare(y) >= 0 {
				if a == b || x == y {
					continue
				}
				x, y = y, x
			}
			key := [2]RowAt{x, y}
			if known, there := p.found[key]; !there || known.Probability < probability {
				p.found[key] = RowPair{A: x, B: y, Probability: probability, Verdict: verdict}
			}
		}
	}
}

func (p *rowPairs) all(person id.ID) []RowAt {
	persons := p.cluster[person]
	if persons == nil {
		return p.rows[person]
	}
	var rows []RowAt
	for _, o := range persons {
		rows = append(rows, p.rows[o]...)
	}
	return rows
}

func (p *rowPairs) sorted() []RowPair {
	list := make([]RowPair, 0, len(p.found))
	for _, pair := range p.found {
		list = append(list, pair)
	}
	slices.SortFunc(list, func(a, b RowPair) int { return cmp.Or(a.A.compare(b.A), a.B.compare(b.B)) })
	return list
}
