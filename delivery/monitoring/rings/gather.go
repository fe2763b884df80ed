package rings

import (
	"cmp"
	"context"
	"time"

	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/names"
	"sanad/platform/store"
)

func microseconds(n int64) time.Duration { return time.Duration(n) * time.Microsecond }

// Find looks through every household, keeps the rings at this node in the place
// of those found before, and returns how many there are. It needs
// access.LinkIdentity over the country, and the diwan, which alone sees it
// ("policy.not_a_diwan" elsewhere).
func Find(ctx context.Context, j *journal.Journal, session store.Session) (int, error) {
	if j.Node.Role != journal.RoleDiwan {
		return 0, fault.Conflict("policy.not_a_diwan")
	}
	var all []Ring
	err := j.Read(ctx, session, func(tx *store.Tx) error {
		if err := access.Require(tx, access.LinkIdentity, ""); err != nil {
			return err
		}
		f, err := gather(tx)
		if err == nil {
			all = f.Find()
		}
		return err
	})
	if err != nil {
		return 0, err
	}
	session.Command = id.ID{}
	_, err = j.Write(ctx, session, func(tx *store.Tx) error { return keep(tx, all) })
	return len(all), err
}

// keep replaces what was found before.
func keep(tx *store.Tx, all []Ring) error {
	w := tx.Local()
	type row struct{ ring, household id.ID }
	old, err := store.All(tx, func(r *store.Row) row { return row{r.ID(), r.ID()} }, "SELECT ring, household FROM ring_households")
	if err != nil {
		return err
	}
	for _, o := range old {
		if err := cmp.Or(w.Delete(members, o.ring, o.household), w.Delete(found, o.ring)); err != nil {
			return err
		}
	}
	for _, r := range all {
		if err := w.Put(found, r.ID, string(r.Kind), r.Branch, r.Families, len(r.Households), r.Clerk, int64(r.From), int64(r.To), tx.Now.UnixMicro()); err != nil {
			return err
		}
		for _, h := range r.Households {
			if err := w.Put(members, r.ID, h); err != nil {
				return err
			}
		}
	}
	return nil
}

// gather reads the registry, one sheet after the other.
func gather(tx *store.Tx) (*Finder, error) {
	f := &Finder{}
	if err := f.payments(tx); err != nil {
		return nil, err
	}
	entered, err := entries(tx)
	if err != nil {
		return nil, err
	}
	var decoder registry.Decoder
	err = journal.EachSheet(tx, time.Time{}, func(raw journal.Sheet) error {
		sheet, err := decoder.Decode(raw.Household, raw.Version, raw.Plain)
		if err == nil && len(sheet.Members) > 0 {
			s := seen(sheet)
			e := entered[raw.Household]
			s.Clerk = e.clerk
			if e.at > 0 {
				s.Day = day(tx, e.at)
			}
			f.Add(s)
		}
		return err
	})
	return f, err
}

// payments notes the days on which lists were prepared.
func (f *Finder) payments(tx *store.Tx) error {
	moments, err := store.All(tx, (*store.Row).Int, "SELECT prepared FROM payment_lists WHERE state <> 'withdrawn' ORDER BY prepared")
	for _, m := range moments {
		f.PayDay(day(tx, m))
	}
	return err
}

// entry is who entered a household by hand, and when it came.
type entry struct {
	clerk id.ID
	at    int64
}

func entries(tx *store.Tx) (map[id.ID]entry, error) {
	all := map[id.ID]entry{}
	err := tx.Each(func(r *store.Row) error {
		all[r.ID()] = entry{at: r.Int()}
		return r.Err()
	}, "SELECT household, registered FROM households")
	if err != nil {
		return nil, err
	}
	err = tx.Each(func(r *store.Row) error {
		household, clerk := r.ID(), r.ID()
		if e, there := all[household]; there {
			all[household] = entry{clerk, e.at}
		}
		return r.Err()
	}, "SELECT household, actor FROM journal WHERE kind = 'registry.registered' AND actor IS NOT NULL")
	return all, err
}

// seen is what rings need of a sheet: what stands now.
func seen(s *registry.Sheet) Seen {
	v := Seen{Household: s.Household, Branch: s.Branch}
	area, _ := s.Now(s.Facts, registry.Area)
	if mahalla, _ := s.Now(s.Facts, registry.Mahalla); mahalla.Value.Text != "" {
		v.Place = Digest(area.Value.Text, names.Light(mahalla.Value.Text))
	}
	for i := range s.Members {
		m := &s.Members[i]
		if f, known := s.Now(m.Facts, registry.Account); known && f.Value.Text != "" {
			v.Accounts = append(v.Accounts, Digest(f.Value.Text))
		}
		if f, known := s.Now(m.Facts, registry.Phone); known && f.Value.Text != "" {
			v.Phones = append(v.Phones, Digest(f.Value.Text))
		}
		number, _ := s.Now(m.Facts, registry.NationalNumberFact)
		v.Numbered = v.Numbered || number.Value.Text != ""
		if role, _ := s.Now(m.Facts, registry.Role); role.Value.Text == "head" || v.Family == 0 {
			name, _ := s.Now(m.Facts, registry.FullName)
			v.Family = FamilyOf(name.Value.Text)
		}
	}
	return v
}

// FamilyOf digests a name's last part, by which families that share it count as
// related.
func FamilyOf(name string) uint64 {
	parts := names.Of(name).All
	if len(parts) == 0 {
		return 0
	}
	return Digest(names.Light(parts[len(parts)-1]))
}
