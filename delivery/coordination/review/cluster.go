package review

import (
	"cmp"
	"slices"

	"sanad/delivery/matching"
	"sanad/platform/access"
	"sanad/platform/id"
	"sanad/platform/store"
)

// clusterLimit is how many records are looked at together.
const clusterLimit = 24

// Bond is what holds two records of a cluster together, or keeps them apart.
type Bond string

// The bonds. The last three are contradictions: two records with one of them are
// never put together by what lies between them.
const (
	Linked       Bond = "linked"        // a link stands
	Alike        Bond = "alike"         // the search found them alike
	ToldApart    Bond = "told_apart"    // a person said that they are two
	TwoNumbers   Bond = "two_numbers"   // two national numbers
	OneHousehold Bond = "one_household" // two living members of one household
)

// Contradicts reports whether the bond keeps two records apart.
func (b Bond) Contradicts() bool { return b == ToldApart || b == TwoNumbers || b == OneHousehold }

// Edge joins two members of a cluster, by their places in it.
type Edge struct {
	A, B        int
	Bond        Bond
	Probability int64 // of what is alike, in millionths
}

// Cluster is every record that may be one human with the first, and the groups
// into which it falls when no contradiction is bridged.
type Cluster struct {
	Members []Side
	Edges   []Edge
	Groups  [][]int // places of members; the largest first
}

// ClusterOf gathers the records that links and likenesses reach from one, at most
// two dozen. What is alike is put together from the likeliest on; a pair that
// would bring a contradiction into a group is left apart. It needs
// access.LinkIdentity over the country.
func ClusterOf(tx *store.Tx, person id.ID) (Cluster, error) {
	if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
		return Cluster{}, err
	}
	var c Cluster
	first, err := sideOf(tx, person)
	if err != nil {
		return c, err
	}
	c.Members = []Side{first}
	for i := 0; i < len(c.Members); i++ {
		if err := c.reach(tx, i); err != nil {
			return c, err
		}
	}
	if err := c.contradictions(tx); err != nil {
		return c, err
	}
	c.group()
	return c, nil
}

// place finds a record in the cluster, adding it where there is room; -1 where
// there is none.
func (c *Cluster) place(tx *store.Tx, person id.ID) (int, error) {
	if at := slices.IndexFunc(c.Members, func(s Side) bool { return s.Person == person }); at >= 0 || len(c.Members) >= clusterLimit {
		return at, nil
	}
	s, err := sideOf(tx, person)
	c.Members = append(c.Members, s)
	return len(c.Members) - 1, err
}

// reach adds what is linked to a member, and what is like her.
func (c *Cluster) reach(tx *store.Tx, at int) error {
	me := c.Members[at].Person
	linked, err := store.All(tx, (*store.Row).ID, `SELECT b FROM links WHERE a = $1 AND until = 0 UNION SELECT a FROM links WHERE b = $1 AND until = 0 ORDER BY 1`, me)
	if err != nil {
		return err
	}
	for _, other := range linked {
		if err := c.join(tx, at, other, Linked, 1_000_000); err != nil {
			return err
		}
	}
	alike, err := matching.MatchesOf(tx, me)
	if err != nil {
		return err
	}
	for _, m := range alike {
		other := m.A
		if other == me {
			other = m.B
		}
		if err := c.join(tx, at, other, Alike, m.Probability); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cluster) join(tx *store.Tx, at int, other id.ID, bond Bond, probability int64) error {
	there, err := c.place(tx, other)
	if err != nil || there < 0 {
		return err
	}
	a, b := min(at, there), max(at, there)
	if !slices.ContainsFunc(c.Edges, func(e Edge) bool { return e.A == a && e.B == b }) {
		c.Edges = append(c.Edges, Edge{a, b, bond, probability})
	}
	return nil
}

// contradictions finds the pairs that cannot be one human.
func (c *Cluster) contradictions(tx *store.Tx) error {
	for a := range c.Members {
		for b := a + 1; b < len(c.Members); b++ {
			x, y := &c.Members[a], &c.Members[b]
			told, err := matching.ToldApart(tx, x.Person, y.Person)
			if err != nil {
				return err
			}
			switch {
			case told:
				c.Edges = append(c.Edges, Edge{A: a, B: b, Bond: ToldApart})
			case x.Number != "" && y.Number != "" && x.Number != y.Number:
				c.Edges = append(c.Edges, Edge{A: a, B: b, Bond: TwoNumbers})
			case x.Household == y.Household:
				c.Edges = append(c.Edges, Edge{A: a, B: b, Bond: OneHousehold})
			}
		}
	}
	return nil
}

// group puts members together, links first, then from the likeliest likeness on.
func (c *Cluster) group() {
	of := make([]int, len(c.Members))
	for i := range of {
		of[i] = i
	}
	order := slices.DeleteFunc(slices.Clone(c.Edges), func(e Edge) bool { return e.Bond.Contradicts() })
	slices.SortStableFunc(order, func(x, y Edge) int { return cmp.Compare(y.weight(), x.weight()) })
	for _, e := range order {
		one, other := of[e.A], of[e.B]
		if one == other || e.Bond != Linked && c.against(of, one, other) {
			continue
		}
		for i := range of {
			if of[i] == other {
				of[i] = one
			}
		}
	}
	groups := map[int][]int{}
	for i, g := range of {
		groups[g] = append(groups[g], i)
	}
	for _, g := range groups {
		c.Groups = append(c.Groups, g)
	}
	slices.SortFunc(c.Groups, func(x, y []int) int { return cmp.Or(cmp.Compare(len(y), len(x)), cmp.Compare(x[0], y[0])) })
}

func (e Edge) weight() int64 {
	if e.Bond == Linked {
		return 2_000_000
	}
	return e.Probability
}

// against reports whether a contradiction lies between two groups.
func (c *Cluster) against(of []int, one, other int) bool {
	return slices.ContainsFunc(c.Edges, func(e Edge) bool {
		return e.Bond.Contradicts() && (of[e.A] == one && of[e.B] == other || of[e.A] == other && of[e.B] == one)
	})
}
