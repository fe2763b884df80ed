package population

import (
	"strings"

	"sanad/platform/calendar"
)

// Errors are what a record that repeats another has wrong, or lacks.
type Errors uint32

// The mistakes of clerks.
const (
	Respelled      Errors = 1 << iota // by another clerk's habits
	PartDropped                       // the grandfather's name is left out
	Mistyped                          // a letter too many, too few, or another
	Latin                             // in Latin letters
	HusbandsFamily                    // a wife under her husband's family name
	MotherShort
	NoMother
	DaySwapped // day and month exchanged
	YearOnly
	FirstJanuary
	DateSlip // one figure of the date is another
	NoNumber
	NumberSlip
	NumberSwapped // two figures exchanged
	OtherPhone
	ErrorKinds // how many bits there are: not an error itself
)

// errorWords are the errors as truth files write them, by place.
var errorWords = []string{"respelled", "part_dropped", "mistyped", "latin", "husbands_family", "mother_short", "no_mother", "day_swapped",
	"year_only", "first_january", "date_slip", "no_number", "number_slip", "number_swapped", "other_phone"}

// String lists the errors, apart by a bar.
func (e Errors) String() string {
	var said []string
	for i, word := range errorWords {
		if e&(1<<i) != 0 {
			said = append(said, word)
		}
	}
	return strings.Join(said, "|")
}

// errorWeights are how often each happens among others: assumed, after what the
// branches' lists of the sample hold.
var errorWeights = newChoice([]int{26, 12, 11, 4, 5, 4, 6, 8, 7, 6, 6, 10, 6, 3, 9})

// How the repeated records are divided, in hundredths: families that stand in two
// lists, then single persons of whom two families speak. A family has 5.2
// records; of the single ones that are drawn, half find no family to fit into.
const (
	movedShare   = 75
	familySize   = 5200 // thousandths
	singleSize   = 660
	cousinsShare = 15_000 // millionths of households
)

// kindOf draws how a household came about.
func (d *drawer) kindOf(index int) Kind {
	d.at(d.Seed, forKind, uint64(index))
	single := d.Duplicates * (100 - movedShare) / 100
	moved := d.Duplicates * movedShare / 100 * million / (million - single)
	singles := single * familySize / singleSize * (million / 1000) / ((million - single) / 1000)
	switch n := d.below(million); {
	case n < moved:
		return Moved
	case n < moved+singles*42/100:
		return Parents
	case n < moved+singles*76/100:
		return Grandsons
	case n < moved+singles:
		return Brothers
	case n >= million-cousinsShare:
		return Cousins
	}
	return Plain
}

// repeat makes some households of a block repeat those of one earlier block,
// each another one.
func (d *drawer) repeat(b int, into []Household) {
	other := int(mix(d.Seed^uint64(b)*0x9E3779B97F4A7C15) % uint64(b))
	drawn := false
	var used [blockSize]bool
	for n := range into {
		h := &into[n]
		kind := d.kindOf(h.Index)
		if kind == Plain {
			continue
		}
		if !drawn {
			d.plain(other, d.others[:])
			drawn = true
			for i := range used { // what is itself made of another is not repeated
				used[i] = d.kindOf(d.others[i].Index) != Plain
			}
		}
		for range 3 {
			if at := d.partner(h, kind, n, &used); at >= 0 {
				used[at], h.Kind, h.Of = true, kind, d.others[at].Index
				break
			}
			if kind = nextSingle[kind]; kind == Plain {
				break
			}
		}
	}
}

// nextSingle is what a household is tried as that could not be of a kind: its
// head may be too young for a grandfather.
var nextSingle = [...]Kind{Parents: Grandsons, Grandsons: Brothers, Brothers: Parents, Cousins: Plain}

// partner joins a household to the first of the others to which it can be joined,
// and returns its place, -1 for none.
func (d *drawer) partner(h *Household, kind Kind, from int, used *[blockSize]bool) int {
	for i := range d.others {
		at := (from + i) % blockSize
		if !used[at] && d.join(h, &d.others[at], kind) {
			return at
		}
	}
	return -1
}

// join makes h what kind says towards another family, and reports whether it
// could.
func (d *drawer) join(h, of *Household, kind Kind) bool {
	d.at(d.Seed, forErrors, uint64(h.Index))
	switch kind {
	case Moved:
		d.moved(h, of)
		return true
	case Parents:
		return d.daughterOf(h, of)
	case Grandsons:
		return d.grandfatherOf(h, of)
	case Brothers:
		return d.brotherOf(h, of)
	}
	return d.cousinOf(h, of)
}

// moved lists the same family once more, at another branch: the home is new,
// the people are the same, and one of them may be missing.
func (d *drawer) moved(h, of *Household) {
	registration := of.Registration
	if d.below(5) == 0 {
		registration = h.Registration
	}
	members := append(h.Members[:0], of.Members...)
	h.Registration, h.Members = registration, members
	if len(members) > 2 && d.below(10) == 0 {
		h.Members = members[:len(members)-1]
	}
	for i := range h.Members {
		d.err(h, &h.Members[i])
	}
}

// daughterOf lists the other family's wife as a daughter still at home.
func (d *drawer) daughterOf(h, of *Household) bool {
	head := &h.Members[0]
	if len(of.Members) < 2 || of.Members[1].Role != "wife" || of.Members[1].Country != "" || head.Female || head.Age < of.Members[1].Age+18 {
		return false
	}
	her := of.Members[1]
	d.rename(h, her.Name[1], her.Name[2], her.Name[3])
	if len(h.Members) > 1 && h.Members[1].Role == "wife" {
		h.Members[1].Name = her.Mother
		for i := range h.Members {
			if m := &h.Members[i]; m.Role == "son" || m.Role == "daughter" {
				m.Mother = her.Mother
			}
		}
	}
	d.guest(h, her, "daughter")
	return true
}

// grandfatherOf lists children of the other family as grandchildren.
func (d *drawer) grandfatherOf(h, of *Household) bool {
	head, father := &h.Members[0], &of.Members[0]
	if head.Female || father.Female || father.Marital != "married" || head.Age < father.Age+20 {
		return false
	}
	taken := 0
	for i := range of.Members {
		child := &of.Members[i]
		if taken == 2 || child.Role != "son" && child.Role != "daughter" || child.Age > 16 {
			continue
		}
		if taken == 0 {
			d.rename(h, father.Name[1], father.Name[2], father.Name[3])
		}
		role := "grandson"
		if child.Female {
			role = "granddaughter"
		}
		d.guest(h, *child, role)
		taken++
	}
	return taken > 0
}

// brotherOf lists the other family's grandmother, or makes its head's mother one.
func (d *drawer) brotherOf(h, of *Household) bool {
	head, brother := &h.Members[0], &of.Members[0]
	if head.Female || brother.Female {
		return false
	}
	for i := range of.Members {
		if of.Members[i].Role != "mother" || of.Members[i].Age < head.Age+15 {
			continue
		}
		for k := range h.Members {
			if h.Members[k].Role == "mother" || h.Members[k].Role == "father" {
				return false
			}
		}
		d.rename(h, head.Name[0], brother.Name[1], brother.Name[3])
		head.Mother = of.Members[i].Name
		d.guest(h, of.Members[i], "mother")
		return true
	}
	return false
}

// cousinOf gives one child of the family the four names of another's child: two
// humans who share even the family name and the grandfather's.
func (d *drawer) cousinOf(h, of *Household) bool {
	mine, theirs := childOf(h), childOf(of)
	if mine == nil || theirs == nil || h.Members[0].Female || of.Members[0].Female {
		return false
	}
	d.rename(h, of.Members[0].Name[0], of.Members[0].Name[1], of.Members[0].Name[3])
	if mine.Female != theirs.Female {
		mine.Number = 0 // it carries the sex
	}
	mine.Name, mine.Female, mine.Role, mine.Like = theirs.Name, theirs.Female, theirs.Role, theirs.Human
	return true
}

// childOf is the family's first child, nil where there is none.
func childOf(h *Household) *Person {
	for i := range h.Members {
		if m := &h.Members[i]; m.Role == "son" || m.Role == "daughter" {
			return m
		}
	}
	return nil
}

// rename gives the head and his children other names.
func (d *drawer) rename(h *Household, own, father, family *name) {
	head := &h.Members[0]
	old := head.Name
	head.Name[0], head.Name[1], head.Name[3] = own, father, family
	for i := range h.Members {
		m := &h.Members[i]
		switch m.Role {
		case "son", "daughter":
			m.Name[1], m.Name[2], m.Name[3] = own, father, family
		case "grandson", "granddaughter":
			m.Name[2], m.Name[3] = own, family
		case "father", "brother", "sister":
			if m.Name[3] == old[3] {
				m.Name[3] = family
			}
			if m.Role == "father" {
				m.Name[0] = father
			} else {
				m.Name[1] = father
			}
		}
	}
}

// guest lists a person of another household in this one too.
func (d *drawer) guest(h *Household, m Person, role string) {
	m.Role, m.Income, m.Account = role, 0, 0
	if role == "daughter" {
		m.Marital = "single"
	}
	h.Members = append(h.Members, m)
	d.err(h, &h.Members[len(h.Members)-1])
}

// err makes the mistakes of a second clerk: none in a quarter of the records,
// mostly one or two.
func (d *drawer) err(h *Household, m *Person) {
	m.spelling = d.Uint64()
	n := [...]int{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3}[d.below(20)]
	for range n {
		d.mistake(h, m, Errors(1)<<errorWeights.draw(&d.chance))
	}
}

// mistake makes one mistake, where it can be made.
func (d *drawer) mistake(h *Household, m *Person, e Errors) {
	switch e {
	case HusbandsFamily:
		if m.Role != "wife" || h.Members[0].Female {
			return
		}
		m.Name[3] = h.Members[0].Name[3]
	case DaySwapped, YearOnly, FirstJanuary, DateSlip:
		if !d.misdate(m, e) {
			return
		}
	case NoNumber, NumberSlip, NumberSwapped:
		if !d.misnumber(m, e) {
			return
		}
	case OtherPhone:
		if m.Phone == 0 {
			return
		}
		m.Phone = phone(h.Index, 3)
	}
	m.Errors |= e
}

// misdate writes the birth wrongly, once.
func (d *drawer) misdate(m *Person, e Errors) bool {
	day, month := m.Born.DayOfMonth(), m.Born.Month()
	if m.Errors&(DaySwapped|YearOnly|FirstJanuary|DateSlip) != 0 || day == 0 {
		return false
	}
	wrong := m.Born
	switch e {
	case DaySwapped:
		if day > 12 || day == month {
			return false
		}
		wrong = calendar.Of(m.Born.Year(), day, month)
	case YearOnly:
		wrong = calendar.Of(m.Born.Year(), 0, 0)
	case FirstJanuary:
		wrong = calendar.Of(m.Born.Year(), 1, 1)
	case DateSlip:
		wrong = [...]calendar.Date{m.Born + 1, m.Born - 1, m.Born + 10, m.Born - 10, m.Born + 10_000, m.Born - 10_000, m.Born + 100, m.Born - 100}[d.below(8)]
	}
	if wrong == m.Born || !wrong.Valid() || wrong > d.Day {
		return false
	}
	m.Born = wrong
	return true
}

// misnumber leaves out a national number or writes it wrongly, once.
func (d *drawer) misnumber(m *Person, e Errors) bool {
	if m.Number == 0 || m.Errors&(NumberSlip|NumberSwapped) != 0 {
		return false
	}
	place := uint64(1)
	for range d.below(6) {
		place *= 10
	}
	one, next := m.Number/place%10, m.Number/(place*10)%10
	switch {
	case e == NoNumber:
		m.Number = 0
	case e == NumberSlip:
		m.Number += (one+1+uint64(d.below(8)))%10*place - one*place
	case one == next:
		return false
	default:
		m.Number = m.Number - one*place - next*place*10 + next*place + one*place*10
	}
	return true
}
