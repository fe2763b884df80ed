package journal

import (
	"context"
	"crypto/sha256"
	"errors"
	"slices"
	"sync"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Rebuilt is what Rebuild did.
type Rebuilt struct {
	Entries int64
	Differ  []string // projected tables whose digests are not equal
}

// rebuildPage is the number of entries copied in one transaction. Three pages are
// in memory at once, opened.
const rebuildPage = 2000

type sealedEntry struct {
	Entry
	sheet, wrapped []byte
	known          int64
	event          Event
}

// Rebuild replays the whole journal into an empty database of either engine:
// entries, sheets and keys are copied as they are sealed, every event is applied
// again, and the projected tables' digests are compared. Progress is called
// with the entries done so far.
func (j *Journal) Rebuild(ctx context.Context, into *Journal, kinds Catalogue, tables []*store.Table, progress func(int64)) (Rebuilt, error) {
	if err := mustBeEmpty(ctx, into); err != nil {
		return Rebuilt{}, err
	}
	var done Rebuilt
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	pages, failed := j.pages(ctx, kinds)
	for p := range pages {
		if err := into.applyPage(ctx, p); err != nil {
			return done, err
		}
		done.Entries += int64(len(p))
		if progress != nil {
			progress(done.Entries)
		}
	}
	if err := <-failed; err != nil {
		return done, err
	}
	if err := j.copyHeads(ctx, into); err != nil {
		return done, err
	}
	var err error
	done.Differ, err = j.differ(ctx, into, tables)
	return done, err
}

func mustBeEmpty(ctx context.Context, into *Journal) error {
	return into.DB.Read(ctx, store.Session{}, func(tx *store.Tx) error {
		n, _, err := store.One(tx, (*store.Row).Int, "SELECT count(*) FROM streams")
		if err == nil && n > 0 {
			err = fault.Conflict("journal.not_empty")
		}
		return err
	})
}

// pages reads and opens ahead of the writing, until ctx ends. Failed gives one
// answer once pages is closed.
func (j *Journal) pages(ctx context.Context, kinds Catalogue) (pages chan []sealedEntry, failed chan error) {
	pages, failed = make(chan []sealedEntry, 1), make(chan error, 1)
	go func() {
		defer close(pages)
		for after := int64(0); ; {
			p, err := j.page(ctx, after, kinds)
			if err != nil || len(p) == 0 {
				failed <- err
				return
			}
			after += int64(len(p))
			select {
			case pages <- p:
			case <-ctx.Done():
				failed <- ctx.Err()
				return
			}
		}
	}()
	return pages, failed
}

// page reads and opens the entries after an arrival.
func (j *Journal) page(ctx context.Context, after int64, kinds Catalogue) ([]sealedEntry, error) {
	var read []sealedEntry
	err := j.DB.Read(ctx, store.Session{}, func(tx *store.Tx) error {
		if err := j.attach(tx).streamKeys(tx); err != nil { // before the first entry is opened
			return err
		}
		open := newOrdered(func(e sealedEntry) (sealedEntry, error) { return j.openEntry(e, kinds) },
			func(e sealedEntry) error { read = append(read, e); return nil })
		err := tx.Each(func(r *store.Row) error {
			e := sealedEntry{Entry: scanEntry(r)}
			e.known, e.sheet, e.wrapped = e.Recorded, r.Bytes(), r.Bytes()
			if r.Err() != nil {
				return r.Err()
			}
			return open.add(e)
			// Subqueries, so that no engine reads all sheets to join a page of them.
		}, "SELECT "+entryColumns+`,
			(SELECT s.body FROM sheets s WHERE s.household = j.household AND s.version = j.version),
			(SELECT k.wrapped FROM sealing_keys k WHERE k.owner = j.household) FROM journal j
			WHERE j.arrival > $1 AND j.arrival <= $1 + $2 ORDER BY j.arrival`, after, rebuildPage)
		if err != nil {
			return err
		}
		return open.flush()
	})
	return read, err
}

// streamKeys remembers the keys of streams, which entries without a household
// are sealed under.
func (s *state) streamKeys(tx *store.Tx) error {
	names, err := store.All(tx, (*store.Row).Text, "SELECT stream FROM streams")
	if err != nil {
		return err
	}
	for _, name := range names {
		sum := sha256.Sum256([]byte("stream " + name))
		_, err := s.key(tx, [16]byte(sum[:16]))
		if err != nil && !errors.Is(err, fault.NotFound("journal.erased")) {
			return err
		}
	}
	return nil
}

// openEntry gives back an entry's event. An entry whose household's key was
// erased keeps its place and has no event.
func (j *Journal) openEntry(e sealedEntry, kinds Catalogue) (sealedEntry, error) {
	owner := keyOwner(e.Household, e.Stream)
	aead := j.keys.find(owner)
	if aead == nil {
		if len(e.wrapped) == 0 {
			return e, nil
		}
		key, err := unseal(j.wrapper(), e.wrapped, owner[:])
		if err != nil {
			return e, err
		}
		aead = newAEAD(key)
	}
	var body, sheet []byte
	var err error
	if len(e.Body) > 0 {
		if body, err = opened(aead, e.Body, []byte("body "+e.Kind)); err != nil {
			return e, err
		}
	}
	if e.Version > 0 {
		if sheet, err = opened(aead, e.sheet, sheetContext(e.Household, e.Version)); err != nil {
			return e, err
		}
	}
	e.event, err = kinds.read(&e.Entry, body, sheet)
	return e, err
}

// applyPage writes entries as they are and applies their events.
func (j *Journal) applyPage(ctx context.Context, entries []sealedEntry) error {
	return j.DB.Write(ctx, store.Session{Purpose: "rebuild"}, func(tx *store.Tx) error {
		w := tx.Projected()
		keys := map[id.ID][]byte{}
		for i := range entries {
			e := &entries[i]
			if err := e.insert(w); err != nil {
				return err
			}
			if e.sheet != nil {
				if err := w.Insert(sheets, e.Household, e.Version, e.known, e.sheet); err != nil {
					return err
				}
			}
			// A file that came from another branch begins with a later version:
			// its key is put once all inserts, which go in bulk, are through.
			switch {
			case e.Version == 1:
				if err := w.Insert(sealingKeys, e.Household, orErased(e.wrapped)); err != nil {
					return err
				}
			case e.Version > 1:
				keys[e.Household] = e.wrapped
			}
			if e.event == nil {
				continue
			}
			if err := e.event.Apply(w); err != nil {
				return err
			}
		}
		for household, wrapped := range keys {
			if err := w.Put(sealingKeys, household, orErased(wrapped)); err != nil {
				return err
			}
		}
		return nil
	})
}

// orErased is a wrapped key as it is kept: empty once it was erased.
func orErased(wrapped []byte) []byte { return append([]byte{}, wrapped...) }

// copyHeads brings over heads, the keys that are no household's, and the
// signed checkpoints.
func (j *Journal) copyHeads(ctx context.Context, into *Journal) error {
	var heads []head
	var kept [][]any
	var keys [][2][]byte
	err := j.DB.Read(ctx, store.Session{}, func(tx *store.Tx) error {
		var err error
		if heads, err = store.All(tx, scanHead, "SELECT stream, epoch, sequence, hash, writer FROM streams"); err != nil {
			return err
		}
		if keys, err = store.All(tx, func(r *store.Row) [2][]byte { return [2][]byte{r.Bytes(), r.Bytes()} },
			"SELECT owner, wrapped FROM sealing_keys k WHERE NOT EXISTS (SELECT 1 FROM sheets s WHERE s.household = k.owner)"); err != nil {
			return err
		}
		kept, err = store.All(tx, func(r *store.Row) []any { return []any{r.Int(), r.Int(), r.Bytes(), r.Bytes()} },
			"SELECT arrival, recorded, heads, signature FROM checkpoints")
		return err
	})
	if err != nil {
		return err
	}
	return into.DB.Write(ctx, store.Session{}, func(tx *store.Tx) error {
		w := tx.Projected()
		for _, h := range heads {
			if err := w.Insert(streams, h.Stream, h.Epoch, h.Sequence, h.Hash, h.Writer); err != nil {
				return err
			}
		}
		for _, k := range keys {
			if err := w.Put(sealingKeys, k[0], orErased(k[1])); err != nil {
				return err
			}
		}
		for _, c := range kept {
			if err := w.Insert(checkpoints, c...); err != nil {
				return err
			}
		}
		return nil
	})
}

// differ names the projected tables whose digests are not equal.
func (j *Journal) differ(ctx context.Context, into *Journal, tables []*store.Table) ([]string, error) {
	var theirs map[string][32]byte
	var failed error
	var wait sync.WaitGroup
	wait.Go(func() { theirs, failed = into.Digest(ctx, tables) })
	ours, err := j.Digest(ctx, tables)
	wait.Wait()
	names := unequal(ours, theirs)
	slices.Sort(names)
	return names, errors.Join(err, failed)
}

// Digest returns the digest of each projected table.
func (j *Journal) Digest(ctx context.Context, tables []*store.Table) (map[string][32]byte, error) {
	var d map[string][32]byte
	err := j.DB.Read(ctx, store.Session{}, func(tx *store.Tx) error {
		var err error
		d, err = store.Digest(tx, tables)
		return err
	})
	return d, err
}
