package population

import (
	"math/bits"
	"slices"

	"sanad/platform/money"
)

// blockSize is how many households are drawn together: so many share the serials
// of their national numbers.
const blockSize = 16

// drawer draws households. It is used by one goroutine.
type drawer struct {
	*Settings
	places choice
	chance
	day struct{ year, monthDay int }

	others [blockSize]Household // the block whose families come a second time
	births []uint32             // cohorts of a block's persons, see numbers
}

func newDrawer(s *Settings) *drawer {
	d := &drawer{Settings: s}
	shown := s.places
	if s.Branches > 0 {
		shown = shown[:min(s.Branches, len(shown))]
	}
	weights := make([]int, len(shown))
	for i := range shown {
		weights[i] = shown[i].people
	}
	d.places = newChoice(weights)
	d.day.year, d.day.monthDay = s.Day.Year(), s.Day.Month()*100+s.Day.DayOfMonth()
	return d
}

// block draws the households of one block into as many places, with what repeats
// those of an earlier block.
func (d *drawer) block(b int, into []Household) {
	d.plain(b, into)
	if d.Duplicates > 0 && b > 0 {
		d.repeat(b, into)
	}
}

// plain draws a block's families without regard to duplicates.
func (d *drawer) plain(b int, into []Household) {
	d.births = d.births[:0]
	for n := range into {
		h := &into[n]
		*h = Household{Index: b*blockSize + n, Of: -1, Members: h.Members[:0]}
		d.household(h)
		d.numbers(b, h)
	}
}

// household draws one family.
func (d *drawer) household(h *Household) {
	d.at(d.Seed, forFamily, uint64(h.Index))
	at := d.home(h)
	size := d.tables.size.draw(&d.chance) + 1
	d.members(h, size)
	d.called(h)
	d.means(h)
	for i := range h.Members {
		d.circumstances(h, i, at)
	}
}

// home draws where a family lives.
func (d *drawer) home(h *Household) *place {
	at := &d.Settings.places[d.places.draw(&d.chance)]
	area := &at.areas[d.below(len(at.areas))]
	h.Branch, h.BranchName, h.District = at.code, at.name, at.district
	h.Area, h.AreaName = area.Code, area.NameAr
	h.Mahalla = mahallas[d.below(len(mahallas))]
	h.Registration = 1000 + d.below(899_000)
	h.Housing = d.tables.housings[d.tables.housing.draw(&d.chance)]
	h.Displacement, h.Undetermined = "resident", d.happens(at.undetermined*1000)
	switch {
	case d.happens(at.displaced * 1000):
		h.Displacement = "displaced"
		if d.happens(d.rates.displacedRenting) {
			h.Housing = "rented"
		}
	case d.happens(at.returnees * 1000):
		h.Displacement = "returnee"
	}
	return at
}

// mahallas are names that quarters have everywhere; there is no list of them yet.
var mahallas = []string{"المركز", "النصر", "الشهداء", "السلام", "الزيتونة", "الوحدة", "الحديقة", "الغربية", "الشرقية", "الفتح", "الكرامة", "الصفصاف"}

// income draws a household's income a month: log-normal, to five dinars.
func (d *drawer) income() money.Amount {
	spread := d.rates.incomeSpread
	x := d.normal()*spread/1000 - spread*spread/2*65536/million
	dinars := int64(d.rates.income) * int64(exponential(x)) >> 16
	return money.Amount((dinars + 2) / 5 * 5 * 1000)
}

// exponential is e to the x; both are counted in 1/65,536.
func exponential(x int) int {
	base := int64(1) << 32
	step := int64(x) << 16 >> 10 // x/1024
	base += step + (step>>16*step>>16)>>1
	power := uint64(base)
	for range 10 {
		high, low := bits.Mul64(power, power)
		power = high<<32 | low>>32
	}
	return int(power >> 16)
}

// means gives the household's income to those who earn it: the head and men
// first, then whoever is of age, until as many earn as were drawn.
func (d *drawer) means(h *Household) {
	income, earners := d.income(), d.tables.earners.draw(&d.chance)
	var earning [largest]int
	n := 0
	for pass := range 2 {
		for i := range h.Members {
			m := &h.Members[i]
			if n < earners && m.Job == "" && d.works(m, i, pass) {
				m.Job = d.tables.works[d.tables.work.draw(&d.chance)]
				m.Salaried = m.Job != "self_employed"
				earning[n] = i
				n++
			}
		}
	}
	if n == 0 {
		d.unearned(&h.Members[0], income)
		return
	}
	rest := income
	for k := n - 1; k > 0; k-- {
		part := income * money.Amount(d.between(15, 90/n)) / 100 / 5000 * 5000
		h.Members[earning[k]].Income = part
		rest -= part
	}
	h.Members[earning[0]].Income = rest
}

// works draws whether a member may be an earner; in the second pass whoever is
// of age may.
func (d *drawer) works(m *Person, place, pass int) bool {
	switch {
	case m.Age < 20 && place > 0 || m.Age > 64:
		return false
	case pass > 0:
		return true
	}
	return place == 0 || !m.Female || d.below(3) == 0
}

// unearned gives the head what a household has that nobody earns: a pension, a
// dead husband's pension, rents.
func (d *drawer) unearned(head *Person, income money.Amount) {
	head.Income = income
	head.Job = "not_working"
	if head.Age >= 58 || head.Marital == "widowed" {
		head.Job, head.Salaried = "pensioner", true
	}
}

// numbers gives a block's persons their national numbers. The sixteen households
// of a block share eleven serials of each sex and year of birth, so that no
// number is given twice although households are drawn apart.
func (d *drawer) numbers(b int, h *Household) {
	for i := range h.Members {
		m := &h.Members[i]
		cohort := uint32(m.Born.Year())<<1 | uint32(sexDigit(m.Female)-1)
		rank := 0
		for _, other := range d.births {
			if other == cohort {
				rank++
			}
		}
		d.births = append(d.births, cohort)
		m.Human = int64(h.Index)*blockSize + int64(i)
		if m.Number == 0 || rank >= serialsShared {
			m.Number = 0
			continue
		}
		m.Number = number(m.Female, m.Born.Year(), b*serialsShared+rank)
	}
}

const serialsShared = 11

// number is a national number whose serial lies at the top of the range: real
// ones are far from it. Serials of one million are scrambled among themselves,
// each sex and year in its own way, so that a family's numbers are unlike.
func number(female bool, year, n int) uint64 {
	scrambled := (n%million*654_321 + year*77_773 + sexDigit(female)*333_331) % million
	serial := 9_999_999 - n/million*million - scrambled
	return uint64(sexDigit(female))*100_000_000_000 + uint64(year)*10_000_000 + uint64(serial)
}

func sexDigit(female bool) int {
	if female {
		return 2
	}
	return 1
}

// phone is a telephone of its own for every place in every household.
func phone(household, slot int) uint64 {
	n := uint64(household*4+slot%4) * 7_654_321 % 50_000_000
	return 910_000_000 + n/10_000_000*10_000_000 + n%10_000_000
}

// byAge is the figure of the band that an age falls into.
func byAge(ages, figures []int, age int) int {
	i, found := slices.BinarySearch(ages, age)
	if !found {
		i--
	}
	return figures[max(i, 0)]
}
