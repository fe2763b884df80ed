package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"sanad/delivery/policy"
	"sanad/delivery/strategy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
	"sanad/platform/text"
)

type releaseCommand struct {
	Check    releaseCheckCommand    `cmd:"" help:"Check a programme's file and run its examples; prints its digest."`
	Draft    releaseDraftCommand    `cmd:"" help:"Keep a programme's file as a draft; prints the draft's id and the digest."`
	Report   releaseReportCommand   `cmd:"" help:"Open the difference report, computing it first where there is none."`
	Approve  releaseApproveCommand  `cmd:"" help:"Sign for a release; the second signature puts it in force from its month."`
	Withdraw releaseWithdrawCommand `cmd:"" help:"Take a release back that is not in force, with a reason."`
	List     releaseListCommand     `cmd:"" help:"All drafts and their states."`
}

type releaseCheckCommand struct {
	File string `arg:"" help:"The programme's file." type:"path"`
}

// Run reads the file by the country's facts; findings go to standard error.
func (c releaseCheckCommand) Run(l *commandLine, s streams) error {
	pack, err := l.pack()
	if err != nil {
		return err
	}
	if err := policy.Declare(pack); err != nil {
		return err
	}
	body, err := os.ReadFile(c.File)
	if err != nil {
		return fault.NotFound("sanad.cannot_read", "path", c.File).Because(err)
	}
	p, err := policy.Read(filepath.Base(c.File), string(body))
	if err == nil {
		err = p.ExamplesPass()
	}
	if err != nil {
		return err
	}
	digest := p.Digest()
	fmt.Fprintln(s.out, text.Say(text.Language(l.Language), "sanad.release_fine", "release", hex.EncodeToString(digest[:])))
	return nil
}

type releaseDraftCommand struct {
	File  string `arg:"" help:"The programme's file." type:"path"`
	Month string `help:"The first month that it decides." required:"" placeholder:"YYYY-MM"`
	Title string `help:"What changes and why." required:""`
	As    string `help:"Who drafts." required:"" placeholder:"NAME"`
}

// Run prints the draft's id, the digest and the month.
func (c releaseDraftCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	month, err := calendar.ParseMonth(c.Month)
	if err != nil {
		return err
	}
	body, err := os.ReadFile(c.File)
	if err != nil {
		return fault.NotFound("sanad.cannot_read", "path", c.File).Because(err)
	}
	return l.stepRelease(ctx, s, c.As, func(tx *store.Tx) (policy.Draft, error) {
		return policy.DraftRelease(tx, string(body), c.Title, month)
	})
}

// stepRelease does one step as a named person and prints the draft's line.
func (l *commandLine) stepRelease(ctx context.Context, s streams, as string, step func(*store.Tx) (policy.Draft, error)) error {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	var d policy.Draft
	if err = policy.Declare(n.pack); err == nil {
		_, err = n.writeAs(ctx, as, func(tx *store.Tx) (err error) {
			d, err = step(tx)
			return err
		})
	}
	if err == nil {
		writeDraft(s, d)
	}
	return n.close(err)
}

func writeDraft(s streams, d policy.Draft) {
	fmt.Fprintf(s.out, "%s\t%s\t%s\t%s\t%s\t%s\n", d.ID, d.Programme, d.Month, d.State, hex.EncodeToString(d.Release), d.Title)
}

type releaseReportCommand struct {
	Draft string `arg:"" help:"The draft's id."`
	Renew bool   `help:"Compute it anew; an approval that rested on the old one is void."`
	As    string `help:"Who opens it; noted, for whoever approves must have." required:"" placeholder:"NAME"`
}

// Run prints the draft's line and the report: by, key, households, gain, lose,
// enter, leave, dirhams a month before and after.
func (c releaseReportCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	draft, err := id.Parse(c.Draft)
	if err != nil {
		return err
	}
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	if err = policy.Declare(n.pack); err == nil {
		err = n.reportOn(ctx, draft, c)
	}
	var d policy.Draft
	if err == nil {
		_, err = n.writeAs(ctx, c.As, func(tx *store.Tx) (err error) {
			d, err = policy.OpenReport(tx, draft)
			return err
		})
	}
	var report strategy.Report
	if err == nil {
		err = json.Unmarshal([]byte(d.Report), &report)
	}
	if err == nil {
		writeDraft(s, d)
		writeReport(s, report)
	}
	return n.close(err)
}

func writeReport(s streams, r strategy.Report) {
	for _, g := range append([]strategy.Group{{By: "all", Change: r.Change}}, r.Groups...) {
		fmt.Fprintf(s.out, "%s\t%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d\n", g.By, g.Key, g.Households, g.Gain, g.Lose, g.Enter, g.Leave, int64(g.Before), int64(g.After))
	}
}

// reportOn computes and records what a draft changes, where that is wanted.
func (n *node) reportOn(ctx context.Context, draft id.ID, c releaseReportCommand) error {
	var report strategy.Report
	wanted := c.Renew
	err := n.Read(ctx, access.System("release report"), func(tx *store.Tx) error {
		d, err := policy.DraftOf(tx, draft)
		if err != nil || d.ReportedAt > 0 && !c.Renew {
			return err
		}
		wanted = true
		before, err := policy.ForMonth(tx, n.pack, d.Programme, d.Month)
		if err != nil {
			return err
		}
		after, err := policy.Read(d.Programme+".yaml", d.Body)
		if err != nil {
			return err
		}
		report, err = strategy.Compare(ctx, strategy.Registry(tx), before, after, d.Month)
		return err
	})
	if err != nil || !wanted {
		return err
	}
	written, err := json.Marshal(report)
	if err != nil {
		return err
	}
	_, err = n.writeAs(ctx, c.As, func(tx *store.Tx) error {
		_, err := policy.RecordReport(tx, draft, string(written))
		return err
	})
	return err
}

type releaseApproveCommand struct {
	Draft  string `arg:"" help:"The draft's id."`
	Digest string `help:"The release's digest, as the report shows it." required:""`
	As     string `help:"Who approves: not the drafter, and not twice the same." required:"" placeholder:"NAME"`
}

// Run prints the draft's line.
func (c releaseApproveCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	draft, err := id.Parse(c.Draft)
	if err != nil {
		return err
	}
	seen, err := hex.DecodeString(c.Digest)
	if err != nil {
		return fault.Invalid("policy.release_differs").Because(err)
	}
	return l.stepRelease(ctx, s, c.As, func(tx *store.Tx) (policy.Draft, error) { return policy.ApproveDraft(tx, draft, seen) })
}

type releaseWithdrawCommand struct {
	Draft  string `arg:"" help:"The draft's id."`
	Reason string `help:"Why." required:""`
	As     string `help:"Who withdraws." required:"" placeholder:"NAME"`
}

// Run prints the draft's line.
func (c releaseWithdrawCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	draft, err := id.Parse(c.Draft)
	if err != nil {
		return err
	}
	return l.stepRelease(ctx, s, c.As, func(tx *store.Tx) (policy.Draft, error) { return policy.WithdrawDraft(tx, draft, c.Reason) })
}

type releaseListCommand struct{}

// Run prints a line a draft: id, programme, first month, state, digest, title.
func (releaseListCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	return n.close(n.Read(ctx, access.System("release list"), func(tx *store.Tx) error {
		all, err := policy.Drafts(tx)
		for _, d := range all {
			writeDraft(s, d)
		}
		return err
	}))
}
