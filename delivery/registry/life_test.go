package registry_test

import (
	"errors"
	"testing"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

// change is what a clerk says of a sheet that she has just seen.
func change(s *registry.Sheet, on calendar.Date) registry.Change {
	return registry.Change{Household: s.Household, Version: s.Version, On: on, Reason: "كما في المستند",
		Evidence: registry.Evidence{Kind: registry.Documented, Document: "certificate 12/2026"}}
}

// happens runs a verb as somebody who may, and returns what it made.
func happens(t testing.TB, j *journal.Journal, verb func(*store.Tx) (registry.Changed, error)) registry.Changed {
	t.Helper()
	var done registry.Changed
	if err := as(t, j, "supervisor", "", func(tx *store.Tx) (err error) {
		done, err = verb(tx)
		return err
	}); err != nil {
		t.Fatalf("%v", err)
	}
	return done
}

// refused runs a verb that must be refused for one reason.
func refused(t testing.TB, j *journal.Journal, key string, verb func(*store.Tx) (registry.Changed, error)) {
	t.Helper()
	err := as(t, j, "supervisor", "", func(tx *store.Tx) error { _, err := verb(tx); return err })
	f := fault.Of(err)
	if f == nil {
		t.Errorf("want %s, got %v", key, err)
		return
	}
	if f.Key != key && (len(f.Fields) != 1 || f.Fields[0].Key != key) {
		t.Errorf("want %s, got %v", key, err)
	}
}

// holds is the value that holds on a day, as its text or code, "yes", "no", a
// date, or "?" where it is unknown.
func holds(s *registry.Sheet, person id.ID, name registry.Name, on calendar.Date) string {
	f, known := s.At(s.Member(person).Facts, name, on)
	d := registry.Define(name)
	switch {
	case !known:
		return "?"
	case d.Type == registry.TypeTruth || d.Type == registry.TypeDate && f.Value.Number == 0:
		return map[int64]string{0: "no", 1: "yes"}[f.Value.Number]
	case d.Type == registry.TypeDate:
		return f.Value.Date.String()
	case d.Type == registry.TypePerson:
		return f.Value.Person.String()
	}
	return f.Value.Text
}

func expect(t testing.TB, s *registry.Sheet, person id.ID, name registry.Name, on calendar.Date, want string) {
	t.Helper()
	if got := holds(s, person, name, on); got != want {
		t.Errorf("%s on %v: %s, want %s", name, on, got, want)
	}
}

// eachEngine registers a family on both engines and hands over its sheet.
func eachEngine(t *testing.T, test func(t *testing.T, j *journal.Journal, s *registry.Sheet)) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		withCountry(t, j)
		test(t, j, register(t, j, family()).Sheet)
	})
}

func TestAChildIsBornToItsParents(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		child := registry.NewChild{Change: change(s, 20261001), Name: "يوسف سالم عبد السلام الورفلي", Sex: registry.Male, Father: s.Members[0].Person, Mother: s.Members[1].Person}
		now := happens(t, j, func(tx *store.Tx) (registry.Changed, error) { return registry.RecordBirth(tx, child) }).Sheet
		born := now.Members[3]
		expect(t, now, born.Person, registry.Role, 20261101, "son")
		expect(t, now, born.Person, registry.Birth, 20261101, "2026-10-01")
		expect(t, now, born.Person, registry.Mother, 20261101, s.Members[1].Person.String())
		refused(t, j, "registry.changed_meanwhile", func(tx *store.Tx) (registry.Changed, error) { return registry.RecordBirth(tx, child) })
		child.Version, child.Mother = 2, s.Members[0].Person
		refused(t, j, "registry.parent_sex", func(tx *store.Tx) (registry.Changed, error) { return registry.RecordBirth(tx, child) })
		child.Mother, child.On = id.ID{}, 20290101
		err := as(t, j, "branch_clerk", derna, func(tx *store.Tx) error { _, err := registry.RecordBirth(tx, child); return err })
		if err == nil {
			t.Error("born in the future")
		}
	})
}

func TestADeathCountsFromItsDayAndLeavesAWidow(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		head, wife := s.Members[0].Person, s.Members[1].Person
		now := happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordDeath(tx, change(s, 20260900), head)
		}).Sheet
		expect(t, now, head, registry.Death, 20260831, "no")
		expect(t, now, head, registry.Death, 20261001, "2026-09")
		expect(t, now, wife, registry.MaritalStatus, 20260831, "married")
		expect(t, now, wife, registry.MaritalStatus, 20261001, "widowed")
		if n := openTasks(t, j, derna, registry.TaskNoHead); n != 1 {
			t.Errorf("asked %d times who heads the household", n)
		}
		refused(t, j, "registry.dead_already", func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordDeath(tx, change(now, 20261001), head)
		})
		now = happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.ChangeHead(tx, registry.HeadChange{Change: change(now, 20260915), Head: wife})
		}).Sheet
		expect(t, now, wife, registry.Role, 20261001, "head")
		expect(t, now, s.Members[2].Person, registry.Role, 20261001, "daughter")
		if n := openTasks(t, j, derna, registry.TaskNoHead); n != 0 {
			t.Error("the question was answered and is still open")
		}
	})
}

func TestADeathBeforeBirthIsRefused(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		refused(t, j, "registry.day_before_birth", func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordDeath(tx, change(s, 20110101), s.Members[2].Person)
		})
		refused(t, j, "registry.day_in_future", func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordDeath(tx, change(s, 20990101), s.Members[2].Person)
		})
	})
}

func TestABrideMovesWithHerIdAndFactsAndStandsOnOneSheet(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		groom := family()
		groom.Branch, groom.Area = marj, marj
		groom.Members = groom.Members[:1]
		groom.Members[0].NationalNumber, groom.Members[0].MaritalStatus, groom.Members[0].Birth = "119990000015", "single", calendar.Of(1999, 1, 1)
		his := register(t, j, groom).Sheet
		bride := s.Members[2].Person
		now := happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordMarriage(tx, registry.Marriage{Change: change(s, 20261101), Person: bride, Spouse: his.Members[0].Person, Household2: his.Household, Version2: 1, Home: registry.HomeThere})
		})
		if now.Sheet.Household != s.Household || now.Other.Household != his.Household || now.Sheet.Member(bride) != nil || len(now.Warnings) == 0 {
			t.Errorf("she must have left, and her 14 years be seen: %v", now.Warnings)
		}
		expect(t, now.Other, bride, registry.Role, 20261115, "wife")
		expect(t, now.Other, bride, registry.MaritalStatus, 20261115, "married")
		expect(t, now.Other, bride, registry.Father, 20261115, s.Members[0].Person.String())
		expect(t, now.Other, his.Members[0].Person, registry.Spouse, 20261115, bride.String())
		if row := householdOf(t, j, bride); row.Household != his.Household || row.Members != 2 {
			t.Errorf("she stands at %+v", row)
		}
	})
}

func householdOf(t testing.TB, j *journal.Journal, person id.ID) (row registry.Summary) {
	t.Helper()
	if err := as(t, j, "supervisor", "", func(tx *store.Tx) (err error) {
		row, err = registry.HouseholdOf(tx, person)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return row
}

func TestACoupleFoundsAHouseholdOfItsOwn(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		h := family()
		h.Members = append(h.Members, registry.NewMember{Name: "علي سالم عبد السلام الورفلي", Role: "son", Sex: registry.Male, Birth: calendar.Of(2000, 1, 1), MaritalStatus: "single"})
		his := register(t, j, h).Sheet
		groom, bride := his.Members[3].Person, s.Members[2].Person
		now := happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordMarriage(tx, registry.Marriage{Change: change(his, 20261101), Person: groom, Spouse: bride, Household2: s.Household, Version2: 1, Home: registry.HomeNew})
		})
		expect(t, now.Other, groom, registry.Role, 20261115, "head")
		expect(t, now.Other, bride, registry.Role, 20261115, "wife")
		if len(now.Other.Members) != 2 || now.Other.Version != 1 || now.Other.File == his.File || len(sheetOf(t, j, s.Household).Members) != 2 {
			t.Errorf("new household %+v", now.Other)
		}
	})
}

func TestASpouseWhoIsNotRegisteredComesToLiveHere(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		now := happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordMarriage(tx, registry.Marriage{Change: change(s, 20261101), Person: s.Members[0].Person, Home: registry.HomeHere,
				NewSpouse: registry.NewMember{Name: "مريم علي سالم القماطي", Birth: calendar.Of(1995, 2, 2)}})
		}).Sheet
		expect(t, now, now.Members[3].Person, registry.Role, 20261115, "wife")
		expect(t, now, now.Members[3].Person, registry.SexFact, 20261115, "female")
		refused(t, j, "registry.married_already", func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordMarriage(tx, registry.Marriage{Change: change(now, 20261102), Person: s.Members[1].Person, Home: registry.HomeApart})
		})
	})
}

func TestADivorceSaysWhoHasTheChildrenAndAsksWhereNobodySaid(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		head, wife, child := s.Members[0].Person, s.Members[1].Person, s.Members[2].Person
		now := happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordDivorce(tx, registry.Divorce{Change: change(s, 20261001), Person: head})
		}).Sheet
		expect(t, now, wife, registry.MaritalStatus, 20261001, "divorced")
		expect(t, now, head, registry.MaritalStatus, 20260930, "married")
		expect(t, now, child, registry.ParentsApart, 20261001, "yes")
		if n := openTasks(t, j, derna, registry.TaskCustodyUnknown); n != 1 {
			t.Errorf("asked %d times who has the child", n)
		}
		award := func(custodian id.ID, paper registry.CustodyEvidence, on calendar.Date) registry.Changed {
			latest := sheetOf(t, j, s.Household)
			return happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
				return registry.AwardCustody(tx, change(latest, on), registry.Custody{Child: child, Custodian: custodian, Paper: paper})
			})
		}
		now = award(wife, registry.Judgment, 20261010).Sheet
		expect(t, now, child, registry.Custodian, 20261020, wife.String())
		weaker := award(head, registry.MukhtarStatement, 20261015)
		expect(t, weaker.Sheet, child, registry.Custodian, 20261020, wife.String())
		expect(t, weaker.Sheet, child, registry.CustodyDisputed, 20261020, "yes")
		if len(weaker.Warnings) != 1 {
			t.Error("the clerk must be told that the paper is weaker")
		}
		now = award(head, registry.Judgment, 20261101).Sheet
		expect(t, now, child, registry.Custodian, 20261031, wife.String())
		expect(t, now, child, registry.Custodian, 20261101, head.String())
		expect(t, now, child, registry.CustodyDisputed, 20261101, "no")
	})
}

func TestASalaryHoldsFromItsDayToItsDay(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		wife := s.Members[1].Person
		salary := func(from, to calendar.Date) *registry.Sheet {
			latest := sheetOf(t, j, s.Household)
			return happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
				return registry.RecordSalary(tx, registry.Salary{Change: change(latest, 0), Person: wife, Kind: registry.Wage, From: from, To: to})
			}).Sheet
		}
		now := salary(20260201, 0)
		expect(t, now, wife, registry.Wage, 20260131, "no")
		expect(t, now, wife, registry.Wage, 20260201, "yes")
		expect(t, now, wife, registry.ContributoryPay, 20261101, "?")
		now = salary(0, 20260901)
		expect(t, now, wife, registry.Wage, 20260831, "yes")
		expect(t, now, wife, registry.Wage, 20260901, "no")
		refused(t, j, "registry.ends_before_beginning", func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordSalary(tx, registry.Salary{Change: change(now, 0), Person: wife, Kind: registry.Wage, From: 20260901, To: 20260101})
		})
	})
}

func TestWhoLeavesTheCountryAndComesBack(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		child := []id.ID{s.Members[2].Person}
		now := happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordDeparture(tx, change(s, 20260601), child)
		}).Sheet
		expect(t, now, child[0], registry.AbroadSince, 20260531, "no")
		expect(t, now, child[0], registry.AbroadSince, 20260701, "2026-06-01")
		now = happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordReturn(tx, change(now, 20261001), child)
		}).Sheet
		expect(t, now, child[0], registry.AbroadSince, 20260930, "2026-06-01")
		expect(t, now, child[0], registry.AbroadSince, 20261001, "no")
		refused(t, j, "registry.not_abroad", func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordReturn(tx, change(now, 20261001), child)
		})
	})
}

func TestAMissingHeadIsFound(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		head := s.Members[0].Person
		now := happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordAbsence(tx, change(s, 20260301), head, registry.Missing)
		}).Sheet
		expect(t, now, head, registry.Missing, 20260401, "yes")
		now = happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.EndAbsence(tx, change(now, 20260501), head, registry.Missing)
		}).Sheet
		expect(t, now, head, registry.Missing, 20260401, "yes")
		expect(t, now, head, registry.Missing, 20260501, "no")
		refused(t, j, "registry.not_away", func(tx *store.Tx) (registry.Changed, error) {
			return registry.EndAbsence(tx, change(now, 20260601), head, registry.Detained)
		})
	})
}

func TestAVerbNeedsItsCapabilityOverTheBranch(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		err := as(t, j, "branch_clerk", marj, func(tx *store.Tx) error {
			_, err := registry.RecordDeath(tx, change(s, 20260901), s.Members[0].Person)
			return err
		})
		if !errors.Is(err, fault.Forbidden("access.not_allowed")) {
			t.Errorf("another branch's clerk: %v", err)
		}
		err = as(t, j, "branch_clerk", derna, func(tx *store.Tx) error {
			_, err := registry.Correct(tx, registry.Correction{Change: change(s, 0), Person: s.Members[0].Person, Fact: registry.SexFact, Value: registry.TextValue("female")})
			return err
		})
		if !errors.Is(err, fault.Forbidden("access.not_allowed")) {
			t.Errorf("a clerk corrects: %v", err)
		}
	})
}
