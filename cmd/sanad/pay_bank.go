package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"sanad/delivery/payment"
	"sanad/exchange/bank"
	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

type payExportCommand struct {
	List string `arg:"" help:"The list's id."`
	Out  string `help:"The folder for the bank file and the schedules." required:"" type:"path" placeholder:"DIR"`
	As   string `help:"Who exports; the operator where nobody is named." placeholder:"NAME"`
}

// Run writes the bank file and the banks' schedules and prints their names.
func (c payExportCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	list, err := id.Parse(c.List)
	if err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	directory, err := bank.Open(n.pack)
	if err != nil {
		return n.close(err)
	}
	who, err := n.sessionOf(ctx, c.As, "pay export")
	if err != nil {
		return n.close(err)
	}
	done, err := directory.Export(ctx, n.Journal, who, list, c.Out)
	for _, name := range done.Files {
		fmt.Fprintln(s.out, filepath.Join(c.Out, name))
	}
	return n.close(err)
}

// sessionOf is the session of a named person, or the operator's.
func (n *node) sessionOf(ctx context.Context, name, purpose string) (who store.Session, err error) {
	if name == "" {
		return access.System(purpose), nil
	}
	err = n.DB.Read(ctx, access.System(purpose), func(tx *store.Tx) (err error) {
		who, err = access.Actor(tx, name)
		return err
	})
	return who, err
}

type payReturnsCommand struct {
	List string `arg:"" help:"The list's id."`
	File string `arg:"" help:"The bank's answers: CSV with end_to_end_id, status, reason, date." type:"existingfile"`
	As   string `help:"Who reads them in; the operator where nobody is named." placeholder:"NAME"`
}

// Run reads a bank's returns into a list and prints what came back.
func (c payReturnsCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	list, err := id.Parse(c.List)
	if err != nil {
		return err
	}
	file, err := os.Open(c.File)
	if err != nil {
		return fault.NotFound("bank.no_returns_file", "file", c.File).Because(err)
	}
	answers, err := bank.ReadReturns(file)
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	who, err := n.sessionOf(ctx, c.As, "pay returns")
	if err != nil {
		return n.close(err)
	}
	var taken payment.Taken
	_, err = n.Write(ctx, who, func(tx *store.Tx) (err error) {
		taken, err = payment.TakeReturns(tx, list, answers)
		return err
	})
	if err == nil {
		fmt.Fprintf(s.out, "paid\t%d\nreturned\t%d\t%d\nrepeated\t%d\n", taken.Paid, taken.Returned, int64(taken.Amount), taken.Repeated)
	}
	return n.close(err)
}

type payReasonCommand struct {
	listStep
	Person    string `help:"The person's id, as the comparison shows it." required:"" placeholder:"ID"`
	Component string `help:"The component." required:"" placeholder:"child"`
	Words     string `help:"Why she is not paid any more." required:"" placeholder:"TEXT"`
}

// Run writes down why somebody left the list.
func (c payReasonCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	person, err := id.Parse(c.Person)
	if err != nil {
		return err
	}
	return c.do(ctx, l, s, func(tx *store.Tx, list payment.List) (payment.List, error) {
		return payment.GiveReason(tx, list.ID, person, c.Component, c.Words)
	})
}

type payWithdrawCommand struct {
	listStep
	Words string `help:"Why." required:"" placeholder:"TEXT"`
}

// Run withdraws a list that no bank has.
func (c payWithdrawCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	return c.do(ctx, l, s, func(tx *store.Tx, list payment.List) (payment.List, error) {
		return payment.Withdraw(tx, list.ID, c.Words)
	})
}

type payCompareCommand struct {
	List string `arg:"" help:"The list's id."`
}

// Run prints who was paid before and is not in this list, with the reason.
func (c payCompareCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	list, err := id.Parse(c.List)
	if err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	err = n.Read(ctx, access.System("pay compare"), func(tx *store.Tx) error {
		compared, err := payment.Compare(tx, list)
		for _, g := range compared.Gone {
			fmt.Fprintf(s.out, "%s\t%s\t%s\t%s\t%s\t%s\n", g.Person, g.Component, g.Branch, g.File, g.Reason, g.Words)
		}
		return err
	})
	return n.close(err)
}
