package api

import (
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// Staff is somebody who works with Sanad.
type Staff struct {
	ID       id.ID   `json:"id"`
	Name     string  `json:"name"`
	Login    string  `json:"login"`
	Disabled bool    `json:"disabled"`
	MustSet  bool    `json:"must_set_password"`
	Grants   []Grant `json:"grants" nullable:"false"`
}

// Grant is a role over an area.
type Grant struct {
	Role string `json:"role" maxLength:"60" example:"branch_clerk"`
	Area string `json:"area,omitempty" maxLength:"40" example:"LY0210" doc:"code of an area or branch; empty is the whole country, on a branch's own node that branch"`
}

func staffOf(p access.Person) Staff {
	s := Staff{ID: p.ID, Name: p.Name, Login: p.Login, Disabled: p.Disabled, MustSet: p.MustSet, Grants: []Grant{}}
	for _, g := range p.Grants {
		s.Grants = append(s.Grants, Grant{g.Role, g.Area})
	}
	return s
}

// grant reads a role as people write it.
func (g Grant) grant() (store.Grant, error) {
	role, err := access.ParseRole(g.Role)
	if f := fault.Of(err); f != nil {
		err = f.At("role")
	}
	return store.Grant{Role: string(role), Area: g.Area}, err
}

// PersonPath is an address that names a person.
type PersonPath struct {
	Person identifier `path:"person"`
}

func peopleEndpoints(d *door) {
	asks(d, endpoint{name: "people", at: "GET /people", says: "The staff that one may see", need: access.SeePeople}, people)
	does(d, endpoint{name: "addPerson", at: "POST /people", says: "Add somebody with roles; answers with her one-time code, shown once", need: access.ManagePeople}, addPerson)
	does(d, endpoint{name: "grantRole", at: "POST /people/{person}/grants", says: "Give one more role over an area", need: access.ManagePeople}, grantRole)
	does(d, endpoint{name: "revokeRole", at: "POST /people/{person}/grants/revoke", says: "Take a role over an area back; her sessions end", need: access.ManagePeople}, revokeRole)
	does(d, endpoint{name: "disablePerson", at: "POST /people/{person}/disable", says: "Shut a person out, with a reason that stays", need: access.ManagePeople}, disablePerson)
	does(d, endpoint{name: "enablePerson", at: "POST /people/{person}/enable", says: "Let a person in again, with the roles she had", need: access.ManagePeople}, enablePerson)
	does(d, endpoint{name: "resetPassword", at: "POST /people/{person}/reset", says: "Give a person a new one-time code, shown once; by another person", need: access.ResetPasswords}, resetPassword)
	does(d, endpoint{name: "openReading", at: "POST /readings", says: "Open an area outside one's own for reading, for two hours and a written purpose", need: access.ReadElsewhere}, openReading)
}

// Staffs is the staff that one may see.
type Staffs struct {
	People []Staff `json:"people" nullable:"false"`
}

func people(tx *store.Tx, _ *struct{}) (Staffs, error) {
	found, err := access.People(tx)
	out := Staffs{People: []Staff{}}
	for _, p := range found {
		out.People = append(out.People, staffOf(p))
	}
	return out, err
}

type addPersonInput struct {
	Body struct {
		Name   string  `json:"name" maxLength:"200"`
		Login  string  `json:"login,omitempty" maxLength:"200" doc:"made from the name where it is empty"`
		Grants []Grant `json:"grants" maxItems:"50" nullable:"false"`
	}
}

// Added is a person with the code with which she enters first.
type Added struct {
	Person Staff  `json:"person"`
	Code   string `json:"code" doc:"one-time code; lives three days and is shown once"`
}

func addPerson(tx *store.Tx, in *addPersonInput) (Added, error) {
	n := access.NewPerson{Name: in.Body.Name, Login: in.Body.Login}
	for _, g := range in.Body.Grants {
		grant, err := g.grant()
		if err != nil {
			return Added{}, err
		}
		n.Grants = append(n.Grants, grant)
	}
	p, code, err := access.AddPerson(tx, n)
	return Added{staffOf(p), code}, err
}

type grantInput struct {
	PersonPath
	Body Grant
}

func grantRole(tx *store.Tx, in *grantInput) (Nothing, error) {
	grant, err := in.Body.grant()
	if err != nil {
		return Nothing{}, err
	}
	return Nothing{}, access.Grant(tx, in.Person.ID, grant)
}

func revokeRole(tx *store.Tx, in *grantInput) (Nothing, error) {
	grant, err := in.Body.grant()
	if err != nil {
		return Nothing{}, err
	}
	return Nothing{}, access.Revoke(tx, in.Person.ID, grant)
}

type reasonInput struct {
	PersonPath
	Body struct {
		Reason string `json:"reason" maxLength:"1000"`
	}
}

func disablePerson(tx *store.Tx, in *reasonInput) (Nothing, error) {
	return Nothing{}, access.Disable(tx, in.Person.ID, in.Body.Reason)
}

func enablePerson(tx *store.Tx, in *PersonPath) (Nothing, error) {
	return Nothing{}, access.Enable(tx, in.Person.ID)
}

// Code is a one-time code.
type Code struct {
	Code string `json:"code" doc:"lives three days and is shown once"`
}

func resetPassword(tx *store.Tx, in *PersonPath) (Code, error) {
	code, err := access.ResetPassword(tx, in.Person.ID)
	return Code{code}, err
}

type readingInput struct {
	Body struct {
		Area   string `json:"area" maxLength:"40" doc:"code of the area or branch"`
		Reason string `json:"reason" maxLength:"1000"`
	}
}

// Leave is a leave to read files outside one's area.
type Leave struct {
	Area   string `json:"area"`
	Closes string `json:"closes" format:"date-time"`
}

func openReading(tx *store.Tx, in *readingInput) (Leave, error) {
	r, err := access.OpenReading(tx, in.Body.Area, in.Body.Reason)
	return Leave{r.Area, moment(r.Closes)}, err
}
