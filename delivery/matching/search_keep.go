package matching

import (
	"context"

	"sanad/delivery/matching/linkage"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// keepAtOnce is how many matches one transaction writes.
const keepAtOnce = 5_000

// keep brings the matches up to date with what was found: pairs of records that
// were not looked at stay, others that are no longer found go.
func (p *population) keep(ctx context.Context, j *journal.Journal, who store.Session, done *Searched, pairs []linkage.Pair) error {
	gone, err := p.stale(ctx, j, who, pairs)
	if err != nil {
		return err
	}
	err = inBatches(gone, func(some []Match) error {
		return p.write(ctx, j, who, func(tx *store.Tx) error { return DropMatches(tx, some) })
	})
	if err != nil {
		return err
	}
	found := make([]Match, len(pairs))
	for i := range pairs {
		found[i] = p.match(&pairs[i])
	}
	err = inBatches(found, func(some []Match) error {
		return p.write(ctx, j, who, func(tx *store.Tx) error { return KeepMatches(tx, some) })
	})
	if err != nil {
		return err
	}
	return p.write(ctx, j, who, func(tx *store.Tx) error {
		done.Matches, err = countMatches(tx)
		if err != nil {
			return err
		}
		return tx.Local().Insert(runTable, tx.NewID(), p.model.Digest(), p.arrival, done.Persons, done.Report.Compared, string(done.Estimate), p.began.UnixMicro(), tx.Now.UnixMicro())
	})
}

func (p *population) write(ctx context.Context, j *journal.Journal, who store.Session, work func(*store.Tx) error) error {
	_, err := j.Write(ctx, who, work)
	return err
}

func inBatches(list []Match, work func([]Match) error) error {
	for len(list) > 0 {
		n := min(keepAtOnce, len(list))
		if err := work(list[:n]); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

func countMatches(tx *store.Tx) (int, error) {
	n, _, err := store.One(tx, (*store.Row).Int, "SELECT count(*) FROM matches")
	return int(n), err
}

func (p *population) match(pair *linkage.Pair) Match {
	m := Match{A: p.persons[pair.A], B: p.persons[pair.B], Weight: linkage.Million(pair.Weight), Probability: linkage.Million(pair.Probability),
		Verdict: Possible, Levels: p.engine.LevelsText(pair.Levels), Model: p.model.Digest(), Found: p.began.UnixMicro()}
	if pair.Same {
		m.Verdict = Same
	}
	if m.A.Compare(m.B) > 0 {
		m.A, m.B = m.B, m.A
	}
	return m
}

// stale finds the matches that this search should have found again and did not.
func (p *population) stale(ctx context.Context, j *journal.Journal, who store.Session, pairs []linkage.Pair) ([]Match, error) {
	found := make(map[[2]id.ID]bool, len(pairs))
	for i := range pairs {
		m := p.match(&pairs[i])
		found[[2]id.ID{m.A, m.B}] = true
	}
	rows := make(map[id.ID]bool, len(p.persons))
	for i, person := range p.persons {
		rows[person] = p.fresh == nil || p.fresh[i]
	}
	var gone []Match
	err := j.Read(ctx, who, func(tx *store.Tx) error {
		return EachMatch(tx, func(m Match) error {
			a, hasA := rows[m.A]
			b, hasB := rows[m.B]
			if (!hasA || !hasB || a || b) && !found[[2]id.ID{m.A, m.B}] {
				gone = append(gone, m)
			}
			return nil
		})
	})
	return gone, err
}
