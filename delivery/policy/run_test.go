package policy

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"sanad/country"
	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/money"
	"sanad/platform/store"
	"sanad/platform/text"
)

var october = calendar.MonthOf(2026, 10)

func grant(t testing.TB) *Programme {
	t.Helper()
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	p, err := Named(pack, "wife-and-children-grant")
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// family is a sheet in short: each member a list of name=value.
func family(household id.ID, members ...string) *registry.Sheet {
	s := &registry.Sheet{Household: household, Version: 1, Branch: "LY010102", File: "7/2026",
		Sources: []registry.Source{{Kind: registry.Stated, Body: "LY010102", Document: "LY010102.csv:3", Date: calendar.Of(2026, 10, 5), Import: id.ID{1}}}}
	for i, words := range members {
		m := registry.Member{Person: household.Next(uint64(i + 1))}
		all := "citizenship=libyan wage=no contributory_pension=no survivors_pension=no basic_pension=no national_number=1 account=LY1 " + words
		facts := map[string]string{}
		for _, word := range strings.Fields(all) {
			name, value, _ := strings.Cut(word, "=")
			facts[name] = value
		}
		for _, d := range registry.Definitions {
			if value, given := facts[string(d.Name)]; given && value != "-" {
				m.Facts = append(m.Facts, registry.Fact{Name: d.Name, Value: shortValue(d, household, value), Sources: []int{0}})
			}
		}
		s.Members = append(s.Members, m)
	}
	return s
}

func shortValue(d registry.Definition, household id.ID, value string) registry.Value {
	switch d.Type {
	case registry.TypeTruth:
		return registry.TruthValue(value == "yes")
	case registry.TypeDate:
		day, err := calendar.Parse(value)
		if err != nil {
			panic(err)
		}
		return registry.DateValue(day)
	case registry.TypePerson:
		if other, err := id.Parse(value); err == nil {
			return registry.PersonValue(other)
		}
		return registry.PersonValue(household.Next(uint64(value[0] - '0')))
	}
	return registry.TextValue(value)
}

func keep(t testing.TB, j *journal.Journal, sheets ...*registry.Sheet) {
	t.Helper()
	journaltest.Write(t, j, func(tx *store.Tx) error {
		for _, s := range sheets {
			what := registry.Registered
			if s.Version > 1 {
				what = registry.StatedAgain
			}
			if err := journal.Record(tx, registry.Happened{What: what, Household: s.Household, Branch: s.Branch, Known: tx.Now.UnixMicro(), Sheet: s}); err != nil {
				return err
			}
		}
		return nil
	})
}

func decide(t testing.TB, j *journal.Journal, month calendar.Month) Summary {
	t.Helper()
	s, err := Run(t.Context(), j, journaltest.Session("operator"), grant(t), month, nil)
	if err != nil {
		t.Fatal(err, errors.Unwrap(err))
	}
	return s
}

func standingIn(t testing.TB, j *journal.Journal, month calendar.Month) []Decision {
	t.Helper()
	var all []Decision
	err := j.Read(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) error {
		return EachDecision(tx, "wife-and-children-grant", month, func(d Decision) error {
			all = append(all, d)
			return nil
		})
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAFamilyIsDecidedOnceAndAgainOnlyWhenSomethingChanged(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		home := id.ID{0: 1}
		sheet := family(home, "role=head sex=male birth=1980 marital_status=married", "role=wife sex=female birth=1985 marital_status=married", "role=son sex=male birth=2015-03-01")
		keep(t, j, sheet)
		first := decide(t, j, october)
		if first.Changed != 1 || first.Households != 1 || !first.Recorded {
			t.Fatalf("first run: %+v", first)
		}
		got := standingIn(t, j, october)
		if len(got) != 1 || got[0].Due() != 250*money.Dinar || got[0].Source != "LY010102.csv" || got[0].File != "7/2026" {
			t.Fatalf("decision: %+v", got)
		}
		for _, l := range got[0].Lines {
			if l.Payee != home.Next(1) || l.PayeeHousehold != home || l.Account != "LY1" || !l.Payable {
				t.Errorf("line: %+v", l)
			}
		}
		before := entries(t, j)
		if again := decide(t, j, october); again.Changed != 0 || again.Recorded || again.Run != first.Run {
			t.Errorf("second run: %+v", again)
		}
		if after := entries(t, j); after != before {
			t.Errorf("a run without new facts wrote %d entries", after-before)
		}
		changed := sheet.Clone()
		changed.Version = 2
		changed.Members = changed.Members[:2]
		keep(t, j, changed)
		if third := decide(t, j, october); third.Changed != 1 {
			t.Errorf("third run: %+v", third)
		}
		if got := standingIn(t, j, october); got[0].Due() != 150*money.Dinar || got[0].SheetVersion != 2 {
			t.Errorf("after the change: %+v", got)
		}
	})
}

func entries(t testing.TB, j *journal.Journal) (n int64) {
	t.Helper()
	err := j.Read(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) (err error) {
		n, _, err = store.One(tx, func(r *store.Row) int64 { return r.Int() }, "SELECT count(*) FROM journal")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestADecisionStandsUntilALaterMonthDecidesOtherwise(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		keep(t, j, family(id.ID{0: 1}, "role=head sex=male birth=1980", "role=daughter sex=female birth=2008-11-01 marital_status=single"))
		decide(t, j, october)
		if november := decide(t, j, october.Next()); november.Changed != 1 {
			t.Errorf("november: %+v", november)
		}
		if december := decide(t, j, october.Add(2)); december.Changed != 0 || !december.Recorded {
			t.Errorf("december must be decided without new rows: %+v", december)
		}
		for month, component := range map[calendar.Month]string{october: "child", october.Next(): "daughter", october.Add(2): "daughter"} {
			for _, l := range standingIn(t, j, month)[0].Lines {
				if (l.Status == Due) != (l.Component == component) {
					t.Errorf("%s: %+v", month, l)
				}
			}
		}
	})
}

func TestALateFactChangesNoMonthThatWasNotRunAgain(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		sheet := family(id.ID{0: 1}, "role=head sex=male birth=1980", "role=son sex=male birth=2015")
		keep(t, j, sheet)
		decide(t, j, october)
		decide(t, j, october.Next())
		more := family(id.ID{0: 1}, "role=head sex=male birth=1980", "role=son sex=male birth=2015", "role=son sex=male birth=2016")
		more.Version = 2
		keep(t, j, more)
		decide(t, j, october)
		if d := standingIn(t, j, october)[0]; d.Due() != 200*money.Dinar {
			t.Errorf("october: %+v", d)
		}
		if d := standingIn(t, j, october.Next())[0]; d.Due() != 100*money.Dinar || d.SheetVersion != 1 {
			t.Errorf("november was not run again: %+v", d)
		}
		decide(t, j, october.Next())
		if d := standingIn(t, j, october.Next())[0]; d.Due() != 200*money.Dinar {
			t.Errorf("november run again: %+v", d)
		}
	})
}

func TestTheMotherElsewhereWithCustodyIsThePayee(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		his, hers := id.ID{0: 1}, id.ID{0: 2}
		mother := hers.Next(1)
		keep(t, j, family(his, "role=head sex=male birth=1980 marital_status=divorced", "role=son sex=male birth=2015 custodian="+mother.String()),
			family(hers, "role=head sex=female birth=1985 marital_status=divorced account=LY2 name=salma"))
		decide(t, j, october)
		for _, d := range standingIn(t, j, october) {
			for _, l := range d.Lines {
				if l.Payee != mother || l.PayeeHousehold != hers || l.Account != "LY2" || !l.Payable {
					t.Errorf("line: %+v", l)
				}
			}
		}
		e := explain(t, j, his, october)
		if len(e.Persons) != 1 || e.Persons[0].Components[0].PayeeName != "salma" {
			t.Errorf("explanation: %+v", e)
		}
	})
}

func explain(t testing.TB, j *journal.Journal, household id.ID, month calendar.Month) (e Explanation) {
	t.Helper()
	err := j.Read(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) (err error) {
		e, err = Explain(tx, "wife-and-children-grant", household, month)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestAnExplanationReplaysTheSheetAsItWas(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		home := id.ID{0: 1}
		keep(t, j, family(home, "role=head sex=male birth=1980 name=ali", "role=wife sex=female birth=1985 marital_status=married wage=yes name=mona",
			"role=son sex=male birth=2015-03-01 name=omar", "role=daughter sex=female birth=2000 marital_status=divorced name=huda", "role=son sex=male birth=2008 name=sami"))
		decide(t, j, october)
		later := family(home, "role=head sex=male birth=1980 name=ali")
		later.Version = 2
		keep(t, j, later)
		e := explain(t, j, home, october)
		if e.Total != 100*money.Dinar || len(e.Persons) != 4 {
			t.Fatalf("total %v, %d persons", e.Total, len(e.Persons))
		}
		for _, language := range text.Languages {
			var b bytes.Buffer
			if err := e.Write(&b, language); err != nil {
				t.Fatal(err)
			}
			if strings.ContainsAny(b.String(), "⟦⟧") {
				t.Errorf("a sentence lacks something:\n%s", b.String())
			}
			if strings.Contains(b.String(), "(sami)") {
				t.Errorf("the explanation speaks of sami where he is nobody to the person:\n%s", b.String())
			}
			for _, must := range []string{"omar", "LY010102.csv:3", "100"} {
				if !strings.Contains(b.String(), must) {
					t.Errorf("%s is not in the explanation:\n%s", must, b.String())
				}
			}
		}
	})
}

func TestUnknownFactsAskTheBranchAndAnswersCloseTheQuestion(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		sheet := family(id.ID{0: 1}, "role=head sex=male birth=1980", "role=daughter sex=female birth=2000 marital_status=-")
		keep(t, j, sheet)
		decide(t, j, october)
		if d := standingIn(t, j, october)[0]; d.Lines[0].Status != Pending || d.Lines[0].Reason != MissingFact {
			t.Errorf("line: %+v", d.Lines)
		}
		if n := openTasks(t, j); n != 1 {
			t.Errorf("%d open tasks, want the daughter's marital status", n)
		}
		answered := family(id.ID{0: 1}, "role=head sex=male birth=1980", "role=daughter sex=female birth=2000 marital_status=single")
		answered.Version = 2
		keep(t, j, answered)
		decide(t, j, october)
		if n := openTasks(t, j); n != 0 {
			t.Errorf("%d tasks are still open", n)
		}
	})
}

func openTasks(t testing.TB, j *journal.Journal) (n int64) {
	t.Helper()
	err := j.Read(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) (err error) {
		n, _, err = store.One(tx, func(r *store.Row) int64 { return r.Int() }, "SELECT count(*) FROM tasks WHERE closed = 0")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestARunCutOffIsCompletedByTheNext(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		for i := range 5 {
			var sheets []*registry.Sheet
			for k := range 500 {
				sheets = append(sheets, family(id.ID{0: byte(i + 1), 1: byte(k >> 8), 2: byte(k)}, "role=head sex=male birth=1980", "role=son sex=male birth=2015"))
			}
			keep(t, j, sheets...)
		}
		ctx, stop := context.WithCancel(t.Context())
		_, err := Run(ctx, j, journaltest.Session("operator"), grant(t), october, func(n int64) {
			if n > 1500 {
				stop()
			}
		})
		if err == nil {
			t.Fatal("the run was not cut off")
		}
		partly := len(standingIn(t, j, october))
		if partly == 0 || partly == 2500 {
			t.Fatalf("%d decisions were recorded before the cut", partly)
		}
		rest := decide(t, j, october)
		if got := len(standingIn(t, j, october)); got != 2500 || rest.Changed != int64(2500-partly) {
			t.Errorf("%d decisions stand; the second run recorded %d after %d", got, rest.Changed, partly)
		}
		rows := map[id.ID]int{}
		err = j.Read(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) error {
			return DecisionRows(tx, "wife-and-children-grant", october, func(r Row) error {
				rows[r.Household] += r.Persons
				return nil
			})
		})
		if err != nil || len(rows) != 2500 {
			t.Errorf("%d households have rows, %v", len(rows), err)
		}
		for household, persons := range rows {
			if persons != 1 {
				t.Errorf("%s has %d persons", household, persons)
			}
		}
	})
}

func TestOnlyTheDiwanDecidesAndOnlyWhoMay(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	if _, err := Run(t.Context(), j, journaltest.Session("branch_clerk"), grant(t), october, nil); fault.Of(err) == nil || fault.Of(err).Kind != fault.KindForbidden {
		t.Errorf("a clerk ran the programme: %v", err)
	}
	branch := journaltest.OpenAs(t, "sqlite", journaltest.Node(journal.RoleBranch, "LY010102"), store.Options{})
	if _, err := Run(t.Context(), branch, journaltest.Session("operator"), grant(t), october, nil); !errors.Is(err, fault.Conflict("policy.not_a_diwan")) {
		t.Errorf("a branch decided: %v", err)
	}
}

func TestDecisionsAreShownToThoseWhoMaySeeThemOnly(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	home := id.ID{0: 1}
	keep(t, j, family(home, "role=head sex=male birth=1980", "role=son sex=male birth=2015"))
	decide(t, j, october)
	forbidden := func(what string, err error) {
		if f := fault.Of(err); f == nil || f.Kind != fault.KindForbidden {
			t.Errorf("%s: %v", what, err)
		}
	}
	stranger := store.Session{Actor: id.ID{15: 9}, Purpose: "test", Grants: []store.Grant{{Role: "branch_clerk", Area: "LY0211"}}}
	err := j.Read(t.Context(), stranger, func(tx *store.Tx) error {
		_, err := Explain(tx, "wife-and-children-grant", home, october)
		forbidden("explain", err)
		_, err = DecisionOf(tx, "wife-and-children-grant", home, october)
		forbidden("decision", err)
		forbidden("rows", DecisionRows(tx, "wife-and-children-grant", october, func(Row) error { return nil }))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestRowsOfTheListGroupPersons(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		keep(t, j, family(id.ID{0: 1}, "role=head sex=male birth=1980 name=ali", "role=wife sex=female birth=1985 wage=yes", "role=son sex=male birth=2015", "role=son sex=male birth=2016"))
		decide(t, j, october)
		var b bytes.Buffer
		err := j.Read(t.Context(), journaltest.Session("operator"), func(tx *store.Tx) error {
			return WriteRows(tx, "wife-and-children-grant", october, &b)
		})
		if err != nil {
			t.Fatal(err)
		}
		want := "source,household_file,branch,component,persons,amount_dirham,payee,status,payable,reason\r\n" +
			"LY010102.csv,7/2026,LY010102,child,2,200000,ali,due,yes,\r\n" +
			"LY010102.csv,7/2026,LY010102,wife,1,0,,refused,no,no-salary\r\n"
		if b.String() != want {
			t.Errorf("got\n%s", b.String())
		}
	})
}

func TestARebuildGivesTheSameDecisions(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		sheet := family(id.ID{0: 1}, "role=head sex=male birth=1980", "role=daughter sex=female birth=2000 marital_status=-", "role=son sex=male birth=2015")
		keep(t, j, sheet)
		decide(t, j, october)
		answered := family(id.ID{0: 1}, "role=head sex=male birth=1980", "role=daughter sex=female birth=2000 marital_status=single")
		answered.Version = 2
		keep(t, j, answered)
		decide(t, j, october)
		into := journaltest.Open(t, "sqlite")
		tables := slices.Concat(registry.Tables, Tables)
		result, err := j.Rebuild(t.Context(), into, journal.NewCatalogue(journal.Kinds, registry.Kinds, Kinds), tables, nil)
		if err != nil || len(result.Differ) > 0 {
			t.Fatalf("rebuild: %v, tables that differ: %v", err, result.Differ)
		}
		if got := standingIn(t, into, october); len(got) != 1 || got[0].Due() != 100*money.Dinar {
			t.Errorf("after the rebuild: %+v", got)
		}
		if verdict, err := j.Verify(t.Context()); err != nil || !verdict.Holds() {
			t.Errorf("verify: %v %+v", err, verdict)
		}
	})
}
