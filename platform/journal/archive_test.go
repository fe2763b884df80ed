package journal_test

import (
	"bytes"
	"context"
	"errors"
	"testing"

	"sanad/platform/fault"
	"sanad/platform/journal"
	"sanad/platform/journal/journaltest"
)

func TestABackupIsVerifiedAndRestoredOnEitherEngine(t *testing.T) {
	for _, way := range [][2]string{{"sqlite", "postgres"}, {"postgres", "sqlite"}} {
		t.Run(way[0]+" to "+way[1], func(t *testing.T) {
			from, into := journaltest.Open(t, way[0]), journaltest.Open(t, way[1])
			fill(t, from, 60)
			if _, err := from.Checkpoint(context.Background()); err != nil {
				t.Fatal(err)
			}
			var file bytes.Buffer
			count, err := from.Archive(context.Background(), &file, journal.Tables)
			if err != nil {
				t.Fatal(err)
			}
			v, err := from.VerifyArchive(bytes.NewReader(file.Bytes()))
			if err != nil || !v.Holds() || v.Entries != count || v.Signed != 1 {
				t.Fatalf("archive: %+v %v", v, err)
			}
			done, err := into.Restore(context.Background(), bytes.NewReader(file.Bytes()), kinds, journal.Tables)
			if err != nil || len(done.Differ) > 0 || done.Entries != count {
				t.Fatalf("restored: %+v %v", done, err)
			}
			if v, err := into.Verify(context.Background()); err != nil || !v.Holds() {
				t.Errorf("after restoring: %+v %v", v, err)
			}
		})
	}
}

func TestACutBackupIsRefused(t *testing.T) {
	j := journaltest.Open(t, "sqlite")
	fill(t, j, 20)
	var file bytes.Buffer
	if _, err := j.Archive(context.Background(), &file, journal.Tables); err != nil {
		t.Fatal(err)
	}
	for _, cut := range []int{0, 1, 100, file.Len() / 2, file.Len() - 1} {
		if _, err := j.VerifyArchive(bytes.NewReader(file.Bytes()[:cut])); !errors.Is(err, fault.Invalid("journal.archive_unreadable")) {
			t.Errorf("cut at %d: %v", cut, err)
		}
	}
}
