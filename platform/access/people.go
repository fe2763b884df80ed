package access

import (
	"slices"
	"strings"
	"unicode/utf8"

	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// Person is somebody who works with Sanad. One human is one Person, whatever
// roles and areas: makers and checkers are compared by ID.
type Person struct {
	ID       id.ID
	Name     string
	Login    string
	Disabled bool
	MustSet  bool // entered with a one-time code: must choose a password before anything else
	Grants   []store.Grant
}

// NewPerson is what AddPerson needs to know. Login is made from the name where
// it is empty.
type NewPerson struct {
	Name   string
	Login  string
	Grants []store.Grant
}

// given reports a role that a person of the staff can be given.
func (r Role) given() bool { return slices.Contains(Roles, r) && r != Citizen && r != Operator }

// workedAtBranch reports a role whose place of work is a branch.
func (r Role) workedAtBranch() bool {
	return r == BranchClerk || r == SocialWorker || r == Supervisor || r == HeadOfBranch
}

// alone are the roles that exclude every other: who checks or opens doors does
// not work behind them.
var alone = []Role{InternalAuditor, AuditExaminer, Administrator, PartnerSystem}

// AddPerson adds somebody with roles over areas and returns the one-time code
// with which she enters first; it is shown once and lives three days.
//
// An area is a code of geography. For roles worked at a branch, a branch's code
// means the area that it serves; on a branch's own node an empty area means
// that branch. Elsewhere an empty area, or the country's code, is the whole
// country.
func AddPerson(tx *store.Tx, n NewPerson) (Person, string, error) {
	grants, err := resolveAll(tx, n.Grants)
	if err != nil {
		return Person{}, "", err
	}
	if err := requireOver(tx, ManagePeople, grants); err != nil {
		return Person{}, "", err
	}
	return addPerson(tx, n, grants)
}

// addPerson is AddPerson without the question who may: the holder of the
// first-run code has no role yet.
func addPerson(tx *store.Tx, n NewPerson, grants []store.Grant) (Person, string, error) {
	p := Person{ID: tx.NewID(), Name: strings.Join(strings.Fields(n.Name), " "), Login: strings.TrimSpace(n.Login), MustSet: true, Grants: grants}
	if p.Login == "" {
		p.Login = strings.ToLower(strings.ReplaceAll(p.Name, " ", "."))
	}
	if err := p.check(tx); err != nil {
		return Person{}, "", err
	}
	if err := journal.Record(tx, PersonAdded{about(tx, p.ID), p.Name, p.Login}); err != nil {
		return Person{}, "", err
	}
	for _, g := range grants {
		if err := journal.Record(tx, RoleGranted{about(tx, p.ID), g.Role, g.Area}); err != nil {
			return Person{}, "", err
		}
	}
	code, err := giveCode(tx, p)
	return p, code, err
}

func (p Person) check(tx *store.Tx) error {
	var list fault.List
	if n := utf8.RuneCountInString(p.Name); n < 2 || n > 100 || nameKey(p.Name) == "" {
		list.Add("name", fault.Invalid("access.bad_name"))
	}
	if n := utf8.RuneCountInString(p.Login); n < 2 || n > 60 || nameKey(p.Login) == "" {
		list.Add("login", fault.Invalid("access.bad_login"))
	} else if taken, err := loginTaken(tx, p.Login); err != nil {
		return err
	} else if taken {
		list.Add("login", fault.Conflict("access.login_taken", "login", p.Login))
	}
	if len(p.Grants) == 0 {
		list.Add("role", fault.Invalid("access.no_grant"))
	}
	list.Add("role", compatible(p.Grants))
	return list.Err()
}

// compatible refuses roles that one person must not hold together.
func compatible(grants []store.Grant) error {
	for _, a := range grants {
		for _, b := range grants {
			if a.Role != b.Role && slices.Contains(alone, Role(a.Role)) {
				return fault.Conflict("access.roles_apart", "role", bilingual(Role(a.Role).Key()), "other", bilingual(Role(b.Role).Key()))
			}
		}
	}
	return nil
}

// Grant gives a person one more role over an area; see AddPerson for areas. A
// role that is held already changes nothing. Nobody gives a role to himself.
func Grant(tx *store.Tx, person id.ID, grant store.Grant) error {
	p, grants, err := manage(tx, person, grant)
	if err != nil {
		return err
	}
	if err := compatible(append(slices.Clone(p.Grants), grants...)); err != nil {
		return err
	}
	for _, g := range grants {
		if slices.Contains(p.Grants, g) {
			continue
		}
		if err := journal.Record(tx, RoleGranted{about(tx, person), g.Role, g.Area}); err != nil {
			return err
		}
	}
	return nil
}

// Revoke takes a role over an area from a person and ends her sessions. The
// last administrator stays.
func Revoke(tx *store.Tx, person id.ID, grant store.Grant) error {
	p, grants, err := manage(tx, person, grant)
	if err != nil {
		return err
	}
	for _, g := range grants {
		if !slices.Contains(p.Grants, g) {
			return fault.NotFound("access.not_held")
		}
		if err := keepAdministrator(tx, p, g); err != nil {
			return err
		}
		if err := journal.Record(tx, RoleRevoked{about(tx, person), g.Role, g.Area}); err != nil {
			return err
		}
	}
	return nil
}

// manage finds a person and the resolved grant, for an actor who may change it.
func manage(tx *store.Tx, person id.ID, grant store.Grant) (Person, []store.Grant, error) {
	grants, err := resolve(tx, grant)
	if err != nil {
		return Person{}, nil, err
	}
	if err := requireOver(tx, ManagePeople, grants); err != nil {
		return Person{}, nil, err
	}
	if tx.Actor == person {
		return Person{}, nil, fault.Forbidden("access.not_yourself")
	}
	p, err := Find(tx, person)
	return p, grants, err
}

// Disable shuts a person out and ends her sessions, with a reason that stays in
// the journal; her past acts keep her name. A person who is out stays out.
func Disable(tx *store.Tx, person id.ID, reason string) error {
	p, err := changeable(tx, ManagePeople, person)
	if err != nil || p.Disabled {
		return err
	}
	if utf8.RuneCountInString(strings.TrimSpace(reason)) < 3 {
		return fault.Invalid("access.no_reason").At("reason")
	}
	for _, g := range p.Grants {
		if err := keepAdministrator(tx, p, g); err != nil {
			return err
		}
	}
	return journal.Record(tx, PersonDisabled{about(tx, person), strings.TrimSpace(reason)})
}

// Enable lets a person in again, with the roles she had.
func Enable(tx *store.Tx, person id.ID) error {
	p, err := changeable(tx, ManagePeople, person)
	if err != nil || !p.Disabled {
		return err
	}
	return journal.Record(tx, PersonEnabled{about(tx, person)})
}

// ResetPassword gives a person a new one-time code, shown once; her password
// and her sessions end. It is done by another person, and recorded.
func ResetPassword(tx *store.Tx, person id.ID) (string, error) {
	p, err := changeable(tx, ResetPasswords, person)
	if err != nil {
		return "", err
	}
	if p.Disabled {
		return "", fault.Conflict("access.disabled", "name", p.Name)
	}
	if err := journal.Record(tx, PasswordReset{about(tx, person)}); err != nil {
		return "", err
	}
	if err := forgive(tx, p.Login); err != nil {
		return "", err
	}
	return giveCode(tx, p)
}

// changeable finds a person all of whose areas the actor may work on, and who
// is not the actor.
func changeable(tx *store.Tx, capability Capability, person id.ID) (Person, error) {
	if !Holds(tx, capability) {
		return Person{}, notAllowed(capability)
	}
	p, err := Find(tx, person)
	if err != nil {
		return Person{}, err
	}
	if err := requireOver(tx, capability, p.Grants); err != nil {
		return Person{}, err
	}
	if tx.Actor == person {
		return Person{}, fault.Forbidden("access.not_yourself")
	}
	return p, nil
}

// requireOver is Require for the areas of all grants; none of them is asked as
// the whole country.
func requireOver(tx *store.Tx, capability Capability, grants []store.Grant) error {
	if len(grants) == 0 {
		return Require(tx, capability, "")
	}
	for _, g := range grants {
		if err := Require(tx, capability, g.Area); err != nil {
			return err
		}
	}
	return nil
}

// keepAdministrator refuses to take the whole country from its last
// administrator: a ministry that locked itself out would need its machine.
func keepAdministrator(tx *store.Tx, p Person, g store.Grant) error {
	if Role(g.Role) != Administrator || g.Area != "" || p.Disabled {
		return nil
	}
	others, _, err := store.One(tx, (*store.Row).Int, `SELECT count(*) FROM people_roles r JOIN people p ON p.id = r.person
		WHERE r.role = $1 AND r.area = '' AND p.disabled = 0 AND p.id <> $2`, string(Administrator), p.ID)
	if err == nil && others == 0 {
		err = fault.Conflict("access.last_administrator")
	}
	return err
}

func resolveAll(tx *store.Tx, grants []store.Grant) ([]store.Grant, error) {
	var all []store.Grant
	for _, g := range grants {
		resolved, err := resolve(tx, g)
		if err != nil {
			return nil, err
		}
		for _, r := range resolved {
			if !slices.Contains(all, r) {
				all = append(all, r)
			}
		}
	}
	return all, nil
}

// resolve turns what was asked for into stored grants: the role's one name, and
// areas that stand today.
func resolve(tx *store.Tx, g store.Grant) ([]store.Grant, error) {
	role, err := ParseRole(g.Role)
	if err != nil {
		return nil, err
	}
	if !role.given() {
		return nil, noRole(g.Role)
	}
	m, err := geography.At(tx, tx.Today())
	if err != nil {
		return nil, err
	}
	areas, err := resolveArea(m, journal.Self(tx), role, strings.ToUpper(strings.TrimSpace(g.Area)))
	var grants []store.Grant
	for _, area := range areas {
		grants = append(grants, store.Grant{Role: string(role), Area: area})
	}
	return grants, err
}

func resolveArea(m *geography.Map, self journal.Node, role Role, area string) ([]string, error) {
	if area == "" && role.workedAtBranch() && self.Role == journal.RoleBranch {
		area = self.Code
	}
	if area == "" {
		return []string{""}, nil
	}
	if branch, ok := m.Body(area); ok && branch.Kind == geography.Branch && role.workedAtBranch() {
		return branch.Serves, nil
	}
	place, ok := m.Area(area)
	switch {
	case !ok:
		return nil, fault.Invalid("geography.no_area", "code", area).At("area")
	case place.Kind == geography.Country:
		return []string{""}, nil
	}
	return []string{area}, nil
}

func loginTaken(tx *store.Tx, login string) (bool, error) {
	n, _, err := store.One(tx, (*store.Row).Int, "SELECT count(*) FROM people WHERE login_key = $1", nameKey(login))
	return n > 0, err
}
