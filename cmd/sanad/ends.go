package main

import (
	"context"
	"fmt"

	"sanad/delivery/enrolment"
	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/id"
	"sanad/platform/store"
)

type endsCommand struct {
	Forecast endsForecastCommand `cmd:"" help:"Whose benefit ends by the calendar within the days announced ahead; records nothing."`
	Announce endsAnnounceCommand `cmd:"" help:"Record the forecast as one act; prints the act's id."`
	Approve  endsApproveCommand  `cmd:"" help:"Sign for all ends of an act, as another person than its announcer."`
	Withdraw endsWithdrawCommand `cmd:"" help:"Take an act back, with a reason."`
	List     endsListCommand     `cmd:"" help:"All acts and their states."`
}

func writeEnds(s streams, ends []enrolment.End) {
	for _, e := range ends {
		fmt.Fprintf(s.out, "%s\t%s\t%s\t%s\t%s\t%s\t%d\t%s\n", e.Month, e.Branch, e.File, e.Household, e.Person, e.Component, int64(e.Amount), e.Reason)
	}
}

type endsForecastCommand struct {
	Programme string `arg:"" help:"The programme."`
}

// Run prints a line for each end: month, branch, file, household, person,
// component, dirhams a month until then, the condition.
func (c endsForecastCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	p, err := policy.Named(n.pack, c.Programme)
	if err != nil {
		return n.close(err)
	}
	return n.close(n.Read(ctx, access.System("ends forecast"), func(tx *store.Tx) error {
		ends, err := enrolment.Forecast(tx, p)
		writeEnds(s, ends)
		return err
	}))
}

type endsAnnounceCommand struct {
	Programme string `arg:"" help:"The programme."`
	As        string `help:"Who announces." required:"" placeholder:"NAME"`
}

// Run records the forecast and prints the act's id and how many ends it has.
func (c endsAnnounceCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	p, err := policy.Named(n.pack, c.Programme)
	if err != nil {
		return n.close(err)
	}
	var act enrolment.Act
	_, err = n.writeAs(ctx, c.As, func(tx *store.Tx) error {
		act, err = enrolment.Announce(tx, p)
		return err
	})
	if err == nil {
		fmt.Fprintf(s.out, "%s\t%d\n", act.ID, act.Ends)
	}
	return n.close(err)
}

type endsApproveCommand struct {
	Act string `arg:"" help:"The act's id."`
	As  string `help:"Who signs." required:"" placeholder:"NAME"`
}

// Run signs for an act as it stands, and brings the accounts up to date.
func (c endsApproveCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	return actStep(ctx, l, s, c.Act, c.As, func(tx *store.Tx, act enrolment.Act) (enrolment.Act, error) {
		return enrolment.Approve(tx, act.ID, act.Digest)
	})
}

type endsWithdrawCommand struct {
	endsApproveCommand `embed:""`
	Reason             string `help:"Why." required:""`
}

// Run takes an act back.
func (c endsWithdrawCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	return actStep(ctx, l, s, c.Act, c.As, func(tx *store.Tx, act enrolment.Act) (enrolment.Act, error) {
		return enrolment.WithdrawEnds(tx, act.ID, c.Reason)
	})
}

func actStep(ctx context.Context, l *commandLine, s streams, which, as string, step func(*store.Tx, enrolment.Act) (enrolment.Act, error)) error {
	act, err := id.Parse(which)
	if err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	var after enrolment.Act
	_, err = n.writeAs(ctx, as, func(tx *store.Tx) error {
		found, ends, err := enrolment.FindAct(tx, act)
		if err != nil {
			return err
		}
		if after, err = step(tx, found); err != nil {
			return err
		}
		_, err = payment.PostEnds(tx, found.Programme, ends)
		return err
	})
	if err == nil {
		fmt.Fprintf(s.out, "%s\t%s\t%d\n", after.ID, after.State, after.Ends)
	}
	return n.close(err)
}

type endsListCommand struct {
	Act string `arg:"" optional:"" help:"Print the ends of one act."`
}

// Run prints a line an act, or a line for each end of one.
func (c endsListCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	var act id.ID
	if c.Act != "" {
		var err error
		if act, err = id.Parse(c.Act); err != nil {
			return err
		}
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	return n.close(n.Read(ctx, access.System("ends list"), func(tx *store.Tx) error {
		if !act.IsZero() {
			_, ends, err := enrolment.FindAct(tx, act)
			writeEnds(s, ends)
			return err
		}
		acts, err := enrolment.Acts(tx)
		for _, a := range acts {
			fmt.Fprintf(s.out, "%s\t%s\t%s\t%s\t%d\n", a.ID, a.Programme, a.State, a.Through, a.Ends)
		}
		return err
	}))
}
