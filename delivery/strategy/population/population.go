// Package population invents a country's families, so that a law can be costed,
// a program measured and duplicates searched where no family's own data may be
// used. Nobody in it is real and everything that it writes says so.
//
// Families follow the figures of the country pack's population.yaml (sizes, ages,
// incomes, displacement, disability), each with its source. Every household is
// drawn from the seed and its own place alone: a population of a thousand is the
// beginning of that of a million, any goroutine may draw any part, and memory
// does not grow with the number. On demand some families are written a second
// time as branches do it, with the mistakes that clerks make, beside people who
// only look alike; and rings of invented families with one account are planted.
// The truth about all of it is known.
package population

import (
	"context"
	"runtime"
	"sync"

	"sanad/platform/calendar"
	"sanad/platform/money"
)

// Household is one family as one branch lists it.
type Household struct {
	Index        int    // its place in the population, from 0
	Branch       string // code
	BranchName   string
	District     string // code
	Area         string // municipality's code
	AreaName     string
	Mahalla      string
	Housing      string // codes of the registry
	Displacement string
	Registration int  // رقم القيد
	Undetermined bool // its members' citizenship is not settled
	Members      []Person

	Kind     Kind
	Of       int           // the household that this one repeats or is kin to; -1 for none
	Ring     int           // the planted ring that it belongs to, from 1; 0 for none
	RingKind string        // shared_account, one_clerk, pay_day
	Clerk    string        // who registered it, of rings only
	Entered  calendar.Date // when, of rings only
}

// Kind says how a household came about.
type Kind uint8

// The kinds of household.
const (
	Plain     Kind = iota // a family of its own
	Moved                 // the same family in a second list
	Parents               // lists a daughter who is also a wife elsewhere
	Grandsons             // lists grandchildren who are also in their father's list
	Brothers              // lists a mother who is also in her other son's list
	Cousins               // has a child with the four names of another child: two humans
	Ghosts                // of a ring: nobody lives there
)

// String is the kind as truth files write it.
func (k Kind) String() string {
	return [...]string{"", "moved_family", "married_daughter", "grandchild_both", "mother_two_sons", "cousin_same_name", "ghost"}[k]
}

// Person is one record of one human.
type Person struct {
	Human      int64 // who she is: two records with one number are one human
	Name       FullName
	Mother     FullName
	Role       string // codes of the registry
	Marital    string
	Job        string
	Disability string // code, or none
	Certified  bool   // the disability was certified
	Severe     bool
	Female     bool
	Age        int           // full years on the population's day
	Born       calendar.Date // as this record has it
	Number     uint64        // national number; 0: none
	Salaried   bool
	Income     money.Amount // a month
	Phone      uint64       // digits after the country's code; 0: none
	Account    uint64       // see IBAN; 0: none
	Died       calendar.Date
	Abroad     calendar.Date // since
	Country    string        // of a foreign nationality (ISO 3166-1), or undetermined
	Errors     Errors        // what this record has wrong or lacks, where it repeats another

	Like     int64  // another human, with the same four names; 0 for none
	spelling uint64 // how the clerk spells
}

// FullName is own, father's, grandfather's and family name.
type FullName [4]*name

// Each calls f with one household after the other, in order, until at least so
// many persons were listed, and then with those of the planted rings. The
// household belongs to f during the call only. Households are drawn by all
// processors; what comes out does not depend on their number.
func Each(ctx context.Context, s *Settings, persons int, f func(*Household) error) error {
	listed := 0
	err := s.blocks(ctx, func(households []Household) (more bool, err error) {
		for i := range households {
			if listed >= persons {
				return false, nil
			}
			listed += len(households[i].Members)
			if err := f(&households[i]); err != nil {
				return false, err
			}
		}
		return listed < persons, nil
	})
	if err != nil {
		return err
	}
	return s.rings(f)
}

// batch is how many blocks a goroutine draws at once.
const batch = 16

// drawn is a batch on its way.
type drawn struct {
	first      int // block
	households [batch * blockSize]Household
	done       chan struct{}
}

// blocks calls take with the households of one batch after the other, until it
// wants no more.
func (s *Settings) blocks(ctx context.Context, take func([]Household) (bool, error)) error {
	workers := runtime.GOMAXPROCS(0)
	ring := make([]*drawn, 3*workers)
	work := make(chan *drawn, len(ring))
	var drawing sync.WaitGroup
	for range workers {
		drawing.Go(func() {
			d := newDrawer(s)
			for b := range work {
				for n := range batch {
					d.block(b.first+n, b.households[n*blockSize:(n+1)*blockSize])
				}
				close(b.done)
			}
		})
	}
	defer drawing.Wait()
	defer close(work)
	ask := func(b *drawn, first int) {
		b.first, b.done = first, make(chan struct{})
		work <- b
	}
	for i := range ring {
		ring[i] = &drawn{}
		ask(ring[i], i*batch)
	}
	for n := 0; ctx.Err() == nil; n++ {
		b := ring[n%len(ring)]
		<-b.done
		more, err := take(b.households[:])
		if err != nil || !more {
			return err
		}
		ask(b, (n+len(ring))*batch)
	}
	return ctx.Err()
}
