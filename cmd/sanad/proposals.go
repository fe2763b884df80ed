package main

import (
	"context"
	"fmt"

	"sanad/delivery/enrolment"
	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/id"
	"sanad/platform/store"
)

type proposalsCommand struct {
	List     proposalsListCommand    `cmd:"" help:"The proposals that wait for somebody."`
	End      proposeEndCommand       `cmd:"" help:"Propose to end a benefit on evidence; prints the proposal's id."`
	Recover  proposeRecoveryCommand  `cmd:"" help:"Propose to ask back what was paid too much; prints the proposal's id."`
	Serve    serveNoticeCommand      `cmd:"" help:"Record that the notice was handed over."`
	Answer   answerProposalCommand   `cmd:"" help:"Record what the family says."`
	Decide   decideProposalCommand   `cmd:"" help:"Decide, after the notice period, as another person than the proposer."`
	Withdraw withdrawProposalCommand `cmd:"" help:"Take a proposal back."`
}

type proposalsListCommand struct{}

// Run prints a line a proposal.
func (proposalsListCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	return n.close(n.Read(ctx, access.System("proposals list"), func(tx *store.Tx) error {
		open, err := enrolment.Open(tx)
		for _, p := range open {
			fmt.Fprintf(s.out, "%s\t%s\t%s\t%s\t%s\t%s\t%d\n", p.ID, p.Kind, p.Branch, p.File, p.State, p.Until, int64(p.Amount))
		}
		return err
	}))
}

// reasons are what every proposer states.
type reasons struct {
	Programme string `help:"The programme." required:""`
	Reason    string `help:"Why, in words that the family will understand." required:""`
	Evidence  string `help:"From where it is known: paper or register, and date." required:""`
	As        string `help:"Who proposes." required:"" placeholder:"NAME"`
}

type proposeEndCommand struct {
	Person    string `arg:"" help:"Whose benefit: the person's id."`
	Component string `help:"Which component." required:""`
	Month     string `help:"The first month for which nothing is due." required:"" placeholder:"YYYY-MM"`
	reasons   `embed:""`
}

// Run proposes an end and prints the proposal's id.
func (c proposeEndCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	person, err := id.Parse(c.Person)
	if err != nil {
		return err
	}
	month, err := calendar.ParseMonth(c.Month)
	if err != nil {
		return err
	}
	return c.propose(ctx, l, s, func(tx *store.Tx, p *policy.Programme) (enrolment.Proposal, error) {
		return payment.ProposeEnd(tx, p.ID, person, c.Component, month, c.Reason, c.Evidence)
	})
}

type proposeRecoveryCommand struct {
	Household string `arg:"" help:"The household's id."`
	reasons   `embed:""`
}

// Run proposes a recovery and prints the proposal's id.
func (c proposeRecoveryCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	household, err := id.Parse(c.Household)
	if err != nil {
		return err
	}
	return c.propose(ctx, l, s, func(tx *store.Tx, p *policy.Programme) (enrolment.Proposal, error) {
		return payment.ProposeRecovery(tx, p, household, c.Reason, c.Evidence)
	})
}

func (c reasons) propose(ctx context.Context, l *commandLine, s streams, propose func(*store.Tx, *policy.Programme) (enrolment.Proposal, error)) error {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	p, err := policy.Named(n.pack, c.Programme)
	if err != nil {
		return n.close(err)
	}
	var made enrolment.Proposal
	_, err = n.writeAs(ctx, c.As, func(tx *store.Tx) error {
		made, err = propose(tx, p)
		return err
	})
	if err == nil {
		fmt.Fprintf(s.out, "%s\t%d\n", made.ID, int64(made.Amount))
	}
	return n.close(err)
}

// proposalStep is a command on one proposal by a named person.
type proposalStep struct {
	Proposal string `arg:"" help:"The proposal's id."`
	As       string `help:"Who does it." required:"" placeholder:"NAME"`
}

func (c proposalStep) do(ctx context.Context, l *commandLine, s streams, step func(*node, *store.Tx, enrolment.Proposal) (enrolment.Proposal, error)) error {
	which, err := id.Parse(c.Proposal)
	if err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	var after enrolment.Proposal
	_, err = n.writeAs(ctx, c.As, func(tx *store.Tx) error {
		found, err := enrolment.FindProposal(tx, which)
		if err != nil {
			return err
		}
		after, err = step(n, tx, found)
		return err
	})
	if err == nil {
		fmt.Fprintf(s.out, "%s\t%s\n", after.ID, after.State)
	}
	return n.close(err)
}

type serveNoticeCommand struct {
	proposalStep
	On  string `help:"Day of the hand-over." required:"" placeholder:"YYYY-MM-DD"`
	How string `help:"How it was handed over and to whom." required:""`
}

// Run records the hand-over; the programme's notice period runs from its day.
func (c serveNoticeCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	day, err := calendar.Parse(c.On)
	if err != nil {
		return err
	}
	return c.do(ctx, l, s, func(n *node, tx *store.Tx, p enrolment.Proposal) (enrolment.Proposal, error) {
		programme, err := policy.Named(n.pack, p.Programme)
		if err != nil {
			return p, err
		}
		return enrolment.Serve(tx, p.ID, day, c.How, programme.Process)
	})
}

type answerProposalCommand struct {
	proposalStep
	Words string `help:"What the family says." required:""`
}

// Run records an answer.
func (c answerProposalCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	return c.do(ctx, l, s, func(_ *node, tx *store.Tx, p enrolment.Proposal) (enrolment.Proposal, error) {
		return enrolment.TakeAnswer(tx, p.ID, c.Words)
	})
}

type decideProposalCommand struct {
	proposalStep
	Reason string `help:"Why it is so decided." required:""`
	Refuse bool   `help:"The proposal is not upheld: nothing follows from it."`
}

// Run decides, and brings the family's account up to date.
func (c decideProposalCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	return c.do(ctx, l, s, func(_ *node, tx *store.Tx, p enrolment.Proposal) (enrolment.Proposal, error) {
		after, err := enrolment.Decide(tx, p.ID, !c.Refuse, c.Reason)
		if err == nil {
			_, err = payment.PostHousehold(tx, p.Programme, p.Household)
		}
		return after, err
	})
}

type withdrawProposalCommand struct {
	proposalStep
	Reason string `help:"Why." required:""`
}

// Run takes a proposal back, and brings the family's account up to date.
func (c withdrawProposalCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	return c.do(ctx, l, s, func(_ *node, tx *store.Tx, p enrolment.Proposal) (enrolment.Proposal, error) {
		after, err := enrolment.Withdraw(tx, p.ID, c.Reason)
		if err == nil {
			_, err = payment.PostHousehold(tx, p.Programme, p.Household)
		}
		return after, err
	})
}
