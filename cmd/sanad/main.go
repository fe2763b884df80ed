// Command sanad is the whole system in one program: the registry and its pages,
// the import of branch files, the monthly run, the payment lists, the exchange
// between diwan and branches, and the tools that prove the journal.
//
// Tables go to standard output, progress and messages to standard error. The
// exit code is 0 when the work is done, 1 when it was refused or failed, 2 when
// the command line cannot be understood.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/text"
)

// version is set at the build.
var version = "unreleased"

// commandLine is every command and flag there is.
type commandLine struct {
	Data     string `help:"Folder of this node: its database (SQLite) and its keys." default:"sanad-data" env:"SANAD_DATA" type:"path" placeholder:"DIR"`
	Database string `help:"PostgreSQL instead of SQLite: postgres://user@host/name." env:"SANAD_DATABASE" placeholder:"URL"`
	Keys     string `help:"Folder of the node's keys; DATA/keys where not named." env:"SANAD_KEYS" type:"path" placeholder:"DIR"`
	Country  string `help:"Folder of a country pack; the built-in one of Libya where not named." env:"SANAD_COUNTRY" type:"path" placeholder:"DIR"`
	Language string `help:"Language of messages: ar or en." enum:"ar,en" default:"en" env:"SANAD_LANGUAGE"`

	Demo      demoCommand      `cmd:"" help:"A ministry's work with invented families: import, decide, serve."`
	Init      initCommand      `cmd:"" help:"Make this folder a node: the diwan or a branch."`
	Journal   journalCommand   `cmd:"" help:"Prove or replay the journal."`
	Serve     serveCommand     `cmd:"" help:"Serve pages and REST."`
	Import    importCommand    `cmd:"" help:"Take in branch files; take one back with: import revert ID."`
	Run       runCommand       `cmd:"" help:"Decide a month of a programme, or past months anew."`
	Decisions decisionsCommand `cmd:"" help:"Print the decisions of a month, or explain one."`
	Receive   receiveCommand   `cmd:"" help:"Take in what another body decided about a programme."`
	Release   releaseCommand   `cmd:"" help:"Bring a changed programme into force: draft, check, report, approve, withdraw."`
	Replay    replayCommand    `cmd:"" help:"Compute past decisions again from what they cite, and compare byte by byte."`
	Pay       payCommand       `cmd:"" help:"Payment lists: prepare, approve, export, returns."`
	Ends      endsCommand      `cmd:"" help:"Ends of benefits that the law's calendar sets: forecast, announce, approve."`
	Proposals proposalsCommand `cmd:"" help:"Ends on evidence and recoveries: propose, serve, answer, decide."`
	Ledger    ledgerCommand    `cmd:"" help:"A family's account: due, paid, arrears, paid too much."`
	Search    searchCommand    `cmd:"" help:"Is this person known?"`
	Link      linkCommand      `cmd:"" help:"Find records of files that are one person; no database."`
	Match     matchCommand     `cmd:"" help:"Find persons who stand in the registry twice."`
	People    peopleCommand    `cmd:"" help:"Who works here."`
	Check     checkCommand     `cmd:"" help:"Check the programmes of a country pack and run their examples."`
	Sync      syncCommand      `cmd:"" help:"Exchange sealed files with other nodes."`
	Backup    backupCommand    `cmd:"" help:"Write an encrypted backup while work goes on, and verify it."`
	Restore   restoreCommand   `cmd:"" help:"Make an empty node again from a backup."`
	Simulate  simulateCommand  `cmd:"" help:"What would a reform cost, whom would it help? Nothing is recorded."`
	Synth     synthCommand     `cmd:"" help:"Invent a population, marked as such: branch lists, facts, and the truth about both."`
	Evaluate  evaluateCommand  `cmd:"" help:"Compute a country's formulas for people of two tables; needs no database."`
	Bench     benchCommand     `cmd:"" help:"Measure a job on this machine, beside what the bare engine does."`
	Version   versionCommand   `cmd:"" help:"Print the version."`
}

// streams are where a command reads and writes; tests give their own.
type streams struct {
	out, err io.Writer
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	slog.SetDefault(slog.New(slog.NewTextHandler(os.Stderr, nil)))
	os.Exit(run(ctx, os.Args[1:], streams{os.Stdout, os.Stderr}))
}

// exited carries kong's wish to leave (after --help) out of its parser.
type exited int

// run does what args ask and returns the exit code.
func run(ctx context.Context, args []string, s streams) (code int) {
	var line commandLine
	parser, err := kong.New(&line, kong.Name("sanad"), kong.Writers(s.out, s.err),
		kong.Description("The unified social registry and what stands on it. السجل الاجتماعي الموحد"),
		kong.Exit(func(code int) { panic(exited(code)) }), kong.Vars{"roles": roles()},
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(&line, s))
	if err != nil {
		fmt.Fprintln(s.err, err)
		return 1
	}
	defer func() {
		if p := recover(); p != nil {
			wish, ok := p.(exited)
			if !ok {
				panic(p)
			}
			code = int(wish)
		}
	}()
	command, err := parser.Parse(args)
	if err != nil {
		var refused *kong.ParseError
		if errors.As(err, &refused) {
			parser.Stdout = s.err // standard output holds tables only
			_ = refused.Context.PrintUsage(true)
		}
		fmt.Fprintf(s.err, "sanad: %v\n", err)
		return 2
	}
	if err := command.Run(); err != nil {
		report(s.err, text.Language(line.Language), err)
		return 1
	}
	return 0
}

// roles are the words that --role takes.
func roles() string {
	words := make([]string, len(access.Roles))
	for i, r := range access.Roles {
		words[i] = string(r)
	}
	return strings.Join(words, ", ")
}

// report prints a refusal in the reader's language, with its fields where there
// are several; the text of an internal error goes to the log.
func report(w io.Writer, language text.Language, err error) {
	if errors.Is(err, errReported) {
		return
	}
	fmt.Fprintln(w, "sanad: "+text.Fault(language, err))
	if f := fault.Of(err); f == nil {
		slog.Error("the command failed", "error", err)
		return
	}
	fields := text.Faults(language, err)
	if len(fields) < 2 {
		return
	}
	for _, field := range fields {
		if field.Field != "" {
			fmt.Fprintf(w, "  %s: %s\n", field.Field, field.Message)
		}
	}
}

// errReported ends a command with exit code 1 when everything was said already.
var errReported = errors.New("reported")

type versionCommand struct{}

// Run prints the program's version.
func (versionCommand) Run(s streams) error {
	_, err := fmt.Fprintln(s.out, "sanad", version)
	return err
}
