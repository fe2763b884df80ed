package linkage

import (
	"runtime"
	"strings"
	"sync"

	"sanad/platform/names"
)

// AddMany takes in so many records at once, on all processors: row fills values
// with those of the n-th and returns its household, from 1, or 0 where it has
// none. It is called by several goroutines.
func (e *Engine) AddMany(count int, row func(n int, values []string) (household uint32)) {
	first := e.rows
	e.cells = append(make([]uint32, 0, len(e.cells)+count*e.stride), e.cells...)[:len(e.cells)+count*e.stride]
	e.apart = append(make([]uint32, 0, first+count), e.apart...)[:first+count]
	var lock sync.Mutex
	inParts(count, func(from, to int) {
		r := newReader(e, &lock)
		values := make([]string, len(e.fields))
		for n := from; n < to; n++ {
			e.apart[first+n] = row(n, values)
			r.put(e.row(int32(first+n)), values)
		}
	})
	e.rows += count
	for _, h := range e.apart[first:] {
		for int(h) >= len(e.members) {
			e.members = append(e.members, make([]uint16, max(1024, len(e.members)))...)
		}
		if h != 0 {
			e.members[h]++
		}
	}
	runtime.GC()
}

// reader turns values into codes for one goroutine. It remembers what it has
// seen, since a nation has few names: only a new one is taken apart, and then
// all goroutines agree on its code.
type reader struct {
	engine *Engine
	lock   *sync.Mutex
	seen   []map[string]uint32 // by field: the codes of values as written
	words  map[string]written
	list   []span
}

// written is what one word, or two that belong together, is within a name.
type written struct {
	code   uint32
	part   bool // it is exactly one part of a name
	family bool // it looks like a family's name
	joins  bool // it may belong to a neighbour
}

// span is a part of a name: where it stands, and what it is.
type span struct {
	from, to int
	written
}

func newReader(e *Engine, lock *sync.Mutex) *reader {
	r := &reader{engine: e, lock: lock, words: map[string]written{}}
	for range e.fields {
		r.seen = append(r.seen, map[string]uint32{})
	}
	return r
}

func (r *reader) put(row []uint32, values []string) {
	for i := range r.engine.fields {
		p := &r.engine.fields[i]
		switch {
		case values[i] == "":
		case p.kind.wide:
			p.put(row, values[i])
		case p.cells == 4:
			r.name(p, row, values[i])
		default:
			code, known := r.seen[i][values[i]]
			if !known {
				code = r.code(p, p.kind.fold(values[i]))
				r.seen[i][values[i]] = code
			}
			row[p.cell] = code
		}
	}
}

func (r *reader) code(p *placed, folded string) uint32 {
	r.lock.Lock()
	defer r.lock.Unlock()
	return p.dictionary.code(folded)
}

// name takes a full name apart by the words that it has seen, and as a whole
// where one of them is not simple.
func (r *reader) name(p *placed, row []uint32, value string) {
	if !r.cut(p, value) {
		r.lock.Lock()
		p.put(row, value)
		r.lock.Unlock()
		return
	}
	last := len(r.list) - 1
	family := -1
	if last >= 3 || last >= 1 && r.list[last].family {
		family = last
	}
	for i, s := range r.list {
		place := i
		if i == family {
			place = 3
		}
		if place < 3 || i == family {
			row[p.cell+place] = s.code
		}
	}
}

// cut finds the parts of a name; false where it is not simple.
func (r *reader) cut(p *placed, value string) bool {
	r.list = r.list[:0]
	for at := 0; at < len(value); {
		end := strings.IndexByte(value[at:], ' ')
		if end < 0 {
			end = len(value)
		} else {
			end += at
		}
		if end > at && !r.next(p, value, at, end) {
			return false
		}
		at = end + 1
	}
	return len(r.list) > 0
}

// next adds a word of a name, or joins it with the one before.
func (r *reader) next(p *placed, value string, from, to int) bool {
	w := r.word(p, value[from:to])
	if n := len(r.list) - 1; n >= 0 && (w.joins || r.list[n].joins) {
		before := &r.list[n]
		both := value[before.from:to]
		if joined := r.word(p, both); joined.part {
			if before.joins && w.joins || strings.Count(both, " ") > 1 {
				return false // three words or more that may belong together
			}
			before.to, before.written = to, joined
			return true
		}
	}
	r.list = append(r.list, span{from, to, w})
	return w.part
}

// word is what a word is; it is found out once.
func (r *reader) word(p *placed, text string) written {
	if w, known := r.words[text]; known {
		return w
	}
	light := names.Light(text)
	w := written{part: len(names.Of(text).All) == 1}
	if w.part {
		w.code = r.code(p, light)
		w.family = names.Of("سالم "+text).Family != ""
		w.joins = !strings.Contains(text, " ") && mayJoin(text)
	}
	r.words[text] = w
	return w
}

// mayJoin reports a word that is no part of its own beside some neighbour: a
// particle, or the second half of a name of two words.
func mayJoin(text string) bool {
	if len(names.Of(text+" سالم").All) == 1 {
		return true
	}
	for _, before := range [...]string{"سالم", "سيف", "فاطمة", "نور", "شمس", "جاد", "فضل", "عطية"} {
		if len(names.Of(before+" "+text).All) == 1 {
			return true
		}
	}
	return false
}

// Spellings is how many spellings of parts of names there are.
func (e *Engine) Spellings() int {
	if d := e.dictionaries[kinds["name"]]; d != nil {
		return len(d.values) - 1
	}
	return 0
}
