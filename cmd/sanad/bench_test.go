package main

import (
	"bytes"
	"encoding/json"
	"testing"
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
