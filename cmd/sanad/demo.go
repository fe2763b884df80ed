package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"sanad/delivery/intake"
	"sanad/delivery/matching"
	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/store"
	"sanad/platform/text"
	"sanad/web"
)

// The demonstration: a ministry's work of October 2026 with invented families.
const (
	demoProgramme = "wife-and-children-grant"
	demoBranch    = "LY021105" // Abu Salim, the largest of the sample
	demoPassword  = "olive-harvest-ghadames"
	demoFolder    = "sample/extracts"
)

var (
	demoMonth   = calendar.MonthOf(2026, 10)
	demoQuarter = calendar.QuarterOf(2026, 4)
	demoDay     = calendar.Of(2026, 10, 5) // the sample's day of extract
)

type demoCommand struct {
	Listen string `help:"Address to serve on." default:"127.0.0.1:8080" placeholder:"ADDR"`
	Once   bool   `help:"Prepare everything and end instead of serving."`
}

// Run imports the sample branches, decides the grant, looks for persons who stand
// there twice, prepares the first list, makes one user for each role and serves. Started again, it goes on from what
// is there.
func (c demoCommand) Run(ctx context.Context, l *commandLine, s streams) (err error) {
	n, err := l.openReady(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = n.close(err) }()
	if err := n.importDemo(ctx, s); err != nil {
		return err
	}
	if _, err := n.decide(ctx, demoProgramme, demoMonth, s); err != nil {
		return err
	}
	model, err := matching.PersonModel(n.pack)
	if err != nil {
		return err
	}
	if _, err := matching.Search(ctx, n.Journal, access.System("demo"), model, false); err != nil {
		return err
	}
	accounts, err := n.demoPeople(ctx)
	if err != nil {
		return err
	}
	if err := n.demoList(ctx); err != nil {
		return err
	}
	if err := printAccounts(s, accounts); err != nil || c.Once {
		return err
	}
	return n.serve(ctx, c.Listen, s, web.Config{Journal: n.Journal, Demo: true, Accounts: accounts, Country: n.pack, Folder: n.line.Data})
}

// importDemo writes the built-in extracts to a temporary folder and imports
// them as any branch's files.
func (n *node) importDemo(ctx context.Context, s streams) error {
	folder, err := os.MkdirTemp("", "sanad-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	mapping, err := intake.LoadMapping(n.pack, mappingFile)
	if err != nil {
		return err
	}
	report, err := importCommand{}.report()
	if err != nil {
		return err
	}
	entries, err := fs.ReadDir(n.pack, demoFolder)
	if err != nil {
		return err
	}
	var files []string
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), "LY") {
			continue
		}
		content, err := fs.ReadFile(n.pack, demoFolder+"/"+e.Name())
		if err != nil {
			return err
		}
		path := filepath.Join(folder, e.Name())
		if err := os.WriteFile(path, content, 0o600); err != nil {
			return err
		}
		files = append(files, path)
	}
	return errors.Join(n.importFiles(ctx, s, files, intake.Options{Mapping: mapping, AsOf: demoDay}, report), report.close())
}

// demoRoles are the roles that have a user in the demonstration, in the order
// in which they are shown.
var demoRoles = []struct {
	role        access.Role
	name, login string
	branch      bool
}{
	{access.BranchClerk, "آمنة سالم الترهوني", "clerk", true},
	{access.SocialWorker, "البشير عمر الغرياني", "worker", true},
	{access.Supervisor, "فاطمة علي المبروك", "supervisor", true},
	{access.HeadOfBranch, "مفتاح خليفة الورفلي", "head", true},
	{access.DiwanOfficer, "سعاد محمود الفيتوري", "officer", false},
	{access.GrantDirector, "عبد السلام أحمد المصراتي", "director", false},
	{access.FinancialController, "نجاة إبراهيم القماطي", "controller", false},
	{access.PolicyAnalyst, "هناء يوسف الككلي", "analyst", false},
	{access.InternalAuditor, "رمضان ميلاد الزوي", "auditor", false},
	{access.AuditExaminer, "خديجة مصطفى البرعصي", "examiner", false},
	{access.Administrator, "طارق فرج السنوسي", "admin", false},
}

// demoPeople adds one user for each role, once, and lets each choose the
// demonstration's password.
func (n *node) demoPeople(ctx context.Context) ([]web.DemoAccount, error) {
	gate := access.Gate{Journal: n.Journal}
	var accounts []web.DemoAccount
	for _, d := range demoRoles {
		account := web.DemoAccount{Role: d.role.Key(), Login: d.login, Password: demoPassword}
		accounts = append(accounts, account)
		grant := store.Grant{Role: string(d.role)}
		if d.branch {
			grant.Area = demoBranch
		}
		code := ""
		_, err := n.Write(ctx, access.System("demo"), func(tx *store.Tx) error {
			if _, err := access.Named(tx, d.login); err == nil {
				return nil
			}
			var err error
			_, code, err = access.AddPerson(tx, access.NewPerson{Name: d.name, Login: d.login, Grants: []store.Grant{grant}})
			return err
		})
		if err != nil || code == "" {
			if err != nil {
				return nil, err
			}
			continue
		}
		entry, err := gate.Login(ctx, access.Attempt{Login: d.login, Password: code, Address: "terminal"})
		if err != nil {
			return nil, err
		}
		if _, err := gate.ChangePassword(ctx, entry.Token, code, demoPassword, "terminal"); err != nil {
			return nil, err
		}
	}
	return accounts, nil
}

// demoList leaves the children's list of the quarter prepared, so that there is
// something to approve.
func (n *node) demoList(ctx context.Context) error {
	p, err := policy.Named(n.pack, demoProgramme)
	if err != nil {
		return err
	}
	_, err = n.writeAs(ctx, "officer", func(tx *store.Tx) error {
		_, err := payment.Prepare(tx, payment.TermsOf(p), demoQuarter, "children")
		return err
	})
	if errors.Is(err, fault.Conflict("payment.already_prepared")) {
		return nil
	}
	return err
}

func printAccounts(s streams, accounts []web.DemoAccount) error {
	w := tabwriter.NewWriter(s.out, 0, 4, 2, ' ', 0)
	for _, a := range accounts {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a.Login, a.Password, text.Say(text.English, string(a.Role)), text.Say(text.Arabic, string(a.Role)))
	}
	return w.Flush()
}
