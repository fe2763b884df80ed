package intake

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"io"
	"os"
	"strings"
	"time"

	"sanad/delivery/matching"
	"sanad/delivery/registry"
	"sanad/platform/access"
	"sanad/platform/calendar"
	"sanad/platform/fault"
	"sanad/platform/geography"
	"sanad/platform/id"
	"sanad/platform/journal"
	"sanad/platform/store"
)

// Options say how a file is taken in. Mapping must be set.
type Options struct {
	Mapping  *Mapping
	AsOf     calendar.Date    // the day for which the file speaks; Unknown: see Import
	Branch   string           // code; empty: see Import
	DryRun   bool             // read and report, change nothing
	Limits   Limits           // zero: StandardLimits
	Memory   *matching.Memory // what the files of one command share; nil: of this file alone
	Notes    func(...Note) error
	Progress func(Progress)
}

// Progress tells how far an import has come.
type Progress struct {
	Rows      int // persons read and committed
	Records   int // records of the file up to here
	Total     int // records of the file
	PerSecond int // persons
	Left      time.Duration
}

// Summary counts what became of a file's rows.
type Summary struct {
	Import     id.ID
	File       string
	Branch     string // empty where rows name several
	AsOf       calendar.Date
	Rows       int // of persons
	Accepted   int // without any doubt
	Warned     int // accepted with warnings
	Rejected   int
	Households int
	Repeated   bool // the file had been taken in before: nothing was changed now
}

func (s *Summary) count(row *Row) {
	switch worst(row.Notes) {
	case Rejected:
		s.Rejected++
	case Warning:
		s.Warned++
	default:
		s.Accepted++
	}
}

// counts takes over how far reading has come; what names the import stays, since
// the reader looks at it.
func (s *Summary) counts(now *Summary) {
	s.Rows, s.Accepted, s.Warned, s.Rejected, s.Households = now.Rows, now.Accepted, now.Warned, now.Rejected, now.Households
}

// Import takes a branch's list in as the branch's statement as of a day: every
// household in it is registered, or stated again. It needs access.ImportFiles
// over the branches named.
//
// The branch is the one in the options, else the one whose code is the file's
// name (LY010102.csv) or begins it, else what each row says. The day is the one in the
// options, else one named in full in the title above the heading, else the day
// on which the file was last changed.
//
// Rows are committed by the thousand households. A file that was taken in, or
// half of which was before a crash, is known by its bytes and branch: what was
// done is not done again. After Revert it can be taken in anew.
func Import(ctx context.Context, j *journal.Journal, who store.Session, path string, o Options) (Summary, error) {
	f, err := Prepare(ctx, j, who, path, o)
	if err != nil {
		return f.Summary(), err
	}
	return f.Take(ctx)
}

// importing is one import under way.
type importing struct {
	journal *journal.Journal
	who     store.Session
	options Options
	file    *File
	survey  *survey
	country *geography.Map
	summary Summary
	round   int64
	idle    bool      // nothing is written: a dry run, or done before
	began   time.Time // of this run
	started time.Time // of the first run, before a crash
	memory  *matching.Memory
}

// prepare finds out what the file is, whose and of which day.
func (im *importing) prepare(ctx context.Context, path string) error {
	im.summary.File = im.file.Name
	today := calendar.Day(im.journal.DB.Now())
	err := im.journal.Read(ctx, im.who, func(tx *store.Tx) (err error) {
		im.country, err = geography.At(tx, today)
		return err
	})
	if err != nil {
		return err
	}
	if im.summary.Branch = im.options.Branch; im.summary.Branch == "" {
		name := codeOf(im.file.Name)
		if body, found := im.country.Body(name); found && body.Kind == geography.Branch {
			im.summary.Branch = name
		}
	}
	if im.survey, err = im.options.Mapping.survey(im.file, im.summary.Branch == "", today); err != nil {
		return err
	}
	im.summary.AsOf = im.options.AsOf
	if im.summary.AsOf == calendar.Unknown {
		im.summary.AsOf = im.survey.day
	}
	if im.summary.AsOf == calendar.Unknown {
		im.summary.AsOf, err = changedOn(path)
	}
	if im.memory = im.options.Memory; im.memory == nil {
		im.memory = matching.NewMemory(im.survey.records)
	}
	if err == nil {
		im.summary.Import, err = identify(path, im.options.Branch)
	}
	return err
}

// codeOf is what a file's name begins with: LY010102 (1).csv.
func codeOf(file string) string {
	if end := strings.IndexFunc(file, func(r rune) bool { return r >= 0x80 || !asciiWord(r) }); end >= 0 {
		return file[:end]
	}
	return file
}

func changedOn(path string) (calendar.Date, error) {
	info, err := os.Stat(path)
	if err != nil {
		return calendar.Unknown, fault.NotFound("intake.no_file", "file", path).Because(err)
	}
	return calendar.Day(info.ModTime()), nil
}

// identify names an import by the bytes of its file and the branch given.
func identify(path, branch string) (id.ID, error) {
	source, err := os.Open(path)
	if err != nil {
		return id.ID{}, fault.NotFound("intake.no_file", "file", path).Because(err)
	}
	defer source.Close()
	h := sha256.New()
	h.Write([]byte("sanad import " + branch + "\x00"))
	if _, err := io.Copy(h, source); err != nil {
		return id.ID{}, err
	}
	return hashed(h.Sum(nil)), nil
}

// hashed makes an identifier of a digest (RFC 9562, version 8).
func hashed(sum []byte) id.ID {
	n := id.ID(sum[:16])
	n[6], n[8] = n[6]&0x0f|0x80, n[8]&0x3f|0x80
	return n
}

// command is the key under which one part of the import is done once.
func (im *importing) command(part string, more []byte) store.Session {
	h := sha256.New()
	h.Write(im.summary.Import[:])
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(im.round)))
	h.Write([]byte(part + "\x00"))
	h.Write(more)
	who := im.who
	who.Command = hashed(h.Sum(nil))
	return who
}

// begin notes that the file is being taken in, unless that was done before.
func (im *importing) begin(ctx context.Context) error {
	im.began = im.journal.DB.Now()
	if im.idle = im.options.DryRun; im.idle {
		return nil
	}
	err := im.journal.Read(ctx, im.who, func(tx *store.Tx) error {
		if err := access.Require(tx, access.ImportFiles, im.summary.Branch); err != nil && im.summary.Branch != "" {
			return err
		}
		state, found, err := store.One(tx, scanState, "SELECT state, round, began FROM imports WHERE import = $1", im.summary.Import)
		im.round = state.round
		if im.started = im.began; found && state.state == Running {
			im.started = state.began
		}
		switch state.state {
		case Done:
			im.idle, im.summary.Repeated = true, true
		case Reverted:
			im.round++
		}
		return err
	})
	if err != nil || im.idle {
		return err
	}
	_, err = im.journal.Write(ctx, im.command("begin", nil), func(tx *store.Tx) error {
		return journal.Record(tx, Began{Stream: journal.Home(tx), Import: im.summary.Import, Round: im.round, File: im.summary.File,
			Branch: im.summary.Branch, AsOf: im.summary.AsOf, At: im.started.UnixMicro()})
	})
	return err
}

type importState struct {
	state string
	round int64
	began time.Time
}

func scanState(r *store.Row) importState {
	return importState{state: r.Text(), round: r.Int(), began: r.Time()}
}

// run reads and understands the file in one goroutine and commits in another, a
// few chunks behind.
func (im *importing) run(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	chunks := make(chan chunk, 1)
	read := make(chan error, 1)
	go func() {
		defer close(chunks)
		read <- im.read(func(c chunk) error {
			select {
			case chunks <- c:
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		})
	}()
	for c := range chunks {
		if err := im.commit(ctx, c); err != nil {
			stop()
			for range chunks { // let the reader see that it is over
			}
			<-read
			return err
		}
		im.summary.counts(&c.summary)
		im.progress(c.records)
	}
	return <-read
}

func (im *importing) read(send func(chunk) error) error {
	g := gathering{survey: im.survey, branch: im.summary.Branch, find: map[string]string{}, held: map[string]*household{},
		notes: im.options.Notes, send: send, mint: im.mint}
	g.maker = sheetmaker{columns: im.survey.columns, country: im.country, areas: map[string]string{}, codes: map[string]int64{},
		source: registry.Source{Kind: registry.Stated, Document: im.file.Name, Date: im.summary.AsOf, Import: im.summary.Import}}
	if _, err := im.options.Mapping.Rows(im.file, im.summary.AsOf, g.row); err != nil {
		return err
	}
	return g.finish()
}

// mint identifies a household that may be new: by the moment at which the import
// began, its place in the file, and a hash. The same file that is taken in again
// after a crash gives the same households, and they lie together.
func (im *importing) mint(h *household, n int) id.ID {
	sum := sha256.New()
	sum.Write(im.summary.Import[:])
	sum.Write(binary.BigEndian.AppendUint64(nil, uint64(im.round)))
	sum.Write([]byte(h.branch + "\x00" + h.key))
	random := [10]byte(sum.Sum(nil))
	binary.BigEndian.PutUint16(random[:], uint16(n)&0xfff)
	return id.New(im.started.Add(time.Duration(n>>12)*time.Millisecond), random)
}

func (im *importing) progress(records int) {
	if im.options.Progress == nil {
		return
	}
	p := Progress{Rows: im.summary.Rows, Records: records, Total: im.survey.records}
	if passed := im.journal.DB.Now().Sub(im.began); passed > 0 && records > 0 {
		p.PerSecond = int(int64(p.Rows) * int64(time.Second) / int64(passed))
		p.Left = time.Duration(int64(passed) / int64(records) * int64(p.Total-records))
	}
	im.options.Progress(p)
}

// end notes that the file was taken in.
func (im *importing) end(ctx context.Context) error {
	if im.idle {
		return nil
	}
	s := &im.summary
	_, err := im.journal.Write(ctx, im.command("end", nil), func(tx *store.Tx) error {
		return journal.Record(tx, Finished{Stream: journal.Home(tx), Import: s.Import, Rows: s.Rows, Accepted: s.Accepted,
			Warned: s.Warned, Rejected: s.Rejected, Households: s.Households, At: tx.Now.UnixMicro()})
	})
	return err
}

// branchCode finds a branch by its code or by what a row calls it.
func branchCode(country *geography.Map, written string) string {
	if body, found := country.Body(written); found && body.Kind == geography.Branch {
		return body.Code
	}
	if body, found := country.FindBody(geography.Branch, written); found {
		return body.Code
	}
	return ""
}
