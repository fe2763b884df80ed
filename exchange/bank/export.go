package bank

import (
	"bufio"
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"sanad/delivery/payment"
	"sanad/exchange/iso20022"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
	"sanad/platform/text"
)

// Exported is what an export has written.
type Exported struct {
	List  payment.List
	Files []string // names within the folder, the bank file first
}

// Export writes an approved list's files into the folder dir, which it makes if
// it is missing: pain001-LIST.xml, and for each bank schedule-BANK-LIST.csv and
// .html. A file stands under its name only when it is whole, proved and on the
// disk. Its faults are those of payment.OpenApproved and payment.MarkExported,
// of iso20022.Write, and "bank.cannot_write".
func (d *Directory) Export(ctx context.Context, j *journal.Journal, who store.Session, list id.ID, dir string) (done Exported, err error) {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return Exported{}, fault.Unavailable("bank.cannot_write", "folder", dir).Because(err)
	}
	w := &drafts{dir: dir, mark: ".sanad-export-" + list.String() + "-"}
	if err := w.sweep(); err != nil {
		return Exported{}, err
	}
	defer w.discard()
	var digest [32]byte
	err = j.Read(ctx, who, func(tx *store.Tx) (err error) {
		digest, err = d.write(tx, w, list)
		return err
	})
	if err != nil {
		return Exported{}, err
	}
	who.Command = id.ID{} // the same export again is answered by its own bytes, not by its command
	_, err = j.Write(ctx, who, func(tx *store.Tx) (err error) {
		done.List, err = payment.MarkExported(tx, list, digest)
		return err
	})
	if err != nil {
		return Exported{}, err
	}
	done.Files, err = w.publish()
	return done, err
}

// write fills the drafts in one pass over the list's lines.
func (d *Directory) write(tx *store.Tx, w *drafts, list id.ID) (digest [32]byte, err error) {
	sealed, err := payment.OpenApproved(tx, list)
	if err != nil {
		return digest, err
	}
	papers, err := d.papers(tx, sealed.List)
	if err != nil {
		return digest, err
	}
	file, err := w.create("pain001-" + list.String() + ".xml")
	if err != nil {
		return digest, err
	}
	if err := iso20022.Write(file, d.initiation(sealed, papers, w)); err != nil {
		if altered := sealed.Proved(); altered != nil && errors.Is(err, fault.Conflict("iso20022.sums_differ")) {
			return digest, altered // why the sums differ says more than that they do
		}
		return digest, err
	}
	if err := sealed.Proved(); err != nil {
		return digest, err
	}
	if err := w.finish(); err != nil {
		return digest, err
	}
	file.hash.Sum(digest[:0])
	return digest, nil
}

// initiation is the message; all in it comes from the sealed list and the
// country's pack, so that it is the same each time.
func (d *Directory) initiation(s *payment.Sealed, papers paper, w *drafts) iso20022.Initiation {
	l := s.List
	m := iso20022.Initiation{ID: compact(l.ID), Created: l.ApprovedOn(), Count: int(l.Transfers), Sum: l.Total, Currency: "LYD",
		Payer:   iso20022.Payer{Name: d.Payer.Name.Arabic, Account: d.Payer.Account, Agent: d.agent(d.Payer.Bank)},
		Execute: calendar.Day(l.ApprovedOn()), Category: d.Payer.Category}
	for _, b := range s.Banks {
		m.Batches = append(m.Batches, iso20022.Batch{ID: compact(l.ID) + b.Code, Count: int(b.Transfers), Sum: b.Total, Agent: d.agent(b.Code),
			Transfers: d.transfers(s, b, papers, w)})
	}
	return m
}

// transfers hands each transfer to the message and writes it on the bank's
// schedule in passing.
func (d *Directory) transfers(s *payment.Sealed, b payment.Bank, papers paper, w *drafts) iter.Seq2[iso20022.Transfer, error] {
	return func(yield func(iso20022.Transfer, error) bool) {
		schedule, err := papers.schedule(w, b)
		if err != nil {
			yield(iso20022.Transfer{}, err)
			return
		}
		for t, err := range s.Transfers(b.Code) {
			if err == nil {
				err = schedule.row(t)
			}
			if !yield(iso20022.Transfer{EndToEnd: t.EndToEnd, Amount: t.Amount, Name: t.Name, Account: t.Account, Purpose: papers.purpose}, err) || err != nil {
				return
			}
		}
		if err := schedule.end(); err != nil {
			yield(iso20022.Transfer{}, err)
		}
	}
}

// compact is an identifier without its dashes: 32 characters, of the 35 allowed.
func compact(n id.ID) string { return strings.ReplaceAll(n.String(), "-", "") }

// papers gathers what all schedules of a list say.
func (d *Directory) papers(tx *store.Tx, l payment.List) (paper, error) {
	p := paper{directory: d, List: l, purpose: purpose(l)}
	var err error
	if p.Preparer, err = signatory(tx, l.Preparer); err != nil {
		return p, err
	}
	p.Approver, err = signatory(tx, l.Approver)
	return p, err
}

// purpose is what a family reads on the bank's statement: programme, category
// and quarter. Digits and letters of another script would be turned around by
// the bank's screen, so the quarter is written in words.
func purpose(l payment.List) string {
	said := []string{l.Title.Arabic}
	if category := "payment.category_" + l.Category; text.Has(category) {
		said = append(said, text.Say(text.Arabic, category))
	}
	said = append(said, text.Value(text.Arabic, l.Quarter))
	if l.Supplement() {
		said = append(said, text.Say(text.Arabic, "bank.supplement", "number", l.Number))
	}
	return text.List(text.Arabic, said)
}

// signatory is the name of who prepared or approved; somebody whom this node
// does not know, after a restore, is named by number: the payment does not wait.
func signatory(tx *store.Tx, person id.ID) (text.Bilingual, error) {
	name, err := access.Name(tx, person)
	if errors.Is(err, fault.NotFound("access.no_person")) {
		return text.Bilingual{Arabic: person.String(), English: person.String()}, nil
	}
	return name, err
}

// drafts are files on their way: complete and on the disk before they get their
// names.
type drafts struct {
	dir   string
	mark  string // how the names of this list's drafts begin
	files []*draft
}

// draft is one file that is being written; what it took is hashed.
type draft struct {
	*bufio.Writer
	file *os.File
	hash hash.Hash
	name string
}

// sweep removes the drafts that an export of the same list left when the power
// failed: they hold names and accounts, and nobody would look for them.
func (w *drafts) sweep() error {
	entries, err := os.ReadDir(w.dir)
	for _, e := range entries {
		if err == nil && strings.HasPrefix(e.Name(), w.mark) {
			err = os.Remove(filepath.Join(w.dir, e.Name()))
		}
	}
	if err != nil {
		return fault.Unavailable("bank.cannot_write", "folder", w.dir).Because(err)
	}
	return nil
}

func (w *drafts) create(name string) (*draft, error) {
	file, err := os.CreateTemp(w.dir, w.mark+"*")
	if err != nil {
		return nil, fault.Unavailable("bank.cannot_write", "folder", w.dir).Because(err)
	}
	d := &draft{file: file, hash: sha256.New(), name: name}
	d.Writer = bufio.NewWriterSize(io.MultiWriter(file, d.hash), 1<<16)
	w.files = append(w.files, d)
	return d, nil
}

// finish brings every draft to the disk.
func (w *drafts) finish() error {
	for _, d := range w.files {
		if err := d.finish(); err != nil {
			return fault.Unavailable("bank.cannot_write", "folder", w.dir).Because(err)
		}
	}
	return nil
}

func (d *draft) finish() error {
	if d.file == nil {
		return nil
	}
	if err := d.Flush(); err != nil {
		return err
	}
	if err := d.file.Sync(); err != nil {
		return err
	}
	return d.file.Close()
}

// publish gives the drafts their names, the bank file last: where it stands, all
// stand.
func (w *drafts) publish() ([]string, error) {
	var names []string
	for i := len(w.files) - 1; i >= 0; i-- {
		d := w.files[i]
		if err := os.Rename(d.file.Name(), filepath.Join(w.dir, d.name)); err != nil {
			return nil, fault.Unavailable("bank.cannot_write", "folder", w.dir).Because(err)
		}
	}
	for _, d := range w.files {
		names = append(names, d.name)
	}
	w.files = nil
	folder, err := os.Open(w.dir)
	if err == nil {
		err = folder.Sync()
		folder.Close()
	}
	if err != nil {
		return nil, fault.Unavailable("bank.cannot_write", "folder", w.dir).Because(err)
	}
	return names, nil
}

// discard removes what was not published.
func (w *drafts) discard() {
	for _, d := range w.files {
		d.file.Close()
		os.Remove(d.file.Name())
	}
}
