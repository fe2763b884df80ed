package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"sanad/delivery/monitoring/rings"
	"sanad/delivery/strategy/population"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/store"
)

// What the search for rings must reach (issue 4, figure 5), in millionths: of the
// planted families, surfaced; of the honest ones, asked about.
const (
	ringsSurfaced = 950_000
	ringsAsked    = 10_000
)

// Honest families share things too. These are assumptions, on the side that asks
// about too many: nobody has counted them in Libya.
const (
	helpersPhone   = 20   // families in a thousand who give a neighbour's or a shop's telephone
	helperFamilies = 5    // who give the same one, on average; from 2 to 8
	trustedAccount = 2    // families in a thousand paid into an account of somebody they trust
	trustFamilies  = 3    // who use the same one, on average; from 2 to 4
	clerkFamilies  = 1500 // that one clerk of a branch entered in a year
	campEach       = 4000 // of so many families one camp of up to forty was entered in a week, half without numbers
	campSize       = 40
)

// ringsResult is what the measurement prints: households, and shares in
// millionths of them.
type ringsResult struct {
	Job        string           `json:"job"`
	Persons    int              `json:"persons"`
	Households int              `json:"households"`
	Honest     int              `json:"honest_households"`
	Planted    int              `json:"planted_households"`
	Rings      int              `json:"planted_rings"`
	Questions  int              `json:"questions"`
	ByKind     map[string]int   `json:"questions_by_kind"`
	Surfaced   int              `json:"planted_surfaced"`
	Asked      int              `json:"honest_asked"`
	Shares     map[string]int   `json:"millionths"` // surfaced of planted, asked of honest, honest among asked
	Seconds    float64          `json:"seconds"`    // from observations in memory to rings
	Peak       int64            `json:"peak_rss_bytes"`
	Checks     map[string]bool  `json:"checks"`
	Kinds      map[string][]int `json:"planted_by_kind"` // surfaced, of
}

// townsfolk turns an invented population into what the search sees.
type townsfolk struct {
	finder  rings.Finder
	draw    *rand.Rand
	day     calendar.Date
	kind    map[id.ID]string   // of planted households
	common  map[string]*common // what families of a branch share
	honest  int
	persons int
	camps   map[string]int
}

// rings measures the search for rings; truth is used to score only.
func (c benchCommand) rings(ctx context.Context, at benchPlace, s streams) error {
	settings, err := (synthCommand{Seed: c.Seed, Duplicates: "0.1", Rings: max(1, 60*c.Persons/1_000_000), Day: "2026-10-01"}).settings(at.line)
	if err != nil {
		return err
	}
	t := townsfolk{draw: rand.New(rand.NewPCG(c.Seed, 5)), day: settings.Day, kind: map[id.ID]string{}, camps: map[string]int{}, common: map[string]*common{}}
	t.finder.PayDay(settings.Day.AddDays(-25))
	err = population.Each(ctx, settings, c.Persons, func(h *population.Household) error { t.add(h); return nil })
	if err != nil {
		return err
	}
	forgetPeak()
	start := store.Clock()
	found := t.finder.Find()
	r := t.score(found)
	r.Persons, r.Rings, r.Seconds, r.Peak = t.persons, settings.Rings, float64(store.Clock().Sub(start).Milliseconds())/1000, peak()
	if c.JSON {
		return json.NewEncoder(s.out).Encode(r)
	}
	fmt.Fprintf(s.out, "%d of %d planted households surfaced in %d questions, %.2f s\n", r.Surfaced, r.Planted, r.Questions, r.Seconds)
	_, err = fmt.Fprintf(s.out, "%d of %d honest households asked about; of 1,000,000 asked about, %d are honest\n", r.Asked, r.Honest, r.Shares["honest_among_asked"])
	return err
}

// add takes in one household, with what its clerk would have entered.
func (t *townsfolk) add(h *population.Household) {
	v := rings.Seen{Branch: h.Branch, Place: rings.Digest(h.Area, h.Mahalla), Family: rings.FamilyOf(h.Members[0].Name.String())}
	v.Household[0] = byte(len(t.kind) >> 16)
	for shift := range 6 {
		v.Household[15-shift] = byte(h.Index >> (8 * shift))
	}
	for i := range h.Members {
		m := &h.Members[i]
		t.persons++
		v.Numbered = v.Numbered || m.Number != 0
		if m.Phone != 0 {
			v.Phones = append(v.Phones, m.Phone)
		}
		if m.Account != 0 {
			v.Accounts = append(v.Accounts, m.Account)
		}
	}
	if h.Ring > 0 {
		v.Household[0] = 1
		t.kind[v.Household] = h.RingKind
		v.Clerk, v.Day = clerkID(h.Branch, h.Clerk), h.Entered
	} else {
		t.honest++
		t.honestly(&v)
	}
	t.finder.Add(v)
}

// honestly gives an honest family a clerk, a day, and what it shares with others.
func (t *townsfolk) honestly(v *rings.Seen) {
	v.Clerk = clerkID(v.Branch, fmt.Sprint(t.share(v.Branch, "clerk", clerkFamilies)))
	v.Day = t.day.AddDays(-1 - t.draw.IntN(365))
	if t.draw.IntN(1000) < helpersPhone {
		v.Phones = append(v.Phones, t.share(v.Branch, "telephone", helperFamilies))
	}
	if t.draw.IntN(1000) < trustedAccount {
		v.Accounts = append(v.Accounts, t.share(v.Branch, "account", trustFamilies))
	}
	if t.draw.IntN(campEach) == 0 && t.camps[v.Branch] == 0 {
		t.camps[v.Branch] = campSize
	}
	if left := t.camps[v.Branch]; left > 0 {
		t.camps[v.Branch]--
		v.Place, v.Clerk = rings.Digest(v.Branch, "camp"), clerkID(v.Branch, "camp")
		v.Day, v.Numbered = t.day.AddDays(-60-left/8), v.Numbered && left%2 == 0
	}
}

// common is one thing that some families of a branch have, one after the other.
type common struct{ serial, left int }

// share is the thing that the next family of a branch has in common with others,
// about as many as average.
func (t *townsfolk) share(branch, thing string, average int) uint64 {
	c := t.common[branch+thing]
	if c == nil {
		c = &common{}
		t.common[branch+thing] = c
	}
	if c.left == 0 {
		c.serial, c.left = c.serial+1, 2+t.draw.IntN(2*average-3)
	}
	c.left--
	return rings.Digest(branch, thing, fmt.Sprint(c.serial))
}

func clerkID(branch, name string) (n id.ID) {
	key := rings.Digest(branch, name)
	for i := range 8 {
		n[i] = byte(key >> (8 * i))
	}
	return n
}

// score holds what was found against the truth.
func (t *townsfolk) score(found []rings.Ring) ringsResult {
	r := ringsResult{Job: "rings", Honest: t.honest, Planted: len(t.kind), Households: t.honest + len(t.kind), Questions: len(found),
		ByKind: map[string]int{}, Shares: map[string]int{}, Kinds: map[string][]int{}}
	asked := map[id.ID]bool{}
	for _, ring := range found {
		r.ByKind[string(ring.Kind)]++
		for _, h := range ring.Households {
			asked[h] = true
		}
	}
	for _, kind := range t.kind {
		if r.Kinds[kind] == nil {
			r.Kinds[kind] = []int{0, 0}
		}
		r.Kinds[kind][1]++
	}
	for h := range asked {
		if kind, planted := t.kind[h]; planted {
			r.Surfaced++
			r.Kinds[kind][0]++
		} else {
			r.Asked++
		}
	}
	share := func(part, of int) int { return part * 1_000_000 / max(of, 1) }
	r.Shares["surfaced"], r.Shares["asked"], r.Shares["honest_among_asked"] = share(r.Surfaced, r.Planted), share(r.Asked, r.Honest), share(r.Asked, len(asked))
	r.Checks = map[string]bool{"planted_surfaced": r.Shares["surfaced"] >= ringsSurfaced, "honest_left_alone": r.Shares["asked"] <= ringsAsked}
	return r
}
