package web

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"

	"sanad/delivery/strategy"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

// trying are the simulations that this process is at, one after the other. A power
// cut loses one under way and nothing else: it is tried again.
type trying struct {
	mutex sync.Mutex
	jobs  []*trial
	turn  sync.Mutex // one at a time
}

// trial is one simulation under way, or refused.
type trial struct {
	id       id.ID
	name     text.Bilingual
	source   string // see labSources
	scenario strategy.Scenario
	share    atomic.Int32 // hundredths done

	mutex   sync.Mutex
	kept    id.ID
	refused *fault.Fault
	ended   bool
}

// begin starts a trial; it goes on when the browser has gone.
func (t *trying) begin(x *exchange, job *trial) error {
	err := x.site.Journal.DB.Read(x.r.Context(), x.session, func(tx *store.Tx) error {
		job.id = tx.NewID()
		return nil
	})
	if err != nil {
		return err
	}
	t.mutex.Lock()
	t.jobs = append(t.jobs, job)
	if len(t.jobs) > jobsKept && t.jobs[0].done() {
		t.jobs = t.jobs[1:]
	}
	t.mutex.Unlock()
	ctx, site, who := context.WithoutCancel(x.r.Context()), x.site, x.session
	go func() {
		t.turn.Lock()
		defer t.turn.Unlock()
		job.end(job.run(ctx, site, who))
	}()
	return nil
}

// find returns a trial by its identifier, nil where this process has none.
func (t *trying) find(which id.ID) *trial {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if i := slices.IndexFunc(t.jobs, func(j *trial) bool { return j.id == which }); i >= 0 {
		return t.jobs[i]
	}
	return nil
}

// run tries the scenario and keeps what came of it.
func (j *trial) run(ctx context.Context, s *site, who store.Session) (kept id.ID, err error) {
	standing, err := s.standing(j.scenario.Programme)
	if err != nil {
		return kept, err
	}
	var result *strategy.Result
	note := func(hundredths int) { j.share.Store(int32(hundredths)) }
	if persons := labSources[j.source].persons; persons > 0 {
		settings, err := s.population(j.scenario.Month.First())
		if err != nil {
			return kept, err
		}
		result, err = strategy.Simulate(ctx, strategy.FromPopulation(settings, persons), standing, j.scenario, note)
		if err != nil {
			return kept, err
		}
	} else {
		err = s.Journal.Read(ctx, who, func(tx *store.Tx) (err error) {
			result, err = strategy.Simulate(ctx, strategy.FromRegistry(tx, labSources[j.source].share), standing, j.scenario, note)
			return err
		})
		if err != nil {
			return kept, err
		}
	}
	_, err = s.Journal.Write(ctx, who, func(tx *store.Tx) (err error) {
		kept, err = strategy.Keep(tx, result)
		return err
	})
	return kept, err
}

func (j *trial) end(kept id.ID, err error) {
	refused := fault.Of(err)
	if err != nil && refused == nil {
		slog.Error("a simulation failed", "error", err)
		refused = fault.Unavailable("fault.internal")
	}
	j.mutex.Lock()
	defer j.mutex.Unlock()
	j.kept, j.refused, j.ended = kept, refused, true
}

// done reports whether the trial has ended.
func (j *trial) done() bool {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return j.ended
}

// view is the trial as a page.
func (j *trial) view() trialView {
	j.mutex.Lock()
	defer j.mutex.Unlock()
	return trialView{Href: "/lab/" + j.id.String(), Name: j.name, Share: int(j.share.Load()), Working: !j.ended, Refused: j.refused, Source: labSources[j.source].name}
}
