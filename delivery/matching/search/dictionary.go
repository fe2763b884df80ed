package search

import (
	"cmp"
	"slices"
	"strings"
)

// dictionary is every part of a name that anybody has, in light form, under a
// number of its own. A nation of seven million writes some 300,000 of them.
type dictionary struct {
	numbers   map[string]uint32
	spellings []string
	holders   []holders

	soundNumbers map[string]uint32
	skeletons    []string
	first        []uint32 // by skeleton: the last entry of a spelling that has it, counted from 1
	sounding     []uint32 // by entry: the spelling
	next         []uint32 // by entry: the one before it with the same skeleton, counted from 1; 0 ends

	nearSpelling nearby
	nearSound    nearby
	sorted       []uint32 // spellings in byte order, as far as unsorted tells
	unsorted     int      // spellings that came since
}

func newDictionary() *dictionary {
	return &dictionary{numbers: map[string]uint32{}, soundNumbers: map[string]uint32{}}
}

// number returns the number of a spelling, and takes it in where it is new.
func (d *dictionary) number(light string) uint32 {
	if n, known := d.numbers[light]; known {
		return n
	}
	return d.add(strings.Clone(light))
}

func (d *dictionary) add(light string) uint32 {
	n := uint32(len(d.spellings))
	d.numbers[light] = n
	d.spellings = append(d.spellings, light)
	for _, skeleton := range soundsOf(light) {
		sound := d.sound(skeleton)
		d.sounding, d.next = append(d.sounding, n), append(d.next, d.first[sound])
		d.first[sound] = uint32(len(d.sounding))
	}
	d.holders = append(d.holders, holders{})
	d.nearSpelling.add(light, n)
	d.unsorted++
	return n
}

func (d *dictionary) sound(skeleton string) uint32 {
	s, known := d.soundNumbers[skeleton]
	if !known {
		s = uint32(len(d.skeletons))
		d.soundNumbers[skeleton] = s
		d.skeletons, d.first = append(d.skeletons, skeleton), append(d.first, 0)
		d.nearSound.add(skeleton, s)
	}
	return s
}

// meaning is one spelling that a part of a question may mean.
type meaning struct {
	spelling uint32
	how      How
}

// heard reports whether people have a spelling that sounds like a part.
func (d *dictionary) heard(a *asked) (yes bool) {
	for _, sound := range a.sounds {
		d.eachOfSound(sound, func(n uint32) { yes = yes || d.holders[n].count >= cutHolders })
	}
	return yes
}

// meanings returns the spellings that a part may mean, the surest first. Whether
// one sound may be wrong is settled here: only where nobody is written so, or in
// Latin letters sounds so.
func (d *dictionary) meanings(a *asked) []meaning {
	_, written := d.numbers[a.light]
	a.soundSlip = !written && !(a.latin && d.heard(a))
	found := map[uint32]How{}
	try := func(n uint32) {
		if _, seen := found[n]; !seen {
			found[n] = a.likens(d.spellings[n], soundsOf(d.spellings[n]))
		}
	}
	d.nearSpelling.find(a.light, try)
	for _, sound := range a.sounds {
		d.eachOfSound(sound, try)
		if len(sound) >= soundSlipCodes && a.soundSlip {
			d.nearSound.find(sound, func(s uint32) { d.eachOf(s, try) })
		}
	}
	if a.unfinish && a.letters >= beginningLetters {
		d.beginning(a.light, try)
	}
	list := make([]meaning, 0, len(found))
	for n, how := range found {
		if how != Missing {
			list = append(list, meaning{n, how})
		}
	}
	slices.SortFunc(list, func(x, y meaning) int {
		return cmp.Or(cmp.Compare(costs[x.how], costs[y.how]), cmp.Compare(x.spelling, y.spelling))
	})
	return list
}

func (d *dictionary) eachOfSound(skeleton string, f func(uint32)) {
	if s, known := d.soundNumbers[skeleton]; known {
		d.eachOf(s, f)
	}
}

func (d *dictionary) eachOf(sound uint32, f func(uint32)) {
	for e := d.first[sound]; e > 0; e = d.next[e-1] {
		f(d.sounding[e-1])
	}
}

// beginning calls f for the spellings that begin so.
func (d *dictionary) beginning(light string, f func(uint32)) {
	at, _ := slices.BinarySearchFunc(d.sorted, light, func(n uint32, light string) int { return strings.Compare(d.spellings[n], light) })
	for ; at < len(d.sorted) && strings.HasPrefix(d.spellings[d.sorted[at]], light); at++ {
		f(d.sorted[at])
	}
	for _, written := range d.spellings[len(d.spellings)-d.unsorted:] {
		if strings.HasPrefix(written, light) {
			f(d.numbers[written])
		}
	}
}

// sortBound is how many new spellings are looked through one by one before all
// are sorted again.
const sortBound = 4096

// settle sorts the spellings where many are new. It changes the dictionary.
func (d *dictionary) settle() {
	if d.unsorted < sortBound && len(d.sorted) > 0 {
		return
	}
	d.sorted = make([]uint32, len(d.spellings))
	for n := range d.sorted {
		d.sorted[n] = uint32(n)
	}
	slices.SortFunc(d.sorted, func(a, b uint32) int { return strings.Compare(d.spellings[a], d.spellings[b]) })
	d.unsorted = 0
}
