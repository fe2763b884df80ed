package main

import (
	"context"
	"fmt"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/store"
)

type peopleCommand struct {
	Add  peopleAddCommand  `cmd:"" help:"Add somebody who works here; prints the one-time code."`
	List peopleListCommand `cmd:"" help:"Who works here, with which roles."`
}

type peopleAddCommand struct {
	Name string `arg:"" help:"Full name, or the login itself."`
	Role string `help:"Role, such as branch_clerk or grant_director; one of ${roles}." required:"" placeholder:"ROLE"`
	Area string `help:"Area or branch; the whole country where not named." placeholder:"CODE"`
}

// Run adds a person and prints id, login and one-time code.
func (c peopleAddCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	role, err := access.ParseRole(c.Role)
	if err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	var person access.Person
	var code string
	_, err = n.Write(ctx, access.System("people add"), func(tx *store.Tx) (err error) {
		grant := store.Grant{Role: string(role), Area: c.Area}
		if person, err = access.Named(tx, c.Name); err == nil {
			return access.Grant(tx, person.ID, grant)
		}
		if f := fault.Of(err); f == nil || f.Kind != fault.KindNotFound {
			return err
		}
		person, code, err = access.AddPerson(tx, access.NewPerson{Name: c.Name, Grants: []store.Grant{grant}})
		return err
	})
	if err == nil {
		fmt.Fprintf(s.out, "%s\t%s\t%s\n", person.ID, person.Login, code)
	}
	return n.close(err)
}

type peopleListCommand struct{}

// Run prints a line a grant.
func (peopleListCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	err = n.Read(ctx, access.System("people list"), func(tx *store.Tx) error {
		people, err := access.People(tx)
		for _, p := range people {
			for _, g := range p.Grants {
				fmt.Fprintf(s.out, "%s\t%s\t%s\t%s\n", p.Login, p.Name, g.Role, g.Area)
			}
		}
		return err
	})
	return n.close(err)
}
