package search

import (
	"sync"

	"sanad/platform/access"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Index answers questions by name from memory. It is of one database, and safe
// for concurrent use; a program needs one, since it takes some 80 bytes a person.
type Index struct {
	follows sync.Mutex // who takes in what is new
	mutex   sync.RWMutex
	people  *people // nil until it was read
	arrival int64   // of the last entry that it knows of
	desks   sync.Pool
}

// New returns an index that reads the registry when it is first asked.
func New() *Index { return &Index{} }

// Warm reads the registry, or what is new in it, before anybody asks: at the
// start of a program, and now and then while nobody asks. It shows nothing.
func (ix *Index) Warm(tx *store.Tx) error {
	if err := access.Require(tx, access.SearchPeople, ""); err != nil {
		return err
	}
	return ix.follow(tx)
}

// follow makes the index hold what the transaction sees, or more: a question
// that began later may have brought it further.
func (ix *Index) follow(tx *store.Tx) error {
	ix.follows.Lock()
	defer ix.follows.Unlock()
	arrival, _, err := store.One(tx, (*store.Row).Int, "SELECT coalesce(max(arrival), 0) FROM journal")
	if err != nil || ix.people != nil && arrival <= ix.arrival {
		return err
	}
	if ix.people == nil {
		return ix.read(tx, arrival)
	}
	return ix.catchUp(tx, arrival)
}

// read takes in everybody.
func (ix *Index) read(tx *store.Tx, arrival int64) error {
	fresh, err := readPeople(tx)
	if err != nil {
		return err
	}
	ix.mutex.Lock()
	defer ix.mutex.Unlock()
	ix.people, ix.arrival = fresh, arrival
	return nil
}

// tooMany is how many households may have changed before everybody is read anew
// rather than those; never for less than a quarter of them all.
const tooMany = 100_000

// catchUp takes in the households that were recorded since.
func (ix *Index) catchUp(tx *store.Tx, arrival int64) error {
	changed, err := store.All(tx, (*store.Row).ID, `SELECT DISTINCT household FROM journal
		WHERE arrival > $1 AND arrival <= $2 AND version > 0 AND household IS NOT NULL`, ix.arrival, arrival)
	if err != nil {
		return err
	}
	if n := len(changed); n > tooMany && n > len(ix.people.members)/4 || ix.people.gone > tooMany && ix.people.gone > ix.people.count()/2 {
		return ix.read(tx, arrival)
	}
	homes, rows, err := readHouseholds(tx, changed)
	if err != nil {
		return err
	}
	ix.mutex.Lock()
	defer ix.mutex.Unlock()
	for _, household := range changed {
		ix.people.leave(household)
	}
	for _, h := range homes {
		ix.people.home(h.household, h.branch, h.area)
	}
	for i := range rows {
		ix.people.add(&rows[i])
	}
	ix.people.words.settle()
	ix.arrival = arrival
	return nil
}

// homeRow is a household as the index takes it in.
type homeRow struct {
	household    id.ID
	branch, area string
}

func scanHome(r *store.Row) homeRow {
	return homeRow{household: r.ID(), branch: r.Text(), area: r.Text()}
}

func scanPerson(r *store.Row) row {
	return row{person: r.ID(), household: r.ID(), name: r.Text(), mother: r.Text(), birth: r.Date(), dead: r.Bool()}
}

const (
	homeColumns   = "SELECT household, branch, area FROM households"
	personColumns = "SELECT person, household, name, mother, birth, dead FROM persons"
)

// readHouseholds reads some households and their members.
func readHouseholds(tx *store.Tx, households []id.ID) (homes []homeRow, rows []row, err error) {
	values := make([]any, len(households))
	for i := range households {
		values[i] = households[i]
	}
	err = tx.EachIn(func(r *store.Row) error {
		homes = append(homes, scanHome(r))
		return r.Err()
	}, homeColumns+" WHERE household", values)
	if err != nil {
		return nil, nil, err
	}
	err = tx.EachIn(func(r *store.Row) error {
		rows = append(rows, scanPerson(r))
		return r.Err()
	}, personColumns+" WHERE household", values)
	return homes, rows, err
}

// rowsAtOnce pass from the one who reads to the one who takes in.
const rowsAtOnce = 4096

// readPeople reads the whole registry: one goroutine asks the database, another
// takes the names apart.
func readPeople(tx *store.Tx) (*people, error) {
	p := newPeople()
	p.met = map[string]uint32{}
	many, _, err := store.One(tx, (*store.Row).Int, "SELECT count(*) FROM persons")
	if err != nil {
		return nil, err
	}
	p.expect(int(many))
	err = tx.Each(func(r *store.Row) error {
		h := scanHome(r)
		p.home(h.household, h.branch, h.area)
		return r.Err()
	}, homeColumns)
	if err != nil {
		return nil, err
	}
	batches, taken := make(chan []row, 8), make(chan struct{})
	go func() {
		defer close(taken)
		for batch := range batches {
			for i := range batch {
				p.add(&batch[i])
			}
		}
	}()
	batch := make([]row, 0, rowsAtOnce)
	err = tx.Each(func(r *store.Row) error {
		if batch = append(batch, scanPerson(r)); len(batch) == rowsAtOnce {
			batches <- batch
			batch = make([]row, 0, rowsAtOnce)
		}
		return r.Err()
	}, personColumns)
	batches <- batch
	close(batches)
	<-taken
	p.met = nil
	p.trim()
	p.words.settle()
	return p, err
}

// rank answers a question by name. Where nobody has all that must be there, one
// part more may be missing.
func (ix *Index) rank(parts []asked, query Query, limit int, borders func(branch, area string) bool) (*question, []ranked) {
	ix.mutex.RLock()
	defer ix.mutex.RUnlock()
	p := ix.people
	d, _ := ix.desks.Get().(*desk)
	if d == nil {
		d = &desk{}
	}
	defer ix.desks.Put(d)
	q := p.ask(parts)
	q.birth, q.soft = query.Birth, query.soft
	if mother := light(query.Mother, false); len(mother) > 0 {
		q.mother = p.ask(mother)
	}
	d.within = p.within(borders)
	found := p.rank(d, q, limit)
	if len(found) == 0 && q.misses+1 < len(q.parts) {
		q.misses++
		found = p.rank(d, q, limit)
	}
	return q, found
}

// within tells by household who is inside borders; nil where all are.
func (p *people) within(borders func(branch, area string) bool) func(uint32) bool {
	if borders == nil {
		return nil
	}
	asked := map[uint32]bool{}
	return func(home uint32) bool {
		key := uint32(p.branches[home])<<16 | uint32(p.areas[home])
		inside, known := asked[key]
		if !known {
			inside = borders(p.codeText[key>>16], p.codeText[key&0xffff])
			asked[key] = inside
		}
		return inside
	}
}
