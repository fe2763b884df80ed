package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"

	"sanad/delivery/matching"
	"sanad/delivery/matching/linkage"
	"sanad/delivery/strategy/population"
	"sanad/platform/store"
)

// matchResult is what bench match prints; its fields are a contract with those
// who check from outside.
type matchResult struct {
	Job        string             `json:"job"`
	Persons    int                `json:"persons"`
	Repeated   int                `json:"repeated"` // records of humans who have another
	Seconds    map[string]float64 `json:"seconds"`
	Pairs      int64              `json:"pairs_scored"`
	PerCore    int64              `json:"pairs_per_second_core"` // while scoring
	Keys       []int64            `json:"pairs_after_each_key"`
	Spellings  int                `json:"spellings"` // of parts of names
	Clusters   int                `json:"clusters"`
	Peak       int64              `json:"peak_rss_bytes"`
	Precision  float64            `json:"precision"` // of pairs called the same, by the truth
	Recall     float64            `json:"recall"`
	Lookalikes int                `json:"lookalikes_called_same"`
	Checks     map[string]bool    `json:"checks"`
}

// match finds the duplicates of an invented population: from rows in memory to
// clusters. The truth is looked at when all is done.
func (c benchCommand) match(ctx context.Context, l *commandLine, s streams) error {
	pack, err := l.pack()
	if err != nil {
		return err
	}
	model, err := matching.PersonModel(pack)
	if err != nil {
		return err
	}
	settings, err := population.Load(pack, benchDay)
	if err != nil {
		return err
	}
	settings.Seed, settings.Duplicates = c.Seed, 100_000
	rows := &benchRows{settings: settings, fields: len(model.Fields)}
	if err := population.Each(ctx, settings, c.Persons, rows.take); err != nil {
		return err
	}
	rows.frozen, rows.text = string(rows.text), nil
	runtime.GC()
	debug.FreeOSMemory()
	forgetPeak()
	r := matchResult{Job: c.Job, Persons: len(rows.humans), Seconds: map[string]float64{}, Checks: map[string]bool{}}
	fmt.Fprintf(s.err, "%d rows in memory, %d MB\n", r.Persons, peak()>>20)
	c.profiled = true
	if err := c.profile(func() error { return r.link(model, rows) }); err != nil {
		return err
	}
	r.Peak = peak()
	r.Checks["precision"] = r.Precision >= 0.999
	r.Checks["recall"] = r.Recall >= 0.97
	r.Checks["memory"] = r.Peak <= max(int64(3_600_000_000)*int64(r.Persons)/7_000_000, 1<<30)
	return r.print(c, s)
}

func (r *matchResult) link(model *linkage.Model, rows *benchRows) error {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(linkMemory))
	start := store.Clock()
	began := used()
	engine, err := linkage.New(model)
	if err != nil {
		return err
	}
	engine.AddMany(len(rows.humans), rows.row)
	last := store.Clock()
	r.Seconds["read"] = last.Sub(start).Seconds()
	engine.Watch = func(phase string) {
		now := store.Clock()
		r.Seconds[phase], last = now.Sub(last).Seconds(), now
	}
	result := engine.Link()
	r.Seconds["match"] = last.Sub(start).Seconds()
	r.Seconds["processor"] = used() - began
	r.Pairs, r.Spellings = result.Report.Compared, engine.Spellings()
	if scoring := r.Seconds["score"]; scoring > 0 {
		r.PerCore = int64(float64(r.Pairs) / scoring / float64(runtime.GOMAXPROCS(0)))
	}
	r.Keys = result.Report.Keys
	r.judge(rows, result.Pairs)
	return nil
}

// judge holds what was found against the truth.
func (r *matchResult) judge(rows *benchRows, pairs []linkage.Pair) {
	many := map[int64]int{}
	wanted := 0
	for _, human := range rows.humans {
		wanted += many[human]
		many[human]++
	}
	for _, n := range many {
		if n > 1 {
			r.Repeated += n
			r.Clusters++
		}
	}
	called, right := 0, 0
	for i := range pairs {
		p := &pairs[i]
		if !p.Same {
			continue
		}
		called++
		switch a, b := rows.humans[p.A], rows.humans[p.B]; {
		case a == b:
			right++
		case rows.like[p.A] == b || rows.like[p.B] == a:
			r.Lookalikes++
		}
	}
	r.Precision, r.Recall = float64(right)/float64(max(called, 1)), float64(right)/float64(max(wanted, 1))
}

func (r *matchResult) print(c benchCommand, s streams) error {
	if c.JSON {
		return json.NewEncoder(s.out).Encode(r)
	}
	for _, phase := range slices.Sorted(maps.Keys(r.Seconds)) {
		fmt.Fprintf(s.out, "%-10s %8.2f s\n", phase, r.Seconds[phase])
	}
	_, err := fmt.Fprintf(s.out, "%d persons, %d records repeated, %d spellings\n%d pairs scored, %d a second and core\nprecision %.5f, recall %.5f, %d lookalikes called the same\npeak memory %d MB\n",
		r.Persons, r.Repeated, r.Spellings, r.Pairs, r.PerCore, r.Precision, r.Recall, r.Lookalikes, r.Peak>>20)
	return err
}

// benchRows are the rows of a population as text, packed, with the truth beside
// them.
type benchRows struct {
	settings *population.Settings
	fields   int
	text     []byte // while rows are drawn
	frozen   string
	ends     []uint8 // lengths of the fields, one after the other
	starts   []int64 // of a row's text
	houses   []uint32
	humans   []int64
	like     []int64
	count    uint32
}

func (b *benchRows) take(h *population.Household) error {
	b.count++
	father := uint64(0)
	for i := range h.Members {
		if m := &h.Members[i]; i == 0 && !m.Female {
			father = m.Number
		}
	}
	for i := range h.Members {
		m := &h.Members[i]
		number := uint64(0)
		if m.Role == "son" || m.Role == "daughter" {
			number = father
		}
		b.add(h, m, number)
	}
	return nil
}

// add writes a row's fields in the order of the country's model.
func (b *benchRows) add(h *population.Household, m *population.Person, father uint64) {
	b.starts = append(b.starts, int64(len(b.text)))
	at := len(b.text)
	end := func(text []byte) {
		b.text = text
		b.ends, at = append(b.ends, uint8(len(b.text)-at)), len(b.text)
	}
	end(b.settings.AppendName(b.text, m))
	end(b.settings.AppendMother(b.text, m))
	end(append(b.text, m.Born.String()...))
	if m.Female {
		end(append(b.text, "female"...))
	} else {
		end(append(b.text, "male"...))
	}
	number := func(n uint64, form string) {
		if n == 0 {
			end(b.text)
			return
		}
		end(fmt.Appendf(b.text, form, n))
	}
	number(m.Number, "%012d")
	number(father, "%012d")
	number(uint64(h.Registration), "%d")
	number(m.Phone, "%010d")
	if m.Account == 0 {
		end(b.text)
	} else {
		end(population.AppendIBAN(b.text, m.Account))
	}
	b.houses, b.humans, b.like = append(b.houses, b.count), append(b.humans, m.Human), append(b.like, m.Like)
}

// row gives the values of a row.
func (b *benchRows) row(row int, values []string) (household uint32) {
	at := int(b.starts[row])
	for f, n := range b.ends[row*b.fields : (row+1)*b.fields] {
		values[f] = b.frozen[at : at+int(n)]
		at += int(n)
	}
	return b.houses[row]
}

// used is the processor time of this process in seconds: on a machine that others
// use as well it tells more than the clock. 0 where the system does not tell.
func used() float64 {
	text, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	const ticks = 100 // a second, on every Linux that Go knows
	return float64(user+system) / ticks
}
