package journal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/fxamacker/cbor/v2"
	"github.com/klauspost/compress/zstd"

	"sanad/platform/fault"
	"sanad/platform/id"
	"sanad/platform/store"
)

// An archive is the whole journal as it is sealed, with the keys as they are
// wrapped, the node's local tables, and the digests of the projected tables at
// that moment: enough to make the database again on either engine. It is a
// sequence of CBOR items (RFC 8742), packed with zstd; who writes it to disk
// encrypts it.

// item is one element of an archive; exactly one field is set.
type item struct {
	Start  *archiveStart `cbor:"1,keyasint,omitempty"`
	Entry  *archiveEntry `cbor:"2,keyasint,omitempty"`
	Key    *archiveKey   `cbor:"3,keyasint,omitempty"`
	Head   *archiveHead  `cbor:"4,keyasint,omitempty"`
	Signed *archiveSign  `cbor:"5,keyasint,omitempty"`
	Local  *archiveLocal `cbor:"6,keyasint,omitempty"`
	End    *archiveEnd   `cbor:"7,keyasint,omitempty"`
}

type archiveStart struct {
	Format int   `cbor:"1,keyasint"`
	Node   id.ID `cbor:"2,keyasint"`
	Made   int64 `cbor:"3,keyasint"`
}

type archiveEntry struct {
	Entry   Entry  `cbor:"1,keyasint"`
	Sheet   []byte `cbor:"2,keyasint,omitempty"`
	Known   int64  `cbor:"3,keyasint,omitempty"`
	Wrapped []byte `cbor:"4,keyasint,omitempty"`
}

type archiveKey struct {
	Owner   id.ID  `cbor:"1,keyasint"`
	Wrapped []byte `cbor:"2,keyasint"`
}

type archiveHead struct {
	Head   Head  `cbor:"1,keyasint"`
	Writer id.ID `cbor:"2,keyasint"`
}

type archiveSign struct {
	Arrival   int64  `cbor:"1,keyasint"`
	Recorded  int64  `cbor:"2,keyasint"`
	Heads     []byte `cbor:"3,keyasint"`
	Signature []byte `cbor:"4,keyasint"`
}

type archiveLocal struct {
	Table string `cbor:"1,keyasint"`
	Cells []any  `cbor:"2,keyasint"`
}

type archiveEnd struct {
	Entries int64               `cbor:"1,keyasint"`
	Digests map[string][32]byte `cbor:"2,keyasint"`
}

const archiveFormat = 1

// Archive writes the whole journal of one moment to w while work goes on, and
// returns the number of entries.
func (j *Journal) Archive(ctx context.Context, w io.Writer, tables []*store.Table) (int64, error) {
	packed, err := zstd.NewWriter(w)
	if err != nil {
		return 0, err
	}
	out := cbor.NewEncoder(packed)
	var end archiveEnd
	err = j.DB.Read(ctx, store.Session{Purpose: "backup"}, func(tx *store.Tx) error {
		if err := out.Encode(item{Start: &archiveStart{Format: archiveFormat, Node: j.Node.ID, Made: tx.Now.UnixMicro()}}); err != nil {
			return err
		}
		// Keys and heads first: they open what follows.
		for _, write := range []func(*store.Tx, *cbor.Encoder) error{archiveKeys, archiveHeads, archiveSigned} {
			if err := write(tx, out); err != nil {
				return err
			}
		}
		var err error
		if end.Entries, err = archiveEntries(tx, out); err != nil {
			return err
		}
		if err := archiveTables(tx, out, tables); err != nil {
			return err
		}
		end.Digests, err = store.Digest(tx, tables)
		return err
	})
	if err == nil {
		err = out.Encode(item{End: &end})
	}
	return end.Entries, errors.Join(err, packed.Close())
}

func archiveEntries(tx *store.Tx, out *cbor.Encoder) (int64, error) {
	count := int64(0)
	err := tx.Each(func(r *store.Row) error {
		e := archiveEntry{Entry: scanEntry(r)}
		e.Sheet, e.Known, e.Wrapped = r.Bytes(), r.Int(), r.Bytes()
		if r.Err() != nil {
			return r.Err()
		}
		count++
		return out.Encode(item{Entry: &e})
	}, "SELECT "+entryColumns+`, s.body, s.known, k.wrapped FROM journal j
		LEFT JOIN sheets s ON s.household = j.household AND s.version = j.version
		LEFT JOIN sealing_keys k ON k.owner = j.household ORDER BY j.arrival`)
	return count, err
}

func archiveKeys(tx *store.Tx, out *cbor.Encoder) error {
	return tx.Each(func(r *store.Row) error {
		return errors.Join(out.Encode(item{Key: &archiveKey{Owner: r.ID(), Wrapped: r.Bytes()}}), r.Err())
	}, "SELECT owner, wrapped FROM sealing_keys k WHERE NOT EXISTS (SELECT 1 FROM sheets s WHERE s.household = k.owner)")
}

func archiveHeads(tx *store.Tx, out *cbor.Encoder) error {
	return tx.Each(func(r *store.Row) error {
		h := scanHead(r)
		kept := archiveHead{Head: Head{Stream: h.Stream, Epoch: h.Epoch, Sequence: h.Sequence, Hash: h.Hash}, Writer: h.Writer}
		return errors.Join(out.Encode(item{Head: &kept}), r.Err())
	}, "SELECT stream, epoch, sequence, hash, writer FROM streams ORDER BY stream")
}

func archiveSigned(tx *store.Tx, out *cbor.Encoder) error {
	return tx.Each(func(r *store.Row) error {
		c := archiveSign{Arrival: r.Int(), Recorded: r.Int(), Heads: r.Bytes(), Signature: r.Bytes()}
		return errors.Join(out.Encode(item{Signed: &c}), r.Err())
	}, "SELECT arrival, recorded, heads, signature FROM checkpoints ORDER BY arrival")
}

// archiveTables writes the node's own tables, row by row.
func archiveTables(tx *store.Tx, out *cbor.Encoder, tables []*store.Table) error {
	for _, t := range tables {
		if t.Class != store.Local {
			continue
		}
		sql := fmt.Sprintf("SELECT %s FROM %s", strings.Join(t.Columns, ", "), t.Name)
		err := tx.Each(func(r *store.Row) error {
			row := archiveLocal{Table: t.Name}
			for range t.Columns {
				row.Cells = append(row.Cells, r.Any())
			}
			return errors.Join(out.Encode(item{Local: &row}), r.Err())
		}, sql)
		if err != nil {
			return err
		}
	}
	return nil
}

// archive is one on its way in.
type archive struct {
	in    *cbor.Decoder
	close func()
}

func openArchive(r io.Reader) (*archive, error) {
	packed, err := zstd.NewReader(r)
	if err != nil {
		return nil, err
	}
	a := &archive{in: cbor.NewDecoder(packed), close: packed.Close}
	first, err := a.next()
	if err != nil || first.Start == nil || first.Start.Format != archiveFormat {
		packed.Close()
		return nil, fault.Invalid("journal.archive_unreadable").Because(err)
	}
	return a, nil
}

// next reads an item; the end of the bytes without End is damage.
func (a *archive) next() (item, error) {
	var i item
	if err := a.in.Decode(&i); err != nil {
		return i, fault.Invalid("journal.archive_unreadable").Because(err)
	}
	return i, nil
}

// VerifyArchive reads an archive to its end and recomputes every chain in it.
func (j *Journal) VerifyArchive(r io.Reader) (Verdict, error) {
	a, err := openArchive(r)
	if err != nil {
		return Verdict{}, err
	}
	defer a.close()
	w := newWalk(j)
	heads := map[string]Head{}
	for {
		i, err := a.next()
		switch {
		case err != nil:
			return w.verdict, err
		case i.Entry != nil:
			w.step(&i.Entry.Entry, i.Entry.Sheet)
		case i.Head != nil:
			heads[i.Head.Head.Stream] = i.Head.Head
		case i.Signed != nil:
			w.signed[i.Signed.Arrival] = checkpoint{i.Signed.Arrival, i.Signed.Recorded, i.Signed.Heads, i.Signed.Signature}
		case i.End != nil:
			w.heads[arrivals] = &w.last
			for stream, h := range heads {
				if reached := w.head(stream); reached.Sequence != h.Sequence || !bytes.Equal(reached.Hash, h.Hash) {
					w.wrong("the end of "+stream, "journal.head_differs")
				}
			}
			if i.End.Entries != w.verdict.Entries {
				w.wrong("the end", "journal.entry_missing")
			}
			return w.verdict, nil
		}
	}
}

// Restore makes an empty database from an archive: it replays every event and
// compares the digests of the projected tables with those of the archive.
func (j *Journal) Restore(ctx context.Context, r io.Reader, kinds Catalogue, tables []*store.Table) (Rebuilt, error) {
	if err := mustBeEmpty(ctx, j); err != nil {
		return Rebuilt{}, err
	}
	a, err := openArchive(r)
	if err != nil {
		return Rebuilt{}, err
	}
	defer a.close()
	restoring := &restoring{journal: j, kinds: kinds, tables: map[string]*store.Table{}}
	for _, t := range tables {
		restoring.tables[t.Name] = t
	}
	for {
		i, err := a.next()
		if err != nil {
			return restoring.done, err
		}
		if err := restoring.take(ctx, i); err != nil {
			return restoring.done, err
		}
		if i.End != nil {
			if err := restoring.flush(ctx); err != nil {
				return restoring.done, err
			}
			ours, err := j.Digest(ctx, tables)
			restoring.done.Differ = unequal(i.End.Digests, ours)
			return restoring.done, err
		}
	}
}

// restoring collects entries into pages.
type restoring struct {
	journal *Journal
	kinds   Catalogue
	tables  map[string]*store.Table
	page    []sealedEntry
	done    Rebuilt
}

func (r *restoring) take(ctx context.Context, i item) error {
	if i.Entry != nil {
		e, err := r.journal.openEntry(sealedEntry{Entry: i.Entry.Entry, sheet: i.Entry.Sheet, known: i.Entry.Known, wrapped: i.Entry.Wrapped}, r.kinds)
		if err != nil {
			return err
		}
		r.page = append(r.page, e)
		r.done.Entries++
		if len(r.page) < rebuildPage {
			return nil
		}
		return r.flush(ctx)
	}
	return r.journal.DB.Write(ctx, store.Session{Purpose: "restore"}, func(tx *store.Tx) error {
		switch w := tx.Projected(); {
		case i.Key != nil:
			if len(i.Key.Wrapped) > 0 {
				aead, err := r.journal.openKey(i.Key.Owner, i.Key.Wrapped)
				if err != nil {
					return err
				}
				r.journal.keys.keep(i.Key.Owner, aead)
			}
			return w.Insert(sealingKeys, i.Key.Owner, orErased(i.Key.Wrapped))
		case i.Head != nil:
			return w.Insert(streams, i.Head.Head.Stream, i.Head.Head.Epoch, i.Head.Head.Sequence, i.Head.Head.Hash, i.Head.Writer)
		case i.Signed != nil:
			return w.Insert(checkpoints, i.Signed.Arrival, i.Signed.Recorded, i.Signed.Heads, i.Signed.Signature)
		case i.Local != nil && r.tables[i.Local.Table] != nil:
			return tx.Local().Insert(r.tables[i.Local.Table], localCells(i.Local.Cells)...)
		}
		return nil
	})
}

// localCells gives cells back as the engines keep them: CBOR reads an integer
// that is not negative as unsigned.
func localCells(cells []any) []any {
	for n, c := range cells {
		if number, ok := c.(uint64); ok {
			cells[n] = int64(number)
		}
	}
	return cells
}

func (r *restoring) flush(ctx context.Context) error {
	err := r.journal.applyPage(ctx, r.page)
	r.page = r.page[:0]
	return err
}

// unequal names the tables whose digests differ.
func unequal(ours, theirs map[string][32]byte) []string {
	var names []string
	for name, d := range ours {
		if theirs[name] != d {
			names = append(names, name)
		}
	}
	return names
}
