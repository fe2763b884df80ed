package population

import "sanad/platform/calendar"

// members draws who lives in a household of so many: a head, mostly a wife,
// their children, now and then an old parent, a married son's family, a second
// wife, an unmarried brother or sister.
func (d *drawer) members(h *Household, size int) {
	female := d.happens(d.tables.femaleHead[size] * 1000)
	head := d.add(h, "head", female, d.headAge(size))
	left := size - 1
	switch {
	case female:
		head.Marital = d.tables.statuses[d.tables.status.draw(&d.chance)]
	case size == 1:
		head.Marital = d.oneOf("single", "single", "widowed", "divorced")
	case size == 2 && d.below(100) < 18:
		head.Marital = d.oneOf("widowed", "divorced")
	case size > 2 && d.below(100) < 3:
		head.Marital = d.oneOf("widowed", "divorced")
	default:
		head.Marital = "married"
		left -= d.wives(h, size)
	}
	left -= d.kin(h, left, size)
	d.children(h, left)
}

// add makes one more member of an age.
func (d *drawer) add(h *Household, role string, female bool, age int) *Person {
	h.Members = append(h.Members, Person{Role: role, Female: female, Age: age, Marital: "single", Disability: "none", Number: 1,
		spelling: d.Uint64()})
	m := &h.Members[len(h.Members)-1]
	m.Born = d.birth(age)
	return m
}

// birth draws a day on which somebody of this age was born.
func (d *drawer) birth(age int) calendar.Date {
	month := d.between(1, 12)
	day := d.between(1, calendar.DaysIn(2001, month))
	year := d.day.year - age
	if month*100+day > d.day.monthDay {
		year--
	}
	return calendar.Of(year, month, day)
}

func (d *drawer) oneOf(words ...string) string { return words[d.below(len(words))] }

// headAge draws the head's age: a band of the table, and a year in it.
func (d *drawer) headAge(size int) int {
	class := 0
	switch {
	case size > 5:
		class = 2
	case size > 2:
		class = 1
	}
	ages := d.tables.headAges[class]
	i := d.tables.headAge[class].draw(&d.chance)
	next := ages[i] + 9
	if i+1 < len(ages) {
		next = ages[i+1]
	}
	return ages[i] + d.below(next-ages[i])
}

// wives adds the head's wife, seldom two, and returns how many.
func (d *drawer) wives(h *Household, size int) int {
	head := h.Members[0].Age
	d.add(h, "wife", true, max(18, head-d.between(-1, 10))).Marital = "married"
	if size < 4 || !d.happens(d.rates.secondWife*4/3) {
		return 1
	}
	d.add(h, "wife", true, max(18, head-d.between(4, 18))).Marital = "married"
	return 2
}

// kin adds those who are neither wife nor child, as far as there is room, and
// returns how many.
func (d *drawer) kin(h *Household, left, size int) int {
	head := h.Members[0].Age
	switch {
	case size >= 4 && d.happens(d.rates.threeGenerations*4/3):
		if left >= 3 && head >= 48 && d.below(10) < 4 {
			return d.sonsFamily(h, left)
		}
		return d.parents(h, left)
	case left > 0 && head < 50 && d.happens(d.rates.siblings):
		n := min(left, d.between(1, 2))
		for range n {
			d.sibling(h, head)
		}
		return n
	}
	return 0
}

// sibling adds a brother or sister of the head who never married.
func (d *drawer) sibling(h *Household, head int) {
	age := max(18, min(head-d.between(-6, 12), 44))
	if d.below(2) == 0 {
		d.add(h, "brother", false, age)
	} else {
		d.add(h, "sister", true, age)
	}
}

// parents adds the head's mother, sometimes the father with her.
func (d *drawer) parents(h *Household, left int) int {
	if left < 1 || h.Members[0].Age > 62 {
		return 0
	}
	mother := h.Members[0].Age + d.between(18, 32)
	if left > 1 && d.below(100) < 28 {
		d.add(h, "father", false, min(mother+d.between(0, 9), 97)).Marital = "married"
		d.add(h, "mother", true, mother).Marital = "married"
		return 2
	}
	d.add(h, "mother", true, min(mother, 97)).Marital = "widowed"
	return 1
}

// sonsFamily adds a married son, his wife and their first children.
func (d *drawer) sonsFamily(h *Household, left int) int {
	age := d.between(23, max(24, min(38, h.Members[0].Age-22)))
	d.add(h, "son", false, age).Marital = "married"
	wife := max(18, age-d.between(0, 8))
	d.add(h, "sons_wife", true, wife).Marital = "married"
	children := min(left-2, d.between(1, 3))
	for range children {
		d.child(h, "grandson", "granddaughter", d.below(max(1, min(wife-19, 12))))
	}
	return 2 + children
}

// children adds the rest: sons and daughters of the woman of the house.
func (d *drawer) children(h *Household, left int) {
	if left <= 0 {
		return
	}
	mother := h.Members[0].Age - 4
	if h.Members[0].Female {
		mother = h.Members[0].Age
	} else if len(h.Members) > 1 && h.Members[1].Role == "wife" {
		mother = h.Members[1].Age
	}
	var ages [largest]int
	for n := range left {
		ages[n] = d.childAge(mother)
		for at := n; at > 0 && ages[at] > ages[at-1]; at-- {
			ages[at], ages[at-1] = ages[at-1], ages[at]
		}
	}
	for n := range left {
		if n > 0 && d.happens(d.rates.twins) {
			twin := h.Members[len(h.Members)-1]
			d.child(h, "son", "daughter", twin.Age).Born = twin.Born
			continue
		}
		if n > 0 && ages[n] >= ages[n-1] {
			ages[n] = max(0, ages[n-1]-1)
		}
		d.child(h, "son", "daughter", ages[n])
	}
}

// childAge draws how old a child at home is: what the mother's age at birth
// leaves. Many have left at thirty-five.
func (d *drawer) childAge(mother int) int {
	for range 8 {
		t := &d.tables
		age := mother - t.motherAges[t.motherAge.draw(&d.chance)] - d.below(3)
		if age >= 0 && (age < 29 || d.below(12) > age-29) {
			return age
		}
	}
	return d.below(max(1, min(mother-16, 34)))
}

func (d *drawer) child(h *Household, son, daughter string, age int) *Person {
	role, female := son, !d.happens(d.rates.boys)
	if female {
		role = daughter
	}
	m := d.add(h, role, female, age)
	if female && age >= 22 && d.happens(d.rates.divorcedDaughter) {
		m.Marital = "divorced"
	}
	return m
}

// called gives everybody a name of four: children after their father and his.
func (d *drawer) called(h *Household) {
	head := &h.Members[0]
	family := d.familyName()
	head.Name = FullName{d.firstName(head.Female), d.man(), d.man(), family}
	head.Mother = d.woman()
	father, mother := head.Name, d.woman() // of the children
	if head.Female {
		father, mother = FullName{d.man(), d.man(), d.man(), d.familyName()}, head.Name
	}
	grandmother, son := head.Mother, -1
	for i := 1; i < len(h.Members); i++ {
		m := &h.Members[i]
		switch m.Role {
		case "wife":
			m.Name, m.Mother = d.woman(), d.woman()
			if h.Members[i-1].Role == "head" {
				mother = m.Name
			}
		case "sons_wife":
			m.Name, m.Mother = d.woman(), d.woman()
		case "son", "daughter":
			m.Name, m.Mother = FullName{d.firstName(m.Female), father[0], father[1], father[3]}, mother
			if m.Marital == "married" {
				son = i
			}
		case "grandson", "granddaughter":
			of := h.Members[son].Name
			m.Name, m.Mother = FullName{d.firstName(m.Female), of[0], of[1], of[3]}, h.Members[son+1].Name
		case "brother", "sister":
			m.Name, m.Mother = FullName{d.firstName(m.Female), head.Name[1], head.Name[2], family}, head.Mother
		case "father":
			m.Name, m.Mother = FullName{head.Name[1], head.Name[2], d.man(), family}, d.woman()
		case "mother":
			m.Name, m.Mother = grandmother, d.woman()
		}
	}
}

func (d *drawer) man() *name        { return &d.names.male[d.names.ofMen.draw(&d.chance)] }
func (d *drawer) familyName() *name { return &d.names.family[d.names.ofKin.draw(&d.chance)] }

func (d *drawer) firstName(female bool) *name {
	if female {
		return &d.names.female[d.names.ofWomen.draw(&d.chance)]
	}
	return d.man()
}

func (d *drawer) woman() FullName {
	return FullName{d.firstName(true), d.man(), d.man(), d.familyName()}
}

// circumstances draws what else is known of a person.
func (d *drawer) circumstances(h *Household, slot int, at *place) {
	m := &h.Members[slot]
	d.job(m)
	t := &d.tables
	if d.happens(byAge(t.disabilityAges, t.disability, m.Age) * 100) {
		m.Disability = t.kinds[t.kind.draw(&d.chance)]
		m.Certified, m.Severe = d.happens(d.rates.certified), d.below(4) == 0
	}
	if d.happens(at.noNumber*1000) || m.Age == 0 && d.below(4) == 0 {
		m.Number = 0
	}
	if h.Undetermined {
		m.Country, m.Number = "undetermined", 0
	}
	switch {
	case d.happens(d.rates.dead * (1 + m.Age/20)):
		m.Died = d.Day.AddDays(-d.between(1, 1500))
		if m.Died < m.Born {
			m.Died = m.Born.AddDays(1)
		}
		m.Job, m.Salaried, m.Income = "", false, 0
	case d.happens(d.rates.abroad):
		m.Abroad = d.Day.AddDays(-d.between(5, 900))
	}
	if m.Age >= 18 && d.happens(d.rates.phone) {
		m.Phone = phone(h.Index, slot)
		if d.happens(d.rates.phoneShared) && h.Index > 64 {
			m.Phone = phone(h.Index-1-d.below(64), 0)
		}
	}
	if m.Role == "head" && !d.happens(d.rates.noAccount) {
		m.Account = account(h.Index)
	}
	if m.Role == "wife" && d.happens(d.rates.foreignWife) {
		m.Country, m.Number = d.oneOf("EG", "TN", "SY", "SD", "MA"), 0
	}
}

// job names what somebody does who is no earner.
func (d *drawer) job(m *Person) {
	switch {
	case m.Job != "":
	case m.Age < 6:
		m.Job = "child"
	case m.Age < 18, m.Age < 24 && d.below(2) == 0:
		m.Job = "student"
	case m.Age >= 65:
		m.Job = d.oneOf("pensioner", "not_working")
		m.Salaried = m.Job == "pensioner"
	case m.Female && m.Role != "daughter":
		m.Job = "housewife"
	default:
		m.Job = d.oneOf("job_seeker", "job_seeker", "not_working")
	}
}
