// Package access decides who may see and change a family's file. A clerk sees
// the families of her own branch and no others; nobody approves what he has
// prepared; whoever must look elsewhere writes down why.
//
// A person holds roles over areas; the matrix says which capabilities a role
// gives; every verb begins with Require. People and their roles are events of
// the journal. Passwords, one-time codes and sessions are local to the node and
// never travel.
package access

import (
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/names"
	"sanad/platform/store"
	"sanad/platform/text"
)

// OperatorID is the actor of what is done at the machine's own command line
// without naming a person.
var OperatorID = id.ID{6: 0x70, 8: 0x80, 15: 1}

// System returns the session of the operator at the machine's command line, who
// holds the role Operator over the whole country. Purpose says which command.
func System(purpose string) store.Session {
	return store.Session{Actor: OperatorID, Purpose: purpose, Grants: []store.Grant{{Role: string(Operator)}}}
}

// Require returns nil where the actor holds, over an area that contains area, a
// role that gives the capability, else the fault "access.not_allowed", which
// names the capability and who may. The empty area is the whole country.
func Require(tx *store.Tx, capability Capability, area string) error {
	for _, grant := range tx.Grants {
		if cells[capability][Role(grant.Role)] == InArea && geography.Contains(grant.Area, area) {
			return nil
		}
	}
	return notAllowed(capability)
}

// RequireOwn is Require for a citizen's own file too: owner is the person of
// the registry whose file it is, who is the actor.
func RequireOwn(tx *store.Tx, capability Capability, area string, owner id.ID) error {
	for _, grant := range tx.Grants {
		if cells[capability][Role(grant.Role)] == OwnFile && !owner.IsZero() && tx.Actor == owner {
			return nil
		}
	}
	return Require(tx, capability, area)
}

// RequireAnother returns the fault "access.same_person" where the actor is the
// maker, or nobody: a checker is another person, whatever roles both hold.
func RequireAnother(tx *store.Tx, maker id.ID) error {
	if tx.Actor.IsZero() || tx.Actor == OperatorID || tx.Actor == maker {
		return fault.Forbidden("access.same_person")
	}
	return nil
}

// Holds reports whether the actor has a capability over any area at all; lists
// and menus ask it before they ask Require for each row.
func Holds(tx *store.Tx, capability Capability) bool {
	for _, grant := range tx.Grants {
		if cells[capability][Role(grant.Role)] == InArea {
			return true
		}
	}
	return false
}

// Areas returns the areas over which the actor has a capability; the empty area
// is the whole country. A list is filtered by them.
func Areas(tx *store.Tx, capability Capability) []string {
	var areas []string
	for _, grant := range tx.Grants {
		if cells[capability][Role(grant.Role)] == InArea {
			areas = append(areas, grant.Area)
		}
	}
	return areas
}

// notAllowed names what was not allowed, and whom to ask.
func notAllowed(capability Capability) error {
	var arabic, english []string
	for _, role := range Roles {
		if cells[capability][role] == InArea && role != Operator {
			arabic = append(arabic, text.Say(text.Arabic, string(role.Key())))
			english = append(english, text.Say(text.English, string(role.Key())))
		}
	}
	who := text.Bilingual{Arabic: text.List(text.Arabic, arabic), English: text.List(text.English, english)}
	if len(arabic) == 0 {
		who = bilingual(Operator.Key())
	}
	return fault.Forbidden("access.not_allowed", "capability", capability.Key(), "roles", who)
}

func noRole(written string) error {
	var arabic, english []string
	for _, role := range Roles {
		if role.given() {
			arabic = append(arabic, text.Say(text.Arabic, string(role.Key())))
			english = append(english, string(role))
		}
	}
	all := text.Bilingual{Arabic: text.List(text.Arabic, arabic), English: text.List(text.English, english)}
	return fault.Invalid("access.no_role", "role", written, "roles", all)
}

func bilingual(key text.Key) text.Bilingual {
	return text.Bilingual{Arabic: text.Say(text.Arabic, string(key)), English: text.Say(text.English, string(key))}
}

// nameKey is the form in which two spellings of a name or login are one.
func nameKey(name string) string { return names.Light(name) }
