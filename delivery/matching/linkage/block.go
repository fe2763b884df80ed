package linkage

import (
	"math/rand/v2"
	"runtime"
	"sync"
	"sync/atomic"
)

// everyPair is up to how many pairs all of them are compared, where the model
// does not say how pairs are found.
const everyPair = 1_500_000_000

// usualLargest is the size beyond which a group of records with one key is
// passed over: what so many share tells nobody apart.
const usualLargest = 400

// blocks are the groups of records that agree in a key.
type blocks struct {
	engine  *Engine
	keys    [][]term
	hashes  []uint32 // len(keys) a record; 0 where the record has no such key
	largest int
	passed  int64 // records in groups that were passed over
}

// pairsInAll is how many pairs there are.
func (e *Engine) pairsInAll() float64 {
	if e.second > 0 {
		return float64(e.second) * float64(e.rows-e.second)
	}
	return float64(e.rows) * float64(e.rows-1) / 2
}

func (e *Engine) compareAll() bool {
	return e.model.Blocking.All || len(e.model.Blocking.Keys) == 0 && e.pairsInAll() <= everyPair
}

func (e *Engine) blocks() *blocks {
	b := &blocks{engine: e, largest: e.model.Blocking.Largest}
	if b.largest == 0 {
		b.largest = usualLargest
	}
	if e.compareAll() {
		return b
	}
	if len(e.model.Blocking.Keys) == 0 {
		b.keys = e.chooseKeys()
	}
	for _, written := range e.model.Blocking.Keys {
		var key []term
		for _, word := range written {
			if t, _, err := e.model.term(word); err == nil { // the model was checked
				key = append(key, t)
			}
		}
		b.keys = append(b.keys, key)
	}
	b.hash()
	return b
}

// hash gives every record its keys.
func (b *blocks) hash() {
	e, n := b.engine, len(b.keys)
	b.hashes = make([]uint32, n*e.rows)
	for k, key := range b.keys {
		takes := make([]taker, len(key))
		for i, t := range key {
			takes[i] = e.taker(t)
		}
		inParts(e.rows, func(from, to int) {
			for r := from; r < to; r++ {
				b.hashes[r*n+k] = hashOf(takes, e.row(int32(r)), uint32(k))
			}
		})
	}
}

// inParts shares rows out among the processors and waits for all.
func inParts(rows int, work func(from, to int)) {
	workers := runtime.GOMAXPROCS(0)
	var wait sync.WaitGroup
	for w := range workers {
		wait.Go(func() { work(rows*w/workers, rows*(w+1)/workers) })
	}
	wait.Wait()
}

// taker takes a term of a record: a table by code, or a wide value.
type taker struct {
	cell  int
	codes []uint32 // by code: what is taken of the value, whatever code it has
	wide  bool
	last  bool // of a wide value: its last six digits
}

func hashOf(takes []taker, row []uint32, key uint32) uint32 {
	h := uint64(key)*0x9e3779b97f4a7c15 + 0x2545f4914f6cdd1d
	for i := range takes {
		t := &takes[i]
		v := uint64(row[t.cell])
		switch {
		case t.wide:
			if v |= uint64(row[t.cell+1]) << 32; t.last && v>>63 == 0 && v != 0 {
				v = v%1_000_000 + 1
			}
		default:
			v = uint64(t.codes[v])
		}
		if v == 0 {
			return 0
		}
		h = (h ^ v) * 0xff51afd7ed558ccd
		h ^= h >> 32
	}
	return max(uint32(h), 1)
}

// taker prepares a term for all values of its dictionary.
func (e *Engine) taker(t term) taker {
	p := &e.fields[t.field]
	take := taker{cell: p.cell + max(t.part, 0), wide: p.kind.wide, last: t.transform == "last"}
	if p.kind.wide {
		return take
	}
	d := p.dictionary
	take.codes = make([]uint32, len(d.values))
	for code := 1; code < len(d.values); code++ {
		take.codes[code] = d.taken(uint32(code), t.transform)
	}
	return take
}

func (d *dictionary) taken(code uint32, transform string) uint32 {
	value := d.values[code]
	switch transform {
	case "":
		return hash32(value)
	case "sound":
		return d.traits[code].sounds[0]
	case "first":
		n := 0
		for at := range value {
			if n == 3 {
				value = value[:at]
				break
			}
			n++
		}
	case "year":
		value = value[:4]
	case "day": // and month, in either order
		if isImprecise(uint32(d.sieve[code])) {
			return 0
		}
		month, day := value[4:6], value[6:8]
		value = min(month, day) + max(month, day)
	}
	return hash32(value)
}

// visit is called for a pair, by one of several workers at once.
type visit func(worker int, a, b int32)

// each calls f for pairs of one key that no earlier key gave. thin looks at one
// group in so many.
func (b *blocks) each(k, thin int, f visit) {
	order, ends := b.sorted(k)
	parts := min(len(ends), 4*runtime.GOMAXPROCS(0)*16)
	b.share(parts, func(worker, part int) {
		from, to := len(ends)*part/parts, len(ends)*(part+1)/parts
		start := 0
		if from > 0 {
			start = ends[from-1]
		}
		for g := from; g < to; g++ {
			rows := order[start:ends[g]]
			start = ends[g]
			if g%thin == 0 {
				b.group(k, rows, worker, f)
			}
		}
	})
}

// share hands parts out to the processors, the next to whoever is free.
func (b *blocks) share(parts int, work func(worker, part int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for worker := range runtime.GOMAXPROCS(0) {
		wait.Go(func() {
			for part := int(next.Add(1)) - 1; part < parts; part = int(next.Add(1)) - 1 {
				work(worker, part)
			}
		})
	}
	wait.Wait()
}

// group calls f for the pairs of a group.
func (b *blocks) group(k int, rows []uint64, worker int, f visit) {
	n, second := len(b.keys), int32(b.engine.second)
	for i, x := range rows {
		left := int32(uint32(x))
		for _, y := range rows[i+1:] {
			right := int32(uint32(y))
			if second > 0 && (left >= second || right < second) {
				continue
			}
			if k == 0 || !b.earlier(k, n, left, right) {
				f(worker, left, right)
			}
		}
	}
}

func (b *blocks) earlier(k, n int, x, y int32) bool {
	left, right := b.hashes[int(x)*n:int(x)*n+k], b.hashes[int(y)*n:int(y)*n+k]
	for j := range left {
		if left[j] == right[j] && left[j] != 0 {
			return true
		}
	}
	return false
}

// sorted returns the records that have a key, those of one key together and in
// order, and where each group of two or more ends. Groups beyond the limit lose
// the key.
func (b *blocks) sorted(k int) (order []uint64, ends []int) {
	n := len(b.keys)
	order = make([]uint64, 0, b.engine.rows)
	for r := range b.engine.rows {
		if h := b.hashes[r*n+k]; h != 0 {
			order = append(order, uint64(h)<<32|uint64(uint32(r)))
		}
	}
	order = radixSort(order)
	kept := order[:0]
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && order[to]>>32 == order[from]>>32 {
			to++
		}
		switch {
		case to-from > b.largest:
			for _, x := range order[from:to] {
				b.hashes[int(uint32(x))*n+k] = 0
			}
			b.passed += int64(to - from)
		case to-from > 1:
			kept = append(kept, order[from:to]...)
			ends = append(ends, len(kept))
		}
		from = to
	}
	return kept, ends
}

// radixSort sorts by the upper half, stably; the answer may lie in other memory.
func radixSort(values []uint64) []uint64 {
	const bits, mask = 11, 1<<11 - 1
	spare := make([]uint64, len(values))
	for shift := 32; shift < 64; shift += bits {
		var starts [1 << bits]int
		for _, v := range values {
			starts[v>>shift&mask]++
		}
		sum := 0
		for i, n := range starts {
			starts[i], sum = sum, sum+n
		}
		for _, v := range values {
			at := v >> shift & mask
			spare[starts[at]] = v
			starts[at]++
		}
		values, spare = spare, values
	}
	return values
}

// all calls f for every pair with so many equal values.
func (b *blocks) all(needed int, f visit) {
	e, p := b.engine, b.engine.promise(needed)
	rows, first := int32(e.rows), int32(e.rows)
	if b.engine.second > 0 {
		first = int32(b.engine.second)
	}
	const size = 16
	parts := int(first+size-1) / size
	b.share(parts, func(worker, part int) {
		for x := int32(part) * size; x < min(first, int32(part+1)*size); x++ {
			from := x + 1
			if b.engine.second > 0 {
				from = first
			}
			here := e.row(x)
			for y := from; y < rows; y++ {
				if p.keeps(here, e.row(y)) {
					f(worker, x, y)
				}
			}
		}
	})
}

// random draws pairs of strangers, mostly.
func (e *Engine) random(count int, seed uint64, f func(a, b int32)) {
	chance := rand.New(rand.NewPCG(seed, 7))
	for range count {
		a, b := chance.IntN(e.rows), chance.IntN(e.rows)
		if e.second > 0 {
			a, b = chance.IntN(e.second), e.second+chance.IntN(e.rows-e.second)
		}
		if a != b {
			f(int32(min(a, b)), int32(max(a, b)))
		}
	}
}
