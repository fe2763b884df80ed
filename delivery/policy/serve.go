package policy

import (
	"cmp"
	"slices"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/money"
)

// supply is what is there to be given; a negative number is no bound.
type supply struct {
	budget money.Amount
	places int64
}

const noBound = -1

// takes reports whether there is enough for one more, and takes it.
func (s *supply) takes(cost money.Amount) bool {
	if s.budget != noBound && cost > s.budget || s.places == 0 {
		return false
	}
	if s.budget != noBound {
		s.budget -= cost
	}
	if s.places > 0 {
		s.places--
	}
	return true
}

// part is a share of a supply, rounded down.
func (s supply) part(millionths int64) supply {
	part := supply{noBound, noBound}
	if s.budget != noBound {
		part.budget = money.Amount(int64(s.budget)/1_000_000*millionths + int64(s.budget)%1_000_000*millionths/1_000_000)
	}
	if s.places != noBound {
		part.places = s.places * millionths / 1_000_000
	}
	return part
}

// serve orders the candidates and says who is served; by household.
func (r *run) serve() (map[id.ID][]Place, error) {
	d, err := newDecider(r.programme, r.month)
	if err != nil {
		return nil, err
	}
	ranking := r.programme.Ranking
	there := supply{noBound, noBound}
	if ranking.Budget != "" {
		there.budget = max(0, d.parameter(ranking.Budget).Money()-r.given.used)
	}
	if ranking.Places != "" {
		there.places = max(0, d.parameter(ranking.Places).Number()-r.given.served)
	}
	if int64(there.budget) > int64(1)<<52 {
		return nil, fault.Conflict("policy.budget_too_large")
	}
	places := allocate(r.candidates, ranking.Reserved, there)
	by := make(map[id.ID][]Place, len(places))
	for i := range places {
		household := r.candidates[i].household
		by[household] = append(by[household], places[i])
	}
	return by, nil
}

// allocate puts candidates into their order and gives each its place. Reserves
// take first what they may, in order, from those who belong to them; what they
// leave is for all. Nobody is passed over: the first for whom there is not
// enough ends the giving. The answer depends on nothing but the candidates.
func allocate(candidates []candidate, reserved []Reserve, there supply) []Place {
	slices.SortFunc(candidates, func(a, b candidate) int {
		return cmp.Or(slices.Compare(a.keys, b.keys), a.household.Compare(b.household), a.unit.Compare(b.unit))
	})
	places := make([]Place, len(candidates))
	for i, c := range candidates {
		places[i] = Place{Person: c.unit, Position: int64(i + 1), Of: int64(len(candidates)), Value: c.value}
	}
	rest := there
	for k := range reserved {
		part := there.part(reserved[k].Share)
		for i, c := range candidates {
			if places[i].Served || c.reserves&(1<<k) == 0 {
				continue
			}
			if !part.takes(c.cost) || !rest.takes(c.cost) {
				break
			}
			places[i].Served, places[i].Reserved = true, reserved[k].ID
		}
	}
	for i, c := range candidates {
		if places[i].Served {
			continue
		}
		if !rest.takes(c.cost) {
			break
		}
		places[i].Served = true
	}
	return places
}
