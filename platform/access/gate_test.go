package access_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"sanad/platform/access"
	"sanad/platform/fault"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

func (o *office) try(login, password, address string) error {
	_, err := o.Login(context.Background(), access.Attempt{Login: login, Password: password, Address: address})
	return err
}

func TestAttemptsMadeAtOnceAreCountedBeforeTheyAreChecked(t *testing.T) {
	inOffices(t, func(o *office) {
		p, _, _ := o.staff("Salma", "clerk", "LY0101")
		var wait sync.WaitGroup
		answers := make(chan error, 40)
		for range cap(answers) {
			wait.Add(1)
			go func() {
				defer wait.Done()
				answers <- o.try(p.Login, "a wrong guess at it", "elsewhere")
			}()
		}
		wait.Wait()
		close(answers)
		checked := 0
		for err := range answers {
			switch {
			case errors.Is(err, fault.Forbidden("access.wrong_login")):
				checked++
			case !errors.Is(err, fault.Unavailable("access.too_many_attempts")):
				o.Errorf("%v", err)
			}
		}
		if checked != 5 {
			o.Errorf("%d of 40 guesses were checked, want 5", checked)
		}
		o.refused(o.try(p.Login, phrase, "elsewhere"), "access.too_many_attempts")
		o.must(o.try(p.Login, phrase, "desk"))
		o.wait(16 * time.Minute)
		o.must(o.try(p.Login, phrase, "elsewhere"))
	})
}

func TestABlockGrowsAndTimeOrASecondPersonOpensIt(t *testing.T) {
	o := newOffice(t, "sqlite", journaltest.Node(journal.RoleDiwan, ""))
	p, _, _ := o.staff("Salma", "clerk", "LY0101")
	for range 5 {
		o.refused(o.try(p.Login, "a wrong guess at it", "home"), "access.wrong_login")
	}
	o.refused(o.try(p.Login, phrase, "home"), "access.too_many_attempts")
	o.wait(time.Minute + time.Second)
	o.refused(o.try(p.Login, "a wrong guess at it", "home"), "access.wrong_login")
	o.wait(time.Minute + time.Second)
	o.refused(o.try(p.Login, phrase, "home"), "access.too_many_attempts")
	var code string
	o.must(o.write(operator, func(tx *store.Tx) (err error) { code, err = access.ResetPassword(tx, p.ID); return err }))
	o.must(o.try(p.Login, code, "home"))
}

func TestAStrangerCannotLockAClerkOutOfHerOwnOffice(t *testing.T) {
	o := newOffice(t, "sqlite", journaltest.Node(journal.RoleDiwan, ""))
	p, _, _ := o.staff("Salma", "clerk", "LY0101")
	for n := range 20 {
		o.refused(o.try(p.Login, "a wrong guess at it", "stranger "+string(rune('a'+n))), "access.wrong_login")
	}
	o.refused(o.try(p.Login, phrase, "a new place"), "access.too_many_attempts")
	o.must(o.try(p.Login, phrase, "desk"))
}

func TestOneAddressCannotTryManyLogins(t *testing.T) {
	o := newOffice(t, "sqlite", journaltest.Node(journal.RoleDiwan, ""))
	p, _, _ := o.staff("Salma", "clerk", "LY0101")
	for n := range 100 {
		// The same answer for people who do not exist.
		o.refused(o.try("nobody "+string(rune('a'+n%26))+string(rune('a'+n/26)), "x", "one address"), "access.wrong_login")
	}
	o.refused(o.try(p.Login, phrase, "one address"), "access.too_many_attempts")
	o.refused(o.try("nobody at all", "x", "one address"), "access.too_many_attempts")
}

func TestAnUnknownLoginTakesAsLongAsAKnownOne(t *testing.T) {
	o := newOffice(t, "sqlite", journaltest.Node(journal.RoleDiwan, ""))
	p, _, _ := o.staff("Salma", "clerk", "LY0101")
	out, _, _ := o.staff("Left", "clerk", "LY0101")
	o.must(o.write(operator, func(tx *store.Tx) error { return access.Disable(tx, out.ID, "left the ministry") }))
	median := func(login, password string) time.Duration {
		var took []time.Duration
		for n := range 7 {
			start := time.Now()
			o.refused(o.try(login, password, "place "+string(rune('a'+n))), "access.wrong_login")
			took = append(took, time.Since(start))
		}
		slices.Sort(took)
		return took[3]
	}
	median("nobody", "a wrong guess at it") // the decoy is made once
	known, unknown, disabled := median(p.Login, "a wrong guess at it"), median("nobody", "a wrong guess at it"), median(out.Login, "a wrong guess at it")
	if unknown < known/3 || known < unknown/3 || disabled < known/3 {
		t.Errorf("known %v, unknown %v, disabled %v", known, unknown, disabled)
	}
}

func TestASessionEndsUnusedAndAtTheEndOfTheDay(t *testing.T) {
	inOffices(t, func(o *office) {
		_, _, token := o.staff("Salma", "clerk", "LY0101")
		o.wait(15 * time.Minute)
		if !o.live(token) {
			o.Fatal("over after a quarter of an hour exactly")
		}
		for range 11 * 4 { // used all day
			o.wait(15 * time.Minute)
			if !o.live(token) {
				o.Fatal("over though it was used")
			}
		}
		o.wait(15*time.Minute + time.Second)
		if o.live(token) {
			o.Error("unused for more than a quarter of an hour, and alive")
		}
		entry, err := o.Login(context.Background(), access.Attempt{Login: "salma", Password: phrase, Address: "desk"})
		o.must(err)
		for range 12 * 6 {
			o.wait(10 * time.Minute)
			o.live(entry.Token)
		}
		o.wait(time.Second)
		if o.live(entry.Token) {
			o.Error("alive after twelve hours")
		}
	})
}

func TestTheFirstAdministratorNeedsTheCodeOfTheTerminal(t *testing.T) {
	inOffices(t, func(o *office) {
		ctx := context.Background()
		old, err := o.FirstRunCode(ctx)
		o.must(err)
		code, err := o.FirstRunCode(ctx)
		o.must(err)
		claim := access.FirstRun{Code: old, Name: "مديرة النظام", Login: "chief", Password: phrase, Address: "desk"}
		_, err = o.FirstAdministrator(ctx, claim)
		o.refused(err, "access.wrong_code")
		claim.Code, claim.Password = code, "short"
		_, err = o.FirstAdministrator(ctx, claim)
		o.refused(err, "access.password_short")
		claim.Password = phrase
		entry, err := o.FirstAdministrator(ctx, claim)
		o.must(err)
		who, p, err := o.Session(ctx, entry.Token)
		o.must(err)
		if p.MustSet || !slices.Equal(who.Grants, []store.Grant{{Role: "administrator"}}) {
			o.Errorf("%+v may %v", p, who.Grants)
		}
		claim.Login = "second"
		_, err = o.FirstAdministrator(ctx, claim)
		o.refused(err, "access.wrong_code")
		if again, err := o.FirstRunCode(ctx); err != nil || again != "" {
			o.Errorf("a code for a second first run: %q %v", again, err)
		}
		o.refused(o.try("", code, "desk"), "access.wrong_login")
		o.refused(o.try("#first run", code, "desk"), "access.wrong_login")
	})
}

func TestAPasswordIsChangedOnlyByWhoKnowsIt(t *testing.T) {
	o := newOffice(t, "sqlite", journaltest.Node(journal.RoleDiwan, ""))
	_, _, token := o.staff("Salma", "clerk", "LY0101")
	ctx := context.Background()
	_, err := o.ChangePassword(ctx, token, "a wrong guess at it", "olive moon under bridges", "desk")
	o.refused(err, "access.wrong_present")
	entry, err := o.ChangePassword(ctx, token, phrase, "olive moon under bridges", "desk")
	o.must(err)
	if o.live(token) || !o.live(entry.Token) {
		o.Error("the old session lives, or the new one does not")
	}
	o.refused(o.try("salma", phrase, "desk"), "access.wrong_login")
	o.must(o.try("salma", "olive moon under bridges", "desk"))
}

func TestNothingThatOpensADoorIsKeptOrJournalled(t *testing.T) {
	o := newOffice(t, "sqlite", journaltest.Node(journal.RoleDiwan, ""))
	_, _, token := o.staff("Salma", "clerk", "LY0101")
	for _, table := range access.Tables {
		if table.Class == store.Projected {
			for _, column := range table.Columns {
				if column == "password" || column == "code" || column == "token" {
					t.Errorf("%s.%s would travel", table.Name, column)
				}
			}
		}
	}
	o.must(o.Journal.Read(context.Background(), store.Session{}, func(tx *store.Tx) error {
		n, _, err := store.One(tx, (*store.Row).Int, "SELECT count(*) FROM sessions WHERE token = $1", []byte(token))
		if n != 0 {
			t.Error("the token itself is kept")
		}
		return err
	}))
}
