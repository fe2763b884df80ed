package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func sanad(t *testing.T, args ...string) (string, int) {
	t.Helper()
	var out strings.Builder
	code := run(context.Background(), args, streams{io.Discard, &out})
	return out.String(), code
}

// Restoring over what is there, or a backup that was cut, leaves no half node
// behind: the true backup restores afterwards, and what was there still verifies.
func TestARefusedRestoreLeavesNothingBehind(t *testing.T) {
	here := t.TempDir()
	in := func(name string) string { return filepath.Join(here, name) }
	must := func(args ...string) {
		t.Helper()
		if out, code := sanad(t, args...); code != 0 {
			t.Fatalf("%v: %s", args, out)
		}
	}
	if err := os.WriteFile(in("phrase"), []byte("a long enough phrase\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"first", "second"} {
		must("--data", in(name), "init", "--role", "diwan")
		must("--data", in(name), "people", "add", "Salma", "--role", "administrator")
	}
	target := in("innocent")
	if err := os.WriteFile(target, []byte("keep me"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, in("backup.partial")); err != nil {
		t.Fatal(err)
	}
	must("--data", in("first"), "backup", in("backup"), "--passphrase", in("phrase"))
	if kept, err := os.ReadFile(target); err != nil || string(kept) != "keep me" {
		t.Errorf("a link was followed: %q %v", kept, err)
	}
	content, err := os.ReadFile(in("backup"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(in("cut"), content[:len(content)-40], 0o600); err != nil {
		t.Fatal(err)
	}
	// Another node's database, under keys that it does not know.
	if _, code := sanad(t, "--data", in("second"), "--keys", in("new-keys"), "restore", in("backup"), "--passphrase", in("phrase")); code != 1 {
		t.Errorf("restored over a database that is in use: %d", code)
	}
	must("--data", in("second"), "journal", "verify")
	if _, code := sanad(t, "--data", in("second"), "--keys", in("first/keys"), "sync", "card", in("card")); code != 1 {
		t.Errorf("another node's keys signed this database: %d", code)
	}
	must("--data", in("second"), "journal", "verify")
	if _, code := sanad(t, "--data", in("third"), "restore", in("cut"), "--passphrase", in("phrase")); code != 1 {
		t.Errorf("a cut backup was restored: %d", code)
	}
	if _, err := os.Stat(in("third/keys/node.key")); err == nil {
		t.Error("keys were left behind")
	}
	must("--data", in("fourth"), "restore", in("backup"), "--passphrase", in("phrase"))
	must("--data", in("fourth"), "journal", "verify")
}
