package web

import (
	"context"
	"errors"
	"net/http/httptest"
	"path/filepath"
	"testing"
	"time"

	"sanad/country"
	"sanad/delivery/intake"
	"sanad/delivery/payment"
	"sanad/delivery/policy"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/geography"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
	"sanad/platform/text"
)

// ministryBegan is the day of the tests, whatever the machine's clock says.
var ministryBegan = time.Date(2026, time.November, 23, 8, 0, 0, 0, time.UTC)

// seat is a ministry: a site with two branches' families, the grant decided for October
// and the children's list prepared by the officer.
type seat struct {
	home      string
	journal   *journal.Journal
	household string // address of a family of the clerk's branch with something due
	list      string // address of the list
}

// The staff of the test's ministry; all have the same password.
var ministryStaff = []struct {
	login, name string
	role        access.Role
	area        string
}{
	{"clerk", "آمنة سالم الترهوني", access.BranchClerk, "LY010102"},
	{"head", "مفتاح خليفة الورفلي", access.HeadOfBranch, "LY010102"},
	{"officer", "سعاد محمود الفيتوري", access.DiwanOfficer, ""},
	{"director", "عبد السلام أحمد المصراتي", access.GrantDirector, ""},
	{"admin", "طارق فرج السنوسي", access.Administrator, ""},
	{"analyst", "ليلى صالح العوامي", access.PolicyAnalyst, ""},
}

func openMinistry(t *testing.T) *seat {
	t.Helper()
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	started := time.Now()
	clock := func() time.Time { return ministryBegan.Add(time.Since(started)) }
	j := journaltest.OpenAs(t, "sqlite", journaltest.Node(journal.RoleDiwan, ""), store.Options{Now: clock})
	m := &seat{journal: j}
	journaltest.Write(t, j, func(tx *store.Tx) error { return geography.Load(tx, pack) }, string(access.Operator))
	mapping, err := intake.LoadMapping(pack, mappingFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"LY010102.csv", "LY010701.xlsx"} {
		path := filepath.Join("../country/libya/sample/extracts", file)
		if _, err := intake.Import(t.Context(), j, access.System("test"), path, intake.Options{Mapping: mapping, AsOf: calendar.Of(2026, 10, 5)}); err != nil {
			t.Fatal(err)
		}
	}
	grant, err := policy.Named(pack, "wife-and-children-grant")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := policy.Run(t.Context(), j, access.System("test"), grant, calendar.MonthOf(2026, 10), nil); err != nil {
		t.Fatal(text.Fault(text.English, err), err)
	}
	m.staff(t)
	m.prepare(t, grant)
	handler, err := Handler(Config{Journal: j, Country: pack, Folder: t.TempDir(), Demo: true})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	m.home = server.URL
	return m
}

// staff adds everybody.
func (m *seat) staff(t *testing.T) {
	t.Helper()
	for _, s := range ministryStaff {
		m.join(t, s.login, s.name, s.role, s.area)
	}
}

// join adds one person and lets them choose the password.
func (m *seat) join(t *testing.T, login, name string, role access.Role, area string) {
	t.Helper()
	gate := access.Gate{Journal: m.journal}
	code := ""
	journaltest.Write(t, m.journal, func(tx *store.Tx) (err error) {
		_, code, err = access.AddPerson(tx, access.NewPerson{Name: name, Login: login, Grants: []store.Grant{{Role: string(role), Area: area}}})
		return err
	}, string(access.Operator))
	entry, err := gate.Login(t.Context(), access.Attempt{Login: login, Password: code, Address: "terminal"})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := gate.ChangePassword(t.Context(), entry.Token, code, goodPassword, "terminal"); err != nil {
		t.Fatal(err)
	}
}

// prepare freezes the children's list as the officer, and finds a family of the
// clerk's branch to whom something is due.
func (m *seat) prepare(t *testing.T, grant *policy.Programme) {
	t.Helper()
	var officer store.Session
	enough := errors.New("enough")
	err := m.journal.Read(t.Context(), access.System("test"), func(tx *store.Tx) (err error) {
		if officer, err = access.Actor(tx, "officer"); err != nil {
			return err
		}
		err = policy.EachDecision(tx, grant.ID, calendar.MonthOf(2026, 10), func(d policy.Decision) error {
			if d.Branch == "LY010102" && len(d.Lines) > 2 && d.Due() > 0 {
				m.household = "/households/" + d.Household.String()
				return enough
			}
			return nil
		})
		if errors.Is(err, enough) {
			err = nil
		}
		return err
	})
	if err != nil || m.household == "" {
		t.Fatalf("no family with something due: %v", err)
	}
	_, err = m.journal.Write(context.Background(), officer, func(tx *store.Tx) error {
		l, err := payment.Prepare(tx, payment.TermsOf(grant), calendar.QuarterOf(2026, 4), "children")
		m.list = "/lists/" + l.ID.String()
		return err
	})
	if err != nil {
		t.Fatal(text.Fault(text.English, err))
	}
}

// enter signs somebody in.
func (m *seat) enter(t *testing.T, login string) *visitor {
	t.Helper()
	v := newVisitor(t, m.home)
	v.open("/login")
	if at, status := v.send("/login", map[string]string{"login": login, "password": goodPassword, "back": "/"}); at != "/" || status != 200 {
		t.Fatalf("%s ended at %s with %d: %s", login, at, status, errorsOf(v.page))
	}
	return v
}
