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
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
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

// open opens the node, its journal and its country pack. A folder that is no
// node yet becomes a diwan, so that the first command works; a branch is made
// by `sanad init --role branch`.
func (l *commandLine) open(ctx context.Context, s streams) (*node, error) {
	self, err := journal.OpenNode(l.keysFolder())
	if errors.Is(err, fault.NotFound("journal.no_node")) {
		fmt.Fprintf(s.err, "This folder is no node yet: making it a diwan in %s\n", l.Data)
		self, err = l.newNode(journal.RoleDiwan, journal.RoleDiwan)
	}
	if err != nil {
		return nil, err
	}
	return l.openAs(ctx, self)
}

// openReady opens the node and brings the country's areas and bodies up to date,
// where this node is the one that keeps them. A branch gets them from the diwan.
func (l *commandLine) openReady(ctx context.Context, s streams) (*node, error) {
	n, err := l.open(ctx, s)
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
	}
	self, err := l.newNode(c.Role, code)
	if err != nil {
		return err
	}
	n, err := l.openAs(ctx, self)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%s\t%s\t%s\n", self.Role, self.Code, self.ID)
	return n.close(nil)
}
