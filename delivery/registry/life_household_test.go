package registry_test

import (
	"errors"
	"strings"
	"testing"

	"sanad/delivery/registry"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
	"sanad/platform/text"
)

func TestRolesTurnTowardsANewHeadAndAreAskedWhereTheyDoNotFollow(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		withCountry(t, j)
		h := family()
		h.Members = append(h.Members, registry.NewMember{Name: "علي سالم عبد السلام الورفلي", Role: "son", Sex: registry.Male, Birth: calendar.Of(2000, 1, 1)},
			registry.NewMember{Name: "حليمة عثمان سالم الترهوني", Role: "mother", Sex: registry.Female, Birth: calendar.Of(1955, 1, 1)})
		s := register(t, j, h).Sheet
		head, wife, daughter, son, grandmother := s.Members[0].Person, s.Members[1].Person, s.Members[2].Person, s.Members[3].Person, s.Members[4].Person
		c := registry.HeadChange{Change: change(s, 20260901), Head: son}
		refused(t, j, "registry.role_needed", func(tx *store.Tx) (registry.Changed, error) { return registry.ChangeHead(tx, c) })
		c.Roles = map[id.ID]string{wife: "mother"}
		now := happens(t, j, func(tx *store.Tx) (registry.Changed, error) { return registry.ChangeHead(tx, c) }).Sheet
		for person, want := range map[id.ID]string{head: "father", wife: "mother", daughter: "sister", son: "head", grandmother: "grandmother"} {
			expect(t, now, person, registry.Role, 20261001, want)
		}
		expect(t, now, daughter, registry.Role, 20260831, "daughter")
	})
}

func TestASonLeavesForAHouseholdOfHisOwnAndComesBack(t *testing.T) {
	journaltest.Both(t, func(t *testing.T, j *journal.Journal) {
		withCountry(t, j)
		h := family()
		h.Members = append(h.Members, registry.NewMember{Name: "علي سالم عبد السلام الورفلي", Role: "son", Sex: registry.Male, Birth: calendar.Of(2000, 1, 1)},
			registry.NewMember{Name: "سالم علي سالم الورفلي", Role: "grandson", Sex: registry.Male, Birth: calendar.Of(2022, 1, 1), Father: 4})
		s := register(t, j, h).Sheet
		son, grandson := s.Members[3].Person, s.Members[4].Person
		done := happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.SplitHousehold(tx, registry.Split{Change: change(s, 20260901), Head: son, Others: []id.ID{grandson}})
		})
		expect(t, done.Other, son, registry.Role, 20261001, "head")
		expect(t, done.Other, grandson, registry.Role, 20261001, "son")
		if len(done.Sheet.Members) != 3 || len(done.Other.Members) != 2 || done.Other.File == s.File {
			t.Errorf("%d stay, %d leave", len(done.Sheet.Members), len(done.Other.Members))
		}
		area, _ := done.Other.Now(done.Other.Facts, registry.Area)
		if area.Value.Text != derna {
			t.Error("they live where they lived")
		}
		back := registry.Join{Change: change(done.Other, 20261101), Into: s.Household, IntoVersion: done.Sheet.Version, Roles: map[id.ID]string{grandson: "grandson"}}
		done = happens(t, j, func(tx *store.Tx) (registry.Changed, error) { return registry.JoinHouseholds(tx, back) })
		expect(t, done.Other, son, registry.Role, 20261115, "son")
		if len(done.Sheet.Members) != 0 || len(sheetOf(t, j, s.Household).Members) != 5 {
			t.Error("everybody came back")
		}
	})
}

func TestAMoveToAnotherBranchIsOneActOfTwoStreams(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		happens(t, j, func(tx *store.Tx) (registry.Changed, error) { // a task that goes along
			return registry.RecordDeath(tx, change(s, 20260801), s.Members[0].Person)
		})
		s = sheetOf(t, j, s.Household)
		move := registry.Move{Change: change(s, 20261001), Area: marj, Mahalla: "الوسط"}
		err := as(t, j, "supervisor", derna, func(tx *store.Tx) error { _, err := registry.MoveHousehold(tx, move); return err })
		if !errors.Is(err, fault.Forbidden("access.not_allowed")) {
			t.Errorf("a branch gives to another by itself: %v", err)
		}
		now := happens(t, j, func(tx *store.Tx) (registry.Changed, error) { return registry.MoveHousehold(tx, move) }).Sheet
		if now.Branch != marj || now.Version != s.Version+2 || now.File != s.File {
			t.Errorf("now at %s with version %d and file %s", now.Branch, now.Version, now.File)
		}
		for on, want := range map[calendar.Date]string{20260930: derna, 20261001: marj} {
			if f, _ := now.At(now.Facts, registry.Area, on); f.Value.Text != want {
				t.Errorf("on %v it lives in %s", on, f.Value.Text)
			}
		}
		if here, there := openTasks(t, j, derna, registry.TaskNoHead), openTasks(t, j, marj, registry.TaskNoHead); here != 0 || there != 1 {
			t.Errorf("open tasks: %d at the old branch, %d at the new", here, there)
		}
		var streams []string
		if err := j.Read(t.Context(), journaltest.Session("supervisor"), func(tx *store.Tx) (err error) {
			streams, err = store.All(tx, (*store.Row).Text, "SELECT stream FROM journal WHERE household = $1 AND version > $2 ORDER BY arrival", s.Household, s.Version)
			return err
		}); err != nil || len(streams) != 2 || streams[0] != journal.Branch(derna) || streams[1] != journal.Branch(marj) {
			t.Errorf("%v %v", streams, err)
		}
	})
}

func TestACorrectionReplacesTheValueAndKeepsTheOldVersion(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		child := s.Members[2].Person
		var asked registry.Task
		if err := as(t, j, "branch_clerk", derna, func(tx *store.Tx) (err error) {
			asked, err = registry.AskCorrection(tx, registry.Wish{Household: s.Household, Person: child, Fact: registry.Birth, Says: "2011", Reason: "شهادة الميلاد"})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if n := openTasks(t, j, derna, registry.TaskCorrection); n != 1 {
			t.Fatalf("%d corrections asked", n)
		}
		value, err := registry.ParseValue(registry.Birth, "3/3/2011")
		if err != nil {
			t.Fatal(err)
		}
		c := registry.Correction{Change: change(s, 0), Person: child, Fact: registry.Birth, Value: value, Task: asked.ID}
		c.Reason = " "
		refused(t, j, "registry.reason_needed", func(tx *store.Tx) (registry.Changed, error) { return registry.Correct(tx, c) })
		c.Reason = "كُتبت السنة خطأ"
		now := happens(t, j, func(tx *store.Tx) (registry.Changed, error) { return registry.Correct(tx, c) }).Sheet
		expect(t, now, child, registry.Birth, 20200101, "2011-03-03")
		if n := openTasks(t, j, derna, registry.TaskCorrection); n != 0 {
			t.Error("what was asked is done and still open")
		}
		if err := as(t, j, "supervisor", "", func(tx *store.Tx) error {
			old, err := registry.HouseholdVersion(tx, s.Household, 1)
			if err == nil {
				expect(t, old, child, registry.Birth, 20200101, "2012-03-03")
			}
			return err
		}); err != nil {
			t.Error(err)
		}
		c.Change, c.Fact, c.Value = change(now, 0), registry.MaritalStatus, registry.TextValue("engaged")
		c.Task = id.ID{}
		refused(t, j, "registry.code_unknown", func(tx *store.Tx) (registry.Changed, error) { return registry.Correct(tx, c) })
	})
}

func TestACitizenAsksForHerOwnFileOnly(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		for actor, may := range map[id.ID]bool{s.Members[1].Person: true, {15: 77}: false} {
			who := store.Session{Actor: actor, Purpose: "test", Grants: []store.Grant{{Role: "citizen"}}}
			_, err := j.Write(t.Context(), who, func(tx *store.Tx) error {
				_, err := registry.AskCorrection(tx, registry.Wish{Household: s.Household, Fact: registry.Area, Reason: "انتقلنا من هنا"})
				return err
			})
			if (err == nil) != may {
				t.Errorf("may %v: %v", may, err)
			}
		}
	})
}

func TestAccountAndContactAreHersAlone(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		wife := s.Members[1].Person
		now := happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.ChangePayee(tx, registry.Payee{Change: change(s, 20261001), Person: wife, Account: "LY83 0020 4800 0020 1001 2036 1", OwnAccount: registry.Yes})
		}).Sheet
		if p := now.Payees(); len(p) != 1 || p[0] != (registry.PaidTo{Person: wife, Account: "LY83002048000020100120361", Own: true}) {
			t.Errorf("payees %+v", p)
		}
		if now.SafeContact(wife) != "" || now.SafeContact(s.Members[0].Person) != "+218912345678" {
			t.Error("her husband's telephone is not hers")
		}
		refused(t, j, "registry.own_account_adult", func(tx *store.Tx) (registry.Changed, error) {
			return registry.ChangePayee(tx, registry.Payee{Change: change(now, 20261001), Person: s.Members[2].Person, OwnAccount: registry.Yes})
		})
		refused(t, j, "registry.iban_check", func(tx *store.Tx) (registry.Changed, error) {
			return registry.ChangePayee(tx, registry.Payee{Change: change(now, 20261001), Person: wife, Account: "LY83002048000020100120316"})
		})
		now = happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.ChangeContact(tx, change(now, 20261001), wife, "٠٩٢-٧٦٥٤٣٢١")
		}).Sheet
		if now.SafeContact(wife) != "+218927654321" {
			t.Errorf("her own: %s", now.SafeContact(wife))
		}
	})
}

func TestANumberIsIssuedOnceAndAGuardianIsNamed(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		child := s.Members[2].Person
		done := happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.IssueNumber(tx, change(s, 20261001), child, "220120000017")
		})
		expect(t, done.Sheet, child, registry.NationalNumberFact, 20200101, "220120000017")
		refused(t, j, "registry.number_known", func(tx *store.Tx) (registry.Changed, error) {
			return registry.IssueNumber(tx, change(done.Sheet, 20261001), child, "220120000025")
		})
		now := happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.NameGuardian(tx, registry.Guardianship{Change: change(done.Sheet, 20261001), Ward: child, NewGuardian: registry.NewMember{Name: "عمر مفتاح سالم الورفلي", Sex: registry.Male}})
		}).Sheet
		expect(t, now, child, registry.Guardian, 20261001, now.Members[3].Person.String())
		expect(t, now, now.Members[3].Person, registry.Role, 20261001, "guardian")
		now = happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.DetermineCitizenship(tx, change(now, 20261001), child, "undetermined", "")
		}).Sheet
		expect(t, now, child, registry.Citizenship, 20260930, "libyan")
		expect(t, now, child, registry.Citizenship, 20261001, "undetermined")
	})
}

func TestATaskIsSettledOnceInWords(t *testing.T) {
	eachEngine(t, func(t *testing.T, j *journal.Journal, s *registry.Sheet) {
		now := happens(t, j, func(tx *store.Tx) (registry.Changed, error) {
			return registry.RecordDeath(tx, change(s, 20260801), s.Members[0].Person)
		}).Sheet
		var task registry.OpenTask
		if err := as(t, j, "branch_clerk", derna, func(tx *store.Tx) error {
			list, err := registry.OpenTasks(tx, derna, registry.TaskPage{Household: now.Household})
			if err == nil && len(list.Tasks) == 1 {
				task = list.Tasks[0]
			}
			return err
		}); err != nil || task.File != s.File {
			t.Fatalf("%+v %v", task, err)
		}
		settle := func(answer string) error {
			return as(t, j, "branch_clerk", derna, func(tx *store.Tx) error { return registry.CloseTask(tx, task.ID, answer) })
		}
		if err := settle("لا"); !errors.Is(err, fault.Invalid("registry.answer_needed")) {
			t.Error(err)
		}
		if err := settle("تقوم عليها أمهم"); err != nil {
			t.Error(err)
		}
		if err := settle("مرة أخرى"); !errors.Is(err, fault.Conflict("registry.task_closed")) {
			t.Error(err)
		}
		happens(t, j, func(tx *store.Tx) (registry.Changed, error) { // the fact comes later
			return registry.ChangeHead(tx, registry.HeadChange{Change: change(now, 20260801), Head: s.Members[1].Person})
		})
		if err := as(t, j, "branch_clerk", derna, func(tx *store.Tx) (err error) { task, err = registry.FindTask(tx, task.ID); return err }); err != nil || task.Answer != "تقوم عليها أمهم" {
			t.Errorf("what she answered became %q: %v", task.Answer, err)
		}
	})
}

func TestEveryTaskSpeaksBothLanguages(t *testing.T) {
	for _, language := range text.Languages {
		for _, kind := range registry.TaskKinds {
			detail := map[string]string{"name": "آية", "one": "male", "other": "female", "number": "1", "branch": "b", "file": "f", "reason": "r"}
			key, args := registry.Task{Kind: kind, Fact: registry.SexFact, Detail: detail}.Message()
			if said := text.Say(language, string(key), args...); strings.Contains(said, "⟦") {
				t.Errorf("%s in %s: %s", kind, language, said)
			}
		}
		for _, happening := range registry.Happenings {
			if said := text.Say(language, "happening."+string(happening)); strings.Contains(said, "⟦") {
				t.Errorf("%s in %s: %s", happening, language, said)
			}
		}
		for _, d := range registry.Definitions {
			for _, code := range append([]string{""}, d.Codes...) {
				key := string(d.Name.Key())
				if code != "" {
					key = "registry.code_" + code
				}
				if !text.Has(key) {
					t.Errorf("%s has no words", key)
				}
			}
		}
	}
}
