package main

import (
	"bytes"
	"encoding/json"
	"testing"
)

func TestBenchPrintsOneObjectWhoseChecksSpeak(t *testing.T) {
	for job, checks := range map[string]struct {
		hold, speak []string // how fast it is, is not for a test to say
	}{
		"import":  {[]string{"digests_equal", "all_rows_accepted"}, []string{"import_ratio_ok", "memory_flat"}},
		"rebuild": {[]string{"digests_equal", "all_rows_accepted"}, []string{"rebuild_ratio_ok", "memory_flat"}},
		"run": {[]string{"every_household_decided", "nothing_new_writes_nothing", "next_month_writes_changes_only", "every_sheet_opened"},
			[]string{"run_in_time", "run_in_memory"}},
		"rules": {[]string{"columns_equal_rows", "columns_equal_traces", "everything_explained"},
			[]string{"rules_in_time", "rules_in_memory", "explained_in_time"}},
	} {
		var out, progress bytes.Buffer
		if code := run(t.Context(), []string{"bench", job, "--json", "--persons", "3000", "--folder", t.TempDir()}, streams{&out, &progress}); code != 0 {
			t.Fatalf("bench %s: exit %d\n%s", job, code, &progress)
		}
		var r benchResult
		if err := json.Unmarshal(out.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		if r.Job != job || r.Persons < 3000 || r.Households == 0 || r.Seconds[job] <= 0 || r.PerSecond[job] <= 0 || r.Peak <= 0 {
			t.Errorf("bench %s: %s", job, &out)
		}
		if (job == "import" || job == "rebuild") && r.PerSecond["reference"] <= 0 {
			t.Errorf("bench %s measures no reference: %s", job, &out)
		}
		for _, check := range checks.hold {
			if !r.Checks[check] {
				t.Errorf("bench %s: %s does not hold", job, check)
			}
		}
		for _, check := range checks.speak {
			if _, said := r.Checks[check]; !said {
				t.Errorf("bench %s says nothing of %s", job, check)
			}
		}
	}
}

func TestBenchSearchFindsWhomItAsksFor(t *testing.T) {
	var out, progress bytes.Buffer
	if code := run(t.Context(), []string{"bench", "search", "--json", "--persons", "3000", "--folder", t.TempDir()}, streams{&out, &progress}); code != 0 {
		t.Fatalf("exit %d\n%s", code, &progress)
	}
	var r searchResult
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatal(err)
	}
	if r.Persons < 3000 || r.Households == 0 || r.Start <= 0 || r.BytesPerPerson <= 0 {
		t.Error(&out)
	}
	for _, way := range searchWays { // how fast it is, is not for a test to say
		if q := r.Queries[way.name]; q.Asked == 0 || q.Recall20 < 0.95 || q.P95 <= 0 {
			t.Errorf("%s: %+v", way.name, q)
		}
	}
}
