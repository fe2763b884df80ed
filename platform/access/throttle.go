package access

import (
	"crypto/sha256"
	"time"

	"sanad/platform/fault"
	"sanad/platform/store"
)

// Wrong logins are counted three ways. A pair of login and address is slowed
// after a few; a login as a whole after more, from wherever, but not from an
// address where its owner was recognised before, so that a stranger cannot lock
// her out of her own office; an address after many. Time opens again what time
// has closed, and so does a second person's ResetPassword.
const (
	pairLimit    = 5
	loginLimit   = 20
	addressLimit = 100
	shortBlock   = time.Minute
	longBlock    = 15 * time.Minute
	quiet        = 15 * time.Minute // without an attempt, the count begins anew
	recognised   = 30 * 24 * time.Hour
)

// counter is one row of login_attempts; its key is a hash, because people type
// passwords into the box for the login.
type counter struct {
	key      []byte
	login    []byte
	limit    int64
	failures int64
	last     time.Time
	blocked  time.Time
}

func counterKey(use, login, address string) []byte {
	sum := sha256.Sum256([]byte(use + "\x00" + login + "\x00" + address))
	return sum[:]
}

func counters(login, address string) []counter {
	of := counterKey("login", login, "")
	return []counter{
		{key: counterKey("pair", login, address), login: of, limit: pairLimit},
		{key: of, login: of, limit: loginLimit},
		{key: counterKey("address", "", address), login: []byte{}, limit: addressLimit},
	}
}

// admit counts an attempt before its password is looked at, so that attempts
// made at once are counted too, and refuses it where a count is over its limit
// ("access.too_many_attempts", the same for logins that do not exist).
func admit(tx *store.Tx, login, address string) error {
	if err := forgetOld(tx); err != nil {
		return err
	}
	known, err := isRecognised(tx, login, address)
	if err != nil {
		return err
	}
	all := counters(login, address)
	for i := range all {
		if err := all[i].read(tx); err != nil {
			return err
		}
		if known && all[i].limit == loginLimit {
			continue
		}
		if all[i].blocked.After(tx.Now) {
			return tooMany(all[i].blocked.Sub(tx.Now))
		}
	}
	for _, c := range all {
		if err := c.add(tx); err != nil {
			return err
		}
	}
	return nil
}

func tooMany(wait time.Duration) error {
	minutes := int64((wait + time.Minute - 1) / time.Minute)
	return fault.Unavailable("access.too_many_attempts", "count", minutes)
}

func (c *counter) read(tx *store.Tx) error {
	err := tx.Each(func(r *store.Row) error {
		c.failures, c.last, c.blocked = r.Int(), r.Time(), r.Time()
		return r.Err()
	}, "SELECT failures, last, blocked_until FROM login_attempts WHERE counter = $1", c.key)
	if tx.Now.Sub(c.last) > quiet && !c.blocked.After(tx.Now) {
		c.failures = 0
	}
	return err
}

func (c counter) add(tx *store.Tx) error {
	c.failures++
	if over := c.failures - c.limit; over >= 0 {
		c.blocked = tx.Now.Add(min(longBlock, shortBlock<<min(over, 8)))
	}
	return tx.Local().Put(attemptsTable, c.key, c.login, c.failures, tx.Now, c.blocked)
}

// succeed forgets the failures of a login that was right in the end, gives back
// the attempt counted at the address, and remembers the address as hers.
func succeed(tx *store.Tx, login, address string) error {
	w := tx.Local()
	for _, c := range counters(login, address)[:2] {
		if err := w.Delete(attemptsTable, c.key); err != nil {
			return err
		}
	}
	at := counters(login, address)[2]
	if err := at.read(tx); err != nil {
		return err
	}
	at.failures = max(at.failures-1, 0)
	if at.failures < at.limit {
		at.blocked = time.Time{}
	}
	if err := w.Put(attemptsTable, at.key, at.login, at.failures, tx.Now, at.blocked); err != nil {
		return err
	}
	return w.Put(attemptsTable, counterKey("recognised", login, address), counterKey("login", login, ""), 0, tx.Now, time.Time{})
}

// forgive opens a login for its new code, at every address.
func forgive(tx *store.Tx, login string) error {
	return drop(tx, attemptsTable, "SELECT counter FROM login_attempts WHERE login = $1 AND failures > 0", counterKey("login", nameKey(login), ""))
}

func isRecognised(tx *store.Tx, login, address string) (bool, error) {
	last, found, err := store.One(tx, (*store.Row).Time, "SELECT last FROM login_attempts WHERE counter = $1", counterKey("recognised", login, address))
	return found && tx.Now.Sub(last) < recognised, err
}

// forgetOld removes a few rows that no rule looks at any more.
func forgetOld(tx *store.Tx) error {
	return drop(tx, attemptsTable, "SELECT counter FROM login_attempts WHERE last < $1 ORDER BY last LIMIT 20", tx.Now.Add(-recognised))
}

// drop removes the rows of a local table whose keys a query finds.
func drop(tx *store.Tx, table *store.Table, query string, arg any) error {
	keys, err := store.All(tx, (*store.Row).Bytes, query, arg)
	for _, key := range keys {
		if err == nil {
			err = tx.Local().Delete(table, key)
		}
	}
	return err
}
