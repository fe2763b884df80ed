package strategy

import (
	"context"
	"slices"
	"strings"

	"sanad/delivery/policy"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/geography"
	"sanad/platform/money"
)

// row is what is kept of one household: all that any table asks.
type row struct {
	income     int64 // dirhams a month, of all members; unstated where nobody's is known
	amounts    [2]int64
	persons    uint8 // alive
	female     int8  // the head: 1 a woman, 0 a man, -1 unknown
	disability bool
	decile     uint8  // 1 to 10; 0 where the income is unknown
	area       uint16 // place in rows.areas
}

// unstated is the income of a household of which nobody said what it earns.
const unstated = -1

// rows are the households of one comparison.
type rows struct {
	list  []row
	areas []string       // district's codes
	sums  []money.Amount // of each case, over all households
}

// collector gathers the rows of one goroutine.
type collector struct {
	on    calendar.Date
	list  []row
	areas []string
	sums  []money.Amount // due in each case, over all households
}

// collect decides every household in each case. The first two cases' amounts are
// kept by household, all cases' are summed up.
func collect(ctx context.Context, households Households, cases []policy.Case, month calendar.Month) (*rows, error) {
	return Source{Households: households}.collect(ctx, cases, month)
}

func (s Source) collect(ctx context.Context, cases []policy.Case, month calendar.Month) (*rows, error) {
	all, err := s.gather(ctx, cases, month)
	if err != nil {
		return nil, err
	}
	r := &rows{}
	for _, c := range all {
		r.take(c)
	}
	r.deciles()
	return r, nil
}

func gather(ctx context.Context, households Households, cases []policy.Case, month calendar.Month) ([]*collector, error) {
	var all []*collector
	err := households(ctx, cases, func() policy.Taker {
		c := &collector{on: month.First(), sums: make([]money.Amount, len(cases))}
		all = append(all, c)
		return c.take
	})
	return all, err
}

func (c *collector) take(sheet *registry.Sheet, lines [][]policy.Line) error {
	r := c.describe(sheet)
	for i := range lines {
		var sum money.Amount
		for l := range lines[i] {
			sum += lines[i][l].Amount
		}
		if c.sums[i] += sum; i < len(r.amounts) {
			r.amounts[i] = int64(sum)
		}
	}
	c.list = append(c.list, r)
	return nil
}

// describe is what a household is, as far as tables ask. What nobody said is
// unknown, also an income.
func (c *collector) describe(sheet *registry.Sheet) row {
	r := row{income: unstated, female: -1}
	for i := range sheet.Members {
		c.member(sheet, &sheet.Members[i], &r)
	}
	area := ""
	if fact, known := sheet.At(sheet.Facts, registry.Area, c.on); known {
		area = geography.DistrictOf(fact.Value.Text)
	}
	at := slices.Index(c.areas, area)
	if at < 0 {
		at = len(c.areas)
		c.areas = append(c.areas, area)
	}
	r.area = uint16(at)
	return r
}

// member adds one person, in one walk over her facts.
func (c *collector) member(sheet *registry.Sheet, m *registry.Member, r *row) {
	income, head, female := int64(unstated), false, int8(-1)
	for i := range m.Facts {
		f := &m.Facts[i]
		switch f.Name {
		case registry.Death:
			if f.Value.Number == 1 && (f.Value.Date == calendar.Unknown || f.Value.Date.First() <= c.on) {
				return
			}
		case registry.Income:
			if fact, known := sheet.At(m.Facts, registry.Income, c.on); known {
				income = fact.Value.Number
			}
		case registry.Role:
			head = f.To == 0 && (f.Value.Text == "head" || f.Value.Text == "guardian")
		case registry.SexFact:
			female = 0
			if f.Value.Text == string(registry.Female) {
				female = 1
			}
		case registry.Disability:
			r.disability = r.disability || f.Value.Text != "" && f.Value.Text != "none"
		}
	}
	r.persons++
	if head && r.female < 0 {
		r.female = female
	}
	if income >= 0 {
		r.income = max(r.income, 0) + income
	}
}

// take adds one goroutine's rows.
func (r *rows) take(c *collector) {
	places := make([]uint16, len(c.areas))
	for i, code := range c.areas {
		at := slices.Index(r.areas, code)
		if at < 0 {
			at = len(r.areas)
			r.areas = append(r.areas, code)
		}
		places[i] = uint16(at)
	}
	for i := range c.list {
		c.list[i].area = places[c.list[i].area]
	}
	if r.sums == nil {
		r.sums = make([]money.Amount, len(c.sums))
	}
	for i, sum := range c.sums {
		r.sums[i] += sum
	}
	r.list = append(r.list, c.list...)
	c.list = nil
}

// deciles gives every household the decile of its income a head, counted in
// persons. Households with one income a head share a decile.
func (r *rows) deciles() {
	order := make([]int, 0, len(r.list))
	persons := 0
	for i := range r.list {
		if r.list[i].income >= 0 && r.list[i].persons > 0 {
			order = append(order, i)
			persons += int(r.list[i].persons)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return compareHeads(&r.list[a], &r.list[b]) })
	before, decile := 0, 1
	for n, i := range order {
		if n == 0 || compareHeads(&r.list[order[n-1]], &r.list[i]) != 0 {
			decile = min(before*10/max(persons, 1)+1, 10)
		}
		r.list[i].decile = uint8(decile)
		before += int(r.list[i].persons)
	}
}

// compareHeads orders households by their income a head, exactly.
func compareHeads(a, b *row) int {
	x, y := a.income*int64(b.persons), b.income*int64(a.persons)
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// report counts all groups.
func (r *rows) report() Report {
	var total Report
	groups := map[string]map[string]*Change{}
	for _, by := range Groupings {
		groups[by] = map[string]*Change{}
	}
	for i := range r.list {
		h := &r.list[i]
		before, after := money.Amount(h.amounts[0]), money.Amount(h.amounts[1])
		total.Change.add(before, after)
		for _, by := range Groupings {
			key := r.key(by, h)
			c := groups[by][key]
			if c == nil {
				c = new(Change)
				groups[by][key] = c
			}
			c.add(before, after)
		}
	}
	for _, by := range Groupings {
		for _, key := range orderedKeys(groups[by]) {
			total.Groups = append(total.Groups, Group{By: by, Key: key, Change: *groups[by][key]})
		}
	}
	return total
}

// key is the group of a household.
func (r *rows) key(by string, h *row) string {
	switch by {
	case ByArea:
		return r.areas[h.area]
	case BySexOfHead:
		return [...]string{"unknown", "male", "female"}[h.female+1]
	case ByDisability:
		if h.disability {
			return "yes"
		}
		return "no"
	case BySize:
		return [...]string{"0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10+"}[min(h.persons, 10)]
	}
	return [...]string{"unknown", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10"}[h.decile]
}

// orderedKeys are keys in the order in which people read them: numbers by size.
func orderedKeys(groups map[string]*Change) []string {
	keys := make([]string, 0, len(groups))
	for key := range groups {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b string) int {
		if len(a) != len(b) && a != "" && b != "" && a[0] <= '9' && b[0] <= '9' {
			return len(a) - len(b)
		}
		return strings.Compare(a, b)
	})
	return keys
}
