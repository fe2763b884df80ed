package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"sanad/country"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/geography"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
	"sanad/platform/store"
)

func TestBenchPrintsOneObjectWhoseChecksSpeak(t *testing.T) {
	for _, job := range []string{"import", "rebuild"} {
		var out, progress bytes.Buffer
		if code := run(t.Context(), []string{"bench", job, "--json", "--persons", "3000", "--folder", t.TempDir()}, streams{&out, &progress}); code != 0 {
			t.Fatalf("bench %s: exit %d\n%s", job, code, &progress)
		}
		var r benchResult
		if err := json.Unmarshal(out.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if r.Job != job || r.Persons < 3000 || r.Households == 0 || r.Seconds[job] <= 0 || r.PerSecond["reference"] <= 0 || r.Peak <= 0 {
			t.Errorf("bench %s: %s", job, &out)
		}
		for _, check := range []string{"digests_equal", "all_rows_accepted"} {
			if !r.Checks[check] {
				t.Errorf("bench %s: %s does not hold", job, check)
			}
		}
		for _, check := range []string{job + "_ratio_ok", "memory_flat"} {
			if _, said := r.Checks[check]; !said { // how fast it is, is not for a test to say
				t.Errorf("bench %s says nothing of %s", job, check)
			}
		}
	}
}

func TestAPopulationRepeatsItselfAndIsLikeACountry(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	first, one := inventPopulation(t, j, 60_000)
	second, _ := inventPopulation(t, j, 60_000)
	for i := range first {
		a, err := os.ReadFile(first[i])
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(second[i])
		if err != nil || !bytes.Equal(a, b) {
			t.Fatalf("%s is not the same twice: %v", filepath.Base(first[i]), err)
		}
	}
	if mean := one.persons * 100 / one.households; mean < 515 || mean > 545 {
		t.Errorf("%d persons in %d households", one.persons, one.households)
	}
	if len(first) != 2 {
		t.Errorf("%d branches", len(first))
	}
}

func TestInventedNumbersAndAccountsAreWellFormed(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	p := somePopulation(t, j)
	seen := map[string]bool{}
	for range 3000 {
		f := figure{born: 1950 + p.chance.IntN(70), female: p.chance.IntN(2) == 0}
		number := p.number(f)
		if number == "" {
			continue
		}
		if seen[number] {
			t.Fatalf("%s was given twice", number)
		}
		seen[number] = true
		if _, err := registry.ParseNationalNumber(number, benchDay); err != nil {
			t.Fatalf("%s: %v", number, err)
		}
		if _, err := registry.ParseIBAN(p.account()); err != nil {
			t.Fatal(err)
		}
	}
}

func somePopulation(t *testing.T, j *journal.Journal) *population {
	t.Helper()
	pack, err := country.Pack(country.Libya)
	if err != nil {
		t.Fatal(err)
	}
	var land *geography.Map
	_, err = j.Write(t.Context(), access.System("test"), func(tx *store.Tx) error {
		if err := geography.Load(tx, pack); err != nil {
			return err
		}
		land, err = geography.At(tx, calendar.Day(tx.Now))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p, err := newPopulation(pack, land, 2026, benchDay)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func inventPopulation(t *testing.T, j *journal.Journal, persons int) ([]string, populated) {
	t.Helper()
	made, err := somePopulation(t, j).write(t.TempDir(), persons)
	if err != nil {
		t.Fatal(err)
	}
	return made.files, made
}
