package rings

import (
	"cmp"
	"crypto/sha256"
	"slices"

	"sanad/platform/calendar"
	"sanad/platform/id"
)

// What unrelated families hardly do together. None of it is against the law, and
// a supervisor finds most of it explained: that is why it is asked.
const (
	accountFamilies = 3  // unrelated families whose money goes into one account
	phoneFamilies   = 4  // that are reached by one telephone, most of them without any number
	phoneMany       = 12 // that are, with numbers or without: more than a neighbour or a shop helps
	payDayFamilies  = 3  // that are reached so and came together just before a payment
	entryFamilies   = 10 // entered by one clerk, in one place and week, all without numbers
	entryExcess     = 4  // times as many without numbers as her branch has among as many
	entryDays       = 7
	payDays         = 10 // before a payment list is prepared
	crowd           = 60 // more families than this share what is no secret: a camp's telephone, a charity's account
)

// Seen is a household as far as rings go. Accounts and telephones are digests:
// what is compared need not be read.
type Seen struct {
	Household id.ID
	Branch    string
	Place     uint64 // digest of area and mahalla; 0 where it is not known
	Family    uint64 // digest of the family's name and the head's grandfather
	Accounts  []uint64
	Phones    []uint64
	Clerk     id.ID         // who entered it by hand; zero where it came in a file
	Day       calendar.Date // of the registration
	Numbered  bool          // some member has a national number
}

// Ring is a question with its evidence.
type Ring struct {
	ID         id.ID // follows from kind and what is shared: the same ring found again is the same question
	Kind       Kind
	Branch     string // the households' own, empty where there are several
	Households []id.ID
	Families   int           // unrelated ones
	Clerk      id.ID         // of an entry ring
	From, To   calendar.Date // days of registration, where they matter
}

// Finder gathers households and finds rings among them. The zero Finder is
// empty. It is used by one goroutine.
type Finder struct {
	seen    []Seen
	payDays []calendar.Date
}

// PayDay notes that a payment list was prepared on a day.
func (f *Finder) PayDay(day calendar.Date) { f.payDays = append(f.payDays, day) }

// Add takes in a household.
func (f *Finder) Add(s Seen) { f.seen = append(f.seen, s) }

// shared is one household that has one thing.
type shared struct {
	key uint64
	at  int32
}

// Find returns the rings, by kind and identifier. A household may be in several.
func (f *Finder) Find() []Ring {
	slices.Sort(f.payDays)
	var found []Ring
	accounts, phones := f.pairs(func(s *Seen) []uint64 { return s.Accounts }), f.pairs(func(s *Seen) []uint64 { return s.Phones })
	f.groups(accounts, func(key uint64, members []int32) {
		found = f.sharing(found, Account, key, members, accountFamilies)
	})
	f.groups(phones, func(key uint64, members []int32) {
		found = f.sharing(found, Phone, key, members, phoneFamilies)
	})
	found = f.entries(found)
	slices.SortFunc(found, func(a, b Ring) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), a.ID.Compare(b.ID)) })
	return found
}

func (f *Finder) pairs(of func(*Seen) []uint64) []shared {
	var all []shared
	for i := range f.seen {
		for _, key := range of(&f.seen[i]) {
			all = append(all, shared{key, int32(i)})
		}
	}
	slices.SortFunc(all, func(a, b shared) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.at, b.at)) })
	return slices.Compact(all)
}

// groups calls take with the households that share each key, where they are at
// least two.
func (f *Finder) groups(all []shared, take func(key uint64, members []int32)) {
	var members []int32
	for i := 0; i < len(all); {
		members = members[:0]
		j := i
		for ; j < len(all) && all[j].key == all[i].key; j++ {
			members = append(members, all[j].at)
		}
		if len(members) > 1 {
			take(all[i].key, members)
		}
		i = j
	}
}

// sharing keeps a group of unrelated families that share an account or a
// telephone. Where they came together just before a payment, fewer are enough.
func (f *Finder) sharing(found []Ring, kind Kind, key uint64, members []int32, least int) []Ring {
	families := f.families(members)
	if families > crowd {
		return found
	}
	if families >= payDayFamilies && f.beforePayDay(members) {
		return append(found, f.ring(PayDay, key, members, families))
	}
	if families < least || kind == Phone && families < phoneMany && !f.mostlyUnnumbered(members) {
		return found
	}
	return append(found, f.ring(kind, key, members, families))
}

func (f *Finder) families(members []int32) int {
	names := map[uint64]bool{}
	for _, at := range members {
		names[f.seen[at].Family] = true
	}
	return len(names)
}

// mostlyUnnumbered reports whether half of the households or more have nobody
// with a national number.
func (f *Finder) mostlyUnnumbered(members []int32) bool {
	n := 0
	for _, at := range members {
		if !f.seen[at].Numbered {
			n++
		}
	}
	return 2*n >= len(members)
}

// beforePayDay reports whether three of four of the households were registered
// within a few days before the same payment.
func (f *Finder) beforePayDay(members []int32) bool {
	for _, day := range f.payDays {
		n := 0
		for _, at := range members {
			if d := f.seen[at].Day; d != calendar.Unknown && d <= day && d >= day.AddDays(-payDays) {
				n++
			}
		}
		if 4*n >= 3*len(members) {
			return true
		}
	}
	return false
}

func (f *Finder) ring(kind Kind, key uint64, members []int32, families int) Ring {
	r := Ring{ID: identity(kind, key), Kind: kind, Families: families, Branch: f.seen[members[0]].Branch}
	for _, at := range members {
		s := &f.seen[at]
		r.Households = append(r.Households, s.Household)
		if s.Branch != r.Branch {
			r.Branch = ""
		}
		if s.Day != calendar.Unknown && (r.From == calendar.Unknown || s.Day < r.From) {
			r.From = s.Day
		}
		r.To = max(r.To, s.Day)
	}
	return r
}

// identity follows from what is shared alone.
func identity(kind Kind, key uint64) id.ID {
	sum := sha256.New()
	sum.Write([]byte("sanad ring " + kind))
	for shift := 0; shift < 64; shift += 8 {
		sum.Write([]byte{byte(key >> shift)})
	}
	n := id.ID(sum.Sum(nil)[:16])
	n[6], n[8] = n[6]&0x0f|0x80, n[8]&0x3f|0x80 // RFC 9562, version 8
	return n
}

// entries finds many families that one clerk entered within days in one place,
// none of whom has a number, where her branch's families mostly have.
func (f *Finder) entries(found []Ring) []Ring {
	order := make([]int32, 0, len(f.seen))
	unnumbered, all := map[string]int{}, map[string]int{}
	for i := range f.seen {
		s := &f.seen[i]
		all[s.Branch]++
		if !s.Numbered {
			unnumbered[s.Branch]++
		}
		if !s.Clerk.IsZero() && s.Place != 0 && s.Day != calendar.Unknown {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(x, y int32) int {
		a, b := &f.seen[x], &f.seen[y]
		return cmp.Or(a.Clerk.Compare(b.Clerk), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Day, b.Day), cmp.Compare(x, y))
	})
	for i := 0; i < len(order); {
		first := &f.seen[order[i]]
		last := first.Day.AddDays(entryDays)
		j := i
		var without []int32
		for ; j < len(order) && f.seen[order[j]].Clerk == first.Clerk && f.seen[order[j]].Place == first.Place && f.seen[order[j]].Day < last; j++ {
			if !f.seen[order[j]].Numbered {
				without = append(without, order[j])
			}
		}
		families := f.families(without)
		usual := (j - i) * unnumbered[first.Branch] * entryExcess
		if families < entryFamilies || len(without)*all[first.Branch] < usual {
			i++ // the week may begin a day later
			continue
		}
		r := f.ring(Entry, Digest(first.Clerk.String())^first.Place^uint64(first.Day), without, families)
		r.Clerk = first.Clerk
		found = append(found, r)
		i = j
	}
	return found
}

// Digest is what is kept of an account, a telephone or a place, so that it can be
// compared without being read; never 0.
func Digest(parts ...string) uint64 {
	sum := sha256.New()
	for _, p := range parts {
		sum.Write([]byte(p + "\x00"))
	}
	digest := sum.Sum(nil)
	key := uint64(1)
	for _, b := range digest[:8] {
		key = key<<8 | uint64(b)
	}
	return max(key, 1)
}
