package population

// The kinds of planted ring.
const (
	SharedAccount = "shared_account" // families that nobody knows, all paid into one account
	OneClerk      = "one_clerk"      // many families entered by one clerk in one night
	PayDay        = "pay_day"        // families entered in the days before a payment, one telephone
)

// rings calls f with the households of every planted ring, behind all others.
func (s *Settings) rings(f func(*Household) error) error {
	d := newDrawer(s)
	index := 1 << 24 // far from those of families
	for ring := 1; ring <= s.Rings; ring++ {
		d.at(s.Seed, forRing, uint64(ring))
		kind := []string{SharedAccount, OneClerk, PayDay}[ring%3]
		size := d.between(6, 12)
		if kind == OneClerk {
			size = d.between(25, 40)
		}
		draw := d.Uint64()
		for range size {
			var h Household
			d.ghost(&h, ring, kind, index, draw)
			index++
			if err := f(&h); err != nil {
				return err
			}
		}
	}
	return nil
}

// ghost draws one household of a ring. What the ring shares depends on draw.
func (d *drawer) ghost(h *Household, ring int, kind string, index int, draw uint64) {
	*h = Household{Index: index, Of: -1, Kind: Ghosts, Ring: ring, RingKind: kind}
	d.household(h)
	at := &d.Settings.places[draw%uint64(len(d.Settings.places))]
	area := &at.areas[draw>>8%uint64(len(at.areas))]
	h.Branch, h.BranchName, h.District, h.Area, h.AreaName = at.code, at.name, at.district, area.Code, area.NameAr
	h.Mahalla = mahallas[draw>>24%uint64(len(mahallas))]
	h.Clerk = clerks[draw>>32%uint64(len(clerks))]
	h.Entered = d.Day.AddDays(-30 - int(draw>>40%7))
	for i := range h.Members {
		m := &h.Members[i]
		m.Human, m.Number = int64(index)*blockSize+int64(i), 0
		if m.Phone != 0 && kind != OneClerk {
			m.Phone = phone(1<<22+ring, 0)
		}
		if i == 0 && kind == SharedAccount {
			m.Account = account(1<<25 + ring)
		}
	}
}

// clerks are names of nobody, under whom rings are entered.
var clerks = []string{"موظف تجريبي 11", "موظف تجريبي 17", "موظف تجريبي 23", "موظف تجريبي 42"}
