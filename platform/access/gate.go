package access

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"time"
	"unicode/utf8"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// Gate lets people in and out. It is a value, safe for concurrent use; it takes
// a Journal and no transaction, because a password's hash must not hold up the
// one writer.
type Gate struct {
	Journal  *journal.Journal
	Idle     time.Duration // a session unused for so long is over; 0 is 15 minutes
	Absolute time.Duration // and each is over after this; 0 is 12 hours
}

// Attempt is what somebody typed at the door. Password may be a one-time code.
type Attempt struct {
	Login    string
	Password string
	Address  string // where from, for counting: the client's IP, or "terminal"
}

// Entry is an open door. Token is for the browser's cookie and is kept nowhere
// else. Where Person.MustSet is true, nothing but ChangePassword is possible.
type Entry struct {
	Token  string
	Person Person
}

// account is what this node keeps to recognise a person.
type account struct {
	person    id.ID
	login     string
	password  hashed
	code      []byte
	codeUntil time.Time
}

// Login opens a session. An unknown login, a wrong password, a code that is
// spent and a person who is disabled give the same fault after the same time,
// "access.wrong_login"; too many of them "access.too_many_attempts".
func (g Gate) Login(ctx context.Context, a Attempt) (Entry, error) {
	if utf8.RuneCountInString(a.Login) > passwordMax {
		a.Login = ""
	}
	login := nameKey(a.Login)
	if err := g.local(ctx, func(tx *store.Tx) error { return admit(tx, login, a.Address) }); err != nil {
		return Entry{}, err
	}
	kept, err := g.account(ctx, "login_key", login)
	if err != nil {
		return Entry{}, err
	}
	byPassword, byCode := kept.recognises(a.Password, g.Journal.DB.Now())
	if !byPassword && !byCode {
		return Entry{}, fault.Forbidden("access.wrong_login")
	}
	var entry Entry
	err = g.local(ctx, func(tx *store.Tx) error {
		now, err := readAccount(tx, "person", kept.person)
		if err != nil || now.password != kept.password || subtle.ConstantTimeCompare(now.code, kept.code) == 0 {
			return fault.Forbidden("access.wrong_login").Because(err)
		}
		if entry, err = g.open(tx, kept.person, byCode); err != nil {
			return err
		}
		return succeed(tx, login, a.Address)
	})
	return entry, err
}

// recognises compares what was typed with password and code. It does the same
// work whoever it is.
func (a account) recognises(typed string, now time.Time) (byPassword, byCode bool) {
	kept := a.password
	if kept == "" {
		kept = decoy()
	}
	byPassword = kept.matches(typed) && a.password != ""
	byCode = subtle.ConstantTimeCompare(codeHash(typed), a.code) == 1 && now.Before(a.codeUntil)
	return byPassword, byCode
}

// open begins a session of a person who may enter.
func (g Gate) open(tx *store.Tx, person id.ID, byCode bool) (Entry, error) {
	p, err := Find(tx, person)
	if err != nil || p.Disabled {
		return Entry{}, fault.Forbidden("access.wrong_login").Because(err)
	}
	if err := drop(tx, sessionsTable, "SELECT token FROM sessions WHERE started < $1 ORDER BY started LIMIT 20", tx.Now.Add(-g.absolute())); err != nil {
		return Entry{}, err
	}
	var secret [32]byte
	rand.Read(secret[:]) // not tx.Random: a test's source must never mint tokens
	token := base64.RawURLEncoding.EncodeToString(secret[:])
	p.MustSet = byCode
	return Entry{Token: token, Person: p}, tx.Local().Insert(sessionsTable, tokenHash(token), person, tx.Now, tx.Now, byCode)
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte("sanad session " + token))
	return sum[:]
}

// Session returns who holds a token, with the grants of this moment: what was
// revoked a second ago is gone. A session that is over, for any reason, is the
// fault "access.session_over". Where the person must first choose a password,
// there are no grants.
func (g Gate) Session(ctx context.Context, token string) (store.Session, Person, error) {
	var s session
	err := g.Journal.Read(ctx, store.Session{}, func(tx *store.Tx) (err error) {
		s, err = g.session(tx, token)
		return err
	})
	if err != nil {
		return store.Session{}, Person{}, err
	}
	if s.stale {
		if err := g.touch(ctx, token); err != nil {
			return store.Session{}, Person{}, err
		}
	}
	who := store.Session{Actor: s.person.ID, Grants: s.person.Grants}
	if s.person.MustSet {
		who.Grants = nil
	}
	return who, s.person, nil
}

// session is a live session; stale when its last use should be noted.
type session struct {
	person Person
	stale  bool
}

// noteUse is how exactly the last use of a session is kept.
const noteUse = time.Minute

func (g Gate) session(tx *store.Tx, token string) (session, error) {
	var s session
	var started, seen, from time.Time
	found := false
	err := tx.Each(func(r *store.Row) error {
		found = true
		s.person = Person{ID: r.ID(), Name: r.Text(), Login: r.Text(), Disabled: r.Bool()}
		from, started, seen, s.person.MustSet = r.Time(), r.Time(), r.Time(), r.Bool()
		return r.Err()
	}, `SELECT p.id, p.name, p.login, p.disabled, p.sessions_from, s.started, s.seen, s.by_code
		FROM sessions s JOIN people p ON p.id = s.person WHERE s.token = $1`, tokenHash(token))
	if err != nil {
		return session{}, err
	}
	idle := tx.Now.Sub(seen)
	if !found || s.person.Disabled || started.Before(from) || idle > g.idle() || tx.Now.Sub(started) > g.absolute() {
		return session{}, fault.Forbidden("access.session_over")
	}
	s.stale = idle >= noteUse
	s.person.Grants, err = grantsOf(tx, s.person.ID)
	return s, err
}

func (g Gate) idle() time.Duration {
	if g.Idle == 0 {
		return 15 * time.Minute
	}
	return g.Idle
}

func (g Gate) absolute() time.Duration {
	if g.Absolute == 0 {
		return 12 * time.Hour
	}
	return g.Absolute
}

// touch notes that a session was used, unless it ended meanwhile.
func (g Gate) touch(ctx context.Context, token string) error {
	return g.local(ctx, func(tx *store.Tx) error {
		if _, err := g.session(tx, token); err != nil {
			return err
		}
		return tx.Local().Update(sessionsTable, []any{tokenHash(token)}, "seen", tx.Now)
	})
}

// Logout ends a session; one that is over already stays so.
func (g Gate) Logout(ctx context.Context, token string) error {
	return g.local(ctx, func(tx *store.Tx) error { return tx.Local().Delete(sessionsTable, tokenHash(token)) })
}

// ChangePassword gives the holder of a session a new password and a new
// session; all her others end. present is her password until now; who entered
// with a one-time code need not give it again.
func (g Gate) ChangePassword(ctx context.Context, token, present, next string, address string) (Entry, error) {
	_, p, err := g.Session(ctx, token)
	if err != nil {
		return Entry{}, err
	}
	if !p.MustSet {
		if err := g.confirm(ctx, p, present, address); err != nil {
			return Entry{}, err
		}
	}
	if err := checkPassword(next, p); err != nil {
		return Entry{}, err
	}
	password := hashPassword(next)
	var entry Entry
	_, err = g.Journal.Write(ctx, store.Session{Actor: p.ID}, func(tx *store.Tx) error {
		if _, err := g.session(tx, token); err != nil {
			return err // reset or disabled while the hash was made
		}
		entry, err = g.setPassword(tx, p, password)
		return err
	})
	return entry, err
}

// confirm asks again for the present password, under the same counting.
func (g Gate) confirm(ctx context.Context, p Person, present, address string) error {
	login := nameKey(p.Login)
	if err := g.local(ctx, func(tx *store.Tx) error { return admit(tx, login, address) }); err != nil {
		return err
	}
	kept, err := g.account(ctx, "person", p.ID)
	if err != nil {
		return err
	}
	if right, _ := kept.recognises(present, time.Time{}); !right {
		return fault.Forbidden("access.wrong_present").At("present")
	}
	return g.local(ctx, func(tx *store.Tx) error { return succeed(tx, login, address) })
}

// setPassword keeps a password, spends the code, and opens a session in place
// of all others.
func (g Gate) setPassword(tx *store.Tx, p Person, password hashed) (Entry, error) {
	if err := tx.Local().Put(accountsTable, p.ID, nameKey(p.Login), string(password), nil, time.Time{}); err != nil {
		return Entry{}, err
	}
	if err := journal.Record(tx, PasswordChanged{about(tx, p.ID)}); err != nil {
		return Entry{}, err
	}
	if err := drop(tx, sessionsTable, "SELECT token FROM sessions WHERE person = $1", p.ID); err != nil {
		return Entry{}, err
	}
	return g.open(tx, p.ID, false)
}

// FirstRunCode returns a new one-time code for the terminal while nobody can
// enter as administrator of the whole country, and "" once somebody can. Each
// call replaces the code before; a code lives three days.
func (g Gate) FirstRunCode(ctx context.Context) (string, error) {
	code := ""
	err := g.local(ctx, func(tx *store.Tx) error {
		needed, err := firstRun(tx)
		if err != nil || !needed {
			return err
		}
		code = newCode(tx)
		return tx.Local().Put(accountsTable, OperatorID, "#first run", "", codeHash(code), tx.Now.Add(codeLives)) // no login folds to #
	})
	return code, err
}

// FirstRun is what the holder of the first-run code says about herself.
type FirstRun struct {
	Code     string
	Name     string
	Login    string
	Password string
	Address  string
}

// FirstAdministrator makes the holder of the first-run code the administrator
// of the whole country and opens her session. A wrong code is the fault
// "access.wrong_code".
func (g Gate) FirstAdministrator(ctx context.Context, f FirstRun) (Entry, error) {
	if err := g.local(ctx, func(tx *store.Tx) error { return admit(tx, "first run", f.Address) }); err != nil {
		return Entry{}, err
	}
	kept, err := g.account(ctx, "person", OperatorID)
	if err != nil {
		return Entry{}, err
	}
	if _, right := kept.recognises(f.Code, g.Journal.DB.Now()); !right {
		return Entry{}, fault.Forbidden("access.wrong_code").At("code")
	}
	if err := checkPassword(f.Password, Person{Name: f.Name, Login: f.Login}); err != nil {
		return Entry{}, err
	}
	password := hashPassword(f.Password)
	var entry Entry
	_, err = g.Journal.Write(ctx, System("first run"), func(tx *store.Tx) error {
		entry, err = g.claim(tx, kept, f, password)
		return err
	})
	return entry, err
}

// claim spends the first-run code, which must still be the one that was seen.
func (g Gate) claim(tx *store.Tx, kept account, f FirstRun, password hashed) (Entry, error) {
	now, err := readAccount(tx, "person", OperatorID)
	if err != nil {
		return Entry{}, err
	}
	if needed, err := firstRun(tx); err != nil || !needed || subtle.ConstantTimeCompare(now.code, kept.code) == 0 {
		return Entry{}, fault.Forbidden("access.wrong_code").At("code").Because(err)
	}
	grants := []store.Grant{{Role: string(Administrator)}}
	p, _, err := addPerson(tx, NewPerson{Name: f.Name, Login: f.Login, Grants: grants}, grants)
	if err != nil {
		return Entry{}, err
	}
	if err := tx.Local().Delete(accountsTable, OperatorID); err != nil {
		return Entry{}, err
	}
	return g.setPassword(tx, p, password)
}

// firstRun reports whether nobody can enter as administrator of the whole
// country: neither by a password nor by a code that still lives.
func firstRun(tx *store.Tx) (bool, error) {
	able, _, err := store.One(tx, (*store.Row).Int, `SELECT count(*) FROM people_roles r JOIN people p ON p.id = r.person JOIN accounts a ON a.person = p.id
		WHERE r.role = $1 AND r.area = '' AND p.disabled = 0 AND (a.password <> '' OR a.code_until > $2)`, string(Administrator), tx.Now)
	return able == 0, err
}

// account reads what this node keeps about a login or person; nothing known is
// the zero account.
func (g Gate) account(ctx context.Context, column string, value any) (account, error) {
	var a account
	err := g.Journal.Read(ctx, store.Session{}, func(tx *store.Tx) (err error) {
		a, err = readAccount(tx, column, value)
		return err
	})
	return a, err
}

func readAccount(tx *store.Tx, column string, value any) (account, error) {
	a, _, err := store.One(tx, func(r *store.Row) account {
		return account{person: r.ID(), login: r.Text(), password: hashed(r.Text()), code: r.Bytes(), codeUntil: r.Time()}
	}, "SELECT person, login_key, password, code, code_until FROM accounts WHERE "+column+" = $1", value)
	return a, err
}

// local changes rows of this node that no journal keeps.
func (g Gate) local(ctx context.Context, work func(*store.Tx) error) error {
	_, err := g.Journal.Write(ctx, store.Session{}, work)
	return err
}
