package main

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"strconv"

	"sanad/delivery/intake"
	"sanad/delivery/matching"
	"sanad/delivery/matching/linkage"
	"sanad/platform/access"
	"sanad/platform/csvout"
	"sanad/platform/store"
)

type matchCommand struct {
	Run    matchRunCommand    `cmd:"" help:"Look for persons who stand in the registry twice."`
	Pairs  matchPairsCommand  `cmd:"" help:"Print the pairs among imported rows that are, or may be, one person."`
	Report matchReportCommand `cmd:"" help:"Print the weights that the registry teaches, without keeping anything."`
}

// linkMemory is when the memory of what is done with is collected at once and not at
// leisure: a nation fits into it on a small server.
const linkMemory = 3_000_000_000

type matchRunCommand struct {
	Anew bool `help:"Compare everybody with everybody, also who did not change since last time."`
	JSON bool `name:"json" help:"Print the report as one JSON object."`
}

// Run searches the registry and keeps what it finds.
func (c matchRunCommand) Run(ctx context.Context, l *commandLine, s streams) (err error) {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = n.close(err) }()
	model, err := matching.PersonModel(n.pack)
	if err != nil {
		return err
	}
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(linkMemory))
	start := store.Clock()
	done, err := matching.Search(ctx, n.Journal, access.System("match run"), model, c.Anew)
	if err != nil {
		return err
	}
	took := store.Clock().Sub(start)
	if c.JSON {
		return json.NewEncoder(s.out).Encode(linkResult{Seconds: float64(took.Milliseconds()) / 1000, Records: done.Persons, Compared: done.Report.Compared,
			Same: done.Report.Same, Possible: done.Report.Possible, Peak: peak(), Report: done.Report})
	}
	_, err = fmt.Fprintf(s.out, "%d persons, %d of them changed, %d pairs scored in %.2f s, at most %d MB\n%d same, %d possible; %d matches stand\n",
		done.Persons, done.Changed, done.Report.Compared, took.Seconds(), peak()>>20, done.Report.Same, done.Report.Possible, done.Matches)
	return err
}

type matchPairsCommand struct {
	Format string `help:"csv." enum:"csv" default:"csv"`
}

// Run prints a line a pair of rows.
func (c matchPairsCommand) Run(ctx context.Context, l *commandLine, s streams) (err error) {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = n.close(err) }()
	var pairs []intake.RowPair
	err = n.Read(ctx, access.System("match pairs"), func(tx *store.Tx) error {
		pairs, err = intake.RowPairs(tx)
		return err
	})
	if err != nil {
		return err
	}
	out := csvout.New(s.out)
	err = out.Write("file_a", "row_a", "file_b", "row_b", "probability", "decision")
	for _, p := range pairs {
		if err == nil {
			err = out.Write(p.A.File, strconv.Itoa(p.A.Row), p.B.File, strconv.Itoa(p.B.Row), fmt.Sprintf("%d.%06d", p.Probability/1_000_000, p.Probability%1_000_000), string(p.Verdict))
		}
	}
	if err == nil {
		err = out.Flush()
	}
	return err
}

type matchReportCommand struct{}

// Run learns from the registry and prints what it learnt.
func (matchReportCommand) Run(ctx context.Context, l *commandLine, s streams) (err error) {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = n.close(err) }()
	model, err := matching.PersonModel(n.pack)
	if err != nil {
		return err
	}
	r, before, err := matching.Weights(ctx, n.Journal, access.System("match report"), model)
	if err != nil {
		return err
	}
	return writeMatchReport(s, r, before)
}

// writeMatchReport prints weights, histogram and what is to be expected.
func writeMatchReport(s streams, r linkage.Report, before map[string]int64) error {
	fmt.Fprintf(s.out, "records\t%d\nhouseholds\t%d\npairs scored\t%d\nsame\t%d\npossible\t%d\nchained\t%d\nkept apart\t%d\n",
		r.Records, r.Households, r.Compared, r.Same, r.Possible, r.Chained, r.Split)
	fmt.Fprintf(s.out, "threshold\t%s\nexpected precision\t%s\nexpected recall\t%s\nrecall of blocking\t%s\n\n",
		share(r.Threshold), share(r.Right), share(r.Found), share(r.Recall))
	fmt.Fprintln(s.out, "comparison\tlevel\tsame\tstrangers\tkin\tbits\tbefore")
	for _, w := range r.Weights {
		earlier := ""
		if bits, known := before[w.Comparison+"\t"+w.Level]; known {
			earlier = fmt.Sprintf("%+.2f", float64(bits)/1e6)
		}
		fmt.Fprintf(s.out, "%s\t%s\t%s\t%s\t%s\t%+.2f\t%s\n", w.Comparison, w.Level, share(w.Same), share(w.Strangers), share(w.Kin), float64(w.Bits)/1e6, earlier)
	}
	fmt.Fprintln(s.out, "\nbits\tpairs")
	var err error
	for _, b := range r.Histogram {
		_, err = fmt.Fprintf(s.out, "%d\t%d\n", b.Bits, b.Pairs)
	}
	return err
}

func share(millionths int64) string {
	return fmt.Sprintf("%d.%06d", millionths/1_000_000, millionths%1_000_000)
}
