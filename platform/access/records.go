package access

import (
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

var (
	peopleTable = &store.Table{Name: "people", Class: store.Projected, Key: []string{"id"},
		Columns: []string{"id", "name", "name_key", "login", "login_key", "disabled", "sessions_from", "added"}}
	rolesTable = &store.Table{Name: "people_roles", Class: store.Projected, Key: []string{"person", "role", "area"},
		Columns: []string{"person", "role", "area", "granted"}}
	readingsTable = &store.Table{Name: "readings_elsewhere", Class: store.Projected, Key: []string{"id"},
		Columns: []string{"id", "person", "area", "reason", "opened", "closes"}}
	accountsTable = &store.Table{Name: "accounts", Class: store.Local, Key: []string{"person"},
		Columns: []string{"person", "login_key", "password", "code", "code_until"}}
	sessionsTable = &store.Table{Name: "sessions", Class: store.Local, Key: []string{"token"},
		Columns: []string{"token", "person", "started", "seen", "by_code"}}
	attemptsTable = &store.Table{Name: "login_attempts", Class: store.Local, Key: []string{"counter"},
		Columns: []string{"counter", "login", "failures", "last", "blocked_until"}}
)

// Tables are the tables of this package.
var Tables = []*store.Table{peopleTable, rolesTable, readingsTable, accountsTable, sessionsTable, attemptsTable}

// Kinds are the events of this package.
var Kinds = []journal.Event{PersonAdded{}, RoleGranted{}, RoleRevoked{}, PersonDisabled{}, PersonEnabled{}, PasswordReset{}, PasswordChanged{}, ReadingOpened{}}

// of is what every event about a person carries: where it is recorded, whom it
// is about, and when in microseconds since 1970.
type of struct {
	Stream string `cbor:"1,keyasint"`
	Person id.ID  `cbor:"2,keyasint"`
	At     int64  `cbor:"3,keyasint"`
}

func about(tx *store.Tx, person id.ID) of {
	return of{Stream: journal.Home(tx), Person: person, At: tx.Now.UnixMicro()}
}

// About puts the event into the stream of the node where it was decided.
func (e of) About() journal.About { return journal.About{Stream: e.Stream, Subject: e.Person} }

// Vet lets a branch's own node speak of the people whom it added, and of nobody
// else's: it gives no role to an officer of the diwan and shuts none out.
func (e of) Vet(tx *store.Tx, stream string) error {
	added, err := journal.AddedBy(tx, PersonAdded{}.Kind(), e.Person)
	if err == nil && added != stream {
		err = fault.Forbidden("access.not_their_person", "stream", stream)
	}
	return err
}

// endSessions ends every session that the person has anywhere.
func (e of) endSessions(w *store.Writer, set ...any) error {
	return w.Update(peopleTable, []any{e.Person}, append(set, "sessions_from", e.At)...)
}

func kind(name string) journal.Kind { return journal.Kind{Name: "access." + name, Version: 1} }

// PersonAdded says that somebody works here from now on.
type PersonAdded struct {
	of
	Name  string `cbor:"4,keyasint"`
	Login string `cbor:"5,keyasint"`
}

// Kind is "access.person_added".
func (PersonAdded) Kind() journal.Kind { return kind("person_added") }

// Apply adds the person.
func (e PersonAdded) Apply(w *store.Writer) error {
	return w.Insert(peopleTable, e.Person, e.Name, nameKey(e.Name), e.Login, nameKey(e.Login), false, 0, e.At)
}

// RoleGranted says that a person holds a role over an area.
type RoleGranted struct {
	of
	Role string `cbor:"4,keyasint"`
	Area string `cbor:"5,keyasint"`
}

// Kind is "access.role_granted".
func (RoleGranted) Kind() journal.Kind { return kind("role_granted") }

// Apply adds the role.
func (e RoleGranted) Apply(w *store.Writer) error {
	return w.Put(rolesTable, e.Person, e.Role, e.Area, e.At)
}

// RoleRevoked says that a person holds a role over an area no longer.
type RoleRevoked struct {
	of
	Role string `cbor:"4,keyasint"`
	Area string `cbor:"5,keyasint"`
}

// Kind is "access.role_revoked".
func (RoleRevoked) Kind() journal.Kind { return kind("role_revoked") }

// Apply takes the role away and ends the person's sessions.
func (e RoleRevoked) Apply(w *store.Writer) error {
	if err := w.Delete(rolesTable, e.Person, e.Role, e.Area); err != nil {
		return err
	}
	return e.endSessions(w)
}

// PersonDisabled says that a person may not enter, and why.
type PersonDisabled struct {
	of
	Reason string `cbor:"4,keyasint"`
}

// Kind is "access.person_disabled".
func (PersonDisabled) Kind() journal.Kind { return kind("person_disabled") }

// Apply closes the door and ends the person's sessions.
func (e PersonDisabled) Apply(w *store.Writer) error { return e.endSessions(w, "disabled", true) }

// PersonEnabled says that a person may enter again.
type PersonEnabled struct{ of }

// Kind is "access.person_enabled".
func (PersonEnabled) Kind() journal.Kind { return kind("person_enabled") }

// Apply opens the door.
func (e PersonEnabled) Apply(w *store.Writer) error {
	return w.Update(peopleTable, []any{e.Person}, "disabled", false)
}

// PasswordReset says that another person gave this one a new one-time code.
// Neither code nor password is in it.
type PasswordReset struct{ of }

// Kind is "access.password_reset".
func (PasswordReset) Kind() journal.Kind { return kind("password_reset") }

// Apply ends the person's sessions.
func (e PasswordReset) Apply(w *store.Writer) error { return e.endSessions(w) }

// PasswordChanged says that a person chose a password. It is not in it.
type PasswordChanged struct{ of }

// Kind is "access.password_changed".
func (PasswordChanged) Kind() journal.Kind { return kind("password_changed") }

// Apply ends the person's sessions.
func (e PasswordChanged) Apply(w *store.Writer) error { return e.endSessions(w) }

// ReadingOpened says that a person will read files outside her area for a
// while, and why.
type ReadingOpened struct {
	of
	Reading id.ID  `cbor:"4,keyasint"`
	Area    string `cbor:"5,keyasint"`
	Reason  string `cbor:"6,keyasint"`
	Closes  int64  `cbor:"7,keyasint"`
}

// Kind is "access.reading_opened".
func (ReadingOpened) Kind() journal.Kind { return kind("reading_opened") }

// Apply keeps the reading, for the check and for the report.
func (e ReadingOpened) Apply(w *store.Writer) error {
	return w.Insert(readingsTable, e.Reading, e.Person, e.Area, e.Reason, e.At, e.Closes)
}
