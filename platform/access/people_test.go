package access_test

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// office is a journal with the areas of Libya, a gate, and a clock of its own.
type office struct {
	*testing.T
	access.Gate
	ahead atomic.Int64 // how far the clock was put ahead
}

var operator = access.System("test")

const phrase = "three camels drink slowly"

func newOffice(t *testing.T, engine string, node journal.Node) *office {
	o := &office{T: t}
	start := time.Date(2026, 10, 5, 8, 0, 0, 0, time.UTC)
	now := func() time.Time { return start.Add(time.Duration(o.ahead.Load())) }
	o.Journal = journaltest.OpenAs(t, engine, node, store.Options{Now: now})
	o.must(o.write(operator, func(tx *store.Tx) error { return geography.Load(tx, os.DirFS("../../country/libya")) }))
	return o
}

// inOffices runs a test at the diwan on both engines.
func inOffices(t *testing.T, test func(o *office)) {
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) { test(newOffice(t, engine, journaltest.Node(journal.RoleDiwan, ""))) })
	}
}

func (o *office) must(err error) {
	o.Helper()
	if err != nil {
		o.Fatal(err)
	}
}

func (o *office) refused(err error, key string) {
	o.Helper()
	f := fault.Of(err)
	if f == nil {
		o.Fatalf("want the fault %s, got %v", key, err)
	}
	for _, part := range append(f.Fields, f) {
		if part.Key == key {
			return
		}
	}
	o.Fatalf("want the fault %s, got %v", key, err)
}

func (o *office) write(who store.Session, work func(*store.Tx) error) error {
	_, err := o.Journal.Write(context.Background(), who, work)
	return err
}

func (o *office) wait(d time.Duration) { o.ahead.Add(int64(d)) }

// add adds a person and returns her and her code.
func (o *office) add(who store.Session, name, role, area string) (p access.Person, code string, err error) {
	err = o.write(who, func(tx *store.Tx) error {
		p, code, err = access.AddPerson(tx, access.NewPerson{Name: name, Grants: []store.Grant{{Role: role, Area: area}}})
		return err
	})
	return p, code, err
}

// staff adds a person who has chosen her password and sits at her desk.
func (o *office) staff(name, role, area string) (access.Person, store.Session, string) {
	o.Helper()
	p, code, err := o.add(operator, name, role, area)
	o.must(err)
	entry, err := o.Login(context.Background(), access.Attempt{Login: p.Login, Password: code, Address: "desk"})
	o.must(err)
	entry, err = o.ChangePassword(context.Background(), entry.Token, "", phrase, "desk")
	o.must(err)
	who, p, err := o.Session(context.Background(), entry.Token)
	o.must(err)
	return p, who, entry.Token
}

func (o *office) live(token string) bool {
	_, _, err := o.Session(context.Background(), token)
	return err == nil
}

func TestANewPersonEntersByCodeAndMustChooseAPasswordFirst(t *testing.T) {
	inOffices(t, func(o *office) {
		ctx := context.Background()
		p, code, err := o.add(operator, "سالمة محمد الورفلي", "branch-clerk", "LY010102")
		o.must(err)
		if !slices.Equal(p.Grants, []store.Grant{{Role: "branch_clerk", Area: "LY0101"}}) {
			o.Errorf("a clerk of the branch at Derna works for the district that it serves: %v", p.Grants)
		}
		entry, err := o.Login(ctx, access.Attempt{Login: "سالمه محمد الورفلى", Password: strings.ToLower(code), Address: "desk"})
		o.must(err)
		who, seen, err := o.Session(ctx, entry.Token)
		o.must(err)
		if !seen.MustSet || len(who.Grants) != 0 {
			o.Errorf("before the password is chosen: %+v may %v", seen, who.Grants)
		}
		_, err = o.ChangePassword(ctx, entry.Token, "", "123456789012", "desk")
		o.refused(err, "access.password_guessable")
		next, err := o.ChangePassword(ctx, entry.Token, "", phrase, "desk")
		o.must(err)
		if o.live(entry.Token) {
			o.Error("the session of the code still lives")
		}
		who, seen, err = o.Session(ctx, next.Token)
		o.must(err)
		if seen.MustSet || !slices.Equal(who.Grants, p.Grants) || who.Actor != p.ID {
			o.Errorf("after the password is chosen: %+v may %v", seen, who.Grants)
		}
		_, err = o.Login(ctx, access.Attempt{Login: p.Login, Password: code, Address: "desk"})
		o.refused(err, "access.wrong_login")
		_, err = o.Login(ctx, access.Attempt{Login: p.Login, Password: phrase, Address: "desk"})
		o.must(err)
	})
}

func TestSessionsEndWithTheRightToBeThere(t *testing.T) {
	inOffices(t, func(o *office) {
		boss, chief, chiefs := o.staff("مديرة النظام", "administrator", "")
		for name, end := range map[string]func(tx *store.Tx, p id.ID) error{
			"revoked": func(tx *store.Tx, p id.ID) error {
				return access.Revoke(tx, p, store.Grant{Role: "clerk", Area: "LY0101"})
			},
			"disabled": func(tx *store.Tx, p id.ID) error { return access.Disable(tx, p, "left the ministry") },
			"reset": func(tx *store.Tx, p id.ID) error {
				_, err := access.ResetPassword(tx, p)
				return err
			},
		} {
			p, who, token := o.staff("موظفة "+name, "branch_clerk", "LY0101")
			o.wait(time.Millisecond)
			o.refused(o.write(who, func(tx *store.Tx) error { return end(tx, boss.ID) }), "access.not_allowed")
			o.must(o.write(chief, func(tx *store.Tx) error { return end(tx, p.ID) }))
			if o.live(token) {
				o.Errorf("%s: the session lives on", name)
			}
			if _, err := o.Login(context.Background(), access.Attempt{Login: p.Login, Password: phrase, Address: "desk"}); (err == nil) != (name == "revoked") {
				o.Errorf("%s: login says %v", name, err)
			}
		}
		o.must(o.Logout(context.Background(), chiefs))
		if o.live(chiefs) {
			o.Error("logged out: the session lives on")
		}
	})
}

func TestNobodyManagesHimselfAndTheLastAdministratorStays(t *testing.T) {
	inOffices(t, func(o *office) {
		chief, who, _ := o.staff("مديرة النظام", "administrator", "")
		everywhere := store.Grant{Role: "administrator"}
		o.refused(o.write(who, func(tx *store.Tx) error { return access.Grant(tx, chief.ID, store.Grant{Role: "director"}) }), "access.not_yourself")
		o.refused(o.write(who, func(tx *store.Tx) error { return access.Disable(tx, chief.ID, "tired") }), "access.not_yourself")
		o.refused(o.write(who, func(tx *store.Tx) error { _, err := access.ResetPassword(tx, chief.ID); return err }), "access.not_yourself")
		o.refused(o.write(operator, func(tx *store.Tx) error { return access.Disable(tx, chief.ID, "gone away") }), "access.last_administrator")
		o.refused(o.write(operator, func(tx *store.Tx) error { return access.Revoke(tx, chief.ID, everywhere) }), "access.last_administrator")
		o.staff("مدير آخر", "administrator", "LY")
		o.must(o.write(operator, func(tx *store.Tx) error { return access.Revoke(tx, chief.ID, everywhere) }))
		o.refused(o.write(operator, func(tx *store.Tx) error { return access.Grant(tx, chief.ID, store.Grant{Role: "king"}) }), "access.no_role")
		o.must(o.write(operator, func(tx *store.Tx) error { return access.Grant(tx, chief.ID, store.Grant{Role: "auditor"}) }))
		o.refused(o.write(operator, func(tx *store.Tx) error { return access.Grant(tx, chief.ID, store.Grant{Role: "director"}) }), "access.roles_apart")
	})
}

func TestAnAdministratorOfOneRegionReachesNoOther(t *testing.T) {
	inOffices(t, func(o *office) {
		_, east, _ := o.staff("مدير الشرق", "administrator", "LY01")
		_, _, err := o.add(east, "موظفة درنة", "clerk", "LY0101")
		o.must(err)
		for _, area := range []string{"LY0211", "LY", ""} {
			_, _, err := o.add(east, "موظفة بعيدة", "clerk", area)
			o.refused(err, "access.not_allowed")
		}
		far, _, _ := o.staff("موظفة طرابلس", "clerk", "LY0211")
		o.refused(o.write(east, func(tx *store.Tx) error { return access.Disable(tx, far.ID, "no reason") }), "access.not_allowed")
		o.must(o.Journal.Read(context.Background(), east, func(tx *store.Tx) error {
			seen, err := access.People(tx)
			for _, p := range seen {
				if p.ID == far.ID {
					o.Errorf("%s is seen from the other region", p.Name)
				}
			}
			if len(seen) != 2 {
				o.Errorf("%d people seen in one's own region", len(seen))
			}
			return err
		}))
	})
}

func TestWhatIsWrongWithANewPersonIsNamed(t *testing.T) {
	o := newOffice(t, "sqlite", journaltest.Node(journal.RoleDiwan, ""))
	_, _, err := o.add(operator, "Salma", "clerk", "LY0101")
	o.must(err)
	for key, n := range map[string]access.NewPerson{
		"access.login_taken": {Name: "Other", Login: "SALMA", Grants: []store.Grant{{Role: "clerk"}}},
		"access.bad_name":    {Name: " ", Login: "other", Grants: []store.Grant{{Role: "clerk"}}},
		"access.bad_login":   {Name: "Other", Login: "--", Grants: []store.Grant{{Role: "clerk"}}},
		"access.no_role":     {Name: "Other", Grants: []store.Grant{{Role: "operator"}}},
		"access.no_grant":    {Name: "Other"},
		"geography.no_area":  {Name: "Other", Grants: []store.Grant{{Role: "clerk", Area: "LY9999"}}},
		"access.roles_apart": {Name: "Other", Grants: []store.Grant{{Role: "auditor"}, {Role: "clerk"}}},
	} {
		o.refused(o.write(operator, func(tx *store.Tx) error { _, _, err := access.AddPerson(tx, n); return err }), key)
	}
}

func TestTheCommandLineActsAsANamedPersonOnly(t *testing.T) {
	o := newOffice(t, "sqlite", journaltest.Node(journal.RoleDiwan, ""))
	added, _, err := o.add(operator, "Mabrouka Ali", "financial-controller", "")
	o.must(err)
	o.must(o.write(operator, func(tx *store.Tx) error {
		for _, name := range []string{"Mabrouka Ali", "mabrouka.ali", "MABROUKA ALI"} {
			if who, err := access.Actor(tx, name); err != nil || who.Actor != added.ID || !slices.Equal(who.Grants, added.Grants) {
				o.Errorf("%q: %+v %v", name, who, err)
			}
		}
		_, err := access.Actor(tx, "Nobody")
		o.refused(err, "access.no_person")
		_, _, err = access.AddPerson(tx, access.NewPerson{Name: "mabrouka ali", Login: "second", Grants: []store.Grant{{Role: "clerk"}}})
		o.must(err)
		_, err = access.Actor(tx, "second")
		o.must(err)
		return access.Disable(tx, added.ID, "left the ministry")
	}))
	o.must(o.write(operator, func(tx *store.Tx) error {
		_, err := access.Actor(tx, "mabrouka.ali")
		o.refused(err, "access.disabled")
		return nil
	}))
}

func TestABranchNodeTakesItsOwnAreaWhereNoneIsNamed(t *testing.T) {
	o := newOffice(t, "sqlite", journaltest.Node(journal.RoleBranch, "LY010102"))
	p, _, err := o.add(operator, "Salma", "clerk", "")
	o.must(err)
	if !slices.Equal(p.Grants, []store.Grant{{Role: "branch_clerk", Area: "LY0101"}}) {
		o.Errorf("%v", p.Grants)
	}
}

func TestReadingOutsideOnesAreaNeedsAWrittenPurposeForTwoHours(t *testing.T) {
	inOffices(t, func(o *office) {
		worker, who, _ := o.staff("أخصائية درنة", "worker", "LY0101")
		_, clerk, _ := o.staff("موظفة درنة", "clerk", "LY0101")
		_, auditor, _ := o.staff("المراجع", "auditor", "")
		reads := func(who store.Session, area string) error {
			return o.Journal.Read(context.Background(), who, func(tx *store.Tx) error { return access.RequireReading(tx, area) })
		}
		open := func(who store.Session, area, reason string) error {
			return o.write(who, func(tx *store.Tx) error { _, err := access.OpenReading(tx, area, reason); return err })
		}
		o.must(reads(who, "LY010105"))
		o.refused(reads(who, "LY010202"), "access.purpose_needed")
		o.refused(reads(clerk, "LY010202"), "access.not_allowed")
		o.refused(open(who, "LY0102", "because"), "access.no_purpose")
		o.refused(open(who, "", "a family moved and its file is needed"), "geography.no_area")
		o.refused(open(clerk, "LY0102", "a family moved and its file is needed"), "access.not_allowed")
		o.must(open(who, "LY0102", "a family moved and its file is needed"))
		o.must(reads(who, "LY010202"))
		o.refused(reads(who, "LY0103"), "access.purpose_needed")
		o.refused(o.write(who, func(tx *store.Tx) error { return access.Require(tx, access.RecordLifeEvent, "LY010202") }), "access.not_allowed")
		o.must(o.Journal.Read(context.Background(), auditor, func(tx *store.Tx) error {
			all, err := access.Readings(tx, time.Time{})
			if len(all) != 1 || all[0].Person != worker.ID || all[0].Closes.Sub(all[0].Opened) != 2*time.Hour {
				o.Errorf("the report shows %+v", all)
			}
			return err
		}))
		o.wait(2 * time.Hour)
		o.refused(reads(who, "LY010202"), "access.purpose_needed")
	})
}

func TestEveryEventIsReplayedToTheSameRows(t *testing.T) {
	for from, to := range map[string]string{"sqlite": "postgres", "postgres": "sqlite"} {
		o := newOffice(t, from, journaltest.Node(journal.RoleDiwan, ""))
		p, _, _ := o.staff("موظفة درنة", "clerk", "LY0101")
		_, worker, _ := o.staff("أخصائية درنة", "worker", "LY0101")
		for _, work := range []func(tx *store.Tx) error{
			func(tx *store.Tx) error { return access.Grant(tx, p.ID, store.Grant{Role: "worker", Area: "LY0102"}) },
			func(tx *store.Tx) error { return access.Revoke(tx, p.ID, store.Grant{Role: "clerk", Area: "LY0101"}) },
			func(tx *store.Tx) error { _, err := access.ResetPassword(tx, p.ID); return err },
			func(tx *store.Tx) error { return access.Disable(tx, p.ID, "left the ministry") },
			func(tx *store.Tx) error { return access.Enable(tx, p.ID) },
		} {
			o.wait(time.Second)
			o.must(o.write(operator, work))
		}
		o.must(o.write(worker, func(tx *store.Tx) error {
			_, err := access.OpenReading(tx, "LY0102", "a family moved and its file is needed")
			return err
		}))
		into := journaltest.Open(t, to)
		tables := append(slices.Clone(geography.Tables), access.Tables...)
		done, err := o.Journal.Rebuild(context.Background(), into, journal.NewCatalogue(geography.Kinds, access.Kinds), tables, nil)
		if err != nil || len(done.Differ) != 0 || done.Entries < 10 {
			t.Errorf("%s to %s: %+v %v", from, to, done, err)
		}
		seen := map[string]bool{}
		o.must(into.DB.Read(context.Background(), store.Session{}, func(tx *store.Tx) error {
			return tx.Each(func(r *store.Row) error { seen[r.Text()] = true; return r.Err() }, "SELECT DISTINCT kind FROM journal")
		}))
		for _, k := range access.Kinds {
			if !seen[k.Kind().Name] {
				t.Errorf("%s was not tried", k.Kind().Name)
			}
		}
		before, _ := o.Journal.Digest(context.Background(), tables)
		if empty, _ := journaltest.Open(t, to).Digest(context.Background(), tables); before["people"] == empty["people"] {
			t.Error("nobody is in the digest")
		}
	}
}

func TestTheOperatorHasANameAndAStrangerHasNone(t *testing.T) {
	o := newOffice(t, "sqlite", journaltest.Node(journal.RoleDiwan, ""))
	o.must(o.Journal.Read(context.Background(), operator, func(tx *store.Tx) error {
		if name, err := access.Name(tx, access.OperatorID); err != nil || name.English != "Machine operator" {
			o.Errorf("%+v %v", name, err)
		}
		_, err := access.Name(tx, id.ID{9})
		if !errors.Is(err, fault.NotFound("access.no_person")) {
			o.Errorf("%v", err)
		}
		return nil
	}))
}
