package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/age"

	"sanad/platform/fault"
	"sanad/platform/journal"
)

type backupCommand struct {
	File       string `arg:"" help:"The backup to write." type:"path"`
	Passphrase string `help:"File whose first line is the passphrase that opens the backup." type:"existingfile" placeholder:"FILE" xor:"lock" required:""`
	Recipient  string `help:"Or the age recipient that can open it (age1…)." placeholder:"AGE1" xor:"lock" required:""`
}

// Run writes the whole journal of this moment, sealed with age, together with
// the node's own keys; then it opens the file again and verifies every chain.
func (c backupCommand) Run(ctx context.Context, l *commandLine, s streams) (err error) {
	recipient, err := c.recipient()
	if err != nil {
		return err
	}
	n, err := l.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = n.close(err) }()
	if _, err := n.Checkpoint(ctx); err != nil {
		return err
	}
	partial := c.File + ".partial"
	count, err := n.writeBackup(ctx, partial, recipient)
	if err != nil {
		return errors.Join(err, os.Remove(partial))
	}
	if err := os.Rename(partial, c.File); err != nil {
		return err
	}
	fmt.Fprintf(s.out, "%d entries\n", count)
	return c.verify(n, count, s)
}

// writeBackup writes the node's files, then the archive, through age.
func (n *node) writeBackup(ctx context.Context, path string, recipient age.Recipient) (int64, error) {
	// A new file, through no link that somebody left there.
	_ = os.Remove(path)
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, fault.Invalid("sanad.cannot_write", "path", path).Because(err)
	}
	sealed, err := age.Encrypt(file, recipient)
	if err != nil {
		return 0, errors.Join(err, file.Close())
	}
	err = writeKeys(sealed, n.line.keysFolder())
	count := int64(0)
	if err == nil {
		count, err = n.Archive(ctx, sealed, tables)
	}
	return count, errors.Join(err, sealed.Close(), file.Sync(), file.Close())
}

// keyFiles are the node's own files; each stands in the backup behind its
// length in decimal and a newline.
var keyFiles = []string{"node.json", "node.key"}

func writeKeys(w io.Writer, folder string) error {
	for _, name := range keyFiles {
		content, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			return err
		}
		if _, err := fmt.Fprintf(w, "%d\n%s", len(content), content); err != nil {
			return err
		}
	}
	return nil
}

func readKeys(r io.Reader) ([][]byte, error) {
	var files [][]byte
	for range keyFiles {
		var size int
		if _, err := fmt.Fscanf(r, "%d\n", &size); err != nil || size < 0 || size > 1<<16 {
			return nil, fault.Invalid("journal.archive_unreadable").Because(err)
		}
		content := make([]byte, size)
		if _, err := io.ReadFull(r, content); err != nil {
			return nil, fault.Invalid("journal.archive_unreadable").Because(err)
		}
		files = append(files, content)
	}
	return files, nil
}

// verify opens the written file where we hold what opens it; a recipient's file
// only its owner can open, and that is said.
func (c backupCommand) verify(n *node, count int64, s streams) error {
	if c.Passphrase == "" {
		fmt.Fprintln(s.err, "Sealed for its recipient; verify it where the key is: sanad restore --verify-only")
		return nil
	}
	opened, file, err := openBackup(c.File, c.Passphrase, "")
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := readKeys(opened); err != nil {
		return err
	}
	v, err := n.VerifyArchive(opened)
	if err != nil {
		return err
	}
	if !v.Holds() || v.Entries != count {
		return fault.Conflict("sanad.backup_broken", "path", c.File)
	}
	fmt.Fprintf(s.out, "opened and verified: %d entries, %d sheets, %d signed checkpoints\n", v.Entries, v.Sheets, v.Signed)
	return nil
}

func (c backupCommand) recipient() (age.Recipient, error) {
	if c.Recipient != "" {
		recipient, err := age.ParseX25519Recipient(c.Recipient)
		if err != nil {
			return nil, fault.Invalid("sanad.recipient").Because(err)
		}
		return recipient, nil
	}
	phrase, err := passphrase(c.Passphrase)
	if err != nil {
		return nil, err
	}
	return age.NewScryptRecipient(phrase)
}

// passphrase reads the first line of a file; a short one protects nothing.
func passphrase(path string) (string, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	line, _, _ := strings.Cut(string(content), "\n")
	line = strings.TrimRight(line, "\r")
	if len(line) < 12 {
		return "", fault.Invalid("sanad.passphrase_short")
	}
	return line, nil
}

// openBackup decrypts a backup with a passphrase file or an age identity file.
func openBackup(path, phraseFile, identityFile string) (io.Reader, io.Closer, error) {
	var identities []age.Identity
	if identityFile != "" {
		content, err := os.ReadFile(identityFile)
		if err != nil {
			return nil, nil, err
		}
		if identities, err = age.ParseIdentities(bytes.NewReader(content)); err != nil {
			return nil, nil, fault.Invalid("sanad.recipient").Because(err)
		}
	} else {
		phrase, err := passphrase(phraseFile)
		if err != nil {
			return nil, nil, err
		}
		identity, err := age.NewScryptIdentity(phrase)
		if err != nil {
			return nil, nil, err
		}
		identities = []age.Identity{identity}
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, fault.NotFound("sanad.cannot_read", "path", path).Because(err)
	}
	opened, err := age.Decrypt(file, identities...)
	if err != nil {
		return nil, nil, errors.Join(fault.Invalid("sanad.backup_key").Because(err), file.Close())
	}
	return opened, file, nil
}

type restoreCommand struct {
	File       string `arg:"" help:"The backup." type:"existingfile"`
	Passphrase string `help:"File whose first line is the passphrase." type:"existingfile" placeholder:"FILE" xor:"lock" required:""`
	Identity   string `help:"Or the age identity file." type:"existingfile" placeholder:"FILE" xor:"lock" required:""`
	VerifyOnly bool   `help:"Open and verify the backup, restore nothing."`
}

// Run makes an empty node again from a backup and compares the digests. The
// whole backup is verified before anything of it is written: a damaged one
// leaves no half of a node in the way of a whole one.
func (c restoreCommand) Run(ctx context.Context, l *commandLine, s streams) error {
	v, err := c.verify()
	if err != nil {
		return err
	}
	if c.VerifyOnly {
		fmt.Fprintf(s.out, "verified: %d entries, %d sheets\n", v.Entries, v.Sheets)
		return nil
	}
	opened, file, err := openBackup(c.File, c.Passphrase, c.Identity)
	if err != nil {
		return err
	}
	defer file.Close()
	keys, err := readKeys(opened)
	if err != nil {
		return err
	}
	self, err := putKeys(l.keysFolder(), keys)
	if err != nil {
		return err
	}
	done, err := l.restore(ctx, self, opened)
	if err != nil {
		return errors.Join(err, takeKeys(l.keysFolder()))
	}
	fmt.Fprintf(s.out, "%d entries restored, %d projected tables equal\n", done.Entries, projected())
	return nil
}

// verify reads the backup to its end, with its node's keys in a folder that is
// gone afterwards.
func (c restoreCommand) verify() (v journal.Verdict, err error) {
	opened, file, err := openBackup(c.File, c.Passphrase, c.Identity)
	if err != nil {
		return v, err
	}
	defer file.Close()
	keys, err := readKeys(opened)
	if err != nil {
		return v, err
	}
	folder, err := os.MkdirTemp("", "sanad-verify-")
	if err != nil {
		return v, err
	}
	defer os.RemoveAll(folder)
	self, err := putKeys(folder, keys)
	if err != nil {
		return v, err
	}
	v, err = journal.New(nil, self).VerifyArchive(opened)
	if err == nil && !v.Holds() {
		err = fault.Conflict("sanad.backup_broken", "path", c.File)
	}
	return v, err
}

// restore replays a backup into the empty database of its node.
func (l *commandLine) restore(ctx context.Context, self journal.Node, archive io.Reader) (done journal.Rebuilt, err error) {
	n, err := l.openAs(ctx, self)
	if err != nil {
		return done, err
	}
	done, err = n.Restore(ctx, archive, kinds, tables)
	if err == nil && len(done.Differ) > 0 {
		err = fault.Conflict("sanad.rebuild_differs", "tables", done.Differ)
	}
	if err != nil {
		return done, errors.Join(err, n.DB.Close())
	}
	return done, n.close(nil)
}

// putKeys writes a node's files where there are none yet.
func putKeys(folder string, files [][]byte) (journal.Node, error) {
	if _, err := os.Stat(filepath.Join(folder, keyFiles[0])); err == nil {
		return journal.Node{}, fault.Conflict("journal.node_exists", "folder", folder)
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return journal.Node{}, err
	}
	for i, name := range keyFiles {
		if err := os.WriteFile(filepath.Join(folder, name), files[i], 0o600); err != nil {
			return journal.Node{}, err
		}
	}
	return journal.OpenNode(folder)
}

// takeKeys removes what putKeys wrote, since the node did not come to be.
func takeKeys(folder string) error {
	var all error
	for _, name := range keyFiles {
		all = errors.Join(all, os.Remove(filepath.Join(folder, name)))
	}
	return all
}
