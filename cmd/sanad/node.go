package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"time"

	"sanad/country"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

// node is an opened installation.
type node struct {
	*journal.Journal
	pack fs.FS
	line *commandLine
}

// keysFolder is where the node's keys lie.
func (l *commandLine) keysFolder() string {
	if l.Keys != "" {
		return l.Keys
	}
	return filepath.Join(l.Data, "keys")
}

// location is what store.Open wants.
func (l *commandLine) location() string {
	if l.Database != "" {
		return l.Database
	}
	return l.Data
}

func (l *commandLine) pack() (fs.FS, error) {
	if l.Country != "" {
		return country.Folder(l.Country)
	}
	return country.Pack(country.Libya)
}

// open opens the node that there is, its journal and its country pack.
func (l *commandLine) open(ctx context.Context) (*node, error) {
	n, err := l.openToVerify(ctx)
	if err != nil {
		return nil, err
	}
	if err := n.CheckAnchor(ctx); err != nil {
		return nil, errors.Join(err, n.DB.Close())
	}
	return n, nil
}

// openToVerify opens the node also where its database is not what it last
// signed: then verifying is what can still be done.
func (l *commandLine) openToVerify(ctx context.Context) (*node, error) {
	self, err := journal.OpenNode(l.keysFolder())
	if err != nil {
		return nil, err
	}
	return l.openAs(ctx, self)
}

// openReady opens the node and brings the country's areas and bodies up to date,
// where this node is the one that keeps them. A branch gets them from the diwan.
// A folder that is no node yet becomes a diwan, so that the first command works;
// a branch is made by `sanad init --role branch`.
func (l *commandLine) openReady(ctx context.Context, s streams) (*node, error) {
	n, err := l.open(ctx)
	if errors.Is(err, fault.NotFound("journal.no_node")) {
		if n, err = l.openNew(ctx, journal.RoleDiwan, journal.RoleDiwan); err == nil {
			fmt.Fprintln(s.err, text.Say(text.Language(l.Language), "sanad.new_diwan", "folder", l.Data))
		}
	}
	if err != nil || n.Node.Role != journal.RoleDiwan {
		return n, err
	}
	_, err = n.Write(ctx, access.System("reference data"), func(tx *store.Tx) error {
		if err := access.Require(tx, access.ManageReference, ""); err != nil {
			return err
		}
		return geography.Load(tx, n.pack)
	})
	if err != nil {
		return nil, n.close(err)
	}
	return n, nil
}

// openNew makes a node and opens its database, which must hold no other node's
// journal: that one's keys lie elsewhere. Where it fails no keys are left.
func (l *commandLine) openNew(ctx context.Context, role, code string) (*node, error) {
	self, err := l.newNode(role, code)
	if err != nil {
		return nil, err
	}
	n, err := l.openAs(ctx, self)
	if err == nil {
		if err = n.isNew(ctx); err != nil {
			err = errors.Join(err, n.DB.Close())
		}
	}
	if err != nil {
		return nil, errors.Join(err, takeKeys(l.keysFolder()))
	}
	return n, nil
}

func (n *node) isNew(ctx context.Context) error {
	return n.DB.Read(ctx, access.System("init"), func(tx *store.Tx) error {
		_, found, err := store.One(tx, func(r *store.Row) int64 { return r.Int() }, "SELECT arrival FROM journal LIMIT 1")
		if err == nil && found {
			err = fault.Conflict("sanad.keys_elsewhere", "folder", n.line.keysFolder())
		}
		return err
	})
}

func (l *commandLine) newNode(role, code string) (journal.Node, error) {
	var random [10]byte
	if _, err := rand.Read(random[:]); err != nil {
		return journal.Node{}, err
	}
	return journal.NewNode(l.keysFolder(), id.New(l.now(), random), role, code)
}

// openAs opens the database of a node. A branch's pages are encrypted at rest:
// its machine stands in a room that may be broken into.
func (l *commandLine) openAs(ctx context.Context, self journal.Node) (*node, error) {
	pack, err := l.pack()
	if err != nil {
		return nil, err
	}
	if err := policy.Declare(pack); err != nil {
		return nil, err
	}
	options := store.Options{}
	if self.Role == journal.RoleBranch && l.Database == "" {
		options.PageKey = self.Key("pages")
	}
	db, err := store.Open(ctx, l.location(), options)
	if err != nil {
		return nil, err
	}
	return &node{Journal: journal.New(db, self), pack: pack, line: l}, nil
}

// now is the clock before a database is open.
func (l *commandLine) now() time.Time { return store.Clock() }

// close ends the work; a signed checkpoint is left behind whatever was done.
func (n *node) close(err error) error {
	_, signed := n.Checkpoint(context.Background())
	return errors.Join(err, signed, n.DB.Close())
}

// branchStands refuses a code that none of the country's branches has: nobody
// could send such a node anything.
func (l *commandLine) branchStands(code string) error {
	pack, err := l.pack()
	if err != nil {
		return err
	}
	country, err := geography.Read(pack, calendar.Day(l.now()))
	if err != nil {
		return err
	}
	if body, found := country.Body(code); !found || body.Kind != geography.Branch {
		return fault.NotFound("sanad.no_branch", "code", code).At("--branch")
	}
	return nil
}

type initCommand struct {
	Role   string `help:"diwan or branch." enum:"diwan,branch" required:""`
	Branch string `help:"Code of the branch, as in the country's bodies (LY010102)." placeholder:"CODE"`
}

// Run makes the node.
func (c initCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	code := journal.RoleDiwan
	if c.Role == journal.RoleBranch {
		if code = c.Branch; code == "" {
			return fault.Invalid("sanad.branch_needed").At("--branch")
		}
		if err := l.branchStands(code); err != nil {
			return err
		}
	}
	n, err := l.openNew(ctx, c.Role, code)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s\t%s\t%s\n", n.Node.Role, n.Node.Code, n.Node.ID)
	return n.close(nil)
}
