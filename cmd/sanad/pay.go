package main

import (
	"context"
	"fmt"

	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

type payCommand struct {
	Prepare    payPrepareCommand    `cmd:"" help:"Freeze a quarter's list of one category; prints the list's id."`
	Supplement paySupplementCommand `cmd:"" help:"Freeze what was left out of a quarter's list (ملحق)."`
	Approve    payApproveCommand    `cmd:"" help:"Sign for a list, as another person than its preparer."`
	Compare    payCompareCommand    `cmd:"" help:"Who was paid before and is not in this list, with the reason."`
	Reason     payReasonCommand     `cmd:"" help:"Write why somebody is not paid any more, where the system has no reason."`
	Export     payExportCommand     `cmd:"" help:"Write the bank file and the banks' schedules (حافظة الصرف)."`
	Returns    payReturnsCommand    `cmd:"" help:"Read a bank's returns into a list."`
	Withdraw   payWithdrawCommand   `cmd:"" help:"Take back a list that no bank has."`
	Close      payCloseCommand      `cmd:"" help:"Close a list."`
	List       payListCommand       `cmd:"" help:"All lists and their states."`
}

// writeAs writes as a named person, with her rights and no more.
func (n *node) writeAs(ctx context.Context, name string, work func(*store.Tx) error) (journal.Receipt, error) {
	var who store.Session
	err := n.DB.Read(ctx, access.System("command line"), func(tx *store.Tx) error {
		var err error
		who, err = access.Actor(tx, name)
		return err
	})
	if err != nil {
		return journal.Receipt{}, err
	}
	return n.Write(ctx, who, work)
}

type payPrepareCommand struct {
	Programme string `arg:"" help:"The programme."`
	Quarter   string `help:"The quarter." required:"" placeholder:"2026-Q4"`
	Category  string `help:"children, wives or daughters." required:""`
	As        string `help:"Who prepares." required:"" placeholder:"NAME"`
}

// Run prepares a list and prints its id.
func (c payPrepareCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	return prepareAs(ctx, l, s, c, payment.Prepare)
}

type paySupplementCommand struct {
	payPrepareCommand `embed:""`
	Since             string `help:"Repair all quarters from this one on." placeholder:"2026-Q3"`
}

// Run prepares a supplement and prints its id.
func (c paySupplementCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	since := calendar.Quarter(0)
	if c.Since != "" {
		var err error
		if since, err = calendar.ParseQuarter(c.Since); err != nil {
			return err
		}
	}
	return prepareAs(ctx, l, s, c.payPrepareCommand, func(tx *store.Tx, terms payment.Terms, quarter calendar.Quarter, category string) (payment.List, error) {
		if since == 0 {
			since = quarter
		}
		return payment.RepairSince(tx, terms, since, quarter, category)
	})
}

func prepareAs(ctx context.Context, l *commandLine, s streams, c payPrepareCommand,
	prepare func(*store.Tx, payment.Terms, calendar.Quarter, string) (payment.List, error)) error {
	quarter, err := calendar.ParseQuarter(c.Quarter)
	if err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	p, err := policy.Named(n.pack, c.Programme)
	if err != nil {
		return n.close(err)
	}
	var list payment.List
	_, err = n.writeAs(ctx, c.As, func(tx *store.Tx) (err error) {
		list, err = prepare(tx, payment.TermsOf(p), quarter, c.Category)
		return err
	})
	if err == nil {
		fmt.Fprintln(s.out, list.ID)
	}
	return n.close(err)
}

// listStep is a command on one list by a named person.
type listStep struct {
	List string `arg:"" help:"The list's id."`
	As   string `help:"Who does it." required:"" placeholder:"NAME"`
}

func (c listStep) do(ctx context.Context, l *commandLine, s streams, step func(*store.Tx, payment.List) (payment.List, error)) error {
	list, err := id.Parse(c.List)
	if err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	var after payment.List
	_, err = n.writeAs(ctx, c.As, func(tx *store.Tx) error {
		found, err := payment.FindList(tx, list)
		if err != nil {
			return err
		}
		after, err = step(tx, found)
		return err
	})
	if err == nil {
		fmt.Fprintf(s.out, "%s\t%s\n", after.ID, after.State)
	}
	return n.close(err)
}

type payApproveCommand struct{ listStep }

// Run signs for the list as it stands.
func (c payApproveCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	return c.do(ctx, l, s, func(tx *store.Tx, list payment.List) (payment.List, error) {
		return payment.Approve(tx, list.ID, list.Digest())
	})
}

type payCloseCommand struct{ listStep }

// Run closes the list.
func (c payCloseCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	return c.do(ctx, l, s, func(tx *store.Tx, list payment.List) (payment.List, error) { return payment.Close(tx, list.ID) })
}

type payListCommand struct{}

// Run prints a line a list.
func (payListCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	err = n.Read(ctx, access.System("pay list"), func(tx *store.Tx) error {
		lists, err := payment.Lists(tx)
		for _, list := range lists {
			fmt.Fprintf(s.out, "%s\t%s\t%s\t%s\t%d\t%d\n", list.ID, list.Quarter, list.Category, list.State, list.Lines, int64(list.Total))
		}
		return err
	})
	return n.close(err)
}
